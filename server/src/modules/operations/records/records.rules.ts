import type { ClockFacts, ClockStep } from '#contracts/base/lifecycle.ts';
import { kindFacts, RECORD_KINDS } from '#contracts/operations/records/records.lifecycles.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import { nextStepOf, recomputeClock, startClock, stepAt, type RunningClock } from '#server/platform/casework/index.ts';

/** The clocks of each kind, for who audits their promises. */
export const recordClockTables: Readonly<Record<string, Readonly<Record<string, ClockFacts>>>> = Object.fromEntries(
  RECORD_KINDS.map((kind) => [kind, kindFacts(kind).lifecycle.clocks]),
);

/** The level of a problem from its review: impact (1-5) by urgency (1-5), with what its risk adds (DOMAIN §5.2). */
export function levelOf(impact: number, urgency: number, risk: number): 1 | 2 | 3 | 4 {
  const score = impact * urgency + risk;
  if (score >= 20) return 1;
  if (score >= 12) return 2;
  return score >= 6 ? 3 : 4;
}

/**
 * A clock of a regraded fault: as long as its new level says, from the first instant of the former one, without what that stood.
 * Of the steps that are past by then the last is taken at once; the others are given as `passed`.
 */
export function sinceFirst(
  fresh: RunningClock,
  former: RunningClock,
  facts: ClockFacts,
  atMs: number,
  holidays: Holidays,
): { clock: RunningClock; passed: string[] } {
  const begun = startClock(fresh.name, fresh.no, facts, fresh.rule, former.t0Ms, holidays);
  const clock = recomputeClock({ ...begun, pausedMs: former.pausedMs }, facts, holidays);
  const past = facts.steps.filter((step) => stepAt(clock, step, holidays) < atMs);
  const last = past.at(-1);
  if (!last) return { clock: { ...clock, ...nextStepOf(clock, facts, null, holidays, atMs) }, passed: [] };
  return { clock: { ...clock, nextStep: last.name, nextStepMs: atMs }, passed: past.slice(0, -1).map((step) => step.name) };
}

/** To whom a step brings a record: a problem's limit by its parts, a fault's by its own clocks (DOMAIN §5.1-5.2). */
export function escalatedTo(clock: string, step: ClockStep): 'specialist' | 'manager' | 'owner' {
  if (clock === 'resolve') return step.name === 'half' ? 'specialist' : step.name === 'most' ? 'manager' : 'owner';
  return clock === 'owner' ? 'owner' : 'manager';
}
