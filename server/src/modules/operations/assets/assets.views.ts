import { sql } from 'kysely';
import type { AssetLine, AssetView, TopologyNode } from '#contracts/operations/assets.api.ts';
import { above } from '#contracts/operations/topology.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { healthOf } from './assets.rules.ts';
import { relationsOf } from './assets.store.ts';

interface Row {
  readonly key: string;
  readonly kind: AssetLine['kind'];
  readonly name: string;
  readonly owner: string | null;
  readonly room: string | null;
  readonly serial: string | null;
  readonly supplier: string | null;
  readonly note: string | null;
  readonly expires_on: string | null;
  readonly warranty_until: string | null;
  readonly found_at: Date | null;
  readonly retired_at: Date | null;
  readonly version: number;
  readonly changed_by: string;
  readonly changed_at: Date;
  readonly alert: string | null;
  readonly fault: number | null;
}

/** Things with the gravest of their open alerts and faults. An inhibited alert says nothing of its own thing. */
const rowsOf = async (tx: Tx): Promise<Row[]> => {
  const { rows } = await sql<Row>`
    select a.key, a.kind, a.name, a.owner, a.room, a.serial, a.supplier, a.note, to_char(a.expires_on, 'YYYY-MM-DD') as expires_on,
      to_char(a.warranty_until, 'YYYY-MM-DD') as warranty_until, a.found_at, a.retired_at, a.version, a.changed_by, a.changed_at, l.alert, f.fault
    from operations.asset a
    left join (select component, min(level) as alert from operations.alert
      where ended_at is null and hushed is distinct from 'inhibited' group by component) l on l.component = a.key
    left join (select component, min(level) as fault from operations.record
      where kind = 'fault' and ended_at is null group by component) f on f.component = a.key
    order by a.key`.execute(tx);
  return rows;
};

const nodeOf = ({ key, kind, name, alert, fault }: Row): TopologyNode => ({ key, kind, name, health: healthOf(alert, fault) });
const lineOf = (row: Row): AssetLine => ({
  ...nodeOf(row),
  owner: row.owner,
  room: row.room,
  expiresOn: row.expires_on,
  warrantyUntil: row.warranty_until,
  foundAt: row.found_at?.toISOString() ?? null,
  retiredAt: row.retired_at?.toISOString() ?? null,
});

/** The register, in the order of its keys. */
export async function assetsOf(tx: Tx, filter: { kind?: string; q?: string; retired?: 'true' }): Promise<AssetLine[]> {
  const words = (filter.q ?? '').trim().toLowerCase();
  return (await rowsOf(tx))
    .filter((row) => (row.retired_at !== null) === (filter.retired === 'true') && (!filter.kind || row.kind === filter.kind))
    .filter((row) => [row.key, row.name, row.owner, row.room].some((text) => text?.toLowerCase().includes(words)))
    .map(lineOf);
}

/** All that is in use, and what stands on what. */
export async function topologyOf(tx: Tx) {
  const nodes = (await rowsOf(tx)).filter((row) => row.retired_at === null).map(nodeOf);
  return { nodes, relations: (await relationsOf(tx)).map(({ upper, lower }) => ({ upper, lower })) };
}

/** What the failure of a thing reaches; no asset where it is not in the register. */
export async function impactOf(tx: Tx, key: string): Promise<{ asset: TopologyNode | null; impact: TopologyNode[] }> {
  const { nodes, relations } = await topologyOf(tx);
  const reached = above(relations, key);
  return { asset: nodes.find((one) => one.key === key) ?? null, impact: nodes.filter((one) => reached.has(one.key)) };
}

/** Everything known of one asset; null where there is none. */
export async function assetOf(tx: Tx, key: string): Promise<AssetView | null> {
  const rows = await rowsOf(tx);
  const row = rows.find((one) => one.key === key);
  if (!row) return null;
  const relations = await relationsOf(tx);
  const reached = above(relations, key);
  const beside = (from: 'upper' | 'lower', to: 'upper' | 'lower') =>
    relations
      .filter((one) => one[from] === key)
      .flatMap((one) => rows.filter((other) => other.key === one[to]).map((other) => ({ ...nodeOf(other), found: one.found })));
  const alerts = await tx
    .selectFrom('operations.alert')
    .select(['id', 'level', 'zh', 'en', 'opened_at', 'hushed'])
    .where('component', '=', key)
    .where('ended_at', 'is', null)
    .orderBy('level')
    .orderBy('id')
    .limit(50)
    .execute();
  const records = await tx
    .selectFrom('operations.record')
    .select(['id', 'number', 'kind', 'title'])
    .where('component', '=', key)
    .where('ended_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(50)
    .execute();
  const { count } = await tx
    .selectFrom('operations.component')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('asset', '=', key)
    .where('gone_at', 'is', null)
    .executeTakeFirstOrThrow();
  return {
    ...lineOf(row),
    serial: row.serial,
    supplier: row.supplier,
    note: row.note,
    version: row.version,
    changedBy: row.changed_by,
    changedAt: row.changed_at.toISOString(),
    standsOn: beside('upper', 'lower'),
    carries: beside('lower', 'upper'),
    impact: rows.filter((one) => reached.has(one.key)).map(nodeOf),
    alerts: alerts.map(({ opened_at, ...one }) => ({ ...one, openedAt: opened_at.toISOString() })),
    records,
    components: count,
  };
}
