import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '#server/platform/db/db.ts';
import { readToEnd } from '../../../../test/read-to-end.ts';
import { startReceivers, type Receivers } from '../../../../test/start-receivers.ts';
import { openTestApp, type TestApp } from '../../../../test/test-app.ts';
import { createPager } from '../notify/notify.pages.ts';
import { createSender } from '../notify/notify.sender.ts';
import { createNotifier } from '../notify/notify.service.ts';

let at: TestApp;
let receivers: Receivers;

beforeAll(async () => {
  at = await openTestApp();
  // No node samples itself here, and nobody is to be paged for that.
  await at.db.owner(`update operations.alert_rule set enabled = false where key = 'node-silent'`);
  receivers = await startReceivers();
}, 60_000);
afterAll(async () => {
  receivers?.stop();
  await at?.close();
});

const STEP = 15_000;
const manager = () => at.person('operations-manager');
const operator = () => at.person('operator');
const call = async (person: ReturnType<typeof operator>, method: string, path: string, body?: object) => {
  const answer = await at.call(person, method, `/api/operations/${path}`, body ? { body } : {});
  expect(answer.status, `${path}: ${answer.text}`).toBeLessThan(300);
  return answer.body as { id: string; items: Record<string, unknown>[]; nextCursor?: string };
};
const alerts = async (filter = '') => (await call(operator(), 'GET', `alerts${filter}`)).items as unknown as Alert[];
interface Alert {
  id: string;
  rule: string;
  hushed: string | null;
  endedAt: string | null;
  record: { id: string; number: string } | null;
  acknowledgedBy: string | null;
  component: string | null;
}

const judged = (id: string) =>
  at.call(operator(), 'POST', `/api/operations/alerts/${id}/verdict`, { body: { verdict: 'noise', reason: '割接已报备' } });

/** One step of the grid: the probes are tried, what they told is judged, who is to be told is told. */
async function step(): Promise<void> {
  at.clock.set(Math.floor(at.clock.nowMs() / STEP) * STEP + STEP + 4000);
  await at.app.operations.prober.sample();
  at.clock.advance(0);
  await at.app.operations.judge.turn();
  await createNotifier({ db: at.app.db, clock: at.clock, origin: 'http://console.test' }).turn();
  await readToEnd(at.app.db, createPager('http://console.test'));
}

function listen(port = 0): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.end());
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
const stop = (server: Server) => new Promise<void>((resolve) => void server.close(() => resolve()));

