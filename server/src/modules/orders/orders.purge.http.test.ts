import { sql } from 'kysely';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AppealInput, Filed } from '#contracts/appeals/appeals.api.ts';
import type { Uploaded } from '#contracts/appeals/attachments.api.ts';
import type { OrderView } from '#contracts/orders/orders.api.ts';
import { verifyChain } from '#server/platform/audit/audit.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { photo } from '#server/platform/files/inspect/inspect.testing.ts';
import {
  faultsIn,
  fileForm,
  NANJING,
  openTestApp,
  problemIn,
  SUZHOU,
  UNITS,
  type Answer,
  type Person,
  type TestApp,
} from '../../../test/test-app.ts';
import { sealToEnd } from '../../../test/read-to-end.ts';
import { digestOf } from './orders.purge.ts';

const NAME = '司徒云舟';
const PHONE = '13900004127';
const STREET = '鼓楼区云南北路 83 号 2 幢';
const [UNIT, MAIN] = UNITS[NANJING];
const DAY = 86_400_000;
const ON_REQUEST = {
  ground: 'citizen-request',
  request: '来函 2026-0117',
  basis: '个人信息保护法第四十七条',
  reason: '诉求人书面申请删除',
} as const;

let at: TestApp;
let admin: Person;
let supervisor: Person;
let filed: Filed;
let id: string;

beforeAll(async () => {
  at = await openTestApp();
  admin = at.person('city-admin', NANJING);
  supervisor = at.person('supervisor', NANJING);
});
afterAll(() => at?.close());
beforeEach(async () => {
  filed = await archived();
  id = filed.id;
});

const said = (words: string) => `${NAME}（${PHONE}）${words}`;

/** An archived order that tells of its citizen wherever free text is kept. */
async function archived(input: Partial<AppealInput> = {}): Promise<Filed> {
  const upload = await at.call(
    at.person('agent', NANJING),
    'POST',
    '/api/uploads',
    fileForm(`${NAME}身份证.jpg`, await photo({ width: 640, height: 480 })),
  );
  expect(upload.status, upload.text).toBe(201);
  const one = await at.takeTo('dispatched', {
    title: said('反映噪声'),
    content: said('反映楼下夜间施工，无法休息。'),
    expectation: said('希望回电'),
    address: STREET,
    contact: { name: NAME, phone: PHONE, address: STREET },
    attachments: [(upload.body as Uploaded).ticket],
    ...input,
  } as Partial<AppealInput>);
  const handler = at.person('handler', MAIN);
  const other = at.person('handler', UNIT);
  // Given back by the first unit, handled by the second, with the first one's help.
  const returned = await at.act(other, one.id, 'return', { reason: 'R1', legalBasis: said('不属职责'), opinion: said('建议改派有权单位') });
  await at.app.orders.decide(at.actor(at.person('dispatcher', NANJING)), returned.approval!, 'approve', said('同意'));
  await at.act(at.person('dispatcher', NANJING), one.id, 'dispatch', { unit: MAIN, opinion: said('请办理') });
  await at.act(at.person('dispatcher', NANJING), one.id, 'assist', { unit: UNIT });
  await at.act(other, one.id, 'task-sign', {});
  await at.act(other, one.id, 'task-reply', { text: said('本单位已到场核查') });
  await at.act(at.person('agent', NANJING), one.id, 'flag', { group: true, note: said('带邻居来访') });
  const added = await at.call(at.person('agent', NANJING), 'POST', `/api/appeals/${one.id}/supplements`, {
    body: { content: said('补充了录音') },
  });
  expect(added.status, added.text).toBe(200);
  await at.act(at.person('supervisor', NANJING), one.id, 'oversee', { level: 1, cause: 'media', requirement: said('请尽快联系') });
  await at.act(handler, one.id, 'sign', { opinion: said('已知悉') });
  await at.act(handler, one.id, 'oversight-reply', { text: said('今日已上门') });
  await at.act(handler, one.id, 'contact', { mode: 'phone', note: said('电话接通') });
  const { approval } = await at.act(handler, one.id, 'extend', { amount: 1, reason: said('另约时间'), informed: true });
  await at.app.orders.decide(at.actor(at.person('reviewer', NANJING)), approval!, 'approve', said('同意'));
  await at.act(handler, one.id, 'reply', { resultType: '01', text: said('已与诉求人当面说明，施工方夜间停工。'), basis: said('当面说明') });
  await at.act(at.person('reviewer', NANJING), one.id, 'pass', { opinion: said('属实') });
  await at.act(at.person('follow-up', NANJING), one.id, 'conclude', { mode: '01', satisfaction: 5, solved: '1', comment: said('满意') });
  at.clock.advance(8 * DAY);
  await at.act(at.person('city-admin', NANJING), one.id, 'archive', {});
  return one;
}

