import type { TSchema } from 'typebox';
import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import type { Route } from '#contracts/base/route.ts';
import { textOf } from '#contracts/codes.ts';
import { approvalsApi } from '#contracts/orders/approvals.api.ts';
import { OFFICE_ACTIONS, orderActionsApi, ordersApi } from '#contracts/orders/orders.api.ts';
import { sheetApi } from '#contracts/orders/sheet.api.ts';
import { orderLifecycle, type OrderAction, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { beijingDate, startOfDay } from '#server/kernel/calendar.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import { allowedActions } from '#server/platform/casework/index.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { DOCX } from '#server/platform/documents/paper.ts';
import { deliver } from '#server/platform/http/deliver.ts';
import { compileValidator, fieldFaults } from '#server/platform/http/validation.ts';
import { appealByNumber } from '../appeals/index.ts';
import type { Reference } from '../reference/index.ts';
import type { InputOf } from './orders.effects.ts';
import { approvalsPage } from './orders.approvals.ts';
import { documentOf } from './orders.document.ts';
import { citizenPage, orderPage, timelineOf } from './orders.pages.ts';
import type { CitizenAction, CitizenKey, Citizens } from './orders.citizens.ts';
import { countOrders, countsOfDay, countsSince, queueCounts } from './orders.counts.ts';
import type { Orders } from './orders.service.ts';
import { takeSheet } from './orders.sheet.ts';
import { ordersPage, orderRow } from './orders.views.ts';

export interface OrdersRoutesDeps {
  readonly orders: Orders;
  readonly citizens: Citizens;
  readonly reference: Reference;
  readonly db: Db;
  readonly clock: Clock;
}

export function ordersRoutes(deps: OrdersRoutesDeps): Binding[] {
  const { orders, citizens, reference, db, clock } = deps;
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
    bind(sheetApi.sheet, async ({ actor, params }) => sheet(deps, actor, params.id, 'print')),
    bind(sheetApi.document, async ({ actor, params, reply }) => {
      const taken = await sheet(deps, actor, params.id, 'export');
      return deliver(reply, { body: await documentOf(taken), type: DOCX, name: `工单${taken.number}.docx` }, 'attachment');
    }),
    bind(ordersApi.home, async ({ actor }) => home(deps, actor)),
    ...actions,
    bind(approvalsApi.waiting, async ({ actor, query }) => db.transact(actor.scope, (tx) => approvalsPage(tx, actor, query, reference))),
    bind(approvalsApi.decide, async ({ actor, params, body }) =>
      orders.decide(actor, params.id, body.verdict, body.opinion?.trim() || null),
    ),
    bind(approvalsApi.batch, async ({ actor, body, language }) => actOnMany(deps, actor, body, language)),
    bind(appealsApi.lookUp, async ({ body, request }) => {
      const { actor, number, span } = citizens.by(body, request.ip);
      return db.transact(actor.scope, async (tx) => {
        const appeal = await appealByNumber(tx, number, span);
        if (!appeal) throw new Refusal({ code: 'appeals.no-such-appeal' });
        return citizenPage(tx, appeal.id, clock.nowMs(), reference);
      });
    }),
    bind(appealsApi.rate, async ({ body: { number, code, ...verdict }, request }) =>
      asCitizen(deps, { number, code }, 'rate', verdict, request.ip),
    ),
    bind(appealsApi.urge, async ({ body, request }) => asCitizen(deps, body, 'urge', { note: body.note }, request.ip)),
    bind(appealsApi.withdraw, async ({ body, request }) => asCitizen(deps, body, 'withdraw', { reason: body.reason }, request.ip)),
  ];
}

async function sheet({ orders, reference, db, clock }: OrdersRoutesDeps, actor: Actor, id: string, how: 'print' | 'export') {
  const taken = await db.transact(actor.scope, (tx) => takeSheet(tx, actor, id, clock.nowMs(), how, { reference, orders }));
  if (!taken) throw new Refusal({ code: 'base.not-found' });
  return taken;
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

/** What the citizen does himself, answered with his page as it is then. */
async function asCitizen<A extends CitizenAction>(
  { citizens, db, clock, reference }: OrdersRoutesDeps,
  key: CitizenKey,
  action: A,
  input: InputOf<A>,
  ip: string,
) {
  const { id } = await citizens.act(key, action, input, ip);
  return db.transact(citizens.by(key, ip).actor.scope, (tx) => citizenPage(tx, id, clock.nowMs(), reference));
}

/** One action on many orders, one after the other and each in a transaction of its own: what is refused stops no other. */
async function actOnMany(
  { orders }: OrdersRoutesDeps,
  actor: Actor,
  { action, orders: chosen, input }: { action: OrderAction; orders: readonly { id: string; version: number }[]; input: unknown },
  language: 'zh' | 'en',
) {
  decideInput(orderLifecycle.actions[action].input, input);
  const items: { id: string; outcome: 'done' | 'asked' | 'refused'; state: string | null; code: string | null; text: string | null }[] = [];
  for (const { id, version } of chosen) {
    try {
      const result = await orders.act(actor, id, action, version, input as never, { mass: chosen.length > 1 });
      items.push({ id, outcome: result.approval ? 'asked' : 'done', state: result.state, code: null, text: null });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, params, fields } = error.facts;
      const told = fields?.[0] ?? { code, params };
      items.push({ id, outcome: 'refused', state: null, code: told.code, text: textOf(told.code, language, told.params) });
    }
  }
  const count = (outcome: string) => items.filter((item) => item.outcome === outcome).length;
  return { done: count('done'), asked: count('asked'), refused: count('refused'), items };
}

/** Judges the input of a batch as the action's own endpoint would. @throws Refusal `base.invalid-input` */
function decideInput(schema: TSchema, input: unknown): void {
  const validate = compileValidator({ schema, httpPart: 'body' });
  if (validate(input)) return;
  const fields = fieldFaults(validate.errors ?? []).map((fault) => ({ ...fault, path: `input.${fault.path}` }));
  throw new Refusal({ code: 'base.invalid-input', fields });
}
