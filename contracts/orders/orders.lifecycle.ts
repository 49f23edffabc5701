import { Type } from 'typebox';
import { Verdict } from '../appeals/appeals.values.ts';
import { Tickets } from '../appeals/attachments.api.ts';
import type { Lifecycle } from '../base/lifecycle.ts';
import { CategoryCode, Instant, OneOf, PlainText, UnitCode } from '../base/text.ts';
import { APPEAL_TYPES } from '../reference/reference.values.ts';

export const REFUSAL_REASONS = ['N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7', 'N8', 'N9'] as const;
export const RESULT_TYPES = ['01', '02', '03', '04', '05', '06', '07', '99'] as const;
export const VISIT_MODES = ['01', '02', '03', '04'] as const;
export const VISIT_MISSES = ['01', '02', '03', '04', '05', '06', '07', '08'] as const;
export const CHECK_FAULTS = ['off-topic', 'not-contacted', 'no-evidence', 'unclear'] as const;

const Urgency = Type.Integer({ minimum: 1, maximum: 4, description: '1 特急 2 紧急 3 普通 4 疑难' });
const Opinion = Type.Optional(PlainText({ max: 500 }));
const Classification = {
  type: Type.Optional(OneOf(APPEAL_TYPES)),
  category: Type.Optional(CategoryCode),
  urgency: Type.Optional(Urgency),
};

