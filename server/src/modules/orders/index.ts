/**
 * Orders (工单): how the government acts on an appeal, from its acceptance to its archive.
 *
 * The lifecycle is the table in `contracts/orders`; the service judges by it, turns the clocks, writes state, event and
 * audit entry in one transaction. Owns the schema `orders`; uses reference and appeals. Its events are named after the
 * lifecycle's actions (`orders.dispatch`, ...) and `clocks.<clock>-<step>`.
 */
export { clockTable as orderClockTable } from './orders.clocks.ts';
export { createOpenOrder } from './orders.opening.ts';
export { createCitizens, type Citizens } from './orders.citizens.ts';
export { createOrdersService, type Orders } from './orders.service.ts';
export { createOrdersUpkeep, type OrdersUpkeep } from './orders.upkeep.ts';
export type { InputOf } from './orders.effects.ts';
export { orderSide } from './orders.pages.ts';
export { ordersRoutes } from './orders.routes.ts';
export { desksRoutes } from './orders.desks.routes.ts';
export { savedViewsRoutes } from './orders.saved-views.ts';
export { dailyCounts, orderNotices, repeatedMatters } from './orders.events.ts';
export { ordersLoops } from './orders.jobs.ts';
export { liveFacts, regionOfOrder } from './orders.live.ts';
export { eventsOf, orderRow } from './orders.views.ts';
export { orderSamples } from './orders.samples.ts';
export { normBoardsRoutes } from './orders.norm-boards.ts';
export { countsOfMonth, DONE_STATES, type MonthCount } from './orders.month.ts';
