import type { Lifecycle } from '../base/lifecycle.ts';
import { wayActions } from './orders.actions.ts';
import { branchActions } from './orders.branches.ts';
import { orderClocks } from './orders.clocks.ts';
import { privacyActions } from './orders.privacy.ts';
import { orderStates, type OrderState } from './orders.states.ts';

/** The work order (工单), DOMAIN §1.2-1.3. Extension, suspension, oversight and marks are records beside it, not states. */
export const orderLifecycle = {
  kind: 'order',
  name: { zh: '工单', en: 'Order' },
  initial: 'filed',
  states: orderStates,
  actions: { ...wayActions, ...branchActions, ...privacyActions },
  clocks: orderClocks,
} as const satisfies Lifecycle<OrderState>;

export type { OrderState };
export type OrderAction = keyof typeof orderLifecycle.actions;
export type OrderClock = keyof typeof orderLifecycle.clocks;
