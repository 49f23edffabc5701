import type { ClockStep } from '#contracts/base/lifecycle.ts';
import type { OrderAction, OrderClock } from '#contracts/orders/orders.lifecycle.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import {
  casesWithDueStep,
  casesWithProvisional,
  clocksOf,
  isOpen,
  isRunning,
  lapsedApprovals,
  nextStepOf,
  recomputeClock,
  recordStep,
  saveClocks,
  type StoredClock,
} from '#server/platform/casework/index.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { publish } from '#server/platform/events/events.ts';
import type { Reference } from '../reference/index.ts';
import { clockTable, dueOf } from './orders.clocks.ts';
import { noticeOfStep } from './orders.notices.ts';
import { ARCHIVE_AFTER_MS } from './orders.rules.ts';
import type { Orders } from './orders.service.ts';
import * as store from './orders.store.ts';

/** What goes on by itself. */
export interface OrdersUpkeep {
  /** Takes the steps of clocks that have come due; gives how many. */
  takeSteps(limit?: number): Promise<number>;
  /** Computes due dates anew that rested on a year whose calendar is published by now; gives how many moved. */
  recomputeProvisional(): Promise<number>;
  /** Archives what was closed more than a week ago; gives how many. */
  archiveDue(limit?: number): Promise<number>;
  /** Ends requests that nobody decided in time; gives how many. */
  lapseDue(limit?: number): Promise<number>;
}

/** A step taken this much after its promised instant counts as late. */
export const STEP_GRACE_MS = 60_000;

interface Deps {
  readonly db: Db;
  readonly clock: Clock;
  readonly reference: Reference;
  readonly orders: Orders;
}

export function createOrdersUpkeep({ db, clock, reference, orders }: Deps): OrdersUpkeep {
  return {
    async takeSteps(limit = 200) {
      const nowMs = clock.nowMs();
      const holidays = await reference.holidays();
      const cases = await db.transact(SYSTEM, (tx) => casesWithDueStep(tx, 'order', nowMs, limit));
      let taken = 0;
      for (const id of cases) {
        taken += await db.transact(SYSTEM, async (tx) => {
          // The order's row is the lock of its clocks, here as in every action: two orders of locking would wait for
          // each other. Who acts on it now is not made to wait; the step is taken in the next round.
          const order = await store.lockOrderIfFree(tx, id);
          if (!order) return 0;
          const due = (await clocksOf(tx, id)).filter(
            (stored) => isRunning(stored) && stored.nextStepMs !== null && stored.nextStepMs <= nowMs,
          );
          const actions = [];
          for (const stored of due) actions.push(await takeStep(tx, order, stored, nowMs, holidays));
          // With the step or not at all: what a step promises is not lost between two transactions.
          for (const next of actions) if (next) await unlessRefused(orders.actIn(tx, PLATFORM, id, next.action, null, next.input as never));
          return due.length;
        });
      }
      return taken;
    },
    async recomputeProvisional() {
      const holidays = await reference.holidays();
      let moved = 0;
      for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
        const cases = await db.transact(SYSTEM, (tx) => casesWithProvisional(tx, 'order', after, 200));
        for (const id of cases) moved += await db.transact(SYSTEM, (tx) => recomputeOf(tx, id, holidays));
        if (cases.length < 200) return moved;
        after = cases.at(-1)!;
      }
    },
    async archiveDue(limit = 200) {
      const due = await db.transact(SYSTEM, (tx) => store.dueForArchive(tx, new Date(clock.nowMs() - ARCHIVE_AFTER_MS), limit));
      let done = 0;
      for (const order of due) {
        if (await unlessRefused(orders.act(PLATFORM, order.id, 'archive', order.version, {}))) done++;
      }
      return done;
    },
    async lapseDue(limit = 200) {
      const due = await db.transact(SYSTEM, (tx) => lapsedApprovals(tx, 'order', clock.nowMs(), limit));
      let done = 0;
      for (const approval of due) if (await orders.lapse(approval)) done++;
      return done;
    },
  };
}

/** Whether it was done; somebody who acted meanwhile may have made it needless, which the next round sees. */
async function unlessRefused(done: Promise<unknown>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** Computes the provisional clocks of one order anew; gives how many changed. */
async function recomputeOf(tx: Tx, id: string, holidays: Holidays): Promise<number> {
  if (!(await store.lockOrder(tx, id))) return 0;
  let moved = 0;
  for (const stored of await clocksOf(tx, id)) {
    if (!isOpen(stored) || !isRunning(stored) || !stored.provisional) continue;
    const again = recomputeClock(stored, clockTable[stored.name as OrderClock], holidays);
    if (again.dueMs === stored.dueMs && again.provisional === stored.provisional) continue;
    await saveClocks(tx, stored, [], [again]);
    moved++;
  }
  if (moved > 0) await store.patchOrder(tx, id, dueOf(await clocksOf(tx, id)));
  return moved;
}

/** Which level of oversight a step of the handling clock brings (DOMAIN §1.3). */
const LEVELS: Readonly<Record<string, number>> = { overdue: 1, 'overdue-2': 2, 'overdue-3': 3 };

/**
 * One step of a clock: kept as taken, told in the timeline, noticed by whom it concerns, and the next one set. Gives the
 * action the platform takes on account of it.
 */
async function takeStep(
  tx: Tx,
  order: store.OrderRowState,
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
