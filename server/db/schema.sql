-- Tables

create table appeals.appeal (
  id uuid not null,
  number text collate "C" not null,
  query_hash bytea not null,
  region text collate "C" not null,
  address text,
  channel text not null,
  type text not null,
  title text not null,
  content text not null,
  expectation text,
  event_at timestamp with time zone,
  filed_at timestamp with time zone not null,
  filed_by uuid,
  source_system text,
  source_number text,
  anonymous boolean not null,
  confidential boolean not null,
  constraint appeal_pkey PRIMARY KEY (id)
) partition by RANGE (id);

create table appeals.attachment (
  id uuid not null,
  appeal_id uuid not null,
  region text collate "C" not null,
  reply_no smallint,
  supplement_id uuid,
  name text not null,
  kind text not null,
  type text not null,
  bytes bigint not null,
  sm3 text not null,
  file_key text collate "C" not null,
  thumb_key text collate "C",
  width integer,
  height integer,
  taken_at text,
  lng numeric(9,6),
  lat numeric(8,6),
  scanned boolean not null,
  identifying boolean not null default false,
  by_account uuid,
  by_name text not null,
  at timestamp with time zone not null,
  constraint attachment_kind_check CHECK ((kind = ANY (ARRAY['picture'::text, 'audio'::text, 'video'::text, 'document'::text]))),
  constraint attachment_pkey PRIMARY KEY (id)
) partition by RANGE (id);

create table appeals.contact (
  id uuid not null,
  region text collate "C" not null,
  kind text,
  gender text,
  name_cipher bytea,
  name_mask text,
  phone_cipher bytea,
  phone_mask text,
  phone_index bytea,
  id_number_cipher bytea,
  id_number_mask text,
  id_number_index bytea,
  address_cipher bytea,
  address_mask text,
  credit_code text,
  constraint contact_pkey PRIMARY KEY (id)
) partition by RANGE (id);

create table appeals.idempotency (
  key_hash bytea not null,
  request_hash bytea not null,
  appeal_id uuid not null,
  number text not null,
  state text not null,
  at timestamp with time zone not null,
  lasting boolean not null,
  constraint idempotency_pkey PRIMARY KEY (key_hash)
);

create table appeals.import_row (
  run_id uuid not null,
  row_no integer not null,
  outcome text not null,
  faults jsonb,
  constraint import_row_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'known'::text, 'rejected'::text, 'blank'::text]))),
  constraint import_row_pkey PRIMARY KEY (run_id, row_no),
  constraint import_row_run_fk FOREIGN KEY (run_id) REFERENCES appeals.import_run(id) ON DELETE CASCADE
);

create table appeals.import_run (
  id uuid not null,
  file_hash text not null,
  file_name text not null,
  mapping_name text not null,
  mapping jsonb not null,
  dry_run boolean not null,
  state text not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  started_by uuid,
  region text collate "C",
  file_path text not null,
  total_rows integer,
  rows integer not null default 0,
  accepted integer not null default 0,
  known integer not null default 0,
  rejected integer not null default 0,
  blank integer not null default 0,
  error text,
  constraint import_run_pkey PRIMARY KEY (id),
  constraint import_run_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text])))
);

create table appeals.rating (
  appeal_id uuid not null,
  region text collate "C" not null,
  satisfaction smallint not null,
  solved text not null,
  reasons text[] not null,
  comment text,
  by text not null,
  at timestamp with time zone not null,
  round smallint not null default 0,
  constraint rating_by_check CHECK ((by = ANY (ARRAY['citizen'::text, 'follow-up'::text]))),
  constraint rating_pkey PRIMARY KEY (appeal_id, round),
  constraint rating_satisfaction_check CHECK (((satisfaction >= 1) AND (satisfaction <= 5)))
) partition by RANGE (appeal_id);

create table appeals.stored_file (
  key text collate "C" not null,
  bytes bigint not null,
  touched_at timestamp with time zone not null,
  stored_at timestamp with time zone,
  constraint stored_file_pkey PRIMARY KEY (key)
);

create table appeals.supplement (
  id uuid not null,
  appeal_id uuid not null,
  region text collate "C" not null,
  content text not null,
  by_account uuid,
  by_name text not null,
  at timestamp with time zone not null,
  constraint supplement_pkey PRIMARY KEY (id)
) partition by RANGE (id);

create table appeals.upload (
  ticket_hash bytea not null,
  at timestamp with time zone not null,
  by_account uuid,
  ip text,
  name text not null,
  kind text not null,
  type text not null,
  bytes bigint not null,
  sm3 text not null,
  file_key text collate "C" not null,
  thumb_key text collate "C",
  width integer,
  height integer,
  taken_at text,
  lng numeric(9,6),
  lat numeric(8,6),
  scanned boolean not null,
  constraint upload_file_fk FOREIGN KEY (file_key) REFERENCES appeals.stored_file(key),
  constraint upload_pkey PRIMARY KEY (ticket_hash),
  constraint upload_thumb_fk FOREIGN KEY (thumb_key) REFERENCES appeals.stored_file(key)
);

create table casework.approval (
  id uuid not null,
  case_kind text not null,
  case_id uuid not null,
  region text collate "C" not null,
  unit_code text collate "C",
  action text not null,
  input jsonb not null,
  from_state text not null,
  permission text not null,
  state text not null,
  asked_by uuid,
  asked_name text not null,
  asked_at timestamp with time zone not null,
  lapses_at timestamp with time zone,
  decided_by uuid,
  decided_name text,
  decided_at timestamp with time zone,
  opinion text,
  constraint approval_decided_check CHECK (((state = 'open'::text) = (decided_at IS NULL))),
  constraint approval_four_eyes_check CHECK (((state <> 'approved'::text) OR (asked_by IS NULL) OR (asked_by <> decided_by))),
  constraint approval_pkey PRIMARY KEY (id),
  constraint approval_state_check CHECK ((state = ANY (ARRAY['open'::text, 'approved'::text, 'declined'::text, 'lapsed'::text, 'superseded'::text])))
);

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
  t0 timestamp with time zone not null,
  due_at timestamp with time zone not null,
  yellow_at timestamp with time zone not null,
  provisional boolean not null,
  paused_ms bigint not null default 0,
  stopped_at timestamp with time zone,
  result text,
  next_step text,
  next_step_at timestamp with time zone,
  extended_ms bigint not null default 0,
  constraint clock_pkey PRIMARY KEY (case_id, name, no),
  constraint clock_result_check CHECK ((result = ANY (ARRAY['in-time'::text, 'late'::text, 'void'::text])))
) partition by RANGE (case_id);

create table casework.clock_step (
  case_id uuid not null,
  clock text not null,
  no smallint not null,
  step text not null,
  due_at timestamp with time zone not null,
  case_kind text not null,
  region text collate "C" not null,
  promised_at timestamp with time zone not null,
  taken_at timestamp with time zone not null,
  late boolean not null,
  constraint clock_step_pkey PRIMARY KEY (case_id, clock, no, step, due_at)
) partition by RANGE (case_id);

create table casework.promise_audit (
  id bigint not null,
  at timestamp with time zone not null,
  compared integer not null,
  round_ended boolean not null,
  late integer not null,
  overdue integer not null,
  faults integer not null,
  constraint promise_audit_pkey PRIMARY KEY (id)
);

create table casework.promise_fault (
  id bigint not null,
  case_kind text not null,
  case_id uuid not null,
  region text collate "C" not null,
  clock text not null,
  no smallint not null,
  step text not null,
  kind text not null,
  promised_at timestamp with time zone not null,
  found_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint promise_fault_kind_check CHECK ((kind = ANY (ARRAY['overdue'::text, 'untaken'::text, 'lost'::text, 'misplaced'::text]))),
  constraint promise_fault_pkey PRIMARY KEY (id)
);

create table identity.account (
  id uuid not null,
  login text not null,
  name text not null,
  roles text[] not null,
  scope text not null,
  region text collate "C",
  unit_code text collate "C",
  password_hash text not null,
  password_changed_at timestamp with time zone not null,
  must_change_password boolean not null,
  former_hashes text[] not null default '{}'::text[],
  status text not null default 'active'::text,
  last_login_at timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint account_login_key UNIQUE (login),
  constraint account_pkey PRIMARY KEY (id),
  constraint account_place_check CHECK ((((scope = 'unit'::text) = (unit_code IS NOT NULL)) AND ((scope = 'city'::text) <= (region IS NOT NULL)))),
  constraint account_scope_check CHECK ((scope = ANY (ARRAY['province'::text, 'city'::text, 'unit'::text, 'operations'::text]))),
  constraint account_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text]))),
  constraint account_unit_fk FOREIGN KEY (unit_code) REFERENCES reference.unit(code)
);

create table identity.api_key (
  id uuid not null,
  name text not null,
  system text not null,
  prefix text not null,
  secret_hash bytea not null,
  created_at timestamp with time zone not null,
  created_by uuid not null,
  revoked_at timestamp with time zone,
  last_used_at timestamp with time zone,
  constraint api_key_creator_fk FOREIGN KEY (created_by) REFERENCES identity.account(id),
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_secret_key UNIQUE (secret_hash)
);

create table identity.login_failure (
  login text not null,
  failures smallint not null,
  first_at timestamp with time zone not null,
  locked_until timestamp with time zone,
  constraint login_failure_pkey PRIMARY KEY (login)
);

create table identity.session (
  token_hash bytea not null,
  account_id uuid not null,
  created_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  ip text,
  constraint session_account_fk FOREIGN KEY (account_id) REFERENCES identity.account(id),
  constraint session_pkey PRIMARY KEY (token_hash)
);

create table operations.advisory (
  id text collate "C" not null,
  key text collate "C" not null,
  source text not null,
  summary text not null,
  severity smallint,
  exploited boolean not null,
  withdrawn boolean not null,
  modified_at timestamp with time zone,
  affected jsonb not null,
  imported_at timestamp with time zone not null,
  constraint advisory_pkey PRIMARY KEY (id),
  constraint advisory_severity_check CHECK (((severity >= 1) AND (severity <= 4))),
  constraint advisory_source_check CHECK ((source = ANY (ARRAY['osv'::text, 'nvd'::text])))
);

create table operations.advisory_import (
  id uuid not null,
  at timestamp with time zone not null,
  by_name text not null,
  file_name text not null,
  outcome jsonb not null,
  constraint advisory_import_pkey PRIMARY KEY (id)
);

create table operations.advisory_package (
  ecosystem text collate "C" not null,
  package text collate "C" not null,
  advisory_id text collate "C" not null,
  constraint advisory_package_advisory_fk FOREIGN KEY (advisory_id) REFERENCES operations.advisory(id),
  constraint advisory_package_pkey PRIMARY KEY (ecosystem, package, advisory_id)
);

create table operations.alert (
  id uuid not null,
  fingerprint text collate "C" not null,
  source text not null,
  rule text not null,
  series integer,
  labels jsonb not null,
  level text not null,
  zh text not null,
  en text not null,
  value double precision,
  component text collate "C",
  opened_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  hushed text,
  ack_due_at timestamp with time zone,
  acknowledged_at timestamp with time zone,
  acknowledged_by text,
  escalated_at timestamp with time zone,
  record_id uuid,
  verdict text,
  verdict_by text,
  hushed_by uuid,
  verdict_note text,
  verdict_at timestamp with time zone,
  constraint alert_hushed_check CHECK ((hushed = ANY (ARRAY['silence'::text, 'maintenance'::text, 'inhibited'::text]))),
  constraint alert_level_check CHECK ((level = ANY (ARRAY['P1'::text, 'P2'::text, 'P3'::text, 'P4'::text]))),
  constraint alert_pkey PRIMARY KEY (id),
  constraint alert_silence_fk FOREIGN KEY (hushed_by) REFERENCES operations.silence(id),
  constraint alert_source_check CHECK ((source = ANY (ARRAY['minsheng'::text, 'alertmanager'::text]))),
  constraint alert_verdict_check CHECK ((verdict = ANY (ARRAY['useful'::text, 'noise'::text])))
);

create table operations.alert_route (
  id uuid not null,
  name text not null,
  levels text[] not null,
  matchers jsonb not null,
  channel text not null,
  target text not null,
  group_seconds integer not null,
  enabled boolean not null default true,
  made_by text not null,
  made_at timestamp with time zone not null,
  constraint alert_route_channel_check CHECK ((channel = ANY (ARRAY['console'::text, 'sms'::text, 'mail'::text, 'webhook'::text, 'alertmanager'::text]))),
  constraint alert_route_pkey PRIMARY KEY (id)
);

create table operations.alert_rule (
  key text not null,
  zh text not null,
  en text not null,
  metric text not null,
  matchers jsonb not null,
  judgement jsonb not null,
  for_seconds integer not null,
  level text not null,
  advice text not null,
  enabled boolean not null default true,
  version integer not null default 1,
  changed_by text not null,
  changed_at timestamp with time zone not null,
  constraint alert_rule_level_check CHECK ((level = ANY (ARRAY['P1'::text, 'P2'::text, 'P3'::text, 'P4'::text]))),
  constraint alert_rule_pkey PRIMARY KEY (key)
);

create table operations.alert_told (
  alert_id uuid not null,
  route_id uuid not null,
  what text not null,
  message_id uuid,
  at timestamp with time zone not null,
  constraint alert_told_alert_fk FOREIGN KEY (alert_id) REFERENCES operations.alert(id),
  constraint alert_told_pkey PRIMARY KEY (alert_id, route_id, what),
  constraint alert_told_what_check CHECK ((what = ANY (ARRAY['opened'::text, 'ended'::text])))
);

create table operations.asset (
  key text collate "C" not null,
  kind text not null,
  name text not null,
  owner text,
  room text,
  serial text,
  supplier text,
  warranty_until date,
  expires_on date,
  note text,
  found_at timestamp with time zone,
  retired_at timestamp with time zone,
  version integer not null default 1,
  changed_by text not null,
  changed_at timestamp with time zone not null,
  constraint asset_kind_check CHECK ((kind = ANY (ARRAY['function'::text, 'service'::text, 'node'::text, 'database'::text, 'host'::text, 'interface'::text, 'certificate'::text, 'licence'::text, 'site'::text]))),
  constraint asset_pkey PRIMARY KEY (key)
);

