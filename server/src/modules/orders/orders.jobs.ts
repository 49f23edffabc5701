import type { Loop } from '#server/platform/events/events.ts';
import type { OrdersUpkeep } from './orders.upkeep.ts';

/** What goes on by itself: the steps of clocks, due dates that awaited a calendar, requests nobody decided, the archive. */
export function ordersLoops(upkeep: OrdersUpkeep): Loop[] {
  return [
    { name: 'orders.clock-steps', restMs: 5000, turn: () => upkeep.takeSteps() },
    { name: 'orders.recompute-provisional', restMs: 60_000, turn: async () => ((await upkeep.recomputeProvisional()) > 0 ? 1 : 0) },
    { name: 'orders.archive', restMs: 60_000, turn: () => upkeep.archiveDue() },
    { name: 'orders.lapse-requests', restMs: 60_000, turn: () => upkeep.lapseDue() },
  ];
}
