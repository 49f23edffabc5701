import { sql } from 'kysely';
import type { Entry, Objection } from '#contracts/reference/catalogue.api.ts';
import type { EntryState } from '#contracts/reference/norm.lifecycle.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { CatalogueEntry } from './catalogue.rules.ts';
import type { EntryDbRow } from './catalogue.store.ts';

/** What units, and kinds of units, are called. */
interface Names {
  unitName(code: string | null): string | null;
  kindName(kind: string, level: string): string;
}

/** Every approved version of every entry, in the order they take effect. */
export async function approvedEntries(tx: Tx): Promise<CatalogueEntry[]> {
  const rows = await tx
    .selectFrom('reference.catalogue_entry')
    .selectAll()
    .where('state', '=', 'approved')
    .orderBy('effective_from')
    .orderBy('version')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    region: row.region,
    category: row.category,
    unitCode: row.unit_code,
    kind: row.unit_kind,
    level: row.unit_level,
    role: row.role as 'main',
    legalSource: row.legal_source,
    ended: row.ended,
    effectiveMs: row.effective_from!.getTime(),
  }));
}

interface Filter {
  readonly category?: string;
  readonly region?: string;
  readonly unit?: string;
  /** The kind of the unit that is looked for: entries by kind name it too. */
  readonly unitKind?: string;
  readonly only?: 'objected' | 'proposed';
}

type Listed = EntryDbRow & { objections: number };

/**
 * The latest version of each entry that holds for a category, region and unit, by category and region, the main unit before those
 * that assist; withdrawn versions are passed over. The cursor is the place of the last one.
 */
export async function entriesPage(
  tx: Tx,
  filter: Filter,
  cursor: string | undefined,
  limit: number,
  withObjections: boolean,
): Promise<{ rows: Listed[]; nextCursor?: string }> {
  const after = readCursor(cursor);
  const open = withObjections
    ? sql`(select count(*) as open from reference.catalogue_objection o where o.entry_id = e.id and o.answer_id is null)`
    : sql`(select 0 as open)`;
  const result = await sql<Listed>`
    select e.*, o.open as objections from (
      select distinct on (id) * from reference.catalogue_entry where state <> 'withdrawn' order by id, version desc
    ) e
    cross join lateral ${open} o
    where (${filter.category ?? null}::text is null or e.category like ${filter.category ?? ''} || '%' or ${filter.category ?? ''} like e.category || '%')
      and (${filter.region ?? null}::text is null or e.region like ${filter.region ?? ''} || '%' or ${filter.region ?? ''} like e.region || '%')
      and (${filter.unit ?? null}::text is null or e.unit_code = ${filter.unit ?? ''} or e.unit_kind = ${filter.unitKind ?? ''})
      and (${filter.only ?? null}::text is distinct from 'objected' or o.open > 0)
      and (${filter.only ?? null}::text is distinct from 'proposed' or e.state = 'proposed')
      and (e.category, e.region, e.role = 'assist', e.id::text) > (${after.category}, ${after.region}, ${after.role === 'assist'}, ${after.id})
    order by e.category, e.region, e.role = 'assist', e.id::text limit ${limit + 1}`.execute(tx);
  const rows = result.rows.slice(0, limit);
  const last = result.rows.length > limit ? rows.at(-1) : undefined;
  return { rows, ...(last ? { nextCursor: [last.category, last.region, last.role, last.id].join('|') } : {}) };
}

function readCursor(cursor: string | undefined) {
  if (cursor === undefined) return { category: '', region: '', role: '', id: '' };
  const [category = '', region = '', role = '', id = '', ...more] = cursor.split('|');
  if (id === '' || more.length > 0) throw new Refusal({ code: 'base.bad-cursor' });
  return { category, region, role, id };
}

export async function versionsOf(tx: Tx, id: string): Promise<EntryDbRow[]> {
  return tx.selectFrom('reference.catalogue_entry').selectAll().where('id', '=', id).orderBy('version', 'desc').execute();
}

const SHOWN = 200;

/** The objections against an entry (null: against gaps of the catalogue), newest first, those that wait before those that were taken up. */
export async function objectionsOf(tx: Tx, entryId: string | null) {
  return tx
    .selectFrom('reference.catalogue_objection')
    .selectAll()
    .$if(entryId === null, (query) => query.where('entry_id', 'is', null))
    .$if(entryId !== null, (query) => query.where('entry_id', '=', entryId!))
    .orderBy(sql`answer_id is not null`)
    .orderBy('id', 'desc')
    .limit(SHOWN)
    .execute();
}

export function entryView(row: EntryDbRow, objections: number, inForce: boolean, names: Names): Entry {
  return {
    id: row.id,
    version: row.version,
    state: row.state as EntryState,
    region: row.region,
    category: row.category,
    unit: row.unit_code ? { code: row.unit_code, name: names.unitName(row.unit_code) ?? row.unit_code } : null,
    kind: row.unit_kind,
    kindName: row.unit_kind && row.unit_level ? names.kindName(row.unit_kind, row.unit_level) : null,
    level: row.unit_level as Entry['level'],
    role: row.role as 'main',
    legalSource: row.legal_source,
    reason: row.reason,
    ended: row.ended,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at.toISOString(),
    approvedBy: row.approved_by,
    effectiveFrom: row.effective_from?.toISOString() ?? null,
    opinion: row.opinion,
    inForce,
    objections,
  };
}

export function objectionView(row: Awaited<ReturnType<typeof objectionsOf>>[number], names: Names): Objection {
  const unit = (code: string) => ({ code, name: names.unitName(code) ?? code });
  return {
    id: row.id,
    at: row.at.toISOString(),
    orderId: row.order_id,
    region: row.region,
    category: row.category,
    unit: unit(row.unit_code),
    suggestedUnit: row.suggested_unit ? unit(row.suggested_unit) : null,
    reason: row.reason,
    legalBasis: row.legal_basis,
    answeredBy: row.answer_version,
  };
}
