import { sql } from 'kysely';
import type { DatabaseCheck } from './check.ts';

/** What somebody is running, without the words and numbers in it: those may be a citizen's. */
const statement = sql`left(regexp_replace(regexp_replace(query, '''[^'']*''', '''…''', 'g'), '[0-9]{5,}', '…', 'g'), 300)`;
const session = sql`format('pid %s %s %s', pid, coalesce(usename, '-'), coalesce(nullif(application_name, ''), host(client_addr), 'local'))`;
const ours = sql`datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;
const STATS = 'pg_read_all_stats';

/** What is going on this very moment: sessions, locks, replication. */
export const sessionChecks: Readonly<Record<string, DatabaseCheck>> = {
  'db-connections': {
    needs: STATS,
    sql: () => sql`
      with sessions as (select usename, application_name, count(*) as sessions from pg_stat_activity where backend_type = 'client backend' group by 1, 2),
        room as (select current_setting('max_connections')::integer as most)
      select 'max_connections' as what, round(100.0 * sum(sessions) / min(most), 1) as measure, sum(sessions) as sessions, min(most) as most from sessions, room
      union all
      select format('%s %s', usename, application_name), round(100.0 * sessions / most, 1), sessions, most from sessions, room
      order by measure desc limit 20`,
  },
  'db-idle-in-transaction': {
    needs: STATS,
    sql: () => sql`
      select ${session} as what, extract(epoch from clock_timestamp() - state_change)::double precision as measure, pid,
        round(extract(epoch from clock_timestamp() - xact_start)) as "transactionSeconds", ${statement} as statement
      from pg_stat_activity where ${ours} and state like 'idle in transaction%' order by measure desc limit 50`,
  },
  'db-long-transaction': {
    needs: STATS,
    sql: () => sql`
      select ${session} as what, extract(epoch from clock_timestamp() - xact_start)::double precision as measure, pid, ${statement} as statement
      from pg_stat_activity where ${ours} and state = 'active' and xact_start is not null order by measure desc limit 50`,
  },
  'db-lock-wait': {
    needs: STATS,
    // Each session that waits, with the one at the head of its chain: that is the one to look at.
    sql: () => sql`
      with recursive blocked as materialized (
        select pid, pg_blocking_pids(pid) as by, ${session} as who,
          (select min(waitstart) from pg_locks l where l.pid = a.pid and not l.granted) as since
        from pg_stat_activity a where datname = current_database() and wait_event_type = 'Lock'
      ), chain (pid, blocker, depth) as (
        select pid, unnest(by), 1 from blocked
        union all select c.pid, b.blocker, c.depth + 1 from chain c
          join lateral (select unnest(x.by) as blocker from blocked x where x.pid = c.blocker) b on true where c.depth < 20
      ), heads as (
        select c.pid, max(c.depth) as depth, (array_agg(c.blocker order by c.depth desc))[1] as head from chain c
        where c.blocker not in (select pid from blocked) group by 1
      )
      select format('%s ← pid %s', b.who, coalesce(h.head::text, '?')) as what,
        coalesce(extract(epoch from clock_timestamp() - b.since), 0)::double precision as measure, b.pid, h.head as "headPid", h.depth,
        (select ${statement} from pg_stat_activity where pid = h.head) as "headStatement"
      from blocked b left join heads h on h.pid = b.pid order by measure desc limit 50`,
  },
  'db-prepared-transactions': {
    sql: () => sql`
      select gid as what, extract(epoch from clock_timestamp() - prepared)::double precision as measure, owner
      from pg_prepared_xacts where database = current_database() order by measure desc limit 50`,
  },
  'db-slow-sql': {
    needs: STATS,
    notes: ({ statements }) =>
      statements
        ? []
        : [
            {
              zh: '没有安装 pg_stat_statements：只看此刻正在执行的语句，历史慢语句见数据库日志（log_min_duration_statement）',
              en: 'pg_stat_statements is not installed: only what runs at this moment is seen; slow statements of the past stand in the log of the database (log_min_duration_statement)',
            },
          ],
    // What runs at this moment, and where it is counted what ran before: a statement that has not come to its end is counted nowhere.
    sql: ({ statements }) => sql`
      select * from (
        select ${session} as what, 1000 * extract(epoch from clock_timestamp() - query_start)::double precision as measure,
          null::bigint as calls, null::numeric as "totalSeconds", pid, ${statement} as statement
        from pg_stat_activity where ${ours} and state = 'active' and wait_event_type is distinct from 'Lock'
        ${
          statements
            ? sql`union all
        select format('queryid %s', queryid), mean_exec_time, calls, round(total_exec_time::numeric / 1000, 1), null, ${statement}
        from ${sql.id(statements, 'pg_stat_statements')} where dbid = (select oid from pg_database where datname = current_database()) and calls >= 5`
            : sql``
        }
      ) as slow order by measure desc limit 20`,
  },
  'db-replication-bytes': {
    needs: STATS,
    sql: () => sql`
      select format('%s %s', coalesce(application_name, '-'), coalesce(host(client_addr), 'local')) as what,
        pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) as measure, state, sync_state as sync
      from pg_stat_replication order by measure desc nulls last limit 20`,
  },
  'db-replication-seconds': {
    needs: STATS,
    sql: () => sql`
      select format('%s %s', coalesce(application_name, '-'), coalesce(host(client_addr), 'local')) as what,
        coalesce(extract(epoch from replay_lag), 0)::double precision as measure, state
      from pg_stat_replication order by measure desc limit 20`,
  },
  'db-slot-retained': {
    sql: () => sql`
      select slot_name as what, round(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) / 1073741824, 3) as measure, slot_type as type, wal_status as state
      from pg_replication_slots where not active and restart_lsn is not null order by measure desc limit 20`,
  },
};
