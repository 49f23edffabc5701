import type { ClockFacts } from '#contracts/base/lifecycle.ts';
import { orderLifecycle, type OrderAction, type OrderClock } from '#contracts/orders/orders.lifecycle.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import { resumeClock, startClock, stopClock, type ClockRule, type RunningClock } from '#server/platform/casework/index.ts';
import type { OrderPatch } from './orders.store.ts';

export const clockTable: Readonly<Record<OrderClock, ClockFacts>> = orderLifecycle.clocks;
const names = Object.keys(clockTable) as OrderClock[];

/** Which clocks an action starts, stops or resumes. */
export function clocksTouched(action: OrderAction): { starts: OrderClock[]; stops: OrderClock[]; resumes: OrderClock[] } {
  return {
    starts: names.filter((name) => clockTable[name].startsOn.includes(action)),
    stops: names.filter((name) => clockTable[name].stopsOn.includes(action)),
    resumes: names.filter((name) => clockTable[name].resumesOn?.includes(action) ?? false),
  };
}

/**
 * The clocks after an action: those it starts (with the rule in force), those it stops, those it resumes.
 * Pure; `clocks` are all clocks of the order.
 */
export function turnClocks(
  clocks: readonly RunningClock[],
  action: OrderAction,
  atMs: number,
  rules: ReadonlyMap<OrderClock, ClockRule>,
  holidays: Holidays,
): { fresh: RunningClock[]; changed: RunningClock[]; all: RunningClock[] } {
  const touched = clocksTouched(action);
  const changed: RunningClock[] = [];
  const kept = clocks.map((clock) => {
    const name = clock.name as OrderClock;
    let next = clock;
    if (clock.stoppedMs === null && touched.stops.includes(name)) next = stopClock(clock, atMs);
    else if (clock.stoppedMs !== null && touched.resumes.includes(name) && isLast(clock, clocks))
      next = resumeClock(clock, atMs, clockTable[name], holidays);
    if (next !== clock) changed.push(next);
    return next;
  });
  const fresh = touched.starts.map((name) => {
    const rule = rules.get(name);
    if (!rule) throw new Error(`No rule was given for the clock ${name}`);
    return startClock(name, clocks.filter((clock) => clock.name === name).length + 1, clockTable[name], rule, atMs, holidays);
  });
  return { fresh, changed, all: [...kept, ...fresh] };
}

function isLast(clock: RunningClock, clocks: readonly RunningClock[]): boolean {
  return !clocks.some((other) => other.name === clock.name && other.no > clock.no);
}

/** What the order's own row says of its clocks: the open one that runs out next. */
export function dueOf(clocks: readonly RunningClock[]): OrderPatch {
  const open = clocks.filter((clock) => clock.stoppedMs === null).toSorted((a, b) => a.dueMs - b.dueMs || a.name.localeCompare(b.name));
  const next = open[0];
  return {
    due_clock: next?.name ?? null,
    due_at: next ? new Date(next.dueMs) : null,
    yellow_at: next ? new Date(next.yellowMs) : null,
    due_provisional: next?.provisional ?? false,
  };
}
