import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2';
import { createHash } from 'node:crypto';
import type { Account, ApiKey, Me } from '#contracts/identity/identity.api.ts';
import { permissionsOf, type Role } from '#contracts/permissions.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { decide, Refusal } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import { PLATFORM, type Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { newSecret } from '#server/platform/crypto/crypto.ts';
import { codeRange, GATE, type Db, type DbScope } from '#server/platform/db/db.ts';
import { afterFailure, idleLimit, judgePassword, judgeRoles, SESSION, type PlaceFacts } from './identity.rules.ts';
import * as store from './identity.store.ts';
import {
  accountsPage,
  accountView,
  apiKeyBySecret,
  apiKeyView,
  sessionByToken,
  sessionsByTokens,
  type SessionRow,
} from './identity.views.ts';

export interface Identity {
  /** Logs in; gives the token for the cookie. @throws Refusal `identity.wrong-credentials`, `identity.locked` */
  login(input: { login: string; password: string }, ip: string | null): Promise<{ token: string; me: Me }>;
  logout(actor: Actor, token: string): Promise<void>;
  /** The person of a session token, or null. A person who must change his password may do nothing else. */
  bySession(token: string, ip: string | null): Promise<{ actor: Actor; me: Me } | null>;
  /** The machine of an API key, or null. */
  byKey(secret: string, ip: string | null): Promise<Actor | null>;
  /** Which of these session tokens still open something: for those who hold a connection instead of asking anew. */
  livingSessions(tokens: readonly string[]): Promise<ReadonlySet<string>>;
  changePassword(actor: Actor, token: string, input: { present: string; next: string }): Promise<Me>;
  createAccount(actor: Actor, input: PlaceFacts & { login: string; name: string }): Promise<{ account: Account; oneTimePassword: string }>;
  /** For the demo and the first administrator: an account with a password of the caller's choice. */
  addAccount(
    input: PlaceFacts & { login: string; name: string; password: string; mustChangePassword: boolean; at: Date },
  ): Promise<boolean>;
  /** For the demo: many accounts that share a password. */
  addAccounts(
    people: readonly (PlaceFacts & { id: string; login: string; name: string; mustChangePassword: boolean; at: Date })[],
    password: string,
  ): Promise<void>;
  /** Whether anybody has an account yet. */
  hasAccounts(): Promise<boolean>;
  setStatus(actor: Actor, id: string, status: 'active' | 'disabled', reason: string): Promise<Account>;
  resetPassword(actor: Actor, id: string, reason: string): Promise<string>;
  createApiKey(actor: Actor, input: { name: string; system: string }): Promise<{ key: ApiKey; secret: string }>;
  revokeApiKey(actor: Actor, id: string): Promise<ApiKey>;
}

/** A known session or key is looked up again after this: so long may a log-out on another node take to be felt. */
const KNOWN_MS = 2000;
const TOUCH_MS = 30_000;

