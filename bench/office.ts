// Fifty people at their desks for ten minutes, twenty acts a minute each, in the roles of two cities and over HTTP, while the
// server is killed with -9 again and again: afterwards the books balance.
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { appealsApi, type Filed } from '#contracts/appeals/appeals.api.ts';
import type { OrderView } from '#contracts/orders/orders.api.ts';
import type { OrderAction } from '#contracts/orders/orders.lifecycle.ts';
import type { Role } from '#contracts/permissions.ts';
import { brokenHolds } from '#server/modules/orders/orders.holds.testing.ts';
import { inputFor } from '#server/modules/orders/orders.inputs.testing.ts';
import { verifyChain } from '#server/platform/audit/audit.ts';
import { openDb, SYSTEM } from '#server/platform/db/db.ts';
import { COUNTY_UNIT, NANJING, SUZHOU, UNITS } from '../server/test/places.ts';
import { randomFrom, type Random } from '../server/test/random.ts';
import { report, round } from './support/figures.ts';
import { ended, openLab } from './support/lab.ts';
import { addPeople, type LabPerson } from './support/people.ts';
import { portalAppeals } from './support/samples.ts';

const { values: given } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '20260615' } },
});
const MINUTES = Number(given.minutes);
const SEED = Number(given.seed);
/** A little over twenty turns a minute: in some there is nothing to do. */
const ACT_MS = 2700;
const KILL_MS = 45_000;
const CITIZENS = 6;
/** Whose work waits in which states. */
const DESKS: Partial<Record<Role, string>> = {
  agent: 'filed',
  dispatcher: 'pending-dispatch,return-pending',
  handler: 'dispatched,handling',
  'unit-reviewer': 'dispatched,handling,return-pending',
  reviewer: 'replied,redo',
  'follow-up': 'pending-follow-up,following-up',
  supervisor: 'coordinating,handling,replied',
};
/** What brings an order on; the rest is done beside it. */
const ONWARD: ReadonlySet<string> = new Set(['accept', 'dispatch', 'sign', 'contact', 'reply', 'pass', 'attempt', 'conclude', 'archive']);
/** Orders somebody opens in search of one that he has something to do at. */
const LOOKS = 6;

/** What somebody was told had been done: it must be true afterwards. */
interface Told {
  readonly id: string;
  readonly version: number;
  readonly by: string;
}

type Answered = { status: number; body: unknown } | null;

