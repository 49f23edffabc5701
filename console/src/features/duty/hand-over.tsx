import { dutyApi, HandOver, type OpenMatter, type Shift } from '#contracts/operations/duty.api.ts';
import { DUTY_LINES, type Line } from '#contracts/operations/duty.values.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { instantText, shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useAct } from '../../parts/act.ts';
import { Panel } from '../../parts/page.tsx';
import { SchemaForm, type FormSchema } from '../../parts/schema-form.tsx';
import { handOversQuery } from './duty.queries.ts';
import { dutyText } from './duty.text.ts';

function useShiftWords() {
  const tell = useSay();
  const nowMs = useNow();
  return (shift: Shift) => ({
    name: shift.name,
    line: tell(DUTY_LINES[shift.line as Line]),
    from: shortInstantText(shift.from, nowMs),
    to: shortInstantText(shift.to, nowMs),
  });
}

/** What stands open, each with the way to it. */
export function OpenMatters({ matters }: { matters: readonly OpenMatter[] }) {
  const speak = useWords(dutyText);
  const nowMs = useNow();
  if (matters.length === 0) return <p className="quiet">{speak('noOpen')}</p>;
  return (
    <ul className="record__links">
      {matters.map((matter) => (
        <li key={matter.id}>
          <span className="quiet">{matter.level}</span>{' '}
          {matter.kind === 'fault' ? (
            <Link to="/records/$id" params={{ id: matter.id }}>
              <span className="ms-number">{matter.number}</span> {matter.title}
            </Link>
          ) : (
            <Link to="/alerts">{matter.title}</Link>
          )}{' '}
          <span className="quiet ms-number">{shortInstantText(matter.since, nowMs)}</span>
        </li>
      ))}
    </ul>
  );
}

/** One's own shift, to be handed over with a note. */
export function HandOverPanel({ shift, open }: { shift: Shift; open: readonly OpenMatter[] }) {
  const speak = useWords(dutyText);
  const [writing, setWriting] = useState(false);
  const words = useShiftWords()(shift);
  const handOver = useAct(dutyApi.handOver, 'duty', () => setWriting(false));
  return (
    <Panel
      title={speak('handOverOf', words)}
      extra={
        writing ? null : (
          <Button size="small" onClick={() => setWriting(true)}>
            {speak('handOver')}
          </Button>
        )
      }
    >
      <p className="quiet">
        {speak('open')} · {speak('openHint')}
      </p>
      <OpenMatters matters={open} />
      {writing ? (
        <SchemaForm
          schema={HandOver as unknown as FormSchema}
          sendName={speak('handOver')}
          busy={handOver.isPending}
          error={handOver.error}
          onSend={(body) => handOver.mutate({ params: { id: shift.id }, body: body as never })}
          onClose={() => setWriting(false)}
        />
      ) : null}
    </Panel>
  );
}

/** What was handed over to one: read, then taken. */
export function TakePanel({ shift }: { shift: Shift }) {
  const speak = useWords(dutyText);
  const words = useShiftWords()(shift);
  const take = useAct(dutyApi.take, 'duty');
  return (
    <Panel
      title={speak('takeOf', words)}
      extra={
        <Button size="small" type="primary" loading={take.isPending} onClick={() => take.mutate({ params: { id: shift.id } })}>
          {speak('take')}
        </Button>
      }
    >
      <ProblemAlert error={take.error} />
      <p className="said">{shift.handOver}</p>
      <p className="quiet">{speak('leftOpen')}</p>
      <OpenMatters matters={shift.leftOpen} />
    </Panel>
  );
}

/** What was handed over before. */
export function HandOvers() {
  const speak = useWords(dutyText);
  const wordsOf = useShiftWords();
  const list = useInfiniteQuery(handOversQuery);
  return (
    <Panel title={speak('handOvers')} flush>
      <DataTable<Shift>
        caption={speak('handOvers')}
        rows={list.data?.pages.flatMap((page) => page.items)}
        rowKey={(shift) => shift.id}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={speak('noHandOvers')}
        stack
        more={list.hasNextPage ? { onMore: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
        columns={[
          {
            key: 'shift',
            title: speak('shift'),
            cell: (shift) => {
              const { line, from, to } = wordsOf(shift);
              return (
                <>
                  {line}
                  <span className="under ms-number">
                    {from} – {to}
                  </span>
                </>
              );
            },
          },
          { key: 'who', title: speak('who'), cell: (shift) => shift.name },
          { key: 'note', title: speak('note'), wide: true, cell: (shift) => <span className="said">{shift.handOver}</span> },
          {
            key: 'open',
            title: speak('leftOpen'),
            cell: (shift) =>
              shift.leftOpen.length === 0 ? (
                '—'
              ) : (
                <details>
                  <summary>{speak('count', { count: shift.leftOpen.length })}</summary>
                  <OpenMatters matters={shift.leftOpen} />
                </details>
              ),
          },
          { key: 'handed', title: speak('handedAt'), cell: (shift) => <span className="ms-number">{instantText(shift.handedAt!)}</span> },
          {
            key: 'taken',
            title: speak('taken'),
            cell: (shift) =>
              shift.takenAt ? (
                <>
                  {shift.takenBy}
                  <span className="under ms-number">{instantText(shift.takenAt)}</span>
                </>
              ) : (
                <span className="ms-tag ms-tag--waiting">{speak('waiting')}</span>
              ),
          },
        ]}
      />
    </Panel>
  );
}
