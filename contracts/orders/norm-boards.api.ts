import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { IdText, Instant, OrNull } from '../base/text.ts';

const tag = 'norms';

const Practice = {
  clocks: Type.Integer({ description: 'Clocks that stopped in the span' }),
  late: Type.Integer(),
  median: OrNull(Type.Number({ description: 'Net time used, as a part of the limit' })),
  p90: OrNull(Type.Number()),
};

/** What the norms know and do not know, and how the work goes by them, in a span. */
export const NormBoards = Type.Object({
  from: Type.String(),
  to: Type.String(),
  orders: Type.Integer(),
  blind: Type.Integer({ description: 'Orders whose category the norm does not know, or that have none' }),
  coverage: Type.Array(
    Type.Object({
      category: OrNull(Type.String()),
      orders: Type.Integer(),
      cities: Type.Integer({ description: 'How many cities have such orders' }),
    }),
  ),
  deviation: Type.Array(
    Type.Object({
      region: Type.String(),
      supplement: OrNull(Type.Object({ id: IdText, version: Type.Integer() })),
      limits: Type.Integer({ description: 'Limits the supplement shortens' }),
      shorter: OrNull(Type.Number({ description: 'By how much they are shorter on the average, as a part of the limit of the province' })),
      fields: Type.Integer({ description: 'Required fields it adds' }),
      replies: Type.Integer({ description: 'Demands on replies it adds' }),
      ...Practice,
      beyond: Type.Integer({ description: 'Clocks that took longer than the norm of the province allows' }),
    }),
  ),
  efficiency: Type.Array(Type.Object({ region: Type.String(), clock: Type.String(), ...Practice })),
});
export type NormBoards = Static<typeof NormBoards>;

const Side = Type.Object({
  from: Instant,
  to: Instant,
  filed: Type.Integer(),
  complaints: Type.Integer({ description: 'Orders of the type complaint (投诉)' }),
  rated: Type.Integer(),
  dissatisfied: Type.Integer({ description: 'Ratings of 1 or 2' }),
});

export const normBoardsApi = {
  boards: route({
    method: 'GET',
    path: '/api/norm-boards',
    tag,
    access: 'orders.see-norm-boards',
    summary: { zh: '规范看板：覆盖、偏离、效率', en: 'Boards of norms: coverage, deviation, efficiency' },
    query: Type.Object({ days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366, default: 30 })) }),
    reply: NormBoards,
  }),
  effect: route({
    method: 'GET',
    path: '/api/norm-boards/:id',
    tag,
    access: 'orders.see-norm-boards',
    summary: { zh: '规范生效前后的投诉率与不满意率', en: 'Complaints and dissatisfaction before and after a norm took effect' },
    params: Type.Object({ id: IdText }),
    query: Type.Object({ days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366, default: 30 })) }),
    reply: Type.Object({ id: IdText, region: Type.String(), version: Type.Integer(), effectiveFrom: Instant, before: Side, after: Side }),
  }),
} as const;
