import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CitizenView, Filed } from '#contracts/appeals/appeals.api.ts';
import type { Problem } from '#contracts/base/problem.ts';
import { codes } from '#contracts/codes.ts';
import type { OrderView } from '#contracts/orders/orders.api.ts';
import { dueAfter, type Limit } from '#server/kernel/calendar.ts';
import { faultsIn, NANJING, openTestApp, problemIn, SPEECH, type Answer, type TestApp } from '../../../test/test-app.ts';

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp();
});
afterAll(() => at?.close());

const SAID = { type: '02', region: '320102', content: SPEECH, contact: { name: '王小明', phone: '13812345678' } };
const portal = (body: unknown, headers: Record<string, string> = {}) => at.call(null, 'POST', '/api/portal/appeals', { body, headers });
const office = (body: unknown, headers: Record<string, string> = {}) =>
  at.call(at.person('agent', NANJING), 'POST', '/api/appeals', { body, headers });
/** Both doors, each with what it needs. */
const doors = [
  ['the portal', (more: object) => portal({ ...SAID, ...more })],
  ['the office', (more: object) => office({ ...SAID, channel: '01', ...more })],
] as const;
const counts = () =>
  at.db
    .owner(`select (select count(*) from appeals.appeal) as appeals, (select count(*) from orders.work_order) as orders, (select count(*) from appeals.contact) as contacts,
  (select count(*) from platform.event) as events, (select count(*) from appeals.idempotency) as keys, (select count(*) from platform.audit_entry where action = 'appeals.file') as audits`);

/** A refusal of the form, which wrote nothing. */
async function refused(send: () => Promise<Answer>): Promise<{ status: number; code: string; faults: string[] }> {
  const before = await counts();
  const answer = await send();
  expect(await counts()).toEqual(before);
  const problem = problemIn(answer);
  return { status: problem.status, code: problem.code, faults: faultsIn(answer) };
}

