import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { IMPORT_QUEUE } from '#server/modules/appeals/index.ts';
import { OPERATIONS_QUEUES, seedInspections, seedOperations } from '#server/modules/operations/index.ts';
import { seedReference } from '#server/modules/reference/index.ts';
import { openDb } from '#server/platform/db/db.ts';
import { startEmbedded } from '#server/platform/db/embedded.ts';
import { migrate } from '#server/platform/db/migrate.ts';
import { installJobs } from '#server/platform/jobs/jobs.ts';
import { MONDAY } from './places.ts';
import { ensurePartitions, MAINTENANCE_QUEUES } from '#server/platform/maintenance.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URLs of the test server; `DATABASE` stands where the name of a database belongs. */
    postgres: { owner: string; app: string };
  }
}

export const TEMPLATE = 'minsheng_template';
const DATABASE = 'DATABASE';

/**
 * One PostgreSQL for the whole run, with one database that is migrated and filled once; every test file works on a
 * clone of it (`openTestDb`).
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'minsheng-test-'));
  // As root, PostgreSQL runs as another user, who must pass through.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({ folder: join(folder, 'pg'), wishedPort: 54_400 + (process.pid % 1000), durable: false });
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const maker = new pg.Client({ connectionString: server.urlOf('postgres') });
    await maker.connect();
    await maker.query(`create database ${TEMPLATE}`);
    await maker.end();
    const ownerUrl = server.urlOf(TEMPLATE);
    await migrate(ownerUrl);
    await installJobs(ownerUrl, [...MAINTENANCE_QUEUES, IMPORT_QUEUE, ...OPERATIONS_QUEUES]);
    const db = openDb({ url: server.urlOf(TEMPLATE, 'app'), poolSize: 2, asApp: true });
    // The tests live in 2026 and look into 2027.
    await ensurePartitions(db, Date.parse('2025-12-15T00:00:00Z'), Date.parse('2027-02-01T00:00:00Z'));
    // Ids that are not told an instant take the machine's own.
    await ensurePartitions(db, Date.now(), Date.now());
    // The days around the instant at which platforms of tests stand.
    await ensurePartitions(db, MONDAY, MONDAY);
    await seedReference(db, new Date('2026-01-01T00:00:00Z'));
    await seedOperations(db, new Date('2026-01-01T00:00:00Z'));
    await seedInspections(db);
    await db.close();
    project.provide('postgres', { owner: server.urlOf(DATABASE), app: server.urlOf(DATABASE, 'app') });
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
