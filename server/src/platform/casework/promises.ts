import type { ClockFacts } from '#contracts/base/lifecycle.ts';
import type { FaultKind } from '#contracts/promises/promises.api.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import { isRunning, stepAt, type RunningClock } from './clocks.ts';

/** A promise that is not kept: a step of a clock, and when it was or is to be taken. */
export interface BrokenPromise {
  readonly kind: FaultKind;
  readonly step: string;
  readonly promisedMs: number;
}

/** A step may be this late before anybody is told: the scheduler looks every five seconds, and a restart takes a minute. */
export const GRACE_MS = 180_000;

/**
 * What a clock's table promises against what was done: `taken` are the names of its steps that were taken.
 *
 * Nothing is asked of the scheduler: the instants are computed anew from the clock and its table.
 */
export function brokenPromises(
  clock: RunningClock,
  facts: ClockFacts,
  taken: ReadonlySet<string>,
  nowMs: number,
  holidays: Holidays,
): BrokenPromise[] {
  const until = (clock.stoppedMs ?? nowMs) - GRACE_MS;
  const next = facts.steps.findIndex((step) => step.name === clock.nextStep);
  return facts.steps.flatMap((step, index): BrokenPromise[] => {
    const promisedMs = stepAt(clock, step, holidays);
    const found = (kind: FaultKind, ms = promisedMs) => [{ kind, step: step.name, promisedMs: ms }];
    if (index === next) {
      const storedMs = clock.nextStepMs ?? 0;
      if (storedMs < nowMs - GRACE_MS) return found('overdue', storedMs);
      return storedMs > nowMs && Math.abs(storedMs - promisedMs) > 1000 ? found('misplaced', storedMs) : [];
    }
    // The clock of a part may begin when some of its steps have passed; those were never promised to it.
    if (promisedMs <= until && (next === -1 || index < next)) return taken.has(step.name) || facts.aside ? [] : found('untaken');
    return promisedMs > nowMs && next === -1 && isRunning(clock) ? found('lost') : [];
  });
}
