import { sql } from 'kysely';
import { newId } from '#server/kernel/ids.ts';
import { insertOf, type Insert, SYSTEM, type Db, type Tx } from '../db/db.ts';
import type { Log } from '../log/log.ts';

/** Something that happened to a case. */
export interface NewEvent {
  readonly at: Date;
  readonly name: string;
  readonly caseKind: string;
  readonly caseId: string;
  readonly actorId: string | null;
  readonly actor: string;
  readonly region: string;
  readonly unitCode: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** Whether the citizen sees it. */
  readonly public: boolean;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface StoredEvent extends NewEvent {
  readonly id: string;
}

/** Writes events into the log, in the caller's transaction. Their ids carry the instant they tell of. */
export async function publish(tx: Tx, ...events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.insertInto('platform.event').values(events.map(eventRow)).execute();
}

function eventRow(event: NewEvent) {
  return {
    id: newId(event.at.getTime()),
    at: event.at,
    name: event.name,
    case_kind: event.caseKind,
    case_id: event.caseId,
    actor_id: event.actorId,
    actor: event.actor,
    region: event.region,
    unit_code: event.unitCode,
    from_state: event.from,
    to_state: event.to,
    public: event.public,
    data: JSON.stringify(event.data),
  };
}

/** The same as a fragment, for those who write it together with other rows in one statement. */
export function eventInsert(event: NewEvent): Insert {
  return insertOf('platform.event', eventRow(event));
}

/** Somebody who wants to know: his effect and his cursor are committed together, so none counts twice. */
export interface Subscriber {
  readonly name: string;
  handle(tx: Tx, events: readonly StoredEvent[]): Promise<void>;
}

const BATCH = 500;

/**
 * Lets one subscriber read on; gives how many events it was handed.
 *
 * It reads in the order of (transaction, id) and only below the oldest transaction still running: whatever appears
 * later has a higher transaction number, so a slow writer is waited for and never skipped. Walks `event_feed_idx`.
 * Where another node is reading for the same subscriber, this one does nothing.
 */
export async function readOn(db: Db, subscriber: Subscriber, batch = BATCH): Promise<number> {
  return db.transact(SYSTEM, async (tx) => {
    const cursor = await lockCursor(tx, subscriber.name);
    if (!cursor) return 0;
    const { rows } = await sql<Record<string, never>>`
      select e.id, e.xid::text as xid, e.at, e.name, e.case_kind as "caseKind", e.case_id as "caseId", e.actor_id as "actorId", e.actor, e.region,
        e.unit_code as "unitCode", e.from_state as "from", e.to_state as "to", e.public, e.data
      from platform.event e
      where (e.xid, e.id) > (${cursor.xid}::xid8, ${cursor.id}::uuid) and e.xid < pg_snapshot_xmin(pg_current_snapshot())
      -- Qualified, because a bare xid would mean the text above, and "1000" sorts before "999".
      order by e.xid, e.id limit ${batch}`.execute(tx);
    const events = rows as unknown as (StoredEvent & { xid: string })[];
    const last = events.at(-1);
    if (!last) return 0;
    await subscriber.handle(tx, events);
    await moveCursor(tx, subscriber.name, last);
    return events.length;
  });
}

/** The cursor, locked until the transaction ends; null when another node holds it. Made when it is new. */
export async function lockCursor(tx: Tx, name: string): Promise<{ xid: string; id: string } | null> {
  const find = () =>
    tx.selectFrom('platform.subscriber').select(['xid', 'id']).where('name', '=', name).forUpdate().skipLocked().executeTakeFirst();
  const found = await find();
  if (found) return found;
  const made = await tx
    .insertInto('platform.subscriber')
    .values({ name })
    .onConflict((oc) => oc.doNothing())
    .returning(['xid', 'id'])
    .executeTakeFirst();
  return made ?? null;
}

export async function moveCursor(tx: Tx, name: string, to: { xid: string; id: string }): Promise<void> {
  await tx
    .updateTable('platform.subscriber')
    .set({ xid: to.xid, id: to.id, moved_at: sql`now()` })
    .where('name', '=', name)
    .execute();
}

/** Something that is done over and over until it says that nothing was left: reading on, sealing, stepping clocks. */
export interface Loop {
  readonly name: string;
  /** How long to rest when there was nothing to do, in milliseconds. */
  readonly restMs: number;
  /** Does one portion; gives how much it did. */
  turn(): Promise<number>;
}

/** The loop that keeps a subscriber at the end of the log. */
export function subscriberLoop(db: Db, subscriber: Subscriber): Loop {
  return { name: subscriber.name, restMs: 500, turn: () => readOn(db, subscriber) };
}

/** Runs loops until it is stopped. A turn that fails is logged and tried again after a rest. */
export function startLoops(loops: readonly Loop[], log: Log): { stop(): Promise<void> } {
  let stopping = false;
  const wakers = new Set<() => void>();
  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        wakers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      wakers.add(done);
    });
  const running = loops.map(async (loop) => {
    while (!stopping) {
      let did = 0;
      try {
        did = await loop.turn();
      } catch (error) {
        if (!stopping) log.error({ err: error, loop: loop.name }, 'a background loop failed; it is tried again');
        await rest(Math.max(1000, loop.restMs));
      }
      if (did === 0 && !stopping) await rest(loop.restMs);
    }
  });
  return {
    stop: async () => {
      stopping = true;
      for (const wake of wakers) wake();
      await Promise.all(running);
    },
  };
}
