import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClockFacts } from '#contracts/base/lifecycle.ts';
import { beijing, shippedHolidays } from '#server/kernel/calendar.testing.ts';
import { nextStepOf, pauseClock, resumeClock, startClock, stopClock, type RunningClock } from './clocks.ts';
import { brokenPromises, GRACE_MS } from './promises.ts';

const holidays = shippedHolidays();
const told = { zh: '提醒', en: 'Told' };
const facts: ClockFacts = {
  name: { zh: '办理', en: 'Handle' },
  startsOn: ['dispatch'],
  stopsOn: ['reply'],
  limit: 'handle',
  steps: [
    { name: 'yellow', at: 'yellow', told },
    { name: 'overdue', at: 1, told },
    { name: 'overdue-2', at: { workdaysAfterDue: 1 }, told },
  ],
};
const HOUR = 3_600_000;
const rule = fc.oneof(
  fc.integer({ min: 1, max: 72 }).map((amount) => ({ id: 1, version: 1, mode: 'hour' as const, amount })),
  fc.integer({ min: 1, max: 15 }).map((amount) => ({ id: 2, version: 1, mode: 'workday' as const, amount })),
);
const t0 = fc.integer({ min: beijing('2025-01-01 00:00'), max: beijing('2026-09-01 00:00') });
const span = fc.integer({ min: 60_000, max: 40 * 24 * HOUR });

/** A clock whose steps are taken when they are due, and what was taken. */
function run(clock: RunningClock, taken: Set<string>, untilMs: number): RunningClock {
  let running = clock;
  while (running.nextStepMs !== null && running.nextStepMs <= untilMs) {
    taken.add(running.nextStep!);
    running = { ...running, ...nextStepOf(running, facts, running.nextStep, holidays) };
  }
  return running;
}

describe('the promises of a clock', () => {
  it('are found kept while every step is taken, however often the clock stands', () => {
    fc.assert(
      fc.property(t0, rule, fc.array(fc.tuple(span, span), { maxLength: 4 }), (t0Ms, limit, spans) => {
        const taken = new Set<string>();
        let now = t0Ms;
        let clock = startClock('handle', 1, facts, limit, t0Ms, holidays);
        for (const [runs, stands] of spans) {
          now += runs;
          clock = run(clock, taken, now);
          expect(brokenPromises(clock, facts, taken, now, holidays)).toEqual([]);
          clock = pauseClock(clock, now);
          now += stands;
          expect(brokenPromises(clock, facts, taken, now, holidays)).toEqual([]);
          clock = run(resumeClock(clock, now, facts, holidays), taken, now);
          expect(brokenPromises(clock, facts, taken, now, holidays)).toEqual([]);
        }
        clock = stopClock(run(clock, taken, now + HOUR), now + HOUR);
        expect(brokenPromises(clock, facts, taken, now + 90 * 24 * HOUR, holidays)).toEqual([]);
      }),
    );
  });

  it('are found broken where the next step is past and nobody took it, after a grace', () => {
    fc.assert(
      fc.property(t0, rule, (t0Ms, limit) => {
        const clock = startClock('handle', 1, facts, limit, t0Ms, holidays);
        const at = (ms: number) => brokenPromises(clock, facts, new Set(), ms, holidays);
        expect(at(clock.yellowMs + GRACE_MS)).toEqual([]);
        expect(at(clock.yellowMs + GRACE_MS + 1)).toEqual([{ kind: 'overdue', step: 'yellow', promisedMs: clock.yellowMs }]);
      }),
    );
  });

  it('are found broken where a step was passed over, where none is kept, and where its instant is not the table’s', () => {
    const clock = startClock('handle', 1, facts, { id: 2, version: 1, mode: 'workday', amount: 5 }, beijing('2026-03-02 10:00'), holidays);
    const kinds = (changed: Partial<RunningClock>, taken: readonly string[], nowMs: number) =>
      brokenPromises({ ...clock, ...changed }, facts, new Set(taken), nowMs, holidays).map(({ kind, step }) => `${kind} ${step}`);
    const before = clock.yellowMs - HOUR;
    expect(kinds({ nextStep: null, nextStepMs: null }, [], before)).toEqual(['lost yellow', 'lost overdue', 'lost overdue-2']);
    expect(kinds({ nextStepMs: clock.yellowMs + HOUR }, [], before)).toEqual(['misplaced yellow']);
    const overdue = { nextStep: 'overdue', nextStepMs: clock.dueMs + 1000 };
    expect(kinds(overdue, [], clock.dueMs)).toEqual(['untaken yellow']);
    expect(kinds(overdue, ['yellow'], clock.dueMs)).toEqual([]);
    // One that was stopped in time owes what came before it was.
    const stopped = { nextStep: null, nextStepMs: null, stoppedMs: clock.dueMs - 1000, result: 'in-time' as const };
    expect(kinds(stopped, [], clock.dueMs + 99 * HOUR)).toEqual(['untaken yellow']);
  });
});
