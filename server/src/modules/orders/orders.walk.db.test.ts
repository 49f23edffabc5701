import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codes, textOf, type ErrorCode } from '#contracts/codes.ts';
import { orderLifecycle, taskLifecycle, type OrderAction, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { settableClock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { idTime, lowestIdAt } from '#server/kernel/ids.ts';
import { citizen, PLATFORM, type Actor } from '#server/platform/actor.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { NANJING, openTestApp, SUZHOU, UNITS, type TestApp } from '../../../test/test-app.ts';
import { randomFrom, type Random } from '../../../test/random.ts';

const SEED = Number(process.env['WALK_SEED'] ?? 20260615);
const LANES = 4;
const ORDERS = 75;
const ACTIONS = 2510;
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** Over the New Year, the Spring Festival and its make-up days, the May and the National Day holidays. */
const STARTS = ['2025-12-31T01:00:00Z', '2026-02-12T06:00:00Z', '2026-04-29T09:25:00Z', '2026-09-24T02:00:00Z'];

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp({ poolSize: 10 });
});
afterAll(() => at?.close());

interface Seen {
  state: OrderState;
  version: number;
  events: number;
  audits: number;
}

/** An order as the walk's own books say it must be. */
interface Walked extends Seen {
  id: string;
  number: string;
  queryCode: string;
  region: string;
  unit: string | null;
}

/** What can be seen of an order from outside: whatever an action does, it shows here. */
async function look(id: string): Promise<Seen> {
  const young = lowestIdAt(idTime(id));
  return at.app.db.transact(SYSTEM, async (tx) => {
    const { rows } = await sql<Seen>`
      select w.state, w.version,
        (select count(*) from platform.event e where e.case_id = w.id and e.id >= ${young} and e.name like 'orders.%') as events,
        (select count(*) from platform.audit_entry a where a.object_id = w.id::text and a.id >= ${young} and a.object_kind = 'order') as audits
      from orders.work_order w where w.id = ${id}`.execute(tx);
    return rows[0]!;
  });
}

// How often each action is tried where the table allows it: the exits seldom, or no order would come far.
const WEIGHT: Readonly<Partial<Record<OrderAction, number>>> = {
  refuse: 0.05,
  cancel: 0.05,
  answer: 0.15,
  rate: 0.2,
  archive: 0.3,
  'close-unrated': 1,
  attempt: 1,
  conclude: 0.4,
};

