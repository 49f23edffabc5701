import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertLevel, Judgement } from '#contracts/operations/alerts.api.ts';
import {
  FLAPS,
  GOOD_READINGS,
  inhibitedBy,
  initialState,
  judge,
  maskTarget,
  noiseAdvice,
  SILENT_MS,
  turn,
  type AlertState,
  type Turn,
} from './alerts.rules.ts';

const STEP = 15_000;
const disk: { judgement: Judgement; forSeconds: number } = {
  judgement: { kind: 'static', op: 'above', bound: 80, back: 75 },
  forSeconds: 60,
};

/** Every turn that readings a step apart bring, with the place of the reading. */
function walk(rule: typeof disk, readings: readonly number[], state: AlertState = initialState(0)) {
  const turns: { at: number; turn: Turn }[] = [];
  for (const [at, reading] of readings.entries()) {
    const after = turn(rule, state, reading, at * STEP);
    ({ state } = after);
    if (after.turn) turns.push({ at, turn: after.turn });
  }
  return { turns, state };
}
const times = (count: number, value: number) => Array.from({ length: count }, () => value);

describe('a reading', () => {
  test('is bad over the bound, good behind the one it must come back to, and neither between them', () => {
    expect([81, 80, 76, 75, 10, NaN].map((value) => judge(disk.judgement, value))).toEqual([
      'bad',
      'between',
      'between',
      'good',
      'good',
      'silent',
    ]);
    const free: Judgement = { kind: 'static', op: 'below', bound: 5 };
    expect([4, 5, 6].map((value) => judge(free, value))).toEqual(['bad', 'good', 'good']);
    expect([3, NaN].map((value) => judge({ kind: 'absence' }, value))).toEqual(['good', 'bad']);
  });
});

describe('an alert', () => {
  test('opens once it was bad for as long as its rule asks, at the very reading', () => {
    expect(walk(disk, times(5, 90)).turns).toEqual([{ at: 4, turn: 'opened' }]);
    expect(walk(disk, [...times(4, 90), 70, ...times(4, 90)]).turns).toEqual([]);
    expect(walk({ ...disk, forSeconds: 0 }, [90]).turns).toEqual([{ at: 0, turn: 'opened' }]);
  });

  test('ends after three good readings in a row, not after readings on the edge', () => {
    const opened = times(5, 90);
    expect(walk(disk, [...opened, 70, 70, 70]).turns.at(-1)).toEqual({ at: 7, turn: 'ended' });
    expect(walk(disk, [...opened, 70, 70, 78, 70, 70]).turns).toHaveLength(1);
    expect(walk(disk, [...opened, ...times(50, 78)]).turns).toHaveLength(1);
  });

  test('that opened five times within the hour stays open until it was good for a quarter of an hour', () => {
    const rule = { ...disk, forSeconds: 0 };
    const often = Array.from({ length: FLAPS }, () => [90, 70, 70, 70]).flat();
    const { turns, state } = walk(rule, [...often, ...times(20, 70)]);
    expect(turns.filter((one) => one.turn === 'opened')).toHaveLength(FLAPS);
    expect(state.phase).toBe('firing');
    expect(walk(rule, [...often, ...times(60, 70)]).turns.at(-1)).toEqual({ at: (FLAPS - 1) * 4 + 1 + 60, turn: 'ended' });
  });

  test('of a series that fell silent ends when its last word is five minutes old, and not before', () => {
    const { turns } = walk(disk, [...times(5, 90), ...times(40, NaN)]);
    expect(turns).toEqual([
      { at: 4, turn: 'opened' },
      { at: 4 + SILENT_MS / STEP, turn: 'ended' },
    ]);
  });

  test('opens and ends in turn, opens only on a bad reading, ends only after good ones', () => {
    const reading = fc.constantFrom(90, 78, 70, NaN);
    const forSeconds = fc.constantFrom(0, 15, 60);
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 200 }), forSeconds, (readings, seconds) => {
        const { turns, state } = walk({ ...disk, forSeconds: seconds }, readings);
        turns.forEach((one, place) => expect(one.turn).toBe(place % 2 ? 'ended' : 'opened'));
        expect(state.phase === 'firing').toBe(turns.length % 2 === 1);
        for (const { at, turn: what } of turns) {
          if (what === 'opened') {
            expect(readings[at]).toBe(90);
            // Nothing but bad readings and silence since the rule's time began.
            const since = readings.slice(Math.max(0, at - seconds / 15), at);
            expect(since.every((value) => value === 90 || Number.isNaN(value))).toBe(true);
          } else if (!Number.isNaN(readings[at]!)) {
            const told = readings.slice(0, at + 1).filter((value) => !Number.isNaN(value));
            expect(told.slice(-GOOD_READINGS).every((value) => value === 70)).toBe(true);
          }
        }
      }),
    );
  });
});

describe('an alert that follows from another', () => {
  const below: Readonly<Record<string, readonly string[]>> = { console: ['web', 'database', 'host'], database: ['host'], host: [] };
  const under = (asset: string) => new Set(below[asset] ?? []);
  const on = (asset: string | null, level: AlertLevel) => ({ rule: `${asset}-down`, level, labels: {}, asset });

  test('is held back where what it stands on has one as grave, not where that is slighter or stands on it', () => {
    expect(inhibitedBy(on('console', 'P2'), [on('host', 'P1')], under)).toEqual(on('host', 'P1'));
    expect(inhibitedBy(on('console', 'P1'), [on('host', 'P3')], under)).toBeNull();
    expect(inhibitedBy(on('host', 'P1'), [on('console', 'P1')], under)).toBeNull();
    expect(inhibitedBy(on(null, 'P1'), [on('host', 'P1')], under)).toBeNull();
    expect(inhibitedBy(on('host', 'P1'), [on('host', 'P1')], under)).toBeNull();
  });
});

describe('the review of noise', () => {
  const month = {
    rule: 'host-load',
    zh: '负载',
    en: 'Load',
    opened: 20,
    hushed: 0,
    acknowledged: 20,
    recorded: 0,
    brief: 0,
    flapping: 0,
    repeated: 0,
    useful: 20,
    noise: 0,
    minutes: 12,
  };
  test.each([
    [{}, []],
    [{ useful: 18, noise: 2 }, []],
    [{ useful: 17, noise: 3 }, ['threshold']],
    [{ useful: 9, noise: 11 }, ['disable']],
    [{ useful: 0, noise: 0 }, ['judge']],
    [{ brief: 11 }, ['longer']],
    [{ opened: 3, brief: 3 }, []],
    [{ flapping: 1, repeated: 15 }, ['back', 'cause']],
  ] as const)('%j asks for %j', (figures, advice) => {
    expect(noiseAdvice({ ...month, ...figures })).toEqual(advice);
  });
});

test.each([
  ['sms', '13900001234', '139****1234'],
  ['sms', '+8613900001234', '+86139****1234'],
  ['sms', '12345', '****'],
  ['sms', 'line:1', 'line:1'],
  ['mail', 'yunwei@minsheng.test', 'y***@minsheng.test'],
  ['webhook', 'https://hook.minsheng.test/robot?token=abc', 'https://hook.minsheng.test/…'],
])('a message by %s to %s is shown as sent to %s', (channel, target, shown) => {
  expect(maskTarget(channel, target)).toBe(shown);
});
