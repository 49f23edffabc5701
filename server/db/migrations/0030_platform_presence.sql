-- Who stands at which order now: one row for each page that is open in a console. It is worth nothing after a crash,
-- so it is not logged. A row is kept alive by the node that holds the page's stream, and dies with it.
create unlogged table platform.presence (
  tab uuid primary key,
  stream uuid not null,
  case_id uuid not null,
  region text collate "C" not null,
  account_id uuid not null,
  name text not null,
  unit_code text collate "C",
  doing text not null constraint presence_doing_check check (doing in ('viewing', 'acting')),
  action text,
  seen_at timestamptz not null default now()
);
create index presence_case_idx on platform.presence (case_id);
create index presence_stream_idx on platform.presence (stream);

call platform.protect('platform.presence', 'select, insert, update, delete');
grant select, insert, update, delete on platform.presence to minsheng_unit;
create policy own_task on platform.presence to minsheng_unit
  using (exists (select from orders.task t where t.order_id = case_id));
