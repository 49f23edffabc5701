-- The dispatch catalogue (派单目录): which unit owns which matter in which region, by which law. A change is a new version.
create table reference.catalogue_entry (
  id uuid not null,
  version integer not null,
  state text not null constraint catalogue_entry_state_check check (state in ('proposed', 'approved', 'withdrawn')),
  -- The beginnings of the region and category codes it holds for.
  region text collate "C" not null,
  category text collate "C" not null,
  -- Either one unit, or whichever unit of this kind and level the place has.
  unit_code text collate "C" constraint catalogue_entry_unit_fk references reference.unit (code),
  unit_kind text,
  unit_level text,
  role text not null constraint catalogue_entry_role_check check (role in ('main', 'assist')),
  legal_source text not null,
  reason text not null,
  ended boolean not null default false,
  proposer uuid,
  proposed_by text not null,
  proposed_at timestamptz not null,
  approver uuid,
  approved_by text,
  approved_at timestamptz,
  effective_from timestamptz,
  opinion text,
  primary key (id, version),
  constraint catalogue_entry_owner_check check ((unit_code is null) = (unit_kind is not null) and (unit_kind is null) = (unit_level is null)),
  constraint catalogue_entry_approved_check check (state <> 'approved' or effective_from is not null)
);
create index catalogue_entry_category_idx on reference.catalogue_entry (category);
create index catalogue_entry_region_idx on reference.catalogue_entry (region);
create index catalogue_entry_unit_idx on reference.catalogue_entry (unit_code) where unit_code is not null;
create unique index catalogue_entry_waiting_key on reference.catalogue_entry (id) where state = 'proposed';
call platform.protect('reference.catalogue_entry', 'select, insert, update');
grant select on reference.catalogue_entry to minsheng_unit, minsheng_peer, minsheng_operations;
create policy published on reference.catalogue_entry for select to minsheng_city, minsheng_unit, minsheng_peer, minsheng_operations
  using (state = 'approved');

-- What units said against a dispatch: the wish list of the catalogue's next revision.
create table reference.catalogue_objection (
  id uuid primary key,
  at timestamptz not null,
  -- The entry the dispatch rested on; none where the catalogue has a gap.
  entry_id uuid,
  entry_version integer,
  order_id uuid not null,
  region text collate "C" not null,
  category text collate "C",
  unit_code text collate "C" not null,
  suggested_unit text collate "C",
  reason text not null,
  legal_basis text,
  -- The version that takes it up; without one it is open.
  answer_id uuid,
  answer_version integer,
  constraint catalogue_objection_entry_fk foreign key (entry_id, entry_version) references reference.catalogue_entry (id, version),
  constraint catalogue_objection_answer_fk foreign key (answer_id, answer_version) references reference.catalogue_entry (id, version)
);
create index catalogue_objection_entry_idx on reference.catalogue_objection (entry_id, id desc);
create index catalogue_objection_answer_idx on reference.catalogue_objection (answer_id, answer_version) where answer_id is not null;
call platform.protect('reference.catalogue_objection', 'select, insert, update');
grant insert on reference.catalogue_objection to minsheng_unit;
create policy own_unit on reference.catalogue_objection for insert to minsheng_unit
  with check (unit_code >= (select current_setting('minsheng.unit_lo', true)) and unit_code < (select current_setting('minsheng.unit_hi', true)));

-- The catalogue says it now, with regions, units and laws.
drop table reference.unit_category;
