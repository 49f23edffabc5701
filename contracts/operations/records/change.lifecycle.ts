import { Type } from 'typebox';
import type { ClockFacts, Lifecycle } from '../../base/lifecycle.ts';
import { Instant, Named, OneOf, type Words } from '../../base/text.ts';
import { closed, Note, note, Reason } from './records.values.ts';

/** The risk of a change. */
export const CHANGE_LEVELS: Readonly<Record<number, Words>> = {
  1: { zh: '高风险', en: 'High risk' },
  2: { zh: '较高风险', en: 'Raised risk' },
  3: { zh: '一般风险', en: 'Ordinary risk' },
  4: { zh: '低风险', en: 'Low risk' },
};

/** DOMAIN §5.8. */
export const CHANGE_CLASSES = {
  standard: { zh: '标准变更（预先批准）', en: 'Standard (approved beforehand)' },
  normal: { zh: '一般变更', en: 'Normal' },
  emergency: { zh: '紧急变更', en: 'Emergency' },
} as const satisfies Record<string, Words>;
export type ChangeClass = keyof typeof CHANGE_CLASSES;

/** Which windows it may use. */
export const CHANGE_SCOPES = {
  application: { zh: '应用', en: 'Application' },
  infrastructure: { zh: '数据库或基础设施', en: 'Database or infrastructure' },
} as const satisfies Record<string, Words>;
export type ChangeScope = keyof typeof CHANGE_SCOPES;

/** What is planned of a change. */
export const ChangePlan = {
  class: Named({ zh: '类别', en: 'Class' }, OneOf(Object.keys(CHANGE_CLASSES) as ChangeClass[]), CHANGE_CLASSES),
  scope: Named({ zh: '范围', en: 'Scope' }, OneOf(Object.keys(CHANGE_SCOPES) as ChangeScope[]), CHANGE_SCOPES),
  startsAt: Named({ zh: '开始时间', en: 'Starts' }, Instant),
  endsAt: Named({ zh: '结束时间', en: 'Ends' }, Instant),
  steps: Named({ zh: '实施步骤', en: 'Steps' }, note(4, 4000)),
  rollback: Named({ zh: '回退方案', en: 'Roll-back' }, note(4, 4000)),
  rollbackMinutes: Named({ zh: '回退用时（分钟）', en: 'Minutes to roll back' }, Type.Integer({ minimum: 1, maximum: 30 })),
  test: Named({ zh: '测试情况', en: 'Test evidence' }, note(4)),
};

const actions = {
  revise: {
    name: { zh: '修改方案', en: 'Revise' },
    moves: { draft: 'draft', rejected: 'draft' },
    permission: 'operations.handle',
    input: Type.Object(ChangePlan, closed),
    told: { zh: '方案已修改', en: 'The plan was revised' },
  },
  submit: {
    name: { zh: '提交评审', en: 'Submit' },
    moves: { draft: ['submitted', 'approved'] },
    permission: 'operations.handle',
    input: Type.Object({}, closed),
    told: { zh: '已提交评审', en: 'Submitted' },
  },
  approve: {
    name: { zh: '批准', en: 'Approve' },
    moves: { submitted: ['approved', 'submitted'] },
    permission: 'operations.decide',
    input: Type.Object({ opinion: Named({ zh: '评审意见', en: 'Opinion' }, note(4, 1000)) }, closed),
    told: { zh: '已批准', en: 'Approved' },
  },
  reject: {
    name: { zh: '驳回', en: 'Reject' },
    moves: { submitted: 'rejected' },
    permission: 'operations.decide',
    input: Type.Object({ reason: Reason }, closed),
    told: { zh: '评审未通过', en: 'Not approved' },
  },
  implement: {
    name: { zh: '开始实施', en: 'Implement' },
    moves: { approved: 'implementing' },
    permission: 'operations.handle',
    input: Type.Object({ note: Type.Optional(Note) }, closed),
    told: { zh: '开始实施', en: 'The change began' },
  },
  finish: {
    name: { zh: '实施完成', en: 'Finish' },
    moves: { implementing: 'checking' },
    permission: 'operations.handle',
    input: Type.Object({ note: Note }, closed),
    told: { zh: '实施完成，待验证', en: 'Done; another person verifies' },
  },
  'roll-back': {
    name: { zh: '回退', en: 'Roll back' },
    moves: { implementing: 'rolled-back', checking: 'rolled-back' },
    permission: 'operations.handle',
    input: Type.Object({ reason: Reason }, closed),
    told: { zh: '已回退', en: 'Rolled back' },
    danger: true,
  },
  verify: {
    name: { zh: '验证通过', en: 'Verify' },
    moves: { checking: 'closed' },
    permission: 'operations.handle',
    input: Type.Object({ evidence: Named({ zh: '验证情况', en: 'How it was verified' }, note(4)) }, closed),
    told: { zh: '验证通过，已关闭', en: 'Verified and closed' },
  },
  cancel: {
    name: { zh: '取消', en: 'Cancel' },
    moves: { draft: 'cancelled', submitted: 'cancelled', approved: 'cancelled', rejected: 'cancelled' },
    permission: 'operations.handle',
    input: Type.Object({ reason: Reason }, closed),
    told: { zh: '已取消', en: 'Cancelled' },
    danger: true,
  },
} as const;

type Clocks = Readonly<Record<string, ClockFacts<keyof typeof actions>>>;

const clocks = {
  decide: {
    name: { zh: '评审', en: 'Review' },
    startsOn: ['submit'],
    stopsOn: ['approve', 'reject'],
    within: ['submitted'],
    limit: 'decide',
    steps: [{ name: 'overdue', at: 1, told: { zh: '变更评审超时', en: 'The review of the change is overdue' } }],
  },
  verify: {
    name: { zh: '验证', en: 'Verification' },
    startsOn: ['finish'],
    stopsOn: ['verify'],
    within: ['checking'],
    limit: 'verify',
    steps: [{ name: 'overdue', at: 1, told: { zh: '变更验证超时', en: 'The verification of the change is overdue' } }],
  },
} as const satisfies Clocks;

/** A change (变更), DOMAIN §5.8: planned, approved, done in its window, verified by another or rolled back. */
export const changeLifecycle = {
  kind: 'change',
  name: { zh: '变更', en: 'Change' },
  initial: 'draft',
  states: {
    draft: { code: 'C10', name: { zh: '草案', en: 'Draft' }, tone: 'waiting' },
    submitted: { code: 'C20', name: { zh: '待评审', en: 'To be reviewed' }, tone: 'waiting' },
    approved: { code: 'C30', name: { zh: '待实施', en: 'Approved' }, tone: 'waiting' },
    implementing: { code: 'C40', name: { zh: '实施中', en: 'Being done' }, tone: 'working' },
    checking: { code: 'C50', name: { zh: '待验证', en: 'To be verified' }, tone: 'waiting' },
    closed: { code: 'C80', name: { zh: '已关闭', en: 'Closed' }, tone: 'done', final: true },
    'rolled-back': { code: 'C85', name: { zh: '已回退', en: 'Rolled back' }, tone: 'stopped', final: true },
    rejected: { code: 'C90', name: { zh: '未通过', en: 'Rejected' }, tone: 'stopped' },
    cancelled: { code: 'C95', name: { zh: '已取消', en: 'Cancelled' }, tone: 'stopped', final: true },
  },
  actions,
  clocks,
} as const satisfies Lifecycle;
