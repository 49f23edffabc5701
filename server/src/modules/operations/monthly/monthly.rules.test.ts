import { expect, test } from 'vitest';
import { beijing, shippedHolidays } from '#server/kernel/calendar.testing.ts';
import { daysUntil, dueOn, isMet, lastMonth, percent, scoreOf } from './monthly.rules.ts';

const DAY = 86_400_000;

test('the last month is the one before the month of Beijing, at both of its ends and over a year', () => {
  expect(lastMonth(beijing('2026-07-01 00:00'))).toEqual({
    month: '2026-06',
    fromDay: '2026-06-01',
    toDay: '2026-07-01',
    nextToDay: '2026-08-01',
  });
  expect(lastMonth(beijing('2026-06-30 23:59')).month).toBe('2026-05');
  expect(lastMonth(beijing('2026-01-15 12:00'))).toMatchObject({ month: '2025-12', fromDay: '2025-12-01', nextToDay: '2026-02-01' });
  expect(lastMonth(beijing('2026-02-28 12:00'))).toMatchObject({ month: '2026-01', toDay: '2026-02-01', nextToDay: '2026-03-01' });
});

test('a report is due on the fifth working day, holidays and make-up days counted as they are', () => {
  const holidays = shippedHolidays();
  expect(dueOn('2026-07-01', holidays)).toBe('2026-07-07');
  // The national holiday lasts to the seventh, and Saturday the tenth is worked.
  expect(dueOn('2026-10-01', holidays)).toBe('2026-10-13');
});

test('a score counts what is measured only', () => {
  const objectives = [
    { value: 99.95, bound: 99.9 },
    { value: 97, bound: 98 },
    { value: 3, bound: 3, atMost: true as const },
    { value: null, bound: 95 },
  ];
  expect(objectives.map(isMet)).toEqual([true, false, true, undefined]);
  expect(scoreOf(objectives)).toBe(67);
  expect(scoreOf([{ value: null, bound: 1 }])).toBeNull();
  expect([percent(0, 0), percent(0, 3), percent(1, 3)]).toEqual([null, 0, 33.33]);
});

test('a value that rises reaches its bound when its line does; one that does not, never', () => {
  const line = (values: readonly number[]) => values.map((value, day) => ({ atMs: day * DAY, value }));
  expect(daysUntil(0.8, line([0.5, 0.51, 0.52, 0.53]))).toBe(27);
  expect(daysUntil(0.8, line([0.5, 0.5, 0.5]))).toBeNull();
  expect(daysUntil(0.8, line([0.6, 0.5, 0.4]))).toBeNull();
  expect(daysUntil(0.8, line([0.7, 0.85]))).toBe(0);
  expect(daysUntil(0.8, line([0.5]))).toBeNull();
  expect(daysUntil(0.8, [])).toBeNull();
});
