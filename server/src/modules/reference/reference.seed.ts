import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import { readSetting, writeSetting } from '#server/platform/db/settings.ts';
import { upsert } from './reference.store.ts';

const FOLDER = join(import.meta.dirname, '../../../db/reference');
const FILES = ['regions.csv', 'units.csv', 'categories.csv', 'unit-categories.csv', 'codes.json', 'holidays.csv', 'limits.csv'] as const;

type Row = Record<string, string>;

/** A shipped reference file, raw. */
function referenceFile(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

function rowsOf(name: string): Row[] {
  return parse(referenceFile(name), { columns: true, skip_empty_lines: true, bom: true }) as Row[];
}

/** Loads the shipped reference files where they are new or have changed since the last start; says whether it did. */
export async function seedReference(db: Db, at: Date): Promise<boolean> {
  const hash = createHash('sha256');
  for (const file of FILES) hash.update(referenceFile(file));
  const digest = hash.digest('hex');
  return db.transact(SYSTEM, async (tx) => {
    if ((await readSetting(tx, 'reference.files')) === digest) return false;
    await upsert(
      tx,
      'reference.region',
      ['code'],
      rowsOf('regions.csv').map((row) => ({
        code: row['code'],
        name: row['name'],
        level: row['level'],
        parent: row['parent'] || null,
        statistical: row['statistical'] === 'true',
      })),
    );
    await upsert(
      tx,
      'reference.unit',
      ['code'],
      rowsOf('units.csv').map((row) => ({
        code: row['code'],
        name: row['name'],
        short_name: row['short_name'],
        kind: row['kind'],
        level: row['level'],
        region: row['region'],
        parent: row['parent'] || null,
        active: true,
      })),
    );
    await upsert(
      tx,
      'reference.category',
      ['code'],
      rowsOf('categories.csv').map((row) => ({
        code: row['code'],
        name: row['name'],
        name_en: row['name_en'],
        level: Number(row['level']),
        parent: row['parent'] || null,
      })),
    );
    await upsert(
      tx,
      'reference.unit_category',
      ['category', 'kind', 'level'],
      rowsOf('unit-categories.csv').flatMap((row) => [
        { category: row['category'], kind: row['kind'], level: row['level'], role: 'main' },
        ...(row['assist_kinds'] ?? '')
          .split('|')
          .filter(Boolean)
          .map((kind) => ({ category: row['category'], kind, level: row['level'], role: 'assist' })),
      ]),
    );
    const lists = JSON.parse(referenceFile('codes.json')) as Record<string, (Row & { code: string; zh: string; en: string })[]>;
    await upsert(
      tx,
      'reference.code_item',
      ['list', 'code'],
      Object.entries(lists).flatMap(([list, items]) =>
        items.map(({ code, zh, en, ...extra }, place) => ({ list, code, place, zh, en, extra })),
      ),
    );
    const holidays = rowsOf('holidays.csv').filter((row) => row['date']! >= '2023');
    const years = [...new Set(holidays.map((row) => Number(row['date']!.slice(0, 4))))];
    await upsert(
      tx,
      'reference.calendar_year',
      ['year'],
      years.map((year) => ({ year, source: '国务院办公厅通知（holiday-cn, MIT）', imported_at: at })),
    );
    await upsert(
      tx,
      'reference.holiday',
      ['date'],
      holidays.map((row) => ({ date: row['date'], year: Number(row['date']!.slice(0, 4)), name: row['name'], type: row['type'] })),
    );
    await upsert(
      tx,
      'reference.limit_rule',
      ['id', 'version'],
      rowsOf('limits.csv').map((row, index) => ({
        id: index + 1,
        version: 1,
        urgency: Number(row['urgency']),
        appeal_type: row['appeal_type'],
        clock: row['clock'],
        mode: row['mode'],
        amount: Number(row['amount']),
        effective_from: `${row['effective_from']}T00:00:00+08:00`,
        source: row['source'],
      })),
    );
    await writeSetting(tx, 'reference.files', digest);
    return true;
  });
}
