import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatabaseBoard, Finding, InspectionBoard, InspectionReport } from '#contracts/operations/inspections.api.ts';
import { beijing } from '#server/kernel/calendar.testing.ts';
import { faultsIn, openTestApp, problemIn, type Person, type TestApp } from '../../../../test/test-app.ts';
import { textsOf } from '../../../../test/word.ts';

const BASE = '/api/operations/inspections';

let at: TestApp;
let operator: Person;
let manager: Person;
// A Monday, half an hour before the daily inspection.
const BEGIN = beijing('2026-06-15 08:00');

beforeAll(async () => {
  at = await openTestApp({ startMs: BEGIN });
  // The tests' partitions of what is measured lie elsewhere in time.
  await at.db.owner(`select platform.turn_spans($1, $2, $1)`, [new Date(BEGIN), new Date(BEGIN + 12 * 86_400_000)]);
  [operator, manager] = [at.person('operator'), at.person('operations-manager')];
}, 60_000);
afterAll(() => at?.close());

const get = async <T>(path: string, who = operator) => (await at.call(who, 'GET', `${BASE}${path}`)).body as T;
const turn = () => at.app.operations.inspections.turn();
const waiting = async () => (await get<InspectionBoard>('/board')).waiting;
const answer = (who: Person, id: string, code: string, body: object) => at.call(who, 'PUT', `${BASE}/${id}/items/${code}`, { body });

test('what is due is begun once, whoever comes first, and what was missed long ago is left out', async () => {
  await Promise.all([turn(), turn()]);
  const begun = await at.db.owner<{ template: string; n: number }>(
    `select template, count(*)::integer as n from operations.inspection group by 1 order by 1`,
  );
  // At eight the night's database inspection may still be made up for; the weekly one is due at half past nine.
  expect(begun).toEqual([
    { template: 'auto', n: 1 },
    { template: 'database', n: 1 },
  ]);
  await turn();
  expect((await at.db.owner(`select id from operations.inspection`)).length).toBe(2);
  at.clock.set(beijing('2026-06-15 08:31'));
  await turn();
  const [daily] = await waiting();
  expect(daily).toMatchObject({
    template: 'daily',
    state: 'waiting',
    dueAt: '2026-06-15T00:30:00.000Z',
    signBy: '2026-06-15T02:31:00.000Z',
  });
  expect(daily!.open).toBeGreaterThan(15);
});

