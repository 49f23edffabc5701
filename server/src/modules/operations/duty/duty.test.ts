import { describe, expect, test } from 'vitest';
import { faultCalls, follows, overlaps, spansOf } from './duty.rules.ts';

const HOUR = 3_600_000;
const span = (from: number, to: number) => ({ fromMs: from * HOUR, toMs: to * HOUR });

describe('shifts', () => {
  test.each([
    ['one day', span(0, 8), 1, [span(0, 8)]],
    ['the same hours of three days', span(20, 32), 3, [span(20, 32), span(44, 56), span(68, 80)]],
    ['a whole week at once', span(0, 168), 1, [span(0, 168)]],
    ['longer than a week', span(0, 169), 1, null],
    ['backwards', span(8, 8), 1, null],
    ['longer than a day, repeated', span(0, 25), 2, null],
  ] as const)('%s', (_, first, days, spans) => {
    expect(spansOf(first, days)).toEqual(spans);
  });

  test('that touch do not overlap', () => {
    expect(overlaps([span(0, 8)], [span(8, 16), span(-8, 0)])).toBe(false);
    expect(overlaps([span(0, 8)], [span(16, 24), span(7, 9)])).toBe(true);
  });

  test.each([
    ['begins as the other ends', span(8, 16), true],
    ['begins before the other ends, and goes on', span(7, 16), true],
    ['begins twelve hours later', span(20, 28), true],
    ['begins later than that', span(21, 28), false],
    ['ends with the other', span(0, 8), false],
  ] as const)('one that %s follows: %s', (_, next, does) => {
    expect(follows(next, span(0, 8))).toBe(does);
  });
});

test('a fault reaches the first line at once, the others as their limits run out, the soonest first', () => {
  const limits = [
    { clock: 'owner', mode: 'hour', amount: 2 },
    { clock: 'respond', mode: 'minute', amount: 15 },
    { clock: 'manager', mode: 'minute', amount: 30 },
    { clock: 'fix', mode: 'hour', amount: 4 },
    // Nobody is escalated to by these.
    { clock: 'on-site', mode: 'hour', amount: 1 },
    { clock: 'inform', mode: 'hour', amount: 2 },
  ];
  expect(faultCalls(2, limits).map(({ clock, line, paged }) => [clock, line, paged])).toEqual([
    [null, 1, true],
    ['respond', 3, true],
    ['manager', 3, true],
    ['owner', 4, true],
    ['fix', 3, true],
  ]);
  expect(faultCalls(4, []).map(({ line, paged }) => [line, paged])).toEqual([[1, false]]);
});
