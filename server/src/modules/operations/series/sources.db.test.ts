import { Counter, Histogram, Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import { hostOf } from '#server/platform/metrics/host.ts';
import { createMetrics } from '#server/platform/metrics/metrics.ts';
import { openTestDb, type TestDb } from '../../../../test/test-db.ts';
import { openTestApp } from '../../../../test/test-app.ts';
import { createBusinessReader } from './business.ts';
import { readDatabase } from './database.ts';
import { readRegistry } from './registry.ts';

let database: TestDb;
let db: Db;
beforeAll(async () => {
  database = await openTestDb();
  db = database.open(2);
});
afterAll(() => database?.close());

test('the database tells of its sessions, size, age, queues and subscribers, in the scope of the platform', async () => {
  await database.owner(`insert into platform.subscriber (name) values ('orders.notices')`);
  const readings = await db.transact(SYSTEM, readDatabase);
  const of = (name: string) => readings.filter((reading) => reading.name === name);
  expect(of('pg_database_size_bytes')[0]!.value).toBeGreaterThan(1e6);
  expect(of('pg_settings_max_connections')[0]!.value).toBe(120);
  expect(of('pg_stat_database_xact_commit_total')[0]).toMatchObject({ kind: 'counter' });
  expect(of('minsheng_subscriber_behind_seconds').map((reading) => [reading.labels, reading.value])).toEqual([
    [{ subscriber: 'orders.notices' }, 0],
  ]);
  expect(readings.every((reading) => Number.isFinite(reading.value))).toBe(true);
});

test('a registry tells each series under its own name, buckets and counts as what only rises', async () => {
  const registry = new Registry();
  new Counter({ name: 'done_total', help: '-', labelNames: ['city'], registers: [registry] }).inc({ city: '320100' }, 3);
  new Histogram({ name: 'took', help: '-', buckets: [1], registers: [registry] }).observe(0.5);
  expect((await readRegistry(registry)).map(({ name, labels, kind, value }) => [name, labels, kind, value])).toEqual([
    ['done_total', { city: '320100' }, 'counter', 3],
    ['took_bucket', { le: '1' }, 'counter', 1],
    ['took_bucket', { le: '+Inf' }, 'counter', 1],
    ['took_sum', {}, 'counter', 0.5],
    ['took_count', {}, 'counter', 1],
  ]);
});

test('this host tells of its processors, memory and disk', async () => {
  const { registry } = createMetrics(db, '.');
  const readings = await readRegistry(registry);
  const of = (name: string) => readings.find((reading) => reading.name === name)?.value;
  expect(of('node_cpus')).toBeGreaterThan(0);
  expect(of('node_memory_total_bytes')).toBeGreaterThan(of('node_memory_available_bytes')!);
  expect(of('node_filesystem_size_bytes')).toBeGreaterThan(of('node_filesystem_avail_bytes')!);
});

test('the texts of /proc are read as they are written', () => {
  const host = hostOf(
    {
      stat: 'cpu  100 20 30 4000 50 6 7 8 0 0\ncpu0 50 10 15 2000 25 3 3 4 0 0\ncpu1 50 10 15 2000 25 3 4 4 0 0\nintr 1',
      memory: 'MemTotal:       2048 kB\nMemFree:        100 kB\nMemAvailable:   1024 kB\nSwapTotal:      0 kB\nSwapFree:       0 kB\n',
      load: '0.52 0.58 0.59 1/467 12345\n',
      files: '1504\t0\t9223372036854775807\n',
      network: 'Inter-|   Receive\n face |bytes\n    lo: 10 1 0 0 0 0 0 0 10 1\n  eth0: 500 4 0 0 0 0 0 0 900 6 0 0 0 0 0 0\n',
    },
    { bsize: 4096, blocks: 100, bavail: 25, files: 50, ffree: 40 },
  );
  expect(host.cpuSeconds).toEqual({ user: 1, nice: 0.2, system: 0.3, idle: 40, iowait: 0.5, irq: 0.06, softirq: 0.07, steal: 0.08 });
  expect(host.single).toMatchObject({
    node_cpus: 2,
    node_load1: 0.52,
    node_memory_available_bytes: 1_048_576,
    node_filesystem_avail_bytes: 102_400,
  });
  expect([host.received, host.sent]).toEqual([{ eth0: 500 }, { eth0: 900 }]);
});

test('the flow of work is told by city as numbers, also where nothing happened; overdue clocks by their names', async () => {
  const at = await openTestApp();
  try {
    const read = createBusinessReader();
    await at.takeTo('dispatched');
    await at.file({ region: '320505' });
    const told = async () =>
      new Map(
        (await at.app.db.transact(SYSTEM, (tx) => read(tx, at.clock.nowMs()))).map(({ name, labels, value }) => [
          `${name} ${Object.values(labels).join(' ')}`,
          value,
        ]),
      );
    at.clock.advance(1000);
    const soon = await told();
    expect([...soon].filter(([key, value]) => key.startsWith('minsheng_orders_recent') && value > 0)).toEqual([
      ['minsheng_orders_recent filed 320100', 1],
      ['minsheng_orders_recent filed 320500', 1],
      ['minsheng_orders_recent accepted 320100', 1],
      ['minsheng_orders_recent dispatched 320100', 1],
    ]);
    expect([...soon.keys()].filter((key) => key.startsWith('minsheng_orders_recent filed'))).toHaveLength(13);
    expect(soon.get('minsheng_orders_overdue sign')).toBe(0);
    // Two days later nothing is recent, and the unit has not signed.
    at.clock.advance(2 * 86_400_000);
    const later = await told();
    expect(later.get('minsheng_orders_recent filed 320100')).toBe(0);
    expect(later.get('minsheng_orders_overdue sign')).toBe(1);
    expect(later.get('minsheng_orders_overdue_seconds sign')).toBeGreaterThan(3600);
  } finally {
    await at.close();
  }
});
