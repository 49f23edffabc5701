import type { Static, TSchema } from 'typebox';
import type { RecordKind } from '#contracts/operations/records/records.lifecycles.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import { accept, refuse, type Decision } from '#server/kernel/decision.ts';
import type { Acting, CaseEffect, CaseRow } from '#server/platform/casework/index.ts';
import type { Freeze } from './change.rules.ts';
import type { NewRecord, Opened, RecordPatch, Relation } from './records.store.ts';

/** A record as the engine and its rules see it. */
export interface RecordRow extends CaseRow<string> {
  readonly kind: RecordKind;
  readonly number: string;
  readonly level: number;
  readonly title: string;
  readonly component: string | null;
  readonly source: string;
  readonly reporterId: string | null;
  readonly ownerId: string | null;
  readonly openedAt: Date;
  readonly paused: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The moment and the person, as guards see them. */
export interface RecordGuardedAt {
  readonly nowMs: number;
  readonly accountId: string | null;
  readonly isPlatform: boolean;
  readonly holidays: Holidays;
  readonly freezes: readonly Freeze[];
}

export interface RecordContext extends Acting<RecordRow> {
  readonly guarded: RecordGuardedAt;
  /** Opens another record in the same transaction. */
  readonly open: (record: NewRecord) => Promise<Opened>;
  readonly link: (relation: Relation, toId: string) => Promise<void>;
  /** The record of a number, or null where there is none. */
  readonly byNumber: (number: string) => Promise<{ id: string; kind: string; state: string } | null>;
  readonly nameOf: (accountId: string) => Promise<string>;
}

export interface RecordEffect extends CaseEffect<string> {
  readonly patch?: RecordPatch;
  /** Joined to what the record knows. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

type Input<I> = (context: RecordContext, input: I) => RecordEffect | Promise<RecordEffect>;

/** What a kind of record adds to its lifecycle: guards over what the table cannot say, and the writes of its actions. */
export interface KindRules {
  readonly guard: (action: string, row: RecordRow, at: RecordGuardedAt) => Decision<unknown>;
  // Each action's input is judged by its own schema before it comes here.
  readonly effects: Readonly<Record<string, Input<never>>>;
}

/** The writes of each action of a lifecycle, by the inputs of its table. */
export type EffectsOf<Actions extends Readonly<Record<string, { readonly input: TSchema }>>> = {
  readonly [A in keyof Actions]: (context: RecordContext, input: Static<Actions[A]['input']>) => RecordEffect | Promise<RecordEffect>;
};

/** Nobody passes his own work. */
export function byAnother(who: unknown, at: RecordGuardedAt): Decision<unknown> {
  return who !== null && who === at.accountId && !at.isPlatform ? refuse('operations.own-work') : accept(null);
}

/** What the timeline tells of a word typed with an action. */
export function noted(text: string | undefined, more: Readonly<Record<string, unknown>> = {}): Pick<RecordEffect, 'data'> {
  return { data: { ...more, note: text ?? null } };
}
