import { orderClocks } from '#contracts/orders/orders.clocks.ts';
import { promisesApi, type LateStep, type PromiseFault } from '#contracts/promises/promises.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { countText, instantText, shortInstantText, spanText } from '#ui/format.ts';
import { DataTable, type Column } from '#ui/office/data-table.tsx';
import { useDictionary } from '#ui/office/dictionary.ts';
import { useLanguage, useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { Figure } from '../../parts/figure.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { faultNames, promisesText } from './promises.text.ts';

/** What the clocks promise against what was done. */
export function PromisesPage() {
  const speak = useWords(promisesText);
  const tell = useSay();
  const language = useLanguage();
  const nowMs = useNow();
  const common = useStepColumns();
  const board = useQuery({
    queryKey: ['promises'],
    queryFn: ({ signal }) => call(promisesApi.board, {}, { signal }),
    refetchInterval: 15_000,
  });
  const { data } = board;
  const [last] = data?.audits ?? [];
  const lateHour = data?.audits.reduce((sum, audit) => sum + audit.late, 0) ?? 0;
  return (
    <Page title={speak('title')} note={<span>{speak('note')}</span>}>
      {board.error ? <ProblemAlert error={board.error} onRetry={() => void board.refetch()} /> : null}
      {board.isPending ? <Skeleton active paragraph={{ rows: 6 }} title={false} /> : null}
      {data?.silent ? (
        <div className="ms-problem" role="alert">
          <p className="ms-problem__title">{speak('silent')}</p>
        </div>
      ) : null}
      {data ? (
        <>
          <Panel>
            <dl className="load__figures">
              <Figure name={speak('audited')} value={last ? shortInstantText(last.at, nowMs) : speak('never')} />
              <Figure name={speak('lastRound')} value={data.lastRound ? shortInstantText(data.lastRound, nowMs) : speak('never')} />
              <Figure name={speak('openClocks')} value={countText(data.openClocks)} />
              <Figure name={speak('overdue')} value={countText(last?.overdue ?? 0)} bad={(last?.overdue ?? 0) > 0} />
              <Figure name={speak('faults')} value={countText(last?.faults ?? 0)} bad={(last?.faults ?? 0) > 0} />
              <Figure name={speak('lateHour')} value={countText(lateHour)} bad={lateHour > 0} />
            </dl>
          </Panel>
          <Panel title={speak('faultTable')}>
            <DataTable<PromiseFault>
              caption={speak('faultTable')}
              rows={data.faults}
              rowKey={(row) => `${row.caseId}/${row.clock}/${row.step}/${row.kind}/${row.foundAt}`}
              empty={speak('noFaults')}
              tone={(row) => (row.endedAt ? undefined : 'red')}
              columns={[
                { key: 'kind', title: speak('kind'), cell: (row) => tell(faultNames[row.kind]) },
                ...common,
                { key: 'foundAt', title: speak('foundAt'), cell: (row) => instantText(row.foundAt) },
                { key: 'endedAt', title: speak('endedAt'), cell: (row) => (row.endedAt ? instantText(row.endedAt) : speak('open')) },
              ]}
            />
          </Panel>
          <Panel title={speak('lateTable')}>
            <DataTable<LateStep>
              caption={speak('lateTable')}
              rows={data.late}
              rowKey={(row) => `${row.caseId}/${row.clock}/${row.step}/${row.promisedAt}`}
              empty={speak('noLate')}
              columns={[
                ...common,
                { key: 'takenAt', title: speak('takenAt'), cell: (row) => instantText(row.takenAt) },
                {
                  key: 'late',
                  title: speak('late'),
                  align: 'right',
                  cell: (row) => spanText(Date.parse(row.takenAt) - Date.parse(row.promisedAt), language),
                },
              ]}
            />
          </Panel>
        </>
      ) : null}
    </Page>
  );
}

function useStepColumns(): Column<PromiseFault | LateStep>[] {
  const speak = useWords(promisesText);
  const tell = useSay();
  const { regions } = useDictionary();
  const stepText = ({ clock, step }: { clock: string; step: string }) => {
    const facts = Object.entries(orderClocks).find(([name]) => name === clock)?.[1];
    const told = facts?.steps.find((one) => one.name === step)?.told;
    return facts ? [tell(facts.name), told ? tell(told) : step].join(' · ') : `${clock} · ${step}`;
  };
  return [
    { key: 'clock', title: speak('clock'), wide: true, cell: stepText },
    {
      key: 'region',
      title: speak('region'),
      cell: (row) => regions.find((one) => one.code === row.region.slice(0, 6))?.name ?? row.region,
    },
    { key: 'case', title: speak('caseId'), minor: true, cell: (row) => <span className="mono">{row.caseId}</span> },
    { key: 'promisedAt', title: speak('promisedAt'), cell: (row) => instantText(row.promisedAt) },
  ];
}
