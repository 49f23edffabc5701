import { sql } from 'kysely';
import type { CalendarDay } from '#contracts/reference/reference.api.ts';
import type { Tx } from '#server/platform/db/db.ts';

export interface RuleRow {
  readonly id: number;
  readonly version: number;
  readonly urgency: number;
  readonly appealType: string;
  readonly clock: string;
  readonly mode: 'minute' | 'hour' | 'workday';
  readonly amount: number;
  readonly effectiveFrom: Date;
  readonly source: string;
}

/** Adds or corrects rows of a reference table from a shipped file; rows that are absent from it stay. */
export async function upsert(tx: Tx, table: string, key: readonly string[], rows: readonly Record<string, unknown>[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return;
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const others = columns.filter((column) => !key.includes(column));
  const update =
    others.length > 0
      ? sql`do update set ${sql.join(others.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`))}`
      : sql`do nothing`;
  await sql`insert into ${sql.table(table)} (${names})
    select ${names} from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)
    on conflict (${sql.join(key.map((column) => sql.ref(column)))}) ${update}`.execute(tx);
}

export async function addCalendar(
  tx: Tx,
  year: number,
  source: string,
  at: Date,
  by: string | null,
  days: readonly CalendarDay[],
): Promise<boolean> {
  const made = await tx
    .insertInto('reference.calendar_year')
    .values({ year, source, imported_at: at, imported_by: by })
    .onConflict((oc) => oc.doNothing())
    .returning('year')
    .executeTakeFirst();
  if (!made) return false;
  await tx
    .insertInto('reference.holiday')
    .values(days.map((day) => ({ date: day.date, year, name: day.name, type: day.type })))
    .execute();
  return true;
}

/** Adds a version of the rule for a combination; a combination that had none gets a new rule. */
export async function addLimit(tx: Tx, rule: Omit<RuleRow, 'id' | 'version'>, by: string | null): Promise<RuleRow> {
  const last = await tx
    .selectFrom('reference.limit_rule')
    .select(['id', 'version'])
    .where('urgency', '=', rule.urgency)
    .where('appeal_type', '=', rule.appealType)
    .where('clock', '=', rule.clock)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  const id =
    last?.id ??
    (
      await tx
        .selectFrom('reference.limit_rule')
        .select(sql<number>`coalesce(max(id), 0) + 1`.as('id'))
        .executeTakeFirstOrThrow()
    ).id;
  const version = (last?.version ?? 0) + 1;
  await tx
    .insertInto('reference.limit_rule')
    .values({
      id,
      version,
      urgency: rule.urgency,
      appeal_type: rule.appealType,
      clock: rule.clock,
      mode: rule.mode,
      amount: rule.amount,
      effective_from: rule.effectiveFrom,
      source: rule.source,
      created_by: by,
    })
    .execute();
  return { ...rule, id, version };
}