describe('a watched dependency that stops', () => {
  it('is an alert in the next interval, a fault with its page, told once; acknowledged it is responded to; back again it ends', async () => {
    const server = await listen();
    const { port } = server.address() as { port: number };
    const gateway = {
      smsGateway: `http://127.0.0.1:${receivers.web}/sendsms?user=a`,
      smtpUrl: `smtp://127.0.0.1:${receivers.mail}`,
      mailFrom: 'ops@minsheng.test',
    };
    const sender = createSender({ db: at.app.db, clock: at.clock, gateways: gateway });
    await call(manager(), 'POST', 'probes', {
      key: 'sms-gateway',
      name: '短信网关',
      kind: 'tcp',
      target: `127.0.0.1:${port}`,
      everySeconds: 15,
      timeoutMs: 500,
      component: 'peer:sms',
    });
    await call(manager(), 'POST', 'alert-routes', {
      name: '值班群',
      levels: ['P1', 'P2'],
      matchers: [],
      channel: 'webhook',
      target: `http://127.0.0.1:${receivers.web}/hook`,
      groupSeconds: 0,
    });
    const duty = {
      line: 1,
      account_id: operator().id,
      name: operator().name,
      from_at: new Date(at.clock.nowMs() - 1000),
      to_at: new Date(at.clock.nowMs() + 8 * 3_600_000),
      made_by: manager().name,
    };
    await at.app.db.transact(SYSTEM, async (tx) => {
      await tx
        .insertInto('operations.shift')
        .values({ id: operator().id, ...duty })
        .execute();
      await tx
        .insertInto('operations.reach')
        .values({ account_id: operator().id, name: operator().name, phone: '13900001234', mail: 'yunwei@minsheng.test' })
        .execute();
    });
    await step();
    await step();
    expect(await alerts()).toEqual([]);

    await stop(server);
    await step();
    const [alert] = await alerts();
    expect(alert).toMatchObject({ rule: 'probe-failed', component: 'peer:sms', hushed: null, endedAt: null });
    const fault = await at.call(operator(), 'GET', `/api/operations/records/${alert!.record!.id}`);
    expect(fault.body).toMatchObject({ kind: 'fault', state: 'reported', level: 2, title: '拨测失败：peer:sms' });
    // It stays one alert, one fault, one page, one message, however often it is found again.
    for (let i = 0; i < 4; i++) await step();
    expect(await alerts()).toHaveLength(1);
    while ((await sender.turn()) > 0);
    await expect
      .poll(() => receivers.received.map(({ got }) => got ?? '').toSorted((a, b) => a.localeCompare(b)))
      .toEqual(['http', 'http', 'mail']);
    const sms = receivers.received.find(({ url }) => url?.startsWith('/sendsms'))!;
    expect(new URL(sms.url!, 'http://x').searchParams.get('to')).toBe('13900001234');
    expect(new URL(sms.url!, 'http://x').searchParams.get('text')).toContain(alert!.record!.number);
    const hook = JSON.parse(receivers.received.find(({ url }) => url === '/hook')!.body!) as {
      version: string;
      status: string;
      alerts: { labels: object }[];
    };
    expect(hook).toMatchObject({
      version: '4',
      status: 'firing',
      alerts: [{ labels: { alertname: 'probe-failed', probe: 'sms-gateway' } }],
    });
    expect(receivers.received.find(({ got }) => got === 'mail')!.to).toEqual(['yunwei@minsheng.test']);

    await call(operator(), 'POST', `alerts/${alert!.id}/acknowledge`);
    expect((await at.call(operator(), 'GET', `/api/operations/records/${alert!.record!.id}`)).body).toMatchObject({
      state: 'responding',
      owner: operator().name,
    });

    const again = await listen(port);
    for (let i = 0; i < 3; i++) await step();
    const [over] = await alerts();
    expect(over!.endedAt).not.toBeNull();
    while ((await sender.turn()) > 0);
    await expect
      .poll(() =>
        receivers.received.filter(({ url }) => url === '/hook').map(({ body }) => (JSON.parse(body!) as { status: string }).status),
      )
      .toEqual(['firing', 'resolved']);
    expect((await at.call(operator(), 'GET', `/api/operations/records/${alert!.record!.id}`)).text).toContain('告警已自行恢复');
    await stop(again);
  });

  it('tells nobody within a maintenance window, and opens its fault when that ends', async () => {
    await call(operator(), 'POST', 'silences', {
      kind: 'maintenance',
      matchers: [{ label: 'component', op: '=', value: 'peer:sms' }],
      to: new Date(at.clock.nowMs() + 120_000).toISOString(),
      reason: '网关割接',
    });
    expect((await call(operator(), 'GET', 'silences')).items).toMatchObject([{ reason: '网关割接', inForce: true }]);
    await step();
    const [alert] = await alerts('?open=true');
    expect(alert).toMatchObject({ hushed: 'maintenance', hushedWhy: '网关割接', record: null });
    expect(await alerts('?open=true&component=sms')).toHaveLength(1);
    expect(await alerts('?open=true&component=mail')).toEqual([]);
    expect((await judged(alert!.id)).status, 'an open alert is not judged').toBe(409);
    for (let i = 0; i < 8; i++) await step();
    const [after] = await alerts('?open=true');
    expect(after).toMatchObject({ id: alert!.id, hushed: null, hushedWhy: null });
    expect(after!.record).not.toBeNull();
  });

  it('goes on after another node took over: what is open stays open, and is not told twice', async () => {
    const { createJudge } = await import('./alerts.judge.ts');
    const other = createJudge({
      db: at.app.db,
      clock: at.clock,
      records: at.app.operations.records,
    });
    at.clock.set(Math.floor(at.clock.nowMs() / STEP) * STEP + STEP + 4000);
    await at.app.operations.prober.sample();
    await other.turn();
    expect(await alerts('?open=true')).toHaveLength(1);
    await step();
    expect(await alerts('?open=true')).toHaveLength(1);
  });
});

