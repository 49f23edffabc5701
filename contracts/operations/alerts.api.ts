import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { IdText, Instant, Named, OneOf, OrNull, PageOf, PageQuery, PlainText, type Words } from '../base/text.ts';

/** DOMAIN §5.5: P1 is paged and rung, P4 is told once a day. */
export const ALERT_LEVELS = ['P1', 'P2', 'P3', 'P4'] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

/**
 * What a rule compares.
 *
 * - `static`: the value itself.
 * - `rate`: by how much a counter rises in a second, over `overSeconds`.
 * - `absence`: that nothing is told at all.
 * - `baseline`: how many standard deviations the value lies from what is usual in this hour of the week.
 *
 * `back` is the bound it must come back behind before the alert may end, where that is not the bound itself.
 */
export const Judgement = Type.Union([
  Type.Object({
    kind: OneOf(['static', 'baseline']),
    op: OneOf(['above', 'below']),
    bound: Type.Number(),
    back: Type.Optional(Type.Number()),
  }),
  Type.Object({
    kind: Type.Literal('rate'),
    op: OneOf(['above', 'below']),
    bound: Type.Number(),
    back: Type.Optional(Type.Number()),
    overSeconds: Type.Integer({ minimum: 30, maximum: 3600 }),
  }),
  Type.Object({ kind: Type.Literal('absence') }),
]);
export type Judgement = Static<typeof Judgement>;

/** A label a series must have (or must not), as in Prometheus: equal, not equal, matching, not matching. */
export const Matcher = Type.Object({
  label: Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$', maxLength: 60 }),
  op: OneOf(['=', '!=', '=~', '!~']),
  value: Type.String({ maxLength: 200 }),
});
export type Matcher = Static<typeof Matcher>;

export const AlertRule = Type.Object({
  key: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 }),
  zh: Type.String({ minLength: 1, maxLength: 100 }),
  en: Type.String({ minLength: 1, maxLength: 100 }),
  metric: Type.String({ pattern: '^[A-Za-z_:][A-Za-z0-9_:]*$', maxLength: 120 }),
  matchers: Type.Array(Matcher, { maxItems: 10 }),
  judgement: Judgement,
  /** How long it must be bad before the alert opens. */
  forSeconds: Type.Integer({ minimum: 0, maximum: 86_400 }),
  level: OneOf(ALERT_LEVELS),
  /** What a person does about it. */
  advice: PlainText({ min: 0, max: 500 }),
});
export type AlertRule = Static<typeof AlertRule>;

const tag = 'operations';
const closed = { additionalProperties: false } as const;

/** What people set, so that nobody is told. */
export const SILENCE_KINDS = ['silence', 'maintenance'] as const;
/** Why an alert is told to nobody; `inhibited`: what its thing stands on has an alert as grave. */
export const HUSHED = [...SILENCE_KINDS, 'inhibited'] as const;
export const SILENCE_NAMES = {
  silence: { zh: '静默', en: 'Silence' },
  maintenance: { zh: '维护窗口', en: 'Maintenance window' },
} as const satisfies Record<(typeof SILENCE_KINDS)[number], Words>;
export const HUSHED_NAMES = {
  ...SILENCE_NAMES,
  inhibited: { zh: '依赖对象已告警', en: 'What it stands on has an alert' },
} as const satisfies Record<(typeof HUSHED)[number], Words>;

/** How an alert is judged in the review of noise (DOMAIN §5.5). */
export const VERDICT_NAMES = {
  useful: { zh: '有效', en: 'Useful' },
  noise: { zh: '无效', en: 'Noise' },
} as const satisfies Record<string, Words>;

export const AlertLine = Type.Object({
  id: IdText,
  source: OneOf(['minsheng', 'alertmanager']),
  rule: Type.String(),
  level: OneOf(ALERT_LEVELS),
  zh: Type.String(),
  en: Type.String(),
  labels: Type.Record(Type.String(), Type.String()),
  value: OrNull(Type.Number()),
  component: OrNull(Type.String()),
  series: OrNull(Type.Integer()),
  openedAt: Instant,
  endedAt: OrNull(Instant),
  hushed: OrNull(OneOf(HUSHED)),
  hushedWhy: OrNull(Type.String({ description: 'The reason of the silence that covers it' })),
  ackDueAt: OrNull(Instant),
  acknowledgedAt: OrNull(Instant),
  acknowledgedBy: OrNull(Type.String()),
  escalatedAt: OrNull(Instant),
  record: OrNull(Type.Object({ id: IdText, number: Type.String() })),
  verdict: OrNull(OneOf(['useful', 'noise'])),
  verdictNote: OrNull(Type.String()),
  told: Type.Array(Type.Object({ route: Type.String(), what: OneOf(['opened', 'ended']), at: Instant }), { maxItems: 40 }),
  advice: OrNull(Type.String()),
});
export type AlertLine = Static<typeof AlertLine>;

