import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApp, type TestApp } from '../../../../test/test-app.ts';

let at: TestApp;
beforeAll(async () => void (at = await openTestApp()), 60_000);
afterAll(() => at?.close());

test('a name that no metric can have is refused at its field, one that none has gives nothing', async () => {
  const list = (name: string) => at.call(at.person('operator'), 'GET', `/api/operations/series?name=${encodeURIComponent(name)}`);
  for (const name of ['\0', 'a b', "x' or 1=1"]) expect((await list(name)).status, name).toBe(400);
  expect((await list('nothing_of_the_kind')).body).toEqual({ items: [] });
});
