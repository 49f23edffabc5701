import { sql } from 'kysely';
import type { NormContent } from '#contracts/reference/norm.content.ts';
import type { NormRow, Trial, TrialCity, TrialOrder } from '#contracts/reference/norms.api.ts';
import type { NormState } from '#contracts/reference/norm.lifecycle.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { inForce, normOf, type Norm } from './norms.rules.ts';
import type { NormDbRow } from './norms.store.ts';

/** Everything that was ever approved and not withdrawn, in the order it takes effect. */
export async function approvedNorms(tx: Tx): Promise<Norm[]> {
  const rows = await tx.selectFrom('reference.norm').selectAll().where('state', '=', 'approved').orderBy('effective_from').execute();
  return rows.map((row) =>
    normOf({ id: row.id, region: row.region, version: row.version!, effectiveMs: row.effective_from!.getTime() }, contentOf(row)),
  );
}

export function contentOf(row: Pick<NormDbRow, 'content'>): NormContent {
  return row.content as unknown as NormContent;
}

/** Norms of a region, or of all that this scope sees, newest first. */
export async function normsPage(tx: Tx, region: string | undefined, before: string | null, limit: number): Promise<NormDbRow[]> {
  return tx
    .selectFrom('reference.norm')
    .selectAll()
    .$if(region !== undefined, (query) => query.where('region', '=', region!))
    .$if(before !== null, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export async function normById(tx: Tx, id: string): Promise<NormDbRow | undefined> {
  return tx.selectFrom('reference.norm').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The trial of a norm that was begun last. */
export async function lastTrial(tx: Tx, normId: string) {
  return tx.selectFrom('reference.norm_trial').selectAll().where('norm_id', '=', normId).orderBy('id', 'desc').limit(1).executeTakeFirst();
}

/** Orders that a trial would have changed, in the order they were filed. Walks the primary key. */
export async function triedOrders(
  tx: Tx,
  trialId: string,
  filter: { region?: string; what?: string },
  after: string | null,
  limit: number,
): Promise<TrialOrder[]> {
  const rows = await tx
    .selectFrom('reference.norm_trial_order')
    .select(['order_id', 'number', 'region', 'changes'])
    .where('trial_id', '=', trialId)
    .$if(filter.region !== undefined, (query) => query.where('region', '>=', filter.region!).where('region', '<', `${filter.region!}~`))
    .$if(filter.what !== undefined, (query) => query.where(sql<string>`${filter.what!}::text`, '=', sql<string>`any(whats)`))
    .$if(after !== null, (query) => query.where('order_id', '>', after!))
    .orderBy('order_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    orderId: row.order_id,
    number: row.number,
    region: row.region,
    changes: row.changes as unknown as TrialOrder['changes'],
  }));
}

export function trialView(row: NonNullable<Awaited<ReturnType<typeof lastTrial>>>): Trial {
  return {
    id: row.id,
    state: row.state as Trial['state'],
    from: row.from_at.toISOString(),
    to: row.to_at.toISOString(),
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    startedBy: row.started_by,
    totals: row.totals as unknown as TrialCity[],
  };
}

export function normRowView(row: NormDbRow, norms: readonly Norm[], nowMs: number): NormRow {
  return {
    id: row.id,
    region: row.region,
    version: row.version,
    state: row.state as NormState,
    revision: row.revision,
    title: row.title,
    source: row.source,
    draftedBy: row.drafted_by,
    draftedAt: row.drafted_at.toISOString(),
    approvedBy: row.approved_by,
    approvedAt: row.approved_at?.toISOString() ?? null,
    effectiveFrom: row.effective_from?.toISOString() ?? null,
    opinion: row.opinion,
    inForce: inForce(norms, row.region, nowMs).some((norm) => norm.id === row.id),
  };
}
