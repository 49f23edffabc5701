import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppealInput, Filed } from '#contracts/appeals/appeals.api.ts';
import type { Problem } from '#contracts/base/problem.ts';
import type { OrderAction, OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { permissionsOf, roles, type Role, type RoleFacts } from '#contracts/permissions.ts';
import { createApp, type App } from '#server/app.ts';
import { settableClock } from '#server/kernel/clock.ts';
import { idFor } from '#server/kernel/ids.ts';
import type { InputOf } from '#server/modules/orders/orders.effects.ts';
import type { ActionResult } from '#server/platform/casework/index.ts';
import type { Actor } from '#server/platform/actor.ts';
import { readConfig, writeKeyring } from '#server/platform/config/config.ts';
import { codeRange } from '#server/platform/db/db.ts';
import { createLog } from '#server/platform/log/log.ts';
import { COUNTY_UNIT, MONDAY, NANJING, SUZHOU, UNITS } from './places.ts';
import { openTestDb, type TestDb } from './test-db.ts';

export { COUNTY_UNIT, MONDAY, NANJING, SUZHOU, UNITS };

export const PASSWORD = 'Horse-battery-26';

export interface Person {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly scope: 'province' | 'city' | 'unit' | 'operations';
  readonly region: string | null;
  readonly unitCode: string | null;
  readonly mustChangePassword: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
  readonly bytes: Buffer;
  /** The body read as JSON; undefined where it is none. */
  readonly body: unknown;
}

export interface CallOptions {
  readonly body?: unknown;
  /** Sent as it stands, without being made JSON of. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** The answer may stay open: its beginning is enough, and it is let go. */
  readonly stream?: true;
}

/** Who calls: a person by his session, a machine by its key, or nobody. */
export type Caller = Person | { readonly key: string } | null;

export interface TestApp {
  readonly app: App;
  readonly db: TestDb;
  readonly clock: ReturnType<typeof settableClock>;
  readonly people: readonly Person[];
  readonly folder: string;
  /** The person who holds a role at a place: a city, a unit, or (without one) wherever there is one. */
  person(role: Role, place?: string): Person;
  actor(person: Person): Actor;
  call(caller: Caller, method: string, url: string, options?: CallOptions): Promise<Answer>;
  login(login: string, password: string): Promise<Answer>;
  /** The session cookie a log-in answered with. */
  cookieOf(answer: Answer): string;
  /** Files an appeal through the service, as an agent of the region's city. */
  file(input?: Partial<AppealInput>): Promise<Filed>;
  /** Takes an action through the service. */
  act<A extends OrderAction>(person: Person, orderId: string, action: A, input: InputOf<A>): Promise<ActionResult<OrderState>>;
  /** Takes an order to a state by the straight way; gives its id. */
  takeTo(
    state: 'filed' | 'pending-dispatch' | 'dispatched' | 'handling' | 'contacted' | 'replied' | 'pending-follow-up' | 'closed',
    input?: Partial<AppealInput>,
    unit?: string,
  ): Promise<Filed>;
  /** An API key of a source system. */
  machine(system: string): Promise<{ key: string; id: string }>;
  /** Lets what is remembered for seconds of real time grow old, without waiting for it. */
  forgetRemembered(): void;
  close(): Promise<void>;
}

export const SPEECH = '楼下烧烤店每晚营业到两点，油烟和噪音很大，希望有关部门处理。';
export const REPLY = { resultType: '01', text: '经现场核查，已责令该店整改，安装油烟净化设备，夜间十点后停止室外经营。' } as const;

/** The whole platform on a database of its own, with people of every role in two cities, standing at an instant of the test's choice. */
export async function openTestApp(
  options: { startMs?: number; settings?: Readonly<Record<string, string>>; poolSize?: number } = {},
): Promise<TestApp> {
  const db = await openTestDb();
  const folder = mkdtempSync(join(tmpdir(), 'minsheng-app-'));
  const config = readConfig(
    {
      MINSHENG_DATA: folder,
      MINSHENG_RATE_LIMIT: '10000000',
      MINSHENG_INTAKE_LIMIT: '10000000',
      MINSHENG_LOG: 'silent',
      // A machine that is busy with other tests is no busy node.
      MINSHENG_ADAPT: 'false',
      MINSHENG_DB_POOL: String(options.poolSize ?? 6),
      ...options.settings,
    },
    folder,
  );
  writeKeyring(config.keyringPath);
  const clock = settableClock(options.startMs ?? MONDAY);
  const app = await createApp({ config, log: createLog('silent'), url: db.appUrl, asApp: true, clock });
  await app.http.ready();
  const people = everybody();
  await app.identity.addAccounts(
    people.map((one) => ({ ...one, at: new Date(clock.nowMs()) })),
    PASSWORD,
  );
  const cookies = new Map<string, string>();

  const test: TestApp = {
    app,
    db,
    clock,
    people,
    folder,
    person(role, place) {
      const found = people.find(
        (one) => one.roles.includes(role) && (place === undefined || one.region === place || one.unitCode === place || one.scope === place),
      );
      if (!found) throw new Error(`There is no ${role} at ${place ?? 'any place'}`);
      return found;
    },
    actor: actorOf,
    async call(caller, method, url, { body, raw, headers = {}, stream } = {}) {
      const send = async (extra: Record<string, string>): Promise<Answer> => {
        const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
        const reply = await app.http.inject({
          method: method as 'GET',
          url,
          headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...extra, ...headers },
          ...(payload === undefined ? {} : { payload }),
          ...(stream ? { payloadAsStream: true } : {}),
        });
        if (stream) {
          const opened = String(reply.headers['content-type']).startsWith('text/event-stream');
          const text = opened ? '' : (await reply.stream().toArray()).join('');
          if (opened) reply.stream().destroy();
          return { status: reply.statusCode, headers: reply.headers, text, bytes: Buffer.from(text), body: jsonOf(text) };
        }
        return {
          status: reply.statusCode,
          headers: reply.headers,
          text: reply.payload,
          bytes: reply.rawPayload,
          body: jsonOf(reply.payload),
        };
      };
      if (caller === null) return send({});
      if ('key' in caller) return send({ authorization: `Bearer ${caller.key}` });
      const known = cookies.get(caller.login);
      if (known) {
        const answer = await send({ cookie: known });
        // A test that moves the clock has ended the session; the person simply logs in again.
        if (answer.status !== 401) return answer;
      }
      const fresh = await test.login(caller.login, PASSWORD);
      if (fresh.status !== 200) throw new Error(`${caller.login} cannot log in: ${fresh.text}`);
      cookies.set(caller.login, test.cookieOf(fresh));
      return send({ cookie: cookies.get(caller.login)! });
    },
    login: (login, password) => test.call(null, 'POST', '/api/session', { body: { login, password } }),
    cookieOf(answer) {
      const header = answer.headers['set-cookie'];
      const cookie = /ms_session=[^;]+/.exec(Array.isArray(header) ? header.join(';') : String(header ?? ''))?.[0];
      if (!cookie) throw new Error(`No session was given: ${answer.text}`);
      return cookie;
    },
    file(input = {}) {
      const region = input.region ?? NANJING;
      const said: AppealInput = {
        type: '02',
        region,
        content: SPEECH,
        channel: '01',
        category: '0101',
        ...(input.anonymous ? {} : { contact: { name: '张三丰', phone: '13812345678' } }),
        ...input,
      };
      return app.appeals.file(actorOf(test.person('agent', `${region.slice(0, 4)}00`)), said, null);
    },
    act: (person, orderId, action, input) => app.orders.act(actorOf(person), orderId, action, null, input),
    async takeTo(state, input = {}, unit) {
      const filed = await test.file(input);
      const city = `${(input.region ?? NANJING).slice(0, 4)}00`;
      const main = unit ?? UNITS[city as keyof typeof UNITS][0];
      const steps: [string, () => Promise<unknown>][] = [
        ['pending-dispatch', () => test.act(test.person('agent', city), filed.id, 'accept', {})],
        ['dispatched', () => test.act(test.person('dispatcher', city), filed.id, 'dispatch', { unit: main })],
        ['handling', () => test.act(test.person('handler', main), filed.id, 'sign', {})],
        ['contacted', () => test.act(test.person('handler', main), filed.id, 'contact', { mode: 'phone', note: '已电话联系诉求人' })],
        ['replied', () => test.act(test.person('handler', main), filed.id, 'reply', REPLY)],
        ['pending-follow-up', () => test.act(test.person('reviewer', city), filed.id, 'pass', {})],
        ['closed', () => test.act(test.person('follow-up', city), filed.id, 'conclude', { mode: '01', satisfaction: 5, solved: '1' })],
      ];
      const upTo = steps.findIndex(([name]) => name === state);
      for (const [, take] of steps.slice(0, upTo + 1)) await take();
      return filed;
    },
    async machine(system) {
      const { key, secret } = await app.identity.createApiKey(actorOf(test.person('system-admin')), { name: `接口 ${system}`, system });
      return { key: secret, id: key.id };
    },
    forgetRemembered,
    async close() {
      await app.close();
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return test;
}

/** A file as a form of a browser sends it. */
export function fileForm(name: string, bytes: Buffer | string): CallOptions {
  const head = `--cut\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`;
  const raw = Buffer.concat([Buffer.from(head), Buffer.from(bytes), Buffer.from('\r\n--cut--\r\n')]);
  return { raw, headers: { 'content-type': 'multipart/form-data; boundary=cut' } };
}

/** A problem document, after checking that it is one. */
export function problemIn(answer: Answer): Problem {
  const type = String(answer.headers['content-type'] ?? '');
  const problem = answer.body as Problem | undefined;
  if (
    !type.startsWith('application/problem+json') ||
    !problem?.code ||
    !problem.incidentId ||
    !problem.title ||
    problem.status !== answer.status
  ) {
    throw new Error(`Not a problem document: ${answer.status} ${type} ${answer.text.slice(0, 300)}`);
  }
  return problem;
}

/** The fields a problem names, as `path: code`. */
export function faultsIn(answer: Answer): string[] {
  return (problemIn(answer).fields ?? []).map((field) => `${field.path}: ${field.code}`);
}

const realNow = performance.now.bind(performance);
let skippedMs = 0;

function forgetRemembered(): void {
  skippedMs += 10_000;
  performance.now = () => realNow() + skippedMs;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Somebody of every role at every place the role may be held at: two cities, two units in each, the province, operations. */
function everybody(): Person[] {
  const cities = [NANJING, SUZHOU] as const;
  return (Object.keys(roles) as Role[]).flatMap((role) => {
    const facts: RoleFacts = roles[role];
    return facts.scopes.flatMap((scope): Person[] => {
      if (scope === 'city') return cities.map((city) => one(role, 'city', city, null));
      if (scope === 'unit')
        return [...cities.flatMap((city) => [...UNITS[city]]), COUNTY_UNIT].map((unit) => one(role, 'unit', null, unit));
      if (scope === 'province' || scope === 'operations') return [one(role, scope, null, null)];
      // Machines have keys and citizens have numbers: neither has an account.
      return [];
    });
  });
}

function one(role: Role, scope: Person['scope'], region: string | null, unitCode: string | null): Person {
  const login = `${role}.${unitCode ?? region ?? scope}`;
  return {
    id: idFor(Date.parse('2026-01-01T00:00:00Z'), createHash('sha256').update(login).digest()),
    login,
    name: `${roles[role].name.zh}${unitCode ?? region ?? ''}`,
    roles: [role],
    scope,
    region,
    unitCode,
    mustChangePassword: false,
  };
}

function actorOf(person: Person): Actor {
  const range = codeRange(person.unitCode ?? (person.region ?? '').replace(/00$/, ''));
  return {
    accountId: person.id,
    name: person.name,
    login: person.login,
    roles: person.roles,
    permissions: permissionsOf(person.roles),
    scopeKind: person.scope,
    scope:
      person.scope === 'unit'
        ? { role: 'unit', unitLo: range.lo, unitHi: range.hi }
        : person.scope === 'city'
          ? { role: 'city', regionLo: range.lo, regionHi: range.hi }
          : { role: person.scope },
    region: person.region,
    unitCode: person.unitCode,
    sourceSystem: null,
    ip: null,
  };
}
