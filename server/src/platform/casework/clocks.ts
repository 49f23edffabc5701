import type { ClockFacts, ClockStep } from '#contracts/base/lifecycle.ts';
import {
  addWorkdays,
  beijingDate,
  dueAfter,
  endOfDay,
  workdaysBetween,
  yellowAt,
  type Due,
  type Holidays,
  type Limit,
} from '#server/kernel/calendar.ts';

const DAY = 86_400_000;

/** The rule a clock was started by; kept with it, so that a later rule never changes it. */
export interface ClockRule extends Limit {
  readonly id: number;
  readonly version: number;
}

/** A clock of a case. Instants in milliseconds since 1970. */
export interface RunningClock {
  readonly name: string;
  readonly no: number;
  readonly rule: ClockRule;
  readonly t0Ms: number;
  readonly dueMs: number;
  readonly yellowMs: number;
  readonly provisional: boolean;
  /** How long it stood; whole days for limits in working days. */
  readonly pausedMs: number;
  readonly stoppedMs: number | null;
  readonly result: 'in-time' | 'late' | null;
  readonly nextStep: string | null;
  readonly nextStepMs: number | null;
}

export type Light = 'none' | 'green' | 'yellow' | 'red';

/** A clock that starts now. */
export function startClock(name: string, no: number, facts: ClockFacts, rule: ClockRule, t0Ms: number, holidays: Holidays): RunningClock {
  const due = dueAfter(t0Ms, rule, holidays);
  const clock: RunningClock = {
    name,
    no,
    rule,
    t0Ms,
    dueMs: due.dueMs,
    yellowMs: yellowAt(t0Ms, due, rule, holidays),
    provisional: due.provisional,
    pausedMs: 0,
    stoppedMs: null,
    result: null,
    nextStep: null,
    nextStepMs: null,
  };
  return { ...clock, ...nextStepOf(clock, facts, null) };
}

/** The clock, stopped: in time up to and including its last second. */
export function stopClock(clock: RunningClock, atMs: number): RunningClock {
  return { ...clock, stoppedMs: atMs, result: atMs < clock.dueMs + 1000 ? 'in-time' : 'late', nextStep: null, nextStepMs: null };
}

/**
 * The clock, running again. The time it stood does not count: in hours it is added to the due instant,
 * in working days the due day moves by the working days that passed meanwhile.
 */
export function resumeClock(clock: RunningClock, atMs: number, facts: ClockFacts, holidays: Holidays): RunningClock {
  const stopped = clock.stoppedMs ?? atMs;
  const stoodMs =
    clock.rule.mode === 'workday' ? workdaysBetween(beijingDate(stopped), beijingDate(atMs), holidays) * DAY : Math.max(0, atMs - stopped);
  const running = { ...clock, stoppedMs: null, result: null, pausedMs: clock.pausedMs + stoodMs };
  const resumed = withDue(running, pushed(clock.rule, { dueMs: clock.dueMs, provisional: clock.provisional }, stoodMs, holidays), holidays);
  return { ...resumed, ...nextStepOf(resumed, facts, null, atMs) };
}

/** A due instant moved by the time a clock stood; for limits in working days that time is whole working days. */
function pushed(rule: ClockRule, due: Due, stoodMs: number, holidays: Holidays): Due {
  if (rule.mode !== 'workday') return { dueMs: due.dueMs + stoodMs, provisional: due.provisional };
  const moved = addWorkdays(beijingDate(due.dueMs), Math.round(stoodMs / DAY), holidays);
  return { dueMs: endOfDay(moved.day), provisional: due.provisional || moved.provisional };
}

function withDue(clock: RunningClock, due: Due, holidays: Holidays): RunningClock {
  return { ...clock, ...due, yellowMs: yellowAt(countedFrom(clock), due, clock.rule, holidays) };
}

/** Where the limit begins as if it ran in one piece up to the due instant: standing moves it on, or parts of it would grow. */
function countedFrom(clock: RunningClock): number {
  return clock.t0Ms + clock.pausedMs;
}

/**
 * The clock with its due date computed anew, when the calendar of a year it reaches into was published.
 * The time it stood is added again.
 */
export function recomputeClock(clock: RunningClock, facts: ClockFacts, holidays: Holidays): RunningClock {
  const due = dueAfter(clock.t0Ms, clock.rule, holidays);
  const again = withDue(clock, pushed(clock.rule, due, clock.pausedMs, holidays), holidays);
  // Steps that were taken stay taken; the one that is awaited moves with the due date.
  const awaited = facts.steps.find((step) => step.name === clock.nextStep);
  return { ...again, nextStepMs: awaited ? stepAt(again, awaited) : null };
}

/** When a step of this clock is to be taken. */
export function stepAt(clock: RunningClock, step: ClockStep): number {
  if (step.at === 'yellow') return clock.yellowMs;
  const from = countedFrom(clock);
  const at = from + (clock.dueMs - from) * step.at;
  // The limit's last second still belongs to the limit.
  return Math.round(step.at === 1 ? clock.dueMs + 1000 : at);
}

/** The step after `taken` (null: the first), not before `fromMs`. */
export function nextStepOf(
  clock: RunningClock,
  facts: ClockFacts,
  taken: string | null,
  fromMs = clock.t0Ms,
): Pick<RunningClock, 'nextStep' | 'nextStepMs'> {
  const start = taken === null ? 0 : facts.steps.findIndex((step) => step.name === taken) + 1;
  for (const step of facts.steps.slice(start)) {
    const at = stepAt(clock, step);
    if (at >= fromMs) return { nextStep: step.name, nextStepMs: at };
  }
  return { nextStep: null, nextStepMs: null };
}

/** The lamp of a due instant: green, yellow when little time is left, red after. */
export function lightOf(dueMs: number | null, yellowMs: number | null, nowMs: number): Light {
  if (dueMs === null || yellowMs === null) return 'none';
  if (nowMs >= dueMs + 1000) return 'red';
  return nowMs >= yellowMs ? 'yellow' : 'green';
}
