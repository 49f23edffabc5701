import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { IdText, Instant, OneOf, OrNull, PageOf, PageQuery, PlainText, UnitCode } from '../base/text.ts';
import { roles, type Role } from '../permissions.ts';

const tag = 'identity';
const ROLE_NAMES = Object.keys(roles) as [Role, ...Role[]];
const Login = Type.String({ pattern: '^[a-z][a-z0-9.-]{2,39}$', description: 'lower-case letters, digits, dot, dash' });
const Password = Type.String({ minLength: 1, maxLength: 200 });

export const SCOPES = ['province', 'city', 'unit', 'operations', 'peer'] as const;

/** Who is logged in and what he may do. */
export const Me = Type.Object({
  accountId: IdText,
  login: Type.String(),
  name: Type.String(),
  roles: Type.Array(OneOf(ROLE_NAMES)),
  scope: OneOf(SCOPES),
  region: OrNull(Type.String()),
  unit: OrNull(Type.Object({ code: Type.String(), name: Type.String() })),
  permissions: Type.Array(Type.String()),
  mustChangePassword: Type.Boolean(),
  idleMinutes: Type.Integer(),
  endsAt: Instant,
});
export type Me = Static<typeof Me>;

export const Account = Type.Object({
  id: IdText,
  login: Type.String(),
  name: Type.String(),
  roles: Type.Array(OneOf(ROLE_NAMES)),
  scope: OneOf(SCOPES),
  region: OrNull(Type.String()),
  unitCode: OrNull(Type.String()),
  status: OneOf(['active', 'disabled']),
  lockedUntil: OrNull(Instant),
  lastLoginAt: OrNull(Instant),
  createdAt: Instant,
});
export type Account = Static<typeof Account>;

export const ApiKey = Type.Object({
  id: IdText,
  name: Type.String(),
  system: Type.String(),
  prefix: Type.String(),
  createdAt: Instant,
  revokedAt: OrNull(Instant),
  lastUsedAt: OrNull(Instant),
});
export type ApiKey = Static<typeof ApiKey>;

export const identityApi = {
  login: route({
    method: 'POST',
    path: '/api/session',
    tag,
    access: 'public',
    summary: { zh: '登录', en: 'Log in' },
    body: Type.Object({ login: PlainText({ min: 1, max: 100 }), password: Password }, { additionalProperties: false }),
    reply: Me,
    errors: ['identity.wrong-credentials', 'identity.locked'],
  }),
  me: route({ method: 'GET', path: '/api/session', tag, access: 'session', summary: { zh: '当前登录', en: 'Who I am' }, reply: Me }),
  logout: route({
    method: 'DELETE',
    path: '/api/session',
    tag,
    access: 'session',
    summary: { zh: '退出', en: 'Log out' },
    status: 204,
    reply: Type.Null(),
  }),
  changePassword: route({
    method: 'POST',
    path: '/api/session/password',
    tag,
    access: 'session',
    summary: { zh: '修改密码', en: 'Change my password' },
    body: Type.Object({ present: Password, next: Password }, { additionalProperties: false }),
    reply: Me,
    errors: ['identity.weak-password', 'identity.password-reused', 'identity.wrong-password'],
  }),
  accounts: route({
    method: 'GET',
    path: '/api/accounts',
    tag,
    access: 'identity.see-accounts',
    summary: { zh: '账号列表', en: 'Accounts' },
    query: Type.Object({
      q: Type.Optional(PlainText({ max: 50 })),
      role: Type.Optional(OneOf(ROLE_NAMES)),
      status: Type.Optional(OneOf(['active', 'disabled'])),
      ...PageQuery,
    }),
    reply: PageOf(Account),
  }),
  createAccount: route({
    method: 'POST',
    path: '/api/accounts',
    tag,
    access: 'identity.change-accounts',
    status: 201,
    summary: { zh: '开通账号', en: 'Open an account' },
    body: Type.Object(
      {
        login: Login,
        name: PlainText({ min: 2, max: 50 }),
        roles: Type.Array(OneOf(ROLE_NAMES), { minItems: 1, maxItems: 6, uniqueItems: true }),
        scope: OneOf(SCOPES),
        region: Type.Optional(Type.String({ pattern: '^32\\d{4}$' })),
        unitCode: Type.Optional(UnitCode),
      },
      { additionalProperties: false },
    ),
    reply: Type.Object({
      account: Account,
      oneTimePassword: Type.String({ description: 'Shown once; must be changed at the first log-in' }),
    }),
    errors: ['identity.login-taken', 'identity.forbidden-pair', 'identity.scope-mismatch'],
  }),
  setAccountStatus: route({
    method: 'POST',
    path: '/api/accounts/:id/status',
    tag,
    access: 'identity.change-accounts',
    summary: { zh: '停用或启用账号', en: 'Disable or enable an account' },
    params: Type.Object({ id: IdText }),
    body: Type.Object({ status: OneOf(['active', 'disabled']), reason: PlainText({ min: 4, max: 200 }) }, { additionalProperties: false }),
    reply: Account,
    errors: ['identity.not-yourself'],
  }),
  resetPassword: route({
    method: 'POST',
    path: '/api/accounts/:id/password',
    tag,
    access: 'identity.change-accounts',
    summary: { zh: '重置密码', en: 'Reset a password' },
    params: Type.Object({ id: IdText }),
    body: Type.Object({ reason: PlainText({ min: 4, max: 200 }) }, { additionalProperties: false }),
    reply: Type.Object({ oneTimePassword: Type.String() }),
    errors: ['identity.not-yourself'],
  }),
  apiKeys: route({
    method: 'GET',
    path: '/api/api-keys',
    tag,
    access: 'identity.change-keys',
    summary: { zh: '接口密钥', en: 'API keys' },
    reply: Type.Object({ items: Type.Array(ApiKey) }),
  }),
  createApiKey: route({
    method: 'POST',
    path: '/api/api-keys',
    tag,
    access: 'identity.change-keys',
    status: 201,
    summary: { zh: '新建接口密钥', en: 'Make an API key' },
    body: Type.Object(
      {
        name: PlainText({ min: 2, max: 50 }),
        system: Type.String({ pattern: '^[a-z0-9-]{2,32}$', description: 'Source system; the key sees only what this system filed' }),
      },
      { additionalProperties: false },
    ),
    reply: Type.Object({ key: ApiKey, secret: Type.String({ description: 'Shown once' }) }),
  }),
  revokeApiKey: route({
    method: 'DELETE',
    path: '/api/api-keys/:id',
    tag,
    access: 'identity.change-keys',
    summary: { zh: '停用接口密钥', en: 'Revoke an API key' },
    params: Type.Object({ id: IdText }),
    reply: ApiKey,
  }),
} as const;

