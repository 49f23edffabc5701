import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Counter, Registry } from 'prom-client';
import { LEVEL_NAMES, LEVELS, parseQuery, type Clause } from '#contracts/operations/logs.query.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import { createLog } from '#server/platform/log/log.ts';
import { randomFrom, type Random } from '../../../../test/random.ts';
import { openTestDb, type TestDb } from '../../../../test/test-db.ts';
import { levelName, type Line } from './lines.rules.ts';
import { readLogs } from './logs.sampler.ts';
import { createLogs, type Logs } from './logs.service.ts';
import { barSeconds, histogram, logSources, patterns } from './patterns.views.ts';
import { lineOf, linesAround, linesOfRequest, searchPage, type LogPlace } from './search.views.ts';
import { createOutlet, createShipper } from './shipper.ts';
import { createTemplates, templateName } from './templates.rules.ts';

const DAY = 86_400_000;
// An hour before midnight in Beijing.
const NOW = Date.parse('2026-06-15T15:00:00Z');

let database: TestDb;
let db: Db;
let logs: Logs;
const clock = { atMs: NOW, nowMs: () => clock.atMs };

beforeAll(async () => {
  database = await openTestDb();
  db = database.open(3);
  await database.owner('select platform.turn_spans($1, $2, $1)', [new Date(NOW - 3 * DAY), new Date(NOW + 2 * DAY)]);
});
afterAll(() => database?.close());
beforeEach(async () => {
  clock.atMs = NOW;
  await database.owner(
    'truncate operations.log_line, operations.log_batch, operations.log_count, operations.log_template, operations.log_source, operations.log_search, operations.series, operations.reading',
  );
  logs = createLogs({ db, clock });
});

const WORDS = ['timed', 'out', 'order', 'Failed', 'heart-beat', '工单', '超时提醒', 'x_1', '9', 'a.b', '"quoted"', '%', 'é'];

function randomLine(random: Random, atMs: number): Line {
  return {
    atMs,
    level: random.pick([...Object.values(LEVELS), 35]),
    module: random.pick(['http', 'orders', 'jobs']),
    message: Array.from({ length: 1 + random.below(5) }, () => random.pick(WORDS)).join(random.pick([' ', ' ', '', ': '])),
    requestId: random.chance(0.6) ? `r${random.below(60)}` : null,
    traceId: random.chance(0.2) ? `t${random.below(9)}` : null,
    accountId: random.chance(0.4) ? `a${random.below(9)}` : null,
    fields: {
      ...(random.chance(0.5) ? { status: random.pick([200, 404, 500]) } : {}),
      ...(random.chance(0.3) ? { ms: random.below(1000) / 8 } : {}),
      ...(random.chance(0.3) ? { route: random.pick(['/api/orders/:id', '/api']), ok: random.chance(0.5) } : {}),
    },
  };
}

type Kept = Line & { readonly source: string };

/** Lines of two nodes over three days, in batches of any size, some of them late. */
async function fill(random: Random, batches: number): Promise<Kept[]> {
  const kept: Kept[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const source = random.pick(['a:1', 'b:1']);
    const fromMs = NOW - Math.floor((batch / batches) * 3 * DAY) + 2 * 3_600_000 * (random.chance(0.1) ? -1 : 0);
    const lines = Array.from({ length: 1 + random.below(40) }, () => randomLine(random, Math.min(fromMs, NOW) - random.below(30) * 1000));
    await logs.file(source, 'node', lines);
    kept.push(...lines.map((line) => ({ ...line, source })));
  }
  return kept;
}

