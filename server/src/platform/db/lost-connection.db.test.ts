import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDb, type TestDb } from '../../../test/test-db.ts';
import { SYSTEM } from './db.ts';

let database: TestDb;
beforeAll(async () => {
  database = await openTestDb();
});
afterAll(() => database?.close());

test('a session that is ended in the midst of work, between two statements or in one, costs that work and nothing else', async () => {
  const db = database.open(1);
  const end = (pid: number) => database.owner(`select pg_terminate_backend(${pid})`);
  const own = sql<{ pid: number }>`select pg_backend_pid() as pid`;
  const between = db.transact(SYSTEM, async (tx) => {
    const { pid } = (await own.execute(tx)).rows[0]!;
    await end(pid);
    // Until the connection has heard of it.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await own.execute(tx);
  });
  await expect(between).rejects.toThrow();
  const within = db.transact(SYSTEM, async (tx) => {
    const { pid } = (await own.execute(tx)).rows[0]!;
    setTimeout(() => void end(pid), 100);
    await sql`select pg_sleep(20)`.execute(tx);
  });
  await expect(within).rejects.toThrow('terminating connection');
  // An error that nobody listens for would have ended the process by now.
  expect(await db.transact(SYSTEM, async (tx) => (await own.execute(tx)).rows.length)).toBe(1);
});
