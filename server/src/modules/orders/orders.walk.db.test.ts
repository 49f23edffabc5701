import { afterAll, beforeAll, expect, test } from 'vitest';
import { asksSecond, targetsOf, type ActionFacts } from '#contracts/base/lifecycle.ts';
import { codes, textOf, type ErrorCode } from '#contracts/codes.ts';
import { orderLifecycle, type OrderAction, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { idTime, lowestIdAt } from '#server/kernel/ids.ts';
import { PLATFORM, type Actor } from '#server/platform/actor.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { ensurePartitions } from '#server/platform/maintenance.ts';
import { sql } from 'kysely';
import { NANJING, openTestApp, SUZHOU, type TestApp } from '../../../test/test-app.ts';
import { randomFrom, type Random } from '../../../test/random.ts';
import { brokenHolds } from './orders.holds.testing.ts';
import { inputFor } from './orders.inputs.testing.ts';

const SEED = Number(process.env['WALK_SEED'] ?? 20260615);
/** In each of four lanes; the walk of fifty thousand is `npm run drill:walk`. */
const ACTIONS = Number(process.env['WALK_ACTIONS'] ?? 1_500);
const IS_SHORT = process.env['WALK_ACTIONS'] === undefined;
const ORDERS = Math.ceil(ACTIONS / 28);
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** A lane each over the New Year, the Spring Festival and its make-up days, the May and the National Day holidays. */
const STARTS = ['2025-12-31T01:00:00Z', '2026-02-12T06:00:00Z', '2026-04-29T09:25:00Z', '2026-09-24T02:00:00Z'];

let lanes: TestApp[];
beforeAll(async () => {
  lanes = await Promise.all(STARTS.map((start) => openTestApp({ poolSize: 4, startMs: Date.parse(start) })));
}, 120_000);
afterAll(() => Promise.all(lanes?.map((lane) => lane.close()) ?? []));

interface Seen {
  state: OrderState;
  version: number;
  events: number;
  audits: number;
  /** What the platform did of its own: steps of clocks that it took before the act. */
  own: number;
}

/** An order of the walk. */
interface Walked {
  readonly id: string;
  readonly number: string;
  readonly queryCode: string;
  readonly region: string;
}

// How often each action is tried where the table allows it: the exits seldom, or no order would come far.
const WEIGHT: Readonly<Partial<Record<OrderAction, number>>> = {
  refuse: 0.02,
  cancel: 0.03,
  withdraw: 0.02,
  answer: 0.06,
  'hand-over': 0.04,
  'transfer-call': 0.04,
  flag: 0.03,
  'reveal-contact': 0.04,
  purge: 0.2,
  preserve: 0.03,
  'end-preservation': 0.1,
  urge: 0.05,
  oversee: 0.03,
  instruct: 0.02,
  'oversight-reply': 0.06,
  'oversight-close': 0.05,
  assist: 0.06,
  'pass-on': 0.15,
  'task-sign': 0.12,
  'task-reply': 0.15,
  'task-withdraw': 0.04,
  return: 0.15,
  coordinate: 0.3,
  extend: 0.08,
  suspend: 0.2,
  resume: 0.6,
  merge: 0.15,
  unmerge: 0.15,
  rate: 0.2,
  conclude: 0.4,
  'close-unreasonable': 0.2,
  'close-rated': 0.2,
  reopen: 0.08,
  fail: 0.4,
};

const tally = { accepted: 0, asked: 0, decided: 0, steps: 0, refused: new Map<string, number>(), taken: new Map<string, number>() };
const count = (map: Map<string, number>, name: string) => map.set(name, (map.get(name) ?? 0) + 1);

test('random actions never lead an order where the lifecycle does not, lose no clock and leave nobody without an owner', async () => {
  await Promise.all(lanes.map((at, lane) => walk(at, lane)));
  const refused = [...tally.refused.values()].reduce((sum, number) => sum + number, 0);
  const listed = (map: Map<string, number>) => [...map].map(([name, number]) => `${name} ${number}`).join(', ');
  console.log(
    `walked ${tally.accepted + tally.asked + tally.decided + refused} actions over ${lanes.length * ORDERS} orders: ${tally.accepted} done at once, ` +
      `${tally.asked} asked for, ${tally.decided} decided, ${refused} refused, ${tally.steps} clock steps`,
  );
  console.log(`  taken: ${listed(tally.taken)}`);
  console.log(`  refused: ${listed(tally.refused)}`);
  for (const at of lanes) expect(await brokenHolds(at.db)).toEqual([]);
  expect(tally.accepted + tally.asked + tally.decided + refused).toBeGreaterThanOrEqual(lanes.length * ACTIONS);
  // A walk that hardly moves proves nothing: every action is taken and every guard met, but for a few in a short one.
  const untaken = ACTING.filter((action) => !tally.taken.has(action));
  const unmet = MET.filter((code) => !tally.refused.has(code));
  expect([...untaken, ...unmet].slice(IS_SHORT ? 8 : 0)).toEqual([]);
  const told = new Set(
    (await Promise.all(lanes.map((at) => at.db.owner<{ name: string }>(`select distinct name from platform.event`))))
      .flat()
      .map((row) => row.name),
  );
  expect(['join', 'leave', 'share'].filter((own) => !told.has(`orders.${own}`)).slice(IS_SHORT ? 1 : 0)).toEqual([]);
  expect(tally.steps).toBeGreaterThan(100);
}, 3_600_000);

const MET: readonly ErrorCode[] = [
  'base.not-found',
  'base.forbidden',
  'base.stale',
  'casework.not-allowed-now',
  'orders.contact-first',
  'orders.attempts-left',
  'orders.answer-needs-consultation',
  'orders.unit-not-in-scope',
  'orders.archive-too-early',
  'casework.asker-decides',
  'orders.already-asked',
  'casework.already-decided',
  'orders.suspended',
  'orders.not-suspended',
  'orders.main-unit-only',
  'orders.no-task-of-yours',
  'orders.tasks-open',
  'orders.unit-not-lower',
  'orders.return-too-late',
  'orders.return-used',
  'orders.forced',
  'orders.coordination-not-yet',
  'orders.extension-too-long',
  'orders.overdue-now',
  'orders.urged-today',
  'orders.rated-decide',
  'orders.oversight-level',
  'orders.no-oversight',
  'orders.merge-unknown',
  'orders.merge-type',
  'orders.not-merged-here',
  'appeals.already-rated',
  'orders.preserved',
  'orders.not-preserved',
  'orders.retention-not-over',
  'orders.purged',
];

async function walk(at: TestApp, lane: number): Promise<void> {
  const random = randomFrom(SEED + lane);
  const { orders, citizens, appeals } = at.app;
  const walked: Walked[] = [];
  const asked: string[] = [];
  for (let step = 0; step < ACTIONS; step++) {
    const trace: string[] = [];
    try {
      const leaps = random.chance(0.012);
      at.clock.advance(leaps ? random.below(5 * DAY) : random.chance(0.3) ? random.below(15 * MINUTE) : 0);
      // A long walk leaves the year; the months ahead are made as every night.
      if (leaps) await ensurePartitions(at.app.db, at.clock.nowMs(), at.clock.nowMs());
      if (walked.length < ORDERS && (walked.length < 3 || random.chance(0.06))) walked.push(await fileOne());
      if (random.chance(0.02)) {
        tally.steps += await at.app.upkeep.takeSteps(100);
        await at.app.upkeep.lapseDue();
      }
      if (asked.length > 0 && random.chance(0.12)) await decideOne();
      else await actOn(await living());
    } catch (error) {
      throw new Error(
        `Lane ${lane}, step ${step} (WALK_SEED=${SEED}), ${trace.join(' ')}: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }

    async function fileOne(): Promise<Walked> {
      const region = random.pick(['320102', '320115', '320505', '320583', NANJING, SUZHOU]);
      const filed = await appeals.file(
        at.actor(at.person('agent', `${region.slice(0, 4)}00`)),
        {
          region,
          type: random.pick(['01', '01', '02', '03', '04', '05', '06', '07', '99']),
          address: '中山路 18 号小区南门',
          content: '小区门口的路灯坏了两个星期，晚上走路很不安全。',
          channel: '01',
          urgency: random.pick([1, 2, 3, 3, 3, 3, 4]),
          accept: random.chance(0.5),
          anonymous: true,
          confidential: random.chance(0.1),
        },
        null,
      );
      return { ...filed, region };
    }

    /** One that is still on its way, nine times in ten. */
    async function living(): Promise<Walked> {
      for (let tries = 0; tries < 4; tries++) {
        const one = random.pick(walked);
        const { state } = await look(one.id);
        if (['waiting', 'working'].includes(orderLifecycle.states[state].tone) || random.chance(0.15)) return one;
      }
      return random.pick(walked);
    }

    async function actOn(order: Walked): Promise<void> {
      const before = await look(order.id);
      // Nine times in ten something the table allows by somebody who may: else the walk would not get anywhere.
      const allowed = ACTING.filter((action) => movesOf(action, before.state).length > 0);
      const sensible = allowed.length > 0 && random.chance(0.85);
      const action = sensible ? weighed(allowed, random) : random.pick(ACTING);
      const version = random.chance(0.05) ? before.version - 1 - random.below(3) : random.chance(0.1) ? null : before.version;
      trace.push(`${action} on ${order.id} in ${before.state} v${before.version} seen ${version}`);
      const input = inputFor(action, random, {
        ...order,
        others: walked.map((one) => one.number),
        merged: action === 'unmerge' ? await mergedInto(order.id) : [],
      });
      const isCitizen = action === 'rate' || action === 'withdraw' || (action === 'urge' && random.chance(0.5));
      const id = random.chance(0.01) ? '019b0000-0000-7000-8000-000000000000' : order.id;
      const key = { number: order.number, code: random.chance(0.95) ? order.queryCode : '22222222' };
      await judged(order, before, action, async () => {
        if (!isCitizen) return orders.act(await actorFor(action, order, sensible), id, action, version, input as never);
        return citizens.act(key, action as 'rate', input as never, null);
      });
      // A stale hand never gets through.
      const after = await look(order.id);
      const isDone = after.version - after.own !== before.version - before.own;
      if (isDone && version !== null && !isCitizen) expect(version).toBe(before.version);
    }

    /** What an action did, or did not, as it can be seen from outside. */
    async function judged(
      order: Walked,
      before: Seen,
      action: OrderAction,
      act: () => Promise<{ state: OrderState; version: number; approval: string | null }>,
    ): Promise<void> {
      let result;
      try {
        result = await act();
      } catch (error) {
        expect(withoutOwn(await look(order.id))).toEqual(withoutOwn(before));
        await refusedBy(error);
        return;
      }
      const after = await look(order.id);
      expect(result).toMatchObject({ state: after.state, version: after.version });
      const facts: ActionFacts<OrderState> = orderLifecycle.actions[action];
      if (result.approval) {
        expect(asksSecond(facts, before.state)).toBe(true);
        expect(after.state).toBe(facts.second!.holds ?? before.state);
        asked.push(result.approval);
        tally.asked++;
      } else {
        expect(movesOf(action, before.state)).toContain(after.state);
        tally.accepted++;
        count(tally.taken, action);
      }
      const told = 1 + after.own - before.own;
      expect([after.version, after.events, after.audits]).toEqual([before.version + told, before.events + told, before.audits + told]);
    }

    async function decideOne(): Promise<void> {
      const id = random.chance(0.9) ? asked.splice(random.below(asked.length), 1)[0]! : random.pick(asked);
      const [row] = await at.db.owner<{ case_id: string; action: OrderAction; permission: string; state: string; from_state: OrderState }>(
        `select case_id, action, permission, state, from_state from casework.approval where id = $1`,
        [id],
      );
      const order = walked.find((one) => one.id === row!.case_id)!;
      const before = await look(order.id);
      const able = at.people.filter((one) => at.actor(one).permissions.has(row!.permission as never));
      const near = able.filter((one) => one.scope === 'province' || one.region === `${order.region.slice(0, 4)}00`);
      const actor = at.actor(random.pick(random.chance(0.9) ? near : at.people));
      const verdict = random.chance(0.75) ? 'approve' : 'decline';
      trace.push(`${verdict} ${row!.action} on ${order.id} in ${before.state} as ${actor.name}`);
      try {
        const result = await orders.decide(actor, id, verdict, '同意');
        const after = await look(order.id);
        expect(result).toMatchObject({ state: after.state, version: before.version + 1 + after.own - before.own, approval: null });
        const facts: ActionFacts<OrderState> = orderLifecycle.actions[row!.action];
        const from = facts.second?.holds === before.state ? row!.from_state : before.state;
        if (verdict === 'approve') expect(targetsOf(facts, from)).toContain(after.state);
        else expect(after.state).toBe(from);
        expect(row!.state).toBe('open');
        tally.decided++;
        if (verdict === 'approve') count(tally.taken, row!.action);
      } catch (error) {
        expect(withoutOwn(await look(order.id))).toEqual(withoutOwn(before));
        await refusedBy(error);
        if (row!.state === 'open' && error instanceof Refusal && error.facts.code !== 'casework.already-decided') asked.push(id);
      }
      // Whoever asked is refused, whatever he may otherwise do.
      const [asker] = await at.db.owner<{ asked_by: string | null }>(
        `select asked_by from casework.approval where id = $1 and state = 'open'`,
        [id],
      );
      const person = at.people.find((one) => one.id === asker?.asked_by);
      if (person && at.actor(person).permissions.has(row!.permission as never)) {
        await orders.decide(at.actor(person), id, 'approve', null).then(() => expect.unreachable('nobody approves himself'), refusedBy);
      }
    }

    async function mergedInto(id: string): Promise<string[]> {
      const rows = await at.db.owner<{ number: string }>(`select number from orders.work_order where master_id = $1 and state = 'merged'`, [
        id,
      ]);
      return rows.map((row) => row.number);
    }

    async function actorFor(action: OrderAction, order: Walked, sensible: boolean): Promise<Actor> {
      if (action === 'archive' && random.chance(0.3)) return PLATFORM;
      if (random.chance(sensible ? 0.06 : 0.4)) return at.actor(random.pick(at.people));
      const able = at.people.filter((one) => at.actor(one).permissions.has(orderLifecycle.actions[action].permission));
      const units = (
        await at.db.owner<{ unit_code: string }>(
          `select unit_code from orders.task where order_id = $1 and state not in ('returned', 'withdrawn') order by role = 'main' desc`,
          [order.id],
        )
      ).map((row) => row.unit_code);
      const near = able.filter(
        (one) =>
          one.scope === 'province' ||
          one.region === `${order.region.slice(0, 4)}00` ||
          (one.unitCode !== null && units.some((unit) => unit.startsWith(one.unitCode!))),
      );
      return at.actor(random.pick(near.length > 0 ? near : able.length > 0 ? able : at.people));
    }
  }

  async function look(id: string): Promise<Seen> {
    const young = lowestIdAt(idTime(id));
    return at.app.db.transact(SYSTEM, async (tx) => {
      const { rows } = await sql<Seen>`
        select w.state, w.version,
          (select count(*) from platform.event e where e.case_id = w.id and e.id >= ${young} and e.name like 'orders.%') as events,
          (select count(*) from platform.audit_entry a where a.object_id = w.id::text and a.id >= ${young} and a.object_kind = 'order') as audits,
          (select count(*) from platform.event e where e.case_id = w.id and e.id >= ${young} and e.actor_id is null
             and (e.name = 'orders.oversee' or e.name = 'orders.resume')) as own
        from orders.work_order w where w.id = ${id}`.execute(tx);
      return rows[0]!;
    });
  }
}

/** What others did to an order, apart from the steps that the platform took of its own. */
function withoutOwn({ own, ...seen }: Seen): Omit<Seen, 'own'> {
  return { ...seen, version: seen.version - own, events: seen.events - own, audits: seen.audits - own };
}

async function refusedBy(error: unknown): Promise<void> {
  if (!(error instanceof Refusal)) throw error;
  const { code } = error.facts;
  expect(Object.keys(codes)).toContain(code);
  for (const told of [code, ...(error.facts.fields ?? []).map((field) => field.code)])
    for (const language of ['zh', 'en'] as const) expect(textOf(told, language).trim().length, `${told} ${language}`).toBeGreaterThan(1);
  count(tally.refused, error.facts.fields?.[0]?.code ?? code);
}

/** The platform's own are taken by others' doing. */
const ACTING = (Object.keys(orderLifecycle.actions) as OrderAction[]).filter((action) => !('system' in orderLifecycle.actions[action]));

function movesOf(action: OrderAction, state: OrderState): readonly OrderState[] {
  return targetsOf<OrderState>(orderLifecycle.actions[action], state);
}

function weighed(actions: readonly OrderAction[], random: Random): OrderAction {
  for (;;) {
    const action = random.pick(actions);
    if (random.chance(WEIGHT[action] ?? 1)) return action;
  }
}