/** The work order (工单), DOMAIN §1.2-1.3: the straight way with its refusals. */
export const orderLifecycle = {
  kind: 'order',
  name: { zh: '工单', en: 'Order' },
  initial: 'filed',
  states: {
    filed: {
      code: 'W00',
      name: { zh: '待受理', en: 'Filed' },
      citizen: { zh: '已提交，等待受理', en: 'Received, waiting to be accepted' },
      tone: 'waiting',
    },
    refused: {
      code: 'W05',
      name: { zh: '不予受理', en: 'Not accepted' },
      citizen: { zh: '不属于本热线受理范围，请按告知的途径办理', en: 'Not for this hotline; please take the way shown below' },
      tone: 'stopped',
      final: true,
    },
    'pending-dispatch': {
      code: 'W10',
      name: { zh: '待派单', en: 'Waiting for dispatch' },
      citizen: { zh: '已受理，正在安排办理单位', en: 'Accepted; the right office is being found' },
      tone: 'waiting',
    },
    dispatched: {
      code: 'W20',
      name: { zh: '待签收', en: 'Waiting for signature' },
      citizen: { zh: '已转交办理单位', en: 'Passed to the office in charge' },
      tone: 'waiting',
    },
    handling: {
      code: 'W30',
      name: { zh: '办理中', en: 'Being handled' },
      citizen: { zh: '办理单位正在处理', en: 'The office is working on it' },
      tone: 'working',
    },
    replied: {
      code: 'W40',
      name: { zh: '待审核', en: 'Reply to be checked' },
      citizen: { zh: '办理单位已答复，正在审核', en: 'The office has answered; the answer is being checked' },
      tone: 'working',
    },
    'pending-follow-up': {
      code: 'W50',
      name: { zh: '待回访', en: 'Waiting for follow-up' },
      citizen: { zh: '已有办理结果，请您评价', en: 'There is an answer; please rate it' },
      tone: 'waiting',
    },
    'following-up': {
      code: 'W55',
      name: { zh: '回访中', en: 'Following up' },
      citizen: { zh: '已有办理结果，请您评价', en: 'There is an answer; please rate it' },
      tone: 'working',
    },
    closed: { code: 'W70', name: { zh: '已办结', en: 'Closed' }, citizen: { zh: '已办结', en: 'Closed' }, tone: 'done' },
    answered: {
      code: 'W75',
      name: { zh: '直接答复办结', en: 'Answered on the spot' },
      citizen: { zh: '已答复', en: 'Answered' },
      tone: 'done',
    },
    archived: { code: 'W80', name: { zh: '已归档', en: 'Archived' }, citizen: { zh: '已办结', en: 'Closed' }, tone: 'done', final: true },
    cancelled: {
      code: 'W90',
      name: { zh: '已撤销', en: 'Cancelled' },
      citizen: { zh: '已撤销', en: 'Cancelled' },
      tone: 'stopped',
      final: true,
    },
  },
  actions: {
    accept: {
      name: { zh: '受理', en: 'Accept' },
      moves: { filed: 'pending-dispatch' },
      permission: 'orders.accept',
      input: Type.Object({ ...Classification, opinion: Opinion }, { additionalProperties: false }),
      told: { zh: '热线已受理', en: 'The hotline accepted the appeal' },
      public: true,
    },
    answer: {
      name: { zh: '直接答复', en: 'Answer on the spot' },
      moves: { filed: 'answered', 'pending-dispatch': 'answered' },
      permission: 'orders.answer',
      input: Type.Object(
        { text: PlainText({ min: 10, max: 5000 }), basis: Type.Optional(PlainText({ max: 500 })), attachments: Type.Optional(Tickets) },
        { additionalProperties: false },
      ),
      told: { zh: '热线已直接答复', en: 'The hotline answered on the spot' },
      public: true,
    },
    refuse: {
      name: { zh: '不予受理', en: 'Refuse' },
      moves: { filed: 'refused', 'pending-dispatch': 'refused' },
      permission: 'orders.refuse',
      input: Type.Object(
        { reason: OneOf(REFUSAL_REASONS), explanation: PlainText({ min: 10, max: 1000 }) },
        { additionalProperties: false },
      ),
      told: { zh: '热线未受理，已告知法定途径', en: 'The hotline did not accept it and told the legal route' },
      public: true,
      danger: true,
    },
    dispatch: {
      name: { zh: '派单', en: 'Dispatch' },
      moves: { 'pending-dispatch': 'dispatched' },
      permission: 'orders.dispatch',
      input: Type.Object({ unit: UnitCode, ...Classification, opinion: Opinion }, { additionalProperties: false }),
      told: { zh: '已派单至承办单位', en: 'Dispatched to the unit in charge' },
      public: true,
    },
    sign: {
      name: { zh: '签收', en: 'Sign' },
      moves: { dispatched: 'handling' },
      permission: 'orders.sign',
      input: Type.Object({ opinion: Opinion }, { additionalProperties: false }),
      told: { zh: '承办单位已签收', en: 'The unit signed for it' },
      public: true,
    },
    contact: {
      name: { zh: '先行联系', en: 'Record first contact' },
      moves: { handling: 'handling' },
      permission: 'orders.contact',
      input: Type.Object(
        { mode: OneOf(['phone', 'visit', 'unreachable'] as const), note: PlainText({ min: 4, max: 1000 }), at: Type.Optional(Instant) },
        { additionalProperties: false },
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
        },
        { additionalProperties: false },
      ),
      told: { zh: '承办单位已提交答复', en: 'The unit handed in its reply' },
      public: true,
    },
    pass: {
      name: { zh: '审核通过', en: 'Pass the reply' },
      moves: { replied: 'pending-follow-up' },
      permission: 'orders.check',
      input: Type.Object({ opinion: Opinion }, { additionalProperties: false }),
      told: { zh: '答复审核通过', en: 'The reply was checked and passed' },
      public: true,
    },
    fail: {
      name: { zh: '审核退回', en: 'Send the reply back' },
      moves: { replied: 'handling' },
      permission: 'orders.check',
      input: Type.Object({ fault: OneOf(CHECK_FAULTS), opinion: PlainText({ min: 4, max: 500 }) }, { additionalProperties: false }),
      told: { zh: '答复审核未通过，退回重新办理', en: 'The reply was sent back' },
    },
    attempt: {
      name: { zh: '记录未接通', en: 'Record a missed call' },
      moves: { 'pending-follow-up': 'following-up', 'following-up': 'following-up' },
      permission: 'orders.follow-up',
      input: Type.Object(
        { mode: OneOf(VISIT_MODES), result: OneOf(VISIT_MISSES), note: Type.Optional(PlainText({ max: 500 })) },
        { additionalProperties: false },
      ),
      told: { zh: '回访未接通', en: 'The follow-up call did not get through' },
    },
    conclude: {
      name: { zh: '完成回访', en: 'Conclude the follow-up' },
      moves: { 'pending-follow-up': 'closed', 'following-up': 'closed' },
      permission: 'orders.follow-up',
      input: Type.Object({ mode: OneOf(VISIT_MODES), ...Verdict }, { additionalProperties: false }),
      told: { zh: '回访完成，工单办结', en: 'Follow-up done; the order is closed' },
      public: true,
    },
    'close-unrated': {
      name: { zh: '按未评价办结', en: 'Close unrated' },
      moves: { 'following-up': 'closed' },
      permission: 'orders.follow-up',
      input: Type.Object({ opinion: Opinion }, { additionalProperties: false }),
      told: { zh: '多次回访未接通，按未评价办结', en: 'Closed unrated after several missed calls' },
      public: true,
    },
    rate: {
      name: { zh: '诉求人评价', en: 'Rate' },
      moves: { 'pending-follow-up': 'closed', 'following-up': 'closed', closed: 'closed', answered: 'answered' },
      permission: 'orders.rate',
      input: Type.Object({ ...Verdict }, { additionalProperties: false }),
      told: { zh: '诉求人已评价', en: 'The citizen rated the answer' },
      public: true,
    },
    archive: {
      name: { zh: '归档', en: 'Archive' },
      moves: { closed: 'archived', answered: 'archived' },
      permission: 'orders.archive',
      input: Type.Object({ opinion: Opinion }, { additionalProperties: false }),
      told: { zh: '工单已归档', en: 'The order was archived' },
    },
    cancel: {
      name: { zh: '撤销', en: 'Cancel' },
      moves: { filed: 'cancelled', 'pending-dispatch': 'cancelled', dispatched: 'cancelled', handling: 'cancelled' },
      permission: 'orders.cancel',
      input: Type.Object({ reason: PlainText({ min: 4, max: 500 }) }, { additionalProperties: false }),
      told: { zh: '工单已撤销', en: 'The order was cancelled' },
      public: true,
      danger: true,
    },
  },
  clocks: {
    dispatch: {
      name: { zh: '派单', en: 'Dispatch' },
      startsOn: ['accept'],
      stopsOn: ['dispatch', 'answer', 'refuse', 'cancel'],
      limit: 'dispatch',
      steps: [
        { name: 'yellow', at: 'yellow', told: { zh: '派单将到期', en: 'Dispatch is nearly due' } },
        { name: 'overdue', at: 1, told: { zh: '派单超时', en: 'Dispatch is overdue' } },
      ],
    },
    sign: {
      name: { zh: '签收', en: 'Sign' },
      startsOn: ['dispatch'],
      stopsOn: ['sign', 'cancel'],
      limit: 'sign',
      steps: [
        { name: 'half', at: 0.5, told: { zh: '签收期限过半，提醒签收', en: 'Half of the time to sign is gone' } },
        { name: 'overdue', at: 1, told: { zh: '签收超时', en: 'Signing is overdue' } },
      ],
    },
    contact: {
      name: { zh: '先行联系', en: 'First contact' },
      startsOn: ['dispatch'],
      stopsOn: ['contact', 'cancel'],
      limit: 'contact',
      steps: [{ name: 'overdue', at: 1, told: { zh: '先行联系超时', en: 'First contact is overdue' } }],
    },
    handle: {
      name: { zh: '办理', en: 'Handle' },
      startsOn: ['dispatch'],
      stopsOn: ['reply', 'cancel'],
      resumesOn: ['fail'],
      limit: 'handle',
      steps: [
        { name: 'yellow', at: 'yellow', told: { zh: '办理将到期（黄灯）', en: 'Handling is nearly due (yellow)' } },
        { name: 'overdue', at: 1, told: { zh: '办理超期（红灯）', en: 'Handling is overdue (red)' } },
      ],
    },
    check: {
      name: { zh: '审核', en: 'Check' },
      startsOn: ['reply'],
      stopsOn: ['pass', 'fail'],
      limit: 'check',
      steps: [{ name: 'overdue', at: 1, told: { zh: '审核超时', en: 'The check is overdue' } }],
    },
    'follow-up': {
      name: { zh: '回访', en: 'Follow-up' },
      startsOn: ['pass'],
      stopsOn: ['conclude', 'close-unrated', 'rate'],
      limit: 'follow-up',
      steps: [{ name: 'overdue', at: 1, told: { zh: '回访超时', en: 'The follow-up is overdue' } }],
    },
  },
} as const satisfies Lifecycle;

