import { sql, type Selectable } from 'kysely';
import type { OrderState } from '#contracts/orders/orders.lifecycle.ts';
import type { TaskState } from '#contracts/orders/task.lifecycle.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { DB } from '#server/platform/db/schema.gen.ts';

export type OrderTableRow = Selectable<DB['orders.work_order']>;

export interface OrderRowState {
  readonly id: string;
  readonly number: string;
  readonly state: OrderState;
  readonly version: number;
  readonly region: string;
  readonly type: string;
  readonly category: string | null;
  readonly urgency: number;
  readonly mainUnit: string | null;
  readonly attempts: number;
  readonly closedAt: Date | null;
  readonly filedAt: Date;
  readonly confidential: boolean;
  readonly sensitive: number;
  readonly masterId: string | null;
  readonly mergedCount: number;
  readonly redoNo: number;
  readonly returnCount: number;
  readonly extensionCount: number;
  readonly urgeCount: number;
  readonly urgedOn: string | null;
  readonly oversightLevel: number;
  readonly suspended: boolean;
  readonly forced: boolean;
  readonly excluded: string | null;
  readonly preserved: boolean;
  readonly purged: boolean;
}

/** What an action changes in the order's own row. */
export interface OrderPatch {
  type?: string;
  category?: string | null;
  urgency?: number;
  main_unit?: string | null;
  accepted_at?: Date;
  dispatched_at?: Date;
  replied_at?: Date | null;
  closed_at?: Date | null;
  archived_at?: Date | null;
  attempts?: number;
  confidential?: boolean;
  sensitive?: number;
  is_group?: boolean;
  master_id?: string | null;
  merged_count?: number;
  redo_no?: number;
  return_count?: number;
  extension_count?: number;
  urge_count?: number;
  urged_on?: string;
  oversight_level?: number;
  suspended?: boolean;
  forced?: boolean;
  handed_to?: string;
  excluded?: string;
  preserved?: boolean;
  purged_at?: Date;
  due_clock?: string | null;
  due_at?: Date | null;
  yellow_at?: Date | null;
  due_provisional?: boolean;
}

/** The order, locked before it is judged: somebody else may be taking the same action this second. */
export async function lockOrder(tx: Tx, id: string): Promise<OrderRowState | null> {
  const row = await tx.selectFrom('orders.work_order').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row ? factsOf(row) : null;
}

/** The order, locked, or null where somebody else holds it this moment. */
export async function lockOrderIfFree(tx: Tx, id: string): Promise<OrderRowState | null> {
  const row = await tx.selectFrom('orders.work_order').selectAll().where('id', '=', id).forUpdate().skipLocked().executeTakeFirst();
  return row ? factsOf(row) : null;
}

export async function saveOrder(tx: Tx, id: string, state: OrderState, version: number, patch: OrderPatch): Promise<void> {
  await tx
    .updateTable('orders.work_order')
    .set({ ...patch, state, version })
    .where('id', '=', id)
    .execute();
}

export async function patchOrder(tx: Tx, id: string, patch: OrderPatch): Promise<void> {
  await tx.updateTable('orders.work_order').set(patch).where('id', '=', id).execute();
}

export async function tasksOf(tx: Tx, orderId: string) {
  return tx.selectFrom('orders.task').selectAll().where('order_id', '=', orderId).orderBy('no').execute();
}

export async function addTask(
  tx: Tx,
  task: {
    orderId: string;
    no: number;
    unitCode: string;
    role: 'main' | 'assist' | 'lower';
    state: TaskState;
    region: string;
    at: Date;
    parentNo: number | null;
  },
): Promise<void> {
  await tx
    .insertInto('orders.task')
    .values({
      order_id: task.orderId,
      no: task.no,
      unit_code: task.unitCode,
      role: task.role,
      state: task.state,
      region: task.region,
      dispatched_at: task.at,
      parent_no: task.parentNo,
    })
    .execute();
}

export interface TaskPatch {
  state?: TaskState;
  signed_at?: Date;
  contacted_at?: Date;
  handler_id?: string | null;
  handler_name?: string | null;
  replied_at?: Date | null;
  opinion?: string;
}

