-- The policies compare with the setting itself instead of with a sub-select of it. A setting is known while a statement is
-- planned; what a sub-select will give is not, so that every list of a city or a unit was planned for a two-hundredth of the
-- rows it has, and a city's newest orders were found by sorting all it ever had. Who sees what stays the same.
create or replace procedure platform.protect(table_name text, commands text)
  language plpgsql
as $$
declare
  own_region constant text :=
    $p$region >= current_setting('minsheng.region_lo', true) and region < current_setting('minsheng.region_hi', true)$p$;
begin
  execute format('alter table %s enable row level security', table_name);
  execute format('create policy everything on %s to minsheng_province, minsheng_system using (true) with check (true)', table_name);
  execute format('create policy own_region on %s to minsheng_city using (%s) with check (%s)', table_name, own_region, own_region);
  execute format('grant %s on %s to minsheng_province, minsheng_city, minsheng_system', commands, table_name);
end $$;

do $$
declare
  policy record;
  sub_select constant text := $p$\( SELECT (current_setting\('minsheng\.(?:region|unit)_(?:lo|hi)'::text, true\)) AS current_setting\)$p$;
begin
  for policy in
    select format('%I on %I.%I', policyname, schemaname, tablename) as name,
           ' using (' || regexp_replace(qual, sub_select, '\1', 'g') || ')' as shown,
           ' with check (' || regexp_replace(with_check, sub_select, '\1', 'g') || ')' as written
      from pg_policies where concat(qual, with_check) ~ sub_select
  loop
    execute concat('alter policy ', policy.name, policy.shown, policy.written);
  end loop;
end $$;
