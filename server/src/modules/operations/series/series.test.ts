import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { condense, gridAt, increase, labelsOf, labelText, merge, STEP_MS } from './series.rules.ts';

const reading = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -1000, max: 1000 }) }, { weight: 1, arbitrary: fc.constant(NaN) });
const readings = fc.array(reading, { maxLength: 60 });

describe('condensing', () => {
  test('in two steps tells the same as in one, wherever the readings are cut', () => {
    fc.assert(
      fc.property(fc.array(readings, { maxLength: 8 }), (parts) => {
        expect(merge(parts.map(condense))).toEqual(condense(parts.flat()));
      }),
    );
  });

  test('tells how many there were, the least, the greatest, their sum and the last', () => {
    expect(condense([NaN, 3, -1, NaN, 2])).toEqual({ count: 3, least: -1, greatest: 3, sum: 4, last: 2 });
    expect(condense([NaN, NaN])).toEqual({ count: 0, least: NaN, greatest: NaN, sum: NaN, last: NaN });
  });
});

describe('a counter', () => {
  test('rose by the sum of its steps, however often its process began again', () => {
    const step = fc.record({ by: fc.nat(50), restarts: fc.boolean() });
    fc.assert(
      fc.property(fc.nat(50), fc.array(step, { minLength: 1, maxLength: 40 }), (first, steps) => {
        const shown = [first];
        // A new beginning that is seen no lower than the end before it cannot be told from none.
        for (const { by, restarts } of steps) shown.push(restarts && by < shown.at(-1)! ? by : shown.at(-1)! + by);
        expect(increase(shown)).toBe(steps.reduce((sum, { by }) => sum + by, 0));
      }),
    );
  });

  test('rose by the last less the first, whatever was missed between', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ by: fc.nat(50), missed: fc.boolean() }), { maxLength: 40 }), (steps) => {
        let shown = 0;
        const told = steps.map(({ by, missed }) => ((shown += by), missed ? NaN : shown));
        const seen = told.filter((value) => !Number.isNaN(value));
        expect(increase(told)).toBe(seen.length < 2 ? NaN : seen.at(-1)! - seen[0]!);
      }),
    );
  });

  test('that began again counts what it shows since', () => {
    expect(increase([10, 15, 3, NaN, 4])).toBe(9);
    expect(increase([7])).toBeNaN();
  });
});

test('an instant of the grid is never later and less than a step earlier', () => {
  fc.assert(
    fc.property(fc.nat(), (ms) => {
      const at = gridAt(ms);
      expect(at % STEP_MS).toBe(0);
      expect(ms - at).toBeGreaterThanOrEqual(0);
      expect(ms - at).toBeLessThan(STEP_MS);
    }),
  );
});

test('labels are read as they were written, whatever is in them, and in one order', () => {
  const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
  fc.assert(
    fc.property(fc.dictionary(name, fc.string({ unit: 'binary', maxLength: 12 }), { maxKeys: 4 }), (labels) => {
      expect(labelsOf(labelText(labels))).toEqual({ ...labels });
      expect(labelText(Object.fromEntries(Object.entries(labels).toReversed()))).toBe(labelText(labels));
    }),
  );
});
