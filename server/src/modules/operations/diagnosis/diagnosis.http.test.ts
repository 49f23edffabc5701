import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LockBoard, Plan, StatementBoard } from '#contracts/operations/diagnosis.api.ts';
import type { RecordView } from '#contracts/operations/records/records.api.ts';
import { SYSTEM, type Tx } from '#server/platform/db/db.ts';
import { openTestApp, problemIn, type Answer, type TestApp } from '../../../../test/test-app.ts';
import { FAULT } from '../../../../test/operations-endpoints.ts';
import { openScratch } from '../inspections/scratch.testing.ts';
import { lockBoard } from './locks.views.ts';
import { statementBoard } from './statements.views.ts';

let at: TestApp;
beforeAll(async () => void (at = await openTestApp()), 60_000);
afterAll(() => at?.close());

const sessions: pg.Client[] = [];
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((client) => client.end().catch(() => {})));
});

/** A session of its own, as a tool of somebody's would open it. */
async function session(name: string): Promise<{ client: pg.Client; pid: number; ended: Promise<void> }> {
  const client = new pg.Client({ connectionString: at.db.ownerUrl, application_name: name });
  const ended = new Promise<void>((resolve) => client.on('error', () => resolve()));
  await client.connect();
  sessions.push(client);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return { client, pid: rows[0]!.pid, ended };
}

