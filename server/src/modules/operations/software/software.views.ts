import { sql } from 'kysely';
import type { AdvisoryImport, Exposure, Inventory, SoftwareLine } from '#contracts/operations/software.api.ts';
import type { Tx } from '#server/platform/db/db.ts';

interface Filter {
  readonly q?: string;
  readonly asset?: string;
  readonly vulnerable?: 'true';
  readonly development?: 'true' | 'false';
  readonly limit?: number;
  readonly cursor?: string;
}

/** Software by name and version, with where it stands and the open vulnerabilities of it. */
export async function softwarePage(tx: Tx, filter: Filter): Promise<{ items: SoftwareLine[]; nextCursor?: string }> {
  const limit = filter.limit ?? 50;
  const [name = '', version = '', purl = ''] = filter.cursor?.split('\n') ?? [];
  const { rows } = await sql<Omit<SoftwareLine, 'licences'> & { licences: string }>`
    select max(c.ecosystem) as ecosystem, c.name, c.version, c.purl, (array_agg(distinct c.asset order by c.asset))[1:10] as assets,
      count(distinct c.asset)::integer as places, max(array_to_string(c.licences, e'\\n')) as "licences", bool_and(c.development) as development,
      to_char(min(c.first_seen_at) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "firstSeenAt",
      to_char(max(c.last_seen_at) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "lastSeenAt",
      coalesce((select jsonb_agg(distinct jsonb_build_object('recordId', r.id, 'number', r.number, 'key', e.key, 'level', r.level))
        from operations.exposure e join operations.record r on r.id = e.record_id
        where e.purl = c.purl and e.gone_at is null and r.ended_at is null), '[]') as findings
    from operations.component c
    where c.gone_at is null and (c.name, c.version, c.purl) > (${name}, ${version}, ${purl})
      ${filter.q ? sql`and c.name ilike ${`%${filter.q.trim().replaceAll(/[%_\\]/g, '\\$&')}%`}` : sql``}
      ${filter.asset ? sql`and c.asset = ${filter.asset}` : sql``}
      ${filter.development ? sql`and c.development = ${filter.development === 'true'}` : sql``}
      ${
        filter.vulnerable
          ? sql`and exists (select from operations.exposure e join operations.record r on r.id = e.record_id
              where e.purl = c.purl and e.asset = c.asset and e.gone_at is null and r.ended_at is null)`
          : sql``
      }
    group by c.name, c.version, c.purl order by c.name, c.version, c.purl limit ${limit + 1}`.execute(tx);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map((row) => ({ ...row, licences: row.licences.split('\n').filter(Boolean) })),
    ...(last ? { nextCursor: [last.name, last.version, last.purl].join('\n') } : {}),
  };
}

/** Where inventories come from, and how many components of each have an open vulnerability. */
export async function inventoriesOf(tx: Tx): Promise<Inventory[]> {
  const { rows } = await sql<Omit<Inventory, 'takenAt'> & { takenAt: Date }>`
    select i.asset, i.origin, i.taken_at as "takenAt", i.taken_by as "takenBy", i.components, i.passed_over as "passedOver",
      (select count(distinct c.purl)::integer from operations.component c
        join operations.exposure e on e.asset = c.asset and e.purl = c.purl and e.gone_at is null
        join operations.record r on r.id = e.record_id and r.ended_at is null
        where c.asset = i.asset and c.origin = i.origin and c.gone_at is null) as vulnerable
    from operations.inventory i order by i.asset, i.origin`.execute(tx);
  return rows.map((row) => ({ ...row, takenAt: row.takenAt.toISOString() }));
}

/** The last imports, and how many advisories are known. */
export async function importsOf(tx: Tx): Promise<{ advisories: number; items: AdvisoryImport[] }> {
  const { count } = await tx
    .selectFrom('operations.advisory')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const rows = await tx.selectFrom('operations.advisory_import').selectAll().orderBy('id', 'desc').limit(10).execute();
  return {
    advisories: count,
    items: rows.map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      byName: row.by_name,
      fileName: row.file_name,
      outcome: row.outcome as never,
    })),
  };
}

/** The places of one vulnerability, those that are over last; null where there is no such record. */
export async function exposuresOfRecord(tx: Tx, id: string): Promise<Exposure[] | null> {
  const record = await tx
    .selectFrom('operations.record')
    .select('id')
    .where('id', '=', id)
    .where('kind', '=', 'vulnerability')
    .executeTakeFirst();
  if (!record) return null;
  const rows = await tx
    .selectFrom('operations.exposure')
    .select(['asset', 'purl', 'version', 'fixed_in', 'found_at', 'gone_at'])
    .where('record_id', '=', id)
    .orderBy(sql`gone_at is not null`)
    .orderBy('asset')
    .orderBy('purl')
    .limit(500)
    .execute();
  return rows.map((row) => ({
    asset: row.asset,
    purl: row.purl,
    version: row.version,
    fixedIn: row.fixed_in,
    foundAt: row.found_at.toISOString(),
    goneAt: row.gone_at?.toISOString() ?? null,
  }));
}
