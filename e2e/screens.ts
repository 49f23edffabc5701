// Every page at 1440 and 390 pixels as a picture in screens/, with what axe finds on it.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { photo } from '#server/platform/files/inspect/inspect.testing.ts';
import { ROOT } from '#server/platform/maintenance.ts';
import { DEMO_PASSWORD } from '#server/demo/people.ts';
import { openStage, PHONE, WIDE } from './support/stage.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const wanted = process.argv[2];

/** What to look at, and as whom; `null` is a citizen. */
interface Shown {
  readonly name: string;
  readonly login: string | null;
  readonly path: string | ((page: Page, address: string) => Promise<string>);
  /** What has to stand on the page before it is looked at. */
  readonly awaits?: string;
  /** The action whose form is opened. */
  readonly opens?: string;
  /** What the visitor's device remembers. */
  readonly remembers?: Readonly<Record<string, string>>;
}
const PORTAL: readonly Shown[] = [
  { name: 'portal-home', login: null, path: '/' },
  { name: 'portal-file', login: null, path: '/file' },
  { name: 'portal-filed', login: null, path: withPhoto('/filed') },
  { name: 'portal-progress', login: null, path: '/progress' },
  { name: 'portal-status', login: null, path: withPhoto('/progress'), awaits: '.added' },
];
const PAGES: readonly Shown[] = [
  ...PORTAL,
  ...PORTAL.map((page) => ({ ...page, name: `${page.name}-large`, remembers: { 'minsheng.portal.large': '1' } })),
  ...PORTAL.map((page) => ({
    ...page,
    name: `${page.name}-english`,
    remembers: { 'minsheng.portal.large': '1', 'minsheng.language': 'en' },
  })),
  { name: 'console-order-attachments', login: 'agent.nanjing', path: withPhoto('/console/orders/'), awaits: '.supplement' },
  { name: 'console-login', login: null, path: '/console/login' },
  { name: 'console-home-agent', login: 'agent.nanjing', path: '/console/' },
  { name: 'console-home-leader', login: 'province.leader', path: '/console/' },
  { name: 'console-home-handler', login: 'handler.320106.016', path: '/console/' },
  { name: 'console-desk', login: 'agent.nanjing', path: '/console/desk' },
  { name: 'console-orders', login: 'province.leader', path: '/console/orders' },
  { name: 'console-dispatch-desk', login: 'province.dispatcher', path: '/console/dispatch' },
  { name: 'console-handling-desk', login: 'handler.320106.016', path: '/console/handling' },
  { name: 'console-check-desk', login: 'reviewer.nanjing', path: '/console/check' },
  { name: 'console-follow-up-desk', login: 'followup.nanjing', path: '/console/follow-up' },
  { name: 'console-approvals', login: 'reviewer.nanjing', path: '/console/approvals' },
  { name: 'console-approvals-dispatcher', login: 'province.dispatcher', path: '/console/approvals' },
  { name: 'console-oversight', login: 'province.leader', path: '/console/oversight' },
  { name: 'console-unit-desk', login: 'unitlead.320106.016', path: '/console/unit-desk' },
  { name: 'console-duty', login: 'province.leader', path: '/console/duty' },
  { name: 'console-duty-city', login: 'supervisor.nanjing', path: '/console/duty' },
  { name: 'console-due', login: 'dispatcher.nanjing', path: '/console/due' },
  { name: 'console-due-week', login: 'dispatcher.nanjing', path: '/console/due?by=week' },
  { name: 'console-order-return', login: 'province.dispatcher', path: firstOrder('return-pending') },
  { name: 'console-probes-empty', login: 'operator', path: '/console/probes', awaits: '.ms-empty' },
  { name: 'console-alerts', login: 'operations.manager', path: alerted('/console/alerts'), awaits: '.ms-table' },
  { name: 'console-alerts-past', login: 'operator', path: '/console/alerts?show=past' },
  { name: 'console-alert-rules', login: 'operations.manager', path: '/console/alert-rules' },
  { name: 'console-alert-silences', login: 'operator', path: silenced },
  { name: 'console-alert-routes', login: 'operations.manager', path: alerted('/console/alert-routes') },
  { name: 'console-alert-noise', login: 'operator', path: '/console/alert-noise' },
  { name: 'console-probes', login: 'operations.manager', path: alerted('/console/probes'), awaits: '.ms-table' },
  { name: 'console-probe', login: 'operator', path: firstProbe, awaits: '.chart' },
  { name: 'console-duty-roster-week', login: 'operations.manager', path: '/console/duty-roster' },
  { name: 'console-duty-roster-empty', login: 'operator', path: unrostered },
  { name: 'console-duty-roster', login: 'operations.manager', path: rostered },
  { name: 'console-duty-roster-own', login: 'operator', path: rostered },
  { name: 'console-charts-empty', login: 'operator', path: '/console/charts' },
  { name: 'console-charts', login: 'operator', path: charted, awaits: '.chart svg' },
  { name: 'console-diagnosis', login: 'operator', path: '/console/diagnosis', awaits: '.ms-table' },
  { name: 'console-diagnosis-plan', login: 'operator', path: firstPlan, awaits: '.diagnosis__branch' },
  { name: 'console-diagnosis-locks-empty', login: 'operator', path: '/console/diagnosis?tab=locks', awaits: '.ms-empty' },
  { name: 'console-diagnosis-locks', login: 'operator', path: locked, awaits: '.diagnosis__branch' },
  { name: 'console-diagnosis-profiles-empty', login: 'operator', path: '/console/diagnosis?tab=profiles', awaits: '.ms-empty' },
  { name: 'console-diagnosis-profile', login: 'operator', path: profiled, awaits: '.flame' },
  {
    name: 'console-diagnosis-messages-empty',
    login: 'operator',
    path: '/console/diagnosis?tab=messages&outcome=sent',
    awaits: '.ms-empty',
  },
  {
    name: 'console-diagnosis-messages',
    login: 'operations.manager',
    path: alerted('/console/diagnosis?tab=messages'),
    awaits: '.ms-table',
  },
  { name: 'console-faults', login: 'operator', path: '/console/faults' },
  { name: 'console-fault', login: 'operator', path: firstRecord('fault', 'false') },
  { name: 'console-problem', login: 'operations.manager', path: firstRecord('problem', 'true') },
  { name: 'console-problems', login: 'operator', path: '/console/problems' },
  { name: 'console-problem-board', login: 'operations.manager', path: '/console/problem-board', awaits: '.board__card' },
  { name: 'console-problem-board-none', login: 'operator', path: '/console/problem-board?level=1', awaits: '.board' },
  {
    name: 'console-problem-board-review',
    login: 'operations.manager',
    path: '/console/problem-board?tab=review',
    awaits: '.review .action',
  },
  { name: 'console-problem-board-plan', login: 'operator', path: '/console/problem-board?tab=plan', awaits: '.plan' },
  { name: 'console-problem-board-weeks', login: 'operator', path: '/console/problem-board?tab=plan&by=weeks', awaits: '.plan' },
  { name: 'console-responsibilities-empty', login: 'operator', path: '/console/responsibilities', awaits: '.ms-empty' },
  { name: 'console-responsibilities', login: 'operations.manager', path: answered, awaits: '.ms-table' },
  { name: 'console-problem-board-analysis', login: 'operator', path: '/console/problem-board?tab=analysis', awaits: '.analysis' },
  { name: 'console-changes', login: 'operator', path: '/console/changes' },
  { name: 'console-software', login: 'operator', path: '/console/software', awaits: '.ms-table' },
  { name: 'console-vulnerabilities-empty', login: 'operator', path: '/console/vulnerabilities', awaits: '.ms-empty' },
  { name: 'console-vulnerabilities', login: 'operator', path: vulnerable('list'), awaits: '.ms-table' },
  { name: 'console-vulnerability', login: 'operator', path: vulnerable('record'), awaits: '.ms-table' },
  { name: 'console-assets', login: 'operator', path: '/console/assets', awaits: '.ms-table' },
  { name: 'console-asset', login: 'operator', path: '/console/assets/database', awaits: '.facts' },
  { name: 'console-topology', login: 'operator', path: failing('/console/topology'), awaits: '.page .panel' },
  { name: 'console-assets-fault', login: 'operator', path: failing('record'), awaits: '[data-testid="impact"]' },
  { name: 'console-capacity', login: 'operator', path: '/console/capacity', awaits: '.ms-table' },
  { name: 'console-my-records', login: 'agent.nanjing', path: '/console/my-records' },
  { name: 'console-password', login: 'agent.nanjing', path: '/console/password' },
  { name: 'console-order-to-follow-up', login: 'followup.nanjing', path: firstOrder('following-up') },
  { name: 'console-order-handling', login: 'province.dispatcher', path: firstOrder('handling') },
  { name: 'console-order-pending', login: 'province.dispatcher', path: firstOrder('pending-dispatch') },
  { name: 'console-order-archived', login: 'province.leader', path: firstOrder('archived') },
  { name: 'console-order-purge', login: 'admin.suzhou', path: firstOrder('archived'), opens: '清除个人信息' },
  { name: 'console-order-purge-asked', login: 'supervisor.suzhou', path: purging('asked'), awaits: '[data-testid="approval-purge"]' },
  { name: 'console-order-purged', login: 'admin.suzhou', path: purging('done'), awaits: '[data-testid="purge-receipt"]' },
  {
    name: 'console-order-sheet',
    login: 'province.leader',
    path: async (page, address) => `${await firstOrder('archived')(page, address)}/sheet`,
  },
  { name: 'console-imports', login: 'province.admin', path: '/console/imports' },
  { name: 'console-units', login: 'province.admin', path: '/console/units' },
  { name: 'console-categories', login: 'province.admin', path: '/console/categories' },
  { name: 'console-norms', login: 'province.admin', path: '/console/norms' },
  { name: 'console-norm-tried', login: 'province.leader', path: firstNorm('32', 'tried') },
  { name: 'console-norm-supplement', login: 'admin.suzhou', path: firstNorm('3205', 'approved') },
  { name: 'console-norm-draft', login: 'admin.suzhou', path: '/console/norms/draft/3205' },
  { name: 'console-norm-draft-province', login: 'province.admin', path: '/console/norms/draft/32' },
  { name: 'console-norm-boards', login: 'province.leader', path: '/console/norm-boards' },
  { name: 'console-catalogue', login: 'admin.suzhou', path: '/console/catalogue' },
  { name: 'console-catalogue-entry', login: 'admin.suzhou', path: firstObjected },
  { name: 'console-calendar', login: 'province.admin', path: '/console/calendar' },
  { name: 'console-accounts', login: 'system.admin', path: '/console/accounts' },
  { name: 'console-keys', login: 'system.admin', path: '/console/api-keys' },
  { name: 'console-audit', login: 'audit.admin', path: '/console/audit' },
  { name: 'console-promises', login: 'operator', path: '/console/promises' },
  { name: 'console-inspections', login: 'operator', path: '/console/inspections' },
  { name: 'console-inspection', login: 'operator', path: inspectionOf('') },
  { name: 'console-inspection-walk', login: 'operator', path: inspectionOf('/walk') },
  { name: 'console-database', login: 'operator', path: '/console/database', awaits: '.evidence' },
  { name: 'console-logs', login: 'operator', path: '/console/logs', awaits: '.logs__line' },
  { name: 'console-logs-empty', login: 'operator', path: '/console/logs?q=nowherestood' },
  { name: 'console-logs-error', login: 'operator', path: '/console/logs?q=level:loud', awaits: '.ms-problem' },
  { name: 'console-logs-request', login: 'operator', path: firstRequest, awaits: '.logs__line' },
  { name: 'console-logs-patterns', login: 'operator', path: '/console/log-patterns' },
  { name: 'console-logs-rising', login: 'operator', path: '/console/log-patterns?list=rising' },
  { name: 'console-audit-reports', login: 'audit.admin', path: '/console/audit-reports' },
  { name: 'console-audit-report', login: 'audit.admin', path: firstReport },
  { name: 'console-slos', login: 'operator', path: '/console/slos' },
  { name: 'console-monthly-reports', login: 'operator', path: '/console/monthly-reports' },
  { name: 'console-monthly-report', login: 'operations.manager', path: firstMonth },
  { name: 'console-monthly-report-province', login: 'province.admin', path: firstMonth },
  { name: 'console-monthly-records', login: 'operator', path: '/console/records?kind=fault&level=3&endedFrom=2020-01-01T00:00:00Z' },
  { name: 'console-monthly-records-none', login: 'operator', path: '/console/records?kind=change&class=emergency&state=rolled-back' },
  { name: 'console-monthly-inspections', login: 'operator', path: '/console/past-inspections' },
  { name: 'console-monthly-backups', login: 'operator', path: '/console/past-backups' },
  { name: 'console-monthly-readings', login: 'operator', path: '/console/readings?ids=1&from=2020-01-01T00:00:00Z' },
  { name: 'console-load', login: 'operator', path: '/console/load' },
  { name: 'console-backups-empty', login: 'operator', path: '/console/backups', awaits: '.ms-empty' },
  { name: 'console-backups', login: 'operator', path: drilled('/console/backups'), awaits: '.ms-table' },
  { name: 'console-backups-drill', login: 'operator', path: drilled('/console/backups/drills/'), awaits: '.ms-table' },
  { name: 'console-backups-failed-drill', login: 'operator', path: spoiltDrill, awaits: '.ms-tag--danger' },
  { name: 'console-backups-damaged', login: 'operator', path: '/console/backups', awaits: '.ms-problem' },
  { name: 'console-responses', login: 'operator', path: '/console/responses' },
  { name: 'console-responses-city', login: 'supervisor.nanjing', path: '/console/responses' },
];

