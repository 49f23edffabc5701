-- Inspections: what is looked at, when, what was found, and what became of it.

-- What can be looked at. Shipped as `server/db/reference/inspections.json`; `yellow` and `red` are the thresholds, the rest is words.
create table operations.inspection_check (
  code text collate "C" primary key,
  object text not null constraint inspection_check_object_check
    check (object in ('server', 'node', 'interface', 'business', 'security', 'telecom', 'database')),
  place integer not null,
  -- How deep an inspection must go to ask for it: each depth includes those before it.
  depth integer not null constraint inspection_check_depth_check check (depth between 0 and 4),
  kind text not null constraint inspection_check_kind_check check (kind in ('automatic', 'manual')),
  yellow double precision,
  red double precision,
  -- Further bounds of its own, such as the size below which a table is not judged.
  bounds jsonb not null default '{}',
  words jsonb not null
);
call operations.protect('operations.inspection_check');

create table operations.inspection_template (
  code text collate "C" primary key,
  place integer not null,
  content jsonb not null
);
call operations.protect('operations.inspection_template');

-- One inspection: of a template at an instant.
create table operations.inspection (
  id uuid primary key,
  number text collate "C" not null constraint inspection_number_key unique,
  template text collate "C" not null,
  depth integer not null,
  -- Who asked for it; nobody where the schedule did.
  asked_by uuid,
  asked_name text,
  due_at timestamptz not null,
  -- Until when a person signs; null where nobody has to.
  sign_by timestamptz,
  state text not null constraint inspection_state_check check (state in ('waiting', 'done')),
  started_at timestamptz not null,
  ended_at timestamptz,
  score double precision,
  signed_by uuid,
  signed_name text,
  sign_note text,
  overdue_told_at timestamptz
);
-- The schedule asks for a template once at an instant, whichever node comes first.
create unique index inspection_scheduled_key on operations.inspection (template, due_at) where asked_name is null;
create index inspection_waiting_idx on operations.inspection (sign_by) where state = 'waiting';
create index inspection_template_idx on operations.inspection (template, due_at desc);
create index inspection_deep_idx on operations.inspection (id) where depth > 0;
call operations.protect('operations.inspection');

-- What an inspection asked and what it was told. It keeps the thresholds it was judged by, so that a later change of them changes nothing.
create table operations.inspection_item (
  inspection_id uuid not null constraint inspection_item_inspection_fk references operations.inspection (id) on delete cascade,
  code text collate "C" not null,
  object text not null,
  place integer not null,
  kind text not null constraint inspection_item_kind_check check (kind in ('automatic', 'manual')),
  yellow double precision,
  red double precision,
  outcome text not null constraint inspection_item_outcome_check
    check (outcome in ('open', 'ok', 'yellow', 'red', 'unreadable', 'not-applicable')),
  value double precision,
  evidence jsonb not null,
  at timestamptz,
  by_account uuid,
  by_name text,
  said text,
  note text,
  revision integer not null default 0,
  primary key (inspection_id, code)
);
create index inspection_item_code_idx on operations.inspection_item (code, inspection_id desc);
call operations.protect('operations.inspection_item');

-- What a check read before, where it judges what changed since.
create table operations.inspection_sample (
  code text collate "C" not null,
  at timestamptz not null,
  rows jsonb not null,
  primary key (code, at)
);
call operations.protect('operations.inspection_sample');

-- What was found, from its opening to the check that found it good again; one open finding for each item.
create table operations.inspection_finding (
  id uuid primary key,
  code text collate "C" not null,
  object text not null,
  level text not null constraint inspection_finding_level_check check (level in ('yellow', 'red')),
  inspection_id uuid not null,
  opened_at timestamptz not null,
  opened_value double precision,
  opened_evidence jsonb not null,
  last_outcome text not null,
  last_at timestamptz not null,
  last_value double precision,
  last_evidence jsonb not null,
  last_name text,
  last_note text,
  times integer not null default 1,
  -- The fault that it became.
  record_id uuid not null,
  record_number text not null,
  closed_at timestamptz,
  closed_by uuid,
  closed_name text
);
create unique index inspection_finding_open_key on operations.inspection_finding (code) where closed_at is null;
create index inspection_finding_inspection_idx on operations.inspection_finding (inspection_id);
create index inspection_finding_opened_idx on operations.inspection_finding (opened_at desc);
call operations.protect('operations.inspection_finding');

