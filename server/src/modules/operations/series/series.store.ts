import { sql } from 'kysely';
import type { Tx } from '#server/platform/db/db.ts';
import { condense, DAY_MS, gridAt, HOUR_MS, SPAN_MS, STEP_MS, type Condensed, type CondensedSpan } from './series.rules.ts';

/** A measured thing, as it is registered. */
export interface NewSeries {
  readonly name: string;
  /** As `labelText` gives them. */
  readonly labels: string;
  readonly kind: 'gauge' | 'counter';
}

/** The numbers of series, registered where they are new; in the order in which they were given. */
export async function registerSeries(tx: Tx, series: readonly NewSeries[], at: Date): Promise<number[]> {
  const columns = (of: (one: NewSeries) => string) => series.map(of);
  const [names, labels, kinds] = [columns((one) => one.name), columns((one) => one.labels), columns((one) => one.kind)];
  const { rows } = await sql<{ id: number; name: string; labels: string }>`
    insert into operations.series as s (name, labels, kind, seen_at)
    select *, ${at}::timestamptz from unnest(${names}::text[], ${labels}::text[], ${kinds}::text[])
    on conflict (name, labels) do update set seen_at = excluded.seen_at
    returning s.id, s.name, s.labels`.execute(tx);
  const ids = new Map(rows.map((row) => [`${row.name}{${row.labels}}`, row.id]));
  return series.map((one) => ids.get(`${one.name}{${one.labels}}`)!);
}

/** Keeps what a source read of its series at one instant of the grid; what it told of that instant before stands. */
export async function putReading(tx: Tx, at: Date, source: string, ids: readonly number[], readings: readonly number[]): Promise<void> {
  await sql`insert into operations.reading (at, source, series, readings)
    values (${at}, ${source}, ${ids}::integer[], ${readings}::double precision[]) on conflict do nothing`.execute(tx);
}

/** Up to when a tier holds everything; null before anything was packed. */
export async function packedUpto(tx: Tx, what: 'raw' | 'hour' | 'day'): Promise<Date | null> {
  const row = await tx.selectFrom('operations.packed').select('upto').where('what', '=', what).executeTakeFirst();
  return row?.upto ?? null;
}

export async function setPackedUpto(tx: Tx, what: 'raw' | 'hour' | 'day', upto: Date): Promise<void> {
  await tx
    .insertInto('operations.packed')
    .values({ what, upto })
    .onConflict((oc) => oc.column('what').doUpdateSet({ upto }))
    .execute();
}

export async function firstReadingAt(tx: Tx): Promise<Date | null> {
  const row = await tx.selectFrom('operations.reading').select('at').orderBy('at').limit(1).executeTakeFirst();
  return row?.at ?? null;
}

/** A series' readings over a span that begins at `fromMs`, NaN where there was none. */
export interface RawSpan {
  readonly series: number;
  readonly fromMs: number;
  readonly readings: readonly number[];
}

/** The readings of [from, to) that are not packed yet, span by span; of all series, or of some. */
export async function looseSpans(tx: Tx, fromMs: number, toMs: number, ids?: readonly number[]): Promise<RawSpan[]> {
  const rows = await tx
    .selectFrom('operations.reading')
    .select(['at', 'series', 'readings'])
    .where('at', '>=', new Date(fromMs))
    .where('at', '<', new Date(toMs))
    .execute();
  const wanted = ids && new Set(ids);
  const spans = new Map<string, { series: number; fromMs: number; readings: number[] }>();
  for (const { at, series, readings } of rows) {
    const spanMs = gridAt(at.getTime(), SPAN_MS);
    const place = (at.getTime() - spanMs) / STEP_MS;
    for (const [index, id] of series.entries()) {
      if (wanted && !wanted.has(id)) continue;
      const key = `${id}/${spanMs}`;
      let span = spans.get(key);
      if (!span) spans.set(key, (span = { series: id, fromMs: spanMs, readings: Array.from({ length: SPAN_MS / STEP_MS }, () => NaN) }));
      span.readings[place] = readings[index]!;
    }
  }
  return [...spans.values()];
}

