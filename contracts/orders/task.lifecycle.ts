import { Type } from 'typebox';
import type { ActionFacts, Lifecycle } from '../base/lifecycle.ts';
import type { Permission } from '../permissions.ts';
import type { Words } from '../base/text.ts';

/** A step of a task is taken by the platform when its order takes the action it follows from. */
function step<const M extends ActionFacts['moves']>(name: Words, moves: M, permission: Permission, told: Words) {
  return { name, moves, permission, input: Type.Object({}), told, system: true } as const;
}

/** The part of one unit in an order (承办任务): of the main unit, of an assisting one, or of a lower one it was passed on to. */
export const taskLifecycle = {
  kind: 'task',
  name: { zh: '承办任务', en: 'Task' },
  initial: 'pending-sign',
  states: {
    'pending-sign': { code: 'T10', name: { zh: '待签收', en: 'To be signed' }, tone: 'waiting' },
    handling: { code: 'T20', name: { zh: '办理中', en: 'Being handled' }, tone: 'working' },
    replied: { code: 'T30', name: { zh: '已答复', en: 'Replied' }, tone: 'working' },
    done: { code: 'T40', name: { zh: '已完成', en: 'Done' }, tone: 'done', final: true },
    returned: { code: 'T80', name: { zh: '已退回', en: 'Returned' }, tone: 'stopped', final: true },
    withdrawn: { code: 'T90', name: { zh: '已收回', en: 'Withdrawn' }, tone: 'stopped', final: true },
  },
  actions: {
    sign: step({ zh: '签收', en: 'Sign' }, { 'pending-sign': 'handling' }, 'orders.sign', { zh: '任务签收', en: 'Task signed' }),
    reply: step({ zh: '答复', en: 'Reply' }, { handling: 'replied' }, 'orders.reply', { zh: '任务答复', en: 'Task replied' }),
    fail: step({ zh: '审核退回', en: 'Send back' }, { replied: 'handling' }, 'orders.check', { zh: '任务退回重办', en: 'Task sent back' }),
    pass: step({ zh: '通过', en: 'Pass' }, { replied: 'done' }, 'orders.check', { zh: '任务完成', en: 'Task done' }),
    return: step({ zh: '退回', en: 'Return' }, { 'pending-sign': 'returned', handling: 'returned' }, 'orders.return', {
      zh: '任务退回派单',
      en: 'Task returned to the desk',
    }),
    'take-back': step({ zh: '收回', en: 'Take back' }, { 'pending-sign': 'withdrawn', handling: 'withdrawn' }, 'orders.pass-on', {
      zh: '任务收回',
      en: 'Task taken back',
    }),
  },
  clocks: {},
} as const satisfies Lifecycle;

export type TaskState = keyof typeof taskLifecycle.states;
export type TaskAction = keyof typeof taskLifecycle.actions;

/** Tasks that a unit still owes something on. */
export const OPEN_TASKS: readonly TaskState[] = ['pending-sign', 'handling'];
