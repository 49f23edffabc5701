import type { OrderState } from '#contracts/orders/orders.lifecycle.ts';

/** Each city's share of the requests in percent: published figures where there are some, the rest by population. */
export const CITIES: Readonly<Record<string, number>> = {
  '3205': 34,
  '3201': 15,
  '3202': 9.5,
  '3203': 8.2,
  '3206': 7.1,
  '3209': 5,
  '3212': 4,
  '3210': 4,
  '3208': 3.7,
  '3211': 2.6,
  '3213': 2.4,
  '3207': 2.3,
  '3204': 2.2,
};
export const TYPES = { '02': 40.4, '01': 38.7, '03': 15, '04': 4.7, '05': 0.5, '06': 0.3, '99': 0.4 };
// prettier-ignore
export const CHANNELS = {
  '01': 85.2, '05': 4.5, '04': 3.2, '03': 2.5, '12': 0.8, '07': 0.6, '15': 0.5, '11': 0.5, '06': 0.4, '10': 0.4, '22': 0.3, '23': 0.3,
  '16': 0.2, '19': 0.1, '20': 0.1, '26': 0.1, '17': 0.1, '18': 0.1, '99': 0.1,
};
// prettier-ignore
export const DOMAINS = {
  '04': 18, '02': 11, '01': 10, '03': 9, '05': 9, '06': 9, '10': 9, '07': 6, '08': 4, '11': 4, '09': 3, '13': 2.5, '12': 2, '16': 1.5,
  '14': 1, '15': 1,
};
export const URGENCIES = { '3': 93, '2': 5, '4': 1.5, '1': 0.5 };
/** Where the open stock stands. */
export const OPEN: Readonly<Partial<Record<OrderState, number>>> = {
  handling: 50,
  dispatched: 12,
  'pending-follow-up': 10,
  replied: 8,
  'following-up': 5,
  'pending-dispatch': 4,
  redo: 3,
  merged: 3,
  filed: 2,
  'return-pending': 1.5,
  reviewing: 1,
  coordinating: 0.5,
};
/** The clock that runs out next there, and how many days it gives. */
export const CLOCK: Readonly<Partial<Record<OrderState, readonly [string, number]>>> = {
  'pending-dispatch': ['dispatch', 0.05],
  reviewing: ['dispatch-review', 0.05],
  dispatched: ['sign', 1],
  'return-pending': ['return-review', 0.5],
  coordinating: ['coordination', 1],
  handling: ['handle', 9],
  replied: ['check', 1],
  'pending-follow-up': ['follow-up', 3],
  'following-up': ['follow-up', 3],
  redo: ['redo-review', 1],
};
/** Who must decide what waits for a second person, by the state it holds an order in. */
export const DECIDES: Readonly<Partial<Record<OrderState, readonly [string, string]>>> = {
  'return-pending': ['return', 'orders.dispatch'],
  reviewing: ['dispatch', 'orders.check'],
  redo: ['redo', 'orders.check'],
};
/** States in which no unit has the order. */
export const BEFORE: readonly OrderState[] = ['filed', 'pending-dispatch', 'reviewing', 'coordinating', 'merged'];