/** Says who answers for two components. */
async function answered(page: Page, address: string): Promise<string> {
  const people = await page.request.get(`${address}/api/operations/people`);
  const { items } = (await people.json()) as { items: { id: string }[] };
  const [first, second] = items.map(({ id }) => `person:${id}`);
  for (const component of ['app:console', 'peer:sms']) {
    await page.request.put(`${address}/api/operations/responsibilities/${encodeURIComponent(component)}`, {
      data: {
        responsible: [first, 'role:operator'],
        accountable: second,
        consulted: ['role:system-admin'],
        informed: ['role:operations-manager'],
        version: 0,
      },
    });
  }
  return '/console/responsibilities';
}

async function firstRequest(page: Page, address: string): Promise<string> {
  const answer = await page.request.get(`${address}/api/operations/logs?q=module:http`);
  const { items } = (await answer.json()) as { items: { requestId: string }[] };
  return `/console/logs/requests/${items[0]!.requestId}`;
}

/** Watches a port where nothing listens and one that answers, tells the line of duty of it, and waits until it is an alert. */
function alerted(path: string) {
  return async (page: Page, address: string): Promise<string> => {
    const url = `${address}/api/operations`;
    const port = new URL(address).port;
    const watched = { kind: 'tcp', everySeconds: 15, timeoutMs: 1000 };
    const more = { key: 'sms-gateway', name: '短信网关', target: '127.0.0.1:9', component: 'peer:sms' };
    await page.request.post(`${url}/probes`, { data: { ...watched, ...more } });
    await page.request.post(`${url}/probes`, { data: { ...watched, key: 'portal', name: '诉求门户', target: `127.0.0.1:${port}` } });
    const { items } = (await (await page.request.get(`${url}/alert-routes`)).json()) as { items: object[] };
    const route = { name: '一线短信', levels: ['P1', 'P2'], matchers: [], channel: 'sms', target: 'line:1', groupSeconds: 0 };
    if (items.length < 2) await page.request.post(`${url}/alert-routes`, { data: route });
    for (;;) {
      const open = (await (await page.request.get(`${url}/alerts?open=true&rule=probe-failed`)).json()) as { items: object[] };
      if (open.items.length > 0) return path;
      await page.waitForTimeout(1000);
    }
  };
}