async function readBack(filed: Filed): Promise<OrderView> {
  const answer = await at.call(at.person('agent', NANJING), 'GET', `/api/orders/${filed.id}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as OrderView;
}

describe.each(doors)('an appeal at %s', (_door, file) => {
  const UNFIT: readonly [string, object, readonly string[]][] = [
    ['nothing to say', { content: undefined }, ['content: field.required']],
    ['a type that is missing', { type: undefined }, ['type: field.required']],
    ['too few words', { content: '太吵了' }, ['content: field.too-short']],
    ['nothing but spaces', { content: ' '.repeat(40) }, ['content: field.too-short']],
    ['one character too many', { content: '吵'.repeat(5001) }, ['content: field.too-long']],
    ['a title that is too long', { title: '题'.repeat(101) }, ['title: field.too-long']],
    ['a number for a text', { content: 12345678901 }, ['content: field.type']],
    ['a list for a text', { content: ['太', '吵'] }, ['content: field.type']],
    ['a text for a switch', { anonymous: 'yes' }, ['anonymous: field.type']],
    ['null for a text', { title: null }, ['title: field.type']],
    ['a type that no list holds', { type: '42' }, ['type: field.unknown-code']],
    ['a category that no list holds', { category: '999999' }, ['category: reference.unknown-category']],
    ['a category that is no code', { category: 'noise' }, ['category: field.format']],
    ['a place outside of the province', { region: '310101' }, ['region: reference.region-outside']],
    ['a street outside of the province', { region: '110101001' }, ['region: reference.region-outside']],
    ['a place inside that does not exist', { region: '329999' }, ['region: reference.unknown-region']],
    ['a place that is no code', { region: '南京' }, ['region: field.format']],
    ['seven digits for a place', { region: '3201021' }, ['region: field.format']],
    ['a field that nobody knows', { hacker: true }, ['hacker: field.unknown']],
    ['neither a telephone nor the wish to stay anonymous', { contact: undefined }, ['contact.phone: appeals.contact-required']],
    ['a telephone although he stays anonymous', { anonymous: true }, ['contact: appeals.anonymous-contact']],
    ['a telephone that is none', { contact: { name: '王小明', phone: '12345abc' } }, ['contact.phone: appeals.bad-phone']],
    [
      'an identity number with a wrong check digit',
      { contact: { ...SAID.contact, idNumber: '110101199003070012' } },
      ['contact.idNumber: appeals.bad-identity-number'],
    ],
    [
      'a credit code with a wrong check character',
      { contact: { ...SAID.contact, creditCode: '91320100MA1ABCDE00' } },
      ['contact.creditCode: appeals.bad-credit-code'],
    ],
    ['a name of spaces', { contact: { ...SAID.contact, name: '  ' } }, ['contact.name: field.blank']],
    ['something that has not happened yet', { eventAt: '2026-06-15T03:00:00Z' }, ['eventAt: appeals.event-in-future']],
    ['a time that is none', { eventAt: 'yesterday' }, ['eventAt: field.format']],
    ['a NUL', { content: `${SPEECH}\u0000` }, ['content: field.control-character']],
    ['an escape', { title: '噪音\u001b[31m扰民' }, ['title: field.control-character']],
    ['a direction override', { content: `${SPEECH}\u202e顺序` }, ['content: field.control-character']],
    ['a direction isolate', { address: '中山路\u2066一号' }, ['address: field.control-character']],
    ['a control character in a name', { contact: { ...SAID.contact, name: '王\u0007明' } }, ['contact.name: field.control-character']],
  ];

  test.for(UNFIT)('is refused with %s', async ([, more, faults]) => {
    expect(await refused(() => file(more))).toEqual({ status: 400, code: 'base.invalid-input', faults });
  });

  test('is refused with half a character, as it stands in JSON', async () => {
    const send = (content: string) => {
      const raw = JSON.stringify({ ...SAID, channel: '01', content: 'X' }).replace('"X"', `"${content}"`);
      return _door === 'the office'
        ? at.call(at.person('agent', NANJING), 'POST', '/api/appeals', { raw, headers: { 'content-type': 'application/json' } })
        : at.call(null, 'POST', '/api/portal/appeals', {
            raw: raw.replace(',"channel":"01"', ''),
            headers: { 'content-type': 'application/json' },
          });
    };
    expect(await refused(() => send(`${SPEECH}\\ud800`))).toMatchObject({ status: 400, faults: ['content: field.control-character'] });
    expect(await refused(() => send(`${SPEECH}\\udc00\\ud800`))).toMatchObject({
      status: 400,
      faults: ['content: field.control-character'],
    });
    expect((await send(`${SPEECH}\\ud83d\\ude00`)).status).toBe(201);
  });

  test('is told every fault at once', async () => {
    expect(await refused(() => file({ type: '42', content: '短', title: 7, category: 'x' }))).toMatchObject({
      faults: expect.arrayContaining([
        'type: field.unknown-code',
        'content: field.too-short',
        'title: field.type',
        'category: field.format',
      ]) as string[],
    });
  });

  test('keeps rare characters, emoji and the longest text to the last character', async () => {
    const content = `𠮷野家门口，䶮先生、𪚥女士说：👨‍👩‍👧‍👦 也来了，\n第二行\t有制表符，العربية ‎。${'𠮷'.repeat(4000)}`;
    const title = '𠮷'.repeat(100);
    const answer = await file({
      content,
      title,
      address: '𤭢路😀号',
      expectation: '请“处理”',
      contact: { name: '𠮷', phone: '+86 138-1234-5678', address: '鼓楼区𠮷巷' },
    });
    expect(answer.status, answer.text).toBe(201);
    const order = await readBack(answer.body as Filed);
    expect(order).toMatchObject({ content, title, address: '𤭢路😀号', expectation: '请“处理”' });
    const revealed = await at.call(at.person('agent', NANJING), 'POST', `/api/appeals/${order.id}/contact/reveal`, {
      body: { reason: '核实地址' },
    });
    expect(revealed.body).toEqual({ name: '𠮷', phone: '13812345678', idNumber: null, address: '鼓楼区𠮷巷' });
    expect((await file({ content: '𠮷'.repeat(5000) })).status).toBe(201);
  });

  test.for([
    `'); drop table appeals.appeal; --`,
    `<script>alert(document.cookie)</script>`,
    `\${7*7} {{7*7}} %s %n`,
    `=cmd|' /C calc'!A0`,
    `../../etc/passwd`,
    `\\'; select pg_sleep(5); --`,
  ])('is text and nothing else: %s', async (payload) => {
    const answer = await file({
      title: payload,
      content: `${payload} ${SPEECH}`,
      address: payload,
      expectation: payload,
      contact: { name: payload.slice(0, 50), phone: '02583110000', address: payload },
    });
    expect(answer.status, answer.text).toBe(201);
    const filed = answer.body as Filed;
    expect(await readBack(filed)).toMatchObject({
      title: payload,
      content: `${payload} ${SPEECH}`,
      address: payload,
      expectation: payload,
    });
    const seen = await at.call(null, 'POST', '/api/portal/look-up', { body: { number: filed.number, code: filed.queryCode } });
    expect((seen.body as CitizenView).title).toBe(payload);
    expect(String(seen.headers['content-type'])).toContain('application/json');
    expect(seen.headers['x-content-type-options']).toBe('nosniff');
    const found = await at.call(
      at.person('agent', NANJING),
      'GET',
      `/api/orders?q=${encodeURIComponent(payload.split(' ')[0]!.slice(0, 50))}`,
    );
    expect((found.body as { items: { id: string }[] }).items.map((item) => item.id)).toContain(filed.id);
  });
});

