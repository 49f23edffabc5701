import { sql } from 'kysely';
import { boundOf, riseOf } from '../inspections.rules.ts';
import { risen, type DatabaseCheck } from './check.ts';

const DAY_MS = 86_400_000;
/** Relations of the application: neither the system's nor somebody's temporary ones. */
const ofOurs = sql`n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_(temp|toast_temp)_'`;
/** The tables of the job queue are its library's to mend. */
const madeByUs = sql`${ofOurs} and n.nspname <> 'pgboss'`;
const relation = sql`format('%I.%I', n.nspname, c.relname)`;
const index = sql`format('%I.%I', n.nspname, x.relname)`;
const ESTIMATE = {
  zh: '按统计信息估算（未用 pgstattuple），误差约一成',
  en: 'Estimated from statistics, not measured by pgstattuple; right to about a tenth',
};
const GROWS = { zh: '与上次读数比较', en: 'Compared with an earlier reading' };
const remedyOf = (name: string) => ({
  zh: `由数据库超级用户执行：alter function operations.${name} owner to <超级用户>`,
  en: `Let a superuser of the database run: alter function operations.${name} owner to <superuser>`,
});
/** The room rows or entries should take, against what they take: `tuple` is the bytes of one, `fill` how full pages are made. */
const bloat = (
  tuple: ReturnType<typeof sql>,
  tuples: ReturnType<typeof sql>,
  fill: ReturnType<typeof sql>,
  bytes: ReturnType<typeof sql>,
) => sql`
  round(100 * greatest(0, 1 - ceil(${tuples} / greatest(1, floor(8150.0 * ${fill} / 100 / (${tuple})))) * 8192 / ${bytes})::numeric, 1)`;
/** A length rounded up to the eight bytes that everything is aligned to. */
const aligned = (bytes: ReturnType<typeof sql>) => sql`(8 * ceil((${bytes}) / 8.0))`;

