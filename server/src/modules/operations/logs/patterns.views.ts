import { sql } from 'kysely';
import { LEVELS, type Clause } from '#contracts/operations/logs.query.ts';
import type { LogPattern, LogSource, PATTERN_LISTS } from '#contracts/operations/logs.api.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { levelName } from './lines.rules.ts';
import { conditionOf, walk, type Asked } from './search.views.ts';
import { templateName } from './templates.rules.ts';

const HOUR_MS = 3_600_000;
const STEPS_S = [60, 300, 900, 3600, 4 * 3600, 24 * 3600] as const;
const BARS_AT_MOST = 120;

/** The finest step that gives no more bars than a chart shows well. */
export function barSeconds(fromMs: number, toMs: number): number {
  return STEPS_S.find((step) => (toMs - fromMs) / 1000 / step <= BARS_AT_MOST) ?? 24 * 3600;
}

export interface Bar {
  readonly atMs: number;
  readonly lines: number;
  readonly warnings: number;
  readonly errors: number;
}

/** Whether the minutes' counts tell all that is asked for. */
function isCounted(clause: Clause): boolean {
  return clause.kind === 'level' || (clause.kind === 'column' && ['source', 'module', 'template'].includes(clause.column));
}

/**
 * How many lines were found in each step. From the minutes' counts where they tell enough; else the lines are walked, as far
 * back as `budgetMs` lets: `countedFromMs` says how far that was.
 */
export async function histogram(
  tx: Tx,
  asked: Asked,
  stepS: number,
  budgetMs = 500,
): Promise<{ bars: Bar[]; countedFromMs: number | null }> {
  const stepMs = stepS * 1000;
  if (asked.clauses.every(isCounted)) {
    const { rows } = await sql<{ at: Date; lines: number; warnings: number; errors: number }>`
      select date_bin(make_interval(secs => ${stepS}), at, '2000-01-02 16:00Z') as at, sum(lines)::integer as lines,
        coalesce(sum(lines) filter (where level >= ${LEVELS.warn} and level < ${LEVELS.error}), 0)::integer as warnings,
        coalesce(sum(lines) filter (where level >= ${LEVELS.error}), 0)::integer as errors
      from operations.log_count where at >= ${new Date(asked.fromMs)} and at < ${new Date(asked.toMs)} and ${conditionOf(asked.clauses)} group by 1 order by 1`.execute(
      tx,
    );
    return { bars: rows.map(({ at, ...bar }) => ({ atMs: at.getTime(), ...bar })), countedFromMs: null };
  }
  const bars = new Map<number, { lines: number; warnings: number; errors: number }>();
  const done = (countedFromMs: number | null) => ({
    bars: [...bars].map(([atMs, bar]) => ({ atMs, ...bar })).toSorted((a, b) => a.atMs - b.atMs),
    countedFromMs,
  });
  const startMs = performance.now();
  // Bars begin with the days of Beijing, as those of the database do above.
  const zeroMs = Date.parse('2000-01-02T16:00:00Z');
  for await (const piece of walk(tx, asked, { atMs: asked.toMs, seq: 0 }, { brief: true, pieceMs: budgetMs / 4 })) {
    for (const { at, level } of piece.rows) {
      const atMs = zeroMs + Math.floor((at.getTime() - zeroMs) / stepMs) * stepMs;
      let bar = bars.get(atMs);
      if (!bar) bars.set(atMs, (bar = { lines: 0, warnings: 0, errors: 0 }));
      bar.lines++;
      if (level >= LEVELS.error) bar.errors++;
      else if (level >= LEVELS.warn) bar.warnings++;
    }
    if (!piece.done && performance.now() - startMs > budgetMs) return done(piece.next.atMs);
  }
  return done(null);
}

const PATTERNS_AT_MOST = 100;

/** The patterns of the last day: the most frequent, those first seen within it, or those whose last hour stands out. */
export async function patterns(tx: Tx, list: (typeof PATTERN_LISTS)[number], nowMs: number): Promise<LogPattern[]> {
  const hour = sql`floor(extract(epoch from ${new Date(nowMs)}::timestamptz - c.at) / 3600)::integer`;
  const order = {
    frequent: sql`day desc`,
    new: sql`t.first_at desc`,
    rising: sql`hour / greatest(usual, 1) desc, hour desc`,
  }[list];
  const only = {
    frequent: sql`true`,
    new: sql`t.first_at >= ${new Date(nowMs - 24 * HOUR_MS)}`,
    // A handful of lines is no rise, whatever there was before.
    rising: sql`hour >= 5 and hour >= 2 * usual`,
  }[list];
  const { rows } = await sql<{
    id: number;
    module: string;
    text: string;
    level: number;
    first_at: Date;
    last_at: Date;
    day: number;
    hour: number;
    usual: number;
    hours: number[];
  }>`
    with hourly as (
      select c.template, ${hour} as back, sum(c.lines) as lines from operations.log_count c
      where c.at > ${new Date(nowMs - 24 * HOUR_MS)} and c.at <= ${new Date(nowMs)} group by 1, 2
    ), told as (
      select template, sum(lines)::integer as day, coalesce(sum(lines) filter (where back = 0), 0)::integer as hour,
        (coalesce(sum(lines) filter (where back > 0), 0) / 23)::double precision as usual,
        (select array_agg(coalesce(n.lines, 0)::integer order by b.back desc) from generate_series(0, 23) b(back)
          left join hourly n on n.template = h.template and n.back = b.back) as hours
      from hourly h group by template
    )
    select t.id, t.module, t.text, t.level, t.first_at, t.last_at, day, hour, usual, hours
    from told join operations.log_template t on t.id = told.template
    where ${only} order by ${order}, t.id limit ${PATTERNS_AT_MOST}`.execute(tx);
  return rows.map((row) => ({
    id: templateName(row.id),
    module: row.module,
    text: row.text,
    level: levelName(row.level),
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    day: row.day,
    hour: row.hour,
    usual: row.usual,
    hours: row.hours,
    isNew: row.first_at.getTime() >= nowMs - 24 * HOUR_MS,
  }));
}

/** A source that sent nothing for so long is silent (DOMAIN §5.3); one that was not heard for a week is forgotten. */
export const SILENT_MS = 10 * 60_000;
const FORGOTTEN_MS = 7 * 24 * HOUR_MS;

export async function logSources(tx: Tx, nowMs: number): Promise<LogSource[]> {
  const rows = await tx
    .selectFrom('operations.log_source')
    .selectAll()
    .where('heard_at', '>', new Date(nowMs - FORGOTTEN_MS))
    .orderBy('name')
    .execute();
  return rows.map((row) => {
    const silentMs = Math.max(0, nowMs - row.heard_at.getTime());
    return {
      name: row.name,
      kind: row.kind as LogSource['kind'],
      heardAt: row.heard_at.toISOString(),
      silent: silentMs > SILENT_MS,
      silentSeconds: Math.floor(silentMs / 1000),
    };
  });
}
