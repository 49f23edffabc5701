-- What software stands where, what is known to be vulnerable of it, and where both meet.

-- The last inventory of an asset, by where it was taken from.
create table operations.inventory (
  asset text collate "C" not null,
  origin text not null constraint inventory_origin_check check (origin in ('build', 'dpkg', 'sbom')),
  taken_at timestamptz not null,
  taken_by text not null,
  components integer not null,
  -- Entries that name no package and so match nothing.
  passed_over integer not null,
  primary key (asset, origin)
);
call operations.protect('operations.inventory');
grant insert, update on operations.inventory to minsheng_operations;

create table operations.component (
  asset text collate "C" not null,
  origin text not null,
  purl text collate "C" not null,
  name text collate "C" not null,
  version text collate "C" not null,
  -- Who it is to advisories: of a Debian package its source. Null where none can speak of it.
  ecosystem text collate "C",
  release text collate "C",
  package text collate "C",
  matched_version text collate "C",
  licences text[] not null,
  hash text,
  development boolean not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  gone_at timestamptz,
  primary key (asset, origin, purl),
  constraint component_inventory_fk foreign key (asset, origin) references operations.inventory
);
create index component_package_idx on operations.component (ecosystem, package) where gone_at is null;
create index component_name_idx on operations.component (name, version) where gone_at is null;
call operations.protect('operations.component');
grant insert, update on operations.component to minsheng_operations;

-- Advisories as they were published, reduced to what is matched.
create table operations.advisory (
  id text collate "C" primary key,
  -- One for all advisories of the same matter: its CVE, where it has one.
  key text collate "C" not null,
  source text not null constraint advisory_source_check check (source in ('osv', 'nvd')),
  summary text not null,
  severity smallint constraint advisory_severity_check check (severity between 1 and 4),
  exploited boolean not null,
  withdrawn boolean not null,
  modified_at timestamptz,
  affected jsonb not null,
  imported_at timestamptz not null
);
create index advisory_key_idx on operations.advisory (key);
call operations.protect('operations.advisory');
grant insert, update on operations.advisory to minsheng_operations;

create table operations.advisory_package (
  ecosystem text collate "C" not null,
  package text collate "C" not null,
  advisory_id text collate "C" not null constraint advisory_package_advisory_fk references operations.advisory,
  primary key (ecosystem, package, advisory_id)
);
create index advisory_package_advisory_idx on operations.advisory_package (advisory_id);
call operations.protect('operations.advisory_package');
grant insert, delete on operations.advisory_package to minsheng_operations;

-- Where a vulnerable version was found, and until when it stood there. All of one matter and package have one record at a time.
create table operations.exposure (
  key text collate "C" not null,
  ecosystem text collate "C" not null,
  package text collate "C" not null,
  asset text collate "C" not null,
  purl text collate "C" not null,
  version text collate "C" not null,
  fixed_in text,
  record_id uuid not null constraint exposure_record_fk references operations.record,
  found_at timestamptz not null,
  gone_at timestamptz,
  primary key (key, ecosystem, package, asset, purl)
);
create index exposure_package_idx on operations.exposure (ecosystem, package);
create index exposure_record_idx on operations.exposure (record_id);
create index exposure_place_idx on operations.exposure (asset, purl) where gone_at is null;
call operations.protect('operations.exposure');
grant insert, update on operations.exposure to minsheng_operations;

create table operations.advisory_import (
  id uuid primary key,
  at timestamptz not null,
  by_name text not null,
  file_name text not null,
  outcome jsonb not null
);
call operations.protect('operations.advisory_import');
grant insert on operations.advisory_import to minsheng_operations;
