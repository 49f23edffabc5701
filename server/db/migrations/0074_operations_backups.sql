-- A backup: the cluster's files at one time, which with the log from then on give every later instant.
create table operations.backup (
  id uuid primary key,
  kind text not null default 'full' constraint backup_kind_check check (kind = 'full'),
  source text constraint backup_source_check check (source in ('embedded', 'outside')),
  state text not null constraint backup_state_check check (state in ('waiting', 'running', 'good', 'failed', 'removed')),
  asked_by text not null,
  asked_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  -- The cluster it is of.
  system text collate "C",
  segment_bytes integer,
  wal_from text collate "C",
  wal_to text collate "C",
  files integer not null default 0,
  packs integer not null default 0,
  raw_bytes bigint not null default 0,
  stored_bytes bigint not null default 0,
  manifest_sm3 text,
  keep_as text constraint backup_keep_as_check check (keep_as in ('daily', 'monthly', 'yearly')),
  -- Since when the second site has all of it, and what kept it from there.
  second_at timestamptz,
  second_fault text,
  -- When it was last read again, and what was found wrong: site, kind, object.
  verified_at timestamptz,
  faults jsonb not null default '[]',
  -- When a drill last restored it and found all as it should be.
  proven_at timestamptz,
  failure text,
  detail text
);
-- One at a time.
create unique index backup_at_work_key on operations.backup ((true)) where state in ('waiting', 'running');
create index backup_state_idx on operations.backup (state, ended_at);
call operations.protect('operations.backup');

-- What is archived of the write-ahead log: finished segments, and the histories of timelines.
create table operations.wal_segment (
  system text collate "C" not null,
  name text collate "C" not null,
  segment_bytes integer not null,
  stored_bytes integer not null,
  -- Of the segment as PostgreSQL wrote it.
  sm3 text not null,
  archived_at timestamptz not null,
  second_at timestamptz,
  primary key (system, name)
);
create index wal_segment_second_idx on operations.wal_segment (name) where second_at is null;
create index wal_segment_archived_idx on operations.wal_segment (archived_at);
call operations.protect('operations.wal_segment');

-- A drill: a backup restored beside the running platform to an instant, and what was found there.
create table operations.restore_drill (
  id uuid primary key,
  state text not null constraint restore_drill_state_check check (state in ('waiting', 'running', 'proven', 'failed')),
  asked_by text not null,
  asked_at timestamptz not null,
  target timestamptz not null,
  backup_id uuid constraint restore_drill_backup_fk references operations.backup,
  started_at timestamptz,
  ended_at timestamptz,
  -- From its beginning until the restored database answered.
  rto_seconds double precision,
  -- From the last commit that was restored to the instant that was asked for.
  rpo_seconds double precision,
  last_commit_at timestamptz,
  -- Read whole; as text it keeps its figures in the order in which they are told.
  steps json not null default '[]',
  failure text,
  detail text
);
create unique index restore_drill_at_work_key on operations.restore_drill ((true)) where state in ('waiting', 'running');
create index restore_drill_backup_idx on operations.restore_drill (backup_id);
create index restore_drill_asked_idx on operations.restore_drill (asked_at);
call operations.protect('operations.restore_drill');
