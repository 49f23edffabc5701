import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DutyBoard, Shift } from '#contracts/operations/duty.api.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { openTestApp, type TestApp } from '../../../../test/test-app.ts';
import { addForLine } from '../notify/notify.store.ts';

let at: TestApp;
beforeAll(async () => void (at = await openTestApp()), 60_000);
afterAll(() => at?.close());

const HOUR = 3_600_000;
const manager = () => at.person('operations-manager');
const operator = () => at.person('operator');
type Person = ReturnType<typeof operator>;
const ask = (person: Person, method: string, path: string, body?: object) =>
  at.call(person, method, `/api/operations/${path}`, body ? { body } : {});
const call = async <T>(person: Person, method: string, path: string, body?: object): Promise<T> => {
  const answer = await ask(person, method, path, body);
  expect(answer.status, `${path}: ${answer.text}`).toBeLessThan(300);
  return answer.body as T;
};
const board = (person: Person) => call<DutyBoard>(person, 'GET', 'duty-board');
/** A shift some hours from now. */
const shift = (person: Person, line: number, from: number, to: number, days = 1) => ({
  line,
  account: person.id,
  from: new Date(at.clock.nowMs() + from * HOUR).toISOString(),
  to: new Date(at.clock.nowMs() + to * HOUR).toISOString(),
  days,
});
const add = async (...of: Parameters<typeof shift>) => (await call<{ ids: string[] }>(manager(), 'POST', 'shifts', shift(...of))).ids;

describe('the roster', () => {
  it('holds the same hours of many days, stands a person once on a line, and is seen week by week from Monday', async () => {
    const ids = await add(operator(), 2, 48, 56, 3);
    expect(ids).toHaveLength(3);
    expect((await ask(manager(), 'POST', 'shifts', shift(operator(), 2, 60, 73))).text).toContain('operations.shift-overlap');
    expect((await ask(manager(), 'POST', 'shifts', shift(operator(), 2, 56, 56))).text).toContain('operations.shift-span');
    expect((await ask(operator(), 'POST', 'shifts', shift(operator(), 2, 200, 208))).status).toBe(403);
    await add(operator(), 3, 60, 73);
    const from = new Date(at.clock.nowMs() + 8 * HOUR);
    const monday = new Date(from.getTime() - ((from.getUTCDay() + 6) % 7) * 24 * HOUR).toISOString().slice(0, 10);
    const week = await call<{ from: string; items: Shift[] }>(operator(), 'GET', 'shifts');
    expect(week.from).toBe(monday);
    const all = [
      ...week.items,
      ...(
        await call<{ items: Shift[] }>(
          operator(),
          'GET',
          `shifts?from=${new Date(Date.parse(monday) + 7 * 24 * HOUR).toISOString().slice(0, 10)}`,
        )
      ).items,
    ];
    expect(all.filter(({ line }) => line === 2).map(({ id }) => id)).toEqual(ids);
  });

  it('swaps the people of two shifts that have not begun, and removes one', async () => {
    const [a] = await add(operator(), 1, 300, 308);
    const [b] = await add(manager(), 1, 308, 316);
    await call(manager(), 'POST', `shifts/${a}/swap`, { with: b });
    const rows = await at.db.owner<{ id: string; name: string }>(
      `select id, name from operations.shift where id in ('${a}', '${b}') order by from_at`,
    );
    expect(rows.map(({ name }) => name)).toEqual([manager().name, operator().name]);
    // Between the two he has one already: swapped, he would stand twice.
    const [c] = await add(operator(), 2, 300, 308);
    await add(operator(), 1, 400, 408);
    const [d] = await add(manager(), 1, 400, 408);
    expect((await ask(manager(), 'POST', `shifts/${c}/swap`, { with: d })).text).toContain('operations.shift-overlap');
    await call(manager(), 'DELETE', `shifts/${a}`);
    expect((await ask(manager(), 'DELETE', `shifts/${a}`)).status).toBe(404);
  });

  it('leaves a shift that has begun as it is', async () => {
    const [begun] = await add(operator(), 4, -1, 1);
    const [later] = await add(manager(), 4, 30, 31);
    expect((await ask(manager(), 'DELETE', `shifts/${begun}`)).text).toContain('operations.shift-begun');
    expect((await ask(manager(), 'POST', `shifts/${later}/swap`, { with: begun })).text).toContain('operations.shift-begun');
  });
});

