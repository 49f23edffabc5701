import type { ActionFacts } from '#contracts/base/lifecycle.ts';
import type { ApprovalRow } from '#contracts/orders/approvals.api.ts';
import type { ApprovalView } from '#contracts/orders/orders.branch-views.ts';
import { orderLifecycle, type OrderAction, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import type { Permission } from '#contracts/permissions.ts';
import type { Actor } from '#server/platform/actor.ts';
import { waitingApprovals, type approvalsOf } from '#server/platform/casework/index.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { Reference } from '../reference/index.ts';
import { orderTitles } from './orders.views.ts';

type Row = Awaited<ReturnType<typeof approvalsOf>>[number];

export function approvalView(row: Row, number: string, actor: Actor, reference: Reference): ApprovalView {
  const facts: ActionFacts = orderLifecycle.actions[row.action as OrderAction];
  return {
    id: row.id,
    orderId: row.case_id,
    number,
    action: row.action,
    name: facts.name,
    state: row.state as ApprovalView['state'],
    askedBy: row.asked_name,
    unitName: reference.unitName(row.unit_code),
    askedAt: row.asked_at.toISOString(),
    lapsesAt: row.lapses_at?.toISOString() ?? null,
    decidedBy: row.decided_name,
    decidedAt: row.decided_at?.toISOString() ?? null,
    opinion: row.opinion,
    input: row.input as Record<string, unknown>,
    mayDecide: row.state === 'open' && actor.permissions.has(row.permission as Permission) && row.asked_by !== actor.accountId,
  };
}

/** What waits for this person's decision, the oldest first. */
export async function approvalsPage(
  tx: Tx,
  actor: Actor,
  page: { limit?: number; cursor?: string },
  reference: Reference,
): Promise<{ items: ApprovalRow[]; nextCursor?: string }> {
  const limit = page.limit ?? 20;
  const rows = await waitingApprovals(tx, [...actor.permissions], page.cursor ?? null, limit + 1);
  const shown = rows.slice(0, limit);
  const orders = await orderTitles(
    tx,
    shown.map((row) => row.case_id),
  );
  const items = shown.flatMap((row): ApprovalRow[] => {
    const order = orders.find((one) => one.id === row.case_id);
    if (!order) return [];
    return [
      {
        ...approvalView(row, order.number, actor, reference),
        title: order.title,
        orderState: order.state as OrderState,
        orderDueAt: order.due_at?.toISOString() ?? null,
      },
    ];
  });
  return { items, ...(rows.length > limit ? { nextCursor: shown.at(-1)!.id } : {}) };
}
