-- Numbers are drawn in blocks: a node takes one value and hands out the next fifty serials by itself.
create sequence appeals.number_block increment by 50 minvalue 0 start with 0;
grant usage on sequence appeals.number_block to minsheng_system;

-- What a citizen said (诉求). Written once, never changed.
create table appeals.appeal (
  id uuid not null primary key,
  number text collate "C" not null,
  -- HMAC of the query code; with the number it is all that a citizen needs to see his own.
  query_hash bytea not null,
  region text collate "C" not null,
  address text,
  channel text not null,
  type text not null,
  title text not null,
  content text not null,
  expectation text,
  event_at timestamptz,
  filed_at timestamptz not null,
  filed_by uuid,
  source_system text,
  source_number text,
  anonymous boolean not null,
  confidential boolean not null
) partition by range (id);
create index appeal_number_idx on appeals.appeal (number);
create index appeal_source_idx on appeals.appeal (source_system, source_number) where source_system is not null;
insert into platform.partitioned select 'appeals.appeal', months_from from platform.partitioned limit 1;

-- Who said it: encrypted, with the masks beside, so that showing a mask never decrypts. Units have no right here at all.
create table appeals.contact (
  id uuid not null primary key,
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
  credit_code text
) partition by range (id);
create index contact_phone_idx on appeals.contact (phone_index, id);
insert into platform.partitioned select 'appeals.contact', months_from from platform.partitioned limit 1;

-- What the citizen thought of it: one per appeal.
create table appeals.rating (
  appeal_id uuid not null primary key,
  region text collate "C" not null,
  satisfaction smallint not null constraint rating_satisfaction_check check (satisfaction between 1 and 5),
  solved text not null,
  reasons text[] not null,
  comment text,
  by text not null constraint rating_by_check check (by in ('citizen', 'follow-up')),
  at timestamptz not null
) partition by range (appeal_id);
insert into platform.partitioned select 'appeals.rating', months_from from platform.partitioned limit 1;

-- The first answer to a key, given again to whoever repeats it.
create table appeals.idempotency (
  key_hash bytea primary key,
  request_hash bytea not null,
  appeal_id uuid not null,
  number text not null,
  state text not null,
  at timestamptz not null,
  -- A key sent with a request is forgotten after a day; the number in a source system is known for good.
  lasting boolean not null
);
create index idempotency_at_idx on appeals.idempotency (at) where not lasting;

create table appeals.import_run (
  id uuid primary key,
  -- The file's and the mapping's SM3: the same file with the same mapping is the same run.
  file_hash text not null,
  file_name text not null,
  mapping_name text not null,
  mapping jsonb not null,
  dry_run boolean not null,
  state text not null constraint import_run_state_check check (state in ('waiting', 'running', 'done', 'failed')),
  started_at timestamptz not null,
  ended_at timestamptz,
  started_by uuid,
  -- Rows of other regions are rejected: the scope of who started it, and of who sees the run (empty: the province).
  region text collate "C",
  file_path text not null,
  total_rows integer,
  -- Counted from the rows now and then while it runs, and at its end.
  rows integer not null default 0,
  accepted integer not null default 0,
  known integer not null default 0,
  rejected integer not null default 0,
  blank integer not null default 0,
  error text
);
-- What became of each row, written with the row's own appeal: a run that was cut off knows exactly what it did.
create table appeals.import_row (
  run_id uuid not null constraint import_row_run_fk references appeals.import_run (id) on delete cascade,
  row_no integer not null,
  outcome text not null constraint import_row_outcome_check check (outcome in ('accepted', 'known', 'rejected', 'blank')),
  -- For rejected rows: [{field, code, zh, en}].
  faults jsonb,
  primary key (run_id, row_no)
);

call platform.protect('appeals.appeal', 'select, insert');
call platform.protect('appeals.contact', 'select, insert');
call platform.protect('appeals.rating', 'select, insert');

-- A citizen sees the appeal whose number and query code he gave.
grant select, insert on appeals.appeal to minsheng_self;
create policy own_number on appeals.appeal for select to minsheng_self
  using (number = (select current_setting('minsheng.number', true))
    and query_hash = (select decode(current_setting('minsheng.query_hash', true), 'hex')));
create policy filing on appeals.appeal for insert to minsheng_self with check (filed_by is null and source_system is null);
grant insert on appeals.contact to minsheng_self, minsheng_peer;
create policy filing on appeals.contact for insert to minsheng_self, minsheng_peer with check (true);
grant select, insert on appeals.rating to minsheng_self;
create policy own_rating on appeals.rating to minsheng_self
  using (exists (select from appeals.appeal a where a.id = appeal_id))
  with check (by = 'citizen' and exists (select from appeals.appeal a where a.id = appeal_id));

-- A peer system sees what it filed itself.
grant select, insert on appeals.appeal to minsheng_peer;
create policy own_source on appeals.appeal to minsheng_peer
  using (source_system = (select current_setting('minsheng.source_system', true)))
  with check (source_system = (select current_setting('minsheng.source_system', true)));
grant select on appeals.rating to minsheng_peer;
create policy own_source on appeals.rating for select to minsheng_peer
  using (exists (select from appeals.appeal a where a.id = appeal_id));

-- A repeated key opens the row of that key, and no other.
alter table appeals.idempotency enable row level security;
grant select, insert on appeals.idempotency to minsheng_province, minsheng_city, minsheng_self, minsheng_peer;
grant select, insert, delete on appeals.idempotency to minsheng_system;
create policy filing on appeals.idempotency for insert to minsheng_province, minsheng_city, minsheng_self, minsheng_peer with check (true);
create policy own_key on appeals.idempotency for select to minsheng_province, minsheng_city, minsheng_self, minsheng_peer
  using (key_hash = (select decode(current_setting('minsheng.idempotency_key', true), 'hex')));
create policy everything on appeals.idempotency to minsheng_system using (true);

-- A city sees the runs that its own people started, and what became of their rows.
call platform.protect('appeals.import_run', 'select');
grant insert, update on appeals.import_run to minsheng_system;
alter table appeals.import_row enable row level security;
create policy own_run on appeals.import_row to minsheng_province, minsheng_city, minsheng_system
  using (exists (select from appeals.import_run r where r.id = run_id));
grant select on appeals.import_row to minsheng_province, minsheng_city;
grant select, insert on appeals.import_row to minsheng_system;