export function createIdentityService({
  db,
  clock,
  unitName,
}: {
  db: Db;
  clock: Clock;
  unitName: (code: string | null) => string | null;
}): Identity {
  const known = new Map<string, { until: number; value: { actor: Actor; me: Me } }>();
  const knownKeys = new Map<string, { until: number; value: Actor }>();
  const now = () => new Date(clock.nowMs());
  // Verified against when there is no such account, so that the answer takes as long.
  const nobody = argon2Hash(newSecret());

  const forget = (accountId: string) => {
    for (const [key, entry] of known) if (entry.value.actor.accountId === accountId) known.delete(key);
  };

  const service: Identity = {
    async login({ login, password }, ip) {
      const name = login.trim().toLowerCase();
      const at = now();
      const found = await db.transact(GATE, async (tx) => ({
        account: await store.accountByLogin(tx, name),
        failures: await store.lockFailures(tx, name),
      }));
      const lockedFor = (found.failures?.locked_until?.getTime() ?? 0) - at.getTime();
      if (lockedFor > 0)
        throw new Refusal({
          code: 'identity.locked',
          params: { minutes: Math.ceil(lockedFor / 60_000) },
          extra: { retryAfterS: Math.ceil(lockedFor / 1000) },
        });
      const right = await argon2Verify(found.account?.password_hash ?? (await nobody), password);
      const account = found.account;
      if (!right || account?.status !== 'active') {
        await db.transact(GATE, async (tx) => {
          const before = await store.lockFailures(tx, name);
          await store.saveFailures(
            tx,
            name,
            afterFailure(before ? { failures: before.failures, firstAtMs: before.first_at.getTime() } : null, at.getTime()),
          );
          await record(tx, { ...PLATFORM, name, ip, accountId: account?.id ?? null }, { at, action: 'identity.login', outcome: 'refused' });
        });
        throw new Refusal({ code: 'identity.wrong-credentials' });
      }
      const token = newSecret(32);
      const endsAt = new Date(at.getTime() + SESSION.absoluteMs);
      await db.transact(GATE, async (tx) => {
        await store.forgetFailures(tx, name);
        await store.openSession(tx, digest(token), account.id, at, endsAt, ip);
        await store.setLastLogin(tx, account.id, at);
        await record(
          tx,
          { ...PLATFORM, name: account.name, roles: account.roles as Role[], ip, accountId: account.id },
          { at, action: 'identity.login' },
        );
      });
      forget(account.id);
      const session = { ...account, created_at: at, seen_at: at, ends_at: endsAt };
      return { token, me: meOf(session, unitName) };
    },

    async logout(actor, token) {
      await db.transact(GATE, async (tx) => {
        await store.endSession(tx, digest(token));
        await record(tx, actor, { at: now(), action: 'identity.logout' });
      });
      if (actor.accountId) forget(actor.accountId);
    },

    async bySession(token, ip) {
      const hash = digest(token);
      const key = hash.toString('base64');
      const cached = known.get(key);
      if (cached && cached.until > performance.now()) return { ...cached.value, actor: { ...cached.value.actor, ip } };
      const at = now();
      const row = await db.transact(GATE, async (tx) => {
        const session = await sessionByToken(tx, hash);
        if (!session) return null;
        if (!isLiving(session, at)) {
          await store.endSession(tx, hash);
          return null;
        }
        const rested = at.getTime() - session.seen_at.getTime();
        if (rested > TOUCH_MS) await store.touchSession(tx, hash, at);
        return session;
      });
      known.delete(key);
      if (!row) return null;
      const value = { actor: actorOf(row, ip), me: meOf(row, unitName) };
      if (known.size > 20_000) known.clear();
      known.set(key, { until: performance.now() + KNOWN_MS, value });
      return value;
    },

    async livingSessions(tokens) {
      const byHash = new Map(tokens.map((token) => [digest(token).toString('base64'), token]));
      const at = now();
      const rows = await db.transact(GATE, (tx) =>
        sessionsByTokens(
          tx,
          [...byHash.keys()].map((hash) => Buffer.from(hash, 'base64')),
        ),
      );
      return new Set(rows.filter((row) => isLiving(row, at)).flatMap((row) => byHash.get(row.token_hash.toString('base64')) ?? []));
    },

    async byKey(secret, ip) {
      const hash = digest(secret);
      const name = hash.toString('base64');
      const cached = knownKeys.get(name);
      if (cached && cached.until > performance.now()) return { ...cached.value, ip };
      const at = now();
      const row = await db.transact(GATE, async (tx) => {
        const key = await apiKeyBySecret(tx, hash);
        if (!key || key.revoked_at) return null;
        if (at.getTime() - (key.last_used_at?.getTime() ?? 0) > 60_000) await store.touchApiKey(tx, key.id, at);
        return key;
      });
      knownKeys.delete(name);
      if (!row) return null;
      const actor: Actor = {
        accountId: null,
        name: row.name,
        login: null,
        roles: ['machine'],
        permissions: permissionsOf(['machine']),
        scopeKind: 'peer',
        scope: { role: 'peer', sourceSystem: row.system },
        region: null,
        unitCode: null,
        sourceSystem: row.system,
        ip,
      };
      knownKeys.set(name, { until: performance.now() + KNOWN_MS, value: actor });
      return actor;
    },

    async changePassword(actor, token, { present, next }) {
      const account = await db.transact(GATE, (tx) => store.lockAccount(tx, actor.accountId ?? ''));
      if (!account) throw new Refusal({ code: 'base.unauthenticated' });
      if (!(await argon2Verify(account.password_hash, present)))
        throw new Refusal({ code: 'base.invalid-input', fields: [{ path: 'present', code: 'identity.wrong-password' }] });
      decide(judgePassword(account.login, next));
      const former = [account.password_hash, ...account.former_hashes].slice(0, 5);
      for (const hash of former) {
        if (await argon2Verify(hash, next))
          throw new Refusal({ code: 'base.invalid-input', fields: [{ path: 'next', code: 'identity.password-reused' }] });
      }
      const nextHash = await argon2Hash(next);
      await db.transact(GATE, async (tx) => {
        await store.setPassword(tx, account.id, nextHash, former, false, now());
        await record(tx, actor, { at: now(), action: 'identity.change-password', objectKind: 'account', objectId: account.id });
      });
      forget(account.id);
      const again = await service.bySession(token, actor.ip);
      if (!again) throw new Refusal({ code: 'identity.session-ended' });
      return again.me;
    },

    async createAccount(actor, input) {
      decide(judgeRoles(input));
      const oneTimePassword = newSecret(12);
      const id = newId();
      const at = now();
      const passwordHash = await argon2Hash(oneTimePassword);
      return db.transact(GATE, async (tx) => {
        const row = { id, ...input, passwordHash, mustChangePassword: true, at };
        if (!(await store.addAccount(tx, row)))
          throw new Refusal({ code: 'identity.login-taken', fields: [{ path: 'login', code: 'identity.login-taken' }] });
        await record(tx, actor, {
          at,
          action: 'identity.create-account',
          objectKind: 'account',
          objectId: id,
          detail: { login: input.login, roles: input.roles, scope: input.scope, region: input.region, unitCode: input.unitCode },
        });
        const account = await store.accountByLogin(tx, input.login);
        return { account: accountView(account!), oneTimePassword };
      });
    },

    async addAccount({ password, at, ...input }) {
      decide(judgeRoles(input));
      const passwordHash = await argon2Hash(password);
      return db.transact(GATE, async (tx) => {
        const id = newId(at.getTime());
        const added = await store.addAccount(tx, { id, ...input, passwordHash, at });
        if (added)
          await record(tx, PLATFORM, {
            at,
            action: 'identity.create-account',
            objectKind: 'account',
            objectId: id,
            detail: { login: input.login, roles: input.roles },
          });
        return added;
      });
    },

    async addAccounts(people, password) {
      const passwordHash = await argon2Hash(password);
      await db.transact(GATE, async (tx) => {
        for (const person of people) {
          decide(judgeRoles(person));
          await store.addAccount(tx, { ...person, passwordHash });
        }
        await record(tx, PLATFORM, {
          at: now(),
          action: 'identity.create-accounts',
          objectKind: 'account',
          detail: { count: people.length },
        });
      });
    },

    hasAccounts: () => db.transact(GATE, async (tx) => (await accountsPage(tx, { after: null, limit: 1 })).length > 0),

    async setStatus(actor, id, status, reason) {
      if (id === actor.accountId) throw new Refusal({ code: 'identity.not-yourself' });
      const account = await db.transact(GATE, async (tx) => {
        const row = await store.lockAccount(tx, id);
        if (!row) throw new Refusal({ code: 'base.not-found' });
        await store.setStatus(tx, id, status);
        if (status === 'disabled') await store.endSessionsOf(tx, id);
        await record(tx, actor, {
          at: now(),
          action: 'identity.set-account-status',
          objectKind: 'account',
          objectId: id,
          detail: { before: row.status, after: status, reason },
        });
        return accountView({ ...row, status });
      });
      forget(id);
      return account;
    },

    async resetPassword(actor, id, reason) {
      if (id === actor.accountId) throw new Refusal({ code: 'identity.not-yourself' });
      const oneTimePassword = newSecret(12);
      const nextHash = await argon2Hash(oneTimePassword);
      await db.transact(GATE, async (tx) => {
        const row = await store.lockAccount(tx, id);
        if (!row) throw new Refusal({ code: 'base.not-found' });
        await store.setPassword(tx, id, nextHash, [row.password_hash, ...row.former_hashes].slice(0, 5), true, now());
        await store.forgetFailures(tx, row.login);
        await store.endSessionsOf(tx, id);
        await record(tx, actor, { at: now(), action: 'identity.reset-password', objectKind: 'account', objectId: id, detail: { reason } });
      });
      forget(id);
      return oneTimePassword;
    },

    async createApiKey(actor, { name, system }) {
      const secret = `msk_${newSecret(30)}`;
      const key = {
        id: newId(),
        name,
        system,
        prefix: secret.slice(0, 8),
        secretHash: digest(secret),
        by: actor.accountId ?? '',
        at: now(),
      };
      await db.transact(GATE, async (tx) => {
        await store.addApiKey(tx, key);
        await record(tx, actor, {
          at: key.at,
          action: 'identity.create-api-key',
          objectKind: 'api-key',
          objectId: key.id,
          detail: { name, system },
        });
      });
      return {
        key: apiKeyView({ id: key.id, name, system, prefix: key.prefix, created_at: key.at, revoked_at: null, last_used_at: null }),
        secret,
      };
    },

    async revokeApiKey(actor, id) {
      const row = await db.transact(GATE, async (tx) => {
        const revoked = await store.revokeApiKey(tx, id, now());
        if (!revoked) throw new Refusal({ code: 'base.not-found' });
        await record(tx, actor, { at: now(), action: 'identity.revoke-api-key', objectKind: 'api-key', objectId: id });
        return revoked;
      });
      knownKeys.clear();
      return apiKeyView(row);
    },
  };
  return service;
}

