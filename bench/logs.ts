/**
 * How fast lines of the log come in, what they take on disk, and how soon the first page of a search is there with millions of them.
 *
 * A database of the lab is filled with ten days of lines of four nodes: a part through the platform's own ingest, which is timed
 * beside COPY of the same rows into a table of the same shape, the rest by COPY, with the batches, counts and templates
 * that the ingest would have made. Searches are asked through the product's own functions, in the scope of an operator.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { parseQuery, type Clause } from '#contracts/operations/logs.query.ts';
import { createLogs } from '#server/modules/operations/logs/logs.service.ts';
import { barSeconds, histogram, patterns } from '#server/modules/operations/logs/patterns.views.ts';
import { linesOfRequest, searchPage } from '#server/modules/operations/logs/search.views.ts';
import { openDb } from '#server/platform/db/db.ts';
import { figuresOf, report, round } from './support/figures.ts';
import { openLab } from './support/lab.ts';
import { ABSENT, copyPlain, fillLog, linesIn, PHRASE, RARE, type LogSeed } from './support/log-lines.ts';

const { values: given } = parseArgs({
  options: {
    lines: { type: 'string', default: '1000000' },
    ingest: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '100' },
  },
});
const LIMITS = { p99Ms: 1000 };
const DAYS = 10;
const DAY_MS = 86_400_000;
const OPERATIONS = { role: 'operations' } as const;

/** How many pages of the search at hand said that they were not whole. */
let paused = 0;

