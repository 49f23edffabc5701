import { connect, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LiveCase, LiveHello, LivePresence } from '#contracts/live/live.api.ts';
import { newId } from '#server/kernel/ids.ts';
import { NANJING, openTestApp, problemIn, PASSWORD, SUZHOU, UNITS, type Person, type TestApp } from '../../../test/test-app.ts';
import { sql } from 'kysely';

interface Message {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** A console on a real socket. */
interface Console {
  readonly messages: Message[];
  readonly stream: string;
  readonly resumed: boolean;
  /** The cursor it would come back with. */
  cursor(): string;
  cases(): LiveCase[];
  ended: Promise<void>;
  close(): void;
}

let at: TestApp;
let port: number;
const open: Console[] = [];

beforeAll(async () => {
  at = await openTestApp({ poolSize: 10 });
  await at.app.http.listen({ host: '127.0.0.1', port: 0 });
  port = (at.app.http.server.address() as AddressInfo).port;
});
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});
afterAll(() => at?.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something holds; fails with what was there instead. */
async function until<T>(what: () => T | false | undefined, ms = 6000): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = what();
    if (found) return found;
    if (performance.now() > end) throw new Error(`It did not come to be: ${what.toString()}`);
    await pause(20);
  }
}

async function cookieFor(person: Person): Promise<string> {
  return at.cookieOf(await at.login(person.login, PASSWORD));
}

