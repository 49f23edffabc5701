import { sql, type RawBuilder } from 'kysely';
import { LEVELS, type Clause } from '#contracts/operations/logs.query.ts';
import type { LogLine } from '#contracts/operations/logs.api.ts';
import { beijingDate, startOfDay } from '#server/kernel/calendar.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { levelName } from './lines.rules.ts';
import { PLACES } from './logs.store.ts';
import { templateName, templateNumber } from './templates.rules.ts';
import { levelsOf, wantedOf, wordsPattern, type Wanted } from './terms.rules.ts';

/** What to look for, and where: lines of [fromMs, toMs). */
export interface Asked {
  readonly clauses: readonly Clause[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** The place before which a walk goes on: lines of earlier instants, and of the same instant with a lower number. */
export interface LogPlace {
  readonly atMs: number;
  readonly seq: number;
}

interface LineRow {
  at: Date;
  seq: number;
  level: number;
  source: string;
  module: string;
  template: number;
  message: string;
  request_id: string | null;
  trace_id: string | null;
  account_id: string | null;
  fields: LogLine['fields'] | null;
}

interface Batch {
  readonly no: number;
  readonly first_at: Date;
  readonly last_at: Date;
}

/** Lines that a walk found, and where it goes on; `done` when there is nothing older. */
export interface Found {
  readonly rows: readonly LineRow[];
  readonly next: LogPlace;
  readonly done: boolean;
}

export interface Walking {
  /** How many lines are wanted: of each batch no more are read. Who goes on after so many must begin anew at the last one. */
  readonly most?: number;
  /** Only instants and levels are wanted. */
  readonly brief?: boolean;
  readonly pieceMs: number;
}

const DAY_MS = 86_400_000;
const BATCHES_AT_ONCE = 400;
const READ_AT_MOST = 64;
/** What is not in the first batches is looked for in more of them at once, what is not in the last day in more days. */
const READ_GROW = 4;
const DAYS_GROW = 6;

/** Whole days, and what is asked for within them. */
interface Span {
  readonly beginMs: number;
  readonly endMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Walks from the newest line to the oldest, a day, then more days at a time, and gives what meets the clauses, in that order.
 *
 * Of these only batches are read that hold every term asked for (one index answers for all fields and words); the lines of
 * each are judged by the clauses themselves. A piece is handed out once no batch that was not read can hold a newer line.
 * After `pieceMs` without a line the walk says how far it has come, so that nobody waits for it in vain.
 */
export async function* walk(
  tx: Tx,
  asked: Asked,
  before: LogPlace,
  { most = PLACES, brief = false, pieceMs }: Walking,
): AsyncGenerator<Found> {
  const wanted = wantedOf(asked.clauses);
  const condition = conditionOf(asked.clauses);
  // The terms' index is to answer; a table read from end to end would fetch every batch's terms.
  await sql`set local enable_seqscan = off`.execute(tx);
  let place = before;
  let saidMs = performance.now();
  const newest = Math.min(before.atMs, asked.toMs - 1);
  let days = 1;
  for (let endMs = startOfDay(beijingDate(newest)) + DAY_MS; endMs > asked.fromMs;) {
    const beginMs = endMs - days * DAY_MS;
    const span: Span = { beginMs, endMs, fromMs: Math.max(asked.fromMs, beginMs), toMs: Math.min(asked.toMs, endMs) };
    endMs = beginMs;
    days *= DAYS_GROW;
    let held: LineRow[] = [];
    let reading = 2;
    let after: Batch | null = null;
    for (;;) {
      const batches: readonly Batch[] = await batchesOf(tx, wanted, asked.clauses, span, place, after);
      for (let at = 0; at < batches.length;) {
        const portion = batches.slice(at, at + reading);
        at += portion.length;
        // What is rare is read faster and faster; who finds soon reads little.
        reading = Math.min(reading * READ_GROW, READ_AT_MOST);
        held.push(...(await linesIn(tx, portion, condition, span, place, { most, brief })));
        const unread =
          batches[at]?.last_at.getTime() ?? (batches.length === BATCHES_AT_ONCE ? portion.at(-1)!.last_at.getTime() : span.fromMs - 1);
        held.sort((a, b) => b.at.getTime() - a.at.getTime() || b.seq - a.seq);
        const safe = held.findIndex((row) => row.at.getTime() <= unread);
        const rows = safe < 0 ? held : held.slice(0, safe);
        held = safe < 0 ? [] : held.slice(safe);
        // A place that is no earlier than the last one would lead in a circle.
        if (rows.length > 0 || (performance.now() - saidMs > pieceMs && unread + 1 < place.atMs)) {
          const next = { atMs: Math.min(unread + 1, place.atMs), seq: unread + 1 < place.atMs ? 0 : place.seq };
          yield { rows, next, done: false };
          saidMs = performance.now();
        }
      }
      if (batches.length < BATCHES_AT_ONCE) break;
      after = batches.at(-1)!;
    }
    if (held.length > 0) yield { rows: held, next: { atMs: span.fromMs, seq: 0 }, done: false };
    place = place.atMs > span.fromMs ? { atMs: span.fromMs, seq: 0 } : place;
  }
  yield { rows: [], next: { atMs: asked.fromMs, seq: 0 }, done: true };
}

/** Batches of some days that hold the terms, the last ended first. */
async function batchesOf(
  tx: Tx,
  { all, any }: Wanted,
  clauses: readonly Clause[],
  { beginMs, endMs, fromMs, toMs }: Span,
  before: LogPlace,
  after: Batch | null,
): Promise<Batch[]> {
  const upto = new Date(Math.min(toMs - 1, before.atMs));
  const sources = clauses.flatMap((clause) => (clause.kind === 'column' && clause.column === 'source' ? [clause] : []));
  const rest = sql`last_at >= ${new Date(fromMs)} and first_at <= ${upto}
    ${after ? sql`and (last_at, no) < (${after.last_at}, ${after.no})` : sql``}
    ${sql.join(
      sources.map((clause) => sql`and (source = ${clause.value}) <> ${clause.not}`),
      sql` `,
    )}`;
  const day = sql`first_at >= ${new Date(beginMs)} and first_at < ${new Date(endMs)}`;
  const terms = [...(all.length > 0 ? [sql`terms @> ${all}::integer[]`] : []), ...any.map((some) => sql`terms && ${some}::integer[]`)];
  // With terms, these alone choose the index; what is left is sorted.
  const { rows } =
    terms.length > 0
      ? await sql<Batch>`with held as materialized (select no, first_at, last_at, source from operations.log_batch where ${day} and ${sql.join(terms, sql` and `)})
          select no, first_at, last_at from held where ${rest} order by last_at desc, no desc limit ${BATCHES_AT_ONCE}`.execute(tx)
      : await sql<Batch>`select no, first_at, last_at from operations.log_batch where ${day} and ${rest} order by last_at desc, no desc limit ${BATCHES_AT_ONCE}`.execute(
          tx,
        );
  return rows;
}

/** The lines of batches that meet a condition. Each batch's lines stand together in the primary key. */
async function linesIn(
  tx: Tx,
  batches: readonly Batch[],
  condition: RawBuilder<unknown>,
  span: Span,
  before: LogPlace,
  { most, brief }: { most: number; brief: boolean },
): Promise<LineRow[]> {
  // As narrow as the batches are, so that only their days are planned for.
  const fromMs = Math.max(span.fromMs, Math.min(...batches.map((batch) => batch.first_at.getTime())));
  const toMs = Math.min(span.toMs, Math.max(...batches.map((batch) => batch.last_at.getTime())) + 1);
  const { rows } = await sql<LineRow>`
    select l.* from unnest(${batches.map((batch) => batch.no)}::bigint[], ${batches.map((batch) => batch.first_at)}::timestamptz[], ${batches.map((batch) => batch.last_at)}::timestamptz[]) as b(no, first_at, last_at)
    cross join lateral (select ${sql.raw(brief ? 'at, seq, level' : COLUMNS)} from operations.log_line
      where at >= b.first_at and at <= b.last_at and seq >= b.no * ${PLACES} and seq < (b.no + 1) * ${PLACES}
        and at >= ${new Date(fromMs)} and at < ${new Date(toMs)} and (at, seq) < (${new Date(before.atMs)}, ${before.seq})
        and ${condition} order by at desc, seq desc limit ${most}) l`.execute(tx);
  return rows;
}

const COLUMNS = 'at, seq, level, source, module, template, message, request_id, trace_id, account_id, fields';

/** What a line must meet, as the database judges it. */
export function conditionOf(clauses: readonly Clause[]): RawBuilder<unknown> {
  if (clauses.length === 0) return sql`true`;
  return sql.join(
    clauses.map((clause) => {
      const met = clauseCondition(clause);
      return clause.not && clause.kind !== 'level' ? sql`not coalesce(${met}, false)` : sql`(${met})`;
    }),
    sql` and `,
  );
}

function clauseCondition(clause: Clause): RawBuilder<unknown> {
  switch (clause.kind) {
    case 'text':
      return sql`lower(message collate "C") ~ ${wordsPattern(clause.text)}`;
    case 'level':
      return ranksCondition(levelsOf(clause));
    case 'column':
      return clause.column === 'template'
        ? sql`template = ${templateNumber(clause.value)}`
        : sql`${sql.ref(DATABASE_COLUMN[clause.column])} = ${clause.value}`;
    case 'field':
      if (clause.op === ':') return sql`fields ->> ${clause.key}::text = ${clause.value}`;
      return sql`case when jsonb_typeof(fields -> ${clause.key}::text) = 'number' then (fields ->> ${clause.key}::text)::numeric ${sql.raw(clause.op)} ${clause.value} else false end`;
  }
}

const DATABASE_COLUMN = { source: 'source', module: 'module', req: 'request_id', trace: 'trace_id', account: 'account_id' } as const;

/** Ranks between two names belong to the lower; they follow one another, so that each name is a span of ranks. */
function ranksCondition(names: readonly (keyof typeof LEVELS)[]): RawBuilder<unknown> {
  if (names.length === 0) return sql`false`;
  const ranks = Object.values(LEVELS);
  return sql`(${sql.join(
    names.map((name) => {
      const at = ranks.indexOf(LEVELS[name]);
      const low = at === 0 ? -32_768 : LEVELS[name];
      return sql`(level >= ${low} and level < ${ranks[at + 1] ?? 32_767})`;
    }),
    sql` or `,
  )})`;
}

export function lineOf(row: LineRow): LogLine {
  return {
    at: row.at.toISOString(),
    seq: row.seq,
    level: levelName(row.level),
    source: row.source,
    module: row.module,
    template: templateName(row.template),
    message: row.message,
    requestId: row.request_id,
    traceId: row.trace_id,
    accountId: row.account_id,
    fields: row.fields ?? {},
  };
}

/** A page of a search: full, or as much as was found within `budgetMs`; then `pausedMs` says how far back. */
export async function searchPage(
  tx: Tx,
  asked: Asked,
  before: LogPlace,
  limit: number,
  budgetMs = 500,
): Promise<{ rows: LineRow[]; next: LogPlace | null; pausedMs: number | null }> {
  const rows: LineRow[] = [];
  const startMs = performance.now();
  for await (const piece of walk(tx, asked, before, { most: limit, pieceMs: budgetMs / 4 })) {
    for (const row of piece.rows) {
      rows.push(row);
      if (rows.length === limit) return { rows, next: { atMs: row.at.getTime(), seq: row.seq }, pausedMs: null };
    }
    if (piece.done) return { rows, next: null, pausedMs: null };
    if (performance.now() - startMs > budgetMs) return { rows, next: piece.next, pausedMs: piece.next.atMs };
  }
  return { rows, next: null, pausedMs: null };
}

/** How many lines of each level stand in [fromMs, toMs), by name. */
export async function countLevels(tx: Tx, fromMs: number, toMs: number): Promise<Map<string, number>> {
  const { rows } = await sql<{ level: number; lines: number }>`
    select level, count(*) as lines from operations.log_line where at >= ${new Date(fromMs)} and at < ${new Date(toMs)} group by 1`.execute(
    tx,
  );
  const counts = new Map<string, number>(Object.keys(LEVELS).map((name) => [name, 0]));
  for (const { level, lines } of rows) counts.set(levelName(level), counts.get(levelName(level))! + lines);
  return counts;
}

/** How many lines meet the clauses. */
export async function countFound(tx: Tx, asked: Asked): Promise<number> {
  const { rows } = await sql<{ lines: number }>`
    select count(*) as lines from operations.log_line where at >= ${new Date(asked.fromMs)} and at < ${new Date(asked.toMs)} and ${conditionOf(asked.clauses)}`.execute(
    tx,
  );
  return rows[0]!.lines;
}

/**
 * All lines of a request, in their order, with what came with them: who looks for the cause of a fault begins here.
 *
 * @returns at most a thousand
 */
export async function linesOfRequest(tx: Tx, requestId: string, nowMs: number, keptDays: number): Promise<LogLine[]> {
  const asked: Asked = {
    clauses: [{ kind: 'column', column: 'req', value: requestId, not: false }],
    fromMs: nowMs - keptDays * DAY_MS,
    toMs: nowMs + DAY_MS,
  };
  const { rows } = await searchPage(tx, asked, { atMs: asked.toMs, seq: 0 }, 1000, 10_000);
  return rows.map(lineOf).toReversed();
}

const AROUND = 25;
const AROUND_MS = 3_600_000;

/** The lines of a source before and after one, within an hour; the line itself among them. */
export async function linesAround(tx: Tx, source: string, { atMs, seq }: LogPlace): Promise<LogLine[]> {
  const side = (older: boolean) =>
    sql<LineRow>`select ${sql.raw(COLUMNS)} from operations.log_line
      where source = ${source} and at >= ${new Date(older ? atMs - AROUND_MS : atMs)} and at <= ${new Date(older ? atMs : atMs + AROUND_MS)}
        and (at, seq) ${sql.raw(older ? '<=' : '>')} (${new Date(atMs)}, ${seq})
      order by at ${sql.raw(older ? 'desc' : 'asc')}, seq ${sql.raw(older ? 'desc' : 'asc')} limit ${older ? AROUND + 1 : AROUND}`.execute(
      tx,
    );
  const [before, after] = [await side(true), await side(false)];
  return [...before.rows.toReversed(), ...after.rows].map(lineOf);
}
