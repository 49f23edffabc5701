import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { IdText, Instant, Named, OneOf, OrNull, PlainText, type Words } from '../base/text.ts';

const tag = 'operations';
const closed = { additionalProperties: false } as const;

export const PROBE_KINDS = {
  http: { zh: '网页或接口', en: 'Page or interface' },
  tcp: { zh: '端口', en: 'Port' },
  sql: { zh: '数据库', en: 'Database' },
  certificate: { zh: '证书', en: 'Certificate' },
  dns: { zh: '域名解析', en: 'Name' },
  browser: { zh: '浏览器走查', en: 'Browser' },
} as const satisfies Record<string, Words>;
export type ProbeKind = keyof typeof PROBE_KINDS;

const facts = {
  name: Named({ zh: '名称', en: 'Name' }, PlainText({ min: 2, max: 60 })),
  kind: Named({ zh: '类型', en: 'Kind' }, OneOf(Object.keys(PROBE_KINDS) as ProbeKind[]), PROBE_KINDS),
  target: Named(
    { zh: '目标', en: 'Target' },
    Type.String({ minLength: 1, maxLength: 200, description: 'An address of a page, host:port, a connection, or a name' }),
  ),
  expects: Type.Optional(
    Named({ zh: '应含内容、应得地址或查询语句', en: 'What it must hold, or the query' }, PlainText({ min: 1, max: 200 })),
  ),
  everySeconds: Named({ zh: '间隔（秒）', en: 'Every (s)' }, Type.Integer({ minimum: 15, maximum: 86_400 })),
  timeoutMs: Named({ zh: '时限（毫秒）', en: 'Timeout (ms)' }, Type.Integer({ minimum: 100, maximum: 60_000 })),
  component: Type.Optional(Named({ zh: '涉及对象', en: 'Component' }, PlainText({ min: 1, max: 120 }))),
};

const tried = { good: Type.Boolean(), tookMs: Type.Integer(), note: Type.String() };

export const ProbeView = Type.Object({
  id: IdText,
  key: Type.String(),
  ...facts,
  name: Type.String(),
  expects: OrNull(Type.String()),
  component: OrNull(Type.String()),
  enabled: Type.Boolean(),
  changedBy: Type.String(),
  last: OrNull(Type.Object({ at: Instant, ...tried })),
  share: OrNull(Type.Number({ description: 'Of the readings of the last day: how many were good, 0 to 1' })),
  tookMs: Type.Array(OrNull(Type.Integer()), { description: 'The last day by half-hours, on average' }),
});
export type ProbeView = Static<typeof ProbeView>;

export const NewProbe = Type.Object(
  { key: Named({ zh: '标识', en: 'Key' }, Type.String({ pattern: '^[a-z0-9]+([-.][a-z0-9]+)*$', maxLength: 60 })), ...facts },
  closed,
);
export type NewProbe = Static<typeof NewProbe>;

export const ChangedProbe = Type.Object(facts, closed);
export type ChangedProbe = Static<typeof ChangedProbe>;

export const ProbePage = Type.Object({
  ...ProbeView.properties,
  turns: Type.Array(Type.Object({ at: Instant, ...tried }), { description: 'When it began to fail and was good again, the newest first' }),
  series: Type.Array(Type.Object({ id: Type.Integer(), name: Type.String() })),
});
export type ProbePage = Static<typeof ProbePage>;

const byId = Type.Object({ id: IdText });
const Tried = Type.Object(tried);

export const probesApi = {
  list: route({
    method: 'GET',
    path: '/api/operations/probes',
    tag,
    access: 'operations.see',
    summary: { zh: '拨测', en: 'Probes' },
    reply: Type.Object({ items: Type.Array(ProbeView) }),
  }),
  add: route({
    method: 'POST',
    path: '/api/operations/probes',
    tag,
    access: 'operations.decide',
    summary: { zh: '新增拨测', en: 'Add a probe' },
    body: NewProbe,
    reply: Type.Object({ id: IdText }),
    status: 201,
    errors: ['operations.probe-target', 'operations.probe-key-taken', 'operations.probe-too-often'],
  }),
  byId: route({
    method: 'GET',
    path: '/api/operations/probes/:id',
    tag,
    access: 'operations.see',
    summary: { zh: '拨测详情', en: 'A probe with its results' },
    params: byId,
    reply: ProbePage,
  }),
  change: route({
    method: 'PUT',
    path: '/api/operations/probes/:id',
    tag,
    access: 'operations.decide',
    summary: { zh: '修改拨测', en: 'Change a probe' },
    params: byId,
    body: ChangedProbe,
    reply: byId,
    errors: ['operations.probe-target', 'operations.probe-too-often'],
  }),
  enable: route({
    method: 'POST',
    path: '/api/operations/probes/:id/enable',
    tag,
    access: 'operations.decide',
    summary: { zh: '启用或停用拨测', en: 'Enable or disable a probe' },
    params: Type.Object({ id: IdText }),
    body: Type.Object({ enabled: Type.Boolean() }, closed),
    reply: Type.Object({ id: IdText }),
  }),
  try: route({
    method: 'POST',
    path: '/api/operations/probes/:id/try',
    tag,
    access: 'operations.handle',
    summary: { zh: '立即拨测', en: 'Try a probe now' },
    params: Type.Object({ id: IdText }),
    reply: Tried,
  }),
};
