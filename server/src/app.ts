import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { systemClock, type Clock } from './kernel/clock.ts';
import {
  appealsRoutes,
  attachmentsRoutes,
  createAppealsService,
  createAttachments,
  createImports,
  importRoutes,
  supplementNotices,
  type Appeals,
  type Attachments,
  type Imports,
} from './modules/appeals/index.ts';
import { createAuthenticate, createIdentityService, identityRoutes, sessionOf, type Identity } from './modules/identity/index.ts';
import {
  createOperations,
  lastBackupYear,
  recordClockTables,
  type LogOutlet,
  type Operations,
  type Source,
} from './modules/operations/index.ts';
import {
  createCitizens,
  createOpenOrder,
  createOrdersService,
  createOrdersUpkeep,
  dailyCounts,
  desksRoutes,
  liveFacts,
  normBoardsRoutes,
  orderNotices,
  orderSamples,
  orderClockTable,
  ordersLoops,
  ordersRoutes,
  orderSide,
  regionOfOrder,
  repeatedMatters,
  savedViewsRoutes,
  type Citizens,
  type Orders,
  type OrdersUpkeep,
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
import { loadRoutes } from './platform/admission/admission.routes.ts';
import { createAdmission } from './platform/admission/admission.ts';
import { createNodeReport } from './platform/admission/node-report.ts';
import { sealLoop } from './platform/audit/audit.ts';
import { readKeyring, type Config } from './platform/config/config.ts';
import { createCrypto } from './platform/crypto/crypto.ts';
import { openDb, SYSTEM, type Db } from './platform/db/db.ts';
import { startLoops, subscriberLoop, type Loop } from './platform/events/events.ts';
import { createDrafts, type Drafts } from './platform/drafts/drafts.ts';
import { draftsRoutes } from './platform/drafts/drafts.routes.ts';
import { createFiles } from './platform/files/files.ts';
import { clamdScanner } from './platform/files/inspect/clamd.ts';
import { createInspector } from './platform/files/inspect/inspect.ts';
import { createHttp } from './platform/http/http.ts';
import type { Binding } from './platform/http/bind.ts';
import { createAuditor, isAuditorSilent, promisesRoutes, type Auditor } from './platform/casework/index.ts';
import { createJobs, type JobKind } from './platform/jobs/jobs.ts';
import { createLive } from './platform/live/live.ts';
import { liveRoutes } from './platform/live/live.routes.ts';
import type { Log } from './platform/log/log.ts';
import { createMetrics } from './platform/metrics/metrics.ts';
import { createResponseFigures } from './platform/metrics/response.ts';
import { maintenanceJobs, ROOT } from './platform/maintenance.ts';

export interface App {
  readonly db: Db;
  readonly reference: Reference;
  readonly norms: Norms;
  readonly catalogue: Catalogue;
  readonly identity: Identity;
  readonly appeals: Appeals;
  readonly attachments: Attachments;
  readonly orders: Orders;
  readonly citizens: Citizens;
  readonly upkeep: OrdersUpkeep;
  readonly auditor: Auditor;
  readonly imports: Imports;
  readonly drafts: Drafts;
  readonly operations: Operations;
  readonly bindings: readonly Binding[];
  readonly loops: readonly Loop[];
  readonly http: FastifyInstance;
  /** The same services standing at another time: for the demo and for drills. */
  servicesAt(clock: Clock): { appeals: Appeals; orders: Orders; upkeep: OrdersUpkeep; norms: Norms };
  /** Writes what was measured of the answers so far; a listening node does it every ten seconds. */
  flushFigures(): Promise<void>;
  /** Starts the background part; a `web` node only answers. */
  startWork(): Promise<void>;
  close(): Promise<void>;
}

export interface AppOptions {
  readonly config: Config;
  readonly log: Log;
  /** The way of its lines into the platform's log. */
  readonly outlet?: LogOutlet;
  /** Where the application connects. */
  readonly url: string;
  /** Whether its log-in owns the schema and must step down to the application's role. */
  readonly asApp: boolean;
  readonly clock?: Clock;
  /** The cluster that is backed up; without it nothing is. */
  readonly source?: Source | null;
}

/** The whole, put together from the top of `architecture.json` to its bottom. */
export async function createApp({ config, log, outlet, url, asApp, clock = systemClock, source = null }: AppOptions): Promise<App> {
  const db = openDb({ url, poolSize: config.dbPool, reserved: Math.floor(config.dbPool / 8), asApp });
  const crypto = createCrypto(config.suite, readKeyring(config.keyringPath));
  const metrics = createMetrics(db, config.dataFolder);
  const admission = createAdmission({
    metrics,
    dbWaitMs: db.waitMs,
    bounds: config.bounds,
    ceiling: config.ceiling,
    adapt: config.adapt,
  });
  const jobs = createJobs({ url, asApp, log });

  const reference = await createReferenceService({ db, clock });
  const norms = createNorms({ db, clock, reference, samples: orderSamples });
  const catalogue = createCatalogue({ db, clock, reference });
  const identity = createIdentityService({ db, clock, unitName: reference.unitName });
  const drafts = createDrafts({ db, clock, crypto });
  const files = createFiles(config);
  const inspect = createInspector(config.clamd ? clamdScanner(config.clamd) : null);
  const attachments = createAttachments({ db, clock, crypto, files, inspect, order: orderSide });
  const appeals = createAppealsService({
    db,
    crypto,
    clock,
    reference,
    openOrder: createOpenOrder(reference),
    attachments,
    order: orderSide,
  });
  const imports = createImports({
    db,
    clock,
    appeals,
    files,
    send: (runId) => jobs.send('appeals.import', { runId }),
    log,
  });
  const orders = createOrdersService({ db, clock, reference, attachments, lastBackupYear });
  const citizens = createCitizens({ db, orders, queryHash: appeals.queryHash });
  const upkeep = createOrdersUpkeep({ db, clock, reference, orders });
  const auditor = createAuditor({ db, clock, holidays: reference.holidays, tables: { order: orderClockTable, ...recordClockTables } });
  const live = createLive({
    db,
    log,
    metrics,
    caseFacts: liveFacts,
    regionOf: regionOfOrder,
    unitName: reference.unitName,
    livingSessions: identity.livingSessions,
    nodeLimit: config.liveStreams,
  });
  const responses = createResponseFigures({ db, clock });
  const report = createNodeReport({
    db,
    clock,
    admission,
    responses,
    consoles: live.consoles,
    ceiling: config.ceiling,
    bounds: config.bounds,
  });

  const operations = createOperations({ db, clock, config, metrics, reference, log, outlet, crypto, source, send: jobs.send });

  const bindings: Binding[] = [
    ...referenceRoutes({
      reference,
      db,
      recompute: async () => (await upkeep.recomputeProvisional()) + (await operations.records.recomputeProvisional()),
    }),
    ...normsRoutes({ norms, reference, db, clock }),
    ...catalogueRoutes({ catalogue, reference, db, clock }),
    ...identityRoutes({
      identity,
      db,
      secureCookies: config.origin.startsWith('https'),
      checkUnit: reference.checkUnit,
      checkRegion: reference.checkRegion,
    }),
    ...appealsRoutes({ appeals }),
    ...attachmentsRoutes({ attachments, db, citizenBy: citizens.by }),
    ...importRoutes({ imports }),
    ...ordersRoutes({ orders, citizens, reference, db, clock }),
    ...desksRoutes({ reference, db, clock }),
    ...savedViewsRoutes({ db, clock }),
    ...normBoardsRoutes({ reference, db, clock }),
    ...liveRoutes({ live, sessionOf }),
    ...loadRoutes({ db, report }),
    ...promisesRoutes({ db, clock }),
    ...draftsRoutes({ drafts }),
    ...operations.bindings,
  ];
  const loops: Loop[] = [
    sealLoop(db),
    subscriberLoop(db, dailyCounts),
    subscriberLoop(db, orderNotices),
    subscriberLoop(db, supplementNotices),
    subscriberLoop(db, repeatedMatters(orders, reference)),
    ...ordersLoops(upkeep),
    ...normLoops(norms),
    auditor.loop,
    ...operations.loops,
  ];
  const kinds: JobKind[] = [...maintenanceJobs({ db, clock, reference, appeals, attachments, drafts }), imports.job, ...operations.jobs];

  const http = await createHttp({
    config,
    log,
    metrics,
    centreMetrics: operations.metrics,
    admission,
    answered: responses.add,
    bindings: config.role === 'worker' ? [] : bindings,
    authenticate: createAuthenticate(identity),
    apps:
      config.role === 'worker'
        ? []
        : [
            { path: '/console/', folder: join(ROOT, 'console/dist') },
            { path: '/', folder: join(ROOT, 'portal/dist') },
          ],
    auditorSilent: () => db.transact(SYSTEM, (tx) => isAuditorSilent(tx, clock.nowMs())),
    healthy: () => db.transact(SYSTEM, async (tx) => (await sql`select 1`.execute(tx)).rows.length === 1),
  });
  let running: { stop(): Promise<void> } | null = null;
  let reporting: { stop(): Promise<void> } | null = null;
  // Whoever answers tells how he stands, whatever his role.
  http.addHook('onListen', (done) => {
    reporting = startLoops([report.loop, ...operations.nodeLoops], log);
    done();
  });
  return {
    db,
    reference,
    norms,
    catalogue,
    identity,
    appeals,
    attachments,
    orders,
    citizens,
    upkeep,
    auditor,
    imports,
    drafts,
    operations,
    bindings,
    loops,
    http,
    servicesAt(other) {
      const appealsThen = createAppealsService({
        db,
        crypto,
        clock: other,
        reference,
        openOrder: createOpenOrder(reference),
        attachments,
        order: orderSide,
      });
      const ordersThen = createOrdersService({ db, clock: other, reference, attachments, lastBackupYear });
      return {
        appeals: appealsThen,
        orders: ordersThen,
        upkeep: createOrdersUpkeep({ db, clock: other, reference, orders: ordersThen }),
        norms: createNorms({ db, clock: other, reference, samples: orderSamples }),
      };
    },
    flushFigures: responses.flush,
    async startWork() {
      await reference.watchHorizon();
      await jobs.start(kinds);
      await operations.catchUp();
      running = startLoops(
        loops.map((loop) => counted(loop, (did) => metrics.loopWork.inc({ loop: loop.name }, did))),
        log,
      );
    },
    async close() {
      // Streams first: the web server waits for every answer that is still open.
      await live.close();
      admission.close();
      await http.close();
      if (reporting) {
        await reporting.stop();
        // What was counted since the last report would be lost with the node; with a database that is gone it is.
        await responses.flush().catch((error: unknown) => log.warn({ err: error }, 'the last response figures could not be kept'));
      }
      await running?.stop();
      await jobs.stop();
      await operations.close();
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
