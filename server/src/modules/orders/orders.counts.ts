import { sql } from 'kysely';
import type { OrderFilter } from '#contracts/orders/orders.api.ts';
import type { OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { lowestIdAt } from '#server/kernel/ids.ts';
import type { Actor } from '#server/platform/actor.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { filtered, unitOfOpen } from './orders.filters.ts';

/** How many match, counted up to one more than the cap. */
export async function countOrders(
  tx: Tx,
  actor: Actor,
  filter: OrderFilter,
  nowMs: number,
  cap = 10_000,
): Promise<{ count: number; capped: boolean }> {
  const inner = filtered(tx, actor, filter, nowMs, unitOfOpen(actor, filter) !== null)
    .select(sql<number>`1`.as('one'))
    .limit(cap + 1);
  const row = await tx
    .selectFrom(inner.as('matching'))
    .select(sql<number>`count(*)`.as('n'))
    .executeTakeFirstOrThrow();
  return { count: Math.min(row.n, cap), capped: row.n > cap };
}

/**
 * How many orders of each open state this person sees, and how many of them burn yellow and red.
 *
 * Each state is read from `work_order_open_idx` and up to ten thousand; a unit's orders are found by the unit, all states at once.
 */
export async function queueCounts(tx: Tx, actor: Actor, states: readonly OrderState[], nowMs: number) {
  const count = (filter: OrderFilter, cap: number) =>
    tx
      .selectFrom(
        filtered(tx, actor, filter, nowMs, unitOfOpen(actor, filter) !== null)
          .select(['o.state', 'o.due_at', 'o.yellow_at'])
          .limit(cap)
          .as('open'),
      )
      .select([
        'state',
        sql<number>`count(*)`.as('count'),
        sql<number>`count(*) filter (where due_at <= ${new Date(nowMs - 1000)})`.as('red'),
        sql<number>`count(*) filter (where yellow_at <= ${new Date(nowMs)} and due_at > ${new Date(nowMs - 1000)})`.as('yellow'),
      ])
      .groupBy('state')
      .execute();
  const found = [];
  if (actor.scope.role === 'unit') found.push(...(await count({ state: states.join(',') }, states.length * 10_000)));
  else for (const state of states) found.push(...(await count({ state }, 10_000)));
  const of = new Map(found.map((row) => [row.state, row]));
  return states.map((state) => {
    const { count: n = 0, red = 0, yellow = 0 } = of.get(state) ?? {};
    return { state, count: n, red, yellow };
  });
}

/** Filed and closed on a day, from the counters that the log keeps; the policy adds up the own region only. */
export async function countsOfDay(tx: Tx, day: string): Promise<{ filed: number; closed: number }> {
  const rows = await tx
    .selectFrom('orders.daily_count')
    .select(['what', sql<number>`sum(count)`.as('count')])
    .where('day', '=', day)
    .groupBy('what')
    .execute();
  const of = (what: string) => rows.find((row) => row.what === what)?.count ?? 0;
  return { filed: of('filed'), closed: of('closed') };
}

/** The same for a unit or a peer system, whose orders are few and are counted as they are. */
export async function countsSince(tx: Tx, actor: Actor, sinceMs: number): Promise<{ filed: number; closed: number }> {
  const since = new Date(sinceMs).toISOString();
  const filed = await countOrders(tx, actor, { from: since }, sinceMs, 1_000_000);
  const closed = await tx
    .selectFrom(
      filtered(tx, actor, {}, sinceMs)
        .select('o.id')
        .where('o.closed_at', '>=', new Date(sinceMs))
        .where('o.id', '>=', lowestIdAt(sinceMs - 90 * 86_400_000))
        .as('done'),
    )
    .select(sql<number>`count(*)`.as('n'))
    .executeTakeFirstOrThrow();
  return { filed: filed.count, closed: closed.n };
}
