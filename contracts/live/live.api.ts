import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { IdText, OneOf, OrNull, PlainText } from '../base/text.ts';

const tag = 'live';

/** Where in the log a console stands: transaction and event. It is the id of each message. */
export const LiveCursor = Type.String({ pattern: '^\\d{1,19}\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', maxLength: 56 });

/** The first message of a stream. After `resumed: false` what was fetched before may be stale. */
export const LiveHello = Type.Object({ stream: IdText, resumed: Type.Boolean() });
export type LiveHello = Static<typeof LiveHello>;

/** That something happened to a case, for those who may see it: no text and no person in it. */
export const LiveCase = Type.Object({
  name: Type.String({ description: 'As in the timeline: orders.dispatch, clocks.sign-yellow, …' }),
  kind: Type.String(),
  id: IdText,
  region: Type.String(),
  state: OrNull(Type.String()),
  version: OrNull(Type.Integer({ description: 'Of the case when the message was made; absent after a long cut' })),
});
export type LiveCase = Static<typeof LiveCase>;

/** Somebody else at the same order. The name stands only where both are of one side; else the office does. */
export const Present = Type.Object({
  name: OrNull(Type.String()),
  office: OrNull(Type.String({ description: 'The name of the unit; absent for the hotline' })),
  doing: OneOf(['viewing', 'acting']),
  action: OrNull(Type.String({ description: 'The action whose form is open' })),
});
export type Present = Static<typeof Present>;

export const LivePresence = Type.Object({ id: IdText, people: Type.Array(Present) });
export type LivePresence = Static<typeof LivePresence>;

export const liveApi = {
  stream: route({
    method: 'GET',
    path: '/api/live',
    tag,
    access: 'session',
    load: 'handling',
    stream: true,
    summary: { zh: '实时消息', en: 'What happens, as it happens' },
    query: Type.Object({ after: Type.Optional(LiveCursor) }),
    reply: Type.String({
      description:
        'Server-sent events: `hello` (LiveHello), `case` (LiveCase), `presence` (LivePresence), `reset` (fetch everything anew), ' +
        '`ended` (the session is over), `beat` every fifteen seconds. Resumes after `Last-Event-ID` or `after`.',
    }),
    errors: ['base.too-many-streams', 'base.overloaded'],
  }),
  presence: route({
    method: 'POST',
    path: '/api/presence',
    tag,
    access: 'orders.see',
    load: 'query',
    summary: { zh: '通报在工单页的位置', en: 'Say at which order a page stands' },
    body: Type.Object(
      {
        id: IdText,
        stream: IdText,
        tab: IdText,
        doing: OneOf(['viewing', 'acting', 'gone']),
        action: Type.Optional(PlainText({ max: 40 })),
      },
      { additionalProperties: false },
    ),
    reply: LivePresence,
  }),
};