export const AuditEntry = Type.Object({
  id: IdText,
  at: Instant,
  accountId: OrNull(Type.String()),
  actor: Type.String(),
  roles: Type.Array(Type.String()),
  ip: OrNull(Type.String()),
  action: Type.String(),
  objectKind: OrNull(Type.String()),
  objectId: OrNull(Type.String()),
  outcome: OneOf(['done', 'refused']),
  detail: Type.Record(Type.String(), Type.Unknown()),
  seq: OrNull(Type.Integer({ description: 'Place in the chain; null until sealed, about a second' })),
  hash: OrNull(Type.String()),
});
export type AuditEntry = Static<typeof AuditEntry>;

/** What a reviewer looks for first. */
export const AUDIT_KINDS = ['refused', 'reveals', 'exports', 'new-administrators', 'at-night'] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

export const auditApi = {
  list: route({
    method: 'GET',
    path: '/api/audit',
    tag: 'audit',
    access: 'audit.read',
    summary: { zh: '审计日志', en: 'Audit log' },
    query: Type.Object({
      action: Type.Optional(PlainText({ max: 60 })),
      kind: Type.Optional(OneOf(AUDIT_KINDS)),
      role: Type.Optional(PlainText({ max: 40 })),
      accountId: Type.Optional(IdText),
      objectId: Type.Optional(IdText),
      from: Type.Optional(Instant),
      to: Type.Optional(Instant),
      ...PageQuery,
    }),
    reply: PageOf(AuditEntry),
  }),
  verify: route({
    method: 'POST',
    path: '/api/audit/verify',
    tag: 'audit',
    access: 'audit.verify',
    summary: { zh: '校验审计链', en: 'Verify the chain' },
    reply: Type.Object({
      ok: Type.Boolean(),
      checked: Type.Integer(),
      lastSeq: Type.Integer(),
      unsealed: Type.Integer(),
      fault: OrNull(
        Type.Object({ seq: Type.Integer(), entryId: OrNull(Type.String()), what: OneOf(['entry-changed', 'entry-missing', 'gap']) }),
      ),
    }),
  }),
} as const;