export const RuleView = Type.Object({
  ...AlertRule.properties,
  advice: Type.String(),
  enabled: Type.Boolean(),
  version: Type.Integer(),
  changedBy: Type.String(),
  changedAt: Instant,
  open: Type.Integer({ description: 'How many alerts of it stand open' }),
  lastOpenedAt: OrNull(Instant),
  toldWithinSeconds: Type.Integer({ description: 'From the first bad reading to the alert, at the latest' }),
});
export type RuleView = Static<typeof RuleView>;

/** DOMAIN §5.5: of the alerts that were judged no more than this share is noise. */
export const NOISE_GOAL = 0.1;

/** What the figures of a month say should be done about a rule. */
export const NOISE_ADVICE = {
  disable: { zh: '多数被评为无效：调整阈值，或停用', en: 'Mostly judged noise: change its threshold, or disable it' },
  threshold: { zh: '无效比例超过目标：放宽阈值或缩小匹配范围', en: 'More noise than the goal: widen the bound or narrow the matchers' },
  longer: { zh: '多在 5 分钟内自行恢复：延长持续时间', en: 'Mostly over by itself within 5 minutes: ask for it to last longer' },
  back: { zh: '频繁反复：设置恢复阈值', en: 'It flaps: give it a bound to come back behind' },
  cause: { zh: '同一对象反复告警：登记问题，查清根源', en: 'The same thing again and again: raise a problem and find its cause' },
  judge: { zh: '尚未评定：请逐条评定是否有效', en: 'Nothing is judged yet: say which were useful' },
} as const satisfies Record<string, Words>;
export type NoiseAdvice = keyof typeof NOISE_ADVICE;

/** What one rule made of a month: for the monthly review of noise. */
export const NoiseLine = Type.Object({
  rule: Type.String(),
  zh: Type.String(),
  en: Type.String(),
  opened: Type.Integer(),
  hushed: Type.Integer(),
  acknowledged: Type.Integer(),
  recorded: Type.Integer({ description: 'Became a fault' }),
  brief: Type.Integer({ description: 'Ended by themselves within five minutes, acknowledged by nobody' }),
  flapping: Type.Integer({ description: 'At least the fifth opening of the same within the hour' }),
  repeated: Type.Integer({ description: 'Opened again within a day after the same had ended' }),
  useful: Type.Integer(),
  noise: Type.Integer(),
  minutes: Type.Number({ description: 'Minutes an alert stood, on average' }),
  advice: Type.Array(OneOf(Object.keys(NOISE_ADVICE) as NoiseAdvice[])),
});
export type NoiseLine = Static<typeof NoiseLine>;

export const Silence = Type.Object({
  id: IdText,
  kind: OneOf(['silence', 'maintenance']),
  matchers: Type.Array(Matcher),
  from: Instant,
  to: Instant,
  inForce: Type.Boolean({ description: 'It has begun' }),
  reason: Type.String(),
  madeBy: Type.String(),
});
export type Silence = Static<typeof Silence>;

export const CHANNELS = ['console', 'sms', 'mail', 'webhook', 'alertmanager'] as const;

export const CHANNEL_NAMES = {
  console: { zh: '控制台', en: 'Console' },
  sms: { zh: '短信', en: 'SMS' },
  mail: { zh: '邮件', en: 'Mail' },
  webhook: { zh: 'Webhook', en: 'Webhook' },
  alertmanager: { zh: 'Alertmanager', en: 'Alertmanager' },
} as const satisfies Record<(typeof CHANNELS)[number], Words>;

