import type { OrderSheet } from '#contracts/orders/sheet.api.ts';
import { sheetApi } from '#contracts/orders/sheet.api.ts';
import { addressOf, call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { numberText } from '#ui/format.ts';
import { useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Skeleton } from 'antd';
import { Fragment } from 'react';
import { Page } from '../../parts/page.tsx';
import { orderText } from './order.text.ts';
import './sheet.css';

const route = getRouteApi('/inside/orders/$id/sheet');

/** An order as it goes onto paper: what stands here is what is printed. */
export function SheetPage() {
  const { id } = route.useParams();
  const speak = useWords(orderText);
  const { data, error, refetch } = useQuery({
    queryKey: ['sheet', id],
    queryFn: ({ signal }) => call(sheetApi.sheet, { params: { id } }, { signal }),
    // Each asking is on record: once for each time the page is opened, and no more.
    staleTime: Infinity,
    gcTime: 0,
  });
  return (
    <Page
      title={speak('sheet')}
      note={<span>{speak('sheetNote')}</span>}
      actions={
        <>
          <Button type="primary" disabled={!data} onClick={() => print()}>
            {speak('printNow')}
          </Button>
          <Button href={addressOf(sheetApi.document, { id })} download>
            {speak('word')}
          </Button>
          <Link to="/orders/$id" params={{ id }}>
            {speak('toOrder')}
          </Link>
        </>
      }
    >
      {error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : null}
      {data ? <Sheet sheet={data} /> : error ? null : <Skeleton active paragraph={{ rows: 12 }} />}
    </Page>
  );
}

/** In Chinese whatever the console speaks, as official papers are. */
function Sheet({ sheet }: { sheet: OrderSheet }) {
  const speak = useWords(orderText);
  const pairs = sheet.facts.filter((_, place) => place % 2 === 0).map((fact, row) => [fact, sheet.facts[row * 2 + 1]] as const);
  return (
    // Wider than a telephone: the arrow keys reach what lies beyond.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scroll area is what axe wants focusable
    <div className="sheet__desk" role="region" tabIndex={0} aria-label={speak('sheet')}>
      <article className="sheet" lang="zh-CN" data-testid="sheet">
        <h2>{sheet.heading}</h2>
        <p className="sheet__number">编号：{numberText(sheet.number)}</p>
        <table>
          <colgroup>
            <col className="sheet__label" />
            <col />
            <col className="sheet__label" />
            <col />
          </colgroup>
          <tbody>
            {pairs.map((pair) => (
              <tr key={pair[0].label}>
                {pair.map((fact) =>
                  fact ? (
                    <Fragment key={fact.label}>
                      <th scope="row">{fact.label}</th>
                      <td>{fact.value}</td>
                    </Fragment>
                  ) : null,
                )}
              </tr>
            ))}
            {sheet.sections.map(({ title, paragraphs }) => (
              <tr key={title} className="sheet__section">
                <th scope="row">{title}</th>
                <td colSpan={3}>
                  {paragraphs.map((paragraph, place) => (
                    <p key={`${title}${String(place)}`}>{paragraph}</p>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <table className="sheet__record">
          <thead>
            <tr>
              <th scope="col">时间</th>
              <th scope="col">办理经过</th>
              <th scope="col">经办</th>
            </tr>
          </thead>
          <tbody>
            {sheet.record.map((line, place) => (
              <tr key={`${line.at}${String(place)}`}>
                <td>{line.at}</td>
                <td>
                  {line.what}
                  {line.note ? <p>{line.note}</p> : null}
                </td>
                <td>{line.who}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <table className="sheet__signatures">
          <colgroup>
            <col className="sheet__label" />
            <col />
          </colgroup>
          <tbody>
            {sheet.signatures.map((title) => (
              <tr key={title}>
                <th scope="row">{title}</th>
                <td>年　　月　　日</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="sheet__mark">{sheet.mark}</p>
      </article>
    </div>
  );
}
