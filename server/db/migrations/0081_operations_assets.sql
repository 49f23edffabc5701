-- The register of assets, and what stands on what. Found by the platform where it can be; people add the rest.
create table operations.asset (
  key text collate "C" primary key,
  kind text not null constraint asset_kind_check
    check (kind in ('function', 'service', 'node', 'database', 'host', 'interface', 'certificate', 'licence', 'site')),
  name text not null,
  owner text,
  room text,
  serial text,
  supplier text,
  warranty_until date,
  -- When a certificate or a licence ends.
  expires_on date,
  note text,
  -- When the platform last found it; null where a person wrote it down.
  found_at timestamptz,
  retired_at timestamptz,
  version integer not null default 1,
  changed_by text not null,
  changed_at timestamptz not null
);
call operations.protect('operations.asset');
grant insert, update on operations.asset to minsheng_operations;

create table operations.asset_relation (
  upper text collate "C" not null constraint asset_relation_upper_fk references operations.asset,
  lower text collate "C" not null constraint asset_relation_lower_fk references operations.asset,
  found boolean not null,
  primary key (upper, lower),
  constraint asset_relation_self_check check (upper <> lower)
);
create index asset_relation_lower_idx on operations.asset_relation (lower);
call operations.protect('operations.asset_relation');
grant insert, update, delete on operations.asset_relation to minsheng_operations;

-- Nobody is told of an alert either while one as grave of what it stands on is open.
alter table operations.alert drop constraint alert_hushed_check;
alter table operations.alert add constraint alert_hushed_check check (hushed in ('silence', 'maintenance', 'inhibited'));