describe('messages', () => {
  it('that a gateway does not take are tried again, and given up after eight tries with the reason', async () => {
    const sender = createSender({
      db: at.app.db,
      clock: at.clock,
      gateways: { smsGateway: `http://127.0.0.1:${receivers.web}/fails`, smtpUrl: '', mailFrom: '' },
    });
    await at.app.db.transact(SYSTEM, async (tx) => {
      const { addMessage } = await import('../notify/notify.store.ts');
      for (const channel of ['sms', 'mail'] as const)
        await addMessage(
          tx,
          { channel, target: '13900005678', receiver: '值班员', subject: '试发', body: '试发' },
          new Date(at.clock.nowMs()),
        );
    });
    for (let i = 0; i < 12; i++) {
      while ((await sender.turn()) > 0);
      at.clock.advance(660_000);
    }
    const { items } = await call(operator(), 'GET', 'messages');
    const tried = items.filter(({ subject }) => subject === '试发');
    expect(tried).toMatchObject([
      { channel: 'mail', tries: 1, failure: 'MINSHENG_SMTP_URL is not set', waiting: false, sentAt: null },
      { channel: 'sms', tries: 8, failure: 'HTTP 503 busy', waiting: false, sentAt: null },
    ]);
    // Nobody reads a telephone number out of the list.
    expect(JSON.stringify(items)).not.toContain('13900005678');
  });
});

describe('a route to a line of duty', () => {
  it('where nobody is on duty leaves a message that says so', async () => {
    const route = await call(manager(), 'POST', 'alert-routes', {
      name: '二线短信',
      levels: ['P3'],
      matchers: [],
      channel: 'sms',
      target: 'line:2',
      groupSeconds: 0,
    });
    await at.app.db.transact(SYSTEM, (tx) =>
      at.app.operations.judge.opened(tx, {
        fingerprint: 'test/line-2',
        source: 'minsheng',
        rule: 'host-load',
        series: null,
        labels: {},
        level: 'P3',
        zh: '每核负载超过 1.5',
        en: 'The load of a core is above 1.5',
        advice: '',
        value: 2,
        at: new Date(at.clock.nowMs()),
      }),
    );
    await createNotifier({ db: at.app.db, clock: at.clock, origin: 'http://console.test' }).turn();
    const { items } = await call(operator(), 'GET', 'messages');
    expect(items.find(({ failure }) => failure === '二线无人值班')).toMatchObject({ channel: 'sms', waiting: false });
    const changed = {
      name: '二线邮件',
      levels: ['P3', 'P4'],
      matchers: [],
      channel: 'mail',
      target: 'line:2',
      groupSeconds: 60,
      enabled: false,
    };
    const put = (body: object) => at.call(manager(), 'PUT', `/api/operations/alert-routes/${route.id}`, { body });
    expect((await put({ ...changed, target: 'https://nowhere.test/' })).text).toContain('operations.bad-target');
    expect((await put(changed)).status).toBe(200);
    const routes = await call(operator(), 'GET', 'alert-routes');
    expect(routes.items.find(({ id }) => id === route.id)).toMatchObject(changed);
    await call(manager(), 'DELETE', `alert-routes/${route.id}`);
  });
});

