import { SERIES_GROUPS, groupOf, type SeriesGroup } from '#contracts/operations/series.groups.ts';
import { LINES_AT_MOST, type seriesApi, type Series, type SeriesMark } from '#contracts/operations/series.api.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { shortInstantText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import type { Reply } from '#ui/api/client.ts';
import { say, useLanguage, useSay, useWords, type Language } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Checkbox, Select, Skeleton } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { moved, pointsOf, seriesName, type Points } from './chart-lines.ts';
import { CHART_SPANS, chartsFrom, type ChartsSearch, type ChartSpan } from './charts-search.ts';
import { marksQuery, namesQuery, readingsQuery, ruleQuery, seriesByIdQuery, seriesOfQuery } from './charts.queries.ts';
import { chartsText } from './charts.text.ts';

const SeriesChart = lazy(() => import('../../parts/series-chart.tsx').then((module) => ({ default: module.SeriesChart })));
const USUAL_SPAN: ChartSpan = '6h';
const WEEK_MS = 604_800_000;
type Readings = Reply<typeof seriesApi.read>;

/** Any of what is measured, several in one picture, with what happened meanwhile. All of it stands in the address. */
export function ChartsPage() {
  const speak = useWords(chartsText);
  const search = chartsFrom({ ...useSearch({ from: '/inside/charts' }) });
  const navigate = useNavigate({ from: '/charts' });
  // Asked again: the span ends now.
  const [turn, setTurn] = useState(0);
  const go = (next: { readonly [K in keyof ChartsSearch]: ChartsSearch[K] | undefined }) => {
    setTurn((before) => before + 1);
    void navigate({ search: Object.fromEntries(Object.entries({ ...search, ...next }).filter(([, value]) => value)) as ChartsSearch });
  };
  const { span, from, to } = search;
  const { fromMs, toMs } = useMemo(() => spanOf({ span, from, to }, turn), [span, from, to, turn]);
  return (
    <Page title={speak('title')} note={<span>{speak('note')}</span>}>
      <Choice search={search} onChange={go} />
      {search.ids ? (
        <Picture ids={search.ids} search={search} fromMs={fromMs} toMs={toMs} onZoom={(from, to) => go({ span: undefined, from, to })} />
      ) : (
        <Panel>
          <EmptyState title={speak('nothing')}>{speak('nothingHint')}</EmptyState>
        </Panel>
      )}
    </Page>
  );
}

function spanOf({ span = USUAL_SPAN, from, to }: { [K in 'span' | 'from' | 'to']: ChartsSearch[K] | undefined }, _turn: number) {
  const toMs = to ? Date.parse(to) : Date.now();
  return { fromMs: from ? Date.parse(from) : toMs - CHART_SPANS[span], toMs };
}

interface ChoiceProps {
  search: ChartsSearch;
  onChange: (next: { readonly [K in keyof ChartsSearch]: ChartsSearch[K] | undefined }) => void;
}

function Choice({ search, onChange }: ChoiceProps) {
  const speak = useWords(chartsText);
  const tell = useSay();
  const names = useQuery(namesQuery);
  const known = useQuery(seriesByIdQuery(search.ids));
  const [metric, setMetric] = useState<string>();
  const of = useQuery(seriesOfQuery(metric ?? known.data?.items[0]?.name));
  const chosen = (search.ids ?? '').split(',').filter(Boolean).map(Number);
  const offered = new Map([...(known.data?.items ?? []), ...(of.data ?? [])].map((one) => [one.id, seriesName(one)]));
  const byGroup = Map.groupBy(names.data?.items ?? [], ({ name }) => groupOf(name));
  const zoomed = search.from !== undefined;
  return (
    <div className="filters" role="search" aria-label={speak('title')}>
      <div className="filters__field charts__metric">
        <label htmlFor="c-metric">{speak('metric')}</label>
        <Select
          id="c-metric"
          showSearch
          placeholder={speak('choose')}
          loading={names.isPending}
          value={metric ?? known.data?.items[0]?.name}
          onChange={setMetric}
          options={(Object.keys(SERIES_GROUPS) as SeriesGroup[])
            .filter((group) => byGroup.has(group))
            .map((group) => ({
              label: tell(SERIES_GROUPS[group]),
              options: byGroup.get(group)!.map(({ name, series }) => ({ value: name, label: series > 1 ? `${name}（${series}）` : name })),
            }))}
        />
      </div>
      <div className="filters__field">
        <label htmlFor="c-span">{speak('span')}</label>
        <Select<string>
          id="c-span"
          value={zoomed ? 'chosen' : (search.span ?? USUAL_SPAN)}
          onChange={(span) => onChange({ from: undefined, to: undefined, span: span as ChartSpan })}
          options={[
            ...(zoomed ? [{ value: 'chosen', label: speak('chosen'), disabled: true }] : []),
            ...(Object.keys(CHART_SPANS) as ChartSpan[]).map((value) => ({ value: value as string, label: speak(value) })),
          ]}
        />
      </div>
      <div className="filters__buttons">
        <Checkbox checked={search.week === 'on'} onChange={({ target }) => onChange({ week: target.checked ? 'on' : undefined })}>
          {speak('week')}
        </Checkbox>
      </div>
      <div className="filters__field charts__series">
        <label htmlFor="c-series">{speak('series')}</label>
        <Select<number[]>
          id="c-series"
          mode="multiple"
          maxCount={LINES_AT_MOST}
          placeholder={speak('chooseSeries')}
          loading={of.isFetching}
          showSearch={{ optionFilterProp: 'label' }}
          value={chosen}
          onChange={(ids) => onChange({ ids: ids.join(',') || undefined, rule: undefined })}
          options={[...offered].map(([value, label]) => ({ value, label }))}
        />
      </div>
    </div>
  );
}

