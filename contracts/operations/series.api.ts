import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { IdText, Instant, OneOf, OrNull } from '../base/text.ts';

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

/** What happened while it was measured: a change while it was made, a fault while it was open. */
export const SeriesMark = Type.Object({
  id: IdText,
  kind: OneOf(['change', 'fault']),
  number: Type.String(),
  title: Type.String(),
  from: Instant,
  to: OrNull(Instant),
});
export type SeriesMark = Static<typeof SeriesMark>;

const idsText = Type.String({ pattern: `^\\d{1,9}(,\\d{1,9}){0,${LINES_AT_MOST - 1}}$`, description: `Up to ${LINES_AT_MOST} series` });
const span = { from: Instant, to: Instant };

export const seriesApi = {
  names: route({
    method: 'GET',
    path: '/api/operations/series/names',
    tag,
    access: 'operations.see',
    summary: { zh: '指标名称', en: 'The names of what is measured' },
    reply: Type.Object({ items: Type.Array(Type.Object({ name: Type.String(), series: Type.Integer() })) }),
    errors: ['operations.prometheus-silent'],
  }),
  marks: route({
    method: 'GET',
    path: '/api/operations/series/marks',
    tag,
    access: 'operations.see',
    summary: { zh: '时段内的变更与故障', en: 'Changes and faults of a span' },
    query: Type.Object(span),
    reply: Type.Object({ items: Type.Array(SeriesMark) }),
  }),
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
      ids: Type.Optional(idsText),
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
      ids: idsText,
      ...span,
      own: Type.Optional(OneOf(['true'], 'What the platform keeps itself, also where a Prometheus stands in for it')),
    }),
    reply: Type.Object({ stepSeconds: Type.Integer(), lines: Type.Array(SeriesLine) }),
    errors: ['base.span-too-long', 'operations.prometheus-silent'],
  }),
};