/** The meaning of a clause, told anew and slowly. */
function meets(line: Kept, clause: Clause): boolean {
  const bare = (): boolean => {
    switch (clause.kind) {
      case 'level': {
        const [rank, bound] = [LEVELS[levelName(line.level)], LEVELS[clause.level]];
        return { ':': rank === bound, '>=': rank >= bound, '<=': rank <= bound, '>': rank > bound, '<': rank < bound }[clause.op];
      }
      case 'column': {
        const told = {
          source: line.source,
          module: line.module,
          req: line.requestId,
          trace: line.traceId,
          account: line.accountId,
          template: '',
        };
        return told[clause.column] === clause.value;
      }
      case 'field': {
        const value = line.fields[clause.key];
        if (clause.op === ':') return value !== undefined && String(value) === clause.value;
        if (typeof value !== 'number') return false;
        return { '>=': value >= clause.value, '<=': value <= clause.value, '>': value > clause.value, '<': value < clause.value }[
          clause.op
        ];
      }
      case 'text': {
        const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
        const [message, text] = [lower(line.message), lower(clause.text)];
        const isWord = (char: string | undefined) => char !== undefined && /[a-z0-9_]/.test(char);
        for (let at = message.indexOf(text); at >= 0; at = message.indexOf(text, at + 1)) {
          const [before, after] = [message[at - 1], message[at + text.length]];
          if (!(isWord(text[0]) && isWord(before)) && !(isWord(text.at(-1)) && isWord(after))) return true;
        }
        return false;
      }
    }
  };
  return bare() !== clause.not;
}

function randomClause(random: Random): Clause {
  const not = random.chance(0.25);
  return random.pick<() => Clause>([
    () => ({ kind: 'text', text: random.pick([...WORDS, 'timed out', 'out order', '超时', '单', 'ime', 'ORDER', ': ', 'nowhere']), not }),
    () => ({ kind: 'level', op: random.pick([':', '>=', '<=', '>', '<']), level: random.pick(LEVEL_NAMES), not }),
    () => ({ kind: 'column', column: 'module', value: random.pick(['http', 'orders', 'none']), not }),
    () => ({ kind: 'column', column: 'source', value: random.pick(['a:1', 'b:1']), not }),
    () => ({ kind: 'column', column: 'req', value: `r${random.below(70)}`, not }),
    () => ({
      kind: 'column',
      column: random.pick(['trace', 'account'] as const),
      value: `${random.pick(['t', 'a'])}${random.below(9)}`,
      not,
    }),
    () => ({ kind: 'field', key: 'status', op: ':', value: random.pick(['200', '500']), not }),
    () => ({
      kind: 'field',
      key: random.pick(['status', 'ms', 'route']),
      op: random.pick(['>=', '<', '>', '<=']),
      value: random.below(600),
      not,
    }),
    () => ({ kind: 'field', key: random.pick(['route', 'ok', 'ms']), op: ':', value: random.pick(['/api', 'true', '12.5']), not }),
  ])();
}

