-- What one person asked for and another one decides (四眼): returns, redos, extensions, suspensions, cancelling,
-- exclusions, reopening. While it is open nobody but a second person can make it happen. It is asked for by its case and by
-- its own id, so it is not cut by month: a few million rows a year.
create table casework.approval (
  id uuid not null primary key,
  case_kind text not null,
  case_id uuid not null,
  region text collate "C" not null,
  unit_code text collate "C",
  action text not null,
  input jsonb not null,
  -- Where the case stood when it was asked for: a held case goes back there when it is declined.
  from_state text not null,
  permission text not null,
  state text not null constraint approval_state_check check (state in ('open', 'approved', 'declined', 'lapsed', 'superseded')),
  asked_by uuid,
  asked_name text not null,
  asked_at timestamptz not null,
  lapses_at timestamptz,
  decided_by uuid,
  decided_name text,
  decided_at timestamptz,
  opinion text,
  constraint approval_four_eyes_check check (state <> 'approved' or asked_by is null or asked_by <> decided_by),
  constraint approval_decided_check check ((state = 'open') = (decided_at is null))
);
create index approval_case_idx on casework.approval (case_id);
create index approval_open_idx on casework.approval (permission, region, id) where state = 'open';
create index approval_lapse_idx on casework.approval (lapses_at) where state = 'open' and lapses_at is not null;
call platform.protect('casework.approval', 'select, insert, update');
grant select, insert, update on casework.approval to minsheng_unit;
create policy own_task on casework.approval to minsheng_unit
  using (exists (select from orders.task t where t.order_id = case_id));
-- A peer system may ask and is shown none: no policy of its own.
grant select on casework.approval to minsheng_peer;

-- An end that is no fulfilment; time that an extension added; the state in which a clock stands has no result yet.
alter table casework.clock drop constraint clock_result_check;
alter table casework.clock add constraint clock_result_check check (result in ('in-time', 'late', 'void'));
alter table casework.clock add column extended_ms bigint not null default 0;

-- Each step of a clock that was taken: when it was promised and when it was done. The auditor compares the two.
create table casework.clock_step (
  case_id uuid not null,
  clock text not null,
  no smallint not null,
  step text not null,
  -- The due instant the step belongs to: an extension promises the steps anew.
  due_at timestamptz not null,
  case_kind text not null,
  region text collate "C" not null,
  promised_at timestamptz not null,
  taken_at timestamptz not null,
  late boolean not null,
  primary key (case_id, clock, no, step, due_at)
) partition by range (case_id);
create index clock_step_late_idx on casework.clock_step (taken_at) where late;
insert into platform.partitioned select 'casework.clock_step', months_from from platform.partitioned limit 1;
call platform.protect('casework.clock_step', 'select');
grant insert on casework.clock_step to minsheng_system;
grant select on casework.clock_step to minsheng_operations;
create policy watching on casework.clock_step for select to minsheng_operations using (true);
