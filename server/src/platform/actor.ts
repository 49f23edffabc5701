import { permissionsOf, type Permission, type Role, type Scope } from '#contracts/permissions.ts';
import type { DbScope } from './db/db.ts';

/** Who acts: a person, a machine, a citizen or the platform itself, with the rows and deeds that are open to him. */
export interface Actor {
  readonly accountId: string | null;
  readonly name: string;
  /** What a person logs in as; null for everybody else. */
  readonly login: string | null;
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
  readonly scopeKind: Scope;
  readonly scope: DbScope;
  /** Region code that bounds a city's scope. */
  readonly region: string | null;
  readonly unitCode: string | null;
  /** The peer system an API key stands for. */
  readonly sourceSystem: string | null;
  readonly ip: string | null;
}

/** The platform itself: jobs, subscribers, imports, the demo. */
export const PLATFORM: Actor = {
  accountId: null,
  name: '系统',
  login: null,
  roles: [],
  permissions: new Set<Permission>(),
  scopeKind: 'system',
  scope: { role: 'system' },
  region: null,
  unitCode: null,
  sourceSystem: null,
  ip: null,
};

/** A citizen, who has no account: what he may see hangs on the number and code he gives. */
export function citizen(ip: string | null, scope: Omit<DbScope, 'role'> = {}): Actor {
  return {
    ...PLATFORM,
    name: '诉求人',
    roles: ['citizen'],
    permissions: permissionsOf(['citizen']),
    scopeKind: 'self',
    scope: { role: 'self', ...scope },
    ip,
  };
}
