import type { Selectable } from 'kysely';
import type { AuditFacts, AuditReport } from '#contracts/operations/audit-reports.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { newId } from '#server/kernel/ids.ts';
import { PLATFORM, type Actor } from '#server/platform/actor.ts';
import { record, seal, verifyChain } from '#server/platform/audit/audit.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import type { DB } from '#server/platform/db/schema.gen.ts';
import type { JobKind } from '#server/platform/jobs/jobs.ts';
import { auditFacts } from './audit-report.views.ts';
import { lastSpan, type Period } from './audit-reports.rules.ts';

const KIND = 'audit';
const KEPT_SHOWN = 200;

export interface AuditReports {
  /** Makes the report of the last period that is over; one that was made stands. */
  make(period: Period): Promise<void>;
  /** Makes what is due: the last week's and the last month's. */
  makeDue(): Promise<void>;
  list(actor: Actor): Promise<AuditReport[]>;
  one(actor: Actor, id: string): Promise<AuditReport | null>;
}

export function createAuditReports({ db, clock }: { db: Db; clock: Clock }): AuditReports {
  async function make(period: Period): Promise<void> {
    const span = lastSpan(period, clock.nowMs());
    const known = () =>
      db.transact(SYSTEM, (tx) =>
        tx
          .selectFrom('operations.report')
          .select('id')
          .where('kind', '=', KIND)
          .where('period', '=', period)
          .where('from_day', '=', span.fromDay)
          .executeTakeFirst(),
      );
    if (await known()) return;
    // Everything that stands in the log is sealed first: a chain over part of it would prove little.
    while ((await seal(db)) > 0);
    // Computed before the row is written: it takes as long as the log is.
    const { ok, checked, unsealed, fault } = await verifyChain(db, SYSTEM);
    await db.transact(SYSTEM, async (tx) => {
      const facts: AuditFacts = { ...(await auditFacts(tx, span)), chain: { ok, checked, unsealed, faultSeq: fault?.seq ?? null } };
      const at = new Date(clock.nowMs());
      const made = await tx
        .insertInto('operations.report')
        .values({
          id: newId(at.getTime()),
          kind: KIND,
          period,
          from_day: span.fromDay,
          to_day: span.toDay,
          facts: JSON.stringify(facts),
          made_at: at,
        })
        // Another node was quicker.
        .onConflict((oc) => oc.columns(['kind', 'period', 'from_day']).doNothing())
        .returning('id')
        .executeTakeFirst();
      if (made)
        await record(tx, PLATFORM, {
          at,
          action: 'operations.make-audit-report',
          objectKind: 'report',
          objectId: made.id,
          detail: { period, from: span.fromDay, to: span.toDay },
        });
    });
  }

  return {
    make,
    async makeDue() {
      for (const period of ['week', 'month'] as const) await make(period);
    },
    list: (actor) =>
      db.transact(actor.scope, async (tx) => {
        const rows = await tx
          .selectFrom('operations.report')
          .selectAll()
          .where('kind', '=', KIND)
          .orderBy('from_day', 'desc')
          .orderBy('id')
          .limit(KEPT_SHOWN)
          .execute();
        return rows.map(reportOf);
      }),
    one: (actor, id) =>
      db.transact(actor.scope, async (tx) => {
        const row = await tx.selectFrom('operations.report').selectAll().where('kind', '=', KIND).where('id', '=', id).executeTakeFirst();
        return row ? reportOf(row) : null;
      }),
  };
}

/** Weekly on Monday, monthly on the first, early in the morning of Beijing. */
export const AUDIT_REPORT_QUEUES: readonly Omit<JobKind, 'run'>[] = [
  { name: 'operations.audit-report-week', cron: '20 1 * * 1' },
  { name: 'operations.audit-report-month', cron: '40 1 1 * *' },
];

export function auditReportJobs(reports: AuditReports): JobKind[] {
  return AUDIT_REPORT_QUEUES.map((queue) => ({ ...queue, run: () => reports.make(queue.name.endsWith('week') ? 'week' : 'month') }));
}

function reportOf(row: Selectable<DB['operations.report']>): AuditReport {
  return {
    id: row.id,
    period: row.period as Period,
    fromDay: row.from_day,
    toDay: row.to_day,
    madeAt: row.made_at.toISOString(),
    facts: row.facts as AuditFacts,
  };
}
