import { sql } from 'kysely';
import type { Reach } from '#contracts/operations/duty.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal, refuseField } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import type { Db, Tx } from '#server/platform/db/db.ts';
import { follows, overlaps, spansOf, type Span } from './duty.rules.ts';
import { openMatters } from './duty.views.ts';

export interface NewShifts {
  readonly line: number;
  readonly account: string;
  readonly from: string;
  readonly to: string;
  readonly days?: number;
}

export interface DutyDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly nameOf: (tx: Tx, accountId: string) => Promise<string | null>;
}

export type Duty = ReturnType<typeof createDuty>;

/** The roster of the centre: who stands when on which line, what is handed over, and how people are reached. */
export function createDuty({ db, clock, nameOf }: DutyDeps) {
  const now = () => new Date(clock.nowMs());
  const audited = (tx: Tx, actor: Actor, action: string, objectId: string, detail: Readonly<Record<string, unknown>> = {}) =>
    record(tx, actor, { at: now(), action: `operations.${action}`, objectKind: 'shift', objectId, detail });

  async function locked(tx: Tx, id: string) {
    const row = await tx.selectFrom('operations.shift').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (!row) throw new Refusal({ code: 'base.not-found' });
    return { ...row, span: { fromMs: row.from_at.getTime(), toMs: row.to_at.getTime() } };
  }

  /** The roster is written by one at a time, so that nobody comes to stand twice on a line. */
  const alone = (tx: Tx) => sql`select pg_advisory_xact_lock(hashtext('operations.roster'))`.execute(tx);

  /** @throws Refusal `operations.shift-overlap` where he stands on this line already */
  async function checkFree(tx: Tx, line: number, account: string, spans: readonly Span[], except: readonly string[] = []): Promise<void> {
    const rows = await tx
      .selectFrom('operations.shift')
      .select(['id', 'from_at', 'to_at'])
      .where('line', '=', line)
      .where('account_id', '=', account)
      .where('to_at', '>', new Date(spans[0]!.fromMs))
      .execute();
    const known = rows
      .filter(({ id }) => !except.includes(id))
      .map((row) => ({ fromMs: row.from_at.getTime(), toMs: row.to_at.getTime() }));
    if (overlaps(spans, known)) throw refuseField('from', 'operations.shift-overlap');
  }

  return {
    /** @throws Refusal `operations.shift-span`, `operations.shift-overlap`, `operations.no-such-person` */
    add: (actor: Actor, { line, account, from, to, days = 1 }: NewShifts) =>
      db.transact(actor.scope, async (tx) => {
        await alone(tx);
        const spans = spansOf({ fromMs: Date.parse(from), toMs: Date.parse(to) }, days);
        if (!spans) throw refuseField('to', 'operations.shift-span');
        const name = await nameOf(tx, account);
        if (name === null) throw refuseField('account', 'operations.no-such-person');
        await checkFree(tx, line, account, spans);
        const rows = spans.map(({ fromMs, toMs }) => ({
          id: newId(fromMs),
          line,
          account_id: account,
          name,
          from_at: new Date(fromMs),
          to_at: new Date(toMs),
          made_by: actor.name,
        }));
        await tx.insertInto('operations.shift').values(rows).execute();
        for (const { id } of rows) await audited(tx, actor, 'add-shift', id, { line, account });
        return { ids: rows.map(({ id }) => id) };
      }),
    /** @throws Refusal `base.not-found`, `operations.shift-begun`, `operations.shift-overlap` */
    swap: (actor: Actor, id: string, withId: string) =>
      db.transact(actor.scope, async (tx) => {
        await alone(tx);
        const [a, b] = [await locked(tx, id), await locked(tx, withId)];
        if ([a, b].some(({ from_at }) => from_at <= now())) throw new Refusal({ code: 'operations.shift-begun' });
        await checkFree(tx, a.line, b.account_id, [a.span], [a.id, b.id]);
        await checkFree(tx, b.line, a.account_id, [b.span], [a.id, b.id]);
        for (const [one, other] of [
          [a, b],
          [b, a],
        ] as const)
          await tx
            .updateTable('operations.shift')
            .set({ account_id: other.account_id, name: other.name, made_by: actor.name })
            .where('id', '=', one.id)
            .execute();
        await audited(tx, actor, 'swap-shifts', id, { with: withId });
        return { id };
      }),
    /** @throws Refusal `base.not-found`, `operations.shift-begun` */
    remove: (actor: Actor, id: string) =>
      db.transact(actor.scope, async (tx) => {
        const { from_at, line, account_id } = await locked(tx, id);
        if (from_at <= now()) throw new Refusal({ code: 'operations.shift-begun' });
        await tx.deleteFrom('operations.shift').where('id', '=', id).execute();
        await audited(tx, actor, 'remove-shift', id, { line, account: account_id });
        return { id };
      }),
    /** @throws Refusal `base.not-found`, `operations.not-your-shift`, `operations.shift-not-begun`, `operations.shift-taken` */
    handOver: (actor: Actor, id: string, note: string) =>
      db.transact(actor.scope, async (tx) => {
        const shift = await locked(tx, id);
        if (shift.account_id !== actor.accountId) throw new Refusal({ code: 'operations.not-your-shift' });
        if (shift.from_at > now()) throw new Refusal({ code: 'operations.shift-not-begun' });
        if (shift.taken_at) throw new Refusal({ code: 'operations.shift-taken' });
        const leftOpen = await openMatters(tx);
        await tx
          .updateTable('operations.shift')
          .set({ hand_over: note, handed_at: now(), left_open: JSON.stringify(leftOpen) })
          .where('id', '=', id)
          .execute();
        await audited(tx, actor, 'hand-over', id, { open: leftOpen.length });
        return { id };
      }),
    /** @throws Refusal `base.not-found`, `operations.not-handed-over`, `operations.shift-taken`, `operations.not-next-shift` */
    take: (actor: Actor, id: string) =>
      db.transact(actor.scope, async (tx) => {
        const shift = await locked(tx, id);
        if (!shift.handed_at) throw new Refusal({ code: 'operations.not-handed-over' });
        if (shift.taken_at) throw new Refusal({ code: 'operations.shift-taken' });
        const own = await tx
          .selectFrom('operations.shift')
          .select(['from_at', 'to_at'])
          .where('id', '!=', id)
          .where('line', '=', shift.line)
          .where('account_id', '=', actor.accountId)
          .where('to_at', '>', shift.to_at)
          .execute();
        // Who goes on hands nothing over to himself.
        if (
          shift.account_id === actor.accountId ||
          !own.some((next) => follows({ fromMs: next.from_at.getTime(), toMs: next.to_at.getTime() }, shift.span))
        )
          throw new Refusal({ code: 'operations.not-next-shift' });
        await tx.updateTable('operations.shift').set({ taken_at: now(), taken_by: actor.name }).where('id', '=', id).execute();
        await audited(tx, actor, 'take-over', id);
        return { id };
      }),
    reach: (actor: Actor): Promise<Reach> =>
      db.transact(actor.scope, async (tx) => {
        const row = await tx
          .selectFrom('operations.reach')
          .select(['phone', 'mail'])
          .where('account_id', '=', actor.accountId)
          .executeTakeFirst();
        return { ...(row?.phone ? { phone: row.phone } : {}), ...(row?.mail ? { mail: row.mail } : {}) };
      }),
    /** Says how one is reached; what is left out is known no more. Numbers are not written into the audit log. */
    setReach: (actor: Actor, reach: Reach): Promise<Reach> =>
      db.transact(actor.scope, async (tx) => {
        const columns = { name: actor.name, phone: reach.phone ?? null, mail: reach.mail ?? null };
        await tx
          .insertInto('operations.reach')
          .values({ account_id: actor.accountId!, ...columns })
          .onConflict((oc) => oc.column('account_id').doUpdateSet(columns))
          .execute();
        await record(tx, actor, {
          at: now(),
          action: 'operations.set-reach',
          objectKind: 'account',
          objectId: actor.accountId!,
          detail: { phone: reach.phone !== undefined, mail: reach.mail !== undefined },
        });
        return reach;
      }),
  };
}
