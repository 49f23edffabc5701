import { beijingDate } from '#server/kernel/calendar.ts';

/** For how many days, months and years a backup is kept each (DOMAIN: daily 35, monthly 13, yearly 5). */
export interface RetentionPolicy {
  readonly daily: number;
  readonly monthly: number;
  readonly yearly: number;
}

export const RETENTION: RetentionPolicy = { daily: 35, monthly: 13, yearly: 5 };

/** The year whose first good backup ends the last one that holds what stood in the database at an instant. */
export function lastBackupYear(atMs: number, policy: RetentionPolicy = RETENTION): number {
  return Number(beijingDate(atMs).slice(0, 4)) + policy.yearly;
}

/** A good backup, as retention sees it. */
export interface Kept {
  readonly id: string;
  readonly endedMs: number;
  /** A drill restored it, and what came out was right. */
  readonly proven: boolean;
}

export type KeepClass = 'daily' | 'monthly' | 'yearly';

const DAY_MS = 86_400_000;

/**
 * What each good backup is kept as; one that is not named is needed no longer.
 *
 * The newest of each of the last days, and of each of the last months and years of Beijing. The newest of all and the newest
 * proven one are kept whatever their age: a platform that stood still for a month must not throw away what it has.
 */
export function classesOf(backups: readonly Kept[], nowMs: number, policy: RetentionPolicy = RETENTION): Map<string, KeepClass> {
  const newestFirst = backups.toSorted((a, b) => b.endedMs - a.endedMs || (a.id < b.id ? 1 : -1));
  const classes = new Map<string, KeepClass>();
  const keep = (backup: Kept | undefined, as: KeepClass) => {
    if (backup && !classes.has(backup.id)) classes.set(backup.id, as);
  };
  keep(newestFirst[0], 'daily');
  keep(
    newestFirst.find((backup) => backup.proven),
    'daily',
  );
  const [day, month, year] = [10, 7, 4].map((length) => (ms: number) => beijingDate(ms).slice(0, length)) as [Period, Period, Period];
  for (const backup of newestOfEach(newestFirst, day, Infinity)) if (backup.endedMs > nowMs - policy.daily * DAY_MS) keep(backup, 'daily');
  for (const backup of newestOfEach(newestFirst, month, policy.monthly)) keep(backup, 'monthly');
  for (const backup of newestOfEach(newestFirst, year, policy.yearly)) keep(backup, 'yearly');
  return classes;
}

type Period = (ms: number) => string;

/** The newest of each of the `count` last periods in which there is any. */
function newestOfEach(newestFirst: readonly Kept[], period: Period, count: number): Kept[] {
  const first = new Map<string, Kept>();
  for (const backup of newestFirst) {
    const key = period(backup.endedMs);
    if (!first.has(key)) first.set(key, backup);
  }
  return [...first.values()].slice(0, count);
}
