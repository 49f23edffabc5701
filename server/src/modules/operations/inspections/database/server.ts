import { sql } from 'kysely';
import { boundOf, riseOf } from '../inspections.rules.ts';
import { risen, type DatabaseCheck } from './check.ts';

/** Whether anybody but this host can reach the server. */
const exposed = sql`exists (select from unnest(string_to_array(replace(current_setting('listen_addresses'), ' ', ''), ',')) as address
  where address not in ('', 'localhost', '::1') and address !~ '^127[.]')`;
const LOOPBACK_ONLY = {
  zh: '数据库只在本机监听，此项仅供参考',
  en: 'The database listens to this host alone, so this is for information only',
};
const loopbackNote = (_: unknown, rows: readonly { readonly [figure: string]: unknown }[]) =>
  rows[0]?.['exposed'] === 'no' ? [LOOPBACK_ONLY] : [];
const percent = (part: number, whole: number) => Math.round((1000 * part) / whole) / 10;

/** How the server itself stands: counters, ages, settings, who may come in. */
export const serverChecks: Readonly<Record<string, DatabaseCheck>> = {
  'db-deadlocks': {
    since: risen((row, since) => riseOf(row, 'total', since)),
    sql: () => sql`select datname as what, null as measure, deadlocks as total from pg_stat_database where datname = current_database()`,
  },
  'db-temp-files': {
    since: risen((row, since) => {
      const bytes = riseOf(row, 'bytes', since);
      return bytes === null ? null : Math.round((1000 * bytes) / 2 ** 30) / 1000;
    }),
    sql: () => sql`
      select datname as what, null as measure, temp_bytes as bytes, temp_files as files, current_setting('work_mem') as "workMem"
      from pg_stat_database where datname = current_database()`,
  },
  'db-cache-hit': {
    // What was asked since the last reading; all there is where nothing was read before. A few blocks say nothing.
    since: (rows, since, { bounds }) =>
      rows.map((row) => {
        const [hit, read] = (['hit', 'read'] as const).map((figure) => (since.before ? riseOf(row, figure, since)! : Number(row[figure])));
        return { ...row, measure: hit! + read! < boundOf(bounds, 'blocks') ? null : percent(hit!, hit! + read!) };
      }),
    sql: () => sql`
      select datname as what, null as measure, blks_hit as hit, blks_read as read, current_setting('shared_buffers') as "sharedBuffers"
      from pg_stat_database where datname = current_database()`,
  },
  'db-checkpoints': {
    since: (rows, since, { bounds }) =>
      rows.map((row) => {
        const [timed, requested] = (['timed', 'requested'] as const).map((figure) => riseOf(row, figure, since) ?? 0);
        const all = timed! + requested!;
        return { ...row, measure: all < boundOf(bounds, 'checkpoints') ? null : percent(requested!, all) };
      }),
    sql: ({ version }) =>
      version >= 170_000
        ? sql`select 'checkpoints' as what, null as measure, num_timed as timed, num_requested as requested, current_setting('max_wal_size') as "maxWalSize"
            from pg_stat_checkpointer`
        : sql`select 'checkpoints' as what, null as measure, checkpoints_timed as timed, checkpoints_req as requested, current_setting('max_wal_size') as "maxWalSize"
            from pg_stat_bgwriter`,
  },
  'db-wal-size': {
    needs: 'pg_monitor',
    sql: () => sql`
      select 'pg_wal' as what, round(100.0 * sum(size) / (pg_size_bytes(current_setting('max_wal_size')) + pg_size_bytes(current_setting('wal_keep_size'))), 1) as measure,
        sum(size) as bytes, current_setting('max_wal_size') as "maxWalSize" from pg_ls_waldir()`,
  },
  'db-archive': {
    notes: (_, rows) =>
      rows[0]?.['mode'] === 'off'
        ? [
            {
              zh: '没有开启 WAL 归档（archive_mode = off），此项仅供参考',
              en: 'WAL is not archived (archive_mode = off), so this is for information only',
            },
          ]
        : [],
    sql: () => sql`
      select coalesce(last_failed_wal, last_archived_wal, '-') as what,
        case when current_setting('archive_mode') <> 'off' and last_failed_time > coalesce(last_archived_time, '-infinity') then failed_count else 0 end as measure,
        failed_count as failed, archived_count as archived, last_failed_time::text as "lastFailed", last_archived_time::text as "lastArchived",
        current_setting('archive_mode') as mode
      from pg_stat_archiver`,
  },
  'db-wraparound': {
    sql: () => sql`
      select format('database %s', datname) as what, age(datfrozenxid)::double precision / 1e6 as measure, age(datfrozenxid) as age,
        current_setting('autovacuum_freeze_max_age') as "freezesAt"
      from pg_database order by measure desc limit 20`,
  },
  'db-multixact': {
    sql: () => sql`
      select format('database %s', datname) as what, mxid_age(datminmxid)::double precision / 1e6 as measure, mxid_age(datminmxid) as age,
        current_setting('autovacuum_multixact_freeze_max_age') as "freezesAt"
      from pg_database order by measure desc limit 20`,
  },
  'db-checksum-failures': {
    sql: () => sql`
      select coalesce(datname, 'shared') as what, coalesce(checksum_failures, 0) as measure, current_setting('data_checksums') as checksums
      from pg_stat_database order by measure desc limit 20`,
  },
  'db-locks-room': {
    // One statement over every month of a table locks each partition with its indexes.
    sql: () => sql`
      select p.partrelid::regclass::text as what,
        round(100.0 * (count(distinct t.relid) + count(i.indexrelid)) / current_setting('max_locks_per_transaction')::integer, 1) as measure,
        count(distinct t.relid) as partitions, count(i.indexrelid) as indexes, current_setting('max_locks_per_transaction') as "locksPerTransaction"
      from pg_partitioned_table p join pg_class c on c.oid = p.partrelid and not c.relispartition
      cross join lateral pg_partition_tree(p.partrelid) as t left join pg_index i on i.indrelid = t.relid
      group by p.partrelid order by measure desc limit 20`,
  },
  'db-superusers': {
    sql: () => sql`
      select rolname as what, 1 as measure, coalesce(rolvaliduntil::text, '-') as "validUntil" from pg_roles
      where rolsuper and rolcanlogin and oid <> 10 order by 1 limit 20`,
  },
  'db-weak-passwords': {
    remedy: {
      zh: '由数据库超级用户执行：alter function operations.password_kinds owner to <超级用户>',
      en: 'Let a superuser of the database run: alter function operations.password_kinds owner to <superuser>',
    },
    sql: () => sql`
      select 'password_encryption = md5' as what, 1 as measure, null::text as kind where current_setting('password_encryption') = 'md5'
      union all select role_name, 1, kind from operations.password_kinds() where kind = 'md5' limit 50`,
  },
  'db-hba-open': {
    remedy: {
      zh: '由数据库超级用户执行：alter function operations.hba_rules owner to <超级用户>',
      en: 'Let a superuser of the database run: alter function operations.hba_rules owner to <superuser>',
    },
    // 2 where anybody comes in without a proper password, 1 where the whole world may try.
    sql: () => sql`
      select format('pg_hba.conf:%s', line) as what,
        case when method in ('trust', 'password') and (type <> 'local' and address is distinct from '127.0.0.1' and address is distinct from '::1') then 2 else 1 end as measure,
        concat_ws(' ', type, array_to_string(database, ','), array_to_string(user_name, ','), address, netmask, method) as rule
      from operations.hba_rules()
      where method in ('trust', 'password', 'md5') or (type <> 'local' and method <> 'reject' and (address = 'all' or netmask in ('0.0.0.0', '::')))
      order by measure desc limit 20`,
  },
  'db-ssl-off': {
    notes: loopbackNote,
    sql: () => sql`
      select 'ssl' as what, case when ${exposed} and current_setting('ssl') = 'off' then 1 else 0 end as measure, current_setting('ssl') as setting,
        current_setting('listen_addresses') as "listenAddresses", case when ${exposed} then 'yes' else 'no' end as exposed`,
  },
  'db-log-connections': {
    notes: loopbackNote,
    sql: () => sql`
      select 'log_connections' as what, case when ${exposed} and current_setting('log_connections') in ('off', '') then 1 else 0 end as measure,
        current_setting('log_connections') as setting, current_setting('listen_addresses') as "listenAddresses",
        case when ${exposed} then 'yes' else 'no' end as exposed`,
  },
  'db-slow-log': {
    sql: ({ statements }) => sql`
      select 'log_min_duration_statement' as what,
        case when setting::integer < 0 then ${statements ? 0 : 1}::integer else 0 end as measure, current_setting('log_min_duration_statement') as setting
      from pg_settings where name = 'log_min_duration_statement'`,
  },
};
