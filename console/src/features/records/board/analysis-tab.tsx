import { CAUSES, EFFECTS, PROBLEM_LEVELS } from '#contracts/operations/records/problem.lifecycle.ts';
import type { ProblemAnalysis } from '#contracts/operations/records/problems.api.ts';
import { RECORD_SOURCES } from '#contracts/operations/records/records.values.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { dayText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Input, Skeleton } from 'antd';
import { monthAfter } from '../../../parts/days.ts';
import { Panel } from '../../../parts/page.tsx';
import { analysisQuery } from '../records.queries.ts';
import { recordsText, UNKNOWN } from '../records.text.ts';
import type { FoundRecordsSearch } from '../found-records.search.ts';
import type { BoardSearch } from './board.search.ts';
import { boardText } from './board.text.ts';

const USUAL_MONTHS = 5;

export interface AnalysisTabProps {
  readonly search: BoardSearch;
  readonly go: (next: Readonly<Record<string, string | undefined>>) => void;
}

/** What the problems of a span come to; each figure opens the list it counts. */
export function AnalysisTab({ search, go }: AnalysisTabProps) {
  const speak = useWords(boardText);
  const today = dayText(new Date(useNow()).toISOString());
  const to = search.to ?? today;
  const from = search.from ?? monthAfter(to, -USUAL_MONTHS);
  const { data, error, refetch } = useQuery(analysisQuery(from, to));
  return (
    <>
      <div className="filters" role="search" aria-label={speak('analysis')}>
        {(
          [
            ['from', from],
            ['to', to],
          ] as const
        ).map(([name, value]) => (
          <div key={name} className="filters__field">
            <label htmlFor={`analysis-${name}`}>{speak(name)}</label>
            <Input
              id={`analysis-${name}`}
              type="date"
              value={value}
              onChange={({ target }) => target.value && go({ [name]: target.value })}
            />
          </div>
        ))}
      </div>
      {error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : null}
      {data ? <Analysed data={data} /> : error ? null : <Skeleton active paragraph={{ rows: 8 }} title={false} />}
    </>
  );
}

/** A figure that opens the list of what it counts. */
function Count({ of, search }: { of: number; search: FoundRecordsSearch }) {
  if (of === 0) return <span className="faint">0</span>;
  return (
    <Link to="/records" search={{ kind: 'problem', ...search }} className="ms-number">
      {of}
    </Link>
  );
}

function Analysed({ data }: { data: ProblemAnalysis }) {
  const speak = useWords(boardText);
  const { from, to, ratings } = data;
  const span = { from, to };
  return (
    <>
      <Panel>
        <dl className="load__figures">
          <div>
            <dt>{speak('total')}</dt>
            <dd>
              <Count of={data.total} search={span} />
            </dd>
          </div>
          <div>
            <dt>{speak('rated')}</dt>
            <dd>
              <Count of={ratings.count} search={{ ...span, ratingFrom: '1' }} />
            </dd>
          </div>
          <div>
            <dt>{speak('average')}</dt>
            <dd className="ms-number">{ratings.average ?? '—'}</dd>
          </div>
        </dl>
      </Panel>
      <Matrix data={data} />
      <div className="analysis">
        <Tables data={data} />
      </div>
      <LowRatings low={ratings.low} />
    </>
  );
}

function Matrix({ data: { from, to, matrix } }: { data: ProblemAnalysis }) {
  const speak = useWords(boardText);
  const tell = useSay();
  const causes = { ...CAUSES, unknown: UNKNOWN };
  const effects = { ...EFFECTS, unknown: UNKNOWN };
  const sum = (cause: string | undefined, effect: string | undefined) =>
    matrix
      .filter((cell) => (cause ?? cell.cause) === cell.cause && (effect ?? cell.effect) === cell.effect)
      .reduce((all, { count }) => all + count, 0);
  const cell = (cause: string | undefined, effect: string | undefined) => (
    <Count of={sum(cause, effect)} search={{ from, to, ...(cause ? { cause } : {}), ...(effect ? { effect } : {}) }} />
  );
  return (
    <Panel title={speak('matrix')} flush>
      <DataTable<string | undefined>
        caption={speak('matrix')}
        rows={[...Object.keys(causes), undefined]}
        rowKey={(cause) => cause ?? 'sum'}
        empty={speak('nothing')}
        columns={[
          {
            key: 'cause',
            title: speak('cause'),
            wide: true,
            cell: (cause) => (cause ? tell(causes[cause as keyof typeof causes]) : <b>{speak('sum')}</b>),
          },
          ...Object.entries(effects).map(([effect, name]) => ({
            key: effect,
            title: tell(name),
            align: 'right' as const,
            cell: (cause: string | undefined) => cell(cause, effect),
          })),
          { key: 'sum', title: speak('sum'), align: 'right', cell: (cause) => cell(cause, undefined) },
        ]}
      />
    </Panel>
  );
}

