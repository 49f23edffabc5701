import type { ClockFacts, Trigger } from '#contracts/base/lifecycle.ts';
import { orderLifecycle, type OrderAction, type OrderClock, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import type { ClockRule } from '#server/platform/casework/index.ts';

export type OrderTrigger = Trigger<OrderAction>;

export const clockTable: Readonly<Record<OrderClock, ClockFacts<OrderAction, OrderState>>> = orderLifecycle.clocks;

/** The limit of a redo: half of the first one, of working days no fewer than two (DOMAIN §1.3). */
export function halved(rule: ClockRule): ClockRule {
  return { ...rule, amount: Math.max(rule.mode === 'workday' ? 2 : 1, Math.ceil(rule.amount / 2)) };
}

/** A limit that an act itself gives; it belongs to no rule of the matrix. */
export function ruleOf(mode: ClockRule['mode'], amount: number): ClockRule {
  return { id: 0, version: 0, mode, amount };
}
