-- Diagnosis: statistics of statements, ending a session that stands in the way, profiles of nodes.

-- It counts where the server loads it at its start; elsewhere the page on diagnosis says how.
do $$
begin
  create extension if not exists pg_stat_statements;
exception when insufficient_privilege or undefined_file or feature_not_supported then
  raise notice 'pg_stat_statements was not installed: the page on diagnosis shows what runs at the moment only';
end $$;

-- When the platform reset the statistics of its statements, by the clock of the database, and who asked for it: PostgreSQL tells neither.
create table operations.statement_reset (
  at timestamptz primary key default clock_timestamp(),
  by_name text not null
);
call operations.protect('operations.statement_reset');

-- Forgets the statistics of statements of this database. With its owner's rights, because resetting is nobody else's.
create function operations.reset_statements() returns void
  language plpgsql security definer set search_path = pg_catalog
as $$
declare
  place name;
begin
  select n.nspname into place from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_stat_statements';
  if place is null then
    raise exception 'pg_stat_statements is not installed' using errcode = 'undefined_object';
  end if;
  execute format('select %I.pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)', place);
end $$;

-- Why a session is never ended from the console; null where it may be. A backup that is cut off is lost, and the queue of jobs is how
-- the platform works at all.
create function operations.session_kept(database_name name, kind text, application text, session_pid integer) returns text
  language sql stable set search_path = pg_catalog
as $$
  select case
    when session_pid = pg_backend_pid() then 'own'
    when database_name is distinct from current_database() then 'elsewhere'
    when kind is distinct from 'client backend' then 'server'
    when application = 'minsheng-backup' then 'backup'
    when application like 'pgboss%' then 'jobs'
  end
$$;

-- Cancels the statement of a session of this database, or ends the session. Tells what came of it: 'ended', 'gone', or why it is kept.
-- With its owner's rights, because sessions may be another role's.
create function operations.end_session(session_pid integer, started timestamptz, whole boolean) returns text
  language plpgsql security definer set search_path = pg_catalog
as $$
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
end $$;

revoke all on function operations.reset_statements, operations.session_kept, operations.end_session from public;
grant execute on function operations.reset_statements, operations.session_kept, operations.end_session to minsheng_system;

-- Profiles of nodes: asked for by a person, taken by the node itself, kept for thirty days. A profile holds names and places of
-- functions and what they cost; no value of any variable.
create table operations.profile (
  id uuid primary key,
  node text collate "C" not null,
  kind text not null constraint profile_kind_check check (kind in ('cpu', 'heap')),
  seconds smallint not null constraint profile_seconds_check check (seconds between 1 and 30),
  state text not null constraint profile_state_check check (state in ('waiting', 'running', 'done', 'failed')),
  asked_by uuid,
  asked_name text not null,
  asked_at timestamptz not null,
  ended_at timestamptz,
  failure text,
  summary jsonb,
  -- The file for the developer tools, gzipped, and how long it is unpacked.
  file bytea,
  file_bytes integer
);
-- One at a time on a node: two would measure each other.
create unique index profile_busy_key on operations.profile (node) where state in ('waiting', 'running');
create index profile_asked_idx on operations.profile (asked_at desc);
call operations.protect('operations.profile');
