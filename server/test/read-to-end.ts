import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { seal } from '#server/platform/audit/audit.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import { readOn, type Subscriber } from '#server/platform/events/events.ts';

/** Lets a subscriber read all that has been told until now. */
export const readToEnd = (db: Db, subscriber: Subscriber): Promise<void> =>
  toEnd(db, 'platform.event', subscriber.name, () => readOn(db, subscriber));

/** Seals all that has been written to the audit log until now. */
export const sealToEnd = (db: Db): Promise<void> => toEnd(db, 'platform.audit_entry', 'audit.sealer', () => seal(db));

/**
 * Whoever follows a log waits for the transactions of every database of the server, those of other tests included: that
 * nothing could be read once does not say that nothing is left.
 */
async function toEnd(db: Db, log: string, follower: string, turn: () => Promise<number>): Promise<void> {
  for (;;) {
    if ((await turn()) > 0) continue;
    const left = await db.transact(SYSTEM, (tx) =>
      sql`select from ${sql.table(log)} e join platform.subscriber s on s.name = ${follower} where (e.xid, e.id) > (s.xid, s.id) limit 1`.execute(
        tx,
      ),
    );
    if (left.rows.length === 0) return;
    await pause(10);
  }
}
