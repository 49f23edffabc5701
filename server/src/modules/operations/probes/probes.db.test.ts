import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../../../test/test-app.ts';
import { createProbes } from './probes.service.ts';

let at: TestApp;
beforeAll(async () => void (at = await openTestApp()), 60_000);
afterAll(() => at?.close());

const STEP = 15_000;

it('tells of a target that hangs soon enough to be judged, and tries every interval though it is asked a little early or late', async () => {
  let asked = 0;
  const silent = createServer(() => void asked++);
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const probes = createProbes({ db: at.app.db, clock: at.clock, browser: { chromium: '', login: '', password: '' } });
  const probe = {
    key: 'silent',
    name: '无应答',
    kind: 'http',
    target: `http://127.0.0.1:${port}/`,
    everySeconds: 15,
    timeoutMs: 4000,
  } as const;
  await probes.add(at.actor(at.person('operations-manager')), probe);
  const gridMs = Math.floor(at.clock.nowMs() / STEP) * STEP;
  const told = () => probes.gather().then((readings) => readings.find(({ name }) => name === 'probe_success')?.value);
  try {
    at.clock.set(gridMs + 900);
    await told();
    // It answers while the probe still waits: the judge does not wait for what was read at an instant.
    expect(await at.db.owner('select good from operations.probe_result')).toEqual([]);
    await expect
      .poll(async () => (await at.db.owner<{ good: boolean }>('select good from operations.probe_result'))[0]?.good, { timeout: 8000 })
      .toBe(false);
    at.clock.set(gridMs + STEP + 100);
    expect(await told()).toBe(0);
    expect(asked).toBe(2);
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
}, 20_000);

it('is changed without its password being shown or lost, and keeps when it turned and why', async () => {
  let ok = true;
  const target = createServer((_, response) => void response.writeHead(ok ? 200 : 503).end());
  await new Promise<void>((resolve) => void target.listen(0, '127.0.0.1', resolve));
  const { port } = target.address() as AddressInfo;
  const manager = at.person('operations-manager');
  const call = async (method: string, path: string, body?: object) => {
    const answer = await at.call(manager, method, `/api/operations/probes${path}`, body ? { body } : {});
    expect(answer.status, answer.text).toBeLessThan(300);
    return answer.body as Record<string, unknown> & { id: string };
  };
  const facts = { name: '短信网关', kind: 'http', everySeconds: 15, timeoutMs: 4000 };
  const sql = `postgres://minsheng:s3cret-word@127.0.0.1:${port}/db`;
  try {
    const { id } = await call('POST', '', { key: 'gateway', ...facts, target: `http://127.0.0.1:${port}/` });
    for (const good of [true, true, false, false, true]) {
      ok = good;
      at.clock.advance(STEP);
      expect(await call('POST', `/${id}/try`)).toMatchObject({ good });
    }
    const page = await call('GET', `/${id}`);
    expect(page['turns']).toMatchObject([
      { good: true, note: 'HTTP 200' },
      { good: false, note: 'HTTP 503' },
      { good: true, note: 'HTTP 200' },
    ]);
    await call('PUT', `/${id}`, { ...facts, kind: 'sql', target: sql });
    const shown = await call('GET', `/${id}`);
    expect(shown['target']).toBe(sql.replace('s3cret-word', '…'));
    await call('PUT', `/${id}`, { ...facts, kind: 'sql', name: '业务库', target: shown['target'] });
    expect(await at.db.owner(`select name, target from operations.probe where id = '${id}'`)).toEqual([{ name: '业务库', target: sql }]);
    const wrong = await at.call(manager, 'PUT', `/api/operations/probes/${id}`, { body: { ...facts, target: 'nowhere' } });
    expect(wrong.text).toContain('operations.probe-target');
    const often = { ...facts, kind: 'browser', target: `http://127.0.0.1:${port}` };
    expect((await at.call(manager, 'PUT', `/api/operations/probes/${id}`, { body: often })).text).toContain('operations.probe-too-often');
  } finally {
    target.close();
  }
});

it('shows how many tries of the last day were good, and how long they took', async () => {
  const manager = at.person('operations-manager');
  const probes = createProbes({ db: at.app.db, clock: at.clock, browser: { chromium: '', login: '', password: '' } });
  const gone = createServer();
  await new Promise<void>((resolve) => void gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  const facts = { key: 'port', name: '端口', kind: 'tcp', target: `127.0.0.1:${port}`, everySeconds: 15, timeoutMs: 1000 } as const;
  await probes.add(at.actor(manager), facts);
  for (let turn = 0; turn < 4; turn++) {
    if (turn === 3) await new Promise((resolve) => gone.close(resolve));
    at.clock.set(Math.floor(at.clock.nowMs() / STEP) * STEP + STEP + 500);
    await at.app.operations.prober.sample();
  }
  const { items } = (await at.call(manager, 'GET', '/api/operations/probes')).body as {
    items: { key: string; share: number; tookMs: (number | null)[] }[];
  };
  const shown = items.find(({ key }) => key === 'port')!;
  expect(shown.share).toBe(0.75);
  expect(shown.tookMs.at(-1)).toBeTypeOf('number');
  expect(shown.tookMs.length).toBeLessThanOrEqual(48);
}, 20_000);
