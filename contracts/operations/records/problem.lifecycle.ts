import { Type } from 'typebox';
import type { ClockFacts, Lifecycle } from '../../base/lifecycle.ts';
import { DayText, Named, OneOf, type Words } from '../../base/text.ts';
import { Account, closed, Note, note, Reason } from './records.values.ts';

/** DOMAIN §5.2. */
export const PROBLEM_LEVELS: Readonly<Record<number, Words>> = {
  1: { zh: 'P1 紧急', en: 'P1 urgent' },
  2: { zh: 'P2 高', en: 'P2 high' },
  3: { zh: 'P3 中', en: 'P3 middle' },
  4: { zh: 'P4 低', en: 'P4 low' },
};

export const REVIEW_OUTCOMES = {
  accepted: { zh: '接受', en: 'Accept' },
  returned: { zh: '退回补充', en: 'Send back for more' },
  merged: { zh: '合并', en: 'Merge' },
  turned: { zh: '转需求变更', en: 'Turn into a change' },
  rejected: { zh: '拒绝', en: 'Reject' },
} as const satisfies Record<string, Words>;
export type ReviewOutcome = keyof typeof REVIEW_OUTCOMES;

/** What caused it, for the analysis of causes and effects. */
export const CAUSES = {
  design: { zh: '设计', en: 'Design' },
  code: { zh: '程序', en: 'Code' },
  config: { zh: '配置', en: 'Configuration' },
  data: { zh: '数据', en: 'Data' },
  peer: { zh: '对接系统', en: 'Peer system' },
  platform: { zh: '基础设施', en: 'Infrastructure' },
  operation: { zh: '操作', en: 'Handling' },
  request: { zh: '新需求', en: 'New demand' },
} as const satisfies Record<string, Words>;

/** Which step of the flow of orders it touches, for the same analysis (chapter 1, problem survey). */
export const EFFECTS = {
  submit: { zh: '提交', en: 'Submitting' },
  dispatch: { zh: '派单', en: 'Dispatching' },
  handle: { zh: '办理', en: 'Handling' },
  feedback: { zh: '反馈', en: 'Feedback' },
  query: { zh: '查询', en: 'Queries' },
  none: { zh: '无影响', en: 'None' },
} as const satisfies Record<string, Words>;

const five = (zh: string, en: string) =>
  Named({ zh, en }, Type.Integer({ minimum: 1, maximum: 5 }), {
    1: { zh: '1 很小', en: '1 slight' },
    2: { zh: '2', en: '2' },
    3: { zh: '3', en: '3' },
    4: { zh: '4', en: '4' },
    5: { zh: '5 很大', en: '5 great' },
  });
const Plan = {
  owner: Named({ zh: '责任人', en: 'Owner' }, Account),
  plannedOn: Named({ zh: '计划完成日', en: 'Planned for' }, DayText),
  hours: Named({ zh: '估算工时', en: 'Estimated hours' }, Type.Integer({ minimum: 1, maximum: 400 })),
};
const overdue = (zh: string, en: string) => ({ name: 'overdue', at: 1, told: { zh, en } }) as const;

