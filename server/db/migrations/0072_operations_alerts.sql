-- Rules that judge readings. They ship as server/db/reference/alert-rules.json and are changed on the console; a changed one stays.
create table operations.alert_rule (
  key text primary key,
  zh text not null,
  en text not null,
  metric text not null,
  matchers jsonb not null,
  judgement jsonb not null,
  for_seconds integer not null,
  level text not null constraint alert_rule_level_check check (level in ('P1', 'P2', 'P3', 'P4')),
  -- What a person does about it.
  advice text not null,
  enabled boolean not null default true,
  version integer not null default 1,
  changed_by text not null,
  changed_at timestamptz not null
);
call operations.protect('operations.alert_rule');
grant insert, update on operations.alert_rule to minsheng_operations;

-- Up to which instant readings were judged.
create table operations.judged (
  sole boolean primary key default true constraint judged_sole_check check (sole),
  upto timestamptz not null
);
call operations.protect('operations.judged');

create table operations.alert (
  id uuid primary key,
  -- What makes two openings the same alert: the rule and the labels of its series, or what Alertmanager calls so.
  fingerprint text collate "C" not null,
  source text not null constraint alert_source_check check (source in ('minsheng', 'alertmanager')),
  rule text not null,
  series integer,
  labels jsonb not null,
  level text not null constraint alert_level_check check (level in ('P1', 'P2', 'P3', 'P4')),
  zh text not null,
  en text not null,
  value double precision,
  component text collate "C",
  opened_at timestamptz not null,
  ended_at timestamptz,
  -- Nobody is told while a silence or a maintenance window covers it.
  hushed text constraint alert_hushed_check check (hushed in ('silence', 'maintenance')),
  ack_due_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  escalated_at timestamptz,
  record_id uuid,
  -- Of the monthly review of noise.
  verdict text constraint alert_verdict_check check (verdict in ('useful', 'noise')),
  verdict_by text
);
create unique index alert_open_idx on operations.alert (fingerprint) where ended_at is null;
create index alert_id_idx on operations.alert (id desc);
create index alert_rule_idx on operations.alert (rule, id desc);
call operations.protect('operations.alert');
grant update on operations.alert to minsheng_operations;

-- Times in which alerts that match tell nobody.
create table operations.silence (
  id uuid primary key,
  kind text not null constraint silence_kind_check check (kind in ('silence', 'maintenance')),
  matchers jsonb not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  reason text not null,
  made_by text not null,
  made_at timestamptz not null,
  constraint silence_span_check check (to_at > from_at)
);
call operations.protect('operations.silence');
grant insert, update on operations.silence to minsheng_operations;

-- Who is told of which alerts, and how.
create table operations.alert_route (
  id uuid primary key,
  name text not null,
  levels text[] not null,
  matchers jsonb not null,
  channel text not null constraint alert_route_channel_check check (channel in ('console', 'sms', 'mail', 'webhook', 'alertmanager')),
  -- A number, an address, a URL; `line:1` is whoever is on duty on that line.
  target text not null,
  -- Alerts of one rule that open within this time are told in one message.
  group_seconds integer not null,
  enabled boolean not null default true,
  made_by text not null,
  made_at timestamptz not null
);
call operations.protect('operations.alert_route');
grant insert, update, delete on operations.alert_route to minsheng_operations;

-- What was told on which route: nothing is told twice.
create table operations.alert_told (
  alert_id uuid not null constraint alert_told_alert_fk references operations.alert,
  route_id uuid not null,
  what text not null constraint alert_told_what_check check (what in ('opened', 'ended')),
  message_id uuid,
  at timestamptz not null,
  primary key (alert_id, route_id, what)
);
call operations.protect('operations.alert_told');

-- What is to be sent outside, with what became of it.
create table operations.message (
  id uuid primary key,
  at timestamptz not null,
  channel text not null constraint message_channel_check check (channel in ('sms', 'mail', 'webhook')),
  target text not null,
  receiver text,
  subject text not null,
  body text not null,
  payload jsonb,
  record_id uuid,
  tries smallint not null default 0,
  next_try_at timestamptz,
  sent_at timestamptz,
  failure text
);
create index message_due_idx on operations.message (next_try_at) where next_try_at is not null;
create index message_id_idx on operations.message (id desc);
create index message_record_idx on operations.message (record_id) where record_id is not null;
call operations.protect('operations.message');

-- Who is on duty: line 1 engineer, 2 specialist, 3 manager, 4 leaders (DOMAIN 5.2).
create table operations.shift (
  id uuid primary key,
  line smallint not null constraint shift_line_check check (line between 1 and 4),
  account_id uuid not null,
  name text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- What the one before hands over, and that the next one took it.
  hand_over text,
  handed_at timestamptz,
  taken_at timestamptz,
  constraint shift_span_check check (to_at > from_at)
);
create index shift_time_idx on operations.shift (to_at, from_at);
call operations.protect('operations.shift');
grant insert, update, delete on operations.shift to minsheng_operations;

-- How people on duty are reached. Seen by the centre alone.
create table operations.reach (
  account_id uuid primary key,
  name text not null,
  phone text,
  mail text
);
alter table operations.reach enable row level security;
create policy everything on operations.reach to minsheng_system, minsheng_operations using (true) with check (true);
grant select, insert, update, delete on operations.reach to minsheng_system;
grant select, insert, update on operations.reach to minsheng_operations;

-- What is tried from outside: does it answer, how soon, until when is its certificate good.
create table operations.probe (
  id uuid primary key,
  key text collate "C" not null constraint probe_key_key unique,
  name text not null,
  kind text not null constraint probe_kind_check check (kind in ('http', 'tcp', 'sql', 'certificate', 'dns', 'browser')),
  target text not null,
  -- What a good answer has in it.
  expects text,
  every_seconds integer not null constraint probe_every_check check (every_seconds between 15 and 86400),
  timeout_ms integer not null constraint probe_timeout_check check (timeout_ms between 100 and 120000),
  component text collate "C",
  enabled boolean not null default true,
  changed_by text not null,
  changed_at timestamptz not null
);
call operations.protect('operations.probe');
grant insert, update on operations.probe to minsheng_operations;
-- The last try of each probe.
create table operations.probe_result (
  probe_id uuid primary key constraint probe_result_probe_fk references operations.probe,
  at timestamptz not null,
  good boolean not null,
  took_ms integer not null,
  -- What was wrong, or what it told.
  note text not null
);
call operations.protect('operations.probe_result');
