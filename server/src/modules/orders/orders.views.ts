import { sql, type Selectable, type SqlBool } from 'kysely';
import type { OrderFilter, OrderRow } from '#contracts/orders/orders.api.ts';
import type { OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import { lightOf } from '#server/platform/casework/index.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { DB } from '#server/platform/db/schema.gen.ts';
import { filtered, unitOfOpen } from './orders.filters.ts';

/** Length of the code of a city's office, `3205.018`; what lies under a county has a longer one. */
const CITY_OFFICE = 8;

type Names = (code: string | null) => string | null;

export async function ratingExists(tx: Tx, id: string): Promise<boolean> {
  const row = await tx.selectFrom('appeals.rating').select('appeal_id').where('appeal_id', '=', id).executeTakeFirst();
  return row !== undefined;
}

/** A page of orders: newest filed first (walks the partitions backwards) or soonest due first (walks `work_order_due_idx`). */
export async function ordersPage(
  tx: Tx,
  actor: Actor,
  filter: OrderFilter,
  nowMs: number,
  unitName: Names,
): Promise<{ items: OrderRow[]; nextCursor?: string }> {
  const limit = filter.limit ?? 20;
  const byDue = filter.sort === 'due';
  // What is open at an office of a county or a street is fetched and sorted; at a whole city's or county's it would be too much.
  const unit = unitOfOpen(actor, filter);
  let query = filtered(tx, actor, filter, nowMs, unit !== null && unit.length > CITY_OFFICE);
  const cursor = readCursor(filter.cursor, byDue);
  if (byDue) {
    query = query.where('o.due_at', 'is not', null);
    if (cursor) query = query.where(sql<SqlBool>`(o.due_at, o.id) > (${cursor.due}::timestamptz, ${cursor.id}::uuid)`);
    query = query.orderBy('o.due_at').orderBy('o.id');
  } else {
    if (cursor) query = query.where('o.id', '<', cursor.id);
    query = query.orderBy('o.id', 'desc');
  }
  const found = await query
    .select('o.id')
    // Told only where it orders the list: the index of the newest does not hold it.
    .select((byDue ? sql<string | null>`o.due_at::text` : sql<null>`null`).as('due_text'))
    .limit(limit + 1)
    .execute();
  const shown = await listed(
    tx,
    found.slice(0, limit).map((row) => row.id),
  );
  const last = found.length > limit ? found[limit - 1] : undefined;
  return {
    items: shown.map((row) => rowView(row, nowMs, unitName)),
    ...(last ? { nextCursor: byDue ? `${last.due_text}|${last.id}` : last.id } : {}),
  };
}

/**
 * Orders and the titles of their appeals, in the order of the ids. Asked for apart from what finds them: that one reads an
 * index and no row, and with the ids known only the months they lie in are planned and read, while a join of the lists
 * themselves would have every month of the one table beside every month of the other.
 */
async function listed(tx: Tx, ids: readonly string[]): Promise<OrderJoined[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('orders.work_order as o')
    .innerJoin('appeals.appeal as a', 'a.id', 'o.id')
    .select(LISTED.map((column) => `o.${column}` as const))
    .select('a.title')
    .where('o.id', 'in', ids)
    .where('a.id', 'in', ids)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function readCursor(cursor: string | undefined, byDue: boolean): { id: string; due: string } | null {
  if (cursor === undefined) return null;
  const [due = '', id = due] = cursor.split('|');
  const isId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id);
  if (!isId || (byDue && Number.isNaN(Date.parse(due)))) throw new Refusal({ code: 'base.bad-cursor' });
  return { id, due };
}

/** What a line of a list shows of an order's own row. */
const LISTED = [
  'id',
  'number',
  'state',
  'version',
  'type',
  'category',
  'urgency',
  'region',
  'channel',
  'confidential',
  'main_unit',
  'filed_at',
  'due_at',
  'yellow_at',
  'due_provisional',
  'due_clock',
  'oversight_level',
  'suspended',
  'sensitive',
  'is_group',
  'merged_count',
  'redo_no',
  'urge_count',
] as const;

export type OrderJoined = Pick<Selectable<DB['orders.work_order']>, (typeof LISTED)[number]> & { title: string };

export function rowView(row: OrderJoined, nowMs: number, unitName: Names): OrderRow {
  return {
    id: row.id,
    number: row.number,
    state: row.state as OrderState,
    version: row.version,
    title: row.title,
    type: row.type,
    category: row.category,
    urgency: row.urgency,
    region: row.region,
    channel: row.channel,
    confidential: row.confidential,
    unit: row.main_unit ? { code: row.main_unit, name: unitName(row.main_unit) ?? row.main_unit } : null,
    filedAt: row.filed_at.toISOString(),
    dueAt: row.due_at?.toISOString() ?? null,
    dueProvisional: row.due_provisional,
    dueClock: row.due_clock,
    light: lightOf(row.due_at?.getTime() ?? null, row.yellow_at?.getTime() ?? null, nowMs),
    oversightLevel: row.oversight_level,
    suspended: row.suspended,
    sensitive: row.sensitive,
    group: row.is_group,
    mergedCount: row.merged_count,
    redoNo: row.redo_no,
    urgeCount: row.urge_count,
  };
}

export async function orderRow(tx: Tx, id: string) {
  return tx
    .selectFrom('orders.work_order as o')
    .innerJoin('appeals.appeal as a', 'a.id', 'o.id')
    .selectAll('o')
    .select(['a.title', 'a.content', 'a.expectation', 'a.address', 'a.event_at', 'a.source_number', 'a.anonymous'])
    .where('o.id', '=', id)
    .executeTakeFirst();
}

/** Number, title, state and due date of orders, for links to them; in the order of their ids. */
export async function orderTitles(tx: Tx, ids: readonly string[]) {
  const orders = await listed(tx, ids.toSorted());
  return orders.map(({ id, number, title, state, due_at }) => ({ id, number, title, state, due_at }));
}

export async function repliesOf(tx: Tx, id: string) {
  return tx.selectFrom('orders.reply').selectAll().where('order_id', '=', id).orderBy('no').execute();
}

export async function followUpsOf(tx: Tx, id: string) {
  return tx.selectFrom('orders.follow_up').selectAll().where('order_id', '=', id).orderBy('no').execute();
}

export async function refusalOf(tx: Tx, id: string) {
  return tx.selectFrom('orders.refusal').select(['reason', 'explanation']).where('order_id', '=', id).executeTakeFirst();
}

/** The events of an order in their order; events are younger than their case, so older months are not touched. */
export async function eventsOf(tx: Tx, id: string) {
  return tx
    .selectFrom('platform.event')
    .selectAll()
    .where('case_id', '=', id)
    .where('id', '>=', `${id.slice(0, 13)}-0000-0000-000000000000`)
    .orderBy('at')
    .orderBy('id')
    .execute();
}

/** The numbers of orders, for what is told about them. */
export async function numbersOf(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.selectFrom('orders.work_order').select(['id', 'number']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row.number]));
}

/**
 * How many appeals since `sinceId` speak of the matter of this order: those merged into it, and those of the same caller
 * (by the keyed hash of his telephone) in the same second-level category. Walks `contact_phone_idx`.
 */
export async function likeMatters(tx: Tx, id: string, sinceId: string): Promise<{ count: number; redoNo: number }> {
  const { rows } = await sql<{ count: number; redoNo: number }>`
    select w.redo_no as "redoNo", greatest(w.merged_count + 1, (
      select count(*) from appeals.contact own
        join appeals.contact c on c.phone_index = own.phone_index and c.id >= ${sinceId} and c.id <= own.id
        join orders.work_order o on o.id = c.id and o.state not in ('refused', 'cancelled') and left(o.category, 4) = left(w.category, 4)
      where own.id = w.id
    )) as count
    from orders.work_order w where w.id = ${id}`.execute(tx);
  return rows[0] ?? { count: 0, redoNo: 0 };
}
