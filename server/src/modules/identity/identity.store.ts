import { sql } from 'kysely';
import type { Role } from '#contracts/permissions.ts';
import type { Tx } from '#server/platform/db/db.ts';

export interface NewAccount {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly scope: string;
  readonly region: string | null;
  readonly unitCode: string | null;
  readonly passwordHash: string;
  readonly mustChangePassword: boolean;
  readonly at: Date;
}

/** Adds an account; false when the name is taken. */
export async function addAccount(tx: Tx, account: NewAccount): Promise<boolean> {
  const made = await tx
    .insertInto('identity.account')
    .values({
      id: account.id,
      login: account.login,
      name: account.name,
      roles: [...account.roles],
      scope: account.scope,
      region: account.region,
      unit_code: account.unitCode,
      password_hash: account.passwordHash,
      password_changed_at: account.at,
      must_change_password: account.mustChangePassword,
      created_at: account.at,
    })
    .onConflict((oc) => oc.column('login').doNothing())
    .returning('id')
    .executeTakeFirst();
  return made !== undefined;
}

export async function accountByLogin(tx: Tx, login: string) {
  return tx.selectFrom('identity.account').selectAll().where('login', '=', login).executeTakeFirst();
}

export async function lockAccount(tx: Tx, id: string) {
  return tx.selectFrom('identity.account').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function setPassword(
  tx: Tx,
  id: string,
  hash: string,
  formerHashes: readonly string[],
  mustChange: boolean,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('identity.account')
    .set({ password_hash: hash, former_hashes: [...formerHashes], must_change_password: mustChange, password_changed_at: at })
    .where('id', '=', id)
    .execute();
}

export async function setStatus(tx: Tx, id: string, status: 'active' | 'disabled'): Promise<void> {
  await tx.updateTable('identity.account').set({ status }).where('id', '=', id).execute();
}

export async function setLastLogin(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.updateTable('identity.account').set({ last_login_at: at }).where('id', '=', id).execute();
}

/** The failures of a name, locked: two guesses at once count as two. */
export async function lockFailures(tx: Tx, login: string) {
  await sql`select pg_advisory_xact_lock(hashtext(${`login/${login}`}))`.execute(tx);
  return tx.selectFrom('identity.login_failure').selectAll().where('login', '=', login).executeTakeFirst();
}

export async function saveFailures(
  tx: Tx,
  login: string,
  facts: { failures: number; firstAtMs: number; lockedUntilMs: number | null },
): Promise<void> {
  const row = {
    failures: facts.failures,
    first_at: new Date(facts.firstAtMs),
    locked_until: facts.lockedUntilMs === null ? null : new Date(facts.lockedUntilMs),
  };
  await tx
    .insertInto('identity.login_failure')
    .values({ login, ...row })
    .onConflict((oc) => oc.column('login').doUpdateSet(row))
    .execute();
}

export async function forgetFailures(tx: Tx, login: string): Promise<void> {
  await tx.deleteFrom('identity.login_failure').where('login', '=', login).execute();
}

/** One live session per account: a new one ends the others. */
export async function openSession(tx: Tx, tokenHash: Buffer, accountId: string, at: Date, endsAt: Date, ip: string | null): Promise<void> {
  await tx.deleteFrom('identity.session').where('account_id', '=', accountId).execute();
  await tx
    .insertInto('identity.session')
    .values({ token_hash: tokenHash, account_id: accountId, created_at: at, seen_at: at, ends_at: endsAt, ip })
    .execute();
}

export async function endSession(tx: Tx, tokenHash: Buffer): Promise<void> {
  await tx.deleteFrom('identity.session').where('token_hash', '=', tokenHash).execute();
}

export async function endSessionsOf(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('identity.session').where('account_id', '=', accountId).execute();
}

export async function touchSession(tx: Tx, tokenHash: Buffer, at: Date): Promise<void> {
  await tx.updateTable('identity.session').set({ seen_at: at }).where('token_hash', '=', tokenHash).execute();
}

export async function addApiKey(
  tx: Tx,
  key: { id: string; name: string; system: string; prefix: string; secretHash: Buffer; by: string; at: Date },
): Promise<void> {
  await tx
    .insertInto('identity.api_key')
    .values({
      id: key.id,
      name: key.name,
      system: key.system,
      prefix: key.prefix,
      secret_hash: key.secretHash,
      created_by: key.by,
      created_at: key.at,
    })
    .execute();
}

export async function revokeApiKey(tx: Tx, id: string, at: Date) {
  return tx
    .updateTable('identity.api_key')
    .set({ revoked_at: sql<Date>`coalesce(revoked_at, ${at})` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

export async function touchApiKey(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.updateTable('identity.api_key').set({ last_used_at: at }).where('id', '=', id).execute();
}
