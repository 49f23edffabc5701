import type { CalendarDay } from '#contracts/reference/reference.api.ts';
import { isDay } from '#server/kernel/calendar.ts';
import { accept, refuse, type Decision } from '#server/kernel/decision.ts';

/** The days of a calendar as people paste it: `date,name,off|work` per line, a header line is passed over. */
export function parseCalendar(csv: string, year: number): Decision<CalendarDay[]> {
  const days: CalendarDay[] = [];
  const lines = csv.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || (index === 0 && /^﻿?date\b/i.test(line))) continue;
    const [date = '', name = '', type = ''] = line.split(',').map((cell) => cell.trim());
    const known = days.some((day) => day.date === date);
    if (!isDay(date) || known || Number(date.slice(0, 4)) !== year || name === '' || (type !== 'off' && type !== 'work')) {
      return refuse('reference.bad-calendar', {
        params: { line: index + 1 },
        fields: [{ path: 'csv', code: 'reference.bad-calendar', params: { line: index + 1 } }],
      });
    }
    days.push({ date, name, type });
  }
  return days.length > 0 ? accept(days) : refuse('reference.bad-calendar', { params: { line: 1 } });
}

/** Whether a code lies in the province this platform serves. */
export function isInProvince(region: string): boolean {
  return region.startsWith('32');
}
