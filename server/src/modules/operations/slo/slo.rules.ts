import type { BurnWindow } from '#contracts/operations/slo.api.ts';
import { DAY_MS, HOUR_MS } from '../series/series.rules.ts';

/** Of how many events how many were bad. */
export interface Tally {
  readonly all: number;
  readonly bad: number;
}

const MINUTE_MS = 60_000;
/** A long window with a twelfth of it: an alert ends soon after what caused it does (Site Reliability Workbook, chapter 5). */
export const WINDOWS: Readonly<Record<BurnWindow, { readonly longMs: number; readonly shortMs: number }>> = {
  '1h': { longMs: HOUR_MS, shortMs: 5 * MINUTE_MS },
  '6h': { longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS },
  '3d': { longMs: 3 * DAY_MS, shortMs: 6 * HOUR_MS },
};
/** With fewer events than this in the long window a single bad one would be a catastrophe: nothing is told. */
export const EVENTS_AT_LEAST = 100;

/** How many times faster than the objective allows its budget is spent; null where nothing happened. */
export function burnRate({ all, bad }: Tally, target: number): number | null {
  return all === 0 ? null : bad / all / (1 - target);
}

/** The rate both windows hold, so that neither a short spike nor what is long over alerts; null where too little happened. */
export function burnOf(long: Tally, short: Tally, target: number): number | null {
  if (long.all < EVENTS_AT_LEAST) return null;
  return Math.min(burnRate(long, target)!, burnRate(short, target) ?? 0);
}

/** The part of the budget that is left of what happened so far; below nought where it is overspent. */
export function budgetLeft(tally: Tally, target: number): number | null {
  const burnt = burnRate(tally, target);
  return burnt === null ? null : 1 - burnt;
}

export const NOTHING: Tally = { all: 0, bad: 0 };
export function plus(a: Tally, b: Tally): Tally {
  return { all: a.all + b.all, bad: a.bad + b.bad };
}

/** What was left at the end of each day, counted from the first; days before anything happened are left out. */
export function curveOf(days: readonly (Tally & { readonly day: string })[], target: number): { day: string; left: number }[] {
  let sum = NOTHING;
  return days.flatMap(({ day, ...tally }) => {
    sum = plus(sum, tally);
    const left = budgetLeft(sum, target);
    return left === null ? [] : [{ day, left }];
  });
}

/** What is known of a counter over a span: its least, its greatest and its last reading. */
export interface Shown {
  readonly fromMs: number;
  readonly least: number;
  readonly greatest: number;
  readonly last: number;
}

/**
 * By how much a counter rose in each of its spans, which follow one another. A counter that shows less than before began again at
 * nothing; what it had risen to until then counts where it still shows as the greatest of its span. So never more is told than rose,
 * and all of it where a span is no longer than a reading. In its first span it rose from the least it showed.
 */
export function risesOf(spans: readonly Shown[]): { fromMs: number; rise: number }[] {
  return spans.map(({ fromMs, least, greatest, last }, at) => {
    const before = spans[at - 1]?.last;
    if (last === greatest && least >= (before ?? least)) return { fromMs, rise: last - (before ?? least) };
    // It began again within the span, or between the two.
    return { fromMs, rise: (before !== undefined && greatest > last ? Math.max(0, greatest - before) : 0) + last };
  });
}
