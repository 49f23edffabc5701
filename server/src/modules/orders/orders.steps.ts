import type { ClockStep } from '#contracts/base/lifecycle.ts';
import type { OrderAction, OrderClock } from '#contracts/orders/orders.lifecycle.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import { nextStepOf, recordStep, saveClocks, type StoredClock } from '#server/platform/casework/index.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { publish } from '#server/platform/events/events.ts';
import { clockTable } from './orders.clocks.ts';
import { noticeOfStep } from './orders.notices.ts';
import type { OrderRowState } from './orders.store.ts';

/** A step taken this much after its promised instant counts as late. */
const STEP_GRACE_MS = 60_000;

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
  const facts = clockTable[stored.name as OrderClock];
  const step = facts.steps.find((candidate) => candidate.name === stored.nextStep);
  if (!step)
    throw new Error(`The clock ${stored.name} of order ${order.id} awaits a step ${stored.nextStep} that the lifecycle does not know`);
  await saveClocks(tx, stored, [], [{ ...stored, ...nextStepOf(stored, facts, step.name, holidays) }]);
  await recordStep(tx, stored, step.name, nowMs, STEP_GRACE_MS);
  const dueMs = stored.nextStepMs ?? nowMs;
  await publish(tx, {
    at: new Date(nowMs),
    name: `clocks.${stored.name}-${step.name}`,
    caseKind: 'order',
    caseId: stored.caseId,
    actorId: null,
    actor: PLATFORM.name,
    region: stored.region,
    unitCode: stored.unitCode,
    from: order.state,
    to: order.state,
    public: false,
    data: { clock: stored.name, step: step.name, dueAt: new Date(dueMs).toISOString(), lateMs: Math.max(0, nowMs - dueMs) },
  });
  await tx
    .insertInto('platform.notice')
    .values(noticeOfStep(stored, step, order.number, nowMs))
    .onConflict((oc) => oc.column('once_key').doNothing())
    .execute();
  return actionOf(step);
}

function actionOf(step: ClockStep<OrderAction>): { action: OrderAction; input: unknown } | null {
  if (step.takes === undefined) return null;
  if (step.takes !== 'oversee') return { action: step.takes, input: {} };
  return { action: 'oversee', input: { level: LEVELS[step.name] ?? 1, cause: 'overdue', requirement: step.told.zh } };
}
