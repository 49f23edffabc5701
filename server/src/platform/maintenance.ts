import { join } from 'node:path';
import { sql } from 'kysely';
import type { Clock } from '../kernel/clock.ts';
import { SYSTEM, type Db } from './db/db.ts';
import type { JobKind } from './jobs/jobs.ts';

/** The checkout: where the built apps and the shipped files lie. */
export const ROOT = join(import.meta.dirname, '../../..');

const DAY = 86_400_000;
const MONTHS_AHEAD = 3;
const DAYS_AHEAD = 8;

/**
 * Makes the partitions from `fromMs` to three months from now, and the daily ones of the coming week; drops those whose time to
 * be kept is over. Gives how many were made or dropped.
 */
export async function ensurePartitions(db: Db, fromMs: number, nowMs: number): Promise<number> {
  return db.transact(SYSTEM, async (tx) => {
    const { rows } = await sql<{
      made: number;
    }>`select platform.ensure_partitions(${new Date(fromMs)}, ${new Date(nowMs + MONTHS_AHEAD * 31 * DAY)})
         + platform.turn_spans(${new Date(nowMs - DAY)}, ${new Date(nowMs + DAYS_AHEAD * DAY)}, ${new Date(nowMs)}) as made`.execute(tx);
    return rows[0]?.made ?? 0;
  });
}

/** The queues of the platform's own upkeep, by name: what `installJobs` makes. */
export const MAINTENANCE_QUEUES: readonly Omit<JobKind, 'run'>[] = [
  { name: 'platform.partitions-ahead', cron: '10 2 * * *' },
  { name: 'reference.calendar-horizon', cron: '0 8 * * *' },
  { name: 'appeals.forget-keys', cron: '40 * * * *' },
  { name: 'appeals.sweep-uploads', cron: '20 * * * *' },
  { name: 'platform.forget-drafts', cron: '30 3 * * *' },
];

interface Deps {
  readonly db: Db;
  readonly clock: Clock;
  readonly reference: { watchHorizon(): Promise<void> };
  readonly appeals: { forgetOldKeys(): Promise<number> };
  readonly attachments: { sweep(): Promise<number> };
  readonly drafts: { forgetOld(): Promise<number> };
}

/** What must be done every day or hour so that nothing runs out or piles up. */
export function maintenanceJobs({ db, clock, reference, appeals, attachments, drafts }: Deps): JobKind[] {
  const runs: Record<string, () => Promise<unknown>> = {
    'platform.partitions-ahead': () => ensurePartitions(db, clock.nowMs(), clock.nowMs()),
    'reference.calendar-horizon': () => reference.watchHorizon(),
    'appeals.forget-keys': () => appeals.forgetOldKeys(),
    'appeals.sweep-uploads': () => attachments.sweep(),
    'platform.forget-drafts': () => drafts.forgetOld(),
  };
  return MAINTENANCE_QUEUES.map((queue) => ({ ...queue, run: async () => void (await runs[queue.name]!()) }));
}
