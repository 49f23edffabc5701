import {
  addWorkdays,
  beijingDate,
  isWorkday,
  nextDay,
  startOfDay,
  workdaysBetween,
  type Day,
  type Holidays,
} from '#server/kernel/calendar.ts';

/** When a template is due, in Beijing time. */
export type When =
  | { readonly every: 'minutes'; readonly minutes: number }
  | { readonly every: 'day'; readonly at: readonly string[] }
  /** On the first working day of each week, month or quarter. */
  | { readonly every: 'week' | 'month' | 'quarter'; readonly at: readonly string[] }
  /** On the last working day before a holiday of at least so many days. */
  | { readonly every: 'holiday'; readonly at: readonly string[]; readonly days: number };

const MINUTE = 60_000;
const DAY = 86_400_000;

const dayBefore = (day: Day): Day => beijingDate(startOfDay(day) - DAY);
/** The Monday of a day's week. */
const weekOf = (day: Day): Day => beijingDate(startOfDay(day) - ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) * DAY);
const firstOf = (day: Day, months: number): Day => {
  const month = Math.floor((Number(day.slice(5, 7)) - 1) / months) * months + 1;
  return `${day.slice(0, 4)}-${String(month).padStart(2, '0')}-01`;
};

/** Whether a template that is due on days is due on this one. */
export function isDueOn(when: Exclude<When, { every: 'minutes' }>, day: Day, holidays: Holidays): boolean {
  const isFirstSince = (begin: Day) => isWorkday(day, holidays) && workdaysBetween(dayBefore(begin), dayBefore(day), holidays) === 0;
  switch (when.every) {
    case 'day':
      return true;
    case 'week':
      return isFirstSince(weekOf(day));
    case 'month':
      return isFirstSince(firstOf(day, 1));
    case 'quarter':
      return isFirstSince(firstOf(day, 3));
    case 'holiday': {
      if (!isWorkday(day, holidays)) return false;
      const back = addWorkdays(day, 1, holidays).day;
      const off: Day[] = [];
      for (let at = nextDay(day); at < back; at = nextDay(at)) off.push(at);
      // A long weekend of Saturdays and Sundays alone is no holiday.
      return off.length >= when.days && off.some((one) => holidays.off.has(one));
    }
  }
}

/** The instants in (from, to] at which a template is due, in their order. */
export function duesBetween(when: When, fromMs: number, toMs: number, holidays: Holidays): number[] {
  const dues: number[] = [];
  if (when.every === 'minutes') {
    const step = when.minutes * MINUTE;
    for (let at = Math.floor(fromMs / step) * step + step; at <= toMs; at += step) dues.push(at);
    return dues;
  }
  for (let day = beijingDate(fromMs); startOfDay(day) <= toMs; day = nextDay(day)) {
    if (!isDueOn(when, day, holidays)) continue;
    for (const time of when.at) {
      const at = startOfDay(day) + (Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))) * MINUTE;
      if (at > fromMs && at <= toMs) dues.push(at);
    }
  }
  return dues;
}

/** How far ahead the next instant is looked for: two quarters hold every kind. */
const AHEAD_DAYS = 190;

/** The next instant at which a template is due; provisional where the year's calendar is not published. */
export function nextDue(when: When, nowMs: number, holidays: Holidays): { atMs: number | null; provisional: boolean } {
  // A short step is found at once; days are walked to the first one that fits.
  for (let from = nowMs, left = AHEAD_DAYS; left > 0; from += DAY, left--) {
    const [atMs] = duesBetween(when, from, from + DAY, holidays);
    if (atMs !== undefined)
      return {
        atMs,
        provisional:
          when.every !== 'minutes' && when.every !== 'day' && !holidays.publishedYears.has(Number(beijingDate(atMs).slice(0, 4))),
      };
  }
  return { atMs: null, provisional: false };
}