const operator = () => at.person('operator');
const get = async <T>(path: string): Promise<T> => {
  const answer = await at.call(operator(), 'GET', `/api/operations/diagnosis/${path}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as T;
};
const post = (path: string, body: object): Promise<Answer> => at.call(operator(), 'POST', `/api/operations/diagnosis/${path}`, { body });
const openFault = async (): Promise<string> => {
  const answer = await at.call(operator(), 'POST', '/api/operations/faults', { body: FAULT });
  return (answer.body as { id: string }).id;
};

/** Looks at the locks until so many sessions wait. */
async function locksWith(waiting: number): Promise<LockBoard> {
  for (let tries = 0; ; tries++) {
    const board = await get<LockBoard>('locks');
    if (board.waiting >= waiting) return board;
    if (tries > 200) throw new Error(`Only ${board.waiting} sessions wait`);
    await wait(25);
  }
}

/** Three sessions, each behind the one before: the first holds a row of a table and does nothing. */
async function lockChain() {
  await at.db.owner(`create table if not exists public.bench_row (id integer primary key, word text)`);
  await at.db.owner(`insert into public.bench_row values (1, ''), (2, '') on conflict do nothing`);
  const [head, middle, last] = [await session('report-tool'), await session('batch-a'), await session('batch-b')];
  await head.client.query(`begin; update public.bench_row set word = '王小二 13812345678' where id = 1`);
  await middle.client.query(`begin; update public.bench_row set word = 'b' where id = 2`);
  const second = middle.client.query(`update public.bench_row set word = 'b' where id = 1`).catch((error: Error) => error);
  await locksWith(1);
  const third = last.client.query(`update public.bench_row set word = 'c' where id = 2`).catch((error: Error) => error);
  return { head, middle, last, second, third, board: await locksWith(2) };
}

describe('locks', () => {
  it("tell a chain of sessions as a tree, with what they hold and without anybody's data", async () => {
    const { head, middle, last, board } = await lockChain();
    const chain = board.sessions.filter(({ pid }) => [head.pid, middle.pid, last.pid].includes(pid));
    expect(chain.map(({ pid, depth, application }) => [pid, depth, application])).toEqual([
      [head.pid, 0, 'report-tool'],
      [middle.pid, 1, 'batch-a'],
      [last.pid, 2, 'batch-b'],
    ]);
    expect(chain[0]).toMatchObject({ state: 'idle in transaction', waitingMs: null, lock: null, kept: null });
    expect(chain[0]!.statement).toBe('begin; update public.bench_row set word = … where id = …');
    expect(chain[1]).toMatchObject({ state: 'active', relation: 'bench_row', lock: expect.stringMatching(/^transactionid /) as string });
    expect(chain[1]!.waitingMs).toBeGreaterThanOrEqual(0);
    expect(chain[0]!.transactionMs).toBeGreaterThan(0);
  });

  it("a session is ended with a reason, on record and in the fault's timeline, and whoever waited goes on", async () => {
    const { head, second, board } = await lockChain();
    const fault = await openFault();
    const { startedAt } = board.sessions.find(({ pid }) => pid === head.pid)!;
    const answer = await post(`sessions/${head.pid}/end`, { what: 'session', reason: '报表工具忘记提交', startedAt, fault });
    expect(answer.status, answer.text).toBe(200);
    await head.ended;
    expect(await second).not.toBeInstanceOf(Error);
    const [entry] = await at.db.owner(`select actor, detail from platform.audit_entry where action = 'operations.end-session'`);
    expect(entry).toMatchObject({ actor: operator().name, detail: { what: 'session', reason: '报表工具忘记提交', fault } });
    const record = (await at.call(operator(), 'GET', `/api/operations/records/${fault}`)).body as RecordView;
    expect(record.timeline.map(({ note }) => note)).toContain(`断开会话：数据库会话 ${head.pid}。报表工具忘记提交`);
  });

  it('a statement is cancelled and its session stays', async () => {
    const { middle, second, board } = await lockChain();
    const { startedAt } = board.sessions.find(({ pid }) => pid === middle.pid)!;
    expect((await post(`sessions/${middle.pid}/end`, { what: 'statement', reason: '先放行后面的', startedAt })).status).toBe(200);
    expect(await second).toMatchObject({ message: 'canceling statement due to user request' });
    expect((await middle.client.query('rollback; select 1 as one')) as unknown).toBeTruthy();
  });

  it("what is gone, another's, or the platform's own keeper is not ended, and leaves nothing on record", async () => {
    const before = await at.db.owner(`select count(*) as n from platform.audit_entry where action = 'operations.end-session'`);
    const { pid } = await session('report-tool');
    const body = { what: 'session', reason: '试试能否断开' };
    const other = await post(`sessions/${pid}/end`, { ...body, startedAt: '2026-01-01T00:00:00Z' });
    expect(problemIn(other).code).toBe('diagnosis.session-gone');
    const started = async (of: number) =>
      (await at.db.owner<{ at: Date }>(`select backend_start as at from pg_stat_activity where pid = ${of}`))[0]!.at.toISOString();
    for (const keeper of ['minsheng-backup', 'pgboss', 'pgboss:1a2b3c4d']) {
      const kept = await session(keeper);
      const refused = await post(`sessions/${kept.pid}/end`, { ...body, startedAt: await started(kept.pid) });
      expect(problemIn(refused).code, keeper).toBe('diagnosis.session-kept');
    }
    const [server] = await at.db.owner<{ pid: number; at: Date }>(
      `select pid, backend_start as at from pg_stat_activity where backend_type = 'checkpointer'`,
    );
    const refused = await post(`sessions/${server!.pid}/end`, { ...body, startedAt: server!.at.toISOString() });
    expect(problemIn(refused).code).toBe('diagnosis.session-kept');
    const elsewhere = new pg.Client({ connectionString: at.db.ownerUrl.replace(/\/t_[^?]+/, '/postgres') });
    elsewhere.on('error', () => {});
    await elsewhere.connect();
    sessions.push(elsewhere);
    const foreign = (await elsewhere.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
    expect(problemIn(await post(`sessions/${foreign}/end`, { ...body, startedAt: await started(foreign) })).code).toBe(
      'diagnosis.session-kept',
    );
    expect(await at.db.owner(`select count(*) as n from platform.audit_entry where action = 'operations.end-session'`)).toEqual(before);
  });
});

describe('statements', () => {
  it('that are slow stand first by their mean, without literals; a reset begins anew and is on record', async () => {
    const { client } = await session('slow-tool');
    await client.query(`select '陈小明' as slow_one, pg_sleep(0.15)`);
    const board = await get<StatementBoard>('statements?sort=mean&q=slow_one');
    expect(board.missing).toBeNull();
    expect(board.items).toHaveLength(1);
    expect(board.items[0]).toMatchObject({ calls: 1, rows: 1, statement: 'select $1 as slow_one, pg_sleep($2)' });
    expect(board.items[0]!.meanMs).toBeGreaterThan(140);
    expect(board.items[0]!.share).toBeGreaterThan(0);

    const answer = await post('statements/reset', { reason: '观察新版本的语句' });
    expect(answer.status, answer.text).toBe(200);
    const after = await get<StatementBoard>('statements?q=slow_one');
    expect(after).toMatchObject({ items: [], resetBy: operator().name });
    expect(await at.db.owner(`select actor from platform.audit_entry where action = 'operations.reset-statements'`)).toHaveLength(1);
  });

  it('that run at this moment are told without what was typed into them', async () => {
    const { client, pid } = await session('long-tool');
    const running = client.query(`select pg_sleep(600), '陈小明' as who`).catch(() => {});
    for (let tries = 0; ; tries++) {
      const { running: now } = await get<StatementBoard>('statements');
      const found = now.find((one) => one.pid === pid);
      if (found) {
        expect(found).toMatchObject({ application: 'long-tool', statement: 'select pg_sleep(…), … as who', waitsFor: 'Timeout PgSleep' });
        break;
      }
      expect(tries).toBeLessThan(200);
      await wait(25);
    }
    await at.db.owner(`select pg_terminate_backend(${pid})`);
    await running;
  });

  it('have a plan with the policies of their role, its costliest node marked and large scans named', async () => {
    await at.db.owner(
      `create table if not exists public.big_one as select n, n::text as word from generate_series(1, 20000) n; analyze public.big_one`,
    );
    await at.db.owner(`grant select on public.big_one to minsheng_system; grant usage on schema public to minsheng_system`);
    const { client } = await session('reader');
    await client.query(`begin; set local role minsheng_system; select count(*) from public.big_one where word = 'x'; commit`);
    const { items } = await get<StatementBoard>('statements?q=public.big_one%20where');
    const line = items.find(({ role }) => role === 'minsheng_system')!;
    const plan = await get<Plan>(`statements/${line.id}/plan?role=minsheng_system`);
    expect(plan.bigScans).toEqual([{ table: 'public.big_one', rows: 20_000 }]);
    expect(plan.nodes.map(({ depth, node }) => [depth, node])).toEqual([
      [0, 'Aggregate'],
      [1, 'Seq Scan'],
    ]);
    expect(plan.nodes.filter(({ costliest }) => costliest).map(({ node }) => node)).toEqual(['Seq Scan']);
    expect(plan.nodes[1]).toMatchObject({ on: 'public.big_one', condition: 'Filter: (big_one.word = $1)' });
  });

  it('of the platform can be planned as the role that ran them', async () => {
    await at.file();
    await at.call(at.person('dispatcher', '320100'), 'GET', '/api/orders');
    const { items } = await get<StatementBoard>('statements?sort=calls');
    const refused: string[] = [];
    for (const { id, role, statement } of items.filter((one) => /^minsheng_(city|system|gate)$/.test(one.role))) {
      const answer = await at.call(operator(), 'GET', `/api/operations/diagnosis/statements/${id}/plan?role=${role}`);
      expect(answer.status, answer.text).toBeLessThan(500);
      if (answer.status !== 200) refused.push(`${problemIn(answer).title} ${statement}`);
    }
    // None for want of a right; a few whose placeholders PostgreSQL cannot tell the type of.
    expect(refused.filter((why) => !/data type/.test(why))).toEqual([]);
  });

  it('that are listed no more, or are none, have no plan', async () => {
    expect(problemIn(await at.call(operator(), 'GET', '/api/operations/diagnosis/statements/123/plan?role=minsheng_system')).code).toBe(
      'diagnosis.no-such-statement',
    );
    expect((await at.call(operator(), 'GET', '/api/operations/diagnosis/statements/select/plan?role=x')).status).toBe(400);
  });
});

describe('where PostgreSQL tells less', () => {
  it('that a right is missing is told with what to run, and that the server loads no statistics', async () => {
    // A server of its own: rights of roles are those of the whole server.
    const scratch = await openScratch({ shared_preload_libraries: "''" });
    try {
      const fresh = await scratch.fresh();
      const board = await fresh.db.transact(SYSTEM, (tx) => statementBoard(tx, {}, new Date()));
      expect(board.missing?.zh).toContain('shared_preload_libraries');
      await fresh.owner('revoke pg_monitor from minsheng_system');
      for (const look of [(tx: Tx) => statementBoard(tx, {}, new Date()), (tx: Tx) => lockBoard(tx, new Date())])
        await expect(fresh.db.transact<unknown>(SYSTEM, look)).rejects.toMatchObject({
          facts: { code: 'diagnosis.no-right', params: { remedy: 'grant pg_monitor to minsheng_system' } },
        });
      await fresh.close();
    } finally {
      await scratch.close();
    }
  }, 120_000);

  it('that statements are not counted is told, and what runs is shown all the same', async () => {
    await at.db.owner('drop extension pg_stat_statements');
    try {
      const board = await get<StatementBoard>('statements');
      expect(board).toMatchObject({ items: [], since: null });
      expect(board.missing?.zh).toContain('create extension pg_stat_statements');
      expect(problemIn(await post('statements/reset', { reason: '观察新版本' })).code).toBe('diagnosis.no-statistics');
    } finally {
      await at.db.owner('create extension pg_stat_statements');
    }
  });
});
