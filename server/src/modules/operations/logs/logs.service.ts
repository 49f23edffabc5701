import { sql, type Selectable } from 'kysely';
import { queryFaults } from '#contracts/operations/logs.codes.ts';
import {
  EXPORT_AT_MOST,
  LINES_A_MINUTE,
  LINES_AT_ONCE,
  OWN_SEARCHES,
  WATCHED_SEARCHES,
  type LogLine,
  type LogSearch,
  type Shipment,
} from '#contracts/operations/logs.api.ts';
import { parseQuery, type Clause } from '#contracts/operations/logs.query.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM, violates, type Db, type Tx } from '#server/platform/db/db.ts';
import type { DB } from '#server/platform/db/schema.gen.ts';
import { lineOfJson, type Line } from './lines.rules.ts';
import { countedTemplates, fileLines, hearSource, type FoldedLine, type SourceKind } from './logs.store.ts';
import { linesOfOtlp } from './otlp.rules.ts';
import { lineOf, walk, type Asked, type LogPlace } from './search.views.ts';
import { createTemplates, type Templates } from './templates.rules.ts';

/** @throws Refusal `operations.bad-log-query`, with the place */
export function clausesOf(query: string | undefined, path: string): readonly Clause[] {
  const read = parseQuery(query ?? '');
  if (!('what' in read)) return read;
  const params = { place: read.place + 1, what: queryFaults[read.what] };
  throw new Refusal({ code: 'operations.bad-log-query', params, fields: [{ path, code: 'operations.bad-log-query', params }] });
}

export interface Logs {
  /** Files lines of a source, folded to templates; says that it was heard also without any. */
  file(source: string, kind: SourceKind, lines: readonly Line[], also?: (tx: Tx) => Promise<void>): Promise<void>;
  /** @throws Refusal `operations.bad-log-lines`, `operations.too-many-log-lines`, `operations.too-many-lines-a-minute` */
  ship(actor: Actor, shipment: Shipment): Promise<{ accepted: number; rejected: number }>;
  /** Everything a search finds, the newest first, in pieces; nothing of it before the audit entry of the export is written. */
  exported(actor: Actor, asked: Asked, query: string, format: string): AsyncGenerator<LogLine[]>;
  searches(actor: Actor): Promise<LogSearch[]>;
  /** @throws Refusal `operations.bad-log-query`, `operations.search-name-taken`, `operations.too-many-searches` */
  save(actor: Actor, given: { name: string; query: string; shared: boolean }): Promise<LogSearch>;
  /** @throws Refusal `base.not-found` */
  remove(actor: Actor, id: string): Promise<void>;
  /** @throws Refusal `base.not-found`, `operations.search-name-taken`, `operations.too-many-searches` */
  watch(actor: Actor, id: string, watched: boolean): Promise<LogSearch>;
}

export function createLogs({ db, clock }: { db: Db; clock: Clock }): Logs {
  let templates: Promise<Templates> | null = null;
  // Asked of the database once, at the first line; where it does not answer, at the next.
  const folding = () =>
    (templates ??= db
      .transact(SYSTEM, countedTemplates)
      .then(createTemplates)
      .catch((error: unknown) => {
        templates = null;
        throw error;
      }));
  const room = createRoom(LINES_A_MINUTE, clock);
  const now = () => new Date(clock.nowMs());

  async function file(source: string, kind: SourceKind, lines: readonly Line[], also?: (tx: Tx) => Promise<void>): Promise<void> {
    const fold = await folding();
    const folded = lines.map((line): FoldedLine => ({ ...line, template: fold.of(line.module, line.message) }));
    await db.transact(SYSTEM, async (tx) => {
      await fileLines(tx, source, folded);
      await hearSource(tx, source, kind, now());
      await also?.(tx);
    });
  }

  return {
    file,
    async ship(actor, shipment) {
      const { lines, rejected } = linesOf(shipment, clock.nowMs());
      if (lines.length + rejected > LINES_AT_ONCE)
        throw new Refusal({ code: 'operations.too-many-log-lines', params: { limit: LINES_AT_ONCE } });
      const source = actor.sourceSystem ?? actor.name;
      if (!room.take(source, lines.length))
        throw new Refusal({ code: 'operations.too-many-lines-a-minute', params: { limit: LINES_A_MINUTE }, extra: { retryAfterS: 60 } });
      await file(source, 'program', lines);
      return { accepted: lines.length, rejected };
    },
    async *exported(actor, asked, query, format) {
      await db.transact(actor.scope, (tx) =>
        record(tx, actor, {
          at: now(),
          action: 'operations.export-logs',
          objectKind: 'log',
          detail: { query, format, from: new Date(asked.fromMs).toISOString(), to: new Date(asked.toMs).toISOString() },
        }),
      );
      let place: LogPlace | null = { atMs: asked.toMs, seq: 0 };
      let left = EXPORT_AT_MOST;
      while (place && left > 0) {
        // A transaction for each piece: a reader who is slow holds no connection.
        const piece: { lines: LogLine[]; next: LogPlace | null } = await db.transact(actor.scope, (tx) =>
          exportPiece(tx, asked, place!, Math.min(left, EXPORT_PIECE)),
        );
        left -= piece.lines.length;
        ({ next: place } = piece);
        if (piece.lines.length > 0) yield piece.lines;
      }
    },
    searches: (actor) =>
      db.transact(actor.scope, async (tx) => {
        const rows = await tx
          .selectFrom('operations.log_search')
          .selectAll()
          .where((eb) => eb.or([eb('shared', '=', true), eb('account_id', '=', actor.accountId)]))
          .orderBy('name')
          .orderBy('id')
          .limit(500)
          .execute();
        return rows.map((row) => searchOf(row, actor));
      }),
    save(actor, { name, query, shared }) {
      clausesOf(query, 'query');
      return named('log_search_name_key', () =>
        db.transact(actor.scope, async (tx) => {
          await checkRoom(tx, sql`account_id = ${actor.accountId}`, OWN_SEARCHES);
          const row = await tx
            .insertInto('operations.log_search')
            .values({
              id: newId(clock.nowMs()),
              account_id: actor.accountId!,
              account_name: actor.name,
              name: name.trim(),
              query,
              shared,
              changed_at: now(),
            })
            .returningAll()
            .executeTakeFirstOrThrow();
          await record(tx, actor, {
            at: now(),
            action: 'operations.save-log-search',
            objectKind: 'log-search',
            objectId: row.id,
            detail: { name: row.name, query, shared },
          });
          return searchOf(row, actor);
        }),
      );
    },
    async remove(actor, id) {
      await db.transact(actor.scope, async (tx) => {
        const row = await tx
          .deleteFrom('operations.log_search')
          .where('id', '=', id)
          .where('account_id', '=', actor.accountId)
          .returningAll()
          .executeTakeFirst();
        if (!row) throw new Refusal({ code: 'base.not-found' });
        await record(tx, actor, {
          at: now(),
          action: 'operations.delete-log-search',
          objectKind: 'log-search',
          objectId: id,
          detail: { name: row.name },
        });
      });
    },
    watch(actor, id, watched) {
      return named('log_search_watched_key', () =>
        db.transact(actor.scope, async (tx) => {
          if (watched) await checkRoom(tx, sql`watched and id <> ${id}`, WATCHED_SEARCHES);
          const row = await tx
            .updateTable('operations.log_search')
            // Whoever is alerted by it must be able to open it.
            .set((eb) => ({ watched, shared: watched ? true : eb.ref('shared'), changed_at: now() }))
            .where('id', '=', id)
            .where((eb) => eb.or([eb('shared', '=', true), eb('account_id', '=', actor.accountId)]))
            .returningAll()
            .executeTakeFirst();
          if (!row) throw new Refusal({ code: 'base.not-found' });
          await record(tx, actor, {
            at: now(),
            action: watched ? 'operations.watch-log-search' : 'operations.unwatch-log-search',
            objectKind: 'log-search',
            objectId: id,
            detail: { name: row.name },
          });
          return searchOf(row, actor);
        }),
      );
    },
  };
}

