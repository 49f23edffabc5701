import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SloState } from '#contracts/operations/slo.api.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { createResponseFigures, type ResponseFigures } from '#server/platform/metrics/response.ts';
import { MONDAY, openTestApp, type TestApp } from '../../../../test/test-app.ts';
import { CENTRE } from '../series/exposition.ts';
import { createPacker, createSampler, type Reading } from '../series/series.service.ts';
import { createBurnSource } from './slo.source.ts';
import { burnReadings } from './slo.views.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let at: TestApp;
let figures: ResponseFigures;
beforeAll(async () => {
  at = await openTestApp({ startMs: MONDAY });
  figures = createResponseFigures({ db: at.app.db, clock: at.clock });
  await at.db.owner('select platform.turn_spans($1, $2, $1)', [new Date(MONDAY - 2 * DAY), new Date(MONDAY + 5 * DAY)]);
}, 60_000);
afterAll(() => at?.close());

/** Two nodes that answer, one of which is started anew in between. */
const shown = { 'a:1': { good: 0, late: 0, failed: 0 }, 'b:1': { good: 0, late: 0, failed: 0 } };
type Node = keyof typeof shown;
type More = Partial<Record<Node, Partial<(typeof shown)['a:1']>>>;
async function count(more: More): Promise<void> {
  for (const node of Object.keys(shown) as Node[]) {
    const counts = shown[node];
    for (const [result, rise] of Object.entries(more[node] ?? {})) {
      counts[result as 'good'] += rise;
      const answered = {
        kind: 'submit',
        route: 'POST /api/appeals',
        region: '',
        ms: result === 'late' ? 301 : 300,
        failed: result === 'failed',
      } as const;
      for (let i = 0; i < rise; i++) figures.add(answered);
    }
    const gather = async () =>
      Object.entries(counts).map(([result, value]): Reading => ({
        name: 'minsheng_answers_total',
        labels: { class: 'submit', result },
        kind: 'counter',
        value,
      }));
    await createSampler({ db: at.app.db, clock: at.clock, name: node, source: node, gather }).sample();
  }
}
async function tell(more: More): Promise<void> {
  await count(more);
  at.clock.advance(MINUTE);
}
const burning = async () =>
  Object.fromEntries(
    (await at.app.db.transact(SYSTEM, (tx) => burnReadings(tx, at.clock.nowMs())))
      .filter(({ labels }) => labels['slo'] === 'available-submit')
      .map(({ labels, value }) => [labels['window'], value]),
  );
const state = async (key: string) => {
  const answer = await at.call(at.person('operator'), 'GET', '/api/operations/slos');
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as { items: SloState[] }).items.find((one) => one.key === key)!;
};

test('what fails burns in the windows it lies in, over all nodes, and the budget of the month keeps it', async () => {
  expect(await burning()).toEqual({});
  expect(await state('available-submit')).toMatchObject({ all: 0, value: null, left: null, curve: [] });
  await tell({});
  for (let minute = 0; minute < 30; minute++) await tell({ 'a:1': { good: 10 }, 'b:1': { good: 9, late: 1 } });
  expect(await burning()).toEqual({ '1h': 0, '6h': 0, '3d': 0 });

  // One of ten fails for ten minutes; one node begins again at nothing in the middle of it.
  for (let minute = 0; minute < 10; minute++) {
    if (minute === 5) shown['b:1'] = { good: 0, late: 0, failed: 0 };
    await tell({ 'a:1': { good: 9, failed: 1 }, 'b:1': { good: 9, failed: 1 } });
  }
  // 20 of 800 in the hour are 2.5 %, and the last minutes burn more.
  expect((await burning())['1h']).toBeCloseTo(25);
  await figures.flush();
  const now = await state('available-submit');
  expect(now).toMatchObject({ all: 800, bad: 20, value: 0.975 });
  expect(now.left).toBeCloseTo(-24);
  expect(now.curve).toEqual([{ day: '2026-06-15', left: now.left }]);
  expect(await state('fast-submit')).toMatchObject({ all: 800, bad: 30 });

  // It is over: the short window is good again at once, the long one keeps what was.
  for (let minute = 0; minute < 10; minute++) await tell({ 'a:1': { good: 10 }, 'b:1': { good: 10 } });
  expect((await burning())['1h']).toBe(0);
  // Of one hour as a whole it is told by its ends alone where a counter began again: less, never more.
  expect((await burning())['3d']).toBeGreaterThan(10);
  expect((await burning())['3d']).toBeLessThanOrEqual(20);
});

test('what burnt is forgotten when its window is over, packed or not; the month keeps it', async () => {
  const before = await state('available-submit');
  at.clock.advance(DAY);
  const packer = createPacker({ db: at.app.db, clock: at.clock });
  while ((await packer.turn()) > 0);
  expect(await burning()).toMatchObject({ '3d': 0 });
  const { all, bad, left } = await state('available-submit');
  expect([all, bad, left]).toEqual([before.all, before.bad, before.left]);
});