test('ten thousand random actions never lead an order where the lifecycle does not', async () => {
  const tally = { accepted: 0, steps: 0, refused: new Map<string, number>(), taken: new Map<string, number>() };
  await Promise.all(Array.from({ length: LANES }, (_, lane) => walk(lane)));

  const refused = [...tally.refused.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `walked ${tally.accepted + refused} actions over ${LANES * ORDERS} orders: ${tally.accepted} accepted, ${refused} refused, ${tally.steps} clock steps`,
  );
  console.log(`  taken: ${[...tally.taken].map(([name, count]) => `${name} ${count}`).join(', ')}`);
  console.log(`  refused: ${[...tally.refused].map(([name, count]) => `${name} ${count}`).join(', ')}`);
  expect(tally.accepted + refused).toBeGreaterThanOrEqual(10_000);
  // A walk that hardly moves proves nothing: every action was taken and every state left behind.
  for (const action of Object.keys(orderLifecycle.actions)) expect(tally.taken.get(action) ?? 0, action).toBeGreaterThan(5);
  for (const code of [
    'base.not-found',
    'base.forbidden',
    'base.stale',
    'orders.not-allowed-now',
    'orders.contact-first',
    'orders.attempts-left',
    'orders.answer-needs-consultation',
    'orders.unit-not-in-scope',
    'orders.archive-too-early',
    'appeals.already-rated',
  ]) {
    expect(tally.refused.get(code) ?? 0, code).toBeGreaterThan(0);
  }
  expect(tally.steps).toBeGreaterThan(100);
  await holds();

  async function walk(lane: number): Promise<void> {
    const random = randomFrom(SEED + lane);
    const clock = settableClock(Date.parse(STARTS[lane]!));
    const services = at.app.servicesAt(clock);
    const walked: Walked[] = [];
    for (let step = 0; step < ACTIONS; step++) {
      const trace: string[] = [];
      try {
        clock.advance(random.chance(0.02) ? random.below(6 * DAY) : random.chance(0.3) ? random.below(20 * MINUTE) : 0);
        if (walked.length < ORDERS && (walked.length < 3 || random.chance(0.04))) walked.push(await fileOne());
        if (random.chance(0.01)) tally.steps += await services.orders.takeSteps(100);
        const living = walked.filter((order) => ['waiting', 'working'].includes(orderLifecycle.states[order.state].tone));
        await actOn(random.pick(living.length > 0 && random.chance(0.88) ? living : walked));
      } catch (error) {
        throw new Error(
          `Lane ${lane}, step ${step} (WALK_SEED=${SEED}), ${trace.join(' ')}: ${error instanceof Error ? error.message : String(error)}`,
          { cause: error },
        );
      }

      async function fileOne(): Promise<Walked> {
        const region = random.pick(['320102', '320115', '320505', '320583', NANJING, SUZHOU]);
        const city = `${region.slice(0, 4)}00`;
        const filed = await services.appeals.file(
          at.actor(at.person('agent', city)),
          {
            region,
            type: random.pick(['01', '01', '02', '03', '04', '05', '06', '07', '99']),
            content: '小区门口的路灯坏了两个星期，晚上走路很不安全。',
            address: '中山路 1 号门前',
            channel: '01',
            urgency: random.pick([1, 2, 3, 3, 3, 4]),
            accept: random.chance(0.4),
            anonymous: true,
          },
          null,
        );
        const seen = await look(filed.id);
        return { ...filed, region, unit: null, ...seen };
      }

      async function actOn(order: Walked): Promise<void> {
        // Nine times in ten something the table allows by somebody who may: else the walk would not get anywhere.
        const allowed = (Object.keys(orderLifecycle.actions) as OrderAction[]).filter(
          (action) => movesOf(action)[order.state] !== undefined,
        );
        const sensible = allowed.length > 0 && random.chance(0.8);
        const action = sensible ? weighed(allowed, random) : random.pick(Object.keys(orderLifecycle.actions) as OrderAction[]);
        const version = random.chance(0.07) ? order.version - 1 - random.below(3) : random.chance(0.1) ? null : order.version;
        const before: Seen = { state: order.state, version: order.version, events: order.events, audits: order.audits };
        trace.push(`${action} on ${order.id} in ${before.state} v${before.version} seen ${version}`);
        const input = inputFor(action, random, order);
        let result: { state: OrderState; version: number };
        try {
          result =
            action === 'rate' && random.chance(0.9)
              ? await services.orders.rate(
                  { number: order.number, code: random.chance(0.95) ? order.queryCode : '22222222' },
                  input as never,
                  null,
                )
              : await services.orders.act(
                  actorFor(action, order, sensible),
                  random.chance(0.01) ? '019b0000-0000-7000-8000-000000000000' : order.id,
                  action,
                  version,
                  input as never,
                );
        } catch (error) {
          const after = await look(order.id);
          expect(after).toEqual(before);
          if (!(error instanceof Refusal)) throw error;
          const code = error.facts.code;
          expect(Object.keys(codes)).toContain(code);
          for (const told of [code, ...(error.facts.fields ?? []).map((field) => field.code)]) expectTexts(told);
          const inner = error.facts.fields?.[0]?.code ?? code;
          tally.refused.set(inner, (tally.refused.get(inner) ?? 0) + 1);
          return;
        }
        const after = await look(order.id);
        expect(result).toMatchObject({ state: after.state, version: after.version });
        expect(after.state).toBe(movesOf(action)[before.state]);
        expect(after.version).toBe(before.version + 1);
        expect(after.events).toBe(before.events + 1);
        expect(after.audits).toBe(before.audits + 1);
        // A stale hand never gets through.
        if (version !== null && action !== 'rate') expect(version).toBe(before.version);
        Object.assign(order, after);
        if (action === 'dispatch') order.unit = (input as { unit: string }).unit;
        tally.accepted++;
        tally.taken.set(action, (tally.taken.get(action) ?? 0) + 1);
      }

      function actorFor(action: OrderAction, order: Walked, sensible: boolean): Actor {
        if (action === 'rate') return citizen(null);
        if (action === 'archive' && random.chance(0.3)) return PLATFORM;
        const able = at.people.filter((one) => at.actor(one).permissions.has(orderLifecycle.actions[action].permission));
        if (random.chance(sensible ? 0.1 : 0.4)) return at.actor(random.pick(at.people));
        const near = able.filter(
          (one) =>
            one.scope === 'province' ||
            one.region === `${order.region.slice(0, 4)}00` ||
            (one.unitCode !== null && one.unitCode === order.unit),
        );
        return at.actor(random.pick(near.length > 0 ? near : able));
      }
    }
  }
}, 180_000);

function weighed(actions: readonly OrderAction[], random: Random): OrderAction {
  for (;;) {
    const action = random.pick(actions);
    if (random.chance(WEIGHT[action] ?? 1)) return action;
  }
}

function movesOf(action: OrderAction): Partial<Record<OrderState, OrderState>> {
  return orderLifecycle.actions[action].moves;
}

function expectTexts(code: ErrorCode): void {
  for (const language of ['zh', 'en'] as const) expect(textOf(code, language).trim().length, `${code} ${language}`).toBeGreaterThan(1);
}