async function watch(cookie: string, after?: string): Promise<Console> {
  const stop = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}/api/live`, {
    headers: { cookie, ...(after ? { 'last-event-id': after } : {}) },
    signal: stop.signal,
  });
  if (response.status !== 200) throw new Error(await response.text());
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect(response.headers.get('x-accel-buffering')).toBe('no');
  const messages: Message[] = [];
  let cursor = '';
  const ended = (async () => {
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const fields = new Map(
          text
            .slice(0, end)
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const),
        );
        text = text.slice(end + 2);
        cursor = fields.get('id') ?? cursor;
        const data = fields.get('data');
        if (data) messages.push({ id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: JSON.parse(data) });
      }
    }
  })().catch(() => {});
  const hello = await until(() => messages.find((one) => one.event === 'hello'));
  const console: Console = {
    messages,
    stream: (hello.data as LiveHello).stream,
    resumed: (hello.data as LiveHello).resumed,
    cursor: () => cursor,
    cases: () => messages.filter((one) => one.event === 'case').map((one) => one.data as LiveCase),
    ended,
    close: () => stop.abort(),
  };
  open.push(console);
  return console;
}

const namesOf = (console: Console, id: string) =>
  console
    .cases()
    .filter((one) => one.id === id)
    .map((one) => one.name);

describe('a console hears', () => {
  test('what happens to the orders of its scope, for every role, as the database would show it', async () => {
    const people = at.people.filter((one) => one.scope !== 'operations' || one.roles.includes('operator'));
    // One of each role and place, and so of every scope; each log-in is a person of his own.
    const consoles = await Promise.all(people.map(async (person) => ({ person, console: await watch(await cookieFor(person)) })));
    const ids = [
      (await at.takeTo('replied')).id,
      (await at.takeTo('handling', {}, UNITS[NANJING][1])).id,
      (await at.takeTo('dispatched', { region: '320505' })).id,
      (await at.file({ region: '320102' })).id,
    ];
    const heardBy = new Map<string, number>();
    for (const { person, console } of consoles) {
      const { scope, permissions } = at.actor(person);
      // The policies say what there is to hear.
      const rows =
        scope.role === 'operations' || !permissions.has('orders.see')
          ? []
          : await at.app.db.transact(scope, async (tx) =>
              (
                await sql<{
                  name: string;
                  id: string;
                }>`select name, case_id as id from platform.event where case_id = any(${ids}) order by id`.execute(tx)
              ).rows.map((row) => `${row.id} ${row.name}`),
            );
      // A unit hears of an order from its dispatch on; what was before stands in the timeline that it then fetches.
      const due = scope.role === 'unit' ? rows.filter((row) => !/appeals\.file|orders\.accept/.test(row)) : rows;
      const heard = () => console.cases().map((one) => `${one.id} ${one.name}`);
      await until(() => due.every((row) => heard().includes(row)));
      expect(
        heard().filter((row) => !rows.includes(row)),
        `${person.login} hears of what it does not see`,
      ).toEqual([]);
      expect(new Set(heard()).size).toBe(heard().length);
      heardBy.set(scope.role, (heardBy.get(scope.role) ?? 0) + rows.length);
      expect(JSON.stringify(console.messages)).not.toMatch(/张三丰|13812345678|烧烤店/);
    }
    for (const role of ['province', 'city', 'unit']) expect(heardBy.get(role), role).toBeGreaterThan(0);
    expect(heardBy.get('operations')).toBe(0);
  }, 60_000);

  test('after a cut exactly what it missed, in its order, each once', async () => {
    const person = at.person('agent', NANJING);
    const cookie = await cookieFor(person);
    const first = await watch(cookie);
    const before = await at.file();
    await until(() => namesOf(first, before.id).length === 1);
    const cursor = first.cursor();
    first.close();
    const missed = [(await at.takeTo('handling')).id, (await at.file()).id];
    await at.file({ region: '320505' });
    // Somebody else listens on, so that this node remembers ...
    const second = await watch(cookie, cursor);
    expect(second.resumed).toBe(true);
    await until(() => second.cases().length >= 5);
    const fresh = await at.file();
    await until(() => namesOf(second, fresh.id).length === 1);
    const all = second.cases().map((one) => one.id);
    expect(all.filter((id) => id === missed[0])).toHaveLength(4);
    expect(all.filter((id) => id === missed[1])).toHaveLength(1);
    expect(all).not.toContain(before.id);
    expect(all).toHaveLength(6);
    const places = second.messages.filter((one) => one.event === 'case').map((one) => one.id);
    expect(new Set(places).size).toBe(places.length);
  });

  test('and from memory, where the node stayed awake meanwhile', async () => {
    const cookie = await cookieFor(at.person('agent', NANJING));
    const awake = await watch(await cookieFor(at.person('leader', 'province')));
    const first = await watch(cookie);
    const cursor = first.cursor();
    first.close();
    const { id } = await at.takeTo('pending-dispatch');
    await until(() => namesOf(awake, id).length === 2);
    const second = await watch(cookie, cursor);
    await until(() => namesOf(second, id).length === 2);
    expect(namesOf(second, id)).toEqual(['appeals.file', 'orders.accept']);
  });

  test('that it must fetch everything anew when it was away too long, or comes from another database', async () => {
    const cookie = await cookieFor(at.person('leader', 'province'));
    await at.db.owner(
      `insert into platform.event (id, at, name, case_kind, case_id, actor, region, public, data)
       select gen_random_uuid_at.id, now(), 'x.y', 'order', gen_random_uuid_at.id, 'x', '320100', false, '{}'
       from (select (left(platform.uuid_at('2026-06-15T02:00:00Z')::text, 14) || '7000-8000-' || lpad(n::text, 12, '0'))::uuid as id from generate_series(1, 600) n) gen_random_uuid_at`,
    );
    // Time for the node to notice that nobody listens: it then begins anew at the end of the log.
    await pause(600);
    const long = await watch(cookie, `1.${newId()}`);
    expect(long.resumed).toBe(false);
    expect(long.messages.map((one) => one.event)).toContain('reset');
    expect(long.cases()).toEqual([]);
    const foreign = await watch(cookie, `999999999999.${newId()}`);
    expect(foreign.resumed).toBe(false);
    expect(foreign.messages.map((one) => one.event)).toContain('reset');
    const { id } = await at.file();
    await until(() => namesOf(foreign, id).length === 1 && namesOf(long, id).length === 1);
  });

  test('nothing any more, within seconds, once its session is over or its account is closed', async () => {
    const person = at.person('inspector', SUZHOU);
    const cookie = await cookieFor(person);
    const console = await watch(cookie);
    await cookieFor(person); // One session per person: the new one ends the old.
    await console.ended;
    expect(console.messages.at(-1)?.event).toBe('ended');

    const again = await watch(await cookieFor(person));
    await at.app.identity.setStatus(at.actor(at.person('system-admin')), person.id, 'disabled', '离岗');
    await again.ended;
    expect(again.messages.at(-1)?.event).toBe('ended');
    await at.app.identity.setStatus(at.actor(at.person('system-admin')), person.id, 'active', '返岗');
  }, 30_000);
});

describe('a node', () => {
  test('gives an account six streams and no more, and frees the place of one that was closed', async () => {
    const person = at.person('follow-up', SUZHOU);
    const cookie = await cookieFor(person);
    const six = await Promise.all(Array.from({ length: 6 }, () => watch(cookie)));
    const seventh = await at.call(null, 'GET', '/api/live', { headers: { cookie } });
    expect(problemIn(seventh)).toMatchObject({ status: 429, code: 'base.too-many-streams' });
    six[0]!.close();
    for (let tries = 0; ; tries++) {
      const next = await watch(cookie).catch(() => null);
      if (next) break;
      expect(tries).toBeLessThan(50);
      await pause(50);
    }
  });

  test('cuts a console that takes nothing, and goes on telling the others', async () => {
    const cookie = await cookieFor(at.person('inspector', 'province'));
    const well = await watch(await cookieFor(at.person('leader', 'province')));
    // A socket that is never read: what the system's own buffers hold is soon full.
    const socket = connect({ host: '127.0.0.1', port });
    socket.write(`GET /api/live HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\n\r\n`);
    await new Promise<void>((resolve) => {
      socket.once('data', () => resolve());
    });
    socket.pause();
    let closed = false;
    socket.on('close', () => (closed = true));
    socket.on('error', () => {});
    const cuts = async () =>
      (await at.app.http.inject({ url: '/metrics' })).payload.match(/live_cuts_total\{why="slow"\} (\d+)/)?.[1] ?? '0';
    const before = await cuts();
    for (let round = 0; (await cuts()) === before; round++) {
      expect(round).toBeLessThan(400);
      await at.db.owner(
        `insert into platform.event (id, at, name, case_kind, case_id, actor, region, public, data)
         select one.id, now(), 'x.y', 'order', one.id, 'x', '320100', false, '{}'
         from (select (left(platform.uuid_at('2026-06-15T02:00:00Z')::text, 14) || '7' || lpad($1::text, 3, '0') || '-9000-' || lpad(n::text, 12, '0'))::uuid as id from generate_series(1, 900) n) one`,
        [round],
      );
      await pause(30);
    }
    socket.resume();
    await until(() => closed);
    const { id } = await at.file();
    await until(() => namesOf(well, id).length === 1);
  }, 60_000);
});

describe('two at one order', () => {
  const presenceIn = (console: Console, id: string) =>
    console.messages
      .filter((one) => one.event === 'presence')
      .map((one) => one.data as LivePresence)
      .findLast((one) => one.id === id);

  async function stand(person: Person, cookie: string, body: object) {
    return at.call(null, 'POST', '/api/presence', { headers: { cookie }, body });
  }

  test('see each other, what each does, and when one leaves', async () => {
    const { id } = await at.takeTo('replied');
    const [agent, reviewer, handler] = [
      at.person('agent', NANJING),
      at.person('reviewer', NANJING),
      at.person('handler', UNITS[NANJING][0]),
    ];
    const cookies = { agent: await cookieFor(agent), reviewer: await cookieFor(reviewer), handler: await cookieFor(handler) };
    const [one, other, unit] = [await watch(cookies.agent), await watch(cookies.reviewer), await watch(cookies.handler)];
    const tabs = { agent: newId(), reviewer: newId(), handler: newId() };
    await stand(agent, cookies.agent, { id, stream: one.stream, tab: tabs.agent, doing: 'viewing' });
    const answer = await stand(reviewer, cookies.reviewer, {
      id,
      stream: other.stream,
      tab: tabs.reviewer,
      doing: 'acting',
      action: 'pass',
    });
    expect(answer.body).toEqual({ id, people: [{ name: agent.name, office: null, doing: 'viewing', action: null }] });
    await until(() => presenceIn(one, id)?.people[0]?.action === 'pass');
    expect(presenceIn(one, id)!.people).toEqual([{ name: reviewer.name, office: null, doing: 'acting', action: 'pass' }]);
    // Across the two sides the office stands for the person.
    const seen = await stand(handler, cookies.handler, { id, stream: unit.stream, tab: tabs.handler, doing: 'viewing' });
    expect((seen.body as LivePresence).people).toEqual([
      { name: null, office: null, doing: 'acting', action: 'pass' },
      { name: null, office: null, doing: 'viewing', action: null },
    ]);
    await until(() => presenceIn(one, id)?.people.length === 2);
    expect(presenceIn(one, id)!.people[1]).toMatchObject({ name: null, office: at.app.reference.unitName(UNITS[NANJING][0]) });
    await stand(reviewer, cookies.reviewer, { id, stream: other.stream, tab: tabs.reviewer, doing: 'gone' });
    await until(() => presenceIn(one, id)?.people.length === 1);
    // A page that vanished without a word is gone when its stream has been silent for a while.
    unit.close();
    await until(() => presenceIn(one, id)?.people.length === 0, 20_000);
  }, 60_000);

  test('must both see it: an order of another scope is missing', async () => {
    const { id } = await at.file();
    const stranger = at.person('agent', SUZHOU);
    const cookie = await cookieFor(stranger);
    const body = { id, stream: newId(), tab: newId(), doing: 'viewing' };
    expect(problemIn(await stand(stranger, cookie, body)).code).toBe('base.not-found');
    expect(await at.db.owner(`select from platform.presence where case_id = $1`, [id])).toEqual([]);
  });

  test('and nobody moves the page of another', async () => {
    const { id } = await at.file();
    const [agent, other] = [at.person('agent', NANJING), at.person('dispatcher', NANJING)];
    const tab = newId();
    await stand(agent, await cookieFor(agent), { id, stream: newId(), tab, doing: 'viewing' });
    const cookie = await cookieFor(other);
    await stand(other, cookie, { id, stream: newId(), tab, doing: 'acting', action: 'accept' });
    await stand(other, cookie, { id, stream: newId(), tab, doing: 'gone' });
    expect(await at.db.owner(`select account_id, doing from platform.presence where tab = $1`, [tab])).toEqual([
      { account_id: agent.id, doing: 'viewing' },
    ]);
  });
});

test('a node that stops ends its streams', async () => {
  const mine = await openTestApp();
  await mine.app.http.listen({ host: '127.0.0.1', port: 0 });
  const { port } = mine.app.http.server.address() as AddressInfo;
  const cookie = mine.cookieOf(await mine.login(mine.person('leader', 'province').login, PASSWORD));
  const response = await fetch(`http://127.0.0.1:${port}/api/live`, { headers: { cookie } });
  const read = response.text();
  await pause(300);
  await mine.close();
  expect(await read).toMatch(/event: hello/);
});
