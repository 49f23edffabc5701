-- What somebody has typed into a form and not sent yet (草稿): one per person and form, sealed, seen by nobody else. It
-- is taken away by the act it was meant for, by its writer, or two weeks after it was saved last.
create table platform.draft (
  account_id uuid not null,
  -- `desk`, or an order's id and an action.
  place text collate "C" not null,
  -- Named anew by each save, so that no window overwrites what it has not seen.
  revision uuid not null,
  sealed bytea not null constraint draft_sealed_check check (octet_length(sealed) <= 70000),
  saved_at timestamptz not null,
  primary key (account_id, place)
);
create index draft_saved_idx on platform.draft (saved_at);
alter table platform.draft enable row level security;
create policy own_words on platform.draft to minsheng_province, minsheng_city, minsheng_unit, minsheng_operations
  using (account_id = (select nullif(current_setting('minsheng.account', true), '')::uuid))
  with check (account_id = (select nullif(current_setting('minsheng.account', true), '')::uuid));
grant select, insert, update, delete on platform.draft to minsheng_province, minsheng_city, minsheng_unit, minsheng_operations;
-- The platform forgets what is old and reads nothing of it.
create policy forgetting on platform.draft to minsheng_system using (true);
grant select (saved_at), delete on platform.draft to minsheng_system;
