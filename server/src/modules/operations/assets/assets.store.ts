import { sql } from 'kysely';
import type { AssetInput } from '#contracts/operations/assets.api.ts';
import type { Relation } from '#contracts/operations/topology.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { FoundAsset, Surroundings } from './assets.rules.ts';

/** Every relation of things that are in use. */
export async function relationsOf(tx: Tx): Promise<(Relation & { readonly found: boolean })[]> {
  const { rows } = await sql<Relation & { found: boolean }>`
    select r.upper, r.lower, r.found from operations.asset_relation r
    join operations.asset u on u.key = r.upper and u.retired_at is null
    join operations.asset l on l.key = r.lower and l.retired_at is null
    order by r.upper, r.lower`.execute(tx);
  return rows;
}

/** Writes what was found: people's words of it stay, a name they gave among them; relations that were found before and are no more go. */
export async function putFound(tx: Tx, assets: readonly FoundAsset[], relations: readonly Relation[], at: Date): Promise<void> {
  await sql`
    insert into operations.asset (key, kind, name, found_at, changed_by, changed_at)
    select key, kind, name, ${at}, '系统', ${at} from jsonb_to_recordset(${JSON.stringify(assets)}::jsonb) as a(key text, kind text, name text)
    on conflict (key) do update set found_at = excluded.found_at`.execute(tx);
  await sql`delete from operations.asset_relation where found and (upper, lower) not in
    (select upper, lower from jsonb_to_recordset(${JSON.stringify(relations)}::jsonb) as r(upper text, lower text))`.execute(tx);
  await sql`
    insert into operations.asset_relation (upper, lower, found)
    select distinct upper, lower, true from jsonb_to_recordset(${JSON.stringify(relations)}::jsonb) as r(upper text, lower text)
    on conflict (upper, lower) do nothing`.execute(tx);
}

/** What the platform's own tables tell of its surroundings. */
export async function surroundingsIn(tx: Tx, at: Date): Promise<Pick<Surroundings, 'nodes' | 'probes' | 'webhooks'>> {
  const series = await tx
    .selectFrom('operations.series')
    .select('labels')
    .where('name', '=', 'minsheng_process_start_time_seconds')
    .where('seen_at', '>', new Date(at.getTime() - 86_400_000))
    .execute();
  const probes = await tx
    .selectFrom('operations.probe')
    .select(['key', 'name', 'kind', 'component'])
    .where('enabled', '=', true)
    .orderBy('key')
    .execute();
  const routes = await tx
    .selectFrom('operations.alert_route')
    .select('target')
    .where('channel', 'in', ['webhook', 'alertmanager'])
    .where('enabled', '=', true)
    .execute();
  return {
    nodes: [...new Set(series.flatMap(({ labels }) => /(?:^|,)instance="([^"]+:\d+)"/.exec(labels)?.[1] ?? []))].toSorted(),
    probes,
    webhooks: [...new Set(routes.flatMap(({ target }) => (URL.canParse(target) ? [new URL(target).host] : [])))].toSorted(),
  };
}

/** The version of an asset, locked; null where there is none. */
export async function lockAsset(tx: Tx, key: string): Promise<number | null> {
  const row = await tx.selectFrom('operations.asset').select('version').where('key', '=', key).forUpdate().executeTakeFirst();
  return row?.version ?? null;
}

export async function putAsset(
  tx: Tx,
  key: string,
  input: AssetInput,
  version: number,
  retired: boolean,
  by: string,
  at: Date,
): Promise<void> {
  const columns = {
    kind: input.kind,
    name: input.name,
    owner: input.owner ?? null,
    room: input.room ?? null,
    serial: input.serial ?? null,
    supplier: input.supplier ?? null,
    warranty_until: input.warrantyUntil ?? null,
    expires_on: input.expiresOn ?? null,
    note: input.note ?? null,
    retired_at: retired ? at : null,
    version,
    changed_by: by,
    changed_at: at,
  };
  await tx
    .insertInto('operations.asset')
    .values({ key, ...columns })
    .onConflict((oc) => oc.column('key').doUpdateSet(columns))
    .execute();
}

/** Which of these keys are in the register. */
export async function knownKeys(tx: Tx, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await tx
    .selectFrom('operations.asset')
    .select('key')
    .where('key', 'in', [...keys])
    .execute();
  return new Set(rows.map(({ key }) => key));
}

/** Sets what people say a thing stands on; what was found stays. */
export async function putRelations(tx: Tx, key: string, lowers: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('operations.asset_relation')
    .where('upper', '=', key)
    .where('found', '=', false)
    .$if(lowers.length > 0, (query) => query.where('lower', 'not in', [...lowers]))
    .execute();
  if (lowers.length === 0) return;
  await tx
    .insertInto('operations.asset_relation')
    .values(lowers.map((lower) => ({ upper: key, lower, found: false })))
    .onConflict((oc) => oc.doNothing())
    .execute();
}
