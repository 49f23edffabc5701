import { Readable } from 'node:stream';
import { LOG_KEPT_DAYS, logsApi, type LogLine } from '#contracts/operations/logs.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { deliver } from '#server/platform/http/deliver.ts';
import { clausesOf, type Logs } from './logs.service.ts';
import { barSeconds, histogram, logSources, patterns } from './patterns.views.ts';
import { lineOf, linesAround, linesOfRequest, searchPage, type Asked, type LogPlace } from './search.views.ts';

const DAY_MS = 86_400_000;

export function logsRoutes({ db, clock, logs }: { db: Db; clock: Clock; logs: Logs }): Binding[] {
  const askedOf = ({ q, from, to }: { q?: string; from?: string; to?: string }): Asked => {
    const nowMs = clock.nowMs();
    return {
      clauses: clausesOf(q, 'q'),
      fromMs: Math.max(from ? Date.parse(from) : 0, nowMs - (LOG_KEPT_DAYS + 1) * DAY_MS),
      // The clocks of others may go a little before ours.
      toMs: Math.min(to ? Date.parse(to) : Infinity, nowMs + DAY_MS / 24),
    };
  };
  return [
    bind(logsApi.search, async ({ actor, query }) => {
      const asked = askedOf(query);
      const before = query.cursor === undefined ? { atMs: asked.toMs, seq: 0 } : placeOf(query.cursor);
      const { rows, next, pausedMs } = await db.transact(actor.scope, (tx) => searchPage(tx, asked, before, query.limit ?? 100));
      return {
        items: rows.map(lineOf),
        ...(next ? { nextCursor: `${next.atMs}.${next.seq}` } : {}),
        searchedTo: pausedMs === null ? null : new Date(pausedMs).toISOString(),
      };
    }),
    bind(logsApi.histogram, async ({ actor, query }) => {
      const asked = askedOf(query);
      if (asked.toMs <= asked.fromMs) {
        const params = { days: LOG_KEPT_DAYS };
        throw new Refusal({ code: 'base.span-too-long', params, fields: [{ path: 'to', code: 'base.span-too-long', params }] });
      }
      const stepSeconds = barSeconds(asked.fromMs, asked.toMs);
      const { bars, countedFromMs } = await db.transact(actor.scope, (tx) => histogram(tx, asked, stepSeconds));
      return {
        stepSeconds,
        bars: bars.map(({ atMs, ...bar }) => ({ at: new Date(atMs).toISOString(), ...bar })),
        countedFrom: countedFromMs === null ? null : new Date(countedFromMs).toISOString(),
      };
    }),
    bind(logsApi.around, async ({ actor, query }) => ({
      items: await db.transact(actor.scope, (tx) => linesAround(tx, query.source, { atMs: Date.parse(query.at), seq: query.seq })),
    })),
    bind(logsApi.request, async ({ actor, params }) => ({
      items: await db.transact(actor.scope, (tx) => linesOfRequest(tx, params.request, clock.nowMs(), LOG_KEPT_DAYS)),
    })),
    bind(logsApi.export, async ({ actor, query, reply }) => {
      const pieces = logs.exported(actor, askedOf(query), query.q ?? '', query.format);
      // The first piece is read before the answer begins, so that a fault is still told as one.
      const first = await pieces.next();
      const body = Readable.from(textOf(first, pieces, query.format));
      const type = query.format === 'csv' ? 'text/csv' : 'application/x-ndjson';
      return deliver(
        reply,
        { body, type, name: `logs-${new Date(clock.nowMs()).toISOString().slice(0, 16).replace(/[-:]/g, '')}.${query.format}` },
        'attachment',
      );
    }),
    bind(logsApi.ship, async ({ actor, body }) => {
      const { accepted, rejected } = await logs.ship(actor, body);
      return { accepted, partialSuccess: { rejectedLogRecords: rejected } };
    }),
    bind(logsApi.patterns, async ({ actor, query }) => ({
      items: await db.transact(actor.scope, (tx) => patterns(tx, query.list, clock.nowMs())),
    })),
    bind(logsApi.sources, async ({ actor }) => ({
      items: await db.transact(actor.scope, (tx) => logSources(tx, clock.nowMs())),
    })),
    bind(logsApi.searches, async ({ actor }) => ({ items: await logs.searches(actor) })),
    bind(logsApi.save, ({ actor, body }) => logs.save(actor, body)),
    bind(logsApi.remove, async ({ actor, params }) => {
      await logs.remove(actor, params.id);
      return null;
    }),
    bind(logsApi.watch, ({ actor, params, body }) => logs.watch(actor, params.id, body.watched)),
  ];
}

/** @throws Refusal `base.bad-cursor` */
function placeOf(cursor: string): LogPlace {
  const [, atMs, seq] = /^(\d{1,15})\.(\d{1,16})$/.exec(cursor) ?? [];
  if (atMs === undefined || seq === undefined) throw new Refusal({ code: 'base.bad-cursor' });
  return { atMs: Number(atMs), seq: Number(seq) };
}

const CSV_COLUMNS = ['at', 'level', 'source', 'module', 'message', 'requestId', 'traceId', 'accountId', 'template', 'fields'] as const;

async function* textOf(
  first: IteratorResult<LogLine[]>,
  rest: AsyncGenerator<LogLine[]>,
  format: 'csv' | 'ndjson',
): AsyncGenerator<string> {
  // A mark of UTF-8, without which spreadsheets read Chinese wrong.
  if (format === 'csv') yield `\uFEFF${CSV_COLUMNS.join(',')}\r\n`;
  const write = (lines: readonly LogLine[]) =>
    lines
      .map((line) => (format === 'csv' ? `${CSV_COLUMNS.map((name) => csvText(line[name])).join(',')}\r\n` : `${JSON.stringify(line)}\n`))
      .join('');
  if (first.done) return;
  yield write(first.value);
  for await (const lines of rest) yield write(lines);
}

/** A cell that a spreadsheet would take for a formula begins with an apostrophe. */
function csvText(value: unknown): string {
  const text = value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
