import { tellOnce } from '#server/platform/notices/notices.ts';
import type { ClockStep } from '#contracts/base/lifecycle.ts';
import type { OrderAction } from '#contracts/orders/orders.lifecycle.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import { takeClockStep, type StoredClock } from '#server/platform/casework/index.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { clockTable } from './orders.clocks.ts';
import { noticeOfStep } from './orders.notices.ts';
import type { OrderRowState } from './orders.store.ts';

/** Which level of oversight a step of the handling clock brings (DOMAIN §1.3). */
const LEVELS: Readonly<Record<string, number>> = { overdue: 1, 'overdue-2': 2, 'overdue-3': 3 };

/**
 * One step of a clock: kept as taken, told in the timeline, noticed by whom it concerns, and the next one set. Gives the
 * action the platform takes on account of it.
 */
export async function takeStep(
  tx: Tx,
  order: OrderRowState,
  stored: StoredClock,
  nowMs: number,
  holidays: Holidays,
): Promise<{ action: OrderAction; input: unknown } | null> {
  const step = await takeClockStep(tx, order, stored, clockTable, nowMs, holidays);
  await tellOnce(tx, noticeOfStep(stored, step, order.number, nowMs));
  return actionOf(step as ClockStep<OrderAction>);
}

function actionOf(step: ClockStep<OrderAction>): { action: OrderAction; input: unknown } | null {
  if (step.takes === undefined) return null;
  if (step.takes !== 'oversee') return { action: step.takes, input: {} };
  return { action: 'oversee', input: { level: LEVELS[step.name] ?? 1, cause: 'overdue', requirement: step.told.zh } };
}
