import { sql, type SelectQueryBuilder } from 'kysely';
import type { Backup, BackupFilter, Drill, DrillFilter } from '#contracts/operations/backups.api.ts';
import { idCursor, paged } from '#server/kernel/page.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { DB } from '#server/platform/db/schema.gen.ts';
import { backupView, drillView } from './backups.views.ts';

const RESULTS = { good: ['good', 'removed'], failed: ['failed'], unfinished: ['waiting', 'running'] } as const;
const count = sql<number>`count(*)::integer`.as('count');

function narrowedBackups<O>(query: SelectQueryBuilder<DB, 'operations.backup', O>, { from, to, result }: BackupFilter) {
  return query
    .$if(from !== undefined, (some) => some.where('asked_at', '>=', new Date(from!)))
    .$if(to !== undefined, (some) => some.where('asked_at', '<', new Date(to!)))
    .$if(result !== undefined, (some) => some.where('state', 'in', RESULTS[result!]));
}

function narrowedDrills<O>(query: SelectQueryBuilder<DB, 'operations.restore_drill', O>, { from, to, state }: DrillFilter) {
  return query
    .$if(from !== undefined, (some) => some.where('asked_at', '>=', new Date(from!)))
    .$if(to !== undefined, (some) => some.where('asked_at', '<', new Date(to!)))
    .$if(state !== undefined, (some) => some.where('state', '=', state!));
}

export async function countBackups(tx: Tx, filter: BackupFilter): Promise<number> {
  return (await narrowedBackups(tx.selectFrom('operations.backup').select(count), filter).executeTakeFirstOrThrow()).count;
}
export async function countDrills(tx: Tx, filter: DrillFilter): Promise<number> {
  return (await narrowedDrills(tx.selectFrom('operations.restore_drill').select(count), filter).executeTakeFirstOrThrow()).count;
}
/** The worst of what drills measured, in seconds; null where none was proven. */
export async function worstDrill(tx: Tx, filter: DrillFilter): Promise<{ rto: number | null; rpo: number | null }> {
  return narrowedDrills(tx.selectFrom('operations.restore_drill'), filter)
    .select([sql<number | null>`max(rto_seconds)`.as('rto'), sql<number | null>`max(rpo_seconds)`.as('rpo')])
    .executeTakeFirstOrThrow();
}

/** Backups, the newest first. */
export async function backupsPage(tx: Tx, { limit = 20, ...filter }: BackupFilter): Promise<{ items: Backup[]; nextCursor?: string }> {
  const after = idCursor(filter.cursor);
  const rows = await narrowedBackups(tx.selectFrom('operations.backup').selectAll(), filter)
    .$if(after !== null, (query) => query.where('id', '<', after!))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return paged(rows.map(backupView), limit);
}

/** Drills, the newest first. */
export async function drillsPage(tx: Tx, { limit = 20, ...filter }: DrillFilter): Promise<{ items: Drill[]; nextCursor?: string }> {
  const after = idCursor(filter.cursor);
  const rows = await narrowedDrills(tx.selectFrom('operations.restore_drill').selectAll(), filter)
    .$if(after !== null, (query) => query.where('id', '<', after!))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return paged(rows.map(drillView), limit);
}
