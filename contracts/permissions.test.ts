import { describe, expect, it } from 'vitest';
import { forbiddenPairs, permissions, permissionsOf, roles, type Role, type RoleFacts } from './permissions.ts';

const all = Object.entries(roles) as [Role, RoleFacts][];

describe('roles and permissions', () => {
  it('every permission is held by some role, and no role holds one that does not exist or holds it twice', () => {
    const held = new Set(all.flatMap(([, facts]) => facts.permissions));
    expect([...held].toSorted()).toEqual(Object.keys(permissions).toSorted());
    for (const [, facts] of all) expect(new Set(facts.permissions).size).toBe(facts.permissions.length);
  });

  it('the roles are the twenty-two of the domain, each under a code of its own and in some scope', () => {
    expect(all.map(([, facts]) => facts.code)).toEqual(Array.from({ length: 22 }, (_, place) => `R${String(place + 1).padStart(2, '0')}`));
    for (const [, facts] of all) expect(facts.scopes.length).toBeGreaterThan(0);
  });

  it('everything has words in both languages', () => {
    for (const { zh, en } of [...Object.values(permissions), ...all.map(([, facts]) => facts.name)]) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[A-Z][\x20-\x7e]+$/);
    }
  });

  it('who holds several roles may do what each of them may', () => {
    for (const [one] of all) {
      expect(permissionsOf([one])).toEqual(new Set(roles[one].permissions));
      expect(permissionsOf([one, 'leader'])).toEqual(new Set([...roles[one].permissions, ...roles.leader.permissions]));
    }
    expect(permissionsOf([])).toEqual(new Set());
  });

  it('the three administrators exclude one another, and a dispatcher does not review for a unit', () => {
    const three: Role[] = ['system-admin', 'security-admin', 'audit-admin'];
    const pairs = forbiddenPairs.map((pair) => pair.toSorted().join());
    for (const a of three) for (const b of three) if (a < b) expect(pairs).toContain([a, b].toSorted().join());
    expect(pairs).toContain(['dispatcher', 'unit-reviewer'].toSorted().join());
  });

  it('people of operations see no appeal and no contact, and only the audit administrator reads the log', () => {
    for (const [role, facts] of all) {
      if (facts.scopes.includes('operations'))
        expect([role, facts.permissions.filter((permission) => /^(appeals|orders)\./.test(permission))]).toEqual([role, []]);
      expect([role, facts.permissions.includes('audit.read')]).toEqual([role, role === 'audit-admin']);
    }
  });

  it('units and machines never see a contact', () => {
    for (const [role, facts] of all) {
      if (facts.scopes.includes('unit') || facts.scopes.includes('peer'))
        expect([
          role,
          facts.permissions.filter((permission) => permission.includes('contact') && permission.startsWith('appeals')),
        ]).toEqual([role, []]);
    }
  });
});
