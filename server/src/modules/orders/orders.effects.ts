import type { Static } from 'typebox';
import type { orderLifecycle, OrderAction, OrderClock, OrderState } from '#contracts/orders/orders.lifecycle.ts';
import type { wayActions } from '#contracts/orders/orders.actions.ts';
import { OPEN_TASKS, type TaskState } from '#contracts/orders/task.lifecycle.ts';
import { Refusal, refuseField } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import type { Acting, CaseEffect, ClockRule } from '#server/platform/casework/index.ts';
import type { Reference } from '../reference/index.ts';
import { isUnhappy, type OrderFacts, type OrderLimits } from './orders.rules.ts';
import * as store from './orders.store.ts';
import type { OrderPatch, OrderRowState } from './orders.store.ts';
import { returnsOf } from './orders.branches.store.ts';
import { addPart, assistClocks, mainTask, moveMain, takeBackParts } from './orders.tasks.ts';
import type { OwnTurn } from './orders.turning.ts';

type Actions = typeof orderLifecycle.actions;
export type InputOf<A extends OrderAction> = Static<Actions[A]['input']>;

export interface EffectContext extends Acting<OrderRowState> {
  readonly order: OrderRowState;
  readonly facts: OrderFacts;
  readonly reference: Reference;
  readonly limits: OrderLimits;
  /** The year whose first good backup ends the last copy of what is purged at an instant. */
  readonly lastBackupYear: (atMs: number) => number;
  /** Attaches the files that came with the action to the reply of this number. */
  readonly attach: (replyNo: number) => Promise<void>;
  /** Attaches the files of another order's reply to the reply of this number. */
  readonly shareFiles: (from: { orderId: string; replyNo: number }, replyNo: number) => Promise<void>;
  /** Writes the rating of this round for the appeal that opened the order. */
  readonly rate: (
    verdict: { satisfaction: number; solved: string; reasons?: readonly string[]; comment?: string },
    by: 'citizen' | 'follow-up',
  ) => Promise<void>;
  /** Takes an action of the platform's own on another order, in the same transaction. */
  readonly alsoAct: (orderId: string, action: OrderAction, data?: Readonly<Record<string, unknown>>, patch?: OrderPatch) => Promise<void>;
}

/** What an action did besides moving the state: changes of the order's row, and what the timeline tells of it. */
export interface Effect extends CaseEffect<OrderState> {
  readonly patch: OrderPatch;
  readonly unitCode?: string | null;
  /** Limits that the action itself gives to the clocks it starts. */
  readonly rules?: ReadonlyMap<OrderClock, ClockRule>;
  readonly turns?: readonly OwnTurn[];
}

export type EffectOf<A extends OrderAction> = (context: EffectContext, input: InputOf<A>) => Promise<Effect>;
type WayAction = keyof typeof wayActions;

