import { hostname } from 'node:os';
import type { Clock } from '#server/kernel/clock.ts';
import { NODE } from '#server/platform/admission/node-report.ts';
import type { Config } from '#server/platform/config/config.ts';
import type { Crypto } from '#server/platform/crypto/crypto.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { embeddedLog } from '#server/platform/db/embedded.ts';
import { subscriberLoop, type Loop } from '#server/platform/events/events.ts';
import type { Binding } from '#server/platform/http/bind.ts';
import type { JobKind } from '#server/platform/jobs/jobs.ts';
import type { Log } from '#server/platform/log/log.ts';
import type { Metrics } from '#server/platform/metrics/metrics.ts';
import { peopleHolding, personName } from '../identity/index.ts';
import type { Reference } from '../reference/index.ts';
import { dutyRoutes } from './duty/duty.routes.ts';
import { createDuty, type Duty } from './duty/duty.service.ts';
import { assetsRoutes } from './assets/assets.routes.ts';
import { createAssets, type Assets } from './assets/assets.service.ts';
import { capacityRoutes } from './capacity/capacity.routes.ts';
import { createCapacityReadings } from './capacity/capacity.sampler.ts';
import { createJudge, type Judge } from './alerts/alerts.judge.ts';
import { alertsRoutes } from './alerts/alerts.routes.ts';
import { createAlerts } from './alerts/alerts.service.ts';
import { createAlertmanagerFeed } from './notify/notify.alertmanager.ts';
import { createPager } from './notify/notify.pages.ts';
import { createSender } from './notify/notify.sender.ts';
import { createNotifier } from './notify/notify.service.ts';
import { probesRoutes } from './probes/probes.routes.ts';
import { createProbes } from './probes/probes.service.ts';
import { inspectionsRoutes } from './inspections/inspections.routes.ts';
import { createInspections, type Inspections } from './inspections/inspections.service.ts';
import { recordsRoutes } from './records/records.routes.ts';
import { responsibilitiesRoutes } from './responsibilities/responsibilities.routes.ts';
import { createResponsibilities } from './responsibilities/responsibilities.service.ts';
import { createRecords, type Records } from './records/records.service.ts';
import { backupJobs, backupLoops, BACKUP_QUEUES } from './backups/backups.jobs.ts';
import { backupsRoutes } from './backups/backups.routes.ts';
import { createBackups } from './backups/backups.service.ts';
import { createDrills } from './backups/drills.service.ts';
import { backupReadings } from './backups/readings.ts';
import type { Source } from './backups/source.ts';
import { diagnosisRoutes } from './diagnosis/diagnosis.routes.ts';
import { createDiagnosis } from './diagnosis/diagnosis.service.ts';
import { createProfiles } from './diagnosis/profile.service.ts';
import { logsRoutes } from './logs/logs.routes.ts';
import { readLogs } from './logs/logs.sampler.ts';
import { createLogs } from './logs/logs.service.ts';
import { followPostgres } from './logs/postgres-log.ts';
import { createExporter, createShipper, type LogOutlet } from './logs/shipper.ts';
import { auditReportJobs, AUDIT_REPORT_QUEUES, createAuditReports } from './reports/audit-reports.service.ts';
import { auditReportsRoutes } from './reports/audit-reports.routes.ts';
import { softwareRoutes } from './software/software.routes.ts';
import { createSoftware, type Software } from './software/software.service.ts';
import { createMonthlyReports, monthlyJobs, monthlyLoop, MONTHLY_QUEUES } from './monthly/monthly.service.ts';
import { monthlyRoutes } from './monthly/monthly.routes.ts';
import { sloRoutes } from './slo/slo.routes.ts';
import { createBurnSource } from './slo/slo.source.ts';
import { readDatabase } from './series/database.ts';
import { createBusinessReader } from './series/business.ts';
import { CENTRE, centreExposition } from './series/exposition.ts';
import { createPrometheus } from './series/prometheus.ts';
import { readRegistry } from './series/registry.ts';
import { seriesRoutes } from './series/series.routes.ts';
import { createPacker, createSampler, type Reading } from './series/series.service.ts';

export interface OperationsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly config: Config;
  readonly metrics: Metrics;
  readonly reference: Pick<Reference, 'holidays' | 'regionName' | 'code'>;
  readonly log: Log;
  readonly crypto: Crypto;
  /** What is backed up; null where nothing is. */
  readonly source: Source | null;
  readonly send: (queue: string, data: Record<string, unknown>) => Promise<void>;
  /** Where this node's lines come from; without one they go to standard output alone. */
  readonly outlet?: LogOutlet | undefined;
}

