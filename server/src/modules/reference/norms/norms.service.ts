import type { NormContent } from '#contracts/reference/norm.content.ts';
import { normLifecycle, type NormAction, type NormState } from '#contracts/reference/norm.lifecycle.ts';
import type { NormRow, TrialCity } from '#contracts/reference/norms.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { accept, decide, refuse, Refusal, refuseField, type Decision } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import { PLATFORM, type Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { judge } from '#server/platform/casework/index.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { publish } from '#server/platform/events/events.ts';
import type { Reference } from '../reference.service.ts';
import { inForce, normOf, PROVINCE, type Norm, type NormPair } from './norms.rules.ts';
import * as store from './norms.store.ts';
import { contentOf, normRowView } from './norms.views.ts';
import { judgeContent, judgeSupplement } from './tighten.rules.ts';
import { compareOrder, counted, monthBefore, type NormSample } from './trial.rules.ts';

/** Last month's orders of a region as a trial reads them: a page from an order on, in the order they were filed. */
export type Samples = (
  tx: Tx,
  span: { region: string; from: Date; to: Date; after: string | null; limit: number },
) => Promise<NormSample[]>;

export interface NormDraftInput {
  readonly title: string;
  readonly source: string;
  readonly content: NormContent;
}

export interface Norms {
  /** @throws Refusal `reference.norm-region`, and what `judgeContent` and `judgeSupplement` say */
  draft(actor: Actor, region: string, input: NormDraftInput): Promise<NormRow>;
  /** @throws Refusal `base.not-found`, `base.stale`, `casework.not-allowed-now`, `reference.norm-loosens` */
  revise(actor: Actor, id: string, revision: number, input: NormDraftInput): Promise<NormRow>;
  /** Asks for a trial on last month's orders; it is done in the background. */
  try(actor: Actor, id: string, revision: number): Promise<NormRow>;
  /** @throws Refusal `reference.own-norm`, `reference.norm-in-past`, `reference.norm-before-another`, `reference.norm-loosens` */
  approve(actor: Actor, id: string, revision: number, input: { effectiveFrom: string; opinion: string }): Promise<NormRow>;
  sendBack(actor: Actor, id: string, revision: number, opinion: string): Promise<NormRow>;
  /** Before it takes effect. @throws Refusal `reference.norm-over` */
  withdraw(actor: Actor, id: string, revision: number, opinion: string): Promise<NormRow>;
  /** Takes the trial that waits longest a page of orders further; gives 0 when none waits. Several nodes may do it at once. */
  takeTrial(): Promise<number>;
}

const PAGE = 500;

interface Deps {
  readonly db: Db;
  readonly clock: Clock;
  readonly reference: Reference;
  readonly samples: Samples;
}

/** Whether an actor answers for a region's norm: the province for all, a city for its own. */
export function answersFor(actor: Actor, region: string): boolean {
  if (actor.scopeKind === 'province') return true;
  return (
    actor.scopeKind === 'city' &&
    actor.region !== null &&
    actor.region.endsWith('00') &&
    actor.region.startsWith(region) &&
    region !== PROVINCE
  );
}

/** What an action on a norm needs beyond the lifecycle table. Pure: the page asks it too. */
export function normGuard(
  action: NormAction,
  facts: { drafters: readonly string[]; state: string; effectiveMs: number | null },
  at: { accountId: string | null; nowMs: number },
): Decision<true> {
  if ((action === 'approve' || action === 'send-back') && at.accountId !== null && facts.drafters.includes(at.accountId))
    return refuse('reference.own-norm');
  if (action === 'withdraw' && facts.state === 'approved' && facts.effectiveMs !== null && facts.effectiveMs <= at.nowMs)
    return refuse('reference.norm-over');
  return accept(true);
}

