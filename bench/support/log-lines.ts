import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { newId } from '#server/kernel/ids.ts';
import type { Line } from '#server/modules/operations/logs/lines.rules.ts';
import { BATCH_AT_MOST, PLACES } from '#server/modules/operations/logs/logs.store.ts';
import { createTemplates, templateName, type Template } from '#server/modules/operations/logs/templates.rules.ts';
import { addTerms } from '#server/modules/operations/logs/terms.rules.ts';
import { beijingDate } from '#server/kernel/calendar.ts';
import { randomFrom, type Random } from '../../server/test/random.ts';

/** Stands in one line of all; in a few lines of a million; in none. */
export const RARE = 'zugzwang';
export const PHRASE = '证照到期提醒';
export const ABSENT = 'nowherestood';

export interface LogSeed {
  readonly seed: number;
  readonly lines: number;
  readonly fromMs: number;
  readonly toMs: number;
}

interface Batch {
  readonly source: string;
  readonly lines: Line[];
}

const SOURCES = ['node-a:8080', 'node-b:8080', 'node-c:8080', 'node-d:8080'];
const ACCOUNTS = Array.from({ length: 3000 }, (_, no) => `019b0000-0000-7000-8000-${String(no).padStart(12, '0')}`);
const ROUTES = [
  '/api/orders/:id',
  '/api/orders',
  '/api/appeals',
  '/api/orders/:id/reply',
  '/api/orders/:id/dispatch',
  '/api/session',
  '/api/attachments/:id/content',
];
const CITIES = ['南京', '苏州', '无锡', '常州', '南通', '徐州', '盐城', '扬州', '镇江', '泰州', '淮安', '连云港', '宿迁'];
const FAULTS = [
  'timed out after 5000 ms',
  'connection reset by peer',
  'deadlock detected',
  'the answer could not be read',
  'no route to host 10.2.3.4',
];
const WORDS = 'the order was handed over by its unit after a check of the reply and is waiting for a visit in the queue of the city'.split(
  ' ',
);

/** Batches as four nodes would send them, in the order of time: requests of some lines each, jobs, and what goes wrong. */
export function* linesIn({ seed, lines, fromMs, toMs }: LogSeed): Generator<Batch> {
  const random = randomFrom(seed);
  const rounds = Math.ceil(lines / (BATCH_AT_MOST * SOURCES.length));
  for (let no = 0; no < rounds; no++) {
    const [from, to] = [fromMs + ((toMs - fromMs) * no) / rounds, fromMs + ((toMs - fromMs) * (no + 1)) / rounds];
    for (const [at, source] of SOURCES.entries()) {
      const left = lines - (no * SOURCES.length + at) * BATCH_AT_MOST;
      if (left <= 0) return;
      yield { source, lines: batchOf(random, Math.min(BATCH_AT_MOST, left), from, to) };
    }
  }
}

function batchOf(random: Random, count: number, fromMs: number, toMs: number): Line[] {
  const lines: Line[] = [];
  const step = (toMs - fromMs) / count;
  while (lines.length < count) {
    const atMs = Math.floor(fromMs + step * lines.length);
    if (random.chance(0.2)) lines.push(jobLine(random, atMs));
    else lines.push(...requestLines(random, atMs).slice(0, count - lines.length));
  }
  return lines;
}

const plainLine = (atMs: number, level: number, module: string, message: string, fields: Line['fields'] = {}): Line => ({
  atMs,
  level,
  module,
  message,
  requestId: null,
  traceId: null,
  accountId: null,
  fields,
});

function jobLine(random: Random, atMs: number): Line {
  const city = random.pick(CITIES);
  if (random.chance(0.000_03)) return plainLine(atMs, 40, 'reference', `${city}${PHRASE}发送失败，第 ${random.below(9)} 次`, { city });
  return random.pick([
    () =>
      plainLine(atMs, 30, 'jobs', `queue ${random.pick(WORDS)} packed ${random.below(5000)} rows in ${random.below(900)} ms`, {
        job: 'operations.pack',
      }),
    () => plainLine(atMs, 30, 'orders', `${city}工单 ${32_000_000 + random.below(999_999)} 已到时限节点，提醒承办单位`, { city }),
    () =>
      plainLine(atMs, 30, 'sms', `短信发送完成，模板 ${random.below(40)}，耗时 ${random.below(900)} 毫秒`, {
        operator: random.pick(['cmcc', 'ctcc', 'cucc']),
      }),
    () =>
      plainLine(
        atMs,
        random.chance(0.05) ? 50 : 30,
        'exchange',
        `peer ${city} answered with ${random.below(99)} records: ${random.pick(FAULTS)}`,
        { peer: city },
      ),
  ])();
}