/** Moves the readings of one span of five minutes from the sources' rows to the series' own. */
export async function packSpan(tx: Tx, fromMs: number): Promise<number> {
  const spans = await looseSpans(tx, fromMs, fromMs + SPAN_MS);
  if (spans.length > 0)
    await sql`insert into operations.raw_span (series, from_at, readings)
      select series, ${new Date(fromMs)}, readings::double precision[]
      from unnest(${spans.map((span) => span.series)}::integer[], ${spans.map((span) => `{${span.readings.join(',')}}`)}::text[]) as t(series, readings)`.execute(
      tx,
    );
  const at = new Date(fromMs + SPAN_MS);
  // Who told something within the day is known; once an hour is often enough to say so.
  await sql`update operations.series set seen_at = ${at} where id = any(${spans.map((span) => span.series)}::integer[])
    and seen_at < ${new Date(at.getTime() - HOUR_MS)}`.execute(tx);
  await forgetReadings(tx, fromMs + SPAN_MS);
  return spans.length;
}

/** Deletes what sources read before an instant. */
export async function forgetReadings(tx: Tx, beforeMs: number): Promise<void> {
  await tx.deleteFrom('operations.reading').where('at', '<', new Date(beforeMs)).execute();
}

/** The packed readings of [from, to). */
export async function rawSpans(tx: Tx, fromMs: number, toMs: number, ids?: readonly number[]): Promise<RawSpan[]> {
  let query = tx
    .selectFrom('operations.raw_span')
    .select(['series', 'from_at', 'readings'])
    .where('from_at', '>=', new Date(fromMs))
    .where('from_at', '<', new Date(toMs));
  if (ids) query = query.where('series', 'in', ids);
  return (await query.execute()).map((row) => ({ series: row.series, fromMs: row.from_at.getTime(), readings: row.readings }));
}

/** The tiers of what was condensed, with the length of their rows and of the spans these hold. */
export const TIERS = {
  hour: { table: 'operations.hour_span', rowMs: HOUR_MS, spanMs: SPAN_MS },
  day: { table: 'operations.day_span', rowMs: DAY_MS, spanMs: HOUR_MS },
} as const;
export type Tier = keyof typeof TIERS;

/** Writes the condensed spans of one row's length, a row for each series. */
export async function putCondensed(tx: Tx, tier: Tier, fromMs: number, spans: readonly CondensedSpan[]): Promise<void> {
  const { table, rowMs, spanMs } = TIERS[tier];
  const bySeries = new Map<number, Condensed[]>();
  const nothing = condense([]);
  for (const span of spans) {
    let row = bySeries.get(span.series);
    if (!row) bySeries.set(span.series, (row = Array.from({ length: rowMs / spanMs }, () => nothing)));
    row[(span.fromMs - fromMs) / spanMs] = span;
  }
  const rows = [...bySeries];
  const arrays = (of: (span: Condensed) => number) => rows.map(([, row]) => `{${row.map(of).join(',')}}`);
  if (rows.length > 0)
    await sql`insert into ${sql.table(table)} (series, from_at, counts, least, greatest, sums, lasts)
      select series, ${new Date(fromMs)}, counts::integer[], least::double precision[], greatest::double precision[], sums::double precision[], lasts::double precision[]
      from unnest(${rows.map(([series]) => series)}::integer[], ${arrays((span) => span.count)}::text[], ${arrays((span) => span.least)}::text[],
        ${arrays((span) => span.greatest)}::text[], ${arrays((span) => span.sum)}::text[], ${arrays((span) => span.last)}::text[])
        as t(series, counts, least, greatest, sums, lasts)`.execute(tx);
}

/** The condensed spans of a tier that begin in [from, to), those without a reading left out. */
export async function condensedSpans(tx: Tx, tier: Tier, fromMs: number, toMs: number, ids?: readonly number[]): Promise<CondensedSpan[]> {
  const { table, rowMs, spanMs } = TIERS[tier];
  let query = tx
    .selectFrom(table)
    .selectAll()
    .where('from_at', '>', new Date(fromMs - rowMs))
    .where('from_at', '<', new Date(toMs));
  if (ids) query = query.where('series', 'in', ids);
  const rows = await query.execute();
  return rows.flatMap((row) =>
    row.counts.flatMap((count, place) => {
      const at = row.from_at.getTime() + place * spanMs;
      if (count === 0 || at < fromMs || at >= toMs) return [];
      return [
        {
          series: row.series,
          fromMs: at,
          count,
          least: row.least[place]!,
          greatest: row.greatest[place]!,
          sum: row.sums[place]!,
          last: row.lasts[place]!,
        },
      ];
    }),
  );
}