-- The rights an inspection of the database needs. What the owner may give is given here; what he may not, a check says.
do $$
begin
  execute 'grant pg_monitor to minsheng_system';
exception when insufficient_privilege then
  raise notice 'pg_monitor was not granted to minsheng_system: some checks of the database cannot read what they need';
end $$;
grant select on platform.partitioned, platform.span_partitioned to minsheng_system;

-- How passwords are kept, never the passwords. Reads as its owner: pg_authid is closed to everybody else.
create function operations.password_kinds() returns table (role_name name, kind text)
  language sql stable security definer set search_path = pg_catalog
as $$
  select rolname, case when rolpassword is null then 'none' when rolpassword like 'md5%' then 'md5' else 'scram-sha-256' end
  from pg_authid where rolcanlogin
$$;

-- The lines of pg_hba.conf as the server reads them, without their options.
create function operations.hba_rules() returns table (line integer, type text, database text[], user_name text[], address text, netmask text, method text)
  language sql stable security definer set search_path = pg_catalog
as $$
  select line_number, type, database, user_name, address, netmask, auth_method from pg_hba_file_rules where error is null
$$;

-- How wide the rows of tables are and how much of them is empty, from statistics; no value of any row.
create function operations.row_widths() returns table (relation oid, columns integer, width double precision, with_nulls boolean)
  language sql stable security definer set search_path = pg_catalog
as $$
  select a.attrelid, count(*)::integer, sum((1 - coalesce(s.null_frac, 0)) * s.avg_width), bool_or(coalesce(s.null_frac, 0) > 0)
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'm')
  join pg_namespace n on n.oid = c.relnamespace and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  join pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname and not s.inherited
  where a.attnum > 0 and not a.attisdropped
  group by 1
  -- A column without statistics would make the estimate too small.
  having count(*) = (select count(*) from pg_attribute f where f.attrelid = a.attrelid and f.attnum > 0 and not f.attisdropped)
$$;

-- How wide the entries of B-tree indexes are, from the statistics of their columns; indexes of expressions are left out.
create function operations.entry_widths() returns table (relation oid, width double precision, with_nulls boolean)
  language sql stable security definer set search_path = pg_catalog
as $$
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
$$;

-- How far sequences and integer primary keys have come, and how far they can go.
create function operations.number_ends() returns table (what text, reached numeric, ends_at numeric)
  language plpgsql stable security definer set search_path = pg_catalog
as $$
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
  -- Keys that the application numbers itself: the greatest is at the end of the key's index.
  for entry in
    select i.indrelid::regclass as table_name, a.attname,
      case a.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 else 9223372036854775807 end as column_max
    from pg_index i
    join pg_class c on c.oid = i.indrelid and c.relkind = 'r'
    join pg_namespace n on n.oid = c.relnamespace and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indisprimary and i.indnkeyatts = 1 and a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
  loop
    execute format('select max(%I) from %s', entry.attname, entry.table_name) into top;
    if top is not null then
      what := entry.table_name || '.' || entry.attname;
      reached := top;
      ends_at := entry.column_max;
      return next;
    end if;
  end loop;
end $$;

revoke all on function operations.password_kinds, operations.hba_rules, operations.row_widths, operations.entry_widths, operations.number_ends from public;
grant execute on function operations.password_kinds, operations.hba_rules, operations.row_widths, operations.entry_widths, operations.number_ends
  to minsheng_system;
