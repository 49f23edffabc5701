import { sql } from 'kysely';
import type { Evidence, Outcome } from '#contracts/operations/inspections.api.ts';
import type { Words } from '#contracts/base/text.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { DEPTHS, type Check, type CheckRow, type Depth, type Judged, type Sample } from './inspections.rules.ts';
import type { When } from './schedule.rules.ts';

/** What belongs to one inspection, and when it is due. */
export interface Template {
  readonly code: string;
  readonly name: Words;
  readonly objects?: readonly Check['object'][];
  readonly depth: Depth;
  readonly when: When;
  /** How late it is still begun: what was missed by more, while the platform stood, is left out. */
  readonly graceMinutes: number;
  /** How long a person has to sign; nobody has to where it is absent. */
  readonly signWithinMinutes?: number;
}

export async function putStandard(
  tx: Tx,
  { checks, templates }: { checks: readonly Check[]; templates: readonly Template[] },
): Promise<void> {
  await tx.deleteFrom('operations.inspection_check').execute();
  await tx
    .insertInto('operations.inspection_check')
    .values(
      checks.map(({ code, object, depth, kind, yellow, red, bounds, ...words }, place) => ({
        code,
        object,
        place,
        depth: DEPTHS.indexOf(depth),
        kind,
        yellow: yellow ?? null,
        red: red ?? null,
        bounds: JSON.stringify(bounds ?? {}),
        words: JSON.stringify(words),
      })),
    )
    .execute();
  await tx.deleteFrom('operations.inspection_template').execute();
  await tx
    .insertInto('operations.inspection_template')
    .values(templates.map(({ code, ...content }, place) => ({ code, place, content: JSON.stringify(content) })))
    .execute();
}

/** The checks in their order. */
export async function loadChecks(tx: Tx): Promise<Check[]> {
  const rows = await tx.selectFrom('operations.inspection_check').selectAll().orderBy('place').execute();
  return rows.map(({ code, object, depth, kind, yellow, red, bounds, words }) => ({
    ...(words as unknown as Pick<Check, 'name' | 'advice'>),
    code,
    object: object as Check['object'],
    depth: DEPTHS[depth]!,
    kind: kind as Check['kind'],
    ...(yellow === null ? {} : { yellow }),
    ...(red === null ? {} : { red }),
    bounds: bounds as Record<string, number>,
  }));
}

export async function loadTemplates(tx: Tx): Promise<Template[]> {
  const rows = await tx.selectFrom('operations.inspection_template').selectAll().orderBy('place').execute();
  return rows.map(({ code, content }) => ({ code, ...(content as unknown as Omit<Template, 'code'>) }));
}

/** What a check read before, in the order of time. */
export async function samplesOf(tx: Tx, code: string): Promise<Sample[]> {
  const rows = await tx.selectFrom('operations.inspection_sample').selectAll().where('code', '=', code).orderBy('at').execute();
  return rows.map((row) => ({ atMs: row.at.getTime(), rows: row.rows as unknown as CheckRow[] }));
}

/** Keeps what a check read, and forgets what lies before the latest reading that is older than `comparedAt`. */
export async function keepSample(tx: Tx, code: string, at: Date, rows: readonly CheckRow[], comparedAt: Date): Promise<void> {
  await tx
    .insertInto('operations.inspection_sample')
    .values({ code, at, rows: JSON.stringify(rows) })
    .onConflict((oc) => oc.columns(['code', 'at']).doNothing())
    .execute();
  await sql`delete from operations.inspection_sample where code = ${code} and at < (
    select max(at) from operations.inspection_sample where code = ${code} and at <= ${comparedAt})`.execute(tx);
}

export interface NewInspection {
  readonly id: string;
  readonly template: Template;
  readonly asked: { readonly id: string | null; readonly name: string } | null;
  readonly dueAt: Date;
  readonly at: Date;
}

/** Begins an inspection; null where another node has begun it. Its number counts on within its day of Beijing. */
export async function insertInspection(tx: Tx, { id, template, asked, dueAt, at }: NewInspection): Promise<string | null> {
  await sql`select pg_advisory_xact_lock(hashtext('operations.inspection'))`.execute(tx);
  const { rows } = await sql<{ number: string }>`
    insert into operations.inspection (id, number, template, depth, asked_by, asked_name, due_at, sign_by, state, started_at)
    select ${id}, day || lpad((1 + coalesce((select max(right(number, 4)::integer) from operations.inspection where number like day || '%'), 0))::text, 4, '0'),
      ${template.code}, ${DEPTHS.indexOf(template.depth)}, ${asked?.id ?? null}, ${asked?.name ?? null}, ${dueAt},
      ${template.signWithinMinutes === undefined ? null : new Date(Math.max(dueAt.getTime(), at.getTime()) + template.signWithinMinutes * 60_000)}, 'waiting', ${at}
    from (select 'XJ' || to_char(${at}::timestamptz at time zone 'Asia/Shanghai', 'YYYYMMDD') as day) as today
    on conflict (template, due_at) where asked_name is null do nothing returning number`.execute(tx);
  return rows[0]?.number ?? null;
}