create table operations.asset_relation (
  upper text collate "C" not null,
  lower text collate "C" not null,
  found boolean not null,
  constraint asset_relation_lower_fk FOREIGN KEY (lower) REFERENCES operations.asset(key),
  constraint asset_relation_pkey PRIMARY KEY (upper, lower),
  constraint asset_relation_self_check CHECK ((upper <> lower)),
  constraint asset_relation_upper_fk FOREIGN KEY (upper) REFERENCES operations.asset(key)
);

create table operations.backup (
  id uuid not null,
  kind text not null default 'full'::text,
  source text,
  state text not null,
  asked_by text not null,
  asked_at timestamp with time zone not null,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  system text collate "C",
  segment_bytes integer,
  wal_from text collate "C",
  wal_to text collate "C",
  files integer not null default 0,
  packs integer not null default 0,
  raw_bytes bigint not null default 0,
  stored_bytes bigint not null default 0,
  manifest_sm3 text,
  keep_as text,
  second_at timestamp with time zone,
  second_fault text,
  verified_at timestamp with time zone,
  faults jsonb not null default '[]'::jsonb,
  proven_at timestamp with time zone,
  failure text,
  detail text,
  constraint backup_keep_as_check CHECK ((keep_as = ANY (ARRAY['daily'::text, 'monthly'::text, 'yearly'::text]))),
  constraint backup_kind_check CHECK ((kind = 'full'::text)),
  constraint backup_pkey PRIMARY KEY (id),
  constraint backup_source_check CHECK ((source = ANY (ARRAY['embedded'::text, 'outside'::text]))),
  constraint backup_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'good'::text, 'failed'::text, 'removed'::text])))
);

create table operations.component (
  asset text collate "C" not null,
  origin text not null,
  purl text collate "C" not null,
  name text collate "C" not null,
  version text collate "C" not null,
  ecosystem text collate "C",
  release text collate "C",
  package text collate "C",
  matched_version text collate "C",
  licences text[] not null,
  hash text,
  development boolean not null,
  first_seen_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  gone_at timestamp with time zone,
  constraint component_inventory_fk FOREIGN KEY (asset, origin) REFERENCES operations.inventory(asset, origin),
  constraint component_pkey PRIMARY KEY (asset, origin, purl)
);

create table operations.day_span (
  series integer not null,
  from_at timestamp with time zone not null,
  counts integer[] not null,
  "least" double precision[] not null,
  "greatest" double precision[] not null,
  sums double precision[] not null,
  lasts double precision[] not null,
  constraint day_span_pkey PRIMARY KEY (series, from_at)
) partition by RANGE (from_at);

create table operations.exposure (
  key text collate "C" not null,
  ecosystem text collate "C" not null,
  package text collate "C" not null,
  asset text collate "C" not null,
  purl text collate "C" not null,
  version text collate "C" not null,
  fixed_in text,
  record_id uuid not null,
  found_at timestamp with time zone not null,
  gone_at timestamp with time zone,
  constraint exposure_pkey PRIMARY KEY (key, ecosystem, package, asset, purl),
  constraint exposure_record_fk FOREIGN KEY (record_id) REFERENCES operations.record(id)
);

create table operations."freeze" (
  id uuid not null,
  name text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  made_by text not null,
  made_at timestamp with time zone not null,
  constraint freeze_pkey PRIMARY KEY (id),
  constraint freeze_span_check CHECK ((to_at > from_at))
);

create table operations.hour_span (
  series integer not null,
  from_at timestamp with time zone not null,
  counts integer[] not null,
  "least" double precision[] not null,
  "greatest" double precision[] not null,
  sums double precision[] not null,
  lasts double precision[] not null,
  constraint hour_span_pkey PRIMARY KEY (series, from_at)
) partition by RANGE (from_at);

create table operations.inspection (
  id uuid not null,
  number text collate "C" not null,
  template text collate "C" not null,
  depth integer not null,
  asked_by uuid,
  asked_name text,
  due_at timestamp with time zone not null,
  sign_by timestamp with time zone,
  state text not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  score double precision,
  signed_by uuid,
  signed_name text,
  sign_note text,
  overdue_told_at timestamp with time zone,
  constraint inspection_number_key UNIQUE (number),
  constraint inspection_pkey PRIMARY KEY (id),
  constraint inspection_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text])))
);

create table operations.inspection_check (
  code text collate "C" not null,
  object text not null,
  place integer not null,
  depth integer not null,
  kind text not null,
  yellow double precision,
  red double precision,
  bounds jsonb not null default '{}'::jsonb,
  words jsonb not null,
  constraint inspection_check_depth_check CHECK (((depth >= 0) AND (depth <= 4))),
  constraint inspection_check_kind_check CHECK ((kind = ANY (ARRAY['automatic'::text, 'manual'::text]))),
  constraint inspection_check_object_check CHECK ((object = ANY (ARRAY['server'::text, 'node'::text, 'interface'::text, 'business'::text, 'security'::text, 'telecom'::text, 'database'::text]))),
  constraint inspection_check_pkey PRIMARY KEY (code)
);

create table operations.inspection_finding (
  id uuid not null,
  code text collate "C" not null,
  object text not null,
  level text not null,
  inspection_id uuid not null,
  opened_at timestamp with time zone not null,
  opened_value double precision,
  opened_evidence jsonb not null,
  last_outcome text not null,
  last_at timestamp with time zone not null,
  last_value double precision,
  last_evidence jsonb not null,
  last_name text,
  last_note text,
  times integer not null default 1,
  record_id uuid not null,
  record_number text not null,
  closed_at timestamp with time zone,
  closed_by uuid,
  closed_name text,
  constraint inspection_finding_level_check CHECK ((level = ANY (ARRAY['yellow'::text, 'red'::text]))),
  constraint inspection_finding_pkey PRIMARY KEY (id)
);

create table operations.inspection_item (
  inspection_id uuid not null,
  code text collate "C" not null,
  object text not null,
  place integer not null,
  kind text not null,
  yellow double precision,
  red double precision,
  outcome text not null,
  value double precision,
  evidence jsonb not null,
  at timestamp with time zone,
  by_account uuid,
  by_name text,
  said text,
  note text,
  revision integer not null default 0,
  constraint inspection_item_inspection_fk FOREIGN KEY (inspection_id) REFERENCES operations.inspection(id) ON DELETE CASCADE,
  constraint inspection_item_kind_check CHECK ((kind = ANY (ARRAY['automatic'::text, 'manual'::text]))),
  constraint inspection_item_outcome_check CHECK ((outcome = ANY (ARRAY['open'::text, 'ok'::text, 'yellow'::text, 'red'::text, 'unreadable'::text, 'not-applicable'::text]))),
  constraint inspection_item_pkey PRIMARY KEY (inspection_id, code)
);

create table operations.inspection_sample (
  code text collate "C" not null,
  at timestamp with time zone not null,
  rows jsonb not null,
  constraint inspection_sample_pkey PRIMARY KEY (code, at)
);

create table operations.inspection_template (
  code text collate "C" not null,
  place integer not null,
  content jsonb not null,
  constraint inspection_template_pkey PRIMARY KEY (code)
);

create table operations.inventory (
  asset text collate "C" not null,
  origin text not null,
  taken_at timestamp with time zone not null,
  taken_by text not null,
  components integer not null,
  passed_over integer not null,
  constraint inventory_origin_check CHECK ((origin = ANY (ARRAY['build'::text, 'dpkg'::text, 'sbom'::text]))),
  constraint inventory_pkey PRIMARY KEY (asset, origin)
);

create table operations.judged (
  sole boolean not null default true,
  upto timestamp with time zone not null,
  constraint judged_pkey PRIMARY KEY (sole),
  constraint judged_sole_check CHECK (sole)
);

create table operations.limit_rule (
  id integer not null,
  kind text not null,
  clock text not null,
  level smallint not null,
  mode text not null,
  amount integer not null,
  version integer not null default 1,
  constraint limit_rule_amount_check CHECK ((amount > 0)),
  constraint limit_rule_key UNIQUE (kind, clock, level),
  constraint limit_rule_mode_check CHECK ((mode = ANY (ARRAY['minute'::text, 'hour'::text, 'workday'::text]))),
  constraint limit_rule_pkey PRIMARY KEY (id)
);

create table operations.log_batch (
  no bigint not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  source text collate "C" not null,
  lines smallint not null,
  terms integer[] not null,
  constraint log_batch_pkey PRIMARY KEY (source, first_at, no)
) partition by RANGE (first_at);

create table operations.log_count (
  at timestamp with time zone not null,
  source text collate "C" not null,
  module text collate "C" not null,
  level smallint not null,
  template bigint not null,
  lines integer not null,
  constraint log_count_pkey PRIMARY KEY (at, source, module, level, template)
) partition by RANGE (at);

create table operations.log_line (
  at timestamp with time zone not null,
  seq bigint not null,
  level smallint not null,
  source text collate "C" not null,
  module text collate "C" not null,
  template bigint not null,
  message text not null,
  request_id text collate "C",
  trace_id text collate "C",
  account_id text collate "C",
  fields jsonb,
  constraint log_line_pkey PRIMARY KEY (at, seq)
) partition by RANGE (at);

create table operations.log_place (
  source text collate "C" not null,
  file text not null,
  place bigint not null,
  constraint log_place_pkey PRIMARY KEY (source)
);

create table operations.log_search (
  id uuid not null,
  account_id uuid not null,
  account_name text not null,
  name text not null,
  query text not null,
  shared boolean not null,
  watched boolean not null default false,
  changed_at timestamp with time zone not null,
  constraint log_search_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 40))),
  constraint log_search_pkey PRIMARY KEY (id),
  constraint log_search_query_check CHECK ((char_length(query) <= 500)),
  constraint log_search_watched_check CHECK ((shared OR (NOT watched)))
);

create table operations.log_source (
  name text collate "C" not null,
  kind text not null,
  heard_at timestamp with time zone not null,
  constraint log_source_kind_check CHECK ((kind = ANY (ARRAY['node'::text, 'postgresql'::text, 'program'::text]))),
  constraint log_source_pkey PRIMARY KEY (name)
);

create table operations.log_template (
  id bigint not null,
  module text collate "C" not null,
  text text not null,
  counted boolean not null,
  level smallint not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  constraint log_template_pkey PRIMARY KEY (id)
);

create table operations.message (
  id uuid not null,
  at timestamp with time zone not null,
  channel text not null,
  target text not null,
  receiver text,
  subject text not null,
  body text not null,
  payload jsonb,
  record_id uuid,
  tries smallint not null default 0,
  next_try_at timestamp with time zone,
  sent_at timestamp with time zone,
  failure text,
  answer text,
  repeat_of uuid,
  asked_by text,
  constraint message_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'mail'::text, 'webhook'::text]))),
  constraint message_pkey PRIMARY KEY (id),
  constraint message_repeat_fk FOREIGN KEY (repeat_of) REFERENCES operations.message(id)
);

create table operations.packed (
  what text not null,
  upto timestamp with time zone not null,
  constraint packed_pkey PRIMARY KEY (what),
  constraint packed_what_check CHECK ((what = ANY (ARRAY['raw'::text, 'hour'::text, 'day'::text])))
);

create table operations.probe (
  id uuid not null,
  key text collate "C" not null,
  name text not null,
  kind text not null,
  target text not null,
  expects text,
  every_seconds integer not null,
  timeout_ms integer not null,
  component text collate "C",
  enabled boolean not null default true,
  changed_by text not null,
  changed_at timestamp with time zone not null,
  constraint probe_every_check CHECK (((every_seconds >= 15) AND (every_seconds <= 86400))),
  constraint probe_key_key UNIQUE (key),
  constraint probe_kind_check CHECK ((kind = ANY (ARRAY['http'::text, 'tcp'::text, 'sql'::text, 'certificate'::text, 'dns'::text, 'browser'::text]))),
  constraint probe_pkey PRIMARY KEY (id),
  constraint probe_timeout_check CHECK (((timeout_ms >= 100) AND (timeout_ms <= 120000)))
);

create table operations.probe_result (
  probe_id uuid not null,
  at timestamp with time zone not null,
  good boolean not null,
  took_ms integer not null,
  note text not null,
  constraint probe_result_pkey PRIMARY KEY (probe_id),
  constraint probe_result_probe_fk FOREIGN KEY (probe_id) REFERENCES operations.probe(id)
);

create table operations.probe_turn (
  probe_id uuid not null,
  at timestamp with time zone not null,
  good boolean not null,
  took_ms integer not null,
  note text not null,
  constraint probe_turn_pkey PRIMARY KEY (probe_id, at),
  constraint probe_turn_probe_fk FOREIGN KEY (probe_id) REFERENCES operations.probe(id)
);

create table operations.profile (
  id uuid not null,
  node text collate "C" not null,
  kind text not null,
  seconds smallint not null,
  state text not null,
  asked_by uuid,
  asked_name text not null,
  asked_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  failure text,
  summary jsonb,
  file bytea,
  file_bytes integer,
  constraint profile_kind_check CHECK ((kind = ANY (ARRAY['cpu'::text, 'heap'::text]))),
  constraint profile_pkey PRIMARY KEY (id),
  constraint profile_seconds_check CHECK (((seconds >= 1) AND (seconds <= 30))),
  constraint profile_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text])))
);

create table operations.raw_span (
  series integer not null,
  from_at timestamp with time zone not null,
  readings double precision[] not null,
  constraint raw_span_pkey PRIMARY KEY (series, from_at)
) partition by RANGE (from_at);

create table operations.reach (
  account_id uuid not null,
  name text not null,
  phone text,
  mail text,
  constraint reach_pkey PRIMARY KEY (account_id)
);

create table operations.reading (
  at timestamp with time zone not null,
  source text collate "C" not null,
  series integer[] not null,
  readings double precision[] not null,
  constraint reading_pkey PRIMARY KEY (at, source)
);