const textOf = (line: Line, source: string) =>
  JSON.stringify([
    line.atMs,
    source,
    line.module,
    line.message,
    line.requestId,
    line.traceId,
    line.accountId,
    Object.entries(line.fields).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);

describe('a search', () => {
  test('finds what a slow look at every line finds, page by page, newest first', async () => {
    const random = randomFrom(11);
    const kept = await fill(random, 120);
    let found = 0;
    for (let turn = 0; turn < 150; turn++) {
      const clauses = Array.from({ length: random.below(4) }, () => randomClause(random));
      const fromMs = NOW - random.below(3.2 * DAY);
      const toMs = turn % 3 === 0 ? NOW + 1 : fromMs + random.below(2 * DAY);
      const expected = kept
        .filter((line) => line.atMs >= fromMs && line.atMs < toMs && clauses.every((clause) => meets(line, clause)))
        .map((line) => textOf(line, line.source));
      const limit = 1 + random.below(200);
      const rows = [];
      let before: LogPlace | null = { atMs: toMs, seq: 0 };
      for (let pages = 0; before; pages++) {
        const from: LogPlace = before;
        // Now and then without time, so that every page pauses.
        const page = await db.transact(SYSTEM, (tx) => searchPage(tx, { clauses, fromMs, toMs }, from, limit, turn % 10 === 0 ? 0 : 5000));
        expect(page.rows.length).toBeLessThanOrEqual(limit);
        rows.push(...page.rows);
        before = page.next;
        expect(pages).toBeLessThan(4000);
      }
      const places = rows.map((row) => [row.at.getTime(), row.seq] as const);
      expect(places).toEqual(places.toSorted((a, b) => b[0] - a[0] || b[1] - a[1]));
      const told = rows.map(lineOf).map((line) => textOf({ ...line, atMs: Date.parse(line.at), level: 0 }, line.source));
      expect(told.toSorted(), JSON.stringify(clauses)).toEqual(expected.toSorted());
      // The bars count the same lines.
      const { bars } = await db.transact(SYSTEM, (tx) =>
        histogram(tx, { clauses, fromMs: fromMs - (fromMs % 60_000), toMs: toMs - (toMs % 60_000) }, barSeconds(fromMs, toMs), 60_000),
      );
      const counted = kept.filter(
        (line) =>
          line.atMs >= fromMs - (fromMs % 60_000) && line.atMs < toMs - (toMs % 60_000) && clauses.every((clause) => meets(line, clause)),
      );
      expect(bars.reduce((sum, bar) => sum + bar.lines, 0)).toBe(counted.length);
      expect(bars.reduce((sum, bar) => sum + bar.errors, 0)).toBe(counted.filter((line) => line.level >= 50).length);
      found += rows.length;
    }
    expect(found).toBeGreaterThan(3000);
  });

  test('gives the lines of a request in their order, and those around a line of its source alone', async () => {
    const line = (atMs: number, requestId: string | null, message: string): Line => ({
      atMs,
      level: 30,
      module: 'm',
      message,
      requestId,
      traceId: null,
      accountId: null,
      fields: {},
    });
    await logs.file('a:1', 'node', [line(NOW - 5000, 'r1', 'one'), line(NOW - 4000, 'r2', 'other'), line(NOW - 3000, 'r1', 'three')]);
    await logs.file('b:1', 'node', [line(NOW - 4500, 'r1', 'two'), line(NOW - 10 * 3_600_000, 'r1', 'long ago')]);
    const told = await db.transact(SYSTEM, (tx) => linesOfRequest(tx, 'r1', NOW, 200));
    expect(told.map((one) => one.message)).toEqual(['long ago', 'one', 'two', 'three']);
    const around = await db.transact(SYSTEM, (tx) => linesAround(tx, 'a:1', { atMs: NOW - 4000, seq: Number.MAX_SAFE_INTEGER }));
    expect(around.map((one) => one.message)).toEqual(['one', 'other', 'three']);
  });
});

describe('patterns', () => {
  test('are counted, flagged while they are new, and told when they rise', async () => {
    const line = (atMs: number, message: string): Line => ({
      atMs,
      level: 50,
      module: 'm',
      message,
      requestId: null,
      traceId: null,
      accountId: null,
      fields: {},
    });
    const hours = Array.from({ length: 20 }, (_, hour) => line(NOW - (hour + 1) * 3_600_000 - 60_000, `old thing ${hour} failed`));
    await logs.file('a:1', 'node', [
      ...hours,
      line(NOW - 1.9 * DAY, 'old thing 99 failed'),
      ...hours.slice(0, 9).map((_, at) => line(NOW - 1000 * at, `old thing ${at} failed`)),
      line(NOW - 5000, 'never seen before'),
      line(NOW - 60_000, 'never seen before'),
    ]);
    const list = (name: 'frequent' | 'new' | 'rising') => db.transact(SYSTEM, (tx) => patterns(tx, name, NOW));
    expect((await list('frequent')).map((one) => [one.text, one.day, one.hour, one.isNew])).toEqual([
      ['old thing <*> failed', 29, 9, false],
      ['never seen before', 2, 2, true],
    ]);
    expect((await list('new')).map((one) => one.text)).toEqual(['never seen before']);
    expect((await list('rising')).map((one) => one.text)).toEqual(['old thing <*> failed']);
    const [pattern] = await list('frequent');
    expect(pattern!.hours.reduce((sum, count) => sum + count, 0)).toBe(29);
    const { rows } = await db.transact(SYSTEM, (tx) =>
      searchPage(
        tx,
        { clauses: parseQuery(`template:${pattern!.id}`) as Clause[], fromMs: NOW - 3 * DAY, toMs: NOW + 1 },
        { atMs: NOW + 1, seq: 0 },
        100,
      ),
    );
    expect(rows).toHaveLength(30);
  });

  test('keep their number when another node or a restarted one folds the same lines', async () => {
    const names = Array.from({ length: 12 }, (_, no) => 'abcdefghijkl'[no]!.repeat(4));
    const line = (message: string): Line => ({
      atMs: NOW - 1000,
      level: 30,
      module: 'm',
      message,
      requestId: null,
      traceId: null,
      accountId: null,
      fields: {},
    });
    await logs.file(
      'a:1',
      'node',
      names.map((name) => line(`user ${name} came in`)),
    );
    await createLogs({ db, clock }).file('b:1', 'node', [line('user somebody came in')]);
    const rows = await database.owner<{ template: number; text: string }>(
      `select l.template, t.text from operations.log_line l join operations.log_template t on t.id = l.template where l.source = 'b:1'`,
    );
    const folded = createTemplates();
    for (const name of names) folded.of('m', `user ${name} came in`);
    expect(rows).toEqual([{ template: folded.of('m', 'user anybody came in').id, text: 'user <*> came in' }]);
    expect(templateName(rows[0]!.template)).toMatch(/^[0-9a-f]{12}$/);
  });
});

test('days of lines are made ahead, kept for 200 days and then dropped whole', async () => {
  const parts = async () =>
    (
      await database.owner<{ name: string }>(
        `select inhrelid::regclass::text as name from pg_inherits where inhparent in ('operations.log_line'::regclass, 'operations.log_batch'::regclass, 'operations.log_count'::regclass) order by 1`,
      )
    ).map(({ name }) => name);
  expect(await parts()).toEqual(
    expect.arrayContaining(['operations.log_line_d20260615', 'operations.log_batch_d20260615', 'operations.log_count_d20260615']),
  );
  const turn = (ms: number) => database.owner('select platform.turn_spans($1, $1, $1)', [new Date(ms)]);
  await turn(NOW + 200 * DAY);
  expect(await parts()).toContain('operations.log_line_d20260615');
  expect(await parts()).toContain('operations.log_line_d20270101');
  await turn(NOW + 201 * DAY + 3_600_000);
  expect((await parts()).filter((name) => name.endsWith('20260615'))).toEqual([]);
  // As the other tests need them.
  await database.owner('select platform.turn_spans($1, $2, $1)', [new Date(NOW - 3 * DAY), new Date(NOW + 2 * DAY)]);
});

describe('a node’s lines', () => {
  const shipper = (outlet: ReturnType<typeof createOutlet>, waitingAtMost: number, file: Logs['file'] = logs.file) => {
    const registry = new Registry();
    const counted = new Counter({ name: 'lines', help: '-', labelNames: ['fate'], registers: [registry] });
    const log = createLog('info', outlet);
    const shipping = createShipper({ logs: { file }, outlet, log, clock, source: 'a:1', counted, waitingAtMost });
    const count = async (fate: string) => (await counted.get()).values.find(({ labels }) => labels.fate === fate)?.value ?? 0;
    return { shipping, log, count };
  };

  test('wait while the database is away, as many as find room; the rest is counted and told once', async () => {
    const outlet = createOutlet();
    let away = true;
    let tries = 0;
    const { shipping, log, count } = shipper(outlet, 50, async (...given) => {
      tries++;
      if (away) throw new Error('connect ECONNREFUSED');
      await logs.file(...given);
    });
    for (let no = 0; no < 80; no++) {
      log.info({ module: 'orders', no }, `line ${no}`);
      if (no % 20 === 0) expect(await shipping.loop.turn()).toBe(0);
    }
    // Nothing that went wrong wrote a line of its own.
    expect(tries).toBe(4);
    expect(await count('lost')).toBe(30);
    away = false;
    await shipping.loop.turn();
    await shipping.loop.turn();
    await shipping.loop.turn();
    const told = await database.owner<{ message: string; fields: { no?: number; lost?: number } | null }>(
      'select message, fields from operations.log_line order by at, seq',
    );
    expect(told.slice(0, 50).map((line) => line.fields!.no)).toEqual(Array.from({ length: 50 }, (_, no) => no));
    expect(told.slice(50)).toEqual([{ message: 'lines of the log were lost while the database did not take them', fields: { lost: 30 } }]);
    expect(await count('filed')).toBe(51);
  });

  test('that wait are sent when it stops, and those of its start are not missed', async () => {
    const outlet = createOutlet();
    createLog('info', outlet).info('before anybody read');
    const { shipping, log } = shipper(outlet, 5000);
    for (let no = 0; no < 2500; no++) log.info(`line ${no}`);
    await shipping.flush(10_000);
    const [row] = await database.owner<{ lines: number }>('select count(*) as lines from operations.log_line');
    expect(row!.lines).toBe(2501);
  });

  test('that stops hears when nothing takes them, and does not wait for ever', async () => {
    const outlet = createOutlet();
    const { shipping, log } = shipper(outlet, 50, () => Promise.reject(new Error('away')));
    log.info('one');
    const from = performance.now();
    await shipping.flush(5000);
    expect(performance.now() - from).toBeLessThan(1000);
  });

  test('a node without a word is heard all the same, and a source that is not is told as silent', async () => {
    const { shipping } = shipper(createOutlet(), 50);
    await shipping.loop.turn();
    await logs.file('housing', 'program', []);
    clock.atMs += 11 * 60_000;
    await shipping.loop.turn();
    const sources = await db.transact(SYSTEM, (tx) => logSources(tx, clock.nowMs()));
    expect(sources.map(({ name, silent }) => [name, silent])).toEqual([
      ['a:1', false],
      ['housing', true],
    ]);
    const readings = await db.transact(SYSTEM, (tx) => readLogs(tx, clock.nowMs()));
    expect(readings.find(({ labels }) => labels['source'] === 'housing')).toMatchObject({
      name: 'minsheng_log_silence_seconds',
      value: 660,
    });
  });
});

test('levels and watched searches become series: lines of fifteen seconds, lines of a minute', async () => {
  const line = (atMs: number, level: number, message: string): Line => ({
    atMs,
    level,
    module: 'm',
    message,
    requestId: null,
    traceId: null,
    accountId: null,
    fields: {},
  });
  await logs.file('a:1', 'node', [
    line(NOW - 20_000, 50, 'timed out'),
    line(NOW - 29_000, 30, 'timed out'),
    line(NOW - 40_000, 50, 'timed out'),
    line(NOW - 90_000, 50, 'timed out'),
    line(NOW - 20_000, 50, 'else'),
  ]);
  await database.owner(
    `insert into operations.log_search (id, account_id, account_name, name, query, shared, watched, changed_at) values (gen_random_uuid(), gen_random_uuid(), 'x', '超时', '"timed out"', true, true, now())`,
  );
  const readings = await db.transact(SYSTEM, (tx) => readLogs(tx, NOW));
  const told = readings.filter(({ name }) => name === 'minsheng_log_lines').map(({ labels, value }) => [Object.values(labels)[0], value]);
  expect(told).toEqual([
    ['trace', 0],
    ['debug', 0],
    ['info', 1],
    ['warn', 0],
    ['error', 2],
    ['fatal', 0],
    ['超时', 3],
  ]);
});
