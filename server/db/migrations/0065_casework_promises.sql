-- Promises that audit themselves: what the auditor compared, and each promise it found broken.
create table casework.promise_audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  -- Open clocks compared this time, and whether the round over all of them ended with it.
  compared integer not null,
  round_ended boolean not null,
  -- Steps taken late since the time before; steps whose instant is past and that nobody took (counted to ten thousand).
  late integer not null,
  overdue integer not null,
  -- Faults that are open now.
  faults integer not null
);
alter table casework.promise_audit enable row level security;
create policy everything on casework.promise_audit to minsheng_system, minsheng_operations using (true) with check (true);
grant select, insert, delete on casework.promise_audit to minsheng_system;
grant select on casework.promise_audit to minsheng_operations;

create table casework.promise_fault (
  id bigint generated always as identity primary key,
  case_kind text not null,
  case_id uuid not null,
  region text collate "C" not null,
  clock text not null,
  no smallint not null,
  step text not null,
  kind text not null constraint promise_fault_kind_check check (kind in ('overdue', 'untaken', 'lost', 'misplaced')),
  promised_at timestamptz not null,
  found_at timestamptz not null,
  -- When a later comparison no longer found it.
  ended_at timestamptz
);
create unique index promise_fault_open_idx on casework.promise_fault (case_id, clock, no, step, kind) where ended_at is null;
call platform.protect('casework.promise_fault', 'select');
grant insert, update, delete on casework.promise_fault to minsheng_system;
grant select on casework.promise_fault to minsheng_operations;
create policy watching on casework.promise_fault for select to minsheng_operations using (true);

-- The auditor's way over all clocks that have not ended.
create index clock_open_idx on casework.clock (case_id) where result is null;
