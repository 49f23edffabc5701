import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDb, type TestDb } from '../../test/test-db.ts';
import { SYSTEM } from './db/db.ts';
import { ensurePartitions } from './maintenance.ts';

let at: TestDb;
beforeAll(async () => void (at = await openTestDb()));
afterAll(() => at.close());

test('forty statements that each meet every month of six years find room in the table of locks', async () => {
  const db = at.open();
  const now = Date.parse('2026-06-15T02:00:00Z');
  await ensurePartitions(db, Date.parse('2020-07-01T00:00:00Z'), now);
  const readers = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const client = new pg.Client({ connectionString: at.ownerUrl });
      await client.connect();
      return client;
    }),
  );
  try {
    for (const client of readers) {
      await client.query('begin');
      await client.query(
        `select 1 from orders.work_order o, casework.clock c, platform.event e, appeals.appeal a, orders.task t where o.number = 'x'`,
      );
    }
    await expect(db.transact(SYSTEM, (tx) => tx.selectFrom('orders.work_order').select('id').execute())).resolves.toEqual([]);
  } finally {
    for (const client of readers) await client.end();
  }
});
