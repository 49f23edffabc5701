-- Unified norms (统一业务规范): limits, required fields, classification and reply rules of the province, and what a city adds
-- to them. A version is one document; it is never changed after its approval.
create table reference.norm (
  id uuid primary key,
  -- The beginning of the region codes it holds for: 32 is the province, four digits are a city.
  region text collate "C" not null,
  state text not null constraint norm_state_check check (state in ('draft', 'trying', 'tried', 'approved', 'withdrawn')),
  revision integer not null,
  -- Given at the approval; a withdrawn one keeps its number.
  version integer,
  title text not null,
  source text not null,
  content jsonb not null,
  -- Everybody who wrote at it: none of them approves it.
  drafters uuid[] not null,
  drafted_by text not null,
  drafted_at timestamptz not null,
  approver uuid,
  approved_by text,
  approved_at timestamptz,
  effective_from timestamptz,
  opinion text,
  constraint norm_version_key unique (region, version),
  constraint norm_approved_check check (state <> 'approved' or (version is not null and approved_at is not null and effective_from is not null))
);
create index norm_region_idx on reference.norm (region, id desc);

-- The limits that stand already become versions of the province's norm: one for each instant at which any of them changed.
alter table reference.limit_rule
  drop constraint limit_rule_instant_key,
  add column region text collate "C" not null default '32',
  add column category text collate "C" not null default '';
insert into reference.norm (id, region, state, revision, version, title, source, content, drafters, drafted_by, drafted_at, approved_by, approved_at, effective_from)
select gen_random_uuid(), '32', 'approved', 1, row_number() over (order by e.effective_from), '办理时限', '原办理时限规则',
  jsonb_build_object('limits', r.limits, 'fields', '[]'::jsonb, 'categories', '[]'::jsonb, 'replies', '[]'::jsonb, 'phrases', '[]'::jsonb),
  '{}', '系统', now(), '系统', now(), e.effective_from
from (select distinct effective_from from reference.limit_rule) e
cross join lateral (
  select jsonb_agg(jsonb_build_object('urgency', l.urgency, 'appealType', l.appeal_type, 'clock', l.clock, 'category', '', 'mode', l.mode,
    'amount', l.amount, 'source', l.source, 'rule', l.id || '/' || l.version)) as limits
  from (select distinct on (urgency, appeal_type, clock) * from reference.limit_rule
    where effective_from <= e.effective_from order by urgency, appeal_type, clock, effective_from desc) l
) r;

-- What is left of a limit's rule is what a clock names: its id and version, and what it said. When it was in force is the norm's to say.
alter table reference.limit_rule
  drop column effective_from,
  add constraint limit_rule_version_key unique (region, category, urgency, appeal_type, clock, version);
create sequence reference.limit_rule_id start 1000;
grant usage on sequence reference.limit_rule_id to minsheng_province, minsheng_city, minsheng_system;
call platform.protect('reference.limit_rule', 'select, insert');
create policy published on reference.limit_rule for select to minsheng_city, minsheng_unit, minsheng_self, minsheng_peer, minsheng_operations using (true);

-- A draft is seen by the province and by its own city; what was approved by everybody who works by it.
call platform.protect('reference.norm', 'select, insert, update');
grant select on reference.norm to minsheng_unit, minsheng_peer, minsheng_operations;
create policy published on reference.norm for select to minsheng_city, minsheng_unit, minsheng_peer, minsheng_operations using (state = 'approved');

-- What a draft would have changed of last month's orders.
create table reference.norm_trial (
  id uuid primary key,
  norm_id uuid not null constraint norm_trial_norm_fk references reference.norm (id),
  region text collate "C" not null,
  state text not null constraint norm_trial_state_check check (state in ('waiting', 'running', 'done')),
  from_at timestamptz not null,
  to_at timestamptz not null,
  started_at timestamptz not null,
  started_by text not null,
  ended_at timestamptz,
  -- Where it goes on when it was cut off, and what it had counted by then: by city.
  after_order uuid,
  totals jsonb not null default '[]'
);
create index norm_trial_norm_idx on reference.norm_trial (norm_id, id desc);
create table reference.norm_trial_order (
  trial_id uuid not null constraint norm_trial_order_trial_fk references reference.norm_trial (id),
  order_id uuid not null,
  number text collate "C" not null,
  region text collate "C" not null,
  whats text[] not null,
  changes jsonb not null,
  primary key (trial_id, order_id)
);
call platform.protect('reference.norm_trial', 'select, insert');
call platform.protect('reference.norm_trial_order', 'select');
grant update on reference.norm_trial to minsheng_system;
grant insert on reference.norm_trial_order to minsheng_system;