create table operations.record (
  id uuid not null,
  number text collate "C" not null,
  kind text not null,
  state text not null,
  version integer not null default 1,
  level smallint not null,
  title text not null,
  body text not null,
  component text collate "C",
  source text not null,
  reporter_id uuid,
  reporter text not null,
  owner_id uuid,
  owner text,
  opened_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  paused text,
  facts jsonb not null default '{}'::jsonb,
  due_clock text,
  due_at timestamp with time zone,
  yellow_at timestamp with time zone,
  due_provisional boolean not null default false,
  once_key text,
  constraint record_kind_check CHECK ((kind = ANY (ARRAY['fault'::text, 'problem'::text, 'change'::text, 'vulnerability'::text]))),
  constraint record_level_check CHECK (((level >= 1) AND (level <= 4))),
  constraint record_number_key UNIQUE (number),
  constraint record_pkey PRIMARY KEY (id)
);

create table operations.record_counter (
  prefix text not null,
  day date not null,
  last integer not null,
  constraint record_counter_pkey PRIMARY KEY (prefix, day)
);

create table operations.record_link (
  from_id uuid not null,
  relation text not null,
  to_id uuid not null,
  constraint record_link_from_fk FOREIGN KEY (from_id) REFERENCES operations.record(id),
  constraint record_link_pkey PRIMARY KEY (from_id, relation, to_id),
  constraint record_link_relation_check CHECK ((relation = ANY (ARRAY['action-of'::text, 'merged-into'::text, 'patched-by'::text, 'turned-into'::text, 'like'::text]))),
  constraint record_link_to_fk FOREIGN KEY (to_id) REFERENCES operations.record(id)
);

create table operations.report (
  id uuid not null,
  kind text not null,
  period text not null,
  from_day date not null,
  to_day date not null,
  facts jsonb not null,
  made_at timestamp with time zone not null,
  constraint report_period_check CHECK ((period = ANY (ARRAY['day'::text, 'week'::text, 'month'::text, 'quarter'::text, 'year'::text]))),
  constraint report_pkey PRIMARY KEY (id),
  constraint report_span_check CHECK ((to_day > from_day))
);

create table operations.report_remark (
  id uuid not null,
  report_id uuid not null,
  at timestamp with time zone not null,
  account_id uuid not null,
  by_name text not null,
  remark text not null,
  constraint report_remark_pkey PRIMARY KEY (id),
  constraint report_remark_report_fk FOREIGN KEY (report_id) REFERENCES operations.report(id)
);

create table operations.responsibility (
  component text collate "C" not null,
  responsible jsonb not null,
  accountable jsonb not null,
  consulted jsonb not null,
  informed jsonb not null,
  version integer not null,
  set_by text not null,
  set_at timestamp with time zone not null,
  constraint responsibility_pkey PRIMARY KEY (component)
);

create table operations.restore_drill (
  id uuid not null,
  state text not null,
  asked_by text not null,
  asked_at timestamp with time zone not null,
  target timestamp with time zone not null,
  backup_id uuid,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  rto_seconds double precision,
  rpo_seconds double precision,
  last_commit_at timestamp with time zone,
  steps json not null default '[]'::json,
  failure text,
  detail text,
  constraint restore_drill_backup_fk FOREIGN KEY (backup_id) REFERENCES operations.backup(id),
  constraint restore_drill_pkey PRIMARY KEY (id),
  constraint restore_drill_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'proven'::text, 'failed'::text])))
);

create table operations.series (
  id integer not null,
  name text collate "C" not null,
  labels text collate "C" not null,
  kind text not null,
  seen_at timestamp with time zone not null,
  constraint series_kind_check CHECK ((kind = ANY (ARRAY['gauge'::text, 'counter'::text]))),
  constraint series_name_key UNIQUE (name, labels),
  constraint series_pkey PRIMARY KEY (id)
);

create table operations.shift (
  id uuid not null,
  line smallint not null,
  account_id uuid not null,
  name text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  hand_over text,
  handed_at timestamp with time zone,
  taken_at timestamp with time zone,
  left_open jsonb,
  taken_by text,
  made_by text not null,
  constraint shift_line_check CHECK (((line >= 1) AND (line <= 4))),
  constraint shift_pkey PRIMARY KEY (id),
  constraint shift_span_check CHECK ((to_at > from_at))
);

create table operations.silence (
  id uuid not null,
  kind text not null,
  matchers jsonb not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  reason text not null,
  made_by text not null,
  made_at timestamp with time zone not null,
  constraint silence_kind_check CHECK ((kind = ANY (ARRAY['silence'::text, 'maintenance'::text]))),
  constraint silence_pkey PRIMARY KEY (id),
  constraint silence_span_check CHECK ((to_at > from_at))
);

create table operations.statement_reset (
  at timestamp with time zone not null default clock_timestamp(),
  by_name text not null,
  constraint statement_reset_pkey PRIMARY KEY (at)
);

create table operations.wal_segment (
  system text collate "C" not null,
  name text collate "C" not null,
  segment_bytes integer not null,
  stored_bytes integer not null,
  sm3 text not null,
  archived_at timestamp with time zone not null,
  second_at timestamp with time zone,
  constraint wal_segment_pkey PRIMARY KEY (system, name)
);

create table orders.daily_count (
  day date not null,
  region text collate "C" not null,
  what text not null,
  count integer not null,
  constraint daily_count_pkey PRIMARY KEY (day, region, what),
  constraint daily_count_what_check CHECK ((what = ANY (ARRAY['filed'::text, 'closed'::text])))
);

create table orders.follow_up (
  order_id uuid not null,
  no smallint not null,
  region text collate "C" not null,
  mode text not null,
  result text not null,
  note text,
  by_account uuid,
  by_name text not null,
  at timestamp with time zone not null,
  constraint follow_up_pkey PRIMARY KEY (order_id, no)
) partition by RANGE (order_id);

create table orders.oversight (
  order_id uuid not null,
  no smallint not null,
  region text collate "C" not null,
  level smallint not null,
  cause text not null,
  requirement text not null,
  by_name text not null,
  at timestamp with time zone not null,
  answer text,
  answered_by text,
  answered_at timestamp with time zone,
  ended text,
  ended_opinion text,
  ended_at timestamp with time zone,
  constraint oversight_ended_check CHECK ((ended = ANY (ARRAY['closed'::text, 'raised'::text, 'with-order'::text]))),
  constraint oversight_level_check CHECK (((level >= 1) AND (level <= 3))),
  constraint oversight_pkey PRIMARY KEY (order_id, no)
) partition by RANGE (order_id);

create table orders.purge_receipt (
  order_id uuid not null,
  number text collate "C" not null,
  region text collate "C" not null,
  at timestamp with time zone not null,
  ground text not null,
  request text,
  basis text not null,
  reason text not null,
  asked_by uuid not null,
  asked_name text not null,
  asked_at timestamp with time zone not null,
  approved_by uuid not null,
  approved_name text not null,
  removed jsonb not null,
  backups_until_year smallint not null,
  digest text not null,
  constraint purge_receipt_four_eyes_check CHECK ((asked_by <> approved_by)),
  constraint purge_receipt_ground_check CHECK ((ground = ANY (ARRAY['retention'::text, 'citizen-request'::text]))),
  constraint purge_receipt_pkey PRIMARY KEY (order_id),
  constraint purge_receipt_request_check CHECK (((ground <> 'citizen-request'::text) OR (request IS NOT NULL)))
);

create table orders.refusal (
  order_id uuid not null,
  region text collate "C" not null,
  reason text not null,
  explanation text not null,
  at timestamp with time zone not null,
  constraint refusal_pkey PRIMARY KEY (order_id)
) partition by RANGE (order_id);

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
  at timestamp with time zone not null,
  checked text,
  check_opinion text,
  constraint reply_checked_check CHECK ((checked = ANY (ARRAY['passed'::text, 'failed'::text]))),
  constraint reply_pkey PRIMARY KEY (order_id, no)
) partition by RANGE (order_id);

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
  at timestamp with time zone not null,
  verdict text,
  decided_by text,
  decided_at timestamp with time zone,
  constraint return_request_pkey PRIMARY KEY (order_id, no),
  constraint return_request_verdict_check CHECK ((verdict = ANY (ARRAY['agreed'::text, 'declined'::text, 'coordinated'::text])))
) partition by RANGE (order_id);

create table orders.saved_view (
  id uuid not null,
  account_id uuid not null,
  account_name text not null,
  office text collate "C" not null,
  list text not null,
  name text not null,
  shared boolean not null,
  search jsonb not null,
  columns text[] not null,
  changed_at timestamp with time zone not null,
  constraint saved_view_columns_check CHECK (((cardinality(columns) >= 1) AND (cardinality(columns) <= 30))),
  constraint saved_view_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 40))),
  constraint saved_view_pkey PRIMARY KEY (id),
  constraint saved_view_search_check CHECK ((octet_length((search)::text) <= 4000))
);

create table orders.task (
  order_id uuid not null,
  no smallint not null,
  unit_code text collate "C" not null,
  role text not null,
  state text not null,
  region text collate "C" not null,
  dispatched_at timestamp with time zone not null,
  signed_at timestamp with time zone,
  contacted_at timestamp with time zone,
  replied_at timestamp with time zone,
  parent_no smallint,
  opinion text,
  handler_id uuid,
  handler_name text,
  constraint task_pkey PRIMARY KEY (order_id, no),
  constraint task_role_check CHECK ((role = ANY (ARRAY['main'::text, 'assist'::text, 'lower'::text])))
) partition by RANGE (order_id);

create table orders.work_order (
  id uuid not null,
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
  filed_at timestamp with time zone not null,
  accepted_at timestamp with time zone,
  dispatched_at timestamp with time zone,
  replied_at timestamp with time zone,
  closed_at timestamp with time zone,
  archived_at timestamp with time zone,
  due_clock text,
  due_at timestamp with time zone,
  yellow_at timestamp with time zone,
  due_provisional boolean not null default false,
  attempts smallint not null default 0,
  master_id uuid,
  merged_count smallint not null default 0,
  redo_no smallint not null default 0,
  return_count smallint not null default 0,
  extension_count smallint not null default 0,
  urge_count smallint not null default 0,
  urged_on date,
  oversight_level smallint not null default 0,
  suspended boolean not null default false,
  sensitive smallint not null default 0,
  is_group boolean not null default false,
  forced boolean not null default false,
  excluded text,
  units text[] collate "C",
  handed_to text,
  county text collate "C" not null default "left"(region, 6),
  purged_at timestamp with time zone,
  preserved boolean not null default false,
  constraint work_order_oversight_level_check CHECK (((oversight_level >= 0) AND (oversight_level <= 3))),
  constraint work_order_pkey PRIMARY KEY (id),
  constraint work_order_sensitive_check CHECK (((sensitive >= 0) AND (sensitive <= 3)))
) partition by RANGE (id);

create table platform.audit_entry (
  id uuid not null,
  xid xid8 not null default pg_current_xact_id(),
  at timestamp with time zone not null,
  account_id uuid,
  actor text not null,
  roles text[] not null,
  ip text,
  action text not null,
  object_kind text,
  object_id text,
  outcome text not null,
  detail jsonb not null,
  constraint audit_entry_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text]))),
  constraint audit_entry_pkey PRIMARY KEY (id)
) partition by RANGE (id);

create table platform.audit_seal (
  seq bigint not null,
  entry_id uuid not null,
  hash bytea not null,
  constraint audit_seal_entry_key UNIQUE (entry_id),
  constraint audit_seal_pkey PRIMARY KEY (seq)
);

create table platform.draft (
  account_id uuid not null,
  place text collate "C" not null,
  revision uuid not null,
  sealed bytea not null,
  saved_at timestamp with time zone not null,
  constraint draft_pkey PRIMARY KEY (account_id, place),
  constraint draft_sealed_check CHECK ((octet_length(sealed) <= 70000))
);

create table platform.event (
  id uuid not null,
  xid xid8 not null default pg_current_xact_id(),
  at timestamp with time zone not null,
  name text not null,
  case_kind text not null,
  case_id uuid not null,
  actor_id uuid,
  actor text not null,
  region text collate "C" not null,
  unit_code text collate "C",
  from_state text,
  to_state text,
  public boolean not null,
  data jsonb not null,
  constraint event_pkey PRIMARY KEY (id)
) partition by RANGE (id);

create table platform.node_load (
  node text not null,
  at timestamp with time zone not null,
  facts jsonb not null,
  constraint node_load_pkey PRIMARY KEY (node)
);

create table platform.notice (
  id uuid not null,
  at timestamp with time zone not null,
  level text not null,
  zh text not null,
  en text not null,
  order_id uuid,
  permission text not null,
  region text collate "C" not null,
  unit_code text collate "C",
  once_key text,
  path text,
  constraint notice_level_check CHECK ((level = ANY (ARRAY['info'::text, 'warning'::text, 'urgent'::text]))),
  constraint notice_once_key UNIQUE (once_key),
  constraint notice_pkey PRIMARY KEY (id)
);

create table platform.partitioned (
  table_name text not null,
  months_from timestamp with time zone not null,
  constraint partitioned_pkey PRIMARY KEY (table_name)
);

create table platform.presence (
  tab uuid not null,
  stream uuid not null,
  case_id uuid not null,
  region text collate "C" not null,
  account_id uuid not null,
  name text not null,
  unit_code text collate "C",
  doing text not null,
  action text,
  seen_at timestamp with time zone not null default now(),
  constraint presence_doing_check CHECK ((doing = ANY (ARRAY['viewing'::text, 'acting'::text]))),
  constraint presence_pkey PRIMARY KEY (tab)
);

create table platform.response_figure (
  hour timestamp with time zone not null,
  region text collate "C" not null,
  kind text not null,
  route text not null,
  counts integer[] not null,
  failed integer not null,
  sum_ms double precision not null,
  max_ms double precision not null,
  constraint response_figure_pkey PRIMARY KEY (hour, region, kind, route)
);

create table platform.setting (
  key text not null,
  value text not null,
  changed_at timestamp with time zone not null default now(),
  constraint setting_pkey PRIMARY KEY (key)
);

create table platform.span_partitioned (
  table_name text not null,
  span text not null,
  keep_days integer not null,
  constraint span_partitioned_pkey PRIMARY KEY (table_name),
  constraint span_partitioned_span_check CHECK ((span = ANY (ARRAY['day'::text, 'month'::text])))
);

create table platform.subscriber (
  name text not null,
  xid xid8 not null default '0'::xid8,
  id uuid not null default '00000000-0000-0000-0000-000000000000'::uuid,
  moved_at timestamp with time zone not null default now(),
  constraint subscriber_pkey PRIMARY KEY (name)
);

