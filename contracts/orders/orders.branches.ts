import { Type } from 'typebox';
import type { ActionFacts } from '../base/lifecycle.ts';
import { NumberText, OneOf, PlainText, UnitCode } from '../base/text.ts';
import type { OrderState } from './orders.states.ts';
import { CALL_MODES, EXCLUSION_CAUSES, Opinion, OVERSIGHT_CAUSES, RETURN_REASONS, SUSPENSION_CAUSES } from './orders.values.ts';

const closed = { additionalProperties: false } as const;

/** The states themselves: for actions that move nothing. */
function staying<const S extends OrderState>(...states: readonly S[]): { readonly [K in S]: K } {
  return Object.fromEntries(states.map((state) => [state, state])) as { [K in S]: K };
}

const owned = staying('reviewing', 'dispatched', 'return-pending', 'coordinating', 'handling');
const watched = staying(
  'pending-dispatch',
  'reviewing',
  'dispatched',
  'return-pending',
  'coordinating',
  'handling',
  'replied',
  'pending-follow-up',
  'following-up',
  'redo',
);
const open = { ...staying('filed', 'merged'), ...watched };

/** The branches of the way (DOMAIN §1.3): who else takes part, what is disputed, what takes longer, what is watched. */
export const branchActions = {
  'transfer-call': {
    name: { zh: '来电转接', en: 'Transfer the call' },
    moves: staying('filed', 'pending-dispatch'),
    permission: 'orders.accept',
    input: Type.Object(
      { to: PlainText({ min: 2, max: 100 }), mode: OneOf(CALL_MODES), note: Type.Optional(PlainText({ max: 500 })) },
      closed,
    ),
    told: { zh: '来电已转接', en: 'The call was transferred' },
  },
  assist: {
    name: { zh: '增派协办', en: 'Add an assisting unit' },
    moves: staying('dispatched', 'handling'),
    permission: 'orders.dispatch',
    input: Type.Object({ unit: UnitCode, opinion: Opinion }, closed),
    told: { zh: '已增派协办单位', en: 'An assisting unit was added' },
    public: true,
  },
  'pass-on': {
    name: { zh: '转办下级', en: 'Pass on to a lower unit' },
    moves: staying('handling'),
    permission: 'orders.pass-on',
    input: Type.Object({ unit: UnitCode, amount: Type.Optional(Type.Integer({ minimum: 1, maximum: 90 })), opinion: Opinion }, closed),
    told: { zh: '已转办下级单位', en: 'Passed on to a lower unit' },
  },
  'task-sign': {
    name: { zh: '签收任务', en: 'Sign the task' },
    moves: staying('dispatched', 'handling'),
    permission: 'orders.sign',
    input: Type.Object({ opinion: Opinion }, closed),
    told: { zh: '协办或下级单位已签收', en: 'An assisting or lower unit signed' },
  },
  'task-reply': {
    name: { zh: '提交办理意见', en: 'Hand in the part' },
    moves: staying('dispatched', 'handling'),
    permission: 'orders.reply',
    input: Type.Object({ text: PlainText({ min: 10, max: 5000 }), basis: Type.Optional(PlainText({ max: 500 })) }, closed),
    told: { zh: '协办或下级单位已提交办理意见', en: 'An assisting or lower unit handed in its part' },
  },
  'task-withdraw': {
    name: { zh: '收回任务', en: 'Take a task back' },
    moves: staying('dispatched', 'handling'),
    permission: 'orders.pass-on',
    input: Type.Object({ task: Type.Integer({ minimum: 1, maximum: 99 }), reason: PlainText({ min: 4, max: 500 }) }, closed),
    told: { zh: '协办或转办任务已收回', en: 'A task was taken back' },
  },
  return: {
    name: { zh: '申请退回', en: 'Return' },
    moves: { dispatched: 'pending-dispatch', handling: 'pending-dispatch' },
    permission: 'orders.return',
    input: Type.Object(
      {
        reason: OneOf(RETURN_REASONS),
        legalBasis: PlainText({ min: 4, max: 500 }),
        suggestedUnit: Type.Optional(UnitCode),
        opinion: PlainText({ min: 10, max: 1000 }),
      },
      closed,
    ),
    told: { zh: '退回申请通过，重新派单', en: 'The return was agreed to; it will be dispatched anew' },
    second: {
      permission: 'orders.dispatch',
      holds: 'return-pending',
      asked: { zh: '承办单位申请退回', en: 'The unit asked to return it' },
      declined: { zh: '退回申请未通过，由原单位办理', en: 'The return was declined; the unit keeps it' },
    },
  },
  coordinate: {
    name: { zh: '提请会商', en: 'Put up for coordination' },
    moves: { 'pending-dispatch': 'coordinating', 'return-pending': 'coordinating' },
    permission: 'orders.dispatch',
    input: Type.Object(
      { units: Type.Array(UnitCode, { minItems: 2, maxItems: 8, uniqueItems: true }), question: PlainText({ min: 10, max: 1000 }) },
      closed,
    ),
    told: { zh: '职责争议提请会商', en: 'Who is in charge is being settled between the offices' },
  },
  force: {
    name: { zh: '指定承办', en: 'Name the owner' },
    moves: { coordinating: 'dispatched' },
    permission: 'orders.coordinate',
    input: Type.Object(
      {
        unit: UnitCode,
        assists: Type.Optional(Type.Array(UnitCode, { maxItems: 8, uniqueItems: true })),
        decision: PlainText({ min: 10, max: 1000 }),
        basis: PlainText({ min: 4, max: 500 }),
      },
      closed,
    ),
    told: { zh: '会商已确定承办单位', en: 'The owner was settled; it cannot be returned' },
    public: true,
  },
  extend: {
    name: { zh: '申请延期', en: 'Extend' },
    moves: staying('handling'),
    permission: 'orders.extend',
    input: Type.Object(
      { amount: Type.Integer({ minimum: 1, maximum: 90 }), reason: PlainText({ min: 10, max: 500 }), informed: Type.Boolean() },
      closed,
    ),
    told: { zh: '办理时限已延长', en: 'The time limit was extended' },
    public: true,
    second: {
      permission: 'orders.approve',
      lapsesAfterHours: 48,
      asked: { zh: '承办单位申请延期', en: 'The unit asked for an extension' },
      declined: { zh: '延期申请未通过', en: 'The extension was declined' },
    },
  },
  suspend: {
    name: { zh: '申请挂起', en: 'Suspend' },
    moves: staying('handling'),
    permission: 'orders.extend',
    input: Type.Object(
      { cause: OneOf(SUSPENSION_CAUSES), days: Type.Integer({ minimum: 1, maximum: 30 }), reason: PlainText({ min: 10, max: 500 }) },
      closed,
    ),
    told: { zh: '工单已挂起，办理计时暂停', en: 'The order was suspended; its clock stands' },
    public: true,
    second: {
      permission: 'orders.approve',
      lapsesAfterHours: 48,
      asked: { zh: '承办单位申请挂起', en: 'The unit asked to suspend it' },
      declined: { zh: '挂起申请未通过', en: 'The suspension was declined' },
    },
  },
  resume: {
    name: { zh: '恢复办理', en: 'Resume' },
    moves: staying('handling'),
    permission: 'orders.extend',
    input: Type.Object({ opinion: Opinion }, closed),
    told: { zh: '恢复办理，继续计时', en: 'Handling goes on; its clock runs again' },
    public: true,
  },
  urge: {
    name: { zh: '催办', en: 'Urge' },
    moves: open,
    permission: 'orders.urge',
    input: Type.Object({ note: PlainText({ min: 2, max: 500 }) }, closed),
    told: { zh: '催办', en: 'It was urged' },
    public: true,
  },
  oversee: {
    name: { zh: '督办', en: 'Oversee' },
    moves: watched,
    permission: 'orders.oversee',
    input: Type.Object(
      {
        level: Type.Integer({ minimum: 1, maximum: 3, description: '1 督办单位 2 督办分管领导 3 书面督办单和约谈' }),
        cause: OneOf(OVERSIGHT_CAUSES),
        requirement: PlainText({ min: 4, max: 1000 }),
      },
      closed,
    ),
    told: { zh: '列入督办', en: 'It was put under oversight' },
  },
  instruct: {
    name: { zh: '领导批示', en: 'Instruct' },
    moves: watched,
    permission: 'orders.instruct',
    input: Type.Object({ requirement: PlainText({ min: 4, max: 1000 }) }, closed),
    told: { zh: '领导作出批示，列入督办', en: 'A leader gave an instruction; it is under oversight' },
  },
  'oversight-reply': {
    name: { zh: '反馈督办', en: 'Answer the oversight' },
    moves: watched,
    permission: 'orders.reply',
    input: Type.Object({ text: PlainText({ min: 10, max: 2000 }) }, closed),
    told: { zh: '承办单位已反馈督办情况', en: 'The unit answered the oversight' },
  },
  'oversight-close': {
    name: { zh: '解除督办', en: 'End the oversight' },
    moves: watched,
    permission: 'orders.oversee',
    input: Type.Object({ opinion: PlainText({ min: 4, max: 500 }) }, closed),
    told: { zh: '督办已解除', en: 'The oversight ended' },
  },
  redo: {
    name: { zh: '申请重办', en: 'Redo' },
    moves: { 'following-up': 'dispatched' },
    permission: 'orders.follow-up',
    input: Type.Object({ reason: PlainText({ min: 10, max: 1000 }) }, closed),
    told: { zh: '诉求人不满意，已重新交办', en: 'The citizen is not satisfied; it is handled once more' },
    public: true,
    second: {
      permission: 'orders.check',
      holds: 'redo',
      asked: { zh: '申请重办', en: 'A redo was asked for' },
      declined: { zh: '重办申请未通过', en: 'The redo was declined' },
    },
  },
  'close-unreasonable': {
    name: { zh: '合理办结', en: 'Close as reasonable' },
    moves: { 'following-up': 'closed' },
    permission: 'orders.follow-up',
    input: Type.Object({ reason: PlainText({ min: 10, max: 1000 }), basis: PlainText({ min: 4, max: 500 }) }, closed),
    told: { zh: '已依法依规办结', en: 'Closed, as it was handled the way the law demands' },
    public: true,
    second: {
      permission: 'orders.approve',
      lapsesAfterHours: 72,
      asked: { zh: '申请合理办结', en: 'Closing as reasonable was asked for' },
      declined: { zh: '合理办结申请未通过', en: 'Closing as reasonable was declined' },
    },
  },
  exclude: {
    name: { zh: '申请剔除', en: 'Exclude from the rates' },
    moves: staying('closed'),
    permission: 'orders.exclude',
    input: Type.Object({ cause: OneOf(EXCLUSION_CAUSES), reason: PlainText({ min: 10, max: 500 }) }, closed),
    told: { zh: '已从满意率统计中剔除', en: 'It no longer counts in the rates' },
    second: {
      permission: 'orders.approve',
      lapsesAfterHours: 72,
      asked: { zh: '申请从满意率统计中剔除', en: 'Excluding it from the rates was asked for' },
      declined: { zh: '剔除申请未通过', en: 'The exclusion was declined' },
    },
  },
  reopen: {
    name: { zh: '申请重启', en: 'Reopen' },
    moves: {
      closed: ['dispatched', 'pending-dispatch'],
      answered: ['pending-dispatch', 'dispatched'],
      archived: ['dispatched', 'pending-dispatch'],
    },
    permission: 'orders.reopen',
    input: Type.Object({ reason: PlainText({ min: 10, max: 1000 }) }, closed),
    told: { zh: '工单已重启办理', en: 'The order was reopened' },
    public: true,
    danger: true,
    second: {
      permission: 'orders.check',
      holds: 'redo',
      lapsesAfterHours: 72,
      asked: { zh: '申请重启工单', en: 'Reopening was asked for' },
      declined: { zh: '重启申请未通过', en: 'Reopening was declined' },
    },
  },
  merge: {
    name: { zh: '并入其他工单', en: 'Merge others into this' },
    moves: staying('pending-dispatch', 'dispatched', 'handling'),
    permission: 'orders.merge',
    input: Type.Object(
      { numbers: Type.Array(NumberText, { minItems: 1, maxItems: 20, uniqueItems: true }), reason: PlainText({ min: 4, max: 500 }) },
      closed,
    ),
    told: { zh: '并入同类诉求', en: 'Like matters were merged into it' },
  },
  unmerge: {
    name: { zh: '拆分并案', en: 'Take one out again' },
    moves: { ...staying('pending-dispatch'), ...owned },
    permission: 'orders.merge',
    input: Type.Object({ number: NumberText, reason: PlainText({ min: 4, max: 500 }) }, closed),
    told: { zh: '拆分出一件并案诉求', en: 'One merged matter was taken out' },
  },
  join: {
    name: { zh: '并案', en: 'Join' },
    moves: { 'pending-dispatch': 'merged', dispatched: 'merged', handling: 'merged' },
    permission: 'orders.merge',
    input: Type.Object({}),
    told: { zh: '与同类诉求合并办理', en: 'It is handled together with the same matter' },
    public: true,
    system: true,
  },
  leave: {
    name: { zh: '拆出并案', en: 'Leave' },
    moves: { merged: 'pending-dispatch' },
    permission: 'orders.merge',
    input: Type.Object({}),
    told: { zh: '改为单独办理', en: 'It is handled on its own again' },
    public: true,
    system: true,
  },
  share: {
    name: { zh: '共享答复', en: 'Share the answer' },
    moves: { merged: ['pending-follow-up', 'answered'] },
    permission: 'orders.check',
    input: Type.Object({}),
    told: { zh: '合并办理已有结果', en: 'There is an answer to the matter it was merged with' },
    public: true,
    system: true,
  },
  withdraw: {
    name: { zh: '诉求人撤回', en: 'Withdraw' },
    moves: {
      filed: 'cancelled',
      merged: 'cancelled',
      'pending-dispatch': 'cancelled',
      dispatched: 'cancelled',
      handling: 'cancelled',
    },
    permission: 'orders.withdraw',
    input: Type.Object({ reason: PlainText({ min: 2, max: 500 }) }, closed),
    told: { zh: '诉求人已撤回', en: 'The citizen took it back' },
    public: true,
    second: {
      permission: 'orders.cancel',
      in: ['dispatched', 'handling'],
      lapsesAfterHours: 72,
      asked: { zh: '诉求人申请撤回', en: 'The citizen asked to take it back' },
      declined: { zh: '撤回申请未通过，继续办理', en: 'It goes on; taking it back was declined' },
      public: true,
    },
  },
  flag: {
    name: { zh: '标记', en: 'Mark' },
    moves: open,
    permission: 'orders.flag',
    input: Type.Object(
      {
        sensitive: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
        group: Type.Optional(Type.Boolean()),
        confidential: Type.Optional(Type.Boolean()),
        note: Type.Optional(PlainText({ max: 500 })),
      },
      { ...closed, minProperties: 1 },
    ),
    told: { zh: '更新了敏感、群体或保密标记', en: 'Its marks were changed' },
  },
} as const satisfies Record<string, ActionFacts<OrderState>>;
