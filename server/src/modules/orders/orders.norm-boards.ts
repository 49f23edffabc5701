import { sql } from 'kysely';
import { normBoardsApi, type NormBoards } from '#contracts/orders/norm-boards.api.ts';
import type { NormLimit } from '#contracts/reference/norm.content.ts';
import { DEFAULT_HOURS } from '#server/kernel/calendar.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { lowestIdAt } from '#server/kernel/ids.ts';
import type { Db, Tx } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { inForce, knowsCategory, limitIn, PROVINCE, type Norm, type Reference } from '../reference/index.ts';

const DAY = 86_400_000;
/** A clock that stops now was started at most so long ago: so many months of partitions are read. */
const LONGEST = 180 * DAY;
const BLIND_SHOWN = 50;
const CLOSES = `${Math.floor(DEFAULT_HOURS.closesAtMinute / 60)}:${DEFAULT_HOURS.closesAtMinute % 60}`;

interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** How many orders of each category each city had: what coverage is told from. */
async function ordersByCategory(tx: Tx, { from, to }: Span): Promise<{ city: string; category: string | null; orders: number }[]> {
  const result = await sql<{ city: string; category: string | null; orders: number }>`
    select left(region, 4) as city, category, count(*) as orders from orders.work_order
    where id >= ${lowestIdAt(from.getTime())} and id < ${lowestIdAt(to.getTime())} group by 1, 2`.execute(tx);
  return result.rows;
}

/**
 * The clocks that were fulfilled in a span with the net time they used, in the unit of their limit: without the time they
 * stood, against the limit with its extensions;
 * working days are counted as limits count them, from the day after the dispatch, or after the next working day where it
 * came after closing time or on a day off; what stopped on a day off belongs to the next working day. So more than the
 * whole limit was used exactly where it is late.
 */
function stoppedClocks({ from, to }: Span) {
  return sql`
    workday as (
      select day, works, sum(works) over (order by day) as n from (
        select d as day, case when coalesce(h.type, case when extract(isodow from d) < 6 then 'work' else 'off' end) = 'work' then 1 else 0 end as works
        from (select (t at time zone 'Asia/Shanghai')::date as d
          from generate_series(${new Date(from.getTime() - LONGEST)}::timestamptz, ${new Date(to.getTime() + DAY)}::timestamptz, '1 day') t) dates
        left join reference.holiday h on h.date = d
      ) days
    ),
    used as (
      select left(c.region, 4) as city, c.name, c.mode, c.result,
        c.extended_ms / measure.ms as extended, c.amount + c.extended_ms / measure.ms as amount, c.rule_id, c.rule_version,
        case c.mode
          when 'workday' then greatest(0, e.n + 1 - e.works - s.n
            - case when s.works = 0 or (c.t0 at time zone 'Asia/Shanghai')::time >= ${CLOSES}::time then 1 else 0 end
            - round(c.paused_ms / 86400000.0))
          else greatest(0, extract(epoch from c.stopped_at - c.t0) - c.paused_ms / 1000.0) / case c.mode when 'hour' then 3600 else 60 end
        end as amount_used
      from casework.clock c
      join (values ('minute', 60000.0), ('hour', 3600000.0), ('workday', 86400000.0)) as measure(mode, ms) on measure.mode = c.mode
      join workday s on s.day = (c.t0 at time zone 'Asia/Shanghai')::date
      join workday e on e.day = (c.stopped_at at time zone 'Asia/Shanghai')::date
      where c.case_kind = 'order' and c.case_id >= ${lowestIdAt(from.getTime() - LONGEST)} and c.result in ('in-time', 'late')
        and c.stopped_at >= ${from} and c.stopped_at < ${to}
    )`;
}

interface PracticeRow {
  readonly region: string;
  readonly clocks: number;
  readonly late: number;
  readonly median: number | null;
  readonly p90: number | null;
}

/** Median and ninth decile of the net time of each step against its limit, by city. */
async function efficiency(tx: Tx, span: Span): Promise<(PracticeRow & { clock: string })[]> {
  const result = await sql<PracticeRow & { clock: string }>`
    with ${stoppedClocks(span)}
    select city as region, name as clock, count(*) as clocks, count(*) filter (where result = 'late') as late,
      percentile_cont(0.5) within group (order by amount_used / amount) as median,
      percentile_cont(0.9) within group (order by amount_used / amount) as p90
    from used group by 1, 2 order by 1, 2`.execute(tx);
  return result.rows;
}

/**
 * Each city's handling measured by the limits of the province, whatever its own supplement says. Where a city counts in
 * hours what the province counts in working days, a working day is taken as twenty-four hours.
 */
async function practiceByProvince(tx: Tx, span: Span, limits: readonly NormLimit[]): Promise<(PracticeRow & { beyond: number })[]> {
  const lines = JSON.stringify(
    limits.map(({ urgency, appealType, clock, mode, amount }) => ({ urgency, appeal_type: appealType, clock, mode, amount })),
  );
  const result = await sql<PracticeRow & { beyond: number }>`
    with ${stoppedClocks(span)},
    hours(mode, length) as (values ('minute', 1 / 60.0), ('hour', 1.0), ('workday', 24.0)),
    measured as (
      select u.city, u.result, u.amount_used * h.length / (p.amount * q.length + u.extended * h.length) as part
      from used u
      join reference.limit_rule r on r.id = u.rule_id and r.version = u.rule_version
      join jsonb_to_recordset(${lines}::jsonb) as p(urgency smallint, appeal_type text, clock text, mode text, amount numeric)
        on p.urgency = r.urgency and p.appeal_type = r.appeal_type and p.clock = r.clock
      join hours h on h.mode = u.mode
      join hours q on q.mode = p.mode
      where u.name = 'handle'
    )
    select city as region, count(*) as clocks, count(*) filter (where result = 'late') as late, count(*) filter (where part > 1) as beyond,
      percentile_cont(0.5) within group (order by part) as median, percentile_cont(0.9) within group (order by part) as p90
    from measured group by 1 order by 1`.execute(tx);
  return result.rows;
}

