import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { Instant, OneOf, OrNull, RegionCode } from '../base/text.ts';
import { LOAD_CLASSES } from '../base/load.ts';

const tag = 'load';
const Count = Type.Integer({ minimum: 0 });
const ByClass = Type.Object({ submit: Count, handling: Count, query: Count, heavy: Count });

export const NodeLoad = Type.Object({
  node: Type.String(),
  at: Instant,
  band: OneOf(['normal', 'diversion', 'priority']),
  share: Type.Number({ description: 'Of the limit, smoothed over about a second' }),
  limit: Count,
  ceiling: Count,
  diversionFrom: Type.Number(),
  priorityFrom: Type.Number(),
  waitMs: Type.Number({ description: 'How long a request waits before anything is done for it' }),
  waiting: Count,
  consoles: Count,
  atWork: ByClass,
  served: ByClass,
  shed: ByClass,
  waitingPages: Count,
  highSince: OrNull(Instant),
  needsCapacity: Type.Boolean(),
  recent: Type.Array(Type.Object({ at: Instant, share: Type.Number(), shed: Count })),
});
export type NodeLoad = Static<typeof NodeLoad>;

/** The upper bounds, in milliseconds, of the spans that answers are counted in; what took longer is counted last. */
export const RESPONSE_BOUNDS = [
  5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000, 60_000,
] as const;

export const ResponseFigure = Type.Object({
  key: Type.String({ description: 'The hour, the city or the endpoint' }),
  kind: OneOf(LOAD_CLASSES),
  count: Count,
  failed: Type.Integer({ minimum: 0, description: 'Answers of 500 and more, among the count' }),
  meanMs: Type.Number(),
  p50Ms: Type.Number(),
  p95Ms: Type.Number(),
  p99Ms: Type.Number(),
  maxMs: Type.Number(),
});
export type ResponseFigure = Static<typeof ResponseFigure>;

export const RESPONSE_DAYS_AT_MOST = 31;

export const loadApi = {
  nodes: route({
    method: 'GET',
    path: '/api/load',
    tag,
    access: 'operations.see-load',
    // Whoever looks after a full platform must see that it is full.
    load: 'handling',
    summary: { zh: '运行负载', en: 'How the nodes stand' },
    reply: Type.Object({ items: Type.Array(NodeLoad) }),
  }),
  responses: route({
    method: 'GET',
    path: '/api/load/responses',
    tag,
    access: 'operations.see-load',
    summary: { zh: '系统响应统计', en: 'How long answers took' },
    query: Type.Object({
      by: OneOf(['hour', 'city', 'route']),
      from: Instant,
      to: Instant,
      region: Type.Optional(RegionCode),
      kind: Type.Optional(OneOf(LOAD_CLASSES)),
    }),
    reply: Type.Object({ items: Type.Array(ResponseFigure) }),
    errors: ['base.span-too-long'],
  }),
};
