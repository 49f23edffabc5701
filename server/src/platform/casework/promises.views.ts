import { sql } from 'kysely';
import { SILENT_AFTER_MS, type FaultKind } from '#contracts/promises/promises.api.ts';
import type { Tx } from '../db/db.ts';

const ROWS = 200;

/** Whether the auditor is silent: it never compared, or not for longer than it may rest. */
export async function isAuditorSilent(tx: Tx, nowMs: number): Promise<boolean> {
  const last = await tx.selectFrom('casework.promise_audit').select('at').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return last === undefined || nowMs - last.at.getTime() > SILENT_AFTER_MS;
}

/** The last round over all open clocks, and how many there were in it. */
export async function lastRound(tx: Tx): Promise<{ openClocks: number; lastRound: string | null }> {
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

export async function auditsSince(tx: Tx, since: Date) {
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

export async function faultsSince(tx: Tx, since: Date) {
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

export async function lateSince(tx: Tx, since: Date) {
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
