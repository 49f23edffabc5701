import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { Bytes, IdText, Instant, Named, OneOf, OrNull, PageOf, PageQuery, PlainText, type Words } from '../base/text.ts';
import { Reason } from './records/records.values.ts';

const tag = 'operations';
const closed = { additionalProperties: false } as const;
const Ms = Type.Number({ description: 'Milliseconds' });
const ShownWords = Type.Object({ zh: Type.String(), en: Type.String() });

/** By what statements are ordered, the greatest first. */
export const STATEMENT_SORTS = {
  total: { zh: '总用时', en: 'Total time' },
  mean: { zh: '平均用时', en: 'Mean time' },
  max: { zh: '最长用时', en: 'Longest time' },
  calls: { zh: '次数', en: 'Calls' },
  rows: { zh: '行数', en: 'Rows' },
  read: { zh: '读盘块数', en: 'Blocks read' },
} as const satisfies Record<string, Words>;
export type StatementSort = keyof typeof STATEMENT_SORTS;

export const StatementLine = Type.Object({
  id: Type.String({ description: 'The number PostgreSQL gives a statement of this form (queryid)' }),
  role: Type.String({ description: 'The database role it ran as' }),
  statement: Type.String({ description: 'Without literals' }),
  calls: Type.Number(),
  totalMs: Ms,
  meanMs: Ms,
  maxMs: Ms,
  rows: Type.Number(),
  blocksHit: Type.Number({ description: 'Blocks of 8 KiB found in shared buffers' }),
  blocksRead: Type.Number({ description: 'Blocks of 8 KiB that were not' }),
  share: Type.Number({ description: 'Of the time of all statements, 0 to 1' }),
});
export type StatementLine = Static<typeof StatementLine>;

export const RunningStatement = Type.Object({
  pid: Type.Integer(),
  role: Type.String(),
  application: Type.String(),
  runningMs: Ms,
  waitsFor: OrNull(Type.String({ description: 'Kind and name of the wait event' })),
  statement: Type.String({ description: 'Without literals' }),
});
export type RunningStatement = Static<typeof RunningStatement>;

export const StatementBoard = Type.Object({
  at: Instant,
  since: OrNull(Instant),
  resetBy: OrNull(Type.String({ description: 'Who reset them last, where a person of the platform did' })),
  missing: OrNull(ShownWords),
  totalMs: Ms,
  items: Type.Array(StatementLine),
  running: Type.Array(RunningStatement),
});
export type StatementBoard = Static<typeof StatementBoard>;

export const PlanNode = Type.Object({
  depth: Type.Integer(),
  node: Type.String({ description: 'The kind of node, as EXPLAIN names it, with its join or its strategy' }),
  on: OrNull(Type.String({ description: 'The table, index or function it reads' })),
  condition: OrNull(Type.String()),
  startCost: Type.Number(),
  cost: Type.Number({ description: 'Up to its last row, with all below' }),
  ownCost: Type.Number({ description: 'Without what lies below' }),
  rows: Type.Number({ description: 'As the planner expects them' }),
  costliest: Type.Boolean(),
});
export type PlanNode = Static<typeof PlanNode>;

export const Plan = Type.Object({
  id: Type.String(),
  role: Type.String(),
  statement: Type.String(),
  cost: Type.Number(),
  nodes: Type.Array(PlanNode),
  bigScans: Type.Array(Type.Object({ table: Type.String(), rows: Type.Number() }), {
    description: 'Tables of ten thousand rows and more that are read from end to end (DOMAIN 5.4)',
  }),
  settings: Type.Record(Type.String(), Type.String(), { description: 'Planner settings that are not the default' }),
});
export type Plan = Static<typeof Plan>;

/** What of a session may be ended. */
export const ENDINGS = {
  statement: { zh: '取消当前语句', en: 'Cancel its statement' },
  session: { zh: '断开会话', en: 'End the session' },
} as const satisfies Record<string, Words>;
export type Ending = keyof typeof ENDINGS;

export const LockSession = Type.Object({
  pid: Type.Integer({ description: '0 stands for a prepared transaction' }),
  depth: Type.Integer({ description: '0 waits for nobody, or closes a ring' }),
  alsoBehind: Type.Array(Type.Integer(), { description: 'Whom it waits for besides the one it stands under' }),
  startedAt: OrNull(Instant),
  application: Type.String(),
  role: Type.String(),
  state: Type.String(),
  transactionMs: OrNull(Ms),
  waitingMs: OrNull(Ms),
  lock: OrNull(Type.String({ description: 'The kind of lock and the mode it waits for' })),
  relation: OrNull(Type.String()),
  statement: Type.String({ description: 'Without literals' }),
  kept: OrNull(ShownWords),
});
export type LockSession = Static<typeof LockSession>;

export const LockBoard = Type.Object({ at: Instant, waiting: Type.Integer(), sessions: Type.Array(LockSession) });
export type LockBoard = Static<typeof LockBoard>;