const actions = {
  review: {
    name: { zh: '评审', en: 'Review' },
    moves: { registered: ['accepted', 'returned', 'merged', 'turned', 'rejected'] },
    permission: 'operations.decide',
    input: Type.Object(
      {
        outcome: Named({ zh: '结论', en: 'Outcome' }, OneOf(Object.keys(REVIEW_OUTCOMES) as ReviewOutcome[]), REVIEW_OUTCOMES),
        impact: five('影响', 'Impact'),
        urgency: five('紧急', 'Urgency'),
        risk: Named({ zh: '风险加分', en: 'Risk' }, Type.Integer({ minimum: 0, maximum: 5 })),
        into: Type.Optional(Named({ zh: '并入编号', en: 'Merged into' }, Type.String({ pattern: '^[A-Z]{2}\\d{12}$' }))),
        opinion: Named({ zh: '评审意见', en: 'Opinion' }, note(4, 1000)),
      },
      closed,
    ),
    told: { zh: '已评审', en: 'Reviewed' },
  },
  supplement: {
    name: { zh: '补充材料', en: 'Supplement' },
    moves: { returned: 'registered' },
    permission: 'operations.report',
    input: Type.Object({ note: Note }, closed),
    told: { zh: '已补充，重新评审', en: 'Supplemented; reviewed anew' },
  },
  schedule: {
    name: { zh: '排期', en: 'Schedule' },
    moves: { accepted: 'planned', planned: 'planned', working: 'working' },
    permission: 'operations.handle',
    input: Type.Object(Plan, closed),
    told: { zh: '已排期', en: 'Scheduled' },
  },
  begin: {
    name: { zh: '开始实施', en: 'Begin' },
    moves: { planned: 'working' },
    permission: 'operations.handle',
    input: Type.Object({ note: Type.Optional(Note) }, closed),
    told: { zh: '开始实施', en: 'The work began' },
  },
  finish: {
    name: { zh: '提交测试', en: 'Hand in for test' },
    moves: { working: 'testing' },
    permission: 'operations.handle',
    input: Type.Object(
      {
        cause: Named({ zh: '原因类别', en: 'Cause' }, OneOf(Object.keys(CAUSES)), CAUSES),
        effect: Named({ zh: '影响环节', en: 'Step it touches' }, OneOf(Object.keys(EFFECTS)), EFFECTS),
        remedy: Named({ zh: '处理情况', en: 'What was done' }, note(4)),
      },
      closed,
    ),
    told: { zh: '实施完成，提交测试', en: 'Done; in test' },
  },
  'fail-test': {
    name: { zh: '测试不通过', en: 'Fail the test' },
    moves: { testing: 'working' },
    permission: 'operations.handle',
    input: Type.Object({ reason: Reason }, closed),
    told: { zh: '测试不通过', en: 'The test failed' },
  },
  release: {
    name: { zh: '上线', en: 'Release' },
    moves: { testing: 'released' },
    permission: 'operations.handle',
    input: Type.Object({ evidence: Named({ zh: '测试情况与上线版本', en: 'Test and version' }, note(4)) }, closed),
    told: { zh: '已上线，等待提出人确认', en: 'Released; its reporter confirms' },
  },
  confirm: {
    name: { zh: '确认', en: 'Confirm' },
    moves: { released: 'confirmed' },
    permission: 'operations.report',
    input: Type.Object(
      {
        rating: five('满意度', 'Rating'),
        note: Type.Optional(Note),
      },
      closed,
    ),
    told: { zh: '提出人已确认', en: 'Confirmed by its reporter' },
  },
  refute: {
    name: { zh: '未解决', en: 'Not solved' },
    moves: { released: 'working' },
    permission: 'operations.report',
    input: Type.Object({ reason: Reason }, closed),
    told: { zh: '提出人反馈未解决', en: 'Its reporter says it is not solved' },
  },
  'follow-up': {
    name: { zh: '回访归档', en: 'Follow up and archive' },
    moves: { confirmed: 'archived' },
    permission: 'operations.handle',
    input: Type.Object({ note: Note }, closed),
    told: { zh: '已回访并归档', en: 'Followed up and archived' },
  },
  close: {
    name: { zh: '复查合格关闭', en: 'Close on a good re-check' },
    moves: { registered: 'archived', accepted: 'archived', planned: 'archived', working: 'archived', testing: 'archived' },
    permission: 'operations.handle',
    input: Type.Object({ evidence: Named({ zh: '复查情况', en: 'What the re-check found' }, note(4)) }, closed),
    told: { zh: '复查合格，已关闭', en: 'The re-check was good; closed' },
    system: true,
  },
  escalate: {
    name: { zh: '升级', en: 'Escalate' },
    moves: { accepted: 'accepted', planned: 'planned', working: 'working', testing: 'testing' },
    permission: 'operations.handle',
    input: Type.Object({ to: OneOf(['specialist', 'manager', 'owner'] as const), cause: note(0, 200) }),
    told: { zh: '已升级', en: 'Escalated' },
    system: true,
  },
} as const;

type Clocks = Readonly<Record<string, ClockFacts<keyof typeof actions>>>;

const clocks = {
  review: {
    name: { zh: '评审', en: 'Review' },
    startsOn: ['open', 'supplement'],
    stopsOn: ['review', 'close'],
    within: ['registered'],
    limit: 'review',
    steps: [overdue('评审超时', 'The review is overdue')],
  },
  resolve: {
    name: { zh: '解决', en: 'Resolve' },
    startsOn: ['review'],
    stopsOn: ['release', 'close'],
    within: ['accepted', 'planned', 'working', 'testing'],
    reopensOn: ['refute'],
    limit: 'resolve',
    steps: [
      {
        name: 'half',
        at: 0.5,
        told: { zh: '时限过半，升级至二线', en: 'Half of the limit is gone; escalated to the specialist' },
        takes: 'escalate',
      },
      {
        name: 'most',
        at: 0.8,
        told: { zh: '时限将尽，升级至运维经理', en: 'The limit is nearly over; escalated to the manager' },
        takes: 'escalate',
      },
      { ...overdue('解决超时，升级至双方领导', 'Overdue; escalated to the leaders'), takes: 'escalate' },
    ],
  },
} as const satisfies Clocks;

/** A problem or demand (问题/需求), chapter 3 and DOMAIN §5.2: registered, reviewed, scheduled, done, tested, released, confirmed, followed up. */
export const problemLifecycle = {
  kind: 'problem',
  name: { zh: '问题', en: 'Problem' },
  initial: 'registered',
  states: {
    registered: { code: 'I10', name: { zh: '待评审', en: 'To be reviewed' }, tone: 'waiting' },
    returned: { code: 'I15', name: { zh: '退回补充', en: 'Sent back' }, tone: 'waiting' },
    accepted: { code: 'I20', name: { zh: '待排期', en: 'To be scheduled' }, tone: 'waiting' },
    planned: { code: 'I30', name: { zh: '待实施', en: 'Scheduled' }, tone: 'waiting' },
    working: { code: 'I40', name: { zh: '实施中', en: 'In work' }, tone: 'working' },
    testing: { code: 'I50', name: { zh: '测试中', en: 'In test' }, tone: 'working' },
    released: { code: 'I60', name: { zh: '待确认', en: 'To be confirmed' }, tone: 'waiting' },
    confirmed: { code: 'I70', name: { zh: '待回访', en: 'To be followed up' }, tone: 'waiting' },
    archived: { code: 'I80', name: { zh: '已归档', en: 'Archived' }, tone: 'done', final: true },
    merged: { code: 'I91', name: { zh: '已合并', en: 'Merged' }, tone: 'stopped', final: true },
    turned: { code: 'I92', name: { zh: '转需求变更', en: 'Turned into a change' }, tone: 'stopped', final: true },
    rejected: { code: 'I93', name: { zh: '已拒绝', en: 'Rejected' }, tone: 'stopped', final: true },
  },
  actions,
  clocks,
} as const satisfies Lifecycle;
