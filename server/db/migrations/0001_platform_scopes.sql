-- The scope roles of the platform. They are the same in every database of a cluster and own nothing;
-- the application logs in as (or switches to) minsheng_app and takes one of the scopes in each transaction.
do $$
declare
  name text;
begin
  foreach name in array array[
    'minsheng_app', 'minsheng_gate', 'minsheng_province', 'minsheng_city', 'minsheng_unit',
    'minsheng_self', 'minsheng_peer', 'minsheng_operations', 'minsheng_system'
  ] loop
    begin
      execute format('create role %I nologin', name);
    exception when duplicate_object or unique_violation then null;
    end;
    -- The application may become each of them and is none of them: what it asks without having said for whom is
    -- refused. (Before PostgreSQL 16 the attribute of the role decides this, since then the grant does.)
    if name = 'minsheng_app' then
      alter role minsheng_app noinherit;
    elsif current_setting('server_version_num')::integer >= 160000 then
      execute format('grant %I to minsheng_app with inherit false, set true', name);
    else
      execute format('grant %I to minsheng_app', name);
    end if;
  end loop;
  -- The owner may become the application; a superuser may anyway.
  execute format('grant minsheng_app to %I', current_user);
end $$;

create schema platform;
create schema casework;
create schema reference;
create schema identity;
create schema appeals;
create schema orders;

grant usage on schema platform, casework, reference, appeals, orders
  to minsheng_app, minsheng_province, minsheng_city, minsheng_unit, minsheng_self, minsheng_peer, minsheng_operations, minsheng_system;
grant usage on schema platform to minsheng_gate;
grant usage on schema identity to minsheng_gate, minsheng_system;

-- The first UUIDv7 of an instant: the bound between two partitions.
create function platform.uuid_at(instant timestamptz) returns uuid
  language sql immutable parallel safe
  return (lpad(to_hex((extract(epoch from instant) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

-- Which tables are cut by month, on the UUIDv7 that their partition key is.
create table platform.partitioned (
  table_name text primary key,
  -- Monthly partitions begin here; everything older lies in partitions of a year.
  months_from timestamptz not null
);

-- Makes the partitions that hold [from_instant, to_instant]: a month each, a year each before months_from.
-- Runs with its owner's rights, because the application may not create tables.
create function platform.ensure_partitions(from_instant timestamptz, to_instant timestamptz) returns integer
  language plpgsql security definer set search_path = pg_catalog, platform
as $$
declare
  entry platform.partitioned;
  lower_bound timestamptz;
  upper_bound timestamptz;
  part text;
  made integer := 0;
begin
  if to_instant < from_instant or from_instant < '1990-01-01' or to_instant > now() + interval '3 years' then
    raise exception 'platform.ensure_partitions: span % to % is out of bounds', from_instant, to_instant;
  end if;
  perform pg_advisory_xact_lock(hashtext('platform.ensure_partitions'));
  for entry in select * from platform.partitioned order by table_name loop
    lower_bound := date_trunc(case when from_instant < entry.months_from then 'year' else 'month' end, from_instant, 'Asia/Shanghai');
    while lower_bound <= to_instant loop
      if lower_bound < entry.months_from then
        upper_bound := least(date_trunc('year', lower_bound + interval '370 days', 'Asia/Shanghai'), entry.months_from);
        part := split_part(entry.table_name, '.', 2) || to_char(lower_bound at time zone 'Asia/Shanghai', '"_y"YYYY');
      else
        upper_bound := date_trunc('month', lower_bound + interval '32 days', 'Asia/Shanghai');
        part := split_part(entry.table_name, '.', 2) || to_char(lower_bound at time zone 'Asia/Shanghai', '"_m"YYYYMM');
      end if;
      if to_regclass(format('%I.%I', split_part(entry.table_name, '.', 1), part)) is null then
        execute format('create table %I.%I partition of %s for values from (%L) to (%L)',
          split_part(entry.table_name, '.', 1), part, entry.table_name,
          platform.uuid_at(lower_bound), platform.uuid_at(upper_bound));
        made := made + 1;
      end if;
      lower_bound := upper_bound;
    end loop;
  end loop;
  return made;
end $$;
revoke all on function platform.ensure_partitions from public;
grant execute on function platform.ensure_partitions to minsheng_system;

-- What the platform remembers about itself, such as which reference files were loaded.
create table platform.setting (
  key text primary key,
  value text not null,
  changed_at timestamptz not null default now()
);
grant select, insert, update on platform.setting to minsheng_system;

-- Puts a table under row-level security with the policies that nearly every table shares: the province and the
-- platform itself see every row, a city (or county) the rows of its range of region codes.
create procedure platform.protect(table_name text, commands text)
  language plpgsql
as $$
begin
  execute format('alter table %s enable row level security', table_name);
  execute format('create policy everything on %s to minsheng_province, minsheng_system using (true) with check (true)', table_name);
  execute format('create policy own_region on %s to minsheng_city using (%s) with check (%s)', table_name,
    $p$region >= (select current_setting('minsheng.region_lo', true)) and region < (select current_setting('minsheng.region_hi', true))$p$,
    $p$region >= (select current_setting('minsheng.region_lo', true)) and region < (select current_setting('minsheng.region_hi', true))$p$);
  execute format('grant %s on %s to minsheng_province, minsheng_city, minsheng_system', commands, table_name);
end $$;
