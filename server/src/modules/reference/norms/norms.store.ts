import { sql } from 'kysely';
import { lineKey, type NormContent } from '#contracts/reference/norm.content.ts';
import type { NormState } from '#contracts/reference/norm.lifecycle.ts';
import type { TrialChange, TrialCity } from '#contracts/reference/norms.api.ts';
import type { Tx } from '#server/platform/db/db.ts';

export type NormDbRow = Awaited<ReturnType<typeof anyNorm>>;
const anyNorm = (tx: Tx) => tx.selectFrom('reference.norm').selectAll().executeTakeFirstOrThrow();

/** A norm, locked before it is judged. One that the scope may only read is not found here. */
export async function lockNorm(tx: Tx, id: string): Promise<NormDbRow | undefined> {
  return tx.selectFrom('reference.norm').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export interface NewNorm {
  readonly id: string;
  readonly region: string;
  readonly title: string;
  readonly source: string;
  readonly content: NormContent;
  readonly by: string | null;
  readonly byName: string;
  readonly at: Date;
}

export async function addNorm(tx: Tx, norm: NewNorm): Promise<NormDbRow> {
  return tx
    .insertInto('reference.norm')
    .values({
      id: norm.id,
      region: norm.region,
      state: 'draft',
      revision: 1,
      title: norm.title,
      source: norm.source,
      content: JSON.stringify(norm.content),
      drafters: norm.by === null ? [] : [norm.by],
      drafted_by: norm.byName,
      drafted_at: norm.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** What an action changes in a norm's row besides state and revision. */
export interface NormPatch {
  title?: string;
  source?: string;
  content?: NormContent;
  drafters?: string[];
  drafted_by?: string;
  drafted_at?: Date;
  version?: number;
  approver?: string | null;
  approved_by?: string;
  approved_at?: Date;
  effective_from?: Date;
  opinion?: string;
}

export async function saveNorm(tx: Tx, id: string, state: NormState, revision: number, patch: NormPatch = {}): Promise<NormDbRow> {
  const { content, ...rest } = patch;
  return tx
    .updateTable('reference.norm')
    .set({ ...rest, ...(content ? { content: JSON.stringify(content) } : {}), state, revision })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The approved version of a region that takes effect last, and the highest number given; approvals of a region wait for one another. */
export async function lastVersion(tx: Tx, region: string): Promise<{ version: number; latest: { version: number; at: Date } | null }> {
  await sql`select pg_advisory_xact_lock(hashtext(${`reference.norm/${region}`}))`.execute(tx);
  const given = await tx
    .selectFrom('reference.norm')
    .select(sql<number>`coalesce(max(version), 0)`.as('version'))
    .where('region', '=', region)
    .executeTakeFirstOrThrow();
  const last = await tx
    .selectFrom('reference.norm')
    .select(['version', 'effective_from'])
    .where('region', '=', region)
    .where('state', '=', 'approved')
    .orderBy('effective_from', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { version: given.version, latest: last ? { version: last.version!, at: last.effective_from! } : null };
}

/**
 * Gives each limit of a norm the rule that clocks will name: the last version of its rule where it says the same, else a
 * new version; a limit there was none for gets a rule of its own.
 */
export async function ruleLimits(tx: Tx, region: string, content: NormContent, by: string | null): Promise<NormContent> {
  const rows = await tx.selectFrom('reference.limit_rule').selectAll().where('region', '=', region).orderBy('version').execute();
  const known = new Map(
    rows.map((row) => [
      lineKey('limits', {
        urgency: row.urgency,
        appealType: row.appeal_type as '01',
        clock: row.clock as 'sign',
        category: row.category,
        mode: row.mode as 'hour',
        amount: row.amount,
        source: row.source,
      }),
      row,
    ]),
  );
  const fresh = content.limits.filter((line) => !known.has(lineKey('limits', line)));
  const ids = await sql<{ id: number }>`
    select nextval('reference.limit_rule_id') as id from generate_series(1, ${fresh.length}::integer)`.execute(tx);
  const idOf = new Map(fresh.map((line, index) => [lineKey('limits', line), ids.rows[index]!.id]));
  const added: { id: number; version: number; line: NormContent['limits'][number] }[] = [];
  const limits = content.limits.map((line) => {
    const last = known.get(lineKey('limits', line));
    const same = last?.mode === line.mode && last.amount === line.amount && last.source === line.source;
    const id = last?.id ?? idOf.get(lineKey('limits', line))!;
    const version = same ? last.version : (last?.version ?? 0) + 1;
    if (!same) added.push({ id, version, line });
    return { ...line, rule: `${id}/${version}` };
  });
  if (added.length > 0)
    await tx
      .insertInto('reference.limit_rule')
      .values(
        added.map(({ id, version, line }) => ({
          id,
          version,
          region,
          category: line.category,
          urgency: line.urgency,
          appeal_type: line.appealType,
          clock: line.clock,
          mode: line.mode,
          amount: line.amount,
          source: line.source,
          created_by: by,
        })),
      )
      .execute();
  return { ...content, limits };
}

export interface NewTrial {
  readonly id: string;
  readonly normId: string;
  readonly region: string;
  readonly from: Date;
  readonly to: Date;
  readonly at: Date;
  readonly byName: string;
}

export async function addTrial(tx: Tx, trial: NewTrial): Promise<void> {
  await tx
    .insertInto('reference.norm_trial')
    .values({
      id: trial.id,
      norm_id: trial.normId,
      region: trial.region,
      state: 'waiting',
      from_at: trial.from,
      to_at: trial.to,
      started_at: trial.at,
      started_by: trial.byName,
    })
    .execute();
}

/** The trial that waits longest, with what it tries, locked; null where none waits or somebody else is at it. */
export async function lockTrialIfFree(tx: Tx) {
  return tx
    .selectFrom('reference.norm_trial as t')
    .innerJoin('reference.norm as n', 'n.id', 't.norm_id')
    .selectAll('t')
    .select('n.content')
    .where('t.state', '<>', 'done')
    .orderBy('t.id')
    .limit(1)
    .forUpdate('t')
    .skipLocked()
    .executeTakeFirst();
}

export interface TriedOrder {
  readonly orderId: string;
  readonly number: string;
  readonly region: string;
  readonly changes: readonly TrialChange[];
}

/** Keeps a page of a trial: the orders that change, what was counted so far, and where to go on. */
export async function keepTried(
  tx: Tx,
  trialId: string,
  orders: readonly TriedOrder[],
  totals: readonly TrialCity[],
  afterOrder: string,
): Promise<void> {
  if (orders.length > 0)
    await tx
      .insertInto('reference.norm_trial_order')
      .values(
        orders.map((order) => ({
          trial_id: trialId,
          order_id: order.orderId,
          number: order.number,
          region: order.region,
          whats: [...new Set(order.changes.map((change) => change.what))],
          changes: JSON.stringify(order.changes),
        })),
      )
      .execute();
  await tx
    .updateTable('reference.norm_trial')
    .set({ state: 'running', totals: JSON.stringify(totals), after_order: afterOrder })
    .where('id', '=', trialId)
    .execute();
}

export async function endTrial(tx: Tx, trialId: string, at: Date): Promise<void> {
  await tx.updateTable('reference.norm_trial').set({ state: 'done', ended_at: at }).where('id', '=', trialId).execute();
}
