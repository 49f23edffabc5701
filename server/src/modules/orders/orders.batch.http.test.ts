import { afterAll, beforeAll, expect, test } from 'vitest';
import { NANJING, openTestApp, problemIn, SUZHOU, UNITS, type Caller, type TestApp } from '../../../test/test-app.ts';

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp();
});
afterAll(() => at?.close());

interface Outcome {
  readonly done: number;
  readonly asked: number;
  readonly refused: number;
  readonly items: { id: string; outcome: string; state: string | null; code: string | null; text: string | null }[];
}

const many = (caller: Caller, action: string, orders: { id: string; version: number }[], input: unknown) =>
  at.call(caller, 'POST', '/api/orders/batch', { body: { action, orders, input } });

async function seen(...ids: string[]): Promise<{ id: string; version: number }[]> {
  const rows = await at.db.owner<{ id: string; version: number }>(`select id, version from orders.work_order where id = any($1)`, [ids]);
  return ids.map((id) => rows.find((row) => row.id === id)!);
}

test('of many orders each is signed or refused on its own, and told why', async () => {
  const [first, second] = [await at.takeTo('dispatched'), await at.takeTo('dispatched')];
  const signed = await at.takeTo('handling');
  const elsewhere = await at.takeTo('dispatched', { region: '320505' });
  const [one, two, three, four] = await seen(first.id, second.id, signed.id, elsewhere.id);
  const stale = { ...two!, version: two!.version - 1 };
  const answer = await many(at.person('handler', UNITS[NANJING][0]), 'sign', [one!, stale, three!, four!], {});
  expect(answer.status, answer.text).toBe(200);
  const { items, ...figures } = answer.body as Outcome;
  expect(figures).toEqual({ done: 1, asked: 0, refused: 3 });
  expect(items.map(({ outcome, state, code }) => [outcome, state, code])).toEqual([
    ['done', 'handling', null],
    ['refused', null, 'base.stale'],
    ['refused', null, 'casework.not-allowed-now'],
    ['refused', null, 'base.not-found'],
  ]);
  for (const { outcome, text } of items) expect(text === null).toBe(outcome === 'done');
  const states = await at.db.owner<{ state: string }>(`select state from orders.work_order where id = any($1) order by id`, [
    [first.id, second.id, signed.id, elsewhere.id],
  ]);
  expect(states.map(({ state }) => state)).toEqual(['handling', 'dispatched', 'handling', 'dispatched']);
});

test('many are dispatched at once, and those that another one reviews wait for him; closing many takes two people', async () => {
  const orders = await seen((await at.takeTo('pending-dispatch')).id, (await at.takeTo('pending-dispatch', { urgency: 1 })).id);
  const input = { unit: UNITS[NANJING][0], opinion: '请按职责办理' };
  const answer = await many(at.person('dispatcher', NANJING), 'dispatch', orders, input);
  expect(answer.body, answer.text).toMatchObject({
    done: 1,
    asked: 1,
    refused: 0,
    items: [{ state: 'dispatched' }, { state: 'reviewing' }],
  });
  // Following up, each with three calls that did not get through.
  const close = async (count: number) => {
    const filed = [];
    for (let i = 0; i < count; i++) {
      const { id } = await at.takeTo('pending-follow-up');
      for (let call = 0; call < 3; call++) await at.act(at.person('follow-up', NANJING), id, 'attempt', { mode: '01', result: '01' });
      filed.push(id);
    }
    const chosen = await seen(...filed);
    return (await many(at.person('follow-up', NANJING), 'close-unrated', chosen, { opinion: '三次回访均未接通' })).body;
  };
  expect(await close(2)).toMatchObject({ done: 0, asked: 2, refused: 0 });
  expect(await close(1)).toMatchObject({ done: 1, asked: 0, refused: 0 });
});

test('two hundred orders at once and no more, and nothing the batch does not know', async () => {
  const [one] = await seen((await at.takeTo('dispatched')).id);
  const handler = at.person('handler', UNITS[NANJING][0]);
  expect(problemIn(await many(handler, 'sign', Array(201).fill(one), {})).code).toBe('base.invalid-input');
  expect(problemIn(await many(handler, 'reply', [one!], {})).code).toBe('base.invalid-input');
  expect(problemIn(await many(handler, 'sign', [one!], { unit: UNITS[SUZHOU][0] })).code).toBe('base.invalid-input');
  // Somebody who may not is refused order by order: nothing is said of orders he could not see.
  const agent = await many(at.person('agent', NANJING), 'sign', [one!], {});
  expect(agent.body).toMatchObject({ done: 0, refused: 1, items: [{ code: 'base.forbidden' }] });
});