describe('a request that is none', () => {
  const send = (raw: string | Buffer, type = 'application/json', url = '/api/portal/appeals') =>
    at.call(null, 'POST', url, { raw, headers: { 'content-type': type } });

  test('of ten megabytes is refused as too large', async () => {
    expect(await refused(() => send(JSON.stringify({ ...SAID, content: '吵'.repeat(3_500_000) })))).toMatchObject({
      status: 413,
      code: 'base.too-large',
    });
  });
  test('of another kind is refused as unsupported', async () => {
    for (const type of ['text/xml', 'application/x-www-form-urlencoded', 'nonsense'])
      expect(await refused(() => send('<a/>', type))).toMatchObject({ status: 415, code: 'base.unsupported-media' });
  });
  test('that is broken is refused as malformed', async () => {
    for (const raw of ['{"type":', '', 'null x', '{"__proto__": {"admin": true}}', Buffer.from([0x7b, 0xff, 0xfe])])
      expect(await refused(() => send(raw)), String(raw)).toMatchObject({ status: 400 });
  });
  test('that is no object is refused field by field', async () => {
    for (const body of [null, [], 7, 'text', true])
      expect(await refused(() => portal(body))).toMatchObject({ status: 400, code: 'base.invalid-input' });
    expect(await refused(() => at.call(null, 'POST', '/api/portal/appeals'))).toMatchObject({ status: 400 });
  });
  test('for an address that does not exist, or cannot be read, is a problem document too', async () => {
    for (const [method, url] of [
      ['GET', '/api/nothing'],
      ['PUT', '/api/orders'],
      ['GET', '/api/orders/%zz'],
      ['GET', `/api/orders/${'x'.repeat(500)}`],
      ['GET', '/api/%00'],
    ] as const) {
      const answer = await at.call(at.person('agent', NANJING), method, url);
      expect([400, 404, 414], `${method} ${url}`).toContain(answer.status);
      problemIn(answer);
    }
  });
  test('of an upload that breaks off is refused, not a fault of ours', async () => {
    const admin = at.person('city-admin', NANJING);
    const upload = (raw: string, type = 'multipart/form-data; boundary=cut') =>
      at.call(admin, 'POST', '/api/imports?mapping=appeals-standard', { raw, headers: { 'content-type': type } });
    const head = `--cut\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\ncontent-type: text/csv\r\n\r\n`;
    for (const raw of [head, `${head}来源单号,渠道`, '--cut--\r\n', 'nothing like it']) {
      const answer = await upload(raw);
      expect(answer.status, `${raw}: ${answer.text}`).toBeLessThan(500);
      problemIn(answer);
    }
    expect(problemIn(await upload(`${head.replace('a.csv', 'a.exe')}x\r\n--cut--\r\n`)).code).toBe('appeals.import-file');
    expect(problemIn(await upload('{}', 'application/json')).status).toBe(400);
  });
});

