import type { ClockFacts } from '#contracts/base/lifecycle.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import { SYSTEM, type Db, type Tx } from '../db/db.ts';
import { casesWithProvisional, clocksOf, saveClocks } from './clock.store.ts';
import { isOpen, isRunning, recomputeClock } from './clocks.ts';
import { dueOf, type CaseDue } from './turning.ts';

const PAGE = 200;

/** A kind of case whose due dates are computed anew when a calendar comes. */
export interface Recomputed {
  readonly kind: string;
  readonly clocks: Readonly<Record<string, ClockFacts>>;
  /** Locks a case's row; gives nothing where there is none. */
  readonly lock: (tx: Tx, id: string) => Promise<unknown>;
  readonly saveDue: (tx: Tx, id: string, due: CaseDue) => Promise<void>;
}

/** Computes due dates of a kind anew that rested on a year whose calendar is published by now; gives how many moved. */
export async function recomputeProvisional(db: Db, of: Recomputed, holidays: Holidays): Promise<number> {
  let moved = 0;
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const cases = await db.transact(SYSTEM, (tx) => casesWithProvisional(tx, of.kind, after, PAGE));
    for (const id of cases) moved += await db.transact(SYSTEM, (tx) => recomputeOf(tx, of, id, holidays));
    if (cases.length < PAGE) return moved;
    after = cases.at(-1)!;
  }
}

/** Computes the provisional clocks of one case anew; gives how many changed. */
async function recomputeOf(tx: Tx, { clocks, lock, saveDue }: Recomputed, id: string, holidays: Holidays): Promise<number> {
  if (!(await lock(tx, id))) return 0;
  let moved = 0;
  for (const stored of await clocksOf(tx, id)) {
    if (!isOpen(stored) || !isRunning(stored) || !stored.provisional) continue;
    const again = recomputeClock(stored, clocks[stored.name]!, holidays);
    if (again.dueMs === stored.dueMs && again.provisional === stored.provisional) continue;
    await saveClocks(tx, stored, [], [again]);
    moved++;
  }
  if (moved > 0) await saveDue(tx, id, dueOf(clocks, await clocksOf(tx, id)));
  return moved;
}
