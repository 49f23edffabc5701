import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import { randomFrom, type Random } from '../../../../test/random.ts';
import { openTestDb, type TestDb } from '../../../../test/test-db.ts';
import { condense, DAY_MS, gridAt, HOUR_MS, SPAN_MS, STEP_MS } from './series.rules.ts';
import { createPacker, createSampler, type Reading } from './series.service.ts';
import { readSeries, type Step } from './series.views.ts';

// Half an hour before midnight in Beijing.
const BEGIN = Date.parse('2026-06-15T15:30:00Z');
const SPAN = 30 * HOUR_MS;

let database: TestDb;
let db: Db;
const clock = { atMs: BEGIN, nowMs: () => clock.atMs };

beforeAll(async () => {
  database = await openTestDb();
  db = database.open(2);
  await database.owner('select platform.turn_spans($1, $2, $1)', [new Date(BEGIN - DAY_MS), new Date(BEGIN + SPAN + DAY_MS)]);
});
afterAll(() => database?.close());
beforeEach(async () => {
  clock.atMs = BEGIN;
  await database.owner(
    'truncate operations.series, operations.reading, operations.raw_span, operations.hour_span, operations.day_span, operations.packed',
  );
});

interface Told {
  readonly key: string;
  readonly atMs: number;
  readonly value: number;
}

/** Two sources read now and then, while a packer comes by now and then; everything they told. */
async function walk(random: Random, untilMs: number, each: (told: readonly Told[]) => Promise<void>): Promise<void> {
  const told: Told[] = [];
  const packer = createPacker({ db, clock });
  const samplers = ['a:1', 'b:1'].map((source) =>
    createSampler({
      db,
      clock,
      name: source,
      source,
      gather: async () => {
        const readings: Reading[] = ['x', 'y', 'z']
          .filter(() => random.chance(0.8))
          .map((city) => ({ name: 'minsheng_open_orders', labels: { city }, kind: 'gauge', value: random.below(2000) - 1000 }));
        told.push(
          ...readings.map(({ labels, value }) => ({ key: `city="${labels.city}",instance="${source}"`, atMs: gridAt(clock.atMs), value })),
        );
        return readings;
      },
    }),
  );
  while (clock.atMs < untilMs) {
    clock.atMs += STEP_MS * (1 + random.below(12));
    for (const sampler of samplers) if (random.chance(0.7)) await sampler.sample();
    if (random.chance(0.1)) while ((await packer.turn()) > 0);
    if (random.chance(0.02)) await each(told);
  }
  while ((await packer.turn()) > 0);
  await each(told);
}

async function idsByKey(): Promise<Map<string, number>> {
  const rows = await database.owner<{ id: number; labels: string }>('select id, labels from operations.series');
  return new Map(rows.map((row) => [row.labels, row.id]));
}

