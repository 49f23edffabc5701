import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gapsIn, missingOf, needless, nextSegment, placeOf } from './wal.rules.ts';

const MB16 = 16 * 1024 * 1024;

/** Segments of one timeline from a place on. */
function run(count: number, from = '000000010000000000000001', segmentBytes = MB16): string[] {
  const names = [from];
  while (names.length < count) names.push(nextSegment(names.at(-1)!, segmentBytes));
  return names;
}

test('after the last segment of a log comes the first of the next one', () => {
  expect(nextSegment('0000000100000000000000FF', MB16)).toBe('000000010000000100000000');
  expect(nextSegment('000000030000000A00000003', 1024 * 1024 * 1024)).toBe('000000030000000B00000000');
});

test('what follows is one place further, for every size PostgreSQL knows', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 1, max: 300 }), (power, count) => {
      const bytes = 1024 * 1024 * 2 ** power;
      const names = run(count, undefined, bytes);
      expect(names.map((name) => placeOf(name, bytes))).toEqual(names.map((_, place) => placeOf(names[0]!, bytes) + place));
      expect(names.toSorted()).toEqual(names);
    }),
  );
});

test('every segment that is taken away is missed, and no other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 600 }), fc.array(fc.nat(), { maxLength: 20 }), (count, taken) => {
      const names = run(count);
      // The first and the last stand: what lies beyond them nobody knows.
      const gone = new Set(taken.map((one) => names[1 + (one % (count - 2))]!));
      const left = names.filter((name) => !gone.has(name));
      expect(gapsIn(left, MB16).reduce((sum, gap) => sum + gap.missing, 0)).toBe(gone.size);
      expect(missingOf({ from: names[0]!, to: names.at(-1)! }, new Set(left), MB16)).toEqual([...gone].toSorted());
    }),
  );
});

test('a new timeline that begins where the old one was left is no gap', () => {
  expect(
    gapsIn(['000000010000000000000001', '000000010000000000000002', '000000020000000000000002', '000000020000000000000003'], MB16),
  ).toEqual([]);
});

test('what a kept backup needs of the log is never needless', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.array(fc.record({ from: fc.nat(399), length: fc.nat(5), open: fc.boolean() }), { maxLength: 6 }),
      (count, stretches) => {
        const names = run(count);
        const all = run(400);
        const needed = stretches.map(({ from, length, open }) => ({
          from: all[from]!,
          to: open ? null : all[Math.min(399, from + length)]!,
        }));
        const gone = new Set(needless(names, needed, MB16));
        if (needed.length === 0) expect(gone.size).toBe(0);
        else
          for (const name of names)
            expect(gone.has(name)).toBe(!needed.some(({ from, to }) => name >= from && (to === null || name <= to)));
      },
    ),
  );
});

test('a segment of another timeline in a needed stretch is kept', () => {
  expect(needless(['000000020000000000000005'], [{ from: '000000010000000000000004', to: null }], MB16)).toEqual([]);
});
