-- How long the product's own answers took, in each hour, for the people of each city: added up by every node.
create table platform.response_figure (
  hour timestamptz not null,
  -- The city of who asked, or of the appeal that was filed; empty where there is none.
  region text collate "C" not null,
  kind text not null,
  route text not null,
  -- How many answers fell into each span of time; the spans are RESPONSE_BOUNDS in contracts/load/load.api.ts.
  counts integer[] not null,
  failed integer not null,
  sum_ms double precision not null,
  max_ms double precision not null,
  primary key (hour, region, kind, route)
);
call platform.protect('platform.response_figure', 'select');
grant insert, update on platform.response_figure to minsheng_system;
grant select on platform.response_figure to minsheng_operations;
create policy everything_measured on platform.response_figure for select to minsheng_operations using (true);

-- How each node stands, told by itself every ten seconds; worth nothing after a crash.
create unlogged table platform.node_load (
  node text primary key,
  at timestamptz not null,
  facts jsonb not null
);
alter table platform.node_load enable row level security;
create policy everything on platform.node_load to minsheng_system, minsheng_province, minsheng_city, minsheng_operations using (true) with check (true);
grant select, insert, update, delete on platform.node_load to minsheng_system;
grant select on platform.node_load to minsheng_province, minsheng_city, minsheng_operations;
