import { Type, type Static } from 'typebox';
import { OneOf } from '../base/text.ts';

/** DOMAIN §5.5: P1 is paged and rung, P4 is told once a day. */
export const ALERT_LEVELS = ['P1', 'P2', 'P3', 'P4'] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

/**
 * What a rule compares.
 *
 * - `static`: the value itself.
 * - `rate`: by how much a counter rises in a second, over `overSeconds`.
 * - `absence`: that nothing is told at all.
 * - `baseline`: how many standard deviations the value lies from what is usual in this hour of the week.
 *
 * `back` is the bound it must come back behind before the alert may end, where that is not the bound itself.
 */
export const Judgement = Type.Union([
  Type.Object({
    kind: OneOf(['static', 'baseline']),
    op: OneOf(['above', 'below']),
    bound: Type.Number(),
    back: Type.Optional(Type.Number()),
  }),
  Type.Object({
    kind: Type.Literal('rate'),
    op: OneOf(['above', 'below']),
    bound: Type.Number(),
    back: Type.Optional(Type.Number()),
    overSeconds: Type.Integer({ minimum: 30, maximum: 3600 }),
  }),
  Type.Object({ kind: Type.Literal('absence') }),
]);
export type Judgement = Static<typeof Judgement>;

/** A label a series must have (or must not), as in Prometheus: equal, not equal, matching, not matching. */
export const Matcher = Type.Object({
  label: Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$', maxLength: 60 }),
  op: OneOf(['=', '!=', '=~', '!~']),
  value: Type.String({ maxLength: 200 }),
});
export type Matcher = Static<typeof Matcher>;

export const AlertRule = Type.Object({
  key: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 }),
  zh: Type.String({ minLength: 1, maxLength: 100 }),
  en: Type.String({ minLength: 1, maxLength: 100 }),
  metric: Type.String({ pattern: '^[A-Za-z_:][A-Za-z0-9_:]*$', maxLength: 120 }),
  matchers: Type.Array(Matcher, { maxItems: 10 }),
  judgement: Judgement,
  /** How long it must be bad before the alert opens. */
  forSeconds: Type.Integer({ minimum: 0, maximum: 86_400 }),
  level: OneOf(ALERT_LEVELS),
});
export type AlertRule = Static<typeof AlertRule>;