function Tables({ data }: { data: ProblemAnalysis }) {
  const speak = useWords(boardText);
  const name = useWords(recordsText);
  const tell = useSay();
  const { from, to, dueTo } = data;
  const counted = { title: speak('count'), align: 'right' as const, key: 'count' };
  return (
    <>
      <Panel title={speak('bySource')} flush>
        <DataTable<ProblemAnalysis['sources'][number]>
          caption={speak('bySource')}
          rows={data.sources}
          rowKey={(row) => row.source}
          empty={speak('nothing')}
          columns={[
            { key: 'source', title: name('source'), wide: true, cell: (row) => tell(RECORD_SOURCES[row.source]) },
            { ...counted, cell: (row) => <Count of={row.count} search={{ from, to, source: row.source }} /> },
          ]}
        />
      </Panel>
      <Panel title={speak('byComponent')} flush>
        <DataTable<ProblemAnalysis['components'][number]>
          caption={speak('byComponent')}
          rows={data.components}
          rowKey={(row) => row.component}
          empty={speak('nothing')}
          columns={[
            { key: 'component', title: name('component'), wide: true, cell: (row) => <span className="mono">{row.component}</span> },
            { ...counted, cell: (row) => <Count of={row.count} search={{ from, to, component: row.component }} /> },
          ]}
        />
      </Panel>
      <Panel title={speak('byLevel')} flush>
        <DataTable<ProblemAnalysis['levels'][number]>
          caption={speak('byLevel')}
          rows={data.levels}
          rowKey={(row) => String(row.level)}
          empty={speak('nothing')}
          columns={[
            { key: 'level', title: name('level'), wide: true, cell: (row) => tell(PROBLEM_LEVELS[row.level]!) },
            ...(['inTime', 'late'] as const).map((outcome) => ({
              key: outcome,
              title: speak(outcome),
              align: 'right' as const,
              cell: (row: ProblemAnalysis['levels'][number]) => (
                <Count
                  of={row[outcome]}
                  search={{
                    level: String(row.level),
                    clock: 'resolve',
                    clockFrom: from,
                    clockTo: dueTo,
                    clockResult: outcome === 'late' ? 'late' : 'in-time',
                  }}
                />
              ),
            })),
            {
              key: 'share',
              title: speak('share'),
              align: 'right',
              cell: ({ inTime, late }) => (inTime + late === 0 ? '—' : `${Math.round((1000 * inTime) / (inTime + late)) / 10}%`),
            },
          ]}
        />
      </Panel>
      <Panel title={speak('byMonth')} flush>
        <DataTable<ProblemAnalysis['months'][number]>
          caption={speak('byMonth')}
          rows={data.months}
          rowKey={(row) => row.month}
          empty={speak('nothing')}
          columns={[
            { key: 'month', title: speak('monthName'), wide: true, cell: (row) => <span className="ms-number">{row.month}</span> },
            {
              key: 'opened',
              title: speak('opened'),
              align: 'right',
              cell: (row) => <Count of={row.opened} search={{ from: row.from, to: row.to }} />,
            },
            {
              key: 'ended',
              title: speak('ended'),
              align: 'right',
              cell: (row) => <Count of={row.ended} search={{ endedFrom: row.from, endedTo: row.to }} />,
            },
          ]}
        />
      </Panel>
    </>
  );
}

function LowRatings({ low }: { low: ProblemAnalysis['ratings']['low'] }) {
  const speak = useWords(boardText);
  const name = useWords(recordsText);
  return (
    <Panel title={speak('lowRatings')} flush>
      <DataTable<ProblemAnalysis['ratings']['low'][number]>
        caption={speak('lowRatings')}
        rows={low}
        rowKey={(row) => row.id}
        empty={speak('nothing')}
        stack
        columns={[
          {
            key: 'title',
            title: name('title'),
            wide: true,
            cell: (row) => (
              <Link to="/records/$id" params={{ id: row.id }} className="order-link">
                <span className="ms-number">{row.number}</span> {row.title}
              </Link>
            ),
          },
          { key: 'rating', title: speak('rating'), align: 'right', cell: (row) => row.rating },
          { key: 'owner', title: name('owner'), cell: (row) => row.owner ?? '—' },
        ]}
      />
    </Panel>
  );
}
