import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsIn, NANJING, openTestApp, problemIn, REPLY, UNITS, type TestApp } from '../../../test/test-app.ts';

/** New Year's Eve, half past ten in the morning and six in the evening in Beijing. */
const MORNING = Date.parse('2026-12-31T02:30:00Z');
const EVENING = Date.parse('2026-12-31T10:00:00Z');
const CSV = 'date,name,type\n2027-01-01,元旦,off\n2027-01-02,元旦,off\n2027-01-03,元旦,off\n2027-01-09,元旦,work\n';

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp({ startMs: Date.parse('2026-12-14T02:00:00Z') });
});
afterAll(() => at?.close());

interface ClockRow {
  name: string;
  due: string;
  provisional: boolean;
  step: string | null;
}
const clocksOf = async (id: string): Promise<Record<string, Omit<ClockRow, 'name'>>> => {
  const rows = await at.db.owner<ClockRow>(
    `select name, to_char(due_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS') as due, provisional, to_char(next_step_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS') as step
      from casework.clock where case_id = $1 order by name`,
    [id],
  );
  return Object.fromEntries(rows.map(({ name, ...rest }) => [name, rest]));
};
const province = () => at.person('province-admin');
const importYear = (body: object) =>
  at.call(province(), 'POST', '/api/reference/calendar', { body: { year: 2027, source: '国务院办公厅通知', ...body } });
const year = async () => (await at.call(province(), 'GET', '/api/reference/calendar/2027')).body;

test('due dates that reach into a year without a calendar are provisional, and exactly those are computed anew when it comes', async () => {
  const early = await at.takeTo('dispatched');
  at.clock.set(MORNING);
  const crossing = await at.takeTo('dispatched');
  const standing = await at.takeTo('replied');
  at.clock.set(EVENING);
  // Three clocks each, and more of them than a batch holds: none may be lost at an edge.
  const many = [];
  for (let i = 0; i < 90; i++) many.push(await at.takeTo('dispatched'));

  // Without a calendar every weekday counts: on New Year's Day people are taken to work.
  expect(await clocksOf(crossing.id)).toMatchObject({
    dispatch: { provisional: false },
    sign: { due: '2027-01-01 23:59:59', provisional: true },
    contact: { due: '2027-01-01 23:59:59', provisional: true },
    handle: { due: '2027-01-07 23:59:59', provisional: true },
  });
  // After closing time it counts for the next working day.
  expect(await clocksOf(many[0]!.id)).toMatchObject({
    sign: { due: '2027-01-04 23:59:59', provisional: true },
    handle: { due: '2027-01-08 23:59:59', provisional: true },
  });
  expect(await clocksOf(early.id)).toMatchObject({ handle: { due: '2026-12-21 23:59:59', provisional: false } });
  const shown = await at.call(at.person('agent', NANJING), 'GET', `/api/orders/${crossing.id}`);
  expect(shown.body).toMatchObject({ dueAt: '2027-01-01T15:59:59.000Z', dueProvisional: true });

  await at.app.reference.watchHorizon();
  await at.app.reference.watchHorizon();
  const notices = (await at.call(at.person('dispatcher', NANJING), 'GET', '/api/notices')).body as {
    items: { zh: string; orderId: string | null }[];
  };
  expect(notices.items.filter((notice) => notice.zh.includes('2027'))).toHaveLength(1);
  // Two orders of the same morning and ninety of the evening wait; of the one that was answered only the check runs.
  expect(await year()).toMatchObject({ published: false, provisionalClocks: 4 + 1 + 90 * 4 });
  expect(await at.app.upkeep.recomputeProvisional()).toBe(0);

  const before = { early: await clocksOf(early.id), stopped: (await clocksOf(standing.id))['handle'] };
  const imported = await importYear({ csv: CSV });
  expect(imported.status, imported.text).toBe(201);
  expect(imported.body).toEqual({ year: 2027, days: 4, recomputed: 4 + 1 + 90 * 4 });
  expect(await year()).toMatchObject({ published: true, source: '国务院办公厅通知', provisionalClocks: 0 });

  expect(await clocksOf(crossing.id)).toMatchObject({
    sign: { due: '2027-01-04 23:59:59', provisional: false },
    contact: { due: '2027-01-04 23:59:59', provisional: false },
    handle: { due: '2027-01-08 23:59:59', provisional: false },
  });
  for (const { id } of [many[0]!, many[44]!, many[89]!]) {
    expect(await clocksOf(id)).toMatchObject({
      sign: { due: '2027-01-05 23:59:59', provisional: false },
      contact: { due: '2027-01-05 23:59:59', provisional: false },
      // The Saturday is a make-up day; the step moved with the due date.
      handle: { due: '2027-01-09 23:59:59', provisional: false },
    });
  }
  expect(await clocksOf(early.id)).toEqual(before.early);
  expect((await clocksOf(standing.id))['handle']).toEqual(before.stopped);
  expect(
    await at.db.owner(
      `select w.id from orders.work_order w where w.due_provisional or w.due_at is distinct from (select min(c.due_at) from casework.clock c where c.case_id = w.id and c.stopped_at is null and c.name <> 'return')`,
    ),
  ).toEqual([]);
  expect(await at.app.upkeep.recomputeProvisional()).toBe(0);

  // A clock that stood meanwhile is put right when it runs again.
  at.clock.set(Date.parse('2027-01-04T02:00:00Z'));
  await at.act(at.person('reviewer', NANJING), standing.id, 'fail', { fault: 'unclear', opinion: '请说明处理依据' });
  await at.app.upkeep.recomputeProvisional();
  const handle = (await clocksOf(standing.id))['handle']!;
  expect(handle.provisional).toBe(false);
  await at.act(at.person('handler', UNITS[NANJING][0]), standing.id, 'reply', REPLY);
}, 120_000);

