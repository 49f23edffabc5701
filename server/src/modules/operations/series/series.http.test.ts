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

test('changes while they were made and faults while they were open stand beside what was measured', async () => {
  const call = async (method: string, path: string, body?: object) => {
    const answer = await at.call(at.person('operator'), method, `/api/operations/${path}`, body ? { body } : {});
    expect(answer.status, answer.text).toBeLessThan(300);
    return answer.body as { id: string; number: string; items: object[] };
  };
  const fault = await call('POST', 'faults', { title: '工单列表打开缓慢', body: '要十秒以上', level: 3, source: 'phone' });
  const openedMs = at.clock.nowMs();
  const marks = async (fromMs: number, toMs: number) =>
    (await call('GET', `series/marks?from=${new Date(fromMs).toISOString()}&to=${new Date(toMs).toISOString()}`)).items;
  expect(await marks(openedMs - 60_000, openedMs)).toEqual([]);
  const mark = { id: fault.id, kind: 'fault', number: fault.number, title: '工单列表打开缓慢', to: null };
  expect(await marks(openedMs + 60_000, openedMs + 120_000)).toMatchObject([mark]);
  const act = (action: string, version: number, input: object) => call('POST', `faults/${fault.id}/${action}`, { version, input });
  await act('respond', 1, {});
  at.clock.advance(600_000);
  await act('fix', 2, { cause: '连接池过小', remedy: '调大连接池' });
  expect(await marks(openedMs + 60_000, openedMs + 120_000)).toMatchObject([{ ...mark, to: new Date(openedMs + 600_000).toISOString() }]);
  expect(await marks(openedMs + 660_000, openedMs + 720_000)).toEqual([]);
});
