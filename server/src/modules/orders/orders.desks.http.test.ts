import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HeldRow } from '#contracts/orders/desks.api.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { COUNTY_UNIT, MONDAY, NANJING, openTestApp, problemIn, SUZHOU, UNITS, type Person, type TestApp } from '../../../test/test-app.ts';

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp();
});
afterAll(() => at?.close());

const LEADER = { city: UNITS[NANJING][0], other: UNITS[NANJING][1] } as const;
const HOUR = 3_600_000;

async function get<T>(person: Person, url: string): Promise<T> {
  const answer = await at.call(person, 'GET', url);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as T;
}
const deskOf = (unit: string) => get<{ rows: HeldRow[]; parts: number }>(at.person('unit-reviewer', unit), '/api/unit-desk');

test('a unit leader sees what his unit holds, by who has it in hand, and each count is the length of its list', async () => {
  const before = await deskOf(LEADER.city);
  await at.takeTo('dispatched');
  const inHand = await at.takeTo('contacted');
  const returned = await at.takeTo('handling');
  await at.act(at.person('handler', LEADER.city), returned.id, 'return', {
    reason: 'R1',
    legalBasis: '三定方案第三条',
    opinion: '该事项不属于本单位职责，建议改派。',
  });
  await at.act(at.person('supervisor', NANJING), inHand.id, 'oversee', { level: 1, cause: 'media', requirement: '请尽快核实并答复' });
  await at.takeTo('replied');
  await at.takeTo('dispatched', {}, LEADER.other);

  const { rows } = await deskOf(LEADER.city);
  const [all] = rows;
  const was = before.rows[0]!;
  expect(all).toMatchObject({ kind: 'all', code: LEADER.city, total: was.total + 3, toSign: was.toSign + 1, inHand: was.inHand + 1 });
  expect(all).toMatchObject({ returned: was.returned + 1, oversight: was.oversight + 1 });
  const handler = at.person('handler', LEADER.city);
  expect(rows.find(({ code }) => code === handler.id)).toMatchObject({
    kind: 'handler',
    name: handler.name,
    inHand: 1,
    returned: 1,
    toSign: 0,
  });

  const leader = at.person('unit-reviewer', LEADER.city);
  const counted = async (filter: string) =>
    (await get<{ count: number }>(leader, `/api/orders/count?main=${LEADER.city}&state=dispatched,return-pending,handling${filter}`)).count;
  expect(await counted('')).toBe(all!.total);
  expect(await counted('&oversight=1')).toBe(all!.oversight);
  expect(await counted(`&handler=${handler.id}`)).toBe(2);
  const list = await get<{ items: { id: string }[] }>(leader, `/api/orders?main=${LEADER.city}&state=return-pending`);
  expect(list.items.map(({ id }) => id)).toContain(returned.id);
});

test('lower units are counted under the one directly below, and assisting parts wait in a list of their own', async () => {
  const [lower] = at.app.reference.searchUnits({ under: COUNTY_UNIT, limit: 50 }).filter(({ parent }) => parent === COUNTY_UNIT);
  const { id } = await at.takeTo('pending-dispatch');
  await at.act(at.person('dispatcher', NANJING), id, 'dispatch', { unit: lower!.code, assists: [LEADER.other] });
  const { rows } = await deskOf(COUNTY_UNIT);
  expect(rows.find(({ code }) => code === lower!.code)).toMatchObject({ kind: 'unit', name: lower!.name, toSign: 1, total: 1 });

  const waiting = await deskOf(LEADER.other);
  expect(waiting.parts).toBe(1);
  const parts = await get<{ items: { orderId: string; role: string; state: string; dueAt: string | null; mainUnit: string | null }[] }>(
    at.person('unit-liaison', LEADER.other),
    '/api/unit-desk/parts',
  );
  expect(parts.items).toMatchObject([{ orderId: id, role: 'assist', state: 'pending-sign', mainUnit: lower!.name }]);
  expect(parts.items[0]!.dueAt).not.toBeNull();
  // Whoever has no part in it is shown nothing of it.
  expect((await get<{ items: unknown[] }>(at.person('unit-liaison', UNITS[SUZHOU][1]), '/api/unit-desk/parts')).items).toEqual([]);
  const answer = await at.call(at.person('unit-liaison', LEADER.other), 'GET', '/api/unit-desk/parts?cursor=nonsense');
  expect(problemIn(answer).code).toBe('base.bad-cursor');
});

interface Duty {
  until: string;
  places: { region: string; total: number; urgent: number; 'handed-over': number; sensitive: number; oversight: number; due: number }[];
  items: { id: string; handedTo: string | null }[];
  matching: number;
  capped: boolean;
}