async function firstProbe(page: Page, address: string): Promise<string> {
  const { items } = (await (await page.request.get(`${address}/api/operations/probes`)).json()) as { items: { id: string }[] };
  return `/console/probes/${items[0]!.id}`;
}

/** Takes the roster of the demo away. */
async function unrostered(): Promise<string> {
  await stage.inDatabase('delete from operations.shift');
  return '/console/duty-roster';
}

/** Puts people on the lines of this week and hands one shift over. */
async function rostered(page: Page, address: string): Promise<string> {
  await unrostered();
  const url = `${address}/api/operations`;
  const { items } = (await (await page.request.get(`${url}/people`)).json()) as { items: { id: string; name: string; roles: string[] }[] };
  const of = (role: string) => items.find(({ roles }) => roles.includes(role))!.id;
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  const shift = (line: number, role: string, from: number, to: number, days: number) =>
    page.request.post(`${url}/shifts`, {
      data: {
        line,
        account: of(role),
        from: new Date(hour + from * 3_600_000).toISOString(),
        to: new Date(hour + to * 3_600_000).toISOString(),
        days,
      },
    });
  await shift(1, 'operator', -13, -1, 1);
  await shift(1, 'operations-manager', -1, 11, 3);
  await shift(1, 'operator', 11, 23, 3);
  await shift(2, 'operator', -4, 20, 4);
  await shift(3, 'operations-manager', -4, 100, 1);
  await page.request.put(`${url}/reach`, { data: { phone: '13900005678', mail: 'yunwei@minsheng.test' } });
  const board = (await (await page.request.get(`${url}/duty-board`)).json()) as { mine: { id: string; line: number }[] };
  const own = board.mine.find(({ line }) => line === 1);
  if (own) await page.request.post(`${url}/shifts/${own.id}/hand-over`, { data: { note: '短信网关丢包，已联系对方，十点回电' } });
  return '/console/duty-roster';
}

