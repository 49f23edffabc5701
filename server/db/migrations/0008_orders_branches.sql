-- The branches of an order: merged matters, returns, redo, oversight, marks.
alter table orders.work_order
  -- The order it was merged into; while it is set, that one is handled for both.
  add column master_id uuid,
  add column merged_count smallint not null default 0,
  add column redo_no smallint not null default 0,
  add column return_count smallint not null default 0,
  add column extension_count smallint not null default 0,
  add column urge_count smallint not null default 0,
  -- The working day on which it was last urged: once a day is enough.
  add column urged_on date,
  add column oversight_level smallint not null default 0 constraint work_order_oversight_level_check check (oversight_level between 0 and 3),
  add column suspended boolean not null default false,
  add column sensitive smallint not null default 0 constraint work_order_sensitive_check check (sensitive between 0 and 3),
  add column is_group boolean not null default false,
  -- Its owner was settled by coordination and cannot give it back.
  add column forced boolean not null default false,
  -- Why it does not count in the rates.
  add column excluded text;
create index work_order_master_idx on orders.work_order (master_id) where master_id is not null;
create index work_order_oversight_idx on orders.work_order (oversight_level, id desc) where oversight_level > 0;

-- 主办 main, 协办 assist, 下级 lower: a part that the main unit passed on, under the task it came from.
alter table orders.task drop constraint task_role_check;
alter table orders.task add constraint task_role_check check (role in ('main', 'assist', 'lower'));
alter table orders.task
  add column parent_no smallint,
  add column opinion text;

-- A unit's wish to give an order back (退回申请), with the law it rests on and what was decided.
create table orders.return_request (
  order_id uuid not null,
  no smallint not null,
  region text collate "C" not null,
  unit_code text collate "C" not null,
  reason text not null,
  legal_basis text not null,
  suggested_unit text collate "C",
  opinion text not null,
  by_name text not null,
  at timestamptz not null,
  verdict text constraint return_request_verdict_check check (verdict in ('agreed', 'declined', 'coordinated')),
  decided_by text,
  decided_at timestamptz,
  primary key (order_id, no)
) partition by range (order_id);
insert into platform.partitioned select 'orders.return_request', months_from from platform.partitioned limit 1;

-- Oversight (督办) of an order: a level each time it begins or rises.
create table orders.oversight (
  order_id uuid not null,
  no smallint not null,
  region text collate "C" not null,
  level smallint not null constraint oversight_level_check check (level between 1 and 3),
  cause text not null,
  requirement text not null,
  by_name text not null,
  at timestamptz not null,
  answer text,
  answered_by text,
  answered_at timestamptz,
  -- How it ended: by somebody's word, by a higher level, or with the order.
  ended text constraint oversight_ended_check check (ended in ('closed', 'raised', 'with-order')),
  ended_opinion text,
  ended_at timestamptz,
  primary key (order_id, no)
) partition by range (order_id);
insert into platform.partitioned select 'orders.oversight', months_from from platform.partitioned limit 1;

call platform.protect('orders.return_request', 'select, insert, update');
call platform.protect('orders.oversight', 'select, insert, update');
grant select, insert on orders.return_request to minsheng_unit;
grant select, update on orders.oversight to minsheng_unit;
-- A peer system may ask for both and is shown neither.
grant select on orders.return_request, orders.oversight to minsheng_peer;
create policy own_task on orders.return_request to minsheng_unit
  using (exists (select from orders.task t where t.order_id = return_request.order_id));
create policy own_task on orders.oversight to minsheng_unit
  using (exists (select from orders.task t where t.order_id = oversight.order_id));

-- A unit sees the other tasks of the orders it takes part in: the main unit waits for those who assist. The function reads
-- past the policy it serves, and says no more than yes or no.
create function orders.takes_part(of_order uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, orders
  return exists (
    select from orders.task t where t.order_id = of_order
      and t.unit_code >= current_setting('minsheng.unit_lo', true) and t.unit_code < current_setting('minsheng.unit_hi', true));
revoke all on function orders.takes_part from public;
grant execute on function orders.takes_part to minsheng_unit;
drop policy own_unit on orders.task;
create policy own_unit on orders.task for select to minsheng_unit
  using ((unit_code >= (select current_setting('minsheng.unit_lo', true)) and unit_code < (select current_setting('minsheng.unit_hi', true)))
    or orders.takes_part(order_id));
create policy own_unit_changes on orders.task for update to minsheng_unit
  using ((unit_code >= (select current_setting('minsheng.unit_lo', true)) and unit_code < (select current_setting('minsheng.unit_hi', true)))
    or (role <> 'main' and orders.takes_part(order_id)));
-- It passes parts on to units under its own.
grant insert on orders.task to minsheng_unit;
create policy own_unit_passes_on on orders.task for insert to minsheng_unit
  with check (role = 'lower'
    and unit_code >= (select current_setting('minsheng.unit_lo', true)) and unit_code < (select current_setting('minsheng.unit_hi', true)));

-- A redo asks the citizen once more: one rating for each round.
alter table appeals.rating add column round smallint not null default 0;
alter table appeals.rating drop constraint rating_pkey;
alter table appeals.rating add primary key (appeal_id, round);
