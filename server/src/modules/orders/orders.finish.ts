import type { ActionFacts } from '#contracts/base/lifecycle.ts';
import { targetsOf } from '#contracts/base/lifecycle.ts';
import { orderLifecycle, type OrderAction, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { endApproval, openApprovals } from '#server/platform/casework/index.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { publish } from '#server/platform/events/events.ts';
import { endOversight } from './orders.branches.store.ts';
import type { OrderTrigger } from './orders.clocks.ts';
import type { Effect, EffectContext } from './orders.effects.ts';
import { releaseMerged } from './orders.merging.ts';
import * as store from './orders.store.ts';
import { turn } from './orders.turning.ts';

export interface ActionResult {
  readonly id: string;
  readonly state: OrderState;
  readonly version: number;
  /** It was asked for and waits for a second person. */
  readonly approval: string | null;
}

/** How what happened is named in the log, whether the citizen is told, and how the audit names it. */
interface Told {
  readonly name: string;
  readonly isPublic: boolean;
  readonly audit: string;
}

/** State, clocks, event and audit entry of whatever happened; what no longer applies ends with it. */
export async function finish(
  context: EffectContext,
  trigger: OrderTrigger,
  tell: Told,
  targets: readonly OrderState[],
  effect: Effect,
  approval: string | null = null,
): Promise<ActionResult> {
  const { tx, order, actor, at, reference } = context;
  const to = effect.to ?? targets[0]!;
  if (!targets.includes(to)) throw new Error(`The effect of ${trigger} leads order ${order.id} to ${to}, which its table does not allow`);
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
  if (context.facts.asked.length > 0) await supersede(tx, order.id, to, approval, actor, at);
  await publish(tx, {
    at,
    name: tell.name,
    caseKind: 'order',
    caseId: order.id,
    actorId: actor.accountId,
    actor: actor.name,
    region: order.region,
    unitCode,
    from: order.state,
    to,
    public: tell.isPublic,
    data: effect.data,
  });
  await record(tx, actor, {
    at,
    action: tell.audit,
    objectKind: 'order',
    objectId: order.id,
    detail: { from: order.state, to, version },
  });
  return { id: order.id, state: to, version, approval };
}

/** Requests that the order, where it stands now, can no longer fulfil are over. */
async function supersede(tx: Tx, orderId: string, state: OrderState, own: string | null, actor: Actor, at: Date): Promise<void> {
  for (const open of await openApprovals(tx, orderId)) {
    const facts: ActionFacts<OrderState> = orderLifecycle.actions[open.action as OrderAction];
    if (open.id === own || facts.second?.holds === state || targetsOf(facts, state).length > 0) continue;
    await endApproval(tx, open.id, 'superseded', actor, at, null);
  }
}

export function told(action: OrderAction): Told {
  return { name: `orders.${action}`, isPublic: 'public' in orderLifecycle.actions[action], audit: `orders.${action}` };
}