describe('how one is reached', () => {
  it('is said by oneself, used for pages, and shown to others masked', async () => {
    await call(operator(), 'PUT', 'reach', { phone: '13900001234', mail: 'yunwei@minsheng.test' });
    expect((await ask(operator(), 'PUT', 'reach', { phone: 'call me' })).status).toBe(400);
    expect(await call(operator(), 'GET', 'reach')).toEqual({ phone: '13900001234', mail: 'yunwei@minsheng.test' });
    await add(operator(), 1, -1, 8);
    const seen = await board(manager());
    expect(seen.now.find(({ line }) => line === 1)).toMatchObject({
      name: operator().name,
      phone: '139****1234',
      mail: 'y***@minsheng.test',
    });
    expect(JSON.stringify(seen)).not.toContain('13900001234');
    await at.app.db.transact(SYSTEM, (tx) => addForLine(tx, 1, ['sms'], { subject: '试发', body: '试发' }, new Date(at.clock.nowMs())));
    expect(await at.db.owner(`select target from operations.message where subject = '试发'`)).toEqual([{ target: '13900001234' }]);
    // The audit log says that it was changed, not to what.
    const audit = await at.db.owner<{ detail: object }>(`select detail from platform.audit_entry where action = 'operations.set-reach'`);
    expect(JSON.stringify(audit)).not.toContain('13900001234');
    expect(audit.length).toBeGreaterThan(0);
  });
});

describe('a shift', () => {
  it('is handed over by whoever has it, with all that stands open, and taken by the next of the line', async () => {
    const fault = await call<{ id: string; number: string }>(operator(), 'POST', 'faults', {
      title: '接口间歇超时',
      body: '凌晨两点起间歇超时',
      level: 3,
      source: 'phone',
    });
    const [own] = await call<DutyBoard>(operator(), 'GET', 'duty-board').then(({ mine }) => mine.filter(({ line }) => line === 1));
    const handOver = { note: '接口超时已联系对方，七点前回电' };
    expect((await ask(manager(), 'POST', `shifts/${own!.id}/hand-over`, handOver)).text).toContain('operations.not-your-shift');
    expect((await ask(manager(), 'POST', `shifts/${own!.id}/take`)).text).toContain('operations.not-handed-over');
    await call(operator(), 'POST', `shifts/${own!.id}/hand-over`, handOver);
    expect((await ask(manager(), 'POST', `shifts/${own!.id}/take`)).text).toContain('operations.not-next-shift');
    // Who goes on hands nothing over to himself.
    await add(operator(), 1, 8, 12);
    expect((await ask(operator(), 'POST', `shifts/${own!.id}/take`)).text).toContain('operations.not-next-shift');
    expect((await board(operator())).toTake).toEqual([]);
    await add(manager(), 1, 8, 16);
    const [offered] = (await board(manager())).toTake;
    expect(offered).toMatchObject({ id: own!.id, handOver: handOver.note, takenAt: null });
    expect(offered!.leftOpen).toContainEqual(expect.objectContaining({ kind: 'fault', id: fault.id, number: fault.number }));
    await call(manager(), 'POST', `shifts/${own!.id}/take`);
    expect((await ask(manager(), 'POST', `shifts/${own!.id}/take`)).text).toContain('operations.shift-taken');
    expect((await ask(operator(), 'POST', `shifts/${own!.id}/hand-over`, handOver)).text).toContain('operations.shift-taken');
    expect((await board(manager())).toTake).toEqual([]);
    const { items } = await call<{ items: Shift[] }>(operator(), 'GET', 'hand-overs');
    expect(items[0]).toMatchObject({ id: own!.id, takenBy: manager().name, handOver: handOver.note });
  });
});

describe('the call tree', () => {
  it('is drawn from routes, limits and who is on duty', async () => {
    await call(manager(), 'POST', 'alert-routes', {
      name: '一线短信',
      levels: ['P1'],
      matchers: [],
      channel: 'sms',
      target: 'line:1',
      groupSeconds: 0,
    });
    const { alerts, faults } = await board(operator());
    expect(alerts.find(({ level }) => level === 'P1')).toMatchObject({ ackMinutes: 5, faultLevel: 1 });
    const route = alerts.find(({ level }) => level === 'P1')!.routes.find(({ name }) => name === '一线短信');
    expect(route).toMatchObject({ target: 'line:1', people: [{ name: operator().name, phone: '139****1234' }] });
    expect(alerts.find(({ level }) => level === 'P4')!.routes).toEqual([]);
    const gravest = faults.find(({ level }) => level === 1)!;
    expect(gravest.steps.map(({ clock, limit, line }) => [clock, limit, line])).toEqual([
      [null, null, 1],
      ['respond', '5 minute', 3],
      ['manager', '10 minute', 3],
      ['owner', '30 minute', 4],
      ['fix', '2 hour', 3],
    ]);
    expect(gravest.steps[0]!.people.map(({ name }) => name)).toEqual([operator().name]);
    // Another limit is another tree.
    await at.db.owner(`update operations.limit_rule set amount = 7 where kind = 'fault' and clock = 'manager' and level = 1`);
    expect((await board(operator())).faults[0]!.steps[2]).toMatchObject({ clock: 'manager', limit: '7 minute' });
  });
});
