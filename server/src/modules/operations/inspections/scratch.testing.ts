import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { seedReference } from '#server/modules/reference/index.ts';
import { openDb, type Db } from '#server/platform/db/db.ts';
import { startEmbedded } from '#server/platform/db/embedded.ts';
import { migrate } from '#server/platform/db/migrate.ts';
import { installJobs } from '#server/platform/jobs/jobs.ts';
import { ensurePartitions, MAINTENANCE_QUEUES } from '#server/platform/maintenance.ts';
import type { Judged } from './inspections.rules.ts';
import { seedInspections, shippedStandard } from './inspections.seed.ts';
import { look } from './look.ts';

/** A database of its own on a scratch server, migrated and with reference data, to plant defects in. */
export interface ScratchDatabase {
  readonly name: string;
  /** As the application uses it. */
  readonly db: Db;
  /** Asks or changes the database as its owner, a superuser. */
  owner<Row extends object = Record<string, unknown>>(text: string): Promise<Row[]>;
  /** A session of its own; ended with the database. */
  session(): Promise<pg.Client>;
  /** What every line of the database inspection comes to. */
  inspect(): Promise<Map<string, Judged>>;
  /** Sets a threshold or bound of a check for this database. */
  lower(code: string, what: { yellow?: number; red?: number; bounds?: Record<string, number> }): void;
  /** Lets days pass for what was read so far: its readings are moved into the past. */
  letDaysPass(days: number): Promise<void>;
  close(): Promise<void>;
}

export interface Scratch {
  fresh(): Promise<ScratchDatabase>;
  /** Where the server keeps its files. */
  readonly cluster: string;
  close(): Promise<void>;
}

let servers = 0;

/** A server of its own with these settings; it gives up durability for speed. */
export async function openScratch(settings: Readonly<Record<string, string | number>> = {}): Promise<Scratch> {
  const folder = mkdtempSync(join(tmpdir(), 'minsheng-scratch-'));
  chmodSync(folder, 0o711);
  const server = await startEmbedded({
    folder: join(folder, 'pg'),
    wishedPort: 55_000 + 1000 * servers++ + (process.pid % 1000),
    durable: false,
    // Autovacuum would mend some of what is planted, now and then.
    settings: { autovacuum_naptime: '3600s', ...settings },
  });
  const template = 'scratch_template';
  let made = 0;
  const asMaker = async (text: string) => {
    const maker = new pg.Client({ connectionString: server.urlOf('postgres') });
    await maker.connect();
    try {
      await maker.query(text);
    } finally {
      await maker.end();
    }
  };
  await asMaker(`create database ${template}`);
  await migrate(server.urlOf(template));
  await installJobs(server.urlOf(template), MAINTENANCE_QUEUES);
  const filler = openDb({ url: server.urlOf(template, 'app'), poolSize: 2, asApp: true });
  await ensurePartitions(filler, Date.now(), Date.now());
  await seedReference(filler, new Date());
  await seedInspections(filler);
  await filler.close();
  return {
    fresh: async () => {
      const name = `scratch_${++made}`;
      await asMaker(`create database ${name} template ${template}`);
      return database(name);
    },
    cluster: join(folder, 'pg/cluster'),
    async close() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };

  function database(name: string): ScratchDatabase {
    const owner = new pg.Pool({ connectionString: server.urlOf(name), max: 1 });
    const db: Db = openDb({ url: server.urlOf(name, 'app'), poolSize: 2, asApp: true });
    const sessions: pg.Client[] = [];
    const checks = new Map(
      shippedStandard()
        .checks.filter((check) => check.object === 'database')
        .map((check) => [check.code, check]),
    );
    return {
      name,
      db,
      owner: async <Row extends object>(text: string) => (await owner.query<Row>(text)).rows,
      async session() {
        const client = new pg.Client({ connectionString: server.urlOf(name), application_name: 'planter' });
        // What is still running when the database is dropped is ended with it.
        client.on('error', () => {});
        await client.connect();
        sessions.push(client);
        return client;
      },
      async inspect() {
        const judged = await look(db, [...checks.values()], Date.now());
        return new Map([...judged].map(([code, one]) => [code, one!]));
      },
      lower(code, { bounds, ...thresholds }) {
        const check = checks.get(code)!;
        checks.set(code, { ...check, ...thresholds, bounds: { ...check.bounds, ...bounds } });
      },
      letDaysPass: async (days) => {
        await owner.query(`update operations.inspection_sample set at = at - make_interval(days => $1)`, [days]);
      },
      async close() {
        await Promise.all(sessions.map((client) => client.end().catch(() => {})));
        await db.close();
        await owner.end();
        await asMaker(`drop database ${name} with (force)`);
      },
    };
  }
}
