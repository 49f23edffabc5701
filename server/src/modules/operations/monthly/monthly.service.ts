import type { Selectable } from 'kysely';
import type { MonthlyHead, MonthlyPart, MonthlyRemark, MonthlyReport } from '#contracts/operations/monthly.api.ts';
import { MONTHLY_PARTS, type MonthlyPartName } from '#contracts/operations/monthly.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import { PLATFORM, type Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import type { DB } from '#server/platform/db/schema.gen.ts';
import type { Loop } from '#server/platform/events/events.ts';
import type { JobKind } from '#server/platform/jobs/jobs.ts';
import { tellOnce } from '#server/platform/notices/notices.ts';
import { beijingDate } from '#server/kernel/calendar.ts';
import type { Reference } from '../../reference/index.ts';
import { businessOf, type Naming } from './monthly.business.ts';
import { partsOf } from './monthly.parts.ts';
import { dueOn, lastMonth, type Month } from './monthly.rules.ts';

const KIND = 'monthly';
const BUSINESS = 'monthly-business';
/** Five years of months. */
const KEPT_SHOWN = 60;
const ORDER = Object.keys(MONTHLY_PARTS) as MonthlyPartName[];

export interface MonthlyReports {
  /** Makes the report of the last month; one that was made stands. */
  make(): Promise<void>;
  /** Tells once a day that the report of the last month is overdue and not there; gives whether it is. */
  tellLate(): Promise<boolean>;
  list(actor: Actor): Promise<MonthlyHead[]>;
  /** @throws Refusal `base.not-found` */
  one(actor: Actor, id: string): Promise<MonthlyReport>;
  /** The same, with its leaving the house on record. */
  taken(actor: Actor, id: string): Promise<MonthlyReport>;
  /** Adds a paragraph of a person to the risks of a report. @throws Refusal `base.not-found` */
  remark(actor: Actor, id: string, text: string): Promise<MonthlyRemark>;
}

export interface MonthlyDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly reference: Naming & Pick<Reference, 'holidays'>;
}

interface Facts {
  readonly dueOn: string;
  readonly score: number | null;
  readonly parts: MonthlyPart[];
}
interface BusinessFacts {
  readonly part: MonthlyPart;
}

