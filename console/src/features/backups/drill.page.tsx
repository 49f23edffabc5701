import { backupsApi, type Drill, type DrillStep } from '#contracts/operations/backups.api.ts';
import { figureNames, stepNames } from '#contracts/operations/backups.words.ts';
import { addressOf, call } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { bytesText, countText, secondText } from '#ui/format.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useSay, useWords } from '#ui/text.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Skeleton } from 'antd';
import { Figure } from '../../parts/figure.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { isAtWork, useSpans } from './backup-words.ts';
import { backupsText } from './backups.text.ts';
import { DrillState } from './drill-table.tsx';

const route = getRouteApi('/inside/backups/drills/$id');

/** One drill: how far it is while it runs, what was measured and found when it ended. */
export function DrillPage() {
  const { id } = route.useParams();
  const speak = useWords(backupsText);
  const { data, error, refetch } = useQuery({
    queryKey: ['backups', 'drill', id],
    queryFn: ({ signal }) => call(backupsApi.drillOf, { params: { id } }, { signal }),
    refetchInterval: ({ state }) => (state.data && !isAtWork(state.data) ? false : 1000),
  });
  if (!data) {
    const problem = problemOf(error);
    return (
      <Page title={speak('drillTitle')}>
        {problem?.status === 404 ? (
          <EmptyState title={problem.title}>
            <Link to="/backups">{speak('back')}</Link>
          </EmptyState>
        ) : error ? (
          <ProblemAlert error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton active paragraph={{ rows: 8 }} />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={speak('drillTitle')}
      note={
        <>
          <Link to="/backups">{speak('back')}</Link>
          <span>{`${data.askedBy} ${secondText(data.askedAt)}`}</span>
        </>
      }
      actions={
        data.endedAt ? (
          <Button href={addressOf(backupsApi.report, { id })} download>
            {speak('report')}
          </Button>
        ) : null
      }
    >
      <Panel>
        <Measured drill={data} />
        {data.detail ? <p className="backup-detail">{data.detail}</p> : null}
      </Panel>
      <Panel title={speak('steps')} flush>
        <Steps drill={data} />
      </Panel>
    </Page>
  );
}

function Measured({ drill }: { drill: Drill }) {
  const speak = useWords(backupsText);
  const { seconds, took } = useSpans();
  return (
    <dl className="load__figures backup-figures">
      <div>
        <dt>{speak('state')}</dt>
        <dd>
          <span role="status">
            <DrillState drill={drill} />
          </span>
        </dd>
      </div>
      <Figure name={speak('target')} value={secondText(drill.target)} />
      <Figure name={speak('rto')} value={seconds(drill.rtoSeconds)} />
      <Figure name={speak('rpo')} value={seconds(drill.rpoSeconds)} />
      <Figure name={speak('lastCommit')} value={drill.lastCommitAt ? secondText(drill.lastCommitAt) : '—'} />
      <Figure name={speak('took')} value={took(drill.startedAt, drill.endedAt)} />
    </dl>
  );
}

function Steps({ drill }: { drill: Drill }) {
  const speak = useWords(backupsText);
  const tell = useSay();
  const { took } = useSpans();
  return (
    <DataTable<DrillStep>
      caption={speak('steps')}
      rows={drill.steps}
      rowKey={({ name }) => name}
      empty={speak('noSteps')}
      tone={(step) => (step.faults.length > 0 || (!step.endedAt && drill.endedAt) ? 'red' : undefined)}
      columns={[
        {
          key: 'step',
          title: speak('step'),
          cell: (step) => (
            <>
              {tell(stepNames[step.name])}
              <span className="under backup-means">{tell(stepNames[step.name].means)}</span>
            </>
          ),
        },
        { key: 'took', title: speak('took'), align: 'right', cell: (step) => took(step.startedAt, step.endedAt) },
        {
          key: 'found',
          title: speak('found'),
          wide: true,
          cell: (step) => (
            <>
              <span className={`ms-tag ms-tag--${toneOf(step, drill)}`}>{speak(verdictOf(step, drill))}</span>
              <span className="under">{figuresOf(step, tell)}</span>
              {step.faults.map((fault) => (
                <span key={fault} className="under">
                  {fault}
                </span>
              ))}
            </>
          ),
        },
      ]}
    />
  );
}

function verdictOf(step: DrillStep, drill: Drill): 'good' | 'bad' | 'ongoing' | 'stopped' {
  if (!step.endedAt) return drill.endedAt ? 'stopped' : 'ongoing';
  return step.faults.length > 0 ? 'bad' : 'good';
}

function toneOf(step: DrillStep, drill: Drill): string {
  return { good: 'done', bad: 'danger', ongoing: 'working', stopped: 'danger' }[verdictOf(step, drill)];
}

function figuresOf({ figures }: DrillStep, tell: ReturnType<typeof useSay>): string {
  return Object.entries(figures)
    .map(([name, value]) => {
      const words = figureNames[name];
      return `${words ? tell(words) : name} ${valueText(name, value)}`;
    })
    .join(' · ');
}

function valueText(name: string, value: number | string): string {
  if (name === 'bytes') return bytesText(Number(value));
  if (name === 'lastCommitAt') return secondText(String(value));
  return typeof value === 'number' ? countText(value) : value;
}
