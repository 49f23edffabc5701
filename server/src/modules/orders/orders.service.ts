import { orderLifecycle, type OrderAction, type OrderClock, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { decide, Refusal } from '#server/kernel/decision.ts';
import { lowestIdAt } from '#server/kernel/ids.ts';
import { isNumber, numberSpan } from '#server/kernel/number.ts';
import { citizen, PLATFORM, type Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import {
  clockRow,
  clocksOf,
  judge,
  nextStepOf,
  recomputeClock,
  saveClocks,
  casesWithDueStep,
  casesWithProvisional,
  type ClockRule,
  type StoredClock,
} from '#server/platform/casework/index.ts';
import { insertOf, type Insert, SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { publish, eventInsert, type NewEvent } from '#server/platform/events/events.ts';
import { addRating, appealByNumber, compact, type Filing, type OpenOrder } from '../appeals/index.ts';
import type { Reference } from '../reference/index.ts';
import { clockTable, clocksTouched, dueOf, turnClocks } from './orders.clocks.ts';
import { effects, type EffectContext, type InputOf } from './orders.effects.ts';
import { noticeOfStep } from './orders.notices.ts';
import { ARCHIVE_AFTER_MS, guard, type OrderFacts } from './orders.rules.ts';
import * as store from './orders.store.ts';
import { ratingExists } from './orders.views.ts';

export interface ActionResult {
  readonly id: string;
  readonly state: OrderState;
  readonly version: number;
}

export interface Orders {
  /**
   * Takes an action of the lifecycle on an order.
   *
   * @throws Refusal `base.not-found`, `base.forbidden`, `base.stale`, `orders.not-allowed-now` and what the action's guard says
   */
  act<A extends OrderAction>(actor: Actor, id: string, action: A, seenVersion: number | null, input: InputOf<A>): Promise<ActionResult>;
  /** What the guards are asked with; for drawing buttons. */
  factsFor(tx: Tx, order: store.OrderRowState): Promise<OrderFacts>;
  /** The scope of a citizen who gives this number and code. @throws Refusal `appeals.bad-number` */
  citizenBy(
    input: { number: string; code: string },
    ip: string | null,
  ): { actor: Actor; number: string; span: { from: string; to: string } };
  /** Rates the answer on the citizen's own word. @throws Refusal `appeals.no-such-appeal`, `appeals.not-yet-ratable`, `appeals.already-rated` */
  rate(input: { number: string; code: string }, verdict: InputOf<'rate'>, ip: string | null): Promise<ActionResult>;
  /** Takes the steps of clocks that have come due; gives how many. */
  takeSteps(limit?: number): Promise<number>;
  /** Computes due dates anew that rested on a year whose calendar is published by now; gives how many moved. */
  recomputeProvisional(): Promise<number>;
  /** Archives what was closed more than a week ago; gives how many. */
  archiveDue(limit?: number): Promise<number>;
}

export interface OrdersDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly reference: Reference;
  readonly queryHash: (code: string) => Buffer;
}

/** Opens the order beside its appeal: the writes of one statement. */
export function createOpenOrder(reference: Reference): OpenOrder {
  return async (filing) => {
    const { appeal, actor } = filing;
    const filed = eventOf(filing, 'appeals.file', null, 'filed', { channel: appeal.channel });
    const row = {
      id: appeal.id,
      number: appeal.number,
      version: 1,
      region: appeal.region,
      channel: appeal.channel,
      type: appeal.type,
      category: filing.category,
      urgency: filing.urgency,
      confidential: appeal.confidential,
      filed_at: appeal.filedAt,
    };
    if (filing.past?.reply) return closedInThePast(filing, row, filed);
    if (!filing.accept) return { state: 'filed', writes: [insertOf('orders.work_order', { ...row, state: 'filed' }), eventInsert(filed)] };
    const rules = new Map<OrderClock, ClockRule>([
      [
        'dispatch',
        await reference.limitFor(
          { urgency: filing.urgency, type: appeal.type, category: filing.category, region: appeal.region },
          'dispatch',
          appeal.filedAt.getTime(),
        ),
      ],
    ]);
    const clocks = turnClocks([], 'accept', appeal.filedAt.getTime(), rules, await reference.holidays());
    const state = orderLifecycle.actions.accept.moves.filed;
    return {
      state,
      writes: [
        insertOf('orders.work_order', { ...row, state, version: 2, accepted_at: appeal.filedAt, ...dueOf(clocks.all) }),
        ...clocks.fresh.map((clock) =>
          insertOf('casework.clock', clockRow({ caseKind: 'order', caseId: appeal.id, region: appeal.region, unitCode: null }, clock)),
        ),
        eventInsert(filed),
        eventInsert(eventOf({ ...filing, actor }, 'orders.accept', 'filed', state, {})),
      ],
    };
  };
}

/** An imported order that had been answered long ago: its events carry their own instants, and no clock runs. */
function closedInThePast(filing: Filing, row: Record<string, unknown>, filed: NewEvent): { state: string; writes: Insert[] } {
  const { appeal, past } = filing;
  const reply = past!.reply!;
  const dates = { accepted_at: appeal.filedAt, replied_at: reply.at, closed_at: reply.at };
  const told = (name: string, from: string, to: string, data: Record<string, unknown>): NewEvent => ({
    ...eventOf(filing, name, from, to, data),
    at: reply.at,
    actor: reply.by,
    unitCode: past!.unitCode,
  });
  return {
    state: 'closed',
    writes: [
      insertOf('orders.work_order', { ...row, state: 'closed', main_unit: past!.unitCode, ...dates }),
      insertOf('orders.reply', {
        order_id: appeal.id,
        no: 1,
        task_no: null,
        unit_code: past!.unitCode,
        region: appeal.region,
        result_type: reply.resultType,
        text: reply.text,
        basis: null,
        by_account: null,
        by_name: reply.by,
        at: reply.at,
        checked: null,
        check_opinion: null,
      }),
      eventInsert(filed),
      eventInsert(told('orders.reply', 'handling', 'closed', { imported: true, resultType: reply.resultType })),
    ],
  };
}

function eventOf({ appeal, actor }: Filing, name: string, from: string | null, to: string, data: Record<string, unknown>): NewEvent {
  return {
    at: appeal.filedAt,
    name,
    caseKind: 'order',
    caseId: appeal.id,
    actorId: actor.accountId,
    actor: actor.name,
    region: appeal.region,
    unitCode: null,
    from,
    to,
    public: true,
    data,
  };
}

export function createOrdersService({ db, clock, reference, queryHash }: OrdersDeps): Orders {
  async function factsFor(tx: Tx, order: store.OrderRowState): Promise<OrderFacts> {
    const reply = await store.lastReply(tx, order.id);
    const tasks = await store.tasksOf(tx, order.id);
    return {
      state: order.state,
      type: order.type,
      attempts: order.attempts,
      closedMs: order.closedAt?.getTime() ?? null,
      needsContact: await reference.needsContact(order, clock.nowMs()),
      contacted: tasks.some((task) => task.state !== 'withdrawn' && task.contacted_at !== null),
      rated: await ratingExists(tx, order.id),
      lastReplyBy: reply?.by_account ?? null,
    };
  }

  /** Turns the clocks of an action and writes them; gives what the order's row says of them. */
  async function turn(
    tx: Tx,
    order: store.OrderRowState,
    action: OrderAction,
    at: Date,
    after: { type: string; category: string | null; urgency: number },
    unitCode: string | null,
  ): Promise<store.OrderPatch> {
    const touched = clocksTouched(action);
    if (touched.starts.length + touched.stops.length + touched.resumes.length === 0) return {};
    const rules = new Map<OrderClock, ClockRule>();
    for (const name of touched.starts)
      rules.set(name, await reference.limitFor({ ...after, region: order.region }, clockTable[name].limit, at.getTime()));
    const turned = turnClocks(await clocksOf(tx, order.id), action, at.getTime(), rules, await reference.holidays());
    await saveClocks(tx, { caseKind: 'order', caseId: order.id, region: order.region, unitCode }, turned.fresh, turned.changed);
    return dueOf(turned.all);
  }

  async function act<A extends OrderAction>(
    actor: Actor,
    id: string,
    action: A,
    seenVersion: number | null,
    input: InputOf<A>,
  ): Promise<ActionResult> {
    return db.transact(actor.scope, (tx) => actIn(tx, actor, id, action, seenVersion, input));
  }

  async function actIn<A extends OrderAction>(
    tx: Tx,
    actor: Actor,
    id: string,
    action: A,
    seenVersion: number | null,
    input: InputOf<A>,
  ): Promise<ActionResult> {
    const at = new Date(clock.nowMs());
    const described = orderLifecycle.actions[action];
    const isPlatform = actor.scopeKind === 'system';
    const held = isPlatform ? new Set([described.permission]) : actor.permissions;
    // Before anything is read: scopes that never act on orders have no right to lock one, and would meet a fault instead.
    if (!held.has(described.permission)) throw new Refusal({ code: 'base.forbidden' });
    const order = await store.lockOrder(tx, id);
    // An order of another scope is missing, not forbidden: nobody learns from our answer that it exists.
    if (!order) throw new Refusal({ code: 'base.not-found' });
    const to = decide(judge<OrderState, OrderAction>(orderLifecycle, order, action, held, seenVersion));
    decide(guard(action, await factsFor(tx, order), { nowMs: at.getTime(), accountId: actor.accountId, isPlatform }));
    const context: EffectContext = {
      tx,
      order,
      actor,
      at,
      reference,
      rate: (verdict, by) =>
        addRating(tx, {
          appealId: id,
          region: order.region,
          satisfaction: verdict.satisfaction,
          solved: verdict.solved,
          reasons: verdict.reasons ?? [],
          comment: verdict.comment || null,
          by,
          at,
        }),
    };
    const effect = await (effects[action] as (context: EffectContext, input: unknown) => ReturnType<(typeof effects)[A]>)(context, input);
    const unitCode = effect.unitCode ?? effect.patch.main_unit ?? order.mainUnit;
    const due = await turn(
      tx,
      order,
      action,
      at,
      {
        type: effect.patch.type ?? order.type,
        category: effect.patch.category ?? order.category,
        urgency: effect.patch.urgency ?? order.urgency,
      },
      unitCode,
    );
    const version = order.version + 1;
    await store.saveOrder(tx, id, to, version, { ...effect.patch, ...due });
    await publish(tx, {
      at,
      name: `orders.${action}`,
      caseKind: 'order',
      caseId: id,
      actorId: actor.accountId,
      actor: actor.name,
      region: order.region,
      unitCode,
      from: order.state,
      to,
      public: 'public' in described,
      data: effect.data,
    });
    await record(tx, actor, {
      at,
      action: `orders.${action}`,
      objectKind: 'order',
      objectId: id,
      detail: { from: order.state, to, version },
    });
    return { id, state: to, version };
  }

  const service: Orders = {
    act,
    factsFor,
    citizenBy({ number: typed, code }, ip) {
      const number = compact(typed);
      if (!isNumber(number)) throw new Refusal({ code: 'appeals.bad-number', fields: [{ path: 'number', code: 'appeals.bad-number' }] });
      const span = numberSpan(number);
      return {
        actor: citizen(ip, { number, queryHash: queryHash(compact(code)).toString('hex') }),
        number,
        span: { from: lowestIdAt(span.fromMs), to: lowestIdAt(span.toMs) },
      };
    },
    async rate(key, verdict, ip) {
      const { actor, number, span } = service.citizenBy(key, ip);
      return db.transact(actor.scope, async (tx) => {
        const appeal = await appealByNumber(tx, number, span);
        if (!appeal) throw new Refusal({ code: 'appeals.no-such-appeal' });
        try {
          return await actIn(tx, actor, appeal.id, 'rate', null, verdict);
        } catch (error) {
          // The citizen is told in his words, not in the clerk's.
          if (error instanceof Refusal && error.facts.code === 'orders.not-allowed-now')
            throw new Refusal({ code: (await ratingExists(tx, appeal.id)) ? 'appeals.already-rated' : 'appeals.not-yet-ratable' });
          throw error;
        }
      });
    },
    async takeSteps(limit = 200) {
      const nowMs = clock.nowMs();
      const cases = await db.transact(SYSTEM, (tx) => casesWithDueStep(tx, 'order', nowMs, limit));
      let taken = 0;
      for (const id of cases) {
        taken += await db.transact(SYSTEM, async (tx) => {
          // The order's row is the lock of its clocks, here as in every action: two orders of locking would wait for
          // each other. Who acts on it now is not made to wait; the step is taken in the next round.
          const order = await store.lockOrderIfFree(tx, id);
          if (!order) return 0;
          const due = (await clocksOf(tx, id)).filter(
            (stored) => stored.stoppedMs === null && stored.nextStepMs !== null && stored.nextStepMs <= nowMs,
          );
          for (const stored of due) await takeStep(tx, order, stored, nowMs);
          return due.length;
        });
      }
      return taken;
    },
    async recomputeProvisional() {
      const holidays = await reference.holidays();
      let moved = 0;
      for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
        const cases = await db.transact(SYSTEM, (tx) => casesWithProvisional(tx, 'order', after, 200));
        for (const id of cases) moved += await db.transact(SYSTEM, (tx) => recomputeOf(tx, id, holidays));
        if (cases.length < 200) return moved;
        after = cases.at(-1)!;
      }
    },
    async archiveDue(limit = 200) {
      const due = await db.transact(SYSTEM, (tx) => store.dueForArchive(tx, new Date(clock.nowMs() - ARCHIVE_AFTER_MS), limit));
      let done = 0;
      for (const order of due) {
        try {
          await act(PLATFORM, order.id, 'archive', order.version, {});
          done++;
        } catch (error) {
          // Somebody acted on it meanwhile: the next round sees it as it is then.
          if (!(error instanceof Refusal)) throw error;
        }
      }
      return done;
    },
  };

  /** Computes the provisional clocks of one order anew; gives how many changed. */
  async function recomputeOf(tx: Tx, id: string, holidays: Holidays): Promise<number> {
    if (!(await store.lockOrder(tx, id))) return 0;
    let moved = 0;
    for (const stored of await clocksOf(tx, id)) {
      if (stored.stoppedMs !== null || !stored.provisional) continue;
      const again = recomputeClock(stored, clockTable[stored.name as OrderClock], holidays);
      if (again.dueMs === stored.dueMs && again.provisional === stored.provisional) continue;
      await saveClocks(tx, stored, [], [again]);
      moved++;
    }
    if (moved > 0) await store.patchOrder(tx, id, dueOf(await clocksOf(tx, id)));
    return moved;
  }

  /** One step of a clock: told in the timeline, noticed by whom it concerns, and the next one set. */
  async function takeStep(tx: Tx, order: store.OrderRowState, stored: StoredClock, nowMs: number): Promise<void> {
    const facts = clockTable[stored.name as OrderClock];
    const step = facts.steps.find((candidate) => candidate.name === stored.nextStep);
    if (!step)
      throw new Error(`The clock ${stored.name} of order ${order.id} awaits a step ${stored.nextStep} that the lifecycle does not know`);
    const next = nextStepOf(stored, facts, step.name);
    await saveClocks(tx, stored, [], [{ ...stored, ...next }]);
    const dueMs = stored.nextStepMs ?? nowMs;
    await publish(tx, {
      at: new Date(nowMs),
      name: `clocks.${stored.name}-${step.name}`,
      caseKind: 'order',
      caseId: stored.caseId,
      actorId: null,
      actor: PLATFORM.name,
      region: stored.region,
      unitCode: stored.unitCode,
      from: order.state,
      to: order.state,
      public: false,
      data: { clock: stored.name, step: step.name, dueAt: new Date(dueMs).toISOString(), lateMs: Math.max(0, nowMs - dueMs) },
    });
    await tx
      .insertInto('platform.notice')
      .values(noticeOfStep(stored, step, order.number, nowMs))
      .onConflict((oc) => oc.column('once_key').doNothing())
      .execute();
  }

  return service;
}
