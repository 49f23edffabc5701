-- A list of orders as somebody likes to see it (视图): filters, order and columns under a name; his own, or shared with his
-- office. It holds no order and no citizen.
create table orders.saved_view (
  id uuid not null primary key,
  account_id uuid not null,
  account_name text not null,
  -- Whose people see it once it is shared: where the scope of its owner begins (32, the four digits of a city, a unit).
  office text collate "C" not null,
  list text not null,
  name text not null,
  shared boolean not null,
  search jsonb not null,
  columns text[] not null,
  changed_at timestamptz not null,
  constraint saved_view_name_check check (char_length(name) between 1 and 40),
  constraint saved_view_search_check check (octet_length(search::text) <= 4000),
  constraint saved_view_columns_check check (cardinality(columns) between 1 and 30)
);
create unique index saved_view_name_key on orders.saved_view (account_id, list, name);
create index saved_view_office_idx on orders.saved_view (office, list) where shared;

-- The office of the scope that asks: the same for all people of a unit, of a city, of the province.
create function orders.own_office() returns text
  language sql stable set search_path = pg_catalog
  return case current_user
    when 'minsheng_unit' then current_setting('minsheng.unit_lo', true)
    when 'minsheng_city' then current_setting('minsheng.region_lo', true)
    when 'minsheng_province' then '32'
  end;
revoke all on function orders.own_office from public;
grant execute on function orders.own_office to minsheng_province, minsheng_city, minsheng_unit;

alter table orders.saved_view enable row level security;
grant select, insert, update, delete on orders.saved_view to minsheng_province, minsheng_city, minsheng_unit;
create policy own on orders.saved_view to minsheng_province, minsheng_city, minsheng_unit
  using (account_id = (select nullif(current_setting('minsheng.account', true), '')::uuid))
  with check (account_id = (select nullif(current_setting('minsheng.account', true), '')::uuid) and office = (select orders.own_office()));
create policy shared_with_office on orders.saved_view for select to minsheng_province, minsheng_city, minsheng_unit
  using (shared and office = (select orders.own_office()));
