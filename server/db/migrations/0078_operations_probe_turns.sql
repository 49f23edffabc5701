-- When a probe began to fail and when it was good again, with what it told: kept as long as readings of five minutes are.
create table operations.probe_turn (
  probe_id uuid not null constraint probe_turn_probe_fk references operations.probe,
  at timestamptz not null,
  good boolean not null,
  took_ms integer not null,
  note text not null,
  primary key (probe_id, at)
);
call operations.protect('operations.probe_turn');
