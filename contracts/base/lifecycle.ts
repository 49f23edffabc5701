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
  readonly clocks: Readonly<Record<ClockName, ClockFacts<Action, State>>>;
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
  /**
   * From which state to which; a state that is absent does not allow the action. Where there are several, the action's
   * own effect chooses; the first is the usual one.
   */
  readonly moves: Readonly<Partial<Record<State, State | readonly State[]>>>;
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
  /** It takes two people: one asks, another one decides. */
  readonly second?: SecondPerson<State>;
}

/** Four eyes: what is asked for by one person is done only when another one approves. Nobody approves himself. */
export interface SecondPerson<State extends string = string> {
  /** What the other person must hold. */
  readonly permission: Permission;
  /** In these states only; elsewhere one person is enough. Absent: in all. */
  readonly in?: readonly State[];
  /** The state in which the case waits for the decision; without it the case goes on meanwhile. */
  readonly holds?: State;
  /** After so many hours a request that nobody decided has lapsed. Without it a clock of the case presses. */
  readonly lapsesAfterHours?: number;
  /** The line of the timeline for the request, and for its refusal. */
  readonly asked: Words;
  readonly declined: Words;
  /** Whether the citizen sees those lines, as of what he asked for himself. */
  readonly public?: true;
}

/** What turns clocks: that the case was opened, an action that was taken, one that was asked for, or one that was declined. */
export type Trigger<Action extends string = string> = Action | 'open' | `ask:${Action}` | `decline:${Action}`;

export interface ClockFacts<Action extends string = string, State extends string = string> {
  readonly name: Words;
  /** Starts it, unless it runs already. */
  readonly startsOn: readonly Trigger<Action>[];
  /** Fulfils it. */
  readonly stopsOn: readonly Trigger<Action>[];
  /** Fulfils it when the case leaves its states by them; while it stays there, the clock runs on. */
  readonly metBy?: readonly Trigger<Action>[];
  /** The states it may run in; a case that leaves them otherwise than by fulfilling ends it as void. Absent: all. */
  readonly within?: readonly State[];
  /** Makes it stand; the time it stands does not count. */
  readonly pausesOn?: readonly Trigger<Action>[];
  /** Lets it go on where it stood; the time between does not count. */
  readonly resumesOn?: readonly Trigger<Action>[];
  /** What had fulfilled it did not hold: the last one goes on as if it had stood. */
  readonly reopensOn?: readonly Trigger<Action>[];
  /** The clock of the limits matrix it takes its length from; null where the action itself says how long. */
  readonly limit: string | null;
  /** A start while it runs ends the former and begins anew. */
  readonly renews?: true;
  /** It does not light the lamp of the case: a window in which something may be done, or the clock of a part. */
  readonly aside?: true;
  /** What happens on its way. */
  readonly steps: readonly ClockStep<Action>[];
}

export interface ClockStep<Action extends string = string> {
  readonly name: string;
  /** At which part of its length, `yellow` for the lamp's own instant, or so many working days after it was due. */
  readonly at: number | 'yellow' | { readonly workdaysAfterDue: number };
  readonly told: Words;
  /** The action the platform itself takes then. */
  readonly takes?: Action;
}

/** Where an action may lead from a state, the usual target first; empty where the state does not allow it. */
export function targetsOf<S extends string>(facts: ActionFacts<S>, state: S): readonly S[] {
  const to = facts.moves[state];
  return to === undefined ? [] : Array.isArray(to) ? (to as readonly S[]) : [to as S];
}

/** Whether the table asks for a second person in this state. */
export function asksSecond<S extends string>(facts: ActionFacts<S>, state: S): boolean {
  return facts.second !== undefined && (facts.second.in === undefined || facts.second.in.includes(state));
}

/** The actions a state allows, by the table alone. */
export function actionsFrom<S extends string, A extends string>(lifecycle: Lifecycle<S, A>, state: S): A[] {
  return (Object.keys(lifecycle.actions) as A[]).filter((action) => targetsOf<S>(lifecycle.actions[action], state).length > 0);
}

/** Every arrow of the table: [from, action or its request or its refusal, to]. A held case also goes back, or on. */
export function arrowsOf<S extends string, A extends string>(lifecycle: Lifecycle<S, A>): (readonly [S, Trigger<A>, S])[] {
  return (Object.entries(lifecycle.actions) as [A, ActionFacts<S>][]).flatMap(([action, facts]) =>
    (Object.keys(facts.moves) as S[]).flatMap((from): (readonly [S, Trigger<A>, S])[] => {
      const targets = targetsOf(facts, from);
      const holds = asksSecond(facts, from) ? facts.second?.holds : undefined;
      const straight = targets.map((to) => [from, action, to] as const);
      if (holds === undefined) return straight;
      return [
        ...straight,
        [from, `ask:${action}`, holds],
        [holds, `decline:${action}`, from],
        ...targets.map((to) => [holds, action, to] as const),
      ];
    }),
  );
}