create table reference.calendar_year (
  year smallint not null,
  source text not null,
  imported_at timestamp with time zone not null,
  imported_by uuid,
  constraint calendar_year_pkey PRIMARY KEY (year)
);

create table reference.catalogue_entry (
  id uuid not null,
  version integer not null,
  state text not null,
  region text collate "C" not null,
  category text collate "C" not null,
  unit_code text collate "C",
  unit_kind text,
  unit_level text,
  role text not null,
  legal_source text not null,
  reason text not null,
  ended boolean not null default false,
  proposer uuid,
  proposed_by text not null,
  proposed_at timestamp with time zone not null,
  approver uuid,
  approved_by text,
  approved_at timestamp with time zone,
  effective_from timestamp with time zone,
  opinion text,
  constraint catalogue_entry_approved_check CHECK (((state <> 'approved'::text) OR (effective_from IS NOT NULL))),
  constraint catalogue_entry_owner_check CHECK ((((unit_code IS NULL) = (unit_kind IS NOT NULL)) AND ((unit_kind IS NULL) = (unit_level IS NULL)))),
  constraint catalogue_entry_pkey PRIMARY KEY (id, version),
  constraint catalogue_entry_role_check CHECK ((role = ANY (ARRAY['main'::text, 'assist'::text]))),
  constraint catalogue_entry_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'approved'::text, 'withdrawn'::text]))),
  constraint catalogue_entry_unit_fk FOREIGN KEY (unit_code) REFERENCES reference.unit(code)
);

create table reference.catalogue_objection (
  id uuid not null,
  at timestamp with time zone not null,
  entry_id uuid,
  entry_version integer,
  order_id uuid not null,
  region text collate "C" not null,
  category text collate "C",
  unit_code text collate "C" not null,
  suggested_unit text collate "C",
  reason text not null,
  legal_basis text,
  answer_id uuid,
  answer_version integer,
  constraint catalogue_objection_answer_fk FOREIGN KEY (answer_id, answer_version) REFERENCES reference.catalogue_entry(id, version),
  constraint catalogue_objection_entry_fk FOREIGN KEY (entry_id, entry_version) REFERENCES reference.catalogue_entry(id, version),
  constraint catalogue_objection_pkey PRIMARY KEY (id)
);

create table reference.category (
  code text collate "C" not null,
  name text not null,
  name_en text not null,
  level smallint not null,
  parent text collate "C",
  constraint category_parent_fk FOREIGN KEY (parent) REFERENCES reference.category(code),
  constraint category_pkey PRIMARY KEY (code)
);

create table reference.code_item (
  list text not null,
  code text not null,
  place smallint not null,
  zh text not null,
  en text not null,
  extra jsonb not null default '{}'::jsonb,
  constraint code_item_pkey PRIMARY KEY (list, code)
);

create table reference.holiday (
  date date not null,
  year smallint not null,
  name text not null,
  type text not null,
  constraint holiday_pkey PRIMARY KEY (date),
  constraint holiday_type_check CHECK ((type = ANY (ARRAY['off'::text, 'work'::text]))),
  constraint holiday_year_fk FOREIGN KEY (year) REFERENCES reference.calendar_year(year)
);

create table reference.limit_rule (
  id integer not null,
  version integer not null,
  urgency smallint not null,
  appeal_type text not null,
  clock text not null,
  mode text not null,
  amount numeric not null,
  source text not null,
  created_by uuid,
  region text collate "C" not null default '32'::text,
  category text collate "C" not null default ''::text,
  constraint limit_rule_amount_check CHECK ((amount > (0)::numeric)),
  constraint limit_rule_mode_check CHECK ((mode = ANY (ARRAY['minute'::text, 'hour'::text, 'workday'::text]))),
  constraint limit_rule_pkey PRIMARY KEY (id, version),
  constraint limit_rule_version_key UNIQUE (region, category, urgency, appeal_type, clock, version)
);

create table reference.norm (
  id uuid not null,
  region text collate "C" not null,
  state text not null,
  revision integer not null,
  version integer,
  title text not null,
  source text not null,
  content jsonb not null,
  drafters uuid[] not null,
  drafted_by text not null,
  drafted_at timestamp with time zone not null,
  approver uuid,
  approved_by text,
  approved_at timestamp with time zone,
  effective_from timestamp with time zone,
  opinion text,
  constraint norm_approved_check CHECK (((state <> 'approved'::text) OR ((version IS NOT NULL) AND (approved_at IS NOT NULL) AND (effective_from IS NOT NULL)))),
  constraint norm_pkey PRIMARY KEY (id),
  constraint norm_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'trying'::text, 'tried'::text, 'approved'::text, 'withdrawn'::text]))),
  constraint norm_version_key UNIQUE (region, version)
);

create table reference.norm_trial (
  id uuid not null,
  norm_id uuid not null,
  region text collate "C" not null,
  state text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  started_at timestamp with time zone not null,
  started_by text not null,
  ended_at timestamp with time zone,
  after_order uuid,
  totals jsonb not null default '[]'::jsonb,
  constraint norm_trial_norm_fk FOREIGN KEY (norm_id) REFERENCES reference.norm(id),
  constraint norm_trial_pkey PRIMARY KEY (id),
  constraint norm_trial_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text])))
);

create table reference.norm_trial_order (
  trial_id uuid not null,
  order_id uuid not null,
  number text collate "C" not null,
  region text collate "C" not null,
  whats text[] not null,
  changes jsonb not null,
  constraint norm_trial_order_pkey PRIMARY KEY (trial_id, order_id),
  constraint norm_trial_order_trial_fk FOREIGN KEY (trial_id) REFERENCES reference.norm_trial(id)
);

create table reference.region (
  code text collate "C" not null,
  name text not null,
  level text not null,
  parent text collate "C",
  statistical boolean not null,
  constraint region_level_check CHECK ((level = ANY (ARRAY['province'::text, 'city'::text, 'county'::text, 'street'::text]))),
  constraint region_parent_fk FOREIGN KEY (parent) REFERENCES reference.region(code),
  constraint region_pkey PRIMARY KEY (code)
);

create table reference.unit (
  code text collate "C" not null,
  name text not null,
  short_name text not null,
  kind text not null,
  level text not null,
  region text collate "C" not null,
  parent text collate "C",
  active boolean not null default true,
  constraint unit_level_check CHECK ((level = ANY (ARRAY['province'::text, 'city'::text, 'county'::text, 'street'::text]))),
  constraint unit_parent_fk FOREIGN KEY (parent) REFERENCES reference.unit(code),
  constraint unit_pkey PRIMARY KEY (code),
  constraint unit_region_fk FOREIGN KEY (region) REFERENCES reference.region(code)
);

-- Sequences

create sequence appeals.number_block increment 50;
create sequence operations.limit_rule_id_seq increment 1;
create sequence operations.log_batch_no increment 1;
create sequence operations.series_id_seq increment 1;
create sequence reference.limit_rule_id increment 1;

-- Indexes

CREATE INDEX account_unit_idx ON identity.account USING btree (unit_code);
CREATE INDEX advisory_key_idx ON operations.advisory USING btree (key);
CREATE INDEX advisory_package_advisory_idx ON operations.advisory_package USING btree (advisory_id);
CREATE INDEX alert_id_idx ON operations.alert USING btree (id DESC);
CREATE INDEX alert_opened_idx ON operations.alert USING btree (opened_at);
CREATE INDEX alert_rule_idx ON operations.alert USING btree (rule, id DESC);
CREATE INDEX alert_silence_idx ON operations.alert USING btree (hushed_by) WHERE (hushed_by IS NOT NULL);
CREATE INDEX api_key_creator_idx ON identity.api_key USING btree (created_by);
CREATE INDEX appeal_number_idx ON ONLY appeals.appeal USING btree (number);
CREATE INDEX appeal_source_idx ON ONLY appeals.appeal USING btree (source_system, source_number) WHERE (source_system IS NOT NULL);
CREATE INDEX approval_case_idx ON casework.approval USING btree (case_id);
CREATE INDEX approval_lapse_idx ON casework.approval USING btree (lapses_at) WHERE ((state = 'open'::text) AND (lapses_at IS NOT NULL));
CREATE INDEX approval_open_idx ON casework.approval USING btree (id, permission, region) WHERE (state = 'open'::text);
CREATE INDEX asset_relation_lower_idx ON operations.asset_relation USING btree (lower);
CREATE INDEX attachment_appeal_idx ON ONLY appeals.attachment USING btree (appeal_id, id);
CREATE INDEX attachment_file_idx ON ONLY appeals.attachment USING btree (file_key);
CREATE INDEX attachment_thumb_idx ON ONLY appeals.attachment USING btree (thumb_key) WHERE (thumb_key IS NOT NULL);
CREATE INDEX audit_entry_account_idx ON ONLY platform.audit_entry USING btree (account_id, id);
CREATE INDEX audit_entry_action_idx ON ONLY platform.audit_entry USING btree (action, id);
CREATE INDEX audit_entry_feed_idx ON ONLY platform.audit_entry USING btree (xid, id);
CREATE INDEX audit_entry_object_idx ON ONLY platform.audit_entry USING btree (object_id, id);
CREATE INDEX backup_state_idx ON operations.backup USING btree (state, ended_at);
CREATE INDEX catalogue_entry_category_idx ON reference.catalogue_entry USING btree (category);
CREATE INDEX catalogue_entry_region_idx ON reference.catalogue_entry USING btree (region);
CREATE INDEX catalogue_entry_unit_idx ON reference.catalogue_entry USING btree (unit_code) WHERE (unit_code IS NOT NULL);
CREATE INDEX catalogue_objection_answer_idx ON reference.catalogue_objection USING btree (answer_id, answer_version) WHERE (answer_id IS NOT NULL);
CREATE INDEX catalogue_objection_entry_idx ON reference.catalogue_objection USING btree (entry_id, id DESC);
CREATE INDEX category_parent_idx ON reference.category USING btree (parent);
CREATE INDEX clock_open_idx ON ONLY casework.clock USING btree (case_id) WHERE (result IS NULL);
CREATE INDEX clock_provisional_idx ON ONLY casework.clock USING btree (case_id) WHERE ((stopped_at IS NULL) AND provisional);
CREATE INDEX clock_step_idx ON ONLY casework.clock USING btree (next_step_at) WHERE ((stopped_at IS NULL) AND (next_step_at IS NOT NULL));
CREATE INDEX clock_step_late_idx ON ONLY casework.clock_step USING btree (taken_at) WHERE late;
CREATE INDEX component_name_idx ON operations.component USING btree (name, version) WHERE (gone_at IS NULL);
CREATE INDEX component_package_idx ON operations.component USING btree (ecosystem, package) WHERE (gone_at IS NULL);
CREATE INDEX contact_phone_idx ON ONLY appeals.contact USING btree (phone_index, id);
CREATE INDEX draft_saved_idx ON platform.draft USING btree (saved_at);
CREATE INDEX event_case_idx ON ONLY platform.event USING btree (case_id, id);
CREATE INDEX event_feed_idx ON ONLY platform.event USING btree (xid, id);
CREATE INDEX exposure_package_idx ON operations.exposure USING btree (ecosystem, package);
CREATE INDEX exposure_place_idx ON operations.exposure USING btree (asset, purl) WHERE (gone_at IS NULL);
CREATE INDEX exposure_record_idx ON operations.exposure USING btree (record_id);
CREATE INDEX holiday_year_idx ON reference.holiday USING btree (year);
CREATE INDEX idempotency_at_idx ON appeals.idempotency USING btree (at) WHERE (NOT lasting);
CREATE INDEX inspection_deep_idx ON operations.inspection USING btree (id) WHERE (depth > 0);
CREATE INDEX inspection_finding_inspection_idx ON operations.inspection_finding USING btree (inspection_id);
CREATE INDEX inspection_finding_opened_idx ON operations.inspection_finding USING btree (opened_at DESC);
CREATE INDEX inspection_item_code_idx ON operations.inspection_item USING btree (code, inspection_id DESC);
CREATE INDEX inspection_template_idx ON operations.inspection USING btree (template, due_at DESC);
CREATE INDEX inspection_waiting_idx ON operations.inspection USING btree (sign_by) WHERE (state = 'waiting'::text);
CREATE INDEX log_batch_last_idx ON ONLY operations.log_batch USING btree (last_at, no);
CREATE INDEX log_batch_terms_idx ON ONLY operations.log_batch USING gin (terms) WITH (fastupdate=off);
CREATE INDEX log_template_first_idx ON operations.log_template USING btree (first_at);
CREATE INDEX message_due_idx ON operations.message USING btree (next_try_at) WHERE (next_try_at IS NOT NULL);
CREATE INDEX message_id_idx ON operations.message USING btree (id DESC);
CREATE INDEX message_record_idx ON operations.message USING btree (record_id) WHERE (record_id IS NOT NULL);
CREATE INDEX message_repeat_idx ON operations.message USING btree (repeat_of) WHERE (repeat_of IS NOT NULL);
CREATE INDEX norm_region_idx ON reference.norm USING btree (region, id DESC);
CREATE INDEX norm_trial_norm_idx ON reference.norm_trial USING btree (norm_id, id DESC);
CREATE INDEX notice_region_idx ON platform.notice USING btree (region, id DESC);
CREATE INDEX notice_unit_idx ON platform.notice USING btree (unit_code, id DESC) WHERE (unit_code IS NOT NULL);
CREATE INDEX presence_case_idx ON platform.presence USING btree (case_id);
CREATE INDEX presence_stream_idx ON platform.presence USING btree (stream);
CREATE INDEX profile_asked_idx ON operations.profile USING btree (asked_at DESC);
CREATE INDEX record_component_idx ON operations.record USING btree (component, id DESC);
CREATE INDEX record_kind_idx ON operations.record USING btree (kind, id DESC);
CREATE INDEX record_link_to_idx ON operations.record_link USING btree (to_id);
CREATE INDEX record_open_idx ON operations.record USING btree (kind, due_at, id) WHERE (ended_at IS NULL);
CREATE INDEX record_owner_idx ON operations.record USING btree (owner_id) WHERE (ended_at IS NULL);
CREATE INDEX record_reporter_idx ON operations.record USING btree (reporter_id, id DESC);
CREATE INDEX region_parent_idx ON reference.region USING btree (parent);
CREATE INDEX report_list_idx ON operations.report USING btree (kind, from_day DESC, id);
CREATE INDEX report_remark_report_idx ON operations.report_remark USING btree (report_id, id);
CREATE INDEX restore_drill_asked_idx ON operations.restore_drill USING btree (asked_at);
CREATE INDEX restore_drill_backup_idx ON operations.restore_drill USING btree (backup_id);
CREATE INDEX saved_view_office_idx ON orders.saved_view USING btree (office, list) WHERE shared;
CREATE INDEX session_account_idx ON identity.session USING btree (account_id);
CREATE INDEX shift_handed_idx ON operations.shift USING btree (handed_at DESC) WHERE (handed_at IS NOT NULL);
CREATE INDEX shift_time_idx ON operations.shift USING btree (to_at, from_at);
CREATE INDEX stored_file_touched_idx ON appeals.stored_file USING btree (touched_at);
CREATE INDEX supplement_appeal_idx ON ONLY appeals.supplement USING btree (appeal_id, id);
CREATE INDEX task_open_idx ON ONLY orders.task USING btree (unit_code, order_id) WHERE (state = ANY (ARRAY['pending-sign'::text, 'handling'::text]));
CREATE INDEX task_unit_idx ON ONLY orders.task USING btree (unit_code, order_id DESC);
CREATE INDEX unit_parent_idx ON reference.unit USING btree (parent);
CREATE INDEX unit_region_idx ON reference.unit USING btree (region, kind);
CREATE INDEX upload_account_idx ON appeals.upload USING btree (by_account, at);
CREATE INDEX upload_at_idx ON appeals.upload USING btree (at);
CREATE INDEX upload_file_idx ON appeals.upload USING btree (file_key);
CREATE INDEX upload_ip_idx ON appeals.upload USING btree (ip, at);
CREATE INDEX upload_thumb_idx ON appeals.upload USING btree (thumb_key);
CREATE INDEX wal_segment_archived_idx ON operations.wal_segment USING btree (archived_at);
CREATE INDEX wal_segment_second_idx ON operations.wal_segment USING btree (name) WHERE (second_at IS NULL);
CREATE INDEX work_order_dispatch_idx ON ONLY orders.work_order USING btree (due_at, id, region, type, category) INCLUDE (yellow_at) WHERE ((state = 'pending-dispatch'::text) AND (due_at IS NOT NULL));
CREATE INDEX work_order_due_idx ON ONLY orders.work_order USING btree (due_at, id, state, region) INCLUDE (units, yellow_at, type) WHERE (due_at IS NOT NULL);
CREATE INDEX work_order_master_idx ON ONLY orders.work_order USING btree (master_id) WHERE (master_id IS NOT NULL);
CREATE INDEX work_order_number_idx ON ONLY orders.work_order USING btree (number);
CREATE INDEX work_order_open_idx ON ONLY orders.work_order USING btree (state, id DESC, region) INCLUDE (due_at, yellow_at) WHERE (state <> ALL (ARRAY['refused'::text, 'merged'::text, 'closed'::text, 'answered'::text, 'archived'::text, 'cancelled'::text]));
CREATE INDEX work_order_open_units_idx ON ONLY orders.work_order USING gin (units) WITH (gin_pending_list_limit='256') WHERE ((units IS NOT NULL) AND (state <> ALL (ARRAY['refused'::text, 'merged'::text, 'closed'::text, 'answered'::text, 'archived'::text, 'cancelled'::text])));
CREATE INDEX work_order_oversight_idx ON ONLY orders.work_order USING btree (due_at, id, oversight_level, region) WHERE (oversight_level > 0);
CREATE INDEX work_order_pressing_idx ON ONLY orders.work_order USING btree (region, id) WHERE ((closed_at IS NULL) AND ((urgency <= 2) OR (sensitive > 0) OR is_group OR (oversight_level > 0) OR (handed_to IS NOT NULL)));
CREATE INDEX work_order_region_idx ON ONLY orders.work_order USING btree (county, id DESC, state, region);
CREATE INDEX work_order_state_idx ON ONLY orders.work_order USING btree (state, id DESC, region) WHERE (state = ANY (ARRAY['refused'::text, 'merged'::text, 'closed'::text, 'answered'::text, 'archived'::text, 'cancelled'::text]));
CREATE INDEX work_order_suspended_idx ON ONLY orders.work_order USING btree (id) WHERE suspended;
CREATE INDEX work_order_units_idx ON ONLY orders.work_order USING gin (units) WITH (gin_pending_list_limit='256') WHERE (units IS NOT NULL);
CREATE UNIQUE INDEX alert_open_idx ON operations.alert USING btree (fingerprint) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX backup_at_work_key ON operations.backup USING btree ((true)) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));
CREATE UNIQUE INDEX catalogue_entry_waiting_key ON reference.catalogue_entry USING btree (id) WHERE (state = 'proposed'::text);
CREATE UNIQUE INDEX inspection_finding_open_key ON operations.inspection_finding USING btree (code) WHERE (closed_at IS NULL);
CREATE UNIQUE INDEX inspection_scheduled_key ON operations.inspection USING btree (template, due_at) WHERE (asked_name IS NULL);
CREATE UNIQUE INDEX log_search_name_key ON operations.log_search USING btree (account_id, name);
CREATE UNIQUE INDEX log_search_watched_key ON operations.log_search USING btree (name) WHERE watched;
CREATE UNIQUE INDEX profile_busy_key ON operations.profile USING btree (node) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));
CREATE UNIQUE INDEX promise_fault_open_idx ON casework.promise_fault USING btree (case_id, clock, no, step, kind) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX record_once_idx ON operations.record USING btree (once_key) WHERE ((ended_at IS NULL) AND (once_key IS NOT NULL));
CREATE UNIQUE INDEX report_period_key ON operations.report USING btree (kind, period, from_day);
CREATE UNIQUE INDEX restore_drill_at_work_key ON operations.restore_drill USING btree ((true)) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));
CREATE UNIQUE INDEX saved_view_name_key ON orders.saved_view USING btree (account_id, list, name);