/** Complaints among what was filed and dissatisfaction among what was rated, in a span and region. */
async function complaintsIn(tx: Tx, region: string, { from, to }: Span) {
  const result = await sql<{ filed: number; complaints: number; rated: number; dissatisfied: number }>`
    select o.filed, o.complaints, r.rated, r.dissatisfied from (
      select count(*) as filed, count(*) filter (where type = '03') as complaints from orders.work_order
      where id >= ${lowestIdAt(from.getTime())} and id < ${lowestIdAt(to.getTime())} and region >= ${region} and region < ${`${region}~`}
    ) o, (
      select count(*) as rated, count(*) filter (where satisfaction <= 2) as dissatisfied from appeals.rating
      where appeal_id >= ${lowestIdAt(from.getTime() - LONGEST)} and at >= ${from} and at < ${to} and region >= ${region} and region < ${`${region}~`}
    ) r`.execute(tx);
  return { from: from.toISOString(), to: to.toISOString(), ...result.rows[0]! };
}

/** What a supplement adds to the norm of the province. */
function tightening(supplement: Norm | undefined, province: Norm | undefined) {
  const lines = supplement?.content.limits ?? [];
  const parts = lines.flatMap((line) => {
    const own = province && limitIn(province, { ...line, type: line.appealType, region: line.category }, line.clock);
    return own && own.mode === line.mode ? [1 - line.amount / own.amount] : [];
  });
  return {
    supplement: supplement ? { id: supplement.id, version: supplement.version } : null,
    limits: lines.length,
    shorter: parts.length > 0 ? parts.reduce((sum, part) => sum + part, 0) / parts.length : null,
    fields: supplement?.content.fields.length ?? 0,
    replies: (supplement?.content.replies.length ?? 0) + (supplement?.content.phrases.length ?? 0),
  };
}

const NO_PRACTICE = { clocks: 0, late: 0, beyond: 0, median: null, p90: null };

export function normBoardsRoutes({ reference, db, clock }: { reference: Reference; db: Db; clock: Clock }): Binding[] {
  return [
    bind(normBoardsApi.boards, async ({ actor, query }): Promise<NormBoards> => {
      const nowMs = clock.nowMs();
      const span = { from: new Date(nowMs - (query.days ?? 30) * DAY), to: new Date(nowMs) };
      const norms = await reference.norms();
      const [province] = inForce(norms, PROVINCE, nowMs);
      const general = province?.content.limits.filter((line) => line.category === '') ?? [];
      const { counts, practice, steps } = await db.transact(actor.scope, async (tx) => ({
        counts: await ordersByCategory(tx, span),
        practice: await practiceByProvince(tx, span, general),
        steps: await efficiency(tx, span),
      }));
      const blind = counts.filter(({ city, category }) => category === null || !knowsCategory(inForce(norms, city, nowMs), category));
      const cities = [...new Set([...counts.map(({ city }) => city), ...practice.map(({ region }) => region)])].toSorted();
      return {
        from: span.from.toISOString(),
        to: span.to.toISOString(),
        orders: sumOf(counts),
        blind: sumOf(blind),
        coverage: [...Map.groupBy(blind, ({ category }) => category)]
          .map(([category, rows]) => ({ category, orders: sumOf(rows), cities: rows.length }))
          .toSorted((a, b) => b.orders - a.orders)
          .slice(0, BLIND_SHOWN),
        deviation: cities.map((region) => ({
          region,
          ...tightening(
            inForce(norms, region, nowMs).find((norm) => norm.region === region),
            province,
          ),
          ...(practice.find((row) => row.region === region) ?? NO_PRACTICE),
        })),
        efficiency: steps,
      };
    }),
    bind(normBoardsApi.effect, async ({ actor, params, query }) => {
      const nowMs = clock.nowMs();
      const norm = (await reference.norms()).find((candidate) => candidate.id === params.id);
      // Before it takes effect there is nothing to compare.
      if (!norm || norm.effectiveMs > nowMs) throw new Refusal({ code: 'base.not-found' });
      const days = (query.days ?? 30) * DAY;
      const at = new Date(norm.effectiveMs);
      const { region, version } = norm;
      const { before, after } = await db.transact(actor.scope, async (tx) => ({
        before: await complaintsIn(tx, region, { from: new Date(norm.effectiveMs - days), to: at }),
        after: await complaintsIn(tx, region, { from: at, to: new Date(Math.min(nowMs, norm.effectiveMs + days)) }),
      }));
      return { id: norm.id, region, version, effectiveFrom: at.toISOString(), before, after };
    }),
  ];
}

function sumOf(rows: readonly { orders: number }[]): number {
  return rows.reduce((sum, row) => sum + row.orders, 0);
}