/** Connections by state and the longest transaction, beside last week. */
async function charted(page: Page, address: string): Promise<string> {
  const answer = await page.request.get(`${address}/api/operations/series?name=pg_stat_activity_sessions`);
  const { items } = (await answer.json()) as { items: { id: number }[] };
  return `/console/charts?span=1h&week=on&ids=${items
    .slice(0, 3)
    .map(({ id }) => id)
    .join(',')}`;
}

/** The plan of the platform's statement that costs most. */
async function firstPlan(page: Page, address: string): Promise<string> {
  const answer = await page.request.get(`${address}/api/operations/diagnosis/statements?q=work_order`);
  const { items } = (await answer.json()) as { items: { id: string; role: string }[] };
  const line = items.find(({ role }) => role.startsWith('minsheng_'))!;
  return `/console/diagnosis?query=${line.id}&role=${line.role}`;
}

const HOLDING = `begin; select id from orders.work_order where number = (select min(number) from orders.work_order) for update`;

/** Three sessions, each behind the one before, and a fault they are looked at for. */
async function locked(page: Page, address: string): Promise<string> {
  const url = `${address}/api/operations`;
  const waiting = async () => ((await (await page.request.get(`${url}/diagnosis/locks`)).json()) as { waiting: number }).waiting;
  if ((await waiting()) === 0) {
    await (await stage.session('report-tool')).query(HOLDING);
    for (const name of ['batch-a', 'batch-b']) void (await stage.session(name)).query(HOLDING).catch(() => undefined);
    while ((await waiting()) < 2) await page.waitForTimeout(200);
  }
  const body = { title: '派单长时间没有反应', body: '上午十点起派单一直转圈', level: 3, source: 'phone', component: 'database' };
  const fault = (await (await page.request.post(`${url}/faults`, { data: body })).json()) as { id: string };
  return `/console/diagnosis?tab=locks&fault=${fault.id}`;
}

