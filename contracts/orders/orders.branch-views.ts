import { Type, type Static } from 'typebox';
import { IdText, Instant, NumberText, OneOf, OrNull } from '../base/text.ts';
import { PURGE_GROUNDS } from './orders.values.ts';

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

/** What a purge removes, by kind (清除凭证). */
export const PURGED_KINDS = [
  'contact',
  'appeal',
  'supplements',
  'comments',
  'attachments',
  'replies',
  'notes',
  'requests',
  'timeline',
  'drafts',
] as const;

/** The receipt of a purge: what was removed, by whose word, and its digest. */
export const PurgeReceipt = Type.Object({
  number: NumberText,
  at: Instant,
  ground: OneOf(PURGE_GROUNDS),
  request: OrNull(Type.String()),
  basis: Type.String(),
  reason: Type.String(),
  askedBy: Type.String(),
  askedAt: Instant,
  approvedBy: Type.String(),
  removed: Type.Record(Type.String(), Type.Integer(), { description: 'Rows by kind: contact, appeal, supplements ...' }),
  backupsUntilYear: Type.Integer({ description: 'The first good backup of this year ends the last copy in a backup' }),
  digest: Type.String({
    pattern: '^[0-9a-f]{64}$',
    description: 'SM3 of the other fields as a JSON array in the order they stand here, `removed` as pairs sorted by kind',
  }),
});
export type PurgeReceipt = Static<typeof PurgeReceipt>;
