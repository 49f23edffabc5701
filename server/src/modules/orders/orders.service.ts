import type { ActionFacts } from '#contracts/base/lifecycle.ts';
import { targetsOf } from '#contracts/base/lifecycle.ts';
import { orderLifecycle, type OrderAction, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import type { Permission } from '#contracts/permissions.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { decide, Refusal, unlessRefused } from '#server/kernel/decision.ts';
import { PLATFORM, type Actor } from '#server/platform/actor.ts';
import { addApproval, approvalOf, clocksOf, endApproval, judge, type Approval, type StoredClock } from '#server/platform/casework/index.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { draftServed } from '#server/platform/drafts/drafts.store.ts';
import { addRating, type Attachments } from '../appeals/index.ts';
import type { Reference } from '../reference/index.ts';
import { askEffects, branchEffects, declineEffects } from './orders.branches.ts';
import { wayEffects, type Effect, type EffectContext, type InputOf } from './orders.effects.ts';
import { factsFor, limitsOf } from './orders.facts.ts';
import { finish, told, type ActionResult } from './orders.finish.ts';
import { guard, needsSecond, type GuardedAt } from './orders.rules.ts';
import * as store from './orders.store.ts';
import { StepsDue, takeStep, withDueStep } from './orders.steps.ts';

export interface ActOptions {
  /** One of many at once. */
  readonly mass?: boolean;
  /** Files that came with it. */
  readonly uploads?: Uploads;
  /**
   * A citizen has proved that the appeal is his. What follows touches tasks, requests and merged orders, which no citizen
   * has any right on, so the platform writes it on his word.
   */
  readonly onHisWord?: true;
}

type Uploads = Awaited<ReturnType<Attachments['uploadsOf']>>;

export interface Orders {
  /**
   * Takes an action of the lifecycle on an order, or asks a second person for it where the table says so.
   *
   * @throws Refusal `base.not-found`, `base.forbidden`, `base.stale`, `orders.not-allowed-now` and what the action's guard says
   */
  act<A extends OrderAction>(
    actor: Actor,
    id: string,
    action: A,
    seenVersion: number | null,
    input: InputOf<A>,
    options?: ActOptions,
  ): Promise<ActionResult>;
  /**
   * Takes every step of the order's clocks that is due; gives how many. None where somebody acts on the order this moment:
   * he takes them himself.
   */
  takeSteps(id: string): Promise<number>;
  /** An action of the platform's own in the caller's transaction. */
  actIn<A extends OrderAction>(
    tx: Tx,
    actor: Actor,
    id: string,
    action: A,
    seenVersion: number | null,
    input: InputOf<A>,
  ): Promise<ActionResult>;
  /**
   * Decides what somebody else asked for: approved it is done at once, declined a held order goes back to where it stood.
   *
   * @throws Refusal `orders.asker-decides`, `orders.already-decided`, and what the action's guard says by now
   */
  decide(actor: Actor, approvalId: string, verdict: 'approve' | 'decline', opinion: string | null): Promise<ActionResult>;
  /** Ends a request that nobody decided in time; false when it was decided meanwhile. */
  lapse(approval: { id: string; caseId: string }): Promise<boolean>;
  /** How guards see the moment and the person; for drawing buttons. */
  guardedAt(actor: Actor): Promise<GuardedAt>;
}

export interface OrdersDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly reference: Reference;
  readonly attachments: Pick<Attachments, 'uploadsOf' | 'attach' | 'share'>;
}

