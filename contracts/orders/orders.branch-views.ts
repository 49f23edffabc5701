import { Type, type Static } from 'typebox';
import { IdText, Instant, NumberText, OneOf, OrNull } from '../base/text.ts';

/** A unit's wish to give an order back, and what became of it. */
export const ReturnView = Type.Object({
  no: Type.Integer(),
  unitName: Type.String(),
  reason: Type.String(),
  legalBasis: Type.String(),
  suggestedUnit: OrNull(Type.Object({ code: Type.String(), name: Type.String() })),
  opinion: Type.String(),
  by: Type.String(),
  at: Instant,
  verdict: OrNull(OneOf(['agreed', 'declined', 'coordinated'] as const)),
  decidedBy: OrNull(Type.String()),
});
export type ReturnView = Static<typeof ReturnView>;

/** One level of oversight: why it began, what was answered, how it ended. */
export const OversightView = Type.Object({
  no: Type.Integer(),
  level: Type.Integer(),
  cause: Type.String(),
  requirement: Type.String(),
  by: Type.String(),
  at: Instant,
  answer: OrNull(Type.String()),
  answeredBy: OrNull(Type.String()),
  answeredAt: OrNull(Instant),
  ended: OrNull(OneOf(['closed', 'raised', 'with-order'] as const)),
  endedOpinion: OrNull(Type.String()),
});
export type OversightView = Static<typeof OversightView>;

/** What somebody asked for and another one decides. */
export const ApprovalView = Type.Object({
  id: IdText,
  orderId: IdText,
  number: NumberText,
  action: Type.String(),
  name: Type.Object({ zh: Type.String(), en: Type.String() }),
  state: OneOf(['open', 'approved', 'declined', 'lapsed', 'superseded'] as const),
  askedBy: Type.String(),
  unitName: OrNull(Type.String()),
  askedAt: Instant,
  lapsesAt: OrNull(Instant),
  decidedBy: OrNull(Type.String()),
  decidedAt: OrNull(Instant),
  opinion: OrNull(Type.String()),
  input: Type.Record(Type.String(), Type.Unknown(), { description: "The action's own input" }),
  /** Whether this person may decide it now, and if not, why. */
  mayDecide: Type.Boolean(),
});
export type ApprovalView = Static<typeof ApprovalView>;
