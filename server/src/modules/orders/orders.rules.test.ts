import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetsOf, type ActionFacts } from '#contracts/base/lifecycle.ts';
import { orderLifecycle, type OrderAction, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { beijing, shippedHolidays } from '#server/kernel/calendar.testing.ts';
import {
  ARCHIVE_AFTER_MS,
  guard,
  needsSecond,
  retentionEndMs,
  urgeDay,
  type GuardedAt,
  type OrderFacts,
  type TaskFacts,
} from './orders.rules.ts';
import { aHandledOrder, guardedAt } from './orders.testing.ts';

const NOW = guardedAt().nowMs;
const codeOf = (action: OrderAction, facts: Partial<OrderFacts> = {}, when: Partial<GuardedAt> = {}) => {
  const decision = guard(action, aHandledOrder(facts), guardedAt(when));
  return decision.ok ? 'allowed' : decision.refusal.code;
};
const unit = (code: string) => ({ lo: code, hi: `${code}~` });
const OWN = unit('3201.003');
const OTHER = unit('3201.004');
const task = (facts: Partial<TaskFacts> = {}): TaskFacts => ({
  no: 1,
  unitCode: '3201.003',
  role: 'main',
  state: 'handling',
  parentNo: null,
  contacted: false,
  ...facts,
});
const unhappy = { satisfaction: 1, solved: '3' };
const request = (unitCode: string, suggestedUnit: string | null = null) => ({ unitCode, suggestedUnit, open: false });

describe('what an action needs beyond the lifecycle table', () => {
  it('only consultations and thanks are answered on the spot', () => {
    for (const type of ['01', '06']) expect(codeOf('answer', { type })).toBe('allowed');
    for (const type of ['02', '03', '04', '05', '07', '99']) expect(codeOf('answer', { type })).toBe('orders.answer-needs-consultation');
  });

  it('a unit contacts the citizen before it replies', () => {
    expect(codeOf('reply', { tasks: [task({ contacted: false })] })).toBe('orders.contact-first');
    expect(codeOf('reply', { tasks: [task({ contacted: true })] })).toBe('allowed');
    // Unless the norm does not ask for it.
    expect(codeOf('reply', { tasks: [task({ contacted: false })], needsContact: false })).toBe('allowed');
    // Somebody else's call, before the order came here, is not this unit's.
    expect(codeOf('reply', { tasks: [task({ contacted: true, state: 'returned' }), task({ no: 2 })] })).toBe('orders.contact-first');
  });

  it('what belongs to the main unit is refused to the units that assist it', () => {
    for (const action of ['sign', 'contact', 'reply', 'return', 'extend', 'suspend', 'pass-on', 'oversight-reply'] as const) {
      expect([action, codeOf(action, { oversightLevel: 1 }, { units: OWN })]).toEqual([action, 'allowed']);
      expect([action, codeOf(action, { oversightLevel: 1 }, { units: OTHER })]).toEqual([action, 'orders.main-unit-only']);
    }
  });

  it('a unit signs and answers its own part, each in its turn', () => {
    const tasks = [task(), task({ no: 2, unitCode: '3201.004', role: 'assist', state: 'pending-sign' })];
    expect(codeOf('task-sign', { tasks }, { units: OTHER })).toBe('allowed');
    expect(codeOf('task-reply', { tasks }, { units: OTHER })).toBe('orders.no-task-of-yours');
    expect(codeOf('task-sign', { tasks }, { units: OWN })).toBe('orders.no-task-of-yours');
    expect(codeOf('task-sign', { tasks })).toBe('orders.no-task-of-yours');
    const signed = [task(), task({ no: 2, unitCode: '3201.004', role: 'assist' })];
    expect(codeOf('task-reply', { tasks: signed }, { units: OTHER })).toBe('allowed');
    expect(codeOf('task-sign', { tasks: signed }, { units: OTHER })).toBe('orders.no-task-of-yours');
  });

  it('nobody passes or sends back his own reply', () => {
    for (const action of ['pass', 'fail'] as const) {
      expect(codeOf(action, { lastReplyBy: 'somebody' })).toBe('orders.checker-is-replier');
      expect(codeOf(action, { lastReplyBy: 'another' })).toBe('allowed');
      // The platform, which is no account, is not taken for the one who replied without an account.
      expect(codeOf(action, { lastReplyBy: null }, { accountId: null })).toBe('allowed');
    }
  });

  it('an order is returned once by a unit, three times in all, in time, and never when its owner was settled', () => {
    expect(codeOf('return', {}, { units: OWN })).toBe('allowed');
    expect(codeOf('return', { returns: [request('3201.009')] }, { units: OWN })).toBe('allowed');
    expect(codeOf('return', { returns: [request('3201.003')] }, { units: OWN })).toBe('orders.return-used');
    const three = ['3201.007', '3201.008', '3201.009'].map((code) => request(code));
    expect(codeOf('return', { returns: three }, { units: OWN })).toBe('orders.return-limit');
    expect(codeOf('return', { forced: true }, { units: OWN })).toBe('orders.forced');
    expect(codeOf('return', { returnDueMs: NOW - 1000 }, { units: OWN })).toBe('orders.return-too-late');
    expect(codeOf('return', { returnDueMs: NOW - 999 }, { units: OWN })).toBe('allowed');
    expect(codeOf('return', { returnDueMs: null }, { units: OWN })).toBe('orders.return-too-late');
  });

  it('two returns, or a matter of another city, may be put up for coordination', () => {
    expect(codeOf('coordinate')).toBe('orders.coordination-not-yet');
    expect(codeOf('coordinate', { returns: [request('3201.007')] })).toBe('orders.coordination-not-yet');
    expect(codeOf('coordinate', { returns: [request('3201.007'), request('3201.008')] })).toBe('allowed');
    expect(codeOf('coordinate', { returns: [request('3201.007', '3205.003')] })).toBe('allowed');
    expect(codeOf('coordinate', { returns: [request('3201.007', '3201.003')] })).toBe('orders.coordination-not-yet');
  });

  it('an extension is asked for in time, twice at most; what was asked for in time may be approved later', () => {
    expect(codeOf('extend', {}, { units: OWN })).toBe('allowed');
    expect(codeOf('extend', { extensionCount: 2 }, { units: OWN })).toBe('orders.extension-limit');
    expect(codeOf('extend', { handleDueMs: NOW - 1000 }, { units: OWN })).toBe('orders.overdue-now');
    expect(codeOf('extend', { handleDueMs: NOW - 1000 }, { approving: true })).toBe('allowed');
    expect(codeOf('extend', { extensionCount: 2 }, { approving: true })).toBe('orders.extension-limit');
  });

  it('a suspended order is resumed before anything else is done about it', () => {
    for (const action of ['reply', 'pass-on', 'return', 'extend', 'suspend'] as const)
      expect(codeOf(action, { suspended: true }, { units: OWN })).toBe('orders.suspended');
    expect(codeOf('resume', { suspended: true }, { units: OWN })).toBe('allowed');
    expect(codeOf('resume', {}, { units: OWN })).toBe('orders.not-suspended');
  });

  it('an order is closed unrated after three attempts, and the refusal tells how many there were', () => {
    expect(guard('close-unrated', aHandledOrder({ attempts: 2 }), guardedAt())).toEqual({
      ok: false,
      refusal: { code: 'orders.attempts-left', params: { attempts: 2, limit: 3 } },
    });
    expect(codeOf('close-unrated', { attempts: 3 })).toBe('allowed');
    expect(codeOf('close-unrated', { attempts: 3, rating: unhappy })).toBe('orders.rated-decide');
  });

  it('what an unhappy citizen leaves to be decided is redone twice at most, or closed with a reason', () => {
    for (const action of ['redo', 'close-rated', 'close-unreasonable'] as const) {
      expect(codeOf(action)).toBe('orders.not-unhappy');
      expect(codeOf(action, { rating: { satisfaction: 3, solved: '1' } })).toBe('orders.not-unhappy');
      expect(codeOf(action, { rating: { satisfaction: 2, solved: '1' } })).toBe('allowed');
      expect(codeOf(action, { rating: { satisfaction: 5, solved: '3' } })).toBe('allowed');
    }
    expect(codeOf('redo', { rating: unhappy, redoNo: 1 })).toBe('allowed');
    expect(codeOf('redo', { rating: unhappy, redoNo: 2 })).toBe('orders.redo-limit');
    expect(codeOf('conclude', { rating: unhappy })).toBe('orders.rated-decide');
  });

  it('nothing is taken out of an order that stands for itself alone', () => {
    expect(codeOf('unmerge')).toBe('orders.nothing-merged');
    expect(codeOf('unmerge', { mergedCount: 1 })).toBe('allowed');
  });

  it('an answer is rated once', () => {
    expect(codeOf('rate')).toBe('allowed');
    expect(codeOf('rate', { rating: unhappy })).toBe('appeals.already-rated');
  });

  it('an order is urged once on a working day', () => {
    expect(codeOf('urge', { urgedOn: '2026-11-20' })).toBe('allowed');
    expect(codeOf('urge', { urgedOn: '2026-11-23' })).toBe('orders.urged-today');
  });

  it('what was asked for and waits is not asked for again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(orderLifecycle.actions) as OrderAction[])), (action) => {
        expect(codeOf(action, { asked: [action] }, { units: OWN })).toBe('orders.already-asked');
      }),
    );
  });

  it('an order is archived seven days after it was closed, to the millisecond, and not while a request waits', () => {
    expect(codeOf('archive', { closedMs: NOW - ARCHIVE_AFTER_MS })).toBe('allowed');
    expect(codeOf('archive', { closedMs: NOW - ARCHIVE_AFTER_MS + 1 })).toBe('orders.archive-too-early');
    expect(codeOf('archive', { closedMs: null })).toBe('orders.archive-too-early');
    expect(codeOf('archive', { closedMs: 0, asked: ['exclude'] })).toBe('orders.asked-open');
  });

  it('an order is purged only at rest: not as evidence, under oversight, suspended, or while a request waits', () => {
    expect(codeOf('purge', {})).toBe('allowed');
    expect(codeOf('purge', { preserved: true })).toBe('orders.preserved');
    expect(codeOf('purge', { oversightLevel: 1 })).toBe('orders.not-at-rest');
    expect(codeOf('purge', { suspended: true })).toBe('orders.not-at-rest');
    expect(codeOf('purge', { asked: ['reveal-contact'] })).toBe('orders.asked-open');
  });

  it('nothing more is done with an order that was purged', () => {
    for (const action of Object.keys(orderLifecycle.actions) as OrderAction[])
      expect(codeOf(action, { purged: true })).toBe('orders.purged');
  });

  it('a retention ends on the same day so many months later, and where there is none on one of the next month', () => {
    expect(retentionEndMs(Date.parse('2022-02-28T16:00:00Z'), 48)).toBe(Date.parse('2026-02-28T16:00:00Z'));
    expect(retentionEndMs(Date.parse('2024-02-29T03:00:00Z'), 12)).toBe(Date.parse('2025-03-01T03:00:00Z'));
    expect(retentionEndMs(Date.parse('2022-11-30T03:00:00Z'), 48)).toBe(Date.parse('2026-11-30T03:00:00Z'));
  });
});

