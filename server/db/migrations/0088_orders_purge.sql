-- Purging what tells of a citizen, by two people's word. Codes, units, instants and ratings stay, so that no figure changes.
alter table orders.work_order add column purged_at timestamptz;
alter table orders.work_order add column preserved boolean not null default false;

-- What was removed and by whose word; written once, never changed.
create table orders.purge_receipt (
  order_id uuid not null constraint purge_receipt_pkey primary key,
  number text collate "C" not null,
  region text collate "C" not null,
  at timestamptz not null,
  ground text not null constraint purge_receipt_ground_check check (ground in ('retention', 'citizen-request')),
  request text,
  basis text not null,
  reason text not null,
  asked_by uuid not null,
  asked_name text not null,
  asked_at timestamptz not null,
  approved_by uuid not null,
  approved_name text not null,
  removed jsonb not null,
  backups_until_year smallint not null,
  digest text not null,
  constraint purge_receipt_four_eyes_check check (asked_by <> approved_by),
  constraint purge_receipt_request_check check (ground <> 'citizen-request' or request is not null)
);
call platform.protect('orders.purge_receipt', 'select, insert');

-- Units and peer systems are told that something was purged, not why it was asked for.
alter policy own_task on casework.approval
  using (action not in ('reveal-contact', 'purge') and exists (select from orders.task t where t.order_id = case_id));

-- What of an event's data stays: numbers, marks and codes. A key that is not named here is free text, and goes.
create function orders.data_without_words(data jsonb) returns jsonb
  language sql immutable
  return (
    select coalesce(jsonb_object_agg(key, value), '{}')
    from jsonb_each(data)
    where jsonb_typeof(value) in ('number', 'boolean')
      or key = any (array['approval', 'assists', 'units', 'unit', 'number', 'numbers', 'mode', 'cause', 'fault', 'resultType', 'result',
        'solved', 'handedTo', 'suggestedUnit', 'contactedAt', 'askedBy', 'clock', 'step', 'dueAt'])
  );

-- Nobody has a right to change what was said, so this runs with its owner's rights, and only where another person than who asked
-- approved it in this very transaction. Gives how many rows of each kind it emptied or removed. The files of attachments are left
-- to the sweep, as of this instant.
create function orders.purge(the_order uuid) returns jsonb
  language plpgsql security definer set search_path = pg_catalog
as $function$
declare
  gone constant text := '（已清除）';
  -- What belongs to an order is not older than it: months before are not looked into.
  young constant uuid := (left(the_order::text, 13) || '-0000-0000-000000000000')::uuid;
  removed jsonb := '{}';
  keys text[];
  n integer;
  m integer;
begin
  if not exists (
    select from casework.approval a join orders.work_order w on w.id = a.case_id and w.region = a.region
    where a.case_kind = 'order' and a.case_id = the_order and a.action = 'purge' and a.state = 'approved' and a.asked_by <> a.decided_by
      and a.xmin = pg_current_xact_id()::xid
  ) then
    raise insufficient_privilege using message = 'orders.purge: no second person approved it in this transaction';
  end if;

  update appeals.contact set name_cipher = null, name_mask = null, phone_cipher = null, phone_mask = null, phone_index = null,
    id_number_cipher = null, id_number_mask = null, id_number_index = null, address_cipher = null, address_mask = null, credit_code = null
    where id = the_order;
  get diagnostics n = row_count;
  removed := removed || jsonb_build_object('contact', n);

  -- No query code has an empty hash: the citizen's page is as if there had been no such appeal.
  update appeals.appeal set title = gone, content = gone, expectation = null, address = null, query_hash = '' where id = the_order;
  get diagnostics n = row_count;
  removed := removed || jsonb_build_object('appeal', n);

  update appeals.supplement set content = gone where appeal_id = the_order and id >= young;
  get diagnostics n = row_count;
  removed := removed || jsonb_build_object('supplements', n);

  update appeals.rating set comment = null where appeal_id = the_order and comment is not null;
  get diagnostics n = row_count;
  removed := removed || jsonb_build_object('comments', n);

  with deleted as (
    delete from appeals.attachment where appeal_id = the_order and id >= young returning file_key, thumb_key
  )
  select count(*), array_agg(file_key) || array_agg(thumb_key) into n, keys from deleted;
  -- An upload waits for a day and keeps its name; whoever waits with the same file sends it again.
  delete from appeals.upload where file_key = any (keys);
  update appeals.stored_file set touched_at = 'epoch' where key = any (keys);
  removed := removed || jsonb_build_object('attachments', n);

  update orders.reply set text = gone, basis = null, check_opinion = null where order_id = the_order;
  get diagnostics n = row_count;
  removed := removed || jsonb_build_object('replies', n);

  update orders.task set opinion = null where order_id = the_order and opinion is not null;
  get diagnostics n = row_count;
  update orders.return_request set legal_basis = gone, opinion = gone where order_id = the_order;
  get diagnostics m = row_count;
  n := n + m;
  update orders.oversight set requirement = gone, answer = case when answer is not null then gone end, ended_opinion = null
    where order_id = the_order;
  get diagnostics m = row_count;
  n := n + m;
  update orders.refusal set explanation = gone where order_id = the_order;
  get diagnostics m = row_count;
  n := n + m;
  update orders.follow_up set note = null where order_id = the_order and note is not null;
  get diagnostics m = row_count;
  n := n + m;
  update reference.catalogue_objection set reason = gone, legal_basis = null where order_id = the_order;
  get diagnostics m = row_count;
  removed := removed || jsonb_build_object('notes', n + m);

  update casework.approval set input = '{}', opinion = null
    where case_id = the_order and not (action = 'purge' and state = 'approved');
  get diagnostics n = row_count;
  removed := removed || jsonb_build_object('requests', n);

  update platform.event set data = orders.data_without_words(data)
    where case_id = the_order and id >= young and data <> orders.data_without_words(data);
  get diagnostics n = row_count;
  removed := removed || jsonb_build_object('timeline', n);

  delete from platform.draft where starts_with(place, the_order::text || '.');
  get diagnostics n = row_count;
  return removed || jsonb_build_object('drafts', n);
end $function$;
revoke execute on function orders.purge from public;
grant execute on function orders.purge to minsheng_province, minsheng_city;
