import type { Static } from 'typebox';
import {
  taskLifecycle,
  type orderLifecycle,
  type OrderAction,
  type TaskAction,
  type TaskState,
} from '#contracts/orders/orders.lifecycle.ts';
import { Refusal, refuseField } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { Reference } from '../reference/index.ts';
import * as store from './orders.store.ts';
import type { OrderPatch, OrderRowState } from './orders.store.ts';

type Actions = typeof orderLifecycle.actions;
export type InputOf<A extends OrderAction> = Static<Actions[A]['input']>;

export interface EffectContext {
  readonly tx: Tx;
  readonly order: OrderRowState;
  readonly actor: Actor;
  readonly at: Date;
  readonly reference: Reference;
  /** Writes the rating of the appeal that opened the order. */
  readonly rate: (
    verdict: { satisfaction: number; solved: string; reasons?: readonly string[]; comment?: string },
    by: 'citizen' | 'follow-up',
  ) => Promise<void>;
}

/** What an action did besides moving the state: changes of the order's row, and what the timeline tells of it. */
export interface Effect {
  readonly patch: OrderPatch;
  readonly data: Readonly<Record<string, unknown>>;
  readonly unitCode?: string | null;
}

type Effects = { readonly [A in OrderAction]: (context: EffectContext, input: InputOf<A>) => Promise<Effect> };

/** The writes of each action. The state, the clocks, the event and the audit entry are the service's. */
export const effects: Effects = {
  async accept({ at, reference }, input) {
    return { patch: { ...classification(input, reference), accepted_at: at }, data: { note: input.opinion ?? null } };
  },
  async answer({ tx, order, actor, at, reference }, input) {
    await reference.judgeReply({ ...order, ...input, attachments: 0, direct: true }, at.getTime());
    await store.addReply(tx, {
      ...replyBy(order, actor, at),
      taskNo: null,
      unitCode: null,
      resultType: '03',
      text: input.text,
      basis: input.basis ?? null,
    });
    return { patch: { accepted_at: at, replied_at: at, closed_at: at }, data: {} };
  },
  async refuse({ tx, order, at }, input) {
    await store.addRefusal(tx, { orderId: order.id, region: order.region, reason: input.reason, explanation: input.explanation, at });
    return { patch: { closed_at: at }, data: { reason: input.reason, note: input.explanation } };
  },
  async dispatch({ tx, order, actor, at, reference }, input) {
    const unit = reference.checkUnit(input.unit, 'input.unit');
    const city = actor.region?.replace(/00$/, '') ?? '32';
    if (!unit.region.startsWith(city)) throw refuseField('input.unit', 'orders.unit-not-in-scope');
    const tasks = await store.tasksOf(tx, order.id);
    await store.addTask(tx, {
      orderId: order.id,
      no: tasks.length + 1,
      unitCode: unit.code,
      role: 'main',
      state: taskLifecycle.initial,
      region: order.region,
      at,
    });
    return {
      patch: { ...classification(input, reference), main_unit: unit.code, dispatched_at: at },
      data: { note: input.opinion ?? null },
      unitCode: unit.code,
    };
  },
  async sign(context, input) {
    await moveTask(context, 'sign', { signed_at: context.at });
    return { patch: {}, data: { note: input.opinion ?? null }, unitCode: context.order.mainUnit };
  },
  async contact(context, input) {
    const task = await mainTask(context);
    if (task.contacted_at === null) await store.patchTask(context.tx, context.order.id, task.no, { contacted_at: context.at });
    return {
      patch: {},
      data: { mode: input.mode, note: input.note, ...(input.at ? { contactedAt: input.at } : {}) },
      unitCode: task.unit_code,
    };
  },
  async reply(context, input) {
    const { tx, order, actor, at, reference } = context;
    await reference.judgeReply({ ...order, ...input, attachments: 0, direct: false }, at.getTime());
    const task = await moveTask(context, 'reply', { replied_at: at });
    await store.addReply(tx, {
      ...replyBy(order, actor, at),
      taskNo: task.no,
      unitCode: task.unit_code,
      resultType: input.resultType,
      text: input.text,
      basis: input.basis ?? null,
    });
    return { patch: { replied_at: at }, data: { resultType: input.resultType }, unitCode: task.unit_code };
  },
  async pass(context, input) {
    await moveTask(context, 'pass', {});
    await judgeLastReply(context, 'passed', input.opinion ?? null);
    return { patch: {}, data: { note: input.opinion ?? null } };
  },
  async fail(context, input) {
    const task = await moveTask(context, 'fail', { replied_at: null });
    await judgeLastReply(context, 'failed', input.opinion);
    return { patch: { replied_at: null }, data: { fault: input.fault, note: input.opinion }, unitCode: task.unit_code };
  },
  async attempt({ tx, order, actor, at }, input) {
    await store.addFollowUp(tx, { ...visitBy(order, actor, at), mode: input.mode, result: input.result, note: input.note ?? null });
    return { patch: { attempts: order.attempts + 1 }, data: { mode: input.mode, result: input.result } };
  },
  async conclude({ tx, order, actor, at, rate }, input) {
    await store.addFollowUp(tx, { ...visitBy(order, actor, at), mode: input.mode, result: '00', note: input.comment ?? null });
    await rate(input, 'follow-up');
    return {
      patch: { attempts: order.attempts + 1, closed_at: at },
      data: { mode: input.mode, satisfaction: input.satisfaction, solved: input.solved },
    };
  },
  async 'close-unrated'({ at }, input) {
    return { patch: { closed_at: at }, data: { note: input.opinion ?? null } };
  },
  async rate({ order, at, rate }, input) {
    await rate(input, 'citizen');
    const closes = order.state === 'pending-follow-up' || order.state === 'following-up';
    return { patch: closes ? { closed_at: at } : {}, data: { satisfaction: input.satisfaction, solved: input.solved } };
  },
  async archive({ at }, input) {
    return { patch: { archived_at: at }, data: { note: input.opinion ?? null } };
  },
  async cancel(context, input) {
    const { tx, order } = context;
    for (const task of await store.tasksOf(tx, order.id)) {
      if (taskTarget('cancel', task.state as TaskState)) await store.patchTask(tx, order.id, task.no, { state: 'withdrawn' });
    }
    return { patch: { closed_at: context.at }, data: { note: input.reason } };
  },
};