-- Row-level security

everything on appeals.appeal (all) to minsheng_province, minsheng_system using true with check true;
filing on appeals.appeal (insert) to minsheng_self with check ((filed_by IS NULL) AND (source_system IS NULL));
own_number on appeals.appeal (select) to minsheng_self using ((number = ( SELECT current_setting('minsheng.number'::text, true) AS current_setting)) AND (query_hash = ( SELECT decode(current_setting('minsheng.query_hash'::text, true), 'hex'::text) AS decode)));
own_region on appeals.appeal (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_source on appeals.appeal (all) to minsheng_peer using (source_system = ( SELECT current_setting('minsheng.source_system'::text, true) AS current_setting)) with check (source_system = ( SELECT current_setting('minsheng.source_system'::text, true) AS current_setting));
own_task on appeals.appeal (select) to minsheng_unit using orders.takes_part(id);
everything on appeals.attachment (all) to minsheng_province, minsheng_system using true with check true;
filing on appeals.attachment (insert) to minsheng_peer, minsheng_self with check ((by_account IS NULL) AND (reply_no IS NULL) AND (NOT identifying));
own_appeal on appeals.attachment (select) to minsheng_peer, minsheng_self using ((EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = attachment.appeal_id))) AND ((reply_no IS NULL) OR (EXISTS ( SELECT
   FROM orders.reply r
  WHERE ((r.order_id = attachment.appeal_id) AND (r.no = attachment.reply_no) AND ((r.checked = 'passed'::text) OR (r.task_no IS NULL)))))));
own_region on appeals.attachment (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_reply on appeals.attachment (insert) to minsheng_unit with check ((reply_no IS NOT NULL) AND (NOT identifying) AND (EXISTS ( SELECT
   FROM orders.task t
  WHERE (t.order_id = attachment.appeal_id))));
own_task on appeals.attachment (select) to minsheng_unit using ((EXISTS ( SELECT
   FROM orders.task t
  WHERE (t.order_id = attachment.appeal_id))) AND ((reply_no IS NOT NULL) OR ((NOT identifying) AND (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE ((a.id = attachment.appeal_id) AND (NOT a.confidential)))))));
everything on appeals.contact (all) to minsheng_province, minsheng_system using true with check true;
filing on appeals.contact (insert) to minsheng_peer, minsheng_self with check true;
own_region on appeals.contact (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
everything on appeals.idempotency (all) to minsheng_system using true;
filing on appeals.idempotency (insert) to minsheng_city, minsheng_peer, minsheng_province, minsheng_self with check true;
own_key on appeals.idempotency (select) to minsheng_city, minsheng_peer, minsheng_province, minsheng_self using (key_hash = ( SELECT decode(current_setting('minsheng.idempotency_key'::text, true), 'hex'::text) AS decode));
own_run on appeals.import_row (all) to minsheng_city, minsheng_province, minsheng_system using (EXISTS ( SELECT
   FROM appeals.import_run r
  WHERE (r.id = import_row.run_id)));
everything on appeals.import_run (all) to minsheng_province, minsheng_system using true with check true;
own_region on appeals.import_run (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
everything on appeals.rating (all) to minsheng_province, minsheng_system using true with check true;
own_rating on appeals.rating (all) to minsheng_self using (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = rating.appeal_id))) with check ((by = 'citizen'::text) AND (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = rating.appeal_id))));
own_region on appeals.rating (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_source on appeals.rating (select) to minsheng_peer using (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = rating.appeal_id)));
own_task on appeals.rating (select) to minsheng_unit using (EXISTS ( SELECT
   FROM orders.task t
  WHERE (t.order_id = rating.appeal_id)));
everything on appeals.stored_file (all) to minsheng_system using true with check true;
everything on appeals.supplement (all) to minsheng_province, minsheng_system using true with check true;
own_appeal on appeals.supplement (all) to minsheng_self using (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = supplement.appeal_id))) with check ((by_account IS NULL) AND (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = supplement.appeal_id))));
own_region on appeals.supplement (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_source on appeals.supplement (select) to minsheng_peer using (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = supplement.appeal_id)));
own_task on appeals.supplement (select) to minsheng_unit using (EXISTS ( SELECT
   FROM orders.task t
  WHERE (t.order_id = supplement.appeal_id)));
everything on appeals.upload (all) to minsheng_system using true with check true;
everything on casework.approval (all) to minsheng_province, minsheng_system using true with check true;
own_region on casework.approval (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_task on casework.approval (all) to minsheng_unit using ((action <> ALL (ARRAY['reveal-contact'::text, 'purge'::text])) AND (EXISTS ( SELECT
   FROM orders.task t
  WHERE (t.order_id = approval.case_id))));
everything on casework.clock (all) to minsheng_province, minsheng_system using true with check true;
own_appeal on casework.clock (all) to minsheng_self using (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = clock.case_id)));
own_region on casework.clock (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_source on casework.clock (select) to minsheng_peer using (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = clock.case_id)));
own_task on casework.clock (all) to minsheng_unit using (EXISTS ( SELECT
   FROM orders.task t
  WHERE (t.order_id = clock.case_id)));
