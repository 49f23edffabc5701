import type { Evidence, Outcome } from '#contracts/operations/inspections.api.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { Check } from './inspections.rules.ts';

/** What a check came to, as evidence of a finding. */
export interface Found {
  readonly at: Date;
  readonly outcome: Outcome;
  readonly value: number | null;
  readonly evidence: Evidence;
  /** Who looked, and his words, where a person did. */
  readonly name?: string | null;
  readonly note?: string | null;
}

export interface NewFinding {
  readonly id: string;
  readonly check: Check;
  readonly inspectionId: string;
  readonly level: 'yellow' | 'red';
  readonly record: { readonly id: string; readonly number: string };
}

export async function openFindingOf(tx: Tx, code: string) {
  return tx
    .selectFrom('operations.inspection_finding')
    .selectAll()
    .where('code', '=', code)
    .where('closed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
}

export async function findingRow(tx: Tx, id: string) {
  return tx.selectFrom('operations.inspection_finding').select(['code', 'closed_at']).where('id', '=', id).executeTakeFirst();
}

export async function lockFinding(tx: Tx, id: string) {
  return tx.selectFrom('operations.inspection_finding').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

const last = (found: Found) => ({
  last_outcome: found.outcome,
  last_at: found.at,
  last_value: found.value,
  last_evidence: JSON.stringify(found.evidence),
  last_name: found.name ?? null,
  last_note: found.note ?? null,
});

export async function insertFinding(tx: Tx, { id, check, inspectionId, level, record }: NewFinding, found: Found): Promise<void> {
  await tx
    .insertInto('operations.inspection_finding')
    .values({
      id,
      code: check.code,
      object: check.object,
      level,
      inspection_id: inspectionId,
      opened_at: found.at,
      opened_value: found.value,
      opened_evidence: JSON.stringify(found.evidence),
      record_id: record.id,
      record_number: record.number,
      ...last(found),
    })
    .execute();
}

/** Keeps what a check came to since; a finding may grow worse, and stays as bad as it once was. */
export async function addEvidence(
  tx: Tx,
  id: string,
  found: Found,
  again: boolean,
  /** A new fault where the former one was closed while the matter stands. */
  fault?: NewFinding['record'],
): Promise<void> {
  await tx
    .updateTable('operations.inspection_finding')
    .set((eb) => ({
      ...last(found),
      ...(again ? { times: eb('times', '+', 1) } : {}),
      ...(found.outcome === 'red' ? { level: 'red' } : {}),
      ...(fault ? { record_id: fault.id, record_number: fault.number } : {}),
    }))
    .where('id', '=', id)
    .execute();
}

export async function closeFindingRow(
  tx: Tx,
  id: string,
  at: Date,
  by: { readonly id: string | null; readonly name: string },
): Promise<void> {
  await tx
    .updateTable('operations.inspection_finding')
    .set({ closed_at: at, closed_by: by.id, closed_name: by.name })
    .where('id', '=', id)
    .execute();
}
