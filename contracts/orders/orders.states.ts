import type { StateFacts } from '../base/lifecycle.ts';

const withTheUnit = { zh: '已转交办理单位', en: 'Passed to the office in charge' };
const beingFound = { zh: '已受理，正在安排办理单位', en: 'Accepted; the right office is being found' };
const rateIt = { zh: '已有办理结果，请您评价', en: 'There is an answer; please rate it' };

/** The states of a work order (工单主状态), DOMAIN §1.2. */
export const orderStates = {
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
  merged: {
    code: 'W08',
    name: { zh: '已并案', en: 'Merged' },
    citizen: {
      zh: '已与同类诉求合并办理，结果会单独答复您',
      en: 'Handled together with the same matter; you will get an answer of your own',
    },
    tone: 'working',
  },
  'pending-dispatch': { code: 'W10', name: { zh: '待派单', en: 'Waiting for dispatch' }, citizen: beingFound, tone: 'waiting' },
  reviewing: { code: 'W12', name: { zh: '派单审核中', en: 'Dispatch under review' }, citizen: beingFound, tone: 'waiting' },
  dispatched: { code: 'W20', name: { zh: '待签收', en: 'Waiting for signature' }, citizen: withTheUnit, tone: 'waiting' },
  'return-pending': { code: 'W22', name: { zh: '退回审核中', en: 'Return under review' }, citizen: withTheUnit, tone: 'waiting' },
  coordinating: {
    code: 'W24',
    name: { zh: '争议会商', en: 'Coordinating' },
    citizen: { zh: '正在协调确定办理单位', en: 'The offices are settling who is in charge' },
    tone: 'working',
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
  'pending-follow-up': { code: 'W50', name: { zh: '待回访', en: 'Waiting for follow-up' }, citizen: rateIt, tone: 'waiting' },
  'following-up': { code: 'W55', name: { zh: '回访中', en: 'Following up' }, citizen: rateIt, tone: 'working' },
  redo: {
    code: 'W60',
    name: { zh: '重办审核中', en: 'Redo under review' },
    citizen: { zh: '正在审核是否重新办理', en: 'Whether it is handled once more is being decided' },
    tone: 'waiting',
  },
  closed: { code: 'W70', name: { zh: '已办结', en: 'Closed' }, citizen: { zh: '已办结', en: 'Closed' }, tone: 'done' },
  answered: {
    code: 'W75',
    name: { zh: '直接答复办结', en: 'Answered on the spot' },
    citizen: { zh: '已答复', en: 'Answered' },
    tone: 'done',
  },
  archived: { code: 'W80', name: { zh: '已归档', en: 'Archived' }, citizen: { zh: '已办结', en: 'Closed' }, tone: 'done' },
  cancelled: {
    code: 'W90',
    name: { zh: '已撤销', en: 'Cancelled' },
    citizen: { zh: '已撤销', en: 'Cancelled' },
    tone: 'stopped',
    final: true,
  },
} as const satisfies Record<string, StateFacts>;

export type OrderState = keyof typeof orderStates;
