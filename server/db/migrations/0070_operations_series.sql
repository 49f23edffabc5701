-- The operations centre. Its people work in the scope `operations`; what it measures says nothing of citizens.
create schema operations;
grant usage on schema operations to minsheng_app, minsheng_operations, minsheng_province, minsheng_system;

-- Tables that are cut by day or by month of a timestamp and forgotten whole: what is measured, what is logged.
create table platform.span_partitioned (
  table_name text primary key,
  span text not null constraint span_partitioned_span_check check (span in ('day', 'month')),
  keep_days integer not null
);

-- Makes the partitions that hold [from_instant, to_instant], and drops those whose last instant is older than what is kept.
-- Runs with its owner's rights, because the application may neither make nor drop tables.
create function platform.turn_spans(from_instant timestamptz, to_instant timestamptz, now_instant timestamptz) returns integer
  language plpgsql security definer set search_path = pg_catalog, platform
as $$
declare
  entry platform.span_partitioned;
  lower_bound timestamptz;
  upper_bound timestamptz;
  part record;
  name text;
  changed integer := 0;
begin
  if to_instant < from_instant or to_instant - from_instant > interval '4 years' then
    raise exception 'platform.turn_spans: span % to % is out of bounds', from_instant, to_instant;
  end if;
  perform pg_advisory_xact_lock(hashtext('platform.turn_spans'));
  for entry in select * from platform.span_partitioned order by table_name loop
    lower_bound := date_trunc(entry.span, greatest(from_instant, now_instant - make_interval(days => entry.keep_days)), 'Asia/Shanghai');
    while lower_bound <= to_instant loop
      upper_bound := date_trunc(entry.span, lower_bound + case entry.span when 'day' then interval '26 hours' else interval '32 days' end, 'Asia/Shanghai');
      name := split_part(entry.table_name, '.', 2) || to_char(lower_bound at time zone 'Asia/Shanghai',
        case entry.span when 'day' then '"_d"YYYYMMDD' else '"_m"YYYYMM' end);
      if to_regclass(format('%I.%I', split_part(entry.table_name, '.', 1), name)) is null then
        execute format('create table %I.%I partition of %s for values from (%L) to (%L)',
          split_part(entry.table_name, '.', 1), name, entry.table_name, lower_bound, upper_bound);
        changed := changed + 1;
      end if;
      lower_bound := upper_bound;
    end loop;
    for part in
      select format('%I.%I', n.nspname, c.relname) as name,
        (regexp_match(pg_get_expr(c.relpartbound, c.oid), $p$TO \('([^']+)'\)$p$))[1]::timestamptz as upto
      from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace
      where i.inhparent = entry.table_name::regclass
    loop
      if part.upto < now_instant - make_interval(days => entry.keep_days) then
        execute format('drop table %s', part.name);
        changed := changed + 1;
      end if;
    end loop;
  end loop;
  return changed;
end $$;
revoke all on function platform.turn_spans from public;
grant execute on function platform.turn_spans to minsheng_system;

-- A table of the operations centre: the platform writes it, its people and the province's read it.
create procedure operations.protect(table_name text)
  language plpgsql
as $$
begin
  execute format('alter table %s enable row level security', table_name);
  execute format('create policy everything on %s to minsheng_system, minsheng_operations, minsheng_province using (true) with check (true)', table_name);
  execute format('grant select, insert, update, delete on %s to minsheng_system', table_name);
  execute format('grant select on %s to minsheng_operations, minsheng_province', table_name);
end $$;

-- What is measured: a name with its labels (`job="node",instance="a:8080"`, sorted).
create table operations.series (
  id integer generated always as identity primary key,
  name text collate "C" not null,
  labels text collate "C" not null,
  -- A counter only rises, and begins again at nothing when its process does.
  kind text not null constraint series_kind_check check (kind in ('gauge', 'counter')),
  seen_at timestamptz not null,
  constraint series_name_key unique (name, labels)
);
call operations.protect('operations.series');

-- What a node measured at one instant of the grid of 15 s: the readings of its series, in their order. Packed and deleted five
-- minutes later.
create table operations.reading (
  at timestamptz not null,
  source text collate "C" not null,
  series integer[] not null,
  readings double precision[] not null,
  primary key (at, source)
);
call operations.protect('operations.reading');

-- Five minutes of a series: its twenty readings, NaN where there was none.
create table operations.raw_span (
  series integer not null,
  from_at timestamptz not null,
  readings double precision[] not null,
  primary key (series, from_at)
) partition by range (from_at);

-- An hour of a series in spans of five minutes, and a day of it in spans of an hour: how many readings each span had, the least,
-- the greatest, their sum, the last.
create table operations.hour_span (
  series integer not null,
  from_at timestamptz not null,
  counts integer[] not null,
  least double precision[] not null,
  greatest double precision[] not null,
  sums double precision[] not null,
  lasts double precision[] not null,
  primary key (series, from_at)
) partition by range (from_at);
create table operations.day_span (like operations.hour_span including all) partition by range (from_at);
call operations.protect('operations.raw_span');
call operations.protect('operations.hour_span');
call operations.protect('operations.day_span');
insert into platform.span_partitioned (table_name, span, keep_days) values
  ('operations.raw_span', 'day', 7),
  ('operations.hour_span', 'day', 90),
  ('operations.day_span', 'month', 1096);

-- How far readings were packed, hours and days condensed.
create table operations.packed (
  what text primary key constraint packed_what_check check (what in ('raw', 'hour', 'day')),
  upto timestamptz not null
);
call operations.protect('operations.packed');
