import type { ClockStep } from '#contracts/base/lifecycle.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import { PLATFORM, type Actor } from '../actor.ts';
import { record } from '../audit/audit.ts';
import type { Tx } from '../db/db.ts';
import { publish } from '../events/events.ts';
import { recordStep, saveClocks, type StoredClock } from './clock.store.ts';
import { nextStepOf } from './clocks.ts';
import type { CaseRow, Telling } from './kind.ts';
import type { ClockTable } from './turning.ts';

/** A step taken this much after its promised instant counts as late. */
const STEP_GRACE_MS = 60_000;

/** Something that became of a case, for its timeline and for the audit. */
export interface Told {
  readonly caseKind: string;
  readonly row: CaseRow<string>;
  readonly telling: Telling;
  readonly to: string;
  readonly unitCode: string | null;
  readonly actor: Actor;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Writes the event and the audit entry of what became of a case. */
export async function tell(tx: Tx, { caseKind, row, telling, to, unitCode, actor, at, data }: Told): Promise<void> {
  await publish(tx, {
    at,
    name: telling.name,
    caseKind,
    caseId: row.id,
    actorId: actor.accountId,
    actor: actor.name,
    region: row.region,
    unitCode,
    from: row.state,
    to,
    public: telling.isPublic,
    data,
  });
  await record(tx, actor, {
    at,
    action: telling.name,
    objectKind: caseKind,
    objectId: row.id,
    detail: { from: row.state, to, version: row.version + 1 },
  });
}

/** Keeps a clock's due step as taken, tells it in the timeline and sets the next one; gives the step. */
export async function takeClockStep(
  tx: Tx,
  row: CaseRow<string>,
  stored: StoredClock,
  table: ClockTable,
  nowMs: number,
  holidays: Holidays,
): Promise<ClockStep> {
  const facts = table[stored.name]!;
  const step = facts.steps.find((candidate) => candidate.name === stored.nextStep);
  if (!step)
    throw new Error(
      `The clock ${stored.name} of ${stored.caseKind} ${row.id} awaits a step ${stored.nextStep} that the lifecycle does not know`,
    );
  await saveClocks(tx, stored, [], [{ ...stored, ...nextStepOf(stored, facts, step.name, holidays) }]);
  await recordStep(tx, stored, step.name, nowMs, STEP_GRACE_MS);
  const dueMs = stored.nextStepMs ?? nowMs;
  await publish(tx, {
    at: new Date(nowMs),
    name: `clocks.${stored.name}-${step.name}`,
    caseKind: stored.caseKind,
    caseId: stored.caseId,
    actorId: null,
    actor: PLATFORM.name,
    region: stored.region,
    unitCode: stored.unitCode,
    from: row.state,
    to: row.state,
    public: false,
    data: { clock: stored.name, step: step.name, dueAt: new Date(dueMs).toISOString(), lateMs: Math.max(0, nowMs - dueMs) },
  });
  return step;
}
