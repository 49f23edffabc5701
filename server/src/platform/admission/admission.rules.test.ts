import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bandOf, judge, needsCapacity, nextLimit, WAIT_TARGET_MS, type AtWork } from './admission.rules.ts';

const bounds = { diversionFrom: 0.8, priorityFrom: 0.95 };
const at = (facts: Partial<AtWork['byClass']>, more: Partial<AtWork> = {}): AtWork => ({
  byClass: { submit: 0, handling: 0, query: 0, heavy: 0, ...facts },
  limit: 100,
  waiting: 0,
  ...more,
});

describe('the bands', () => {
  test('begin at four fifths and at nineteen twentieths', () => {
    expect([0, 0.5, 0.79, 0.8, 0.94, 0.95, 1.4].map((share) => bandOf(share, bounds))).toEqual([
      'normal',
      'normal',
      'normal',
      'diversion',
      'diversion',
      'priority',
      'priority',
    ]);
  });
});

describe('a request', () => {
  test('is served, whatever it is, while there is room', () => {
    for (const kind of ['submit', 'handling', 'query', 'heavy'] as const) expect(judge(kind, at({ query: 60 }), bounds)).toBe('serve');
  });

  test('that is heavy waits while work is diverted, behind those who wait, and never takes the whole house', () => {
    expect(judge('heavy', at({ query: 80 }), bounds)).toBe('wait');
    expect(judge('heavy', at({}, { waiting: 1 }), bounds)).toBe('wait');
    expect(judge('heavy', at({ heavy: 2 }), bounds)).toBe('wait');
    expect(judge('heavy', at({}, { waiting: 20 }), bounds)).toBe('shed');
    expect(judge('heavy', at({ query: 96 }), bounds)).toBe('shed');
  });

  test('that asks for a list is limited while work is diverted, and turned away above', () => {
    expect(judge('query', at({ handling: 65, query: 20 }), bounds)).toBe('serve');
    expect(judge('query', at({ handling: 55, query: 30 }), bounds)).toBe('shed');
    expect(judge('query', at({ handling: 95 }), bounds)).toBe('shed');
  });

  test('of handling is served beyond the limit, of filing farther beyond it', () => {
    expect(judge('handling', at({ query: 40, handling: 134 }), bounds)).toBe('serve');
    expect(judge('handling', at({ query: 40, handling: 135 }), bounds)).toBe('shed');
    expect(judge('submit', at({ submit: 70, handling: 120 }), bounds)).toBe('serve');
    expect(judge('submit', at({ submit: 80, handling: 120 }), bounds)).toBe('shed');
  });

  test('is never turned away where one that matters less would be served', () => {
    const count = fc.nat({ max: 90 });
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        fc.integer({ min: 8, max: 300 }),
        fc.nat({ max: 25 }),
        (submit, handling, query, heavy, limit, waiting) => {
          const now = at({ submit, handling, query, heavy }, { limit, waiting });
          const served = (['submit', 'handling', 'query', 'heavy'] as const).map((kind) => judge(kind, now, bounds) === 'serve');
          for (const [place, isServed] of served.entries()) if (isServed) expect(served.slice(0, place)).not.toContain(false);
        },
      ),
    );
  });
});

describe('the limit', () => {
  test('stays between its bounds, falls when requests wait and rises when it is used up', () => {
    fc.assert(
      fc.property(fc.double({ min: 8, max: 1000, noNaN: true }), fc.nat({ max: 1500 }), fc.nat({ max: 1000 }), (limit, peak, waitMs) => {
        const next = nextLimit(limit, { peak, waitMs }, 1000);
        expect(next).toBeGreaterThanOrEqual(8);
        expect(next).toBeLessThanOrEqual(1000);
        if (waitMs > WAIT_TARGET_MS) expect(next).toBeLessThanOrEqual(limit);
        else expect(next).toBeGreaterThanOrEqual(limit);
      }),
    );
  });

  test('finds what a machine can do that works off a thousand a second, from far below and from far above', () => {
    // A house where everybody waits as long as those before him take: at L at work the wait is L milliseconds.
    for (const start of [16, 1000]) {
      let limit = start;
      for (let tick = 0; tick < 300; tick++) limit = nextLimit(limit, { peak: limit, waitMs: limit }, 1000);
      expect(limit).toBeGreaterThan(WAIT_TARGET_MS * 0.85);
      expect(limit).toBeLessThan(WAIT_TARGET_MS * 1.1);
    }
  });
});

test('a limit that fell in a bad minute is back after some seconds of calm', () => {
  let limit: number = 8;
  for (let tick = 0; tick < 100; tick++) limit = nextLimit(limit, { peak: 1, waitMs: 3 }, 1000);
  expect(limit).toBeGreaterThanOrEqual(64);
  expect(limit).toBeLessThan(70);
});

test('capacity is asked for after ten minutes above normal, not after one', () => {
  expect(needsCapacity(null, 1e12)).toBe(false);
  expect(needsCapacity(1e12 - 60_000, 1e12)).toBe(false);
  expect(needsCapacity(1e12 - 600_000, 1e12)).toBe(true);
});
