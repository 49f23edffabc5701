-- Which silence hushes an alert, and why somebody called it useful or noise.
alter table operations.alert
  add column hushed_by uuid constraint alert_silence_fk references operations.silence,
  add column verdict_note text,
  add column verdict_at timestamptz;
create index alert_silence_idx on operations.alert (hushed_by) where hushed_by is not null;
create index alert_opened_idx on operations.alert (opened_at);
