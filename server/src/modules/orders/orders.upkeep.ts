import type { Clock } from '#server/kernel/clock.ts';
import { unlessRefused } from '#server/kernel/decision.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import { casesWithDueStep, lapsedApprovals, recomputeProvisional } from '#server/platform/casework/index.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import type { Reference } from '../reference/index.ts';
import { clockTable } from './orders.clocks.ts';
import { ARCHIVE_AFTER_MS } from './orders.rules.ts';
import type { Orders } from './orders.service.ts';
import * as store from './orders.store.ts';

/** What goes on by itself. */
export interface OrdersUpkeep {
  /** Takes the steps of clocks that have come due; gives how many. */
  takeSteps(limit?: number): Promise<number>;
  /** Computes due dates anew that rested on a year whose calendar is published by now; gives how many moved. */
  recomputeProvisional(): Promise<number>;
  /** Archives what was closed more than a week ago; gives how many. */
  archiveDue(limit?: number): Promise<number>;
  /** Ends requests that nobody decided in time; gives how many. */
  lapseDue(limit?: number): Promise<number>;
}

interface Deps {
  readonly db: Db;
  readonly clock: Clock;
  readonly reference: Reference;
  readonly orders: Orders;
}

export function createOrdersUpkeep({ db, clock, reference, orders }: Deps): OrdersUpkeep {
  return {
    async takeSteps(limit = 200) {
      const cases = await db.transact(SYSTEM, (tx) => casesWithDueStep(tx, 'order', clock.nowMs(), limit));
      let taken = 0;
      for (const id of cases) taken += await orders.takeSteps(id);
      return taken;
    },
    recomputeProvisional: async () =>
      recomputeProvisional(
        db,
        { kind: 'order', clocks: clockTable, lock: store.lockOrder, saveDue: store.patchOrder },
        await reference.holidays(),
      ),
    async archiveDue(limit = 200) {
      const due = await db.transact(SYSTEM, (tx) => store.dueForArchive(tx, new Date(clock.nowMs() - ARCHIVE_AFTER_MS), limit));
      let done = 0;
      for (const order of due) {
        if (await unlessRefused(orders.act(PLATFORM, order.id, 'archive', order.version, {}))) done++;
      }
      return done;
    },
    async lapseDue(limit = 200) {
      const due = await db.transact(SYSTEM, (tx) => lapsedApprovals(tx, 'order', clock.nowMs(), limit));
      let done = 0;
      for (const approval of due) if (await orders.lapse(approval)) done++;
      return done;
    },
  };
}
