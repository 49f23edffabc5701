import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import type { Route } from '#contracts/base/route.ts';
import { OFFICE_ACTIONS, orderActionsApi, ordersApi } from '#contracts/orders/orders.api.ts';
import { orderLifecycle, type OrderAction, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { beijingDate, startOfDay } from '#server/kernel/calendar.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import { allowedActions } from '#server/platform/casework/index.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { appealByNumber } from '../appeals/index.ts';
import type { Reference } from '../reference/index.ts';
import type { InputOf } from './orders.effects.ts';
import { citizenPage, orderPage, timelineOf } from './orders.pages.ts';
import type { Orders } from './orders.service.ts';
import { countOrders, countsOfDay, countsSince, ordersPage, orderRow, queueCounts } from './orders.views.ts';

export interface OrdersRoutesDeps {
  readonly orders: Orders;
  readonly reference: Reference;
  readonly db: Db;
  readonly clock: Clock;
}

export function ordersRoutes(deps: OrdersRoutesDeps): Binding[] {
  const { orders, reference, db, clock } = deps;
  const actions = OFFICE_ACTIONS.map((action): Binding => ({
    route: orderActionsApi[action as keyof typeof orderActionsApi] as unknown as Route,
    handler: async (call) => {
      const { id } = call.params as { id: string };
      const { version, input } = call.body as { version: number; input: InputOf<OrderAction> };
      return orders.act(call.actor, id, action, version, input);
    },
  }));
  return [
    bind(ordersApi.list, async ({ actor, query }) =>
      db.transact(actor.scope, (tx) => ordersPage(tx, actor, query, clock.nowMs(), reference.unitName)),
    ),
    bind(ordersApi.count, async ({ actor, query }) => db.transact(actor.scope, (tx) => countOrders(tx, actor, query, clock.nowMs()))),
    bind(ordersApi.byId, async ({ actor, params, language }) => {
      const page = await db.transact(actor.scope, (tx) => orderPage(tx, actor, params.id, clock.nowMs(), language, { reference, orders }));
      if (!page) throw new Refusal({ code: 'base.not-found' });
      return page;
    }),
    bind(ordersApi.timeline, async ({ actor, params }) =>
      db.transact(actor.scope, async (tx) => {
        if (!(await orderRow(tx, params.id))) throw new Refusal({ code: 'base.not-found' });
        return { items: await timelineOf(tx, params.id, reference) };
      }),
    ),
    bind(ordersApi.home, async ({ actor }) => home(deps, actor)),
    ...actions,
    bind(appealsApi.lookUp, async ({ body, request }) => {
      const { actor, number, span } = orders.citizenBy(body, request.ip);
      return db.transact(actor.scope, async (tx) => {
        const appeal = await appealByNumber(tx, number, span);
        if (!appeal) throw new Refusal({ code: 'appeals.no-such-appeal' });
        return citizenPage(tx, appeal.id, reference);
      });
    }),
    bind(appealsApi.rate, async ({ body, request }) => {
      const { number, code, ...verdict } = body;
      const { id } = await orders.rate({ number, code }, verdict, request.ip);
      const { actor } = orders.citizenBy({ number, code }, request.ip);
      return db.transact(actor.scope, (tx) => citizenPage(tx, id, reference));
    }),
  ];
}

/** The queues this person can do something about, and what came and went today. */
async function home({ db, clock }: OrdersRoutesDeps, actor: Actor) {
  if (!actor.permissions.has('orders.see')) return { queues: [], today: { filed: 0, closed: 0 } };
  const nowMs = clock.nowMs();
  const states = (Object.keys(orderLifecycle.states) as OrderState[]).filter((state) =>
    allowedActions<OrderState, OrderAction>(orderLifecycle, state, actor.permissions).some(
      (action) => action !== 'archive' && action !== 'cancel',
    ),
  );
  // Who acts on nothing (a leader, a supervisor) sees where everything stands.
  const shown: OrderState[] =
    states.length > 0 ? states : ['filed', 'pending-dispatch', 'dispatched', 'handling', 'replied', 'pending-follow-up', 'following-up'];
  return db.transact(actor.scope, async (tx) => {
    const queues = (await queueCounts(tx, actor, shown, nowMs)).map((queue) => ({ key: queue.state, ...queue }));
    const today = beijingDate(nowMs);
    // Units and peer systems have no region of their own to add up, and few orders to count.
    const few = actor.scopeKind === 'unit' || actor.scopeKind === 'peer';
    return { queues, today: few ? await countsSince(tx, actor, startOfDay(today)) : await countsOfDay(tx, today) };
  });
}
