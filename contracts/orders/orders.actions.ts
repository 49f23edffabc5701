import { Type } from 'typebox';
import { Verdict } from '../appeals/appeals.values.ts';
import { Tickets } from '../appeals/attachments.api.ts';
import type { ActionFacts } from '../base/lifecycle.ts';
import { Instant, OneOf, PlainText, UnitCode } from '../base/text.ts';
import type { OrderState } from './orders.states.ts';
import {
  CHECK_FAULTS,
  Classification,
  HAND_OVERS,
  Opinion,
  REFUSAL_REASONS,
  RESULT_TYPES,
  VISIT_MISSES,
  VISIT_MODES,
} from './orders.values.ts';

const closed = { additionalProperties: false } as const;

/** The straight way of an order (DOMAIN §1.3): from its acceptance to its archive. */
export const wayActions = {
  accept: {
    name: { zh: '受理', en: 'Accept' },
    moves: { filed: 'pending-dispatch' },
    permission: 'orders.accept',
    input: Type.Object({ ...Classification, opinion: Opinion }, closed),
    told: { zh: '热线已受理', en: 'The hotline accepted the appeal' },
    public: true,
  },
  answer: {
    name: { zh: '直接答复', en: 'Answer on the spot' },
    moves: { filed: 'answered', 'pending-dispatch': 'answered' },
    permission: 'orders.answer',
    input: Type.Object(
      { text: PlainText({ min: 10, max: 5000 }), basis: Type.Optional(PlainText({ max: 500 })), attachments: Type.Optional(Tickets) },
      closed,
    ),
    told: { zh: '热线已直接答复', en: 'The hotline answered on the spot' },
    public: true,
  },
  refuse: {
    name: { zh: '不予受理', en: 'Refuse' },
    moves: { filed: 'refused', 'pending-dispatch': 'refused' },
    permission: 'orders.refuse',
    input: Type.Object({ reason: OneOf(REFUSAL_REASONS), explanation: PlainText({ min: 10, max: 1000 }) }, closed),
    told: { zh: '热线未受理，已告知法定途径', en: 'The hotline did not accept it and told the legal route' },
    public: true,
    danger: true,
  },
  'hand-over': {
    name: { zh: '一键转接110等', en: 'Hand over to 110 and others' },
    moves: { filed: ['refused', 'pending-dispatch'], 'pending-dispatch': ['refused', 'pending-dispatch'] },
    permission: 'orders.accept',
    input: Type.Object(
      {
        to: OneOf(HAND_OVERS),
        stayed: Type.Boolean({ description: 'The agent stayed on the line (三方通话)' }),
        keep: Type.Boolean({ description: 'The hotline goes on with the matter besides' }),
        note: PlainText({ min: 4, max: 1000 }),
      },
      closed,
    ),
    told: { zh: '紧急事项已转接紧急服务', en: 'The emergency was handed over to the emergency service' },
    public: true,
  },
  dispatch: {
    name: { zh: '派单', en: 'Dispatch' },
    moves: { 'pending-dispatch': 'dispatched' },
    permission: 'orders.dispatch',
    input: Type.Object(
      {
        unit: UnitCode,
        assists: Type.Optional(Type.Array(UnitCode, { maxItems: 8, uniqueItems: true })),
        ...Classification,
        opinion: Opinion,
      },
      closed,
    ),
    told: { zh: '已派单至承办单位', en: 'Dispatched to the unit in charge' },
    public: true,
    second: {
      permission: 'orders.check',
      holds: 'reviewing',
      asked: { zh: '派单提交审核', en: 'The dispatch was put up for review' },
      declined: { zh: '派单审核未通过', en: 'The dispatch was not approved' },
    },
  },
  sign: {
    name: { zh: '签收', en: 'Sign' },
    moves: { dispatched: 'handling' },
    permission: 'orders.sign',
    input: Type.Object({ opinion: Opinion }, closed),
    told: { zh: '承办单位已签收', en: 'The unit signed for it' },
    public: true,
  },
  contact: {
    name: { zh: '先行联系', en: 'Record first contact' },
    moves: { handling: 'handling' },
    permission: 'orders.contact',
    input: Type.Object(
      { mode: OneOf(['phone', 'visit', 'unreachable'] as const), note: PlainText({ min: 4, max: 1000 }), at: Type.Optional(Instant) },
      closed,
    ),
    told: { zh: '承办单位已联系诉求人', en: 'The unit contacted the citizen' },
    public: true,
  },
  reply: {
    name: { zh: '提交答复', en: 'Reply' },
    moves: { handling: 'replied' },
    permission: 'orders.reply',
    input: Type.Object(
      {
        resultType: OneOf(RESULT_TYPES, '办理结果类型'),
        text: PlainText({ min: 20, max: 5000 }),
        basis: Type.Optional(PlainText({ max: 500 })),
        attachments: Type.Optional(Tickets),
        override: Type.Optional(PlainText({ min: 4, max: 500, description: 'Why the reply does not wait for assisting or lower units' })),
      },
      closed,
    ),
    told: { zh: '承办单位已提交答复', en: 'The unit handed in its reply' },
    public: true,
  },
  pass: {
    name: { zh: '审核通过', en: 'Pass the reply' },
    moves: { replied: 'pending-follow-up' },
    permission: 'orders.check',
    input: Type.Object({ opinion: Opinion }, closed),
    told: { zh: '答复审核通过', en: 'The reply was checked and passed' },
    public: true,
  },
  fail: {
    name: { zh: '审核退回', en: 'Send the reply back' },
    moves: { replied: 'handling' },
    permission: 'orders.check',
    input: Type.Object({ fault: OneOf(CHECK_FAULTS), opinion: PlainText({ min: 4, max: 500 }) }, closed),
    told: { zh: '答复审核未通过，退回重新办理', en: 'The reply was sent back' },
  },
  attempt: {
    name: { zh: '记录未接通', en: 'Record a missed call' },
    moves: { 'pending-follow-up': 'following-up', 'following-up': 'following-up' },
    permission: 'orders.follow-up',
    input: Type.Object({ mode: OneOf(VISIT_MODES), result: OneOf(VISIT_MISSES), note: Type.Optional(PlainText({ max: 500 })) }, closed),
    told: { zh: '回访未接通', en: 'The follow-up call did not get through' },
  },
  conclude: {
    name: { zh: '完成回访', en: 'Conclude the follow-up' },
    // An unhappy citizen does not close an order: what is done about it is decided next.
    moves: { 'pending-follow-up': ['closed', 'following-up'], 'following-up': ['closed', 'following-up'] },
    permission: 'orders.follow-up',
    input: Type.Object({ mode: OneOf(VISIT_MODES), ...Verdict }, closed),
    told: { zh: '回访完成', en: 'The follow-up call was held' },
    public: true,
  },
  'close-unrated': {
    name: { zh: '按未评价办结', en: 'Close unrated' },
    moves: { 'following-up': 'closed' },
    permission: 'orders.follow-up',
    input: Type.Object({ opinion: Opinion }, closed),
    told: { zh: '多次回访未接通，按未评价办结', en: 'Closed unrated after several missed calls' },
    public: true,
    // One by one it takes one person; many at once take two.
    second: {
      permission: 'orders.approve',
      in: [],
      lapsesAfterHours: 72,
      asked: { zh: '批量申请按未评价办结', en: 'Closing many unrated was asked for' },
      declined: { zh: '批量办结申请未通过', en: 'Closing many unrated was declined' },
    },
  },
  'close-rated': {
    name: { zh: '按评价办结', en: 'Close as rated' },
    moves: { 'following-up': 'closed' },
    permission: 'orders.follow-up',
    input: Type.Object({ opinion: PlainText({ min: 4, max: 500 }) }, closed),
    told: { zh: '诉求人不要求重办，按评价办结', en: 'Closed as rated; the citizen asks for no redo' },
    public: true,
  },
  rate: {
    name: { zh: '诉求人评价', en: 'Rate' },
    moves: {
      'pending-follow-up': ['closed', 'following-up'],
      'following-up': ['closed', 'following-up'],
      closed: 'closed',
      answered: 'answered',
    },
    permission: 'orders.rate',
    input: Type.Object({ ...Verdict }, closed),
    told: { zh: '诉求人已评价', en: 'The citizen rated the answer' },
    public: true,
  },
  archive: {
    name: { zh: '归档', en: 'Archive' },
    moves: { closed: 'archived', answered: 'archived' },
    permission: 'orders.archive',
    input: Type.Object({ opinion: Opinion }, closed),
    told: { zh: '工单已归档', en: 'The order was archived' },
  },
  cancel: {
    name: { zh: '撤销', en: 'Cancel' },
    moves: {
      filed: 'cancelled',
      'pending-dispatch': 'cancelled',
      coordinating: 'cancelled',
      dispatched: 'cancelled',
      handling: 'cancelled',
    },
    permission: 'orders.cancel',
    input: Type.Object({ reason: PlainText({ min: 4, max: 500 }) }, closed),
    told: { zh: '工单已撤销', en: 'The order was cancelled' },
    public: true,
    danger: true,
    second: {
      permission: 'orders.check',
      in: ['dispatched', 'handling'],
      lapsesAfterHours: 48,
      asked: { zh: '申请撤销工单', en: 'Cancelling was asked for' },
      declined: { zh: '撤销申请未获批准', en: 'Cancelling was not approved' },
    },
  },
} as const satisfies Record<string, ActionFacts<OrderState>>;
