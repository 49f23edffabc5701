import { sql } from 'kysely';
import type { ContactInput } from '#contracts/appeals/appeals.api.ts';
import type { Crypto } from '#server/platform/crypto/crypto.ts';
import { maskAddress, maskIdentityNumber, maskName, maskPhone } from '#server/platform/crypto/masks.ts';
import { insertOf, type Insert, type Tx } from '#server/platform/db/db.ts';

/** An appeal as it is written, once. */
export interface AppealRow {
  readonly id: string;
  readonly number: string;
  readonly queryHash: Buffer;
  readonly region: string;
  readonly address: string | null;
  readonly channel: string;
  readonly type: string;
  readonly title: string;
  readonly content: string;
  readonly expectation: string | null;
  readonly eventAt: Date | null;
  readonly filedAt: Date;
  readonly filedBy: string | null;
  readonly sourceSystem: string | null;
  readonly sourceNumber: string | null;
  readonly anonymous: boolean;
  readonly confidential: boolean;
}

export function appealInsert(appeal: AppealRow): Insert {
  return insertOf('appeals.appeal', {
    id: appeal.id,
    number: appeal.number,
    query_hash: appeal.queryHash,
    region: appeal.region,
    address: appeal.address,
    channel: appeal.channel,
    type: appeal.type,
    title: appeal.title,
    content: appeal.content,
    expectation: appeal.expectation,
    event_at: appeal.eventAt,
    filed_at: appeal.filedAt,
    filed_by: appeal.filedBy,
    source_system: appeal.sourceSystem,
    source_number: appeal.sourceNumber,
    anonymous: appeal.anonymous,
    confidential: appeal.confidential,
  });
}

/** The contact, encrypted; masks beside the ciphers, and keyed hashes by which the same caller is found again. */
export function contactInsert(id: string, region: string, contact: ContactInput, crypto: Crypto): Insert {
  return insertOf('appeals.contact', {
    id,
    region,
    kind: contact.kind ?? null,
    gender: contact.gender ?? null,
    name_cipher: crypto.seal('contact.name', contact.name),
    name_mask: maskName(contact.name),
    phone_cipher: crypto.seal('contact.phone', contact.phone),
    phone_mask: maskPhone(contact.phone),
    phone_index: crypto.blindIndex('contact.phone', contact.phone),
    ...(contact.idNumber
      ? {
          id_number_cipher: crypto.seal('contact.id-number', contact.idNumber),
          id_number_mask: maskIdentityNumber(contact.idNumber),
          id_number_index: crypto.blindIndex('contact.id-number', contact.idNumber),
        }
      : {}),
    ...(contact.address
      ? { address_cipher: crypto.seal('contact.address', contact.address), address_mask: maskAddress(contact.address) }
      : {}),
    ...(contact.creditCode ? { credit_code: contact.creditCode } : {}),
  });
}

export interface KnownKey {
  readonly hash: Buffer;
  readonly requestHash: Buffer;
  readonly lasting: boolean;
}

export function keyInsert(key: KnownKey, first: { appealId: string; number: string; state: string; at: Date }): Insert {
  return insertOf('appeals.idempotency', {
    key_hash: key.hash,
    request_hash: key.requestHash,
    appeal_id: first.appealId,
    number: first.number,
    state: first.state,
    at: first.at,
    lasting: key.lasting,
  });
}

/** The first answer to a key; the row-level policy shows the row of the scope's own key only. */
export async function firstAnswer(tx: Tx, keyHash: Buffer) {
  return tx.selectFrom('appeals.idempotency').selectAll().where('key_hash', '=', keyHash).executeTakeFirst();
}

/** Forgets keys that were sent with requests more than a day ago. */
export async function forgetKeys(tx: Tx, before: Date): Promise<number> {
  const done = await tx.deleteFrom('appeals.idempotency').where('lasting', '=', false).where('at', '<', before).executeTakeFirst();
  return Number(done.numDeletedRows);
}

/** The next block of fifty serials. */
export async function nextBlock(tx: Tx): Promise<number> {
  const { rows } = await sql<{ first: number }>`select nextval('appeals.number_block') as first`.execute(tx);
  return rows[0]!.first;
}

export async function addRating(
  tx: Tx,
  rating: {
    appealId: string;
    region: string;
    /** 0, and one more with each redo. */
    round: number;
    satisfaction: number;
    solved: string;
    reasons: readonly string[];
    comment: string | null;
    by: 'citizen' | 'follow-up';
    at: Date;
  },
): Promise<void> {
  await tx
    .insertInto('appeals.rating')
    .values({
      appeal_id: rating.appealId,
      region: rating.region,
      round: rating.round,
      satisfaction: rating.satisfaction,
      solved: rating.solved,
      reasons: [...rating.reasons],
      comment: rating.comment,
      by: rating.by,
      at: rating.at,
    })
    .execute();
}
