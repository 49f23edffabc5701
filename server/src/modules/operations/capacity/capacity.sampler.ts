import { statfs } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Resource } from '#contracts/operations/capacity.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Config } from '#server/platform/config/config.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import type { Reading } from '../series/series.service.ts';
import { capacityOf } from './capacity.views.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Numbers of which less is used are no capacity worth a series. */
const USED_FROM = 0.1;

/** Tells once an hour what is costly to read: how far numbers are used, how full backup sites are, and in how many days resources end. */
export function createCapacityReadings({ db, clock, config }: { db: Db; clock: Clock; config: Config }): () => Promise<readonly Reading[]> {
  let told: readonly Reading[] = [];
  let nextMs = 0;
  return async () => {
    const nowMs = clock.nowMs();
    if (nowMs < nextMs) return told;
    const sites = await siteReadings(config);
    told = await db.transact(SYSTEM, async (tx) => [...sites, ...(await idReadings(tx)), ...(await daysLeft(tx, nowMs, config.demo))]);
    nextMs = nowMs + HOUR_MS;
    return told;
  };
}

async function idReadings(tx: Tx): Promise<Reading[]> {
  const { rows } = await sql<{ what: string; used: number }>`
    select what, (reached / ends_at)::double precision as used from operations.number_ends() where reached / ends_at >= ${USED_FROM} order by 2 desc limit 20`.execute(
    tx,
  );
  return rows.map(({ what, used }) => ({ name: 'minsheng_ids_used_ratio', labels: { what }, kind: 'gauge', value: used }));
}

/** Of sites that are folders; an object store has no end that could be asked for. */
async function siteReadings({ backup }: Config): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const site of ['first', 'second'] as const) {
    const place = backup[site];
    if (!place || !('folder' in place)) continue;
    const disk = await statfs(place.folder).catch(() => null);
    if (disk && disk.blocks > 0)
      readings.push({
        name: 'minsheng_backup_site_used_ratio',
        labels: { site, component: `site:${site}` },
        kind: 'gauge',
        value: 1 - disk.bavail / disk.blocks,
      });
  }
  return readings;
}

/** What is used up and does not come back by itself. Loads that swing, certificates and partitions have rules of their own. */
const JUDGED: readonly Resource[] = ['disk', 'database', 'ids', 'site', 'licence', 'warranty'];

/** For the rules on forecasts. */
async function daysLeft(tx: Tx, nowMs: number, isBesideUs: boolean): Promise<Reading[]> {
  const lines = await capacityOf(tx, nowMs, isBesideUs);
  return lines.flatMap(({ resource, subject, asset, outAt }): Reading[] => {
    if (outAt === null || !JUDGED.includes(resource)) return [];
    const labels = { resource, subject, ...(asset ? { component: asset } : {}) };
    return [{ name: 'minsheng_capacity_days_left', labels, kind: 'gauge', value: Math.max(0, (Date.parse(outAt) - nowMs) / DAY_MS) }];
  });
}
