// kill -9 of the server, twenty times under intake load: no acknowledged appeal is lost, none doubled,
// and no subscriber of the log misses or repeats an event.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { verifyChain } from '#server/platform/audit/audit.ts';
import { openDb, SYSTEM } from '#server/platform/db/db.ts';
import { report } from './support/figures.ts';
import { Connection, type Answer } from './support/http-client.ts';
import { ended, openLab } from './support/lab.ts';
import { portalAppeals } from './support/samples.ts';

const KILLS = Number(process.argv[2] ?? 20);
const WRITERS = 8;

const lab = await openLab('crash');
try {
  const bodies = portalAppeals(4000).map((appeal) => JSON.stringify(appeal));
  /** What a citizen was told, by the key his telephone sent: it must be true, once. */
  const told = new Map<string, string>();
  const contradicted: string[] = [];
  let server = await lab.startServer();
  let running = true;
  let retries = 0;

  async function write(writer: number): Promise<void> {
    for (let turn = 0; running; turn++) {
      const key = randomUUID();
      const body = bodies[(writer * 500 + turn) % bodies.length]!;
      // A citizen whose connection broke presses the button again: the same key until there is an answer.
      for (let answered = false; !answered;) {
        const answer = await send(body, key);
        if (answer?.status === 201) {
          answered = true;
          acknowledge(key, (JSON.parse(answer.body) as { number: string }).number);
          // Now and then the answer itself is lost on the way, and the button pressed again.
          if (turn % 7 === 0) {
            const again = await send(body, key);
            if (again?.status === 201) acknowledge(key, (JSON.parse(again.body) as { number: string }).number);
          }
        } else {
          retries++;
          if (!running) return;
          await sleep(50);
        }
      }
    }
  }

  async function send(body: string, key: string): Promise<Answer | null> {
    try {
      const connection = await Connection.open(server.port);
      try {
        return await connection.post('/api/portal/appeals', body, `Idempotency-Key: ${key}\r\n`);
      } finally {
        connection.close();
      }
    } catch {
      return null;
    }
  }

  function acknowledge(key: string, number: string): void {
    const before = told.get(key);
    if (before !== undefined && before !== number) contradicted.push(`${key}: ${before}, then ${number}`);
    told.set(key, number);
  }

  const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer));
  for (let kill = 1; kill <= KILLS; kill++) {
    await sleep(400 + Math.random() * 1200);
    await ended(server.process, 'SIGKILL');
    server = await lab.startServer();
    console.log(`kill ${kill}: ${told.size} acknowledged so far`);
  }
  await sleep(1000);
  running = false;
  await Promise.all(writers);

  const client = new pg.Client({ connectionString: lab.database.ownerUrl });
  await client.connect();
  const one = async (sql: string, values: unknown[] = []) => Number((await client.query<{ n: string }>(sql, values)).rows[0]?.n);
  // The subscriber and the sealer come to the end of the log by themselves.
  for (let i = 0; i < 100; i++) {
    const behind = await one(
      `select (select count(*) from platform.event where name = 'appeals.file') - coalesce((select sum(count) from orders.daily_count where what = 'filed'), 0) as n`,
    );
    const unsealed = await one(`select (select count(*) from platform.audit_entry) - (select count(*) from platform.audit_seal) as n`);
    if (behind === 0 && unsealed === 0) break;
    await sleep(200);
  }
  const db = openDb({ url: lab.database.appUrl, poolSize: 2, asApp: true });
  const chain = await verifyChain(db, SYSTEM);
  await db.close();
  const figures = {
    kills: KILLS,
    acknowledged: told.size,
    retries,
    appeals: await one('select count(*) as n from appeals.appeal'),
    lost: told.size - (await one('select count(*) as n from appeals.appeal where number = any($1)', [[...told.values()]])),
    doubledNumbers: await one('select count(*) - count(distinct number) as n from appeals.appeal'),
    contradicted: contradicted.length,
    withoutOrder: await one('select count(*) as n from appeals.appeal a left join orders.work_order o on o.id = a.id where o.id is null'),
    withoutContact: await one('select count(*) as n from appeals.appeal a left join appeals.contact c on c.id = a.id where c.id is null'),
    eventsFiled: await one(`select count(*) as n from platform.event where name = 'appeals.file'`),
    countedBySubscriber: await one(`select coalesce(sum(count), 0) as n from orders.daily_count where what = 'filed'`),
    auditFiled: await one(`select count(*) as n from platform.audit_entry where action = 'appeals.file'`),
    chainHolds: chain.ok && chain.unsealed === 0,
  };
  await client.end();
  await ended(server.process, 'SIGTERM');
  const whole =
    figures.lost === 0 &&
    figures.doubledNumbers === 0 &&
    figures.contradicted === 0 &&
    figures.withoutOrder === 0 &&
    figures.withoutContact === 0 &&
    figures.eventsFiled === figures.appeals &&
    figures.countedBySubscriber === figures.appeals &&
    figures.auditFiled === figures.appeals &&
    figures.appeals === told.size &&
    figures.chainHolds;
  console.table(figures);
  report('crash', figures, { lost: 0, doubledNumbers: 0, missedEvents: 0 }, {});
  if (!whole) {
    console.error('The books do not balance.');
    process.exitCode = 1;
  }
} finally {
  await lab.close();
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
