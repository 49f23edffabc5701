import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RESPONSE_BOUNDS } from '#contracts/load/load.api.ts';
import { cityOf, quantile, spanOf } from './response.rules.ts';

const times = fc.array(fc.double({ min: 0, max: 90_000, noNaN: true }), { minLength: 1, maxLength: 400 });
function countsOf(all: readonly number[]): number[] {
  const counts = Array.from({ length: RESPONSE_BOUNDS.length + 1 }, () => 0);
  for (const ms of all) counts[spanOf(ms)]!++;
  return counts;
}

describe('a share of the answers', () => {
  test('stayed within a time of the same span as the true one', () => {
    fc.assert(
      fc.property(times, fc.constantFrom(0.5, 0.95, 0.99), (all, share) => {
        const sorted = all.toSorted((a, b) => a - b);
        const truth = sorted[Math.max(0, Math.ceil(sorted.length * share - 1e-9) - 1)]!;
        const told = quantile(countsOf(all), share, sorted.at(-1)!);
        const span = spanOf(truth);
        expect(told).toBeGreaterThanOrEqual((span === 0 ? 0 : RESPONSE_BOUNDS[span - 1]!) - 1e-9);
        expect(told).toBeLessThanOrEqual(Math.min(RESPONSE_BOUNDS[span] ?? Infinity, sorted.at(-1)!) + 1e-9);
      }),
    );
  });

  test('never took longer than the longest, and nothing where nothing was asked', () => {
    fc.assert(
      fc.property(times, (all) => {
        const most = Math.max(...all);
        expect(quantile(countsOf(all), 0.99, most)).toBeLessThanOrEqual(most);
      }),
    );
    expect(quantile(countsOf([]), 0.95, 0)).toBe(0);
  });
});

test('the city of a code is its first four digits, and none where it is no code of the province', () => {
  expect(['320102', '320102007', '3205.003.01', '320000', '110000', '', null].map(cityOf)).toEqual([
    '320100',
    '320100',
    '320500',
    '320000',
    '',
    '',
    '',
  ]);
});