export const EndSession = Type.Object(
  {
    what: Named({ zh: '动作', en: 'What' }, OneOf(Object.keys(ENDINGS) as Ending[]), ENDINGS),
    reason: Reason,
    startedAt: Instant,
    fault: Type.Optional(IdText),
  },
  closed,
);

export const PROFILE_KINDS = {
  cpu: { zh: 'CPU 采样', en: 'Processor' },
  heap: { zh: '堆内存采样', en: 'Heap' },
} as const satisfies Record<string, Words>;
export type ProfileKind = keyof typeof PROFILE_KINDS;
export const PROFILE_SECONDS = { least: 1, most: 30 } as const;
/** So many profiles are kept, for so many days. */
export const PROFILES_KEPT = { count: 50, days: 30 } as const;

export const AskProfile = Type.Object(
  {
    node: Named({ zh: '节点', en: 'Node' }, PlainText({ min: 1, max: 120 })),
    kind: Named({ zh: '种类', en: 'Kind' }, OneOf(Object.keys(PROFILE_KINDS) as ProfileKind[]), PROFILE_KINDS),
    seconds: Named({ zh: '秒数', en: 'Seconds' }, Type.Integer({ minimum: PROFILE_SECONDS.least, maximum: PROFILE_SECONDS.most })),
  },
  closed,
);

export const ProfileLine = Type.Object({
  id: IdText,
  node: Type.String(),
  kind: OneOf(Object.keys(PROFILE_KINDS) as ProfileKind[]),
  seconds: Type.Integer(),
  state: OneOf(['waiting', 'running', 'done', 'failed']),
  askedBy: Type.String(),
  askedAt: Instant,
  endedAt: OrNull(Instant),
  failure: OrNull(Type.String()),
  bytes: OrNull(Type.Integer({ description: 'Of the file to download' })),
});
export type ProfileLine = Static<typeof ProfileLine>;

/** What a function cost: microseconds of a processor profile, bytes of a heap profile. */
export const ProfiledFunction = Type.Object({ name: Type.String(), place: Type.String(), self: Type.Number(), total: Type.Number() });
export type ProfiledFunction = Static<typeof ProfiledFunction>;

export const FlameFrame = Type.Object({
  name: Type.String(),
  place: Type.String(),
  depth: Type.Integer(),
  from: Type.Number({ description: 'Where it begins among all, 0 to 1' }),
  share: Type.Number({ description: 'Its width, 0 to 1' }),
});
export type FlameFrame = Static<typeof FlameFrame>;

export const NodeVitals = Type.Object({
  delayP50Ms: Ms,
  delayP99Ms: Ms,
  delayMaxMs: Ms,
  utilisation: Type.Number({ description: 'Of the event loop, 0 to 1' }),
  collections: Type.Integer({ description: 'Garbage collections' }),
  collectingMs: Ms,
  heapBytes: Type.Number(),
  residentBytes: Type.Number(),
});
export type NodeVitals = Static<typeof NodeVitals>;

export const ProfileSummary = Type.Object({
  vitals: NodeVitals,
  all: Type.Number({ description: 'Microseconds or bytes of all samples' }),
  idle: Type.Number({ description: 'Of these, microseconds in which nothing ran' }),
  top: Type.Array(ProfiledFunction),
  flame: Type.Array(FlameFrame),
});
export type ProfileSummary = Static<typeof ProfileSummary>;

export const ProfileView = Type.Object({ line: ProfileLine, summary: OrNull(ProfileSummary) });
export type ProfileView = Static<typeof ProfileView>;

export const ProfileBoard = Type.Object({ nodes: Type.Array(Type.String()), items: Type.Array(ProfileLine) });
export type ProfileBoard = Static<typeof ProfileBoard>;

export const MESSAGE_OUTCOMES = {
  failed: { zh: '失败', en: 'Failed' },
  waiting: { zh: '待发送', en: 'Waiting' },
  sent: { zh: '已发送', en: 'Sent' },
} as const satisfies Record<string, Words>;
export type MessageOutcome = keyof typeof MESSAGE_OUTCOMES;

export const OutgoingMessage = Type.Object({
  id: IdText,
  at: Instant,
  channel: OneOf(['sms', 'mail', 'webhook']),
  target: Type.String({ description: 'Masked where it belongs to a person' }),
  receiver: OrNull(Type.String()),
  subject: Type.String(),
  request: Type.String({ description: 'What was sent, with numbers masked' }),
  outcome: OneOf(Object.keys(MESSAGE_OUTCOMES) as MessageOutcome[]),
  tries: Type.Integer(),
  sentAt: OrNull(Instant),
  failure: OrNull(Type.String()),
  answer: OrNull(Type.String({ description: 'Status and the first 2 KiB of the last answer' })),
  repeatOf: OrNull(IdText),
  askedBy: OrNull(Type.String()),
});
export type OutgoingMessage = Static<typeof OutgoingMessage>;

