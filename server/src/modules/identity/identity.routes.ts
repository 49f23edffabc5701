import type { FastifyReply, FastifyRequest } from 'fastify';
import { auditApi, identityApi } from '#contracts/identity/identity.api.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import { verifyChain } from '#server/platform/audit/audit.ts';
import { auditPage } from '#server/platform/audit/audit.views.ts';
import { GATE, type Db } from '#server/platform/db/db.ts';
import { bind, SESSION_COOKIE, type Binding } from '#server/platform/http/bind.ts';
import type { Identity } from './identity.service.ts';
import { accountsPage, apiKeys } from './identity.views.ts';

export interface IdentityRoutesDeps {
  readonly identity: Identity;
  readonly db: Db;
  readonly secureCookies: boolean;
  readonly checkUnit: (code: string, path: string) => unknown;
  readonly checkRegion: (code: string, path: string) => void;
}

/** Who a request is made by: a person by the cookie, a machine by its key. */
export function createAuthenticate(identity: Identity): (request: FastifyRequest) => Promise<Actor | null> {
  return async (request) => {
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (bearer) {
      const machine = await identity.byKey(bearer, request.ip);
      if (!machine) throw new Refusal({ code: 'identity.unknown-key' });
      return machine;
    }
    const token = request.cookies[SESSION_COOKIE];
    if (!token) return null;
    const session = await identity.bySession(token, request.ip);
    if (!session) return null;
    const own = request.url.startsWith('/api/session');
    if (session.me.mustChangePassword && !own) throw new Refusal({ code: 'identity.password-change-due' });
    return session.actor;
  };
}

/**
 * The token of the session a request came with. Machines have none to hold, to look at, to end or to change, even where
 * a cookie comes along with their key.
 *
 * @throws Refusal `base.unauthenticated`
 */
export function sessionOf(actor: Actor, request: FastifyRequest): string {
  const token = request.cookies[SESSION_COOKIE];
  if (!token || actor.accountId === null) throw new Refusal({ code: 'base.unauthenticated' });
  return token;
}

export function identityRoutes({ identity, db, secureCookies, checkUnit, checkRegion }: IdentityRoutesDeps): Binding[] {
  const setCookie = (reply: FastifyReply, token: string) =>
    void reply.setCookie(SESSION_COOKIE, token, { path: '/', httpOnly: true, sameSite: 'strict', secure: secureCookies });
  return [
    bind(identityApi.login, async ({ body, request, reply }) => {
      const { token, me } = await identity.login(body, request.ip);
      setCookie(reply, token);
      return me;
    }),
    bind(identityApi.me, async ({ actor, request }) => {
      const session = await identity.bySession(sessionOf(actor, request), request.ip);
      if (!session) throw new Refusal({ code: 'identity.session-ended' });
      return session.me;
    }),
    bind(identityApi.logout, async ({ actor, request, reply }) => {
      await identity.logout(actor, sessionOf(actor, request));
      void reply.clearCookie(SESSION_COOKIE, { path: '/' });
      return null;
    }),
    bind(identityApi.changePassword, async ({ actor, body, request }) => identity.changePassword(actor, sessionOf(actor, request), body)),
    bind(identityApi.accounts, async ({ actor, query }) =>
      db.transact(GATE, async (tx) => {
        const limit = query.limit ?? 20;
        const { scope } = actor;
        const rows = await accountsPage(tx, {
          after: query.cursor ?? null,
          limit: limit + 1,
          ...(scope.role === 'city' ? { within: { lo: scope.regionLo ?? '', hi: scope.regionHi ?? '' } } : {}),
          ...(query.q ? { q: query.q } : {}),
          ...(query.role ? { role: query.role } : {}),
          ...(query.status ? { status: query.status } : {}),
        });
        const items = rows.slice(0, limit);
        return { items, ...(rows.length > limit ? { nextCursor: items.at(-1)!.login } : {}) };
      }),
    ),
    bind(identityApi.createAccount, async ({ actor, body }) => {
      if (body.unitCode) checkUnit(body.unitCode, 'unitCode');
      if (body.region) checkRegion(body.region, 'region');
      return identity.createAccount(actor, { ...body, region: body.region ?? null, unitCode: body.unitCode ?? null });
    }),
    bind(identityApi.setAccountStatus, async ({ actor, params, body }) => identity.setStatus(actor, params.id, body.status, body.reason)),
    bind(identityApi.resetPassword, async ({ actor, params, body }) => ({
      oneTimePassword: await identity.resetPassword(actor, params.id, body.reason),
    })),
    bind(identityApi.apiKeys, async () => db.transact(GATE, async (tx) => ({ items: await apiKeys(tx) }))),
    bind(identityApi.createApiKey, async ({ actor, body }) => identity.createApiKey(actor, body)),
    bind(identityApi.revokeApiKey, async ({ actor, params }) => identity.revokeApiKey(actor, params.id)),
    bind(auditApi.list, async ({ actor, query }) => db.transact(actor.scope, (tx) => auditPage(tx, query))),
    bind(auditApi.verify, async ({ actor }) => verifyChain(db, actor.scope)),
  ];
}
