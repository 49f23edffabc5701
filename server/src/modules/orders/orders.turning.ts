import type { OrderClock, OrderState } from '#contracts/orders/orders.lifecycle.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import {
  clocksOf,
  clocksToStart,
  dueOf,
  endClock,
  extendClock,
  isOpen,
  saveClocks,
  startClock,
  stopClock,
  turnClocks,
  type ClockRule,
  type RunningClock,
  type StoredClock,
} from '#server/platform/casework/index.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { Reference } from '../reference/index.ts';
import { clockTable, type OrderTrigger } from './orders.clocks.ts';
import type { OrderPatch, OrderRowState } from './orders.store.ts';

/** What an action does to clocks beyond the lifecycle table: those of parts, and longer limits. */
export type OwnTurn =
  | {
      readonly kind: 'start';
      readonly name: 'task-sign' | 'task-handle';
      readonly no: number;
      readonly unitCode: string;
      readonly rule?: ClockRule;
    }
  /** The clock of an assisting unit: as long as the main unit's. */
  | { readonly kind: 'like-main'; readonly no: number; readonly unitCode: string }
  | { readonly kind: 'stop' | 'end'; readonly name: 'task-sign' | 'task-handle'; readonly no: number }
  /** The main unit's limit, and those of the units that assist it. */
  | { readonly kind: 'extend'; readonly amount: number };

export interface Turning {
  readonly tx: Tx;
  readonly order: OrderRowState;
  /** The order's clocks as they stand before. */
  readonly clocks: readonly StoredClock[];
  readonly trigger: OrderTrigger;
  /** Where the order stands after. */
  readonly state: OrderState;
  readonly at: Date;
  readonly type: string;
  readonly urgency: number;
  readonly category: string | null;
  readonly unitCode: string | null;
  /** Limits that the action itself gives. */
  readonly rules?: ReadonlyMap<OrderClock, ClockRule>;
  readonly turns?: readonly OwnTurn[];
}

/** Turns the clocks of an order and writes them; gives what the order's row says of them. */
export async function turn(turning: Turning, reference: Reference): Promise<OrderPatch> {
  const { tx, order, trigger, state } = turning;
  const holidays = await reference.holidays();
  const limitOf = (limit: string) =>
    reference.limitFor(
      { urgency: turning.urgency, type: turning.type, category: turning.category, region: order.region },
      limit,
      turning.at.getTime(),
    );
  const rules = new Map<string, ClockRule>(turning.rules);
  for (const name of clocksToStart(clockTable, trigger, state)) {
    const { limit } = clockTable[name as OrderClock];
    if (!rules.has(name) && limit !== null) rules.set(name, await limitOf(limit));
  }
  const turned = turnClocks(clockTable, turning.clocks, trigger, state, turning.at.getTime(), rules, holidays);
  await saveClocks(
    tx,
    { caseKind: 'order', caseId: order.id, region: order.region, unitCode: turning.unitCode },
    turned.fresh,
    turned.changed,
  );
  if (!turning.turns || turning.turns.length === 0) return dueOf(clockTable, turned.all);

  const known = await clocksOf(tx, order.id);
  for (const own of turning.turns) {
    if (own.kind === 'start') {
      const facts = clockTable[own.name];
      const rule = own.rule ?? (await limitOf(facts.limit ?? 'handle'));
      await add(turning, own.unitCode, startClock(own.name, own.no, facts, rule, turning.at.getTime(), holidays));
    } else if (own.kind === 'like-main') {
      const main = known.findLast((clock) => clock.name === 'handle' && isOpen(clock));
      if (main) await add(turning, own.unitCode, likeMain(main, own.no, turning, holidays));
    } else if (own.kind === 'extend') {
      await extendAll(tx, known, own.amount, turning.at.getTime(), holidays);
    } else {
      const clock = known.find((one) => one.name === own.name && one.no === own.no && isOpen(one));
      const ends = own.kind === 'stop' ? stopClock : endClock;
      if (clock) await saveClocks(tx, clock, [], [ends(clock, turning.at.getTime())]);
    }
  }
  return dueOf(clockTable, await clocksOf(tx, order.id));
}

function add({ tx, order }: Turning, unitCode: string, clock: RunningClock): Promise<void> {
  return saveClocks(tx, { caseKind: 'order', caseId: order.id, region: order.region, unitCode }, [clock], []);
}

/** The main clock under the part's name: the same rule and due instant, and its own steps from now on. */
function likeMain(main: StoredClock, no: number, { at }: Turning, holidays: Holidays): RunningClock {
  const facts = clockTable['task-handle'];
  const begun = startClock('task-handle', no, facts, main.rule, main.t0Ms, holidays);
  const same = {
    ...begun,
    dueMs: main.dueMs,
    yellowMs: main.yellowMs,
    provisional: main.provisional,
    pausedMs: main.pausedMs,
    extendedMs: main.extendedMs,
  };
  if (main.stoppedMs !== null) return { ...same, stoppedMs: main.stoppedMs, nextStep: null, nextStepMs: null };
  return extendClock(same, 0, facts, at.getTime(), holidays);
}

async function extendAll(tx: Tx, known: readonly StoredClock[], amount: number, atMs: number, holidays: Holidays): Promise<void> {
  const main = known.findLast((clock) => clock.name === 'handle' && isOpen(clock));
  if (!main) return;
  const alike = known.filter((clock) => clock.name === 'task-handle' && isOpen(clock) && clock.dueMs === main.dueMs);
  for (const clock of [main, ...alike]) {
    await saveClocks(tx, clock, [], [extendClock(clock, amount, clockTable[clock.name as OrderClock], atMs, holidays)]);
  }
}
