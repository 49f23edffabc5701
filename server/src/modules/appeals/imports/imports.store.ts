import { sql } from 'kysely';
import type { ImportRun } from '#contracts/appeals/appeals.api.ts';
import { insertOf, type Insert, type Tx } from '#server/platform/db/db.ts';

export type RowOutcome = 'accepted' | 'known' | 'rejected' | 'blank';

export interface RowFault {
  readonly field: string;
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

export interface NewRun {
  readonly id: string;
  readonly fileHash: string;
  readonly fileName: string;
  readonly filePath: string;
  readonly mappingName: string;
  readonly mapping: unknown;
  readonly dryRun: boolean;
  readonly at: Date;
  readonly by: string | null;
  readonly region: string | null;
}

/** The run of this file with this mapping that was cut off before its end, if there is one. */
export async function unfinishedRun(tx: Tx, fileHash: string, mappingName: string, dryRun: boolean, region: string | null) {
  return (
    tx
      .selectFrom('appeals.import_run')
      .selectAll()
      .where('file_hash', '=', fileHash)
      .where('mapping_name', '=', mappingName)
      .where('dry_run', '=', dryRun)
      // Another city's run of the same file is none of ours.
      .where('region', 'is not distinct from', region)
      .where('state', 'in', ['waiting', 'running'])
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
  );
}

export async function addRun(tx: Tx, run: NewRun): Promise<void> {
  await tx
    .insertInto('appeals.import_run')
    .values({
      id: run.id,
      file_hash: run.fileHash,
      file_name: run.fileName,
      file_path: run.filePath,
      mapping_name: run.mappingName,
      mapping: JSON.stringify(run.mapping),
      dry_run: run.dryRun,
      state: 'waiting',
      started_at: run.at,
      started_by: run.by,
      region: run.region,
    })
    .execute();
}

export async function runById(tx: Tx, id: string) {
  return tx.selectFrom('appeals.import_run').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function setRunState(
  tx: Tx,
  id: string,
  state: ImportRun['state'],
  more: { endedAt?: Date; error?: string; totalRows?: number } = {},
): Promise<void> {
  await tx
    .updateTable('appeals.import_run')
    .set({
      state,
      ...(more.endedAt ? { ended_at: more.endedAt } : {}),
      ...(more.error ? { error: more.error } : {}),
      ...(more.totalRows !== undefined ? { total_rows: more.totalRows } : {}),
    })
    .where('id', '=', id)
    .execute();
}

/** Counts the rows of a run anew from what became of each. */
export async function recount(tx: Tx, id: string): Promise<void> {
  await sql`update appeals.import_run r set rows = c.rows, accepted = c.accepted, known = c.known, rejected = c.rejected, blank = c.blank
    from (select count(*) as rows, count(*) filter (where outcome = 'accepted') as accepted, count(*) filter (where outcome = 'known') as known,
      count(*) filter (where outcome = 'rejected') as rejected, count(*) filter (where outcome = 'blank') as blank
      from appeals.import_row where run_id = ${id}) c where r.id = ${id}`.execute(tx);
}

/** The row up to which all are accounted for: a run goes on after it. Rows are taken in order, so the highest is it. */
export async function lastRow(tx: Tx, id: string): Promise<number> {
  const row = await tx
    .selectFrom('appeals.import_row')
    .select(sql<number>`coalesce(max(row_no), 0)`.as('no'))
    .where('run_id', '=', id)
    .executeTakeFirstOrThrow();
  return row.no;
}

export function rowInsert(runId: string, rowNo: number, outcome: RowOutcome, faults: readonly RowFault[] | null = null): Insert {
  return insertOf('appeals.import_row', {
    run_id: runId,
    row_no: rowNo,
    outcome,
    faults: faults === null ? null : JSON.stringify(faults),
  });
}

export async function addRows(
  tx: Tx,
  runId: string,
  rows: readonly { rowNo: number; outcome: RowOutcome; faults: readonly RowFault[] | null }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('appeals.import_row')
    .values(
      rows.map((row) => ({
        run_id: runId,
        row_no: row.rowNo,
        outcome: row.outcome,
        faults: row.faults === null ? null : JSON.stringify(row.faults),
      })),
    )
    .execute();
}

export async function runsPage(tx: Tx, after: string | null, limit: number): Promise<ImportRun[]> {
  const rows = await tx
    .selectFrom('appeals.import_run')
    .selectAll()
    .$if(after !== null, (query) => query.where('id', '<', after!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(runView);
}

export async function rejectsOf(tx: Tx, runId: string, afterRow: number, limit: number): Promise<{ rowNo: number; faults: RowFault[] }[]> {
  const rows = await tx
    .selectFrom('appeals.import_row')
    .select(['row_no', 'faults'])
    .where('run_id', '=', runId)
    .where('outcome', '=', 'rejected')
    .where('row_no', '>', afterRow)
    .orderBy('row_no')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ rowNo: row.row_no, faults: (row.faults ?? []) as unknown as RowFault[] }));
}

type RunRow = NonNullable<Awaited<ReturnType<typeof runById>>>;

export function runView(row: RunRow): ImportRun {
  return {
    id: row.id,
    fileName: row.file_name,
    mappingName: row.mapping_name,
    dryRun: row.dry_run,
    state: row.state as ImportRun['state'],
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    rows: row.rows,
    accepted: row.accepted,
    known: row.known,
    rejected: row.rejected,
    blank: row.blank,
    totalRows: row.total_rows,
    error: row.error,
  };
}
