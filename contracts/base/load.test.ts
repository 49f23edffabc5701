import { describe, expect, it } from 'vitest';
import { appealsApi } from '../appeals/appeals.api.ts';
import { auditApi, identityApi } from '../identity/identity.api.ts';
import { liveApi } from '../live/live.api.ts';
import { orderActionsApi, ordersApi } from '../orders/orders.api.ts';
import { referenceApi } from '../reference/reference.api.ts';
import { loadOf } from './load.ts';
import type { Route } from './route.ts';

describe('the class of an endpoint', () => {
  it('is filing for what a citizen or a log-in begins with', () => {
    for (const route of [appealsApi.file, appealsApi.fileOnPortal, appealsApi.rate, identityApi.login])
      expect(loadOf(route)).toBe('submit');
    expect(loadOf({ method: 'POST', path: '/api/portal/urges' })).toBe('submit');
    expect(loadOf({ method: 'POST', path: '/api/emergency/events' })).toBe('submit');
  });

  it('is handling for every action on an order, its page, and what nobody can work without', () => {
    for (const route of Object.values(orderActionsApi)) expect(loadOf(route as unknown as Route)).toBe('handling');
    for (const route of [ordersApi.byId, ordersApi.timeline, identityApi.me, appealsApi.lookUp, referenceApi.dictionary, liveApi.stream])
      expect(loadOf(route)).toBe('handling');
  });

  it('is a query for lists and counts', () => {
    for (const route of [ordersApi.list, ordersApi.count, ordersApi.home, auditApi.list, identityApi.accounts, liveApi.presence])
      expect(loadOf(route)).toBe('query');
  });

  it('is heavy for uploads, exports, reports and trials', () => {
    expect(loadOf(appealsApi.startImport)).toBe('heavy');
    expect(loadOf(auditApi.verify)).toBe('heavy');
    expect(loadOf({ method: 'GET', path: '/api/orders/export' })).toBe('heavy');
    expect(loadOf({ method: 'POST', path: '/api/norms/trials' })).toBe('heavy');
  });
});
