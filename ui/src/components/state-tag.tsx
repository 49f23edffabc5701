import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import { taskLifecycle } from '#contracts/orders/task.lifecycle.ts';
import type { StateFacts } from '#contracts/base/lifecycle.ts';
import { useSay } from '../text.ts';

const orderStates: Readonly<Record<string, StateFacts>> = orderLifecycle.states;
const taskStates: Readonly<Record<string, StateFacts>> = taskLifecycle.states;

export function stateFacts(state: string): StateFacts | undefined {
  return orderStates[state];
}

/** The state of an order, or of a unit's task in it. */
export function StateTag({ state, of = 'order' }: { state: string; of?: 'order' | 'task' }) {
  const speak = useSay();
  const facts = (of === 'order' ? orderStates : taskStates)[state];
  if (!facts) return <span className="ms-tag ms-tag--stopped">{state}</span>;
  return <span className={`ms-tag ms-tag--${facts.tone}`}>{speak(facts.name)}</span>;
}
