import { referenceApi, type CalendarDay } from '#contracts/reference/reference.api.ts';
import { call } from '#ui/api/client.ts';
import { useLanguage } from '#ui/text.ts';
import { useQueries } from '@tanstack/react-query';

const DAY = 86_400_000;
/** Days are told as UTC midnights here, so that no time zone touches them. */
const utc = (day: string) => Date.parse(`${day}T00:00:00Z`);

/** The day so many days after another, YYYY-MM-DD. */
export const plusDays = (day: string, days: number) => new Date(utc(day) + days * DAY).toISOString().slice(0, 10);
/** 0 for Monday, which stands first as in Chinese calendars. */
export const weekdayOf = (day: string) => (new Date(utc(day)).getUTCDay() + 6) % 7;
export const mondayOf = (day: string) => plusDays(day, -weekdayOf(day));

/** The whole weeks a month lies in. */
export function weeksOfMonth(day: string): { from: string; days: number } {
  const last = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).toISOString().slice(0, 10);
  const from = mondayOf(`${day.slice(0, 7)}-01`);
  return { from, days: Math.round((utc(mondayOf(last)) - utc(from)) / DAY) + 7 };
}

/** The first day of the month so many months after a day's. */
export function monthAfter(day: string, months: number): string {
  return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + months, 1)).toISOString().slice(0, 10);
}

export function useWeekdays(): readonly string[] {
  const language = useLanguage();
  return language === 'zh' ? [...'一二三四五六日'].map((name) => `周${name}`) : ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
}

export type KnownDays = ReadonlyMap<string, CalendarDay>;

/** The statutory holidays and make-up days of the years a span touches, and which of them have no calendar yet. */
export function useCalendar(from: string, to: string): { known: KnownDays; unpublished: readonly number[] } {
  const years = [...new Set([from, to].map((day) => Number(day.slice(0, 4))))];
  const calendars = useQueries({
    queries: years.map((year) => ({
      queryKey: ['calendar', year],
      queryFn: ({ signal }: { signal: AbortSignal }) => call(referenceApi.calendar, { params: { year } }, { signal }),
      staleTime: 60_000,
    })),
  });
  return {
    known: new Map(calendars.flatMap(({ data }) => data?.days ?? []).map((day) => [day.date, day])),
    unpublished: calendars.flatMap(({ data }) => (data && !data.published ? [data.year] : [])),
  };
}

/** Whether people work on a day: a weekday that is not off, or a make-up day. */
export function isWorkday(day: string, known: KnownDays): boolean {
  return (known.get(day)?.type ?? (weekdayOf(day) >= 5 ? 'off' : 'work')) === 'work';
}