export async function patchTask(tx: Tx, orderId: string, no: number, patch: TaskPatch): Promise<void> {
  await tx.updateTable('orders.task').set(patch).where('order_id', '=', orderId).where('no', '=', no).execute();
}

export interface NewReply {
  readonly orderId: string;
  readonly taskNo: number | null;
  readonly unitCode: string | null;
  readonly region: string;
  readonly resultType: string;
  readonly text: string;
  readonly basis: string | null;
  readonly byAccount: string | null;
  readonly byName: string;
  readonly at: Date;
}

/** Adds a reply; gives its number. */
export async function addReply(tx: Tx, reply: NewReply): Promise<number> {
  const last = await tx
    .selectFrom('orders.reply')
    .select(sql<number>`coalesce(max(no), 0)`.as('no'))
    .where('order_id', '=', reply.orderId)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('orders.reply')
    .values({
      order_id: reply.orderId,
      no: last.no + 1,
      task_no: reply.taskNo,
      unit_code: reply.unitCode,
      region: reply.region,
      result_type: reply.resultType,
      text: reply.text,
      basis: reply.basis,
      by_account: reply.byAccount,
      by_name: reply.byName,
      at: reply.at,
    })
    .execute();
  return last.no + 1;
}

export async function lastReply(tx: Tx, orderId: string) {
  return tx.selectFrom('orders.reply').selectAll().where('order_id', '=', orderId).orderBy('no', 'desc').limit(1).executeTakeFirst();
}

export async function checkReply(tx: Tx, orderId: string, no: number, checked: 'passed' | 'failed', opinion: string | null): Promise<void> {
  await tx
    .updateTable('orders.reply')
    .set({ checked, check_opinion: opinion })
    .where('order_id', '=', orderId)
    .where('no', '=', no)
    .execute();
}

export async function addFollowUp(
  tx: Tx,
  visit: {
    orderId: string;
    region: string;
    mode: string;
    result: string;
    note: string | null;
    byAccount: string | null;
    byName: string;
    at: Date;
  },
): Promise<void> {
  const last = await tx
    .selectFrom('orders.follow_up')
    .select(sql<number>`coalesce(max(no), 0)`.as('no'))
    .where('order_id', '=', visit.orderId)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('orders.follow_up')
    .values({
      order_id: visit.orderId,
      no: last.no + 1,
      region: visit.region,
      mode: visit.mode,
      result: visit.result,
      note: visit.note,
      by_account: visit.byAccount,
      by_name: visit.byName,
      at: visit.at,
    })
    .execute();
}

export async function addRefusal(
  tx: Tx,
  refusal: { orderId: string; region: string; reason: string; explanation: string; at: Date },
): Promise<void> {
  await tx
    .insertInto('orders.refusal')
    .values({ order_id: refusal.orderId, region: refusal.region, reason: refusal.reason, explanation: refusal.explanation, at: refusal.at })
    .execute();
}

/** Closed orders whose week is over, the oldest first. */
export async function dueForArchive(tx: Tx, before: Date, limit: number): Promise<{ id: string; version: number }[]> {
  return tx
    .selectFrom('orders.work_order')
    .select(['id', 'version'])
    .where('state', 'in', ['closed', 'answered'])
    .where('closed_at', '<=', before)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** An order's row as the rules know it. Judge changes by a locked row only. */
export function factsOf(row: OrderTableRow): OrderRowState {
  return {
    id: row.id,
    number: row.number,
    state: row.state as OrderState,
    version: row.version,
    region: row.region,
    type: row.type,
    category: row.category,
    urgency: row.urgency,
    mainUnit: row.main_unit,
    attempts: row.attempts,
    closedAt: row.closed_at,
    filedAt: row.filed_at,
    confidential: row.confidential,
    sensitive: row.sensitive,
    masterId: row.master_id,
    mergedCount: row.merged_count,
    redoNo: row.redo_no,
    returnCount: row.return_count,
    extensionCount: row.extension_count,
    urgeCount: row.urge_count,
    urgedOn: row.urged_on,
    oversightLevel: row.oversight_level,
    suspended: row.suspended,
    forced: row.forced,
    excluded: row.excluded,
    preserved: row.preserved,
    purged: row.purged_at !== null,
  };
}