describe('lists', () => {
  test.for([
    ['agent', '/api/orders?cursor=nonsense'],
    ['agent', '/api/orders?sort=due&cursor=2026|2026'],
    ['agent', '/api/orders?cursor=%00'],
    ['agent', '/api/orders?state=%00'],
    ['agent', '/api/orders?state=nonsense'],
    ['agent', "/api/orders?q=' or 1=1 --"],
    ['agent', '/api/orders?limit=0'],
    ['agent', '/api/orders?limit=1e9'],
    ['agent', '/api/orders?number=%00'],
    ['agent', '/api/orders?number=12345'],
    ['agent', '/api/orders?from=yesterday'],
    ['agent', '/api/notices?cursor=nonsense'],
    ['agent', '/api/reference/units?cursor=%00'],
    ['city-admin', '/api/imports?cursor=nonsense'],
    ['city-admin', '/api/accounts?cursor=%00'],
    ['city-admin', '/api/accounts?q=%00'],
    ['audit-admin', '/api/audit?cursor=nonsense'],
    ['audit-admin', '/api/audit?action=%00'],
    ['audit-admin', '/api/audit?objectId=7'],
    ['agent', '/api/orders/not-an-id'],
    ['agent', '/api/reference/calendar/1'],
    ['agent', '/api/reference/streets?county=1'],
  ] as const)('asked by the %s for what cannot be, answer with a refusal or nothing: %s', async ([role, url]) => {
    const answer = await at.call(at.person(role), 'GET', encodeURI(decodeURI(url)));
    expect(answer.status, answer.text).toBeLessThan(500);
    if (answer.status >= 400) problemIn(answer);
  });

  test('a cursor that is none is named', async () => {
    for (const [role, url] of [
      ['agent', '/api/orders'],
      ['agent', '/api/notices'],
      ['city-admin', '/api/imports'],
      ['audit-admin', '/api/audit'],
    ] as const) {
      expect(problemIn(await at.call(at.person(role), 'GET', `${url}?cursor=nonsense`)).code, url).toBe('base.bad-cursor');
    }
  });
});

describe('a key that makes filing repeatable', () => {
  test('gives the first answer again, and files once', async () => {
    const headers = { 'idempotency-key': 'a-first-key-0001' };
    const before = (await counts())[0] as { appeals: number };
    const first = await portal(SAID, headers);
    const again = await portal(SAID, headers);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect((await counts())[0]).toMatchObject({ appeals: before.appeals + 1, keys: 1 });
  });

  test('files once although it is sent ten times at the same moment', async () => {
    const before = (await counts())[0] as { appeals: number; orders: number; events: number };
    const headers = { 'idempotency-key': 'a-second-key-0002' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => portal(SAID, headers)));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => 201));
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect((await counts())[0]).toMatchObject({ appeals: before.appeals + 1, orders: before.orders + 1, events: before.events + 1 });
  });

  test('is refused for other words', async () => {
    const headers = { 'idempotency-key': 'a-third-key-0003' };
    await portal(SAID, headers);
    expect(await refused(() => portal({ ...SAID, content: `${SPEECH}另外` }, headers))).toMatchObject({
      status: 409,
      code: 'base.idempotency-mismatch',
    });
  });

  test('belongs to who sent it: the office and another clerk have keys of their own', async () => {
    const headers = { 'idempotency-key': 'a-fourth-key-0004' };
    const ids = [await portal(SAID, headers), await office({ ...SAID, channel: '01' }, headers)].map((answer) => (answer.body as Filed).id);
    const other = await at.call(at.person('team-lead', NANJING), 'POST', '/api/appeals', { body: { ...SAID, channel: '01' }, headers });
    expect(new Set([...ids, (other.body as Filed).id]).size).toBe(3);
  });

  test('has a form, and is forgotten after a day', async () => {
    for (const key of ['short', 'with space in it', 'x'.repeat(129)])
      expect(await refused(() => portal(SAID, { 'idempotency-key': key }))).toMatchObject({
        status: 400,
        faults: ['Idempotency-Key: field.format'],
      });
    const headers = { 'idempotency-key': 'a-fifth-key-0005' };
    const first = await portal(SAID, headers);
    at.clock.advance(86_400_000 + 1000);
    await at.app.appeals.forgetOldKeys();
    const later = await portal(SAID, headers);
    expect((later.body as Filed).id).not.toBe((first.body as Filed).id);
  });

  test('a number of a source system is known for good', async () => {
    const machine = await at.machine('housing');
    const file = (more: object = {}) =>
      at.call(machine, 'POST', '/api/appeals', {
        body: { type: '02', region: NANJING, content: SPEECH, channel: '03', anonymous: true, sourceNumber: 'H-1', ...more },
      });
    const first = await file();
    expect(first.status, first.text).toBe(201);
    at.clock.advance(40 * 86_400_000);
    await at.app.appeals.forgetOldKeys();
    const again = problemIn(await file({ content: `${SPEECH}再次反映` }));
    expect(again).toMatchObject({ status: 409, code: 'appeals.source-duplicate', number: (first.body as Filed).number });
    const others = await at.machine('water');
    expect(
      (
        await at.call(others, 'POST', '/api/appeals', {
          body: { type: '02', region: NANJING, content: SPEECH, channel: '03', anonymous: true, sourceNumber: 'H-1' },
        })
      ).status,
    ).toBe(201);
  });
});

