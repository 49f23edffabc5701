import type { ClockFacts } from '#contracts/base/lifecycle.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import {
  endClock,
  isOpen,
  isRunning,
  pauseClock,
  resumeClock,
  startClock,
  stopClock,
  type ClockRule,
  type RunningClock,
} from './clocks.ts';

/** The clocks of a kind of case, by name. */
export type ClockTable = Readonly<Record<string, ClockFacts>>;

/** The clocks that start when this happened and the case now stands there. */
export function clocksToStart(table: ClockTable, trigger: string, state: string): string[] {
  return Object.keys(table).filter((name) => table[name]!.startsOn.includes(trigger) && mayRunIn(table[name]!, state));
}

function mayRunIn(facts: ClockFacts, state: string): boolean {
  return facts.within === undefined || facts.within.includes(state);
}

/**
 * The clocks after something happened to a case that now stands in `state`: those it fulfils, those its leaving ends,
 * those that stand or go on, and those it starts (with the rule in force; null: this case has no such clock). Pure; `clocks`
 * are all clocks of the case.
 */
export function turnClocks<C extends RunningClock>(
  table: ClockTable,
  clocks: readonly C[],
  trigger: string,
  state: string,
  atMs: number,
  rules: ReadonlyMap<string, ClockRule | null>,
  holidays: Holidays,
): { fresh: RunningClock[]; changed: C[]; all: RunningClock[] } {
  const met = clocks.map((clock) => turned(table, clock, clocks, trigger, state, atMs, holidays));
  const wanted = clocksToStart(table, trigger, state);
  const starting = wanted.filter(
    (name) => rules.get(name) !== null && (table[name]!.renews || !met.some((clock) => clock.name === name && isOpen(clock))),
  );
  // Begun anew, so the former ends; also where it has no limit any more.
  const ended = wanted.filter((name) => table[name]!.renews);
  const kept = met.map((clock) => (isOpen(clock) && ended.includes(clock.name) ? { ...clock, ...endClock(clock, atMs) } : clock));
  const changed = kept.filter((clock, place) => clock !== clocks[place]);
  const fresh = starting.map((name) => {
    const rule = rules.get(name);
    if (!rule) throw new Error(`No rule was given for the clock ${name}`);
    return startClock(name, clocks.filter((clock) => clock.name === name).length + 1, table[name]!, rule, atMs, holidays);
  });
  return { fresh, changed, all: [...kept, ...fresh] };
}

function turned<C extends RunningClock>(
  table: ClockTable,
  clock: C,
  clocks: readonly C[],
  trigger: string,
  state: string,
  atMs: number,
  holidays: Holidays,
): C {
  const facts = table[clock.name]!;
  if (!isOpen(clock)) {
    const goesOn = facts.reopensOn?.includes(trigger) && clock.result !== 'void' && isLast(clock, clocks) && mayRunIn(facts, state);
    return goesOn ? { ...clock, ...resumeClock(clock, atMs, facts, holidays) } : clock;
  }
  const leaves = !mayRunIn(facts, state);
  if (facts.stopsOn.includes(trigger) || (leaves && facts.metBy?.includes(trigger))) return { ...clock, ...stopClock(clock, atMs) };
  // A window in which something might have been done is never late.
  if (leaves) return { ...clock, ...endClock(clock, atMs), ...(isWindow(facts) ? { result: 'void' as const } : {}) };
  if (isRunning(clock) && facts.pausesOn?.includes(trigger)) return { ...clock, ...pauseClock(clock, atMs) };
  if (!isRunning(clock) && facts.resumesOn?.includes(trigger)) return { ...clock, ...resumeClock(clock, atMs, facts, holidays) };
  return clock;
}

/** A clock without steps promises nothing: it is a time in which something may be done. */
function isWindow(facts: ClockFacts): boolean {
  return facts.steps.length === 0;
}

function isLast(clock: RunningClock, clocks: readonly RunningClock[]): boolean {
  return !clocks.some((other) => other.name === clock.name && other.no > clock.no);
}

/** What a case's own row keeps of its clocks, for lists and lamps. */
export interface CaseDue {
  readonly due_clock: string | null;
  readonly due_at: Date | null;
  readonly yellow_at: Date | null;
  readonly due_provisional: boolean;
}

/** What the case's own row says of its clocks: the running one that is due next; those aside do not light its lamp. */
export function dueOf(table: ClockTable, clocks: readonly RunningClock[]): CaseDue {
  const [next] = clocks
    .filter((clock) => isRunning(clock) && !table[clock.name]!.aside)
    .toSorted((a, b) => a.dueMs - b.dueMs || a.name.localeCompare(b.name));
  return {
    due_clock: next?.name ?? null,
    due_at: next ? new Date(next.dueMs) : null,
    yellow_at: next ? new Date(next.yellowMs) : null,
    due_provisional: next?.provisional ?? false,
  };
}
