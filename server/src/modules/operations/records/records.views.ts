import { sql, type SqlBool } from 'kysely';
import { textOf } from '#contracts/codes.ts';
import type { TimelineLine } from '#contracts/orders/orders.api.ts';
import type { RecordFilter, RecordLine, RecordView } from '#contracts/operations/records/records.api.ts';
import { kindFacts, type RecordKind } from '#contracts/operations/records/records.lifecycles.ts';
import type { RecordSource } from '#contracts/operations/records/records.values.ts';
import type { Words } from '#contracts/base/text.ts';
import type { Actor } from '#server/platform/actor.ts';
import { allowedActions, clocksOf, lightOf } from '#server/platform/casework/index.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { KindRules, RecordGuardedAt } from './records.kind.ts';
import { proposedOf } from '../responsibilities/responsibilities.rules.ts';
import { responsibilityOf } from '../responsibilities/responsibilities.views.ts';
import { narrowed } from './records.filters.ts';
import { rowOf } from './records.store.ts';

const iso = (date: Date | null) => date?.toISOString() ?? null;

const COLUMNS = [
  'id',
  'number',
  'kind',
  'state',
  'version',
  'level',
  'title',
  'component',
  'source',
  'reporter',
  'owner',
  'opened_at',
  'ended_at',
  'paused',
  'due_clock',
  'due_at',
  'yellow_at',
] as const;
const lines = (tx: Tx) => tx.selectFrom('operations.record').select(COLUMNS);
type Line = Awaited<ReturnType<ReturnType<typeof lines>['executeTakeFirstOrThrow']>>;

/** A record as lists show it. */
export function lineOf(row: Line, nowMs: number): RecordLine {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind as RecordKind,
    state: row.state,
    version: row.version,
    level: row.level,
    title: row.title,
    component: row.component,
    source: row.source as RecordSource,
    reporter: row.reporter,
    owner: row.owner,
    openedAt: row.opened_at.toISOString(),
    endedAt: iso(row.ended_at),
    paused: row.paused,
    dueClock: row.due_clock,
    dueAt: iso(row.due_at),
    light: row.ended_at || row.paused ? 'none' : lightOf(row.due_at?.getTime() ?? null, row.yellow_at?.getTime() ?? null, nowMs),
  };
}

/** A page of records: the newest first, or what is due soonest. */
export async function recordsPage(
  tx: Tx,
  filter: RecordFilter & { reporter?: string },
  me: string | null,
  nowMs: number,
): Promise<{ items: RecordLine[]; nextCursor?: string }> {
  const limit = filter.limit ?? 20;
  const byDue = filter.sort === 'due';
  const [dueText, cursorId] = filter.cursor?.split('|') ?? [];
  const rows = await narrowed(lines(tx), filter, me, nowMs)
    .select(sql<string | null>`due_at::text`.as('due_text'))
    .$if(byDue, (query) => query.where('ended_at', 'is', null))
    .$if(byDue, (query) => query.where('due_at', 'is not', null).orderBy('due_at').orderBy('id'))
    .$if(!byDue, (query) => query.orderBy('id', 'desc'))
    .$if(filter.cursor !== undefined && byDue, (query) =>
      query.where(sql<SqlBool>`(due_at, id) > (${dueText}::timestamptz, ${cursorId}::uuid)`),
    )
    .$if(filter.cursor !== undefined && !byDue, (query) => query.where('id', '<', filter.cursor!))
    .limit(limit + 1)
    .execute();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map((row) => lineOf(row, nowMs)),
    ...(last ? { nextCursor: byDue ? `${last.due_text}|${last.id}` : last.id } : {}),
  };
}

const ALIKE_AT_MOST = 5;

/** Everything the page of a record shows this person; null where there is none. */
export async function recordPage(
  tx: Tx,
  actor: Actor,
  id: string,
  nowMs: number,
  language: 'zh' | 'en',
  guarded: RecordGuardedAt,
  rules: Readonly<Record<RecordKind, KindRules>>,
  owners: readonly { readonly id: string; readonly name: string }[],
): Promise<RecordView | null> {
  const row = await tx.selectFrom('operations.record').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) return null;
  const kind = row.kind as RecordKind;
  const { lifecycle } = kindFacts(kind);
  const seen = rowOf(row);
  return {
    ...lineOf(row, nowMs),
    body: row.body,
    ownerId: row.owner_id,
    proposedOwner: await proposedOwner(tx, row, owners),
    facts: seen.facts as Record<string, unknown>,
    clocks: (await clocksOf(tx, id)).map((clock) => ({
      name: clock.name,
      startedAt: new Date(clock.t0Ms).toISOString(),
      dueAt: new Date(clock.dueMs).toISOString(),
      stoppedAt: clock.stoppedMs === null ? null : new Date(clock.stoppedMs).toISOString(),
      light: clock.stoppedMs === null ? lightOf(clock.dueMs, clock.yellowMs, nowMs) : 'none',
      result: clock.result,
      limit: `${clock.rule.amount} ${clock.rule.mode}`,
    })),
    links: await linksOf(tx, id),
    alike: await alikeOf(tx, row),
    timeline: await timelineOf(tx, kind, id),
    actions: allowedActions(lifecycle, row.state, actor.permissions).map((action) => {
      const facts = lifecycle.actions[action]!;
      const verdict = rules[kind].guard(action, seen, guarded);
      return {
        action,
        name: facts.name,
        danger: facts.danger ?? false,
        second: false,
        refusal: verdict.ok ? null : { code: verdict.refusal.code, text: textOf(verdict.refusal.code, language, verdict.refusal.params) },
      };
    }),
  };
}

