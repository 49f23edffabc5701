import { sql } from 'kysely';
import type { SeriesMark } from '#contracts/operations/series.api.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { condense, gathered, HOUR_MS, HOURS_KEPT_MS, RAW_KEPT_MS, SPAN_MS, STEP_MS, type CondensedSpan } from './series.rules.ts';
import { condensedSpans, looseSpans, packedUpto, rawSpans, type NewSeries, type RawSpan } from './series.store.ts';

/** How finely a series can be read: each reading, five minutes, an hour. */
export type Step = typeof STEP_MS | typeof SPAN_MS | typeof HOUR_MS;

/** The finest step whose readings are kept so far back and that gives a line no more points than a screen is wide. */
export function stepFor(fromMs: number, toMs: number, nowMs: number): Step {
  const fits = (stepMs: number, keptMs: number) => (toMs - fromMs) / stepMs <= POINTS_AT_MOST && fromMs >= nowMs - keptMs;
  if (fits(STEP_MS, RAW_KEPT_MS)) return STEP_MS;
  return fits(SPAN_MS, HOURS_KEPT_MS) ? SPAN_MS : HOUR_MS;
}

const POINTS_AT_MOST = 1500;

/**
 * What series tell of [from, to), in spans of `stepMs`; a span without a reading is left out. `fromMs` is a multiple of the step.
 *
 * Put together from the tiers, each read from where the coarser one ends: days to their last full one, hours, packed readings,
 * loose ones. So nothing is missing at a seam and nothing is told twice.
 */
export async function readSeries(tx: Tx, ids: readonly number[], fromMs: number, toMs: number, stepMs: Step): Promise<CondensedSpan[]> {
  const seam = async (what: 'raw' | 'hour' | 'day', before: number) => Math.max(before, (await packedUpto(tx, what))?.getTime() ?? before);
  const dayMs = stepMs === HOUR_MS ? await seam('day', fromMs) : fromMs;
  const hourMs = stepMs === STEP_MS ? fromMs : await seam('hour', dayMs);
  const rawMs = await seam('raw', hourMs);
  const upto = (ms: number) => Math.min(ms, toMs);
  const found: CondensedSpan[] = [];
  if (dayMs > fromMs) found.push(...(await condensedSpans(tx, 'day', fromMs, upto(dayMs), ids)));
  if (hourMs > dayMs) found.push(...(await condensedSpans(tx, 'hour', dayMs, upto(hourMs), ids)));
  // A span of five minutes may begin before what is asked for.
  const spans = [
    ...(rawMs > hourMs ? await rawSpans(tx, hourMs - SPAN_MS + 1, upto(rawMs), ids) : []),
    ...(await looseSpans(tx, rawMs, toMs, ids)),
  ];
  found.push(...spans.flatMap(single).filter((one) => one.fromMs >= hourMs && one.fromMs < toMs));
  return gathered(found, stepMs);
}

/** Each reading of a span as a span of its own. */
function single({ series, fromMs, readings }: RawSpan): CondensedSpan[] {
  return readings.flatMap((value, place) =>
    Number.isNaN(value) ? [] : [{ series, fromMs: fromMs + place * STEP_MS, ...condense([value]) }],
  );
}

/** The series of these numbers, as far as they are known. */
export function seriesOf(tx: Tx, ids: readonly number[]) {
  return tx.selectFrom('operations.series').select(['id', 'name', 'labels']).where('id', 'in', ids).orderBy('id').execute();
}

/** The names of what told something within the time that readings of five minutes are kept, with how many series each has. */
export async function seriesNames(tx: Tx, nowMs: number): Promise<{ name: string; series: number }[]> {
  const rows = await tx
    .selectFrom('operations.series')
    .select(({ fn }) => ['name', fn.countAll<string>().as('count')])
    .where('seen_at', '>', new Date(nowMs - HOURS_KEPT_MS))
    .groupBy('name')
    .orderBy('name')
    .execute();
  return rows.map(({ name, count }) => ({ name, series: Number(count) }));
}

const MARKS_AT_MOST = 200;

/** The changes made and the faults open at an instant of [from, to), the newest first. */
export async function marksBetween(tx: Tx, from: Date, to: Date): Promise<SeriesMark[]> {
  const { rows } = await sql<{ id: string; kind: 'change' | 'fault'; number: string; title: string; began: Date; ended: Date | null }>`
    select * from (
      select id, kind, number, title,
        case kind when 'change' then (facts ->> 'beganAt')::timestamptz else opened_at end as began,
        case kind when 'change' then coalesce((facts ->> 'finishedAt')::timestamptz, ended_at)
          else coalesce((facts ->> 'fixedAt')::timestamptz, ended_at) end as ended
      from operations.record where kind in ('change', 'fault')
    ) marks
    where began < ${to} and coalesce(ended, ${to}) >= ${from} order by began desc limit ${MARKS_AT_MOST}`.execute(tx);
  return rows.map(({ began, ended, ...row }) => ({ ...row, from: began.toISOString(), to: ended?.toISOString() ?? null }));
}

/** Series in the order of their numbers, of one metric or of those whose names begin so. */
export async function listSeries(
  tx: Tx,
  { name = '', ids, after = 0, limit = 200 }: { name?: string; ids?: string; after?: number; limit?: number },
) {
  const rows = await tx
    .selectFrom('operations.series')
    .select(['id', 'name', 'labels', 'kind'])
    .where('name', '>=', name)
    .where('name', '<', `${name}~`)
    .where('id', '>', after)
    .$if(ids !== undefined, (query) => query.where('id', 'in', ids!.split(',').map(Number)))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, kind: row.kind as NewSeries['kind'] }));
}
