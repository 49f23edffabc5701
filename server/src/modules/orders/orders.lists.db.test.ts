import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrderFilter } from '#contracts/orders/orders.api.ts';
import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import type { Actor } from '#server/platform/actor.ts';
import { codeRange } from '#server/platform/db/db.ts';
import { COUNTY_UNIT, NANJING, openTestApp, UNITS, type TestApp } from '../../../test/test-app.ts';
import { countOrders } from './orders.counts.ts';
import { OVER } from './orders.filters.ts';
import { ordersPage } from './orders.views.ts';

const [FIRST, SECOND] = UNITS[NANJING];
const COUNTY_OFFICE = `${COUNTY_UNIT}.018`;

let at: TestApp;
/** By whom they are handled. */
const orders = { first: '', second: '', both: '', office: '', nobody: '' };

beforeAll(async () => {
  at = await openTestApp();
  const dispatcher = at.person('dispatcher', NANJING);
  const dispatched = async (unit: string, assists: string[] = []) => {
    const { id } = await at.takeTo('pending-dispatch');
    await at.act(dispatcher, id, 'dispatch', { unit, assists });
    return id;
  };
  orders.first = await dispatched(FIRST);
  orders.second = await dispatched(SECOND);
  orders.both = await dispatched(FIRST, [SECOND]);
  orders.office = await dispatched(COUNTY_OFFICE);
  orders.nobody = (await at.file()).id;
});
afterAll(() => at?.close());

function unitOf(code: string): Actor {
  const { lo, hi } = codeRange(code);
  return { ...at.actor(at.person('handler', FIRST)), scope: { role: 'unit', unitLo: lo, unitHi: hi }, unitCode: code };
}

/** Every id of a list, page after page, and the number above it. */
async function listed(actor: Actor, filter: OrderFilter = {}, limit = 2): Promise<{ ids: string[]; count: number }> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await at.app.db.transact(actor.scope, (tx) =>
      ordersPage(tx, actor, { ...filter, limit, ...(cursor ? { cursor } : {}) }, at.clock.nowMs(), () => null),
    );
    expect(page.items.length).toBeLessThanOrEqual(limit);
    ids.push(...page.items.map((item) => item.id));
    if (!page.nextCursor) break;
    cursor = page.nextCursor;
  }
  const { count } = await at.app.db.transact(actor.scope, (tx) => countOrders(tx, actor, filter, at.clock.nowMs()));
  return { ids, count };
}

