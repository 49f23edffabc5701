import { sql } from 'kysely';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '../actor.ts';
import { sm3 } from '../crypto/crypto.ts';
import { insertOf, type Insert, SYSTEM, type Db, type DbScope, type Tx } from '../db/db.ts';
import { lockCursor, moveCursor, type Loop } from '../events/events.ts';

/** What is kept of a use case: who, what, with which outcome. Never a contact, a content or a secret. */
export interface AuditFacts {
  readonly at: Date;
  readonly action: string;
  readonly objectKind?: string;
  readonly objectId?: string;
  readonly outcome?: 'done' | 'refused';
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Writes the entry of a use case in its own transaction. */
export async function record(tx: Tx, actor: Actor, facts: AuditFacts): Promise<void> {
  await tx.insertInto('platform.audit_entry').values(auditRow(actor, facts)).execute();
}

/** The same as a fragment, for those who write it together with other rows in one statement. */
export function auditInsert(actor: Actor, facts: AuditFacts): Insert {
  return insertOf('platform.audit_entry', auditRow(actor, facts));
}

function auditRow(actor: Actor, facts: AuditFacts) {
  return {
    id: newId(facts.at.getTime()),
    at: facts.at,
    account_id: actor.accountId,
    actor: actor.name,
    roles: [...actor.roles],
    ip: actor.ip,
    action: facts.action,
    object_kind: facts.objectKind ?? null,
    object_id: facts.objectId ?? null,
    outcome: facts.outcome ?? 'done',
    detail: JSON.stringify(facts.detail ?? {}),
  };
}

/**
 * The text of an entry that the chain is made over: every column, in a form in which nothing and a sign for it, or one
 * role and two, are never the same. Columns are named one by one, so that a later one does not break the chain.
 */
const ENTRY = sql<string>`jsonb_build_array(e.id, e.xid, e.at, e.account_id, e.actor, e.roles, e.ip, e.action, e.object_kind, e.object_id, e.outcome, e.detail)::text`;

const GENESIS = Buffer.alloc(32);
const SEALER = 'audit.sealer';

/**
 * Continues the chain over entries that have been committed: hash(n) = SM3(hash(n-1) || entry n), from the first row.
 *
 * Entries are chained by one sealer in the order of the log, about a second after they were written, so that writers
 * never wait for one another at the head of the chain.
 */
export async function seal(db: Db, batch = 1000): Promise<number> {
  return db.transact(SYSTEM, async (tx) => {
    const cursor = await lockCursor(tx, SEALER);
    if (!cursor) return 0;
    const entries = await sql<{ id: string; xid: string; entry: string }>`
      select e.id, e.xid::text as xid, ${ENTRY} as entry from platform.audit_entry e
      where (e.xid, e.id) > (${cursor.xid}::xid8, ${cursor.id}::uuid) and e.xid < pg_snapshot_xmin(pg_current_snapshot())
      order by e.xid, e.id limit ${batch}`.execute(tx);
    const last = entries.rows.at(-1);
    if (!last) return 0;
    const head = await tx.selectFrom('platform.audit_seal').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
    let seq = head?.seq ?? 0;
    let hash: Buffer = head?.hash ?? GENESIS;
    const seals = entries.rows.map((row) => {
      hash = sm3(hash, row.entry);
      return { seq: ++seq, entry_id: row.id, hash };
    });
    await tx.insertInto('platform.audit_seal').values(seals).execute();
    await moveCursor(tx, SEALER, last);
    return seals.length;
  });
}

export function sealLoop(db: Db): Loop {
  return { name: SEALER, restMs: 500, turn: () => seal(db) };
}

export interface ChainVerdict {
  readonly ok: boolean;
  readonly checked: number;
  readonly lastSeq: number;
  readonly unsealed: number;
  readonly fault: { seq: number; entryId: string | null; what: 'entry-changed' | 'entry-missing' | 'gap' } | null;
}

/** Verified at once: whoever else works on the node is not kept waiting. */
const PAGE = 500;

/** Computes the whole chain anew and names the first place where it does not hold. */
export async function verifyChain(db: Db, scope: DbScope): Promise<ChainVerdict> {
  return db.transact(scope, async (tx) => {
    let hash: Buffer = GENESIS;
    let seq = 0;
    for (;;) {
      const page = await sql<{ seq: number; entryId: string; hash: Buffer; entry: string | null }>`
        select s.seq, s.entry_id as "entryId", s.hash, case when e.id is null then null else ${ENTRY} end as entry
        from platform.audit_seal s left join platform.audit_entry e on e.id = s.entry_id
        where s.seq > ${seq} order by s.seq limit ${PAGE}`.execute(tx);
      for (const row of page.rows) {
        const fault = (what: NonNullable<ChainVerdict['fault']>['what']): ChainVerdict => ({
          ok: false,
          checked: seq,
          lastSeq: seq,
          unsealed: 0,
          fault: { seq: row.seq, entryId: row.entryId, what },
        });
        if (row.seq !== seq + 1) return fault('gap');
        if (row.entry === null) return fault('entry-missing');
        const expected = sm3(hash, row.entry);
        if (!expected.equals(row.hash)) return fault('entry-changed');
        hash = expected;
        seq = row.seq;
      }
      if (page.rows.length < PAGE) break;
    }
    const fault = await tailFault(tx, seq);
    if (fault) return { ok: false, checked: seq, lastSeq: seq, unsealed: 0, fault };
    const total = await tx
      .selectFrom('platform.audit_entry')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    return { ok: true, checked: seq, lastSeq: seq, unsealed: total.n - seq, fault: null };
  });
}

/**
 * What a shortened chain cannot tell by itself: the sealer's cursor stands at the entry it sealed last, and everything
 * before it has a seal. One statement each, so that a sealer at work meanwhile is not taken for a forger.
 */
async function tailFault(tx: Tx, seq: number): Promise<ChainVerdict['fault']> {
  const ends = await sql<{ sealedTo: string | null; last: string | null }>`
    select (select nullif(id, '00000000-0000-0000-0000-000000000000') from platform.subscriber where name = ${SEALER}) as "sealedTo",
      (select entry_id from platform.audit_seal order by seq desc limit 1) as last`.execute(tx);
  const { sealedTo, last } = ends.rows[0]!;
  if (sealedTo !== last) return { seq: seq + 1, entryId: sealedTo, what: 'gap' };
  const loose = await sql<{ entryId: string; before: number | null }>`
    select e.id as "entryId", (select min(s.seq) from platform.audit_seal s join platform.audit_entry o on o.id = s.entry_id where (o.xid, o.id) > (e.xid, e.id)) as before
    from platform.audit_entry e, platform.subscriber c
    where c.name = ${SEALER} and (e.xid, e.id) <= (c.xid, c.id) and not exists (select from platform.audit_seal s where s.entry_id = e.id)
    order by e.xid, e.id limit 1`.execute(tx);
  const found = loose.rows[0];
  return found ? { seq: found.before ?? seq + 1, entryId: found.entryId, what: 'gap' } : null;
}