/** A profile of the node that answers, while it answers. */
async function profiled(page: Page, address: string): Promise<string> {
  const url = `${address}/api/operations/diagnosis/profiles`;
  const board = async () => (await (await page.request.get(url)).json()) as { nodes: string[]; items: { id: string; state: string }[] };
  const known = (await board()).items.find(({ state }) => state === 'done');
  if (known) return `/console/diagnosis?tab=profiles&profile=${known.id}`;
  // A node of an earlier start is listed until it has been silent for a while.
  let { nodes } = await board();
  for (; nodes.length !== 1; { nodes } = await board()) await page.waitForTimeout(1000);
  const { id } = (await (await page.request.post(url, { data: { node: nodes[0]!, kind: 'cpu', seconds: 3 } })).json()) as { id: string };
  while ((await board()).items.find((one) => one.id === id)!.state !== 'done')
    await page.request.get(`${address}/api/operations/logs?q=level>=info`);
  return `/console/diagnosis?tab=profiles&profile=${id}`;
}

/** A silence in force and a maintenance window that is planned. */
async function silenced(page: Page, address: string): Promise<string> {
  const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const url = `${address}/api/operations/silences`;
  const { items } = (await (await page.request.get(url)).json()) as { items: object[] };
  const window = { kind: 'maintenance', from: later(20), to: later(24), reason: '核心交换机割接，期间外部接口中断' };
  if (items.length === 0) {
    const match = (label: string, op: string, value: string) => ({ matchers: [{ label, op, value }] });
    await page.request.post(url, { data: { ...window, ...match('component', '=~', 'peer:.*') } });
    await page.request.post(url, { data: { kind: 'silence', to: later(2), reason: '磁盘扩容已排期', ...match('rule', '=', 'host-disk') } });
  }
  return '/console/silences';
}

