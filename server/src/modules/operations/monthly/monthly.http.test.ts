import { afterAll, beforeAll, expect, test } from 'vitest';
import { FIGURE_LISTS, MONTHLY_PARTS, type MonthlyFigure, type MonthlyReport } from '#contracts/operations/monthly.api.ts';
import type { RecordKind } from '#contracts/operations/records/records.lifecycles.ts';
import type { Permission } from '#contracts/permissions.ts';
import { newId } from '#server/kernel/ids.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { createResponseFigures } from '#server/platform/metrics/response.ts';
import { openTestApp, problemIn, SUZHOU, type Person, type TestApp } from '../../../../test/test-app.ts';
import { addBackup, addDrill } from '../backups/backups.store.ts';
import type { NewRecord } from '../records/records.store.ts';
import { createSampler } from '../series/series.service.ts';
import { createMonthlyReports } from './monthly.service.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The first of June and of July, in Beijing. */
const JUNE = Date.parse('2026-05-31T16:00:00Z');
const JULY = Date.parse('2026-06-30T16:00:00Z');

let at: TestApp;
let report: MonthlyReport;
const manager = () => at.person('operations-manager');
const reports = () => createMonthlyReports({ db: at.app.db, clock: at.clock, reference: at.app.reference });

beforeAll(async () => {
  at = await openTestApp({ startMs: JUNE - 40 * DAY });
  await at.db.owner('select platform.turn_spans($1, $2, $1)', [new Date(JUNE - 41 * DAY), new Date(JULY + DAY)]);
  await live();
  at.clock.set(JULY + 3 * HOUR);
  await Promise.all([reports().make(), reports().make()]);
  const list = await at.call(manager(), 'GET', '/api/operations/monthly-reports');
  const { items } = list.body as { items: { id: string }[] };
  expect(items).toHaveLength(1);
  report = (await at.call(manager(), 'GET', `/api/operations/monthly-reports/${items[0]!.id}`)).body as MonthlyReport;
}, 120_000);
afterAll(() => at?.close());

const open = (record: Partial<NewRecord> & { kind: RecordKind; level: number }) =>
  at.app.db.transact(SYSTEM, (tx) =>
    at.app.operations.records.open(tx, at.actor(at.person('operator')), {
      title: '工单列表打开缓慢',
      body: '要十秒以上',
      component: null,
      source: 'phone',
      ...record,
    }),
  );

/** A month with something in each part, on both sides of its ends. */
async function live(): Promise<void> {
  const { records } = at.app.operations;
  const [operator, other] = [at.actor(at.person('operator')), at.actor(at.person('system-admin'))];
  const fix = async (id: string) => {
    await records.act(operator, 'fault', id, 'respond', null, {});
    await records.act(operator, 'fault', id, 'fix', null, { cause: '连接池过小', remedy: '调大连接池' });
    await records.act(other, 'fault', id, 'verify', null, { evidence: '列表打开正常' });
  };
  // Long open, of the time before.
  await open({ kind: 'problem', level: 3, source: 'meeting' });
  at.clock.set(JUNE - DAY);
  const last = await open({ kind: 'fault', level: 4, component: 'api' });
  await open({ kind: 'problem', level: 2 });
  at.clock.set(JUNE + HOUR);
  await fix(last.id);
  // Again within thirty days, and in time; one that nobody takes up.
  at.clock.set(JUNE + 5 * DAY);
  const again = await open({ kind: 'fault', level: 3, component: 'api', source: 'alert' });
  at.clock.advance(10 * 60_000);
  await fix(again.id);
  await open({ kind: 'fault', level: 1, source: 'inspection' });
  await open({ kind: 'vulnerability', level: 2, source: 'import' });
  const planned = await open({ kind: 'problem', level: 4 });
  await records.act(at.actor(manager()), 'problem', planned.id, 'review', null, {
    outcome: 'accepted',
    impact: 3,
    urgency: 3,
    risk: 0,
    opinion: '同意列入计划',
  });
  await records.act(operator, 'problem', planned.id, 'schedule', null, { owner: operator.accountId!, plannedOn: '2026-07-10', hours: 8 });
  const plan = { startsAt: '2026-07-07T14:00:00Z', endsAt: '2026-07-07T15:00:00Z' };
  await open({ kind: 'change', level: 3, facts: { class: 'normal', scope: 'application', ...plan, author: operator.accountId } });
  // The hotline's month, in two cities, with one who looked at a contact and one who was refused.
  await at.takeTo('closed');
  await at.takeTo('dispatched', { channel: '03', type: '05' });
  const { id } = await at.file({ region: SUZHOU });
  await at.call(at.person('agent', SUZHOU), 'POST', `/api/appeals/${id}/contact/reveal`, { body: { reason: '核实诉求细节' } });
  await at.login('nobody.here', 'wrong');
  const machine = await at.machine('housing');
  const said = {
    type: '02',
    region: SUZHOU,
    content: '路灯连续三晚不亮，希望尽快维修。',
    channel: '15',
    category: '0101',
    anonymous: true,
    sourceNumber: 'H-1',
  };
  const filed = await at.call(machine, 'POST', '/api/appeals', { body: said });
  expect(filed.status, filed.text).toBe(201);
  const answers = createResponseFigures({ db: at.app.db, clock: at.clock });
  for (const failed of [true, false]) answers.add({ kind: 'submit', route: '/api/appeals', region: SUZHOU, ms: 40, failed });
  await answers.flush();
  // A disk that fills, a probe that failed once, backups and drills.
  for (const [hours, used] of [0.1, 0.12, 0.14, 0.16].entries()) {
    at.clock.set(JUNE + 6 * DAY + hours * 12 * HOUR);
    const gauge = (name: string, value: number, labels = {}) => ({ name, labels, kind: 'gauge', value }) as const;
    const gather = async () => [gauge('minsheng_disk_used_ratio', used), gauge('probe_success', hours === 2 ? 0 : 1, { probe: 'portal' })];
    await createSampler({ db: at.app.db, clock: at.clock, name: 'sample', source: 'a:1', gather }).sample();
  }
  const asked = new Date(JUNE + 8 * DAY);
  await at.app.db.transact(SYSTEM, async (tx) => {
    for (const state of ['good', 'removed', 'failed'])
      await addBackup(tx, { id: newId(asked.getTime()), state, asked_by: '系统', asked_at: asked, source: 'embedded' });
    const drill = { asked_by: '系统', asked_at: asked, target: asked };
    await addDrill(tx, { ...drill, id: newId(asked.getTime()), state: 'proven', rto_seconds: 95, rpo_seconds: 12 });
    await addDrill(tx, { ...drill, id: newId(asked.getTime()), state: 'failed' });
  });
  // After its end, and so of the next one.
  at.clock.set(JULY + HOUR);
  await open({ kind: 'fault', level: 1 });
  await at.file();
}

