import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { HELD_STATES, type DueDay, type DutyKind, type PartRow } from '#contracts/orders/desks.api.ts';
import { beijingDate, startOfDay } from '#server/kernel/calendar.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import { lightOf } from '#server/platform/casework/index.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { filtered } from './orders.filters.ts';
import { rowView, type OrderJoined } from './orders.views.ts';

type Names = (code: string | null) => string | null;

const DAY = 86_400_000;
/** Counting ends here; the answer says so. */
const DUE_CAP = 5000;
const DUTY_CAP = 20_000;
const DUTY_SHOWN = 100;

/** The predicates of lists and counts take the second after the due instant as the first that is overdue. */
const isRed = (nowMs: number) => sql<SqlBool>`o.due_at <= ${new Date(nowMs - 1000)}`;
const isYellow = (nowMs: number) => sql<SqlBool>`o.yellow_at <= ${new Date(nowMs)} and o.due_at > ${new Date(nowMs - 1000)}`;

/** What a unit and a handler of it hold, in every way the list of the desk can be filtered. */
export interface Held {
  readonly unit: string;
  readonly handler: string | null;
  readonly handlerName: string | null;
  readonly total: number;
  readonly toSign: number;
  readonly inHand: number;
  readonly returned: number;
  readonly yellow: number;
  readonly red: number;
  readonly redo: number;
  readonly oversight: number;
}

/** What the units of a scope hold as main units, by unit and handler. Walks `task_open_idx`: what they once had is not touched. */
export async function heldBy(tx: Tx, lo: string, hi: string, nowMs: number): Promise<Held[]> {
  const { rows } = await sql<Held>`
    select o.main_unit as unit, t.handler_id as handler, max(t.handler_name) as "handlerName", count(*) as total,
      count(*) filter (where o.state = 'dispatched') as "toSign", count(*) filter (where o.state = 'handling') as "inHand",
      count(*) filter (where o.state = 'return-pending') as returned,
      count(*) filter (where ${isYellow(nowMs)}) as yellow, count(*) filter (where ${isRed(nowMs)}) as red,
      count(*) filter (where o.redo_no > 0) as redo, count(*) filter (where o.oversight_level > 0) as oversight
    from orders.task t join orders.work_order o on o.id = t.order_id
    where t.unit_code >= ${lo} and t.unit_code < ${hi} and t.state in ('pending-sign', 'handling') and t.role = 'main'
      and o.state in (${sql.join(HELD_STATES)})
    group by 1, 2 order by 1, 2`.execute(tx);
  return rows;
}

const isOpenPart = (lo: string, hi: string) =>
  sql`t.unit_code >= ${lo} and t.unit_code < ${hi} and t.state in ('pending-sign', 'handling') and t.role <> 'main'`;