describe('a person walks the items', () => {
  let id = '';
  let manual: InspectionReport['items'] = [];
  beforeAll(async () => {
    id = (await waiting())[0]!.id;
    manual = (await get<InspectionReport>(`/${id}`)).items.filter((item) => item.kind === 'manual');
  });

  test('what nothing on this installation tells is asked of him, with the reason', () => {
    // Nobody has sampled anything here yet.
    expect(manual.find((item) => item.code === 'server-load')).toMatchObject({
      outcome: 'open',
      how: { en: expect.stringContaining('cannot read') },
    });
    expect(manual.find((item) => item.code === 'telecom-trunk')!.how!.zh).toContain('话务');
    for (const item of manual) expect(item.how, item.code).not.toBeNull();
  });

  test('his answers are kept one by one, and another person does not write over them', async () => {
    const first = await answer(operator, id, 'server-clock', { verdict: 'ok', said: '3 毫秒', revision: 0 });
    expect(first.body).toMatchObject({ outcome: 'ok', said: '3 毫秒', by: operator.name, revision: 1 });
    const late = await answer(manager, id, 'server-clock', { verdict: 'abnormal', note: '偏差过大', revision: 0 });
    expect(problemIn(late)).toMatchObject({ status: 409, code: 'inspections.overtaken', title: expect.stringContaining(operator.name) });
    expect((await answer(manager, id, 'server-clock', { verdict: 'ok', said: '2 毫秒', revision: 1 })).status).toBe(200);
  });

  test('abnormal is told in words; what the platform checks is not answered by hand', async () => {
    const mute = await answer(operator, id, 'server-hardware', { verdict: 'abnormal', revision: 0 });
    expect(faultsIn(mute)).toEqual(['note: inspections.say-what']);
    const [automatic] = (await get<InspectionReport>(`/${id}`)).items.filter((item) => item.kind === 'automatic');
    expect(problemIn(await answer(operator, id, automatic!.code, { verdict: 'ok', revision: 0 })).code).toBe('inspections.not-manual');
    expect(problemIn(await answer(operator, id, 'no-such', { verdict: 'ok', revision: 0 })).code).toBe('base.not-found');
  });

  test('it is signed when nothing is open; its score stands and what he found is a fault', async () => {
    const early = await at.call(operator, 'POST', `${BASE}/${id}/sign`, { body: {} });
    expect(problemIn(early)).toMatchObject({ status: 409, code: 'inspections.items-open' });
    for (const { code } of manual) {
      if (code === 'server-clock') continue;
      const bad = code === 'server-hardware';
      const body = { verdict: bad ? 'abnormal' : 'ok', ...(bad ? { note: '二号电源告警灯亮' } : {}), revision: 0 };
      expect((await answer(operator, id, code, body)).status, code).toBe(200);
    }
    const signed = await at.call(manager, 'POST', `${BASE}/${id}/sign`, { body: { note: '电源已报修' } });
    expect(signed.body).toMatchObject({ state: 'done', red: 1, open: 0, signedBy: manager.name, score: 90 });
    const { findings } = await get<InspectionReport>(`/${id}`);
    expect(findings).toMatchObject([{ code: 'server-hardware', level: 'red', lastNote: '二号电源告警灯亮', times: 1, closedAt: null }]);
    const fault = await at.call(operator, 'GET', `/api/operations/records/${findings[0]!.record.id}`);
    expect(fault.body).toMatchObject({ kind: 'fault', level: 3, source: 'inspection', title: expect.stringContaining('温度、电源、风扇') });
    expect(findings[0]!.dueAt).not.toBeNull();
    // Signed is signed.
    expect(problemIn(await answer(operator, id, 'server-clock', { verdict: 'ok', revision: 2 })).code).toBe('inspections.done');
    expect(problemIn(await at.call(operator, 'POST', `${BASE}/${id}/sign`, { body: {} })).code).toBe('inspections.done');
  });

  test('a person finds it good again: his finding is closed, and another verifies its fault', async () => {
    const [finding] = (await get<InspectionBoard>('/board')).findings.filter((one) => one.code === 'server-hardware');
    const path = `${BASE}/findings/${finding!.id}/recheck`;
    expect(problemIn(await at.call(operator, 'POST', path, { body: {} })).code).toBe('inspections.verdict-needed');
    const still = await at.call(operator, 'POST', path, { body: { verdict: 'abnormal', note: '备件未到' } });
    expect(still.body).toMatchObject({ closedAt: null, times: 2, lastNote: '备件未到' });
    const good = await at.call(operator, 'POST', path, { body: { verdict: 'ok', note: '电源已更换' } });
    expect(good.body).toMatchObject({ closedBy: operator.name, lastOutcome: 'ok' });
    const fault = (await at.call(operator, 'GET', `/api/operations/records/${finding!.record.id}`)).body;
    expect(fault).toMatchObject({ state: 'fixed' });
    expect(problemIn(await at.call(operator, 'POST', path, { body: { verdict: 'ok' } })).code).toBe('inspections.finding-closed');
  });
});

