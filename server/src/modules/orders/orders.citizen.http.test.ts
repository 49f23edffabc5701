import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CitizenView } from '#contracts/appeals/appeals.api.ts';
import { NANJING, openTestApp, problemIn, type TestApp } from '../../../test/test-app.ts';

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp();
});
afterAll(() => at?.close());

test('a citizen who asks to take back what is in hand is told that it waits, and how it was decided', async () => {
  const filed = await at.takeTo('contacted');
  const key = { number: filed.number, code: filed.queryCode };
  const view = async () => (await at.call(null, 'POST', '/api/portal/look-up', { body: key })).body as CitizenView;
  expect(await view()).toMatchObject({ withdrawable: true, withdrawalAsked: false });

  const withdraw = () => at.call(null, 'POST', '/api/portal/withdraw', { body: { ...key, reason: '已经自行解决' } });
  const asked = await withdraw();
  expect(asked.body).toMatchObject({ state: 'handling', withdrawable: false, withdrawalAsked: true });
  expect((await view()).timeline.at(-1)).toMatchObject({ zh: '诉求人申请撤回' });
  expect(problemIn(await withdraw()).code).toBe('orders.already-asked');

  at.clock.advance(60_000);
  const dispatcher = at.person('dispatcher', NANJING);
  const { items } = (await at.call(dispatcher, 'GET', '/api/approvals')).body as { items: { id: string }[] };
  const decided = await at.call(dispatcher, 'POST', `/api/approvals/${items[0]!.id}/decide`, {
    body: { verdict: 'decline', opinion: '正在施工' },
  });
  expect(decided.status, decided.text).toBe(200);
  expect(await view()).toMatchObject({ state: 'handling', withdrawable: true, withdrawalAsked: false });
  expect((await view()).timeline.at(-1)).toMatchObject({ zh: '撤回申请未通过，继续办理' });
});

test('a citizen urges once on a working day', async () => {
  const filed = await at.takeTo('contacted');
  const key = { number: filed.number, code: filed.queryCode };
  const urge = () => at.call(null, 'POST', '/api/portal/urge', { body: { ...key, note: '请尽快处理' } });
  expect((await urge()).body).toMatchObject({ urgeable: false });
  expect(problemIn(await urge()).code).toBe('orders.urged-today');
});
