import { forbiddenPairs, roles, type Role, type RoleFacts } from '#contracts/permissions.ts';
import { accept, refuse, type Decision } from '#server/kernel/decision.ts';

export const LOCK = { failures: 5, withinMs: 15 * 60_000, forMs: 30 * 60_000 } as const;
export const SESSION = { absoluteMs: 12 * 3_600_000, idleMs: 15 * 60_000, idleAtDeskMs: 30 * 60_000 } as const;

// Roots that most guessed passwords are built on; whatever holds one is refused.
const COMMON = [
  'password',
  'passw0rd',
  '12345678',
  '87654321',
  'qwertyui',
  'asdfghjk',
  '1q2w3e4r',
  '11111111',
  '88888888',
  '00000000',
  'abcd1234',
  'admin123',
  'iloveyou',
  'woaini',
  'letmein',
];

/** DOMAIN §4 A1: ten characters, three of four classes, without the account name, not a common one. */
export function judgePassword(login: string, password: string): Decision<string> {
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(password)).length;
  const lower = password.toLowerCase();
  const weak =
    [...password].length < 10 ||
    classes < 3 ||
    lower.includes(login.toLowerCase()) ||
    COMMON.some((root) => lower.includes(root)) ||
    /^(.)\1+$/.test(password);
  return weak ? refuse('base.invalid-input', { fields: [{ path: 'next', code: 'identity.weak-password' }] }) : accept(password);
}

export interface PlaceFacts {
  readonly roles: readonly Role[];
  readonly scope: string;
  readonly region: string | null;
  readonly unitCode: string | null;
}

/** Whether these roles may be held together, in this scope, at this place. */
export function judgeRoles(facts: PlaceFacts): Decision<PlaceFacts> {
  const pair = forbiddenPairs.find(([a, b]) => facts.roles.includes(a) && facts.roles.includes(b));
  if (pair) {
    const params = { a: roles[pair[0]].name, b: roles[pair[1]].name };
    return refuse('base.invalid-input', { fields: [{ path: 'roles', code: 'identity.forbidden-pair', params }] });
  }
  // Machines have keys and no accounts, so that scope is open to nobody here.
  const fits =
    facts.scope !== 'peer' && facts.roles.every((role) => ((roles[role] as RoleFacts).scopes as readonly string[]).includes(facts.scope));
  const placed = {
    region: (facts.scope === 'city') === (facts.region !== null),
    unitCode: (facts.scope === 'unit') === (facts.unitCode !== null),
  };
  const fault = !fits ? 'scope' : !placed.unitCode ? 'unitCode' : !placed.region ? 'region' : null;
  if (fault !== null) return refuse('base.invalid-input', { fields: [{ path: fault, code: 'identity.scope-mismatch' }] });
  return accept(facts);
}

/** How long a session may rest: people who take calls get longer. */
export function idleLimit(held: readonly Role[]): number {
  return held.some((role) => role === 'agent' || role === 'team-lead') ? SESSION.idleAtDeskMs : SESSION.idleMs;
}

/** What one more failed log-in leads to. */
export function afterFailure(
  before: { failures: number; firstAtMs: number } | null,
  nowMs: number,
): { failures: number; firstAtMs: number; lockedUntilMs: number | null } {
  const fresh = before === null || nowMs - before.firstAtMs > LOCK.withinMs;
  const failures = fresh ? 1 : before.failures + 1;
  return { failures, firstAtMs: fresh ? nowMs : before.firstAtMs, lockedUntilMs: failures >= LOCK.failures ? nowMs + LOCK.forMs : null };
}