describe('the second person', () => {
  const standing = { state: 'pending-dispatch', urgency: 3, confidential: false, sensitive: 0 } as const;

  it('is asked before what is extremely urgent, difficult, confidential or sensitive is dispatched', () => {
    expect(needsSecond('dispatch', standing, {})).toBe(false);
    expect(needsSecond('dispatch', { ...standing, urgency: 2 }, {})).toBe(false);
    for (const urgency of [1, 4]) expect(needsSecond('dispatch', { ...standing, urgency }, {})).toBe(true);
    expect(needsSecond('dispatch', standing, { urgency: 1 })).toBe(true);
    expect(needsSecond('dispatch', { ...standing, urgency: 1 }, { urgency: 3 })).toBe(false);
    expect(needsSecond('dispatch', { ...standing, confidential: true }, {})).toBe(true);
    expect(needsSecond('dispatch', { ...standing, sensitive: 1 }, {})).toBe(false);
    expect(needsSecond('dispatch', { ...standing, sensitive: 2 }, {})).toBe(true);
  });

  it('is asked wherever the table says so, and nowhere else', () => {
    for (const action of Object.keys(orderLifecycle.actions) as OrderAction[]) {
      const facts: ActionFacts<OrderState> = orderLifecycle.actions[action];
      for (const state of Object.keys(facts.moves) as OrderState[]) {
        if (action === 'dispatch' || targetsOf(facts, state).length === 0) continue;
        const expected = facts.second !== undefined && (facts.second.in === undefined || facts.second.in.includes(state));
        expect([action, state, needsSecond(action, { ...standing, state }, {})]).toEqual([action, state, expected]);
      }
    }
  });
});

describe('the working day of an urging', () => {
  it('is the day itself, or the last working day before it', () => {
    const holidays = shippedHolidays();
    expect(urgeDay(beijing('2026-11-23 00:00'), holidays)).toBe('2026-11-23');
    expect(urgeDay(beijing('2026-11-22 12:00'), holidays)).toBe('2026-11-20');
    expect(urgeDay(beijing('2026-02-14 12:00'), holidays)).toBe('2026-02-14');
    expect(urgeDay(beijing('2026-02-20 12:00'), holidays)).toBe('2026-02-14');
  });
});
