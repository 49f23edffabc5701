import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { IdText, Instant, OneOf, OrNull, PageOf, PageQuery } from '../base/text.ts';
import { ToldContent } from './norm.content.ts';
import { NormDraft, normLifecycle, type NormAction } from './norm.lifecycle.ts';

const tag = 'norms';
const STATES = Object.keys(normLifecycle.states) as [keyof typeof normLifecycle.states];

/** Whose norm: the province's two digits, or a city's four. */
export const NormRegion = Type.String({ pattern: '^32(\\d{2})?$', description: '32: the province; four digits: the supplement of a city' });

const normRow = {
  id: IdText,
  region: Type.String(),
  version: OrNull(Type.Integer({ description: 'Given at the approval' })),
  state: OneOf(STATES),
  revision: Type.Integer({ description: 'Counts changes: who saw an older one is refused' }),
  title: Type.String(),
  source: Type.String(),
  draftedBy: Type.String(),
  draftedAt: Instant,
  approvedBy: OrNull(Type.String()),
  approvedAt: OrNull(Instant),
  effectiveFrom: OrNull(Instant),
  opinion: OrNull(Type.String({ description: 'The last word of who approved it, sent it back or withdrew it' })),
  inForce: Type.Boolean(),
};
export const NormRow = Type.Object(normRow);
export type NormRow = Static<typeof NormRow>;

const TrialCity = Type.Object({
  region: Type.String(),
  orders: Type.Integer(),
  changed: Type.Integer(),
  due: Type.Integer({ description: 'Orders with another due instant' }),
  lamp: Type.Integer({ description: 'Orders whose lamp would show another colour' }),
  fields: Type.Integer({ description: 'Orders that would lack a required field' }),
  reply: Type.Integer({ description: 'Orders whose reply would be refused' }),
});
export type TrialCity = Static<typeof TrialCity>;

export const Trial = Type.Object({
  id: IdText,
  state: OneOf(['waiting', 'running', 'done']),
  from: Instant,
  to: Instant,
  startedAt: Instant,
  endedAt: OrNull(Instant),
  startedBy: Type.String(),
  totals: Type.Array(TrialCity),
});
export type Trial = Static<typeof Trial>;

/** What would have been different with one order. */
export const TrialChange = Type.Object({
  what: OneOf(['due', 'lamp', 'fields', 'reply']),
  /** Which clock, field or demand. */
  of: Type.String(),
  old: OrNull(Type.String()),
  new: OrNull(Type.String()),
});
export type TrialChange = Static<typeof TrialChange>;

export const TrialOrder = Type.Object({
  orderId: IdText,
  number: Type.String(),
  region: Type.String(),
  changes: Type.Array(TrialChange),
});
export type TrialOrder = Static<typeof TrialOrder>;

const OtherNorm = Type.Object({ id: IdText, version: Type.Integer(), content: ToldContent });

export const NormView = Type.Object({
  ...normRow,
  content: ToldContent,
  /** The version this one is compared with: for an approved one the version before it, else the one in force. */
  before: Type.Optional(OtherNorm),
  /** For a supplement: what the province says. */
  province: Type.Optional(OtherNorm),
  trial: OrNull(Trial),
  actions: Type.Array(Type.Object({ action: Type.String(), refusal: OrNull(Type.Object({ code: Type.String(), text: Type.String() })) }), {
    description: 'What this person may do now',
  }),
});
export type NormView = Static<typeof NormView>;

/** `POST /api/reference/norms/:id/<action>` with the revision the caller saw. */
function actionRoute<A extends Exclude<NormAction, 'end-trial'>>(action: A) {
  const facts = normLifecycle.actions[action];
  return route({
    method: 'POST',
    path: `/api/reference/norms/:id/${action}`,
    tag,
    access: facts.permission,
    summary: facts.name,
    params: Type.Object({ id: IdText }),
    body: Type.Object(
      { revision: Type.Integer({ minimum: 1 }), input: facts.input as (typeof normLifecycle.actions)[A]['input'] },
      { additionalProperties: false },
    ),
    reply: NormRow,
    errors: ['base.stale', 'casework.not-allowed-now', 'reference.norm-loosens', 'reference.own-norm'],
  });
}

export const normsApi = {
  list: route({
    method: 'GET',
    path: '/api/reference/norms',
    tag,
    access: 'reference.read',
    summary: { zh: '业务规范各版本', en: 'Norms and their versions' },
    query: Type.Object({ region: Type.Optional(NormRegion), ...PageQuery }),
    reply: PageOf(NormRow),
  }),
  byId: route({
    method: 'GET',
    path: '/api/reference/norms/:id',
    tag,
    access: 'reference.read',
    summary: { zh: '一版业务规范', en: 'A version of a norm' },
    params: Type.Object({ id: IdText }),
    reply: NormView,
  }),
  draft: route({
    method: 'POST',
    path: '/api/reference/norms',
    tag,
    access: 'reference.draft-norms',
    status: 201,
    summary: { zh: '起草规范', en: 'Draft a norm' },
    body: Type.Object({ region: NormRegion, ...NormDraft }, { additionalProperties: false }),
    reply: NormRow,
    errors: ['reference.norm-loosens', 'reference.norm-region'],
  }),
  revise: actionRoute('revise'),
  try: actionRoute('try'),
  approve: actionRoute('approve'),
  sendBack: actionRoute('send-back'),
  withdraw: actionRoute('withdraw'),
  trialOrders: route({
    method: 'GET',
    path: '/api/reference/norms/:id/trial',
    tag,
    access: 'reference.read',
    summary: { zh: '试算结果：有变化的工单', en: 'The trial, order by order' },
    params: Type.Object({ id: IdText }),
    query: Type.Object({
      region: Type.Optional(Type.String({ pattern: '^32\\d{2}$' })),
      what: Type.Optional(OneOf(['due', 'lamp', 'fields', 'reply'])),
      ...PageQuery,
    }),
    reply: PageOf(TrialOrder),
  }),
} as const;