const figuresOf = (told: MonthlyReport) =>
  told.parts.flatMap((part) =>
    part.tables.flatMap((table) =>
      table.rows.flatMap((row) => row.cells.map((cell, i) => ({ cell, where: `${part.part}/${table.name.zh}/${row.name.zh}/${i}` }))),
    ),
  );

/** How many rows the list behind a figure shows whoever may open it. */
async function rowsBehind({ list }: MonthlyFigure): Promise<number> {
  const { path, needs } = FIGURE_LISTS[list.of];
  const reader = whoMay(needs);
  const ask = async (more: Record<string, string>) => {
    const answer = await at.call(reader, 'GET', `${path}?${new URLSearchParams({ ...list.query, ...more }).toString()}`);
    expect(answer.status, answer.text).toBe(200);
    return answer.body as { items?: unknown[]; lines?: { at: string[] }[]; nextCursor?: string };
  };
  if (list.of === 'readings') return (await ask({})).lines![0]!.at.length;
  if (list.of === 'responses') return (await ask({})).items!.length;
  let [rows, cursor] = [0, ''];
  do {
    const page = await ask({ limit: '100', ...(cursor ? { cursor } : {}) });
    rows += page.items!.length;
    cursor = page.nextCursor ?? '';
  } while (cursor);
  return rows;
}
function whoMay(needs: Permission): Person {
  const scope = needs === 'orders.see' ? 'province' : 'operations';
  return at.people.find((one) => one.scope === scope && at.actor(one).permissions.has(needs))!;
}

test('every figure has as many rows as the list it leads to', async () => {
  const whole = (await at.call(at.person('province-admin'), 'GET', `/api/operations/monthly-reports/${report.id}`)).body as MonthlyReport;
  expect(whole.parts.map(({ part }) => part)).toEqual(Object.keys(MONTHLY_PARTS));
  const told = figuresOf(whole);
  expect(told.length).toBeGreaterThan(150);
  for (const { cell, where } of told) expect({ where, rows: await rowsBehind(cell) }).toEqual({ where, rows: cell.rows });
  for (const { cell, where } of told) if (cell.unit === 'count') expect(cell.value, where).toBe(cell.rows);
}, 120_000);

