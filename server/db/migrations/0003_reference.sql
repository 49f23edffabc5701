create table reference.region (
  code text collate "C" primary key,
  name text not null,
  level text not null constraint region_level_check check (level in ('province', 'city', 'county', 'street')),
  parent text collate "C" constraint region_parent_fk references reference.region (code),
  statistical boolean not null
);
create index region_parent_idx on reference.region (parent);

-- Handling units (承办单位). The code is a path: a unit's subtree is the range of codes that begin with its own.
create table reference.unit (
  code text collate "C" primary key,
  name text not null,
  short_name text not null,
  kind text not null,
  level text not null constraint unit_level_check check (level in ('province', 'city', 'county', 'street')),
  region text collate "C" not null constraint unit_region_fk references reference.region (code),
  parent text collate "C" constraint unit_parent_fk references reference.unit (code),
  active boolean not null default true
);
create index unit_parent_idx on reference.unit (parent);
create index unit_region_idx on reference.unit (region, kind);

create table reference.category (
  code text collate "C" primary key,
  name text not null,
  name_en text not null,
  level smallint not null,
  parent text collate "C" constraint category_parent_fk references reference.category (code)
);
create index category_parent_idx on reference.category (parent);

-- Which kind of unit usually owns a category, at which level.
create table reference.unit_category (
  category text collate "C" not null constraint unit_category_category_fk references reference.category (code),
  kind text not null,
  level text not null,
  role text not null constraint unit_category_role_check check (role in ('main', 'assist')),
  primary key (category, kind, level)
);

create table reference.code_item (
  list text not null,
  code text not null,
  place smallint not null,
  zh text not null,
  en text not null,
  extra jsonb not null default '{}',
  primary key (list, code)
);

create table reference.calendar_year (
  year smallint primary key,
  source text not null,
  imported_at timestamptz not null,
  imported_by uuid
);
create table reference.holiday (
  date date primary key,
  year smallint not null constraint holiday_year_fk references reference.calendar_year (year),
  name text not null,
  type text not null constraint holiday_type_check check (type in ('off', 'work'))
);
create index holiday_year_idx on reference.holiday (year);

-- The limits matrix (DOMAIN §1.4). A change is a new version with its own effective instant; versions are never edited.
create table reference.limit_rule (
  id integer not null,
  version integer not null,
  urgency smallint not null,
  appeal_type text not null,
  clock text not null,
  mode text not null constraint limit_rule_mode_check check (mode in ('minute', 'hour', 'workday')),
  amount numeric not null constraint limit_rule_amount_check check (amount > 0),
  effective_from timestamptz not null,
  source text not null,
  created_by uuid,
  primary key (id, version),
  constraint limit_rule_instant_key unique (urgency, appeal_type, clock, effective_from)
);

grant select on all tables in schema reference
  to minsheng_province, minsheng_city, minsheng_unit, minsheng_self, minsheng_peer, minsheng_operations, minsheng_system;
grant insert on reference.calendar_year, reference.holiday, reference.limit_rule to minsheng_province;
grant insert, update on all tables in schema reference to minsheng_system;
