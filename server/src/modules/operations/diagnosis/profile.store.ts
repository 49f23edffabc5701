import { sql } from 'kysely';
import { PROFILES_KEPT, type ProfileKind } from '#contracts/operations/diagnosis.api.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '#server/platform/actor.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { TakenProfile } from './profile.taking.ts';

/** So long beyond its seconds a node may take to begin and to hand its profile in. */
const GRACE_SECONDS = 30;
const DAY_MS = 86_400_000;

export interface AskedProfile {
  readonly node: string;
  readonly kind: ProfileKind;
  readonly seconds: number;
}

/** Asks for a profile; gives its id. `profile_busy_key` is violated where one is at work. */
export async function addProfile(tx: Tx, { node, kind, seconds }: AskedProfile, actor: Actor, at: Date): Promise<string> {
  const id = newId(at.getTime());
  await tx
    .insertInto('operations.profile')
    .values({ id, node, kind, seconds, state: 'waiting', asked_by: actor.accountId, asked_name: actor.name, asked_at: at })
    .execute();
  return id;
}

/** Fails what no node will hand in any more, and forgets what is old: of all beyond the newest fifty, and after thirty days. */
export async function tidyProfiles(tx: Tx, at: Date): Promise<void> {
  await sql`
    update operations.profile set state = 'failed', failure = '节点没有应答 the node did not answer', ended_at = ${at}
    where state in ('waiting', 'running') and asked_at < ${at}::timestamptz - make_interval(secs => seconds + ${GRACE_SECONDS})`.execute(
    tx,
  );
  await sql`
    delete from operations.profile where asked_at < ${new Date(at.getTime() - PROFILES_KEPT.days * DAY_MS)}
      or id in (select id from operations.profile order by asked_at desc offset ${PROFILES_KEPT.count})`.execute(tx);
}

/** What this node is asked for, taken by it; null where nothing is. */
export async function takeAsked(tx: Tx, node: string): Promise<(AskedProfile & { readonly id: string }) | null> {
  const row = await tx
    .updateTable('operations.profile')
    .set({ state: 'running' })
    .where('node', '=', node)
    .where('state', '=', 'waiting')
    .returning(['id', 'node', 'kind', 'seconds'])
    .executeTakeFirst();
  return row ? { ...row, kind: row.kind as ProfileKind } : null;
}

/** Hands a profile in; nothing where it was given up meanwhile. */
export async function setTaken(tx: Tx, id: string, { summary, file, bytes }: TakenProfile, at: Date): Promise<void> {
  await tx
    .updateTable('operations.profile')
    .set({ state: 'done', summary: JSON.stringify(summary), file, file_bytes: bytes, ended_at: at })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute();
}

/** Says why a profile could not be taken. */
export async function setNotTaken(tx: Tx, id: string, failure: string, at: Date): Promise<void> {
  await tx
    .updateTable('operations.profile')
    .set({ state: 'failed', failure, ended_at: at })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute();
}
