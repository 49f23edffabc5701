import { sql } from 'kysely';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '../actor.ts';
import type { Tx } from '../db/db.ts';

/** Something that was asked for and waits for, or had, the decision of a second person. */
export interface Approval {
  readonly id: string;
  readonly caseId: string;
  readonly action: string;
  readonly input: unknown;
  readonly fromState: string;
  readonly permission: string;
  readonly state: 'open' | 'approved' | 'declined' | 'lapsed' | 'superseded';
  readonly askedBy: string | null;
  readonly askedName: string;
  readonly unitCode: string | null;
  readonly lapsesMs: number | null;
}

export interface Asked {
  readonly caseKind: string;
  readonly caseId: string;
  readonly region: string;
  readonly unitCode: string | null;
  readonly action: string;
  readonly input: unknown;
  readonly fromState: string;
  readonly permission: string;
  readonly at: Date;
  readonly lapsesAfterHours: number | undefined;
}

export async function addApproval(tx: Tx, actor: Actor, asked: Asked): Promise<string> {
  const id = newId(asked.at.getTime());
  await tx
    .insertInto('casework.approval')
    .values({
      id,
      case_kind: asked.caseKind,
      case_id: asked.caseId,
      region: asked.region,
      unit_code: asked.unitCode,
      action: asked.action,
      input: JSON.stringify(asked.input),
      from_state: asked.fromState,
      permission: asked.permission,
      state: 'open',
      asked_by: actor.accountId,
      asked_name: actor.name,
      asked_at: asked.at,
      lapses_at: asked.lapsesAfterHours === undefined ? null : new Date(asked.at.getTime() + asked.lapsesAfterHours * 3_600_000),
    })
    .execute();
  return id;
}

/** One request, as it stands; lock its case first, which is the lock of its requests too. */
export async function approvalOf(tx: Tx, id: string): Promise<Approval | null> {
  const row = await tx.selectFrom('casework.approval').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** The requests of a case that wait for a decision. */
export async function openApprovals(tx: Tx, caseId: string): Promise<Approval[]> {
  const rows = await tx
    .selectFrom('casework.approval')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('state', '=', 'open')
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

export async function endApproval(
  tx: Tx,
  id: string,
  state: Exclude<Approval['state'], 'open'>,
  by: { accountId: string | null; name: string },
  at: Date,
  opinion: string | null,
): Promise<void> {
  await tx
    .updateTable('casework.approval')
    .set({ state, decided_by: by.accountId, decided_name: by.name, decided_at: at, opinion })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute();
}

/** Requests whose time is over, the longest first. Walks `approval_lapse_idx`. */
export async function lapsedApprovals(tx: Tx, caseKind: string, nowMs: number, limit: number): Promise<{ id: string; caseId: string }[]> {
  return tx
    .selectFrom('casework.approval')
    .select(['id', 'case_id as caseId'])
    .where('state', '=', 'open')
    .where('lapses_at', '<=', new Date(nowMs))
    .where('case_kind', '=', caseKind)
    .orderBy('lapses_at')
    .limit(limit)
    .execute();
}

/** All requests of a case, for its page. */
export async function approvalsOf(tx: Tx, caseId: string) {
  return tx.selectFrom('casework.approval').selectAll().where('case_id', '=', caseId).orderBy('id').execute();
}

/** What waits for the holder of these permissions, the oldest first; whose region it is, the policy decides. Walks `approval_open_idx`. */
export async function waitingApprovals(tx: Tx, permissions: readonly string[], after: string | null, limit: number) {
  return tx
    .selectFrom('casework.approval')
    .selectAll()
    .where('state', '=', 'open')
    .where('permission', '=', sql<string>`any(${permissions as string[]})`)
    .$if(after !== null, (query) => query.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute();
}

type Row = Awaited<ReturnType<typeof approvalsOf>>[number];

function fromRow(row: Row): Approval {
  return {
    id: row.id,
    caseId: row.case_id,
    action: row.action,
    input: row.input,
    fromState: row.from_state,
    permission: row.permission,
    state: row.state as Approval['state'],
    askedBy: row.asked_by,
    askedName: row.asked_name,
    unitCode: row.unit_code,
    lapsesMs: row.lapses_at?.getTime() ?? null,
  };
}
