create table identity.account (
  id uuid primary key,
  login text not null constraint account_login_key unique,
  name text not null,
  roles text[] not null,
  scope text not null constraint account_scope_check check (scope in ('province', 'city', 'unit', 'operations')),
  region text collate "C",
  unit_code text collate "C" constraint account_unit_fk references reference.unit (code),
  password_hash text not null,
  password_changed_at timestamptz not null,
  must_change_password boolean not null,
  -- Hashes of the former passwords, newest first, at most five.
  former_hashes text[] not null default '{}',
  status text not null default 'active' constraint account_status_check check (status in ('active', 'disabled')),
  last_login_at timestamptz,
  created_at timestamptz not null,
  constraint account_place_check check (
    (scope = 'unit') = (unit_code is not null) and (scope = 'city') <= (region is not null))
);
create index account_unit_idx on identity.account (unit_code);

-- Failed log-ins by the name that was typed, whether or not such an account exists: a lock tells nobody which do.
create table identity.login_failure (
  login text primary key,
  failures smallint not null,
  first_at timestamptz not null,
  locked_until timestamptz
);

-- A session is known by the hash of its token alone: a copy of this table opens nothing.
create table identity.session (
  token_hash bytea primary key,
  account_id uuid not null constraint session_account_fk references identity.account (id),
  created_at timestamptz not null,
  seen_at timestamptz not null,
  ends_at timestamptz not null,
  ip text
);
create index session_account_idx on identity.session (account_id);

create table identity.api_key (
  id uuid primary key,
  name text not null,
  system text not null,
  prefix text not null,
  secret_hash bytea not null constraint api_key_secret_key unique,
  created_at timestamptz not null,
  created_by uuid not null constraint api_key_creator_fk references identity.account (id),
  revoked_at timestamptz,
  last_used_at timestamptz
);
create index api_key_creator_idx on identity.api_key (created_by);

grant select, insert, update on identity.account, identity.api_key to minsheng_gate;
grant select, insert, update, delete on identity.session, identity.login_failure to minsheng_gate;
grant select on reference.unit to minsheng_gate;
grant usage on schema reference to minsheng_gate;
grant select on identity.account to minsheng_system;
