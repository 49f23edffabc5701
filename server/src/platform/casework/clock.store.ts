import { sql } from 'kysely';
import type { Tx } from '../db/db.ts';
import type { RunningClock } from './clocks.ts';

/** What a clock hangs on. */
export interface ClockCase {
  readonly caseKind: string;
  readonly caseId: string;
  readonly region: string;
  readonly unitCode: string | null;
}

export interface StoredClock extends RunningClock, ClockCase {}

/** The row of a clock. */
export function clockRow(on: ClockCase, clock: RunningClock) {
  return {
    case_id: on.caseId,
    name: clock.name,
    no: clock.no,
    case_kind: on.caseKind,
    region: on.region,
    unit_code: on.unitCode,
    rule_id: clock.rule.id,
    rule_version: clock.rule.version,
    mode: clock.rule.mode,
    amount: clock.rule.amount,
    t0: new Date(clock.t0Ms),
    ...movingParts(clock),
  };
}

function movingParts(clock: RunningClock) {
  return {
    due_at: new Date(clock.dueMs),
    yellow_at: new Date(clock.yellowMs),
    provisional: clock.provisional,
    paused_ms: clock.pausedMs,
    extended_ms: clock.extendedMs,
    stopped_at: clock.stoppedMs === null ? null : new Date(clock.stoppedMs),
    result: clock.result,
    next_step: clock.nextStep,
    next_step_at: clock.nextStepMs === null ? null : new Date(clock.nextStepMs),
  };
}

/** Writes clocks: new ones are added, known ones brought to their new state. */
export async function saveClocks(tx: Tx, on: ClockCase, fresh: readonly RunningClock[], changed: readonly RunningClock[]): Promise<void> {
  if (fresh.length > 0)
    await tx
      .insertInto('casework.clock')
      .values(fresh.map((clock) => clockRow(on, clock)))
      .execute();
  for (const clock of changed) {
    await tx
      .updateTable('casework.clock')
      .set(movingParts(clock))
      .where('case_id', '=', on.caseId)
      .where('name', '=', clock.name)
      .where('no', '=', clock.no)
      .execute();
  }
}

/** The clocks of a case, in the order they were started. */
export async function clocksOf(tx: Tx, caseId: string): Promise<StoredClock[]> {
  const rows = await tx
    .selectFrom('casework.clock')
    .selectAll()
    .where('case_id', '=', caseId)
    .orderBy('t0')
    .orderBy('name')
    .orderBy('no')
    .execute();
  return rows.map(fromRow);
}

/** The clocks of several cases, by case. */
export async function clocksOfCases(tx: Tx, caseIds: readonly string[]): Promise<Map<string, StoredClock[]>> {
  if (caseIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('casework.clock')
    .selectAll()
    .where('case_id', 'in', caseIds)
    .orderBy('t0')
    .orderBy('name')
    .orderBy('no')
    .execute();
  return Map.groupBy(rows.map(fromRow), (clock) => clock.caseId);
}

/**
 * Cases with an open clock whose next step is due, the longest due first. Walks `clock_step_idx`.
 *
 * Nothing is locked: whoever changes the clocks of a case locks the case first, and judges by what he then finds.
 */
export async function casesWithDueStep(tx: Tx, caseKind: string, nowMs: number, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('casework.clock')
    .select('case_id')
    .where('case_kind', '=', caseKind)
    .where('stopped_at', 'is', null)
    .where('next_step_at', '<=', new Date(nowMs))
    .orderBy('next_step_at')
    .limit(limit)
    .execute();
  return [...new Set(rows.map((row) => row.case_id))];
}

/** Cases with an open clock that rests on an unpublished year, from a case id on; locks nothing. Walks `clock_provisional_idx`. */
export async function casesWithProvisional(tx: Tx, caseKind: string, afterCase: string, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('casework.clock')
    .select('case_id')
    .distinct()
    .where('case_kind', '=', caseKind)
    .where('stopped_at', 'is', null)
    .where('provisional', '=', true)
    .where('case_id', '>', afterCase)
    .orderBy('case_id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.case_id);
}

/** Cases with a clock that has not ended, from a case id on. Walks `clock_open_idx`. */
export async function openCasesAfter(tx: Tx, afterCase: string, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('casework.clock')
    .select('case_id')
    .distinct()
    .where('result', 'is', null)
    .where('case_id', '>', afterCase)
    .orderBy('case_id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.case_id);
}

/** How many steps were to be taken before an instant and were not, counted up to `cap`. Walks `clock_step_idx`. */
export async function countOverdueSteps(tx: Tx, beforeMs: number, cap: number): Promise<number> {
  const inner = tx
    .selectFrom('casework.clock')
    .select('case_id')
    .where('stopped_at', 'is', null)
    .where('next_step_at', '<', new Date(beforeMs))
    .limit(cap);
  const row = await tx
    .selectFrom(inner.as('overdue'))
    .select(sql<number>`count(*)`.as('n'))
    .executeTakeFirstOrThrow();
  return row.n;
}

export async function countProvisional(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom('casework.clock')
    .select(sql<number>`count(*)`.as('n'))
    .where('stopped_at', 'is', null)
    .where('provisional', '=', true)
    .executeTakeFirstOrThrow();
  return row.n;
}

type Row = Awaited<ReturnType<typeof selectShape>>;
const selectShape = (tx: Tx) => tx.selectFrom('casework.clock').selectAll().executeTakeFirstOrThrow();

/** A clock from its row. */
export function fromRow(row: Row): StoredClock {
  return {
    caseKind: row.case_kind,
    caseId: row.case_id,
    region: row.region,
    unitCode: row.unit_code,
    name: row.name,
    no: row.no,
    rule: { id: row.rule_id, version: row.rule_version, mode: row.mode as RunningClock['rule']['mode'], amount: row.amount },
    t0Ms: row.t0.getTime(),
    dueMs: row.due_at.getTime(),
    yellowMs: row.yellow_at.getTime(),
    provisional: row.provisional,
    pausedMs: row.paused_ms,
    extendedMs: row.extended_ms,
    stoppedMs: row.stopped_at?.getTime() ?? null,
    result: row.result as RunningClock['result'],
    nextStep: row.next_step,
    nextStepMs: row.next_step_at?.getTime() ?? null,
  };
}

/** Keeps that a step was taken: when it was promised, when it was done. A step is taken once for a due instant. */
export async function recordStep(tx: Tx, stored: StoredClock, step: string, takenMs: number, lateAfterMs: number): Promise<void> {
  const promisedMs = stored.nextStepMs ?? takenMs;
  await tx
    .insertInto('casework.clock_step')
    .values({
      case_id: stored.caseId,
      clock: stored.name,
      no: stored.no,
      step,
      due_at: new Date(stored.dueMs),
      case_kind: stored.caseKind,
      region: stored.region,
      promised_at: new Date(promisedMs),
      taken_at: new Date(takenMs),
      late: takenMs - promisedMs > lateAfterMs,
    })
    .execute();
}
