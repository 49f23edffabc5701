import { backupsApi, type BackupsBoard } from '#contracts/operations/backups.api.ts';
import { siteNames } from '#contracts/operations/backups.words.ts';
import { call } from '#ui/api/client.ts';
import { EmptyState } from '#ui/components/empty-state.tsx';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { useNow } from '#ui/components/use-now.ts';
import { bytesText, countText } from '#ui/format.ts';
import { useMay } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Skeleton } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { Figure } from '../../parts/figure.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { BackupTable } from './backup-table.tsx';
import { isAtWork, useSpans } from './backup-words.ts';
import { backupsText } from './backups.text.ts';
import { DrillForm } from './drill-form.tsx';
import { DrillTable } from './drill-table.tsx';

const DrillChart = lazy(() => import('./drill-chart.tsx').then((module) => ({ default: module.DrillChart })));
const HOUR_MS = 3_600_000;

/** What is backed up, whether it is whole, and when it was last proven. */
export function BackupsPage() {
  const speak = useWords(backupsText);
  const board = useQuery({
    queryKey: ['backups'],
    queryFn: ({ signal }) => call(backupsApi.board, {}, { signal }),
    refetchInterval: ({ state }) => ([...(state.data?.backups ?? []), ...(state.data?.drills ?? [])].some(isAtWork) ? 1000 : 15_000),
  });
  const { data } = board;
  const drills = data?.drills.filter((drill) => drill.rtoSeconds !== null) ?? [];
  return (
    <Page title={speak('title')} note={<span>{speak('note')}</span>} actions={data?.source ? <Actions board={data} /> : null}>
      {board.error ? <ProblemAlert error={board.error} onRetry={() => void board.refetch()} /> : null}
      {board.isPending ? <Skeleton active paragraph={{ rows: 8 }} title={false} /> : null}
      {data?.source === null ? (
        <Panel>
          <EmptyState title={speak('noSource')}>{speak('noSourceHow')}</EmptyState>
        </Panel>
      ) : null}
      {data?.source ? (
        <>
          <Warnings board={data} />
          <Panel>
            <Figures board={data} />
          </Panel>
          <Panel title={speak('backups')} flush>
            <BackupTable backups={data.backups} hasSecond={data.sites.length > 1} />
          </Panel>
          {drills.length > 1 ? (
            <Panel title={speak('trend')}>
              <Suspense fallback={<Skeleton active title={false} paragraph={{ rows: 4 }} />}>
                <DrillChart drills={drills} />
              </Suspense>
            </Panel>
          ) : null}
          <Panel title={speak('drills')} flush>
            <DrillTable drills={data.drills} />
          </Panel>
          <Panel title={speak('sites')}>
            <Sites board={data} />
          </Panel>
        </>
      ) : null}
    </Page>
  );
}

function Actions({ board }: { board: BackupsBoard }) {
  const speak = useWords(backupsText);
  const may = useMay();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [drilling, setDrilling] = useState(false);
  const backUp = useMutation({
    mutationFn: () => call(backupsApi.backUp, {}),
    onSuccess: () => void message.success(speak('backUpAsked')),
    onSettled: () => queries.invalidateQueries({ queryKey: ['backups'] }),
  });
  if (!may('operations.handle')) return null;
  return (
    <>
      <ProblemAlert error={backUp.error} />
      <Button type="primary" loading={backUp.isPending} disabled={board.backups.some(isAtWork)} onClick={() => backUp.mutate()}>
        {speak('backUp')}
      </Button>
      <Button disabled={board.lastGoodAt === null || board.drills.some(isAtWork)} onClick={() => setDrilling(true)}>
        {speak('drill')}
      </Button>
      {drilling ? <DrillForm onClose={() => setDrilling(false)} /> : null}
    </>
  );
}

/** What of the promises is not kept, in the order of how bad it is. */
function Warnings({ board }: { board: BackupsBoard }) {
  const speak = useWords(backupsText);
  const nowMs = useNow();
  const { policy, archive } = board;
  const older = (iso: string | null, ms: number) => iso !== null && nowMs - Date.parse(iso) > ms;
  const damaged = board.backups.some(({ state, faults }) => state === 'good' && faults.length > 0);
  const lines = [
    ...(archive.gaps.length > 0 ? [speak('hasGaps')] : []),
    ...(damaged ? [speak('hasDamage')] : []),
    ...(older(board.lastGoodAt, policy.backupHours * HOUR_MS) ? [speak('backupLate', { hours: policy.backupHours })] : []),
    ...(older(archive.lastAt, policy.archiveMinutes * 60_000) ? [speak('archiveLate', { minutes: policy.archiveMinutes })] : []),
    ...(older(board.lastProven?.at ?? null, policy.provenDays * 24 * HOUR_MS) ? [speak('provenLate', { days: policy.provenDays })] : []),
    ...(board.lastGoodAt && !board.lastProven ? [speak('neverProven')] : []),
    ...(board.sites.length < 2 ? [speak('noSecond')] : []),
  ];
  if (lines.length === 0) return null;
  return (
    <div className="ms-problem" role="status">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

function Figures({ board }: { board: BackupsBoard }) {
  const speak = useWords(backupsText);
  const { ago } = useSpans();
  // What ended a moment ago must not lie in the future of a clock that steps.
  const nowMs = Math.max(useNow(), Date.parse(board.lastGoodAt ?? '') || 0);
  const { archive } = board;
  const damaged = board.backups.filter(({ state, faults }) => state === 'good' && faults.length > 0).length;
  return (
    <dl className="load__figures">
      <Figure name={speak('lastGood')} value={ago(board.lastGoodAt, nowMs)} />
      <Figure name={speak('archive')} value={ago(archive.lastAt, nowMs)} />
      <Figure name={speak('lastProven')} value={ago(board.lastProven?.at ?? null, nowMs)} bad={board.lastProven === null} />
      <Figure name={speak('gaps')} value={countText(archive.gaps.length)} bad={archive.gaps.length > 0} />
      <Figure name={speak('damaged')} value={countText(damaged)} bad={damaged > 0} />
      {board.sites.length > 1 ? (
        <Figure name={speak('behind')} value={countText(archive.notAtSecond)} bad={archive.notAtSecond > 60} />
      ) : null}
    </dl>
  );
}

function Sites({ board: { sites, policy, archive } }: { board: BackupsBoard }) {
  const speak = useWords(backupsText);
  const tell = useSay();
  const failures = archive.failedCount > 0 ? speak('archiveFailed', { count: archive.failedCount }) : '';
  const lines: [string, string][] = [
    ...sites.map(({ name, place }): [string, string] => [tell(siteNames[name]), place]),
    [
      speak('archived'),
      speak('archivedOf', { segments: archive.segments, bytes: bytesText(archive.storedBytes), name: archive.lastName ?? '—' }) + failures,
    ],
    ...archive.gaps.map((gap): [string, string] => [speak('gaps'), speak('gapBetween', { ...gap })]),
    [speak('retention'), speak('retentionOf', { daily: policy.daily, monthly: policy.monthly, yearly: policy.yearly })],
    [speak('goals'), speak('goalsOf', { rpo: policy.rpoMinutes, rto: policy.rtoMinutes, days: policy.provenDays })],
  ];
  return (
    <>
      <dl className="backup-facts">
        {lines.map(([name, value]) => (
          <div key={name + value}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{speak('contents')}</p>
    </>
  );
}
