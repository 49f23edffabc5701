import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { Instant, OneOf } from '../base/text.ts';

const tag = 'operations';

export const Series = Type.Object({
  id: Type.Integer(),
  name: Type.String({ description: 'As in the exposition format of Prometheus' }),
  labels: Type.Record(Type.String(), Type.String()),
  kind: OneOf(['gauge', 'counter']),
});
export type Series = Static<typeof Series>;

/** Spans of a line are of one length: a reading's (15 s), five minutes, an hour. */
export const SeriesLine = Type.Object({
  id: Type.Integer(),
  at: Type.Array(Instant, { description: 'Where each span begins; spans without a reading are left out' }),
  least: Type.Array(Type.Number()),
  greatest: Type.Array(Type.Number()),
  mean: Type.Array(Type.Number()),
  last: Type.Array(Type.Number()),
});
export type SeriesLine = Static<typeof SeriesLine>;

/** How many series may be read at once. */
export const LINES_AT_MOST = 20;

export const seriesApi = {
  list: route({
    method: 'GET',
    path: '/api/operations/series',
    tag,
    access: 'operations.see',
    summary: { zh: '指标序列', en: 'What is measured' },
    query: Type.Object({
      name: Type.Optional(
        Type.String({ pattern: '^[A-Za-z0-9_:]*$', maxLength: 120, description: 'A metric, or the beginning of its name' }),
      ),
      after: Type.Optional(Type.Integer({ minimum: 0 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    }),
    reply: Type.Object({ items: Type.Array(Series) }),
    errors: ['operations.prometheus-silent'],
  }),
  read: route({
    method: 'GET',
    path: '/api/operations/series/readings',
    tag,
    access: 'operations.see',
    summary: { zh: '指标读数', en: 'What series told' },
    query: Type.Object({
      ids: Type.String({ pattern: `^\\d{1,9}(,\\d{1,9}){0,${LINES_AT_MOST - 1}}$`, description: `Up to ${LINES_AT_MOST} series` }),
      from: Instant,
      to: Instant,
      own: Type.Optional(OneOf(['true'], 'What the platform keeps itself, also where a Prometheus stands in for it')),
    }),
    reply: Type.Object({ stepSeconds: Type.Integer(), lines: Type.Array(SeriesLine) }),
    errors: ['base.span-too-long', 'operations.prometheus-silent'],
  }),
};