records on casework.clock (all) to minsheng_operations using operations.is_record(case_kind) with check operations.is_record(case_kind);
everything on casework.clock_step (all) to minsheng_province, minsheng_system using true with check true;
own_region on casework.clock_step (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
records on casework.clock_step (all) to minsheng_operations using operations.is_record(case_kind) with check operations.is_record(case_kind);
watching on casework.clock_step (select) to minsheng_operations using true;
everything on casework.promise_audit (all) to minsheng_operations, minsheng_system using true with check true;
everything on casework.promise_fault (all) to minsheng_province, minsheng_system using true with check true;
own_region on casework.promise_fault (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
watching on casework.promise_fault (select) to minsheng_operations using true;
everything on operations.advisory (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.advisory_import (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.advisory_package (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.alert (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.alert_route (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.alert_rule (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.alert_told (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.asset (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.asset_relation (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.backup (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.component (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.day_span (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.exposure (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations."freeze" (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.hour_span (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.inspection (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.inspection_check (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.inspection_finding (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.inspection_item (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.inspection_sample (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.inspection_template (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.inventory (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.judged (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.limit_rule (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.log_batch (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.log_count (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.log_line (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.log_place (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.log_search (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.log_source (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.log_template (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.message (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.packed (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.probe (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.probe_result (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.probe_turn (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.profile (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.raw_span (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.reach (all) to minsheng_operations, minsheng_system using true with check true;
everything on operations.reading (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.record (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.record_counter (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.record_link (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.report (all) to minsheng_system using true with check true;
of_the_centre on operations.report (select) to minsheng_operations using (kind <> 'monthly-business'::text);
of_the_month on operations.report (select) to minsheng_province using (kind = ANY (ARRAY['monthly'::text, 'monthly-business'::text]));
everything on operations.report_remark (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.responsibility (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.restore_drill (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.series (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.shift (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.silence (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.statement_reset (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on operations.wal_segment (all) to minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on orders.daily_count (all) to minsheng_province, minsheng_system using true with check true;
own_region on orders.daily_count (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
everything on orders.follow_up (all) to minsheng_province, minsheng_system using true with check true;
own_region on orders.follow_up (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
everything on orders.oversight (all) to minsheng_province, minsheng_system using true with check true;
own_region on orders.oversight (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_task on orders.oversight (all) to minsheng_unit using (EXISTS ( SELECT
   FROM orders.task t
  WHERE (t.order_id = oversight.order_id)));
everything on orders.purge_receipt (all) to minsheng_province, minsheng_system using true with check true;
own_region on orders.purge_receipt (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
everything on orders.refusal (all) to minsheng_province, minsheng_system using true with check true;
own_appeal on orders.refusal (select) to minsheng_peer, minsheng_self using (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = refusal.order_id)));
own_region on orders.refusal (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
everything on orders.reply (all) to minsheng_province, minsheng_system using true with check true;
own_appeal on orders.reply (select) to minsheng_peer, minsheng_self using (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = reply.order_id)));
own_region on orders.reply (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_task on orders.reply (all) to minsheng_unit using (EXISTS ( SELECT
   FROM orders.task t
  WHERE (t.order_id = reply.order_id)));
everything on orders.return_request (all) to minsheng_province, minsheng_system using true with check true;
own_region on orders.return_request (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_task on orders.return_request (all) to minsheng_unit using (EXISTS ( SELECT
   FROM orders.task t
  WHERE (t.order_id = return_request.order_id)));
own on orders.saved_view (all) to minsheng_city, minsheng_province, minsheng_unit using (account_id = ( SELECT (NULLIF(current_setting('minsheng.account'::text, true), ''::text))::uuid AS "nullif")) with check ((account_id = ( SELECT (NULLIF(current_setting('minsheng.account'::text, true), ''::text))::uuid AS "nullif")) AND (office = ( SELECT orders.own_office() AS own_office)));
shared_with_office on orders.saved_view (select) to minsheng_city, minsheng_province, minsheng_unit using (shared AND (office = ( SELECT orders.own_office() AS own_office)));
everything on orders.task (all) to minsheng_province, minsheng_system using true with check true;
own_appeal on orders.task (select) to minsheng_peer, minsheng_self using (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = task.order_id)));
own_region on orders.task (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_unit on orders.task (select) to minsheng_unit using (((unit_code >= current_setting('minsheng.unit_lo'::text, true)) AND (unit_code < current_setting('minsheng.unit_hi'::text, true))) OR orders.takes_part(order_id));
own_unit_changes on orders.task (update) to minsheng_unit using (((unit_code >= current_setting('minsheng.unit_lo'::text, true)) AND (unit_code < current_setting('minsheng.unit_hi'::text, true))) OR ((role <> 'main'::text) AND orders.takes_part(order_id)));
own_unit_passes_on on orders.task (insert) to minsheng_unit with check ((role = 'lower'::text) AND (unit_code >= current_setting('minsheng.unit_lo'::text, true)) AND (unit_code < current_setting('minsheng.unit_hi'::text, true)));
everything on orders.work_order (all) to minsheng_province, minsheng_system using true with check true;
filing on orders.work_order (insert) to minsheng_peer, minsheng_self with check (state = 'filed'::text);
own_appeal on orders.work_order (select) to minsheng_peer, minsheng_self using (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = work_order.id)));
own_appeal_rating on orders.work_order (update) to minsheng_self using (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = work_order.id)));
own_region on orders.work_order (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_task on orders.work_order (all) to minsheng_unit using (units @> ARRAY[current_setting('minsheng.unit_lo'::text, true)]);
forgetting on platform.draft (all) to minsheng_system using true;
own_words on platform.draft (all) to minsheng_city, minsheng_operations, minsheng_province, minsheng_unit using (account_id = ( SELECT (NULLIF(current_setting('minsheng.account'::text, true), ''::text))::uuid AS "nullif")) with check (account_id = ( SELECT (NULLIF(current_setting('minsheng.account'::text, true), ''::text))::uuid AS "nullif"));
everything on platform.event (all) to minsheng_province, minsheng_system using true with check true;
filing on platform.event (insert) to minsheng_peer, minsheng_self with check (actor_id IS NULL);
own_appeal on platform.event (select) to minsheng_self using (public AND (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = event.case_id))));
own_region on platform.event (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_source on platform.event (select) to minsheng_peer using ((name !~~ 'orders.%reveal-contact'::text) AND (EXISTS ( SELECT
   FROM appeals.appeal a
  WHERE (a.id = event.case_id))));
own_task on platform.event (all) to minsheng_unit using ((name !~~ 'orders.%reveal-contact'::text) AND (EXISTS ( SELECT
   FROM orders.task t
  WHERE (t.order_id = event.case_id))));
records on platform.event (all) to minsheng_operations using operations.is_record(case_kind) with check operations.is_record(case_kind);
everything on platform.node_load (all) to minsheng_city, minsheng_operations, minsheng_province, minsheng_system using true with check true;
everything on platform.notice (all) to minsheng_province, minsheng_system using true with check true;
nationwide on platform.notice (select) to minsheng_city, minsheng_operations, minsheng_unit using (region = ''::text);
own_region on platform.notice (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_unit on platform.notice (select) to minsheng_unit using ((unit_code >= current_setting('minsheng.unit_lo'::text, true)) AND (unit_code < current_setting('minsheng.unit_hi'::text, true)));
everything on platform.presence (all) to minsheng_province, minsheng_system using true with check true;
own_region on platform.presence (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_task on platform.presence (all) to minsheng_unit using (EXISTS ( SELECT
   FROM orders.task t
  WHERE (t.order_id = presence.case_id)));
everything on platform.response_figure (all) to minsheng_province, minsheng_system using true with check true;
everything_measured on platform.response_figure (select) to minsheng_operations using true;
own_region on platform.response_figure (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
everything on reference.catalogue_entry (all) to minsheng_province, minsheng_system using true with check true;
own_region on reference.catalogue_entry (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
published on reference.catalogue_entry (select) to minsheng_city, minsheng_operations, minsheng_peer, minsheng_unit using (state = 'approved'::text);
everything on reference.catalogue_objection (all) to minsheng_province, minsheng_system using true with check true;
own_region on reference.catalogue_objection (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
own_unit on reference.catalogue_objection (insert) to minsheng_unit with check ((unit_code >= current_setting('minsheng.unit_lo'::text, true)) AND (unit_code < current_setting('minsheng.unit_hi'::text, true)));
everything on reference.limit_rule (all) to minsheng_province, minsheng_system using true with check true;
own_region on reference.limit_rule (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
published on reference.limit_rule (select) to minsheng_city, minsheng_operations, minsheng_peer, minsheng_self, minsheng_unit using true;
everything on reference.norm (all) to minsheng_province, minsheng_system using true with check true;
own_region on reference.norm (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
published on reference.norm (select) to minsheng_city, minsheng_operations, minsheng_peer, minsheng_unit using (state = 'approved'::text);
everything on reference.norm_trial (all) to minsheng_province, minsheng_system using true with check true;
own_region on reference.norm_trial (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));
everything on reference.norm_trial_order (all) to minsheng_province, minsheng_system using true with check true;
own_region on reference.norm_trial_order (all) to minsheng_city using ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true))) with check ((region >= current_setting('minsheng.region_lo'::text, true)) AND (region < current_setting('minsheng.region_hi'::text, true)));

-- Tables without row-level security

identity.account
identity.api_key
identity.login_failure
identity.session
platform.audit_entry
platform.audit_seal
platform.partitioned
platform.setting
platform.span_partitioned
platform.subscriber
reference.calendar_year
reference.category
reference.code_item
reference.holiday
reference.region
reference.unit

-- Rights

appeals.appeal to minsheng_city: insert, select
appeals.appeal to minsheng_peer: insert, select
appeals.appeal to minsheng_province: insert, select
appeals.appeal to minsheng_self: insert, select
appeals.appeal to minsheng_system: insert, select
appeals.appeal to minsheng_unit: select
appeals.attachment to minsheng_city: insert, select
appeals.attachment to minsheng_peer: insert
appeals.attachment to minsheng_province: insert, select
appeals.attachment to minsheng_self: insert
appeals.attachment to minsheng_system: insert, select
appeals.attachment to minsheng_unit: insert
appeals.contact to minsheng_city: insert, select
appeals.contact to minsheng_peer: insert
appeals.contact to minsheng_province: insert, select
appeals.contact to minsheng_self: insert
appeals.contact to minsheng_system: insert, select
appeals.idempotency to minsheng_city: insert, select
appeals.idempotency to minsheng_peer: insert, select
appeals.idempotency to minsheng_province: insert, select
appeals.idempotency to minsheng_self: insert, select
appeals.idempotency to minsheng_system: delete, insert, select
appeals.import_row to minsheng_city: select
appeals.import_row to minsheng_province: select
appeals.import_row to minsheng_system: insert, select
appeals.import_run to minsheng_city: select
appeals.import_run to minsheng_province: select
appeals.import_run to minsheng_system: insert, select, update
appeals.rating to minsheng_city: insert, select
appeals.rating to minsheng_peer: select
appeals.rating to minsheng_province: insert, select
appeals.rating to minsheng_self: insert, select
appeals.rating to minsheng_system: insert, select
appeals.rating to minsheng_unit: select
appeals.stored_file to minsheng_system: delete, insert, select, update
appeals.supplement to minsheng_city: insert, select
appeals.supplement to minsheng_peer: select
appeals.supplement to minsheng_province: insert, select
appeals.supplement to minsheng_self: insert, select
appeals.supplement to minsheng_system: insert, select
appeals.supplement to minsheng_unit: select
appeals.upload to minsheng_system: delete, insert, select
casework.approval to minsheng_city: insert, select, update
casework.approval to minsheng_operations: select
casework.approval to minsheng_peer: select
casework.approval to minsheng_province: insert, select, update
casework.approval to minsheng_system: insert, select, update
casework.approval to minsheng_unit: insert, select, update
casework.clock to minsheng_city: insert, select, update
casework.clock to minsheng_operations: insert, select, update
casework.clock to minsheng_peer: select
casework.clock to minsheng_province: insert, select, update
casework.clock to minsheng_self: insert, select, update
casework.clock to minsheng_system: insert, select, update
casework.clock to minsheng_unit: insert, select, update
casework.clock_step to minsheng_city: select
casework.clock_step to minsheng_operations: insert, select
casework.clock_step to minsheng_province: select
casework.clock_step to minsheng_system: insert, select
casework.promise_audit to minsheng_operations: select
casework.promise_audit to minsheng_system: delete, insert, select
casework.promise_fault to minsheng_city: select
casework.promise_fault to minsheng_operations: select
casework.promise_fault to minsheng_province: select
casework.promise_fault to minsheng_system: delete, insert, select, update
identity.account to minsheng_gate: insert, select, update
identity.account to minsheng_system: select
identity.api_key to minsheng_gate: insert, select, update
identity.login_failure to minsheng_gate: delete, insert, select, update
identity.session to minsheng_gate: delete, insert, select, update
operations."freeze" to minsheng_operations: delete, insert, select
operations."freeze" to minsheng_province: select
operations."freeze" to minsheng_system: delete, insert, select, update
operations.advisory to minsheng_operations: insert, select, update
operations.advisory to minsheng_province: select
operations.advisory to minsheng_system: delete, insert, select, update
operations.advisory_import to minsheng_operations: insert, select
operations.advisory_import to minsheng_province: select
operations.advisory_import to minsheng_system: delete, insert, select, update
operations.advisory_package to minsheng_operations: delete, insert, select
operations.advisory_package to minsheng_province: select
operations.advisory_package to minsheng_system: delete, insert, select, update
operations.alert to minsheng_operations: select, update
operations.alert to minsheng_province: select
operations.alert to minsheng_system: delete, insert, select, update
operations.alert_route to minsheng_operations: delete, insert, select, update
operations.alert_route to minsheng_province: select
operations.alert_route to minsheng_system: delete, insert, select, update
operations.alert_rule to minsheng_operations: insert, select, update
operations.alert_rule to minsheng_province: select
operations.alert_rule to minsheng_system: delete, insert, select, update
operations.alert_told to minsheng_operations: select
operations.alert_told to minsheng_province: select
operations.alert_told to minsheng_system: delete, insert, select, update
operations.asset to minsheng_operations: insert, select, update
operations.asset to minsheng_province: select
operations.asset to minsheng_system: delete, insert, select, update
operations.asset_relation to minsheng_operations: delete, insert, select, update
operations.asset_relation to minsheng_province: select
operations.asset_relation to minsheng_system: delete, insert, select, update
operations.backup to minsheng_operations: select
operations.backup to minsheng_province: select
operations.backup to minsheng_system: delete, insert, select, update
operations.component to minsheng_operations: insert, select, update
operations.component to minsheng_province: select
operations.component to minsheng_system: delete, insert, select, update
operations.day_span to minsheng_operations: select
operations.day_span to minsheng_province: select
operations.day_span to minsheng_system: delete, insert, select, update
operations.exposure to minsheng_operations: insert, select, update
operations.exposure to minsheng_province: select
operations.exposure to minsheng_system: delete, insert, select, update
operations.hour_span to minsheng_operations: select
operations.hour_span to minsheng_province: select
operations.hour_span to minsheng_system: delete, insert, select, update
operations.inspection to minsheng_operations: select
operations.inspection to minsheng_province: select
operations.inspection to minsheng_system: delete, insert, select, update
operations.inspection_check to minsheng_operations: select
operations.inspection_check to minsheng_province: select
operations.inspection_check to minsheng_system: delete, insert, select, update
operations.inspection_finding to minsheng_operations: select
operations.inspection_finding to minsheng_province: select
operations.inspection_finding to minsheng_system: delete, insert, select, update
operations.inspection_item to minsheng_operations: select
operations.inspection_item to minsheng_province: select
operations.inspection_item to minsheng_system: delete, insert, select, update
operations.inspection_sample to minsheng_operations: select
operations.inspection_sample to minsheng_province: select
operations.inspection_sample to minsheng_system: delete, insert, select, update
operations.inspection_template to minsheng_operations: select
operations.inspection_template to minsheng_province: select
operations.inspection_template to minsheng_system: delete, insert, select, update
operations.inventory to minsheng_operations: insert, select, update
operations.inventory to minsheng_province: select
operations.inventory to minsheng_system: delete, insert, select, update
operations.judged to minsheng_operations: select
operations.judged to minsheng_province: select
operations.judged to minsheng_system: delete, insert, select, update
operations.limit_rule to minsheng_operations: select
operations.limit_rule to minsheng_province: select
operations.limit_rule to minsheng_system: delete, insert, select, update
operations.log_batch to minsheng_operations: select
operations.log_batch to minsheng_province: select
operations.log_batch to minsheng_system: delete, insert, select, update
operations.log_count to minsheng_operations: select
operations.log_count to minsheng_province: select
operations.log_count to minsheng_system: delete, insert, select, update
operations.log_line to minsheng_operations: select
operations.log_line to minsheng_province: select
operations.log_line to minsheng_system: delete, insert, select, update
operations.log_place to minsheng_operations: select
operations.log_place to minsheng_province: select
operations.log_place to minsheng_system: delete, insert, select, update
operations.log_search to minsheng_operations: delete, insert, select, update
operations.log_search to minsheng_province: select
operations.log_search to minsheng_system: delete, insert, select, update
operations.log_source to minsheng_operations: select
operations.log_source to minsheng_province: select
operations.log_source to minsheng_system: delete, insert, select, update
operations.log_template to minsheng_operations: select
operations.log_template to minsheng_province: select
operations.log_template to minsheng_system: delete, insert, select, update
operations.message to minsheng_operations: select
operations.message to minsheng_province: select
operations.message to minsheng_system: delete, insert, select, update
operations.packed to minsheng_operations: select
operations.packed to minsheng_province: select
operations.packed to minsheng_system: delete, insert, select, update
operations.probe to minsheng_operations: insert, select, update
operations.probe to minsheng_province: select
operations.probe to minsheng_system: delete, insert, select, update
operations.probe_result to minsheng_operations: select
operations.probe_result to minsheng_province: select
operations.probe_result to minsheng_system: delete, insert, select, update
operations.probe_turn to minsheng_operations: select
operations.probe_turn to minsheng_province: select
operations.probe_turn to minsheng_system: delete, insert, select, update
operations.profile to minsheng_operations: select
operations.profile to minsheng_province: select
operations.profile to minsheng_system: delete, insert, select, update
operations.raw_span to minsheng_operations: select
operations.raw_span to minsheng_province: select
operations.raw_span to minsheng_system: delete, insert, select, update
operations.reach to minsheng_operations: insert, select, update
operations.reach to minsheng_system: delete, insert, select, update
operations.reading to minsheng_operations: select
operations.reading to minsheng_province: select
operations.reading to minsheng_system: delete, insert, select, update
operations.record to minsheng_operations: insert, select, update
operations.record to minsheng_province: select
operations.record to minsheng_system: delete, insert, select, update
operations.record_counter to minsheng_operations: insert, select, update
operations.record_counter to minsheng_province: select
operations.record_counter to minsheng_system: delete, insert, select, update
operations.record_link to minsheng_operations: insert, select
operations.record_link to minsheng_province: select
operations.record_link to minsheng_system: delete, insert, select, update
operations.report to minsheng_operations: select
operations.report to minsheng_province: select
operations.report to minsheng_system: delete, insert, select, update
operations.report_remark to minsheng_operations: insert, select
operations.report_remark to minsheng_province: select
operations.report_remark to minsheng_system: delete, insert, select, update
operations.responsibility to minsheng_operations: delete, insert, select, update
operations.responsibility to minsheng_province: select
operations.responsibility to minsheng_system: delete, insert, select, update
operations.restore_drill to minsheng_operations: select
operations.restore_drill to minsheng_province: select
operations.restore_drill to minsheng_system: delete, insert, select, update
operations.series to minsheng_operations: select
operations.series to minsheng_province: select
operations.series to minsheng_system: delete, insert, select, update
operations.shift to minsheng_operations: delete, insert, select, update
operations.shift to minsheng_province: select
operations.shift to minsheng_system: delete, insert, select, update
operations.silence to minsheng_operations: insert, select, update
operations.silence to minsheng_province: select
operations.silence to minsheng_system: delete, insert, select, update
operations.statement_reset to minsheng_operations: select
operations.statement_reset to minsheng_province: select
operations.statement_reset to minsheng_system: delete, insert, select, update
operations.wal_segment to minsheng_operations: select
operations.wal_segment to minsheng_province: select
operations.wal_segment to minsheng_system: delete, insert, select, update
orders.daily_count to minsheng_city: select
orders.daily_count to minsheng_province: select
orders.daily_count to minsheng_system: insert, select, update
orders.follow_up to minsheng_city: insert, select
orders.follow_up to minsheng_province: insert, select
orders.follow_up to minsheng_system: insert, select
orders.oversight to minsheng_city: insert, select, update
orders.oversight to minsheng_peer: select
orders.oversight to minsheng_province: insert, select, update
orders.oversight to minsheng_system: insert, select, update
orders.oversight to minsheng_unit: select, update
orders.purge_receipt to minsheng_city: insert, select
orders.purge_receipt to minsheng_province: insert, select
orders.purge_receipt to minsheng_system: insert, select
orders.refusal to minsheng_city: insert, select
orders.refusal to minsheng_peer: select
orders.refusal to minsheng_province: insert, select
orders.refusal to minsheng_self: select
orders.refusal to minsheng_system: insert, select
orders.reply to minsheng_city: insert, select, update
orders.reply to minsheng_peer: select
orders.reply to minsheng_province: insert, select, update
orders.reply to minsheng_self: select
orders.reply to minsheng_system: insert, select, update
orders.reply to minsheng_unit: insert, select
orders.return_request to minsheng_city: insert, select, update
orders.return_request to minsheng_peer: select
orders.return_request to minsheng_province: insert, select, update
orders.return_request to minsheng_system: insert, select, update
orders.return_request to minsheng_unit: insert, select
orders.saved_view to minsheng_city: delete, insert, select, update
orders.saved_view to minsheng_province: delete, insert, select, update
orders.saved_view to minsheng_unit: delete, insert, select, update
orders.task to minsheng_city: insert, select, update
orders.task to minsheng_peer: select
orders.task to minsheng_province: insert, select, update
orders.task to minsheng_self: select
orders.task to minsheng_system: insert, select, update
orders.task to minsheng_unit: insert, select, update
orders.work_order to minsheng_city: insert, select, update
orders.work_order to minsheng_peer: insert, select
orders.work_order to minsheng_province: insert, select, update
orders.work_order to minsheng_self: insert, select, update
orders.work_order to minsheng_system: insert, select, update
orders.work_order to minsheng_unit: select, update
platform.audit_entry to minsheng_city: insert
platform.audit_entry to minsheng_gate: insert
platform.audit_entry to minsheng_operations: insert, select
platform.audit_entry to minsheng_peer: insert
platform.audit_entry to minsheng_province: insert
platform.audit_entry to minsheng_self: insert
platform.audit_entry to minsheng_system: insert, select
platform.audit_entry to minsheng_unit: insert
platform.audit_seal to minsheng_operations: select
platform.audit_seal to minsheng_system: insert, select
platform.draft to minsheng_city: delete, insert, select, update
platform.draft to minsheng_operations: delete, insert, select, update
platform.draft to minsheng_province: delete, insert, select, update
platform.draft to minsheng_system: delete
platform.draft to minsheng_unit: delete, insert, select, update
platform.event to minsheng_city: insert, select
platform.event to minsheng_operations: insert, select
platform.event to minsheng_peer: insert, select
platform.event to minsheng_province: insert, select
platform.event to minsheng_self: insert, select
platform.event to minsheng_system: insert, select
platform.event to minsheng_unit: insert, select
platform.node_load to minsheng_city: select
platform.node_load to minsheng_operations: select
platform.node_load to minsheng_province: select
platform.node_load to minsheng_system: delete, insert, select, update
platform.notice to minsheng_city: select
platform.notice to minsheng_operations: select
platform.notice to minsheng_province: insert, select
platform.notice to minsheng_system: insert, select
platform.notice to minsheng_unit: select
platform.partitioned to minsheng_system: select
platform.presence to minsheng_city: delete, insert, select, update
platform.presence to minsheng_province: delete, insert, select, update
platform.presence to minsheng_system: delete, insert, select, update
platform.presence to minsheng_unit: delete, insert, select, update
platform.response_figure to minsheng_city: select
platform.response_figure to minsheng_operations: select
platform.response_figure to minsheng_province: select
platform.response_figure to minsheng_system: insert, select, update
platform.setting to minsheng_system: insert, select, update
platform.span_partitioned to minsheng_system: select
platform.subscriber to minsheng_operations: select
platform.subscriber to minsheng_system: insert, select, update
reference.calendar_year to minsheng_city: select
reference.calendar_year to minsheng_operations: select
reference.calendar_year to minsheng_peer: select
reference.calendar_year to minsheng_province: insert, select
reference.calendar_year to minsheng_self: select
reference.calendar_year to minsheng_system: insert, select, update
reference.calendar_year to minsheng_unit: select
reference.catalogue_entry to minsheng_city: insert, select, update
reference.catalogue_entry to minsheng_operations: select
reference.catalogue_entry to minsheng_peer: select
reference.catalogue_entry to minsheng_province: insert, select, update
reference.catalogue_entry to minsheng_system: insert, select, update
reference.catalogue_entry to minsheng_unit: select
reference.catalogue_objection to minsheng_city: insert, select, update
reference.catalogue_objection to minsheng_province: insert, select, update
reference.catalogue_objection to minsheng_system: insert, select, update
reference.catalogue_objection to minsheng_unit: insert
reference.category to minsheng_city: select
reference.category to minsheng_operations: select
reference.category to minsheng_peer: select
reference.category to minsheng_province: select
reference.category to minsheng_self: select
reference.category to minsheng_system: insert, select, update
reference.category to minsheng_unit: select
reference.code_item to minsheng_city: select
reference.code_item to minsheng_operations: select
reference.code_item to minsheng_peer: select
reference.code_item to minsheng_province: select
reference.code_item to minsheng_self: select
reference.code_item to minsheng_system: insert, select, update
reference.code_item to minsheng_unit: select
reference.holiday to minsheng_city: select
reference.holiday to minsheng_operations: select
reference.holiday to minsheng_peer: select
reference.holiday to minsheng_province: insert, select
reference.holiday to minsheng_self: select
reference.holiday to minsheng_system: insert, select, update
reference.holiday to minsheng_unit: select
reference.limit_rule to minsheng_city: insert, select
reference.limit_rule to minsheng_operations: select
reference.limit_rule to minsheng_peer: select
reference.limit_rule to minsheng_province: insert, select
reference.limit_rule to minsheng_self: select
reference.limit_rule to minsheng_system: insert, select, update
reference.limit_rule to minsheng_unit: select
reference.norm to minsheng_city: insert, select, update
reference.norm to minsheng_operations: select
reference.norm to minsheng_peer: select
reference.norm to minsheng_province: insert, select, update
reference.norm to minsheng_system: insert, select, update
reference.norm to minsheng_unit: select
reference.norm_trial to minsheng_city: insert, select
reference.norm_trial to minsheng_province: insert, select
reference.norm_trial to minsheng_system: insert, select, update
reference.norm_trial_order to minsheng_city: select
reference.norm_trial_order to minsheng_province: select
reference.norm_trial_order to minsheng_system: insert, select
reference.region to minsheng_city: select
reference.region to minsheng_operations: select
reference.region to minsheng_peer: select
reference.region to minsheng_province: select
reference.region to minsheng_self: select
reference.region to minsheng_system: insert, select, update
reference.region to minsheng_unit: select
reference.unit to minsheng_city: select
reference.unit to minsheng_gate: select
reference.unit to minsheng_operations: select
reference.unit to minsheng_peer: select
reference.unit to minsheng_province: select
reference.unit to minsheng_self: select
reference.unit to minsheng_system: insert, select, update
reference.unit to minsheng_unit: select

-- Rights on single columns

appeals.attachment to minsheng_city: update (identifying)
appeals.attachment to minsheng_peer: select (id, appeal_id, region, reply_no, supplement_id, name, kind, type, bytes, sm3, file_key, thumb_key, width, height, scanned, identifying, by_account, by_name, at)
appeals.attachment to minsheng_province: update (identifying)
appeals.attachment to minsheng_self: select (id, appeal_id, region, reply_no, supplement_id, name, kind, type, bytes, sm3, file_key, thumb_key, width, height, scanned, identifying, by_account, by_name, at)
appeals.attachment to minsheng_unit: select (id, appeal_id, region, reply_no, supplement_id, name, kind, type, bytes, sm3, file_key, thumb_key, width, height, scanned, identifying, by_account, by_name, at)
identity.account to minsheng_operations: select (id, name, roles, status)
platform.draft to minsheng_system: select (saved_at)

-- Functions

CREATE OR REPLACE FUNCTION orders.beginnings(code text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (SELECT array_agg("left"(beginnings.code, n.n)) AS array_agg FROM generate_series(2, length(beginnings.code)) n(n))
;

CREATE OR REPLACE FUNCTION orders.data_without_words(data jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
RETURN (SELECT COALESCE(jsonb_object_agg(jsonb_each.key, jsonb_each.value), '{}'::jsonb) AS "coalesce" FROM jsonb_each(data_without_words.data) jsonb_each(key, value) WHERE ((jsonb_typeof(jsonb_each.value) = ANY (ARRAY['number'::text, 'boolean'::text])) OR (jsonb_each.key = ANY (ARRAY['approval'::text, 'assists'::text, 'units'::text, 'unit'::text, 'number'::text, 'numbers'::text, 'mode'::text, 'cause'::text, 'fault'::text, 'resultType'::text, 'result'::text, 'solved'::text, 'handedTo'::text, 'suggestedUnit'::text, 'contactedAt'::text, 'askedBy'::text, 'clock'::text, 'step'::text, 'dueAt'::text]))))
;

CREATE OR REPLACE FUNCTION operations.end_session(session_pid integer, started timestamp with time zone, whole boolean)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  session record;
  kept text;
begin
  select datname, backend_type, application_name, backend_start into session from pg_stat_activity where pid = session_pid;
  if not found then
    return 'gone';
  end if;
  kept := operations.session_kept(session.datname, session.backend_type, session.application_name, session_pid);
  if kept is not null then
    return kept;
  end if;
  if session.backend_start is null then
    raise exception 'the owner does not see this session' using errcode = 'insufficient_privilege';
  end if;
  if date_trunc('milliseconds', session.backend_start) <> date_trunc('milliseconds', started) then
    return 'gone';
  end if;
  if whole then
    return case when pg_terminate_backend(session_pid) then 'ended' else 'gone' end;
  end if;
  return case when pg_cancel_backend(session_pid) then 'ended' else 'gone' end;
end $function$
;

CREATE OR REPLACE FUNCTION platform.ensure_partitions(from_instant timestamp with time zone, to_instant timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'platform'
AS $function$
declare
  entry platform.partitioned;
  lower_bound timestamptz;
  upper_bound timestamptz;
  part text;
  made integer := 0;
begin
  if to_instant < from_instant or from_instant < '1990-01-01' or to_instant > now() + interval '3 years' then
    raise exception 'platform.ensure_partitions: span % to % is out of bounds', from_instant, to_instant;
  end if;
  perform pg_advisory_xact_lock(hashtext('platform.ensure_partitions'));
  for entry in select * from platform.partitioned order by table_name loop
    lower_bound := date_trunc(case when from_instant < entry.months_from then 'year' else 'month' end, from_instant, 'Asia/Shanghai');
    while lower_bound <= to_instant loop
      if lower_bound < entry.months_from then
        upper_bound := least(date_trunc('year', lower_bound + interval '370 days', 'Asia/Shanghai'), entry.months_from);
        part := split_part(entry.table_name, '.', 2) || to_char(lower_bound at time zone 'Asia/Shanghai', '"_y"YYYY');
      else
        upper_bound := date_trunc('month', lower_bound + interval '32 days', 'Asia/Shanghai');
        part := split_part(entry.table_name, '.', 2) || to_char(lower_bound at time zone 'Asia/Shanghai', '"_m"YYYYMM');
      end if;
      if to_regclass(format('%I.%I', split_part(entry.table_name, '.', 1), part)) is null then
        execute format('create table %I.%I partition of %s for values from (%L) to (%L)',
          split_part(entry.table_name, '.', 1), part, entry.table_name,
          platform.uuid_at(lower_bound), platform.uuid_at(upper_bound));
        made := made + 1;
      end if;
      lower_bound := upper_bound;
    end loop;
  end loop;
  return made;
end $function$
;

CREATE OR REPLACE FUNCTION operations.entry_widths()
 RETURNS TABLE(relation oid, width double precision, with_nulls boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  select i.indexrelid, sum((1 - coalesce(s.null_frac, 0)) * s.avg_width), bool_or(coalesce(s.null_frac, 0) > 0)
  from pg_index i
  join pg_class x on x.oid = i.indexrelid and x.relkind = 'i'
  join pg_am m on m.oid = x.relam and m.amname = 'btree'
  join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = t.relnamespace and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
  join pg_stats s on s.schemaname = n.nspname and s.tablename = t.relname and s.attname = a.attname and not s.inherited
  where i.indexprs is null
  group by 1
  having count(*) = (select i2.indnatts from pg_index i2 where i2.indexrelid = i.indexrelid)
$function$
;

CREATE OR REPLACE FUNCTION operations.hba_rules()
 RETURNS TABLE(line integer, type text, database text[], user_name text[], address text, netmask text, method text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  select line_number, type, database, user_name, address, netmask, auth_method from pg_hba_file_rules where error is null
$function$
;

CREATE OR REPLACE FUNCTION operations.is_record(kind text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN (kind = ANY (ARRAY['fault'::text, 'problem'::text, 'change'::text, 'vulnerability'::text]))
;

CREATE OR REPLACE FUNCTION orders.note_unit()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'orders'
AS $function$
begin
  update orders.work_order set units = (select array_agg(distinct part) from unnest(units || orders.beginnings(new.unit_code)) part)
   where id = new.order_id and (units @> array[new.unit_code]) is not true;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION operations.number_ends()
 RETURNS TABLE(what text, reached numeric, ends_at numeric)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  entry record;
  top numeric;
begin
  for entry in
    select format('%I.%I', s.schemaname, s.sequencename) as name, s.last_value, s.max_value,
      n.nspname || '.' || c.relname || '.' || a.attname as column_name,
      case a.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 end as column_max
    from pg_sequences s
    left join pg_depend d on d.objid = format('%I.%I', s.schemaname, s.sequencename)::regclass and d.classid = 'pg_class'::regclass
      and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') and d.refobjsubid > 0
    left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    left join pg_class c on c.oid = d.refobjid
    left join pg_namespace n on n.oid = c.relnamespace
    where s.last_value is not null and not s.cycle and s.increment_by > 0
  loop
    what := entry.name || coalesce(' → ' || entry.column_name, '');
    reached := entry.last_value;
    ends_at := least(entry.max_value, coalesce(entry.column_max, entry.max_value));
    return next;
  end loop;
  -- Keys that the application numbers itself; a year is a key and numbers nothing: the greatest is at the end of the key's index.
  for entry in
    select i.indrelid::regclass as table_name, a.attname,
      case a.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 else 9223372036854775807 end as column_max
    from pg_index i
    join pg_class c on c.oid = i.indrelid and c.relkind = 'r'
    join pg_namespace n on n.oid = c.relnamespace and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indisprimary and i.indnkeyatts = 1 and i.indrelid <> 'reference.calendar_year'::regclass and a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
  loop
    execute format('select max(%I) from %s', entry.attname, entry.table_name) into top;
    if top is not null then
      what := entry.table_name || '.' || entry.attname;
      reached := top;
      ends_at := entry.column_max;
      return next;
    end if;
  end loop;
end $function$
;

CREATE OR REPLACE FUNCTION orders.own_office()
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog'
RETURN CASE CURRENT_USER WHEN 'minsheng_unit'::name THEN current_setting('minsheng.unit_lo'::text, true) WHEN 'minsheng_city'::name THEN current_setting('minsheng.region_lo'::text, true) WHEN 'minsheng_province'::name THEN '32'::text ELSE NULL::text END
;

CREATE OR REPLACE FUNCTION operations.password_kinds()
 RETURNS TABLE(role_name name, kind text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  select rolname, case when rolpassword is null then 'none' when rolpassword like 'md5%' then 'md5' else 'scram-sha-256' end
  from pg_authid where rolcanlogin
$function$
;

CREATE OR REPLACE PROCEDURE operations.protect(IN table_name text)
 LANGUAGE plpgsql
AS $procedure$
begin
  execute format('alter table %s enable row level security', table_name);
  execute format('create policy everything on %s to minsheng_system, minsheng_operations, minsheng_province using (true) with check (true)', table_name);
  execute format('grant select, insert, update, delete on %s to minsheng_system', table_name);
  execute format('grant select on %s to minsheng_operations, minsheng_province', table_name);
end $procedure$
;

CREATE OR REPLACE PROCEDURE platform.protect(IN table_name text, IN commands text)
 LANGUAGE plpgsql
AS $procedure$
declare
  own_region constant text :=
    $p$region >= current_setting('minsheng.region_lo', true) and region < current_setting('minsheng.region_hi', true)$p$;
begin
  execute format('alter table %s enable row level security', table_name);
  execute format('create policy everything on %s to minsheng_province, minsheng_system using (true) with check (true)', table_name);
  execute format('create policy own_region on %s to minsheng_city using (%s) with check (%s)', table_name, own_region, own_region);
  execute format('grant %s on %s to minsheng_province, minsheng_city, minsheng_system', commands, table_name);
end $procedure$
;

CREATE OR REPLACE FUNCTION orders.purge(the_order uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  gone constant text := '（已清除）';
  -- What belongs to an order is not older than it: months before are not looked into.
  young constant uuid := (left(the_order::text, 13) || '-0000-0000-000000000000')::uuid;
  removed jsonb := '{}';
  keys text[];
  n integer;
  m integer;
begin
  if not exists (
    select from casework.approval a join orders.work_order w on w.id = a.case_id and w.region = a.region
    where a.case_kind = 'order' and a.case_id = the_order and a.action = 'purge' and a.state = 'approved' and a.asked_by <> a.decided_by
      and a.xmin = pg_current_xact_id()::xid
  ) then
    raise insufficient_privilege using message = 'orders.purge: no second person approved it in this transaction';
  end if;

  update appeals.contact set name_cipher = null, name_mask = null, phone_cipher = null, phone_mask = null, phone_index = null,
    id_number_cipher = null, id_number_mask = null, id_number_index = null, address_cipher = null, address_mask = null, credit_code = null
    where id = the_order;
  get diagnostics n = row_count;
  removed := removed || jsonb_build_object('contact', n);

  -- No query code has an empty hash: the citizen's page is as if there had been no such appeal.
  update appeals.appeal set title = gone, content = gone, expectation = null, address = null, query_hash = '' where id = the_order;
  get diagnostics n = row_count;
  removed := removed || jsonb_build_object('appeal', n);

  update appeals.supplement set content = gone where appeal_id = the_order and id >= young;
  get diagnostics n = row_count;
  removed := removed || jsonb_build_object('supplements', n);

  update appeals.rating set comment = null where appeal_id = the_order and comment is not null;
  get diagnostics n = row_count;
  removed := removed || jsonb_build_object('comments', n);

  with deleted as (
    delete from appeals.attachment where appeal_id = the_order and id >= young returning file_key, thumb_key
  )
  select count(*), array_agg(file_key) || array_agg(thumb_key) into n, keys from deleted;
  -- An upload waits for a day and keeps its name; whoever waits with the same file sends it again.
  delete from appeals.upload where file_key = any (keys);
  update appeals.stored_file set touched_at = 'epoch' where key = any (keys);
  removed := removed || jsonb_build_object('attachments', n);

  update orders.reply set text = gone, basis = null, check_opinion = null where order_id = the_order;
  get diagnostics n = row_count;
  removed := removed || jsonb_build_object('replies', n);

  update orders.task set opinion = null where order_id = the_order and opinion is not null;
  get diagnostics n = row_count;
  update orders.return_request set legal_basis = gone, opinion = gone where order_id = the_order;
  get diagnostics m = row_count;
  n := n + m;
  update orders.oversight set requirement = gone, answer = case when answer is not null then gone end, ended_opinion = null
    where order_id = the_order;
  get diagnostics m = row_count;
  n := n + m;
  update orders.refusal set explanation = gone where order_id = the_order;
  get diagnostics m = row_count;
  n := n + m;
  update orders.follow_up set note = null where order_id = the_order and note is not null;
  get diagnostics m = row_count;
  n := n + m;
  update reference.catalogue_objection set reason = gone, legal_basis = null where order_id = the_order;
  get diagnostics m = row_count;
  removed := removed || jsonb_build_object('notes', n + m);

  update casework.approval set input = '{}', opinion = null
    where case_id = the_order and not (action = 'purge' and state = 'approved');
  get diagnostics n = row_count;
  removed := removed || jsonb_build_object('requests', n);

  update platform.event set data = orders.data_without_words(data)
    where case_id = the_order and id >= young and data <> orders.data_without_words(data);
  get diagnostics n = row_count;
  removed := removed || jsonb_build_object('timeline', n);

  delete from platform.draft where starts_with(place, the_order::text || '.');
  get diagnostics n = row_count;
  return removed || jsonb_build_object('drafts', n);
end $function$
;

CREATE OR REPLACE FUNCTION operations.reset_statements()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  place name;
begin
  select n.nspname into place from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_stat_statements';
  if place is null then
    raise exception 'pg_stat_statements is not installed' using errcode = 'undefined_object';
  end if;
  execute format('select %I.pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)', place);
end $function$
;

CREATE OR REPLACE FUNCTION operations.row_widths()
 RETURNS TABLE(relation oid, columns integer, width double precision, with_nulls boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  select a.attrelid, count(*)::integer, sum((1 - coalesce(s.null_frac, 0)) * s.avg_width), bool_or(coalesce(s.null_frac, 0) > 0)
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'm')
  join pg_namespace n on n.oid = c.relnamespace and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  join pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname and not s.inherited
  where a.attnum > 0 and not a.attisdropped
  group by 1
  -- A column without statistics would make the estimate too small.
  having count(*) = (select count(*) from pg_attribute f where f.attrelid = a.attrelid and f.attnum > 0 and not f.attisdropped)
$function$
;

CREATE OR REPLACE FUNCTION operations.session_kept(database_name name, kind text, application text, session_pid integer)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog'
AS $function$
  select case
    when session_pid = pg_backend_pid() then 'own'
    when database_name is distinct from current_database() then 'elsewhere'
    when kind is distinct from 'client backend' then 'server'
    when application = 'minsheng-backup' then 'backup'
    when application like 'pgboss%' then 'jobs'
  end
$function$
;

CREATE OR REPLACE FUNCTION orders.takes_part(of_order uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'orders'
RETURN (EXISTS (SELECT FROM orders.task t WHERE ((t.order_id = takes_part.of_order) AND (t.unit_code >= current_setting('minsheng.unit_lo'::text, true)) AND (t.unit_code < current_setting('minsheng.unit_hi'::text, true)))))
;

CREATE OR REPLACE FUNCTION platform.turn_spans(from_instant timestamp with time zone, to_instant timestamp with time zone, now_instant timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'platform'
AS $function$
declare
  entry platform.span_partitioned;
  lower_bound timestamptz;
  upper_bound timestamptz;
  part record;
  name text;
  changed integer := 0;
begin
  if to_instant < from_instant or to_instant - from_instant > interval '4 years' then
    raise exception 'platform.turn_spans: span % to % is out of bounds', from_instant, to_instant;
  end if;
  perform pg_advisory_xact_lock(hashtext('platform.turn_spans'));
  for entry in select * from platform.span_partitioned order by table_name loop
    lower_bound := date_trunc(entry.span, greatest(from_instant, now_instant - make_interval(days => entry.keep_days)), 'Asia/Shanghai');
    while lower_bound <= to_instant loop
      upper_bound := date_trunc(entry.span, lower_bound + case entry.span when 'day' then interval '26 hours' else interval '32 days' end, 'Asia/Shanghai');
      name := split_part(entry.table_name, '.', 2) || to_char(lower_bound at time zone 'Asia/Shanghai',
        case entry.span when 'day' then '"_d"YYYYMMDD' else '"_m"YYYYMM' end);
      if to_regclass(format('%I.%I', split_part(entry.table_name, '.', 1), name)) is null then
        execute format('create table %I.%I partition of %s for values from (%L) to (%L)',
          split_part(entry.table_name, '.', 1), name, entry.table_name, lower_bound, upper_bound);
        changed := changed + 1;
      end if;
      lower_bound := upper_bound;
    end loop;
    for part in
      select format('%I.%I', n.nspname, c.relname) as name,
        (regexp_match(pg_get_expr(c.relpartbound, c.oid), $p$TO \('([^']+)'\)$p$))[1]::timestamptz as upto
      from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace
      where i.inhparent = entry.table_name::regclass
    loop
      if part.upto < now_instant - make_interval(days => entry.keep_days) then
        execute format('drop table %s', part.name);
        changed := changed + 1;
      end if;
    end loop;
  end loop;
  return changed;
end $function$
;

CREATE OR REPLACE FUNCTION platform.uuid_at(instant timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN ((lpad(to_hex(((EXTRACT(epoch FROM instant) * (1000)::numeric))::bigint), 12, '0'::text) || repeat('0'::text, 20)))::uuid
;
