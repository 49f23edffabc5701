import { inspectionsApi } from '#contracts/operations/inspections.api.ts';
import { addressOf, call } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { countText, instantText } from '#ui/format.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Button, Checkbox, Skeleton } from 'antd';
import { useState } from 'react';
import { Figure } from '../../parts/figure.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { FindingTable } from './findings.tsx';
import { ItemTable, toneOf } from './inspection-parts.tsx';
import { databaseText, inspectionsText } from './inspections.text.ts';

const route = getRouteApi('/inside/inspections/$id');

/** The report of one inspection: each item with its threshold and evidence, what is bad and what became of it, who signed. */
export function InspectionPage() {
  const { id } = route.useParams();
  const speak = useWords(inspectionsText);
  const speakDatabase = useWords(databaseText);
  const tell = useSay();
  const navigate = useNavigate();
  const [onlyBad, setOnlyBad] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['inspections', 'one', id],
    queryFn: ({ signal }) => call(inspectionsApi.byId, { params: { id } }, { signal }),
  });
  if (!data) {
    return (
      <Page title={speak('report')}>
        {problemOf(error)?.status === 404 ? (
          <EmptyState title={problemOf(error)?.title ?? ''}>
            <Link to="/inspections">{speak('toList')}</Link>
          </EmptyState>
        ) : error ? (
          <ProblemAlert error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton active paragraph={{ rows: 10 }} />
        )}
      </Page>
    );
  }
  const { line, items, findings, signNote } = data;
  const shown = onlyBad ? items.filter((item) => toneOf(item) !== undefined || item.outcome === 'unreadable') : items;
  return (
    <Page
      title={`${tell(line.name)} ${line.number}`}
      note={
        <>
          <Link to="/inspections">{speak('toList')}</Link>
          <span>
            {speak('due')} {instantText(line.dueAt)}
          </span>
          {line.askedBy ? <span>{line.askedBy}</span> : null}
        </>
      }
      actions={
        <>
          {line.state === 'waiting' ? (
            <Button type="primary" onClick={() => void navigate({ to: '/inspections/$id/walk', params: { id } })}>
              {speak('walk')}
            </Button>
          ) : null}
          <Button href={addressOf(inspectionsApi.document, { id })} download>
            {speak('word')}
          </Button>
        </>
      }
    >
      <Panel>
        <dl className="load__figures">
          <Figure name={speak('score')} value={line.score === null ? '—' : String(line.score)} />
          <Figure name={speak('items')} value={countText(line.items)} />
          <Figure name={speak('bad')} value={`${line.red} / ${line.yellow}`} bad={line.red > 0} />
          <Figure name={speak('unreadable')} value={countText(line.unreadable)} />
          <Figure name={speak('open')} value={countText(line.open)} />
          <Figure name={speak('signedBy')} value={line.signedBy ?? (line.signBy ? speak('notSigned') : speak('nobody'))} />
        </dl>
        {signNote ? <p className="evidence__said">{signNote}</p> : null}
      </Panel>
      {findings.length > 0 ? (
        <Panel title={speak('findingsOf')} flush>
          <FindingTable findings={findings} empty={speak('noFindings')} />
        </Panel>
      ) : null}
      <Panel
        title={speak('items')}
        flush
        extra={
          <Checkbox checked={onlyBad} onChange={(event) => setOnlyBad(event.target.checked)}>
            {speak('onlyBad')}
          </Checkbox>
        }
      >
        <ItemTable items={shown} empty={speakDatabase('allGood')} />
      </Panel>
    </Page>
  );
}
