import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NANJING, openTestApp, UNITS, type TestApp } from '../../../test/test-app.ts';

const HOUR = 3_600_000;

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp({ poolSize: 10 });
});
afterAll(() => at?.close());

const stepsOf = (orderId: string) =>
  at.db.owner<{ name: string; at: Date }>(
    `select name, at from platform.event where case_id = $1 and name like 'clocks.%' order by at, id`,
    [orderId],
  );
const noticesOf = (orderId: string) =>
  at.db.owner<{ zh: string; level: string; permission: string; unit_code: string | null }>(
    `select zh, level, permission, unit_code from platform.notice where order_id = $1 order by at, id`,
    [orderId],
  );

async function takeAllSteps(): Promise<number> {
  let taken = 0;
  for (let did = -1; did !== 0; taken += did) did = await at.app.upkeep.takeSteps();
  return taken;
}

test('a unit is reminded when half of its time to sign is gone, and once more when it is over', async () => {
  const { id, number } = await at.takeTo('dispatched');
  // Dispatched on Monday at ten with one working day to sign: until the end of Tuesday.
  expect(await at.db.owner(`select due_at, due_clock from orders.work_order where id = $1`, [id])).toEqual([
    { due_at: new Date('2026-06-16T15:59:59Z'), due_clock: 'contact' },
  ]);
  at.clock.advance(18 * HOUR);
  expect(await takeAllSteps()).toBe(0);
  at.clock.advance(1 * HOUR);
  expect(await takeAllSteps()).toBe(1);
  expect((await stepsOf(id)).map((step) => step.name)).toEqual(['clocks.sign-half']);
  expect(await noticesOf(id)).toEqual([
    { zh: `工单 ${number}：签收期限过半，提醒签收`, level: 'warning', permission: 'orders.sign', unit_code: UNITS[NANJING][0] },
  ]);
  // Until its last second a limit is kept.
  at.clock.set(Date.parse('2026-06-16T15:59:59.999Z'));
  expect(await takeAllSteps()).toBe(0);
  at.clock.advance(1);
  expect(await takeAllSteps()).toBe(2);
  expect((await stepsOf(id)).map((step) => step.name).toSorted()).toEqual([
    'clocks.contact-overdue',
    'clocks.sign-half',
    'clocks.sign-overdue',
  ]);
  expect((await noticesOf(id)).filter((notice) => notice.level === 'urgent')).toHaveLength(2);
  // The order itself did not move: a step tells, it decides nothing.
  expect(await at.db.owner(`select state, version from orders.work_order where id = $1`, [id])).toEqual([
    { state: 'dispatched', version: 3 },
  ]);
});

test('a step is taken once, however many nodes look for it at the same time', async () => {
  const ids = (await Promise.all(Array.from({ length: 6 }, () => at.takeTo('dispatched')))).map((filed) => filed.id);
  at.clock.advance(10 * 24 * HOUR);
  await Promise.all([takeAllSteps(), takeAllSteps(), takeAllSteps()]);
  await takeAllSteps();
  for (const id of ids) {
    // Sign: half and overdue; contact: overdue; handle: yellow, overdue, and a working day later.
    expect((await stepsOf(id)).map((step) => step.name).toSorted()).toEqual([
      'clocks.contact-overdue',
      'clocks.handle-overdue',
      'clocks.handle-overdue-2',
      'clocks.handle-yellow',
      'clocks.sign-half',
      'clocks.sign-overdue',
    ]);
    expect(await noticesOf(id)).toHaveLength(6);
  }
  at.clock.advance(30 * 24 * HOUR);
  await Promise.all([takeAllSteps(), takeAllSteps()]);
  for (const id of ids) {
    const names = (await stepsOf(id)).map((step) => step.name);
    expect(names).toHaveLength(new Set(names).size);
    expect(names).toContain('clocks.handle-overdue-3');
    // By the clock alone it rose through the three levels of oversight, and each was told once.
    expect(await at.db.owner(`select level, ended from orders.oversight where order_id = $1 order by no`, [id])).toEqual([
      { level: 1, ended: 'raised' },
      { level: 2, ended: 'raised' },
      { level: 3, ended: null },
    ]);
    // What was taken long after its promised instant is kept as late.
    const kept = await at.db.owner<{ step: string; late: boolean }>(
      `select step, late from casework.clock_step where case_id = $1 and clock = 'handle' order by taken_at, promised_at`,
      [id],
    );
    expect(kept).toEqual([
      { step: 'yellow', late: true },
      { step: 'overdue', late: true },
      // Its instant was that very second.
      { step: 'overdue-2', late: false },
      { step: 'overdue-3', late: true },
    ]);
  }
  expect(await takeAllSteps()).toBe(0);
});

