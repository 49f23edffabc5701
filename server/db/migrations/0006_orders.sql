-- How the government acts on an appeal (工单). It carries the id and the number of the appeal that opened it and is kept
-- narrow, because it changes often.
create table orders.work_order (
  id uuid not null primary key,
  number text collate "C" not null,
  state text not null,
  version integer not null,
  region text collate "C" not null,
  channel text not null,
  type text not null,
  category text collate "C",
  urgency smallint not null,
  confidential boolean not null,
  main_unit text collate "C",
  filed_at timestamptz not null,
  accepted_at timestamptz,
  dispatched_at timestamptz,
  replied_at timestamptz,
  closed_at timestamptz,
  archived_at timestamptz,
  -- The open clock that runs out next: what the lamp shows and the due lists walk.
  due_clock text,
  due_at timestamptz,
  yellow_at timestamptz,
  due_provisional boolean not null default false,
  attempts smallint not null default 0
) partition by range (id);
create index work_order_number_idx on orders.work_order (number);
create index work_order_state_idx on orders.work_order (state, id desc);
create index work_order_region_state_idx on orders.work_order (region, state, id desc);
create index work_order_due_idx on orders.work_order (due_at, id) where due_at is not null;
insert into platform.partitioned select 'orders.work_order', months_from from platform.partitioned limit 1;

-- The part of one unit in an order (承办任务): 主办 main or 协办 assist.
create table orders.task (
  order_id uuid not null,
  no smallint not null,
  unit_code text collate "C" not null,
  role text not null constraint task_role_check check (role in ('main', 'assist')),
  state text not null,
  region text collate "C" not null,
  dispatched_at timestamptz not null,
  signed_at timestamptz,
  contacted_at timestamptz,
  replied_at timestamptz,
  primary key (order_id, no)
) partition by range (order_id);
create index task_unit_idx on orders.task (unit_code, order_id desc);
insert into platform.partitioned select 'orders.task', months_from from platform.partitioned limit 1;

-- What was answered: by a unit, or on the spot by the hotline (task_no is null).
create table orders.reply (
  order_id uuid not null,
  no smallint not null,
  task_no smallint,
  unit_code text collate "C",
  region text collate "C" not null,
  result_type text not null,
  text text not null,
  basis text,
  by_account uuid,
  by_name text not null,
  at timestamptz not null,
  checked text constraint reply_checked_check check (checked in ('passed', 'failed')),
  check_opinion text,
  primary key (order_id, no)
) partition by range (order_id);
insert into platform.partitioned select 'orders.reply', months_from from platform.partitioned limit 1;

-- Each attempt to hear what the citizen thinks (回访).
create table orders.follow_up (
  order_id uuid not null,
  no smallint not null,
  region text collate "C" not null,
  mode text not null,
  result text not null,
  note text,
  by_account uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (order_id, no)
) partition by range (order_id);
insert into platform.partitioned select 'orders.follow_up', months_from from platform.partitioned limit 1;

-- Why an order was not accepted, and which legal route was told.
create table orders.refusal (
  order_id uuid not null primary key,
  region text collate "C" not null,
  reason text not null,
  explanation text not null,
  at timestamptz not null
) partition by range (order_id);
insert into platform.partitioned select 'orders.refusal', months_from from platform.partitioned limit 1;

-- How many orders were filed and closed on each day (in Beijing) in each county: kept by a subscriber of the log.
create table orders.daily_count (
  day date not null,
  region text collate "C" not null,
  what text not null constraint daily_count_what_check check (what in ('filed', 'closed')),
  count integer not null,
  primary key (day, region, what)
);
call platform.protect('orders.daily_count', 'select');
grant insert, update on orders.daily_count to minsheng_system;

call platform.protect('orders.work_order', 'select, insert, update');
call platform.protect('orders.task', 'select, insert, update');
call platform.protect('orders.reply', 'select, insert, update');
call platform.protect('orders.follow_up', 'select, insert');
call platform.protect('orders.refusal', 'select, insert');

-- A unit sees its own tasks and those of its subtree, and through them the order, the appeal and its replies;
-- the orders' follow-up notes and the contacts stay with the hotline.
grant select, update on orders.task to minsheng_unit;
create policy own_unit on orders.task to minsheng_unit
  using (unit_code >= (select current_setting('minsheng.unit_lo', true)) and unit_code < (select current_setting('minsheng.unit_hi', true)));
grant select, update on orders.work_order to minsheng_unit;
create policy own_task on orders.work_order to minsheng_unit
  using (exists (select from orders.task t where t.order_id = work_order.id));
grant select, insert on orders.reply to minsheng_unit;
create policy own_task on orders.reply to minsheng_unit
  using (exists (select from orders.task t where t.order_id = reply.order_id));
grant select on appeals.appeal to minsheng_unit;
create policy own_task on appeals.appeal for select to minsheng_unit
  using (exists (select from orders.task t where t.order_id = appeal.id));
grant select on appeals.rating to minsheng_unit;
create policy own_task on appeals.rating for select to minsheng_unit
  using (exists (select from orders.task t where t.order_id = appeal_id));
create policy own_task on casework.clock to minsheng_unit
  using (exists (select from orders.task t where t.order_id = case_id));
create policy own_task on platform.event to minsheng_unit
  using (exists (select from orders.task t where t.order_id = case_id));

-- A citizen (by number and query code) and a peer (by source) see the order of an appeal that they see.
grant select, insert, update on orders.work_order to minsheng_self;
create policy own_appeal on orders.work_order for select to minsheng_self, minsheng_peer using (exists (select from appeals.appeal a where a.id = work_order.id));
create policy own_appeal_rating on orders.work_order for update to minsheng_self using (exists (select from appeals.appeal a where a.id = work_order.id));
create policy filing on orders.work_order for insert to minsheng_self, minsheng_peer with check (state = 'filed');
grant select on orders.reply, orders.refusal, orders.task to minsheng_self;
create policy own_appeal on orders.reply for select to minsheng_self, minsheng_peer using (exists (select from appeals.appeal a where a.id = order_id));
create policy own_appeal on orders.refusal for select to minsheng_self, minsheng_peer using (exists (select from appeals.appeal a where a.id = order_id));
create policy own_appeal on orders.task for select to minsheng_self, minsheng_peer using (exists (select from appeals.appeal a where a.id = order_id));
create policy own_appeal on casework.clock to minsheng_self using (exists (select from appeals.appeal a where a.id = case_id));
create policy own_appeal on platform.event for select to minsheng_self using (public and exists (select from appeals.appeal a where a.id = case_id));
create policy filing on platform.event for insert to minsheng_self, minsheng_peer with check (actor_id is null);

grant select, insert on orders.work_order to minsheng_peer;
grant select on orders.reply, orders.refusal, orders.task to minsheng_peer;
create policy own_source on casework.clock for select to minsheng_peer using (exists (select from appeals.appeal a where a.id = case_id));
create policy own_source on platform.event for select to minsheng_peer using (exists (select from appeals.appeal a where a.id = case_id));
