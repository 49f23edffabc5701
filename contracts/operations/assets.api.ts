import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { DayText, IdText, Instant, Named, OneOf, OrNull, PlainText, type Words } from '../base/text.ts';
import { AssetKey } from './software.api.ts';

const tag = 'operations';
const closed = { additionalProperties: false } as const;

export const ASSET_KINDS = {
  function: { zh: '业务功能', en: 'Function' },
  service: { zh: '服务', en: 'Service' },
  node: { zh: '平台节点', en: 'Node' },
  database: { zh: '数据库', en: 'Database' },
  host: { zh: '主机', en: 'Host' },
  interface: { zh: '接口', en: 'Interface' },
  certificate: { zh: '证书', en: 'Certificate' },
  licence: { zh: '软件授权', en: 'Licence' },
  site: { zh: '存储与机房', en: 'Site' },
} as const satisfies Record<string, Words>;
export type AssetKind = keyof typeof ASSET_KINDS;

/** How a thing stands: by its open alerts and faults. */
export const HEALTHS = {
  good: { zh: '正常', en: 'Good' },
  warning: { zh: '预警', en: 'Warning' },
  bad: { zh: '故障', en: 'Failing' },
} as const satisfies Record<string, Words>;
export type Health = keyof typeof HEALTHS;

const row = {
  key: Type.String(),
  kind: OneOf(Object.keys(ASSET_KINDS) as AssetKind[]),
  name: Type.String(),
  health: OneOf(Object.keys(HEALTHS) as Health[]),
};
export const AssetLine = Type.Object({
  ...row,
  owner: OrNull(Type.String()),
  room: OrNull(Type.String()),
  expiresOn: OrNull(DayText),
  warrantyUntil: OrNull(DayText),
  foundAt: OrNull(Instant),
  retiredAt: OrNull(Instant),
});
export type AssetLine = Static<typeof AssetLine>;

const Node = Type.Object(row);
export type TopologyNode = Static<typeof Node>;

const text = (zh: string, en: string, max = 120) => Type.Optional(Named({ zh, en }, PlainText({ max })));
/** What people write down of an asset. */
export const AssetInput = Type.Object(
  {
    kind: Named({ zh: '类型', en: 'Kind' }, OneOf(Object.keys(ASSET_KINDS) as AssetKind[]), ASSET_KINDS),
    name: Named({ zh: '名称', en: 'Name' }, PlainText({ min: 2, max: 120 })),
    owner: text('责任人', 'Owner'),
    room: text('机房与位置', 'Room'),
    serial: text('序列号', 'Serial number'),
    supplier: text('供应商', 'Supplier'),
    warrantyUntil: Type.Optional(Named({ zh: '保修截止', en: 'Warranty until' }, DayText)),
    expiresOn: Type.Optional(Named({ zh: '到期日（证书、授权）', en: 'Ends on (certificate, licence)' }, DayText)),
    note: text('备注', 'Note', 1000),
  },
  closed,
);
export type AssetInput = Static<typeof AssetInput>;

export const AssetView = Type.Object({
  ...AssetLine.properties,
  serial: OrNull(Type.String()),
  supplier: OrNull(Type.String()),
  note: OrNull(Type.String()),
  version: Type.Integer(),
  changedBy: Type.String(),
  changedAt: Instant,
  standsOn: Type.Array(Type.Object({ ...row, found: Type.Boolean() })),
  carries: Type.Array(Type.Object({ ...row, found: Type.Boolean() })),
  impact: Type.Array(Node, { description: 'All that stands on it, directly or not' }),
  alerts: Type.Array(
    Type.Object({
      id: IdText,
      level: Type.String(),
      zh: Type.String(),
      en: Type.String(),
      openedAt: Instant,
      hushed: OrNull(Type.String()),
    }),
  ),
  records: Type.Array(Type.Object({ id: IdText, number: Type.String(), kind: Type.String(), title: Type.String() })),
  components: Type.Integer({ description: 'Of its inventories' }),
});
export type AssetView = Static<typeof AssetView>;

const params = Type.Object({ key: AssetKey });
const Saved = Type.Object({ key: Type.String(), version: Type.Integer() });

export const assetsApi = {
  list: route({
    method: 'GET',
    path: '/api/operations/assets',
    tag,
    access: 'operations.see',
    summary: { zh: '资产登记册', en: 'Register of assets' },
    query: Type.Object({
      kind: Type.Optional(OneOf(Object.keys(ASSET_KINDS) as AssetKind[])),
      q: Type.Optional(PlainText({ max: 100, description: 'Words of key, name, owner or room' })),
      retired: Type.Optional(OneOf(['true'])),
    }),
    reply: Type.Object({ items: Type.Array(AssetLine) }),
  }),
  topology: route({
    method: 'GET',
    path: '/api/operations/topology',
    tag,
    access: 'operations.see',
    summary: { zh: '拓扑', en: 'What stands on what' },
    reply: Type.Object({ nodes: Type.Array(Node), relations: Type.Array(Type.Object({ upper: Type.String(), lower: Type.String() })) }),
  }),
  impact: route({
    method: 'GET',
    path: '/api/operations/impact',
    tag,
    access: 'operations.see',
    summary: { zh: '影响范围', en: 'What a failure reaches' },
    query: Type.Object({ key: PlainText({ min: 1, max: 120 }) }),
    reply: Type.Object({ asset: OrNull(Node), impact: Type.Array(Node) }),
  }),
  byKey: route({
    method: 'GET',
    path: '/api/operations/assets/:key',
    tag,
    access: 'operations.see',
    summary: { zh: '资产详情', en: 'One asset' },
    params,
    reply: AssetView,
  }),
  put: route({
    method: 'PUT',
    path: '/api/operations/assets/:key',
    tag,
    access: 'operations.handle',
    summary: { zh: '登记或修改资产', en: 'Write down or change an asset' },
    params,
    body: Type.Object(
      { version: Type.Integer({ minimum: 0, description: '0 for a new one' }), retired: Type.Optional(Type.Boolean()), input: AssetInput },
      closed,
    ),
    reply: Saved,
    errors: ['base.stale'],
  }),
  relate: route({
    method: 'PUT',
    path: '/api/operations/assets/:key/stands-on',
    tag,
    access: 'operations.handle',
    summary: { zh: '维护依赖', en: 'Say what an asset stands on' },
    params,
    body: Type.Object({ standsOn: Type.Array(AssetKey, { maxItems: 100, uniqueItems: true }) }, closed),
    reply: Saved,
    errors: ['operations.no-such-asset', 'operations.asset-circle'],
  }),
};
