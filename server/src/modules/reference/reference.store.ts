import { sql } from 'kysely';
import type { CalendarDay } from '#contracts/reference/reference.api.ts';
import type { Tx } from '#server/platform/db/db.ts';

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
