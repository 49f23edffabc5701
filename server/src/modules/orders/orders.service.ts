import { orderLifecycle, type OrderAction, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Actor } from '#server/platform/actor.ts';
import { createEngine, type ActionResult, type Engine } from '#server/platform/casework/index.ts';
import type { Db, Tx } from '#server/platform/db/db.ts';
import { draftServed } from '#server/platform/drafts/drafts.store.ts';
import { addRating, type Attachments } from '../appeals/index.ts';
import type { Reference } from '../reference/index.ts';
import { askEffects, branchEffects, declineEffects } from './orders.branches.ts';
import { wayEffects, type Effect, type EffectContext, type InputOf } from './orders.effects.ts';
import { factsFor, limitsOf } from './orders.facts.ts';
import { finish } from './orders.finish.ts';
import { guard, needsSecond, type GuardedAt } from './orders.rules.ts';
import { takeStep } from './orders.steps.ts';
import * as store from './orders.store.ts';

export interface ActOptions {
  /** One of many at once. */
  readonly mass?: boolean;
  /**
   * A citizen has proved that the appeal is his. What follows touches tasks, requests and merged orders, which no citizen
   * has any right on, so the platform writes it on his word.
   */
  readonly onHisWord?: true;
}

type Uploads = Awaited<ReturnType<Attachments['uploadsOf']>>;

/** How orders are acted on; the engine's promises, with the input of each action. */
export interface Orders extends Omit<Engine<OrderState, OrderAction, Effect, KindOptions>, 'act' | 'actIn' | 'alsoAct'> {
  /**
   * Takes an action of the lifecycle on an order, or asks a second person for it where the table says so.
   *
   * @throws Refusal `base.not-found`, `base.forbidden`, `base.stale`, `casework.not-allowed-now` and what the action's guard says
   */
  act<A extends OrderAction>(
    actor: Actor,
    id: string,
    action: A,
    seenVersion: number | null,
    input: InputOf<A>,
    options?: ActOptions,
  ): Promise<ActionResult<OrderState>>;
  /** An action of the platform's own in the caller's transaction. */
  actIn<A extends OrderAction>(
    tx: Tx,
    actor: Actor,
    id: string,
    action: A,
    seenVersion: number | null,
    input: InputOf<A>,
  ): Promise<ActionResult<OrderState>>;
  /** How guards see the moment and the person; for drawing buttons. */
  guardedAt(actor: Actor): Promise<GuardedAt>;
}

export interface OrdersDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly reference: Reference;
  readonly attachments: Pick<Attachments, 'uploadsOf' | 'attach' | 'share'>;
  /** The year whose first good backup ends the last copy of what stood in the database at an instant. */
  readonly lastBackupYear: (atMs: number) => number;
}

export function createOrdersService({ db, clock, reference, attachments, lastBackupYear }: OrdersDeps): Orders {
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

  const engine: Engine<OrderState, OrderAction, Effect, KindOptions> = createEngine<
    OrderState,
    OrderAction,
    store.OrderRowState,
    EffectContext,
    Effect,
    KindOptions
  >({
    db,
    clock,
    kind: {
      lifecycle: orderLifecycle,
      module: 'orders',
      seeing: 'orders.see',
      lock: store.lockOrder,
      lockIfFree: store.lockOrderIfFree,
      holidays: reference.holidays,
      async contextOf(acting, { uploads = [] } = {}) {
        const { tx, row: order, clocks, actor, at } = acting;
        const ownerOf = (replyNo: number) => ({ appealId: order.id, region: order.region, replyNo, supplementId: null });
        return {
          ...acting,
          order,
          facts: await factsFor(tx, order, clocks, acting.asked, at.getTime(), reference),
          reference,
          limits: limitsOf(reference),
          lastBackupYear,
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
          alsoAct: (id, action, data = {}, patch = {}) =>
            engine.alsoAct(tx, actor, id, action, (effect) => ({
              ...effect,
              patch: { ...effect.patch, ...patch },
              data: { ...effect.data, ...data },
            })),
        };
      },
      async guard(action, { facts, actor }, approving) {
        const at = await guardedAt(actor);
        if (!approving) return guard(action, facts, at);
        const asked = facts.asked.filter((one) => one !== action);
        return guard(action, { ...facts, asked }, { ...at, units: null, approving: true });
      },
      needsSecond: (action, order, input, options) => needsSecond(action, order, input as { urgency?: number }, options?.mass),
      run: (action, context, input) => effects[action](context, input),
      async ask(action, context, input) {
        return (await asking[action]?.(context, input)) ?? { patch: {}, data: noteOf(input) };
      },
      async decline(action, context, approval) {
        const effect = (await declining[action]?.(context)) ?? { patch: {}, data: {} };
        return { ...effect, unitCode: approval.unitCode ?? context.order.mainUnit };
      },
      finish,
      takeStep,
    },
  });

  return {
    ...engine,
    async act(actor, id, action, seenVersion, input, { mass, onHisWord } = {}) {
      return engine.act(actor, id, action, seenVersion, input, {
        uploads: 'attachments' in input ? await attachments.uploadsOf(input.attachments) : [],
        after: (tx) => draftServed(tx, actor, `${id}.${action}`),
        ...(mass ? { mass } : {}),
        ...(onHisWord ? { onHisWord } : {}),
      });
    },
    guardedAt,
  };
}

interface KindOptions {
  readonly mass?: boolean;
  /** Files that came with it. */
  readonly uploads?: Uploads;
}

const effects = { ...wayEffects, ...branchEffects } as Record<OrderAction, (context: EffectContext, input: unknown) => Promise<Effect>>;
const asking = askEffects as Partial<Record<OrderAction, (context: EffectContext, input: unknown) => Promise<Effect>>>;
const declining = declineEffects as Partial<Record<OrderAction, (context: EffectContext) => Promise<Effect>>>;

function noteOf(input: unknown): Record<string, unknown> {
  const { reason, opinion } = input as { reason?: string; opinion?: string };
  return { note: reason ?? opinion ?? null };
}