test('a fault that nobody acknowledges in time is bad for its objective, one that stands is not', async () => {
  const open = (level: number) =>
    at.app.db.transact(SYSTEM, (tx) =>
      at.app.operations.records.open(tx, at.actor(at.person('operator')), {
        kind: 'fault',
        level,
        title: '工单列表打开缓慢',
        body: '要十秒以上',
        component: null,
        source: 'phone',
      }),
    );
  const operator = at.actor(at.person('operator'));
  const { act } = at.app.operations.records;
  const [kept] = [await open(3), await open(2)];
  await act(operator, 'fault', kept.id, 'respond', null, {});
  await act(operator, 'fault', kept.id, 'suspend', null, { cause: 'user', note: '等待用户提供截图' });
  at.clock.advance(2 * DAY);
  expect(await state('respond')).toMatchObject({ all: 2, bad: 1, value: 0.5 });
  // Its clock stands, and so its end is not known; that of the other is past.
  expect(await state('fix')).toMatchObject({ all: 1, bad: 1 });
});

test('the burn rates are judged by rules that ship with the platform', async () => {
  const rules = await at.call(at.person('operator'), 'GET', '/api/operations/alert-rules');
  const shipped = (rules.body as { items: { key: string; metric: string; judgement: { bound: number } }[] }).items;
  expect(shipped.filter(({ metric }) => metric === 'minsheng_slo_burn_rate').map(({ key, judgement }) => [key, judgement.bound])).toEqual([
    ['slo-burn-fast', 14.4],
    ['slo-burn-slow', 6],
    ['slo-burn-steady', 1],
  ]);
  const source = createBurnSource({ db: at.app.db, clock: at.clock });
  const sampler = createSampler({ db: at.app.db, clock: at.clock, name: 'slo', source: CENTRE.slo, gather: source });
  await sampler.sample();
  const { text } = await at.call(null, 'GET', '/metrics/centre');
  expect(text).toContain('# TYPE minsheng_slo_burn_rate gauge');
  expect(text).toContain('minsheng_slo_burn_rate{slo="available-submit",window="3d"} 0');
  // It stands for a minute, and is told at each step of it.
  const first = await source();
  at.clock.advance(45_000);
  expect(await source()).toBe(first);
  at.clock.advance(15_000);
  expect(await source()).not.toBe(first);
});

test('a budget that burns is an alert and a fault within minutes; when nothing fails any more the alert ends', async () => {
  const gather = createBurnSource({ db: at.app.db, clock: at.clock });
  const sampler = createSampler({ db: at.app.db, clock: at.clock, name: 'slo', source: CENTRE.slo, gather });
  const minutes = async (many: number, more: More) => {
    for (let minute = 0; minute < many; minute++) {
      await count(more);
      for (let step = 0; step < 4; step++) {
        await sampler.sample();
        at.clock.advance(15_000);
        await at.app.operations.judge.turn();
      }
    }
  };
  const fast = async () => {
    const answer = await at.call(at.person('operator'), 'GET', '/api/operations/alerts');
    const { items } = answer.body as { items: { rule: string; labels: object; endedAt: string | null; record: { id: string } | null }[] };
    return items.filter(({ rule }) => rule === 'slo-burn-fast');
  };
  await minutes(6, { 'a:1': { good: 10 }, 'b:1': { good: 10 } });
  expect(await fast()).toEqual([]);

  await minutes(5, { 'a:1': { good: 5, failed: 5 }, 'b:1': { good: 5, failed: 5 } });
  const [alert, ...more] = await fast();
  expect(more).toEqual([]);
  expect(alert).toMatchObject({ labels: { slo: 'available-submit', window: '1h' }, endedAt: null });
  const fault = await at.call(at.person('operator'), 'GET', `/api/operations/records/${alert!.record!.id}`);
  expect(fault.body).toMatchObject({ kind: 'fault', state: 'reported', title: '误差预算一小时消耗过快：slo:available-submit' });

  await minutes(8, { 'a:1': { good: 10 }, 'b:1': { good: 10 } });
  expect((await fast())[0]).toMatchObject({ endedAt: expect.stringMatching(/^2026-06/) as string });
});

test('every answer is counted by its class and how it came out', async () => {
  const counted = async () => {
    const { text } = await at.call(null, 'GET', '/metrics');
    return [...text.matchAll(/^minsheng_answers_total\{class="query",result="\w+"\} (\d+)/gm)].reduce((sum, [, n]) => sum + Number(n), 0);
  };
  const before = await counted();
  await at.call(at.person('operator'), 'GET', '/api/operations/alert-rules');
  expect((await counted()) - before).toBe(1);
});