/** Whether the schedule's inspection of this instant was begun. */
export async function isScheduled(tx: Tx, template: string, dueAt: Date): Promise<boolean> {
  const row = await tx
    .selectFrom('operations.inspection')
    .select('id')
    .where('template', '=', template)
    .where('due_at', '=', dueAt)
    .where('asked_name', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether a person asked for this template since. */
export async function askedSince(tx: Tx, template: string, since: Date): Promise<boolean> {
  const row = await tx
    .selectFrom('operations.inspection')
    .select('id')
    .where('template', '=', template)
    .where('due_at', '>', since)
    .where('asked_name', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function numberOf(tx: Tx, inspectionId: string): Promise<string> {
  const row = await tx.selectFrom('operations.inspection').select('number').where('id', '=', inspectionId).executeTakeFirstOrThrow();
  return row.number;
}

export async function insertItems(
  tx: Tx,
  inspectionId: string,
  items: readonly { readonly check: Check; readonly place: number; readonly kind: Check['kind']; readonly judged: Judged | null }[],
  at: Date,
): Promise<void> {
  await tx
    .insertInto('operations.inspection_item')
    .values(
      items.map(({ check, place, kind, judged }) => ({
        inspection_id: inspectionId,
        code: check.code,
        object: check.object,
        place,
        kind,
        yellow: check.yellow ?? null,
        red: check.red ?? null,
        outcome: judged?.outcome ?? 'open',
        value: judged?.value ?? null,
        evidence: JSON.stringify(judged?.evidence ?? { rows: [], more: 0, notes: [] }),
        at: judged ? at : null,
      })),
    )
    .execute();
}

export async function lockInspection(tx: Tx, id: string) {
  return tx.selectFrom('operations.inspection').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function itemsToJudge(tx: Tx, inspectionId: string) {
  const rows = await tx
    .selectFrom('operations.inspection_item')
    .selectAll()
    .where('inspection_id', '=', inspectionId)
    .orderBy('place')
    .execute();
  return rows.map((row) => ({ ...row, outcome: row.outcome as Outcome, evidence: row.evidence as unknown as Evidence }));
}

export interface ItemAnswer {
  readonly outcome: Outcome;
  readonly said: string | null;
  readonly note: string | null;
  readonly by: string | null;
  readonly name: string;
  readonly at: Date;
}

export async function answerItem(
  tx: Tx,
  inspectionId: string,
  code: string,
  { outcome, said, note, by, name, at }: ItemAnswer,
): Promise<void> {
  await tx
    .updateTable('operations.inspection_item')
    .set((eb) => ({ outcome, said, note, at, by_account: by, by_name: name, revision: eb('revision', '+', 1) }))
    .where('inspection_id', '=', inspectionId)
    .where('code', '=', code)
    .execute();
}

export interface Ending {
  readonly at: Date;
  readonly score: number | null;
  readonly signed?: { readonly by: string | null; readonly name: string; readonly note: string | null };
}

export async function endInspection(tx: Tx, id: string, { at, score, signed }: Ending): Promise<void> {
  await tx
    .updateTable('operations.inspection')
    .set({
      state: 'done',
      ended_at: at,
      score,
      ...(signed ? { signed_by: signed.by, signed_name: signed.name, sign_note: signed.note } : {}),
    })
    .where('id', '=', id)
    .execute();
}

/** Inspections whose time to be signed is over and of which nobody was told; they are told of once. */
export async function takeOverdue(tx: Tx, at: Date) {
  return tx
    .updateTable('operations.inspection')
    .set({ overdue_told_at: at })
    .where('state', '=', 'waiting')
    .where('sign_by', '<', at)
    .where('overdue_told_at', 'is', null)
    .returning(['id', 'number', 'template'])
    .execute();
}

/** Deletes automatic inspections of the shortest cycle that are older; those from which a finding came stay. */
export async function forgetShallow(tx: Tx, before: Date): Promise<number> {
  const { numAffectedRows } = await sql`delete from operations.inspection i where depth = 0 and due_at < ${before} and id in (
      select id from operations.inspection where depth = 0 and due_at < ${before} order by due_at limit 500)
    and not exists (select from operations.inspection_finding f where f.inspection_id = i.id)`.execute(tx);
  return Number(numAffectedRows ?? 0);
}
