import { targetsOf, type ActionFacts, type Trigger } from '#contracts/base/lifecycle.ts';
import type { Permission } from '#contracts/permissions.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { decide, Refusal, unlessRefused } from '#server/kernel/decision.ts';
import { PLATFORM, type Actor } from '../actor.ts';
import { SYSTEM, type Db, type Tx } from '../db/db.ts';
import { addApproval, approvalOf, endApproval, openApprovals, type Approval } from './approval.store.ts';
import { clocksOf, type StoredClock } from './clock.store.ts';
import { isRunning } from './clocks.ts';
import { judge } from './judge.ts';
import type { ActionResult, Acting, CaseEffect, CaseKind, CaseRow, Engine, Telling } from './kind.ts';

/** Somebody acts on a case before its clocks have taken the steps that were due: the platform takes them first. */
class StepsDue extends Error {
  readonly caseId: string;
  constructor(caseId: string) {
    super(`Steps of the clocks of case ${caseId} are due`);
    this.caseId = caseId;
  }
}

/** The clocks whose next step was to be taken by then. */
function withDueStep(clocks: readonly StoredClock[], atMs: number): StoredClock[] {
  return clocks.filter((clock) => isRunning(clock) && clock.nextStepMs !== null && clock.nextStepMs <= atMs);
}

/** Runs one kind of case: judges by its table, guards, asks for a second person, lets the clocks' steps be taken first. */
export function createEngine<
  S extends string,
  A extends string,
  Row extends CaseRow<S>,
  Context extends Acting<Row>,
  Effect extends CaseEffect<S>,
  Options,
