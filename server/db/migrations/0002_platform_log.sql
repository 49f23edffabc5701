-- The one log: every change writes its domain event here in its own transaction. It is the timeline on the screen
-- and the outbox that subscribers read.
create table platform.event (
  id uuid not null primary key,
  -- The transaction that wrote it: a subscriber reads only below the oldest transaction still running.
  xid xid8 not null default pg_current_xact_id(),
  -- When it happened; an import tells of the past, so this may be long before it was written.
  at timestamptz not null,
  name text not null,
  case_kind text not null,
  case_id uuid not null,
  actor_id uuid,
  actor text not null,
  region text collate "C" not null,
  unit_code text collate "C",
  from_state text,
  to_state text,
  -- Whether the citizen sees it.
  public boolean not null,
  data jsonb not null
) partition by range (id);
create index event_case_idx on platform.event (case_id, id);
create index event_feed_idx on platform.event (xid, id);
insert into platform.partitioned values ('platform.event', date_trunc('month', now() - interval '24 months', 'Asia/Shanghai'));

call platform.protect('platform.event', 'select, insert');
grant select, insert on platform.event to minsheng_unit;
grant select, insert on platform.event to minsheng_self;
grant select, insert on platform.event to minsheng_peer;

-- How far each subscriber has read. It moves in the transaction of the subscriber's own effect.
create table platform.subscriber (
  name text primary key,
  xid xid8 not null default '0',
  id uuid not null default '00000000-0000-0000-0000-000000000000',
  moved_at timestamptz not null default now()
);
grant select, insert, update on platform.subscriber to minsheng_system;

-- Who did what, with what outcome: one row per use case, in its transaction.
create table platform.audit_entry (
  id uuid not null primary key,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null,
  account_id uuid,
  actor text not null,
  roles text[] not null,
  ip text,
  action text not null,
  object_kind text,
  object_id text,
  outcome text not null constraint audit_entry_outcome_check check (outcome in ('done', 'refused')),
  detail jsonb not null
) partition by range (id);
create index audit_entry_feed_idx on platform.audit_entry (xid, id);
create index audit_entry_account_idx on platform.audit_entry (account_id, id);
create index audit_entry_object_idx on platform.audit_entry (object_id, id);
create index audit_entry_action_idx on platform.audit_entry (action, id);
insert into platform.partitioned select 'platform.audit_entry', months_from from platform.partitioned;

-- The chain over the entries: hash(n) = SM3(hash(n-1) || entry). Written by one sealer, in the order of the log.
create table platform.audit_seal (
  seq bigint primary key,
  entry_id uuid not null constraint audit_seal_entry_key unique,
  hash bytea not null
);
-- Nobody but the owner may change or delete: the scopes have no such right on either table.
grant insert on platform.audit_entry
  to minsheng_province, minsheng_city, minsheng_unit, minsheng_self, minsheng_peer, minsheng_operations, minsheng_gate;
grant select, insert on platform.audit_entry, platform.audit_seal to minsheng_system;
-- Verifying compares the chain's end with the place the sealer remembers.
grant select on platform.audit_entry, platform.audit_seal, platform.subscriber to minsheng_operations;

-- What a person should know without having asked.
create table platform.notice (
  id uuid primary key,
  at timestamptz not null,
  level text not null constraint notice_level_check check (level in ('info', 'warning', 'urgent')),
  zh text not null,
  en text not null,
  order_id uuid,
  -- Shown to whoever holds this permission ...
  permission text not null,
  -- ... in this region (empty: everywhere) and, when given, in this unit.
  region text collate "C" not null,
  unit_code text collate "C",
  -- The same matter is told once.
  once_key text constraint notice_once_key unique
);
create index notice_region_idx on platform.notice (region, id desc);
create index notice_unit_idx on platform.notice (unit_code, id desc) where unit_code is not null;
call platform.protect('platform.notice', 'select');
grant insert on platform.notice to minsheng_system, minsheng_province;
grant select on platform.notice to minsheng_unit, minsheng_operations;
create policy own_unit on platform.notice for select to minsheng_unit
  using (unit_code >= (select current_setting('minsheng.unit_lo', true)) and unit_code < (select current_setting('minsheng.unit_hi', true)));
create policy nationwide on platform.notice for select to minsheng_city, minsheng_unit, minsheng_operations using (region = '');

-- Clocks of cases. A clock keeps the rule and the version that it was started by, so a later rule never changes it.
create table casework.clock (
  case_id uuid not null,
  name text not null,
  no smallint not null,
  case_kind text not null,
  region text collate "C" not null,
  unit_code text collate "C",
  rule_id integer not null,
  rule_version integer not null,
  mode text not null,
  amount numeric not null,
  t0 timestamptz not null,
  due_at timestamptz not null,
  yellow_at timestamptz not null,
  provisional boolean not null,
  paused_ms bigint not null default 0,
  stopped_at timestamptz,
  result text constraint clock_result_check check (result in ('in-time', 'late')),
  next_step text,
  next_step_at timestamptz,
  primary key (case_id, name, no)
) partition by range (case_id);
create index clock_step_idx on casework.clock (next_step_at) where stopped_at is null and next_step_at is not null;
create index clock_provisional_idx on casework.clock (case_id) where stopped_at is null and provisional;
insert into platform.partitioned select 'casework.clock', months_from from platform.partitioned limit 1;
call platform.protect('casework.clock', 'select, insert, update');
grant select, insert, update on casework.clock to minsheng_unit, minsheng_self;
grant select on casework.clock to minsheng_peer;
