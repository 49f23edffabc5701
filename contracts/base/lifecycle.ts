import type { TSchema } from 'typebox';
import type { Permission } from '../permissions.ts';
import type { Words } from './text.ts';

/**
 * A kind of case, described. The server judges by this table, the console draws its buttons from it, the documents draw
 * their diagrams from it and the property tests walk it.
 */
export interface Lifecycle<State extends string = string, Action extends string = string, ClockName extends string = string> {
  readonly kind: string;
  readonly name: Words;
  readonly initial: State;
  readonly states: Readonly<Record<State, StateFacts>>;
  readonly actions: Readonly<Record<Action, ActionFacts<State>>>;
  readonly clocks: Readonly<Record<ClockName, ClockFacts<Action>>>;
}

export interface StateFacts {
  /** The state's code in documents and exchange (DOMAIN §1.2). */
  readonly code: string;
  readonly name: Words;
  /** What the citizen reads instead, in plain words. */
  readonly citizen?: Words;
  readonly tone: 'waiting' | 'working' | 'done' | 'stopped';
  /** Nothing leads out of it. */
  readonly final?: true;
}

export interface ActionFacts<State extends string = string> {
  readonly name: Words;
  /** From which state to which; a state that is absent does not allow the action. */
  readonly moves: Readonly<Partial<Record<State, State>>>;
  readonly permission: Permission;
  readonly input: TSchema;
  /** The line of the timeline. */
  readonly told: Words;
  /** Whether the citizen sees that line. */
  readonly public?: true;
  /** Asks for confirmation: it cannot be taken back. */
  readonly danger?: true;
  /** Done by the platform itself; no button. */
  readonly system?: true;
}

export interface ClockFacts<Action extends string = string> {
  readonly name: Words;
  readonly startsOn: readonly Action[];
  readonly stopsOn: readonly Action[];
  /** Starts it again where it stopped; the time between does not count. */
  readonly resumesOn?: readonly Action[];
  /** The clock of the limits matrix it takes its length from. */
  readonly limit: string;
  /** What happens on its way: at which part of its length, `yellow` for the lamp's own instant. */
  readonly steps: readonly ClockStep[];
}

export interface ClockStep {
  readonly name: string;
  readonly at: number | 'yellow';
  readonly told: Words;
}

/** The actions a state allows, by the table alone. */
export function actionsFrom<S extends string, A extends string>(lifecycle: Lifecycle<S, A>, state: S): A[] {
  return (Object.keys(lifecycle.actions) as A[]).filter((action) => lifecycle.actions[action].moves[state] !== undefined);
}
