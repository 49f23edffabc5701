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
