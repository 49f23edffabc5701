import { sql } from 'kysely';
import type { InventoryOrigin } from '#contracts/operations/software.api.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { Advisory, Affected } from './advisories.rules.ts';
import type { Severity } from './cvss.rules.ts';
import { identityOf, readPurl, type Identity } from './purl.rules.ts';
import type { Component } from './sbom.rules.ts';

/** A package by the names advisories know it by. */
export interface PackageName {
  readonly ecosystem: string;
  readonly package: string;
}

export interface NewInventory {
  readonly asset: string;
  readonly origin: InventoryOrigin;
  readonly components: readonly Component[];
  readonly passedOver: number;
  readonly by: string;
}

/** Writes what stands on an asset now; what is not listed any more is gone. Gives the packages it concerns. */
export async function putInventory(tx: Tx, { asset, origin, components, passedOver, by }: NewInventory, at: Date): Promise<PackageName[]> {
  const facts = { taken_at: at, taken_by: by, components: components.length, passed_over: passedOver };
  await tx
    .insertInto('operations.inventory')
    .values({ asset, origin, ...facts })
    .onConflict((oc) => oc.columns(['asset', 'origin']).doUpdateSet(facts))
    .execute();
  const rows = components.map((one) => {
    const purl = readPurl(one.purl);
    const identity = purl ? identityOf(purl) : null;
    return {
      ...one,
      ecosystem: identity?.ecosystem ?? null,
      release: identity?.release ?? null,
      package: identity?.package ?? null,
      matched_version: identity?.version ?? null,
    };
  });
  await sql`
    insert into operations.component (asset, origin, purl, name, version, ecosystem, release, package, matched_version, licences, hash, development, first_seen_at, last_seen_at)
    select ${asset}, ${origin}, c.purl, c.name, c.version, c.ecosystem, c.release, c.package, c.matched_version, c.licences, c.hash, c.development, ${at}, ${at}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c(purl text, name text, version text, ecosystem text, release text, package text,
      matched_version text, licences text[], hash text, development boolean)
    on conflict (asset, origin, purl) do update set last_seen_at = excluded.last_seen_at, gone_at = null, licences = excluded.licences,
      hash = excluded.hash, development = excluded.development`.execute(tx);
  await tx
    .updateTable('operations.component')
    .set({ gone_at: at })
    .where('asset', '=', asset)
    .where('origin', '=', origin)
    .where('gone_at', 'is', null)
    .where('last_seen_at', '<', at)
    .execute();
  const { rows: packages } = await sql<PackageName>`
    select distinct ecosystem, package from operations.component
    where asset = ${asset} and ecosystem is not null and (gone_at is null or gone_at = ${at})`.execute(tx);
  return packages;
}

const PORTION = 500;

/** Writes advisories, each in place of what it said before; gives the packages in use that any of it concerns. */
export async function putAdvisories(tx: Tx, advisories: readonly Advisory[], at: Date): Promise<PackageName[]> {
  const concerned = new Map<string, PackageName>();
  for (let from = 0; from < advisories.length; from += PORTION) {
    const portion = advisories.slice(from, from + PORTION);
    const ids = portion.map(({ id }) => id);
    const before = await packagesInUse(tx, ids);
    await tx
      .insertInto('operations.advisory')
      .values(
        portion.map((one) => ({
          id: one.id,
          key: one.key,
          source: one.source,
          summary: one.summary,
          severity: one.severity,
          exploited: one.exploited,
          withdrawn: one.withdrawn,
          modified_at: one.modifiedAt ? new Date(one.modifiedAt) : null,
          affected: JSON.stringify(one.affected),
          imported_at: at,
        })),
      )
      .onConflict((oc) =>
        oc.column('id').doUpdateSet(({ ref }) => ({
          key: ref('excluded.key'),
          summary: ref('excluded.summary'),
          severity: ref('excluded.severity'),
          exploited: ref('excluded.exploited'),
          withdrawn: ref('excluded.withdrawn'),
          modified_at: ref('excluded.modified_at'),
          affected: ref('excluded.affected'),
          imported_at: ref('excluded.imported_at'),
        })),
      )
      .execute();
    await tx.deleteFrom('operations.advisory_package').where('advisory_id', 'in', ids).execute();
    const packages = portion.flatMap(({ id, affected }) =>
      affected.map((one) => ({ advisory_id: id, ecosystem: one.ecosystem, package: one.package })),
    );
    await sql`
      insert into operations.advisory_package (ecosystem, package, advisory_id)
      select distinct ecosystem, package, advisory_id
      from jsonb_to_recordset(${JSON.stringify(packages)}::jsonb) as p(ecosystem text, package text, advisory_id text)`.execute(tx);
    for (const one of [...before, ...(await packagesInUse(tx, ids))]) concerned.set(`${one.ecosystem}/${one.package}`, one);
  }
  return [...concerned.values()];
}