describe('an action on an order', () => {
  const accept = (id: string, body: unknown) => at.call(at.person('agent', NANJING), 'POST', `/api/orders/${id}/accept`, { body });

  test.for([
    ['no version', { input: {} }, ['version: field.required']],
    ['a version below the first', { version: 0, input: {} }, ['version: field.out-of-range']],
    ['a version in words', { version: '1', input: {} }, ['version: field.type']],
    ['no input', { version: 1 }, ['input: field.required']],
    ['a field nobody knows', { version: 1, input: { state: 'closed' } }, ['input.state: field.unknown']],
    ['a category nobody knows', { version: 1, input: { category: '999999' } }, ['input.category: reference.unknown-category']],
    ['an urgency out of range', { version: 1, input: { urgency: 5 } }, ['input.urgency: field.out-of-range']],
    ['an opinion that is too long', { version: 1, input: { opinion: '好'.repeat(501) } }, ['input.opinion: field.too-long']],
    ['a NUL', { version: 1, input: { opinion: '好\u0000' } }, ['input.opinion: field.control-character']],
  ] as const)('is refused with %s, and leaves the order as it was', async ([, body, faults]) => {
    const { id } = await at.file();
    const before = await at.db.owner(`select * from orders.work_order where id = $1`, [id]);
    expect(await refused(() => accept(id, body))).toEqual({ status: 400, code: 'base.invalid-input', faults });
    expect(await at.db.owner(`select * from orders.work_order where id = $1`, [id])).toEqual(before);
  });

  test('with an old version is refused with the newer state', async () => {
    const { id } = await at.takeTo('dispatched');
    const answer = await at.call(at.person('dispatcher', NANJING), 'POST', `/api/orders/${id}/cancel`, {
      body: { version: 1, input: { reason: '诉求人撤销' } },
    });
    expect(problemIn(answer)).toMatchObject({ status: 409, code: 'base.stale', current: { state: 'dispatched', version: 3 } });
  });

  test('that the state does not allow is refused with what it does', async () => {
    const { id } = await at.takeTo('pending-dispatch');
    const answer = await at.call(at.person('dispatcher', NANJING), 'POST', `/api/orders/${id}/accept`, {
      body: { version: 2, input: {} },
      headers: { 'accept-language': 'en' },
    });
    const problem = problemIn(answer);
    expect(problem).toMatchObject({ status: 409, code: 'casework.not-allowed-now', current: { state: 'pending-dispatch', version: 2 } });
    expect(problem.allowed?.toSorted()).toEqual([
      'cancel',
      'coordinate',
      'dispatch',
      'flag',
      'hand-over',
      'merge',
      'refuse',
      'transfer-call',
      'unmerge',
      'urge',
    ]);
    // In the caller's language, states and all.
    expect(problem.title).toMatch(/^[\x20-\x7e]+$/);
  });

  test('of twenty people at the same moment is taken once', async () => {
    const { id } = await at.file();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        at.call(at.person(i % 2 ? 'agent' : 'dispatcher', NANJING), 'POST', `/api/orders/${id}/accept`, {
          body: { version: 1, input: {} },
        }),
      ),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    for (const answer of answers.filter((one) => one.status !== 200)) expect(problemIn(answer).code).toBe('base.stale');
    expect(await at.db.owner(`select version from orders.work_order where id = $1`, [id])).toEqual([{ version: 2 }]);
  });
});

