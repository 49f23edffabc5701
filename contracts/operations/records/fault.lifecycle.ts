import { Type } from 'typebox';
import type { ClockFacts, Lifecycle } from '../../base/lifecycle.ts';
import { DayText, Named, OneOf, PlainText, type Words } from '../../base/text.ts';
import { Account, closed, Level, Note, note, PAUSES, Reason } from './records.values.ts';

/** DOMAIN §5.1. */
export const FAULT_LEVELS: Readonly<Record<number, Words>> = {
  1: { zh: '一级 特别严重', en: '1 extraordinary' },
  2: { zh: '二级 严重', en: '2 severe' },
  3: { zh: '三级 一般', en: '3 ordinary' },
  4: { zh: '四级 轻微', en: '4 slight' },
};

const working = ['responding', 'worked-around'] as const;
const unsolved = ['reported', ...working] as const;
const overdue = (zh: string, en: string) => ({ name: 'overdue', at: 1, told: { zh, en } }) as const;
const same = <const S extends string>(states: readonly S[]) => Object.fromEntries(states.map((state) => [state, state])) as Record<S, S>;

const actions = {
  respond: {
    name: { zh: '响应', en: 'Acknowledge' },
    moves: { reported: 'responding' },
    permission: 'operations.handle',
    input: Type.Object({ note: Type.Optional(Note) }, closed),
    told: { zh: '已响应，开始处置', en: 'Acknowledged; somebody is at it' },
  },
  arrive: {
    name: { zh: '到场', en: 'Arrive' },
    moves: same(working),
    permission: 'operations.handle',
    input: Type.Object({ note: Type.Optional(Note) }, closed),
    told: { zh: '已到场', en: 'On site' },
  },
  inform: {
    name: { zh: '通报进展', en: 'Report progress' },
    moves: same([...unsolved, 'fixed']),
    permission: 'operations.handle',
    input: Type.Object({ note: Note }, closed),
    told: { zh: '进展通报', en: 'Progress' },
  },
  'hand-to': {
    name: { zh: '转交', en: 'Hand to' },
    moves: same(working),
    permission: 'operations.handle',
    input: Type.Object({ account: Named({ zh: '接手人', en: 'To whom' }, Account), note: Note }, closed),
    told: { zh: '已转交', en: 'Handed to somebody else' },
  },
  regrade: {
    name: { zh: '调整级别', en: 'Regrade' },
    moves: same(unsolved),
    permission: 'operations.handle',
    input: Type.Object({ level: Level(FAULT_LEVELS), reason: Reason }, closed),
    told: { zh: '级别已调整，时限自首次上报起算', en: 'Regraded; its limits run from the first report' },
  },
  suspend: {
    name: { zh: '暂停计时', en: 'Pause' },
    moves: same(working),
    permission: 'operations.handle',
    input: Type.Object({ cause: Named({ zh: '原因', en: 'Cause' }, OneOf(Object.keys(PAUSES)), PAUSES), note: Note }, closed),
    told: { zh: '计时暂停', en: 'The clocks stand' },
  },
  resume: {
    name: { zh: '恢复计时', en: 'Resume' },
    moves: same(working),
    permission: 'operations.handle',
    input: Type.Object({ note: Type.Optional(Note) }, closed),
    told: { zh: '计时恢复', en: 'The clocks go on' },
  },
  'work-around': {
    name: { zh: '临时恢复', en: 'Work around' },
    moves: { responding: 'worked-around' },
    permission: 'operations.handle',
    input: Type.Object({ note: Named({ zh: '临时措施', en: 'What was done' }, note(4)) }, closed),
    told: { zh: '业务已临时恢复', en: 'Worked around' },
  },
  fix: {
    name: { zh: '修复', en: 'Fix' },
    moves: { responding: 'fixed', 'worked-around': 'fixed' },
    permission: 'operations.handle',
    input: Type.Object(
      { cause: Named({ zh: '原因', en: 'Cause' }, note(4)), remedy: Named({ zh: '处置措施', en: 'Remedy' }, note(4)) },
      closed,
    ),
    told: { zh: '已修复，等待他人验证', en: 'Fixed; another person verifies' },
  },
  verify: {
    name: { zh: '验证通过', en: 'Verify' },
    moves: { fixed: ['verified', 'closed'] },
    permission: 'operations.handle',
    input: Type.Object({ evidence: Named({ zh: '验证情况', en: 'How it was verified' }, note(4)) }, closed),
    told: { zh: '验证通过', en: 'Verified' },
  },
  'fail-verify': {
    name: { zh: '验证不通过', en: 'Refute' },
    moves: { fixed: 'responding' },
    permission: 'operations.handle',
    input: Type.Object({ reason: Reason }, closed),
    told: { zh: '验证不通过，继续处置', en: 'Not fixed; the work goes on' },
  },
  review: {
    name: { zh: '复盘并关闭', en: 'Close with the post-mortem' },
    moves: { verified: 'closed' },
    permission: 'operations.handle',
    input: Type.Object(
      {
        summary: Named({ zh: '经过', en: 'What happened' }, note(10, 4000)),
        impact: Named({ zh: '影响', en: 'Impact' }, note(4)),
        rootCause: Named({ zh: '根本原因', en: 'Root cause' }, note(4, 4000)),
        measures: Named(
          { zh: '改进措施', en: 'Actions' },
          Type.Array(
            Type.Object({ title: PlainText({ min: 4, max: 120 }), owner: Type.Optional(Account), due: Type.Optional(DayText) }, closed),
            { maxItems: 10 },
          ),
        ),
      },
      closed,
    ),
    told: { zh: '复盘完成，已关闭', en: 'Closed with its post-mortem' },
  },
  dismiss: {
    name: { zh: '不成立', en: 'Dismiss' },
    moves: { reported: 'dismissed', responding: 'dismissed' },
    permission: 'operations.decide',
    input: Type.Object({ reason: Reason }, closed),
    told: { zh: '不成立，已关闭', en: 'Dismissed' },
    danger: true,
  },
  escalate: {
    name: { zh: '升级', en: 'Escalate' },
    moves: same([...unsolved, 'fixed', 'verified']),
    permission: 'operations.handle',
    input: Type.Object({ to: OneOf(['manager', 'owner'] as const), cause: PlainText({ max: 200 }) }),
    told: { zh: '已升级', en: 'Escalated' },
    system: true,
  },
} as const;

