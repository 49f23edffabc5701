import { inspectionsApi } from '#contracts/operations/inspections.api.ts';
import { addressOf, call } from '#ui/api/client.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { countText, instantText } from '#ui/format.ts';
import { useMay } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { Figure } from '../../parts/figure.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { FindingTable } from './findings.tsx';
import { ItemTable } from './inspection-parts.tsx';
import { databaseText, inspectionsText } from './inspections.text.ts';
import { ScoreChart } from './score-chart.tsx';

/** How the database stands, line by line, and how its score went. */
export function DatabasePage() {
  const speak = useWords(databaseText);
  const speakAll = useWords(inspectionsText);
  const may = useMay();
  const queries = useQueryClient();
  const board = useQuery({
    queryKey: ['inspections', 'database'],
    queryFn: ({ signal }) => call(inspectionsApi.database, {}, { signal }),
    refetchInterval: 60_000,
  });
  const start = useMutation({
    mutationFn: () => call(inspectionsApi.start, { body: { template: 'database' } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['inspections'] }),
  });
  const { data } = board;
  const { last } = data ?? {};
  return (
    <Page
      title={speak('title')}
      note={<span>{speak('note')}</span>}
      actions={
        <>
          {may('operations.handle') ? (
            <Button type="primary" loading={start.isPending} onClick={() => start.mutate()}>
              {speakAll('startNow')}
            </Button>
          ) : null}
          {last ? (
            <Button href={addressOf(inspectionsApi.document, { id: last.id })} download>
              {speakAll('word')}
            </Button>
          ) : null}
        </>
      }
    >
      <ProblemAlert error={start.error} />
      {board.error ? <ProblemAlert error={board.error} onRetry={() => void board.refetch()} /> : null}
      {board.isPending ? <Skeleton active paragraph={{ rows: 8 }} title={false} /> : null}
      {data && !last ? <EmptyState title={speak('never')} /> : null}
      {data && last ? (
        <>
          <Panel>
            <dl className="load__figures">
              <Figure name={speakAll('score')} value={String(last.score ?? '—')} />
              <Figure name={speak('last')} value={instantText(last.startedAt).slice(5)} />
              <Figure name={speakAll('items')} value={countText(last.items)} />
              <Figure name={speakAll('bad')} value={`${last.red} / ${last.yellow}`} bad={last.red > 0} />
              <Figure name={speakAll('unreadable')} value={countText(last.unreadable)} />
            </dl>
          </Panel>
          {data.findings.length > 0 ? (
            <Panel title={speakAll('findings')} flush>
              <FindingTable findings={data.findings} empty={speakAll('noFindings')} />
            </Panel>
          ) : null}
          <Panel title={speak('lines')} flush>
            <ItemTable items={data.items} empty={speak('never')} />
          </Panel>
          <Panel title={speakAll('scores')}>
            <ScoreChart scores={data.scores} />
          </Panel>
        </>
      ) : null}
    </Page>
  );
}