function classification(input: { type?: string; category?: string; urgency?: number }, reference: Reference): OrderPatch {
  if (input.category) reference.checkCategory(input.category, 'input.category');
  return {
    ...(input.type ? { type: input.type } : {}),
    ...(input.category ? { category: input.category } : {}),
    ...(input.urgency ? { urgency: input.urgency } : {}),
  };
}

function replyBy(order: OrderRowState, actor: Actor, at: Date) {
  return { orderId: order.id, region: order.region, byAccount: actor.accountId, byName: actor.name, at };
}

const visitBy = replyBy;

async function mainTask({ tx, order }: EffectContext) {
  const task = (await store.tasksOf(tx, order.id)).findLast((candidate) => candidate.role === 'main' && candidate.state !== 'withdrawn');
  if (!task) throw new Refusal({ code: 'base.not-found' });
  return task;
}

/** Moves the main unit's task by its own lifecycle table. */
async function moveTask(context: EffectContext, action: TaskAction, patch: { signed_at?: Date; replied_at?: Date | null }) {
  const task = await mainTask(context);
  const state = taskTarget(action, task.state as TaskState);
  if (!state)
    throw new Error(`Task ${task.no} of order ${context.order.id} is ${task.state} and cannot ${action}: order and task disagree`);
  await store.patchTask(context.tx, context.order.id, task.no, { ...patch, state });
  return task;
}

function taskTarget(action: TaskAction, state: TaskState): TaskState | undefined {
  const moves: Partial<Record<TaskState, TaskState>> = taskLifecycle.actions[action].moves;
  return moves[state];
}

async function judgeLastReply({ tx, order }: EffectContext, checked: 'passed' | 'failed', opinion: string | null): Promise<void> {
  const reply = await store.lastReply(tx, order.id);
  if (reply) await store.checkReply(tx, order.id, reply.no, checked, opinion);
}
