import { sql } from 'kysely';
import { lowestIdAt } from '#server/kernel/ids.ts';
import type { Tx } from '#server/platform/db/db.ts';

/** Orders of one city, channel and type that were filed in a span, as the list of orders narrows them. */
export interface MonthCount {
  /** Four digits. */
  readonly city: string;
  readonly channel: string;
  readonly type: string;
  readonly filed: number;
  /** In the states {@link DONE_STATES} by now. */
  readonly done: number;
  readonly redone: number;
  readonly urged: number;
}

export const DONE_STATES = ['closed', 'answered', 'archived'] as const;

/** What was filed in [from, to), counted once over the partitions of the span: no citizens, only numbers. */
export async function countsOfMonth(tx: Tx, fromMs: number, toMs: number): Promise<MonthCount[]> {
  const { rows } = await sql<MonthCount>`
    select left(o.region, 4) as city, o.channel, o.type, count(*)::integer as filed,
      (count(*) filter (where o.state = any(${DONE_STATES}::text[])))::integer as done,
      (count(*) filter (where o.redo_no > 0))::integer as redone, (count(*) filter (where o.urge_count > 0))::integer as urged
    from orders.work_order o where o.id >= ${lowestIdAt(fromMs)} and o.id < ${lowestIdAt(toMs)}
    group by 1, 2, 3 order by 1, 2, 3`.execute(tx);
  return rows;
}
