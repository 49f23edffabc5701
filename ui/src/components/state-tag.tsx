import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import { taskLifecycle } from '#contracts/orders/task.lifecycle.ts';
import { entryLifecycle, normLifecycle } from '#contracts/reference/norm.lifecycle.ts';
import type { StateFacts } from '#contracts/base/lifecycle.ts';
import { useSay } from '../text.ts';

const orderStates: Readonly<Record<string, StateFacts>> = orderLifecycle.states;
const states = {
  order: orderStates,
  task: taskLifecycle.states,
  norm: normLifecycle.states,
  entry: entryLifecycle.states,
} as const satisfies Record<string, Readonly<Record<string, StateFacts>>>;

export function stateFacts(state: string): StateFacts | undefined {
  return orderStates[state];
}

/** The state of an order, of a unit's task in it, of a norm or of an entry of the catalogue. */
export function StateTag({ state, of = 'order' }: { state: string; of?: keyof typeof states }) {
  const speak = useSay();
  const known: Readonly<Record<string, StateFacts>> = states[of];
  const facts = known[state];
  if (!facts) return <span className="ms-tag ms-tag--stopped">{state}</span>;
  return <span className={`ms-tag ms-tag--${facts.tone}`}>{speak(facts.name)}</span>;
}
