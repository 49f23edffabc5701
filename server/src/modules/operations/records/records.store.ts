import { sql } from 'kysely';
import type { RecordKind } from '#contracts/operations/records/records.lifecycles.ts';
import { recordKinds } from '#contracts/operations/records/records.lifecycles.ts';
import type { RecordSource } from '#contracts/operations/records/records.values.ts';
import { beijingDate } from '#server/kernel/calendar.ts';
import { newId } from '#server/kernel/ids.ts';
import type { CaseDue, ClockRule } from '#server/platform/casework/index.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { Freeze } from './change.rules.ts';
import type { RecordRow } from './records.kind.ts';

/** What a record begins with. */
export interface NewRecord {
  readonly kind: RecordKind;
  readonly level: number;
  readonly title: string;
  readonly body: string;
  readonly component: string | null;
  readonly source: RecordSource;
  readonly owner?: { readonly id: string; readonly name: string };
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Opened once while one of this key is open. */
  readonly onceKey?: string;
}

/** A record that was opened, or the open one of the same matter. */
export interface Opened {
  readonly id: string;
  readonly number: string;
  readonly fresh: boolean;
}

export type Relation = 'action-of' | 'merged-into' | 'patched-by' | 'turned-into' | 'like';

export interface RecordPatch {
  readonly level?: number;
  readonly owner_id?: string | null;
  readonly owner?: string | null;
  readonly paused?: string | null;
}

/** Writes a new record with its number; gives the open one where the matter is known. */
export async function addRecord(tx: Tx, record: NewRecord, by: { id: string | null; name: string }, at: Date): Promise<Opened> {
  if (record.onceKey !== undefined) {
    // Who comes second waits for the first, and finds its record.
    await sql`select pg_advisory_xact_lock(hashtext(${record.onceKey}))`.execute(tx);
    const known = await openOfKey(tx, record.onceKey);
    if (known) return { ...known, fresh: false };
  }
  const { prefix, lifecycle } = recordKinds[record.kind];
  const day = beijingDate(at.getTime());
  const { last } = await tx
    .insertInto('operations.record_counter')
    .values({ prefix, day, last: 1 })
    .onConflict((oc) => oc.columns(['prefix', 'day']).doUpdateSet({ last: sql`record_counter.last + 1` }))
    .returning('last')
    .executeTakeFirstOrThrow();
  const number = `${prefix}${day.replaceAll('-', '')}${String(last).padStart(4, '0')}`;
  const id = newId(at.getTime());
  await tx
    .insertInto('operations.record')
    .values({
      id,
      number,
      kind: record.kind,
      state: lifecycle.initial,
      level: record.level,
      title: record.title,
      body: record.body,
      component: record.component,
      source: record.source,
      reporter_id: by.id,
      reporter: by.name,
      owner_id: record.owner?.id ?? null,
      owner: record.owner?.name ?? null,
      opened_at: at,
      facts: JSON.stringify(record.facts ?? {}),
      once_key: record.onceKey ?? null,
    })
    .execute();
  return { id, number, fresh: true };
}

/** The open record of a matter. */
export async function openOfKey(tx: Tx, onceKey: string): Promise<{ id: string; number: string } | null> {
  const row = await tx
    .selectFrom('operations.record')
    .select(['id', 'number'])
    .where('once_key', '=', onceKey)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return row ?? null;
}

const COLUMNS = [
  'id',
  'kind',
  'number',
  'state',
  'version',
  'level',
  'title',
  'component',
  'source',
  'reporter_id',
  'owner_id',
  'opened_at',
  'paused',
  'facts',
] as const;

const lockQuery = (tx: Tx, kind: RecordKind, id: string) =>
  tx.selectFrom('operations.record').select(COLUMNS).where('id', '=', id).where('kind', '=', kind);
type Locked = Awaited<ReturnType<ReturnType<typeof lockQuery>['executeTakeFirstOrThrow']>>;

export async function lockRecord(tx: Tx, kind: RecordKind, id: string): Promise<RecordRow | null> {
  const row = await lockQuery(tx, kind, id).forUpdate().executeTakeFirst();
  return row ? rowOf(row) : null;
}

/** The same, null also where somebody else holds it this moment. */
export async function lockRecordIfFree(tx: Tx, kind: RecordKind, id: string): Promise<RecordRow | null> {
  const row = await lockQuery(tx, kind, id).forUpdate().skipLocked().executeTakeFirst();
  return row ? rowOf(row) : null;
}

/** A record as rules see it, from its row. */
export function rowOf(row: Locked): RecordRow {
  return {
    id: row.id,
    kind: row.kind as RecordKind,
    number: row.number,
    state: row.state,
    version: row.version,
    // Records of the operations centre belong to no region.
    region: '',
    level: row.level,
    title: row.title,
    component: row.component,
    source: row.source,
    reporterId: row.reporter_id,
    ownerId: row.owner_id,
    openedAt: row.opened_at,
    paused: row.paused,
    facts: row.facts as Record<string, unknown>,
  };
}

/** Brings a record to its new state. */
export async function saveRecord(
  tx: Tx,
  id: string,
  to: { state: string; version: number; endedAt: Date | null; facts: Readonly<Record<string, unknown>> },
  patch: RecordPatch & Partial<{ due_clock: string | null; due_at: Date | null; yellow_at: Date | null; due_provisional: boolean }>,
): Promise<void> {
  await tx
    .updateTable('operations.record')
    .set({
      ...patch,
      state: to.state,
      version: to.version,
      ended_at: to.endedAt,
      facts: sql`facts || ${JSON.stringify(to.facts)}::jsonb`,
    })
    .where('id', '=', id)
    .execute();
}

/** What lists and lamps tell of a record's clocks; the record itself did not change. */
export async function saveDue(tx: Tx, id: string, due: CaseDue): Promise<void> {
  await tx.updateTable('operations.record').set(due).where('id', '=', id).execute();
}

export async function addLink(tx: Tx, fromId: string, relation: Relation, toId: string): Promise<void> {
  await tx
    .insertInto('operations.record_link')
    .values({ from_id: fromId, relation, to_id: toId })
    .onConflict((oc) => oc.doNothing())
    .execute();
}

export async function recordByNumber(tx: Tx, number: string): Promise<{ id: string; kind: string; state: string } | null> {
  return (await tx.selectFrom('operations.record').select(['id', 'kind', 'state']).where('number', '=', number).executeTakeFirst()) ?? null;
}

/** How long each clock of this kind is at a level; a clock without a line is absent. */
export async function limitsOf(tx: Tx, kind: RecordKind, level: number): Promise<Map<string, ClockRule>> {
  const rows = await tx.selectFrom('operations.limit_rule').selectAll().where('kind', '=', kind).where('level', '=', level).execute();
  return new Map(
    rows.map((row) => [row.clock, { id: row.id, version: row.version, mode: row.mode as ClockRule['mode'], amount: row.amount }]),
  );
}

export async function freezesFrom(tx: Tx, at: Date): Promise<Freeze[]> {
  const rows = await tx.selectFrom('operations.freeze').selectAll().where('to_at', '>', at).orderBy('from_at').execute();
  return rows.map((row) => ({ name: row.name, fromMs: row.from_at.getTime(), toMs: row.to_at.getTime() }));
}
