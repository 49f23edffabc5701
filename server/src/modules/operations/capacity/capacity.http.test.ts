import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CapacityLine } from '#contracts/operations/capacity.api.ts';
import { readConfig } from '#server/platform/config/config.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { openTestApp, type TestApp } from '../../../../test/test-app.ts';
import { condense } from '../series/series.rules.ts';
import { putCondensed, registerSeries, setPackedUpto } from '../series/series.store.ts';
import { createCapacityReadings } from './capacity.sampler.ts';

let at: TestApp;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS = 10;

beforeAll(async () => {
  at = await openTestApp();
  const endMs = Math.floor((at.clock.nowMs() + 8 * HOUR) / DAY) * DAY - 8 * HOUR;
  at.clock.set(endMs);
  const instance = 'instance="app-1:8080"';
  const grows: Readonly<Record<string, (hour: number) => number>> = {
    // Full in 20 days: 0.5 now, 0.025 a day.
    minsheng_disk_used_ratio: (hour) => 0.25 + (0.025 * (hour + 1)) / 24,
    minsheng_memory_used_ratio: (hour) => (hour % 24 === 10 ? 0.2 : 0.15),
    minsheng_db_connections_ratio: () => 0.5,
  };
  await at.app.db.transact(SYSTEM, async (tx) => {
    const names = Object.keys(grows);
    const ids = await registerSeries(
      tx,
      names.map((name) => ({ name, labels: instance, kind: 'gauge' as const })),
      new Date(endMs),
    );
    for (let day = 0; day < DAYS; day++) {
      const fromMs = endMs - (DAYS - day) * DAY;
      const spans = names.flatMap((name, place) =>
        Array.from({ length: 24 }, (_, hour) => ({
          series: ids[place]!,
          fromMs: fromMs + hour * HOUR,
          ...condense([grows[name]!(day * 24 + hour)]),
        })),
      );
      await putCondensed(tx, 'day', fromMs, spans);
    }
    for (const what of ['raw', 'hour', 'day'] as const) await setPackedUpto(tx, what, new Date(endMs));
  });
  const put = (key: string, input: object) =>
    at.call(at.person('operator'), 'PUT', `/api/operations/assets/${key}`, { body: { version: 0, input } });
  await put('licence:os', { kind: 'licence', name: '操作系统授权', expiresOn: '2026-06-20' });
}, 60_000);
afterAll(() => at?.close());

describe('the capacity board', () => {
  it('names the day a resource ends with its range, what is short and what is idle', async () => {
    const answer = await at.call(at.person('operator'), 'GET', '/api/operations/capacity');
    expect(answer.status, answer.text).toBe(200);
    const { items } = answer.body as { items: CapacityLine[] };
    const of = (resource: string) => items.find((one) => one.resource === resource)!;
    const daysTo = (iso: string | null) => (Date.parse(iso!) - at.clock.nowMs()) / DAY;
    expect(of('disk')).toMatchObject({ state: 'foreseen', advice: 'short', asset: 'app-1:8080' });
    expect(daysTo(of('disk').outAt)).toBeCloseTo(20, 0);
    expect(daysTo(of('disk').earliestAt)).toBeLessThanOrEqual(daysTo(of('disk').outAt));
    expect(of('memory')).toMatchObject({ state: 'flat', advice: 'idle', outAt: null, greatest: 0.2, usual: 0.15, days: 10 });
    expect(of('connections')).toMatchObject({ state: 'flat', advice: null });
    expect(of('licence')).toMatchObject({ state: 'fixed', advice: 'short', asset: 'licence:os' });
    expect(daysTo(of('partitions').outAt)).toBeGreaterThan(1);
    // What ends first stands first.
    expect(items[0]!.outAt! <= items[1]!.outAt!).toBe(true);
  });

  it('is told as a series for the rules on forecasts', async () => {
    const readings = createCapacityReadings({
      db: at.app.db,
      clock: at.clock,
      config: readConfig({ MINSHENG_DATA: at.folder }, at.folder),
    });
    const told = (await readings()).filter(({ name }) => name === 'minsheng_capacity_days_left');
    const left = Object.fromEntries(told.map(({ labels, value }) => [labels['component'], value]));
    expect(left['app-1:8080']).toBeCloseTo(20, 0);
    // To the end of its day in Beijing.
    expect(left['licence:os']).toBeCloseTo(6, 0);
    expect(Object.keys(left)).toHaveLength(2);
  });
});

it('the range of a number is asked of what is numbered, and a year of the calendar is not', async () => {
  const ends = await at.db.owner<{ what: string }>(`select what from operations.number_ends()`);
  const names = ends.map(({ what }) => what);
  expect(await at.db.owner(`select year from reference.calendar_year limit 1`)).toHaveLength(1);
  expect(names).not.toContain('reference.calendar_year.year');
  expect(names).toContain('operations.series.id');
});
