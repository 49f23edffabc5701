import type { NormBoards } from '#contracts/orders/norm-boards.api.ts';
import { normBoardsApi } from '#contracts/orders/norm-boards.api.ts';
import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import { normsApi } from '#contracts/reference/norms.api.ts';
import { call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { countText, dayText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Select, Skeleton } from 'antd';
import { useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { useNormWords } from './norm-words.tsx';
import { boardsText, normsText } from './norms.text.ts';

type Coverage = NormBoards['coverage'][number];
type Deviation = NormBoards['deviation'][number];
type Efficiency = NormBoards['efficiency'][number];

const share = (part: number | null, digits = 0) => (part === null ? '—' : `${(part * 100).toFixed(digits)}%`);
const rate = (part: number, whole: number) => (whole === 0 ? '—' : `${share(part / whole, 1)}（${countText(part)}）`);

/** How the work goes by the norms: what they do not know, how far cities are from them, what each step takes, what came of a change. */
export function NormBoardsPage() {
  const speak = useWords(boardsText);
  const [days, setDays] = useState(30);
  const { data, error, refetch } = useQuery({
    queryKey: ['norm-boards', days],
    queryFn: ({ signal }) => call(normBoardsApi.boards, { query: { days } }, { signal }),
  });
  return (
    <Page
      title={speak('boards')}
      note={data ? <span className="ms-number">{`${dayText(data.from)} – ${dayText(data.to)}`}</span> : null}
      actions={
        <Select
          aria-label={speak('span')}
          className="norm__filter"
          options={[7, 30, 90, 365].map((value) => ({ value, label: speak('days', { days: value }) }))}
          value={days}
          onChange={setDays}
        />
      }
    >
      {error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <Skeleton active paragraph={{ rows: 10 }} /> : null}
      {data ? (
        <>
          <CoverageBoard data={data} />
          <DeviationBoard rows={data.deviation} />
          <EfficiencyBoard rows={data.efficiency} />
        </>
      ) : null}
      <EffectBoard days={days} />
    </Page>
  );
}

function CoverageBoard({ data }: { data: NormBoards }) {
  const speak = useWords(boardsText);
  const words = useNormWords();
  const note = {
    orders: countText(data.orders),
    blind: countText(data.blind),
    share: data.orders === 0 ? '0%' : share(data.blind / data.orders, 1),
  };
  return (
    <Panel title={speak('coverage')} extra={<span className="quiet">{speak('coverageNote', note)}</span>} flush>
      <DataTable<Coverage>
        caption={speak('coverage')}
        rows={data.coverage}
        rowKey={(row) => row.category ?? ''}
        empty={speak('covered')}
        columns={[
          {
            key: 'category',
            title: speak('category'),
            wide: true,
            cell: (row) => (row.category === null ? speak('unclassified') : words.category(row.category)),
          },
          { key: 'orders', title: speak('orders'), align: 'right', cell: (row) => countText(row.orders) },
          { key: 'cities', title: speak('cities'), align: 'right', cell: (row) => row.cities },
        ]}
      />
    </Panel>
  );
}

function DeviationBoard({ rows }: { rows: readonly Deviation[] }) {
  const speak = useWords(boardsText);
  const say = useWords(normsText);
  const words = useNormWords();
  const count = (key: 'limits' | 'fields' | 'replies', title: string) => ({
    key,
    title,
    align: 'right' as const,
    cell: (row: Deviation) => (row[key] === 0 ? '—' : row[key]),
  });
  return (
    <Panel title={speak('deviation')} extra={<span className="quiet">{speak('deviationNote')}</span>} flush>
      <DataTable<Deviation>
        caption={speak('deviation')}
        rows={rows}
        rowKey={(row) => row.region}
        empty={speak('nothing')}
        columns={[
          { key: 'city', title: speak('city'), cell: (row) => words.region(row.region) },
          {
            key: 'supplement',
            title: speak('supplement'),
            cell: (row) =>
              row.supplement ? (
                <Link to="/norms/$id" params={{ id: row.supplement.id }}>
                  {say('versionNo', { version: row.supplement.version })}
                </Link>
              ) : (
                <span className="quiet">{speak('noSupplement')}</span>
              ),
          },
          count('limits', speak('tightened')),
          { key: 'shorter', title: speak('shorter'), align: 'right', cell: (row) => share(row.shorter) },
          count('fields', speak('fields')),
          count('replies', speak('replies')),
          { key: 'clocks', title: speak('clocks'), align: 'right', cell: (row) => countText(row.clocks) },
          { key: 'median', title: speak('median'), align: 'right', cell: (row) => share(row.median) },
          { key: 'p90', title: speak('p90'), align: 'right', cell: (row) => <Over part={row.p90} /> },
          {
            key: 'beyond',
            title: speak('beyond'),
            align: 'right',
            cell: (row) => (row.clocks === 0 ? '—' : rate(row.beyond, row.clocks)),
          },
          { key: 'late', title: speak('late'), align: 'right', cell: (row) => (row.clocks === 0 ? '—' : rate(row.late, row.clocks)) },
        ]}
      />
    </Panel>
  );
}

function Over({ part }: { part: number | null }) {
  return part !== null && part > 1 ? <strong className="norm__over">{share(part)}</strong> : <span>{share(part)}</span>;
}

interface CityLine {
  readonly region: string;
  readonly byClock: ReadonlyMap<string, Efficiency>;
}

function EfficiencyBoard({ rows }: { rows: readonly Efficiency[] }) {
  const speak = useWords(boardsText);
  const words = useNormWords();
  // The steps that anybody took, in the order of an order's life.
  const clocks = Object.keys(orderLifecycle.clocks).filter((clock) => rows.some((row) => row.clock === clock));
  const lines = [...Map.groupBy(rows, (row) => row.region)].map(([region, steps]): CityLine => ({
    region,
    byClock: new Map(steps.map((step) => [step.clock, step])),
  }));
  return (
    <Panel title={speak('efficiency')} extra={<span className="quiet">{speak('efficiencyNote')}</span>} flush>
      <DataTable<CityLine>
        caption={speak('efficiency')}
        rows={lines}
        rowKey={(line) => line.region}
        empty={speak('nothing')}
        columns={[
          { key: 'city', title: speak('city'), cell: (line) => words.region(line.region) },
          ...clocks.map((clock) => ({
            key: clock,
            title: words.clock(clock),
            align: 'right' as const,
            cell: (line: CityLine) => {
              const step = line.byClock.get(clock);
              if (!step) return '—';
              return (
                <>
                  {share(step.median)} / <Over part={step.p90} />
                  <span className="under">{countText(step.clocks)}</span>
                </>
              );
            },
          })),
        ]}
      />
    </Panel>
  );
}

type Side = { key: 'before' | 'after'; from: string; to: string; filed: number; complaints: number; rated: number; dissatisfied: number };

function EffectBoard({ days }: { days: number }) {
  const speak = useWords(boardsText);
  const say = useWords(normsText);
  const words = useNormWords();
  const [chosen, setChosen] = useState<string>();
  const versions = useQuery({
    queryKey: ['norms', 'effective'],
    queryFn: async ({ signal }) => {
      const { items } = await call(normsApi.list, { query: { limit: 100 } }, { signal });
      return items
        .filter((norm) => norm.state === 'approved' && norm.effectiveFrom !== null && Date.parse(norm.effectiveFrom) <= Date.now())
        .toSorted((a, b) => (b.effectiveFrom ?? '').localeCompare(a.effectiveFrom ?? ''));
    },
  });
  const id = chosen ?? versions.data?.[0]?.id;
  const effect = useQuery({
    queryKey: ['norm-boards', 'effect', id, days],
    queryFn: ({ signal }) => call(normBoardsApi.effect, { params: { id: id ?? '' }, query: { days } }, { signal }),
    enabled: id !== undefined,
  });
  const rows = effect.data && [
    { key: 'before' as const, ...effect.data.before },
    { key: 'after' as const, ...effect.data.after },
  ];
  return (
    <Panel
      title={speak('effect')}
      extra={
        id ? (
          <Select
            aria-label={speak('effectOf')}
            className="norm__filter norm__filter--wide"
            options={
              versions.data?.map((norm) => ({
                value: norm.id,
                label: `${words.region(norm.region)} ${say('versionNo', { version: norm.version ?? 0 })} ${dayText(norm.effectiveFrom ?? '')}`,
              })) ?? []
            }
            value={id}
            onChange={setChosen}
          />
        ) : null
      }
      flush
    >
      <DataTable<Side>
        caption={speak('effect')}
        rows={versions.data?.length === 0 ? [] : rows}
        rowKey={(side) => side.key}
        error={versions.error ?? effect.error}
        onRetry={() => void effect.refetch()}
        empty={speak('noVersion')}
        columns={[
          { key: 'side', title: '', cell: (side) => <strong>{speak(side.key)}</strong> },
          {
            key: 'period',
            title: speak('period'),
            wide: true,
            cell: (side) => <span className="ms-number">{`${dayText(side.from)} – ${dayText(side.to)}`}</span>,
          },
          { key: 'filed', title: speak('filed'), align: 'right', cell: (side) => countText(side.filed) },
          { key: 'complaints', title: speak('complaintRate'), align: 'right', cell: (side) => rate(side.complaints, side.filed) },
          { key: 'rated', title: speak('rated'), align: 'right', cell: (side) => countText(side.rated) },
          { key: 'dissatisfied', title: speak('dissatisfiedRate'), align: 'right', cell: (side) => rate(side.dissatisfied, side.rated) },
        ]}
      />
    </Panel>
  );
}
