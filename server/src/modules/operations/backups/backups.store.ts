import { sql, type Insertable, type Updateable } from 'kysely';
import type { Tx } from '#server/platform/db/db.ts';
import type { DB } from '#server/platform/db/schema.gen.ts';

type BackupRow = DB['operations.backup'];
type DrillRow = DB['operations.restore_drill'];

/** Puts a backup in line. @throws the unique violation `backup_at_work_key` where one waits or runs already */
export async function addBackup(tx: Tx, row: Insertable<BackupRow>): Promise<void> {
  await tx.insertInto('operations.backup').values(row).execute();
}

export async function changeBackup(tx: Tx, id: string, change: Updateable<BackupRow>): Promise<void> {
  await tx.updateTable('operations.backup').set(change).where('id', '=', id).execute();
}

/** Takes a waiting backup up; false where it does not wait any more. */
export async function beginBackup(tx: Tx, id: string, at: Date): Promise<boolean> {
  const done = await tx
    .updateTable('operations.backup')
    .set({ state: 'running', started_at: at })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function goodBackups(tx: Tx) {
  return tx.selectFrom('operations.backup').selectAll().where('state', '=', 'good').orderBy('ended_at', 'desc').execute();
}

/** Which of these are needed no longer, or never became whole. */
export async function goneBackups(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from operations.backup where state in ('removed', 'failed') and id::text = any(${ids}::text[])`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Good backups the second site does not have, the newest first. */
export async function backupsNotAtSecond(tx: Tx) {
  return tx
    .selectFrom('operations.backup')
    .select('id')
    .where('state', '=', 'good')
    .where('second_at', 'is', null)
    .orderBy('ended_at', 'desc')
    .limit(1)
    .execute();
}

/** Those whose process is gone, since nobody holds the lock that their process would hold. */
export async function orphanedBackups(tx: Tx) {
  return tx.selectFrom('operations.backup').select('id').where('state', '=', 'running').execute();
}

export async function addDrill(tx: Tx, row: Insertable<DrillRow>): Promise<void> {
  await tx.insertInto('operations.restore_drill').values(row).execute();
}

export async function changeDrill(tx: Tx, id: string, change: Updateable<DrillRow>): Promise<void> {
  await tx.updateTable('operations.restore_drill').set(change).where('id', '=', id).execute();
}

export async function beginDrill(tx: Tx, id: string, at: Date): Promise<Date | null> {
  const row = await tx
    .updateTable('operations.restore_drill')
    .set({ state: 'running', started_at: at })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .returning('target')
    .executeTakeFirst();
  return row?.target ?? null;
}

export async function orphanedDrills(tx: Tx) {
  return tx.selectFrom('operations.restore_drill').select('id').where('state', '=', 'running').execute();
}

/** The digest of the archived segment of this name; null where there is none. */
export async function knownSegment(tx: Tx, system: string, name: string): Promise<string | null> {
  const row = await tx
    .selectFrom('operations.wal_segment')
    .select('sm3')
    .where('system', '=', system)
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.sm3 ?? null;
}

export async function keepSegment(tx: Tx, row: Insertable<DB['operations.wal_segment']>): Promise<void> {
  await tx
    .insertInto('operations.wal_segment')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .execute();
}

export async function segmentsNotAtSecond(tx: Tx) {
  return tx
    .selectFrom('operations.wal_segment')
    .select(['system', 'name'])
    .where('second_at', 'is', null)
    .orderBy('name')
    .limit(20)
    .execute();
}

/** The segments of a cluster that were archived, or that are at the second site too. */
export async function archivedSegments(tx: Tx, system: string, atSecond: boolean): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from operations.wal_segment where system = ${system} and length(name) = 24 and (not ${atSecond} or second_at is not null)`.execute(
    tx,
  );
  return rows.map(({ name }) => name);
}

export async function segmentAtSecond(tx: Tx, system: string, name: string, at: Date): Promise<void> {
  await tx.updateTable('operations.wal_segment').set({ second_at: at }).where('system', '=', system).where('name', '=', name).execute();
}

export async function forgetSegments(tx: Tx, system: string, names: readonly string[]): Promise<void> {
  await sql`delete from operations.wal_segment where system = ${system} and name = any(${names}::text[])`.execute(tx);
}
