import { sql } from 'kysely';
import type { OrderClock } from '#contracts/orders/orders.lifecycle.ts';
import { lowestIdAt } from '#server/kernel/ids.ts';
import { clocksOfCases } from '#server/platform/casework/index.ts';
import type { NormSample, Samples } from '../reference/index.ts';
import { clockTable } from './orders.clocks.ts';

/** Orders that were filed in a span, with what a norm judges them by. Walks the partitions forward. */
export const orderSamples: Samples = async (tx, { region, from, to, after, limit }) => {
  const rows = await tx
    .selectFrom('orders.work_order as o')
    .innerJoin('appeals.appeal as a', 'a.id', 'o.id')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('orders.reply as r')
          .select(['r.no', 'r.text', 'r.basis', 'r.at', 'r.task_no'])
          .whereRef('r.order_id', '=', 'o.id')
          .orderBy('r.no', 'desc')
          .limit(1)
          .as('r'),
      (join) => join.onTrue(),
    )
    .select(['o.id', 'o.number', 'o.region', 'o.type', 'o.category', 'o.urgency', 'o.filed_at'])
    .select(['a.address', 'a.event_at', 'a.expectation', 'a.anonymous', 'r.text', 'r.basis', 'r.at', 'r.task_no'])
    .select(sql<boolean>`exists (select from orders.task t where t.order_id = o.id and t.contacted_at is not null)`.as('contacted'))
    .select(sql<number>`(select count(*) from appeals.attachment f where f.appeal_id = o.id and f.reply_no = r.no)`.as('attachments'))
    .where('o.id', '>=', lowestIdAt(from.getTime()))
    .where('o.id', '<', lowestIdAt(to.getTime()))
    .where('o.region', '>=', region)
    .where('o.region', '<', `${region}~`)
    .$if(after !== null, (query) => query.where('o.id', '>', after!))
    .orderBy('o.id')
    .limit(limit)
    .execute();
  const clocks = await clocksOfCases(
    tx,
    rows.map((row) => row.id),
  );
  return rows.map((row): NormSample => ({
    id: row.id,
    number: row.number,
    region: row.region,
    type: row.type,
    category: row.category,
    urgency: row.urgency,
    filedMs: row.filed_at.getTime(),
    address: row.address,
    eventAt: row.event_at?.toISOString() ?? null,
    expectation: row.expectation,
    anonymous: row.anonymous,
    contacted: row.contacted,
    // Clocks that an action gives its own limit, or that ended unfulfilled, say nothing of the norm.
    clocks: (clocks.get(row.id) ?? []).flatMap((clock) => {
      const { limit } = clockTable[clock.name as OrderClock];
      return limit === null || clock.result === 'void' ? [] : [{ limit, clock }];
    }),
    reply: row.at
      ? { text: row.text ?? '', basis: row.basis, attachments: row.attachments, direct: row.task_no === null, atMs: row.at.getTime() }
      : null,
  }));
};
