import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssetLine, AssetView, TopologyNode } from '#contracts/operations/assets.api.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { openTestApp, problemIn, type TestApp } from '../../../../test/test-app.ts';

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp({ settings: { MINSHENG_SMS_GATEWAY: 'http://127.0.0.1:9/send' } });
}, 60_000);
afterAll(() => at?.close());

const STEP = 15_000;
const call = (method: string, path: string, body?: unknown) =>
  at.call(at.person('operator'), method, `/api/operations/${path}`, body ? { body } : {});
async function done<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await call(method, path, body);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as T;
}
const asset = (key: string, input: object, version = 0, more: object = {}) => call('PUT', `assets/${key}`, { version, input, ...more });
const relate = (key: string, ...standsOn: string[]) => call('PUT', `assets/${key}/stands-on`, { standsOn });
const list = async (query = '') => (await done<{ items: AssetLine[] }>('GET', `assets${query}`)).items;

describe('the register', () => {
  it('finds what the platform knows, down from the functions of the hotline, and keeps what people say of it', async () => {
    await at.app.operations.assets.find();
    const found = (await list()).map(({ key }) => key);
    expect(found).toEqual(expect.arrayContaining(['database', 'service:minsheng', 'function:intake', 'gateway:sms', 'site:first']));
    expect((await asset('database', { kind: 'database', name: '主库', owner: '闫文岚', room: '南京机房 A-03' }, 1)).status).toBe(200);
    await at.app.operations.assets.find();
    expect(await done<AssetView>('GET', 'assets/database')).toMatchObject({ name: '主库', owner: '闫文岚', version: 2, health: 'good' });
    expect(problemIn(await asset('database', { kind: 'database', name: '旧名' }, 1))).toMatchObject({
      code: 'base.stale',
      current: { version: 2 },
    });
  });

  it('takes what people add, and what it stands on, but no circle and nothing unknown', async () => {
    for (const [key, kind] of [
      ['licence:os', 'licence'],
      ['service:ivr', 'service'],
      ['host:ivr-1', 'host'],
    ] as const)
      expect((await asset(key, { kind, name: key, ...(kind === 'licence' ? { expiresOn: '2027-03-01' } : {}) })).status).toBe(200);
    expect((await relate('service:ivr', 'host:ivr-1')).status).toBe(200);
    expect((await relate('host:ivr-1', 'licence:os')).status).toBe(200);
    expect(problemIn(await relate('licence:os', 'service:ivr')).code).toBe('operations.asset-circle');
    expect(problemIn(await relate('licence:os', 'host:unknown')).fields).toMatchObject([{ code: 'operations.no-such-asset' }]);
    expect((await done<AssetView>('GET', 'assets/licence:os')).impact.map(({ key }) => key)).toEqual(['host:ivr-1', 'service:ivr']);
    expect((await list('?kind=licence')).map(({ expiresOn }) => expiresOn)).toEqual(['2027-03-01']);
    // What is retired carries nothing any more.
    expect((await asset('host:ivr-1', { kind: 'host', name: 'host:ivr-1' }, 1, { retired: true })).status).toBe(200);
    expect((await done<{ impact: TopologyNode[] }>('GET', 'impact?key=licence:os')).impact).toEqual([]);
    expect((await list('?retired=true')).map(({ key }) => key)).toEqual(['host:ivr-1']);
    expect(await done('GET', 'impact?key=somewhere else')).toEqual({ asset: null, impact: [] });
  });
});

describe('an outage below', () => {
  /** Readings of the probes as a node would tell them, judged. */
  async function step(readings: Readonly<Record<string, number>>): Promise<void> {
    const atMs = Math.floor(at.clock.nowMs() / STEP) * STEP + STEP;
    at.clock.set(atMs + 4000);
    const { registerSeries, putReading } = await import('../series/series.store.ts');
    const labels = (component: string) => `component="${component}",instance="probes",probe="${component.replace(':', '-')}"`;
    await at.app.db.transact(SYSTEM, async (tx) => {
      const series = Object.keys(readings).map((component) => ({
        name: 'probe_success',
        labels: labels(component),
        kind: 'gauge' as const,
      }));
      await putReading(tx, new Date(atMs), 'probes', await registerSeries(tx, series, new Date(atMs)), Object.values(readings));
    });
    await at.app.operations.judge.turn();
  }
  const alerts = async () =>
    Object.fromEntries(
      (await done<{ items: { component: string; hushed: string | null; record: object | null }[] }>('GET', 'alerts?open=true')).items.map(
        (one) => [one.component, [one.hushed, one.record !== null]],
      ),
    );

  it('is told once: what stands on it is hushed while it lasts, and told when it goes on by itself', async () => {
    await at.db.owner(`update operations.alert_rule set enabled = false where key <> 'probe-failed'`);
    for (const [key, kind] of [
      ['host:gw', 'host'],
      ['peer:sms', 'interface'],
      ['peer:voice', 'interface'],
    ] as const)
      expect((await asset(key, { kind, name: key })).status).toBe(200);
    for (const key of ['peer:sms', 'peer:voice']) expect((await relate(key, 'host:gw')).status).toBe(200);
    await step({ 'peer:sms': 1, 'peer:voice': 1, 'host:gw': 1 });
    // All stop at one instant, those above first in the order of series.
    await step({ 'peer:sms': 0, 'peer:voice': 0, 'host:gw': 0 });
    expect(await alerts()).toEqual({ 'host:gw': [null, true], 'peer:sms': ['inhibited', false], 'peer:voice': ['inhibited', false] });
    const { nodes } = await done<{ nodes: TopologyNode[] }>('GET', 'topology');
    expect(Object.fromEntries(nodes.filter(({ key }) => /gw|peer/.test(key)).map(({ key, health }) => [key, health]))).toEqual({
      'host:gw': 'bad',
      'peer:sms': 'good',
      'peer:voice': 'good',
    });
    const faults = await done<{ items: { component: string }[] }>('GET', 'records?kind=fault&open=true');
    expect(faults.items.map(({ component }) => component)).toEqual(['host:gw']);
    expect((await done<{ impact: TopologyNode[] }>('GET', 'impact?key=host:gw')).impact.map(({ key }) => key)).toEqual([
      'peer:sms',
      'peer:voice',
    ]);
    // The host is back, and so is one of the two; the other one has a failure of its own.
    for (let i = 0; i < 3; i++) await step({ 'peer:sms': 0, 'peer:voice': 1, 'host:gw': 1 });
    expect(await alerts()).toEqual({ 'peer:sms': [null, true] });
  });
});
