import { hostname } from 'node:os';
import type { Clock } from '#server/kernel/clock.ts';
import type { Config } from '#server/platform/config/config.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import { subscriberLoop, type Loop } from '#server/platform/events/events.ts';
import type { Binding } from '#server/platform/http/bind.ts';
import type { JobKind } from '#server/platform/jobs/jobs.ts';
import type { Log } from '#server/platform/log/log.ts';
import type { Metrics } from '#server/platform/metrics/metrics.ts';
import { personName } from '../identity/index.ts';
import type { Reference } from '../reference/index.ts';
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
import { createRecords, type Records } from './records/records.service.ts';
import { readDatabase } from './series/database.ts';
import { readRegistry } from './series/registry.ts';
import { seriesRoutes } from './series/series.routes.ts';
import { createPacker, createSampler } from './series/series.service.ts';

export interface OperationsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly config: Config;
  readonly metrics: Metrics;
  readonly reference: Pick<Reference, 'holidays'>;
  readonly log: Log;
}

export interface Operations {
  readonly records: Records;
  readonly judge: Judge;
  readonly prober: { sample(): Promise<number> };
  readonly inspections: Inspections;
  /** The same records standing at another time: for the demo. */
  recordsAt(other: Clock): Records;
  readonly bindings: readonly Binding[];
  /** Of every node that answers. */
  readonly nodeLoops: readonly Loop[];
  /** Of the background. */
  readonly loops: readonly Loop[];
  readonly jobs: readonly JobKind[];
}

/** The parts of the operations centre, put together. */
export function createOperations({ db, clock, config, metrics, reference, log }: OperationsDeps): Operations {
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
    gather: () => db.transact(SYSTEM, readDatabase),
  });
  const recordsAt = (at: Clock) => createRecords({ db, clock: at, reference, nameOf: personName, isStillThere: async () => true });
  const records = recordsAt(clock);
  const judge = createJudge({ db, clock, records, standsOn: async () => () => new Set() });
  const alerts = createAlerts({ db, clock, records, judge });
  const probes = createProbes({ db, clock });
  const prober = createSampler({ db, clock, name: 'operations.probe', source: 'probes', gather: probes.gather });
  const inspections = createInspections({ db, clock, records, reference });
  return {
    judge,
    prober,
    records,
    recordsAt,
    inspections,
    bindings: [
      ...seriesRoutes({ db, clock }),
      ...recordsRoutes({ records, db, clock }),
      ...alertsRoutes({ alerts, db, clock }),
      ...probesRoutes({ probes, db }),
      ...inspectionsRoutes({ inspections, reference, db, clock }),
    ],
    nodeLoops: [node.loop],
    loops: [
      database.loop,
      createPacker({ db, clock }),
      { name: 'operations.record-steps', restMs: 5000, turn: () => records.takeSteps() },
      prober.loop,
      judge.loop,
      createNotifier({ db, clock, origin: config.origin }),
      createSender({ db, clock, gateways: config }),
      createAlertmanagerFeed({ db, clock, log, origin: config.origin }),
      subscriberLoop(db, createPager(config.origin)),
      inspections.loop,
    ],
    jobs: [],
  };
}
