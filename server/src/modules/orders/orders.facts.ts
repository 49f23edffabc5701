import type { TaskState } from '#contracts/orders/task.lifecycle.ts';
import { isRunning, type StoredClock } from '#server/platform/casework/index.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { ratingOf } from '../appeals/index.ts';
import type { Reference } from '../reference/index.ts';
import { returnsOf } from './orders.branches.store.ts';
import type { OrderFacts, OrderLimits, TaskFacts } from './orders.rules.ts';
import { lastReply, tasksOf, type OrderRowState } from './orders.store.ts';

/** What the guards are asked with. */
export async function factsFor(
  tx: Tx,
  order: OrderRowState,
  clocks: readonly StoredClock[],
  asked: readonly string[],
  nowMs: number,
  reference: Reference,
): Promise<OrderFacts> {
  const dueMs = (name: string) => clocks.findLast((clock) => clock.name === name && isRunning(clock))?.dueMs ?? null;
  return {
    state: order.state,
    type: order.type,
    urgency: order.urgency,
    region: order.region,
    mainUnit: order.mainUnit,
    confidential: order.confidential,
    sensitive: order.sensitive,
    attempts: order.attempts,
    closedMs: order.closedAt?.getTime() ?? null,
    redoNo: order.redoNo,
    extensionCount: order.extensionCount,
    urgedOn: order.urgedOn,
    oversightLevel: order.oversightLevel,
    suspended: order.suspended,
    forced: order.forced,
    mergedCount: order.mergedCount,
    excluded: order.excluded !== null,
    preserved: order.preserved,
    purged: order.purged,
    needsContact: await reference.needsContact(order, nowMs),
    tasks: (await tasksOf(tx, order.id)).map((task): TaskFacts => ({
      no: task.no,
      unitCode: task.unit_code,
      role: task.role as TaskFacts['role'],
      state: task.state as TaskState,
      parentNo: task.parent_no,
      contacted: task.contacted_at !== null,
    })),
    returns: (await returnsOf(tx, order.id)).map((request) => ({
      unitCode: request.unit_code,
      suggestedUnit: request.suggested_unit,
      open: request.verdict === null,
    })),
    rating: await ratingOf(tx, order.id, order.redoNo),
    lastReplyBy: (await lastReply(tx, order.id))?.by_account ?? null,
    asked,
    returnDueMs: dueMs('return'),
    handleDueMs: dueMs('handle'),
  };
}

const LIMITS: readonly (keyof OrderLimits)[] = [
  'returns-per-order',
  'returns-per-unit',
  'returns-before-coordination',
  'extensions',
  'redos',
  'redos-before-oversight',
  'like-matters-before-oversight',
  'attempts-before-unrated',
  'months-before-purge',
];

/** The numbers of the code list `order_limit`. */
export function limitsOf(reference: Reference): OrderLimits {
  return Object.fromEntries(
    LIMITS.map((name) => {
      const value = Number(reference.code('order_limit', name)?.extra?.['value']);
      if (!Number.isInteger(value)) throw new Error(`The code list order_limit has no number for ${name}`);
      return [name, value];
    }),
  ) as unknown as OrderLimits;
}
