import { Type, type Static } from 'typebox';
import { route } from '../../base/route.ts';
import { DayText, IdText, OrNull } from '../../base/text.ts';
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

export const problemsApi = {
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
