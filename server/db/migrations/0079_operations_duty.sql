-- What stood open when a shift was handed over, who took it, and who made the roster.
alter table operations.shift
  add column left_open jsonb,
  add column taken_by text,
  add column made_by text not null default '系统';
alter table operations.shift alter column made_by drop default;
create index shift_handed_idx on operations.shift (handed_at desc) where handed_at is not null;