const ask = (person: Person, input: object, language?: string): Promise<Answer> =>
  version(id).then((seen) =>
    at.call(person, 'POST', `/api/orders/${id}/purge`, {
      body: { version: seen, input },
      ...(language ? { headers: { 'accept-language': language } } : {}),
    }),
  );
const decide = (person: Person, approval: string, verdict: 'approve' | 'decline' = 'approve') =>
  at.call(person, 'POST', `/api/approvals/${approval}/decide`, { body: { verdict } });
const approvalIn = (answer: Answer): string => {
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as { approval: string }).approval;
};
const page = async (person: Person) => (await at.call(person, 'GET', `/api/orders/${id}`)).body as OrderView;

async function version(order: string): Promise<number> {
  const [row] = await at.db.owner<{ version: number }>(`select version from orders.work_order where id = $1`, [order]);
  return row!.version;
}

/** Every column of text, JSON, words or bytes in which one of the needles stands, as `schema.table.column`. */
async function columnsWith(...needles: string[]): Promise<string[]> {
  const columns = await at.db.owner<{ schema: string; table: string; column: string; type: string }>(
    `select c.table_schema as schema, c.table_name as table, c.column_name as column, c.udt_name as type
     from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')
       and c.udt_name in ('text', '_text', 'varchar', '_varchar', 'json', 'jsonb', 'bytea', 'name', 'bpchar')`,
  );
  // A partition stands for its table; what is asked of each is a scan.
  const found = new Set<string>();
  for (const { schema, table, column, type } of columns) {
    const text = type === 'bytea' ? `encode("${column}", 'hex')` : `"${column}"::text`;
    const sought = needles.map((needle) => (type === 'bytea' ? Buffer.from(needle).toString('hex') : needle));
    const [row] = await at.db.owner<{ found: boolean }>(
      `select exists (select from "${schema}"."${table}" where ${sought.map((_, i) => `position($${i + 1} in ${text}) > 0`).join(' or ')}) as found`,
      sought,
    );
    if (row!.found) found.add(`${schema}.${table.replace(/_[my]\d{4,6}$/, '')}.${column}`);
  }
  return [...found].toSorted();
}

const storedFiles = () => {
  const folder = join(at.folder, 'files', 'attachments');
  return existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length : 0;
};