/** The writes of each action of the straight way. The state, the clocks, the event and the audit entry are the service's. */
export const wayEffects: { readonly [A in WayAction]: EffectOf<A> } = {
  async accept({ at, reference }, input) {
    return { patch: { ...classification(input, reference), accepted_at: at }, data: { note: input.opinion ?? null } };
  },
  async answer({ tx, order, actor, at, attach, reference }, input) {
    await reference.judgeReply({ ...order, ...input, attachments: input.attachments?.length ?? 0, direct: true }, at.getTime());
    const no = await store.addReply(tx, {
      ...signedBy(order, actor, at),
      taskNo: null,
      unitCode: null,
      resultType: '03',
      text: input.text,
      basis: input.basis ?? null,
    });
    await attach(no);
    return { patch: { accepted_at: at, replied_at: at, closed_at: at }, data: {} };
  },
  async refuse({ tx, order, at }, input) {
    await store.addRefusal(tx, { orderId: order.id, region: order.region, reason: input.reason, explanation: input.explanation, at });
    return { patch: { closed_at: at }, data: { reason: input.reason, note: input.explanation } };
  },
  async 'hand-over'({ tx, order, at }, input) {
    const data = { handedTo: input.to, stayed: input.stayed, note: input.note };
    const handed = { handed_to: input.to };
    if (input.keep) return { to: 'pending-dispatch', patch: { ...handed, ...(order.state === 'filed' ? { accepted_at: at } : {}) }, data };
    await store.addRefusal(tx, { orderId: order.id, region: order.region, reason: 'N1', explanation: input.note, at });
    return { to: 'refused', patch: { ...handed, closed_at: at }, data };
  },
  async dispatch(context, input) {
    checkDispatch(context, input.unit, 'input.unit');
    const returned = (await returnsOf(context.tx, context.order.id)).some(
      (request) => request.verdict === 'agreed' && request.unit_code === input.unit,
    );
    if (returned) throw refuseField('input.unit', 'orders.returned-by-unit');
    return handTo(context, input, { ...classification(input, context.reference) }, { note: input.opinion ?? null });
  },
  async sign(context, input) {
    await moveMain(context, 'sign', { signed_at: context.at, ...handledBy(context.actor) });
    return { patch: {}, data: { note: input.opinion ?? null }, unitCode: context.order.mainUnit };
  },
  async contact(context, input) {
    const task = await mainTask(context);
    await store.patchTask(context.tx, context.order.id, task.no, {
      ...handledBy(context.actor),
      ...(task.contacted_at === null ? { contacted_at: context.at } : {}),
    });
    return {
      patch: {},
      data: { mode: input.mode, note: input.note, ...(input.at ? { contactedAt: input.at } : {}) },
      unitCode: task.unit_code,
    };
  },
  async reply(context, input) {
    const { tx, order, actor, at, facts } = context;
    const waiting = facts.tasks.filter((task) => task.role !== 'main' && OPEN_TASKS.includes(task.state)).length;
    if (waiting > 0 && !input.override) {
      throw new Refusal({
        code: 'orders.tasks-open',
        params: { count: waiting },
        fields: [{ path: 'input.override', code: 'orders.tasks-open', params: { count: waiting } }],
      });
    }
    await context.reference.judgeReply({ ...order, ...input, attachments: input.attachments?.length ?? 0, direct: false }, at.getTime());
    const turns = await takeBackParts(context, { keepMain: true });
    const task = await moveMain(context, 'reply', { replied_at: at });
    const no = await store.addReply(tx, {
      ...signedBy(order, actor, at),
      taskNo: task.no,
      unitCode: task.unit_code,
      resultType: input.resultType,
      text: input.text,
      basis: input.basis ?? null,
    });
    await context.attach(no);
    return {
      patch: { replied_at: at },
      data: { resultType: input.resultType, ...(input.override ? { note: input.override } : {}) },
      unitCode: task.unit_code,
      turns,
    };
  },
  async pass(context, input) {
    const { tx, order } = context;
    await moveMain(context, 'pass');
    for (const task of context.facts.tasks) {
      if (task.role !== 'main' && task.state === 'replied')
        await store.patchTask(tx, order.id, task.no, { state: 'done' satisfies TaskState });
    }
    await judgeLastReply(context, 'passed', input.opinion ?? null);
    return { patch: {}, data: { note: input.opinion ?? null } };
  },
  async fail(context, input) {
    const task = await moveMain(context, 'fail', { replied_at: null });
    await judgeLastReply(context, 'failed', input.opinion);
    return { patch: { replied_at: null }, data: { fault: input.fault, note: input.opinion }, unitCode: task.unit_code };
  },
  async attempt({ tx, order, actor, at }, input) {
    await store.addFollowUp(tx, { ...signedBy(order, actor, at), mode: input.mode, result: input.result, note: input.note ?? null });
    return { patch: { attempts: order.attempts + 1 }, data: { mode: input.mode, result: input.result } };
  },
  async conclude({ tx, order, actor, at, rate }, input) {
    await store.addFollowUp(tx, { ...signedBy(order, actor, at), mode: input.mode, result: '00', note: input.comment ?? null });
    await rate(input, 'follow-up');
    const end = endOf(input, at);
    return {
      ...end,
      patch: { ...end.patch, attempts: order.attempts + 1 },
      data: { mode: input.mode, satisfaction: input.satisfaction, solved: input.solved },
    };
  },
  async 'close-unrated'({ at }, input) {
    return { patch: { closed_at: at }, data: { note: input.opinion ?? null } };
  },
  async 'close-rated'({ at }, input) {
    return { patch: { closed_at: at }, data: { note: input.opinion } };
  },
  async rate({ order, at, rate }, input) {
    await rate(input, 'citizen');
    const data = { satisfaction: input.satisfaction, solved: input.solved };
    return order.state === 'closed' || order.state === 'answered' ? { patch: {}, data } : { ...endOf(input, at), data };
  },
  async archive({ at }, input) {
    return { patch: { archived_at: at }, data: { note: input.opinion ?? null } };
  },
  async cancel(context, input) {
    await takeBackParts(context, { keepMain: false });
    return { patch: { closed_at: context.at, suspended: false }, data: { note: input.reason } };
  },
};

