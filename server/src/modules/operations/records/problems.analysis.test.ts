import { expect, test } from 'vitest';
import { monthsOf } from './problems.analysis.ts';

test('a span is cut into its months', () => {
  expect(monthsOf('2027-01-31', '2027-03-01')).toEqual([
    { from: '2027-01-31', to: '2027-01-31' },
    { from: '2027-02-01', to: '2027-02-28' },
    { from: '2027-03-01', to: '2027-03-01' },
  ]);
  expect(monthsOf('2026-12-05', '2026-12-05')).toEqual([{ from: '2026-12-05', to: '2026-12-05' }]);
});
