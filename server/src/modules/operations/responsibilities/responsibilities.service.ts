import type { Party, Responsibility, ResponsibilityInput } from '#contracts/operations/responsibilities.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal, refuseField } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { personsOf } from './responsibilities.rules.ts';
import { responsibilityOf } from './responsibilities.views.ts';

export interface ResponsibilitiesDeps {
  readonly db: Db;
  readonly clock: Clock;
  /** Who may own matters of the centre: active, and with the right to handle them. */
  readonly owners: (tx: Tx) => Promise<readonly { readonly id: string; readonly name: string }[]>;
}

export type Responsibilities = ReturnType<typeof createResponsibilities>;

/** The matrix of who answers for which component; each change is kept in the audit log with what stood before. */
export function createResponsibilities({ db, clock, owners }: ResponsibilitiesDeps) {
  return {
    /** @throws Refusal `base.stale` where somebody changed it meanwhile, `operations.no-such-person` where one may not own matters */
    async put(actor: Actor, component: string, { version, ...input }: ResponsibilityInput): Promise<Responsibility> {
      const names = new Map((await db.transact(SYSTEM, owners)).map(({ id, name }) => [id, name]));
      const named = (field: string, party: string): Party => {
        const [kind, code] = party.split(':') as [string, string];
        const name = kind === 'role' ? code : names.get(code);
        if (name === undefined) throw refuseField(field, 'operations.no-such-person');
        return { party, name };
      };
      const parts = {
        responsible: input.responsible.map((party) => named('responsible', party)),
        accountable: named('accountable', input.accountable),
        consulted: input.consulted.map((party) => named('consulted', party)),
        informed: input.informed.map((party) => named('informed', party)),
      };
      return db.transact(actor.scope, async (tx) => {
        const known = await responsibilityOf(tx, component, 'lock');
        if ((known?.version ?? 0) !== version) throw new Refusal({ code: 'base.stale' });
        const set_at = new Date(clock.nowMs());
        const columns = {
          ...(Object.fromEntries(Object.entries(parts).map(([part, value]) => [part, JSON.stringify(value)])) as Record<
            keyof typeof parts,
            string
          >),
          version: version + 1,
          set_by: actor.name,
          set_at,
        };
        const written = await tx
          .insertInto('operations.responsibility')
          .values({ component, ...columns })
          .onConflict((oc) => oc.column('component').doUpdateSet(columns).where('operations.responsibility.version', '=', version))
          .executeTakeFirst();
        // Two who say it of a new component at once: the second finds it said.
        if (written.numInsertedOrUpdatedRows === 0n) throw new Refusal({ code: 'base.stale' });
        await audited(tx, actor, 'set-responsibility', component, { before: known ? personsOf(known) : null, after: personsOf(parts) });
        return { component, ...parts, version: version + 1, setBy: actor.name, setAt: set_at.toISOString() };
      });
    },
    /** @throws Refusal `base.not-found` */
    remove: (actor: Actor, component: string) =>
      db.transact(actor.scope, async (tx) => {
        const known = await responsibilityOf(tx, component, 'lock');
        if (!known) throw new Refusal({ code: 'base.not-found' });
        await tx.deleteFrom('operations.responsibility').where('component', '=', component).execute();
        await audited(tx, actor, 'remove-responsibility', component, { before: personsOf(known) });
        return { component };
      }),
  };

  function audited(tx: Tx, actor: Actor, action: string, objectId: string, detail: Readonly<Record<string, unknown>>): Promise<void> {
    return record(tx, actor, { at: new Date(clock.nowMs()), action: `operations.${action}`, objectKind: 'component', objectId, detail });
  }
}
