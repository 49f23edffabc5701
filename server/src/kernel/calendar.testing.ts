import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Holidays } from './calendar.ts';

const FILE = join(import.meta.dirname, '../../db/reference/holidays.csv');

/** The calendar that ships with the platform; `years` are those taken as published. */
export function shippedHolidays(years: readonly number[] = [2023, 2024, 2025, 2026]): Holidays {
  const rows = readFileSync(FILE, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  const days = (type: string) =>
    new Set(rows.filter((row) => row[2] === type && years.includes(Number(row[0]!.slice(0, 4)))).map((row) => row[0]!));
  return { off: days('off'), work: days('work'), publishedYears: new Set(years) };
}

/** An instant as people write it down: `2026-02-13 17:00` in Beijing. */
export function beijing(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}+08:00`);
}
