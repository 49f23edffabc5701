import pg from 'pg';
import { inject } from 'vitest';
import { openDb, type Db } from '#server/platform/db/db.ts';
import { TEMPLATE } from './global-setup.ts';

export interface TestDb {
  /** The log-in that owns the schema and passes every policy: for looking behind the application's back. */
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** A pool of the application. Small, so that a use case that waits for a second connection is found. */
  open(poolSize?: number): Db;
  /** Asks or changes the database as its owner. */
  owner<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

let made = 0;

/** A fresh database of one's own: migrated, with reference data and partitions, and nobody in it. */
export async function openTestDb(): Promise<TestDb> {
  const urls = inject('postgres');
  const name = `t_${process.pid}_${++made}`;
  const at = (url: string, database: string) => url.replace('/DATABASE?', `/${database}?`);
  const asMaker = async (text: string) => {
    const maker = new pg.Client({ connectionString: at(urls.owner, 'postgres') });
    await maker.connect();
    try {
      await maker.query(text);
    } finally {
      await maker.end();
    }
  };
  await asMaker(`create database ${name} template ${TEMPLATE}`);
  const ownerUrl = at(urls.owner, name);
  const appUrl = at(urls.app, name);
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2, options: '-c timezone=UTC' });
  // The pool says that it has ended before its connections have; the drop of the database then cuts them.
  owner.on('connect', (client) => client.on('error', () => {}));
  const opened: Db[] = [];
  return {
    ownerUrl,
    appUrl,
    open(poolSize = 4) {
      const db = openDb({ url: appUrl, poolSize, asApp: true });
      opened.push(db);
      return db;
    },
    owner: async <Row extends object>(text: string, values: readonly unknown[] = []) => (await owner.query<Row>(text, [...values])).rows,
    async close() {
      for (const db of opened) await db.close();
      await owner.end();
      await asMaker(`drop database ${name} with (force)`);
    },
  };
}