async function packagesInUse(tx: Tx, advisories: readonly string[]): Promise<PackageName[]> {
  const { rows } = await sql<PackageName>`
    select distinct p.ecosystem, p.package from operations.advisory_package p
    where p.advisory_id = any(${[...advisories]}::text[])
      and (exists (select from operations.component c where c.ecosystem = p.ecosystem and c.package = p.package and c.gone_at is null)
        or exists (select from operations.exposure e where e.ecosystem = p.ecosystem and e.package = p.package))
    union
    -- What rates a matter concerns it, under whatever package it was found.
    select e.ecosystem, e.package from operations.advisory a join operations.exposure e on e.key = a.key where a.id = any(${[...advisories]}::text[])`.execute(
    tx,
  );
  return rows;
}

const wanted = (packages: readonly PackageName[]) =>
  sql`unnest(${packages.map((one) => one.ecosystem)}::text[], ${packages.map((one) => one.package)}::text[]) as w(ecosystem, package)`;

/** A version that stands somewhere. */
export interface Standing extends Identity {
  readonly asset: string;
  readonly purl: string;
}

export async function standing(tx: Tx, packages: readonly PackageName[]): Promise<Standing[]> {
  const { rows } = await sql<Standing>`
    select distinct c.asset, c.purl, c.ecosystem, c.release, c.package, c.matched_version as version
    from operations.component c join ${wanted(packages)} on w.ecosystem = c.ecosystem and w.package = c.package
    where c.gone_at is null order by c.asset, c.purl`.execute(tx);
  return rows;
}

export interface KnownAdvisory extends PackageName {
  readonly key: string;
  readonly summary: string;
  readonly severity: Severity | null;
  readonly exploited: boolean;
  readonly affected: readonly Affected[];
}

/** What is known of packages, without what its publisher took back; what OSV says of a matter before what the NVD does. */
export async function advisoriesOf(tx: Tx, packages: readonly PackageName[]): Promise<KnownAdvisory[]> {
  const { rows } = await sql<KnownAdvisory>`
    select p.ecosystem, p.package, a.key, a.summary, a.severity, a.exploited, a.affected
    from operations.advisory_package p join ${wanted(packages)} on w.ecosystem = p.ecosystem and w.package = p.package
    join operations.advisory a on a.id = p.advisory_id
    where not a.withdrawn order by a.source desc, a.id`.execute(tx);
  return rows;
}

/** What else is said of matters, under whatever package: the NVD rates what OSV describes. */
export async function ratingsOf(
  tx: Tx,
  keys: readonly string[],
): Promise<{ key: string; severity: Severity | null; exploited: boolean }[]> {
  const { rows } = await sql<{ key: string; severity: Severity | null; exploited: boolean }>`
    select key, severity, exploited from operations.advisory where key = any(${[...keys]}::text[]) and not withdrawn`.execute(tx);
  return rows;
}

/** A place where a vulnerable version was found, with the record of its matter. */
export interface StoredExposure extends PackageName {
  readonly key: string;
  readonly asset: string;
  readonly purl: string;
  readonly version: string;
  readonly fixedIn: string | null;
  readonly recordId: string;
  readonly goneAt: Date | null;
  readonly state: string;
  readonly level: number;
  readonly ended: boolean;
  readonly facts: Readonly<Record<string, unknown>>;
}

export async function exposuresOf(tx: Tx, packages: readonly PackageName[]): Promise<StoredExposure[]> {
  const { rows } = await sql<StoredExposure>`
    select e.key, e.ecosystem, e.package, e.asset, e.purl, e.version, e.fixed_in as "fixedIn", e.record_id as "recordId", e.gone_at as "goneAt",
      r.state, r.level, r.ended_at is not null as ended, r.facts
    from operations.exposure e join ${wanted(packages)} on w.ecosystem = e.ecosystem and w.package = e.package
    join operations.record r on r.id = e.record_id order by r.id`.execute(tx);
  return rows;
}

export async function putExposure(
  tx: Tx,
  matter: PackageName & { readonly key: string },
  place: { readonly asset: string; readonly purl: string; readonly version: string; readonly fixedIn: string | null },
  recordId: string,
  at: Date,
): Promise<void> {
  await tx
    .insertInto('operations.exposure')
    .values({
      key: matter.key,
      ecosystem: matter.ecosystem,
      package: matter.package,
      asset: place.asset,
      purl: place.purl,
      version: place.version,
      fixed_in: place.fixedIn,
      record_id: recordId,
      found_at: at,
    })
    .onConflict((oc) =>
      oc
        .columns(['key', 'ecosystem', 'package', 'asset', 'purl'])
        .doUpdateSet({ fixed_in: place.fixedIn, record_id: recordId, gone_at: null }),
    )
    .execute();
}

export async function endExposure(tx: Tx, one: StoredExposure, at: Date): Promise<void> {
  await tx
    .updateTable('operations.exposure')
    .set({ gone_at: at })
    .where('key', '=', one.key)
    .where('ecosystem', '=', one.ecosystem)
    .where('package', '=', one.package)
    .where('asset', '=', one.asset)
    .where('purl', '=', one.purl)
    .execute();
}