/** An input of the action: mostly one that the schema passes and the effect accepts, now and then one it must refuse. */
function inputFor(action: OrderAction, random: Random, order?: Walked): unknown {
  const classification = {
    ...(random.chance(0.3) ? { category: random.chance(0.9) ? '0101' : '99' } : {}),
    ...(random.chance(0.2) ? { urgency: 1 + random.below(4) } : {}),
    ...(random.chance(0.2) ? { type: random.pick(['01', '02', '03']) } : {}),
  };
  switch (action) {
    case 'accept':
      return { ...classification, opinion: '同意受理' };
    case 'answer':
      return { text: '您好，该业务可在市民中心二楼办理，工作日九点至五点。' };
    case 'refuse':
      return { reason: random.pick(['N1', 'N2', 'N9']), explanation: '该事项应通过诉讼途径解决，请向法院提出。' };
    case 'dispatch': {
      const own = order && order.region.startsWith('3205') ? UNITS[SUZHOU] : UNITS[NANJING];
      return {
        ...classification,
        unit: random.chance(0.85) ? random.pick(own) : random.pick([...UNITS[NANJING], ...UNITS[SUZHOU], '32.001', '3201.999']),
      };
    }
    case 'contact':
      return { mode: random.pick(['phone', 'visit', 'unreachable']), note: '已与诉求人电话沟通' };
    case 'reply':
      return { resultType: '01', text: '经核查，路灯已于当日修复并恢复照明，感谢您的监督。' };
    case 'fail':
      return { fault: 'unclear', opinion: '请补充办理依据' };
    case 'attempt':
      return { mode: '01', result: random.pick(['01', '05']) };
    case 'conclude':
      return { mode: '01', satisfaction: 1 + random.below(5), solved: random.pick(['1', '2', '3']) };
    case 'rate':
      return { satisfaction: 1 + random.below(5), solved: '1', comment: '谢谢' };
    case 'cancel':
      return { reason: '诉求人要求撤销' };
    case 'sign':
    case 'pass':
    case 'close-unrated':
    case 'archive':
      break;
  }
  return {};
}

/** What holds of every order, whatever was done to it. */
async function holds(): Promise<void> {
  const open = (Object.keys(orderLifecycle.states) as OrderState[]).filter(
    (state) => !['refused', 'closed', 'answered', 'archived', 'cancelled'].includes(state),
  );
  const none = async (what: string, text: string, values: unknown[] = []) => expect(await at.db.owner(text, values), what).toEqual([]);
  await none(
    'an open clock belongs to an open order',
    `select c.case_id, c.name, w.state from casework.clock c left join orders.work_order w on w.id = c.case_id where c.stopped_at is null and (w.id is null or not w.state = any($1))`,
    [open],
  );
  await none(
    'the order is due when its soonest open clock is',
    `select w.id, w.due_at, c.due from orders.work_order w left join lateral (select min(due_at) as due from casework.clock where case_id = w.id and stopped_at is null) c on true where w.due_at is distinct from c.due`,
  );
  await none(
    'what is accepted and open has a clock',
    `select w.id, w.state from orders.work_order w where w.state = any($1) and w.due_at is null`,
    [open.filter((state) => state !== 'filed')],
  );
  await none(
    'what is dispatched or handled has a task',
    `select w.id, w.state from orders.work_order w where w.state in ('dispatched', 'handling') and not exists (select from orders.task t where t.order_id = w.id and t.unit_code = w.main_unit and t.state = case w.state when 'dispatched' then 'pending-sign' else 'handling' end)`,
  );
  await none(
    'a cancelled order leaves no task open',
    `select t.* from orders.task t join orders.work_order w on w.id = t.order_id where w.state = 'cancelled' and not t.state = any($1)`,
    [['withdrawn', 'replied', 'done']],
  );
  await none('tasks know no other states', `select * from orders.task where not state = any($1)`, [Object.keys(taskLifecycle.states)]);
  await none(
    'the event trail is unbroken: each begins where the last one ended',
    `select * from (select case_id, name, from_state, lag(to_state) over (partition by case_id order by xid, id) as earlier from platform.event where name not like 'clocks.%') e where from_state is distinct from earlier`,
  );
  await none(
    'the trail ends where the order stands',
    `select w.id from orders.work_order w where w.state <> (select e.to_state from platform.event e where e.case_id = w.id and e.name not like 'clocks.%' order by e.xid desc, e.id desc limit 1)`,
  );
  await none(
    'nobody rates twice, and who is rated has an end or is closed',
    `select r.appeal_id from appeals.rating r join orders.work_order w on w.id = r.appeal_id where w.state not in ('closed', 'answered', 'archived')`,
  );
  await none(
    'the version counts the actions',
    `select w.id, w.version from orders.work_order w where w.version <> 1 + (select count(*) from platform.event e where e.case_id = w.id and e.name like 'orders.%')`,
  );
}
