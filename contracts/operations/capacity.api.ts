import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { Instant, OneOf, OrNull, type Words } from '../base/text.ts';

/** What can run out. */
export const RESOURCES = {
  disk: { zh: '数据盘', en: 'Disk of the data' },
  memory: { zh: '内存', en: 'Memory' },
  cpu: { zh: '处理器', en: 'Processors' },
  connections: { zh: '数据库连接', en: 'Connections of the database' },
  database: { zh: '数据库容量', en: 'Size of the database' },
  ids: { zh: '编号序列', en: 'Numbers and ids' },
  partitions: { zh: '分区', en: 'Partitions' },
  site: { zh: '备份存储', en: 'Backup site' },
  certificate: { zh: '证书', en: 'Certificate' },
  licence: { zh: '软件授权', en: 'Licence' },
  warranty: { zh: '保修', en: 'Warranty' },
} as const satisfies Record<string, Words>;
export type Resource = keyof typeof RESOURCES;

/** Why a day is named, or why none is. */
export const FORECAST_STATES = {
  out: { zh: '已用尽', en: 'Used up' },
  foreseen: { zh: '按趋势', en: 'By its trend' },
  fixed: { zh: '到期日', en: 'On its day' },
  flat: { zh: '无增长，不可预见', en: 'No growth; not foreseeable' },
  far: { zh: '很远，不可预见', en: 'Far ahead; not foreseeable' },
  unbounded: { zh: '上限未知', en: 'Its limit is not known' },
  few: { zh: '数据不足，不可预见', en: 'Too few readings; not foreseeable' },
} as const satisfies Record<string, Words>;
export type ForecastState = keyof typeof FORECAST_STATES;

export const CapacityLine = Type.Object({
  resource: OneOf(Object.keys(RESOURCES) as Resource[]),
  /** Whose: a node, a sequence, a name. */
  subject: Type.String(),
  asset: OrNull(Type.String({ description: 'By its key in the register' })),
  unit: OneOf(['ratio', 'bytes', 'days']),
  value: OrNull(Type.Number({ description: 'As it stands now' })),
  limit: OrNull(Type.Number()),
  perDay: OrNull(Type.Number({ description: 'How much it grows a day' })),
  greatest: OrNull(Type.Number({ description: 'The highest hour, as a part of the limit' })),
  usual: OrNull(Type.Number({ description: 'The middle hour, as a part of the limit' })),
  days: Type.Number({ description: 'Of how many days' }),
  state: OneOf(Object.keys(FORECAST_STATES) as ForecastState[]),
  outAt: OrNull(Instant),
  earliestAt: OrNull(Instant),
  latestAt: OrNull(Instant),
  advice: OrNull(OneOf(['short', 'idle'])),
});
export type CapacityLine = Static<typeof CapacityLine>;

export const capacityApi = {
  board: route({
    method: 'GET',
    path: '/api/operations/capacity',
    tag: 'operations',
    access: 'operations.see',
    summary: { zh: '容量预测', en: 'When resources run out' },
    reply: Type.Object({ at: Instant, items: Type.Array(CapacityLine) }),
  }),
};
