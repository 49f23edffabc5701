-- Files that were handed in, sealed in the file store under a keyed hash of their content: the same content lies there
-- once, however often it is attached. A row is touched before a file is written and condemned only while nobody refers
-- to it, so that a file is never taken away under somebody who is just attaching it.
create table appeals.stored_file (
  key text collate "C" primary key,
  bytes bigint not null,
  touched_at timestamptz not null,
  -- Null until the file is whole.
  stored_at timestamptz
);
create index stored_file_touched_idx on appeals.stored_file (touched_at);
alter table appeals.stored_file enable row level security;
create policy everything on appeals.stored_file to minsheng_system using (true) with check (true);
grant select, insert, update, delete on appeals.stored_file to minsheng_system;

-- What was uploaded and waits to be attached: known by the hash of its ticket alone, and swept a day later.
create table appeals.upload (
  ticket_hash bytea primary key,
  at timestamptz not null,
  -- Whose: an account, or the address it came from, of which so much may wait at a time.
  by_account uuid,
  ip text,
  name text not null,
  kind text not null,
  type text not null,
  bytes bigint not null,
  sm3 text not null,
  file_key text collate "C" not null constraint upload_file_fk references appeals.stored_file (key),
  thumb_key text collate "C" constraint upload_thumb_fk references appeals.stored_file (key),
  width integer,
  height integer,
  taken_at text,
  lng numeric(9, 6),
  lat numeric(8, 6),
  scanned boolean not null
);
create index upload_at_idx on appeals.upload (at);
create index upload_ip_idx on appeals.upload (ip, at);
create index upload_account_idx on appeals.upload (by_account, at);
create index upload_file_idx on appeals.upload (file_key);
create index upload_thumb_idx on appeals.upload (thumb_key);
alter table appeals.upload enable row level security;
create policy everything on appeals.upload to minsheng_system using (true) with check (true);
grant select, insert, delete on appeals.upload to minsheng_system;

-- What a citizen adds to an appeal later: the appeal itself is never changed.
create table appeals.supplement (
  id uuid not null primary key,
  appeal_id uuid not null,
  region text collate "C" not null,
  content text not null,
  by_account uuid,
  by_name text not null,
  at timestamptz not null
) partition by range (id);
create index supplement_appeal_idx on appeals.supplement (appeal_id, id);
insert into platform.partitioned select 'appeals.supplement', months_from from platform.partitioned limit 1;

-- A file that belongs to an appeal, to a supplement or to a reply.
create table appeals.attachment (
  id uuid not null primary key,
  appeal_id uuid not null,
  region text collate "C" not null,
  -- Whose: of the reply with this number, of this supplement, or (neither) of the appeal as it was filed.
  reply_no smallint,
  supplement_id uuid,
  name text not null,
  kind text not null constraint attachment_kind_check check (kind in ('picture', 'audio', 'video', 'document')),
  type text not null,
  bytes bigint not null,
  sm3 text not null,
  file_key text collate "C" not null,
  thumb_key text collate "C",
  width integer,
  height integer,
  -- What the camera noted; the file itself does not tell it any more. For the hotline.
  taken_at text,
  lng numeric(9, 6),
  lat numeric(8, 6),
  scanned boolean not null,
  -- Shows who somebody is: an identity card, a household register. Kept from handling units.
  identifying boolean not null default false,
  by_account uuid,
  by_name text not null,
  at timestamptz not null
) partition by range (id);
create index attachment_appeal_idx on appeals.attachment (appeal_id, id);
create index attachment_file_idx on appeals.attachment (file_key);
create index attachment_thumb_idx on appeals.attachment (thumb_key) where thumb_key is not null;
insert into platform.partitioned select 'appeals.attachment', months_from from platform.partitioned limit 1;

call platform.protect('appeals.supplement', 'select, insert');
call platform.protect('appeals.attachment', 'select, insert');
grant update (identifying) on appeals.attachment to minsheng_province, minsheng_city;

-- Units see what belongs to their tasks, but never where a picture was taken, who somebody is on it, or what was handed
-- in with an appeal that is confidential. Their own replies' files they see and add.
grant select on appeals.supplement to minsheng_unit;
create policy own_task on appeals.supplement for select to minsheng_unit
  using (exists (select from orders.task t where t.order_id = appeal_id));
grant select (id, appeal_id, region, reply_no, supplement_id, name, kind, type, bytes, sm3, file_key, thumb_key, width, height, scanned,
  identifying, by_account, by_name, at) on appeals.attachment to minsheng_unit, minsheng_self, minsheng_peer;
grant insert on appeals.attachment to minsheng_unit, minsheng_self, minsheng_peer;
create policy own_task on appeals.attachment for select to minsheng_unit
  using (exists (select from orders.task t where t.order_id = appeal_id)
    and (reply_no is not null
      or (not identifying and exists (select from appeals.appeal a where a.id = appeal_id and not a.confidential))));
create policy own_reply on appeals.attachment for insert to minsheng_unit
  with check (reply_no is not null and not identifying and exists (select from orders.task t where t.order_id = appeal_id));

-- A citizen sees what he handed in, and of replies what passed the check.
grant select, insert on appeals.supplement to minsheng_self;
create policy own_appeal on appeals.supplement to minsheng_self
  using (exists (select from appeals.appeal a where a.id = appeal_id))
  with check (by_account is null and exists (select from appeals.appeal a where a.id = appeal_id));
create policy own_appeal on appeals.attachment for select to minsheng_self, minsheng_peer
  using (exists (select from appeals.appeal a where a.id = appeal_id)
    and (reply_no is null
      or exists (select from orders.reply r where r.order_id = appeal_id and r.no = reply_no and (r.checked = 'passed' or r.task_no is null))));
-- While filing, the appeal is written by the same statement and cannot be looked for.
create policy filing on appeals.attachment for insert to minsheng_self, minsheng_peer
  with check (by_account is null and reply_no is null and not identifying);
grant select on appeals.supplement to minsheng_peer;
create policy own_source on appeals.supplement for select to minsheng_peer
  using (exists (select from appeals.appeal a where a.id = appeal_id));
