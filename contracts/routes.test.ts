import { describe, expect, it } from 'vitest';
import { appealsApi } from './appeals/appeals.api.ts';
import { attachmentsApi } from './appeals/attachments.api.ts';
import type { Route } from './base/route.ts';
import { codes } from './codes.ts';
import { draftsApi } from './drafts/drafts.api.ts';
import { auditApi, identityApi } from './identity/identity.api.ts';
import { normBoardsApi } from './orders/norm-boards.api.ts';
import { approvalsApi } from './orders/approvals.api.ts';
import { sheetApi } from './orders/sheet.api.ts';
import { orderActionsApi, ordersApi } from './orders/orders.api.ts';
import { liveApi } from './live/live.api.ts';
import { loadApi } from './load/load.api.ts';
import { inspectionsApi } from './operations/inspections.api.ts';
import { backupsApi } from './operations/backups.api.ts';
import { diagnosisApi } from './operations/diagnosis.api.ts';
import { sloApi } from './operations/slo.api.ts';
import { monthlyApi } from './operations/monthly.api.ts';
import { auditReportsApi } from './operations/audit-reports.api.ts';
import { logsApi } from './operations/logs.api.ts';
import { assetsApi } from './operations/assets.api.ts';
import { capacityApi } from './operations/capacity.api.ts';
import { softwareApi } from './operations/software.api.ts';
import { seriesApi } from './operations/series.api.ts';
import { promisesApi } from './promises/promises.api.ts';
import { permissions } from './permissions.ts';
import { catalogueApi } from './reference/catalogue.api.ts';
import { normsApi } from './reference/norms.api.ts';
import { referenceApi } from './reference/reference.api.ts';

const routes = [
  referenceApi,
  identityApi,
  auditApi,
  appealsApi,
  attachmentsApi,
  ordersApi,
  orderActionsApi,
  sheetApi,
  approvalsApi,
  normsApi,
  catalogueApi,
  normBoardsApi,
  liveApi,
  loadApi,
  seriesApi,
  softwareApi,
  assetsApi,
  capacityApi,
  inspectionsApi,
  backupsApi,
  logsApi,
  auditReportsApi,
  monthlyApi,
  sloApi,
  diagnosisApi,
  promisesApi,
  draftsApi,
].flatMap((api) => Object.values(api) as Route[]);
const nameOf = (route: Route) => `${route.method} ${route.path}`;
const schemaKeys = (schema: unknown) => Object.keys((schema as { properties?: object } | undefined)?.properties ?? {});

describe('the endpoints', () => {
  it('each stand under a method and path of their own, whatever their parameters are called', () => {
    const places = routes.map((route) => nameOf(route).replace(/:\w+/g, ':'));
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
  });

  it.each(routes.map((route) => [nameOf(route), route] as const))('%s is described whole', (_, route) => {
    expect(['public', 'session', ...Object.keys(permissions)]).toContain(route.access);
    expect(route.summary.zh).toMatch(/\p{Script=Han}/u);
    expect(route.summary.en).toMatch(/^[A-Z][\x20-\x7e]+$/);
    expect(route.path).toMatch(/^\/api(\/:?[a-z][A-Za-z-]*)+$/);
    expect(schemaKeys(route.params)).toEqual([...route.path.matchAll(/:(\w+)/g)].map((found) => found[1]));
    for (const code of route.errors ?? []) expect(Object.keys(codes)).toContain(code);
    if (route.method === 'GET' || route.method === 'DELETE') expect(route.body).toBeUndefined();
  });

  it.each(routes.filter((route) => route.body).map((route) => [nameOf(route), route] as const))(
    '%s refuses fields it does not know',
    (_, route) => {
      expect(route.body).toMatchObject({ type: 'object', additionalProperties: false });
    },
  );

  it('are open without a log-in only where citizens and log-ins come in', () => {
    const open = routes.filter((route) => route.access === 'public').map(nameOf);
    expect(open.toSorted()).toEqual([
      'GET /api/reference/dictionary',
      'GET /api/reference/streets',
      'POST /api/portal/appeals',
      'POST /api/portal/files',
      'POST /api/portal/look-up',
      'POST /api/portal/ratings',
      'POST /api/portal/record',
      'POST /api/portal/supplements',
      'POST /api/portal/uploads',
      'POST /api/portal/urge',
      'POST /api/portal/withdraw',
      'POST /api/session',
    ]);
  });
});