/** A happy citizen closes the order; an unhappy one leaves it to be decided on. */
function endOf(verdict: { satisfaction: number; solved: string }, at: Date): { to: OrderState; patch: OrderPatch } {
  return isUnhappy(verdict) ? { to: 'following-up', patch: {} } : { to: 'closed', patch: { closed_at: at } };
}

/** @throws Refusal when the unit is unknown, or outside of what who acts may dispatch to */
export function checkDispatch({ reference, actor }: EffectContext, code: string, path: string): void {
  const unit = reference.checkUnit(code, path);
  const city = actor.region?.replace(/00$/, '') ?? '32';
  if (!unit.region.startsWith(city)) throw refuseField(path, 'orders.unit-not-in-scope');
}

/** Hands the order to its main unit, with the units that assist it. */
export async function handTo(
  context: EffectContext,
  to: { unit: string; assists?: readonly string[] },
  patch: OrderPatch,
  data: Readonly<Record<string, unknown>>,
): Promise<Effect> {
  await addPart(context, to.unit, 'main', 'input.unit');
  const turns: OwnTurn[] = [];
  for (const [index, assist] of (to.assists ?? []).entries()) {
    checkDispatch(context, assist, `input.assists.${index}`);
    turns.push(...assistClocks(await addPart(context, assist, 'assist', `input.assists.${index}`), assist));
  }
  return {
    patch: { ...patch, main_unit: to.unit, dispatched_at: context.at },
    data: { ...data, ...(to.assists?.length ? { assists: to.assists } : {}) },
    unitCode: to.unit,
    turns,
  };
}

function classification(input: { type?: string; category?: string; urgency?: number }, reference: Reference): OrderPatch {
  if (input.category) reference.checkCategory(input.category, 'input.category');
  return {
    ...(input.type ? { type: input.type } : {}),
    ...(input.category ? { category: input.category } : {}),
    ...(input.urgency ? { urgency: input.urgency } : {}),
  };
}

/** Who of the unit has its part in hand from now on. */
export function handledBy(actor: Actor) {
  return { handler_id: actor.accountId, handler_name: actor.name };
}

/** Whose words they are, and when. */
export function signedBy(order: OrderRowState, actor: Actor, at: Date) {
  return { orderId: order.id, region: order.region, byAccount: actor.accountId, byName: actor.name, at };
}

async function judgeLastReply({ tx, order }: EffectContext, checked: 'passed' | 'failed', opinion: string | null): Promise<void> {
  const reply = await store.lastReply(tx, order.id);
  if (reply) await store.checkReply(tx, order.id, reply.no, checked, opinion);
}
