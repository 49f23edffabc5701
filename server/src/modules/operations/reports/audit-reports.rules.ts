import { beijingDate, startOfDay, type Day } from '#server/kernel/calendar.ts';

export type Period = 'week' | 'month';

/** Whole days of Beijing: from the first to before the last. */
export interface Span {
  readonly period: Period;
  readonly fromDay: Day;
  readonly toDay: Day;
}

const DAY_MS = 86_400_000;
const dayBefore = (day: Day, days: number) => beijingDate(startOfDay(day) - days * DAY_MS);

/** The last period that is over: a week from Monday to Sunday, a month of the calendar. */
export function lastSpan(period: Period, nowMs: number): Span {
  const today = beijingDate(nowMs);
  if (period === 'week') {
    const sinceMonday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
    const toDay = dayBefore(today, sinceMonday);
    return { period, fromDay: dayBefore(toDay, 7), toDay };
  }
  const toDay = `${today.slice(0, 7)}-01`;
  return { period, fromDay: `${dayBefore(toDay, 1).slice(0, 7)}-01`, toDay };
}

/** The period before one. */
export function spanBefore(span: Span): Span {
  return lastSpan(span.period, startOfDay(span.fromDay));
}
