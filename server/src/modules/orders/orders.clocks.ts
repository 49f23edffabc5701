import type { ClockFacts, Trigger } from '#contracts/base/lifecycle.ts';
import { orderLifecycle, type OrderAction, type OrderClock, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
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
} from '#server/platform/casework/index.ts';
import type { OrderPatch } from './orders.store.ts';

export type OrderTrigger = Trigger<OrderAction>;

export const clockTable: Readonly<Record<OrderClock, ClockFacts<OrderAction, OrderState>>> = orderLifecycle.clocks;
const names = Object.keys(clockTable) as OrderClock[];

/** The clocks that start when this happened and the order now stands there. */
export function clocksToStart(trigger: OrderTrigger, state: OrderState): OrderClock[] {
  return names.filter((name) => clockTable[name].startsOn.includes(trigger) && mayRunIn(clockTable[name], state));
}

function mayRunIn(facts: ClockFacts<OrderAction, OrderState>, state: OrderState): boolean {
  return facts.within === undefined || facts.within.includes(state);
}

/**
 * The clocks after something happened to an order that now stands in `state`: those it fulfils, those its leaving ends,
 * those that stand or go on, and those it starts (with the rule in force). Pure; `clocks` are all clocks of the order.
 */
export function turnClocks<C extends RunningClock>(
  clocks: readonly C[],
  trigger: OrderTrigger,
  state: OrderState,
  atMs: number,
  rules: ReadonlyMap<OrderClock, ClockRule>,
  holidays: Holidays,
): { fresh: RunningClock[]; changed: C[]; all: RunningClock[] } {
  const met = clocks.map((clock) => turned(clock, clocks, trigger, state, atMs, holidays));
  const starting = clocksToStart(trigger, state).filter(
    (name) => clockTable[name].renews || !met.some((clock) => clock.name === name && isOpen(clock)),
  );
  // Begun anew, so the former ends.
  const kept = met.map((clock) =>
    isOpen(clock) && starting.includes(clock.name as OrderClock) ? { ...clock, ...endClock(clock, atMs) } : clock,
  );
  const changed = kept.filter((clock, place) => clock !== clocks[place]);
  const fresh = starting.map((name) => {
    const rule = rules.get(name);
    if (!rule) throw new Error(`No rule was given for the clock ${name}`);
    return startClock(name, clocks.filter((clock) => clock.name === name).length + 1, clockTable[name], rule, atMs, holidays);
  });
  return { fresh, changed, all: [...kept, ...fresh] };
}

function turned<C extends RunningClock>(
  clock: C,
  clocks: readonly C[],
  trigger: OrderTrigger,
  state: OrderState,
  atMs: number,
  holidays: Holidays,
): C {
  const facts = clockTable[clock.name as OrderClock];
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
function isWindow(facts: ClockFacts<OrderAction, OrderState>): boolean {
  return facts.steps.length === 0;
}

function isLast(clock: RunningClock, clocks: readonly RunningClock[]): boolean {
  return !clocks.some((other) => other.name === clock.name && other.no > clock.no);
}

/** What the order's own row says of its clocks: the running one that is due next; those aside do not light its lamp. */
export function dueOf(clocks: readonly RunningClock[]): OrderPatch {
  const [next] = clocks
    .filter((clock) => isRunning(clock) && !clockTable[clock.name as OrderClock].aside)
    .toSorted((a, b) => a.dueMs - b.dueMs || a.name.localeCompare(b.name));
  return {
    due_clock: next?.name ?? null,
    due_at: next ? new Date(next.dueMs) : null,
    yellow_at: next ? new Date(next.yellowMs) : null,
    due_provisional: next?.provisional ?? false,
  };
}

/** The limit of a redo: half of the first one, of working days no fewer than two (DOMAIN §1.3). */
export function halved(rule: ClockRule): ClockRule {
  return { ...rule, amount: Math.max(rule.mode === 'workday' ? 2 : 1, Math.ceil(rule.amount / 2)) };
}

/** A limit that an act itself gives; it belongs to no rule of the matrix. */
export function ruleOf(mode: ClockRule['mode'], amount: number): ClockRule {
  return { id: 0, version: 0, mode, amount };
}
