import { tellOnce } from '../notices/notices.ts';
import { sql } from 'kysely';
import type { ClockFacts } from '#contracts/base/lifecycle.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { SYSTEM, type Db, type Tx } from '../db/db.ts';
import { lockCursor, moveCursor, type Loop } from '../events/events.ts';
import { clocksOfCases, countOverdueSteps, openCasesAfter, type StoredClock } from './clock.store.ts';
import { brokenPromises, GRACE_MS, type BrokenPromise } from './promises.ts';

export interface AuditorDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly holidays: () => Promise<Holidays>;
  /** The clocks of each kind of case. */
  readonly tables: Readonly<Record<string, Readonly<Record<string, ClockFacts>>>>;
}

export interface Auditor {
  /** Compares a portion of the open clocks; false where another node does it, or did a moment ago. */
  audit(): Promise<boolean>;
  readonly loop: Loop;
}

const NAME = 'casework.promises';
const REST_MS = 30_000;
const CATCH_UP_MS = 60_000;
const CASES_AT_ONCE = 5000;
/** Compared at once: those who work on the same node are not kept waiting. */
const SLICE = 200;
const FAULTS_AT_MOST = 1000;
const KEPT_DAYS = 30;
const FIRST = '00000000-0000-0000-0000-000000000000';

type Found = BrokenPromise & { readonly clock: StoredClock };

/** Compares what the clocks of open cases promise with what was done, portion after portion, round after round. */
export function createAuditor({ db, clock, holidays, tables }: AuditorDeps): Auditor {
  const startedMs = clock.nowMs();

  async function audit(): Promise<boolean> {
    const days = await holidays();
    return db.transact(SYSTEM, async (tx) => {
      const cursor = await lockCursor(tx, NAME);
      if (!cursor) return false;
      const nowMs = clock.nowMs();
      const at = new Date(nowMs);
      const last = await tx.selectFrom('casework.promise_audit').select('at').orderBy('id', 'desc').limit(1).executeTakeFirst();
      if (last && nowMs - last.at.getTime() < REST_MS / 2) return false;

      const portion = await openCasesAfter(tx, cursor.id, CASES_AT_ONCE);
      const roundEnded = portion.length < CASES_AT_ONCE;
      const open = await tx.selectFrom('casework.promise_fault').select('case_id').distinct().where('ended_at', 'is', null).execute();
      const cases = [...new Set([...portion, ...open.map((row) => row.case_id)])];
      const found = await compare(tx, cases, nowMs, days);
      const fresh = await keepFaults(tx, cases, found, at);
      const late = await countLate(tx, last?.at ?? at);
      const overdue = await countOverdueSteps(tx, nowMs - GRACE_MS, 10_000);
      await tx
        .insertInto('casework.promise_audit')
        .values({ at, compared: found.compared, round_ended: roundEnded, late, overdue, faults: found.faults.length })
        .execute();
      if (fresh > 0 || overdue > 0) await tell(tx, at, overdue, found.faults.length);
      const before = new Date(nowMs - KEPT_DAYS * 86_400_000);
      await tx.deleteFrom('casework.promise_audit').where('at', '<', before).execute();
      await tx.deleteFrom('casework.promise_fault').where('ended_at', '<', before).execute();
      await moveCursor(tx, NAME, { xid: cursor.xid, id: roundEnded ? FIRST : portion.at(-1)! });
      return true;
    });
  }

  async function compare(tx: Tx, cases: readonly string[], nowMs: number, days: Holidays): Promise<{ compared: number; faults: Found[] }> {
    const faults: Found[] = [];
    let compared = 0;
    for (let from = 0; from < cases.length; from += SLICE) {
      const slice = cases.slice(from, from + SLICE);
      const clocks = await clocksOfCases(tx, slice);
      const taken = await takenSteps(tx, slice);
      for (const stored of [...clocks.values()].flat()) {
        if (stored.result !== null) continue;
        compared++;
        const facts = tables[stored.caseKind]?.[stored.name];
        if (!facts) throw new Error(`The clock ${stored.name} of the ${stored.caseKind} ${stored.caseId} is in no table`);
        for (const fault of brokenPromises(stored, facts, taken.get(keyOf(stored)) ?? new Set(), nowMs, days))
          faults.push({ ...fault, clock: stored });
      }
    }
    return { compared, faults: faults.slice(0, FAULTS_AT_MOST) };
  }

  return {
    audit,
    loop: {
      name: NAME,
      restMs: REST_MS,
      async turn() {
        // Whoever starts after a stop lets the scheduler catch up first, or every step of that time would be a fault.
        if (clock.nowMs() - startedMs >= CATCH_UP_MS) await audit();
        return 0;
      },
    },
  };
}

