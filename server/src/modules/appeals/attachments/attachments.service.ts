import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { RevealView } from '#contracts/appeals/appeals.api.ts';
import type { CitizenRecord, Supplement, Uploaded } from '#contracts/appeals/attachments.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { decide, Refusal, refuseField } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { newSecret, sm3, type Crypto } from '#server/platform/crypto/crypto.ts';
import { SYSTEM, writeTogether, type Db, type Insert, type Tx } from '#server/platform/db/db.ts';
import { publish } from '#server/platform/events/events.ts';
import type { Files } from '#server/platform/files/files.ts';
import type { Inspected } from '#server/platform/files/inspect/inspect.ts';
import { makeThumbnail, watermarked } from '#server/platform/files/inspect/picture.ts';
import type { Delivery } from '#server/platform/http/deliver.ts';
import type { ReceivedFile } from '#server/platform/http/upload.ts';
import { judgeAmount, LOOSE_LIFE_MS, MAX_WAITING_BYTES, shownName, UPLOAD_LIFE_MS, watermarkLines } from './attachments.rules.ts';
import * as store from './attachments.store.ts';
import type { Owner, UploadRow } from './attachments.store.ts';
import { appealPlace, attachmentRow, citizenFiles, supplementsOf, type AttachmentRow } from './attachments.views.ts';

/** What is asked of the order beside an appeal; the composition root hands it in. */
export interface OrderSide {
  /** Whether something may still be added, and who handles it. */
  standing(tx: Tx, id: string): Promise<{ readonly open: boolean; readonly unitCode: string | null }>;
  /** The number of the reply that the citizen is shown. */
  shownReplyNo(tx: Tx, id: string): Promise<number | null>;
  /** Whether it takes a second person to see the citizen, and whether one has let this person of late. */
  reveal(tx: Tx, id: string, accountId: string | null, nowMs: number): Promise<Reveal>;
}

export interface Reveal extends RevealView {
  /** The request that was approved. */
  readonly approval: string | null;
}

export interface Attachments {
  /** Takes a file in; it waits for a day to be attached. @throws Refusal `files.*`, `appeals.too-many-uploads` */
  receive(actor: Actor, file: ReceivedFile): Promise<Uploaded>;
  /** The uploads of these tickets in their order. Asked before a transaction begins. @throws Refusal `appeals.upload-gone` */
  uploadsOf(tickets: readonly string[] | undefined): Promise<UploadRow[]>;
  /** Writes for attachments of an appeal that is just being filed. @throws Refusal `appeals.too-many-attachments` */
  filedWith(uploads: readonly UploadRow[], owner: Owner, actor: Actor, at: Date): Insert[];
  /** Attaches to an appeal that exists. @throws Refusal `appeals.too-many-attachments` */
  attach(tx: Tx, uploads: readonly UploadRow[], owner: Owner, actor: Actor, at: Date): Promise<void>;
  /** Attaches the files of another appeal's reply as well: its citizen gets the same answer. */
  share(tx: Tx, from: { orderId: string; replyNo: number }, owner: Owner, at: Date): Promise<void>;
  /** Adds words and files to an appeal. @throws Refusal `base.not-found`, `appeals.supplement-empty`, `appeals.supplement-closed` */
  supplement(actor: Actor, id: string, input: { content: string; attachments?: readonly string[] }): Promise<Supplement>;
  /** What a citizen is shown beside his progress. @throws Refusal `base.not-found` */
  citizenRecord(actor: Actor, id: string): Promise<CitizenRecord>;
  /** An attachment itself; who looks is on record, and handling units get pictures with their name in them. @throws Refusal `base.not-found` */
  open(actor: Actor, id: string, download: boolean): Promise<Delivery>;
  /** @throws Refusal `base.not-found`, also where there is no small picture */
  thumbnail(actor: Actor, id: string): Promise<Delivery>;
  /** Marks an attachment as showing who somebody is. @throws Refusal `base.not-found` */
  mark(actor: Actor, id: string, identifying: boolean): Promise<void>;
  /** Forgets uploads that nobody attached, and files that nobody refers to; gives how many files were taken away. */
  sweep(): Promise<number>;
}

interface Deps {
  readonly db: Db;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly files: Files;
  readonly inspect: (path: string, name: string, folder: string) => Promise<Inspected>;
  readonly order: OrderSide;
}

const FIELD = 'attachment';
const PREVIEW_EDGE = 160;
const SWEPT_AT_ONCE = 500;

/** A small picture that goes along with an answer. */
async function previewOf(picture: string | Buffer): Promise<string> {
  return `data:image/jpeg;base64,${(await makeThumbnail(picture, PREVIEW_EDGE)).toString('base64')}`;
}

