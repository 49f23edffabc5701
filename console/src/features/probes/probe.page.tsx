import { PROBE_KINDS, type ProbePage as Probe } from '#contracts/operations/probes.api.ts';
import { problemOf } from '#ui/api/problem.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { Lamp } from '#ui/components/lamp.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { secondText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Skeleton } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Page, Panel } from '../../parts/page.tsx';
import { LastTry, ProbeActs, ProbeForm, shareText } from './probe-parts.tsx';
import { lastDayQuery, probeQuery } from './probes.queries.ts';
import { probesText } from './probes.text.ts';

const SeriesChart = lazy(() => import('../../parts/series-chart.tsx').then((module) => ({ default: module.SeriesChart })));
const route = getRouteApi('/inside/probes/$id');

/** One probe: how it went over the last day, and when it turned. */
export function ProbePage() {
  const { id } = route.useParams();
  const speak = useWords(probesText);
  const [editing, setEditing] = useState(false);
  const { data: probe, error, refetch } = useQuery(probeQuery(id));
  if (error && !probe) {
    const problem = problemOf(error);
    return (
      <div className="page">
        {problem?.status === 404 ? <EmptyState title={problem.title} /> : <ProblemAlert error={error} onRetry={() => void refetch()} />}
      </div>
    );
  }
  if (!probe) return <Skeleton active paragraph={{ rows: 8 }} />;
  return (
    <Page
      title={probe.name}
      note={<Link to="/probes">{speak('back')}</Link>}
      actions={editing ? null : <ProbeActs probe={probe} onEdit={() => setEditing(true)} size="middle" />}
    >
      {editing ? <ProbeForm probe={probe} onClose={() => setEditing(false)} /> : null}
      <Facts probe={probe} />
      <Panel title={speak('durations')}>
        <Durations probe={probe} />
      </Panel>
      <Panel title={speak('turns')} extra={<span className="quiet">{speak('turnsNote')}</span>} flush>
        <DataTable<Probe['turns'][number]>
          caption={speak('turns')}
          rows={probe.turns}
          rowKey={(turn) => turn.at}
          empty={speak('noTurns')}
          columns={[
            { key: 'at', title: speak('at'), cell: (turn) => <span className="ms-number">{secondText(turn.at)}</span> },
            {
              key: 'result',
              title: speak('result'),
              cell: (turn) => <Lamp light={turn.good ? 'green' : 'red'} text={speak(turn.good ? 'good' : 'bad')} />,
            },
            { key: 'took', title: speak('took'), align: 'right', cell: (turn) => speak('millis', { count: turn.tookMs }) },
            { key: 'told', title: speak('told'), wide: true, cell: (turn) => turn.note },
          ]}
        />
      </Panel>
    </Page>
  );
}

function Facts({ probe }: { probe: Probe }) {
  const speak = useWords(probesText);
  const tell = useSay();
  const facts = [
    ['last', <LastTry key="last" probe={probe} />],
    ['share', shareText(probe.share)],
    ['kind', tell(PROBE_KINDS[probe.kind])],
    [
      'target',
      <span key="target" className="mono">
        {probe.target}
      </span>,
    ],
    ['expects', probe.expects ?? '—'],
    ['component', probe.component ?? '—'],
    ['every', speak('seconds', { count: probe.everySeconds })],
    ['timeout', speak('millis', { count: probe.timeoutMs })],
    ['changedBy', probe.changedBy],
  ] as const;
  return (
    <Panel title={speak('facts')}>
      <dl className="facts facts--two">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{speak(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Durations({ probe }: { probe: Probe }) {
  const speak = useWords(probesText);
  const ids = useMemo(() => probe.series.filter(({ name }) => name === 'probe_duration_seconds').map(({ id }) => id), [probe.series]);
  const { data, error } = useQuery(lastDayQuery(ids));
  const name = speak('took');
  const lines = useMemo(
    () => [
      {
        name,
        points: (data?.lines ?? [])
          .flatMap(({ at, mean }) => at.map((instant, place) => [Date.parse(instant), Math.round(mean[place]! * 1000)] as const))
          .toSorted(([a], [b]) => a - b),
      },
    ],
    [data, name],
  );
  if (error) return <ProblemAlert error={error} />;
  if (ids.length === 0 || (data && lines[0]!.points.length === 0)) return <EmptyState title={speak('noReadings')} />;
  const wait = <Skeleton active title={false} paragraph={{ rows: 4 }} />;
  if (!data) return wait;
  return (
    <Suspense fallback={wait}>
      <SeriesChart
        label={speak('durations')}
        lines={lines}
        fromMs={data.fromMs}
        toMs={data.toMs}
        gapMs={Math.max(data.stepSeconds, probe.everySeconds) * 2500}
      />
    </Suspense>
  );
}
