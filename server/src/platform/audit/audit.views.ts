import { sql, type RawBuilder, type SelectQueryBuilder } from 'kysely';
import type { AuditEntry, AuditKind } from '#contracts/identity/identity.api.ts';
import { roles, type Role } from '#contracts/permissions.ts';
import { lowestIdAt } from '#server/kernel/ids.ts';
import { idCursor } from '#server/kernel/page.ts';
import type { Tx } from '../db/db.ts';
import type { DB } from '../db/schema.gen.ts';

type Entries = DB & { e: DB['platform.audit_entry'] };

interface AuditFilter {
  action?: string;
  kind?: AuditKind;
  role?: string;
  accountId?: string;
  objectId?: string;
  from?: string;
  to?: string;
  limit?: number;
  cursor?: string;
}

const ADMINISTRATORS = (Object.keys(roles) as Role[]).filter((role) => role.endsWith('-admin') || role === 'operations-manager');

/**
 * What makes an entry (`e`) one of a kind; the audit log is filtered and the audit reports count by it.
 *
 * Night is from ten in the evening to six in the morning, and only acts of persons count: the platform never sleeps.
 */
export function isOfKind(kind: AuditKind): RawBuilder<boolean> {
  switch (kind) {
    case 'refused':
      return sql`e.outcome = 'refused'`;
    case 'reveals':
      return sql`e.action = 'appeals.reveal-contact' and e.outcome = 'done'`;
    case 'exports':
      return sql`e.action like '%.export%'`;
    case 'new-administrators':
      return sql`e.action = 'identity.create-account' and e.outcome = 'done'
        and jsonb_typeof(e.detail -> 'roles') = 'array' and e.detail -> 'roles' ?| ${ADMINISTRATORS}::text[]`;
    case 'at-night':
      return sql`e.account_id is not null and extract(hour from e.at at time zone 'Asia/Shanghai') not between 6 and 21`;
  }
}

function narrowed<O>(query: SelectQueryBuilder<Entries, 'e', O>, filter: AuditFilter) {
  return query
    .$if(filter.action !== undefined, (some) => some.where('e.action', '=', filter.action!))
    .$if(filter.kind !== undefined, (some) => some.where(isOfKind(filter.kind!)))
    .$if(filter.role !== undefined, (some) => some.where(sql<boolean>`e.roles @> ${[filter.role]}::text[]`))
    .$if(filter.accountId !== undefined, (some) => some.where('e.account_id', '=', filter.accountId!))
    .$if(filter.objectId !== undefined, (some) => some.where('e.object_id', '=', filter.objectId!))
    .$if(filter.from !== undefined, (some) => some.where('e.id', '>=', lowestIdAt(Date.parse(filter.from!))))
    .$if(filter.to !== undefined, (some) => some.where('e.id', '<', lowestIdAt(Date.parse(filter.to!))));
}

/** How many entries match. */
export async function countAudit(tx: Tx, filter: AuditFilter): Promise<number> {
  const { n } = await narrowed(tx.selectFrom('platform.audit_entry as e'), filter)
    .select(sql<number>`count(*)::integer`.as('n'))
    .executeTakeFirstOrThrow();
  return n;
}

/** The log, newest first, with each entry's place in the chain. Walks the primary key, or the index of what is asked for. */
export async function auditPage(tx: Tx, filter: AuditFilter): Promise<{ items: AuditEntry[]; nextCursor?: string }> {
  const limit = filter.limit ?? 20;
  const before = idCursor(filter.cursor);
  const rows = await narrowed(tx.selectFrom('platform.audit_entry as e'), filter)
    .leftJoin('platform.audit_seal as s', 's.entry_id', 'e.id')
    .selectAll('e')
    .select(['s.seq', 's.hash'])
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