export function createNorms({ db, clock, reference, samples }: Deps): Norms {
  const at = () => new Date(clock.nowMs());

  async function judgeDraft(region: string, content: NormContent, atMs: number): Promise<void> {
    decide(judgeContent(region === PROVINCE ? 'province' : 'city', content, (code) => reference.category(code) !== undefined));
    if (region === PROVINCE) return;
    const [province] = inForce(await reference.norms(), PROVINCE, atMs);
    if (province) decide(judgeSupplement(content, province));
  }

  /** Takes an action in one transaction: locked, judged, written, told. */
  async function act(
    actor: Actor,
    id: string,
    action: NormAction,
    revision: number,
    write: (tx: Tx, row: store.NormDbRow, now: Date) => Promise<store.NormPatch>,
  ): Promise<NormRow> {
    const now = at();
    const saved = await db.transact(actor.scope, async (tx) => {
      const row = await store.lockNorm(tx, id);
      if (!row) throw new Refusal({ code: 'base.not-found' });
      const facts = { state: row.state as NormState, version: row.revision };
      const [to] = decide(judge<NormState, NormAction>(normLifecycle, facts, action, actor.permissions, revision));
      const effectiveMs = row.effective_from?.getTime() ?? null;
      decide(normGuard(action, { ...row, effectiveMs }, { accountId: actor.accountId, nowMs: now.getTime() }));
      const patch = await write(tx, row, now);
      const next = await store.saveNorm(tx, id, to, row.revision + 1, patch);
      await told(tx, actor, action, row.state, next, now);
      return next;
    });
    reference.forget();
    return normRowView(saved, await reference.norms(), now.getTime());
  }

  async function told(
    tx: Tx,
    actor: Actor,
    action: NormAction | 'draft',
    from: string | null,
    row: store.NormDbRow,
    now: Date,
  ): Promise<void> {
    await publish(tx, {
      at: now,
      name: `norms.${action}`,
      caseKind: 'norm',
      caseId: row.id,
      actorId: actor.accountId,
      actor: actor.name,
      region: row.region,
      unitCode: null,
      from,
      to: row.state,
      public: false,
      data: { version: row.version, effectiveFrom: row.effective_from?.toISOString() ?? null, note: row.opinion },
    });
    await record(tx, actor, {
      at: now,
      action: `norms.${action}`,
      objectKind: 'norm',
      objectId: row.id,
      detail: { region: row.region, title: row.title, version: row.version, effectiveFrom: row.effective_from?.toISOString() ?? null },
    });
  }

  return {
    async draft(actor, region, input) {
      const isCity = reference.regionName(`${region}00`) !== undefined && region.length === 4;
      if (!answersFor(actor, region) || !(region === PROVINCE || isCity)) throw refuseField('region', 'reference.norm-region');
      const now = at();
      const content = withoutRules(input.content);
      await judgeDraft(region, content, now.getTime());
      const row = await db.transact(actor.scope, async (tx) => {
        const { title, source } = input;
        const draft = { id: newId(now.getTime()), region, title, source, content, by: actor.accountId, byName: actor.name, at: now };
        const added = await store.addNorm(tx, draft);
        await told(tx, actor, 'draft', null, added, now);
        return added;
      });
      return normRowView(row, await reference.norms(), now.getTime());
    },
    revise: (actor, id, revision, input) =>
      act(actor, id, 'revise', revision, async (_tx, row, now) => {
        const content = withoutRules(input.content);
        await judgeDraft(row.region, content, now.getTime());
        const drafters = [...new Set([...row.drafters, ...(actor.accountId ? [actor.accountId] : [])])];
        return { title: input.title, source: input.source, content, drafters, drafted_by: actor.name, drafted_at: now };
      }),
    try: (actor, id, revision) =>
      act(actor, id, 'try', revision, async (tx, row, now) => {
        const month = monthBefore(now.getTime());
        await store.addTrial(tx, { id: newId(now.getTime()), normId: id, region: row.region, ...month, at: now, byName: actor.name });
        return {};
      }),
    approve: (actor, id, revision, { effectiveFrom, opinion }) =>
      act(actor, id, 'approve', revision, async (tx, row, now) => {
        const effective = new Date(effectiveFrom);
        if (effective <= now) throw refuseField('input.effectiveFrom', 'reference.norm-in-past');
        const { version, latest } = await store.lastVersion(tx, row.region);
        if (latest && effective <= latest.at)
          throw refuseField('input.effectiveFrom', 'reference.norm-before-another', { version: latest.version });
        // The province may have changed since it was drafted.
        await judgeDraft(row.region, contentOf(row), effective.getTime());
        return {
          content: await store.ruleLimits(tx, row.region, contentOf(row), actor.accountId),
          version: version + 1,
          approver: actor.accountId,
          approved_by: actor.name,
          approved_at: now,
          effective_from: effective,
          opinion,
        };
      }),
    sendBack: (actor, id, revision, opinion) => act(actor, id, 'send-back', revision, async () => ({ opinion })),
    withdraw: (actor, id, revision, opinion) => act(actor, id, 'withdraw', revision, async () => ({ opinion })),
    async takeTrial() {
      const norms = await reference.norms();
      const holidays = await reference.holidays();
      return db.transact(SYSTEM, async (tx) => {
        const trial = await store.lockTrialIfFree(tx);
        if (!trial) return 0;
        const draft = normOf({ id: trial.norm_id, region: trial.region, version: 0, effectiveMs: 0 }, contentOf(trial));
        const span = { region: trial.region, from: trial.from_at, to: trial.to_at, after: trial.after_order, limit: PAGE };
        const page = await samples(tx, span);
        let totals = trial.totals as unknown as readonly TrialCity[];
        const changed: store.TriedOrder[] = [];
        for (const sample of page) {
          const old = (atMs: number) => inForce(norms, sample.region, atMs);
          const changes = compareOrder(sample, old, (atMs) => withDraft(old(atMs), draft), holidays, clock.nowMs());
          totals = counted(totals, sample.region, changes);
          if (changes.length > 0) changed.push({ orderId: sample.id, number: sample.number, region: sample.region, changes });
        }
        const last = page.at(-1);
        if (last) await store.keepTried(tx, trial.id, changed, totals, last.id);
        if (page.length < PAGE) await endTrial(tx, trial);
        return 1;
      });
    },
  };

  async function endTrial(tx: Tx, trial: { id: string; norm_id: string }): Promise<void> {
    const now = at();
    await store.endTrial(tx, trial.id, now);
    const row = await store.lockNorm(tx, trial.norm_id);
    // It may have been withdrawn meanwhile.
    if (row?.state !== 'trying') return;
    const next = await store.saveNorm(tx, row.id, normLifecycle.actions['end-trial'].moves.trying, row.revision + 1);
    await told(tx, PLATFORM, 'end-trial', row.state, next, now);
  }
}

/** The norms as they would be with the draft in the place of its region's. */
function withDraft(pair: NormPair, draft: Norm): NormPair {
  const others = pair.filter((norm) => norm.region !== draft.region);
  return draft.region === PROVINCE ? [draft, ...others] : [...others, draft];
}

/** Rules get their numbers at the approval, whatever a draft was copied from. */
function withoutRules(content: NormContent): NormContent {
  return { ...content, limits: content.limits.map(({ rule: _rule, ...line }) => line) };
}
