import type { Loop } from '#server/platform/events/events.ts';
import type { Orders } from './orders.service.ts';

/** What goes on by itself: the steps of clocks, due dates that awaited a calendar, the archive after a week. */
export function ordersLoops(orders: Orders): Loop[] {
  return [
    { name: 'orders.clock-steps', restMs: 5000, turn: () => orders.takeSteps() },
    { name: 'orders.recompute-provisional', restMs: 60_000, turn: async () => ((await orders.recomputeProvisional()) > 0 ? 1 : 0) },
    { name: 'orders.archive', restMs: 60_000, turn: () => orders.archiveDue() },
  ];
}