/** Whom the matrix names for what nobody owns yet. */
async function proposedOwner(
  tx: Tx,
  row: { component: string | null; owner_id: string | null; ended_at: Date | null },
  owners: readonly { readonly id: string; readonly name: string }[],
): Promise<RecordView['proposedOwner']> {
  if (row.component === null || row.owner_id !== null || row.ended_at !== null) return null;
  const said = await responsibilityOf(tx, row.component);
  return said && proposedOf(said, owners);
}

async function linksOf(tx: Tx, id: string): Promise<RecordView['links']> {
  const rows = await tx
    .selectFrom('operations.record_link as l')
    .innerJoin('operations.record as r', (join) =>
      join.on((eb) => eb('r.id', '=', eb.case().when('l.from_id', '=', id).then(eb.ref('l.to_id')).else(eb.ref('l.from_id')).end())),
    )
    .select(['l.relation', 'l.from_id', 'r.id', 'r.number', 'r.kind', 'r.title', 'r.state'])
    .where((eb) => eb.or([eb('l.from_id', '=', id), eb('l.to_id', '=', id)]))
    .orderBy('r.id')
    .execute();
  return rows.map(({ from_id, ...row }) => ({ ...row, kind: row.kind as RecordKind, outward: from_id === id }));
}

/**
 * What ended before, of the same kind: about the same component, or with most of the same pairs of characters in its title.
 * Of problems also those that are open: a review merges into them.
 */
async function alikeOf(tx: Tx, row: { id: string; kind: string; title: string; component: string | null }): Promise<RecordView['alike']> {
  const rows = await tx
    .selectFrom('operations.record')
    .select(['id', 'number', 'kind', 'title', 'state', 'component'])
    .where('kind', '=', row.kind)
    .where('id', '<', row.id)
    .$if(row.kind !== 'problem', (query) => query.where('ended_at', 'is not', null))
    .orderBy('id', 'desc')
    .limit(500)
    .execute();
  const pairs = pairsOf(row.title);
  return rows
    .map((other) => ({
      other,
      score: likeness(pairs, pairsOf(other.title)) + (row.component !== null && other.component === row.component ? 0.5 : 0),
    }))
    .filter(({ score }) => score >= 0.4)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, ALIKE_AT_MOST)
    .map(({ other }) => ({
      id: other.id,
      number: other.number,
      kind: other.kind as RecordKind,
      title: other.title,
      state: other.state,
      relation: 'like',
      outward: true,
    }));
}

function pairsOf(text: string): Set<string> {
  const signs = [...text.replaceAll(/\s/g, '')];
  return new Set(signs.slice(1).map((sign, i) => `${signs[i]}${sign}`));
}

function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let both = 0;
  for (const pair of a) if (b.has(pair)) both++;
  return (2 * both) / (a.size + b.size);
}

async function timelineOf(tx: Tx, kind: RecordKind, id: string): Promise<TimelineLine[]> {
  const rows = await tx
    .selectFrom('platform.event')
    .select(['id', 'at', 'name', 'actor', 'from_state', 'to_state', 'data'])
    .where('case_id', '=', id)
    .where('case_kind', '=', kind)
    .orderBy('id')
    .execute();
  return rows.map((event) => {
    const words = wordsOf(kind, event.name);
    const { note } = event.data as { note?: unknown };
    return {
      id: event.id,
      at: event.at.toISOString(),
      kind: event.name,
      ...words,
      actor: event.actor,
      unitName: null,
      from: event.from_state,
      to: event.to_state,
      note: typeof note === 'string' ? note : null,
    };
  });
}

/** The words of an event: those of the lifecycle's action, or of the clock's step. */
function wordsOf(kind: RecordKind, name: string): Words {
  const { lifecycle } = kindFacts(kind);
  const [family, rest = ''] = name.split('.');
  if (rest === 'open') return { zh: `登记${lifecycle.name.zh}`, en: `${lifecycle.name.en} opened` };
  if (family !== 'clocks') return lifecycle.actions[rest]?.told ?? { zh: name, en: name };
  for (const [clock, facts] of Object.entries(lifecycle.clocks)) {
    const step = facts.steps.find((one) => rest === `${clock}-${one.name}`);
    if (step) return step.told;
  }
  return { zh: name, en: name };
}

/** Who has reported it; null where the platform did, or there is no such record. */
export async function reporterOf(tx: Tx, id: string): Promise<string | null> {
  const row = await tx.selectFrom('operations.record').select('reporter_id').where('id', '=', id).executeTakeFirst();
  return row?.reporter_id ?? null;
}
