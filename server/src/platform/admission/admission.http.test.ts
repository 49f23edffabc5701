import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NANJING, openTestApp, problemIn, SPEECH, type Answer, type TestApp } from '../../../test/test-app.ts';

let at: TestApp;
let holder: pg.Client;

beforeAll(async () => {
  // Eight at once, and seven connections besides the one that is kept for filing.
  at = await openTestApp({ poolSize: 8, settings: { MINSHENG_CEILING: '8', MINSHENG_ADAPT: 'true' } });
  holder = new pg.Client({ connectionString: at.db.ownerUrl });
  await holder.connect();
});
afterAll(async () => {
  await holder?.end();
  await at?.close();
});

/** Queries that hang at a table somebody has locked, until they are let go. */
async function hang(count: number): Promise<{ release(): Promise<Answer[]> }> {
  const agent = at.person('agent', NANJING);
  // Logged in and known before, so that nothing else of the database is needed.
  await at.call(agent, 'GET', '/api/session');
  await holder.query('begin; lock table platform.notice in access exclusive mode');
  const asked = Array.from({ length: count }, () => at.call(agent, 'GET', '/api/notices'));
  await new Promise((resolve) => setTimeout(resolve, 300));
  return {
    async release() {
      await holder.query('commit');
      return Promise.all(asked);
    },
  };
}

const filing = { type: '02', region: NANJING, content: SPEECH, anonymous: true };
const page = { accept: 'text/html,application/xhtml+xml' };

test('a node that is full turns lists away with the time to come again, and goes on filing', async () => {
  const agent = at.person('agent', NANJING);
  const crowd = await hang(7);
  const list = await at.call(agent, 'GET', '/api/orders');
  expect(problemIn(list)).toMatchObject({ status: 503, code: 'base.overloaded' });
  expect(Number(list.headers['retry-after'])).toBeGreaterThanOrEqual(3);
  expect(problemIn(list)['retryAfterS' as never]).toBe(Number(list.headers['retry-after']));
  // Before it is known who asks: a stranger is told the same, and no log-in is looked up.
  expect(problemIn(await at.call(null, 'GET', '/api/orders')).code).toBe('base.overloaded');
  // Every connection but the reserved one is taken, and an appeal is filed all the same.
  const filed = await at.call(null, 'POST', '/api/portal/appeals', { body: filing });
  expect(filed.status, filed.text).toBe(201);
  const answers = await crowd.release();
  // Of the seven the last came when diversion had begun.
  expect(
    answers
      .map((answer) => String(answer.status))
      .toSorted()
      .map(Number),
  ).toEqual([200, 200, 200, 200, 200, 200, 503]);
  expect((await at.call(agent, 'GET', '/api/orders')).status).toBe(200);
});

test('the figures tell it', async () => {
  const { text } = await at.call(null, 'GET', '/metrics');
  expect(Number(/minsheng_shed_total\{class="query"\} (\d+)/.exec(text)?.[1])).toBeGreaterThanOrEqual(3);
  expect(text).toMatch(/minsheng_load\{what="limit"\} 8\n/);
});

test('a new visitor of a full node sees a waiting page that comes back by itself; who is logged in goes on', async () => {
  const crowd = await hang(8);
  // The band is that of about a second, in which others go on asking.
  for (let i = 0; i < 40; i++) {
    await at.call(null, 'GET', '/api/orders');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const stranger = await at.call(null, 'GET', '/', { headers: page });
  expect(stranger.status).toBe(503);
  expect(stranger.text).toMatch(/请稍候/);
  expect(stranger.text).toMatch(/new visitors wait a moment/);
  expect(stranger.text).toContain(`http-equiv="refresh" content="${String(stranger.headers['retry-after'])}"`);
  const colleague = await at.call(null, 'GET', '/console/', { headers: { ...page, cookie: 'ms_session=anything' } });
  expect(colleague.text).not.toMatch(/请稍候/);
  // Neither health nor figures are ever kept out.
  expect((await at.call(null, 'GET', '/healthz', { headers: page })).status).toBe(200);
  await crowd.release();
  await new Promise((resolve) => setTimeout(resolve, 4000));
  expect((await at.call(null, 'GET', '/', { headers: page })).text).not.toMatch(/请稍候/);
});

test('heavy work waits in line while it is crowded, and is done when there is room', async () => {
  const crowd = await hang(6);
  const audit = at.call(at.person('audit-admin'), 'POST', '/api/audit/verify');
  let answered = false;
  void audit.then(() => (answered = true));
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(answered).toBe(false);
  await crowd.release();
  expect((await audit).status).toBe(200);
});
