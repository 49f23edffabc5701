import { hostname } from 'node:os';
import type { Clock } from '#server/kernel/clock.ts';
import type { Config } from '#server/platform/config/config.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import { embeddedLog } from '#server/platform/db/embedded.ts';
import type { Loop } from '#server/platform/events/events.ts';
import type { Binding } from '#server/platform/http/bind.ts';
import type { JobKind } from '#server/platform/jobs/jobs.ts';
import type { Log } from '#server/platform/log/log.ts';
import type { Metrics } from '#server/platform/metrics/metrics.ts';
import { logsRoutes } from './logs/logs.routes.ts';
import { readLogs } from './logs/logs.sampler.ts';
import { createLogs } from './logs/logs.service.ts';
import { followPostgres } from './logs/postgres-log.ts';
import { createExporter, createShipper, type LogOutlet } from './logs/shipper.ts';
import { auditReportJobs, AUDIT_REPORT_QUEUES, createAuditReports } from './reports/audit-reports.service.ts';
import { auditReportsRoutes } from './reports/audit-reports.routes.ts';
import { readDatabase } from './series/database.ts';
import { readRegistry } from './series/registry.ts';
import { seriesRoutes } from './series/series.routes.ts';
import { createPacker, createSampler } from './series/series.service.ts';

export interface OperationsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly config: Config;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Where this node's lines come from; without one they go to standard output alone. */
  readonly outlet?: LogOutlet | undefined;
}

export interface Operations {
  readonly bindings: readonly Binding[];
  /** Of every node that answers. */
  readonly nodeLoops: readonly Loop[];
  /** Of the background. */
  readonly loops: readonly Loop[];
  readonly jobs: readonly JobKind[];
  /** Makes what should have been made while the platform stood still. */
  catchUp(): Promise<void>;
  /** Sends what still waits. */
  close(): Promise<void>;
}

/** The queues of the operations centre, by name: what `installJobs` makes. */
export const OPERATIONS_QUEUES: readonly Omit<JobKind, 'run'>[] = [...AUDIT_REPORT_QUEUES];

/** So long a node that stops waits for its last lines to be taken. */
const LAST_LINES_MS = 5000;

/** The parts of the operations centre, put together. */
export function createOperations({ db, clock, config, metrics, log, outlet }: OperationsDeps): Operations {
  const instance = `${hostname()}:${config.port}`;
  const sampler = (name: string, source: string, gather: Parameters<typeof createSampler>[0]['gather']) =>
    createSampler({ db, clock, name, source, gather }).loop;
  const logs = createLogs({ db, clock });
  const shipping = outlet
    ? [
        createShipper({ logs, outlet, log, clock, source: instance, counted: metrics.logLines }),
        ...(config.otlpEndpoint
          ? [createExporter({ endpoint: config.otlpEndpoint, outlet, clock, source: instance, counted: metrics.logLines })]
          : []),
      ]
    : [];
  const reports = createAuditReports({ db, clock });
  return {
    bindings: [...seriesRoutes({ db, clock }), ...logsRoutes({ db, clock, logs }), ...auditReportsRoutes({ reports })],
    nodeLoops: [sampler('operations.sample-node', instance, () => readRegistry(metrics.registry)), ...shipping.map(({ loop }) => loop)],
    loops: [
      sampler('operations.sample-database', 'database', () => db.transact(SYSTEM, readDatabase)),
      sampler('operations.sample-logs', 'logs', () => db.transact(SYSTEM, (tx) => readLogs(tx, clock.nowMs()))),
      createPacker({ db, clock }),
      ...(config.demo ? [followPostgres({ db, clock, logs, file: embeddedLog(config.dataFolder) })] : []),
    ],
    jobs: auditReportJobs(reports),
    catchUp: () => reports.makeDue(),
    async close() {
      await Promise.all(shipping.map((one) => one.flush(LAST_LINES_MS)));
    },
  };
}
