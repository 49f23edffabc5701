import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { databaseChecks, readDatabaseCheck } from './database/read.ts';
import { judge, type Check, type Judged } from './inspections.rules.ts';
import { measures, readMeasure } from './measures.ts';

/** Whether the platform can check this itself; what is described as automatic and is neither would be a fault of this build. */
export const isKnown = (code: string): boolean => Object.hasOwn(databaseChecks, code) || Object.hasOwn(measures, code);

/**
 * Looks at each automatic check once and judges it. Null where nothing on this installation tells it: then a person has to look.
 *
 * Each is read in a transaction of its own, so that a slow one holds nothing back and what it sees is of this moment.
 */
export async function look(db: Db, checks: readonly Check[], nowMs: number): Promise<Map<string, Judged | null>> {
  const judged = new Map<string, Judged | null>();
  for (const check of checks)
    judged.set(check.code, check.kind === 'automatic' ? await db.transact(SYSTEM, (tx) => lookAt(tx, check, nowMs)) : null);
  return judged;
}

async function lookAt(tx: Tx, check: Check, nowMs: number): Promise<Judged | null> {
  const readout = Object.hasOwn(databaseChecks, check.code)
    ? await readDatabaseCheck(tx, check, nowMs)
    : await readMeasure({ tx, nowMs, bounds: check.bounds ?? {} }, check.code);
  return readout && judge(readout, { yellow: check.yellow ?? null, red: check.red ?? null, below: check.below === true });
}
