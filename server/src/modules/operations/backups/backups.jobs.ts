import { tellOnce } from '#server/platform/notices/notices.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { unlessRefused } from '#server/kernel/decision.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import type { Loop } from '#server/platform/events/events.ts';
import type { JobKind } from '#server/platform/jobs/jobs.ts';
import { BACKUP_QUEUE, VERIFY_QUEUE, type Backups } from './backups.service.ts';
import { agesOf } from './backups.views.ts';
import { DRILL_QUEUE, type Drills } from './drills.service.ts';
import { overdue } from './readings.ts';

/** Long enough for a night of copying; a worker that dies is noticed by its lock, not by this. */
const HOURS_12 = 12 * 3600;

/** The queues of backups: a full one at 01:00, verification on Sundays, a drill on the second of each month. */
export const BACKUP_QUEUES: readonly Omit<JobKind, 'run'>[] = [
  { name: BACKUP_QUEUE, retryLimit: 0, expireInSeconds: HOURS_12 },
  { name: VERIFY_QUEUE, retryLimit: 0, expireInSeconds: HOURS_12, cron: '0 4 * * 0' },
  { name: DRILL_QUEUE, retryLimit: 0, expireInSeconds: HOURS_12 },
  { name: 'operations.nightly-backup', retryLimit: 0, cron: '0 1 * * *' },
  { name: 'operations.monthly-drill', retryLimit: 0, cron: '0 3 2 * *' },
];

export function backupJobs(backups: Backups, drills: Drills, clock: Clock): JobKind[] {
  const runs: Record<string, JobKind['run']> = {
    [BACKUP_QUEUE]: (data, signal) => backups.run(String(data['id']), signal),
    [VERIFY_QUEUE]: async (data) => {
      if (backups.source) await backups.verify(typeof data['id'] === 'string' ? data['id'] : null);
    },
    [DRILL_QUEUE]: (data) => drills.run(String(data['id'])),
    // One that is at work already, or nothing to back up, is no fault of the night.
    'operations.nightly-backup': async () => void (await unlessRefused(backups.askBackup(PLATFORM))),
    'operations.monthly-drill': async () => void (await unlessRefused(drills.askDrill(PLATFORM, new Date(clock.nowMs() - 1000)))),
  };
  return BACKUP_QUEUES.map((queue) => ({ ...queue, run: runs[queue.name]! }));
}

/** Archives the log, keeps the second site alike, ends what died, and tells when a promise is not kept. */
export function backupLoops({ db, clock, backups, drills }: { db: Db; clock: Clock; backups: Backups; drills: Drills }): Loop[] {
  if (!backups.source) return [];
  return [
    { name: 'operations.archive', restMs: 1000, turn: () => backups.ship() },
    { name: 'operations.second-site', restMs: 10_000, turn: () => backups.mirror() },
    { name: 'operations.reclaim-backups', restMs: 5_000, turn: async () => (await backups.reclaim()) + (await drills.reclaim()) },
    promises({ db, clock, backups }),
  ];
}

/** How long a platform that was never backed up may run before it is, without waiting for the night. */
const FIRST_BACKUP_AFTER_MS = 180_000;

function promises({ db, clock, backups }: { db: Db; clock: Clock; backups: Backups }): Loop {
  const startedMs = clock.nowMs();
  return {
    name: 'operations.backup-promises',
    restMs: 60_000,
    async turn() {
      const at = new Date(clock.nowMs());
      const ages = await db.transact(SYSTEM, agesOf);
      if (!ages.firstAskedAt && at.getTime() - startedMs > FIRST_BACKUP_AFTER_MS) await unlessRefused(backups.askBackup(PLATFORM));
      const late = overdue(ages, at.getTime());
      await db.transact(SYSTEM, async (tx) => {
        // Once a day, for as long as it lasts.
        const day = at.toISOString().slice(0, 10);
        for (const { what, zh, en } of late)
          await tellOnce(tx, {
            at,
            level: 'urgent',
            zh,
            en,
            permission: 'operations.see',
            path: '/backups',
            onceKey: `operations.${what}/${day}`,
          });
      });
      return 0;
    },
  };
}
