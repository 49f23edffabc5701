import type { CalendarDay } from '#contracts/reference/reference.api.ts';
import { useWords } from '#ui/text.ts';
import { isWorkday, useWeekdays, type KnownDays } from './days.ts';

const words = { off: { zh: '休', en: 'off' }, work: { zh: '班', en: 'make-up' } } as const;

/** The weekdays above a calendar, Monday first. */
export function WeekdayHeads() {
  return useWeekdays().map((name) => (
    <li key={name} className="due__head" aria-hidden="true">
      {name}
    </li>
  ));
}

/** How a day looks in a calendar: off, today, or of another month than the one that is shown. */
export function dayClass(day: string, known: KnownDays, today: string, month?: string): string {
  return [
    'due__day',
    isWorkday(day, known) ? '' : 'due__day--off',
    day === today ? 'due__day--today' : '',
    month === undefined || day.startsWith(month) ? '' : 'due__day--other',
  ]
    .filter(Boolean)
    .join(' ');
}

/** Marks a statutory day off, or a make-up day. */
export function DayTag({ special }: { special: CalendarDay | undefined }) {
  const speak = useWords(words);
  if (!special) return null;
  return (
    <small className={`due__tag due__tag--${special.type}`} title={special.name}>
      {speak(special.type)}
      <span className="due__name"> {special.name}</span>
    </small>
  );
}
