import type { Clock } from '#server/kernel/clock.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import type { Reading } from '../series/series.service.ts';
import { burnReadings } from './slo.views.ts';

/** So long what was read stands: three days of counters are read for it, and no window is shorter than five minutes. */
const STANDS_MS = 60_000;

/** The burn rates as a source of series: read once a minute, told at every step of the grid. */
export function createBurnSource({ db, clock }: { db: Db; clock: Clock }): () => Promise<readonly Reading[]> {
  let told: readonly Reading[] = [];
  let readMs = -Infinity;
  return async () => {
    const nowMs = clock.nowMs();
    if (nowMs - readMs >= STANDS_MS) {
      told = await db.transact(SYSTEM, (tx) => burnReadings(tx, nowMs));
      readMs = nowMs;
    }
    return told;
  };
}
