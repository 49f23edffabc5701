import { orderLifecycle, type OrderAction, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { tell, type Finished } from '#server/platform/casework/index.ts';
import { endOversight } from './orders.branches.store.ts';
import type { Effect, EffectContext } from './orders.effects.ts';
import { releaseMerged } from './orders.merging.ts';
import * as store from './orders.store.ts';
import { turn } from './orders.turning.ts';

/** State, clocks, event and audit entry of whatever happened; what no longer applies ends with it. */
export async function finish(
  context: EffectContext,
  { trigger, telling, to, effect }: Finished<OrderState, OrderAction, Effect>,
): Promise<void> {
  const { tx, order, actor, at, reference } = context;
  const { tone } = orderLifecycle.states[to];
  const unitCode = effect.unitCode ?? effect.patch.main_unit ?? order.mainUnit;
  const ended = tone === 'done' || tone === 'stopped';
  if (ended && order.oversightLevel > 0) await endOversight(tx, order.id, 'with-order', null, at);
  const merged =
    trigger === 'pass' || trigger === 'answer'
      ? await releaseMerged(context, 'answer')
      : tone === 'stopped'
        ? await releaseMerged(context, 'freedom')
        : null;
  const due = await turn(
    {
      tx,
      order,
      clocks: context.clocks,
      trigger,
      state: to,
      at,
      type: effect.patch.type ?? order.type,
      urgency: effect.patch.urgency ?? order.urgency,
      category: effect.patch.category ?? order.category,
      unitCode,
      ...(effect.rules ? { rules: effect.rules } : {}),
      ...(effect.turns ? { turns: effect.turns } : {}),
    },
    reference,
  );
  const version = order.version + 1;
  await store.saveOrder(tx, order.id, to, version, {
    ...effect.patch,
    ...merged,
    ...(ended && order.oversightLevel > 0 ? { oversight_level: 0 } : {}),
    ...due,
  });
  // Subscribers are told that it was purged, and nothing of the words it was decided with.
  const data = trigger === 'purge' ? { number: order.number, purged: true } : effect.data;
  await tell(tx, { caseKind: 'order', row: order, telling, to, unitCode, actor, at, data });
}