async function firstMonth(page: Page, address: string): Promise<string> {
  const answer = await page.request.get(`${address}/api/operations/monthly-reports`);
  const { items } = (await answer.json()) as { items: { id: string }[] };
  return `/console/monthly-reports/${items[0]!.id}`;
}

async function firstReport(page: Page, address: string): Promise<string> {
  const answer = await page.request.get(`${address}/api/operations/audit-reports`);
  const { items } = (await answer.json()) as { items: { id: string }[] };
  return `/console/audit-reports/${items[0]!.id}`;
}

/** Files an appeal with a photograph and goes to a page of it. */
function withPhoto(path: '/filed' | '/progress' | '/console/orders/') {
  return async (page: Page, address: string): Promise<string> => {
    const tickets = await Promise.all(
      ['IMG_20261123_211500.jpg', '微信图片_20261123211722_夜间占道经营_油烟直排.jpg'].map(async (name, at) => {
        const buffer = await photo({ width: 1600, height: 1200, shade: ['#7a9cc6', '#8a6d3b'][at]! });
        const answer = await page.request.post(`${address}/api/portal/uploads`, {
          multipart: { file: { name, mimeType: 'image/jpeg', buffer } },
        });
        return ((await answer.json()) as { ticket: string }).ticket;
      }),
    );
    const content = '小区门口的烧烤店每天晚上在人行道上摆摊，油烟直接吹进二楼住户家里，照片是昨晚拍的，希望尽快处理。';
    const said = { type: '02', region: '320102', content, anonymous: true, attachments: tickets };
    const filed = (await (await page.request.post(`${address}/api/portal/appeals`, { data: said })).json()) as {
      id: string;
      number: string;
      queryCode: string;
    };
    const key = { number: filed.number, code: filed.queryCode };
    const more = { ...key, content: '今晚又来了，换了一个位置，在公交站后面，离住户更近，请晚上九点以后来看。' };
    await page.request.post(`${address}/api/portal/supplements`, { data: more });
    await page.addInitScript(
      ([access, slip]) => {
        sessionStorage.setItem('minsheng.portal.progress', access!);
        sessionStorage.setItem('minsheng.portal.filed', slip!);
      },
      [JSON.stringify(key), JSON.stringify({ ...filed, state: 'filed' })],
    );
    return path === '/console/orders/' ? path + filed.id : path;
  };
}

/** The newest record of a kind, open or ended. */
function firstRecord(kind: string, open: 'true' | 'false') {
  return async (page: Page, address: string) => {
    const answer = await page.request.get(`${address}/api/operations/records?kind=${kind}&open=${open}&limit=1`);
    const { items } = (await answer.json()) as { items: { id: string }[] };
    return `/console/records/${items[0]!.id}`;
  };
}

/** Backs up and drills a restore twice, and goes to the page or to the second drill. */
function drilled(path: '/console/backups' | '/console/backups/drills/') {
  return async (page: Page, address: string): Promise<string> => {
    const url = `${address}/api/operations`;
    const board = async () =>
      (await (await page.request.get(`${url}/backups`)).json()) as {
        backups: { state: string }[];
        drills: { id: string; state: string }[];
      };
    const settle = async () => {
      for (;;) {
        const { backups, drills } = await board();
        if (![...backups, ...drills].some(({ state }) => state === 'waiting' || state === 'running')) return drills;
        await page.waitForTimeout(500);
      }
    };
    if ((await board()).backups.length === 0) {
      await page.request.post(`${url}/backups`);
      await settle();
    }
    for (let drills = await settle(); drills.length < 2; drills = await settle())
      await page.request.post(`${url}/restore-drills`, { data: { target: new Date(Date.now() - 500).toISOString() } });
    return path === '/console/backups' ? path : path + (await board()).drills[0]!.id;
  };
}

