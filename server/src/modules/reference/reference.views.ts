import { sql } from 'kysely';
import type { Category, CodeItem, Region, Unit } from '#contracts/reference/reference.api.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import type { Tx } from '#server/platform/db/db.ts';

/** Province, cities and counties; streets are asked for by county. */
export async function regionsDownToCounties(tx: Tx): Promise<Region[]> {
  const rows = await tx.selectFrom('reference.region').selectAll().where('level', '<>', 'street').orderBy('code').execute();
  return rows as Region[];
}

export async function streetsOf(tx: Tx, county: string): Promise<Region[]> {
  const rows = await tx
    .selectFrom('reference.region')
    .selectAll()
    .where('parent', '=', county)
    .where('level', '=', 'street')
    .orderBy('code')
    .execute();
  return rows as Region[];
}

/** Every region code with its name: small enough to hold. */
export async function allRegions(tx: Tx): Promise<Map<string, string>> {
  const rows = await tx.selectFrom('reference.region').select(['code', 'name']).execute();
  return new Map(rows.map((row) => [row.code, row.name]));
}

export async function allUnits(tx: Tx): Promise<Map<string, Unit>> {
  const rows = await tx.selectFrom('reference.unit').selectAll().where('active', '=', true).orderBy('code').execute();
  const units = new Map<string, Unit>();
  for (const row of rows) {
    const parent = row.parent ? units.get(row.parent) : undefined;
    units.set(row.code, {
      code: row.code,
      name: row.name,
      shortName: row.short_name,
      kind: row.kind,
      level: row.level as Unit['level'],
      region: row.region,
      parent: row.parent,
      path: parent ? `${parent.path}/${row.short_name}` : row.short_name,
    });
  }
  return units;
}

export async function allCategories(tx: Tx): Promise<Category[]> {
  const rows = await tx.selectFrom('reference.category').selectAll().orderBy('code').execute();
  return rows.map((row) => ({ code: row.code, name: row.name, nameEn: row.name_en, level: row.level, parent: row.parent }));
}

export async function allCodes(tx: Tx): Promise<Record<string, CodeItem[]>> {
  const rows = await tx.selectFrom('reference.code_item').selectAll().orderBy('list').orderBy('place').execute();
  const lists: Record<string, CodeItem[]> = {};
  for (const row of rows) {
    const extra = row.extra as Record<string, string>;
    (lists[row.list] ??= []).push({ code: row.code, zh: row.zh, en: row.en, ...(Object.keys(extra).length > 0 ? { extra } : {}) });
  }
  return lists;
}

export async function holidays(tx: Tx): Promise<Holidays> {
  const days = await tx.selectFrom('reference.holiday').select(['date', 'type']).execute();
  const years = await tx.selectFrom('reference.calendar_year').select('year').execute();
  return {
    off: new Set(days.filter((day) => day.type === 'off').map((day) => day.date)),
    work: new Set(days.filter((day) => day.type === 'work').map((day) => day.date)),
    publishedYears: new Set(years.map((row) => row.year)),
  };
}

export async function calendarOf(tx: Tx, year: number) {
  const head = await tx.selectFrom('reference.calendar_year').selectAll().where('year', '=', year).executeTakeFirst();
  const days = await tx.selectFrom('reference.holiday').select(['date', 'name', 'type']).where('year', '=', year).orderBy('date').execute();
  return { head, days: days as { date: string; name: string; type: 'off' | 'work' }[] };
}

/** Notices for the holder of these permissions, newest first; whose region or unit they concern is decided by the row-level policy. */
export async function noticesFor(tx: Tx, permissions: readonly string[], before: string | null, limit: number) {
  return tx
    .selectFrom('platform.notice')
    .selectAll()
    .where('permission', '=', sql<string>`any(${permissions as string[]})`)
    .$if(before !== null, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}
