import { sql } from 'kysely';
import type { CapacityLine, Resource } from '#contracts/operations/capacity.api.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { gridAt, HOUR_MS, labelsOf } from '../series/series.rules.ts';
import { readSeries } from '../series/series.views.ts';
import { adviceOf, forecastOf, useOf, type Point } from './trend.rules.ts';

const DAY_MS = 86_400_000;
/** Trends are read from so much of the past. */
const SEEN_MS = 60 * DAY_MS;

/** The metrics that are a part of something finite, full at 1. What swings comes back by itself: an hour in which it was full is no end. */
const RATIOS: Readonly<Record<string, { readonly resource: Resource; readonly label: string; readonly swings?: true }>> = {
  minsheng_disk_used_ratio: { resource: 'disk', label: 'instance' },
  minsheng_memory_used_ratio: { resource: 'memory', label: 'instance', swings: true },
  minsheng_load_per_cpu: { resource: 'cpu', label: 'instance', swings: true },
  minsheng_db_connections_ratio: { resource: 'connections', label: 'instance', swings: true },
  minsheng_ids_used_ratio: { resource: 'ids', label: 'what' },
  minsheng_backup_site_used_ratio: { resource: 'site', label: 'site' },
};
const SIZE = 'pg_database_size_bytes';
const FREE = 'node_filesystem_avail_bytes';
const CERTIFICATE = 'probe_ssl_days_left';

/** What every resource has left, what ends soonest first. @param isBesideUs whether the database lies on the disk of a node */
export async function capacityOf(tx: Tx, nowMs: number, isBesideUs: boolean): Promise<CapacityLine[]> {
  const rows = await tx
    .selectFrom('operations.series')
    .select(['id', 'name', 'labels'])
    .where('name', 'in', [...Object.keys(RATIOS), SIZE, FREE, CERTIFICATE])
    .where('seen_at', '>', new Date(nowMs - DAY_MS))
    .orderBy('id')
    .limit(500)
    .execute();
  const ids = rows.map(({ id }) => id);
  const spans = ids.length > 0 ? await readSeries(tx, ids, gridAt(nowMs - SEEN_MS, HOUR_MS), nowMs, HOUR_MS) : [];
  // What runs out does so in the highest hour.
  const pointsOf = Map.groupBy(spans, ({ series }) => series);
  const told = rows.map((row) => ({
    name: row.name,
    labels: labelsOf(row.labels),
    points: (pointsOf.get(row.id) ?? []).map((span): Point => ({ atMs: span.fromMs, value: span.greatest })),
    last: pointsOf.get(row.id)?.at(-1)?.last ?? null,
  }));
  const lines = told.flatMap(({ name, labels, points, last }): CapacityLine[] => {
    const ratio = RATIOS[name];
    const instance = labels['instance'] ?? null;
    if (ratio)
      return [
        grown({
          resource: ratio.resource,
          subject: labels[ratio.label] ?? '',
          asset: ratio.resource === 'ids' ? 'database' : (labels['component'] ?? instance),
          unit: 'ratio',
          limit: 1,
          swings: ratio.swings ?? false,
          points,
          last,
          nowMs,
        }),
      ];
    if (name === SIZE) {
      const free = isBesideUs ? (told.find((one) => one.name === FREE)?.last ?? null) : null;
      const limit = free === null || last === null ? null : last + free;
      return [
        grown({
          resource: 'database',
          subject: instance ?? '',
          asset: 'database',
          unit: 'bytes',
          limit,
          swings: false,
          points,
          last,
          nowMs,
        }),
      ];
    }
    if (name !== CERTIFICATE || last === null) return [];
    const probe = labels['probe'] ?? '';
    return [fixed('certificate', probe, labels['component'] ?? `probe:${probe}`, nowMs + last * DAY_MS, nowMs)];
  });
  const all = [...lines, ...(await partitionLines(tx, nowMs)), ...(await registerLines(tx, nowMs))];
  return all.toSorted(
    (a, b) => (a.outAt ?? '9').localeCompare(b.outAt ?? '9') || a.resource.localeCompare(b.resource) || a.subject.localeCompare(b.subject),
  );
}

const JUST_FULL = 0.999;
const iso = (ms: number) => new Date(ms).toISOString();