test('the steps of clocks that were computed anew are taken at their new time, once', async () => {
  const { id } = await at.takeTo('filed');
  at.clock.set(Date.parse('2027-01-04T15:59:59.999Z'));
  const overdue = async () =>
    (
      await at.db.owner<{ name: string }>(
        `select name from platform.event where name like 'clocks.%overdue' and case_id <> $1 order by name`,
        [id],
      )
    ).map((row) => row.name);
  for (let did = 1; did > 0;) did = await at.app.upkeep.takeSteps();
  const before = await overdue();
  // The due instant of before the import, 1 January, has passed: the two of the morning are not overdue all the same.
  expect(before.filter((name) => name === 'clocks.sign-overdue')).toHaveLength(1);
  at.clock.set(Date.parse('2027-01-05T16:00:00Z'));
  for (let did = 1; did > 0;) did = await at.app.upkeep.takeSteps();
  expect((await overdue()).filter((name) => name === 'clocks.sign-overdue')).toHaveLength(1 + 1 + 90);
  for (let did = 1; did > 0;) did = await at.app.upkeep.takeSteps();
  expect((await overdue()).filter((name) => name === 'clocks.sign-overdue')).toHaveLength(1 + 1 + 90);
});

test('a calendar is published once, and what cannot be one is refused with its line', async () => {
  expect(problemIn(await importYear({ csv: CSV }))).toMatchObject({ status: 409, code: 'reference.calendar-known' });
  for (const [csv, line] of [
    ['2028-01-01,元旦,off\n2029-01-01,元旦,off', 2],
    ['date,name,type\n2028-02-30,假日,off', 2],
    ['2028-01-01,元旦,holiday', 1],
    ['2028-01-01,,off', 1],
    ['2028-01-01,元旦,off\n2028-01-01,元旦,work', 2],
    ['hello, this is no calendar', 1],
  ] as const) {
    const answer = await importYear({ year: 2028, csv });
    expect(problemIn(answer).status, csv).toBe(400);
    expect(faultsIn(answer), csv).toEqual(['csv: reference.bad-calendar']);
    expect(answer.text, csv).toContain(`第 ${line} 行`);
  }
  expect(await at.db.owner(`select * from reference.calendar_year where year = 2028`)).toEqual([]);
});