describe('the review of a month', () => {
  it('counts what flaps, repeats and ends by itself, over the turn of the year, and judges what is over with a reason', async () => {
    const insert = (no: number, openedAt: string, minutes: number, more = 'null, null') =>
      at.db.owner(
        `insert into operations.alert (id, fingerprint, source, rule, labels, level, zh, en, opened_at, ended_at, acknowledged_at, verdict)
         values ('00000000-0000-7000-8000-0000000000${no}', 'noisy/a', 'minsheng', 'noisy', '{}', 'P3', '噪声', 'Noise', '${openedAt}',
           '${openedAt}'::timestamptz + interval '${minutes} minutes', ${more})`,
      );
    // Beijing's December ends at 16:00 UTC.
    for (const [place, minute] of [0, 10, 20, 30, 40].entries()) await insert(10 + place, `2026-12-31T14:${minute || '00'}:00Z`, 2);
    await insert(20, '2026-12-31T16:30:00Z', 30, `'2026-12-31T16:31:00Z', 'useful'`);
    const of = async (month: string) =>
      (await call(operator(), 'GET', `alert-noise?month=${month}`)).items.find(({ rule }) => rule === 'noisy');
    expect(await of('2026-12')).toMatchObject({
      opened: 5,
      brief: 5,
      flapping: 1,
      repeated: 4,
      acknowledged: 0,
      advice: ['longer', 'back', 'cause', 'judge'],
    });
    expect(await of('2027-01')).toMatchObject({
      opened: 1,
      brief: 0,
      flapping: 0,
      repeated: 1,
      acknowledged: 1,
      useful: 1,
      minutes: 30,
      advice: [],
    });
    const id = '00000000-0000-7000-8000-000000000010';
    expect((await judged(id)).status).toBe(200);
    expect(await of('2026-12')).toMatchObject({ noise: 1, advice: ['disable', 'longer', 'back', 'cause'] });
    expect((await alerts('?rule=noisy')).find((alert) => alert.id === id)).toMatchObject({ verdict: 'noise', verdictNote: '割接已报备' });
  });
});

describe('rules', () => {
  it('are changed by whoever decides, from the version he saw, with patterns that can be read', async () => {
    const [rule] = (await call(manager(), 'GET', 'alert-rules')).items as unknown as { key: string; version: number }[];
    const {
      key,
      version,
      changedBy: _by,
      changedAt: _at,
      open: _open,
      lastOpenedAt: _last,
      toldWithinSeconds: _within,
      ...facts
    } = rule as unknown as Record<string, unknown> & { key: string; version: number };
    const put = (more: object) => at.call(manager(), 'PUT', `/api/operations/alert-rules/${key}`, { body: { ...facts, version, ...more } });
    expect((await put({ matchers: [{ label: 'probe', op: '=~', value: '(a+)+' }] })).text).toContain('operations.bad-pattern');
    expect((await put({ forSeconds: 30 })).status).toBe(200);
    expect((await put({ forSeconds: 60 })).status).toBe(409);
    expect(
      (await at.call(operator(), 'PUT', `/api/operations/alert-rules/${key}`, { body: { ...facts, version: version + 1 } })).status,
    ).toBe(403);
    const file = await at.call(operator(), 'GET', '/api/operations/alert-rules/prometheus');
    expect(file.text).toContain('"alert": "probe-failed"');
  });

  it('of another Alertmanager stand beside ours: opened, known again, ended', async () => {
    const machine = await at.machine('prometheus');
    const post = (status: string) =>
      at.call({ key: machine.key }, 'POST', '/api/operations/alertmanager', {
        body: {
          version: '4',
          alerts: [
            {
              status,
              fingerprint: 'abc123',
              labels: { alertname: 'SwitchDown', severity: 'warning', instance: 'sw1' },
              annotations: { summary: 'A switch is down' },
              startsAt: '2026-06-15T02:00:00Z',
              endsAt: '0001-01-01T00:00:00Z',
            },
          ],
        },
      });
    expect((await post('firing')).body).toEqual({ opened: 1, ended: 0 });
    expect((await post('firing')).body).toEqual({ opened: 0, ended: 0 });
    expect((await alerts('?open=true')).some(({ rule }) => rule === 'SwitchDown')).toBe(true);
    expect((await post('resolved')).body).toEqual({ opened: 0, ended: 1 });
  });
});
