// What a node still does when it is asked one, two and four times what it can do: filing and handling go on, lists and
// heavy work are turned away early. The node is a process of its own; the load is this one, open: it sends at its pace
// whether or not answers come.
import { parseArgs } from 'node:util';
import { LOAD_CLASSES } from '#contracts/base/load.ts';
import type { LoadClass } from '#contracts/base/route.ts';
import { createApp } from '#server/app.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import { createLog } from '#server/platform/log/log.ts';
import { drive, figuresOf, report, round } from './support/figures.ts';
import { Connection, type Answer } from './support/http-client.ts';
import { ended, openLab } from './support/lab.ts';
import { addPeople } from './support/people.ts';
import { portalAppeals } from './support/samples.ts';

const { values: given } = parseArgs({ options: { seconds: { type: 'string', default: '10' } } });
const SECONDS = Number(given.seconds);
const STEPS = [1, 2, 4] as const;
const SHARES: Readonly<Record<LoadClass, number>> = { submit: 0.15, handling: 0.25, query: 0.59, heavy: 0.01 };
const PREPARED = 4000;
const CITIES = ['320100', '320200', '320300', '320500'];
/** More at once is not a crowd but a broken generator. */
const SOCKETS = 6000;

const lab = await openLab('overload');
try {
  const app = await createApp({ config: lab.config, log: createLog('warn'), url: lab.database.appUrl, asApp: true });
  const people = await addPeople(
    lab,
    Array.from({ length: 200 }, (_, i) => ({
      role: i % 20 === 0 ? ('audit-admin' as const) : ('agent' as const),
      scope: i % 20 === 0 ? ('operations' as const) : ('city' as const),
      region: i % 20 === 0 ? null : CITIES[i % CITIES.length]!,
      unitCode: null,
    })),
  );
  const agents = people.filter((person) => person.role === 'agent');
  const auditors = people.filter((person) => person.role === 'audit-admin');
  console.log(`Filing ${PREPARED} appeals to work on ...`);
  const orders: { id: string; region: string }[] = [];
  for (const [i, appeal] of portalAppeals(PREPARED).entries()) {
    const region = CITIES[i % CITIES.length]!;
    const { id } = await app.appeals.file(PLATFORM, { ...appeal, region, channel: '01', category: '0101' }, null);
    orders.push({ id, region });
  }
  await app.close();
  const server = await lab.startServer('all');
  const bodies = portalAppeals(PREPARED).map((appeal) => JSON.stringify(appeal));
  let turn = 0;
  let accepted = 0;

  /** One request of a class, as its people send it. */
  function ask(kind: LoadClass, connection: Connection): Promise<Answer> {
    const i = turn++;
    const order = orders[i % orders.length]!;
    const agent = agents.find((person, place) => place >= i % 40 && person.region === order.region)!;
    const cookie = `Cookie: ${agent.cookie}\r\n`;
    switch (kind) {
      case 'submit':
        return connection.post('/api/portal/appeals', bodies[i % bodies.length]!);
      case 'handling': {
        const next = orders[accepted];
        if (i % 5 > 0 || !next) return connection.get(`/api/orders/${order.id}`, cookie);
        accepted++;
        const own = agents.find((person) => person.region === next.region)!;
        return connection.post(`/api/orders/${next.id}/accept`, '{"version":1,"input":{}}', `Cookie: ${own.cookie}\r\n`);
      }
      case 'query':
        return i % 2 === 0
          ? connection.get('/api/orders?limit=20&state=filed&sort=due', cookie)
          : connection.get('/api/orders?limit=20', cookie);
      case 'heavy':
        return connection.post('/api/audit/verify', '{}', `Cookie: ${auditors[i % auditors.length]!.cookie}\r\n`);
    }
  }

  const closed = await Promise.all(Array.from({ length: 24 }, () => Connection.open(server.port)));
  // What is turned away is not done, and counts nothing.
  let away = 0;
  const served = async (client: number) => {
    while ((await ask(kindAt(Math.random()), closed[client]!)).status >= 300) away++;
  };
  await drive(24, 4, served);
  const capacity = await drive(24, Math.max(6, SECONDS / 2), served);
  for (const connection of closed) connection.close();
  console.log(
    `Capacity of this mix, in a closed loop of 24: ${capacity.perSecond} a second, p99 ${capacity.p99Ms} ms (${away} turned away)`,
  );

  const rows: Row[] = [];
  const shares: Record<string, number> = {};
  for (const times of STEPS) {
    const cpu = process.cpuUsage();
    const startMs = performance.now();
    rows.push(...(await step(times, capacity.perSecond * times)));
    const used = process.cpuUsage(cpu);
    shares[`${times}x`] = round((used.user + used.system) / 1000 / (performance.now() - startMs));
    await sleep(3000);
  }
  console.log('\nstep  class      offered/s  goodput/s     shed/s   failed/s     p50 ms     p99 ms  shed p99');
  for (const row of rows)
    console.log(
      `${`${row.times}x`.padEnd(6)}${row.kind.padEnd(10)}${[row.offered, row.goodput, row.shed, row.failed, row.p50Ms, row.p99Ms, row.shedP99Ms].map((each) => String(each).padStart(11)).join('')}`,
    );
  console.log(
    `\nOf the two cores the generator itself took: ${Object.entries(shares)
      .map(([name, share]) => `${name} ${share}`)
      .join(', ')}`,
  );

  const priority = (times: number, what: 'offered' | 'goodput') =>
    rows
      .filter((row) => row.times === times && (row.kind === 'submit' || row.kind === 'handling'))
      .reduce((sum, row) => sum + row[what], 0);
  const best = Math.max(...STEPS.map((times) => priority(times, 'goodput')));
  const ratios = Object.fromEntries(
    STEPS.slice(1).map((times) => [
      `priority-${times}x`,
      round(priority(times, 'goodput') / Math.min(priority(times, 'offered'), best), 3),
    ]),
  );
  const worst = Math.max(
    ...rows.filter((row) => row.times > 1 && (row.kind === 'submit' || row.kind === 'handling')).map((row) => row.p99Ms),
  );
  report('overload', { capacity: capacity.perSecond, rows, generator: shares }, { priority: 0.9, priorityP99Ms: 1000, failed: 0 }, ratios);
  const broken = rows.reduce((sum, row) => sum + row.failed, 0);
  if (Object.values(ratios).some((ratio) => ratio < 0.9) || worst >= 1000 || broken > 0) process.exitCode = 1;
  await ended(server.process, 'SIGTERM');

  /** Sends at a pace for some seconds and waits for what is still on its way. */
  async function step(times: number, perSecond: number): Promise<Row[]> {
    const took = Object.fromEntries(
      LOAD_CLASSES.map((kind) => [kind, { sent: 0, served: [] as number[], shed: [] as number[], failed: 0 }]),
    );
    const free: Connection[] = [];
    let sockets = 0;
    const pending = new Set<Promise<void>>();
    const startMs = performance.now();
    const endMs = startMs + SECONDS * 1000;
    let dueMs = startMs;
    while (performance.now() < endMs) {
      for (; dueMs <= performance.now(); dueMs += (-Math.log(1 - Math.random()) * 1000) / perSecond) {
        const one = send(kindAt(Math.random()), dueMs).finally(() => pending.delete(one));
        pending.add(one);
      }
      await sleep(2);
    }
    await Promise.race([Promise.all(pending), sleep(35_000)]);
    for (const connection of free) connection.close();
    return LOAD_CLASSES.map((kind) => {
      const { sent, served, shed, failed } = took[kind]!;
      const good = figuresOf(served, SECONDS * 1000);
      const away = figuresOf(shed, SECONDS * 1000);
      return {
        times,
        kind,
        offered: round(sent / SECONDS),
        goodput: good.perSecond,
        shed: away.perSecond,
        failed: round(failed / SECONDS),
        p50Ms: good.p50Ms,
        p99Ms: good.p99Ms,
        shedP99Ms: away.p99Ms,
      };
    });

    async function send(kind: LoadClass, fromMs: number): Promise<void> {
      const facts = took[kind]!;
      facts.sent++;
      try {
        if (!free.length && sockets >= SOCKETS) throw new Error('no socket is left');
        const connection = free.pop() ?? (sockets++, await Connection.open(server.port));
        const answer = await ask(kind, connection);
        const ms = performance.now() - fromMs;
        if (answer.status < 300) facts.served.push(ms);
        else if (answer.status === 503 && answer.body.includes('base.overloaded')) facts.shed.push(ms);
        else facts.failed++;
        free.push(connection);
      } catch {
        facts.failed++;
      }
    }
  }
} finally {
  await lab.close();
}

interface Row {
  readonly times: number;
  readonly kind: LoadClass;
  readonly offered: number;
  readonly goodput: number;
  readonly shed: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly shedP99Ms: number;
}

function kindAt(chance: number): LoadClass {
  let sum = 0;
  for (const kind of LOAD_CLASSES) {
    sum += SHARES[kind];
    if (chance < sum) return kind;
  }
  return 'heavy';
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
