import { LOAD_CLASSES, loadNames, RESPONSE_TARGETS } from '#contracts/base/load.ts';
import type { LoadClass } from '#contracts/base/route.ts';
import type { ResponseFigure } from '#contracts/load/load.api.ts';
import { loadApi } from '#contracts/load/load.api.ts';
import { call } from '#ui/api/client.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { countText, dayText, endOfDay, startOfDay } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useDictionary } from '#ui/office/dictionary.ts';
import { useMe } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Input, Select, Skeleton } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { responsesText } from './load.text.ts';

const ResponseChart = lazy(() => import('./response-chart.tsx').then((module) => ({ default: module.ResponseChart })));

interface Chosen {
  readonly from: string;
  readonly to: string;
  readonly kind: LoadClass;
  readonly region: string;
}

export function ResponsesPage() {
  const speak = useWords(responsesText);
  const tell = useSay();
  const timeText = useTimeText();
  const { regions } = useDictionary();
  const search = useSearch({ from: '/inside/responses' });
  const [chosen, setChosen] = useState<Chosen>(() => {
    const today = dayText(new Date().toISOString());
    return { from: today, to: today, kind: 'submit', region: '', ...search };
  });
  const cityName = (code: string) => regions.find((region) => region.code === code)?.name ?? (code === '' ? speak('noCity') : code);
  const targetMs = RESPONSE_TARGETS[chosen.kind];
  const hours = useFigures('hour', chosen);
  const cities = useFigures('city', { ...chosen, region: '' });
  const routes = useFigures('route', chosen);

  return (
    <Page
      title={speak('title')}
      note={
        <>
          <span>{speak('note')}</span>
          <span>{`${tell(loadNames[chosen.kind])} · ${speak('target', { time: timeText(targetMs) })}`}</span>
        </>
      }
    >
      <Choice chosen={chosen} onChoose={setChosen} />
      <Panel title={speak('byHour')}>
        {hours.error ? <ProblemAlert error={hours.error} onRetry={() => void hours.refetch()} /> : null}
        {hours.isPending ? <Skeleton active title={false} paragraph={{ rows: 6 }} /> : null}
        {hours.data?.items.length === 0 ? <EmptyState title={speak('empty')} /> : null}
        {hours.data && hours.data.items.length > 0 ? (
          <Suspense fallback={<Skeleton active title={false} paragraph={{ rows: 6 }} />}>
            <ResponseChart hours={hours.data.items} targetMs={targetMs} />
          </Suspense>
        ) : null}
      </Panel>
      <FigureTable title={speak('byCity')} keyTitle={speak('city')} query={cities} nameOf={cityName} targetMs={targetMs} />
      <FigureTable title={speak('byRoute')} keyTitle={speak('route')} query={routes} nameOf={(key) => key} mono targetMs={targetMs} />
    </Page>
  );
}

function useFigures(by: 'hour' | 'city' | 'route', { from, to, kind, region }: Chosen) {
  const query = { by, from: startOfDay(from), to: endOfDay(to), kind, ...(region ? { region } : {}) };
  return useQuery({
    queryKey: ['responses', query],
    queryFn: ({ signal }) => call(loadApi.responses, { query }, { signal }),
    refetchInterval: 30_000,
  });
}

function Choice({ chosen, onChoose }: { chosen: Chosen; onChoose: (chosen: Chosen) => void }) {
  const speak = useWords(responsesText);
  const tell = useSay();
  const { scope } = useMe();
  const { regions } = useDictionary();
  const cities = regions.filter(({ code }) => /^32\d\d00$/.test(code) && code !== '320000');
  return (
    <div className="filters" role="search" aria-label={speak('title')}>
      {(['from', 'to'] as const).map((name) => (
        <div className="filters__field" key={name}>
          <label htmlFor={`responses-${name}`}>{speak(name)}</label>
          <Input
            id={`responses-${name}`}
            type="date"
            value={chosen[name]}
            // An emptied field is no day; the last one stands.
            onChange={({ target: { value } }) => value && onChoose({ ...chosen, [name]: value })}
          />
        </div>
      ))}
      <div className="filters__field">
        <label htmlFor="responses-kind">{speak('kind')}</label>
        <Select<LoadClass>
          id="responses-kind"
          value={chosen.kind}
          onChange={(kind) => onChoose({ ...chosen, kind })}
          options={LOAD_CLASSES.map((value) => ({ value, label: tell(loadNames[value]) }))}
        />
      </div>
      {scope === 'city' ? null : (
        <div className="filters__field">
          <label htmlFor="responses-city">{speak('city')}</label>
          <Select<string>
            id="responses-city"
            value={chosen.region}
            onChange={(region) => onChoose({ ...chosen, region })}
            options={[{ value: '', label: speak('allCities') }, ...cities.map(({ code, name }) => ({ value: code, label: name }))]}
          />
        </div>
      )}
    </div>
  );
}

function FigureTable({
  title,
  keyTitle,
  query,
  nameOf,
  mono,
  targetMs,
}: {
  title: string;
  keyTitle: string;
  query: ReturnType<typeof useFigures>;
  nameOf: (key: string) => string;
  mono?: true;
  targetMs: number;
}) {
  const speak = useWords(responsesText);
  const timeText = useTimeText();
  const time = (key: 'mean' | 'p50' | 'p95' | 'p99' | 'max', minor?: true) => ({
    key,
    title: speak(key),
    align: 'right' as const,
    ...(minor ? { minor } : {}),
    cell: (row: ResponseFigure) => timeText(row[`${key}Ms`]),
  });
  return (
    <Panel title={title} flush>
      <DataTable<ResponseFigure>
        caption={title}
        rows={query.data?.items.toSorted((a, b) => b.p95Ms - a.p95Ms)}
        rowKey={(row) => row.key}
        error={query.error}
        onRetry={() => void query.refetch()}
        empty={speak('empty')}
        columns={[
          { key: 'key', title: keyTitle, wide: true, cell: (row) => <span className={mono ? 'mono' : ''}>{nameOf(row.key)}</span> },
          {
            key: 'verdict',
            title: speak('verdict'),
            cell: (row) => (
              <span className={`ms-tag ms-tag--${row.p95Ms <= targetMs ? 'done' : 'danger'}`}>
                {speak(row.p95Ms <= targetMs ? 'within' : 'beyond')}
              </span>
            ),
          },
          time('p95'),
          time('p50'),
          time('p99'),
          time('mean', true),
          time('max', true),
          { key: 'count', title: speak('count'), align: 'right', cell: (row) => countText(row.count) },
          { key: 'failed', title: speak('failed'), align: 'right', cell: (row) => countText(row.failed) },
        ]}
      />
    </Panel>
  );
}

/** 85 毫秒, 1.3 秒: as many digits as mean something. */
function useTimeText(): (ms: number) => string {
  const speak = useWords(responsesText);
  return (ms) =>
    ms < 1000
      ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ${speak('millis')}`
      : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} ${speak('seconds')}`;
}
