import type { Attachment, Supplement } from '#contracts/appeals/attachments.api.ts';
import type { FileKind } from '#contracts/base/files.values.ts';
import type { Actor } from '#server/platform/actor.ts';
import type { Tx } from '#server/platform/db/db.ts';

/** Columns that every scope may read; where and when a picture was taken is the hotline's. */
const SHARED = [
  'id',
  'appeal_id',
  'reply_no',
  'supplement_id',
  'name',
  'kind',
  'type',
  'bytes',
  'sm3',
  'file_key',
  'thumb_key',
  'scanned',
  'identifying',
  'by_name',
  'at',
] as const;

/** The attachments of an appeal that this scope sees, the oldest first. Ids are younger than the appeal's, so older months are not touched. */
async function rowsOf(tx: Tx, appealId: string) {
  return tx
    .selectFrom('appeals.attachment')
    .select(SHARED)
    .where('appeal_id', '=', appealId)
    .where('id', '>=', `${appealId.slice(0, 13)}-0000-0000-000000000000`)
    .orderBy('id')
    .execute();
}
type Row = Awaited<ReturnType<typeof rowsOf>>[number];

export async function attachmentsOf(tx: Tx, actor: Actor, appealId: string): Promise<Attachment[]> {
  const rows = await rowsOf(tx, appealId);
  const isHotline = actor.scopeKind === 'province' || actor.scopeKind === 'city';
  const noted = new Map(
    isHotline && rows.length > 0
      ? (
          await tx
            .selectFrom('appeals.attachment')
            .select(['id', 'taken_at', 'lng', 'lat'])
            .where(
              'id',
              'in',
              rows.map((row) => row.id),
            )
            .execute()
        ).map((row) => [row.id, row] as const)
      : [],
  );
  return rows.map((row) => {
    const more = noted.get(row.id);
    return {
      ...fileView(row),
      thumbnail: row.thumb_key !== null,
      by: row.by_name,
      replyNo: row.reply_no,
      supplementId: row.supplement_id,
      sm3: row.sm3,
      scanned: row.scanned,
      identifying: row.identifying,
      takenAt: more?.taken_at ?? null,
      place: more && more.lng !== null && more.lat !== null ? { lng: more.lng, lat: more.lat } : null,
    };
  });
}

/** What a citizen is shown: his own files, and those of the reply he is shown. */
export async function citizenFiles(tx: Tx, appealId: string, shownReplyNo: number | null) {
  return (await rowsOf(tx, appealId))
    .filter((row) => row.reply_no === null || row.reply_no === shownReplyNo)
    .map((row) => ({ ...fileView(row), thumbKey: row.thumb_key, supplementId: row.supplement_id, ofAnswer: row.reply_no !== null }));
}

function fileView(row: Row) {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as FileKind,
    type: row.type,
    bytes: row.bytes,
    at: row.at.toISOString(),
  };
}

/** One attachment with the number of its appeal, where this scope sees it. */
export async function attachmentRow(tx: Tx, id: string) {
  return tx
    .selectFrom('appeals.attachment as f')
    .innerJoin('appeals.appeal as a', 'a.id', 'f.appeal_id')
    .select(['f.id', 'f.appeal_id', 'f.reply_no', 'f.name', 'f.kind', 'f.type', 'f.bytes', 'f.file_key', 'f.thumb_key', 'a.number'])
    .where('f.id', '=', id)
    .executeTakeFirst();
}
export type AttachmentRow = NonNullable<Awaited<ReturnType<typeof attachmentRow>>>;

export async function supplementsOf(tx: Tx, appealId: string): Promise<Supplement[]> {
  const rows = await tx
    .selectFrom('appeals.supplement')
    .select(['id', 'content', 'by_name', 'at'])
    .where('appeal_id', '=', appealId)
    .where('id', '>=', `${appealId.slice(0, 13)}-0000-0000-000000000000`)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ id: row.id, content: row.content, by: row.by_name, at: row.at.toISOString() }));
}

/** Whether this scope sees the appeal, and the region it lies in. */
export async function appealPlace(tx: Tx, id: string) {
  return tx.selectFrom('appeals.appeal').select(['id', 'region', 'number']).where('id', '=', id).executeTakeFirst();
}
