import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NodeLoad, ResponseFigure } from '#contracts/load/load.api.ts';
import { createResponseFigures } from '../metrics/response.ts';
import { faultsIn, MONDAY, NANJING, openTestApp, SPEECH, SUZHOU, type Caller, type TestApp } from '../../../test/test-app.ts';

const HOUR = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp();
});
afterAll(() => at?.close());

async function figures(caller: Caller, by: string, more = ''): Promise<ResponseFigure[]> {
  const span = `&from=${iso(MONDAY - 24 * HOUR)}&to=${iso(MONDAY + 24 * HOUR)}`;
  const answer = await at.call(caller, 'GET', `/api/load/responses?by=${by}${span}${more}`);
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as { items: ResponseFigure[] }).items;
}

describe('the response figures', () => {
  test('hold what was asked, under its class and the city of who asked, or of the appeal', async () => {
    const filing = { type: '02', region: '320505', content: SPEECH, anonymous: true };
    await at.call(null, 'POST', '/api/portal/appeals', { body: filing });
    await at.call(null, 'POST', '/api/portal/appeals', { body: { ...filing, region: '321204' } });
    await at.call(null, 'POST', '/api/portal/appeals', { body: { ...filing, region: '329999' } });
    for (let i = 0; i < 3; i++) await at.call(at.person('agent', NANJING), 'GET', '/api/orders');
    await at.call(at.person('handler', '3201.003'), 'GET', '/api/orders/count');
    await at.app.flushFigures();
    const cities = await figures(at.person('operator'), 'city');
    const count = (key: string, kind: string) => cities.find((one) => one.key === key && one.kind === kind)?.count ?? 0;
    expect(count('320500', 'submit')).toBe(1);
    expect(count('321200', 'submit')).toBe(1);
    // A region that is none makes no city.
    expect(cities.map((one) => one.key)).not.toContain('329900');
    expect(count('320100', 'query')).toBe(4);
    const routes = await figures(at.person('operator'), 'route', '&kind=query&region=320100');
    expect(routes.map((one) => [one.key, one.count])).toEqual([
      ['GET /api/orders', 3],
      ['GET /api/orders/count', 1],
    ]);
    for (const one of cities) {
      expect(one.p50Ms).toBeGreaterThan(0);
      expect(one.p50Ms).toBeLessThanOrEqual(one.p95Ms);
      expect(one.p95Ms).toBeLessThanOrEqual(one.p99Ms);
      expect(one.p99Ms).toBeLessThanOrEqual(one.maxMs);
    }
  });

  test('of several nodes add up, hour by hour', async () => {
    const nodes = [1, 2].map(() => createResponseFigures({ db: at.app.db, clock: at.clock }));
    const add = (node: number, ms: number, failed = false) =>
      nodes[node]!.add({ kind: 'heavy', route: 'GET /api/x/export', region: '320500', ms, failed });
    for (let i = 0; i < 90; i++) add(i % 2, 40);
    for (let i = 0; i < 10; i++) add(i % 2, 4000, i === 0);
    await Promise.all(nodes.map((node) => node.flush()));
    at.clock.advance(HOUR);
    add(0, 7);
    await nodes[0]!.flush();
    await nodes[0]!.flush();
    const hours = await figures(at.person('operator'), 'hour', '&kind=heavy');
    expect(hours.map((one) => [one.key, one.count, one.failed, one.maxMs])).toEqual([
      ['2026-06-15T02:00:00Z', 100, 1, 4000],
      ['2026-06-15T03:00:00Z', 1, 0, 7],
    ]);
    expect(hours[0]!.p50Ms).toBeLessThan(50);
    expect(hours[0]!.p95Ms).toBeGreaterThan(3000);
    expect(hours[0]!.meanMs).toBeCloseTo(436, 5);
    at.clock.set(MONDAY);
  });

  test('are kept when they cannot be written, and written once when they can', async () => {
    const node = createResponseFigures({ db: at.app.db, clock: at.clock });
    node.add({ kind: 'heavy', route: 'GET /api/y/export', region: '320500', ms: 12, failed: false });
    await at.db.owner('alter table platform.response_figure rename to elsewhere');
    await expect(node.flush()).rejects.toThrow();
    await at.db.owner('alter table platform.elsewhere rename to response_figure');
    node.add({ kind: 'heavy', route: 'GET /api/y/export', region: '320500', ms: 13, failed: false });
    await node.flush();
    const routes = await figures(at.person('operator'), 'route', '&kind=heavy');
    expect(routes.find((one) => one.key === 'GET /api/y/export')?.count).toBe(2);
  });

  test('show a city its own', async () => {
    const own = await figures(at.person('supervisor', NANJING), 'city');
    expect(new Set(own.map((one) => one.key))).toEqual(new Set(['320100']));
    expect(await figures(at.person('supervisor', NANJING), 'city', `&region=${SUZHOU}`)).toEqual([]);
    const all = await figures(at.person('province-admin'), 'city');
    expect(new Set(all.map((one) => one.key)).size).toBeGreaterThan(2);
  });

  test('are refused for a span that ends before it begins or holds more than a month', async () => {
    for (const [from, to] of [
      [MONDAY, MONDAY - 1],
      [MONDAY, MONDAY + 32 * 24 * HOUR],
    ] as const) {
      const answer = await at.call(at.person('operator'), 'GET', `/api/load/responses?by=hour&from=${iso(from)}&to=${iso(to)}`);
      expect({ status: answer.status, faults: faultsIn(answer) }).toEqual({ status: 400, faults: ['to: base.span-too-long'] });
    }
  });
});

describe('the nodes', () => {
  test('tell how they stand, and each shows the others for as long as they go on telling', async () => {
    const nodes = async () => ((await at.call(at.person('operator'), 'GET', '/api/load')).body as { items: NodeLoad[] }).items;
    const [own] = await nodes();
    expect(own).toMatchObject({ band: 'normal', needsCapacity: false, consoles: 0, waiting: 0 });
    expect(own!.atWork.handling).toBe(1);
    const told = (node: string, ms: number) =>
      at.db.owner(`insert into platform.node_load values ($1, $2, $3)`, [node, iso(ms), JSON.stringify({ ...own, node })]);
    await told('other:1', MONDAY - 20_000);
    await told('gone:1', MONDAY - 90_000);
    expect((await nodes()).map((one) => one.node).toSorted()).toEqual([own!.node, 'other:1'].toSorted());
  });
});
