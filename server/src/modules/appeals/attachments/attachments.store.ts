import { sql } from 'kysely';
import type { Inspected } from '#server/platform/files/inspect/inspect.ts';
import { insertOf, type Insert, type Tx } from '#server/platform/db/db.ts';
import type { Amount } from './attachments.rules.ts';

/** Notes that a file is about to be stored or referred to; gives whether it is there already. */
export async function touchFile(tx: Tx, key: string, bytes: number, at: Date): Promise<boolean> {
  const row = await tx
    .insertInto('appeals.stored_file')
    .values({ key, bytes, touched_at: at })
    .onConflict((oc) => oc.column('key').doUpdateSet({ touched_at: at }))
    .returning('stored_at')
    .executeTakeFirstOrThrow();
  return row.stored_at !== null;
}

export async function fileStored(tx: Tx, key: string, at: Date): Promise<void> {
  await tx.updateTable('appeals.stored_file').set({ stored_at: at }).where('key', '=', key).execute();
}

export interface NewUpload {
  readonly ticketHash: Buffer;
  readonly at: Date;
  readonly byAccount: string | null;
  readonly ip: string | null;
  readonly name: string;
  readonly fileKey: string;
  readonly thumbKey: string | null;
  readonly found: Inspected;
}

export async function addUpload(tx: Tx, upload: NewUpload): Promise<void> {
  const { found } = upload;
  await tx
    .insertInto('appeals.upload')
    .values({
      ticket_hash: upload.ticketHash,
      at: upload.at,
      by_account: upload.byAccount,
      ip: upload.ip,
      name: upload.name,
      kind: found.kind,
      type: found.type,
      bytes: found.bytes,
      sm3: found.sm3,
      file_key: upload.fileKey,
      thumb_key: upload.thumbKey,
      width: found.picture?.width ?? null,
      height: found.picture?.height ?? null,
      taken_at: found.picture?.takenAt ?? null,
      lng: found.picture?.place?.lng ?? null,
      lat: found.picture?.place?.lat ?? null,
      scanned: found.scanned,
    })
    .execute();
}

/** How much waits from an account or, for citizens, from an address, since an instant. */
export async function waitingBytes(tx: Tx, by: { account: string | null; ip: string | null }, since: Date): Promise<number> {
  const query = tx
    .selectFrom('appeals.upload')
    .select(sql<number>`coalesce(sum(bytes), 0)`.as('bytes'))
    .where('at', '>', since);
  const row = await (
    by.account ? query.where('by_account', '=', by.account) : query.where('by_account', 'is', null).where('ip', '=', by.ip)
  ).executeTakeFirstOrThrow();
  return row.bytes;
}

/** The uploads of these tickets, in no order; their files are touched, so that they are not taken away meanwhile. */
export async function uploadsBy(tx: Tx, hashes: readonly Buffer[], since: Date, at: Date) {
  const rows = await tx.selectFrom('appeals.upload').selectAll().where('ticket_hash', 'in', hashes).where('at', '>', since).execute();
  const keys = rows.flatMap((row) => (row.thumb_key ? [row.file_key, row.thumb_key] : [row.file_key]));
  if (keys.length > 0) await tx.updateTable('appeals.stored_file').set({ touched_at: at }).where('key', 'in', keys).execute();
  return rows;
}
export type UploadRow = Awaited<ReturnType<typeof uploadsBy>>[number];

/** What an attachment hangs on. */
export interface Owner {
  readonly appealId: string;
  readonly region: string;
  readonly replyNo: number | null;
  readonly supplementId: string | null;
}

/** An attachment made from an upload, to be written with what it belongs to. */
export function attachmentInsert(
  id: string,
  upload: UploadRow,
  owner: Owner,
  by: { accountId: string | null; name: string },
  at: Date,
): Insert {
  const { ticket_hash: _ticket, at: _at, by_account: _account, ip: _ip, ...file } = upload;
  return insertOf('appeals.attachment', {
    ...file,
    id,
    appeal_id: owner.appealId,
    region: owner.region,
    reply_no: owner.replyNo,
    supplement_id: owner.supplementId,
    by_account: by.accountId,
    by_name: by.name,
    at,
  });
}

/** The files of a reply, whole. */
export async function replyFiles(tx: Tx, appealId: string, replyNo: number) {
  return tx
    .selectFrom('appeals.attachment')
    .selectAll()
    .where('appeal_id', '=', appealId)
    .where('reply_no', '=', replyNo)
    .orderBy('id')
    .execute();
}
type WholeFile = Awaited<ReturnType<typeof replyFiles>>[number];

/** The same file once more, for another owner. */
export function sharedInsert(id: string, file: WholeFile, owner: Owner, at: Date): Insert {
  return insertOf('appeals.attachment', {
    ...file,
    id,
    appeal_id: owner.appealId,
    region: owner.region,
    reply_no: owner.replyNo,
    supplement_id: owner.supplementId,
    at,
  });
}

/** What an appeal has; others who attach to it wait until this transaction ends. */
export async function lockAmount(tx: Tx, appealId: string): Promise<Amount> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`attachments/${appealId}`}, 0))`.execute(tx);
  const row = await tx
    .selectFrom('appeals.attachment')
    .select([sql<number>`count(*)`.as('count'), sql<number>`coalesce(sum(bytes), 0)`.as('bytes')])
    .where('appeal_id', '=', appealId)
    .executeTakeFirstOrThrow();
  return row;
}

export async function addSupplement(
  tx: Tx,
  supplement: { id: string; appealId: string; region: string; content: string; byAccount: string | null; byName: string; at: Date },
): Promise<void> {
  await tx
    .insertInto('appeals.supplement')
    .values({
      id: supplement.id,
      appeal_id: supplement.appealId,
      region: supplement.region,
      content: supplement.content,
      by_account: supplement.byAccount,
      by_name: supplement.byName,
      at: supplement.at,
    })
    .execute();
}

/** Marks an attachment; false where the scope has none of this id. */
export async function markIdentifying(tx: Tx, id: string, identifying: boolean): Promise<boolean> {
  const done = await tx.updateTable('appeals.attachment').set({ identifying }).where('id', '=', id).executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function forgetUploads(tx: Tx, before: Date): Promise<number> {
  const done = await tx.deleteFrom('appeals.upload').where('at', '<=', before).executeTakeFirst();
  return Number(done.numDeletedRows);
}

const LOOSE = sql<boolean>`
  not exists (select from appeals.upload u where u.file_key = stored_file.key or u.thumb_key = stored_file.key)
  and not exists (select from appeals.attachment a where a.file_key = stored_file.key)
  and not exists (select from appeals.attachment a where a.thumb_key = stored_file.key)`;

/** Files that nobody has referred to or touched since an instant; they count as not stored from here on. */
export async function condemnLoose(tx: Tx, before: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    update appeals.stored_file set stored_at = null
    where key in (select key from appeals.stored_file where touched_at <= ${before} and ${LOOSE} order by touched_at limit ${limit})
    returning key`.execute(tx);
  return rows.map((row) => row.key);
}

/** Takes the row of a condemned file away, if it is still loose; whoever wants to store it now waits. */
export async function dropLoose(tx: Tx, key: string, before: Date): Promise<boolean> {
  const { rows } = await sql`
    delete from appeals.stored_file where key = ${key} and touched_at <= ${before} and stored_at is null and ${LOOSE} returning key`.execute(
    tx,
  );
  return rows.length > 0;
}
