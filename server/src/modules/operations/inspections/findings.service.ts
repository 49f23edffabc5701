import type { Verdict } from '#contracts/operations/inspections.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import type { Records } from '../records/records.service.ts';
import { closeFault, openFault } from './faults.ts';
import * as store from './findings.store.ts';
import { isBad, outcomeOfVerdict, type Check } from './inspections.rules.ts';
import { loadChecks, numberOf } from './inspections.store.ts';
import { look } from './look.ts';

/** What an inspection came to at one check. */
export interface Taken {
  readonly check: Check;
  readonly inspectionId: string;
  readonly number: string;
  readonly found: store.Found;
}

export interface Said {
  readonly verdict?: Verdict;
  readonly said?: string;
  readonly note?: string;
}

/** What is abnormal is told in words: whoever mends it was not there. */
export const sayWhat = (): Refusal =>
  new Refusal({ code: 'inspections.say-what', fields: [{ path: 'note', code: 'inspections.say-what' }] });

/** What is wrong in one line, as a fault tells it. */
function toldOf({ evidence, note }: store.Found): string {
  const rows = evidence.rows
    .slice(0, 3)
    .map((row) => `${row.what}${row.measure === null ? '' : `（${Math.round(row.measure * 100) / 100}）`}`);
  return note || [...rows, ...evidence.notes.map(({ zh }) => zh)].join('；') || '异常';
}

/** Findings, from the inspection that opens them to the check that finds them good. */
export function createFindings({ db, clock, records }: { db: Db; clock: Clock; records: Records }) {
  /** Opens a finding where a check came to be bad, once while it stays so; adds what was seen to one that is open. */
  async function take(tx: Tx, { check, inspectionId, number, found }: Taken): Promise<void> {
    const { outcome } = found;
    const open = await store.openFindingOf(tx, check.code);
    if (!isBad(outcome)) {
      // Only a check that somebody asks for closes it: what comes and goes is looked at by a person first.
      if (open && outcome === 'ok') await store.addEvidence(tx, open.id, found, false);
      return;
    }
    const fault = await openFault(records, tx, { check, level: outcome, inspection: number, told: toldOf(found) });
    if (open) await store.addEvidence(tx, open.id, found, true, fault);
    else await store.insertFinding(tx, { id: newId(found.at.getTime()), check, inspectionId, level: outcome, record: fault }, found);
  }

  async function checkOf(code: string): Promise<Check> {
    const check = (await db.transact(SYSTEM, loadChecks)).find((one) => one.code === code);
    // A check that this build no longer knows cannot be asked again.
    if (!check) throw new Refusal({ code: 'base.not-found' });
    return check;
  }

  async function recheck(actor: Actor, findingId: string, { verdict, said, note }: Said): Promise<void> {
    const before = await db.transact(SYSTEM, (tx) => store.findingRow(tx, findingId));
    if (!before) throw new Refusal({ code: 'base.not-found' });
    if (before.closed_at) throw new Refusal({ code: 'inspections.finding-closed' });
    const check = await checkOf(before.code);
    const judged = (await look(db, [check], clock.nowMs())).get(check.code) ?? null;
    const at = new Date(clock.nowMs());
    if (!judged && verdict === undefined)
      throw new Refusal({ code: 'inspections.verdict-needed', fields: [{ path: 'verdict', code: 'inspections.verdict-needed' }] });
    if (!judged && verdict === 'abnormal' && !note?.trim()) throw sayWhat();
    const words = [said?.trim(), note?.trim()].filter(Boolean).join(' · ') || null;
    const found: store.Found = judged
      ? { at, ...judged, name: actor.name, note: words }
      : {
          at,
          outcome: outcomeOfVerdict(verdict!, check),
          value: null,
          evidence: { rows: [], more: 0, notes: [] },
          name: actor.name,
          note: words,
        };
    await db.transact(SYSTEM, async (tx) => {
      const row = await store.lockFinding(tx, findingId);
      if (!row || row.closed_at) throw new Refusal({ code: 'inspections.finding-closed' });
      const bad = isBad(found.outcome);
      const fault = isBad(found.outcome)
        ? await openFault(records, tx, {
            check,
            level: found.outcome,
            inspection: await numberOf(tx, row.inspection_id),
            told: toldOf(found),
          })
        : undefined;
      await store.addEvidence(tx, findingId, found, bad, fault);
      const isGood = found.outcome === 'ok' || found.outcome === 'not-applicable';
      if (isGood) {
        await store.closeFindingRow(tx, findingId, at, { id: actor.accountId, name: actor.name });
        await closeFault(records, tx, row.record_id, actor, `复查合格：${words ?? toldOfGood(found)}`, judged !== null);
      }
      await record(tx, actor, {
        at,
        action: 'operations.recheck-finding',
        objectKind: 'inspection-finding',
        objectId: findingId,
        detail: { code: check.code, outcome: found.outcome, closed: isGood },
      });
    });
  }

  return { take, recheck };
}

function toldOfGood({ value, evidence }: store.Found): string {
  const [first] = evidence.rows;
  return value === null ? '没有发现异常' : `${first?.what ?? ''} ${Math.round(value * 100) / 100}`;
}