/** Loses a pack of the first site, drills a restore that cannot succeed, and has the backup read again. */
async function spoiltDrill(page: Page, address: string): Promise<string> {
  const url = `${address}/api/operations`;
  interface Board {
    sites: { place: string }[];
    backups: { id: string; state: string; faults: unknown[] }[];
    drills: { id: string; state: string }[];
  }
  const board = async () => (await (await page.request.get(`${url}/backups`)).json()) as Board;
  const { sites, backups, drills } = await board();
  const backup = backups.find(({ state }) => state === 'good')!;
  if (drills[0]!.state !== 'failed') {
    rmSync(join(sites[0]!.place, 'base', backup.id, '000001'));
    await page.request.post(`${url}/restore-drills`, { data: { target: new Date(Date.now() - 500).toISOString() } });
    while ((await board()).drills[0]!.state !== 'failed') await page.waitForTimeout(500);
    await page.request.post(`${url}/backups/${backup.id}/verify`);
    while ((await board()).backups.every(({ faults }) => faults.length === 0)) await page.waitForTimeout(500);
  }
  return `/console/backups/drills/${(await board()).drills[0]!.id}`;
}

/** The database has a grave fault. */
function failing(to: string) {
  return async (page: Page, address: string): Promise<string> => {
    const url = `${address}/api/operations`;
    const asked = await page.request.get(`${url}/records?kind=fault&open=true&component=database`);
    let [fault] = ((await asked.json()) as { items: { id: string }[] }).items;
    if (!fault) {
      const opened = await page.request.post(`${url}/faults`, {
        data: { title: '数据库连接缓慢', body: '打开工单列表要十秒以上', level: 2, source: 'phone', component: 'database' },
      });
      fault = (await opened.json()) as { id: string };
    }
    // Nodes are found within a minute of the start.
    for (let tries = 0; tries < 80; tries++) {
      const topology = (await (await page.request.get(`${url}/topology`)).json()) as { nodes: { kind: string }[] };
      if (topology.nodes.some(({ kind }) => kind === 'node')) break;
      await page.waitForTimeout(1000);
    }
    return to === 'record' ? `/console/records/${fault.id}` : to;
  };
}

