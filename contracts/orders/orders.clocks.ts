import type { ClockFacts } from '../base/lifecycle.ts';
import type { branchActions } from './orders.branches.ts';
import type { wayActions } from './orders.actions.ts';
import type { OrderState } from './orders.states.ts';

type Action = keyof typeof wayActions | keyof typeof branchActions;

const withUnit: readonly OrderState[] = ['dispatched', 'return-pending', 'handling'];
/** What hands an order to a unit. */
const handed: readonly Action[] = ['dispatch', 'force', 'redo', 'reopen'];
const overdue = (zh: string, en: string) => ({ name: 'overdue', at: 1, told: { zh, en } }) as const;

/** The clocks of an order. A case that leaves the states of a clock ends it, so none is forgotten. */
export const orderClocks = {
  dispatch: {
    name: { zh: '派单', en: 'Dispatch' },
    startsOn: ['accept', 'hand-over', 'return', 'leave', 'reopen'],
    stopsOn: ['dispatch', 'answer', 'refuse'],
    within: ['pending-dispatch', 'reviewing'],
    limit: 'dispatch',
    steps: [
      { name: 'yellow', at: 'yellow', told: { zh: '派单将到期', en: 'Dispatch is nearly due' } },
      overdue('派单超时', 'Dispatch is overdue'),
    ],
  },
  'dispatch-review': {
    name: { zh: '派单审核', en: 'Dispatch review' },
    startsOn: ['ask:dispatch'],
    stopsOn: ['dispatch', 'decline:dispatch'],
    within: ['reviewing'],
    limit: 'dispatch-review',
    steps: [overdue('派单审核超时', 'The dispatch review is overdue')],
  },
  sign: {
    name: { zh: '签收', en: 'Sign' },
    startsOn: handed,
    stopsOn: ['sign'],
    within: withUnit,
    limit: 'sign',
    steps: [
      { name: 'half', at: 0.5, told: { zh: '签收期限过半，提醒签收', en: 'Half of the time to sign is gone' } },
      overdue('签收超时', 'Signing is overdue'),
    ],
  },
  contact: {
    name: { zh: '先行联系', en: 'First contact' },
    startsOn: handed,
    stopsOn: ['contact'],
    within: withUnit,
    limit: 'contact',
    steps: [overdue('先行联系超时', 'First contact is overdue')],
  },
  return: {
    name: { zh: '可退回', en: 'Time to return' },
    startsOn: ['dispatch'],
    stopsOn: ['ask:return'],
    within: ['dispatched', 'handling'],
    limit: 'return',
    aside: true,
    steps: [],
  },
  'return-review': {
    name: { zh: '退回审核', en: 'Return review' },
    startsOn: ['ask:return'],
    stopsOn: ['return', 'decline:return', 'coordinate'],
    within: ['return-pending'],
    limit: 'return-review',
    steps: [overdue('退回审核超时', 'The review of the return is overdue')],
  },
  coordination: {
    name: { zh: '会商', en: 'Coordination' },
    startsOn: ['coordinate'],
    stopsOn: ['force'],
    within: ['coordinating'],
    limit: 'coordination',
    steps: [overdue('会商超时', 'The coordination is overdue')],
  },
  handle: {
    name: { zh: '办理', en: 'Handle' },
    startsOn: handed,
    stopsOn: ['reply'],
    within: withUnit,
    pausesOn: ['suspend'],
    resumesOn: ['resume'],
    reopensOn: ['fail'],
    limit: 'handle',
    steps: [
      { name: 'yellow', at: 'yellow', told: { zh: '办理将到期（黄灯）', en: 'Handling is nearly due (yellow)' } },
      { name: 'overdue', at: 1, told: { zh: '办理超期（红灯）', en: 'Handling is overdue (red)' }, takes: 'oversee' },
      {
        name: 'overdue-2',
        at: { workdaysAfterDue: 1 },
        told: { zh: '超期一个工作日仍未答复', en: 'Overdue by a working day, still no reply' },
        takes: 'oversee',
      },
      {
        name: 'overdue-3',
        at: { workdaysAfterDue: 3 },
        told: { zh: '超期三个工作日仍未答复', en: 'Overdue by three working days, still no reply' },
        takes: 'oversee',
      },
    ],
  },
  'task-sign': {
    name: { zh: '协办、下级签收', en: 'Sign the task' },
    startsOn: [],
    stopsOn: [],
    within: ['dispatched', 'return-pending', 'handling'],
    limit: 'sign',
    aside: true,
    steps: [overdue('协办或下级单位签收超时', 'An assisting or lower unit is late to sign')],
  },
  'task-handle': {
    name: { zh: '协办、下级办理', en: 'Handle the task' },
    startsOn: [],
    stopsOn: [],
    within: ['dispatched', 'return-pending', 'handling'],
    pausesOn: ['suspend'],
    resumesOn: ['resume'],
    limit: null,
    aside: true,
    steps: [
      { name: 'yellow', at: 'yellow', told: { zh: '协办或下级办理将到期', en: 'A task is nearly due' } },
      overdue('协办或下级办理超期', 'A task is overdue'),
    ],
  },
  suspension: {
    name: { zh: '挂起', en: 'Suspension' },
    startsOn: ['suspend'],
    stopsOn: ['resume'],
    within: ['handling'],
    limit: null,
    steps: [{ name: 'ended', at: 1, told: { zh: '挂起期满，自动恢复办理', en: 'The suspension is over' }, takes: 'resume' }],
  },
  check: {
    name: { zh: '审核', en: 'Check' },
    startsOn: ['reply'],
    stopsOn: ['pass', 'fail'],
    within: ['replied'],
    limit: 'check',
    steps: [overdue('审核超时', 'The check is overdue')],
  },
  'follow-up': {
    name: { zh: '回访', en: 'Follow-up' },
    startsOn: ['pass', 'share', 'decline:redo'],
    stopsOn: ['close-unrated', 'close-rated', 'close-unreasonable', 'ask:redo'],
    // An unhappy rating does not end the follow-up: somebody must decide what is done about it.
    metBy: ['conclude', 'rate'],
    within: ['pending-follow-up', 'following-up'],
    limit: 'follow-up',
    steps: [overdue('回访超时', 'The follow-up is overdue')],
  },
  'redo-review': {
    name: { zh: '重办审核', en: 'Redo review' },
    startsOn: ['ask:redo', 'ask:reopen'],
    stopsOn: ['redo', 'decline:redo', 'reopen', 'decline:reopen'],
    within: ['redo'],
    limit: 'redo-review',
    steps: [overdue('重办审核超时', 'The review of the redo is overdue')],
  },
  oversight: {
    name: { zh: '督办反馈', en: 'Oversight' },
    startsOn: ['oversee', 'instruct'],
    stopsOn: ['oversight-reply', 'oversight-close'],
    within: ['pending-dispatch', 'reviewing', ...withUnit, 'coordinating', 'replied', 'pending-follow-up', 'following-up', 'redo'],
    renews: true,
    limit: 'oversight',
    steps: [overdue('督办逾期未反馈', 'The oversight was not answered in time')],
  },
} as const satisfies Record<string, ClockFacts<Action, OrderState>>;
