/** Days are `YYYY-MM-DD` in Beijing, instants are milliseconds since 1970. Beijing keeps UTC+8 all year. */
export type Day = string;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEIJING = 8 * HOUR;

/** What the State Council published: the days off and the make-up working days of each published year. */
export interface Holidays {
  readonly off: ReadonlySet<Day>;
  readonly work: ReadonlySet<Day>;
  readonly publishedYears: ReadonlySet<number>;
}

/** The working hours: when a working day begins, and after what a dispatch counts for the next one; minutes after midnight. */
export interface WorkingHours {
  readonly opensAtMinute: number;
  readonly closesAtMinute: number;
}

/** A limit as the limits matrix states it (DOMAIN §1.4). */
export interface Limit {
  readonly mode: 'minute' | 'hour' | 'workday';
  readonly amount: number;
}

/** An instant a limit ends at; `provisional` when it rests on a year whose calendar is not published yet. */
export interface Due {
  readonly dueMs: number;
  readonly provisional: boolean;
}

export const DEFAULT_HOURS: WorkingHours = { opensAtMinute: 9 * 60, closesAtMinute: 17 * 60 + 30 };

/** The day an instant falls on in Beijing. */
export function beijingDate(ms: number): Day {
  return new Date(ms + BEIJING).toISOString().slice(0, 10);
}

/** An instant as it is read in Beijing, to the minute: 2026-11-23 14:05. */
export function beijingMinute(ms: number): string {
  return new Date(ms + BEIJING).toISOString().slice(0, 16).replace('T', ' ');
}

/** The first instant of a day in Beijing. */
export function startOfDay(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`) - BEIJING;
}

/** The last second of a day in Beijing, 23:59:59: limits in working days end there. */
export function endOfDay(day: Day): number {
  return startOfDay(day) + DAY - 1000;
}

/** The day after. */
export function nextDay(day: Day): Day {
  return beijingDate(startOfDay(day) + DAY);
}

/** Whether the calendar has this day, YYYY-MM-DD; `Date` alone would read 30 February as 2 March. */
export function isDay(day: string): boolean {
  const parsed = new Date(`${day}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}

/** Whether people work on this day: a weekday that is not off, or a make-up day (调休). */
export function isWorkday(day: Day, holidays: Holidays): boolean {
  if (holidays.work.has(day)) return true;
  if (holidays.off.has(day)) return false;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/** The nth working day after `day`, and whether any day on the way lay in an unpublished year. */
export function addWorkdays(day: Day, count: number, holidays: Holidays): { day: Day; provisional: boolean } {
  let current = day;
  let provisional = !isPublished(current, holidays);
  for (let left = count; left > 0;) {
    current = nextDay(current);
    if (!isPublished(current, holidays)) provisional = true;
    if (isWorkday(current, holidays)) left--;
  }
  return { day: current, provisional };
}

/**
 * When a limit that starts at `t0Ms` ends.
 *
 * Minutes and hours run day and night. Working days: the day of dispatch does not count; a dispatch outside
 * a working day, or after closing time, counts as made on the next working day; the limit ends at 23:59:59
 * of the nth working day after (DOMAIN §1.4).
 */
export function dueAfter(t0Ms: number, limit: Limit, holidays: Holidays, hours: WorkingHours = DEFAULT_HOURS): Due {
  if (limit.mode !== 'workday') {
    return { dueMs: t0Ms + limit.amount * (limit.mode === 'hour' ? HOUR : 60_000), provisional: false };
  }
  let from = beijingDate(t0Ms);
  const closed = t0Ms >= startOfDay(from) + hours.closesAtMinute * 60_000;
  let provisional = !isPublished(from, holidays);
  if (closed || !isWorkday(from, holidays)) {
    const next = addWorkdays(from, 1, holidays);
    from = next.day;
    provisional ||= next.provisional;
  }
  const end = addWorkdays(from, limit.amount, holidays);
  return { dueMs: endOfDay(end.day), provisional: provisional || end.provisional };
}

/**
 * When the lamp of a clock turns yellow: the remaining time is down to one working day or a fifth of the whole,
 * whichever is more (DOMAIN §1.4). A limit in hours or minutes has no working day in it, and a limit of one working
 * day would be yellow from its first second, so for these a fifth alone counts.
 */
export function yellowAt(t0Ms: number, due: Due, limit: Limit, holidays: Holidays): number {
  const fifth = due.dueMs - (due.dueMs - t0Ms) / 5;
  if (limit.mode !== 'workday' || limit.amount <= 1) return Math.round(fifth);
  const dueDay = beijingDate(due.dueMs);
  let eve = dueDay;
  do eve = beijingDate(startOfDay(eve) - DAY);
  while (!isWorkday(eve, holidays) && startOfDay(eve) > t0Ms - 30 * DAY);
  return Math.round(Math.max(t0Ms, Math.min(fifth, endOfDay(eve))));
}

/** When people begin to work next: today, where that is still to come. */
export function nextOpening(nowMs: number, holidays: Holidays, hours: WorkingHours = DEFAULT_HOURS): Due {
  const opensAt = (day: Day) => startOfDay(day) + hours.opensAtMinute * 60_000;
  const today = beijingDate(nowMs);
  if (isWorkday(today, holidays) && nowMs < opensAt(today)) return { dueMs: opensAt(today), provisional: !isPublished(today, holidays) };
  const next = addWorkdays(today, 1, holidays);
  return { dueMs: opensAt(next.day), provisional: next.provisional };
}

/** How many working days lie in `(from, to]`. */
export function workdaysBetween(from: Day, to: Day, holidays: Holidays): number {
  let count = 0;
  for (let day = from; day < to;) {
    day = nextDay(day);
    if (isWorkday(day, holidays)) count++;
  }
  return count;
}

function isPublished(day: Day, holidays: Holidays): boolean {
  return holidays.publishedYears.has(Number(day.slice(0, 4)));
}
