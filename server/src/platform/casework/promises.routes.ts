import { sql } from 'kysely';
import { promisesApi, SILENT_AFTER_MS, type FaultKind } from '#contracts/promises/promises.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Db, Tx } from '../db/db.ts';
import { bind, type Binding } from '../http/bind.ts';

const ROWS = 200;
const SEVEN_DAYS_MS = 7 * 86_400_000;

export function promisesRoutes({ db, clock }: { db: Db; clock: Clock }): Binding[] {
  return [
    bind(promisesApi.board, async ({ actor }) => {
      const nowMs = clock.nowMs();
      return db.transact(actor.scope, async (tx) => {
        const audited = await lastAudit(tx);
        return {
          silent: audited === null || nowMs - audited.getTime() > SILENT_AFTER_MS,
          ...(await lastRound(tx)),
          audits: await auditsSince(tx, new Date(nowMs - 3_600_000)),
          faults: await faultsSince(tx, new Date(nowMs - SEVEN_DAYS_MS)),
          late: await lateSince(tx, new Date(nowMs - SEVEN_DAYS_MS)),
        };
      });
    }),
  ];
}

/** When promises were last compared; null before the first time. */
export async function lastAudit(tx: Tx): Promise<Date | null> {
  const row = await tx.selectFrom('casework.promise_audit').select('at').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row?.at ?? null;
}

/** The last round over all open clocks, and how many there were in it. */
async function lastRound(tx: Tx): Promise<{ openClocks: number; lastRound: string | null }> {
  const ends = await tx
    .selectFrom('casework.promise_audit')
    .select(['id', 'at'])
    .where('round_ended', '=', true)
    .orderBy('id', 'desc')
    .limit(2)
    .execute();
  const [end, before] = ends;
  if (!end) return { openClocks: 0, lastRound: null };
  const sum = await tx
    .selectFrom('casework.promise_audit')
    .select(sql<number>`coalesce(sum(compared), 0)`.as('n'))
    .where('id', '<=', end.id)
    .where('id', '>', before?.id ?? 0)
    .executeTakeFirstOrThrow();
  return { openClocks: sum.n, lastRound: end.at.toISOString() };
}

async function auditsSince(tx: Tx, since: Date) {
  const rows = await tx
    .selectFrom('casework.promise_audit')
    .selectAll()
    .where('at', '>', since)
    .orderBy('id', 'desc')
    .limit(ROWS)
    .execute();
  return rows.map((row) => ({
    at: row.at.toISOString(),
    compared: row.compared,
    roundEnded: row.round_ended,
    late: row.late,
    overdue: row.overdue,
    faults: row.faults,
  }));
}

async function faultsSince(tx: Tx, since: Date) {
  const rows = await tx
    .selectFrom('casework.promise_fault')
    .selectAll()
    .where((is) => is.or([is('ended_at', 'is', null), is('ended_at', '>', since)]))
    .orderBy(sql`ended_at is not null`)
    .orderBy('id', 'desc')
    .limit(ROWS)
    .execute();
  return rows.map((row) => ({
    ...stepView(row),
    step: row.step,
    kind: row.kind as FaultKind,
    foundAt: row.found_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
  }));
}

async function lateSince(tx: Tx, since: Date) {
  const rows = await tx
    .selectFrom('casework.clock_step')
    .selectAll()
    .where('late', '=', true)
    .where('taken_at', '>', since)
    .orderBy('taken_at', 'desc')
    .limit(ROWS)
    .execute();
  return rows.map((row) => ({ ...stepView(row), step: row.step, takenAt: row.taken_at.toISOString() }));
}

function stepView(row: { case_kind: string; case_id: string; region: string; clock: string; promised_at: Date }) {
  return {
    caseKind: row.case_kind,
    caseId: row.case_id,
    region: row.region,
    clock: row.clock,
    promisedAt: row.promised_at.toISOString(),
  };
}