const lab = await openLab('office');
try {
  const people = await addPeople(lab, placesOf());
  const bodies = portalAppeals(4000).map((appeal, i) => ({ ...appeal, region: i % 2 === 0 ? '320102' : '320505' }));
  const told: Told[] = [];
  const filed = new Map<string, Filed>();
  const tally = { acts: 0, done: 0, asked: 0, refused: 0, lost: 0, faults: new Set<string>() };
  let server = await lab.startServer();
  let up: Promise<unknown> = Promise.resolve();
  let running = true;
  const endMs = Date.now() + MINUTES * 60_000;

  /** One request; null where the server died over it. */
  async function call(
    method: string,
    path: string,
    cookie: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    try {
      const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
        method,
        headers: { ...(cookie ? { cookie } : {}), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(20_000),
      });
      const text = await answer.text();
      if (answer.status >= 500 && answer.status !== 503)
        tally.faults.add(`${method} ${path.split('/').slice(0, 3).join('/')}: ${text.slice(0, 200)}`);
      return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
    } catch {
      tally.lost++;
      return null;
    }
  }

  function settle(answer: Answered, by: string): void {
    tally.acts++;
    if (answer === null) return;
    if (answer.status >= 400) {
      tally.refused++;
      return;
    }
    const { id, version, approval } = answer.body as { id: string; version: number; approval: string | null };
    told.push({ id, version, by });
    if (approval) tally.asked++;
    else tally.done++;
  }

  /** Files until it is acknowledged: the same key until there is an answer. */
  async function file(index: number, cookie: string, path: string, extra: object): Promise<void> {
    const key = randomUUID();
    const body = path.includes('portal')
      ? bodies[index % bodies.length]
      : { ...bodies[index % bodies.length], channel: '01', anonymous: false, ...extra };
    for (;;) {
      const answer = await call('POST', path, cookie, body, { 'idempotency-key': key });
      if (answer?.status === 201) {
        tally.acts++;
        tally.done++;
        const { number, queryCode } = answer.body as Filed;
        filed.set(number, { ...(answer.body as Filed), number, queryCode });
        return;
      }
      if (answer && answer.status < 500 && answer.status !== 429) throw new Error(`Filing was refused: ${JSON.stringify(answer.body)}`);
      if (!running) return;
      await sleep(300);
    }
  }

  async function citizen(random: Random, index: number): Promise<void> {
    if (filed.size < 40 || random.chance(0.55)) return file(index, '', '/api/portal/appeals', {});
    const own = random.pick([...filed.values()]);
    const key = { number: own.number, code: own.queryCode };
    const act = random.pick(['rate', 'rate', 'rate', 'urge', 'withdraw'] as const);
    const body =
      act === 'rate'
        ? { ...key, satisfaction: 1 + random.below(5), solved: random.pick(['1', '3']) }
        : act === 'urge'
          ? { ...key, note: '请尽快处理' }
          : { ...key, reason: '问题已经自行解决' };
    const path = { rate: appealsApi.rate, urge: appealsApi.urge, withdraw: appealsApi.withdraw }[act].path;
    const answer = await call('POST', path, '', body);
    tally.acts++;
    if (answer && answer.status < 300) tally.done++;
    else if (answer) tally.refused++;
  }

  async function office(person: LabPerson, random: Random, index: number): Promise<void> {
    if (person.role === 'agent' && random.chance(0.7))
      return file(index, person.cookie, '/api/appeals', {
        region: person.region === NANJING ? '320102' : '320505',
        accept: random.chance(0.7),
        urgency: random.pick([2, 3, 3, 3]),
      });
    if (random.chance(0.3)) {
      const waiting = await call('GET', '/api/approvals?limit=20', person.cookie);
      const open = ((waiting?.body as { items?: { id: string; mayDecide: boolean }[] } | null)?.items ?? []).filter((one) => one.mayDecide);
      if (open.length > 0) {
        const verdict = random.chance(0.75) ? 'approve' : 'decline';
        return settle(await call('POST', `/api/approvals/${random.pick(open).id}/decide`, person.cookie, { verdict }), person.role);
      }
    }
    // From his own desk, soonest due first, or from among all; where the one has nothing for him, from the other.
    const places = [`&sort=due&state=${DESKS[person.role]}`, ''];
    for (const place of random.chance(0.6) ? places : places.toReversed()) if (await actFrom(place, person, random)) return;
  }

  /** Opens orders of a list until there is something to do at one, and does it; false where there was nothing. */
  async function actFrom(place: string, person: LabPerson, random: Random): Promise<boolean> {
    const list = await call('GET', `/api/orders?limit=50${place}`, person.cookie);
    const rows = (list?.body as { items?: { id: string; number: string; state: string }[] } | null)?.items ?? [];
    const open = rows.filter((row) => !['archived', 'cancelled', 'refused'].includes(row.state));
    for (let look = 0; look < LOOKS && open.length > 0; look++) {
      const seen = await call('GET', `/api/orders/${random.pick(open).id}`, person.cookie);
      if (seen?.status !== 200) continue;
      const order = seen.body as OrderView;
      const allowed = order.actions.filter(
        (one) => one.refusal === null && (random.chance(0.08) || !['cancel', 'refuse', 'withdraw'].includes(one.action)),
      );
      if (allowed.length === 0) continue;
      const onward = allowed.filter((one) => ONWARD.has(one.action));
      const { action } = random.pick(onward.length > 0 && random.chance(0.6) ? onward : allowed);
      const input = inputFor(action as OrderAction, random, {
        region: order.region,
        others: rows.map((row) => row.number),
        merged: order.merged.map((other) => other.number),
      });
      settle(await call('POST', `/api/orders/${order.id}/${action}`, person.cookie, { version: order.version, input }), person.role);
      return true;
    }
    return false;
  }

  async function desk(seat: number): Promise<void> {
    const random = randomFrom(SEED + seat);
    const person = people[seat];
    let nextMs = Date.now() + random.below(ACT_MS);
    await sleep(nextMs - Date.now());
    for (let turn = 0; running; turn++) {
      // Twenty a minute on the whole: who was kept waiting makes up for it.
      nextMs += ACT_MS * (0.5 + random.below(1000) / 1000);
      // Before a dead screen nobody begins anything; what he had begun when it died is lost on him.
      await up;
      if (person) await office(person, random, seat * 80 + turn);
      else await citizen(random, seat * 80 + turn);
      await sleep(Math.max(0, nextMs - Date.now()));
    }
  }

  const desks = Array.from({ length: people.length + CITIZENS }, (_, seat) => desk(seat));
  let kills = 0;
  while (Date.now() < endMs - 5000) {
    await sleep(Math.min(KILL_MS * (0.6 + Math.random() * 0.8), endMs - Date.now()));
    await ended(server.process, 'SIGKILL');
    kills++;
    const restarted = lab.startServer();
    up = restarted;
    server = await restarted;
    console.log(
      `kill ${kills}: ${tally.acts} acts, ${tally.done} done, ${tally.asked} asked for, ${tally.refused} refused, ${filed.size} filed`,
    );
  }
  running = false;
  await Promise.all(desks);

  const client = new pg.Client({ connectionString: lab.database.ownerUrl });
  // What goes wrong below is told by itself, not by the connection that the laboratory's end breaks.
  client.on('error', () => {});
  await client.connect();
  const owner = async <R extends object>(text: string, values: unknown[] = []) => (await client.query<R>(text, values)).rows;
  const one = async (text: string, values: unknown[] = []) => Number((await owner<{ n: string }>(text, values))[0]?.n);
  // Subscribers, steps and the sealer come to their ends by themselves.
  for (let i = 0; i < 150; i++) {
    const behind = await one(
      `select (select count(*) from platform.event where name = 'appeals.file') - coalesce((select sum(count) from orders.daily_count where what = 'filed'), 0)
         + (select count(*) from platform.audit_entry) - (select count(*) from platform.audit_seal)
         + (select count(*) from casework.clock where stopped_at is null and next_step_at <= now()) as n`,
    );
    if (behind === 0) break;
    await sleep(200);
  }
  const broken = await brokenHolds({ owner });
  const db = openDb({ url: lab.database.appUrl, poolSize: 2, asApp: true });
  const chain = await verifyChain(db, SYSTEM);
  await db.close();
  const versions = new Map(
    (await owner<{ id: string; version: number }>(`select id, version from orders.work_order`)).map((row) => [row.id, row.version]),
  );
  const acknowledged = new Set(told.map(({ id, version }) => `${id}/${version}`));
  const figures = {
    minutes: MINUTES,
    people: desks.length,
    kills,
    acts: tally.acts,
    actsAMinute: round(tally.acts / MINUTES, 0),
    done: tally.done,
    askedFor: tally.asked,
    refused: tally.refused,
    brokenConnections: tally.lost,
    faults: tally.faults.size,
    appeals: await one('select count(*) as n from appeals.appeal'),
    acknowledgedAppeals: filed.size,
    lostAppeals: filed.size - (await one('select count(*) as n from appeals.appeal where number = any($1)', [[...filed.keys()]])),
    appealsWithoutOrder: await one(
      'select count(*) as n from appeals.appeal a where not exists (select from orders.work_order w where w.id = a.id)',
    ),
    // The same version told to two people, or one that the order never came to.
    contradicted: told.length - acknowledged.size + told.filter(({ id, version }) => version > (versions.get(id) ?? 0)).length,
    clocks: await one('select count(*) as n from casework.clock'),
    clocksEnded: await one('select count(*) as n from casework.clock where result is not null'),
    events: await one(`select count(*) as n from platform.event`),
    broken: broken.length,
    chainHolds: chain.ok && chain.unsealed === 0,
  };
  await client.end();
  await ended(server.process, 'SIGTERM');
  console.table(figures);
  for (const { what, rows } of broken) console.error(`Does not hold: ${what}`, rows);
  for (const fault of tally.faults) console.error(`Fault: ${fault}`);
  const limits = { lostAppeals: 0, appealsWithoutOrder: 0, contradicted: 0, broken: 0, faults: 0, actsAMinute: 1000 };
  report('office', figures, limits, { actsAMinute: round(figures.actsAMinute / limits.actsAMinute) });
  const balances =
    broken.length === 0 &&
    figures.lostAppeals === 0 &&
    figures.contradicted === 0 &&
    figures.appealsWithoutOrder === 0 &&
    figures.chainHolds &&
    figures.faults === 0;
  if (!balances) {
    console.error('The books do not balance.');
    process.exitCode = 1;
  }
} finally {
  await lab.close();
}

/** Forty-four people of two cities' hotlines and of units; the other six are citizens. */
function placesOf(): Omit<LabPerson, 'id' | 'name' | 'cookie'>[] {
  const hotline: [Role, number][] = [
    ['agent', 4],
    ['dispatcher', 4],
    ['reviewer', 3],
    ['follow-up', 3],
    ['supervisor', 2],
  ];
  const city = (region: string) =>
    hotline.flatMap(([role, count]) => Array.from({ length: count }, () => ({ role, scope: 'city' as const, region, unitCode: null })));
  const units = [...UNITS[NANJING], ...UNITS[SUZHOU]].flatMap((unitCode) =>
    (['handler', 'handler', 'unit-reviewer'] as const).map((role) => ({ role, scope: 'unit' as const, region: null, unitCode })),
  );
  // A county's government has units of its own under it.
  const county = { role: 'handler' as const, scope: 'unit' as const, region: null, unitCode: COUNTY_UNIT };
  return [...city(NANJING), ...city(SUZHOU), ...units, county].slice(-44);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
