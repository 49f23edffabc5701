import { sql } from 'kysely';
import type { Clock } from '#server/kernel/clock.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import type { Loop } from '#server/platform/events/events.ts';
import { condense, DAY_MS, gathered, gridAt, HOUR_MS, labelText, RAW_KEPT_MS, SPAN_MS, type Labels } from './series.rules.ts';
import {
  condensedSpans,
  firstReadingAt,
  forgetReadings,
  packedUpto,
  packSpan,
  putCondensed,
  putReading,
  rawSpans,
  registerSeries,
  setPackedUpto,
  TIERS,
  type NewSeries,
  type Tier,
} from './series.store.ts';

/** One value of one series, as its source tells it. */
export interface Reading {
  readonly name: string;
  readonly labels: Labels;
  readonly kind: 'gauge' | 'counter';
  readonly value: number;
}

export interface SamplerDeps {
  readonly db: Db;
  readonly clock: Clock;
  /** Of its loop. */
  readonly name: string;
  /** Who reads: its rows are told apart by it, and it is the label `instance` of what has none. */
  readonly source: string;
  readonly gather: () => Promise<readonly Reading[]>;
}

/** Reads every series of a source once in each step of the grid and keeps the readings. */
export function createSampler({ db, clock, name: loopName, source, gather }: SamplerDeps): {
  readonly loop: Loop;
  sample(): Promise<number>;
} {
  const ids = new Map<string, number>();
  let lastMs = 0;

  async function sample(): Promise<number> {
    const atMs = gridAt(clock.nowMs());
    lastMs = atMs;
    const readings = await gather();
    const known = readings.map(({ name, labels, kind, value }) => {
      const text = labelText({ instance: source, ...labels });
      return { key: `${name}{${text}}`, value, series: { name, labels: text, kind } satisfies NewSeries };
    });
    await db.transact(SYSTEM, async (tx) => {
      const fresh = known.filter(({ key }) => !ids.has(key));
      const made =
        fresh.length > 0
          ? await registerSeries(
              tx,
              fresh.map(({ series }) => series),
              new Date(atMs),
            )
          : [];
      for (const [place, { key }] of fresh.entries()) ids.set(key, made[place]!);
      await putReading(
        tx,
        new Date(atMs),
        source,
        known.map(({ key }) => ids.get(key)!),
        known.map(({ value }) => value),
      );
    });
    return known.length;
  }

  return {
    sample,
    loop: {
      name: loopName,
      restMs: 1000,
      async turn() {
        if (gridAt(clock.nowMs()) > lastMs) await sample();
        return 0;
      },
    },
  };
}

/** Gives series of another store their numbers here, by which they are asked for. */
export async function numberSeries(db: Db, series: readonly NewSeries[], at: Date): Promise<void> {
  if (series.length > 0) await db.transact(SYSTEM, (tx) => registerSeries(tx, series, at));
}

/** A reading that reaches its row later than this is not packed with the others; a node that slow is silent. */
const LATE_MS = 60_000;

/**
 * Packs readings five minutes at a time, and condenses them hour by hour and day by day (of Beijing). One node does it at a time;
 * each portion is one transaction, so that every instant stands in exactly one of the tiers a reader puts together.
 */
export function createPacker({ db, clock }: { db: Db; clock: Clock }): Loop {
  return {
    name: 'operations.pack',
    restMs: 15_000,
    turn: () =>
      db.transact(SYSTEM, async (tx) => {
        const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(hashtext('operations.pack')) as mine`.execute(tx);
        if (!rows[0]!.mine) return 0;
        return (await packNext(tx, clock.nowMs())) + (await condenseNext(tx, 'hour')) + (await condenseNext(tx, 'day'));
      }),
  };
}

async function packNext(tx: Tx, nowMs: number): Promise<number> {
  const fromMs = ((await packedUpto(tx, 'raw')) ?? (await firstReadingAt(tx)))?.getTime();
  if (fromMs === undefined) return 0;
  // What lay unpacked since before the platform stood still has no span to go to any more.
  const keptFromMs = gridAt(nowMs - RAW_KEPT_MS, SPAN_MS) + SPAN_MS;
  if (fromMs < keptFromMs) await forgetReadings(tx, keptFromMs);
  const spanMs = Math.max(gridAt(fromMs, SPAN_MS), keptFromMs);
  if (spanMs + SPAN_MS + LATE_MS > nowMs) return 0;
  await packSpan(tx, spanMs);
  await setPackedUpto(tx, 'raw', new Date(spanMs + SPAN_MS));
  for (const tier of ['hour', 'day'] as const)
    if ((await packedUpto(tx, tier)) === null) await setPackedUpto(tx, tier, new Date(rowAt(tier, spanMs)));
  return 1;
}

/** Days are those of Beijing, whose clock has stood eight hours ahead since 1991. */
function rowAt(tier: Tier, ms: number): number {
  return tier === 'hour' ? gridAt(ms, HOUR_MS) : gridAt(ms + 8 * HOUR_MS, DAY_MS) - 8 * HOUR_MS;
}

async function condenseNext(tx: Tx, tier: Tier): Promise<number> {
  const [from, full] = [await packedUpto(tx, tier), await packedUpto(tx, tier === 'hour' ? 'raw' : 'hour')];
  const { rowMs, spanMs } = TIERS[tier];
  if (!from || !full || from.getTime() + rowMs > full.getTime()) return 0;
  const [fromMs, toMs] = [from.getTime(), from.getTime() + rowMs];
  const finer =
    tier === 'hour'
      ? (await rawSpans(tx, fromMs, toMs)).map((span) => ({ ...span, ...condense(span.readings) }))
      : await condensedSpans(tx, 'hour', fromMs, toMs);
  await putCondensed(tx, tier, fromMs, gathered(finer, spanMs));
  await setPackedUpto(tx, tier, new Date(toMs));
  return 1;
}