export function createMonthlyReports({ db, clock, reference }: MonthlyDeps): MonthlyReports {
  async function make(): Promise<void> {
    const nowMs = clock.nowMs();
    const month = lastMonth(nowMs);
    const due = dueOn(month.toDay, await reference.holidays());
    await db.transact(SYSTEM, async (tx) => {
      if (await isMade(tx, month)) return;
      const facts: Facts = { dueOn: due, ...(await partsOf(tx, month, nowMs)) };
      const business: BusinessFacts = { part: await businessOf(tx, month, reference) };
      const at = new Date(nowMs);
      const row = { period: 'month', from_day: month.fromDay, to_day: month.toDay, made_at: at };
      const made = await tx
        .insertInto('operations.report')
        .values([
          { ...row, id: newId(nowMs), kind: KIND, facts: JSON.stringify(facts) },
          { ...row, id: newId(nowMs), kind: BUSINESS, facts: JSON.stringify(business) },
        ])
        // Another node was quicker: it wrote both.
        .onConflict((oc) => oc.columns(['kind', 'period', 'from_day']).doNothing())
        .returning(['id', 'kind'])
        .execute();
      const report = made.find(({ kind }) => kind === KIND);
      if (report)
        await record(tx, PLATFORM, {
          at,
          action: 'operations.make-monthly-report',
          objectKind: 'report',
          objectId: report.id,
          detail: { month: month.month },
        });
    });
  }

  async function tellLate(): Promise<boolean> {
    const at = new Date(clock.nowMs());
    const month = lastMonth(at.getTime());
    const due = dueOn(month.toDay, await reference.holidays());
    const today = beijingDate(at.getTime());
    if (today <= due) return false;
    return db.transact(SYSTEM, async (tx) => {
      if (await isMade(tx, month)) return false;
      await tellOnce(tx, {
        at,
        level: 'urgent',
        zh: `${month.month} 运维月报应于 ${due} 前完成，尚未生成；原因见日志，后台节点重启时补做`,
        en: `The monthly report of ${month.month} was due on ${due} and is not made; the log says why, a start of a background node makes it`,
        permission: 'operations.see',
        path: '/monthly-reports',
        onceKey: `operations.monthly-late/${today}`,
      });
      return true;
    });
  }

  async function read(tx: Tx, actor: Actor, id: string): Promise<MonthlyReport> {
    const row = await tx.selectFrom('operations.report').selectAll().where('kind', '=', KIND).where('id', '=', id).executeTakeFirst();
    if (!row) throw new Refusal({ code: 'base.not-found' });
    const business = await tx
      .selectFrom('operations.report')
      .select('facts')
      .where('kind', '=', BUSINESS)
      .where('from_day', '=', row.from_day)
      .executeTakeFirst();
    const remarks = await tx.selectFrom('operations.report_remark').selectAll().where('report_id', '=', id).orderBy('id').execute();
    const parts = [
      ...(row.facts as unknown as Facts).parts,
      ...(business && actor.permissions.has('orders.see') ? [(business.facts as unknown as BusinessFacts).part] : []),
    ];
    return {
      ...headOf(row),
      parts: parts.toSorted((a, b) => ORDER.indexOf(a.part) - ORDER.indexOf(b.part)),
      remarks: remarks.map((one) => ({ id: one.id, at: one.at.toISOString(), by: one.by_name, text: one.remark })),
    };
  }

  return {
    make,
    tellLate,
    list: (actor) =>
      db.transact(actor.scope, async (tx) => {
        const rows = await tx
          .selectFrom('operations.report')
          .selectAll()
          .where('kind', '=', KIND)
          .orderBy('from_day', 'desc')
          .limit(KEPT_SHOWN)
          .execute();
        return rows.map(headOf);
      }),
    one: (actor, id) => db.transact(actor.scope, (tx) => read(tx, actor, id)),
    taken: (actor, id) =>
      db.transact(actor.scope, async (tx) => {
        const report = await read(tx, actor, id);
        const at = new Date(clock.nowMs());
        await record(tx, actor, { at, action: 'operations.export-monthly-report', objectKind: 'report', objectId: id });
        return report;
      }),
    remark: (actor, id, text) =>
      db.transact(actor.scope, async (tx) => {
        await read(tx, actor, id);
        const at = new Date(clock.nowMs());
        const row = { id: newId(at.getTime()), report_id: id, at, account_id: actor.accountId!, by_name: actor.name, remark: text };
        await tx.insertInto('operations.report_remark').values(row).execute();
        await record(tx, actor, {
          at,
          action: 'operations.remark-monthly-report',
          objectKind: 'report',
          objectId: id,
          detail: { remark: row.id },
        });
        return { id: row.id, at: at.toISOString(), by: actor.name, text };
      }),
  };
}

/** On the first, early in the morning of Beijing, when the night's backup and the audit reports are there. */
export const MONTHLY_QUEUES: readonly Omit<JobKind, 'run'>[] = [{ name: 'operations.monthly-report', cron: '10 2 1 * *' }];

/** Tells of a report that is late, until it is made. */
export function monthlyLoop(reports: MonthlyReports): Loop {
  return {
    name: 'operations.monthly-promise',
    restMs: 60_000,
    async turn() {
      await reports.tellLate();
      return 0;
    },
  };
}

export function monthlyJobs(reports: MonthlyReports): JobKind[] {
  return MONTHLY_QUEUES.map((queue) => ({ ...queue, run: () => reports.make() }));
}

async function isMade(tx: Tx, { fromDay }: Month): Promise<boolean> {
  const known = await tx
    .selectFrom('operations.report')
    .select('id')
    .where('kind', '=', KIND)
    .where('from_day', '=', fromDay)
    .executeTakeFirst();
  return known !== undefined;
}

function headOf(row: Selectable<DB['operations.report']>): MonthlyHead {
  const { dueOn: due, score } = row.facts as unknown as Facts;
  return {
    id: row.id,
    month: row.from_day.slice(0, 7),
    fromDay: row.from_day,
    toDay: row.to_day,
    madeAt: row.made_at.toISOString(),
    dueOn: due,
    score,
  };
}
