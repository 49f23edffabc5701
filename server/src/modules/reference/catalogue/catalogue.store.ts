import type { EntryState } from '#contracts/reference/norm.lifecycle.ts';
import type { Tx } from '#server/platform/db/db.ts';

export type EntryDbRow = Awaited<ReturnType<typeof anyEntry>>;
const anyEntry = (tx: Tx) => tx.selectFrom('reference.catalogue_entry').selectAll().executeTakeFirstOrThrow();

export async function lockEntry(tx: Tx, id: string, version: number): Promise<EntryDbRow | undefined> {
  return tx
    .selectFrom('reference.catalogue_entry')
    .selectAll()
    .where('id', '=', id)
    .where('version', '=', version)
    .forUpdate()
    .executeTakeFirst();
}

/** The highest version of an entry that this scope may change, with its region; undefined where there is none. */
export async function lastEntry(tx: Tx, id: string): Promise<EntryDbRow | undefined> {
  return tx
    .selectFrom('reference.catalogue_entry')
    .selectAll()
    .where('id', '=', id)
    .orderBy('version', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
}

export interface NewEntry {
  readonly id: string;
  readonly version: number;
  readonly region: string;
  readonly category: string;
  readonly unitCode: string | null;
  readonly kind: string | null;
  readonly level: string | null;
  readonly role: 'main' | 'assist';
  readonly legalSource: string;
  readonly reason: string;
  readonly ended: boolean;
  readonly by: string | null;
  readonly byName: string;
  readonly at: Date;
}

export async function addEntry(tx: Tx, entry: NewEntry): Promise<EntryDbRow> {
  return tx
    .insertInto('reference.catalogue_entry')
    .values({
      id: entry.id,
      version: entry.version,
      state: 'proposed',
      region: entry.region,
      category: entry.category,
      unit_code: entry.unitCode,
      unit_kind: entry.kind,
      unit_level: entry.level,
      role: entry.role,
      legal_source: entry.legalSource,
      reason: entry.reason,
      ended: entry.ended,
      proposer: entry.by,
      proposed_by: entry.byName,
      proposed_at: entry.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function saveEntry(
  tx: Tx,
  id: string,
  version: number,
  state: EntryState,
  patch: { approver?: string | null; approved_by?: string; approved_at?: Date; effective_from?: Date; opinion?: string },
): Promise<EntryDbRow> {
  return tx
    .updateTable('reference.catalogue_entry')
    .set({ ...patch, state })
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The version of an entry that takes effect last. */
export async function lastEffective(tx: Tx, id: string): Promise<{ version: number; at: Date } | null> {
  const row = await tx
    .selectFrom('reference.catalogue_entry')
    .select(['version', 'effective_from'])
    .where('id', '=', id)
    .where('state', '=', 'approved')
    .orderBy('effective_from', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? { version: row.version, at: row.effective_from! } : null;
}

export interface NewObjection {
  readonly id: string;
  readonly at: Date;
  readonly entry: { readonly id: string; readonly version: number } | null;
  readonly orderId: string;
  readonly region: string;
  readonly category: string | null;
  readonly unitCode: string;
  readonly suggestedUnit: string | null;
  readonly reason: string;
  readonly legalBasis: string | null;
}

export async function addObjection(tx: Tx, objection: NewObjection): Promise<void> {
  await tx
    .insertInto('reference.catalogue_objection')
    .values({
      id: objection.id,
      at: objection.at,
      entry_id: objection.entry?.id ?? null,
      entry_version: objection.entry?.version ?? null,
      order_id: objection.orderId,
      region: objection.region,
      category: objection.category,
      unit_code: objection.unitCode,
      suggested_unit: objection.suggestedUnit,
      reason: objection.reason,
      legal_basis: objection.legalBasis,
    })
    .execute();
}

/** Closes the open objections against an entry, as far as this scope sees them: a version takes them up. */
export async function answerObjections(tx: Tx, entryId: string, answer: { id: string; version: number }): Promise<void> {
  await tx
    .updateTable('reference.catalogue_objection')
    .set({ answer_id: answer.id, answer_version: answer.version })
    .where('entry_id', '=', entryId)
    .where('answer_id', 'is', null)
    .execute();
}

/** The version that took them up never takes effect: they are open again. */
export async function reopenObjections(tx: Tx, answer: { id: string; version: number }): Promise<void> {
  await tx
    .updateTable('reference.catalogue_objection')
    .set({ answer_id: null, answer_version: null })
    .where('answer_id', '=', answer.id)
    .where('answer_version', '=', answer.version)
    .execute();
}