const statement = Type.Object({ query: Type.String({ pattern: '^-?\\d{1,19}$' }) });

export const diagnosisApi = {
  statements: route({
    method: 'GET',
    path: '/api/operations/diagnosis/statements',
    tag,
    access: 'operations.see',
    summary: { zh: '慢 SQL 与语句统计', en: 'Statements by what they cost' },
    query: Type.Object({
      sort: Type.Optional(OneOf(Object.keys(STATEMENT_SORTS) as StatementSort[])),
      q: Type.Optional(PlainText({ max: 100, description: 'Words of the statement' })),
    }),
    reply: StatementBoard,
    errors: ['diagnosis.no-right'],
  }),
  resetStatements: route({
    method: 'POST',
    path: '/api/operations/diagnosis/statements/reset',
    tag,
    access: 'operations.handle',
    summary: { zh: '语句统计清零', en: 'Reset the statistics of statements' },
    body: Type.Object({ reason: Reason }, closed),
    reply: Type.Object({ at: Instant }),
    errors: ['diagnosis.no-statistics', 'diagnosis.no-right'],
  }),
  plan: route({
    method: 'GET',
    path: '/api/operations/diagnosis/statements/:query/plan',
    tag,
    access: 'operations.see',
    summary: { zh: '语句的执行计划', en: 'The plan of a listed statement; it is not run' },
    params: statement,
    query: Type.Object({ role: PlainText({ min: 1, max: 63, description: 'The role it ran as' }) }),
    reply: Plan,
    errors: ['diagnosis.no-statistics', 'diagnosis.no-such-statement', 'diagnosis.server-too-old', 'diagnosis.no-plan'],
  }),
  locks: route({
    method: 'GET',
    path: '/api/operations/diagnosis/locks',
    tag,
    access: 'operations.see',
    summary: { zh: '锁等待', en: 'Who waits for whom in the database' },
    reply: LockBoard,
    errors: ['diagnosis.no-right'],
  }),
  endSession: route({
    method: 'POST',
    path: '/api/operations/diagnosis/sessions/:pid/end',
    tag,
    access: 'operations.handle',
    summary: { zh: '取消语句或断开会话', en: 'Cancel a statement or end a session of the database' },
    params: Type.Object({ pid: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) }),
    body: EndSession,
    reply: Type.Object({ pid: Type.Integer() }),
    errors: ['diagnosis.session-gone', 'diagnosis.session-kept', 'diagnosis.no-right', 'base.not-found', 'casework.not-allowed-now'],
  }),
  profiles: route({
    method: 'GET',
    path: '/api/operations/diagnosis/profiles',
    tag,
    access: 'operations.see',
    summary: { zh: '节点性能采样', en: 'Profiles of nodes' },
    reply: ProfileBoard,
  }),
  askProfile: route({
    method: 'POST',
    path: '/api/operations/diagnosis/profiles',
    tag,
    access: 'operations.handle',
    summary: { zh: '对节点采样', en: 'Take a profile of a node' },
    body: AskProfile,
    reply: Type.Object({ id: IdText }),
    status: 202,
    errors: ['diagnosis.no-such-node', 'diagnosis.profile-at-work'],
  }),
  profile: route({
    method: 'GET',
    path: '/api/operations/diagnosis/profiles/:id',
    tag,
    access: 'operations.see',
    summary: { zh: '采样结果', en: 'What a profile shows' },
    params: Type.Object({ id: IdText }),
    reply: ProfileView,
  }),
  profileFile: route({
    method: 'GET',
    path: '/api/operations/diagnosis/profiles/:id/file',
    tag,
    access: 'operations.see',
    summary: { zh: '下载采样文件', en: 'The profile as a file for the developer tools of Chromium' },
    params: Type.Object({ id: IdText }),
    reply: Bytes,
    errors: ['diagnosis.profile-not-done'],
  }),
  messages: route({
    method: 'GET',
    path: '/api/operations/diagnosis/messages',
    tag,
    access: 'operations.see',
    summary: { zh: '外发消息的请求与应答', en: 'What was sent outside, with the answers' },
    query: Type.Object({ outcome: Type.Optional(OneOf(Object.keys(MESSAGE_OUTCOMES) as MessageOutcome[])), ...PageQuery }),
    reply: PageOf(OutgoingMessage),
  }),
  repeatMessage: route({
    method: 'POST',
    path: '/api/operations/diagnosis/messages/:id/repeat',
    tag,
    access: 'operations.handle',
    summary: { zh: '重发消息', en: 'Send a message again' },
    params: Type.Object({ id: IdText }),
    body: Type.Object({ reason: Reason }, closed),
    reply: Type.Object({ id: IdText }),
    status: 201,
    errors: ['diagnosis.message-waits', 'diagnosis.repeated-already', 'diagnosis.no-address'],
  }),
};