const EXPORT_PIECE = 2000;

async function exportPiece(tx: Tx, asked: Asked, from: LogPlace, most: number): Promise<{ lines: LogLine[]; next: LogPlace | null }> {
  const lines: LogLine[] = [];
  for await (const piece of walk(tx, asked, from, { most, pieceMs: 2000 })) {
    for (const row of piece.rows) {
      lines.push(lineOf(row));
      if (lines.length === most) return { lines, next: { atMs: row.at.getTime(), seq: row.seq } };
    }
    if (piece.done) return { lines, next: null };
    if (piece.rows.length === 0) return { lines, next: piece.next };
  }
  return { lines, next: null };
}

/** The lines of what was sent, and how many could not be read. */
function linesOf(shipment: Shipment, nowMs: number): { lines: Line[]; rejected: number } {
  if (shipment.resourceLogs && shipment.lines === undefined) return linesOfOtlp(shipment.resourceLogs, nowMs);
  if (shipment.lines === undefined || shipment.resourceLogs) throw new Refusal({ code: 'operations.bad-log-lines' });
  const texts = shipment.lines.split('\n').filter((text) => text.trim() !== '');
  const lines = texts.map((text) => lineOfJson(text, nowMs)).filter((line) => line !== null);
  if (texts.length === 0 || lines.length === 0) throw new Refusal({ code: 'operations.bad-log-lines' });
  return { lines, rejected: texts.length - lines.length };
}

/** So many lines a minute for each key; counted on each node by itself. */
function createRoom(most: number, clock: Clock): { take(who: string, lines: number): boolean } {
  const taken = new Map<string, { minute: number; lines: number }>();
  return {
    take(who, lines) {
      const minute = Math.floor(clock.nowMs() / 60_000);
      const known = taken.get(who);
      const before = known?.minute === minute ? known.lines : 0;
      if (before + lines > most) return false;
      taken.set(who, { minute, lines: before + lines });
      return true;
    },
  };
}

/** @throws Refusal `operations.too-many-searches` */
async function checkRoom(tx: Tx, which: ReturnType<typeof sql>, limit: number): Promise<void> {
  // One after the other, or two at once would both find the last place free.
  await sql`select pg_advisory_xact_lock(hashtext('operations.log_search'))`.execute(tx);
  const { rows } = await sql<{ count: number }>`select count(*) as count from operations.log_search where ${which}`.execute(tx);
  if (rows[0]!.count >= limit) throw new Refusal({ code: 'operations.too-many-searches', params: { limit } });
}

/** @throws Refusal `operations.search-name-taken` */
async function named<T>(constraint: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!violates(error, constraint)) throw error;
    throw new Refusal({ code: 'operations.search-name-taken', fields: [{ path: 'name', code: 'operations.search-name-taken' }] });
  }
}

function searchOf(row: Selectable<DB['operations.log_search']>, actor: Actor): LogSearch {
  return {
    id: row.id,
    name: row.name,
    query: row.query,
    shared: row.shared,
    watched: row.watched,
    own: row.account_id === actor.accountId,
    by: row.account_name,
    changedAt: row.changed_at.toISOString(),
  };
}
