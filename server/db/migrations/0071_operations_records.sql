-- The records of the operations centre: faults, problems, changes, vulnerabilities. Each is a case with a lifecycle of its own
-- (contracts/operations/records); what only one kind has stands in `facts`, judged by that kind's schema.
create table operations.record (
  id uuid primary key,
  number text collate "C" not null constraint record_number_key unique,
  kind text not null constraint record_kind_check check (kind in ('fault', 'problem', 'change', 'vulnerability')),
  state text not null,
  version integer not null default 1,
  -- 1 is the gravest.
  level smallint not null constraint record_level_check check (level between 1 and 4),
  title text not null,
  body text not null,
  -- What it is about, by its key in the register.
  component text collate "C",
  source text not null,
  reporter_id uuid,
  reporter text not null,
  owner_id uuid,
  owner text,
  opened_at timestamptz not null,
  ended_at timestamptz,
  -- Why its clocks stand, while they do.
  paused text,
  facts jsonb not null default '{}',
  due_clock text,
  due_at timestamptz,
  yellow_at timestamptz,
  due_provisional boolean not null default false,
  -- The same matter is opened once while it is open.
  once_key text
);
create unique index record_once_idx on operations.record (once_key) where ended_at is null and once_key is not null;
create index record_kind_idx on operations.record (kind, id desc);
create index record_open_idx on operations.record (kind, due_at, id) where ended_at is null;
create index record_owner_idx on operations.record (owner_id) where ended_at is null;
create index record_component_idx on operations.record (component, id desc);
create index record_reporter_idx on operations.record (reporter_id, id desc);
call operations.protect('operations.record');
grant insert, update on operations.record to minsheng_operations;

-- What hangs together: an action of a post-mortem, the change that patches, the alert or finding it came from.
create table operations.record_link (
  from_id uuid not null constraint record_link_from_fk references operations.record,
  relation text not null constraint record_link_relation_check check (relation in ('action-of', 'merged-into', 'patched-by', 'turned-into', 'like')),
  to_id uuid not null constraint record_link_to_fk references operations.record,
  primary key (from_id, relation, to_id)
);
create index record_link_to_idx on operations.record_link (to_id);
call operations.protect('operations.record_link');
grant insert on operations.record_link to minsheng_operations;

-- The last number of a kind on a day.
create table operations.record_counter (
  prefix text not null,
  day date not null,
  last integer not null,
  primary key (prefix, day)
);
call operations.protect('operations.record_counter');
grant insert, update on operations.record_counter to minsheng_operations;

-- How long each clock of a record is, by its level (DOMAIN 5.1, 5.2, 5.8). A kind and level without a line has no such clock.
create table operations.limit_rule (
  id integer generated always as identity primary key,
  kind text not null,
  clock text not null,
  level smallint not null,
  mode text not null constraint limit_rule_mode_check check (mode in ('minute', 'hour', 'workday')),
  amount integer not null constraint limit_rule_amount_check check (amount > 0),
  version integer not null default 1,
  constraint limit_rule_key unique (kind, clock, level)
);
call operations.protect('operations.limit_rule');
insert into operations.limit_rule (kind, clock, level, mode, amount) values
  ('fault', 'respond', 1, 'minute', 5), ('fault', 'respond', 2, 'minute', 15), ('fault', 'respond', 3, 'minute', 30), ('fault', 'respond', 4, 'hour', 2),
  ('fault', 'on-site', 1, 'minute', 30), ('fault', 'on-site', 2, 'hour', 1), ('fault', 'on-site', 3, 'hour', 2),
  ('fault', 'work-around', 1, 'minute', 30), ('fault', 'work-around', 2, 'hour', 2), ('fault', 'work-around', 3, 'hour', 8),
  ('fault', 'fix', 1, 'hour', 2), ('fault', 'fix', 2, 'hour', 4), ('fault', 'fix', 3, 'hour', 24), ('fault', 'fix', 4, 'workday', 3),
  ('fault', 'manager', 1, 'minute', 10), ('fault', 'manager', 2, 'minute', 30), ('fault', 'manager', 3, 'hour', 4),
  ('fault', 'owner', 1, 'minute', 30), ('fault', 'owner', 2, 'hour', 2),
  ('fault', 'inform', 1, 'hour', 1), ('fault', 'inform', 2, 'hour', 2), ('fault', 'inform', 3, 'hour', 24),
  ('fault', 'review', 1, 'hour', 24), ('fault', 'review', 2, 'workday', 3),
  ('problem', 'review', 1, 'minute', 15), ('problem', 'review', 2, 'hour', 4), ('problem', 'review', 3, 'workday', 5), ('problem', 'review', 4, 'workday', 20),
  ('problem', 'resolve', 1, 'hour', 24), ('problem', 'resolve', 2, 'workday', 3), ('problem', 'resolve', 3, 'workday', 10), ('problem', 'resolve', 4, 'workday', 30),
  ('change', 'decide', 1, 'workday', 5), ('change', 'decide', 2, 'workday', 5), ('change', 'decide', 3, 'workday', 5), ('change', 'decide', 4, 'workday', 5),
  ('change', 'verify', 1, 'hour', 24), ('change', 'verify', 2, 'hour', 24), ('change', 'verify', 3, 'hour', 24), ('change', 'verify', 4, 'hour', 24),
  ('vulnerability', 'patch', 1, 'hour', 48), ('vulnerability', 'patch', 2, 'hour', 168), ('vulnerability', 'patch', 3, 'hour', 720), ('vulnerability', 'patch', 4, 'hour', 2160);

-- People of the operations centre act on these records, and on nothing else that has clocks.
create function operations.is_record(kind text) returns boolean language sql immutable
  return kind in ('fault', 'problem', 'change', 'vulnerability');
grant usage on schema casework to minsheng_operations;
grant select, insert, update on casework.clock to minsheng_operations;
create policy records on casework.clock to minsheng_operations using (operations.is_record(case_kind)) with check (operations.is_record(case_kind));
grant select, insert on casework.clock_step to minsheng_operations;
create policy records on casework.clock_step to minsheng_operations using (operations.is_record(case_kind)) with check (operations.is_record(case_kind));
grant select on casework.approval to minsheng_operations;
grant select, insert on platform.event to minsheng_operations;
create policy records on platform.event to minsheng_operations using (operations.is_record(case_kind)) with check (operations.is_record(case_kind));

-- A notice of something else than an order leads to its own page.
alter table platform.notice add column path text;

-- Times in which nothing is changed: sessions of the congresses, protected periods. Holidays are frozen anyway.
create table operations.freeze (
  id uuid primary key,
  name text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  made_by text not null,
  made_at timestamptz not null,
  constraint freeze_span_check check (to_at > from_at)
);
call operations.protect('operations.freeze');
grant insert, delete on operations.freeze to minsheng_operations;

-- To whom a matter is handed: names and posts, nothing else of an account.
grant usage on schema identity to minsheng_operations;
grant select (id, name, roles, status) on identity.account to minsheng_operations;
