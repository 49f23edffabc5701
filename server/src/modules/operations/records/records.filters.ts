import { sql, type SelectQueryBuilder, type SqlBool } from 'kysely';
import type { RecordFilter } from '#contracts/operations/records/records.api.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { DB } from '#server/platform/db/schema.gen.ts';

/** So soon after the last one a fault of the same component is a repeated one. */
const AGAIN_DAYS = 30;

type Listed<O> = SelectQueryBuilder<DB, 'operations.record', O>;
export type Narrowing = RecordFilter & { readonly reporter?: string };

/** The filters of every list of records, also of what the monthly report counts. `me` is whom `owner: me` means. */
export function narrowed<O>(listed: Listed<O>, filter: Narrowing, me: string | null, nowMs: number): Listed<O> {
  const owner = filter.owner === 'me' ? me : filter.owner;
  const now = new Date(nowMs);
  return whenOf(listed, filter)
    .$if(filter.kind !== undefined, (query) => query.where('kind', '=', filter.kind!))
    .$if(filter.state !== undefined, (query) => query.where('state', 'in', filter.state!.split(',')))
    .$if(filter.open === 'true', (query) => query.where('ended_at', 'is', null))
    .$if(filter.open === 'false', (query) => query.where('ended_at', 'is not', null))
    .$if(filter.level !== undefined, (query) => query.where('level', '=', filter.level!))
    .$if(filter.component !== undefined, (query) => query.where('component', '=', filter.component!))
    .$if(filter.source !== undefined, (query) => query.where('source', '=', filter.source!))
    .$if(owner !== undefined, (query) => query.where('owner_id', '=', owner ?? null))
    .$if(filter.reporter !== undefined, (query) => query.where('reporter_id', '=', filter.reporter!))
    .$if(filter.class !== undefined, (query) => query.where(sql<SqlBool>`facts ->> 'class' = ${filter.class}`))
    .$if(filter.reviewed !== undefined, (query) => query.where(sql<SqlBool>`(facts ? 'rootCause') = ${filter.reviewed === 'true'}`))
    .$if(filter.cause !== undefined, (query) => query.where(sql<SqlBool>`coalesce(facts ->> 'cause', 'unknown') = ${filter.cause}`))
    .$if(filter.effect !== undefined, (query) => query.where(sql<SqlBool>`coalesce(facts ->> 'effect', 'unknown') = ${filter.effect}`))
    .$if(filter.ratingFrom !== undefined, (query) => query.where(sql<SqlBool>`(facts ->> 'rating')::integer >= ${filter.ratingFrom}`))
    .$if(filter.ratingTo !== undefined, (query) => query.where(sql<SqlBool>`(facts ->> 'rating')::integer <= ${filter.ratingTo}`))
    .$if(filter.again !== undefined, (query) => query.where(isAgain))
    .$if(filter.clock !== undefined, (query) => query.where(clockDue(filter, now)))
    .$if(filter.light === 'red', (query) => query.where('due_at', '<', now).where('ended_at', 'is', null))
    .$if(filter.light === 'yellow', (query) => query.where('yellow_at', '<=', now).where('due_at', '>=', now).where('ended_at', 'is', null))
    .$if(filter.q !== undefined, (query) =>
      query.where((eb) =>
        eb.or([eb('number', '=', filter.q!.trim()), eb('title', 'ilike', `%${filter.q!.trim().replaceAll(/[%_\\]/g, '\\$&')}%`)]),
      ),
    );
}

/** When it was opened, ended, stood open, or is planned. */
function whenOf<O>(listed: Listed<O>, filter: Narrowing): Listed<O> {
  return listed
    .$if(filter.from !== undefined, (query) => query.where('opened_at', '>=', new Date(filter.from!)))
    .$if(filter.to !== undefined, (query) => query.where('opened_at', '<', new Date(filter.to!)))
    .$if(filter.endedFrom !== undefined, (query) => query.where('ended_at', '>=', new Date(filter.endedFrom!)))
    .$if(filter.endedTo !== undefined, (query) => query.where('ended_at', '<', new Date(filter.endedTo!)))
    .$if(filter.openAt !== undefined, (query) => {
      const at = new Date(filter.openAt!);
      return query.where('opened_at', '<', at).where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>=', at)]));
    })
    .$if(filter.startsFrom !== undefined, (query) =>
      query.where(sql<SqlBool>`(facts ->> 'startsAt')::timestamptz >= ${new Date(filter.startsFrom!)}`),
    )
    .$if(filter.startsTo !== undefined, (query) =>
      query.where(sql<SqlBool>`(facts ->> 'startsAt')::timestamptz < ${new Date(filter.startsTo!)}`),
    )
    .$if(filter.plannedFrom !== undefined, (query) => query.where(sql<SqlBool>`facts ->> 'plannedOn' >= ${filter.plannedFrom}`))
    .$if(filter.plannedTo !== undefined, (query) => query.where(sql<SqlBool>`facts ->> 'plannedOn' <= ${filter.plannedTo}`));
}

/** The component had another fault that ended shortly before. */
const isAgain = sql<SqlBool>`exists (select from operations.record before
  where before.kind = record.kind and before.component = record.component and before.id < record.id
    and before.ended_at between record.opened_at - make_interval(days => ${sql.lit(AGAIN_DAYS)}) and record.opened_at)`;

/** A clock of the name fell due in the span and counts, one that stands does not; a record with one late and one in time is late. */
function clockDue({ clock, clockFrom, clockTo, clockResult }: Narrowing, now: Date) {
  const due = sql`select from casework.clock c where c.case_id = record.id and c.case_kind = record.kind and c.name = ${clock}
    and (c.result <> 'void' or (c.result is null and c.stopped_at is null)) and c.due_at >= ${new Date(clockFrom ?? 0)} and c.due_at < ${clockTo ? new Date(clockTo) : now}`;
  const late = sql`exists (${due} and (c.result = 'late' or (c.result is null and c.due_at < ${now})))`;
  if (clockResult === 'late') return sql<SqlBool>`${late}`;
  return clockResult === 'in-time' ? sql<SqlBool>`exists (${due}) and not ${late}` : sql<SqlBool>`exists (${due})`;
}

/** How many records match. */
export async function countRecords(tx: Tx, filter: RecordFilter, nowMs: number): Promise<number> {
  const { n } = await narrowed(
    tx.selectFrom('operations.record').select(sql<number>`count(*)::integer`.as('n')),
    filter,
    null,
    nowMs,
  ).executeTakeFirstOrThrow();
  return n;
}