describe('the list of orders', () => {
  test('of a unit holds what it and the units under it handle or assist in, each order once', async () => {
    for (const [code, expected] of [
      [FIRST, [orders.both, orders.first]],
      [SECOND, [orders.both, orders.second]],
      [COUNTY_OFFICE, [orders.office]],
      [COUNTY_UNIT, [orders.office]],
      ['3201', [orders.office, orders.both, orders.second, orders.first]],
      ['3205', []],
    ] as const)
      expect(await listed(unitOf(code)), code).toEqual({ ids: expected, count: expected.length });
  });

  test('under the filter of a unit is the same to the province, to its city and to the unit above it', async () => {
    const province = { ...at.actor(at.person('supervisor')), scope: { role: 'province' } as const };
    for (const actor of [province, at.actor(at.person('dispatcher', NANJING)), unitOf('3201')])
      for (const unit of [SECOND, COUNTY_UNIT])
        expect((await listed(actor, { unit })).ids, `${actor.scope.role} ${unit}`).toEqual(
          unit === SECOND ? [orders.both, orders.second] : [orders.office],
        );
  });

  test('under the filter of a place holds what lies there: a city, a county, a street', async () => {
    const actor = at.actor(at.person('dispatcher', NANJING));
    const all = (await listed(actor)).ids;
    await at.db.owner(`update orders.work_order set region = '320102004' where id = $1`, [orders.both]);
    const places = await at.db.owner<{ id: string; region: string }>('select id, region from orders.work_order');
    for (const region of ['3201', '320102', '320102004', '3201020', '320115', '320102005']) {
      const there = new Set(places.filter((row) => row.region.startsWith(region)).map((row) => row.id));
      expect((await listed(actor, { region })).ids, region).toEqual(all.filter((id) => there.has(id)));
    }
    await at.db.owner(`update orders.work_order set region = '320102' where id = $1`, [orders.both]);
  });

  test('of what is open at a unit is the same whether it is fetched first or walked to', async () => {
    const province = { ...at.actor(at.person('supervisor')), scope: { role: 'province' } as const };
    const states = { state: 'dispatched, handling' };
    const open = [orders.both, orders.second, orders.first];
    const cases: [Actor, OrderFilter, string[]][] = [
      [unitOf(COUNTY_OFFICE), states, [orders.office]],
      [unitOf(COUNTY_UNIT), states, [orders.office]],
      [unitOf('3201'), { ...states, unit: COUNTY_OFFICE }, [orders.office]],
      [unitOf(FIRST), { ...states, unit: COUNTY_OFFICE }, []],
      [unitOf(COUNTY_OFFICE), { ...states, unit: FIRST }, []],
      [unitOf(COUNTY_OFFICE), { ...states, light: 'red' }, []],
      [unitOf(COUNTY_OFFICE), { state: 'handling' }, []],
      [unitOf(COUNTY_OFFICE), { state: 'archived,dispatched' }, [orders.office]],
      [province, { ...states, unit: COUNTY_OFFICE }, [orders.office]],
      [province, { ...states, unit: '3201' }, [orders.office, ...open]],
      [at.actor(at.person('dispatcher', NANJING)), { ...states, unit: COUNTY_UNIT }, [orders.office]],
    ];
    for (const [actor, filter, expected] of cases) {
      const said = JSON.stringify([actor.scope, filter]);
      expect(await listed(actor, filter), said).toEqual({ ids: expected, count: expected.length });
      expect((await listed(actor, { ...filter, sort: 'due' })).ids.toSorted(), said).toEqual(expected.toSorted());
    }
  });

  test('keeps an order with a unit that gave it back', async () => {
    const asked = await at.act(at.person('unit-liaison', SECOND), orders.second, 'return', {
      reason: 'R1',
      legalBasis: '《江苏省物业管理条例》第五条',
      opinion: '该事项不属于本单位职责范围，申请退回。',
    });
    await at.app.orders.decide(at.actor(at.person('dispatcher', NANJING)), asked.approval!, 'approve', null);
    expect((await listed(unitOf(SECOND), { state: 'pending-dispatch' })).ids).toEqual([orders.second]);
    expect((await listed(unitOf(SECOND))).ids).toEqual([orders.both, orders.second]);
  });

  test('by due date shows every order once though all are due in the same instant', async () => {
    const actor = at.actor(at.person('dispatcher', NANJING));
    await at.db.owner(`update orders.work_order set due_at = '2026-06-16T15:59:59.999Z' where due_at is not null`);
    const { ids } = await listed(actor, { sort: 'due' }, 1);
    expect(ids.toSorted()).toEqual([orders.first, orders.second, orders.both, orders.office].toSorted());
  });

  test('holds an order that a hundred units of three cities took part in: the indexes have room for it', async () => {
    await at.db.owner(
      `update orders.work_order set units = (
         select array_agg(distinct part) from (select distinct unit_code as code from orders.task union
           select format('32%s%s.%s', lpad((n % 3 + 1)::text, 2, '0'), lpad((n * 7 % 12 + 1)::text, 2, '0'), lpad((n * 37 % 100)::text, 3, '0')) from generate_series(1, $2) n) units,
           unnest(orders.beginnings(code)) part)
       where id = $1`,
      [orders.first, 100],
    );
    expect((await listed(unitOf(FIRST), { sort: 'due' })).ids).toContain(orders.first);
  });

  test('finds words of the title, and shows the title', async () => {
    const actor = at.actor(at.person('dispatcher', NANJING));
    const page = await at.app.db.transact(actor.scope, (tx) => ordersPage(tx, actor, { limit: 1 }, at.clock.nowMs(), () => null));
    const [title] = [page.items[0]!.title];
    expect(title).toMatch(/\p{Script=Han}/u);
    expect((await listed(actor, { q: title.slice(0, 4) })).ids).toContain(page.items[0]!.id);
    expect((await listed(actor, { q: '无此字样' })).ids).toEqual([]);
  });
});

test('the indexes of what is open leave out the states in which an order is over, and no other', async () => {
  const rows = await at.db.owner<{ name: string; states: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_expr(i.indpred, i.indrelid) as states from pg_index i
      where i.indrelid = 'orders.work_order'::regclass and pg_get_expr(i.indpred, i.indrelid) ~ 'ALL|ANY' order by 1`,
  );
  expect(rows.map((row) => row.name)).toEqual([
    'orders.work_order_open_idx',
    'orders.work_order_open_units_idx',
    'orders.work_order_state_idx',
  ]);
  for (const { name, states } of rows)
    expect([...states.matchAll(/'([a-z-]+)'::text/g)].map((found) => found[1]!).toSorted(), name).toEqual(OVER.toSorted());
  const ended = Object.entries(orderLifecycle.states).filter(([, { tone }]) => tone === 'done' || tone === 'stopped');
  expect(ended.map(([state]) => state).toSorted()).toEqual(OVER.filter((state) => state !== 'merged').toSorted());
});

test('policies compare with the settings themselves, which the planner knows', async () => {
  const rows = await at.db.owner<{ name: string }>(
    `select format('%s on %s.%s', policyname, schemaname, tablename) as name from pg_policies
      where concat(qual, with_check) ~ 'SELECT current_setting\\(''minsheng\\.(region|unit)'`,
  );
  expect(rows.map((row) => row.name)).toEqual([]);
});