export function createAttachments({ db, clock, crypto, files, inspect, order }: Deps): Attachments {
  const hashOf = (ticket: string) => sm3('ticket/', ticket);
  const storeKey = (key: string) => `attachments/${key.slice(0, 2)}/${key}`;

  /** Seals a file and stores it under its key, unless it lies there already. */
  async function keep(key: string, path: string, bytes: number, folder: string): Promise<void> {
    if (await db.transact(SYSTEM, (tx) => store.touchFile(tx, key, bytes, new Date(clock.nowMs())))) return;
    const sealed = join(folder, 'sealed');
    await crypto.files.seal(FIELD, key, path, sealed);
    await files.put(storeKey(key), sealed);
    await db.transact(SYSTEM, (tx) => store.fileStored(tx, key, new Date(clock.nowMs())));
  }

  async function contentOf(key: string): Promise<Readable> {
    const local = await files.open(storeKey(key));
    const stream = await crypto.files.open(FIELD, key, local.path).catch(async (error: unknown) => {
      await local.release();
      throw error;
    });
    stream.once('close', () => void local.release());
    return stream;
  }

  /** The row where this actor sees it; of a citizen's, replies that he is not shown are left out. */
  async function visible(tx: Tx, actor: Actor, id: string): Promise<AttachmentRow> {
    const row = await attachmentRow(tx, id);
    if (!row) throw new Refusal({ code: 'base.not-found' });
    const ofReply = actor.scopeKind === 'self' && row.reply_no !== null;
    if (ofReply && row.reply_no !== (await order.shownReplyNo(tx, row.appeal_id))) throw new Refusal({ code: 'base.not-found' });
    return row;
  }

  const isMarked = (actor: Actor, row: AttachmentRow) => actor.scopeKind === 'unit' && row.kind === 'picture';
  const marked = async (actor: Actor, row: AttachmentRow, key: string) =>
    watermarked(await buffer(await contentOf(key)), watermarkLines(actor, row.number, clock.nowMs()));

  const service: Attachments = {
    async receive(actor, file) {
      const at = new Date(clock.nowMs());
      const by = { account: actor.accountId, ip: actor.ip };
      const waits = await db.transact(SYSTEM, (tx) => store.waitingBytes(tx, by, new Date(at.getTime() - UPLOAD_LIFE_MS)));
      if (waits > MAX_WAITING_BYTES[actor.scopeKind === 'self' ? 'citizen' : 'office'])
        throw new Refusal({ code: 'appeals.too-many-uploads' });
      const found = await inspect(file.path, file.name, file.folder);
      const fileKey = crypto.mac('file', `${found.sm3}/${found.kind}`).toString('hex');
      const thumbKey = found.picture ? crypto.mac('thumbnail', found.sm3).toString('hex') : null;
      await keep(fileKey, found.path, found.bytes, file.folder);
      if (found.picture && thumbKey) await keep(thumbKey, found.picture.thumbnail, 0, file.folder);
      const ticket = newSecret();
      const name = shownName(file.name, found.type);
      await db.transact(SYSTEM, async (tx) => {
        await store.addUpload(tx, { ticketHash: hashOf(ticket), at, byAccount: by.account, ip: by.ip, name, fileKey, thumbKey, found });
        await record(tx, actor, {
          at,
          action: 'appeals.upload',
          objectKind: 'upload',
          detail: { kind: found.kind, bytes: found.bytes, sm3: found.sm3 },
        });
      });
      return {
        ticket,
        name,
        kind: found.kind,
        bytes: found.bytes,
        preview: found.picture ? await previewOf(found.path) : null,
        placeRemoved: found.picture?.place != null,
        expiresAt: new Date(at.getTime() + UPLOAD_LIFE_MS).toISOString(),
      };
    },
    async uploadsOf(tickets) {
      if (!tickets || tickets.length === 0) return [];
      const at = new Date(clock.nowMs());
      const hashes = tickets.map(hashOf);
      const rows = await db.transact(SYSTEM, (tx) => store.uploadsBy(tx, hashes, new Date(at.getTime() - UPLOAD_LIFE_MS), at));
      return hashes.map((hash, place) => {
        const row = rows.find((candidate) => candidate.ticket_hash.equals(hash));
        if (!row) throw refuseField(`attachments.${place}`, 'appeals.upload-gone');
        return row;
      });
    },
    filedWith(uploads, owner, actor, at) {
      decide(judgeAmount({ count: 0, bytes: 0 }, uploads));
      return uploads.map((upload) => store.attachmentInsert(newId(at.getTime()), upload, owner, actor, at));
    },
    async attach(tx, uploads, owner, actor, at) {
      if (uploads.length === 0) return;
      decide(judgeAmount(await store.lockAmount(tx, owner.appealId), uploads));
      await writeTogether(
        tx,
        'attach',
        uploads.map((upload) => store.attachmentInsert(newId(at.getTime()), upload, owner, actor, at)),
      );
    },
    async share(tx, from, owner, at) {
      const files = await store.replyFiles(tx, from.orderId, from.replyNo);
      if (files.length === 0) return;
      await writeTogether(
        tx,
        'attach',
        files.map((file) => store.sharedInsert(newId(at.getTime()), file, owner, at)),
      );
    },
    async supplement(actor, id, input) {
      const content = input.content.trim();
      if (content === '' && !input.attachments?.length) throw refuseField('content', 'appeals.supplement-empty');
      const uploads = await service.uploadsOf(input.attachments);
      const at = new Date(clock.nowMs());
      return db.transact(actor.scope, async (tx) => {
        const appeal = await appealPlace(tx, id);
        if (!appeal) throw new Refusal({ code: 'base.not-found' });
        const { open, unitCode } = await order.standing(tx, id);
        if (!open) throw new Refusal({ code: 'appeals.supplement-closed' });
        const supplement = { id: newId(at.getTime()), content, by: actor.name, at: at.toISOString() };
        await store.addSupplement(tx, {
          ...supplement,
          appealId: id,
          region: appeal.region,
          byAccount: actor.accountId,
          byName: actor.name,
          at,
        });
        await service.attach(tx, uploads, { appealId: id, region: appeal.region, replyNo: null, supplementId: supplement.id }, actor, at);
        await publish(tx, {
          at,
          name: 'appeals.supplement',
          caseKind: 'order',
          caseId: id,
          actorId: actor.accountId,
          actor: actor.name,
          region: appeal.region,
          unitCode,
          from: null,
          to: null,
          public: true,
          data: { number: appeal.number, files: uploads.length, note: content === '' ? null : [...content].slice(0, 200).join('') },
        });
        await record(tx, actor, {
          at,
          action: 'appeals.supplement',
          objectKind: 'appeal',
          objectId: id,
          detail: { files: uploads.length },
        });
        return supplement;
      });
    },
    async citizenRecord(actor, id) {
      const { files: rows, ...rest } = await db.transact(actor.scope, async (tx) => {
        if (!(await appealPlace(tx, id))) throw new Refusal({ code: 'base.not-found' });
        return {
          open: (await order.standing(tx, id)).open,
          files: await citizenFiles(tx, id, await order.shownReplyNo(tx, id)),
          supplements: (await supplementsOf(tx, id)).map(({ by: _by, ...supplement }) => supplement),
        };
      });
      const shown = [];
      for (const { thumbKey, ...file } of rows)
        shown.push({ ...file, preview: thumbKey === null ? null : await previewOf(await buffer(await contentOf(thumbKey))) });
      return { ...rest, files: shown };
    },
    async open(actor, id, download) {
      const row = await db.transact(actor.scope, async (tx) => {
        const found = await visible(tx, actor, id);
        await record(tx, actor, {
          at: new Date(clock.nowMs()),
          action: 'appeals.open-attachment',
          objectKind: 'appeal',
          objectId: found.appeal_id,
          detail: { attachment: id, kind: found.kind, download },
        });
        return found;
      });
      const body = isMarked(actor, row) ? await marked(actor, row, row.file_key) : await contentOf(row.file_key);
      return { body, type: row.type, name: row.name };
    },
    async thumbnail(actor, id) {
      const row = await db.transact(actor.scope, (tx) => visible(tx, actor, id));
      if (row.thumb_key === null) throw new Refusal({ code: 'base.not-found' });
      const body = isMarked(actor, row) ? await marked(actor, row, row.thumb_key) : await contentOf(row.thumb_key);
      return { body, type: 'image/jpeg', name: 'thumbnail.jpg' };
    },
    async mark(actor, id, identifying) {
      await db.transact(actor.scope, async (tx) => {
        const row = await attachmentRow(tx, id);
        if (!row || !(await store.markIdentifying(tx, id, identifying))) throw new Refusal({ code: 'base.not-found' });
        await record(tx, actor, {
          at: new Date(clock.nowMs()),
          action: 'appeals.mark-identifying',
          objectKind: 'appeal',
          objectId: row.appeal_id,
          detail: { attachment: id, identifying },
        });
      });
    },
    async sweep() {
      const nowMs = clock.nowMs();
      const before = new Date(nowMs - LOOSE_LIFE_MS);
      await db.transact(SYSTEM, (tx) => store.forgetUploads(tx, new Date(nowMs - UPLOAD_LIFE_MS)));
      const condemned = await db.transact(SYSTEM, (tx) => store.condemnLoose(tx, before, SWEPT_AT_ONCE));
      let done = 0;
      for (const key of condemned) {
        // The row is locked until the file is gone: whoever stores the same content now waits, and stores it anew.
        done += await db.transact(SYSTEM, async (tx) => {
          if (!(await store.dropLoose(tx, key, before))) return 0;
          await files.remove(storeKey(key));
          return 1;
        });
      }
      return done;
    },
  };
  return service;
}
