import { sql } from 'kysely';
import type { Account, ApiKey } from '#contracts/identity/identity.api.ts';
import { roles, type Permission, type RoleFacts } from '#contracts/permissions.ts';
import type { Tx } from '#server/platform/db/db.ts';

/** The account behind a session token, with what is needed to judge whether the session still lives. */
export async function sessionByToken(tx: Tx, tokenHash: Buffer) {
  return tx
    .selectFrom('identity.session as s')
    .innerJoin('identity.account as a', 'a.id', 's.account_id')
    .select([
      'a.id',
      'a.login',
      'a.name',
      'a.roles',
      'a.scope',
      'a.region',
      'a.unit_code',
      'a.status',
      'a.must_change_password',
      's.created_at',
      's.seen_at',
      's.ends_at',
    ])
    .where('s.token_hash', '=', tokenHash)
    .executeTakeFirst();
}

/** What is needed to judge whether these sessions still live. */
export async function sessionsByTokens(tx: Tx, tokenHashes: readonly Buffer[]) {
  return tx
    .selectFrom('identity.session as s')
    .innerJoin('identity.account as a', 'a.id', 's.account_id')
    .select(['s.token_hash', 'a.status', 'a.roles', 's.seen_at', 's.ends_at'])
    .where('s.token_hash', '=', sql<Buffer>`any(${tokenHashes}::bytea[])`)
    .execute();
}

export type SessionRow = NonNullable<Awaited<ReturnType<typeof sessionByToken>>>;

export async function apiKeyBySecret(tx: Tx, secretHash: Buffer) {
  return tx.selectFrom('identity.api_key').selectAll().where('secret_hash', '=', secretHash).executeTakeFirst();
}

export async function accountsPage(
  tx: Tx,
  filter: { q?: string; role?: string; status?: string; within?: { lo: string; hi: string }; after: string | null; limit: number },
): Promise<Account[]> {
  const rows = await tx
    .selectFrom('identity.account as a')
    .leftJoin('identity.login_failure as f', 'f.login', 'a.login')
    .selectAll('a')
    .select('f.locked_until')
    .$if(filter.q !== undefined && filter.q.trim() !== '', (query) =>
      query.where((eb) =>
        eb.or([
          eb(sql<number>`position(${filter.q!.trim()} in a.name)`, '>', 0),
          eb(sql<number>`position(${filter.q!.trim().toLowerCase()} in a.login)`, '>', 0),
        ]),
      ),
    )
    // Codes of units begin with the code of their region, so one range holds the people of a city and of its units.
    .$if(filter.within !== undefined, (query) =>
      query.where(
        sql<boolean>`coalesce(a.region, a.unit_code) >= ${filter.within!.lo} and coalesce(a.region, a.unit_code) < ${filter.within!.hi}`,
      ),
    )
    .$if(filter.role !== undefined, (query) => query.where(sql<boolean>`${filter.role} = any(a.roles)`))
    .$if(filter.status !== undefined, (query) => query.where('a.status', '=', filter.status!))
    .$if(filter.after !== null, (query) => query.where('a.login', '>', filter.after!))
    .orderBy('a.login')
    .limit(filter.limit)
    .execute();
  return rows.map(accountView);
}

type AccountRow = {
  id: string;
  login: string;
  name: string;
  roles: string[];
  scope: string;
  region: string | null;
  unit_code: string | null;
  status: string;
  last_login_at: Date | null;
  created_at: Date;
  locked_until?: Date | null;
};

export function accountView(row: AccountRow): Account {
  return {
    id: row.id,
    login: row.login,
    name: row.name,
    roles: row.roles as Account['roles'],
    scope: row.scope as Account['scope'],
    region: row.region,
    unitCode: row.unit_code,
    status: row.status as Account['status'],
    lockedUntil: row.locked_until?.toISOString() ?? null,
    lastLoginAt: row.last_login_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  };
}

export async function apiKeys(tx: Tx): Promise<ApiKey[]> {
  const rows = await tx.selectFrom('identity.api_key').selectAll().orderBy('id', 'desc').execute();
  return rows.map(apiKeyView);
}

export function apiKeyView(row: {
  id: string;
  name: string;
  system: string;
  prefix: string;
  created_at: Date;
  revoked_at: Date | null;
  last_used_at: Date | null;
}): ApiKey {
  return {
    id: row.id,
    name: row.name,
    system: row.system,
    prefix: row.prefix,
    createdAt: row.created_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}

/** Who may do something: the active people whose posts hold this permission, by name. Reads no more of an account than that. */
export async function peopleHolding(tx: Tx, permission: Permission): Promise<{ id: string; name: string; roles: string[] }[]> {
  const holders = (Object.entries(roles) as [string, RoleFacts][]).filter(([, facts]) => facts.permissions.includes(permission));
  return tx
    .selectFrom('identity.account')
    .select(['id', 'name', 'roles'])
    .where('status', '=', 'active')
    .where('roles', '&&', sql<string[]>`${holders.map(([role]) => role)}::text[]`)
    .orderBy('name')
    .execute();
}

/** The name of an active account; null where there is none. */
export async function personName(tx: Tx, id: string): Promise<string | null> {
  const row = await tx.selectFrom('identity.account').select('name').where('id', '=', id).where('status', '=', 'active').executeTakeFirst();
  return row?.name ?? null;
}
