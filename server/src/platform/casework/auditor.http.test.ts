import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PromiseAudit, PromiseFault } from '#contracts/promises/promises.api.ts';
import { openTestApp, type TestApp } from '../../../test/test-app.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp();
});
afterAll(() => at?.close());

interface Board {
  silent: boolean;
  openClocks: number;
  audits: PromiseAudit[];
  faults: PromiseFault[];
  late: { clock: string; step: string; promisedAt: string; takenAt: string }[];
}
const board = async () => (await at.call(at.person('operator'), 'GET', '/api/promises')).body as Board;
const health = async () => (await at.call(null, 'GET', '/healthz/promises')).status;

async function auditLater(ms = MINUTE): Promise<Board> {
  at.clock.advance(ms);
  expect(await at.app.auditor.audit()).toBe(true);
  return board();
}

test('a stopped scheduler is found, and its late steps fire once and are marked late', async () => {
  const { id } = await at.takeTo('dispatched');
  const quiet = await auditLater();
  expect([quiet.silent, quiet.faults, quiet.late]).toEqual([false, [], []]);
  expect(quiet.openClocks).toBeGreaterThanOrEqual(3);
  expect(quiet.audits[0]).toMatchObject({ roundEnded: true, overdue: 0, faults: 0 });

  // Nobody takes steps for ten days: signing, first contact and handling are past.
  const stood = await auditLater(10 * DAY);
  expect(stood.faults.map(({ clock, kind, step }) => `${clock} ${kind} ${step}`).toSorted()).toEqual([
    'contact overdue overdue',
    'handle overdue yellow',
    'sign overdue half',
  ]);
  expect(stood.audits[0]).toMatchObject({ overdue: 3, faults: 3 });
  expect(await at.db.owner(`select level, permission from platform.notice where once_key like 'casework.promises/%'`)).toEqual([
    { level: 'urgent', permission: 'operations.see' },
  ]);

  for (let did = -1; did !== 0;) did = await at.app.upkeep.takeSteps();
  const mended = await auditLater();
  expect(mended.audits[0]).toMatchObject({ overdue: 0, faults: 0 });
  expect(mended.faults.every((fault) => fault.endedAt !== null)).toBe(true);
  expect(mended.late.map(({ clock, step }) => `${clock} ${step}`).toSorted()).toEqual([
    'contact overdue',
    'handle overdue',
    'handle overdue-2',
    'handle yellow',
    'sign half',
    'sign overdue',
  ]);
  expect(await at.db.owner(`select count(*) as n from casework.clock_step where case_id = $1`, [id])).toEqual([{ n: 6 }]);
});

test('a promise that was lost or moved behind the platform’s back is found', async () => {
  const lost = await at.takeTo('dispatched');
  const moved = await at.takeTo('dispatched');
  await at.db.owner(`update casework.clock set next_step = null, next_step_at = null where case_id = $1 and name = 'handle'`, [lost.id]);
  await at.db.owner(`update casework.clock set next_step_at = next_step_at + interval '90 days' where case_id = $1 and name = 'handle'`, [
    moved.id,
  ]);
  const { faults } = await auditLater();
  const open = faults.filter((fault) => fault.endedAt === null);
  expect(open.filter((fault) => fault.caseId === lost.id).map((fault) => `${fault.kind} ${fault.step}`)).toEqual(
    expect.arrayContaining(['lost yellow', 'lost overdue']),
  );
  expect(open.filter((fault) => fault.caseId === moved.id).map((fault) => `${fault.kind} ${fault.step}`)).toEqual(['misplaced yellow']);
  // The same fault is one row, however often it is found.
  expect((await auditLater()).faults.length).toBe(faults.length);
});

test('one node compares at a time, and not again within seconds', async () => {
  at.clock.advance(MINUTE);
  const done = await Promise.all([at.app.auditor.audit(), at.app.auditor.audit(), at.app.auditor.audit()]);
  expect(done.filter(Boolean)).toHaveLength(1);
});

test('nobody but who sees the running state reads the board', async () => {
  for (const role of ['agent', 'handler', 'dispatcher'] as const)
    expect((await at.call(at.person(role), 'GET', '/api/promises')).status).toBe(403);
});

test('a watcher outside notices when the auditor is silent, says so once, and says when it is heard again', async () => {
  await auditLater();
  expect(await health()).toBe(200);
  const address = await at.app.http.listen({ host: '127.0.0.1', port: 0 });
  const told: string[] = [];
  const alarms = createServer((request, answer) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      told.push((JSON.parse(body) as { state: string }).state);
      answer.end();
    });
  });
  const hook = await new Promise<string>((resolve) => {
    alarms.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(alarms.address() as { port: number }).port}/alarm`));
  });
  const watcher = spawn(
    process.execPath,
    [
      join(import.meta.dirname, '../../watch.ts'),
      '--url',
      `${address}/healthz/promises`,
      '--every',
      '0.1',
      '--after',
      '0.3',
      '--alarm',
      hook,
    ],
    { stdio: 'pipe' },
  );
  try {
    // Heard: nothing is told.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(told).toEqual([]);
    at.clock.advance(4 * MINUTE);
    expect(await health()).toBe(503);
    await expect.poll(() => told, { timeout: 10_000 }).toEqual(['silent']);
    await auditLater();
    await expect.poll(() => told, { timeout: 10_000 }).toEqual(['silent', 'heard']);
    // A platform that cannot be reached is silent too.
    await at.app.http.close();
    await expect.poll(() => told, { timeout: 10_000 }).toEqual(['silent', 'heard', 'silent']);
  } finally {
    watcher.kill();
    alarms.close();
  }
});