type Clocks = Readonly<Record<string, ClockFacts<keyof typeof actions>>>;
const renewed = { renews: true, pausesOn: ['suspend'], resumesOn: ['resume'] } as const;

/** The limits of DOMAIN §5.1; how long each is stands in `operations.limit_rule`, by level. */
const clocks = {
  respond: {
    name: { zh: '响应', en: 'Acknowledge' },
    startsOn: ['open', 'regrade'],
    stopsOn: ['respond'],
    within: ['reported'],
    limit: 'respond',
    renews: true,
    steps: [{ ...overdue('响应超时', 'Not acknowledged in time'), takes: 'escalate' }],
  },
  'on-site': {
    name: { zh: '到场', en: 'On site' },
    startsOn: ['respond', 'regrade'],
    stopsOn: ['arrive', 'work-around', 'fix'],
    within: ['responding'],
    limit: 'on-site',
    ...renewed,
    steps: [overdue('到场超时', 'Nobody on site in time')],
  },
  'work-around': {
    name: { zh: '临时恢复', en: 'Work-around' },
    startsOn: ['open', 'regrade'],
    stopsOn: ['work-around', 'fix'],
    within: ['reported', 'responding'],
    limit: 'work-around',
    ...renewed,
    steps: [overdue('临时恢复超时', 'Not worked around in time')],
  },
  fix: {
    name: { zh: '修复', en: 'Fix' },
    startsOn: ['open', 'regrade'],
    stopsOn: ['fix'],
    within: unsolved,
    reopensOn: ['fail-verify'],
    limit: 'fix',
    ...renewed,
    steps: [
      { name: 'half', at: 0.5, told: { zh: '修复时限过半', en: 'Half of the time to fix is gone' } },
      { name: 'yellow', at: 0.8, told: { zh: '修复将到期', en: 'The time to fix is nearly over' } },
      { ...overdue('修复超时', 'Not fixed in time'), takes: 'escalate' },
    ],
  },
  manager: {
    name: { zh: '升级至运维经理', en: 'Escalation to the manager' },
    startsOn: ['open', 'regrade'],
    stopsOn: ['work-around', 'fix'],
    within: ['reported', 'responding'],
    limit: 'manager',
    aside: true,
    ...renewed,
    steps: [{ ...overdue('到时未恢复，升级至运维经理', 'Not restored; escalated to the manager'), takes: 'escalate' }],
  },
  owner: {
    name: { zh: '升级至业主', en: 'Escalation to the owner' },
    startsOn: ['open', 'regrade'],
    stopsOn: ['work-around', 'fix'],
    within: ['reported', 'responding'],
    limit: 'owner',
    aside: true,
    ...renewed,
    steps: [{ ...overdue('到时未恢复，升级至业主负责人', "Not restored; escalated to the owner's director"), takes: 'escalate' }],
  },
  inform: {
    name: { zh: '进展通报', en: 'Progress report' },
    startsOn: ['respond', 'inform', 'regrade'],
    stopsOn: ['fix'],
    within: working,
    limit: 'inform',
    ...renewed,
    steps: [overdue('进展未按时通报', 'No progress was reported in time')],
  },
  review: {
    name: { zh: '复盘', en: 'Post-mortem' },
    startsOn: ['verify'],
    stopsOn: ['review'],
    within: ['verified'],
    limit: 'review',
    steps: [overdue('复盘超时', 'The post-mortem is overdue')],
  },
} as const satisfies Clocks;

/** A fault (故障), DOMAIN §5.1: acknowledged, worked around, fixed, verified by another, closed with its post-mortem. */
export const faultLifecycle = {
  kind: 'fault',
  name: { zh: '故障', en: 'Fault' },
  initial: 'reported',
  states: {
    reported: { code: 'F10', name: { zh: '待响应', en: 'To be acknowledged' }, tone: 'waiting' },
    responding: { code: 'F20', name: { zh: '处置中', en: 'Being handled' }, tone: 'working' },
    'worked-around': { code: 'F30', name: { zh: '已临时恢复', en: 'Worked around' }, tone: 'working' },
    fixed: { code: 'F40', name: { zh: '待验证', en: 'To be verified' }, tone: 'waiting' },
    verified: { code: 'F50', name: { zh: '待复盘', en: 'To be reviewed' }, tone: 'waiting' },
    closed: { code: 'F80', name: { zh: '已关闭', en: 'Closed' }, tone: 'done', final: true },
    dismissed: { code: 'F90', name: { zh: '不成立', en: 'Dismissed' }, tone: 'stopped', final: true },
  },
  actions,
  clocks,
} as const satisfies Lifecycle;
