import type { MaskedContact, Rating } from '#contracts/appeals/appeals.api.ts';
import type { Tx } from '#server/platform/db/db.ts';

/** The appeal a citizen may see: the one of his number and code, by the policy of his scope. */
export async function appealByNumber(tx: Tx, number: string, span: { from: string; to: string }) {
  return tx
    .selectFrom('appeals.appeal')
    .selectAll()
    .where('number', '=', number)
    .where('id', '>=', span.from)
    .where('id', '<', span.to)
    .executeTakeFirst();
}

export async function contactRow(tx: Tx, id: string) {
  return tx.selectFrom('appeals.contact').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function maskedContact(tx: Tx, id: string): Promise<MaskedContact | null> {
  const appeal = await tx.selectFrom('appeals.appeal').select(['anonymous', 'confidential']).where('id', '=', id).executeTakeFirst();
  if (!appeal) return null;
  const row = await tx
    .selectFrom('appeals.contact')
    .select(['name_mask', 'phone_mask', 'id_number_mask', 'address_mask', 'gender', 'kind'])
    .where('id', '=', id)
    .executeTakeFirst();
  return {
    anonymous: appeal.anonymous,
    confidential: appeal.confidential,
    name: row?.name_mask ?? null,
    phone: row?.phone_mask ?? null,
    idNumber: row?.id_number_mask ?? null,
    address: row?.address_mask ?? null,
    gender: row?.gender ?? null,
    kind: row?.kind ?? null,
  };
}

/** The rating of a round; without one, of the last. */
export async function ratingOf(tx: Tx, id: string, round?: number): Promise<Rating | null> {
  const row = await tx
    .selectFrom('appeals.rating')
    .selectAll()
    .where('appeal_id', '=', id)
    .$if(round !== undefined, (query) => query.where('round', '=', round!))
    .orderBy('round', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row
    ? { satisfaction: row.satisfaction, solved: row.solved, comment: row.comment, by: row.by as Rating['by'], at: row.at.toISOString() }
    : null;
}