describe('purging', () => {
  test('leaves no word of the citizen in any column of any table, keeps every figure, and removes the files', async () => {
    const region = await at.db.owner(`select day, region, what, count from orders.daily_count order by 1, 2, 3`);
    const figures = () =>
      at.db.owner(
        `select w.state, w.type, w.category, w.urgency, w.region, w.main_unit, w.filed_at, w.accepted_at, w.closed_at, w.archived_at, w.redo_no,
           w.extension_count, r.satisfaction, r.solved, (select count(*) from orders.reply where order_id = w.id) as replies,
           (select json_agg(json_build_array(name, t0, due_at, stopped_at, result) order by name, no) from casework.clock where case_id = w.id) as clocks
         from orders.work_order w left join appeals.rating r on r.appeal_id = w.id where w.id = $1`,
        [id],
      );
    const before = await figures();
    const reveal = await at.call(at.person('agent', NANJING), 'POST', `/api/appeals/${id}/contact/reveal`, {
      body: { reason: said('回电核实') },
    });
    expect(reveal.body, reveal.text).toMatchObject({ name: NAME, phone: PHONE });
    // The fixture tells of him in every place that keeps words: else finding none would prove nothing.
    const told = await columnsWith(NAME, PHONE, STREET);
    expect(told).toEqual(
      expect.arrayContaining([
        'appeals.appeal.address',
        'appeals.appeal.content',
        'appeals.appeal.expectation',
        'appeals.appeal.title',
        'appeals.attachment.name',
        'appeals.rating.comment',
        'appeals.supplement.content',
        'casework.approval.input',
        'casework.approval.opinion',
        'orders.return_request.legal_basis',
        'orders.return_request.opinion',
        'orders.task.opinion',
        'reference.catalogue_objection.legal_basis',
        'reference.catalogue_objection.reason',
        'orders.follow_up.note',
        'orders.oversight.answer',
        'orders.oversight.requirement',
        'orders.reply.basis',
        'orders.reply.check_opinion',
        'orders.reply.text',
        'platform.event.data',
      ]),
    );
    expect(storedFiles()).toBeGreaterThan(0);

    expect((await decide(supervisor, approvalIn(await ask(admin, ON_REQUEST)))).status).toBe(200);
    // The audit log is never changed: what somebody gave as his reason to look at a contact stays there, as ADR 0060 says.
    expect(await columnsWith(NAME, PHONE, STREET)).toEqual(['platform.audit_entry.detail']);
    const [contact] = await at.db.owner<object>(
      `select to_jsonb(c) - 'id' - 'region' - 'kind' - 'gender' as left from appeals.contact c where id = $1`,
      [id],
    );
    expect(Object.values((contact as { left: object }).left).filter((value) => value !== null)).toEqual([]);

    expect(await figures()).toEqual(before);
    expect(await at.db.owner(`select day, region, what, count from orders.daily_count order by 1, 2, 3`)).toEqual(region);
    // The database has let go of the files; the next sweep takes the bytes, also when the process died in between.
    expect(storedFiles()).toBeGreaterThan(0);
    await at.app.attachments.sweep();
    expect(storedFiles()).toBe(0);
    expect(await at.db.owner(`select key from appeals.stored_file`)).toEqual([]);
  });

  test('empties what was told to a citizen who was refused', async () => {
    ({ id } = await at.takeTo('pending-dispatch', { contact: { name: NAME, phone: PHONE } }));
    await at.act(at.person('dispatcher', NANJING), id, 'refuse', { reason: 'N2', explanation: said('请依法向法院提起诉讼解决') });
    expect((await decide(supervisor, approvalIn(await ask(admin, ON_REQUEST)))).status).toBe(200);
    expect((await page(supervisor)).refusal).toEqual({ reason: 'N2', explanation: '（已清除）' });
    expect((await page(supervisor)).state).toBe('refused');
  });

  test('leaves a receipt on the order and in the audit log, whose chain still holds', async () => {
    const approval = approvalIn(await ask(admin, ON_REQUEST));
    expect((await decide(supervisor, approval)).status).toBe(200);
    const order = await page(supervisor);
    const receipt = order.purge!;
    expect(receipt).toMatchObject({ ...ON_REQUEST, number: filed.number, askedBy: admin.name, approvedBy: supervisor.name });
    expect(receipt.removed).toMatchObject({
      contact: 1,
      appeal: 1,
      supplements: 1,
      comments: 1,
      attachments: 1,
      replies: 1,
      requests: 2,
      notes: 5,
    });
    const { digest, ...facts } = receipt;
    expect(digestOf(facts)).toBe(digest);
    expect(digestOf({ ...facts, reason: '另一事由' })).not.toBe(digest);
    const entries = await at.db.owner<{ detail: object }>(
      `select detail from platform.audit_entry where object_id = $1 and action = 'orders.purge-receipt'`,
      [id],
    );
    expect(entries).toEqual([{ detail: receipt }]);
    await sealToEnd(at.app.db);
    expect(await verifyChain(at.app.db, SYSTEM)).toMatchObject({ ok: true });
    // Subscribers are told of it, and nothing of the words.
    const events = await at.db.owner<{ name: string; data: object }>(
      `select name, data from platform.event where case_id = $1 and name like '%purge'`,
      [id],
    );
    expect(events).toEqual([
      { name: 'orders.ask-purge', data: { approval } },
      { name: 'orders.purge', data: { number: filed.number, purged: true } },
    ]);
  });

  test('makes the appeal unknown to the citizen, and leaves nothing to be done with the order', async () => {
    const query = () => at.call(null, 'POST', '/api/portal/look-up', { body: { number: filed.number, code: filed.queryCode } });
    expect((await query()).status).toBe(200);
    const unknown = await at.call(null, 'POST', '/api/portal/look-up', { body: { number: filed.number, code: '22222222' } });
    expect((await decide(supervisor, approvalIn(await ask(admin, ON_REQUEST)))).status).toBe(200);
    const after = await query();
    expect([after.status, problemIn(after).code]).toEqual([unknown.status, problemIn(unknown).code]);
    expect((await page(supervisor)).actions).toEqual([]);
    expect(problemIn(await ask(admin, ON_REQUEST)).code).toBe('orders.purged');
  });

  test('takes another person than who asked, within three days', async () => {
    const approval = approvalIn(await ask(admin, ON_REQUEST));
    expect((await page(admin)).purgedAt).toBe(null);
    const zh = await at.call(admin, 'POST', `/api/approvals/${approval}/decide`, { body: { verdict: 'approve' } });
    expect(problemIn(zh).code).toBe('casework.asker-decides');
    const en = await at.call(admin, 'POST', `/api/approvals/${approval}/decide`, {
      body: { verdict: 'approve' },
      headers: { 'accept-language': 'en' },
    });
    expect(problemIn(zh).title).toMatch(/\p{Script=Han}/u);
    expect(problemIn(en).title).toMatch(/^[\x20-\x7e]+$/);
    expect(problemIn(await decide(at.person('reviewer', NANJING), approval)).code).toBe('base.forbidden');
    expect(problemIn(await decide(at.person('supervisor', SUZHOU), approval)).code).toBe('base.not-found');
    at.clock.advance(72 * 3_600_000);
    expect(problemIn(await decide(supervisor, approval)).code).toBe('casework.already-decided');
    await at.app.upkeep.lapseDue();
    expect((await page(admin)).approvals.at(-1)).toMatchObject({ action: 'purge', state: 'lapsed' });
    expect((await page(admin)).purgedAt).toBe(null);
  });

  test('is refused to whoever calls the database without an approval', async () => {
    await expect(at.app.db.transact(at.actor(supervisor).scope, (tx) => sql`select orders.purge(${id})`.execute(tx))).rejects.toThrow(
      /no second person approved/,
    );
    approvalIn(await ask(admin, ON_REQUEST));
    await expect(at.app.db.transact(at.actor(supervisor).scope, (tx) => sql`select orders.purge(${id})`.execute(tx))).rejects.toThrow(
      /no second person approved/,
    );
  });

  test('waits for the end of the retention unless the citizen asked for it, in both languages', async () => {
    const input = { ground: 'retention', basis: '档案管理办法第九条', reason: '保存期限届满' };
    const early = await ask(admin, input);
    expect(faultsIn(early)).toEqual(['input.ground: orders.retention-not-over']);
    expect(early.text).toContain('48 个月');
    expect((await ask(admin, input, 'en')).text).toContain('48 months');
    const { request: _request, ...unnamed } = ON_REQUEST;
    expect(faultsIn(await ask(admin, unnamed))).toEqual(['input.request: orders.purge-request-missing']);
    const closedAt = (instant: string) =>
      at.db.owner(`update orders.work_order set closed_at = $2::timestamptz where id = $1`, [id, instant]);
    const monthsAgo = (months: number, laterMs: number) =>
      new Date(new Date(at.clock.nowMs() + laterMs).setUTCMonth(new Date(at.clock.nowMs()).getUTCMonth() - months)).toISOString();
    await closedAt(monthsAgo(48, 60_000));
    expect(faultsIn(await ask(admin, input))).toEqual(['input.ground: orders.retention-not-over']);
    await closedAt(monthsAgo(48, -60_000));
    expect((await decide(supervisor, approvalIn(await ask(admin, input)))).status).toBe(200);
    expect((await page(supervisor)).purge).toMatchObject({ ground: 'retention', request: null });
  });

  test('is refused while the order is preserved as evidence, or another request waits', async () => {
    await at.act(admin, id, 'preserve', { basis: '调取证据通知书', reason: '行政诉讼期间保全' });
    expect(problemIn(await ask(admin, ON_REQUEST)).code).toBe('orders.preserved');
    await at.act(admin, id, 'end-preservation', { reason: '诉讼已经终结' });
    const approval = approvalIn(await ask(admin, ON_REQUEST));
    // What is preserved meanwhile is not purged by an older request.
    await at.act(admin, id, 'preserve', { basis: '调取证据通知书', reason: '行政诉讼期间保全' });
    expect(problemIn(await decide(supervisor, approval)).code).toBe('orders.preserved');
    expect((await decide(supervisor, approval, 'decline')).status).toBe(200);
    await at.act(admin, id, 'end-preservation', { reason: '诉讼已经终结' });
    await at.act(supervisor, id, 'reopen', { reason: '同一问题再次出现，需要重新办理。' });
    expect(problemIn(await ask(admin, ON_REQUEST)).code).toBe('casework.not-allowed-now');
  });

  test('is asked for of many orders at once, each told singly', async () => {
    const second = await archived();
    const open = await at.takeTo('handling');
    const orders = await Promise.all([id, second.id, open.id].map(async (each) => ({ id: each, version: await version(each) })));
    const answer = await at.call(admin, 'POST', '/api/orders/batch', { body: { action: 'purge', orders, input: ON_REQUEST } });
    expect(answer.body, answer.text).toMatchObject({
      done: 0,
      asked: 2,
      refused: 1,
      items: [{ outcome: 'asked' }, { outcome: 'asked' }, { outcome: 'refused', code: 'casework.not-allowed-now' }],
    });
  });
});
