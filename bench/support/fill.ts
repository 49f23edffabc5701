import { once } from 'node:events';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { openDb } from '#server/platform/db/db.ts';
import { ensurePartitions } from '#server/platform/maintenance.ts';
import { round } from './figures.ts';
import type { Lab } from './lab.ts';
import { COLUMNS, ordersIn, type Filled, type Rows } from './year.ts';

const YEAR = 365 * 86_400_000;
const STRETCHES = 48;
const WORKERS = 2;
const TABLES = Object.keys(COLUMNS) as Filled[];

interface Share {
  readonly url: string;
  readonly orders: number;
  readonly nowMs: number;
  readonly worker: number;
}

/** Fills the lab with a year of `orders` orders that ends now; gives the seconds it took, and the size. */
export async function fillYear(lab: Pick<Lab, 'database'>, orders: number, nowMs: number): Promise<{ seconds: number; gigabytes: number }> {
  const startMs = performance.now();
  const db = openDb({ url: lab.database.appUrl, poolSize: 1, asApp: true });
  await ensurePartitions(db, nowMs - YEAR - 86_400_000, nowMs);
  await db.close();
  const client = new pg.Client({ connectionString: lab.database.ownerUrl });
  await client.connect();
  const rebuild = await dropIndexes(client);
  await Promise.all(
    Array.from({ length: WORKERS }, async (_, worker) => {
      const share: Share = { url: lab.database.ownerUrl, orders, nowMs, worker };
      const [code] = (await once(new Worker(new URL(import.meta.url), { workerData: share }), 'exit')) as [number];
      if (code !== 0) throw new Error(`A worker that fills ended with ${code}`);
    }),
  );
  console.log(`${orders} orders copied after ${Math.round((performance.now() - startMs) / 1000)} s; indexes ...`);
  await Promise.all(rebuild.map((statements) => withClient(lab.database.ownerUrl, statements)));
  await client.query(`vacuum (analyze) ${TABLES.join(', ')}`);
  await client.query('checkpoint');
  const { rows } = await client.query<{ bytes: number }>('select pg_database_size(current_database()) as bytes');
  await client.end();
  return { seconds: Math.round((performance.now() - startMs) / 1000), gigabytes: round(rows[0]!.bytes / 1e9) };
}

/**
 * Takes away every index that is no key, and gives the statements that make the same ones again, table by table.
 *
 * What is filled in the order of its keys keeps the keys cheap; the others would be written in a random order.
 */
async function dropIndexes(client: pg.Client): Promise<string[][]> {
  const { rows } = await client.query<{ name: string; of: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as of, pg_get_indexdef(i.indexrelid) as definition
       from pg_index i where i.indrelid = any($1::text[]::regclass[])
        and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [TABLES],
  );
  if (rows.length > 0) await client.query(`drop index ${rows.map((row) => row.name).join(', ')}`);
  // The definition of an index on partitions says ONLY, which would leave the partitions without.
  return [...Map.groupBy(rows, (row) => row.of).values()].map((group) => group.map((row) => row.definition.replace(' ON ONLY ', ' ON ')));
}

async function withClient(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`set maintenance_work_mem = '512MB'`);
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** One worker's stretches of the year: a COPY for each table, all at once, each on a connection of its own. */
async function copyShare({ url, orders, nowMs, worker }: Share): Promise<void> {
  const clients = await Promise.all(
    TABLES.map(async (table) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      // What the triggers would write is in the rows already.
      await client.query('set session_replication_role = replica');
      const stream = client.query(copyFrom(`copy ${table} (${COLUMNS[table]}) from stdin`));
      return { table, client, stream, done: once(stream, 'finish') };
    }),
  );
  const fromMs = nowMs - YEAR;
  const add = ordersIn(worker, nowMs);
  for (let stretch = worker; stretch < STRETCHES; stretch += WORKERS) {
    const first = Math.round((orders * stretch) / STRETCHES);
    const end = Math.round((orders * (stretch + 1)) / STRETCHES);
    for (let from = first; from < end; from += 500) {
      const rows = Object.fromEntries(TABLES.map((table) => [table, ''])) as Rows;
      for (let order = from; order < Math.min(end, from + 500); order++) add(fromMs + (YEAR * (order + 0.5)) / orders, rows);
      for (const { table, stream } of clients) if (rows[table] && !stream.write(rows[table])) await once(stream, 'drain');
    }
  }
  for (const { client, stream, done } of clients) {
    stream.end();
    await done;
    await client.end();
  }
}

if (parentPort) await copyShare(workerData as Share);
