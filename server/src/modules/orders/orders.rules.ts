import type { OrderAction, OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { accept, refuse, type Decision } from '#server/kernel/decision.ts';

/** What the guards know of an order. */
export interface OrderFacts {
  readonly state: OrderState;
  readonly type: string;
  readonly attempts: number;
  readonly closedMs: number | null;
  /** By the norm in force. */
  readonly needsContact: boolean;
  readonly contacted: boolean;
  readonly rated: boolean;
  readonly lastReplyBy: string | null;
}

export const ATTEMPTS_BEFORE_UNRATED = 3;
export const ARCHIVE_AFTER_MS = 7 * 86_400_000;

/** Consultations and thanks may be answered on the spot; other matters need a unit. */
const ANSWERABLE = ['01', '06'];

type Guard = (facts: OrderFacts, at: { nowMs: number; accountId: string | null; isPlatform: boolean }) => Decision<true>;

/**
 * What an action needs beyond the lifecycle table. Pure: the console asks them too, to say why a button is not open yet.
 */
const guards: Readonly<Partial<Record<OrderAction, Guard>>> = {
  answer: (facts) => (ANSWERABLE.includes(facts.type) ? accept(true) : refuse('orders.answer-needs-consultation')),
  reply: (facts) => (facts.contacted || !facts.needsContact ? accept(true) : refuse('orders.contact-first')),
  pass: notOwnReply,
  fail: notOwnReply,
  'close-unrated': (facts) =>
    facts.attempts >= ATTEMPTS_BEFORE_UNRATED ? accept(true) : refuse('orders.attempts-left', { params: { attempts: facts.attempts } }),
  rate: (facts) => (facts.rated ? refuse('appeals.already-rated') : accept(true)),
  archive: (facts, at) =>
    facts.closedMs !== null && at.nowMs - facts.closedMs >= ARCHIVE_AFTER_MS ? accept(true) : refuse('orders.archive-too-early'),
};

function notOwnReply(facts: OrderFacts, at: { accountId: string | null }): Decision<true> {
  return at.accountId !== null && facts.lastReplyBy === at.accountId ? refuse('orders.checker-is-replier') : accept(true);
}

/** Whether an action that the table allows is open on this order now. */
export function guard(
  action: OrderAction,
  facts: OrderFacts,
  at: { nowMs: number; accountId: string | null; isPlatform: boolean },
): Decision<true> {
  return guards[action]?.(facts, at) ?? accept(true);
}