export async function countParts(tx: Tx, lo: string, hi: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from orders.task t where ${isOpenPart(lo, hi)}`.execute(tx);
  return rows[0]!.count;
}

/** The assisting and lower parts that wait for the units of a scope, the oldest order first; with the clock of the part. */
export async function partsPage(
  tx: Tx,
  { lo, hi }: { lo: string; hi: string },
  { limit = 20, cursor }: { limit?: number | undefined; cursor?: string | undefined },
  nowMs: number,
  unitName: Names,
): Promise<{ items: PartRow[]; nextCursor?: string }> {
  const [after = '', no = ''] = cursor?.split('/') ?? [];
  const isCursor = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(after) && /^\d{1,4}$/.test(no);
  if (cursor !== undefined && !isCursor) throw new Refusal({ code: 'base.bad-cursor' });
  const { rows } = await sql<{
    order_id: string;
    no: number;
    number: string;
    title: string;
    role: 'assist' | 'lower';
    state: string;
    unit_code: string;
    main_unit: string | null;
    handler_name: string | null;
    dispatched_at: Date;
    due_at: Date | null;
    yellow_at: Date | null;
    provisional: boolean | null;
  }>`
    select t.order_id, t.no, o.number, a.title, t.role, t.state, t.unit_code, o.main_unit, t.handler_name, t.dispatched_at,
      c.due_at, c.yellow_at, c.provisional
    from orders.task t
    join orders.work_order o on o.id = t.order_id
    join appeals.appeal a on a.id = t.order_id
    left join lateral (
      select due_at, yellow_at, provisional from casework.clock c
      where c.case_id = t.order_id and c.no = t.no and c.name in ('task-sign', 'task-handle') and c.stopped_at is null
      order by due_at limit 1
    ) c on true
    where ${isOpenPart(lo, hi)} ${cursor === undefined ? sql`` : sql`and (t.order_id, t.no) > (${after}::uuid, ${Number(no)})`}
    order by t.order_id, t.no limit ${limit + 1}`.execute(tx);
  const items = rows.slice(0, limit).map((row): PartRow => ({
    id: `${row.order_id}/${row.no}`,
    orderId: row.order_id,
    number: row.number,
    title: row.title,
    role: row.role,
    state: row.state,
    unit: { code: row.unit_code, name: unitName(row.unit_code) ?? row.unit_code },
    mainUnit: unitName(row.main_unit),
    handler: row.handler_name,
    dispatchedAt: row.dispatched_at.toISOString(),
    dueAt: row.due_at?.toISOString() ?? null,
    dueProvisional: row.provisional ?? false,
    light: lightOf(row.due_at?.getTime() ?? null, row.yellow_at?.getTime() ?? null, nowMs),
  }));
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, ...(last ? { nextCursor: last.id } : {}) };
}

export interface DutySpan {
  readonly nowMs: number;
  /** When the next working day begins. */
  readonly untilMs: number;
}

const dutyKind = ({ nowMs, untilMs }: DutySpan): Readonly<Record<DutyKind, RawBuilder<SqlBool>>> => ({
  urgent: sql`o.urgency <= 2`,
  'handed-over': sql`o.handed_to is not null`,
  sensitive: sql`(o.sensitive > 0 or o.is_group)`,
  oversight: sql`o.oversight_level > 0`,
  due: sql`coalesce(o.due_at > ${new Date(nowMs - 1000)} and o.due_at < ${new Date(untilMs)}, false)`,
});

/**
 * What cannot wait until the next working day, up to the cap: the pressing part of what is open (`work_order_pressing_idx`,
 * whose predicate stands here word for word) and what falls due before then (`work_order_due_idx`).
 */
const pressing = (actor: Actor, { nowMs, untilMs }: DutySpan) => {
  const { regionLo = '32', regionHi = '32~' } = actor.scope;
  const here = sql`closed_at is null and state <> 'merged' and region >= ${regionLo} and region < ${regionHi}`;
  return sql`pressing as (
    select id from orders.work_order where ${here}
      and (urgency <= 2 or sensitive > 0 or is_group or oversight_level > 0 or handed_to is not null)
    union
    select id from orders.work_order where ${here} and due_at > ${new Date(nowMs - 1000)} and due_at < ${new Date(untilMs)}
    limit ${DUTY_CAP + 1})`;
};

/** How many there are of each kind at each place: cities for the province, counties for a city. */
export async function dutyPlaces(tx: Tx, actor: Actor, span: DutySpan) {
  const kinds = dutyKind(span);
  const { rows } = await sql<{ region: string; total: number } & Record<DutyKind, number>>`
    with ${pressing(actor, span)}
    select left(o.region, ${actor.scope.regionLo === undefined ? 4 : 6}::integer) as region, count(*) as total, ${sql.join(
      Object.entries(kinds).map(([kind, is]) => sql`count(*) filter (where ${is}) as ${sql.id(kind)}`),
    )}
    from pressing join orders.work_order o using (id) group by 1 order by 1`.execute(tx);
  return { rows, capped: rows.reduce((sum, row) => sum + row.total, 0) > DUTY_CAP };
}

/** The most pressing of them under a filter: the most urgent first, then what is due first. */
export async function dutyOrders(
  tx: Tx,
  actor: Actor,
  span: DutySpan,
  { kind, region }: { kind?: DutyKind | undefined; region?: string | undefined },
  unitName: Names,
) {
  const { rows } = await sql<OrderJoined & { handed_to: string | null; matching: number }>`
    with ${pressing(actor, span)}
    select o.*, a.title, count(*) over () as matching
    from pressing join orders.work_order o using (id) join appeals.appeal a using (id)
    where ${kind ? dutyKind(span)[kind] : sql`true`} ${region ? sql`and o.region >= ${region} and o.region < ${`${region}~`}` : sql``}
    order by least(o.urgency, 3), o.due_at nulls last, o.id limit ${DUTY_SHOWN}`.execute(tx);
  return {
    items: rows.map((row) => ({ ...rowView(row, span.nowMs, unitName), handedTo: row.handed_to })),
    matching: rows[0]?.matching ?? 0,
  };
}

/** How many orders fall due on each of so many days, by their lamp now; each day walks its part of `work_order_due_idx` up to the cap. */
export async function dueDays(
  tx: Tx,
  actor: Actor,
  { from, days, region, unit }: { from: string; days: number; region?: string; unit?: string },
  nowMs: number,
): Promise<DueDay[]> {
  const found: DueDay[] = [];
  for (let at = startOfDay(from); found.length < days; at += DAY) {
    const filter = {
      dueFrom: new Date(at).toISOString(),
      dueTo: new Date(at + DAY).toISOString(),
      ...(region ? { region } : {}),
      ...(unit ? { unit } : {}),
    };
    const inner = filtered(tx, actor, filter, nowMs)
      .select(['o.due_at', 'o.yellow_at'])
      .limit(DUE_CAP + 1);
    const row = await tx
      .selectFrom(inner.as('o'))
      .select([
        sql<number>`count(*)`.as('total'),
        sql<number>`count(*) filter (where ${isRed(nowMs)})`.as('red'),
        sql<number>`count(*) filter (where ${isYellow(nowMs)})`.as('yellow'),
      ])
      .executeTakeFirstOrThrow();
    const { red, yellow, total } = row;
    found.push({ day: beijingDate(at), red, yellow, green: total - red - yellow, capped: total > DUE_CAP });
  }
  return found;
}
