import { sql, type RawBuilder, type SelectQueryBuilder, type SqlBool } from 'kysely';
import type { OrderFilter } from '#contracts/orders/orders.api.ts';
import type { OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { lowestIdAt } from '#server/kernel/ids.ts';
import { isNumber, numberSpan } from '#server/kernel/number.ts';
import type { Actor } from '#server/platform/actor.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { DB } from '#server/platform/db/schema.gen.ts';
import { compact } from '../appeals/index.ts';

const MARKS: Readonly<Record<NonNullable<OrderFilter['mark']>, RawBuilder<SqlBool>>> = {
  confidential: sql`o.confidential`,
  sensitive: sql`o.sensitive > 0`,
  group: sql`o.is_group`,
  suspended: sql`o.suspended`,
  merged: sql`o.merged_count > 0`,
  redo: sql`o.redo_no > 0`,
  urged: sql`o.urge_count > 0`,
};

/** The states in which an order asks no more work of anybody. The indexes of what is open leave them out. */
export const OVER: readonly OrderState[] = ['refused', 'merged', 'closed', 'answered', 'archived', 'cancelled'];

type Listed = SelectQueryBuilder<DB & { o: DB['orders.work_order'] }, 'o', object>;

/**
 * The filters of every list. Whose orders they are is said by the policies alone, which the planner and the indexes know.
 *
 * @param gathers whether a unit's open orders are fetched before any other filter is asked of them.
 */
export function filtered(tx: Tx, actor: Actor, filter: OrderFilter, nowMs: number, gathers = false): Listed {
  let query: Listed = gathers ? openOfUnit(tx, actor, filter) : tx.selectFrom('orders.work_order as o');
  if (filter.number) {
    const number = compact(filter.number);
    if (!isNumber(number)) throw new Refusal({ code: 'appeals.bad-number', fields: [{ path: 'number', code: 'appeals.bad-number' }] });
    const span = numberSpan(number);
    query = query.where('o.number', '=', number).where('o.id', '>=', lowestIdAt(span.fromMs)).where('o.id', '<', lowestIdAt(span.toMs));
  }
  if (filter.state)
    query = query.where(
      'state',
      'in',
      filter.state.split(',').map((state) => state.trim()),
    );
  const now = new Date(nowMs);
  if (filter.light === 'green') query = query.where('o.due_at', '>', now).where('o.yellow_at', '>', now);
  if (filter.light === 'red') query = query.where('o.due_at', '<=', new Date(nowMs - 1000));
  if (filter.light === 'yellow') query = query.where('o.yellow_at', '<=', now).where('o.due_at', '>', new Date(nowMs - 1000));
  if (filter.type) query = query.where('o.type', '=', filter.type);
  if (filter.category) query = query.where('o.category', '>=', filter.category).where('o.category', '<', `${filter.category}~`);
  if (filter.urgency) query = query.where('o.urgency', '=', filter.urgency);
  // A county's orders stand in their order in `work_order_region_idx`, which knows the street; under a street there is nothing.
  const { region } = filter;
  if (region && region.length >= 6) query = query.where('o.county', '=', region.slice(0, 6));
  if (region?.length === 9) query = query.where('o.region', '=', region);
  else if (region && region.length !== 6) query = query.where('o.region', '>=', region).where('o.region', '<', `${region}~`);
  if (filter.channel) query = query.where('o.channel', '=', filter.channel);
  if (filter.unit && !gathers) query = query.where(ofUnit(actor, filter.unit));
  if (filter.main) query = query.where('o.main_unit', '>=', filter.main).where('o.main_unit', '<', `${filter.main}~`);
  if (filter.handler) query = query.where(inHandOf(filter.handler));
  if (filter.oversight) query = query.where('o.oversight_level', '>=', filter.oversight);
  if (filter.mark) query = query.where(MARKS[filter.mark]);
  if (filter.q?.trim())
    for (const word of filter.q.trim().split(/\s+/))
      query = query.where(sql<SqlBool>`exists (select from appeals.appeal a where a.id = o.id and position(${word} in a.title) > 0)`);
  if (filter.from) query = query.where('o.id', '>=', lowestIdAt(Date.parse(filter.from)));
  if (filter.to) query = query.where('o.id', '<', lowestIdAt(Date.parse(filter.to)));
  if (filter.dueFrom) query = query.where('o.due_at', '>=', new Date(filter.dueFrom));
  if (filter.dueTo) query = query.where('o.due_at', '<', new Date(filter.dueTo));
  return query;
}

/** The unit whose open orders alone can match, if there is one: the filter's, or the reader's own. */
export function unitOfOpen({ scope }: Actor, { unit, state }: OrderFilter): string | null {
  if (scope.role === 'city' || !state || state.split(',').some((one) => OVER.includes(one.trim() as OrderState))) return null;
  return unit ?? (scope.role === 'unit' ? (scope.unitLo ?? null) : null);
}

/**
 * A unit's open orders, found by `work_order_open_units_idx` alone. `offset 0` keeps every other filter out of the search: how
 * often a unit, a state and a due date come together is not known to the planner, which would read the dates of a province's
 * open orders to spare itself a few hundred rows.
 */
function openOfUnit(tx: Tx, actor: Actor, { unit }: OrderFilter): Listed {
  return tx.selectFrom((from) => {
    const open = from.selectFrom('orders.work_order as o').selectAll('o').where('o.state', 'not in', OVER).offset(0);
    return (unit ? open.where(ofUnit(actor, unit)) : open).as('o');
  }) as unknown as Listed;
}

/**
 * Orders in which a unit or one under it takes part, by `work_order_units_idx`. That an array contains something may not be
 * asked of an index before a city's policy has judged the row, because PostgreSQL does not know that the question tells
 * nothing about it; a city's question goes to the tasks.
 */
function ofUnit({ scope }: Actor, code: string) {
  return scope.role === 'city'
    ? sql<SqlBool>`exists (select from orders.task t where t.order_id = o.id and t.unit_code >= ${code} and t.unit_code < ${`${code}~`})`
    : sql<SqlBool>`o.units @> array[${code}]`;
}

function inHandOf(handler: string) {
  return sql<SqlBool>`exists (select from orders.task t where t.order_id = o.id and t.role = 'main' and t.handler_id = ${handler}
    and t.state in ('pending-sign', 'handling'))`;
}