export function createOrdersService({ db, clock, reference, attachments }: OrdersDeps): Orders {
  /** Asked once the order's row is held: what waited for it happens after what it waited for. */
  const now = () => new Date(clock.nowMs());

  async function guardedAt(actor: Actor): Promise<GuardedAt> {
    const { unitLo, unitHi } = actor.scope;
    return {
      nowMs: clock.nowMs(),
      accountId: actor.accountId,
      isPlatform: actor.scopeKind === 'system',
      units: unitLo !== undefined && unitHi !== undefined ? { lo: unitLo, hi: unitHi } : null,
      limits: limitsOf(reference),
      holidays: await reference.holidays(),
    };
  }

  /** What an act on a locked order is done with; `uploads` came with it. */
  async function contextOf(
    tx: Tx,
    order: store.OrderRowState,
    clocks: readonly StoredClock[],
    actor: Actor,
    at: Date,
    uploads: Uploads = [],
  ): Promise<EffectContext> {
    const ownerOf = (replyNo: number) => ({ appealId: order.id, region: order.region, replyNo, supplementId: null });
    return {
      tx,
      order,
      clocks,
      facts: await factsFor(tx, order, clocks, at.getTime(), reference),
      actor,
      at,
      reference,
      limits: limitsOf(reference),
      attach: (replyNo) => attachments.attach(tx, uploads, ownerOf(replyNo), actor, at),
      shareFiles: (from, replyNo) => attachments.share(tx, from, ownerOf(replyNo), at),
      rate: (verdict, by) =>
        addRating(tx, {
          appealId: order.id,
          region: order.region,
          round: order.redoNo,
          satisfaction: verdict.satisfaction,
          solved: verdict.solved,
          reasons: verdict.reasons ?? [],
          comment: verdict.comment || null,
          by,
          at,
        }),
      alsoAct: (id, action, data = {}, patch = {}) => alsoAct(tx, actor, id, action, data, patch),
    };
  }

  /** An action of the platform's own on another order, in the same transaction: its table is asked, its guard is not. */
  async function alsoAct(
    tx: Tx,
    actor: Actor,
    id: string,
    action: OrderAction,
    data: Readonly<Record<string, unknown>>,
    patch: store.OrderPatch,
  ): Promise<void> {
    const locked = await store.lockOrder(tx, id);
    if (!locked) throw new Refusal({ code: 'base.not-found' });
    const at = now();
    const { order, clocks } = await settled(tx, locked, actor, at);
    const targets = decide(judge<OrderState, OrderAction>(orderLifecycle, order, action, everything(action), null));
    const context = await contextOf(tx, order, clocks, actor, at);
    const effect = await run(action, context, {});
    await finish(context, action, told(action), targets, {
      ...effect,
      patch: { ...effect.patch, ...patch },
      data: { ...effect.data, ...data },
    });
  }

  /**
   * The order and its clocks, when every step that was due is taken: what a step promises is neither lost nor late because
   * somebody acted first. Only the platform's own scope may take them; from any other the act begins anew after it.
   */
  async function settled(tx: Tx, order: store.OrderRowState, actor: Actor, at: Date) {
    const clocks = await clocksOf(tx, order.id);
    if (withDueStep(clocks, at.getTime()).length === 0) return { order, clocks, taken: 0 };
    if (actor.scopeKind !== 'system') throw new StepsDue(order.id);
    return stepped(tx, order, clocks, at);
  }

  async function stepped(tx: Tx, first: store.OrderRowState, found: readonly StoredClock[], at: Date) {
    const holidays = await reference.holidays();
    let [order, clocks, taken] = [first, found, 0];
    const reread = async () => ({ order: (await store.lockOrder(tx, first.id))!, clocks: await clocksOf(tx, first.id) });
    for (;;) {
      const due = withDueStep(clocks, at.getTime());
      if (due.length === 0) return { order, clocks, taken };
      const own = [];
      for (const stored of due) own.push(await takeStep(tx, order, stored, at.getTime(), holidays));
      // With the step or not at all: what a step promises is not lost between two transactions.
      for (const next of own)
        if (next) await unlessRefused(actOn(tx, PLATFORM, await reread(), at, next.action, null, next.input as never));
      taken += due.length;
      ({ order, clocks } = await reread());
    }
  }

  /** Runs an act. Steps it finds untaken are taken first; who saw the order as it stood before them has seen it. */
  async function afterSteps<T>(act: (seenVersion: number | null) => Promise<T>, id = '', seenVersion: number | null = null): Promise<T> {
    try {
      return await act(seenVersion);
    } catch (error) {
      if (!(error instanceof StepsDue)) throw error;
      const moved = await db.transact(SYSTEM, async (tx) => {
        const before = await store.lockOrder(tx, error.orderId);
        return before && { before, after: (await settled(tx, before, PLATFORM, now())).order };
      });
      const hasSeen = error.orderId === id && moved?.before.version === seenVersion;
      return afterSteps(act, id, hasSeen ? moved.after.version : seenVersion);
    }
  }

  async function actIn<A extends OrderAction>(
    tx: Tx,
    actor: Actor,
    id: string,
    action: A,
    seenVersion: number | null,
    input: InputOf<A>,
    options: ActOptions = {},
  ): Promise<ActionResult> {
    // Before anything is read: scopes that never act on orders have no right to lock one, and would meet a fault instead.
    if (!rightsOf(actor, action).has(orderLifecycle.actions[action].permission)) throw new Refusal({ code: 'base.forbidden' });
    const locked = await store.lockOrder(tx, id);
    // An order of another scope is missing, not forbidden: nobody learns from our answer that it exists.
    if (!locked) throw new Refusal({ code: 'base.not-found' });
    const at = now();
    return actOn(tx, actor, await settled(tx, locked, actor, at), at, action, seenVersion, input, options);
  }

  async function actOn<A extends OrderAction>(
    tx: Tx,
    actor: Actor,
    { order, clocks }: { order: store.OrderRowState; clocks: readonly StoredClock[] },
    at: Date,
    action: A,
    seenVersion: number | null,
    input: InputOf<A>,
    options: ActOptions = {},
  ): Promise<ActionResult> {
    const targets = decide(judge<OrderState, OrderAction>(orderLifecycle, order, action, rightsOf(actor, action), seenVersion));
    const context = await contextOf(tx, order, clocks, actor, at, options.uploads);
    decide(guard(action, context.facts, await guardedAt(actor)));
    const isAsked = needsSecond(action, order, input as { urgency?: number }, options.mass);
    if (actor.scopeKind !== 'system' && isAsked) return ask(context, action, input);
    const effect = await run(action, context, input);
    return finish(context, action, told(action), targets, effect);
  }

  /** Puts an action up for a second person; a case that is held waits in the state of that. */
  async function ask(context: EffectContext, action: OrderAction, input: unknown): Promise<ActionResult> {
    const { tx, order, actor, at } = context;
    const second = (orderLifecycle.actions[action] as ActionFacts<OrderState>).second!;
    const asking = (askEffects as Record<string, ((context: EffectContext, input: unknown) => Promise<Effect>) | undefined>)[action];
    const effect = (await asking?.(context, input)) ?? { patch: {}, data: noteOf(input) };
    const approval = await addApproval(tx, actor, {
      caseKind: 'order',
      caseId: order.id,
      region: order.region,
      unitCode: actor.unitCode,
      action,
      input,
      fromState: order.state,
      permission: second.permission,
      at,
      lapsesAfterHours: second.lapsesAfterHours,
    });
    const to = second.holds ?? order.state;
    const asked = { name: `orders.ask-${action}`, isPublic: second.public ?? false, audit: `orders.ask-${action}` };
    return finish(context, `ask:${action}`, asked, [to], { ...effect, data: { ...effect.data, approval } }, approval);
  }

  async function decideIn(tx: Tx, actor: Actor, approvalId: string, verdict: 'approve' | 'decline', opinion: string | null) {
    // Scopes that see no orders have no right to look for one.
    if (!actor.permissions.has('orders.see')) throw new Refusal({ code: 'base.forbidden' });
    const seen = await approvalOf(tx, approvalId);
    const locked = seen ? await store.lockOrder(tx, seen.caseId) : null;
    const at = now();
    const { order, clocks } = (locked && (await settled(tx, locked, actor, at))) ?? { order: null, clocks: [] };
    // The order's row is the lock of its requests: read again what stands now.
    const approval = order ? await approvalOf(tx, approvalId) : null;
    if (!approval || !order) throw new Refusal({ code: 'base.not-found' });
    if (!actor.permissions.has(approval.permission as never)) throw new Refusal({ code: 'base.forbidden' });
    if (approval.askedBy !== null && approval.askedBy === actor.accountId) throw new Refusal({ code: 'orders.asker-decides' });
    const lapsed = approval.lapsesMs !== null && approval.lapsesMs <= at.getTime();
    if (approval.state !== 'open' || lapsed) throw new Refusal({ code: 'orders.already-decided' });
    const context = await contextOf(tx, order, clocks, actor, at);
    if (verdict === 'decline') return putBack(context, approval, 'declined', actor, opinion);

    const action = approval.action as OrderAction;
    const described: ActionFacts<OrderState> = orderLifecycle.actions[action];
    const isHeld = described.second?.holds === order.state;
    const standing = isHeld ? (approval.fromState as OrderState) : order.state;
    const targets = targetsOf(described, standing);
    if (targets.length === 0) decide(judge<OrderState, OrderAction>(orderLifecycle, order, action, everything(action), null));
    const asked = context.facts.asked.filter((one) => one !== action);
    if (!isHeld) decide(guard(action, { ...context.facts, asked }, { ...(await guardedAt(actor)), units: null, approving: true }));
    await endApproval(tx, approval.id, 'approved', actor, at, opinion);
    const effect = await run(action, context, approval.input);
    const data = { ...effect.data, askedBy: approval.askedName, ...(opinion ? { opinion } : {}) };
    return finish(context, action, told(action), targets, { ...effect, data });
  }

  /** A request that came to nothing: a case that was held goes back to where it stood. */
  async function putBack(
    context: EffectContext,
    approval: Approval,
    end: 'declined' | 'lapsed',
    by: { accountId: string | null; name: string },
    opinion: string | null,
  ): Promise<ActionResult> {
    const { tx, order, at } = context;
    const action = approval.action as OrderAction;
    const { second } = orderLifecycle.actions[action] as ActionFacts<OrderState>;
    await endApproval(tx, approval.id, end, by, at, opinion);
    const effect = (await (declineEffects as Record<string, ((context: EffectContext) => Promise<Effect>) | undefined>)[action]?.(
      context,
    )) ?? {
      patch: {},
      data: {},
    };
    const to = second?.holds === order.state ? (approval.fromState as OrderState) : order.state;
    const name = `orders.${end === 'declined' ? 'decline' : 'lapse'}-${action}`;
    return finish(context, `decline:${action}`, { name, isPublic: second?.public ?? false, audit: name }, [to], {
      ...effect,
      unitCode: approval.unitCode ?? order.mainUnit,
      data: { ...effect.data, note: opinion, askedBy: approval.askedName },
    });
  }

  return {
    async act(actor, id, action, seenVersion, input, options = {}) {
      const uploads = 'attachments' in input ? await attachments.uploadsOf(input.attachments) : [];
      return afterSteps(
        (seen) =>
          db.transact(options.onHisWord ? SYSTEM : actor.scope, async (tx) => {
            const result = await actIn(tx, actor, id, action, seen, input, { ...options, uploads });
            await draftServed(tx, actor, `${id}.${action}`);
            return result;
          }),
        id,
        seenVersion,
      );
    },
    takeSteps: (id) =>
      db.transact(SYSTEM, async (tx) => {
        // The order's row is the lock of its clocks, here as in every action: two orders of locking would wait for each other.
        const order = await store.lockOrderIfFree(tx, id);
        return order ? (await settled(tx, order, PLATFORM, now())).taken : 0;
      }),
    actIn,
    decide: (actor, approvalId, verdict, opinion) =>
      afterSteps(() => db.transact(actor.scope, (tx) => decideIn(tx, actor, approvalId, verdict, opinion))),
    lapse: ({ id, caseId }) =>
      db.transact(SYSTEM, async (tx) => {
        const locked = await store.lockOrder(tx, caseId);
        if (!locked) return false;
        const at = now();
        const { order, clocks } = await settled(tx, locked, PLATFORM, at);
        const approval = await approvalOf(tx, id);
        if (approval?.state !== 'open') return false;
        await putBack(await contextOf(tx, order, clocks, PLATFORM, at), approval, 'lapsed', PLATFORM, null);
        return true;
      }),
    guardedAt,
  };
}

const effects = { ...wayEffects, ...branchEffects } as Record<OrderAction, (context: EffectContext, input: unknown) => Promise<Effect>>;

function run(action: OrderAction, context: EffectContext, input: unknown): Promise<Effect> {
  return effects[action](context, input);
}

function rightsOf(actor: Actor, action: OrderAction): ReadonlySet<Permission> {
  return actor.scopeKind === 'system' ? everything(action) : actor.permissions;
}

function everything(action: OrderAction) {
  return new Set([orderLifecycle.actions[action].permission]);
}

function noteOf(input: unknown): Record<string, unknown> {
  const { reason, opinion } = input as { reason?: string; opinion?: string };
  return { note: reason ?? opinion ?? null };
}
