-- Logs in one place: every node's lines, the database's own, and those that other programs send.

-- Lines arrive in batches of one source and one day of Beijing. A batch knows every term that stands in any of its lines (words,
-- pairs of Han characters, fields), so a search reads only the batches that can hold what it asks for, newest first.
create sequence operations.log_batch_no;
grant usage on sequence operations.log_batch_no to minsheng_system;
create table operations.log_batch (
  no bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  source text collate "C" not null,
  lines smallint not null,
  -- Hashes of the terms, each once.
  terms integer[] not null,
  -- It begins with the source: one that began with the number or the instant would be taken where the terms' index must be.
  primary key (source, first_at, no)
) partition by range (first_at);
-- Random bytes: nothing would come of compressing them.
alter table operations.log_batch alter column terms set storage external;
create index log_batch_last_idx on operations.log_batch (last_at, no);
create index log_batch_terms_idx on operations.log_batch using gin (terms) with (fastupdate = off);
call operations.protect('operations.log_batch');

create table operations.log_line (
  at timestamptz not null,
  -- Number of the batch times 4096, and the place within it.
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
  primary key (at, seq)
) partition by range (at);
call operations.protect('operations.log_line');

-- How many lines of a kind there were in a minute: what the histogram and the patterns are drawn from.
create table operations.log_count (
  at timestamptz not null,
  source text collate "C" not null,
  module text collate "C" not null,
  level smallint not null,
  template bigint not null,
  lines integer not null,
  primary key (at, source, module, level, template)
) partition by range (at);
call operations.protect('operations.log_count');

-- 180 days are asked for; the rest is for who comes late.
insert into platform.span_partitioned (table_name, span, keep_days) values
  ('operations.log_batch', 'day', 200),
  ('operations.log_line', 'day', 200),
  ('operations.log_count', 'day', 200);

-- What like lines are folded to. The number is a hash of module and text, so every node gives the same.
create table operations.log_template (
  id bigint primary key,
  module text collate "C" not null,
  text text not null,
  -- Whether counting made a hole of one of its words: then like lines fold to it on every node, and after a restart.
  counted boolean not null,
  level smallint not null,
  first_at timestamptz not null,
  last_at timestamptz not null
);
create index log_template_first_idx on operations.log_template (first_at);
call operations.protect('operations.log_template');

-- Who sends lines, and when he was last heard: a node also while it has nothing to say.
create table operations.log_source (
  name text collate "C" primary key,
  kind text not null constraint log_source_kind_check check (kind in ('node', 'postgresql', 'program')),
  heard_at timestamptz not null
);
call operations.protect('operations.log_source');

-- A search under a name; a watched one is counted every 15 s, for the alerts.
create table operations.log_search (
  id uuid primary key,
  account_id uuid not null,
  account_name text not null,
  name text not null constraint log_search_name_check check (char_length(name) between 1 and 40),
  query text not null constraint log_search_query_check check (char_length(query) <= 500),
  shared boolean not null,
  watched boolean not null default false,
  changed_at timestamptz not null,
  -- What is watched is told to everybody by its alert.
  constraint log_search_watched_check check (shared or not watched)
);
create unique index log_search_name_key on operations.log_search (account_id, name);
create unique index log_search_watched_key on operations.log_search (name) where watched;
call operations.protect('operations.log_search');
grant insert, update, delete on operations.log_search to minsheng_operations;

-- Reports that are made by the calendar and kept: a kind, a period of whole days of Beijing, and the facts as they were then.
create table operations.report (
  id uuid primary key,
  kind text not null,
  period text not null constraint report_period_check check (period in ('day', 'week', 'month', 'quarter', 'year')),
  from_day date not null,
  -- The first day after it.
  to_day date not null,
  facts jsonb not null,
  made_at timestamptz not null,
  constraint report_span_check check (to_day > from_day)
);
create unique index report_period_key on operations.report (kind, period, from_day);
create index report_list_idx on operations.report (kind, from_day desc, id);
call operations.protect('operations.report');

-- The log of the database is followed from where it was left.
create table operations.log_place (
  source text collate "C" primary key,
  file text not null,
  place bigint not null
);
call operations.protect('operations.log_place');
