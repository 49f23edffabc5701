import { dayText } from '#ui/format.ts';

/** The last day of a period that ends before `toDay`. */
export function lastDay(toDay: string): string {
  return dayText(new Date(Date.parse(`${toDay}T00:00:00+08:00`) - 1).toISOString());
}
