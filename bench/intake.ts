// Appeals a second: over HTTP, by the same statements through the driver alone, and by raw INSERTs of the same rows.
// All in one run, on one durable database, every row flushed before it is acknowledged.
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type CompiledQuery } from 'kysely';
import pg from 'pg';
import { createAppealsService, createAttachments } from '#server/modules/appeals/index.ts';
import { createOpenOrder, orderSide } from '#server/modules/orders/index.ts';
import { createReferenceService } from '#server/modules/reference/index.ts';
import { citizen } from '#server/platform/actor.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { readKeyring } from '#server/platform/config/config.ts';
import { createCrypto } from '#server/platform/crypto/crypto.ts';
import { openDb, type Db, type Tx } from '#server/platform/db/db.ts';
import { createFiles } from '#server/platform/files/files.ts';
import { createInspector } from '#server/platform/files/inspect/inspect.ts';
import type { DB } from '#server/platform/db/schema.gen.ts';
import { drive, report, round, type Figures } from './support/figures.ts';
import { Connection } from './support/http-client.ts';
import { ended, openLab } from './support/lab.ts';
import { portalAppeals } from './support/samples.ts';

const CLIENTS = [1, 8, 32] as const;
const SECONDS = Number(process.argv[2] ?? 6);
const PREPARED = 30_000 * SECONDS;

const lab = await openLab('intake');
try {
  const appeals = portalAppeals(PREPARED);
  const bodies = appeals.map((appeal) => JSON.stringify(appeal));
  console.log(`Preparing ${PREPARED} statements as the application would send them ...`);
  const statements = await compiled();
  const rows: Record<string, Figures> = {};
  let taken = 0;
  const next = () => {
    if (taken === PREPARED) throw new Error('All prepared statements are used up; prepare more of them');
    return taken++;
  };

  const server = await lab.startServer('web');
  let bodyNo = 0;
  for (const clients of CLIENTS) {
    rows[`raw-${clients}`] = await throughDriver(clients, lab.database.ownerUrl, async (client, statement) => {
      await client.query({ name: `raw-${statement.shape}`, text: statement.text, values: statement.values });
    });
    rows[`driver-${clients}`] = await throughDriver(clients, lab.database.appUrl, async (client, statement) => {
      await client.query('begin; set local role minsheng_self');
      await client.query({ name: `same-${statement.shape}`, text: statement.text, values: statement.values });
      await client.query('commit');
    });
    const connections = await Promise.all(Array.from({ length: clients }, () => Connection.open(server.port)));
    // Warm paths and plans are what a running hotline has.
    for (const connection of connections) await connection.post('/api/portal/appeals', bodies[bodyNo++ % PREPARED]!);
    rows[`http-${clients}`] = await drive(clients, SECONDS, async (client) => {
      const answer = await connections[client]!.post('/api/portal/appeals', bodies[bodyNo++ % PREPARED]!);
      if (answer.status !== 201) throw new Error(`The server answered ${answer.status}: ${answer.body}`);
    });
    for (const connection of connections) connection.close();
  }
  await ended(server.process, 'SIGTERM');

  console.log('\n            clients  appeals/s    p50 ms    p99 ms');
  for (const [name, row] of Object.entries(rows)) {
    const [way = '', clients = ''] = name.split('-');
    console.log(
      `${way.padEnd(12)}${clients.padStart(7)}${String(row.perSecond).padStart(11)}${String(row.p50Ms).padStart(10)}${String(row.p99Ms).padStart(10)}`,
    );
  }
  const ratio = (a: string, b: string, clients: number) =>
    round(rows[`${a}-${clients}`]!.perSecond / rows[`${b}-${clients}`]!.perSecond, 3);
  report(
    'intake',
    Object.fromEntries(Object.entries(rows).filter(([name]) => name.startsWith('http'))),
    Object.fromEntries(Object.entries(rows).filter(([name]) => !name.startsWith('http'))),
    Object.fromEntries(
      CLIENTS.flatMap((clients) => [
        [`http/driver-${clients}`, ratio('http', 'driver', clients)],
        [`http/raw-${clients}`, ratio('http', 'raw', clients)],
      ]),
    ),
  );

  function throughDriver(
    clients: number,
    url: string,
    write: (client: pg.Client, statement: Statement) => Promise<void>,
  ): Promise<Figures> {
    return withClients(clients, url, async (connected) => {
      for (const client of connected) await write(client, statements[next()]!);
      return drive(clients, SECONDS, async (client) => write(connected[client]!, statements[next()]!));
    });
  }
} finally {
  await lab.close();
}

interface Statement {
  readonly text: string;
  readonly values: unknown[];
  readonly shape: number;
}

/** The very statements the application sends for these appeals, each with rows of its own, caught on their way to the driver. */
async function compiled(): Promise<Statement[]> {
  const real = openDb({ url: lab.database.appUrl, poolSize: 2, asApp: true });
  const reference = await createReferenceService({ db: real, clock: systemClock });
  const caught: Statement[] = [];
  const shapes = new Map<string, { text: string; shape: number }>();
  const keep = ({ sql, parameters }: CompiledQuery) => {
    const known = shapes.get(sql) ?? { text: sql, shape: shapes.size };
    shapes.set(sql, known);
    caught.push({ ...known, values: [...parameters] });
  };
  const deaf = new Kysely<DB>({
    log: (entry) => keep(entry.query),
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  const db: Db = { ...real, transact: (scope, work) => (scope.role === 'self' ? work(deaf as unknown as Tx) : real.transact(scope, work)) };
  const crypto = createCrypto('sm', readKeyring(lab.config.keyringPath));
  const service = createAppealsService({
    db,
    crypto,
    clock: systemClock,
    reference,
    order: orderSide,
    openOrder: createOpenOrder(reference),
    attachments: createAttachments({
      db,
      clock: systemClock,
      crypto,
      files: createFiles(lab.config),
      inspect: createInspector(null),
      order: orderSide,
    }),
  });
  for (const appeal of portalAppeals(PREPARED)) await service.fileOnPortal(citizen('127.0.0.1'), appeal, null);
  await real.close();
  return caught;
}

async function withClients<T>(count: number, connectionString: string, work: (clients: pg.Client[]) => Promise<T>): Promise<T> {
  const clients = Array.from({ length: count }, () => new pg.Client({ connectionString }));
  await Promise.all(clients.map((client) => client.connect()));
  try {
    return await work(clients);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
