import { hostname } from 'node:os';
import type { Clock } from '#server/kernel/clock.ts';
import type { Config } from '#server/platform/config/config.ts';
import type { Crypto } from '#server/platform/crypto/crypto.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import type { Loop } from '#server/platform/events/events.ts';
import type { Binding } from '#server/platform/http/bind.ts';
import type { JobKind } from '#server/platform/jobs/jobs.ts';
import type { Metrics } from '#server/platform/metrics/metrics.ts';
import { backupJobs, backupLoops, BACKUP_QUEUES } from './backups/backups.jobs.ts';
import { backupsRoutes } from './backups/backups.routes.ts';
import { createBackups } from './backups/backups.service.ts';
import { createDrills } from './backups/drills.service.ts';
import { backupReadings } from './backups/readings.ts';
import type { Source } from './backups/source.ts';
import { readDatabase } from './series/database.ts';
import { readRegistry } from './series/registry.ts';
import { seriesRoutes } from './series/series.routes.ts';
import { createPacker, createSampler } from './series/series.service.ts';

export interface OperationsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly config: Config;
  readonly metrics: Metrics;
  readonly crypto: Crypto;
  /** What is backed up; null where nothing is. */
  readonly source: Source | null;
  readonly send: (queue: string, data: Record<string, unknown>) => Promise<void>;
}

export interface Operations {
  readonly bindings: readonly Binding[];
  /** Of every node that answers. */
  readonly nodeLoops: readonly Loop[];
  /** Of the background. */
  readonly loops: readonly Loop[];
  readonly jobs: readonly JobKind[];
}

/** The queues of its jobs, by name: what `installJobs` makes. */
export const OPERATIONS_QUEUES: readonly Omit<JobKind, 'run'>[] = [...BACKUP_QUEUES];

/** The parts of the operations centre, put together. */
export function createOperations(deps: OperationsDeps): Operations {
  const { db, clock, config, metrics } = deps;
  const node = createSampler({
    db,
    clock,
    name: 'operations.sample-node',
    source: `${hostname()}:${config.port}`,
    gather: () => readRegistry(metrics.registry),
  });
  const database = createSampler({
    db,
    clock,
    name: 'operations.sample-database',
    source: 'database',
    gather: () => db.transact(SYSTEM, async (tx) => [...(await readDatabase(tx)), ...(await backupReadings(tx, new Date(clock.nowMs())))]),
  });
  const backups = createBackups(deps);
  const drills = createDrills(deps, backups);
  return {
    bindings: [...seriesRoutes({ db, clock }), ...backupsRoutes({ db, clock, config, backups, drills })],
    nodeLoops: [node.loop],
    loops: [database.loop, createPacker({ db, clock }), ...backupLoops({ db, clock, backups, drills })],
    jobs: backupJobs(backups, drills, clock),
  };
}
