import type { AuditEntry } from '#contracts/identity/identity.api.ts';
import { lowestIdAt } from '#server/kernel/ids.ts';
import { idCursor } from '#server/kernel/page.ts';
import type { Tx } from '../db/db.ts';

interface AuditFilter {
  action?: string;
  accountId?: string;
  objectId?: string;
  from?: string;
  to?: string;
  limit?: number;
  cursor?: string;
}

/** The log, newest first, with each entry's place in the chain. Walks the primary key, or the index of what is asked for. */
export async function auditPage(tx: Tx, filter: AuditFilter): Promise<{ items: AuditEntry[]; nextCursor?: string }> {
  const limit = filter.limit ?? 20;
  const before = idCursor(filter.cursor);
  const rows = await tx
    .selectFrom('platform.audit_entry as e')
    .leftJoin('platform.audit_seal as s', 's.entry_id', 'e.id')
    .selectAll('e')
    .select(['s.seq', 's.hash'])
    .$if(filter.action !== undefined, (query) => query.where('e.action', '=', filter.action!))
    .$if(filter.accountId !== undefined, (query) => query.where('e.account_id', '=', filter.accountId!))
    .$if(filter.objectId !== undefined, (query) => query.where('e.object_id', '=', filter.objectId!))
    .$if(filter.from !== undefined, (query) => query.where('e.id', '>=', lowestIdAt(Date.parse(filter.from!))))
    .$if(filter.to !== undefined, (query) => query.where('e.id', '<', lowestIdAt(Date.parse(filter.to!))))
    .$if(before !== null, (query) => query.where('e.id', '<', before!))
    .orderBy('e.id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map((row) => ({
    id: row.id,
    at: row.at.toISOString(),
    accountId: row.account_id,
    actor: row.actor,
    roles: row.roles,
    ip: row.ip,
    action: row.action,
    objectKind: row.object_kind,
    objectId: row.object_id,
    outcome: row.outcome as AuditEntry['outcome'],
    detail: row.detail as AuditEntry['detail'],
    seq: row.seq,
    hash: row.hash?.toString('hex') ?? null,
  }));
  return { items, ...(rows.length > limit ? { nextCursor: items.at(-1)!.id } : {}) };
}