/** How tables and indexes stand. */
export const tableChecks: Readonly<Record<string, DatabaseCheck>> = {
  'db-dead-tuples': {
    sql: ({ bounds }) => sql`
      select format('%I.%I', schemaname, relname) as what, round(100.0 * n_dead_tup / (n_live_tup + n_dead_tup), 1) as measure,
        n_dead_tup as dead, n_live_tup as live, coalesce(greatest(last_autovacuum, last_vacuum)::text, '-') as "lastVacuum"
      from pg_stat_user_tables where n_live_tup + n_dead_tup >= ${boundOf(bounds, 'rows')} order by measure desc limit 50`,
  },
  'db-table-bloat': {
    remedy: remedyOf('row_widths'),
    notes: () => [ESTIMATE],
    sql: ({ bounds }) => sql`
      select ${relation} as what, ${bloat(
        sql`4 + ${aligned(sql`23 + case when w.with_nulls then (w.columns + 7) / 8 else 0 end`)} + ${aligned(sql`w.width`)}`,
        sql`c.reltuples`,
        sql`coalesce((select option_value::integer from pg_options_to_table(c.reloptions) where option_name = 'fillfactor'), 100)`,
        sql`pg_relation_size(c.oid)`,
      )} as measure, pg_relation_size(c.oid) as bytes, c.reltuples::bigint as rows
      from operations.row_widths() w join pg_class c on c.oid = w.relation join pg_namespace n on n.oid = c.relnamespace
      where ${ofOurs} and c.reltuples >= 0 and pg_relation_size(c.oid) >= ${boundOf(bounds, 'bytes')} order by measure desc limit 50`,
  },
  'db-index-bloat': {
    remedy: remedyOf('entry_widths'),
    notes: () => [ESTIMATE],
    sql: ({ bounds }) => sql`
      select ${index} as what, ${bloat(
        sql`4 + ${aligned(sql`8 + case when w.with_nulls then 8 else 0 end`)} + ${aligned(sql`w.width`)}`,
        sql`x.reltuples`,
        sql`coalesce((select option_value::integer from pg_options_to_table(x.reloptions) where option_name = 'fillfactor'), 90)`,
        sql`pg_relation_size(x.oid)`,
      )} as measure, pg_relation_size(x.oid) as bytes, x.reltuples::bigint as rows
      from operations.entry_widths() w join pg_class x on x.oid = w.relation join pg_namespace n on n.oid = x.relnamespace
      where ${ofOurs} and x.reltuples >= 0 and pg_relation_size(x.oid) >= ${boundOf(bounds, 'bytes')} order by measure desc limit 50`,
  },
  'db-autovacuum-behind': {
    sql: ({ bounds }) => sql`
      select format('%I.%I', schemaname, relname) as what, n_dead_tup as measure, n_live_tup as live,
        coalesce(greatest(last_autovacuum, last_vacuum)::text, '-') as "lastVacuum",
        (select count(*) from pg_stat_activity where backend_type = 'autovacuum worker') as "workersBusy", current_setting('autovacuum_max_workers') as workers
      from pg_stat_user_tables
      where coalesce(greatest(last_autovacuum, last_vacuum), '-infinity') < now() - make_interval(hours => ${boundOf(bounds, 'hours')}::integer)
      order by measure desc limit 20`,
  },
  'db-autovacuum-off': {
    sql: () => sql`
      select 'autovacuum = off' as what, 2 as measure where current_setting('autovacuum') = 'off'
      union all select 'track_counts = off', 2 where current_setting('track_counts') = 'off'
      union all
      select ${relation}, 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${ofOurs} and c.relkind in ('r', 'm') and exists (
        select from pg_options_to_table(c.reloptions) where option_name = 'autovacuum_enabled' and option_value in ('false', 'off', 'no', '0'))
      order by measure desc limit 50`,
  },
  'db-never-analyzed': {
    sql: ({ bounds }) => sql`
      select format('%I.%I', schemaname, relname) as what, n_live_tup as measure from pg_stat_user_tables
      where last_analyze is null and last_autoanalyze is null and n_live_tup >= ${boundOf(bounds, 'rows')} order by measure desc limit 50`,
  },
  'db-unused-index': {
    // Unused since it was first seen with as many scans as it has now; statistics that were reset meanwhile prove nothing.
    since: (rows, { before, nowMs, overMs }) =>
      rows.map((row) => {
        const then = before?.rows.find((one) => one.what === row.what);
        const idleMs = before && then?.['scans'] === row['scans'] && then?.['reset'] === row['reset'] ? nowMs - before.atMs : 0;
        return { ...row, measure: idleMs >= overMs ? Math.floor(idleMs / DAY_MS) : 0 };
      }),
    notes: () => [GROWS],
    sql: ({ bounds }) => sql`
      select format('%I.%I', s.schemaname, s.indexrelname) as what, null as measure, s.idx_scan as scans, pg_relation_size(s.indexrelid) as bytes,
        format('%I.%I', s.schemaname, s.relname) as "table", coalesce(d.stats_reset::text, '-') as reset
      from pg_stat_user_indexes s join pg_index i on i.indexrelid = s.indexrelid
      join pg_stat_database d on d.datname = current_database()
      where not i.indisunique and i.indisvalid and pg_relation_size(s.indexrelid) >= ${boundOf(bounds, 'bytes')}
        and not exists (select from pg_constraint where conindid = s.indexrelid)
      order by bytes desc limit 300`,
  },
  'db-duplicate-index': {
    sql: () => sql`
      select string_agg(${index}, ' = ' order by x.oid) as what, 1 as measure, min(i.indrelid::regclass::text) as "table",
        sum(pg_relation_size(x.oid)) as bytes
      from pg_index i join pg_class x on x.oid = i.indexrelid join pg_namespace n on n.oid = x.relnamespace
      where ${ofOurs} and not x.relispartition
      group by i.indrelid, x.relam, i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text, i.indnkeyatts,
        coalesce(pg_get_expr(i.indexprs, i.indrelid), ''), coalesce(pg_get_expr(i.indpred, i.indrelid), '')
      having count(*) > 1 limit 50`,
  },
  'db-invalid-index': {
    sql: () => sql`
      select ${index} as what, 1 as measure, i.indrelid::regclass::text as "table", pg_relation_size(x.oid) as bytes
      from pg_index i join pg_class x on x.oid = i.indexrelid join pg_namespace n on n.oid = x.relnamespace
      where not i.indisvalid and ${ofOurs} and not exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid) limit 50`,
  },
  'db-seq-scans': {
    since: risen((row, since) => riseOf(row, 'scans', since)),
    notes: () => [GROWS],
    sql: ({ bounds }) => sql`
      select ${relation} as what, null as measure, s.seq_scan as scans, s.seq_tup_read as "rowsRead", c.reltuples::bigint as rows
      from pg_stat_user_tables s join pg_class c on c.oid = s.relid join pg_namespace n on n.oid = c.relnamespace
      where c.reltuples >= ${boundOf(bounds, 'rows')} order by s.seq_scan desc limit 100`,
  },
  'db-size-growth': {
    // Only against a reading that is a whole week old: what grew in an hour says nothing of a week.
    since: (rows, { before, nowMs, overMs }) =>
      rows.map((row) => {
        const then = Number(before?.rows.find((one) => one.what === row.what)?.['bytes'] ?? 0);
        const elapsedMs = before ? nowMs - before.atMs : 0;
        if (then <= 0 || elapsedMs < overMs) return row;
        const percent = (100 * (Number(row['bytes']) - then)) / then;
        return { ...row, measure: Math.round(10 * Math.max(0, percent) * (overMs / elapsedMs)) / 10, before: then };
      }),
    notes: () => [GROWS],
    sql: ({ bounds }) => sql`
      select format('database %s', current_database()) as what, null as measure, pg_database_size(current_database()) as bytes
      union all
      select * from (select ${relation} as what, null as measure, s.bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
        cross join lateral (select pg_total_relation_size(c.oid) as bytes offset 0) as s
        where ${ofOurs} and c.relkind in ('r', 'm') and s.bytes >= ${boundOf(bounds, 'bytes')} order by bytes desc limit 50) as tables`,
  },
  'db-sequences': {
    remedy: remedyOf('number_ends'),
    sql: () => sql`
      select what, round(100 * reached / ends_at, 1) as measure, reached, ends_at::text as "endsAt" from operations.number_ends()
      order by measure desc limit 20`,
  },
  'db-partitions': {
    // What grows with the appeals: this month and the next two. What is measured is made a week ahead: what holds today and the next two days.
    sql: ({ now }) => sql`
      with here as (select ${now}::timestamptz at time zone 'Asia/Shanghai' as local, step from generate_series(0, 2) as step), wanted as (
        select table_name, to_char(date_trunc('month', local) + step * interval '1 month', '"_m"YYYYMM') as tail from platform.partitioned, here
        union
        select table_name, to_char(local + step * interval '1 day', case span when 'day' then '"_d"YYYYMMDD' else '"_m"YYYYMM' end)
        from platform.span_partitioned, here
      )
      select table_name as what, count(*) filter (where p.inhrelid is null) as measure,
        string_agg(split_part(table_name, '.', 2) || tail, ' ' order by tail) filter (where p.inhrelid is null) as missing
      from wanted left join lateral (
        select i.inhrelid from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = table_name::regclass and c.relname = split_part(table_name, '.', 2) || tail) as p on true
      group by 1 order by measure desc`,
  },
  'db-no-primary-key': {
    sql: () => sql`
      select ${relation} as what, 1 as measure, c.reltuples::bigint as rows
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${madeByUs} and c.relkind in ('r', 'p') and not c.relispartition
        and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
        -- What belongs to an extension is not ours to mend.
        and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') limit 50`,
  },
  'db-foreign-key-index': {
    // An index that begins with one of the columns serves a key of several.
    sql: () => sql`
      select format('%s.%I', k.conrelid::regclass, k.conname) as what, 1 as measure, k.confrelid::regclass::text as "table"
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
      where k.contype = 'f' and k.conparentid = 0 and ${madeByUs} and not exists (
        select from pg_index i where i.indrelid = k.conrelid and i.indisvalid
          and i.indkey[0] = any (k.conkey)) limit 50`,
  },
  'db-disabled-triggers': {
    sql: () => sql`
      select format('%s.%I', t.tgrelid::regclass, t.tgname) as what, 1 as measure,
        coalesce((select conname::text from pg_constraint where oid = t.tgconstraint), '-') as "constraint"
      from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
      where t.tgenabled = 'D' and ${ofOurs} limit 50`,
  },
};
