import { Type, type Static } from 'typebox';
import { route } from '../../base/route.ts';
import { DayText, IdText, Instant, OrNull } from '../../base/text.ts';
import { RecordFilter, RecordLine } from './records.api.ts';

/** At most so many cards; the gravest stay. */
export const CARDS_AT_MOST = 500;

/** A problem on the board: what its card shows, and what this person may do with it now. */
export const ProblemCard = Type.Object({
  ...RecordLine.properties,
  ownerId: OrNull(IdText),
  score: OrNull(Type.Integer({ description: 'Impact by urgency, with its risk' })),
  plannedOn: OrNull(DayText),
  hours: OrNull(Type.Integer({ description: 'Estimated' })),
  actions: Type.Array(Type.String(), { description: 'Those nothing refuses' }),
});
export type ProblemCard = Static<typeof ProblemCard>;

const { owner, level, component, source } = RecordFilter.properties;
export const BoardFilter = Type.Object({ owner, level, component, source });
export type BoardFilter = Static<typeof BoardFilter>;

/** A reporter who rates so or worse is not satisfied. */
export const LOW_RATING = 2;
/** An analysis spans at most so many days. */
export const ANALYSED_DAYS = 366;

const Count = Type.Integer();
/** What the problems of a span come to. `from` and `to` are the instants its lists are narrowed by; so are those of the months. */
export const ProblemAnalysis = Type.Object({
  from: Instant,
  to: Instant,
  total: Count,
  matrix: Type.Array(Type.Object({ cause: Type.String(), effect: Type.String(), count: Count })),
  sources: Type.Array(Type.Object({ source: RecordLine.properties.source, count: Count })),
  components: Type.Array(Type.Object({ component: Type.String(), count: Count })),
  ratings: Type.Object({
    count: Count,
    average: OrNull(Type.Number()),
    low: Type.Array(
      Type.Object({ id: IdText, number: Type.String(), title: Type.String(), owner: OrNull(Type.String()), rating: Type.Integer() }),
    ),
  }),
  levels: Type.Array(Type.Object({ level: Type.Integer(), inTime: Count, late: Count }), {
    description: 'How the clocks of solving came out that were due in the span, up to `dueTo`',
  }),
  dueTo: Instant,
  months: Type.Array(Type.Object({ month: Type.String(), from: Instant, to: Instant, opened: Count, ended: Count })),
});
export type ProblemAnalysis = Static<typeof ProblemAnalysis>;

export const problemsApi = {
  analysis: route({
    method: 'GET',
    path: '/api/operations/problem-analysis',
    tag: 'operations',
    access: 'operations.see',
    summary: { zh: '问题分析', en: 'Problems of a span by cause, effect, source and component' },
    query: Type.Object({ from: DayText, to: DayText }),
    reply: ProblemAnalysis,
    errors: ['operations.analysis-span'],
  }),
  board: route({
    method: 'GET',
    path: '/api/operations/problem-board',
    tag: 'operations',
    access: 'operations.see',
    summary: { zh: '问题看板', en: 'The board of problems: what is open, and what was archived within seven days' },
    query: BoardFilter,
    reply: Type.Object({
      items: Type.Array(ProblemCard),
      hasMore: Type.Boolean({ description: `There are more than ${CARDS_AT_MOST}` }),
      components: Type.Array(Type.String(), { description: 'What open problems are about' }),
    }),
  }),
};