export type OrderState = keyof typeof orderLifecycle.states;
export type OrderAction = keyof typeof orderLifecycle.actions;
export type OrderClock = keyof typeof orderLifecycle.clocks;

/** The part of one unit in an order (承办任务). */
export const taskLifecycle = {
  kind: 'task',
  name: { zh: '承办任务', en: 'Task' },
  initial: 'pending-sign',
  states: {
    'pending-sign': { code: 'T10', name: { zh: '待签收', en: 'To be signed' }, tone: 'waiting' },
    handling: { code: 'T20', name: { zh: '办理中', en: 'Being handled' }, tone: 'working' },
    replied: { code: 'T30', name: { zh: '已答复', en: 'Replied' }, tone: 'working' },
    done: { code: 'T40', name: { zh: '已完成', en: 'Done' }, tone: 'done', final: true },
    withdrawn: { code: 'T90', name: { zh: '已收回', en: 'Withdrawn' }, tone: 'stopped', final: true },
  },
  actions: {
    sign: {
      name: { zh: '签收', en: 'Sign' },
      moves: { 'pending-sign': 'handling' },
      permission: 'orders.sign',
      input: Type.Object({}),
      told: { zh: '任务签收', en: 'Task signed' },
      system: true,
    },
    reply: {
      name: { zh: '答复', en: 'Reply' },
      moves: { handling: 'replied' },
      permission: 'orders.reply',
      input: Type.Object({}),
      told: { zh: '任务答复', en: 'Task replied' },
      system: true,
    },
    fail: {
      name: { zh: '退回', en: 'Send back' },
      moves: { replied: 'handling' },
      permission: 'orders.check',
      input: Type.Object({}),
      told: { zh: '任务退回', en: 'Task sent back' },
      system: true,
    },
    pass: {
      name: { zh: '通过', en: 'Pass' },
      moves: { replied: 'done' },
      permission: 'orders.check',
      input: Type.Object({}),
      told: { zh: '任务完成', en: 'Task done' },
      system: true,
    },
    cancel: {
      name: { zh: '收回', en: 'Withdraw' },
      moves: { 'pending-sign': 'withdrawn', handling: 'withdrawn' },
      permission: 'orders.cancel',
      input: Type.Object({}),
      told: { zh: '任务收回', en: 'Task withdrawn' },
      system: true,
    },
  },
  clocks: {},
} as const satisfies Lifecycle;

export type TaskState = keyof typeof taskLifecycle.states;
export type TaskAction = keyof typeof taskLifecycle.actions;
