import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forbiddenPairs, roles, type Role, type RoleFacts } from '#contracts/permissions.ts';
import { afterFailure, idleLimit, judgePassword, judgeRoles, LOCK, SESSION } from './identity.rules.ts';

describe('a password', () => {
  it.each(['Lamp-post 42', 'correct Horse 7', '路灯坏了Lamp42x路', 'aB3$aB3$aB', 'Zq7!zq7!zQ'])('"%s" is taken', (password) => {
    expect(judgePassword('zhang.san', password).ok).toBe(true);
  });

  it.each([
    ['shorter than ten characters', 'aB3$aB3$a'],
    ['short in characters though long in bytes', '𠮷𠮷𠮷𠮷𠮷aB1'],
    ['of two classes only', 'abcdefgh12345'],
    ['of one class only', 'lamppostlamppost'],
    ['with the account name in it', 'Zhang.San-2026'],
    ['with a common root in it', 'MyPassword-2026'],
    ['with a common root spelt with a digit', 'Passw0rd-2026!'],
    ['with a row of the keyboard in it', 'Qwertyui-2026'],
    ['of one character repeated', 'aaaaaaaaaaaa'],
    ['empty', ''],
  ])('%s is refused', (_, password) => {
    expect(judgePassword('zhang.san', password)).toMatchObject({
      ok: false,
      refusal: { fields: [{ path: 'next', code: 'identity.weak-password' }] },
    });
  });

  it('that holds the account name is refused in whatever case and place', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-z0-9.-]{2,12}$/),
        fc.string({ maxLength: 10 }),
        fc.string({ maxLength: 10 }),
        fc.boolean(),
        (login, before, after, loud) => {
          expect(judgePassword(login, `aB3$aB3$aB${before}${loud ? login.toUpperCase() : login}${after}`).ok).toBe(false);
        },
      ),
    );
  });
});

describe('roles held together', () => {
  const allRoles = Object.keys(roles) as Role[];
  const place = (facts: Partial<Parameters<typeof judgeRoles>[0]>) => ({
    roles: ['agent'] as Role[],
    scope: 'city',
    region: '320100',
    unitCode: null,
    ...facts,
  });

  it('are refused when they are a forbidden pair, in either order, and the two are named', () => {
    for (const [a, b] of forbiddenPairs) {
      for (const pair of [
        [a, b],
        [b, a],
      ] as Role[][]) {
        expect(judgeRoles(place({ roles: pair, scope: 'operations' }))).toMatchObject({
          ok: false,
          refusal: { fields: [{ path: 'roles', code: 'identity.forbidden-pair', params: { a: roles[a].name, b: roles[b].name } }] },
        });
      }
    }
  });

  it('are accepted exactly when no pair is forbidden, the scope fits each of them and the place is that of the scope', () => {
    fc.assert(
      fc.property(
        fc.subarray(allRoles, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('province', 'city', 'unit', 'operations', 'peer', 'self'),
        fc.constantFrom('320100', null),
        fc.constantFrom('3201.05', null),
        (held, scope, region, unitCode) => {
          const facts = { roles: held, scope, region, unitCode };
          const forbidden = forbiddenPairs.some((pair) => pair.every((role) => held.includes(role)));
          const fits = scope !== 'peer' && held.every((role) => ((roles[role] as RoleFacts).scopes as readonly string[]).includes(scope));
          const placed = (scope === 'city') === (region !== null) && (scope === 'unit') === (unitCode !== null);
          expect(judgeRoles(facts).ok).toBe(!forbidden && fits && placed);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are refused at the field that is wrong', () => {
    const pathOf = (facts: Parameters<typeof judgeRoles>[0]) => {
      const decision = judgeRoles(facts);
      return decision.ok ? null : decision.refusal.fields?.[0]?.path;
    };
    expect(pathOf(place({ scope: 'unit' }))).toBe('scope');
    expect(pathOf(place({ region: null }))).toBe('region');
    expect(pathOf(place({ roles: ['handler'], scope: 'unit' }))).toBe('unitCode');
    expect(pathOf(place({ roles: ['handler'], scope: 'unit', unitCode: '3201.05' }))).toBe('region');
    expect(pathOf(place({ roles: ['handler'], scope: 'unit', region: null, unitCode: '3201.05' }))).toBeNull();
    expect(pathOf(place({ unitCode: '3201.05' }))).toBe('unitCode');
    expect(pathOf(place({ roles: ['province-admin'], scope: 'province', region: null }))).toBeNull();
  });
});

describe('a session', () => {
  it('may rest half an hour at the desk of those who take calls, and a quarter elsewhere', () => {
    expect(idleLimit(['agent'])).toBe(SESSION.idleAtDeskMs);
    expect(idleLimit(['dispatcher', 'team-lead'])).toBe(SESSION.idleAtDeskMs);
    expect(idleLimit(['dispatcher'])).toBe(SESSION.idleMs);
    expect(idleLimit([])).toBe(SESSION.idleMs);
    expect([SESSION.idleMs, SESSION.idleAtDeskMs, SESSION.absoluteMs].map((ms) => ms / 60_000)).toEqual([15, 30, 720]);
  });
});

describe('failed log-ins', () => {
  const fail = (at: readonly number[]) => {
    let state: { failures: number; firstAtMs: number; lockedUntilMs: number | null } | null = null;
    for (const ms of at) state = afterFailure(state, ms);
    return state!;
  };
  const MINUTE = 60_000;

  it('lock an account for half an hour at the fifth within a quarter of an hour', () => {
    expect(fail([0, 1, 2, 3].map((n) => n * MINUTE)).lockedUntilMs).toBeNull();
    expect(fail([0, 1, 2, 3, 15].map((n) => n * MINUTE))).toEqual({ failures: 5, firstAtMs: 0, lockedUntilMs: 45 * MINUTE });
  });

  it('are counted anew once a quarter of an hour has passed since the first', () => {
    expect(fail([0, 1, 2, 3, 15].map((n) => n * MINUTE + (n === 15 ? 1 : 0)))).toEqual({
      failures: 1,
      firstAtMs: 15 * MINUTE + 1,
      lockedUntilMs: null,
    });
  });

  it('never lock without five in a row that began less than a quarter of an hour before', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20 * MINUTE), { minLength: 1, maxLength: 30 }), (waits) => {
        let now = 0;
        const times: number[] = [];
        let state: ReturnType<typeof afterFailure> | null = null;
        for (const wait of waits) {
          now += wait;
          times.push(now);
          state = afterFailure(state, now);
          const recent = times.filter((ms) => now - ms <= LOCK.withinMs).length;
          if (state.lockedUntilMs !== null) expect(recent).toBeGreaterThanOrEqual(LOCK.failures);
          expect(state.failures).toBeLessThanOrEqual(recent);
          expect(state.lockedUntilMs === null ? null : state.lockedUntilMs - now).toBe(state.failures >= LOCK.failures ? LOCK.forMs : null);
        }
      }),
    );
  });
});
