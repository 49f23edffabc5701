import { sql } from 'kysely';
import type { Tx } from '#server/platform/db/db.ts';

/** What live screens must know of orders to hand news of them out: their version, and the units that have a task of them. */
export async function liveFacts(tx: Tx, ids: readonly string[]): Promise<Map<string, { units: readonly string[]; version: number }>> {
  const { rows } = await sql<{ id: string; version: number; units: string[] }>`
    select o.id, o.version, array(select distinct t.unit_code from orders.task t where t.order_id = o.id) as units
    from orders.work_order o where o.id = any(${ids}::uuid[])`.execute(tx);
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}

/** The region of an order that this scope sees; null when it sees none. */
export async function regionOfOrder(tx: Tx, id: string): Promise<string | null> {
  const row = await tx.selectFrom('orders.work_order').select('region').where('id', '=', id).executeTakeFirst();
  return row?.region ?? null;
}
