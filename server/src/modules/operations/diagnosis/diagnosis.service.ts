import { sql } from 'kysely';
import type { Static } from 'typebox';
import { ENDINGS, type EndSession } from '#contracts/operations/diagnosis.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import type { Records } from '../records/records.service.ts';
import { KEPT } from './locks.views.ts';
import { repeatMessage } from './messages.service.ts';
import { statementFacts } from './statements.views.ts';

export interface DiagnosisDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly records: Pick<Records, 'actIn'>;
}

export type Diagnosis = ReturnType<typeof createDiagnosis>;

/** What a person does while he looks for the cause of a fault; each act is on record. */
export function createDiagnosis({ db, clock, records }: DiagnosisDeps) {
  const now = () => new Date(clock.nowMs());
  return {
    /**
     * Forgets the statistics of statements, so that they count from now on; gives that instant.
     *
     * @throws Refusal `diagnosis.no-statistics`, `diagnosis.no-right`
     */
    async resetStatements(actor: Actor, reason: string): Promise<Date> {
      return db.transact(SYSTEM, async (tx) => {
        const { missing } = await statementFacts(tx);
        if (missing) throw new Refusal({ code: 'diagnosis.no-statistics', params: { why: missing } });
        await sql`select operations.reset_statements()`.execute(tx).catch(withoutRight('pg_stat_statements_reset'));
        const { at } = await tx
          .insertInto('operations.statement_reset')
          .values({ by_name: actor.name })
          .returning('at')
          .executeTakeFirstOrThrow();
        await record(tx, actor, { at: now(), action: 'operations.reset-statements', detail: { reason } });
        return at;
      });
    },

    /**
     * Cancels what a session of this database runs, or ends the session. `startedAt` says which of those that had this number is
     * meant. Where it is done for a fault, the fault's timeline tells it.
     *
     * @throws Refusal `diagnosis.session-gone`, `diagnosis.session-kept`, `diagnosis.no-right`, and what the fault refuses
     */
    async endSession(actor: Actor, pid: number, { what, reason, startedAt, fault }: Static<typeof EndSession>): Promise<void> {
      await db.transact(SYSTEM, async (tx) => {
        const at = now();
        // First what may be refused: a session that is ended does not come back with the transaction.
        if (fault !== undefined) {
          const note = `${ENDINGS[what].zh}：数据库会话 ${pid}。${reason}`;
          await records.actIn(tx, actor, 'fault', fault, 'inform', { note });
        }
        await record(tx, actor, {
          at,
          action: 'operations.end-session',
          objectKind: 'session',
          objectId: String(pid),
          detail: { what, reason, startedAt, ...(fault === undefined ? {} : { fault }) },
        });
        const { rows } = await sql<{ outcome: string }>`
          select operations.end_session(${pid}, ${new Date(startedAt)}, ${what === 'session'}) as outcome`
          .execute(tx)
          .catch(withoutRight('pg_signal_backend'));
        const { outcome } = rows[0]!;
        if (outcome === 'gone') throw new Refusal({ code: 'diagnosis.session-gone', params: { pid } });
        if (outcome !== 'ended') throw new Refusal({ code: 'diagnosis.session-kept', params: { pid, why: KEPT[outcome]! } });
      });
    },

    /** @throws Refusal as {@link repeatMessage} */
    repeatMessage: (actor: Actor, id: string, reason: string): Promise<string> =>
      db.transact(SYSTEM, (tx) => repeatMessage(tx, actor, id, reason, now())),
  };
}

const REMEDY = {
  pg_signal_backend: 'grant pg_signal_backend, pg_read_all_stats to <owner of the schema operations>',
  pg_stat_statements_reset: 'grant execute on function pg_stat_statements_reset to <owner of the schema operations>',
} as const;

/** Tells what an administrator has to run where PostgreSQL says that a right is missing. */
function withoutRight(needed: keyof typeof REMEDY) {
  return (error: unknown): never => {
    if ((error as { code?: string }).code !== '42501') throw error;
    throw new Refusal({ code: 'diagnosis.no-right', params: { remedy: REMEDY[needed] } });
  };
}
