import { tellOnce } from '#server/platform/notices/notices.ts';
import type { Static, TSchema } from 'typebox';
import {
  kindFacts,
  RECORD_KINDS,
  type RecordAction,
  type RecordKind,
  type recordKinds,
} from '#contracts/operations/records/records.lifecycles.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import {
  casesWithDueStep,
  createEngine,
  recomputeProvisional,
  takeClockStep,
  type ActionResult,
  type Engine,
  type StoredClock,
} from '#server/platform/casework/index.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import type { Reference } from '../../reference/index.ts';
import { changeRules } from './change.kind.ts';
import { faultRules } from './fault.kind.ts';
import { problemRules } from './problem.kind.ts';
import { finishRecord, startClocks } from './records.finish.ts';
import type { KindRules, RecordContext, RecordEffect, RecordGuardedAt, RecordRow } from './records.kind.ts';
import { noticeOfRecordStep } from './records.notices.ts';
import { escalatedTo } from './records.rules.ts';
import * as store from './records.store.ts';
import { vulnerabilityRules } from './vulnerability.kind.ts';

export const kindRules: Readonly<Record<RecordKind, KindRules>> = {
  fault: faultRules,
  problem: problemRules,
  change: changeRules,
  vulnerability: vulnerabilityRules,
};

type Lifecycles = { [K in RecordKind]: (typeof recordKinds)[K]['lifecycle']['actions'] };
type InputOf<K extends RecordKind, A extends RecordAction<K>> = Lifecycles[K][A] extends { input: infer I extends TSchema }
  ? Static<I>
  : never;

export interface Records {
  /** Opens a record, or gives the open one of the same matter; its clocks begin. */
  open(tx: Tx, actor: Actor, record: store.NewRecord): Promise<store.Opened>;
  /**
   * Takes an action on a record.
   *
   * @throws Refusal `base.not-found`, `base.forbidden`, `base.stale`, `casework.not-allowed-now` and what its guard says
   */
  act<K extends RecordKind, A extends RecordAction<K>>(
    actor: Actor,
    kind: K,
    id: string,
    action: A,
    seenVersion: number | null,
    input: InputOf<K, A>,
  ): Promise<ActionResult>;
  /** The same in the caller's transaction. */
  actIn<K extends RecordKind, A extends RecordAction<K>>(
    tx: Tx,
    actor: Actor,
    kind: K,
    id: string,
    action: A,
    input: InputOf<K, A>,
  ): Promise<ActionResult>;
  guardedAt(tx: Tx, actor: Actor): Promise<RecordGuardedAt>;
  /** Takes the steps of clocks that have come due; gives how many. */
  takeSteps(limit?: number): Promise<number>;
  /** Computes due dates anew that rested on a year whose calendar is published by now; gives how many moved. */
  recomputeProvisional(): Promise<number>;
}

export interface RecordsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly reference: Pick<Reference, 'holidays'>;
  readonly nameOf: (tx: Tx, accountId: string) => Promise<string | null>;
}

type RecordEngine = Engine<string, string, RecordEffect, unknown>;

/** Every kind of record on the one engine of cases. */
export function createRecords({ db, clock, reference, nameOf }: RecordsDeps): Records {
  async function guardedAt(tx: Tx, actor: Actor): Promise<RecordGuardedAt> {
    return {
      nowMs: clock.nowMs(),
      accountId: actor.accountId,
      isPlatform: actor.scopeKind === 'system',
      holidays: await reference.holidays(),
      freezes: await store.freezesFrom(tx, new Date(clock.nowMs())),
    };
  }

  async function open(tx: Tx, actor: Actor, record: store.NewRecord): Promise<store.Opened> {
    const at = new Date(clock.nowMs());
    const opened = await store.addRecord(tx, record, { id: actor.accountId, name: actor.name }, at);
    if (opened.fresh) await startClocks(tx, actor, record, opened, at, await reference.holidays());
    return opened;
  }

  const engineOf = (kind: RecordKind): RecordEngine => {
    const rules = kindRules[kind];
    return createEngine<string, string, RecordRow, RecordContext, RecordEffect, unknown>({
      db,
      clock,
      kind: {
        lifecycle: kindFacts(kind).lifecycle,
        module: kindFacts(kind).plural,
        seeing: 'operations.report',
        lock: (tx, id) => store.lockRecord(tx, kind, id),
        lockIfFree: (tx, id) => store.lockRecordIfFree(tx, kind, id),
        holidays: reference.holidays,
        async contextOf(acting) {
          const { tx, row, actor } = acting;
          return {
            ...acting,
            guarded: await guardedAt(tx, actor),
            open: (record) => open(tx, actor, record),
            link: (relation, toId) => store.addLink(tx, row.id, relation, toId),
            byNumber: (number) => store.recordByNumber(tx, number),
            nameOf: (accountId) => personOf(tx, accountId),
          };
        },
        guard: async (action, { row, guarded }) => rules.guard(action, row, guarded),
        needsSecond: () => false,
        run: async (action, context, input) => rules.effects[action]!(context, input as never),
        // No action of these kinds asks for a second person: who approves has an action of his own.
        ask: async () => ({ data: {} }),
        decline: async () => ({ data: {} }),
        finish: (context, finished) => finishRecord(context, finished),
        takeStep: takeRecordStep,
      },
    });
  };
  const engines = Object.fromEntries(RECORD_KINDS.map((kind) => [kind, engineOf(kind)])) as Record<RecordKind, RecordEngine>;

  async function personOf(tx: Tx, accountId: string): Promise<string> {
    const name = await nameOf(tx, accountId);
    if (name === null) throw new Refusal({ code: 'operations.no-such-person' });
    return name;
  }

  return {
    open,
    guardedAt,
    act: (actor, kind, id, action, seenVersion, input) => {
      // A reporter of the hotline or a unit has no right on these tables: the platform writes it on his word.
      const onHisWord = actor.scopeKind !== 'operations' && actor.scopeKind !== 'system';
      return engines[kind].act(actor, id, action, seenVersion, input, onHisWord ? { onHisWord } : {});
    },
    actIn: (tx, actor, kind, id, action, input) => engines[kind].actIn(tx, actor, id, action, null, input),
    async takeSteps(limit = 200) {
      let taken = 0;
      for (const kind of RECORD_KINDS) {
        const cases = await db.transact(SYSTEM, (tx) => casesWithDueStep(tx, kind, clock.nowMs(), limit));
        for (const id of cases) taken += await engines[kind].takeSteps(id);
      }
      return taken;
    },
    async recomputeProvisional() {
      const holidays = await reference.holidays();
      let moved = 0;
      for (const kind of RECORD_KINDS) {
        const { clocks } = kindFacts(kind).lifecycle;
        moved += await recomputeProvisional(
          db,
          { kind, clocks, lock: (tx, id) => store.lockRecord(tx, kind, id), saveDue: store.saveDue },
          holidays,
        );
      }
      return moved;
    },
  };
}

/** One step of a clock that is due: told, noticed, and the action the platform takes on account of it. */
async function takeRecordStep(
  tx: Tx,
  row: RecordRow,
  stored: StoredClock,
  nowMs: number,
  holidays: Awaited<ReturnType<Reference['holidays']>>,
): Promise<{ action: string; input: unknown } | null> {
  const step = await takeClockStep(tx, row, stored, kindFacts(row.kind).lifecycle.clocks, nowMs, holidays);
  await tellOnce(tx, noticeOfRecordStep(row, stored, step, nowMs));
  if (step.takes === undefined) return null;
  return { action: step.takes, input: { to: escalatedTo(stored.name, step), cause: step.told.zh } };
}
