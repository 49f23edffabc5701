import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BackupsBoard, Drill } from '#contracts/operations/backups.api.ts';
import { newId } from '#server/kernel/ids.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { MONDAY, openTestApp, problemIn, type TestApp } from '../../../../test/test-app.ts';
import { addBackup, addDrill, changeDrill } from './backups.store.ts';

let at: TestApp;
const backup = newId(MONDAY - 3_600_000);
const drill = newId(MONDAY);

beforeAll(async () => {
  at = await openTestApp();
  const then = (minutes: number) => new Date(MONDAY + minutes * 60_000);
  await at.app.db.transact(SYSTEM, async (tx) => {
    await addBackup(tx, {
      id: backup,
      state: 'good',
      asked_by: '系统',
      asked_at: then(-60),
      ended_at: then(-59),
      keep_as: 'daily',
      source: 'embedded',
    });
    await addDrill(tx, {
      id: drill,
      state: 'running',
      asked_by: '运维员',
      asked_at: then(-2),
      started_at: then(-2),
      target: then(-3),
      backup_id: backup,
    });
  });
}, 60_000);
afterAll(() => at?.close());

const operator = () => at.person('operator', 'operations');

test('a database that nobody set up for it is told not backed up, and nothing can be asked of it', async () => {
  const board = (await at.call(operator(), 'GET', '/api/operations/backups')).body as BackupsBoard;
  expect(board).toMatchObject({ source: null, policy: { daily: 35, monthly: 13, yearly: 5 }, lastProven: null });
  expect(board.backups).toMatchObject([{ id: backup, keepAs: 'daily' }]);
  for (const [url, body] of [
    ['/api/operations/backups', undefined],
    [`/api/operations/backups/${backup}/verify`, undefined],
    ['/api/operations/restore-drills', { target: '2026-06-15T00:00:00Z' }],
  ] as const) {
    const answer = await at.call(operator(), 'POST', url, body ? { body } : {});
    expect([answer.status, problemIn(answer).code], url).toEqual([409, 'operations.no-backup-source']);
  }
});

test('a drill is shown while it runs, and its report is a Word document once it has ended', async () => {
  const url = `/api/operations/restore-drills/${drill}`;
  expect((await at.call(operator(), 'GET', url)).body).toMatchObject({ id: drill, state: 'running', rtoSeconds: null });
  expect(problemIn(await at.call(operator(), 'GET', `${url}/report`)).code).toBe('operations.drill-not-ended');
  const step = { name: 'fetch', startedAt: new Date(MONDAY).toISOString(), endedAt: null, figures: { bytes: 12 }, faults: [] };
  await at.app.db.transact(SYSTEM, (tx) =>
    changeDrill(tx, drill, {
      state: 'failed',
      ended_at: new Date(MONDAY),
      failure: 'damaged',
      detail: 'base/1/000001: pack-changed',
      steps: JSON.stringify([step]),
    }),
  );
  expect((await at.call(operator(), 'GET', url)).body as Drill).toMatchObject({ state: 'failed', failure: 'damaged', steps: [step] });
  const report = await at.call(operator(), 'GET', `${url}/report`);
  expect(report.status).toBe(200);
  expect(decodeURIComponent(String(report.headers['content-disposition']))).toContain('恢复演练报告2026-06-15.docx');
  expect(report.bytes.subarray(0, 2).toString()).toBe('PK');
  const entries = await at.db.owner<{ n: number }>(
    `select count(*)::int as n from platform.audit_entry where action = 'operations.drill-report'`,
  );
  expect(entries[0]!.n).toBe(1);
});

test('what nobody has is missing, and an instant that is none is refused', async () => {
  const none = newId(MONDAY + 1);
  for (const url of [`/api/operations/restore-drills/${none}`, `/api/operations/restore-drills/${none}/report`])
    expect(problemIn(await at.call(operator(), 'GET', url)).code).toBe('base.not-found');
  expect((await at.call(operator(), 'POST', '/api/operations/restore-drills', { body: { target: 'yesterday' } })).status).toBe(400);
});
