import { sql } from 'kysely';
import pg from 'pg';
import { eventsOf, orderRow } from '#server/modules/orders/index.ts';
import { verifyChain } from '#server/platform/audit/audit.ts';
import { openDb, SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { migrations } from '#server/platform/db/migrate.ts';
import type { DrillFigures, ProofStep } from '#contracts/operations/backups.api.ts';
import { countFaults, digestFaults, type Counts, type TableDigest } from './proof.rules.ts';

/** What a step of a proof found; faults are empty where all is as it should be. */
export interface Finding {
  readonly faults: readonly string[];
  readonly figures: DrillFigures;
}

export interface ProofOptions {
  /** Opens a database of the restored cluster as its owner. */
  readonly urlOf: (database: string) => string;
  readonly database: string;
  readonly migration: string;
  /** What the backup held when it began. */
  readonly counts: Counts;
  /** The platform as it runs on; null where it is down. */
  readonly origin: Db | null;
  readonly step: <T extends Finding>(name: ProofStep, work: () => Promise<T>) => Promise<void>;
}

/** Asks a restored database whether it is what it should be, step by step. */
export async function prove({ urlOf, database, migration, counts, origin, step }: ProofOptions): Promise<void> {
  const owner = new pg.Client({ connectionString: urlOf(database) });
  const restored = openDb({ url: urlOf(database), poolSize: 2, asApp: true });
  try {
    await owner.connect();
    await step('migrations', async () => {
      const { rows } = await owner.query<{ name: string }>('select name from public.minsheng_migration order by name');
      const has = rows.map((row) => row.name);
      const known = new Set(migrations().map(({ name }) => name));
      const faults = [
        ...(has.includes(migration) ? [] : [`${migration}: absent`]),
        ...has.filter((name) => !known.has(name)).map((name) => `${name}: unknown`),
      ];
      return { faults, figures: { migrations: has.length, last: has.at(-1) ?? '' } };
    });
    await step('counts', async () => {
      const then = await restored.transact(SYSTEM, countRows);
      const now = origin ? await origin.transact(SYSTEM, countRows) : then;
      const rows = Object.values(then).reduce((sum, count) => sum + count, 0);
      return { faults: countFaults(counts, then, now), figures: { tables: Object.keys(then).length, rows } };
    });
    await step('digests', async () => {
      const upTo = await restored.transact(SYSTEM, settledXid);
      const then = await restored.transact(SYSTEM, (tx) => digests(tx, upTo));
      const faults = origin ? digestFaults(then, await origin.transact(SYSTEM, (tx) => digests(tx, upTo))) : [];
      return { faults, figures: Object.fromEntries(then.map(({ table, rows }) => [table, rows])) };
    });
    await step('chain', async () => {
      const verdict = await verifyChain(restored, SYSTEM);
      const faults = verdict.fault ? [`${verdict.fault.seq}: ${verdict.fault.what}`] : [];
      return { faults, figures: { entries: verdict.checked, unsealed: verdict.unsealed } };
    });
    await step('order', () => sameOrder(restored, origin));
    await step('structure', () => checkStructure(owner));
  } finally {
    await restored.close();
    await owner.end();
  }
}

/** How many rows each table has that the platform itself reads. Partitions count with their table. */
export async function countRows(tx: Tx): Promise<Record<string, number>> {
  await sql`set local statement_timeout = 0`.execute(tx);
  const { rows } = await sql<{ name: string }>`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p' and n.nspname !~ '^(pg_|information_schema|pgboss)'
      and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') order by 1`.execute(tx);
  const counts: Record<string, number> = {};
  for (const { name } of rows) {
    const counted = await sql<{ n: number }>`select count(*) as n from ${sql.table(name)}`.execute(tx);
    counts[name] = counted.rows[0]!.n;
  }
  return counts;
}

/**
 * Up to which transaction everything had ended at the instant that was restored: the sealer of the audit chain reads no further
 * than that, and where it stands was restored with all else.
 */
async function settledXid(tx: Tx): Promise<string> {
  const { rows } = await sql<{ xid: string }>`select xid::text as xid from platform.subscriber where name = 'audit.sealer'`.execute(tx);
  return rows[0]?.xid ?? '0';
}

/** What the log, the audit entries, and the appeals they tell of are, up to a transaction. */
async function digests(tx: Tx, xid: string): Promise<TableDigest[]> {
  await sql`set local statement_timeout = 0`.execute(tx);
  const from = [
    ['platform.event', sql`from platform.event t where t.xid <= ${xid}::xid8`],
    ['platform.audit_entry', sql`from platform.audit_entry t where t.xid <= ${xid}::xid8`],
    [
      'appeals.appeal',
      sql`from appeals.appeal t where exists (select from platform.event e where e.case_id = t.id and e.name = 'appeals.file' and e.xid <= ${xid}::xid8)`,
    ],
  ] as const;
  const found: TableDigest[] = [];
  for (const [table, rows] of from) {
    const summed = await sql<{ rows: number; sum: string }>`
      select count(*) as rows, coalesce(sum(('x' || left(encode(sha256(convert_to(t::text, 'UTF8')), 'hex'), 15))::bit(60)::bigint), 0)::text as sum
      ${rows}`.execute(tx);
    found.push({ table, ...summed.rows[0]! });
  }
  return found;
}

/** The order that was last acted on: it opens, and what happened to it stands in the origin too, in the same order. */
async function sameOrder(restored: Db, origin: Db | null): Promise<Finding> {
  const taken = await restored.transact(SYSTEM, async (tx) => {
    const xid = await settledXid(tx);
    const { rows } = await sql<{ id: string }>`
      select case_id as id from platform.event where case_kind = 'order' and xid <= ${xid}::xid8 order by xid desc, id desc limit 1`.execute(
      tx,
    );
    const id = rows[0]?.id;
    return id ? { id, order: await orderRow(tx, id), events: (await eventsOf(tx, id)).map((event) => event.id) } : null;
  });
  if (!taken) return { faults: [], figures: { events: 0 } };
  if (!taken.order) return { faults: [`${taken.id}: no order`], figures: { events: taken.events.length } };
  const { number, content } = taken.order;
  const figures = { number, events: taken.events.length };
  if (!origin) return { faults: [], figures };
  const there = await origin.transact(SYSTEM, async (tx) => ({
    order: await orderRow(tx, taken.id),
    events: new Set((await eventsOf(tx, taken.id)).map((event) => event.id)),
  }));
  const lost = taken.events.filter((id) => !there.events.has(id));
  const same = there.order?.number === number && there.order.content === content;
  return { faults: [...(same ? [] : [`${number}: differs`]), ...lost.map((id) => `${number}: ${id}`)], figures };
}

/** Lets PostgreSQL look at every table and every tree of an index, as `pg_amcheck` does. */
async function checkStructure(owner: pg.Client): Promise<Finding> {
  const known = await owner.query(`select from pg_available_extensions where name = 'amcheck'`);
  if (known.rows.length === 0) return { faults: [], figures: { skipped: 'amcheck' } };
  const had = await owner.query(`select from pg_extension where extname = 'amcheck'`);
  await owner.query('create extension if not exists amcheck');
  const tables = await owner.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c where c.relkind in ('r', 't', 'm') and c.relpersistence = 'p' order by c.oid`,
  );
  const faults: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await owner.query<{ blkno: number; msg: string }>(`select blkno, msg from verify_heapam($1::regclass) limit 3`, [
      name,
    ]);
    for (const { blkno, msg } of rows) faults.push(`${name} ${blkno}: ${msg}`);
  }
  const indexes = await owner.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_am a on a.oid = c.relam join pg_index i on i.indexrelid = c.oid
     where a.amname = 'btree' and c.relkind = 'i' and c.relpersistence = 'p' and i.indisvalid order by c.oid`,
  );
  for (const { name } of indexes.rows)
    await owner
      .query('select bt_index_check($1::regclass, true)', [name])
      .catch((error: Error) => faults.push(`${name}: ${error.message}`));
  // What is restored for good is left as it was.
  if (had.rows.length === 0) await owner.query('drop extension amcheck');
  return { faults: faults.slice(0, 20), figures: { tables: tables.rows.length, indexes: indexes.rows.length } };
}