const lab = await openLab('logs');
const db = openDb({ url: lab.database.appUrl, poolSize: 4, asApp: true });
const owner = new pg.Client({ connectionString: lab.database.ownerUrl });
await owner.connect();
try {
  const nowMs = Date.now();
  const total = Number(given.lines);
  const ingested = Math.min(Number(given.ingest), Math.floor(total / 2));
  await owner.query('select platform.turn_spans($1, $2, $1)', [new Date(nowMs), new Date(nowMs + DAY_MS)]);
  await owner.query('select platform.turn_spans($1, $2, $3)', [
    new Date(nowMs - (DAYS + 1) * DAY_MS),
    new Date(nowMs + DAY_MS),
    new Date(nowMs),
  ]);

  const copied = await timed(() =>
    fillLog(lab.database.ownerUrl, { lines: total - ingested, fromMs: nowMs - DAYS * DAY_MS, toMs: nowMs - 3_600_000 }),
  );
  console.log(`${total - ingested} lines copied in ${copied.seconds} s`);

  // The same rows by the ingest, and by COPY into a bare table and into one with the same key.
  const seed: LogSeed = { seed: 99, fromMs: nowMs - 3_600_000, toMs: nowMs - 1000, lines: ingested };
  const batches = [...linesIn(seed)];
  const logs = createLogs({ db, clock: { nowMs: () => nowMs } });
  await logs.file('node-a:8080', 'node', []);
  const one = await timed(async () => {
    for (const { source, lines } of batches) await logs.file(source, 'node', lines);
  });
  await owner.query('create table operations.plain_line (like operations.log_line)');
  const plain = await timed(() => copyPlain(owner, 'operations.plain_line', batches));
  await owner.query('create table operations.keyed_line (like operations.log_line including indexes)');
  const keyed = await timed(() => copyPlain(owner, 'operations.keyed_line', batches));
  await owner.query('drop table operations.plain_line, operations.keyed_line');
  const perSecond = {
    ingest: round(ingested / one.seconds, 0),
    copy: round(ingested / plain.seconds, 0),
    copyWithKey: round(ingested / keyed.seconds, 0),
  };
  console.log(`lines a second: ${JSON.stringify(perSecond)}`);

  await owner.query('vacuum analyze operations.log_line, operations.log_batch, operations.log_count, operations.log_template');
  const { rows: sizes } = await owner.query<{ what: string; bytes: number }>(
    `select split_part(inhparent::regclass::text, '.', 2) as what, sum(pg_total_relation_size(inhrelid))::bigint as bytes from pg_inherits
     where inhparent in ('operations.log_line'::regclass, 'operations.log_batch'::regclass, 'operations.log_count'::regclass) group by 1`,
  );
  const bytesPerLine = Object.fromEntries(sizes.map(({ what, bytes }) => [what, round(bytes / total, 1)]));
  const { rows: stood } = await owner.query<{ lines: string; batches: string }>(
    'select (select count(*) from operations.log_line) as lines, (select count(*) from operations.log_batch) as batches',
  );
  console.log(`${stood[0]!.lines} lines in ${stood[0]!.batches} batches; bytes a line: ${JSON.stringify(bytesPerLine)}`);

  const some = await owner.query<{ request_id: string; account_id: string; template: string; order: string }>(
    `select request_id, account_id, lpad(to_hex(template), 12, '0') as template, fields ->> 'order' as order from operations.log_line tablesample system (0.5)
     where request_id is not null and account_id is not null and fields ? 'order' limit 500`,
  );
  const pick = (round: number) => some.rows[(round * 37) % some.rows.length]!;
  const week = { fromMs: nowMs - (DAYS + 1) * DAY_MS, toMs: nowMs + 1000 };
  const span = (at: number) => {
    const fromMs = nowMs - (1 + (at % 8)) * DAY_MS - (at % 24) * 3_600_000;
    return { fromMs, toMs: fromMs + 600_000 };
  };
  const asks: Record<string, (at: number) => Promise<number>> = {
    'newest page': () => page('', week),
    'level error': () => page('level:error', week),
    'one module': (at) => page(`module:${['http', 'orders', 'jobs', 'sms', 'exchange'][at % 5]}`, week),
    'one request': (at) => page(`req:${pick(at).request_id}`, week),
    'one account': (at) => page(`account:${pick(at).account_id}`, week),
    'one field': (at) => page(`order:${pick(at).order}`, week),
    'status at least 500': () => page('status>=500', week),
    'a common word': (at) => page(['answered', 'order', '工单', 'request'][at % 4]!, week),
    'a rare word': () => page(RARE, week),
    'a rare word and a level': () => page(`level>=info ${RARE}`, week),
    'a Chinese phrase': () => page(PHRASE, week),
    'a word that is not there': () => page(ABSENT, week),
    'a word that is not there, and a common one': () => page(`answered ${ABSENT}`, week),
    'a template': (at) => page(`template:${pick(at).template}`, week),
    'ten minutes some days ago': (at) => page('', span(at)),
    'errors of ten minutes': (at) => page('level>=error', span(at)),
    'without a word': () => page('-answered', week),
    'a request’s trace': (at) => db.transact(OPERATIONS, async (tx) => (await linesOfRequest(tx, pick(at).request_id, nowMs, 200)).length),
    'histogram of a week': () => bars('', { fromMs: nowMs - 7 * DAY_MS, toMs: nowMs }),
    'histogram of errors': () => bars('level>=error', { fromMs: nowMs - 7 * DAY_MS, toMs: nowMs }),
    'histogram of a rare word': () => bars(RARE, { fromMs: nowMs - 7 * DAY_MS, toMs: nowMs }),
    'histogram of a common word, as far as it gets': () => bars('answered', { fromMs: nowMs - 7 * DAY_MS, toMs: nowMs }),
    patterns: (at) =>
      db.transact(OPERATIONS, async (tx) => (await patterns(tx, (['frequent', 'new', 'rising'] as const)[at % 3]!, nowMs)).length),
  };
  const found: Record<string, { p50Ms: number; p99Ms: number; lines: number; paused: number }> = {};
  for (const [name, ask] of Object.entries(asks)) {
    const times: number[] = [];
    let lines = 0;
    paused = 0;
    for (let at = 0; at < Number(given.rounds); at++) {
      const from = performance.now();
      lines = await ask(at);
      times.push(performance.now() - from);
    }
    const { p50Ms, p99Ms } = figuresOf(times, 1);
    found[name] = { p50Ms, p99Ms, lines, paused };
    console.log(
      `${name.padEnd(48)} p50 ${String(p50Ms).padStart(8)} ms   p99 ${String(p99Ms).padStart(8)} ms   ${lines} lines${paused ? `, ${paused} paused` : ''}`,
    );
  }
  const worst = Object.entries(found).toSorted(([, a], [, b]) => b.p99Ms - a.p99Ms)[0]!;
  report(
    'logs',
    {
      lines: Number(stood[0]!.lines),
      batches: Number(stood[0]!.batches),
      perSecond,
      bytesPerLine,
      worst: worst[0],
      worstP99Ms: worst[1].p99Ms,
      pages: found,
    },
    LIMITS,
    {
      pausedPages: Object.values(found).reduce((sum, one) => sum + one.paused, 0),
      p99: round(worst[1].p99Ms / LIMITS.p99Ms, 3),
      ingestToCopy: round(perSecond.ingest / perSecond.copy, 3),
      ingestToCopyWithKey: round(perSecond.ingest / perSecond.copyWithKey, 3),
    },
  );
} finally {
  await owner.end();
  await db.close();
  await lab.close();
}

function clauses(query: string): readonly Clause[] {
  const read = parseQuery(query);
  if ('what' in read) throw new Error(`${query}: ${read.what}`);
  return read;
}

function page(query: string, { fromMs, toMs }: { fromMs: number; toMs: number }): Promise<number> {
  return db.transact(OPERATIONS, async (tx) => {
    const { rows, pausedMs } = await searchPage(tx, { clauses: clauses(query), fromMs, toMs }, { atMs: toMs, seq: 0 }, 100);
    // A page that paused is not whole: it is told beside the times.
    if (pausedMs !== null) paused++;
    return rows.length;
  });
}

function bars(query: string, { fromMs, toMs }: { fromMs: number; toMs: number }): Promise<number> {
  return db.transact(OPERATIONS, async (tx) => {
    const { bars: drawn } = await histogram(tx, { clauses: clauses(query), fromMs, toMs }, barSeconds(fromMs, toMs));
    return drawn.reduce((sum, bar) => sum + bar.lines, 0);
  });
}

async function timed(work: () => Promise<unknown>): Promise<{ seconds: number }> {
  const from = performance.now();
  await work();
  return { seconds: round((performance.now() - from) / 1000) };
}