/** A component with two known vulnerabilities, on two hosts. */
function vulnerable(to: 'list' | 'record') {
  return async (page: Page, address: string): Promise<string> => {
    const url = `${address}/api/operations`;
    const send = (path: string, document: object) =>
      page.request.post(`${url}/${path}`, {
        multipart: { file: { name: 'sample.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(document)) } },
      });
    const components = [{ type: 'library', name: 'left-shift', purl: 'pkg:npm/left-shift@1.2.0', licenses: [{ license: { id: 'MIT' } }] }];
    for (const asset of ['host:gateway-1', 'host:gateway-2'])
      await send(`software/inventories?asset=${asset}`, { bomFormat: 'CycloneDX', specVersion: '1.5', components });
    const advisory = (id: string, summary: string, severity: string) => ({
      id,
      summary,
      database_specific: { severity },
      affected: [
        {
          package: { ecosystem: 'npm', name: 'left-shift' },
          ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.2.9' }] }],
        },
      ],
    });
    await send('advisories', [
      advisory('CVE-2026-90001', 'left-shift reads beyond the end of its input when it is longer than the buffer', 'CRITICAL'),
      advisory('CVE-2026-90002', 'left-shift takes exponential time on nested input', 'MODERATE'),
    ]);
    return to === 'list' ? '/console/vulnerabilities' : firstRecord('vulnerability', 'true')(page, address);
  };
}

/** An order of Suzhou whose citizen asked to be forgotten: it waits for a second person, or is purged by his word. */
function purging(until: 'asked' | 'done') {
  return async (_page: Page, address: string): Promise<string> => {
    const cookieOf = async (login: string) => {
      const answer = await fetch(`${address}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login, password: DEMO_PASSWORD }),
      });
      return { 'content-type': 'application/json', cookie: answer.headers.get('set-cookie')!.split(';')[0]! };
    };
    const headers = await cookieOf('province.admin');
    const list = await fetch(`${address}/api/orders?limit=1&state=archived&region=3205`, { headers });
    const [order] = ((await list.json()) as { items: { id: string; version: number }[] }).items;
    const input = {
      ground: 'citizen-request',
      request: '来函 2026-0117',
      basis: '个人信息保护法第四十七条第一款第三项',
      reason: '诉求人书面撤回同意并申请删除',
    };
    await fetch(`${address}/api/orders/${order!.id}/purge`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ version: order!.version, input }),
    });
    const page = await fetch(`${address}/api/orders/${order!.id}`, { headers });
    const { approvals } = (await page.json()) as { approvals: { id: string; action: string; state: string }[] };
    const open = approvals.find(({ action, state }) => action === 'purge' && state === 'open');
    if (until === 'done' && open)
      await fetch(`${address}/api/approvals/${open.id}/decide`, {
        method: 'POST',
        headers: await cookieOf('supervisor.suzhou'),
        body: JSON.stringify({ verdict: 'approve', opinion: '材料齐全，同意' }),
      });
    return `/console/orders/${order!.id}`;
  };
}

function firstOrder(state: string) {
  return async (page: Page, address: string): Promise<string> => {
    const answer = await page.request.get(`${address}/api/orders?limit=1&state=${state}`);
    const { items } = (await answer.json()) as { items: { id: string }[] };
    return `/console/orders/${items[0]?.id ?? ''}`;
  };
}

/** A daily inspection that waits for a person. */
function inspectionOf(part: '' | '/walk') {
  return async (page: Page, address: string): Promise<string> => {
    await page.request.post(`${address}/api/operations/inspections`, { data: { template: 'daily' } });
    const answer = await page.request.get(`${address}/api/operations/inspections?template=daily&limit=1`);
    const { items } = (await answer.json()) as { items: { id: string }[] };
    return `/console/inspections/${items[0]?.id ?? ''}${part}`;
  };
}

function firstNorm(region: string, state: string) {
  return async (page: Page, address: string): Promise<string> => {
    const answer = await page.request.get(`${address}/api/reference/norms?region=${region}&limit=100`);
    const { items } = (await answer.json()) as { items: { id: string; state: string }[] };
    return `/console/norms/${items.find((norm) => norm.state === state)?.id ?? ''}`;
  };
}

/** An entry that units object to; where there is none, the first one. */
async function firstObjected(page: Page, address: string): Promise<string> {
  for (const query of ['only=objected', 'limit=1']) {
    const answer = await page.request.get(`${address}/api/reference/catalogue?${query}`);
    const { items } = (await answer.json()) as { items: { id: string }[] };
    if (items[0]) return `/console/catalogue/${items[0].id}`;
  }
  return '/console/catalogue';
}

interface AxeFinding {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: string[]; html: string }[];
}

const folder = join(ROOT, 'screens');
mkdirSync(folder, { recursive: true });
const stage = await openStage();
const grave: string[] = [];
let pictures = 0;
try {
  for (const { name, login, path, awaits, opens, remembers = {} } of PAGES) {
    if (wanted && !name.includes(wanted)) continue;
    for (const viewport of [WIDE, PHONE]) {
      const page = login ? await stage.person(login, viewport) : await stage.visitor(viewport);
      const to = typeof path === 'string' ? path : await path(page, stage.address);
      await page.addInitScript((kept) => {
        for (const [key, value] of Object.entries(kept)) localStorage.setItem(key, value);
      }, remembers);
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(stage.address + to, { waitUntil: 'networkidle' });
      if (awaits) await page.locator(awaits).first().waitFor();
      if (opens) await page.getByRole('group', { name: '办理' }).getByRole('button', { name: opens }).click();
      // What still loads is no picture of the page.
      await page
        .waitForFunction(() => document.querySelector('h1') !== null && !document.querySelector('.ant-skeleton, [aria-busy="true"]'))
        .catch(() => grave.push(`${name} at ${viewport.width}: still loading`));
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(folder, `${name}-${viewport.width}.png`), fullPage: viewport.width < 500 });
      pictures++;
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 1) grave.push(`${name} at ${viewport.width}: ${wide} px wider than the window`);
      for (const fault of faults) grave.push(`${name} at ${viewport.width}: ${fault}`);
      await page.evaluate(AXE);
      const found = (await page.evaluate(
        'axe.run(document, { resultTypes: ["violations"] }).then((result) => result.violations)',
      )) as AxeFinding[];
      for (const finding of found) {
        if (finding.impact === 'serious' || finding.impact === 'critical') {
          grave.push(
            `${name} at ${viewport.width}: ${finding.impact} ${finding.id} (${finding.help}): ${finding.nodes
              .slice(0, 2)
              .map((node) => node.html.slice(0, 160))
              .join(' | ')}`,
          );
        }
      }
      await page.context().close();
    }
    console.log(`${name}: done`);
  }
} finally {
  await stage.close();
}
for (const line of grave) console.log(line);
console.log(JSON.stringify({ name: 'screens', figures: { pictures, grave: grave.length }, limits: { grave: 0 }, ratios: {} }));
if (grave.length > 0) process.exitCode = 1;
