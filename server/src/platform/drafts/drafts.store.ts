import type { Actor } from '../actor.ts';
import type { Tx } from '../db/db.ts';

/** Where somebody has drafts, the newest first. */
export async function draftsOf(tx: Tx, accountId: string) {
  return tx
    .selectFrom('platform.draft')
    .select(['place', 'saved_at'])
    .where('account_id', '=', accountId)
    .orderBy('saved_at', 'desc')
    .execute();
}

export async function draftAt(tx: Tx, accountId: string, place: string) {
  return tx.selectFrom('platform.draft').selectAll().where('account_id', '=', accountId).where('place', '=', place).executeTakeFirst();
}

interface DraftRow {
  readonly account_id: string;
  readonly place: string;
  readonly revision: string;
  readonly sealed: Buffer;
  readonly saved_at: Date;
}

/** Begins a draft; false where there is one already that this save is not the repetition of. */
export async function beginDraft(tx: Tx, row: DraftRow): Promise<boolean> {
  const done = await tx
    .insertInto('platform.draft')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'place']).doUpdateSet({ saved_at: row.saved_at }).where('platform.draft.revision', '=', row.revision),
    )
    .executeTakeFirst();
  return Number(done.numInsertedOrUpdatedRows) === 1;
}

/** Goes on with a draft; false where it is no longer the one that was seen. */
export async function continueDraft(tx: Tx, seen: string, { account_id, place, ...change }: DraftRow): Promise<boolean> {
  const done = await tx
    .updateTable('platform.draft')
    .set(change)
    .where('account_id', '=', account_id)
    .where('place', '=', place)
    .where('revision', 'in', [seen, change.revision])
    .executeTakeFirst();
  return Number(done.numUpdatedRows) === 1;
}

export async function dropDraft(tx: Tx, accountId: string, place: string, revision: string): Promise<boolean> {
  const done = await tx
    .deleteFrom('platform.draft')
    .where('account_id', '=', accountId)
    .where('place', '=', place)
    .where('revision', '=', revision)
    .executeTakeFirst();
  return Number(done.numDeletedRows) === 1;
}

/** Takes a draft away with the act that it was meant for, in the transaction of that. */
export async function draftServed(tx: Tx, actor: Actor, place: string): Promise<void> {
  if (actor.accountId === null || actor.scopeKind === 'system') return;
  await tx.deleteFrom('platform.draft').where('account_id', '=', actor.accountId).where('place', '=', place).execute();
}

/** Forgets what was saved last before an instant. Walks `draft_saved_idx`. */
export async function forgetDrafts(tx: Tx, before: Date): Promise<number> {
  const done = await tx.deleteFrom('platform.draft').where('saved_at', '<', before).executeTakeFirst();
  return Number(done.numDeletedRows);
}