test('each part counts what was lived, within the month and not beyond', () => {
  const of = (part: string, table: string, row: string) => {
    const found = report.parts.find((one) => one.part === part)?.tables.find((one) => one.name.zh === table);
    return found?.rows.find(({ name }) => name.zh.startsWith(row))?.cells.map(({ value }) => value);
  };
  expect(of('incidents', '故障', '一级')).toEqual([1, 0, 1, 0]);
  expect(of('incidents', '故障', '三级')).toEqual([1, 1, 0, 0]);
  expect(of('incidents', '故障', '四级')).toEqual([0, 1, 0, 0]);
  expect(of('incidents', '重复与来源', '三十日内重复')).toEqual([1]);
  expect(of('availability', '故障分级时限', '一级')).toEqual([1, 0, 1, 0]);
  expect(of('availability', '故障分级时限', '三级')).toEqual([1, 100, 1, 100]);
  expect(of('availability', '业务可用性', '提交')).toEqual([50]);
  expect(of('availability', '拨测可用性', 'portal')).toEqual([75]);
  expect(of('problems', '月末未结的账龄', '三十日以上')).toEqual([2]);
  expect(of('problems', '月末未结的账龄', '十至三十日')).toEqual([1]);
  expect(of('inspections', '异常闭环', '本月发现')).toEqual([1]);
  // From 16 percent at 4 a day it is 16 days to 80.
  expect(of('capacity', '占用', '磁盘占用')).toEqual([13, 16, 16]);
  expect(of('interfaces', '接口密钥的操作', '登记诉求')).toEqual([1]);
  expect(of('security', '漏洞与补丁', '高危')?.slice(0, 3)).toEqual([1, 0, 1]);
  expect(of('backups', '备份', '成功')).toEqual([2]);
  expect(of('backups', '恢复演练', '最长恢复用时')).toEqual([95]);
  expect(of('changes', '变更', '一般变更')).toEqual([1, 0, 0, 0]);
  expect(of('risks', '下月计划', '计划')).toEqual([1]);
});

test('people of the operations centre see no business figures; the province sees them, by city', async () => {
  expect(report.parts.some(({ part }) => part === 'business')).toBe(false);
  const url = `/api/operations/monthly-reports/${report.id}`;
  expect(((await at.call(at.person('audit-admin'), 'GET', url)).body as MonthlyReport).parts).toHaveLength(14);
  const whole = (await at.call(at.person('province-admin'), 'GET', url)).body as MonthlyReport;
  const cities = whole.parts.find(({ part }) => part === 'business')!.tables[0]!.rows;
  expect(cities.map(({ name, cells }) => [name.zh, cells[0]!.value])).toEqual([
    ['全省', 4],
    ['南京市', 2],
    ['苏州市', 2],
  ]);
  expect((await at.call(at.person('leader', 'province'), 'GET', url)).status).toBe(403);
  // Not even by asking the database.
  const seen = await at.app.db.transact(at.actor(manager()).scope, (tx) =>
    tx.selectFrom('operations.report').select('kind').where('kind', 'like', 'monthly%').execute(),
  );
  expect(seen.map(({ kind }) => kind)).toEqual(['monthly']);
});

test('a report stands as it was made; a person adds to it under his name', async () => {
  await open({ kind: 'fault', level: 2 });
  await reports().make();
  const url = `/api/operations/monthly-reports/${report.id}`;
  const text = '七月上旬数据库扩容，需协调机房停电窗口。';
  expect((await at.call(at.person('operator'), 'POST', `${url}/remarks`, { body: { text } })).status).toBe(403);
  expect(problemIn(await at.call(manager(), 'POST', `${url}/remarks`, { body: { text: '好' } })).status).toBe(400);
  expect((await at.call(manager(), 'POST', `${url}/remarks`, { body: { text } })).status).toBe(201);
  const now = (await at.call(manager(), 'GET', url)).body as MonthlyReport;
  expect({ ...now, remarks: [] }).toEqual(report);
  expect(now.remarks).toMatchObject([{ by: manager().name, text }]);
  expect(report).toMatchObject({ month: '2026-06', dueOn: '2026-07-07' });
  const word = await at.call(manager(), 'GET', `${url}/document`);
  expect([word.status, word.bytes.subarray(0, 2).toString()]).toEqual([200, 'PK']);
  const acts = await at.db.owner<{ action: string }>(`select action from platform.audit_entry where object_id = $1`, [report.id]);
  expect(acts.map(({ action }) => action).toSorted()).toEqual([
    'operations.export-monthly-report',
    'operations.make-monthly-report',
    'operations.remark-monthly-report',
  ]);
});

test('a report that is not there the day after it was due is told of, once a day, until it is', async () => {
  const late = await openTestApp({ startMs: JULY });
  try {
    const { db, clock } = late;
    const promise = createMonthlyReports({ db: late.app.db, clock, reference: late.app.reference });
    const told = () =>
      db.owner<{ zh: string; en: string }>(
        `select zh, en from platform.notice where once_key like 'operations.monthly-late/%' order by id`,
      );
    // Due on the fifth working day of July, the seventh: until its end nothing is said.
    clock.set(Date.parse('2026-07-07T15:59:59Z'));
    expect(await promise.tellLate()).toBe(false);
    clock.set(Date.parse('2026-07-07T16:00:00Z'));
    expect([await promise.tellLate(), await promise.tellLate()]).toEqual([true, true]);
    expect(await told()).toEqual([
      {
        zh: expect.stringContaining('2026-06 运维月报应于 2026-07-07 前完成') as string,
        en: expect.stringContaining('was due on 2026-07-07') as string,
      },
    ]);
    clock.advance(DAY);
    expect(await promise.tellLate()).toBe(true);
    await promise.make();
    clock.advance(DAY);
    expect(await promise.tellLate()).toBe(false);
    expect(await told()).toHaveLength(2);
  } finally {
    await late.close();
  }
}, 60_000);
