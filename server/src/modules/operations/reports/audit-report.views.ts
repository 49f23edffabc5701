import { sql } from 'kysely';
import type { AuditFacts } from '#contracts/operations/audit-reports.api.ts';
import { startOfDay } from '#server/kernel/calendar.ts';
import { lowestIdAt } from '#server/kernel/ids.ts';
import { isOfKind } from '#server/platform/audit/audit.views.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { spanBefore, type Span } from './audit-reports.rules.ts';

const PERSONS_AT_MOST = 20;

/** What stood in the audit log between two days, counted as its page counts it: by the instant in an entry's id. */
export async function auditFacts(tx: Tx, span: Span): Promise<Omit<AuditFacts, 'chain'>> {
  const within = ({ fromDay, toDay }: Span) => sql`e.id >= ${lowestIdAt(startOfDay(fromDay))} and e.id < ${lowestIdAt(startOfDay(toDay))}`;
  const { rows: totals } = await sql<Omit<AuditFacts, 'byAction' | 'byRole' | 'byPerson' | 'chain' | 'totalBefore'>>`
    select count(*)::integer as total, ${counted('refused')} as refused, ${counted('reveals')} as reveals, ${counted('exports')} as exports,
      ${counted('new-administrators')} as "newAdministrators", ${counted('at-night')} as "atNight"
    from platform.audit_entry e where ${within(span)}`.execute(tx);
  const { rows: before } = await sql<{
    total: number;
  }>`select count(*)::integer as total from platform.audit_entry e where ${within(spanBefore(span))}`.execute(tx);
  const { rows: byAction } = await sql<AuditFacts['byAction'][number]>`
    select e.action as key, (count(*) filter (where e.outcome = 'done'))::integer as done, ${counted('refused')} as refused
    from platform.audit_entry e where ${within(span)} group by 1 order by count(*) desc, 1`.execute(tx);
  const { rows: byRole } = await sql<AuditFacts['byRole'][number]>`
    select r.role as key, (count(*) filter (where e.outcome = 'done'))::integer as done, ${counted('refused')} as refused
    from platform.audit_entry e, unnest(e.roles) as r(role) where ${within(span)} group by 1 order by count(*) desc, 1`.execute(tx);
  const { rows: byPerson } = await sql<AuditFacts['byPerson'][number]>`
    select e.account_id as "accountId", max(e.actor) as name, count(*)::integer as acts, ${counted('at-night')} as "atNight", ${counted('refused')} as refused
    from platform.audit_entry e where ${within(span)} and e.account_id is not null group by 1 order by count(*) desc, 1 limit ${PERSONS_AT_MOST}`.execute(
    tx,
  );
  return { ...totals[0]!, totalBefore: before[0]!.total, byAction, byRole, byPerson };
}

function counted(kind: Parameters<typeof isOfKind>[0]) {
  return sql<number>`(count(*) filter (where ${isOfKind(kind)}))::integer`;
}
