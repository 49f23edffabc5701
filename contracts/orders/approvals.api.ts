import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { IdText, Instant, OneOf, OrNull, PageOf, PageQuery, PlainText } from '../base/text.ts';
import { ActionReply, BATCH_ACTIONS, BATCH_LIMIT } from './orders.api.ts';
import { ApprovalView } from './orders.branch-views.ts';
import { orderLifecycle } from './orders.lifecycle.ts';

/** One line of the approval desk: the request with the order it is about. */
export const ApprovalRow = Type.Object({
  ...ApprovalView.properties,
  title: Type.String(),
  orderState: OneOf(Object.keys(orderLifecycle.states) as [keyof typeof orderLifecycle.states]),
  orderDueAt: OrNull(Instant),
});
export type ApprovalRow = Static<typeof ApprovalRow>;

const tag = 'approvals';

export const approvalsApi = {
  waiting: route({
    method: 'GET',
    path: '/api/approvals',
    tag,
    access: 'orders.see',
    summary: { zh: '待我审批', en: 'What waits for my decision' },
    query: Type.Object(PageQuery),
    reply: PageOf(ApprovalRow),
  }),
  decide: route({
    method: 'POST',
    path: '/api/approvals/:id/decide',
    tag,
    access: 'orders.see',
    summary: { zh: '审批', en: 'Decide' },
    params: Type.Object({ id: IdText }),
    body: Type.Object(
      { verdict: OneOf(['approve', 'decline'] as const), opinion: Type.Optional(PlainText({ max: 500 })) },
      { additionalProperties: false },
    ),
    reply: ActionReply,
    errors: ['casework.asker-decides', 'casework.already-decided', 'casework.not-allowed-now'],
  }),
  batch: route({
    method: 'POST',
    path: '/api/orders/batch',
    tag: 'orders',
    access: 'orders.see',
    summary: { zh: '批量办理（至多 200 件，逐件反馈）', en: 'One action on up to 200 orders, each reported singly' },
    body: Type.Object(
      {
        action: OneOf(BATCH_ACTIONS),
        orders: Type.Array(Type.Object({ id: IdText, version: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }), {
          minItems: 1,
          maxItems: BATCH_LIMIT,
        }),
        input: Type.Record(Type.String(), Type.Unknown(), { description: 'The input of the action, the same for each' }),
      },
      { additionalProperties: false },
    ),
    reply: Type.Object({
      done: Type.Integer(),
      asked: Type.Integer({ description: 'Put up for a second person' }),
      refused: Type.Integer(),
      items: Type.Array(
        Type.Object({
          id: IdText,
          outcome: OneOf(['done', 'asked', 'refused'] as const),
          state: OrNull(Type.String()),
          code: OrNull(Type.String()),
          text: OrNull(Type.String()),
        }),
      ),
    }),
  }),
} as const;
