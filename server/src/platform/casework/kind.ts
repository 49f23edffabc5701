import type { Lifecycle, Trigger } from '#contracts/base/lifecycle.ts';
import type { Permission } from '#contracts/permissions.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import type { Decision } from '#server/kernel/decision.ts';
import type { Actor } from '../actor.ts';
import type { Tx } from '../db/db.ts';
import type { Approval } from './approval.store.ts';
import type { StoredClock } from './clock.store.ts';

/** What the engine knows of a case's own row. */
export interface CaseRow<S extends string> {
  readonly id: string;
  readonly state: S;
  readonly version: number;
  readonly region: string;
}

/** A locked case in somebody's hands. */
export interface Acting<Row> {
  readonly tx: Tx;
  readonly row: Row;
  /** Every clock of the case, as it stands before. */
  readonly clocks: readonly StoredClock[];
  /** Actions that were asked for and wait for a second person. */
  readonly asked: readonly string[];
  readonly actor: Actor;
  readonly at: Date;
}

/** How what happened is named in the log and in the audit, and whether the citizen is told. */
export interface Telling {
  readonly name: string;
  readonly isPublic: boolean;
}

/** What an action did besides moving the state. A kind of case adds what its own rows need. */
export interface CaseEffect<S extends string> {
  /** What the timeline tells of it. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Where it leads, of several targets that the table allows; absent: the usual one. */
  readonly to?: S;
}

export interface ActionResult<S extends string = string> {
  readonly id: string;
  readonly state: S;
  readonly version: number;
  /** It was asked for and waits for a second person. */
  readonly approval: string | null;
}

/** What became of a case; written by its kind: row, clocks, event, audit entry. */
export interface Finished<S extends string, A extends string, Effect> {
  readonly trigger: Trigger<A>;
  readonly telling: Telling;
  readonly to: S;
  readonly effect: Effect;
}

/** A kind of case, as the engine runs it. */
export interface CaseKind<
  S extends string,
  A extends string,
  Row extends CaseRow<S>,
  Context extends Acting<Row>,
  Effect extends CaseEffect<S>,
  Options = unknown,
> {
  readonly lifecycle: Lifecycle<S, A>;
  /** The module, before the dot of its events and audit entries. */
  readonly module: string;
  /** Who lacks it sees none of these cases. */
  readonly seeing: Permission;
  /** The case, locked until the transaction ends; null where it is not, or not in this scope. */
  lock(tx: Tx, id: string): Promise<Row | null>;
  /** The same, null also where somebody else holds it this moment. */
  lockIfFree(tx: Tx, id: string): Promise<Row | null>;
  holidays(): Promise<Holidays>;
  /** What guards and effects are asked with. */
  contextOf(acting: Acting<Row>, options: Options | undefined): Promise<Context>;
  /** What the table cannot say. `approving`: what another asked for earlier is about to be done. */
  guard(action: A, context: Context, approving: boolean): Promise<Decision<unknown>>;
  /** Whether this act takes a second person. */
  needsSecond(action: A, row: Row, input: unknown, options: Options | undefined): boolean;
  /** The action's own writes. */
  run(action: A, context: Context, input: unknown): Promise<Effect>;
  /** What asking for it writes, and what its refusal does. */
  ask(action: A, context: Context, input: unknown): Promise<Effect>;
  decline(action: A, context: Context, approval: Approval): Promise<Effect>;
  finish(context: Context, finished: Finished<S, A, Effect>): Promise<void>;
  /** One step of a clock that is due: kept, told, and the next one set; the action the platform takes on account of it. */
  takeStep(tx: Tx, row: Row, clock: StoredClock, nowMs: number, holidays: Holidays): Promise<{ action: A; input: unknown } | null>;
}

export interface Engine<S extends string, A extends string, Effect, Options> {
  /**
   * Takes an action of the lifecycle on a case, or asks a second person for it where the table says so.
   *
   * @throws Refusal `base.not-found`, `base.forbidden`, `base.stale`, `casework.not-allowed-now` and what the action's guard says
   */
  act(
    actor: Actor,
    id: string,
    action: A,
    seenVersion: number | null,
    input: unknown,
    options?: Options & ActScope,
  ): Promise<ActionResult<S>>;
  /** The same in the caller's transaction. */
  actIn(
    tx: Tx,
    actor: Actor,
    id: string,
    action: A,
    seenVersion: number | null,
    input: unknown,
    options?: Options,
  ): Promise<ActionResult<S>>;
  /** An action of the platform's own on a case, in the same transaction: its table is asked, its guard is not. */
  alsoAct(tx: Tx, actor: Actor, id: string, action: A, amend: (effect: Effect) => Effect): Promise<void>;
  /** Decides what somebody else asked for: approved it is done at once, declined a held case goes back to where it stood. */
  decide(actor: Actor, approvalId: string, verdict: 'approve' | 'decline', opinion: string | null): Promise<ActionResult<S>>;
  /** Ends a request that nobody decided in time; false when it was decided meanwhile. */
  lapse(approval: { id: string; caseId: string }): Promise<boolean>;
  /** Takes every step of the case's clocks that is due; gives how many. None where somebody acts on the case this moment. */
  takeSteps(id: string): Promise<number>;
}

/** In which scope an act writes: who acts, or the platform on his word. */
export interface ActScope {
  readonly onHisWord?: true;
  /** Done in the same transaction, after the act. */
  readonly after?: (tx: Tx) => Promise<void>;
}
