import { sql } from 'kysely';
import type { Tx } from '#server/platform/db/db.ts';
import type { Reading } from './series.service.ts';

/**
 * What PostgreSQL tells of the platform's database, under the names of the Prometheus postgres exporter, with `_total` after what only rises. What the role may
 * not see (the states of others' sessions without `pg_monitor`) is told as far as it is seen.
 */
export async function readDatabase(tx: Tx): Promise<Reading[]> {
  const [activity, database, waits, queues, subscribers] = [
    await sql<{ state: string; count: number; oldest: number }>`
      select coalesce(state, 'other') as state, count(*) as count,
        coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::double precision as oldest
      from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() group by 1`.execute(tx),
    await sql<Record<(typeof DATABASE)[number], number>>`
      select xact_commit, xact_rollback, blks_read, blks_hit, deadlocks, temp_bytes, pg_database_size(datname) as size_bytes,
        current_setting('max_connections')::integer as max_connections,
        (select age(datfrozenxid) from pg_database where datname = current_database()) as frozen_age
      from pg_stat_database where datname = current_database()`.execute(tx),
    await sql<{ waiting: number; longest: number }>`
      select count(*) as waiting, coalesce(max(extract(epoch from clock_timestamp() - waitstart)), 0)::double precision as longest
      from pg_locks where not granted and waitstart is not null`.execute(tx),
    await sql<{ queue: string; state: string; count: number }>`
      select name as queue, state::text as state, count(*) as count from pgboss.job where state in ('created', 'retry', 'active', 'failed') group by 1, 2`.execute(
      tx,
    ),
    // How old the first event is that a subscriber has not heard.
    await sql<{ name: string; behind: number }>`
      select s.name, coalesce(extract(epoch from now() - (select e.at from platform.event e
        where (e.xid, e.id) > (s.xid, s.id) order by e.xid, e.id limit 1)), 0)::double precision as behind
      from platform.subscriber s`.execute(tx),
  ];
  const facts = database.rows[0]!;
  const wait = waits.rows[0]!;
  const gauge = (name: string, value: number, labels: Record<string, string> = {}): Reading => ({ name, labels, kind: 'gauge', value });
  return [
    ...activity.rows.flatMap(({ state, count, oldest }) => [
      gauge('pg_stat_activity_sessions', count, { state }),
      gauge('pg_stat_activity_max_tx_duration', oldest, { state }),
    ]),
    ...COUNTERS.map((name): Reading => ({ name: `pg_stat_database_${name}_total`, labels: {}, kind: 'counter', value: facts[name] })),
    gauge('pg_database_size_bytes', facts.size_bytes),
    gauge('pg_settings_max_connections', facts.max_connections),
    gauge('minsheng_db_connections_ratio', activity.rows.reduce((sum, row) => sum + row.count, 1) / facts.max_connections),
    gauge('pg_database_frozen_age', facts.frozen_age),
    gauge('pg_locks_waiting', wait.waiting),
    gauge('pg_locks_longest_wait_seconds', wait.longest),
    ...queues.rows.map(({ queue, state, count }) => gauge('minsheng_queue_jobs', count, { queue, state })),
    ...subscribers.rows.map(({ name, behind }) => gauge('minsheng_subscriber_behind_seconds', behind, { subscriber: name })),
  ];
}

const COUNTERS = ['xact_commit', 'xact_rollback', 'blks_read', 'blks_hit', 'deadlocks', 'temp_bytes'] as const;
const DATABASE = [...COUNTERS, 'size_bytes', 'max_connections', 'frozen_age'] as const;
