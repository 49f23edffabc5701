import { shippedHolidays } from '#server/kernel/calendar.testing.ts';
import type { GuardedAt, OrderFacts, OrderLimits } from './orders.rules.ts';

export const LIMITS: OrderLimits = {
  'returns-per-order': 3,
  'returns-per-unit': 1,
  'returns-before-coordination': 2,
  extensions: 2,
  redos: 2,
  'redos-before-oversight': 2,
  'like-matters-before-oversight': 3,
  'attempts-before-unrated': 3,
  'months-before-purge': 48,
};

/** An order that its main unit handles, signed and in time. */
export function aHandledOrder(facts: Partial<OrderFacts> = {}): OrderFacts {
  return {
    state: 'handling',
    type: '02',
    urgency: 3,
    region: '320102',
    mainUnit: '3201.003',
    confidential: false,
    sensitive: 0,
    attempts: 0,
    closedMs: null,
    redoNo: 0,
    extensionCount: 0,
    urgedOn: null,
    oversightLevel: 0,
    suspended: false,
    forced: false,
    mergedCount: 0,
    excluded: false,
    preserved: false,
    purged: false,
    needsContact: true,
    tasks: [{ no: 1, unitCode: '3201.003', role: 'main', state: 'handling', parentNo: null, contacted: true }],
    returns: [],
    rating: null,
    lastReplyBy: null,
    asked: [],
    returnDueMs: Number.MAX_SAFE_INTEGER,
    handleDueMs: Number.MAX_SAFE_INTEGER,
    ...facts,
  };
}

/** Somebody of the hotline, at an instant. */
export function guardedAt(at: Partial<GuardedAt> = {}): GuardedAt {
  return {
    nowMs: Date.UTC(2026, 10, 23, 2),
    accountId: 'somebody',
    isPlatform: false,
    units: null,
    limits: LIMITS,
    holidays: shippedHolidays(),
    ...at,
  };
}
