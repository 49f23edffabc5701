import { tmpdir } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import type { Route } from '#contracts/base/route.ts';
import { auditApi, identityApi } from '#contracts/identity/identity.api.ts';
import { liveApi } from '#contracts/live/live.api.ts';
import { loadApi } from '#contracts/load/load.api.ts';
import { promisesApi } from '#contracts/promises/promises.api.ts';
import { orderActionsApi, ordersApi } from '#contracts/orders/orders.api.ts';
import { referenceApi } from '#contracts/reference/reference.api.ts';

import { createAdmission } from '../admission/admission.ts';
import { readConfig } from '../config/config.ts';
import type { Db } from '../db/db.ts';
import { createLog } from '../log/log.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { createHttp } from './http.ts';

const routes = [referenceApi, identityApi, auditApi, appealsApi, ordersApi, orderActionsApi, liveApi, loadApi, promisesApi].flatMap(
  (api) => Object.values(api) as Route[],
);

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { operationId: string; summary: string; tags: string[] }>>>>;
}

// Every endpoint of the contracts, registered for real, with nobody behind it.
let http: FastifyInstance;
beforeAll(async () => {
  const nobody = { usage: () => ({ total: 0, idle: 0, waiting: 0 }) } as unknown as Db;
  const metrics = createMetrics(nobody, '.');
  http = await createHttp({
    admission: createAdmission({
      metrics,
      dbWaitMs: () => 0,
      bounds: { diversionFrom: 0.8, priorityFrom: 0.95 },
      ceiling: 100,
      adapt: false,
    }),
    config: readConfig({}, tmpdir()),
    log: createLog('silent'),
    metrics,
    centreMetrics: () => Promise.resolve(''),
    answered: () => {},
    bindings: routes.map((route) => ({ route, handler: () => Promise.resolve(null) })),
    authenticate: () => Promise.resolve(null),
    apps: [],
    healthy: () => Promise.resolve(true),
    auditorSilent: () => Promise.resolve(false),
  });
  await http.ready();
});
afterAll(() => http.close());

describe('the interface description', () => {
  const operations = () => Object.values((http.swagger() as unknown as OpenApi).paths).flatMap((path) => Object.values(path));

  it('names every endpoint, each under an operation of its own', () => {
    const ids = operations().map((operation) => operation.operationId);
    expect(ids).toHaveLength(routes.length);
    expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([]);
    for (const id of ids) expect(id).toMatch(/^(get|post|put|delete)[A-Z][A-Za-z]+$/);
  });

  it('writes parameters of a path as OpenAPI does, and leaves no reference open', () => {
    const document = http.swagger() as unknown as OpenApi & { components: { schemas: Record<string, unknown> } };
    for (const path of Object.keys(document.paths)) expect(path).not.toContain(':');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((found) => found[1]!);
    expect(references.length).toBeGreaterThan(0);
    for (const name of references) expect(Object.keys(document.components.schemas)).toContain(name);
  });
});

describe('an endpoint without a log-in', () => {
  it('is refused unless it is open to everybody, before anything else is told of it', async () => {
    for (const route of routes.filter(
      (candidate) => candidate.access !== 'public' && candidate.method === 'GET' && !candidate.params && !candidate.query,
    )) {
      const reply = await http.inject({ method: 'GET', url: route.path });
      expect([route.path, reply.statusCode, reply.json<{ code: string }>().code]).toEqual([route.path, 401, 'base.unauthenticated']);
    }
  });
});