/** Tokens and keys are long and random, so a plain hash hides them well enough. */
function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Whether a session still opens something: its account stands, its day is not over, and it was used of late. */
function isLiving(row: Pick<SessionRow, 'status' | 'roles' | 'seen_at' | 'ends_at'>, at: Date): boolean {
  return row.status === 'active' && at < row.ends_at && at.getTime() - row.seen_at.getTime() <= idleLimit(row.roles as Role[]);
}

function actorOf(row: SessionRow, ip: string | null): Actor {
  const held = row.roles as Role[];
  return {
    accountId: row.id,
    name: row.name,
    login: row.login,
    roles: held,
    permissions: row.must_change_password ? new Set() : permissionsOf(held),
    scopeKind: row.scope as Actor['scopeKind'],
    scope: { ...scopeOf(row), account: row.id },
    region: row.region,
    unitCode: row.unit_code,
    sourceSystem: null,
    ip,
  };
}

function scopeOf(row: { scope: string; region: string | null; unit_code: string | null }): DbScope {
  if (row.scope === 'city') {
    // A city's code ends in 00; its scope is every code that begins with the first four digits.
    const range = codeRange((row.region ?? '').replace(/00$/, ''));
    return { role: 'city', regionLo: range.lo, regionHi: range.hi };
  }
  if (row.scope === 'unit') {
    const range = codeRange(row.unit_code ?? '');
    return { role: 'unit', unitLo: range.lo, unitHi: range.hi };
  }
  return { role: row.scope as 'province' | 'operations' };
}

function meOf(row: Omit<SessionRow, 'status'>, unitName: (code: string | null) => string | null): Me {
  const held = row.roles as Role[];
  return {
    accountId: row.id,
    login: row.login,
    name: row.name,
    roles: held,
    scope: row.scope as Me['scope'],
    region: row.region,
    unit: row.unit_code ? { code: row.unit_code, name: unitName(row.unit_code) ?? row.unit_code } : null,
    permissions: row.must_change_password ? [] : [...permissionsOf(held)].toSorted(),
    mustChangePassword: row.must_change_password,
    idleMinutes: idleLimit(held) / 60_000,
    endsAt: row.ends_at.toISOString(),
  };
}
