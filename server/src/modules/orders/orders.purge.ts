import { sql } from 'kysely';
import type { PurgeReceipt } from '#contracts/orders/orders.branch-views.ts';
import type { privacyActions } from '#contracts/orders/orders.privacy.ts';
import { beijingDate } from '#server/kernel/calendar.ts';
import { Refusal, refuseField } from '#server/kernel/decision.ts';
import { record } from '#server/platform/audit/audit.ts';
import { sm3 } from '#server/platform/crypto/crypto.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { Static } from 'typebox';
import type { Effect, EffectContext } from './orders.effects.ts';
import { retentionEndMs } from './orders.rules.ts';

type PurgeInput = Static<typeof privacyActions.purge.input>;

/**
 * Whether the ground that is given holds: the retention is over (DOMAIN §4 B2), or the citizen asked for it (PIPL article 47) and
 * his request is named.
 *
 * @throws Refusal `orders.retention-not-over` at `input.ground`, `orders.purge-request-missing` at `input.request`
 */
function judgeGround({ order, at, limits }: EffectContext, { ground, request }: PurgeInput): void {
  if (ground === 'citizen-request') {
    if (!request) throw refuseField('input.request', 'orders.purge-request-missing');
    return;
  }
  const months = limits['months-before-purge'];
  const endMs = retentionEndMs((order.closedAt ?? order.filedAt).getTime(), months);
  if (at.getTime() < endMs) throw refuseField('input.ground', 'orders.retention-not-over', { months, until: beijingDate(endMs) });
}

/** Asking writes nothing but the request; its reason stays in it, for a timeline is read by many. */
export async function askPurge(context: EffectContext, input: PurgeInput): Promise<Effect> {
  judgeGround(context, input);
  return { patch: {}, data: {} };
}

/** Purges what tells of the citizen and leaves a receipt, in the transaction of the approval ([0060](docs/adr/0060)). */
export async function purgeEffect(context: EffectContext, input: PurgeInput): Promise<Effect> {
  judgeGround(context, input);
  const { tx, order, actor, at } = context;
  const asked = await tx
    .selectFrom('casework.approval')
    .select(['asked_by', 'asked_name', 'asked_at'])
    .where('case_id', '=', order.id)
    .where('action', '=', 'purge')
    .where('state', '=', 'approved')
    .executeTakeFirst();
  if (!asked?.asked_by || !actor.accountId) throw new Refusal({ code: 'base.forbidden' });
  const { rows } = await sql<{ removed: Record<string, number> }>`select orders.purge(${order.id}) as removed`.execute(tx);
  const facts = {
    number: order.number,
    at: at.toISOString(),
    ground: input.ground,
    request: input.request ?? null,
    basis: input.basis,
    reason: input.reason,
    askedBy: asked.asked_name,
    askedAt: asked.asked_at.toISOString(),
    approvedBy: actor.name,
    removed: rows[0]!.removed,
    backupsUntilYear: context.lastBackupYear(at.getTime()),
  };
  const receipt = { ...facts, digest: digestOf(facts) };
  await tx
    .insertInto('orders.purge_receipt')
    .values({
      order_id: order.id,
      number: receipt.number,
      region: order.region,
      at,
      ground: receipt.ground,
      request: receipt.request,
      basis: receipt.basis,
      reason: receipt.reason,
      asked_by: asked.asked_by,
      asked_name: receipt.askedBy,
      asked_at: asked.asked_at,
      approved_by: actor.accountId,
      approved_name: receipt.approvedBy,
      removed: JSON.stringify(receipt.removed),
      backups_until_year: receipt.backupsUntilYear,
      digest: receipt.digest,
    })
    .execute();
  await record(tx, actor, { at, action: 'orders.purge-receipt', objectKind: 'order', objectId: order.id, detail: receipt });
  return { patch: { purged_at: at }, data: {} };
}

/** The SM3 of a receipt's facts as JSON, in the order of the contract's fields; kinds by their names. */
export function digestOf(facts: Omit<PurgeReceipt, 'digest'>): string {
  const { number, at, ground, request, basis, reason, askedBy, askedAt, approvedBy, removed, backupsUntilYear } = facts;
  const kinds = Object.entries(removed).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const inOrder = [number, at, ground, request, basis, reason, askedBy, askedAt, approvedBy, kinds, backupsUntilYear];
  return sm3(JSON.stringify(inOrder)).toString('hex');
}

/** The receipt of an order's purge, or null where there is none or this scope sees none. */
export async function receiptOf(tx: Tx, orderId: string): Promise<PurgeReceipt | null> {
  const row = await tx.selectFrom('orders.purge_receipt').selectAll().where('order_id', '=', orderId).executeTakeFirst();
  if (!row) return null;
  return {
    number: row.number,
    at: row.at.toISOString(),
    ground: row.ground as PurgeReceipt['ground'],
    request: row.request,
    basis: row.basis,
    reason: row.reason,
    askedBy: row.asked_name,
    askedAt: row.asked_at.toISOString(),
    approvedBy: row.approved_name,
    removed: row.removed as Record<string, number>,
    backupsUntilYear: row.backups_until_year,
    digest: row.digest,
  };
}