interface PictureProps {
  ids: string;
  search: ChartsSearch;
  fromMs: number;
  toMs: number;
  onZoom: (from: string, to: string) => void;
}

const iso = (ms: number) => new Date(ms).toISOString();
const numberText = (value: number) => String(Number(value.toPrecision(4)));

interface Drawn {
  readonly id: number;
  readonly name: string;
  readonly points: Points;
}

function Picture({ ids, search, fromMs, toMs, onZoom }: PictureProps) {
  const speak = useWords(chartsText);
  const tell = useSay();
  const language = useLanguage();
  const series = useQuery(seriesByIdQuery(ids));
  const readings = useQuery(readingsQuery(ids, iso(fromMs), iso(toMs)));
  const before = useQuery(readingsQuery(search.week ? ids : undefined, iso(fromMs - WEEK_MS), iso(toMs - WEEK_MS)));
  const happened = useQuery(marksQuery(iso(fromMs), iso(toMs)));
  const rule = useQuery(ruleQuery(search.rule)).data;
  const bound = rule && rule.judgement.kind !== 'absence' && rule.judgement.kind !== 'baseline' ? rule.judgement.bound : undefined;
  const drawn = useMemo(
    () => (series.data?.items ?? []).map((one): Drawn => ({ id: one.id, name: lineName(one, language), points: told(readings.data, one) })),
    [series.data, readings.data, language],
  );
  const lines = useMemo(
    () =>
      (series.data?.items ?? []).flatMap((one, place) => [
        { name: drawn[place]!.name, points: drawn[place]!.points },
        ...(search.week
          ? [
              {
                name: say(chartsText.lastWeek, { name: drawn[place]!.name }, language),
                points: moved(told(before.data, one), WEEK_MS),
                beside: true,
              },
            ]
          : []),
      ]),
    [series.data, drawn, before.data, search.week, language],
  );
  const marks = useMemo(
    () =>
      (happened.data?.items ?? []).map((mark) => ({
        atMs: Math.max(fromMs, Date.parse(mark.from)),
        toMs: mark.to ? Date.parse(mark.to) : null,
        text: mark.number,
        grave: mark.kind === 'fault',
      })),
    [happened.data, fromMs],
  );
  const error = series.error ?? readings.error ?? before.error;
  if (error) return <ProblemAlert error={error} onRetry={() => void readings.refetch()} />;
  const wait = <Skeleton active title={false} paragraph={{ rows: 6 }} />;
  return (
    <>
      <Panel>
        {!series.data || !readings.data ? (
          wait
        ) : lines.every(({ points }) => points.length === 0) ? (
          <EmptyState title={speak('noReadings')} />
        ) : (
          <Suspense fallback={wait}>
            <SeriesChart
              label={speak('title')}
              lines={lines}
              fromMs={fromMs}
              toMs={toMs}
              gapMs={readings.data.stepSeconds * 2500}
              marks={marks}
              threshold={bound}
              onZoom={(from, to) => {
                if (from > fromMs || to < toMs) onZoom(iso(from), iso(to));
              }}
            />
            <p className="quiet">
              {speak('step', { count: readings.data.stepSeconds })}
              {rule && bound !== undefined ? ` · ${speak('threshold', { name: tell(rule), bound })}` : ''}
            </p>
          </Suspense>
        )}
      </Panel>
      {drawn.length > 0 ? <Figures drawn={drawn} /> : null}
      {happened.data && happened.data.items.length > 0 ? <Marks marks={happened.data.items} /> : null}
    </>
  );
}

const lineName = (one: Series, language: Language) =>
  one.kind === 'counter' ? say(chartsText.perSecond, { name: seriesName(one) }, language) : seriesName(one);

function told(data: Readings | undefined, one: Series): Points {
  const line = data?.lines.find(({ id }) => id === one.id);
  return line ? pointsOf(line, one.kind) : [];
}

function Figures({ drawn }: { drawn: readonly Drawn[] }) {
  const speak = useWords(chartsText);
  const of = (figure: (values: readonly number[]) => number) => (line: Drawn) => (
    <span className="ms-number">{line.points.length > 0 ? numberText(figure(line.points.map(([, value]) => value))) : '—'}</span>
  );
  return (
    <Panel title={speak('figures')} flush>
      <DataTable<Drawn>
        caption={speak('figures')}
        rows={drawn}
        rowKey={(line) => String(line.id)}
        empty={speak('noReadings')}
        columns={[
          { key: 'name', title: speak('series'), wide: true, cell: (line) => <span className="mono">{line.name}</span> },
          { key: 'least', title: speak('least'), align: 'right', cell: of((values) => Math.min(...values)) },
          {
            key: 'mean',
            title: speak('mean'),
            align: 'right',
            cell: of((values) => values.reduce((sum, one) => sum + one, 0) / values.length),
          },
          { key: 'greatest', title: speak('greatest'), align: 'right', cell: of((values) => Math.max(...values)) },
          { key: 'last', title: speak('last'), align: 'right', cell: of((values) => values.at(-1)!) },
        ]}
      />
    </Panel>
  );
}

function Marks({ marks }: { marks: readonly SeriesMark[] }) {
  const speak = useWords(chartsText);
  const nowMs = useNow();
  return (
    <Panel title={speak('marks')}>
      <ul className="record__links">
        {marks.map((mark) => (
          <li key={mark.id}>
            <span className="quiet">{speak(mark.kind)}</span>{' '}
            <Link to="/records/$id" params={{ id: mark.id }}>
              <span className="ms-number">{mark.number}</span> {mark.title}
            </Link>{' '}
            <span className="quiet ms-number">
              {shortInstantText(mark.from, nowMs)} – {mark.to ? shortInstantText(mark.to, nowMs) : speak('goesOn')}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
