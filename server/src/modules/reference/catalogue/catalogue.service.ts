import type { Entry, EntryProposal } from '#contracts/reference/catalogue.api.ts';
import { entryLifecycle, type EntryAction, type EntryState } from '#contracts/reference/norm.lifecycle.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { decide, Refusal, refuseField } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { judge } from '#server/platform/casework/index.ts';
import { violates, type Db, type Tx } from '#server/platform/db/db.ts';
import { publish } from '#server/platform/events/events.ts';
import type { Reference } from '../reference.service.ts';
import { judgeOwner } from './catalogue.rules.ts';
import * as store from './catalogue.store.ts';
import { entryView } from './catalogue.views.ts';

export interface Catalogue {
  /**
   * Proposes a new entry, or a new version of one; the objections it answers are closed with it.
   *
   * @throws Refusal `reference.entry-owner`, `reference.entry-waits`, `reference.norm-region`, `base.not-found`
   */
  propose(actor: Actor, input: EntryProposal): Promise<Entry>;
  /** @throws Refusal `reference.own-entry`, `reference.norm-in-past`, `reference.norm-before-another` */
  approve(actor: Actor, id: string, version: number, input: { effectiveFrom: string; opinion: string }): Promise<Entry>;
  /** Before it takes effect; the objections it had taken up are open again. @throws Refusal `reference.norm-over` */
  withdraw(actor: Actor, id: string, version: number, opinion: string): Promise<Entry>;
}

export function createCatalogue({ db, clock, reference }: { db: Db; clock: Clock; reference: Reference }): Catalogue {
  /** The rows one answers for begin with this: the province's, a city's or a county's. */
  const answersFor = (actor: Actor, region: string) =>
    actor.scopeKind === 'province' || region.startsWith(actor.region?.replace(/00$/, '') ?? '-');

  async function told(
    tx: Tx,
    actor: Actor,
    action: EntryAction | 'propose',
    from: string | null,
    row: store.EntryDbRow,
    at: Date,
  ): Promise<void> {
    const facts = {
      version: row.version,
      region: row.region,
      category: row.category,
      effectiveFrom: row.effective_from?.toISOString() ?? null,
    };
    await publish(tx, {
      at,
      name: `catalogue.${action}`,
      caseKind: 'catalogue-entry',
      caseId: row.id,
      actorId: actor.accountId,
      actor: actor.name,
      region: row.region,
      unitCode: row.unit_code,
      from,
      to: row.state,
      public: false,
      data: { ...facts, note: row.opinion ?? row.reason },
    });
    await record(tx, actor, { at, action: `catalogue.${action}`, objectKind: 'catalogue-entry', objectId: row.id, detail: facts });
  }

  const view = (row: store.EntryDbRow, nowMs: number) =>
    entryView(row, 0, row.state === 'approved' && row.effective_from!.getTime() <= nowMs, reference);

  async function act(
    actor: Actor,
    id: string,
    version: number,
    action: EntryAction,
    write: (tx: Tx, row: store.EntryDbRow, at: Date) => Promise<Parameters<typeof store.saveEntry>[4]>,
  ): Promise<Entry> {
    const at = new Date(clock.nowMs());
    const saved = await db.transact(actor.scope, async (tx) => {
      const row = await store.lockEntry(tx, id, version);
      if (!row) throw new Refusal({ code: 'base.not-found' });
      const facts = { state: row.state as EntryState, version: row.version };
      const [to] = decide(judge<EntryState, EntryAction>(entryLifecycle, facts, action, actor.permissions, version));
      const patch = await write(tx, row, at);
      const next = await store.saveEntry(tx, id, version, to, patch);
      await told(tx, actor, action, row.state, next, at);
      return next;
    });
    reference.forget();
    return view(saved, at.getTime());
  }

  return {
    async propose(actor, input) {
      decide(judgeOwner(input));
      reference.checkCategory(input.category, 'category');
      const { region } = input;
      if (!answersFor(actor, region) || reference.regionName(region.padEnd(6, '0')) === undefined)
        throw refuseField('region', 'reference.norm-region');
      if (input.unit) reference.checkUnit(input.unit, 'unit');
      const at = new Date(clock.nowMs());
      try {
        const row = await db.transact(actor.scope, async (tx) => {
          const last = input.entry ? await store.lastEntry(tx, input.entry) : undefined;
          if (input.entry && !last) throw new Refusal({ code: 'base.not-found' });
          // An entry stays in its region; another region gets an entry of its own.
          if (last && last.region !== region) throw refuseField('region', 'reference.norm-region');
          const id = last?.id ?? newId(at.getTime());
          const added = await store.addEntry(tx, {
            id,
            version: (last?.version ?? 0) + 1,
            region,
            category: input.category,
            unitCode: input.unit ?? null,
            kind: input.kind ?? null,
            level: input.level ?? null,
            role: input.role,
            legalSource: input.legalSource,
            reason: input.reason,
            ended: input.ended ?? false,
            by: actor.accountId,
            byName: actor.name,
            at,
          });
          if (input.answers) await store.answerObjections(tx, input.answers, { id, version: added.version });
          await told(tx, actor, 'propose', null, added, at);
          return added;
        });
        return view(row, at.getTime());
      } catch (error) {
        if (violates(error, 'catalogue_entry_waiting_key')) throw new Refusal({ code: 'reference.entry-waits' });
        throw error;
      }
    },
    approve: (actor, id, version, { effectiveFrom, opinion }) =>
      act(actor, id, version, 'approve', async (tx, row, at) => {
        if (actor.accountId !== null && row.proposer === actor.accountId) throw new Refusal({ code: 'reference.own-entry' });
        const effective = new Date(effectiveFrom);
        if (effective <= at) throw refuseField('input.effectiveFrom', 'reference.norm-in-past');
        const last = await store.lastEffective(tx, id);
        if (last && effective <= last.at)
          throw refuseField('input.effectiveFrom', 'reference.norm-before-another', { version: last.version });
        return { approver: actor.accountId, approved_by: actor.name, approved_at: at, effective_from: effective, opinion };
      }),
    withdraw: (actor, id, version, opinion) =>
      act(actor, id, version, 'withdraw', async (tx, row, at) => {
        if (row.effective_from && row.effective_from <= at) throw new Refusal({ code: 'reference.norm-over' });
        await store.reopenObjections(tx, { id, version });
        return { opinion };
      }),
  };
}
