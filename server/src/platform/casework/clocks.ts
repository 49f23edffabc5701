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
const MEASURE: Readonly<Record<Limit['mode'], number>> = { minute: 60_000, hour: 3_600_000, workday: DAY };

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
  /** What extensions added; whole days for limits in working days. */
  readonly extendedMs: number;
  /** When it stopped, or since when it stands. */
  readonly stoppedMs: number | null;
  /** How it ended; null while it runs or stands. */
  readonly result: 'in-time' | 'late' | 'void' | null;
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
    extendedMs: 0,
    stoppedMs: null,
    result: null,
    nextStep: null,
    nextStepMs: null,
  };
  return { ...clock, ...nextStepOf(clock, facts, null, holidays) };
}

/** Whether a clock has not ended: it runs, or it stands. */
export function isOpen(clock: RunningClock): boolean {
  return clock.result === null;
}

export function isRunning(clock: RunningClock): boolean {
  return clock.stoppedMs === null;
}

/** The clock, stopped: in time up to and including its last second. One that stands was stopped when it began to stand. */
export function stopClock(clock: RunningClock, atMs: number): RunningClock {
  const stoppedMs = clock.stoppedMs ?? atMs;
  return { ...clock, stoppedMs, result: stoppedMs < clock.dueMs + 1000 ? 'in-time' : 'late', nextStep: null, nextStepMs: null };
}

/** The clock, ended without fulfilment: late where it was late by then, else void. */
export function endClock(clock: RunningClock, atMs: number): RunningClock {
  const stopped = stopClock(clock, atMs);
  return { ...stopped, result: stopped.result === 'late' ? 'late' : 'void' };
}

/** The clock, standing: it takes no steps until it is resumed. */
export function pauseClock(clock: RunningClock, atMs: number): RunningClock {
  return { ...clock, stoppedMs: atMs, nextStep: null, nextStepMs: null };
}

/** The clock with a longer limit: `amount` more of its own measure. Steps that are to come move, those told come again. */
export function extendClock(clock: RunningClock, amount: number, facts: ClockFacts, atMs: number, holidays: Holidays): RunningClock {
  const addedMs = amount * MEASURE[clock.rule.mode];
  const longer = { ...clock, extendedMs: clock.extendedMs + addedMs };
  const extended = withDue(longer, pushed(clock.rule, { dueMs: clock.dueMs, provisional: clock.provisional }, addedMs, holidays), holidays);
  return isRunning(extended) ? { ...extended, ...nextStepOf(extended, facts, null, holidays, atMs) } : extended;
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
  // Days move by whole days: a step may fall between the hour it stood still and this one, and is then taken at once.
  const movesByDays = (step: ClockStep) => clock.rule.mode === 'workday' || typeof step.at === 'object';
  const next = nextStepOf(resumed, facts, null, holidays, (step) => (movesByDays(step) ? stopped : atMs));
  return { ...resumed, nextStep: next.nextStep, nextStepMs: next.nextStepMs && Math.max(next.nextStepMs, atMs) };
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
  const again = withDue(clock, pushed(clock.rule, due, clock.pausedMs + clock.extendedMs, holidays), holidays);
  // Steps that were taken stay taken; the one that is awaited moves with the due date.
  const awaited = facts.steps.find((step) => step.name === clock.nextStep);
  if (again.dueMs === clock.dueMs && again.yellowMs === clock.yellowMs) return { ...again, nextStepMs: clock.nextStepMs };
  return { ...again, nextStepMs: awaited ? stepAt(again, awaited, holidays) : null };
}

/** When a step of this clock is to be taken. */
export function stepAt(clock: RunningClock, step: ClockStep, holidays: Holidays): number {
  if (step.at === 'yellow') return clock.yellowMs;
  if (typeof step.at === 'object') {
    // In the first minute after the last of these days, as what was due on a day is late in its next.
    return endOfDay(addWorkdays(beijingDate(clock.dueMs), step.at.workdaysAfterDue, holidays).day) + 1000;
  }
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
  holidays: Holidays,
  fromMs: number | ((step: ClockStep) => number) = clock.t0Ms,
): Pick<RunningClock, 'nextStep' | 'nextStepMs'> {
  const start = taken === null ? 0 : facts.steps.findIndex((step) => step.name === taken) + 1;
  for (const step of facts.steps.slice(start)) {
    const at = stepAt(clock, step, holidays);
    if (at >= (typeof fromMs === 'number' ? fromMs : fromMs(step))) return { nextStep: step.name, nextStepMs: at };
  }
  return { nextStep: null, nextStepMs: null };
}

/** The lamp of a due instant: green, yellow when little time is left, red after. */
export function lightOf(dueMs: number | null, yellowMs: number | null, nowMs: number): Light {
  if (dueMs === null || yellowMs === null) return 'none';
  if (nowMs >= dueMs + 1000) return 'red';
  return nowMs >= yellowMs ? 'yellow' : 'green';
}