test('people go on acting while the steps of the same orders are taken', async () => {
  const filed = await Promise.all(Array.from({ length: 24 }, () => at.takeTo('dispatched')));
  at.clock.advance(10 * 24 * HOUR);
  const dispatcher = at.person('dispatcher', NANJING);
  const results = await Promise.allSettled([
    ...filed.map(({ id }) => at.act(dispatcher, id, 'cancel', { reason: '诉求人来电撤销' })),
    at.app.upkeep.takeSteps(),
    at.app.upkeep.takeSteps(),
    at.app.upkeep.recomputeProvisional(),
  ]);
  expect(results.filter((result) => result.status === 'rejected').map((result) => String(result.reason))).toEqual([]);
});

test('the handling clock stands while a reply is checked, and goes on for what was left when it is sent back', async () => {
  at.clock.set(Date.parse('2026-06-15T02:00:00Z'));
  const { id } = await at.takeTo('contacted');
  const dueOf = async () =>
    (
      await at.db.owner<{ due_at: Date }>(`select due_at from casework.clock where case_id = $1 and name = 'handle'`, [id])
    )[0]?.due_at.toISOString();
  // Five working days from Monday; the Dragon Boat Festival takes the Friday (19 June) out.
  expect(await dueOf()).toBe('2026-06-23T15:59:59.000Z');
  at.clock.set(Date.parse('2026-06-16T02:00:00Z'));
  await at.act(at.person('handler', UNITS[NANJING][0]), id, 'reply', {
    resultType: '01',
    text: '经现场核查，已责令该店整改，夜间停止室外经营。',
  });
  expect(await at.db.owner(`select due_clock from orders.work_order where id = $1`, [id])).toEqual([{ due_clock: 'check' }]);
  // Checked two working days later: those two do not count.
  at.clock.set(Date.parse('2026-06-18T02:00:00Z'));
  await at.act(at.person('reviewer', NANJING), id, 'fail', { fault: 'unclear', opinion: '请说明处理依据' });
  expect(await dueOf()).toBe('2026-06-25T15:59:59.000Z');
});

test('who had to wait for an order acts after whom he waited for, by the log too', async () => {
  const [first, second] = [await at.takeTo('pending-dispatch'), await at.takeTo('pending-dispatch')];
  const holder = new pg.Client({ connectionString: at.db.ownerUrl });
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query('select from orders.work_order where id = any($1) for update', [[first.id, second.id]]);
    const dispatcher = at.person('dispatcher', NANJING);
    const acting = Promise.all([
      at.act(dispatcher, first.id, 'dispatch', { unit: UNITS[NANJING][0], assists: [] }),
      at.app.orders.act(at.actor(dispatcher), second.id, 'cancel', null, { reason: '诉求人来电说问题已经解决。' } as never),
    ]);
    const waiting = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await at.db.owner<{ n: number }>(waiting))[0]!.n < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    at.clock.advance(5000);
    const releasedMs = at.clock.nowMs();
    await holder.query('commit');
    await acting;
    const rows = await at.db.owner<{ at: Date }>(
      `select distinct on (case_id) at from platform.event where case_id = any($1) order by case_id, at desc`,
      [[first.id, second.id]],
    );
    expect(rows.map((row) => row.at.getTime())).toEqual([releasedMs, releasedMs]);
  } finally {
    await holder.end();
  }
});