function keyOf(clock: { caseId: string; name: string; no: number }): string {
  return `${clock.caseId}/${clock.name}/${clock.no}`;
}

async function takenSteps(tx: Tx, cases: readonly string[]): Promise<Map<string, Set<string>>> {
  const taken = new Map<string, Set<string>>();
  if (cases.length === 0) return taken;
  const rows = await tx
    .selectFrom('casework.clock_step')
    .select(['case_id', 'clock', 'no', 'step'])
    .where('case_id', 'in', [...cases])
    .execute();
  for (const row of rows) {
    const key = keyOf({ caseId: row.case_id, name: row.clock, no: row.no });
    taken.set(key, (taken.get(key) ?? new Set()).add(row.step));
  }
  return taken;
}

/** Opens faults that are new and ends those of the compared cases that are gone; gives how many are new. */
async function keepFaults(tx: Tx, cases: readonly string[], { faults }: { faults: readonly Found[] }, at: Date): Promise<number> {
  const rows = faults.map(({ clock, kind, step, promisedMs }) => ({
    case_kind: clock.caseKind,
    case_id: clock.caseId,
    region: clock.region,
    clock: clock.name,
    no: clock.no,
    step,
    kind,
    promised_at: new Date(promisedMs),
    found_at: at,
  }));
  const standing = await tx
    .selectFrom('casework.promise_fault')
    .select(['id', 'case_id', 'clock', 'no', 'step', 'kind'])
    .where('ended_at', 'is', null)
    .where('case_id', 'in', cases.length > 0 ? [...cases] : [FIRST])
    .execute();
  const key = (row: { case_id: string; clock: string; no: number; step: string; kind: string }) =>
    `${row.case_id}/${row.clock}/${row.no}/${row.step}/${row.kind}`;
  const now = new Set(rows.map(key));
  const known = new Set(standing.map(key));
  const gone = standing.filter((row) => !now.has(key(row))).map((row) => row.id);
  if (gone.length > 0) await tx.updateTable('casework.promise_fault').set({ ended_at: at }).where('id', 'in', gone).execute();
  const fresh = rows.filter((row) => !known.has(key(row)));
  if (fresh.length > 0) await tx.insertInto('casework.promise_fault').values(fresh).execute();
  return fresh.length;
}

async function countLate(tx: Tx, since: Date): Promise<number> {
  const row = await tx
    .selectFrom('casework.clock_step')
    .select(sql<number>`count(*)`.as('n'))
    .where('late', '=', true)
    .where('taken_at', '>', since)
    .executeTakeFirstOrThrow();
  return row.n;
}

/** Told once an hour to whoever looks after the platform, for as long as it lasts. */
async function tell(tx: Tx, at: Date, overdue: number, faults: number): Promise<void> {
  await tellOnce(tx, {
    at,
    level: 'urgent',
    zh: `时限承诺核对：${overdue} 个时限步骤到点未执行，${faults} 项承诺与规则不符，请检查后台任务`,
    en: `Promises of clocks: ${overdue} steps are past their instant and not taken, ${faults} promises differ from the rules; please look at the background work`,
    permission: 'operations.see',
    onceKey: `casework.promises/${at.toISOString().slice(0, 13)}`,
  });
}