describe('what the platform finds by itself', () => {
  const plant = () => at.db.owner(`create table public.keyless (n integer)`);
  const mend = () => at.db.owner('drop table public.keyless');
  const open = async () => (await get<DatabaseBoard>('/database')).findings.find((one) => one.code === 'db-no-primary-key');
  let first: Finding;

  test('opens one fault while it stands, however often it is found', async () => {
    await plant();
    at.clock.advance(120_000);
    const started = await at.call(operator, 'POST', BASE, { body: { template: 'database' } });
    expect(started.status).toBe(201);
    first = (await open())!;
    expect(first).toMatchObject({ level: 'yellow', times: 1, openedEvidence: { rows: [{ what: 'public.keyless' }] } });
    expect(problemIn(await at.call(manager, 'POST', BASE, { body: { template: 'database' } })).code).toBe('inspections.asked-just-now');
    at.clock.advance(120_000);
    await at.call(operator, 'POST', BASE, { body: { template: 'database' } });
    expect(await open()).toMatchObject({ id: first.id, times: 2, record: first.record });
    expect(await at.db.owner(`select number from operations.record where title like '%主键%'`)).toHaveLength(1);
  });

  test('stays open while a check still finds it, with the newer evidence', async () => {
    const still = await at.call(operator, 'POST', `${BASE}/findings/${first.id}/recheck`, { body: {} });
    expect(still.body).toMatchObject({ closedAt: null, times: 3, lastOutcome: 'yellow', lastBy: operator.name });
  });

  test('opens a new fault where the former was closed and the matter stands', async () => {
    await at.db.owner(`update operations.record set ended_at = now(), state = 'dismissed' where id = '${first.record.id}'`);
    await at.call(operator, 'POST', `${BASE}/findings/${first.id}/recheck`, { body: {} });
    const now = await open();
    expect(now!.record.number).not.toBe(first.record.number);
    first = now!;
  });

  test('is closed by the check that finds it good, and its fault with it', async () => {
    await mend();
    const closed = await at.call(operator, 'POST', `${BASE}/findings/${first.id}/recheck`, { body: {} });
    expect(closed.body).toMatchObject({
      closedBy: operator.name,
      lastOutcome: 'ok',
      openedEvidence: { rows: [{ what: 'public.keyless' }] },
      lastEvidence: { rows: [] },
    });
    const fault = (await at.call(operator, 'GET', `/api/operations/records/${first.record.id}`)).body;
    expect(fault).toMatchObject({ state: 'closed' });
    expect(await open()).toBeUndefined();
  });
});

test('who has to sign and does not is told of once', async () => {
  at.clock.set(beijing('2026-06-15 16:31'));
  await turn();
  const notices = () =>
    at.db.owner<{ zh: string; permission: string }>(
      `select zh, permission from platform.notice where once_key like 'operations.inspection-overdue/%' order by at`,
    );
  const before = (await notices()).length;
  at.clock.set(beijing('2026-06-15 18:32'));
  await turn();
  await turn();
  const told = await notices();
  expect(told.slice(before).map((notice) => notice.zh)).toEqual([expect.stringMatching(/^巡检 XJ20260615\d{4}（每日巡检）到时未签认$/)]);
});

test('its own deeds are on record, and what is inspected every few minutes is not kept for ever', async () => {
  const audits = await at.db.owner<{ action: string }>(
    `select distinct action from platform.audit_entry where action like 'operations.%inspection%' or action like 'operations.%finding%' order by 1`,
  );
  expect(audits.map(({ action }) => action)).toEqual([
    'operations.answer-inspection',
    'operations.recheck-finding',
    'operations.sign-inspection',
    'operations.start-inspection',
  ]);
  at.clock.advance(8 * 86_400_000);
  await turn();
  const kept = await at.db.owner<{ due_at: Date }>(`select due_at from operations.inspection where template = 'auto' order by due_at`);
  for (const { due_at } of kept) expect(due_at.getTime()).toBeGreaterThan(at.clock.nowMs() - 7 * 86_400_000);
});

test('the report is a Word document that names item, threshold, evidence, fault and who signed', async () => {
  const list = await get<{ items: { id: string; template: string; signedBy: string | null }[] }>('?limit=100');
  expect(list.items.some((line) => line.template === 'auto')).toBe(false);
  const { id } = list.items.find((line) => line.signedBy !== null)!;
  const document = await at.call(operator, 'GET', `${BASE}/${id}/document`);
  expect(document.status).toBe(200);
  const text = (await textsOf(at.db, document.bytes, 'word/document.xml')).join('\n');
  for (const word of ['每日巡检报告', '温度、电源、风扇', '二号电源告警灯亮', '阈值（黄/红）', manager.name, '电源已报修', 'GZ2026'])
    expect(text).toContain(word);
});
