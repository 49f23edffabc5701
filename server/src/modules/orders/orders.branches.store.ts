import { sql } from 'kysely';
import { lowestIdAt } from '#server/kernel/ids.ts';
import { isNumber, numberSpan } from '#server/kernel/number.ts';
import type { Tx } from '#server/platform/db/db.ts';

/** The order of a number, if this scope sees it. */
export async function orderIdByNumber(tx: Tx, number: string): Promise<string | null> {
  if (!isNumber(number)) return null;
  const span = numberSpan(number);
  const row = await tx
    .selectFrom('orders.work_order')
    .select('id')
    .where('number', '=', number)
    .where('id', '>=', lowestIdAt(span.fromMs))
    .where('id', '<', lowestIdAt(span.toMs))
    .executeTakeFirst();
  return row?.id ?? null;
}

/** The orders that are merged into this one at present, by their ids: the order in which they are locked. */
export async function mergedInto(tx: Tx, masterId: string): Promise<{ id: string; number: string }[]> {
  return tx
    .selectFrom('orders.work_order')
    .select(['id', 'number'])
    .where('master_id', '=', masterId)
    .where('state', '=', 'merged')
    .orderBy('id')
    .execute();
}

export async function returnsOf(tx: Tx, orderId: string) {
  return tx.selectFrom('orders.return_request').selectAll().where('order_id', '=', orderId).orderBy('no').execute();
}

export async function addReturn(
  tx: Tx,
  request: {
    orderId: string;
    region: string;
    unitCode: string;
    reason: string;
    legalBasis: string;
    suggestedUnit: string | null;
    opinion: string;
    byName: string;
    at: Date;
  },
): Promise<void> {
  await tx
    .insertInto('orders.return_request')
    .values({
      order_id: request.orderId,
      no: sql<number>`(select coalesce(max(no), 0) + 1 from orders.return_request where order_id = ${request.orderId})`,
      region: request.region,
      unit_code: request.unitCode,
      reason: request.reason,
      legal_basis: request.legalBasis,
      suggested_unit: request.suggestedUnit,
      opinion: request.opinion,
      by_name: request.byName,
      at: request.at,
    })
    .execute();
}

/** What became of the return that waits, if one does. */
export async function decideReturn(tx: Tx, orderId: string, verdict: 'agreed' | 'declined' | 'coordinated', by: string, at: Date) {
  await tx
    .updateTable('orders.return_request')
    .set({ verdict, decided_by: by, decided_at: at })
    .where('order_id', '=', orderId)
    .where('verdict', 'is', null)
    .execute();
}

export async function oversightsOf(tx: Tx, orderId: string) {
  return tx.selectFrom('orders.oversight').selectAll().where('order_id', '=', orderId).orderBy('no').execute();
}

export async function addOversight(
  tx: Tx,
  oversight: { orderId: string; region: string; level: number; cause: string; requirement: string; byName: string; at: Date },
): Promise<void> {
  await tx
    .insertInto('orders.oversight')
    .values({
      order_id: oversight.orderId,
      no: sql<number>`(select coalesce(max(no), 0) + 1 from orders.oversight where order_id = ${oversight.orderId})`,
      region: oversight.region,
      level: oversight.level,
      cause: oversight.cause,
      requirement: oversight.requirement,
      by_name: oversight.byName,
      at: oversight.at,
    })
    .execute();
}

export async function answerOversight(tx: Tx, orderId: string, answer: string, by: string, at: Date): Promise<void> {
  await tx
    .updateTable('orders.oversight')
    .set({ answer, answered_by: by, answered_at: at })
    .where('order_id', '=', orderId)
    .where('ended', 'is', null)
    .execute();
}

/** Ends the oversight that is open, if one is. */
export async function endOversight(
  tx: Tx,
  orderId: string,
  ended: 'closed' | 'raised' | 'with-order',
  opinion: string | null,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('orders.oversight')
    .set({ ended, ended_opinion: opinion, ended_at: at })
    .where('order_id', '=', orderId)
    .where('ended', 'is', null)
    .execute();
}

/** Whether the citizen asked to take his appeal back and waits for an answer: its events are his to see, the request itself is not. */
export async function isWithdrawalAsked(tx: Tx, orderId: string): Promise<boolean> {
  const last = await tx
    .selectFrom('platform.event')
    .select('name')
    .where('case_id', '=', orderId)
    .where('id', '>=', `${orderId.slice(0, 13)}-0000-0000-000000000000`)
    .where('name', 'in', ['orders.ask-withdraw', 'orders.withdraw', 'orders.decline-withdraw', 'orders.lapse-withdraw'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.name === 'orders.ask-withdraw';
}
