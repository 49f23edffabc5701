import { describe, expect, it } from 'vitest';
import { orderLifecycle, type OrderAction } from '#contracts/orders/orders.lifecycle.ts';
import { ARCHIVE_AFTER_MS, guard, type OrderFacts } from './orders.rules.ts';

const anOrder = (facts: Partial<OrderFacts> = {}): OrderFacts => ({
  state: 'handling',
  type: '02',
  attempts: 0,
  closedMs: null,
  needsContact: true,
  contacted: false,
  rated: false,
  lastReplyBy: null,
  ...facts,
});
const NOW = Date.UTC(2026, 10, 23, 2);
const at = (facts: Partial<{ nowMs: number; accountId: string | null }> = {}) => ({
  nowMs: NOW,
  accountId: 'somebody',
  isPlatform: false,
  ...facts,
});
const codeOf = (action: OrderAction, facts: Partial<OrderFacts>, when = at()) => {
  const decision = guard(action, anOrder(facts), when);
  return decision.ok ? 'allowed' : decision.refusal.code;
};

describe('what an action needs beyond the lifecycle table', () => {
  it('only consultations and thanks are answered on the spot', () => {
    for (const type of ['01', '06']) expect(codeOf('answer', { type })).toBe('allowed');
    for (const type of ['02', '03', '04', '05', '07', '99']) expect(codeOf('answer', { type })).toBe('orders.answer-needs-consultation');
  });

  it('a unit contacts the citizen before it replies', () => {
    expect(codeOf('reply', { contacted: false })).toBe('orders.contact-first');
    expect(codeOf('reply', { contacted: true })).toBe('allowed');
    // Unless the norm does not ask for it.
    expect(codeOf('reply', { contacted: false, needsContact: false })).toBe('allowed');
  });

  it('nobody passes or sends back his own reply', () => {
    for (const action of ['pass', 'fail'] as const) {
      expect(codeOf(action, { lastReplyBy: 'somebody' })).toBe('orders.checker-is-replier');
      expect(codeOf(action, { lastReplyBy: 'another' })).toBe('allowed');
    }
  });

  it('the platform, which is no account, is not taken for the one who replied without an account', () => {
    expect(codeOf('pass', { lastReplyBy: null }, at({ accountId: null }))).toBe('allowed');
  });

  it('an order is closed unrated after three attempts, and the refusal tells how many there were', () => {
    expect(guard('close-unrated', anOrder({ attempts: 2 }), at())).toEqual({
      ok: false,
      refusal: { code: 'orders.attempts-left', params: { attempts: 2 } },
    });
    expect(codeOf('close-unrated', { attempts: 3 })).toBe('allowed');
    expect(codeOf('close-unrated', { attempts: 4 })).toBe('allowed');
  });

  it('an answer is rated once', () => {
    expect(codeOf('rate', { rated: false })).toBe('allowed');
    expect(codeOf('rate', { rated: true })).toBe('appeals.already-rated');
  });

  it('an order is archived seven days after it was closed, to the millisecond', () => {
    expect(codeOf('archive', { closedMs: NOW - ARCHIVE_AFTER_MS })).toBe('allowed');
    expect(codeOf('archive', { closedMs: NOW - ARCHIVE_AFTER_MS + 1 })).toBe('orders.archive-too-early');
    expect(codeOf('archive', { closedMs: null })).toBe('orders.archive-too-early');
  });

  it('every other action needs nothing more', () => {
    const guarded: readonly OrderAction[] = ['answer', 'reply', 'pass', 'fail', 'close-unrated', 'rate', 'archive'];
    for (const action of Object.keys(orderLifecycle.actions) as OrderAction[])
      if (!guarded.includes(action)) expect(codeOf(action, {})).toBe('allowed');
  });
});
