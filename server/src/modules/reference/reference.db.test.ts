import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#server/kernel/clock.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { openTestDb, type TestDb } from '../../../test/test-db.ts';
import { createReferenceService } from './reference.service.ts';

let database: TestDb;
beforeAll(async () => {
  database = await openTestDb();
});
afterAll(() => database?.close());

test('the calendar is read anew also while every connection waits for it within a transaction', async () => {
  const db = database.open(2);
  const reference = await createReferenceService({ db, clock: systemClock });
  reference.forget();
  const inside = () => db.transact(SYSTEM, async () => (await reference.holidays()).publishedYears.size);
  expect(new Set(await Promise.all([inside(), inside(), inside()])).size).toBe(1);
});
