import { sql } from 'kysely';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { labelsOf, labelText } from './series.rules.ts';
import type { Reading } from './series.service.ts';

/** Who reads for the whole platform, not for one node: what they told is told to a Prometheus by every node alike. */
export const CENTRE = {
  database: 'database',
  logs: 'logs',
  probes: 'probes',
  business: 'business',
  capacity: 'capacity',
  slo: 'slo',
} as const;

/** What the metrics of the centre mean; `promtool` asks it of each. */
const HELP: Readonly<Record<string, string>> = {
  pg_stat_activity_sessions: 'Sessions by state',
  pg_stat_activity_max_tx_duration: 'Seconds the oldest transaction of sessions in a state has lasted',
  pg_stat_database_xact_commit_total: 'Transactions committed',
  pg_stat_database_xact_rollback_total: 'Transactions rolled back',
  pg_stat_database_blks_read_total: 'Blocks read from disk',
  pg_stat_database_blks_hit_total: 'Blocks found in memory',
  pg_stat_database_deadlocks_total: 'Deadlocks',
  pg_stat_database_temp_bytes_total: 'Bytes written to temporary files',
  pg_database_size_bytes: 'Size of the database',
  pg_settings_max_connections: 'Sessions the server allows',
  pg_database_frozen_age: 'Transactions since the oldest row that is not frozen',
  pg_locks_waiting: 'Locks that are waited for',
  pg_locks_longest_wait_seconds: 'Seconds the longest wait for a lock has lasted',
  minsheng_db_connections_ratio: 'Part of the allowed sessions that is in use',
  minsheng_queue_jobs: 'Jobs by queue and state',
  minsheng_subscriber_behind_seconds: 'Age of the first event a subscriber has not heard',
  minsheng_backup_age_seconds: 'Age of the last good backup',
  minsheng_archived_segment_age_seconds: 'Age of the last segment of the log that was archived',
  minsheng_proven_restore_age_seconds: 'Age of the last restore that was proven',
  minsheng_backups_damaged: 'Backups found damaged',
  minsheng_log_gaps: 'Segments of the log that are missing from the archive',
  minsheng_log_lines: 'Lines of the last minute by level or watched search',
  minsheng_log_silence_seconds: 'Seconds since a source last told a line',
  minsheng_orders_recent: 'Appeals filed and orders accepted, dispatched, replied, followed up in the last five minutes, by city',
  minsheng_orders_overdue: 'Open clocks of orders that are overdue, by clock',
  minsheng_orders_overdue_seconds: 'Seconds the longest of them is overdue',
  minsheng_ids_used_ratio: 'Part of the range of a number that is used',
  minsheng_backup_site_used_ratio: 'Part of the disk of a backup site that is used',
  minsheng_capacity_days_left: 'Days until a resource is used up or over, by its forecast',
  probe_success: 'Whether the last try of a probe was good',
  probe_duration_seconds: 'Seconds the last try of a probe took',
  probe_ssl_days_left: 'Days until the certificate of a probe expires',
};

/** What was read older than this is not told any more: as a source that has gone silent would not. */
const FRESH_MS = 60_000;

/** What the readers of the platform told last. */
export async function centreReadings(tx: Tx, nowMs: number): Promise<Reading[]> {
  const { rows } = await sql<{ name: string; labels: string; kind: 'gauge' | 'counter'; source: string; value: number }>`
    with newest as (
      select distinct on (source) source, series, readings from operations.reading
      where source = any(${Object.values(CENTRE)}::text[]) and at > ${new Date(nowMs - FRESH_MS)} order by source, at desc
    )
    select s.name, s.labels, s.kind, n.source, told.value
    from newest n, unnest(n.series, n.readings) as told(id, value) join operations.series s on s.id = told.id
    order by s.name, s.labels`.execute(tx);
  return rows.map(({ name, labels, kind, source, value }) => {
    const { instance, ...rest } = labelsOf(labels);
    // Its reader stands for the instance of what has none; a Prometheus names the instance itself.
    return { name, labels: instance === undefined || instance === source ? rest : { ...rest, instance }, kind, value };
  });
}

/** Readings in the text format of Prometheus, each metric with its help and type once. */
export function exposition(readings: readonly Reading[]): string {
  return [...Map.groupBy(readings, ({ name }) => name)]
    .map(([name, all]) => {
      const lines = all.map(({ labels, value }) => `${name}${Object.keys(labels).length > 0 ? `{${labelText(labels)}}` : ''} ${value}`);
      return [`# HELP ${name} ${HELP[name] ?? name}`, `# TYPE ${name} ${all[0]!.kind}`, ...lines, ''].join('\n');
    })
    .join('');
}

export const centreExposition = (db: Db, nowMs: number): Promise<string> =>
  db.transact(SYSTEM, async (tx) => exposition(await centreReadings(tx, nowMs)));