test('every text of a refusal comes in English where English is asked for', async () => {
  const answer = await portal({ ...SAID, region: '310101', type: '42', hacker: 1 }, { 'accept-language': 'en-US' });
  const problem = answer.body as Problem;
  for (const text of [problem.title, ...(problem.fields ?? []).map((field) => field.message)]) expect(text).toMatch(/^[\x20-\x7e]+$/);
  expect(problem.title).toBe(codes['base.invalid-input'].text.en);
  expect(answer.headers['content-type']).toContain('application/problem+json');
});

test('more than the portal takes from one address in a minute is put off, with the time to wait', async () => {
  const narrow = await openTestApp({ settings: { MINSHENG_INTAKE_LIMIT: '3' } });
  try {
    const ask = () => narrow.call(null, 'POST', '/api/portal/look-up', { body: { number: '1', code: '1' } });
    for (let i = 0; i < 3; i++) expect((await ask()).status).toBe(400);
    const answer = await ask();
    expect(problemIn(answer)).toMatchObject({ status: 429, code: 'base.rate-limited' });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    // Who only reads the dictionary is not meant.
    expect((await narrow.call(null, 'GET', '/api/reference/dictionary')).status).toBe(200);
  } finally {
    await narrow.close();
  }
});

test('due dates are the same on a server that stands in another time zone', () => {
  const holidays = {
    off: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07', '2026-02-16', '2026-02-17'],
    work: ['2026-10-10', '2026-02-14'],
    publishedYears: [2026],
  };
  const limits: Limit[] = [
    { mode: 'workday', amount: 1 },
    { mode: 'workday', amount: 5 },
    { mode: 'workday', amount: 15 },
    { mode: 'hour', amount: 2 },
    { mode: 'minute', amount: 15 },
  ];
  const instants = [
    '2026-09-30T09:29:59Z',
    '2026-09-30T09:30:00Z',
    '2026-02-13T15:59:59Z',
    '2026-02-13T16:00:00Z',
    '2026-03-08T06:59:59Z',
    '2026-03-08T07:00:00Z',
    '2026-11-01T05:59:59Z',
    '2026-12-31T16:00:00Z',
    '2026-06-15T02:00:00Z',
  ].map((text) => Date.parse(text));
  const sets = { off: new Set(holidays.off), work: new Set(holidays.work), publishedYears: new Set(holidays.publishedYears) };
  const here = instants.flatMap((instant) => limits.map((limit) => dueAfter(instant, limit, sets)));
  const script = `const { dueAfter } = await import(process.argv[1]); const { holidays, limits, instants } = JSON.parse(process.argv[2]);
    const sets = { off: new Set(holidays.off), work: new Set(holidays.work), publishedYears: new Set(holidays.publishedYears) };
    console.log(JSON.stringify({ offset: new Date(instants[0]).getTimezoneOffset(), due: instants.flatMap((instant) => limits.map((limit) => dueAfter(instant, limit, sets))) }));`;
  for (const [zone, offset] of [
    ['America/New_York', 240],
    ['Asia/Shanghai', -480],
    ['Pacific/Kiritimati', -840],
  ] as const) {
    const told = execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        script,
        '--',
        join(import.meta.dirname, '../../kernel/calendar.ts'),
        JSON.stringify({ holidays, limits, instants }),
      ],
      { env: { ...process.env, TZ: zone }, encoding: 'utf8' },
    );
    const answer = JSON.parse(told) as { offset: number; due: unknown };
    expect(answer.offset, zone).toBe(offset);
    expect(answer.due, zone).toEqual(here);
  }
});
