import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BURN_WINDOWS } from '#contracts/operations/slo.api.ts';
import { increase } from '../series/series.rules.ts';
import { budgetLeft, burnOf, burnRate, curveOf, EVENTS_AT_LEAST, risesOf, WINDOWS } from './slo.rules.ts';

test('a budget is spent at once the rate that the objective allows', () => {
  expect(burnRate({ all: 1000, bad: 1 }, 0.999)).toBeCloseTo(1);
  expect(burnRate({ all: 1000, bad: 0 }, 0.999)).toBe(0);
  expect(burnRate({ all: 0, bad: 0 }, 0.999)).toBeNull();
  expect(budgetLeft({ all: 1000, bad: 1 }, 0.999)).toBeCloseTo(0);
  expect(budgetLeft({ all: 1000, bad: 3 }, 0.999)).toBeCloseTo(-2);
  expect(budgetLeft({ all: 2000, bad: 1 }, 0.999)).toBeCloseTo(0.5);
});

test('at the rate of each window the share of a month that the workbook names is spent in it', () => {
  // 2 % in an hour, 5 % in six, 10 % in three days of thirty.
  const spent = { '1h': [14.4, 0.02], '6h': [6, 0.05], '3d': [1, 0.1] } as const;
  for (const window of BURN_WINDOWS) {
    const [rate, share] = spent[window];
    expect((rate * WINDOWS[window].longMs) / (30 * 86_400_000)).toBeCloseTo(share);
    expect(WINDOWS[window].longMs / WINDOWS[window].shortMs).toBe(12);
  }
});

test('both windows must burn, and little is not told', () => {
  const bad = { all: 1000, bad: 100 };
  const good = { all: 1000, bad: 0 };
  expect(burnOf(bad, bad, 0.99)).toBeCloseTo(10);
  // What is over does not alert any more; a spike does not yet.
  expect(burnOf(bad, good, 0.99)).toBe(0);
  expect(burnOf(good, bad, 0.99)).toBe(0);
  // Nobody came in the last minutes: nothing burns.
  expect(burnOf(bad, { all: 0, bad: 0 }, 0.99)).toBe(0);
  expect(burnOf({ all: EVENTS_AT_LEAST - 1, bad: 50 }, bad, 0.99)).toBeNull();
});

test('the curve ends where the whole month stands, whatever the days', () => {
  const day = fc.record({ all: fc.nat(1000), part: fc.double({ min: 0, max: 1, noNaN: true }) });
  fc.assert(
    fc.property(fc.array(day, { maxLength: 31 }), (told) => {
      const days = told.map(({ all, part }, at) => ({ day: `2026-06-${at + 1}`, all, bad: Math.floor(all * part) }));
      const sum = days.reduce((a, b) => ({ all: a.all + b.all, bad: a.bad + b.bad }), { all: 0, bad: 0 });
      expect(curveOf(days, 0.995).at(-1)?.left ?? null).toEqual(budgetLeft(sum, 0.995));
    }),
  );
});

const spanned = (spans: readonly (readonly number[])[]) =>
  spans.map((readings, at) => ({ fromMs: at, least: Math.min(...readings), greatest: Math.max(...readings), last: readings.at(-1)! }));
const sum = (rises: readonly { rise: number }[]) => rises.reduce((all, { rise }) => all + rise, 0);

test('a counter that began again within a span or between two rose by what it had and by what it shows', () => {
  expect(
    risesOf(
      spanned([
        [10, 12],
        [14, 15],
        [3, 3],
      ]),
    ).map(({ rise }) => rise),
  ).toEqual([2, 3, 3]);
  expect(
    risesOf(
      spanned([
        [10, 12],
        [14, 2],
      ]),
    ).map(({ rise }) => rise),
  ).toEqual([2, 4]);
  expect(risesOf([])).toEqual([]);
});

test('spans of a counter tell what its readings tell, and never more where it began again', () => {
  const steps = fc.array(fc.array(fc.record({ rise: fc.nat(50), again: fc.boolean() }), { minLength: 1, maxLength: 8 }), { maxLength: 12 });
  fc.assert(
    fc.property(steps, fc.boolean(), (told, everAgain) => {
      let value = 0;
      const spans = told.map((span) => span.map(({ rise, again }) => (value = (everAgain && again ? 0 : value) + rise)));
      const truth = spans.length === 0 || spans.flat().length < 2 ? 0 : increase(spans.flat());
      if (everAgain && spans.some(({ length }) => length > 1)) expect(sum(risesOf(spanned(spans)))).toBeLessThanOrEqual(truth);
      else expect(sum(risesOf(spanned(spans)))).toBe(truth);
    }),
  );
});
