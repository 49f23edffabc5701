import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { NormContent } from '#contracts/reference/norm.content.ts';
import { idFor, newId } from '#server/kernel/ids.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { readSetting, writeSetting } from '#server/platform/db/settings.ts';
import { PROVINCE } from './norms/norms.rules.ts';
import { ruleLimits } from './norms/norms.store.ts';
import { upsert } from './reference.store.ts';

const FOLDER = join(import.meta.dirname, '../../../db/reference');
const FILES = [
  'regions.csv',
  'units.csv',
  'categories.csv',
  'unit-categories.csv',
  'codes.json',
  'holidays.csv',
  'limits.csv',
  'norm.json',
] as const;

type Row = Record<string, string>;

/** A shipped reference file, raw. */
function referenceFile(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

function rowsOf(name: string): Row[] {
  return parse(referenceFile(name), { columns: true, skip_empty_lines: true, bom: true }) as Row[];
}

const SHIPPED_BY = '系统';

/** The first version of the province's norm, where there is none: what was drafted in the console afterwards stays. */
async function seedNorm(tx: Tx, at: Date): Promise<void> {
  const known = await tx.selectFrom('reference.norm').select('id').where('region', '=', PROVINCE).limit(1).executeTakeFirst();
  if (known) return;
  const { title, source, effectiveFrom, ...rules } = JSON.parse(referenceFile('norm.json')) as Omit<NormContent, 'limits'> & {
    title: string;
    source: string;
    effectiveFrom: string;
  };
  const limits = rowsOf('limits.csv').map((row) => ({
    urgency: Number(row['urgency']),
    appealType: row['appeal_type'] as NormContent['limits'][number]['appealType'],
    clock: row['clock'] as NormContent['limits'][number]['clock'],
    category: '',
    mode: row['mode'] as NormContent['limits'][number]['mode'],
    amount: Number(row['amount']),
    source: row['source']!,
  }));
  await tx
    .insertInto('reference.norm')
    .values({
      id: newId(at.getTime()),
      region: PROVINCE,
      state: 'approved',
      revision: 1,
      version: 1,
      title,
      source,
      content: JSON.stringify(await ruleLimits(tx, PROVINCE, { limits, ...rules }, null)),
      drafters: [],
      drafted_by: SHIPPED_BY,
      drafted_at: at,
      approved_by: SHIPPED_BY,
      approved_at: at,
      effective_from: new Date(effectiveFrom),
    })
    .execute();
}

/** The shipped entries of the catalogue, those that are not there yet; their ids are made from what they say. */
async function seedCatalogue(tx: Tx, at: Date): Promise<void> {
  const effectiveFrom = new Date('2020-01-01T00:00:00+08:00');
  const entries = rowsOf('unit-categories.csv').flatMap((row) => [
    { ...row, kind: row['kind']!, role: 'main' },
    ...(row['assist_kinds'] ?? '')
      .split('|')
      .filter(Boolean)
      .map((kind) => ({ ...row, kind, role: 'assist' })),
  ]) as { category: string; kind: string; level: string; role: string }[];
  await tx
    .insertInto('reference.catalogue_entry')
    .values(
      entries.map(({ category, kind, level, role }) => ({
        id: idFor(effectiveFrom.getTime(), createHash('sha256').update(`catalogue/${category}/${kind}/${level}/${role}`).digest()),
        version: 1,
        state: 'approved',
        region: PROVINCE,
        category,
        unit_kind: kind,
        unit_level: level,
        role,
        legal_source: '民声默认值',
        reason: '初始目录',
        proposed_by: SHIPPED_BY,
        proposed_at: at,
        approved_by: SHIPPED_BY,
        approved_at: at,
        effective_from: effectiveFrom,
      })),
    )
    .onConflict((oc) => oc.columns(['id', 'version']).doNothing())
    .execute();
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
    await seedNorm(tx, at);
    await seedCatalogue(tx, at);
    await writeSetting(tx, 'reference.files', digest);
    return true;
  });
}
