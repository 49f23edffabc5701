import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { IdText, Instant, OrNull } from '../base/text.ts';

/** Which form a draft belongs to: the appeal form of the agent desk, or the form of an action on an order. */
export const DraftPlace = Type.String({
  pattern: '^(desk|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.[a-z-]{2,40})$',
  description: '`desk`, or `<id of the order>.<action>`',
});

export const Draft = Type.Object({
  revision: IdText,
  savedAt: Instant,
  words: Type.Record(Type.String(), Type.Unknown(), { description: "The form's own values" }),
});
export type Draft = Static<typeof Draft>;

const tag = 'drafts';
const params = Type.Object({ place: DraftPlace });

export const draftsApi = {
  list: route({
    method: 'GET',
    path: '/api/drafts',
    tag,
    access: 'session',
    summary: { zh: '我的草稿', en: 'Where I have drafts' },
    reply: Type.Object({ items: Type.Array(Type.Object({ place: Type.String(), savedAt: Instant })) }),
  }),
  find: route({
    method: 'GET',
    path: '/api/drafts/:place',
    tag,
    access: 'session',
    summary: { zh: '取草稿', en: 'My draft of a form' },
    params,
    reply: Type.Object({ draft: OrNull(Draft) }),
  }),
  save: route({
    method: 'PUT',
    path: '/api/drafts/:place',
    tag,
    access: 'session',
    // A draft waits in the window that it was typed in: filing and handling go first.
    load: 'query',
    summary: { zh: '保存草稿', en: 'Save my draft of a form' },
    params,
    body: Type.Object(
      {
        account: Type.String({ format: 'uuid', description: 'Whose words these are: refused where another person has logged in since' }),
        seen: OrNull(IdText),
        revision: Type.String({ format: 'uuid', description: 'What this save is called; sent again it is saved once' }),
        words: Draft.properties.words,
      },
      { additionalProperties: false },
    ),
    reply: Type.Object({ savedAt: Instant }),
    errors: ['drafts.overtaken', 'drafts.not-yours', 'drafts.too-large', 'drafts.too-many'],
  }),
  discard: route({
    method: 'DELETE',
    path: '/api/drafts/:place',
    tag,
    access: 'session',
    status: 204,
    summary: { zh: '丢弃草稿', en: 'Discard my draft of a form' },
    params,
    query: Type.Object({ revision: IdText }),
    reply: Type.Null(),
    errors: ['drafts.overtaken'],
  }),
} as const;
