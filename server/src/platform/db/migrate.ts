import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

const FOLDER = join(import.meta.dirname, '../../../db/migrations');

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly hash: string;
}

/** The migrations of this build, in their order. */
export function migrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => /^\d{4}_[a-z_]+\.sql$/.test(name))
    .toSorted()
    .map((name) => {
      const sql = readFileSync(join(FOLDER, name), 'utf8');
      return { name, sql, hash: createHash('sha256').update(sql).digest('hex') };
    });
}

/**
 * Brings the database of `ownerUrl` to this build's schema, each migration in a transaction of its own.
 * Nodes that start together wait for one another.
 *
 * @throws Error when a migration that was applied has been edited, or the database is newer than this build
 */
export async function migrate(ownerUrl: string, onApplied: (name: string) => void = () => {}): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const version = Number((await client.query<{ v: string }>(`select current_setting('server_version_num') as v`)).rows[0]?.v);
    if (version < 150_000) throw new Error(`PostgreSQL 15 or newer is needed; this one is ${Math.floor(version / 10_000)}`);
    await client.query(`select pg_advisory_lock(hashtext('minsheng.migrate'))`);
    await client.query(`create table if not exists public.minsheng_migration (
      name text primary key, hash text not null, applied_at timestamptz not null default now())`);
    const rows = (await client.query<{ name: string; hash: string }>(`select name, hash from public.minsheng_migration`)).rows;
    const applied = new Map(rows.map((row) => [row.name, row.hash]));
    const known = migrations();
    for (const name of applied.keys()) {
      if (!known.some((migration) => migration.name === name))
        throw new Error(`The database has migration ${name}, which this build does not know: run a newer build`);
    }
    let count = 0;
    for (const migration of known) {
      const hash = applied.get(migration.name);
      if (hash === migration.hash) continue;
      if (hash) throw new Error(`Migration ${migration.name} was edited after it had been applied: add a new one instead`);
      await client.query('begin');
      try {
        await client.query(migration.sql);
        await client.query(`insert into public.minsheng_migration (name, hash) values ($1, $2)`, [migration.name, migration.hash]);
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw new Error(`Migration ${migration.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
      count++;
      onApplied(migration.name);
    }
    return count;
  } finally {
    await client.end();
  }
}
