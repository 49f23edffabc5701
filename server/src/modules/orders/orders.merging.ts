import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import { refuseField } from '#server/kernel/decision.ts';
import { mergedInto, orderIdByNumber } from './orders.branches.store.ts';
import type { Effect, EffectContext, EffectOf } from './orders.effects.ts';
import * as store from './orders.store.ts';
import type { OrderRowState } from './orders.store.ts';
import { takeBackParts } from './orders.tasks.ts';

const THIRTY_DAYS_MS = 30 * 86_400_000;

/**
 * Merging (并案): several appeals are handled as one. Locks are always taken from the order that stays to those that join
 * it, these by their ids; that is why merging and taking out are acts of the order that stays.
 */
export const mergeEffect: EffectOf<'merge'> = async (context, input) => {
  const ids: { id: string; path: string }[] = [];
  for (const [index, number] of input.numbers.entries()) {
    const path = `input.numbers.${index}`;
    const id = await orderIdByNumber(context.tx, number);
    if (!id) throw refuseField(path, 'orders.merge-unknown', { number });
    ids.push({ id, path });
  }
  for (const { id, path } of ids.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const other = await store.lockOrder(context.tx, id);
    checkMergeable(context.order, other!, path);
    await context.alsoAct(id, 'join', { into: context.order.number, note: input.reason }, { master_id: context.order.id });
  }
  return {
    patch: { merged_count: context.order.mergedCount + ids.length },
    data: { numbers: input.numbers, note: input.reason },
    unitCode: context.order.mainUnit,
  };
};

/** Whether another order may join this one. Reports of wrongdoing keep to themselves: informants must not show. */
function checkMergeable(order: OrderRowState, other: OrderRowState, path: string): void {
  const params = { number: other.number };
  if (other.id === order.id) throw refuseField(path, 'orders.merge-itself');
  if (other.mergedCount > 0) throw refuseField(path, 'orders.merge-has-others', params);
  if (other.region.slice(0, 4) !== order.region.slice(0, 4)) throw refuseField(path, 'orders.merge-other-city', params);
  if ((other.type === '04') !== (order.type === '04')) throw refuseField(path, 'orders.merge-type', params);
  if (Math.abs(other.filedAt.getTime() - order.filedAt.getTime()) > THIRTY_DAYS_MS)
    throw refuseField(path, 'orders.merge-too-far-apart', params);
  if (!(other.state in orderLifecycle.actions.join.moves))
    throw refuseField(path, 'orders.merge-state', { ...params, state: orderLifecycle.states[other.state].name });
}

export const unmergeEffect: EffectOf<'unmerge'> = async (context, input) => {
  const merged = (await mergedInto(context.tx, context.order.id)).find((one) => one.number === input.number);
  if (!merged) throw refuseField('input.number', 'orders.not-merged-here', { number: input.number });
  await context.alsoAct(merged.id, 'leave', { from: context.order.number, note: input.reason });
  return {
    patch: { merged_count: context.order.mergedCount - 1 },
    data: { number: input.number, note: input.reason },
    unitCode: context.order.mainUnit,
  };
};

/** What the order that stays passes on when it comes to an end: its answer to each citizen, or their freedom. */
export async function releaseMerged(
  context: EffectContext,
  to: 'answer' | 'freedom',
): Promise<Pick<Effect['patch'], 'merged_count'> | null> {
  if (context.order.mergedCount === 0) return null;
  for (const { id } of await mergedInto(context.tx, context.order.id)) {
    await context.alsoAct(id, to === 'answer' ? 'share' : 'leave', { from: context.order.number });
  }
  return to === 'freedom' ? { merged_count: 0 } : {};
}

export async function joinEffect(context: EffectContext): Promise<Effect> {
  await takeBackParts(context, { keepMain: false });
  return { patch: { main_unit: null, suspended: false }, data: {} };
}

export async function leaveEffect(): Promise<Effect> {
  return { patch: { master_id: null, main_unit: null }, data: {} };
}

/** Each citizen gets an answer of his own: the reply of the order that stood for his. */
export async function shareEffect({ tx, order, at, shareFiles }: EffectContext): Promise<Effect> {
  const { masterId } = order;
  const reply = masterId ? await store.lastReply(tx, masterId) : undefined;
  if (!masterId || !reply) throw new Error(`Order ${order.id} is merged and has no answer to share`);
  const no = await store.addReply(tx, {
    orderId: order.id,
    region: order.region,
    taskNo: null,
    unitCode: reply.unit_code,
    resultType: reply.result_type,
    text: reply.text,
    basis: reply.basis,
    byAccount: reply.by_account,
    byName: reply.by_name,
    at,
  });
  await shareFiles({ orderId: masterId, replyNo: reply.no }, no);
  const answered = reply.unit_code === null;
  return {
    to: answered ? 'answered' : 'pending-follow-up',
    patch: { replied_at: at, main_unit: reply.unit_code, ...(answered ? { closed_at: at } : {}) },
    data: {},
    unitCode: reply.unit_code,
  };
}
