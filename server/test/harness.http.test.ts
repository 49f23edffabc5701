import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApp, type TestApp } from './test-app.ts';

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp();
});
afterAll(() => at?.close());

test('an order goes the straight way from intake to its end', async () => {
  const filed = await at.takeTo('closed');
  const answer = await at.call(at.person('agent', '320100'), 'GET', `/api/orders/${filed.id}`);
  expect(answer.body).toMatchObject({ state: 'closed', version: 8 });
});