test('the night duty shows what cannot wait, why, and of the own city only', async () => {
  const handed = await at.file({ region: '320102' });
  await at.act(at.person('agent', NANJING), handed.id, 'hand-over', { to: '110', stayed: true, keep: true, note: '有人扬言跳楼，已转110' });
  const urgent = await at.takeTo('dispatched', { urgency: 1 });
  const group = await at.takeTo('dispatched');
  await at.act(at.person('dispatcher', NANJING), group.id, 'flag', { group: true });
  const calm = await at.takeTo('dispatched', { urgency: 3 });
  const foreign = await at.takeTo('dispatched', { region: '320505', urgency: 1 });
  // A closed one waits for nobody.
  const closed = await at.takeTo('closed', { urgency: 2 });

  const city = await get<Duty>(at.person('team-lead', NANJING), '/api/duty');
  expect(new Date(city.until).getTime()).toBe(MONDAY + 23 * HOUR);
  const ids = city.items.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining([handed.id, urgent.id, group.id]));
  for (const absent of [foreign.id, closed.id]) expect(ids).not.toContain(absent);
  expect(city.places.every(({ region }) => region.startsWith('3201') && region.length === 6)).toBe(true);
  const handedOver = await get<Duty>(at.person('team-lead', NANJING), '/api/duty?kind=handed-over');
  expect(handedOver.items).toMatchObject([{ id: handed.id, handedTo: '110' }]);
  expect(handedOver.matching).toBe(1);
  expect((await get<Duty>(at.person('team-lead', NANJING), '/api/duty?kind=sensitive')).items.map(({ id }) => id)).toContain(group.id);

  const province = await get<Duty>(at.person('province-admin'), '/api/duty');
  const [nanjing, suzhou] = [province.places.find((one) => one.region === '3201')!, province.places.find((one) => one.region === '3205')!];
  expect(suzhou.urgent).toBeGreaterThan(0);
  expect(nanjing.total).toBe(city.places.reduce((sum, place) => sum + place.total, 0));
  expect((await get<Duty>(at.person('province-admin'), '/api/duty?region=3205')).items.map(({ id }) => id)).toContain(foreign.id);

  // Signing is due within hours: it is shown because it ends before people are back, not because of anything else.
  const due = await get<Duty>(at.person('team-lead', NANJING), '/api/duty?kind=due');
  const [row] = await at.db.owner<{ due_at: Date }>(`select due_at from orders.work_order where id = $1`, [calm.id]);
  expect(due.items.some(({ id }) => id === calm.id)).toBe(row!.due_at.getTime() < MONDAY + 23 * HOUR);
});

test('the calendar counts each day by its lamps, as the list of that day shows', async () => {
  await at.takeTo('contacted');
  const person = at.person('dispatcher', NANJING);
  const { today, days } = await get<{
    today: string;
    days: { day: string; green: number; yellow: number; red: number; capped: boolean }[];
  }>(person, '/api/due-days?from=2026-06-08&days=42');
  expect(today).toBe('2026-06-15');
  expect(days).toHaveLength(42);
  const busy = days.filter(({ green, yellow, red }) => green + yellow + red > 0);
  expect(busy.length).toBeGreaterThan(1);
  for (const { day, green, yellow, red } of busy) {
    const span = `dueFrom=${encodeURIComponent(new Date(`${day}T00:00:00+08:00`).toISOString())}&dueTo=${encodeURIComponent(new Date(Date.parse(`${day}T00:00:00+08:00`) + 24 * HOUR).toISOString())}`;
    for (const [light, count] of Object.entries({ green, yellow, red }))
      expect((await get<{ count: number }>(person, `/api/orders/count?${span}&light=${light}`)).count, `${day} ${light}`).toBe(count);
  }
  // Nothing ends on a day on which nobody works.
  expect(busy.filter(({ day }) => ['2026-06-19', '2026-06-20', '2026-06-21'].includes(day) && day > today)).toEqual([]);
  const foreign = await get<{ days: { green: number }[] }>(at.person('handler', UNITS[SUZHOU][1]), '/api/due-days?from=2026-06-08&days=42');
  expect(foreign.days.every(({ green }) => green === 0)).toBe(true);
  const tooMany = await at.call(person, 'GET', '/api/due-days?from=2026-06-08&days=43');
  expect(problemIn(tooMany).code).toBe('base.invalid-input');
});

test('each day of the calendar walks the index of due dates, and the night its own', async () => {
  const plans = await at.app.db.transact(SYSTEM, async (tx) => {
    await sql`set local enable_seqscan = off`.execute(tx);
    const planOf = async (where: string) =>
      (await sql<{ 'QUERY PLAN': string }>`explain select id from orders.work_order where ${sql.raw(where)}`.execute(tx)).rows
        .map((row) => row['QUERY PLAN'])
        .join('\n');
    return {
      day: await planOf(`due_at >= '2026-06-15' and due_at < '2026-06-16'`),
      night: await planOf(
        `closed_at is null and region >= '3201' and region < '3201~' and (urgency <= 2 or sensitive > 0 or is_group or oversight_level > 0 or handed_to is not null)`,
      ),
    };
  });
  expect(plans.day).toMatch(/due_at_id_/);
  expect(plans.night).toContain('region_id_idx');
});