interface Grown extends Pick<CapacityLine, 'resource' | 'subject' | 'asset' | 'unit' | 'limit'> {
  readonly points: readonly Point[];
  readonly last: number | null;
  readonly swings: boolean;
  readonly nowMs: number;
}

/** What grows by itself, by its trend; without a limit only how fast. */
function grown({ points, last, swings, nowMs, ...what }: Grown): CapacityLine {
  const limit = what.limit ?? Infinity;
  const trended = swings ? points.map(({ atMs, value }) => ({ atMs, value: Math.min(value, limit * JUST_FULL) })) : points;
  const forecast = forecastOf(trended, limit, nowMs);
  const use = what.limit === null ? null : useOf(points, what.limit);
  const foreseen = forecast.state === 'foreseen' ? forecast : null;
  return {
    ...what,
    value: last,
    perDay: forecast.perDay,
    greatest: use?.greatest ?? null,
    usual: use?.usual ?? null,
    days: use ? Math.round(use.days) : 0,
    state: what.limit === null && forecast.state !== 'few' ? 'unbounded' : forecast.state,
    outAt: forecast.state === 'out' ? iso(nowMs) : foreseen ? iso(foreseen.outMs) : null,
    earliestAt: foreseen ? iso(foreseen.earliestMs) : null,
    latestAt: foreseen?.latestMs ? iso(foreseen.latestMs) : null,
    advice: what.limit === null ? null : adviceOf(forecast, use, nowMs),
  };
}

function fixed(resource: Resource, subject: string, asset: string | null, outMs: number, nowMs: number): CapacityLine {
  const daysLeft = (outMs - nowMs) / DAY_MS;
  const nothing = { limit: null, perDay: null, greatest: null, usual: null, days: 0, earliestAt: null, latestAt: null } as const;
  const state = daysLeft <= 0 ? 'out' : 'fixed';
  return {
    resource,
    subject,
    asset,
    unit: 'days',
    value: daysLeft,
    ...nothing,
    state,
    outAt: iso(outMs),
    advice: daysLeft < 30 ? 'short' : null,
  };
}

/** The table whose last partition ends first. Partitions are made ahead each night; here it is seen when they are not. */
async function partitionLines(tx: Tx, nowMs: number): Promise<CapacityLine[]> {
  const { rows } = await sql<{ parent: string; bound: string }>`
    select i.inhparent::regclass::text as parent, max((regexp_match(pg_get_expr(c.relpartbound, c.oid), $p$TO [(]'([^']+)'[)]$p$))[1]) as bound
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where c.relispartition and c.relkind in ('r', 'p') and c.relnamespace <> 'pgboss'::regnamespace group by 1`.execute(
    tx,
  );
  const ends = rows.flatMap(({ parent, bound }) => {
    if (bound === null) return [];
    // A month of UUIDv7 ends at an id, whose first 48 bits are its milliseconds.
    const ms = /^[0-9a-f]{8}-/.test(bound) ? Number.parseInt(bound.replaceAll('-', '').slice(0, 12), 16) : Date.parse(bound);
    return Number.isFinite(ms) ? [{ parent, ms }] : [];
  });
  const first = ends.toSorted((a, b) => a.ms - b.ms)[0];
  // Days are made a few ahead, so that a month would be a false alarm.
  return first
    ? [{ ...fixed('partitions', first.parent, 'database', first.ms, nowMs), advice: first.ms - nowMs < DAY_MS ? 'short' : null }]
    : [];
}

/** What ends on a day that the register knows. */
async function registerLines(tx: Tx, nowMs: number): Promise<CapacityLine[]> {
  const { rows } = await sql<{ key: string; kind: string; name: string; what: 'licence' | 'warranty'; day: string }>`
    select key, kind, name, 'licence' as what, to_char(expires_on, 'YYYY-MM-DD') as day from operations.asset where expires_on is not null and retired_at is null
    union all
    select key, kind, name, 'warranty', to_char(warranty_until, 'YYYY-MM-DD') from operations.asset where warranty_until is not null and retired_at is null`.execute(
    tx,
  );
  return rows.map(({ key, kind, name, what, day }) => {
    // It is good until its day in Beijing is over.
    const ends = Date.parse(`${day}T16:00:00Z`);
    return fixed(what === 'licence' && kind === 'certificate' ? 'certificate' : what, name, key, ends, nowMs);
  });
}
