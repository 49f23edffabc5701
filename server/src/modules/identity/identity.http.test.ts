import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Account, Me } from '#contracts/identity/identity.api.ts';
import { forbiddenPairs, type Role } from '#contracts/permissions.ts';
import {
  faultsIn,
  MONDAY,
  NANJING,
  openTestApp,
  PASSWORD,
  problemIn,
  UNITS,
  type Answer,
  type Person,
  type TestApp,
} from '../../../test/test-app.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp();
});
afterAll(() => at?.close());
beforeEach(() => {
  at.clock.set(MONDAY);
  at.forgetRemembered();
});

const who = (cookie: string, headers: Record<string, string> = {}): Promise<Answer> =>
  at.call(null, 'GET', '/api/session', { headers: { cookie, ...headers } });
const post = (cookie: string, url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  at.call(null, 'POST', url, { body, headers: { cookie, ...headers } });
async function cookieFor(person: Person, password = PASSWORD): Promise<string> {
  return at.cookieOf(await at.login(person.login, password));
}
const admin = () => at.person('system-admin');

/** A fresh account, for tests that spoil it; gives its one-time password. */
async function open(
  login: string,
  more: Partial<{ roles: Role[]; scope: string; region: string; unitCode: string }> = {},
): Promise<{ account: Account; oneTimePassword: string }> {
  const answer = await at.call(admin(), 'POST', '/api/accounts', {
    body: { login, name: '新来的人', roles: ['agent'], scope: 'city', region: NANJING, ...more },
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.body as { account: Account; oneTimePassword: string };
}

describe('logging in', () => {
  test('gives a cookie that scripts cannot read and other sites do not send', async () => {
    const answer = await at.login(at.person('agent', NANJING).login, PASSWORD);
    expect(answer.status).toBe(200);
    expect(String(answer.headers['set-cookie'])).toMatch(/^ms_session=[\w-]{40,}; Path=\/; HttpOnly; SameSite=Strict$/);
    const me = answer.body as Me;
    expect(me).toMatchObject({
      login: 'agent.320100',
      roles: ['agent'],
      scope: 'city',
      region: NANJING,
      mustChangePassword: false,
      idleMinutes: 30,
    });
    expect(me.permissions).toContain('orders.accept');
    expect(answer.text).not.toMatch(/hash|argon/);
  });

  test('takes the name in any case and with spaces around it, the password as it is', async () => {
    expect((await at.login(' Agent.320100 ', PASSWORD)).status).toBe(200);
    expect(problemIn(await at.login('agent.320100', `${PASSWORD} `)).code).toBe('identity.wrong-credentials');
  });

  test('says the same of a wrong password and of a name that nobody has', async () => {
    const wrong = problemIn(await at.login('reviewer.320100', 'wrong'));
    const unknown = problemIn(await at.login('nobody.at.all', 'wrong'));
    expect({ ...wrong, incidentId: '' }).toEqual({ ...unknown, incidentId: '' });
    expect(wrong).toMatchObject({ status: 401, code: 'identity.wrong-credentials' });
  });

  test('a name the database cannot hold is refused like any other', async () => {
    const answer = await at.login('a\u0000b', 'x');
    expect(answer.status).toBeLessThan(500);
    problemIn(answer);
  });

  test.for(['dispatcher.320500', 'no.such.person'])(
    'five failures lock %s for half an hour, with the right password too',
    async (login) => {
      for (let i = 0; i < 5; i++) {
        expect(problemIn(await at.login(login, `wrong ${i}`)).code).toBe('identity.wrong-credentials');
        at.clock.advance(MINUTE);
      }
      const locked = problemIn(await at.login(login, PASSWORD));
      expect(locked).toMatchObject({ status: 429, code: 'identity.locked', retryAfterS: 29 * 60 });
      expect(locked.title).toContain('29');
      at.clock.advance(29 * MINUTE - SECOND);
      expect(problemIn(await at.login(login, PASSWORD)).code).toBe('identity.locked');
      at.clock.advance(SECOND);
      const after = await at.login(login, PASSWORD);
      if (login === 'no.such.person') expect(problemIn(after).code).toBe('identity.wrong-credentials');
      else expect(after.status).toBe(200);
    },
  );

  test('failures that lie further apart than a quarter of an hour do not add up, and a success forgets them', async () => {
    for (let i = 0; i < 12; i++) {
      expect(problemIn(await at.login('reviewer.320500', 'wrong')).code).toBe('identity.wrong-credentials');
      at.clock.advance(4 * MINUTE);
    }
    const login = 'follow-up.320500';
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 4; i++) expect(problemIn(await at.login(login, 'wrong')).code).toBe('identity.wrong-credentials');
      expect((await at.login(login, PASSWORD)).status).toBe(200);
    }
  });

  test('guesses made at the same moment count like guesses made one by one', async () => {
    const answers = await Promise.all(Array.from({ length: 9 }, (_, i) => at.login('supervisor.320500', `wrong ${i}`)));
    for (const answer of answers) expect([401, 429]).toContain(answer.status);
    expect(problemIn(await at.login('supervisor.320500', PASSWORD)).code).toBe('identity.locked');
  });

  test('each try is on record with its outcome, and none with a password', async () => {
    await at.login('inspector.320500', 'my secret guess');
    await at.login('inspector.320500', PASSWORD);
    const entries = await at.db.owner<{ action: string; outcome: string }>(
      `select action, outcome from platform.audit_entry where account_id = $1 order by xid`,
      [at.person('inspector', '320500').id],
    );
    expect(entries).toEqual([
      { action: 'identity.login', outcome: 'refused' },
      { action: 'identity.login', outcome: 'done' },
    ]);
    const everything = JSON.stringify(await at.db.owner(`select * from platform.audit_entry`));
    expect(everything).not.toContain('my secret guess');
    expect(everything).not.toContain(PASSWORD);
  });
});

describe('a session', () => {
  test('ends when it rests: a quarter of an hour, and half an hour for who takes calls', async () => {
    for (const [person, minutes] of [
      [at.person('dispatcher', NANJING), 15],
      [at.person('agent', NANJING), 30],
    ] as const) {
      at.clock.set(MONDAY);
      const cookie = await cookieFor(person);
      at.clock.advance(minutes * MINUTE);
      at.forgetRemembered();
      expect((await who(cookie)).status).toBe(200);
      at.clock.advance(minutes * MINUTE + SECOND);
      at.forgetRemembered();
      const answer = await who(cookie);
      expect(answer.status).toBe(401);
      // It stays ended when the clock of the node is set back.
      at.clock.set(MONDAY + MINUTE);
      at.forgetRemembered();
      expect((await who(cookie)).status).toBe(401);
    }
  });

  test('ends after twelve hours, however busy it was', async () => {
    const cookie = await cookieFor(at.person('team-lead', NANJING));
    for (let i = 0; i < 12 * 6 - 1; i++) {
      at.clock.advance(10 * MINUTE);
      at.forgetRemembered();
      expect((await who(cookie)).status, `after ${(i + 1) * 10} minutes`).toBe(200);
    }
    at.clock.set(MONDAY + 12 * HOUR - SECOND);
    at.forgetRemembered();
    expect((await who(cookie)).status).toBe(200);
    at.clock.set(MONDAY + 12 * HOUR);
    at.forgetRemembered();
    expect((await who(cookie)).status).toBe(401);
  });

  test('is the only one of its account: a new log-in ends the former', async () => {
    const person = at.person('supervisor', NANJING);
    const first = await cookieFor(person);
    expect((await who(first)).status).toBe(200);
    const second = await cookieFor(person);
    expect((await who(first)).status).toBe(401);
    expect((await who(second)).status).toBe(200);
    expect(await at.db.owner(`select count(*) as n from identity.session where account_id = $1`, [person.id])).toEqual([{ n: 1 }]);
  });

  test('dies with the log-out, and the token with it', async () => {
    const cookie = await cookieFor(at.person('leader'));
    const out = await at.call(null, 'DELETE', '/api/session', { headers: { cookie } });
    expect(out.status).toBe(204);
    expect(String(out.headers['set-cookie'])).toMatch(/ms_session=;.*Expires=Thu, 01 Jan 1970/);
    expect((await who(cookie)).status).toBe(401);
    expect(problemIn(await at.call(null, 'GET', '/api/orders', { headers: { cookie } })).code).toBe('base.unauthenticated');
  });

  test('is known by its hash alone: the table holds no token', async () => {
    const cookie = await cookieFor(at.person('operator'));
    const rows = JSON.stringify(await at.db.owner(`select encode(token_hash, 'escape') as hash, s.* from identity.session s`));
    expect(rows).not.toContain(cookie.split('=')[1]);
  });

  test('made-up tokens and keys open nothing', async () => {
    for (const token of ['x', '', "' or 1=1 --", 'a'.repeat(5000), '%00']) expect((await who(`ms_session=${token}`)).status).toBe(401);
    for (const key of ['msk_made-up', "'", 'x'.repeat(5000)]) {
      const answer = await at.call({ key }, 'GET', '/api/orders');
      expect(problemIn(answer)).toMatchObject({ status: 401, code: 'identity.unknown-key' });
    }
  });

  test('a page of another origin cannot act with it', async () => {
    const cookie = await cookieFor(at.person('agent', NANJING));
    const filed = await at.file();
    const accept = (headers: Record<string, string>) => post(cookie, `/api/orders/${filed.id}/accept`, { version: 1, input: {} }, headers);
    for (const origin of ['https://evil.example', 'http://localhost:81', 'http://localhost.evil.example', 'not a url', 'file://']) {
      expect(problemIn(await accept({ origin, host: 'localhost:80' })), origin).toMatchObject({ status: 403, code: 'base.forbidden' });
    }
    expect(problemIn(await at.call(null, 'DELETE', '/api/session', { headers: { cookie, origin: 'https://evil.example' } })).code).toBe(
      'base.forbidden',
    );
    expect((await accept({ origin: 'http://hotline.example:8080', host: 'hotline.example:8080' })).status).toBe(200);
  });
});

describe('passwords', () => {
  test('a one-time password opens nothing but its own change', async () => {
    const { account, oneTimePassword } = await open('fresh.agent');
    const entered = await at.login('fresh.agent', oneTimePassword);
    expect(entered.body).toMatchObject({ mustChangePassword: true, permissions: [] });
    const cookie = at.cookieOf(entered);
    for (const [method, url, body] of [
      ['GET', '/api/orders'],
      ['GET', '/api/home'],
      ['GET', '/api/notices'],
      ['GET', '/api/reference/units'],
      ['POST', '/api/appeals', {}],
      ['GET', '/api/reference/norms'],
    ] as const) {
      const answer = await at.call(null, method, url, { headers: { cookie }, ...(body ? { body } : {}) });
      expect(problemIn(answer), url).toMatchObject({ status: 403, code: 'identity.password-change-due' });
    }
    expect((await who(cookie)).status).toBe(200);
    const changed = await post(cookie, '/api/session/password', { present: oneTimePassword, next: 'Green-ferry-19' });
    expect(changed.body).toMatchObject({ accountId: account.id, mustChangePassword: false });
    expect((await at.call(null, 'GET', '/api/orders', { headers: { cookie } })).status).toBe(200);
    expect((await at.login('fresh.agent', oneTimePassword)).status).toBe(401);
    expect((await at.login('fresh.agent', 'Green-ferry-19')).status).toBe(200);
  });

  test('have ten characters of three kinds, no account name in them, and are not on everybody’s list', async () => {
    const { oneTimePassword } = await open('rules.agent');
    const cookie = at.cookieOf(await at.login('rules.agent', oneTimePassword));
    const change = (next: string, present = oneTimePassword) => post(cookie, '/api/session/password', { present, next });
    for (const weak of [
      'Short-1a',
      'onlylowercase',
      'lower1234567',
      'ALLUPPER1234',
      'Rules.Agent-2026',
      'Password-2026',
      'Xx12345678!',
      'aaaaaaaaaaaa',
      '密码密码密码密码密码',
    ]) {
      expect(faultsIn(await change(weak)), weak).toEqual(['next: identity.weak-password']);
    }
    expect(faultsIn(await change('Green-ferry-19', 'wrong'))).toEqual(['present: identity.wrong-password']);
    expect(faultsIn(await change(''))).toEqual(['next: field.too-short']);
    expect(faultsIn(await change('A1-'.repeat(100)))).toEqual(['next: field.too-long']);
    expect((await change('Grün-Fähre-19')).status).toBe(200);
  });

  test('none of the last five comes back', async () => {
    const { oneTimePassword } = await open('history.agent');
    const cookie = at.cookieOf(await at.login('history.agent', oneTimePassword));
    const change = (present: string, next: string) => post(cookie, '/api/session/password', { present, next });
    const used = ['Green-ferry-0', 'Green-ferry-1', 'Green-ferry-2', 'Green-ferry-3', 'Green-ferry-4', 'Green-ferry-5'];
    let present = oneTimePassword;
    for (const next of used) {
      expect((await change(present, next)).status).toBe(200);
      present = next;
    }
    for (const again of used.slice(1)) expect(faultsIn(await change(present, again)), again).toEqual(['next: identity.password-reused']);
    expect((await change(present, 'Green-ferry-0')).status).toBe(200);
  });

  test('a reset ends every session and gives a new one-time password', async () => {
    const person = at.person('knowledge-editor', NANJING);
    const cookie = await cookieFor(person);
    expect((await who(cookie)).status).toBe(200);
    const reset = await at.call(admin(), 'POST', `/api/accounts/${person.id}/password`, { body: { reason: '忘记密码' } });
    const { oneTimePassword } = reset.body as { oneTimePassword: string };
    expect((await who(cookie)).status).toBe(401);
    expect((await at.login(person.login, PASSWORD)).status).toBe(401);
    expect((await at.login(person.login, oneTimePassword)).body).toMatchObject({ mustChangePassword: true });
    expect(problemIn(await at.call(admin(), 'POST', `/api/accounts/${admin().id}/password`, { body: { reason: '自己重置' } })).code).toBe(
      'identity.not-yourself',
    );
  });
});

describe('accounts', () => {
  const create = (body: object) => at.call(admin(), 'POST', '/api/accounts', { body: { name: '某人', ...body } });

  test.for(forbiddenPairs)('nobody is %s and %s at once', async (pair) => {
    const scope = pair.includes('unit-reviewer') ? { scope: 'city', region: NANJING } : { scope: 'operations' };
    const answer = await create({ login: `pair.${pair[1]}`, roles: pair, ...scope });
    expect(faultsIn(answer)).toEqual(['roles: identity.forbidden-pair']);
    expect(await at.db.owner(`select 1 from identity.account where login = $1`, [`pair.${pair[1]}`])).toEqual([]);
  });

  test('a role goes with its scope, and the scope with its place', async () => {
    const wrong: [object, string][] = [
      [{ roles: ['agent'], scope: 'unit', unitCode: UNITS[NANJING][0] }, 'scope: identity.scope-mismatch'],
      [{ roles: ['system-admin'], scope: 'province' }, 'scope: identity.scope-mismatch'],
      [{ roles: ['handler', 'agent'], scope: 'unit', unitCode: UNITS[NANJING][0] }, 'scope: identity.scope-mismatch'],
      [{ roles: ['agent'], scope: 'city' }, 'region: identity.scope-mismatch'],
      [{ roles: ['handler'], scope: 'unit' }, 'unitCode: identity.scope-mismatch'],
      [{ roles: ['handler'], scope: 'unit', unitCode: '3201.999' }, 'unitCode: reference.unknown-unit'],
      [{ roles: ['agent'], scope: 'city', region: '329999' }, 'region: reference.unknown-region'],
      // A place that does not belong to the scope.
      [{ roles: ['province-admin'], scope: 'province', unitCode: '32.001' }, 'unitCode: identity.scope-mismatch'],
      [{ roles: ['agent'], scope: 'city', region: NANJING, unitCode: '3201.003' }, 'unitCode: identity.scope-mismatch'],
      [{ roles: ['operator'], scope: 'operations', unitCode: '3201.003' }, 'unitCode: identity.scope-mismatch'],
      // Machines have keys, not accounts.
      [{ roles: ['machine'], scope: 'peer' }, 'scope: identity.scope-mismatch'],
      [{ roles: ['citizen'], scope: 'city', region: NANJING }, 'scope: identity.scope-mismatch'],
    ];
    for (const [index, [body, fault]] of wrong.entries())
      expect(faultsIn(await create({ login: `wrong.${index}`, ...body })), JSON.stringify(body)).toEqual([fault]);
  });

  test('a name is taken once, also when two take it at the same moment', async () => {
    const body = { login: 'twice.agent', roles: ['agent'], scope: 'city', region: NANJING };
    const answers = await Promise.all([create(body), create(body), create(body)]);
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    expect(problemIn(await create(body)).code).toBe('identity.login-taken');
  });

  test('who is disabled is out at once, and in again when he is enabled', async () => {
    const person = at.person('inspector', NANJING);
    const cookie = await cookieFor(person);
    expect((await who(cookie)).status).toBe(200);
    const set = (status: string, id = person.id) =>
      at.call(admin(), 'POST', `/api/accounts/${id}/status`, { body: { status, reason: '岗位调整' } });
    expect((await set('disabled')).body).toMatchObject({ id: person.id, status: 'disabled' });
    expect((await who(cookie)).status).toBe(401);
    // In the same words as a wrong password: nobody learns that the account exists.
    expect(problemIn(await at.login(person.login, PASSWORD)).code).toBe('identity.wrong-credentials');
    await set('active');
    expect((await who(cookie)).status).toBe(401);
    expect((await at.login(person.login, PASSWORD)).status).toBe(200);
    expect(problemIn(await set('disabled', admin().id)).code).toBe('identity.not-yourself');
    expect(problemIn(await set('disabled', '019b0000-0000-7000-8000-000000000000')).code).toBe('base.not-found');
  });
});

describe('an API key', () => {
  test('is shown once, opens what its system filed, and nothing after it was revoked', async () => {
    const made = await at.call(admin(), 'POST', '/api/api-keys', { body: { name: '城管系统', system: 'chengguan' } });
    const { key, secret } = made.body as { key: { id: string; prefix: string }; secret: string };
    expect(secret.startsWith(key.prefix)).toBe(true);
    expect((await at.call(admin(), 'GET', '/api/api-keys')).text).not.toContain(secret);
    expect(JSON.stringify(await at.db.owner(`select * from identity.api_key`))).not.toContain(secret);

    const file = () =>
      at.call({ key: secret }, 'POST', '/api/appeals', {
        body: {
          type: '02',
          region: NANJING,
          content: '井盖破损，夜间行人容易摔倒受伤。',
          channel: '17',
          anonymous: true,
          sourceNumber: `CG-${Date.now()}-${Math.random()}`,
        },
      });
    const filed = await file();
    expect(filed.status, filed.text).toBe(201);
    expect((await at.call({ key: secret }, 'GET', `/api/orders/${(filed.body as { id: string }).id}`)).status).toBe(200);
    // It cannot speak on the telephone, nor accept what it filed.
    const phone = await at.call({ key: secret }, 'POST', '/api/appeals', {
      body: { type: '02', region: NANJING, content: '井盖破损，夜间行人容易摔倒受伤。', channel: '01', anonymous: true },
    });
    expect(faultsIn(phone)).toEqual(['channel: appeals.channel-not-yours']);

    const revoked = await at.call(admin(), 'DELETE', `/api/api-keys/${key.id}`);
    expect(revoked.body).toMatchObject({ id: key.id, revokedAt: new Date(MONDAY).toISOString() });
    expect(problemIn(await file())).toMatchObject({ status: 401, code: 'identity.unknown-key' });
    // Revoking twice keeps the first time.
    at.clock.advance(MINUTE);
    expect((await at.call(admin(), 'DELETE', `/api/api-keys/${key.id}`)).body).toMatchObject({ revokedAt: new Date(MONDAY).toISOString() });
  });

  test('has no session to look at, to end or to change the password of, whatever cookie comes with it', async () => {
    const machine = await at.machine('water');
    const cookie = await cookieFor(at.person('training-admin'));
    for (const headers of [{}, { cookie }] as Record<string, string>[]) {
      for (const [method, url, body] of [
        ['GET', '/api/session'],
        ['DELETE', '/api/session'],
        ['POST', '/api/session/password', { present: PASSWORD, next: 'Green-ferry-19' }],
      ] as const) {
        const answer = await at.call(machine, method, url, { headers, ...(body ? { body } : {}) });
        expect(problemIn(answer), url).toMatchObject({ status: 401, code: 'base.unauthenticated' });
      }
    }
    expect((await who(cookie)).status).toBe(200);
  });
});

test('a refusal comes in the language that is asked for', async () => {
  const answer = await at.call(null, 'GET', '/api/orders', { headers: { 'accept-language': 'en-GB,en;q=0.9,zh;q=0.5' } });
  expect(problemIn(answer).title).toBe('Please log in first');
  expect(problemIn(await at.call(null, 'GET', '/api/orders', { headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' } })).title).toBe(
    '请先登录',
  );
  expect(problemIn(await at.call(null, 'GET', '/api/orders')).title).toBe('请先登录');
});