>({ db, clock, kind }: { db: Db; clock: Clock; kind: CaseKind<S, A, Row, Context, Effect, Options> }): Engine<S, A, Effect, Options> {
  const { lifecycle } = kind;
  const factsOf = (action: A): ActionFacts<S> => lifecycle.actions[action];
  const told = (action: A): Telling => ({ name: `${kind.module}.${action}`, isPublic: factsOf(action).public ?? false });
  const everything = (action: A) => new Set([factsOf(action).permission]);
  const rightsOf = (actor: Actor, action: A): ReadonlySet<Permission> =>
    actor.scopeKind === 'system' ? everything(action) : actor.permissions;
  /** Asked once the case's row is held: what waited for it happens after what it waited for. */
  const now = () => new Date(clock.nowMs());

  /** Where it now stands, written; requests that it can no longer fulfil there are over. */
  async function finish(
    context: Context,
    trigger: Trigger<A>,
    telling: Telling,
    targets: readonly S[],
    effect: Effect,
    approval: string | null = null,
  ): Promise<ActionResult<S>> {
    const { tx, row, actor, at } = context;
    const to = effect.to ?? targets[0]!;
    if (!targets.includes(to)) throw new Error(`The effect of ${trigger} leads case ${row.id} to ${to}, which its table does not allow`);
    await kind.finish(context, { trigger, telling, to, effect });
    for (const open of context.asked.length > 0 ? await openApprovals(tx, row.id) : []) {
      const facts = factsOf(open.action as A);
      if (open.id === approval || facts.second?.holds === to || targetsOf(facts, to).length > 0) continue;
      await endApproval(tx, open.id, 'superseded', actor, at, null);
    }
    return { id: row.id, state: to, version: row.version + 1, approval };
  }

  /**
   * The case and its clocks, when every step that was due is taken: what a step promises is neither lost nor late because
   * somebody acted first. Only the platform's own scope may take them; from any other the act begins anew after it.
   */
  async function settled(tx: Tx, row: Row, actor: Actor, at: Date) {
    const clocks = await clocksOf(tx, row.id);
    if (withDueStep(clocks, at.getTime()).length === 0) return { row, clocks, taken: 0 };
    if (actor.scopeKind !== 'system') throw new StepsDue(row.id);
    return stepped(tx, row, clocks, at);
  }

  async function stepped(tx: Tx, first: Row, found: readonly StoredClock[], at: Date) {
    const holidays = await kind.holidays();
    let [row, clocks, taken] = [first, found, 0];
    const reread = async () => ({ row: (await kind.lock(tx, first.id))!, clocks: await clocksOf(tx, first.id) });
    for (;;) {
      const due = withDueStep(clocks, at.getTime());
      if (due.length === 0) return { row, clocks, taken };
      const own = [];
      for (const stored of due) own.push(await kind.takeStep(tx, row, stored, at.getTime(), holidays));
      // With the step or not at all: what a step promises is not lost between two transactions.
      for (const next of own) if (next) await unlessRefused(actOn(tx, PLATFORM, await reread(), at, next.action, null, next.input));
      taken += due.length;
      ({ row, clocks } = await reread());
    }
  }

  /** Runs an act. Steps it finds untaken are taken first; who saw the case as it stood before them has seen it. */
  async function afterSteps<T>(act: (seenVersion: number | null) => Promise<T>, id = '', seenVersion: number | null = null): Promise<T> {
    try {
      return await act(seenVersion);
    } catch (error) {
      if (!(error instanceof StepsDue)) throw error;
      const moved = await db.transact(SYSTEM, async (tx) => {
        const before = await kind.lock(tx, error.caseId);
        return before && { before, after: (await settled(tx, before, PLATFORM, now())).row };
      });
      const hasSeen = error.caseId === id && moved?.before.version === seenVersion;
      return afterSteps(act, id, hasSeen ? moved.after.version : seenVersion);
    }
  }

  async function contextOf(tx: Tx, row: Row, clocks: readonly StoredClock[], actor: Actor, at: Date, options?: Options): Promise<Context> {
    const asked = (await openApprovals(tx, row.id)).map((approval) => approval.action);
    return kind.contextOf({ tx, row, clocks, asked, actor, at }, options);
  }

  async function actIn(
    tx: Tx,
    actor: Actor,
    id: string,
    action: A,
    seenVersion: number | null,
    input: unknown,
    options?: Options,
  ): Promise<ActionResult<S>> {
    // Before anything is read: scopes that never act on such cases have no right to lock one, and would meet a fault instead.
    if (!rightsOf(actor, action).has(factsOf(action).permission)) throw new Refusal({ code: 'base.forbidden' });
    const locked = await kind.lock(tx, id);
    // A case of another scope is missing, not forbidden: nobody learns from our answer that it exists.
    if (!locked) throw new Refusal({ code: 'base.not-found' });
    const at = now();
    return actOn(tx, actor, await settled(tx, locked, actor, at), at, action, seenVersion, input, options);
  }

  async function actOn(
    tx: Tx,
    actor: Actor,
    { row, clocks }: { row: Row; clocks: readonly StoredClock[] },
    at: Date,
    action: A,
    seenVersion: number | null,
    input: unknown,
    options?: Options,
  ): Promise<ActionResult<S>> {
    const targets = decide(judge(lifecycle, row, action, rightsOf(actor, action), seenVersion));
    const context = await contextOf(tx, row, clocks, actor, at, options);
    decide(await kind.guard(action, context, false));
    if (actor.scopeKind !== 'system' && kind.needsSecond(action, row, input, options)) return ask(context, action, input);
    return finish(context, action, told(action), targets, await kind.run(action, context, input));
  }

  async function alsoAct(tx: Tx, actor: Actor, id: string, action: A, amend: (effect: Effect) => Effect): Promise<void> {
    const locked = await kind.lock(tx, id);
    if (!locked) throw new Refusal({ code: 'base.not-found' });
    const at = now();
    const { row, clocks } = await settled(tx, locked, actor, at);
    const targets = decide(judge(lifecycle, row, action, everything(action), null));
    const context = await contextOf(tx, row, clocks, actor, at);
    await finish(context, action, told(action), targets, amend(await kind.run(action, context, {})));
  }

  /** Puts an action up for a second person; a case that is held waits in the state of that. */
  async function ask(context: Context, action: A, input: unknown): Promise<ActionResult<S>> {
    const { tx, row, actor, at } = context;
    const second = factsOf(action).second!;
    const effect = await kind.ask(action, context, input);
    const approval = await addApproval(tx, actor, {
      caseKind: lifecycle.kind,
      caseId: row.id,
      region: row.region,
      unitCode: actor.unitCode,
      action,
      input,
      fromState: row.state,
      permission: second.permission,
      at,
      lapsesAfterHours: second.lapsesAfterHours,
    });
    const asked = { name: `${kind.module}.ask-${action}`, isPublic: second.public ?? false };
    const withApproval = { ...effect, data: { ...effect.data, approval } };
    return finish(context, `ask:${action}`, asked, [second.holds ?? row.state], withApproval, approval);
  }

  async function decideIn(tx: Tx, actor: Actor, approvalId: string, verdict: 'approve' | 'decline', opinion: string | null) {
    // Scopes that see no such cases have no right to look for one.
    if (!actor.permissions.has(kind.seeing)) throw new Refusal({ code: 'base.forbidden' });
    const seen = await approvalOf(tx, approvalId);
    const locked = seen ? await kind.lock(tx, seen.caseId) : null;
    const at = now();
    const { row, clocks } = (locked && (await settled(tx, locked, actor, at))) ?? { row: null, clocks: [] };
    // The case's row is the lock of its requests: read again what stands now.
    const approval = row ? await approvalOf(tx, approvalId) : null;
    if (!approval || !row) throw new Refusal({ code: 'base.not-found' });
    if (!actor.permissions.has(approval.permission as never)) throw new Refusal({ code: 'base.forbidden' });
    if (approval.askedBy !== null && approval.askedBy === actor.accountId) throw new Refusal({ code: 'casework.asker-decides' });
    const lapsed = approval.lapsesMs !== null && approval.lapsesMs <= at.getTime();
    if (approval.state !== 'open' || lapsed) throw new Refusal({ code: 'casework.already-decided' });
    const context = await contextOf(tx, row, clocks, actor, at);
    if (verdict === 'decline') return putBack(context, approval, 'declined', actor, opinion);

    const action = approval.action as A;
    const isHeld = factsOf(action).second?.holds === row.state;
    const targets = targetsOf(factsOf(action), isHeld ? (approval.fromState as S) : row.state);
    if (targets.length === 0) decide(judge(lifecycle, row, action, everything(action), null));
    if (!isHeld) decide(await kind.guard(action, context, true));
    await endApproval(tx, approval.id, 'approved', actor, at, opinion);
    const effect = await kind.run(action, context, approval.input);
    const data = { ...effect.data, askedBy: approval.askedName, ...(opinion ? { opinion } : {}) };
    return finish(context, action, told(action), targets, { ...effect, data });
  }

  /** A request that came to nothing: a case that was held goes back to where it stood. */
  async function putBack(
    context: Context,
    approval: Approval,
    end: 'declined' | 'lapsed',
    by: { accountId: string | null; name: string },
    opinion: string | null,
  ): Promise<ActionResult<S>> {
    const { tx, row, at } = context;
    const action = approval.action as A;
    const { second } = factsOf(action);
    await endApproval(tx, approval.id, end, by, at, opinion);
    const effect = await kind.decline(action, context, approval);
    const to = second?.holds === row.state ? (approval.fromState as S) : row.state;
    const telling = { name: `${kind.module}.${end === 'declined' ? 'decline' : 'lapse'}-${action}`, isPublic: second?.public ?? false };
    const data = { ...effect.data, note: opinion, askedBy: approval.askedName };
    return finish(context, `decline:${action}`, telling, [to], { ...effect, data });
  }

  return {
    act: (actor, id, action, seenVersion, input, options) =>
      afterSteps(
        (seen) =>
          db.transact(options?.onHisWord ? SYSTEM : actor.scope, async (tx) => {
            const result = await actIn(tx, actor, id, action, seen, input, options);
            await options?.after?.(tx);
            return result;
          }),
        id,
        seenVersion,
      ),
    actIn,
    alsoAct,
    decide: (actor, approvalId, verdict, opinion) =>
      afterSteps(() => db.transact(actor.scope, (tx) => decideIn(tx, actor, approvalId, verdict, opinion))),
    lapse: ({ id, caseId }) =>
      db.transact(SYSTEM, async (tx) => {
        const locked = await kind.lock(tx, caseId);
        if (!locked) return false;
        const at = now();
        const { row, clocks } = await settled(tx, locked, PLATFORM, at);
        const approval = await approvalOf(tx, id);
        if (approval?.state !== 'open') return false;
        await putBack(await contextOf(tx, row, clocks, PLATFORM, at), approval, 'lapsed', PLATFORM, null);
        return true;
      }),
    takeSteps: (id) =>
      db.transact(SYSTEM, async (tx) => {
        // The case's row is the lock of its clocks, here as in every action: two orders of locking would wait for each other.
        const row = await kind.lockIfFree(tx, id);
        return row ? (await settled(tx, row, PLATFORM, now())).taken : 0;
      }),
  };
}