function requestLines(random: Random, atMs: number): Line[] {
  const requestId = newId(atMs);
  const accountId = random.chance(0.8) ? random.pick(ACCOUNTS) : null;
  const traceId = random.chance(0.3) ? requestId.replaceAll('-', '') : null;
  const route = random.pick(ROUTES);
  const failed = random.chance(0.004);
  const of = (line: Line): Line => ({ ...line, requestId, traceId, accountId });
  const order = 32_000_000 + random.below(2_000_000);
  const lines = [
    of(plainLine(atMs, 20, 'orders', `order ${order} read for ${random.pick(WORDS)} ${random.pick(WORDS)}`, { order })),
    ...(random.chance(0.5) ? [of(plainLine(atMs, 20, 'db', `statement took ${random.below(80)} ms`, { rows: random.below(200) }))] : []),
  ];
  if (failed)
    lines.push(of(plainLine(atMs, 50, 'http', `a request failed: ${random.pick(FAULTS)}`, { route, status: 500, 'err.type': 'Error' })));
  const status = failed ? 500 : random.chance(0.03) ? random.pick([400, 401, 403, 404, 409]) : 200;
  lines.push(
    of(
      plainLine(atMs, failed ? 40 : 30, 'http', 'a request was answered', {
        method: random.pick(['GET', 'POST']),
        route,
        status,
        ms: random.below(900) / 10,
      }),
    ),
  );
  return lines;
}

const text = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
const orNull = (value: string | null) => (value === null ? '\\N' : text(value));
const instant = (ms: number) => new Date(ms).toISOString();

function lineText(line: Line, seq: number, source: string, template: Template): string {
  const fields = JSON.stringify(line.fields);
  return `${[instant(line.atMs), seq, line.level, source, text(line.module), template.id, text(line.message), orNull(line.requestId), orNull(line.traceId), orNull(line.accountId), fields === '{}' ? '\\N' : text(fields)].join('\t')}\n`;
}

async function copying(client: pg.Client, table: string): Promise<{ write(chunk: string): Promise<void>; end(): Promise<void> }> {
  const stream = client.query(copyFrom(`copy ${table} from stdin`));
  return {
    async write(chunk) {
      if (!stream.write(chunk)) await once(stream, 'drain');
    },
    async end() {
      stream.end();
      await finished(stream);
    },
  };
}

/** COPY of the rows of batches, and of nothing else. */
export async function copyPlain(client: pg.Client, table: string, batches: readonly Batch[]): Promise<void> {
  const templates = createTemplates();
  const copy = await copying(client, table);
  for (const [no, { source, lines }] of batches.entries())
    await copy.write(
      lines.map((line, place) => lineText(line, no * PLACES + place, source, templates.of(line.module, line.message))).join(''),
    );
  await copy.end();
}

/** Fills the log by COPY with what the ingest would have made of the lines. */
export async function fillLog(url: string, { lines: total, fromMs, toMs }: Omit<LogSeed, 'seed'>): Promise<void> {
  const open = async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  };
  const [lineClient, batchClient] = [await open(), await open()];
  const [lineCopy, batchCopy] = [await copying(lineClient, 'operations.log_line'), await copying(batchClient, 'operations.log_batch')];
  const templates = createTemplates();
  const seen = new Map<number, { template: Template; level: number; firstMs: number; lastMs: number }>();
  const counts = new Map<string, number>();
  let no = 0;
  let rareAt = Math.floor(total * 0.4);
  for (const { source, lines } of linesIn({ seed: 1, lines: total, fromMs, toMs })) {
    for (const day of Map.groupBy(lines, (line) => beijingDate(line.atMs)).values()) {
      no++;
      const terms = new Set<number>();
      let copied = '';
      for (const [place, made] of day.entries()) {
        const line = --rareAt === 0 ? { ...made, message: `${made.message} ${RARE}` } : made;
        const template = templates.of(line.module, line.message);
        addTerms(terms, line, templateName(template.id));
        copied += lineText(line, no * PLACES + place, source, template);
        const known = seen.get(template.id);
        if (known) known.lastMs = line.atMs;
        else seen.set(template.id, { template, level: line.level, firstMs: line.atMs, lastMs: line.atMs });
        const key = [instant(Math.floor(line.atMs / 60_000) * 60_000), source, line.module, line.level, template.id].join('\t');
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      await lineCopy.write(copied);
      await batchCopy.write(
        `${[no, instant(day[0]!.atMs), instant(day.at(-1)!.atMs), source, day.length, `{${[...terms].join(',')}}`].join('\t')}\n`,
      );
    }
  }
  await Promise.all([lineCopy.end(), batchCopy.end()]);
  const countCopy = await copying(lineClient, 'operations.log_count');
  for (const [key, count] of counts) await countCopy.write(`${key}\t${count}\n`);
  await countCopy.end();
  const templateCopy = await copying(lineClient, 'operations.log_template');
  for (const { template, level, firstMs, lastMs } of seen.values())
    await templateCopy.write(
      `${[template.id, text(template.module), text(template.text), template.counted, level, instant(firstMs), instant(lastMs)].join('\t')}\n`,
    );
  await templateCopy.end();
  await lineClient.query(`select setval('operations.log_batch_no', $1)`, [no + 1]);
  await Promise.all([lineClient.end(), batchClient.end()]);
}
