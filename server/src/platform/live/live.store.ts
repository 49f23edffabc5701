import { sql } from 'kysely';
import type { Actor } from '../actor.ts';
import type { Tx } from '../db/db.ts';
import type { AtCase, Place } from './live.rules.ts';

/** An event as the log holds it, as far as a message needs it. */
export interface LogLine extends Place {
  readonly name: string;
  readonly kind: string;
  readonly caseId: string;
  readonly region: string;
  readonly state: string | null;
}

const NO_EVENT = '00000000-0000-0000-0000-000000000000';

/** The end of what may be read of the log: everything before it is committed, everything later has a higher number. */
export async function endOfLog(tx: Tx): Promise<Place> {
  const { rows } = await sql<{ xid: string }>`select pg_snapshot_xmin(pg_current_snapshot())::text as xid`.execute(tx);
  return { xid: Number(rows[0]!.xid), id: NO_EVENT };
}

/** The events after a place, up to another, that this scope sees, in the order of the log. Walks `event_feed_idx`. */
export async function linesAfter(tx: Tx, after: Place, limit: number, upTo?: Place): Promise<LogLine[]> {
  const { rows } = await sql<LogLine & { xidText: string }>`
    select e.xid::text as "xidText", e.id, e.name, e.case_kind as kind, e.case_id as "caseId", e.region, e.to_state as state
    from platform.event e
    where (e.xid, e.id) > (${String(after.xid)}::xid8, ${after.id}::uuid) and e.xid < pg_snapshot_xmin(pg_current_snapshot())
      ${upTo ? sql`and (e.xid, e.id) <= (${String(upTo.xid)}::xid8, ${upTo.id}::uuid)` : sql``}
    order by e.xid, e.id limit ${limit}`.execute(tx);
  return rows.map(({ xidText, ...line }) => ({ ...line, xid: Number(xidText) }));
}

export interface PlaceAt {
  readonly id: string;
  readonly stream: string;
  readonly tab: string;
  readonly doing: 'viewing' | 'acting';
  readonly action: string | null;
  readonly region: string;
}

/** Says where a page stands now. A page of another account is left alone. */
export async function standAt(tx: Tx, actor: Actor, at: PlaceAt): Promise<void> {
  await sql`insert into platform.presence as p (tab, stream, case_id, region, account_id, name, unit_code, doing, action)
    values (${at.tab}, ${at.stream}, ${at.id}, ${at.region}, ${actor.accountId}, ${actor.name}, ${actor.unitCode}, ${at.doing}, ${at.action})
    on conflict (tab) do update set stream = excluded.stream, case_id = excluded.case_id, region = excluded.region,
      doing = excluded.doing, action = excluded.action, seen_at = now()
    where p.account_id = excluded.account_id`.execute(tx);
}

/** A page that has gone on to another case meanwhile stays there: the farewell of the former may come late. */
export async function leave(tx: Tx, actor: Actor, tab: string, caseId: string): Promise<void> {
  await tx
    .deleteFrom('platform.presence')
    .where('tab', '=', tab)
    .where('case_id', '=', caseId)
    .where('account_id', '=', actor.accountId)
    .execute();
}

/** Keeps what stands on these streams alive, and sweeps out what has been dead for long. */
export async function keepAlive(tx: Tx, streams: readonly string[]): Promise<void> {
  await sql`update platform.presence set seen_at = now() where stream = any(${streams}::uuid[])`.execute(tx);
  await sql`delete from platform.presence where seen_at < now() - interval '2 minutes'`.execute(tx);
}

const ALIVE = sql`seen_at > now() - interval '12 seconds'`;

/** Everybody at the cases that somebody on these streams stands at, with the accounts that stand there from here. */
export async function peopleBeside(tx: Tx, streams: readonly string[]): Promise<AtCase[]> {
  const { rows } = await sql<AtCase>`
    select distinct case_id as "caseId", account_id as "accountId", name, unit_code as "unitCode", doing, action
    from platform.presence
    where ${ALIVE} and case_id in (select case_id from platform.presence where stream = any(${streams}::uuid[]))`.execute(tx);
  return rows;
}

export async function peopleAt(tx: Tx, caseId: string): Promise<AtCase[]> {
  const { rows } = await sql<AtCase>`
    select distinct case_id as "caseId", account_id as "accountId", name, unit_code as "unitCode", doing, action
    from platform.presence where ${ALIVE} and case_id = ${caseId}`.execute(tx);
  return rows;
}
