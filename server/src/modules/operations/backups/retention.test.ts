import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beijingDate } from '#server/kernel/calendar.ts';
import { classesOf, RETENTION, type Kept } from './retention.rules.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-24T17:00:00Z');

const backups = fc
  .array(fc.record({ ageMs: fc.integer({ min: 0, max: 7 * 365 * DAY }), proven: fc.boolean() }), { maxLength: 120 })
  .map((list) => list.map(({ ageMs, proven }, place): Kept => ({ id: String(place).padStart(4, '0'), endedMs: NOW - ageMs, proven })));

test('the newest, and the newest that was proven, are always kept', () => {
  fc.assert(
    fc.property(backups, (list) => {
      const kept = classesOf(list, NOW);
      const newestFirst = list.toSorted((a, b) => b.endedMs - a.endedMs);
      const newest = (of: readonly Kept[]) => of.some((one) => kept.has(one.id) && one.endedMs === of[0]!.endedMs);
      if (list.length > 0) expect(newest(newestFirst)).toBe(true);
      const proven = newestFirst.filter((one) => one.proven);
      if (proven.length > 0) expect(newest(proven)).toBe(true);
    }),
  );
});

test('no day within 35, no month within 13 and no year within 5 that had a backup is left without one', () => {
  fc.assert(
    fc.property(backups, (list) => {
      const kept = classesOf(list, NOW);
      const periods = (length: number) => (one: Kept) => beijingDate(one.endedMs).slice(0, length);
      const covered = (among: readonly Kept[], period: (one: Kept) => string) => {
        const keeps = new Set(list.filter((one) => kept.has(one.id)).map(period));
        for (const one of among) expect(keeps).toContain(period(one));
      };
      covered(
        list.filter((one) => one.endedMs > NOW - RETENTION.daily * DAY),
        periods(10),
      );
      const last = (length: number, count: number) => {
        const names = [...new Set(list.map(periods(length)))].toSorted().toReversed().slice(0, count);
        return list.filter((one) => names.includes(periods(length)(one)));
      };
      covered(last(7, RETENTION.monthly), periods(7));
      covered(last(4, RETENTION.yearly), periods(4));
    }),
  );
});

test('no more is kept than the policy says, and what is kept is kept when asked again', () => {
  fc.assert(
    fc.property(backups, (list) => {
      const kept = classesOf(list, NOW);
      const count = (as: string) => [...kept.values()].filter((one) => one === as).length;
      // 35 days touch 36 dates; the newest and the newest proven one may be older.
      expect(count('daily')).toBeLessThanOrEqual(RETENTION.daily + 3);
      expect(count('monthly')).toBeLessThanOrEqual(RETENTION.monthly);
      expect(count('yearly')).toBeLessThanOrEqual(RETENTION.yearly);
      const again = classesOf(
        list.filter((one) => kept.has(one.id)),
        NOW,
      );
      expect(again).toEqual(kept);
    }),
  );
});

test('a nightly backup over seven years leaves 35 days, 13 months and 5 years', () => {
  const list = Array.from({ length: 7 * 365 }, (_, day): Kept => ({ id: String(day), endedMs: NOW - day * DAY, proven: day === 3 }));
  const kept = classesOf(list, NOW);
  const classes = Map.groupBy(kept.values(), (as) => as);
  expect([classes.get('daily')!.length, classes.get('monthly')!.length, classes.get('yearly')!.length]).toEqual([35, 11, 3]);
  const oldest = Math.max(...[...kept.keys()].map(Number));
  expect(beijingDate(NOW - oldest * DAY)).toBe('2022-12-31');
});
