import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { systemClock, type Clock } from './kernel/clock.ts';
import { appealsRoutes, createAppealsService, createImports, importRoutes, type Appeals, type Imports } from './modules/appeals/index.ts';
import { createAuthenticate, createIdentityService, identityRoutes, type Identity } from './modules/identity/index.ts';
import {
  createOpenOrder,
  createOrdersService,
  dailyCounts,
  normBoardsRoutes,
  ordersLoops,
  ordersRoutes,
  orderSamples,
  type Orders,
} from './modules/orders/index.ts';
import {
  catalogueRoutes,
  createCatalogue,
  createNorms,
  createReferenceService,
  normLoops,
  normsRoutes,
  referenceRoutes,
  type Catalogue,
  type Norms,
  type Reference,
} from './modules/reference/index.ts';
import { sealLoop } from './platform/audit/audit.ts';
import { readKeyring, type Config } from './platform/config/config.ts';
import { createCrypto } from './platform/crypto/crypto.ts';
import { openDb, SYSTEM, type Db } from './platform/db/db.ts';
import { startLoops, subscriberLoop, type Loop } from './platform/events/events.ts';
import { createFiles } from './platform/files/files.ts';
import { createHttp } from './platform/http/http.ts';
import type { Binding } from './platform/http/bind.ts';
import { createJobs, type JobKind } from './platform/jobs/jobs.ts';
import type { Log } from './platform/log/log.ts';
import { createMetrics } from './platform/metrics/metrics.ts';
import { maintenanceJobs, ROOT } from './platform/maintenance.ts';

export interface App {
  readonly db: Db;
  readonly reference: Reference;
  readonly norms: Norms;
  readonly catalogue: Catalogue;
  readonly identity: Identity;
  readonly appeals: Appeals;
  readonly orders: Orders;
  readonly imports: Imports;
  readonly bindings: readonly Binding[];
  readonly loops: readonly Loop[];
  readonly http: FastifyInstance;
  /** The same services standing at another time: for the demo and for drills. */
  servicesAt(clock: Clock): { appeals: Appeals; orders: Orders; norms: Norms };
  /** Starts the background part; a `web` node only answers. */
  startWork(): Promise<void>;
  close(): Promise<void>;
}

export interface AppOptions {
  readonly config: Config;
  readonly log: Log;
  /** Where the application connects. */
  readonly url: string;
  /** Whether its log-in owns the schema and must step down to the application's role. */
  readonly asApp: boolean;
  readonly clock?: Clock;
}

/** The whole, put together from the top of `architecture.json` to its bottom. */
export async function createApp({ config, log, url, asApp, clock = systemClock }: AppOptions): Promise<App> {
  const db = openDb({ url, poolSize: config.dbPool, asApp });
  const crypto = createCrypto(config.suite, readKeyring(config.keyringPath));
  const metrics = createMetrics(db);
  const jobs = createJobs({ url, asApp, log });

  const reference = await createReferenceService({ db, clock });
  const norms = createNorms({ db, clock, reference, samples: orderSamples });
  const catalogue = createCatalogue({ db, clock, reference });
  const identity = createIdentityService({ db, clock, unitName: reference.unitName });
  const appeals = createAppealsService({ db, crypto, clock, reference, openOrder: createOpenOrder(reference) });
  const imports = createImports({
    db,
    clock,
    appeals,
    files: createFiles(config),
    send: (runId) => jobs.send('appeals.import', { runId }),
    log,
  });
  const orders = createOrdersService({ db, clock, reference, queryHash: appeals.queryHash });

  const bindings: Binding[] = [
    ...referenceRoutes({ reference, db, recompute: orders.recomputeProvisional }),
    ...normsRoutes({ norms, reference, db, clock }),
    ...catalogueRoutes({ catalogue, reference, db, clock }),
    ...identityRoutes({
      identity,
      db,
      secureCookies: config.origin.startsWith('https'),
      checkUnit: reference.checkUnit,
      checkRegion: reference.checkRegion,
    }),
    ...appealsRoutes({ appeals, db }),
    ...importRoutes({ imports }),
    ...ordersRoutes({ orders, reference, db, clock }),
    ...normBoardsRoutes({ reference, db, clock }),
  ];
  const loops: Loop[] = [sealLoop(db), subscriberLoop(db, dailyCounts), ...ordersLoops(orders), ...normLoops(norms)];
  const kinds: JobKind[] = [...maintenanceJobs({ db, clock, reference, appeals }), imports.job];

  const http = await createHttp({
    config,
    log,
    metrics,
    bindings: config.role === 'worker' ? [] : bindings,
    authenticate: createAuthenticate(identity),
    apps:
      config.role === 'worker'
        ? []
        : [
            { path: '/console/', folder: join(ROOT, 'console/dist') },
            { path: '/', folder: join(ROOT, 'portal/dist') },
          ],
    healthy: () => db.transact(SYSTEM, async (tx) => (await sql`select 1`.execute(tx)).rows.length === 1),
  });
  let running: { stop(): Promise<void> } | null = null;
  return {
    db,
    reference,
    norms,
    catalogue,
    identity,
    appeals,
    orders,
    imports,
    bindings,
    loops,
    http,
    servicesAt(other) {
      const appealsThen = createAppealsService({ db, crypto, clock: other, reference, openOrder: createOpenOrder(reference) });
      return {
        appeals: appealsThen,
        orders: createOrdersService({ db, clock: other, reference, queryHash: appealsThen.queryHash }),
        norms: createNorms({ db, clock: other, reference, samples: orderSamples }),
      };
    },
    async startWork() {
      await reference.watchHorizon();
      await jobs.start(kinds);
      running = startLoops(
        loops.map((loop) => counted(loop, (did) => metrics.loopWork.inc({ loop: loop.name }, did))),
        log,
      );
    },
    async close() {
      await http.close();
      await running?.stop();
      await jobs.stop();
      await db.close();
    },
  };
}

function counted(loop: Loop, count: (did: number) => void): Loop {
  return {
    ...loop,
    async turn() {
      const did = await loop.turn();
      count(did);
      return did;
    },
  };
}