const matchersName = { zh: '匹配标签', en: 'Matchers' };
const routeFacts = {
  name: Named({ zh: '名称', en: 'Name' }, PlainText({ min: 2, max: 60 })),
  levels: Named({ zh: '级别', en: 'Levels' }, Type.Array(OneOf(ALERT_LEVELS), { minItems: 1, maxItems: 4, uniqueItems: true })),
  matchers: Named(matchersName, Type.Array(Matcher, { maxItems: 10 })),
  channel: Named({ zh: '通道', en: 'Channel' }, OneOf(CHANNELS), CHANNEL_NAMES),
  target: Named(
    {
      zh: '对象（号码、邮箱、网址，或 line:1 至 line:4 表示当班人员）',
      en: 'Target: a number, address, URL, or line:1 to line:4 for who is on duty',
    },
    Type.String({
      minLength: 1,
      maxLength: 300,
      description: 'A number, an address, a URL, or `line:1` to `line:4` for who is on duty',
    }),
  ),
  groupSeconds: Named({ zh: '合并等待（秒）', en: 'Gather for (s)' }, Type.Integer({ minimum: 0, maximum: 3600 })),
};
export const NewAlertRoute = Type.Object(routeFacts, closed);
const enabledFact = { enabled: Named({ zh: '启用', en: 'Enabled' }, Type.Boolean()) };
export const ChangedAlertRoute = Type.Object({ ...routeFacts, ...enabledFact }, closed);

export const NewSilence = Type.Object(
  {
    kind: Named({ zh: '类型', en: 'Kind' }, OneOf(SILENCE_KINDS), SILENCE_NAMES),
    matchers: Named(matchersName, Type.Array(Matcher, { minItems: 1, maxItems: 10 })),
    from: Type.Optional(Named({ zh: '开始', en: 'From' }, Instant)),
    to: Named({ zh: '结束', en: 'Until' }, Instant),
    reason: Named({ zh: '原因', en: 'Reason' }, PlainText({ min: 4, max: 200 })),
  },
  closed,
);

export const NewVerdict = Type.Object(
  {
    verdict: Named({ zh: '评定', en: 'Verdict' }, OneOf(['useful', 'noise']), VERDICT_NAMES),
    reason: Named({ zh: '理由', en: 'Reason' }, PlainText({ min: 4, max: 200 })),
  },
  closed,
);
export const AlertRoute = Type.Object({ id: IdText, ...routeFacts, name: Type.String(), enabled: Type.Boolean(), madeBy: Type.String() });
export type AlertRoute = Static<typeof AlertRoute>;

export const Message = Type.Object({
  id: IdText,
  at: Instant,
  channel: OneOf(['sms', 'mail', 'webhook']),
  receiver: OrNull(Type.String()),
  target: Type.String({ description: 'Where it went, masked' }),
  subject: Type.String(),
  tries: Type.Integer(),
  sentAt: OrNull(Instant),
  failure: OrNull(Type.String()),
  waiting: Type.Boolean(),
});
export type Message = Static<typeof Message>;

/** What Alertmanager posts to a webhook, as far as it is read here. */
export const AlertmanagerPost = Type.Object({
  alerts: Type.Array(
    Type.Object({
      status: OneOf(['firing', 'resolved']),
      fingerprint: Type.String({ minLength: 1, maxLength: 64 }),
      labels: Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 500 })),
      annotations: Type.Optional(Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 2000 }))),
      startsAt: Type.String({ maxLength: 40 }),
    }),
    { maxItems: 1000 },
  ),
});
export type AlertmanagerPost = Static<typeof AlertmanagerPost>;

const byId = Type.Object({ id: IdText });
const byKey = Type.Object({ key: AlertRule.properties.key });
const Done = Type.Object({ id: IdText });