describe('what series told', () => {
  test('is read the same at every step, wherever the seams of the tiers lie', async () => {
    const random = randomFrom(7);
    let compared = 0;
    await walk(random, BEGIN + SPAN, async (told) => {
      const ids = await idsByKey();
      for (const stepMs of [STEP_MS, SPAN_MS, HOUR_MS] as Step[]) {
        const fromMs = gridAt(BEGIN + random.below(clock.atMs - BEGIN), stepMs);
        const toMs = fromMs + stepMs * (1 + random.below(400));
        const expected = Map.groupBy(
          told.filter(({ atMs }) => atMs >= fromMs && atMs < toMs),
          ({ key, atMs }) => `${ids.get(key)}/${gridAt(atMs, stepMs)}`,
        );
        const read = await db.transact(SYSTEM, (tx) => readSeries(tx, [...ids.values()], fromMs, toMs, stepMs));
        const found = new Map(read.map(({ series, fromMs: at, ...span }) => [`${series}/${at}`, span]));
        expect(found.size).toBe(expected.size);
        for (const [key, values] of expected)
          expect(found.get(key), `${stepMs} ${key}`).toEqual(condense(values.map(({ value }) => value)));
        compared += expected.size;
      }
    });
    expect(compared).toBeGreaterThan(2000);
    const [tiers] = await database.owner<Record<string, number>>(
      `select (select count(*) from operations.day_span) as days, (select count(*) from operations.hour_span) as hours,
         (select count(*) from operations.raw_span) as raw, (select count(*) from operations.reading where at < $1) as loose`,
      [new Date(clock.atMs - 600_000)],
    );
    expect(tiers!['days']).toBeGreaterThan(0);
    expect(tiers!['hours']).toBeGreaterThan(24);
    expect(tiers!['loose']).toBe(0);
  });

  test('at one instant stands once, though its source reads twice', async () => {
    let value = 1;
    const sampler = createSampler({
      db,
      clock,
      name: 'a',
      source: 'a:1',
      gather: async () => [{ name: 'n', labels: {}, kind: 'gauge', value: value++ }],
    });
    await sampler.sample();
    await sampler.sample();
    const [id] = (await idsByKey()).values();
    const read = await db.transact(SYSTEM, (tx) => readSeries(tx, [id!], BEGIN, BEGIN + HOUR_MS, STEP_MS));
    expect(read).toEqual([{ series: id, fromMs: BEGIN, count: 1, least: 1, greatest: 1, sum: 1, last: 1 }]);
  });

  test('is packed by one node at a time', async () => {
    const sampler = createSampler({
      db,
      clock,
      name: 'a',
      source: 'a:1',
      gather: async () => [{ name: 'n', labels: {}, kind: 'gauge', value: 1 }],
    });
    for (; clock.atMs < BEGIN + HOUR_MS; clock.atMs += 10 * STEP_MS) await sampler.sample();
    const packers = [createPacker({ db, clock }), createPacker({ db, clock })];
    for (let did = 1; did > 0;) did = (await Promise.all(packers.map((packer) => packer.turn()))).reduce((sum, one) => sum + one, 0);
    const [id] = (await idsByKey()).values();
    const read = await db.transact(SYSTEM, (tx) => readSeries(tx, [id!], BEGIN, BEGIN + HOUR_MS, STEP_MS));
    expect(read).toHaveLength(24);
  });
});

test('spans are made ahead and dropped when they are older than what is kept', async () => {
  const parts = () =>
    database.owner<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'operations.raw_span'::regclass order by 1`,
    );
  const before = await parts();
  expect(before.map(({ name }) => name)).toContain('operations.raw_span_d20260615');
  const later = new Date(BEGIN + 9 * DAY_MS);
  await database.owner('select platform.turn_spans($1, $1, $1)', [later]);
  const after = (await parts()).map(({ name }) => name);
  expect(after).toContain('operations.raw_span_d20260624');
  // Seven days before 23:30 of the 24th: the 17th is still needed.
  expect(after).toContain('operations.raw_span_d20260617');
  expect(after).not.toContain('operations.raw_span_d20260616');
});

test('readings that lay unpacked for longer than readings are kept are forgotten, and packing goes on', async () => {
  const sampler = createSampler({
    db,
    clock,
    name: 'a',
    source: 'a:1',
    gather: async () => [{ name: 'n', labels: {}, kind: 'gauge', value: 1 }],
  });
  const packer = createPacker({ db, clock });
  await sampler.sample();
  // The platform stands still for ten days; at its next start the spans of then are dropped.
  clock.atMs = BEGIN + 10 * DAY_MS;
  await database.owner('select platform.turn_spans($1, $2, $1)', [new Date(clock.atMs), new Date(clock.atMs + DAY_MS)]);
  await sampler.sample();
  clock.atMs += HOUR_MS;
  while ((await packer.turn()) > 0);
  expect(await database.owner('select from operations.reading')).toEqual([]);
  expect(await database.owner('select from operations.raw_span')).toHaveLength(1);
});
