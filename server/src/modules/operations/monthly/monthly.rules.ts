import { addWorkdays, beijingDate, startOfDay, type Day, type Holidays } from '#server/kernel/calendar.ts';

const DAY_MS = 86_400_000;
/** A report is due on this working day after its month (DOMAIN §5.9). */
const DUE_WORKDAYS = 5;

/** A month of Beijing: its days from the first to before the last, and the first day after the next one. */
export interface Month {
  readonly month: string;
  readonly fromDay: Day;
  readonly toDay: Day;
  readonly nextToDay: Day;
}

/** The last month that is over. */
export function lastMonth(nowMs: number): Month {
  const toDay = `${beijingDate(nowMs).slice(0, 7)}-01`;
  const month = beijingDate(startOfDay(toDay) - DAY_MS).slice(0, 7);
  // No month is longer than 31 days, and none so short that 32 days reach over two.
  const nextToDay = `${beijingDate(startOfDay(toDay) + 31 * DAY_MS).slice(0, 7)}-01`;
  return { month, fromDay: `${month}-01`, toDay, nextToDay };
}

/** By when a report is to be there: the fifth working day, the first of the month itself counted if it is one. */
export function dueOn(toDay: Day, holidays: Holidays): Day {
  return addWorkdays(beijingDate(startOfDay(toDay) - DAY_MS), DUE_WORKDAYS, holidays).day;
}

/** How many of a hundred, to two places; null where there are none at all. */
export function percent(hits: number, all: number): number | null {
  return all === 0 ? null : Math.round((hits / all) * 10_000) / 100;
}

export interface Objective {
  readonly value: number | null;
  readonly bound: number;
  readonly atMost?: true;
}

/** Whether an objective is met; undefined where nothing was measured. */
export function isMet({ value, bound, atMost }: Objective): boolean | undefined {
  return value === null ? undefined : atMost ? value <= bound : value >= bound;
}

/** 100 times the objectives that are met, of those that are measured; null where none is. */
export function scoreOf(objectives: readonly Objective[]): number | null {
  const told = objectives.map(isMet).filter((met) => met !== undefined);
  return told.length === 0 ? null : Math.round((told.filter(Boolean).length / told.length) * 100);
}

/**
 * In how many days a value reaches a bound if it goes on as it went: along the straight line that lies closest to its points.
 * Null where it does not rise, or where less than a day of it is known; nought where it is there already.
 */
export function daysUntil(bound: number, points: readonly { readonly atMs: number; readonly value: number }[]): number | null {
  const last = points.at(-1);
  if (!last || last.atMs - points[0]!.atMs < DAY_MS) return null;
  if (last.value >= bound) return 0;
  const mean = (of: (point: (typeof points)[number]) => number) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [middleMs, middle] = [mean((point) => point.atMs), mean((point) => point.value)];
  const spread = points.reduce((sum, { atMs }) => sum + (atMs - middleMs) ** 2, 0);
  const slope = points.reduce((sum, { atMs, value }) => sum + (atMs - middleMs) * (value - middle), 0) / spread;
  if (slope <= 0) return null;
  const now = middle + slope * (last.atMs - middleMs);
  return Math.max(0, Math.ceil((bound - now) / slope / DAY_MS));
}

/** The last day before another. */
export function dayBefore(day: Day): Day {
  return beijingDate(startOfDay(day) - DAY_MS);
}