export const alertsApi = {
  list: route({
    method: 'GET',
    path: '/api/operations/alerts',
    tag,
    access: 'operations.see',
    summary: { zh: '告警', en: 'Alerts' },
    query: Type.Object({
      open: Type.Optional(OneOf(['true', 'false'])),
      level: Type.Optional(OneOf(ALERT_LEVELS)),
      rule: Type.Optional(AlertRule.properties.key),
      component: Type.Optional(PlainText({ min: 1, max: 120, description: 'A part of what the component is called' })),
      ...PageQuery,
    }),
    reply: PageOf(AlertLine),
  }),
  acknowledge: route({
    method: 'POST',
    path: '/api/operations/alerts/:id/acknowledge',
    tag,
    access: 'operations.handle',
    summary: { zh: '确认告警', en: 'Acknowledge an alert' },
    params: byId,
    reply: Done,
    errors: ['operations.alert-over'],
  }),
  judge: route({
    method: 'POST',
    path: '/api/operations/alerts/:id/verdict',
    tag,
    access: 'operations.handle',
    summary: { zh: '评定告警是否有效', en: 'Say whether an alert was useful' },
    params: byId,
    body: NewVerdict,
    reply: Done,
    errors: ['operations.alert-open'],
  }),
  rules: route({
    method: 'GET',
    path: '/api/operations/alert-rules',
    tag,
    access: 'operations.see',
    summary: { zh: '告警规则', en: 'Alert rules' },
    reply: Type.Object({ items: Type.Array(RuleView) }),
  }),
  rulesFile: route({
    method: 'GET',
    path: '/api/operations/alert-rules/prometheus',
    tag,
    access: 'operations.see',
    summary: { zh: '导出为 Prometheus 规则文件', en: 'The rules as a file of Prometheus' },
    reply: Type.Unsafe<unknown>({}),
  }),
  putRule: route({
    method: 'PUT',
    path: '/api/operations/alert-rules/:key',
    tag,
    access: 'operations.decide',
    summary: { zh: '新增或修改告警规则', en: 'Add or change a rule' },
    params: byKey,
    body: Type.Object(
      { ...Type.Omit(AlertRule, ['key']).properties, enabled: Type.Boolean(), version: Type.Integer({ minimum: 0 }) },
      closed,
    ),
    reply: RuleView,
    errors: ['base.stale', 'operations.bad-pattern'],
  }),
  noise: route({
    method: 'GET',
    path: '/api/operations/alert-noise',
    tag,
    access: 'operations.see',
    summary: { zh: '告警噪声月评', en: 'The monthly review of noise' },
    query: Type.Object({ month: Type.Optional(Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$' })) }),
    reply: Type.Object({ month: Type.String(), items: Type.Array(NoiseLine) }),
  }),
  silences: route({
    method: 'GET',
    path: '/api/operations/silences',
    tag,
    access: 'operations.see',
    summary: { zh: '静默与维护窗口', en: 'Silences and maintenance windows' },
    reply: Type.Object({ items: Type.Array(Silence) }),
  }),
  silence: route({
    method: 'POST',
    path: '/api/operations/silences',
    tag,
    access: 'operations.handle',
    summary: { zh: '新增静默或维护窗口', en: 'Add a silence or a maintenance window' },
    body: NewSilence,
    reply: Done,
    status: 201,
    errors: ['operations.bad-pattern', 'operations.bad-span'],
  }),
  endSilence: route({
    method: 'POST',
    path: '/api/operations/silences/:id/end',
    tag,
    access: 'operations.handle',
    summary: { zh: '结束静默', en: 'End a silence' },
    params: byId,
    reply: Done,
  }),
  routes: route({
    method: 'GET',
    path: '/api/operations/alert-routes',
    tag,
    access: 'operations.see',
    summary: { zh: '告警通知路由', en: 'Routes of alerts' },
    reply: Type.Object({ items: Type.Array(AlertRoute) }),
  }),
  addRoute: route({
    method: 'POST',
    path: '/api/operations/alert-routes',
    tag,
    access: 'operations.decide',
    summary: { zh: '新增通知路由', en: 'Add a route' },
    body: NewAlertRoute,
    reply: Done,
    status: 201,
    errors: ['operations.bad-pattern', 'operations.bad-target'],
  }),
  changeRoute: route({
    method: 'PUT',
    path: '/api/operations/alert-routes/:id',
    tag,
    access: 'operations.decide',
    summary: { zh: '修改通知路由', en: 'Change a route' },
    params: byId,
    body: ChangedAlertRoute,
    reply: Done,
    errors: ['operations.bad-pattern', 'operations.bad-target'],
  }),
  dropRoute: route({
    method: 'DELETE',
    path: '/api/operations/alert-routes/:id',
    tag,
    access: 'operations.decide',
    summary: { zh: '删除通知路由', en: 'Drop a route' },
    params: byId,
    reply: Done,
  }),
  messages: route({
    method: 'GET',
    path: '/api/operations/messages',
    tag,
    access: 'operations.see',
    summary: { zh: '外发消息', en: 'What was sent outside' },
    query: Type.Object(PageQuery),
    reply: PageOf(Message),
  }),
  receive: route({
    method: 'POST',
    path: '/api/operations/alertmanager',
    tag,
    access: 'operations.send-alerts',
    summary: { zh: '接收 Alertmanager 告警', en: 'Takes what Alertmanager posts' },
    body: AlertmanagerPost,
    reply: Type.Object({ opened: Type.Integer(), ended: Type.Integer() }),
  }),
};
