-- Who answers for a component (RACI): who does it, who answers for it, who is asked and who is told. One row for a component; the
-- audit log keeps what stood before. A party is `person:<account>` or `role:<role>`; of a person his name at the time stands beside.
create table operations.responsibility (
  component text collate "C" primary key,
  responsible jsonb not null,
  accountable jsonb not null,
  consulted jsonb not null,
  informed jsonb not null,
  version integer not null,
  set_by text not null,
  set_at timestamptz not null
);
call operations.protect('operations.responsibility');
grant insert, update, delete on operations.responsibility to minsheng_operations;
