// How soon a thousand consoles hear what happens, whether each hears all of its scope and nothing of another, and what a
// console costs. One node as a process of its own; the consoles and the people who act are this process.
import { connect, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { createApp } from '#server/app.ts';
import type { Actor } from '#server/platform/actor.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import { permissionsOf } from '#contracts/permissions.ts';
import { createLog } from '#server/platform/log/log.ts';
import { figuresOf, report, round } from './support/figures.ts';
import { ended, openLab } from './support/lab.ts';
import { addPeople, residentBytes, type LabPerson } from './support/people.ts';
import { portalAppeals } from './support/samples.ts';

const { values: given } = parseArgs({
  options: { consoles: { type: 'string', default: '1000' }, seconds: { type: 'string', default: '30' } },
});
const CONSOLES = Number(given.consoles);
const SECONDS = Number(given.seconds);
const EVENTS_A_SECOND = 24;
const CITIES = ['3201', '3202', '3203', '3204', '3205', '3206', '3207', '3208', '3209', '3210', '3211', '3212', '3213'];

interface Screen {
  readonly person: LabPerson;
  readonly socket: Socket;
  /** What came, by the place in the log, and when. */
  readonly heard: { id: string; caseId: string; name: string; atMs: number }[];
  hello: boolean;
}

const lab = await openLab('live');
try {
  const server = await lab.startServer('all');
  const people = await addPeople(
    lab,
    Array.from({ length: CONSOLES }, (_, i) => placeOf(i)),
  );
  const app = await createApp({ config: lab.config, log: createLog('warn'), url: lab.database.appUrl, asApp: true });
  const before = await residentBytes(server.process.pid!);
  const screens: Screen[] = [];
  for (let from = 0; from < people.length; from += 50)
    screens.push(...(await Promise.all(people.slice(from, from + 50).map((one) => open(one, server.port)))));
  await until(() => screens.every((screen) => screen.hello));
  await sleep(3000);
  const after = await residentBytes(server.process.pid!);
  console.log(`${screens.length} consoles are open; ${EVENTS_A_SECOND} actions a second for ${SECONDS} s ...`);

  // What the platform did of itself before anybody listened is nobody's to hear.
  const listeningFrom = new Date();
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  /** When the commit of each step was known to the one who took it, by case and name. */
  const committed = new Map<string, number>();
  await act(committed);
  await sleep(2500);
  const spanMs = performance.now() - startMs;
  const used = process.cpuUsage(cpu);

  const { events, units } = await whatHappened();
  const delays: number[] = [];
  let missed = 0;
  let foreign = 0;
  let doubled = 0;
  let told = 0;
  for (const { person, heard } of screens) {
    const due = events.filter((event) => mine(person, event));
    const ids = new Set(heard.map((one) => one.id));
    doubled += heard.length - ids.size;
    // A unit hears of an order from its dispatch on.
    missed += due.filter((event) => !ids.has(event.id) && !(person.scope === 'unit' && /file|accept/.test(event.name))).length;
    const own = new Set(due.map((event) => event.id));
    foreign += heard.filter((one) => !own.has(one.id)).length;
    told += heard.length;
    for (const one of heard) {
      const atMs = committed.get(`${one.caseId} ${one.name}`);
      if (atMs !== undefined) delays.push(one.atMs - atMs);
    }
  }
  const delay = figuresOf(delays, spanMs);
  const figures = {
    consoles: screens.length,
    events: events.length,
    messages: told,
    p50Ms: delay.p50Ms,
    p99Ms: delay.p99Ms,
    maxMs: round(delays.reduce((most, one) => Math.max(most, one), 0)),
    missed,
    foreign,
    doubled,
    kibPerConsole: round((after - before) / 1024 / screens.length),
    ownCpuShare: round((used.user + used.system) / 1000 / spanMs),
  };
  console.table(figures);
  report(
    'live',
    figures,
    { p99Ms: 1000, missed: 0, foreign: 0, doubled: 0 },
    { messagesPerEvent: round(told / Math.max(1, events.length)) },
  );
  if (missed + foreign + doubled > 0 || figures.p99Ms > 1000) process.exitCode = 1;

  for (const { socket } of screens) socket.destroy();
  await app.close();
  await ended(server.process, 'SIGTERM');

  function mine(person: LabPerson, event: { region: string; caseId: string }): boolean {
    switch (person.scope) {
      case 'province':
        return true;
      case 'city':
        return event.region.startsWith(person.region!.slice(0, 4));
      case 'unit':
        return (units.get(event.caseId) ?? []).some((unit) => unit.startsWith(person.unitCode!));
      case 'operations':
        return false;
    }
  }

  async function whatHappened() {
    const client = new pg.Client({ connectionString: lab.database.ownerUrl });
    await client.connect();
    const { rows } = await client.query<{ id: string; name: string; region: string; caseId: string }>(
      `select id, name, region, case_id as "caseId" from platform.event where at >= $1`,
      [listeningFrom],
    );
    const tasks = await client.query<{ id: string; unit: string }>(`select order_id as id, unit_code as unit from orders.task`);
    await client.end();
    return {
      events: rows,
      units: new Map([...Map.groupBy(tasks.rows, (row) => row.id)].map(([id, all]) => [id, all.map((row) => row.unit)])),
    };
  }

  /** People who file, accept, dispatch and sign, at the pace that was asked for. */
  async function act(committed: Map<string, number>): Promise<void> {
    const appeals = portalAppeals(EVENTS_A_SECOND * SECONDS);
    const steps = Math.ceil((EVENTS_A_SECOND * SECONDS) / 4);
    const running: Promise<void>[] = [];
    for (let i = 0; i < steps; i++) {
      running.push(walk(appeals[i]!, i));
      const due = startMs + ((i + 1) * 4000) / EVENTS_A_SECOND;
      await sleep(Math.max(0, due - performance.now()));
    }
    await Promise.all(running);

    async function walk(appeal: (typeof appeals)[number], i: number): Promise<void> {
      const region = `${CITIES[i % CITIES.length]!}00`;
      const note = (id: string, name: string) => committed.set(`${id} ${name}`, performance.now());
      const { id } = await app.appeals.file(actorAt('agent', 'city', region), { ...appeal, region, channel: '01', category: '0101' }, null);
      note(id, 'appeals.file');
      await app.orders.act(actorAt('dispatcher', 'city', region), id, 'accept', null, {});
      note(id, 'orders.accept');
      const unit = unitAt(i % CITIES.length, i % 3);
      await app.orders.act(actorAt('dispatcher', 'city', region), id, 'dispatch', null, { unit });
      note(id, 'orders.dispatch');
      await app.orders.act(actorAt('handler', 'unit', unit), id, 'sign', null, {});
      note(id, 'orders.sign');
    }
  }
} finally {
  await lab.close();
}

/** A tenth of them at the province, a fiftieth who see no orders, and the others at cities and units. */
function placeOf(i: number): Omit<LabPerson, 'id' | 'name' | 'cookie'> {
  const city = i % CITIES.length;
  if (i % 50 === 0) return { role: 'operator', scope: 'operations', region: null, unitCode: null };
  if (i % 10 === 1) return { role: 'leader', scope: 'province', region: null, unitCode: null };
  if (i % 2 === 0) return { role: 'handler', scope: 'unit', region: null, unitCode: unitAt(city, i % 3) };
  return { role: 'agent', scope: 'city', region: `${CITIES[city]!}00`, unitCode: null };
}

function unitAt(city: number, which: number): string {
  return `${CITIES[city]!}.${['003', '007', '010'][which]!}`;
}

function actorAt(role: 'agent' | 'dispatcher' | 'handler', scope: 'city' | 'unit', code: string): Actor {
  const lo = scope === 'city' ? code.slice(0, 4) : code;
  return {
    ...PLATFORM,
    name: role,
    roles: [role],
    permissions: permissionsOf([role]),
    scopeKind: scope,
    scope: scope === 'city' ? { role: 'city', regionLo: lo, regionHi: `${lo}~` } : { role: 'unit', unitLo: lo, unitHi: `${lo}~` },
    region: scope === 'city' ? code : null,
    unitCode: scope === 'unit' ? code : null,
  };
}

/** A console that does as little as it can: its sockets are many, and the cores are shared. */
function open(person: LabPerson, port: number): Promise<Screen> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.write(`GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${person.cookie}\r\n\r\n`);
    });
    const screen: Screen = { person, socket, heard: [], hello: false };
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      const atMs = performance.now();
      text += String(chunk);
      // Whole messages only: the last one may be on its way.
      const whole = text.slice(0, text.lastIndexOf('\n\n') + 2);
      for (const found of whole.matchAll(/id: \d+\.(\S+)\nevent: case\ndata: \{"name":"([^"]+)","kind":"\w+","id":"([^"]+)"/g))
        screen.heard.push({ id: found[1]!, name: found[2]!, caseId: found[3]!, atMs });
      if (whole.includes('event: hello')) screen.hello = true;
      text = text.slice(whole.length);
    });
    socket.once('data', () => resolve(screen));
    socket.once('error', reject);
    socket.on('error', () => {});
  });
}

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; !what(); i++) {
    if (i > 300) throw new Error(`Not within half a minute: ${what.toString()}`);
    await sleep(100);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