export interface Operations {
  readonly records: Records;
  readonly judge: Judge;
  readonly prober: { sample(): Promise<number> };
  readonly inspections: Inspections;
  readonly duty: Duty;
  readonly software: Software;
  readonly assets: Assets;
  /** The same records standing at another time: for the demo. */
  recordsAt(other: Clock): Records;
  /** What is measured for the whole platform, in the text format of Prometheus. */
  metrics(): Promise<string>;
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

/** The queues of its jobs, by name: what `installJobs` makes. */
export const OPERATIONS_QUEUES: readonly Omit<JobKind, 'run'>[] = [...BACKUP_QUEUES, ...AUDIT_REPORT_QUEUES, ...MONTHLY_QUEUES];

/** So long a node that stops waits for its last lines to be taken. */
const LAST_LINES_MS = 5000;

/** The parts of the operations centre, put together. */
export function createOperations(deps: OperationsDeps): Operations {
  const { db, clock, config, metrics, reference, log, outlet } = deps;
  const instance = `${hostname()}:${config.port}`;
  const sampler = (name: string, source: string, gather: () => Promise<readonly Reading[]>) =>
    createSampler({ db, clock, name, source, gather });
  const readStore = (tx: Tx) => Promise.all([readDatabase(tx), backupReadings(tx, new Date(clock.nowMs()))]).then((all) => all.flat());
  const readBusiness = createBusinessReader();
  const recordsAt = (at: Clock) => createRecords({ db, clock: at, reference, nameOf: personName });
  const records = recordsAt(clock);
  const prometheus = config.prometheus ? createPrometheus(config.prometheus) : null;
  const judge = createJudge({ db, clock, records, judges: prometheus === null });
  const alerts = createAlerts({ db, clock, records, judge });
  const probes = createProbes({ db, clock, browser: config.browser });
  const prober = sampler('operations.probe', CENTRE.probes, probes.gather);
  const duty = createDuty({ db, clock, nameOf: personName });
  const responsibilities = createResponsibilities({ db, clock, owners: (tx) => peopleHolding(tx, 'operations.handle') });
  const inspections = createInspections({ db, clock, records, reference });
  const backups = createBackups(deps);
  const drills = createDrills(deps, backups);
  const assets = createAssets({ db, clock, instance, config });
  const software = createSoftware({ db, clock, records, instance });
  const logs = createLogs({ db, clock });
  const diagnosis = createDiagnosis({ db, clock, records });
  const profiles = createProfiles({ db, clock, log, node: NODE });
  const shipping = outlet
    ? [
        createShipper({ logs, outlet, log, clock, source: instance, counted: metrics.logLines }),
        ...(config.otlpEndpoint
          ? [createExporter({ endpoint: config.otlpEndpoint, outlet, clock, source: instance, counted: metrics.logLines })]
          : []),
      ]
    : [];
  const reports = createAuditReports({ db, clock });
  const monthly = createMonthlyReports({ db, clock, reference });
  return {
    judge,
    prober,
    records,
    recordsAt,
    inspections,
    duty,
    metrics: () => centreExposition(db, clock.nowMs()),
    software,
    assets,
    bindings: [
      ...seriesRoutes({ db, clock, prometheus }),
      ...recordsRoutes({ records, db, clock }),
      ...responsibilitiesRoutes({ service: responsibilities, db }),
      ...alertsRoutes({ alerts, db, clock }),
      ...dutyRoutes({ duty, db, clock }),
      ...probesRoutes({ probes, db, clock }),
      ...inspectionsRoutes({ inspections, reference, db, clock }),
      ...backupsRoutes({ db, clock, config, backups, drills }),
      ...logsRoutes({ db, clock, logs }),
      ...softwareRoutes({ software, db, clock }),
      ...assetsRoutes({ assets, db }),
      ...capacityRoutes({ db, clock, isBesideUs: config.demo }),
      ...auditReportsRoutes({ reports }),
      ...monthlyRoutes({ reports: monthly }),
      ...sloRoutes({ db, clock }),
      ...diagnosisRoutes({ diagnosis, profiles, db, clock }),
    ],
    nodeLoops: [
      software.loop,
      profiles.loop,
      sampler('operations.sample-node', instance, () => readRegistry(metrics.registry)).loop,
      ...shipping.map(({ loop }) => loop),
    ],
    loops: [
      sampler('operations.sample-database', CENTRE.database, () => db.transact(SYSTEM, readStore)).loop,
      sampler('operations.sample-capacity', CENTRE.capacity, createCapacityReadings(deps)).loop,
      sampler('operations.sample-slos', CENTRE.slo, createBurnSource({ db, clock })).loop,
      sampler('operations.sample-logs', CENTRE.logs, () => db.transact(SYSTEM, (tx) => readLogs(tx, clock.nowMs()))).loop,
      sampler('operations.sample-business', CENTRE.business, () => db.transact(SYSTEM, (tx) => readBusiness(tx, clock.nowMs()))).loop,
      createPacker({ db, clock }),
      { name: 'operations.record-steps', restMs: 5000, turn: () => records.takeSteps() },
      {
        name: 'operations.recompute-provisional',
        restMs: 60_000,
        turn: async () => ((await records.recomputeProvisional()) > 0 ? 1 : 0),
      },
      prober.loop,
      assets.loop,
      judge.loop,
      createNotifier({ db, clock, origin: config.origin }),
      createSender({ db, clock, gateways: config }),
      createAlertmanagerFeed({ db, clock, log, origin: config.origin }),
      subscriberLoop(db, createPager(config.origin)),
      inspections.loop,
      monthlyLoop(monthly),
      ...backupLoops({ db, clock, backups, drills }),
      ...(config.demo ? [followPostgres({ db, clock, logs, file: embeddedLog(config.dataFolder) })] : []),
    ],
    jobs: [...backupJobs(backups, drills, clock), ...auditReportJobs(reports), ...monthlyJobs(monthly)],
    async catchUp() {
      await reports.makeDue();
      // A platform starts without its report; the next start, or the first of the month, makes it.
      await monthly.make().catch((error: unknown) => log.error({ err: error, module: 'operations' }, 'the monthly report was not made'));
    },
    async close() {
      await Promise.all([profiles.close(), ...shipping.map((one) => one.flush(LAST_LINES_MS))]);
    },
  };
}
