import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { CategoryCode, IdText, Instant, OneOf, OrNull, PageOf, PageQuery, PlainText, UnitCode } from '../base/text.ts';
import { entryLifecycle, type EntryAction } from './norm.lifecycle.ts';

const tag = 'catalogue';
const STATES = Object.keys(entryLifecycle.states) as [keyof typeof entryLifecycle.states];

/** The regions an entry holds in: province (2 digits), city (4), county (6). */
const CatalogueRegion = Type.String({ pattern: '^32(\\d{2}){0,2}$', description: 'Province (2), city (4) or county (6)' });
export const UNIT_LEVELS = ['province', 'city', 'county', 'street'] as const;

const Owner = {
  unit: Type.Optional(UnitCode),
  kind: Type.Optional(
    Type.String({ pattern: '^[a-z][a-z-]{1,39}$', description: 'Kind of unit, with its level, where no single unit is named' }),
  ),
  level: Type.Optional(OneOf(UNIT_LEVELS)),
};

export const Entry = Type.Object({
  id: IdText,
  version: Type.Integer(),
  state: OneOf(STATES),
  region: Type.String(),
  category: Type.String(),
  unit: OrNull(Type.Object({ code: Type.String(), name: Type.String() })),
  kind: OrNull(Type.String()),
  kindName: OrNull(Type.String({ description: 'What units of this kind are called' })),
  level: OrNull(OneOf(UNIT_LEVELS)),
  role: OneOf(['main', 'assist']),
  legalSource: Type.String(),
  reason: Type.String({ description: 'Why there is this version' }),
  ended: Type.Boolean({ description: 'This version takes the entry out of use' }),
  proposedBy: Type.String(),
  proposedAt: Instant,
  approvedBy: OrNull(Type.String()),
  effectiveFrom: OrNull(Instant),
  opinion: OrNull(Type.String()),
  inForce: Type.Boolean(),
  objections: Type.Integer({ description: 'Open objections against this entry' }),
});
export type Entry = Static<typeof Entry>;

export const Objection = Type.Object({
  id: IdText,
  at: Instant,
  orderId: IdText,
  region: Type.String(),
  category: OrNull(Type.String()),
  unit: Type.Object({ code: Type.String(), name: Type.String() }),
  suggestedUnit: OrNull(Type.Object({ code: Type.String(), name: Type.String() })),
  reason: Type.String(),
  legalBasis: OrNull(Type.String()),
  answeredBy: OrNull(Type.Integer({ description: 'The version that took it up' })),
});
export type Objection = Static<typeof Objection>;

function actionRoute<A extends EntryAction>(action: A) {
  const facts = entryLifecycle.actions[action];
  return route({
    method: 'POST',
    path: `/api/reference/catalogue/:id/${action}`,
    tag,
    access: facts.permission,
    summary: facts.name,
    params: Type.Object({ id: IdText }),
    body: Type.Object(
      { version: Type.Integer({ minimum: 1 }), input: facts.input as (typeof entryLifecycle.actions)[A]['input'] },
      { additionalProperties: false },
    ),
    reply: Entry,
    errors: ['casework.not-allowed-now', 'reference.own-entry'],
  });
}

export const catalogueApi = {
  list: route({
    method: 'GET',
    path: '/api/reference/catalogue',
    tag,
    access: 'reference.read',
    summary: { zh: '派单目录', en: 'Dispatch catalogue' },
    query: Type.Object({
      category: Type.Optional(CategoryCode),
      region: Type.Optional(CatalogueRegion),
      unit: Type.Optional(UnitCode),
      only: Type.Optional(OneOf(['objected', 'proposed'], 'Entries with open objections, or with a version that waits for approval')),
      ...PageQuery,
    }),
    reply: PageOf(Entry),
  }),
  byId: route({
    method: 'GET',
    path: '/api/reference/catalogue/:id',
    tag,
    access: 'reference.read',
    summary: { zh: '目录条目的历史与异议', en: 'An entry: its versions and the objections against it' },
    params: Type.Object({ id: IdText }),
    reply: Type.Object({ versions: Type.Array(Entry), objections: Type.Array(Objection) }),
  }),
  unmatched: route({
    method: 'GET',
    path: '/api/reference/catalogue-gaps',
    tag,
    access: 'reference.read',
    summary: { zh: '目录没有条目的异议', en: 'Objections that no entry answers for' },
    reply: Type.Object({ items: Type.Array(Objection) }),
  }),
  propose: route({
    method: 'POST',
    path: '/api/reference/catalogue',
    tag,
    access: 'reference.draft-catalogue',
    status: 201,
    summary: { zh: '新增条目或新版本', en: 'Propose an entry, or a new version of one' },
    body: Type.Object(
      {
        entry: Type.Optional(IdText),
        answers: Type.Optional(
          Type.Unsafe<string>({ ...IdText, description: 'The entry whose open objections this one answers; they are closed with it' }),
        ),
        region: CatalogueRegion,
        category: CategoryCode,
        ...Owner,
        role: OneOf(['main', 'assist']),
        legalSource: PlainText({ min: 2, max: 300 }),
        reason: PlainText({ min: 4, max: 500 }),
        ended: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
    reply: Entry,
    errors: ['reference.entry-owner', 'reference.entry-waits', 'reference.norm-region'],
  }),
  approve: actionRoute('approve'),
  withdraw: actionRoute('withdraw'),
} as const;
export type EntryProposal = Static<(typeof catalogueApi.propose)['body'] & {}>;
