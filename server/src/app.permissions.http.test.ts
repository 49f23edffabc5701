import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderLifecycle, type OrderAction, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { permissionsOf, roles, type Permission, type Role } from '#contracts/permissions.ts';
import { photo } from '#server/platform/files/inspect/inspect.testing.ts';
import {
  fileForm,
  NANJING,
  openTestApp,
  problemIn,
  REPLY,
  SPEECH,
  SUZHOU,
  UNITS,
  type Answer,
  type Caller,
  type TestApp,
} from '../test/test-app.ts';
import { operationsEndpoints } from '../test/operations-endpoints.ts';

const NO_SUCH = '019b0000-0000-7000-8000-000000000000';

/** What only one scope has: accounts and keys, and what the operations centre keeps. */
const ONE_SCOPE = ['account', 'api-key', 'log-search', 'audit-report', 'centre', 'inspection', 'finding', 'backup', 'drill'] as const;
type OneScope = (typeof ONE_SCOPE)[number];
const isOfOneScope = (kind: Kind): kind is OneScope => (ONE_SCOPE as readonly string[]).includes(kind);

/** What an endpoint takes by its id, or gives a list of. */
type Kind = 'order' | 'appeal' | 'import' | 'approval' | 'attachment' | 'norm' | 'entry' | 'view' | 'record' | OneScope;

interface Endpoint {
  readonly access: 'public' | 'session' | Permission;
  /** The object in its path: of another scope it answers 404. */
  readonly takes?: Kind;
  /** The rows it lists: none of another scope. */
  readonly lists?: Kind | 'notice' | 'audit';
  readonly query?: string;
  /** A body that is valid in form, so that a refusal is not about the form. */
  readonly body?: unknown;
}

const input = (action: OrderAction, given: unknown): Endpoint => ({
  access: orderLifecycle.actions[action].permission,
  takes: 'order',
  body: { version: 1, input: given },
});
const SUSPENSION = { cause: 'caller', days: 3, reason: '等待诉求人补充购房合同' } as const;
const said = { type: '02', region: NANJING, content: SPEECH, anonymous: true };

/** What a city might add to the province's norm, and to the catalogue. */
const SUPPLEMENT = {
  title: '补充规定',
  source: '测试',
  content: { limits: [], fields: [], categories: [], replies: [], phrases: [{ phrase: '已转属地办理', source: '测试' }] },
};
const ENTRY = { region: '3201', category: '0101', unit: '3201.003', role: 'main', legalSource: '测试', reason: '职责调整' };

const VIEW = { name: '本周到期', shared: true, search: { light: 'yellow' }, columns: ['number', 'title'] };

/** Every endpoint of the document, what it needs, and what it takes. The document and this table must name the same. */
const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'GET /api/reference/dictionary': { access: 'public' },
  'GET /api/reference/streets': { access: 'public', query: '?county=320102' },
  'GET /api/reference/units': { access: 'reference.read', query: '?q=教育' },
  'GET /api/reference/units/suggest': { access: 'reference.read', query: '?category=0101&region=320102' },
  'GET /api/reference/norms': { access: 'reference.read', lists: 'norm', query: '?limit=100' },
  'POST /api/reference/norms': { access: 'reference.draft-norms', body: { region: '3201', ...SUPPLEMENT } },
  'GET /api/reference/norms/{id}': { access: 'reference.read', takes: 'norm' },
  'GET /api/reference/norms/{id}/trial': { access: 'reference.read', takes: 'norm' },
  'POST /api/reference/norms/{id}/revise': { access: 'reference.draft-norms', takes: 'norm', body: { revision: 1, input: SUPPLEMENT } },
  'POST /api/reference/norms/{id}/try': { access: 'reference.draft-norms', takes: 'norm', body: { revision: 1, input: {} } },
  'POST /api/reference/norms/{id}/approve': {
    access: 'reference.approve-norms',
    takes: 'norm',
    body: { revision: 1, input: { effectiveFrom: '2027-01-01T00:00:00Z', opinion: '同意执行' } },
  },
  'POST /api/reference/norms/{id}/send-back': {
    access: 'reference.approve-norms',
    takes: 'norm',
    body: { revision: 1, input: { opinion: '请再核实' } },
  },
  'POST /api/reference/norms/{id}/withdraw': {
    access: 'reference.draft-norms',
    takes: 'norm',
    body: { revision: 1, input: { opinion: '不再需要' } },
  },
  'GET /api/reference/catalogue': { access: 'reference.read', lists: 'entry', query: '?limit=100&region=3201' },
  'GET /api/reference/catalogue-gaps': { access: 'reference.read' },
  'GET /api/reference/catalogue/{id}': { access: 'reference.read', takes: 'entry' },
  'POST /api/reference/catalogue': { access: 'reference.draft-catalogue', body: ENTRY },
  'POST /api/reference/catalogue/{id}/approve': {
    access: 'reference.approve-catalogue',
    takes: 'entry',
    body: { version: 1, input: { effectiveFrom: '2027-01-01T00:00:00Z', opinion: '同意执行' } },
  },
  'POST /api/reference/catalogue/{id}/withdraw': {
    access: 'reference.draft-catalogue',
    takes: 'entry',
    body: { version: 1, input: { opinion: '不再需要' } },
  },
  'GET /api/reference/calendar/{year}': { access: 'reference.read' },
  'POST /api/reference/calendar': {
    access: 'reference.import-calendar',
    body: { year: 2030, csv: 'date,name,type\n2030-01-01,元旦,off', source: '测试' },
  },
  'GET /api/notices': { access: 'session', lists: 'notice' },
  'POST /api/session': { access: 'public', body: { login: 'nobody.here', password: 'wrong' } },
  'GET /api/session': { access: 'session' },
  'DELETE /api/session': { access: 'session' },
  'POST /api/session/password': { access: 'session', body: { present: 'not this one', next: 'Nor-this-one-26' } },
  'GET /api/accounts': { access: 'identity.see-accounts', lists: 'account' },
  'POST /api/accounts': {
    access: 'identity.change-accounts',
    body: { login: 'new.agent', name: '新话务员', roles: ['agent'], scope: 'city', region: NANJING },
  },
  'POST /api/accounts/{id}/status': {
    access: 'identity.change-accounts',
    takes: 'account',
    body: { status: 'disabled', reason: '离职停用' },
  },
  'POST /api/accounts/{id}/password': { access: 'identity.change-accounts', takes: 'account', body: { reason: '本人申请' } },
  'GET /api/api-keys': { access: 'identity.change-keys' },
  'POST /api/api-keys': { access: 'identity.change-keys', body: { name: '住建系统', system: 'housing' } },
  'DELETE /api/api-keys/{id}': { access: 'identity.change-keys', takes: 'api-key' },
  'GET /api/audit': { access: 'audit.read', lists: 'audit' },
  'POST /api/audit/verify': { access: 'audit.verify' },
  'POST /api/portal/appeals': { access: 'public', body: said },
  'POST /api/portal/look-up': { access: 'public', body: { number: '1', code: '1' } },
  'POST /api/portal/urge': { access: 'public', body: { number: '1', code: '1', note: '请尽快处理' } },
  'POST /api/portal/withdraw': { access: 'public', body: { number: '1', code: '1', reason: '已经解决' } },
  'POST /api/portal/ratings': { access: 'public', body: { number: '1', code: '1', satisfaction: 5, solved: '1' } },
  'POST /api/appeals': { access: 'appeals.file', body: { ...said, channel: '03' } },
  'GET /api/appeals/{id}/contact': { access: 'appeals.see-contact', takes: 'appeal' },
  'POST /api/appeals/{id}/contact/reveal': { access: 'appeals.reveal-contact', takes: 'appeal', body: { reason: '核实诉求' } },
  'POST /api/portal/uploads': { access: 'public' },
  'POST /api/portal/record': { access: 'public', body: { number: '1', code: '1' } },
  'POST /api/portal/files': { access: 'public', body: { number: '1', code: '1', attachment: NO_SUCH } },
  'POST /api/portal/supplements': { access: 'public', body: { number: '1', code: '1', content: '补充一点' } },
  'POST /api/uploads': { access: 'appeals.attach' },
  'POST /api/appeals/{id}/supplements': { access: 'appeals.supplement', takes: 'appeal', body: { content: '来电补充：地点在三楼' } },
  'GET /api/appeals/{id}/attachments': { access: 'orders.see', takes: 'appeal' },
  'GET /api/attachments/{id}/thumbnail': { access: 'orders.see', takes: 'attachment' },
  'GET /api/attachments/{id}/content': { access: 'orders.see', takes: 'attachment' },
  'POST /api/attachments/{id}/identifying': { access: 'appeals.mark-identifying', takes: 'attachment', body: { identifying: false } },
  'GET /api/imports': { access: 'appeals.import', lists: 'import' },
  'GET /api/imports/mappings': { access: 'appeals.import' },
  'GET /api/imports/{id}': { access: 'appeals.import', takes: 'import' },
  'GET /api/imports/{id}/rejects': { access: 'appeals.import', takes: 'import' },
  'POST /api/imports': { access: 'appeals.import', query: '?mapping=appeals-standard' },
  'GET /api/orders': { access: 'orders.see', lists: 'order', query: '?limit=100' },
  'GET /api/orders/count': { access: 'orders.see' },
  'GET /api/orders/{id}': { access: 'orders.see', takes: 'order' },
  'GET /api/orders/{id}/timeline': { access: 'orders.see', takes: 'order' },
  'GET /api/orders/{id}/sheet': { access: 'orders.see', takes: 'order' },
  'GET /api/orders/{id}/document': { access: 'orders.see', takes: 'order' },
  'GET /api/home': { access: 'session' },
  'GET /api/live': { access: 'session' },
  'POST /api/presence': { access: 'orders.see', body: { id: NO_SUCH, stream: NO_SUCH, tab: NO_SUCH, doing: 'viewing' } },
  'GET /api/drafts': { access: 'session' },
  'GET /api/drafts/{place}': { access: 'session' },
  'PUT /api/drafts/{place}': { access: 'session', body: { account: NO_SUCH, seen: null, revision: NO_SUCH, words: {} } },
  'DELETE /api/drafts/{place}': { access: 'session', query: `?revision=${NO_SUCH}` },
  'GET /api/load': { access: 'operations.see-load' },
  'GET /api/load/responses': {
    access: 'operations.see-load',
    query: '?by=hour&from=2026-06-15T00:00:00Z&to=2026-06-16T00:00:00Z',
  },
  'GET /api/views': { access: 'orders.keep-views', query: '?list=orders' },
  'POST /api/views': { access: 'orders.keep-views', body: { list: 'orders', ...VIEW } },
  'PUT /api/views/{id}': { access: 'orders.keep-views', takes: 'view', body: VIEW },
  'DELETE /api/views/{id}': { access: 'orders.keep-views', takes: 'view' },
  'GET /api/unit-desk': { access: 'orders.see-unit-desk' },
  'GET /api/unit-desk/parts': { access: 'orders.see-unit-desk' },
  'GET /api/duty': { access: 'orders.see-duty' },
  'GET /api/due-days': { access: 'orders.see', query: '?from=2026-06-15&days=7' },
  'GET /api/promises': { access: 'operations.see' },
  ...operationsEndpoints,
  'GET /api/operations/backups': { access: 'operations.see' },
  'GET /api/operations/past-backups': { access: 'operations.see', query: '?result=good' },
  'GET /api/operations/restore-drills': { access: 'operations.see', query: '?state=proven' },
  'POST /api/operations/backups': { access: 'operations.handle' },
  'POST /api/operations/backups/{id}/verify': { access: 'operations.handle', takes: 'backup' },
  'POST /api/operations/restore-drills': { access: 'operations.handle', body: { target: '2026-06-15T00:00:00Z' } },
  'GET /api/operations/restore-drills/{id}': { access: 'operations.see', takes: 'drill' },
  'GET /api/operations/restore-drills/{id}/report': { access: 'operations.see', takes: 'drill' },
  'GET /api/operations/logs': { access: 'operations.see', query: '?q=level>=warn' },
  'GET /api/operations/logs/histogram': {
    access: 'operations.see',
    query: '?from=2026-06-01T00:00:00Z&to=2026-06-02T00:00:00Z',
  },
  'GET /api/operations/logs/around': { access: 'operations.see', query: '?source=a&at=2026-06-01T00:00:00Z&seq=1' },
  'GET /api/operations/logs/requests/{request}': { access: 'operations.see' },
  'GET /api/operations/logs/export': { access: 'operations.see', query: '?format=csv' },
  'POST /api/operations/logs': { access: 'operations.ship-logs', body: { lines: '{"msg":"heartbeat"}' } },
  'GET /api/operations/log-patterns': { access: 'operations.see', query: '?list=new' },
  'GET /api/operations/log-sources': { access: 'operations.see' },
  'GET /api/operations/log-searches': { access: 'operations.see' },
  'POST /api/operations/log-searches': { access: 'operations.see', body: { name: '超时', query: '"timed out"', shared: false } },
  'DELETE /api/operations/log-searches/{id}': { access: 'operations.see', takes: 'log-search' },
  'POST /api/operations/log-searches/{id}/watch': { access: 'operations.handle', takes: 'log-search', body: { watched: true } },
  'GET /api/operations/audit-reports': { access: 'audit.read' },
  'GET /api/operations/audit-reports/{id}': { access: 'audit.read', takes: 'audit-report' },
  'GET /api/operations/audit-reports/{id}/document': { access: 'audit.read', takes: 'audit-report' },
  'GET /api/norm-boards': { access: 'orders.see-norm-boards' },
  'GET /api/norm-boards/{id}': { access: 'orders.see-norm-boards', takes: 'norm' },
  'POST /api/orders/{id}/accept': input('accept', {}),
  'POST /api/orders/{id}/answer': input('answer', { text: '可在市民中心办理，工作日均可。' }),
  'POST /api/orders/{id}/refuse': input('refuse', { reason: 'N2', explanation: '请依法向法院提起诉讼解决。' }),
  'POST /api/orders/{id}/dispatch': input('dispatch', { unit: '3201.003' }),
  'POST /api/orders/{id}/sign': input('sign', {}),
  'POST /api/orders/{id}/contact': input('contact', { mode: 'phone', note: '已联系诉求人' }),
  'POST /api/orders/{id}/reply': input('reply', REPLY),
  'POST /api/orders/{id}/pass': input('pass', {}),
  'POST /api/orders/{id}/fail': input('fail', { fault: 'unclear', opinion: '请补充依据' }),
  'POST /api/orders/{id}/attempt': input('attempt', { mode: '01', result: '01' }),
  'POST /api/orders/{id}/conclude': input('conclude', { mode: '01', satisfaction: 5, solved: '1' }),
  'POST /api/orders/{id}/close-unrated': input('close-unrated', {}),
  'POST /api/orders/{id}/archive': input('archive', {}),
  'POST /api/orders/{id}/cancel': input('cancel', { reason: '诉求人撤销' }),
  'POST /api/orders/{id}/hand-over': input('hand-over', { to: '110', stayed: true, keep: true, note: '有人落水，已转110' }),
  'POST /api/orders/{id}/close-rated': input('close-rated', { opinion: '诉求人不要求重办' }),
  'POST /api/orders/{id}/transfer-call': input('transfer-call', { to: '企业专席', mode: 'warm' }),
  'POST /api/orders/{id}/assist': input('assist', { unit: '3201.005' }),
  'POST /api/orders/{id}/pass-on': input('pass-on', { unit: '3201.003.01' }),
  'POST /api/orders/{id}/task-sign': input('task-sign', {}),
  'POST /api/orders/{id}/task-reply': input('task-reply', { text: '本单位已按要求配合核查' }),
  'POST /api/orders/{id}/task-withdraw': input('task-withdraw', { task: 2, reason: '不再需要协办' }),
  'POST /api/orders/{id}/return': input('return', {
    reason: 'R1',
    legalBasis: '三定方案第三条',
    opinion: '该事项不属于本单位职责，建议改派。',
  }),
  'POST /api/orders/{id}/coordinate': input('coordinate', { units: ['3201.003', '3201.004'], question: '两家单位均称不属职责' }),
  'POST /api/orders/{id}/force': input('force', { unit: '3201.003', decision: '经会商，由该单位主办此事', basis: '权责清单第八项' }),
  'POST /api/orders/{id}/extend': input('extend', { amount: 1, reason: '需要第三方检测，时间较长', informed: true }),
  'POST /api/orders/{id}/suspend': input('suspend', { cause: 'caller', days: 3, reason: '等待诉求人补充购房合同' }),
  'POST /api/orders/{id}/resume': input('resume', {}),
  'POST /api/orders/{id}/urge': input('urge', { note: '诉求人来电催办' }),
  'POST /api/orders/{id}/oversee': input('oversee', { level: 1, cause: 'media', requirement: '请尽快核实并答复' }),
  'POST /api/orders/{id}/instruct': input('instruct', { requirement: '请依法从快解决' }),
  'POST /api/orders/{id}/oversight-reply': input('oversight-reply', { text: '已组织人员现场处理，今日完成。' }),
  'POST /api/orders/{id}/oversight-close': input('oversight-close', { opinion: '已落实，解除督办' }),
  'POST /api/orders/{id}/redo': input('redo', { reason: '诉求人反映问题没有解决，要求重办' }),
  'POST /api/orders/{id}/close-unreasonable': input('close-unreasonable', { reason: '已依法办理，诉求超出政策范围', basis: '办法第五条' }),
  'POST /api/orders/{id}/exclude': input('exclude', { cause: 'policy', reason: '受现行政策限制，无法满足' }),
  'POST /api/orders/{id}/purge': input('purge', { ground: 'retention', basis: '档案管理办法第九条', reason: '保存期限届满' }),
  'POST /api/orders/{id}/preserve': input('preserve', { basis: '调取证据通知书', reason: '行政诉讼期间保全' }),
  'POST /api/orders/{id}/end-preservation': input('end-preservation', { reason: '诉讼已经终结' }),
  'POST /api/orders/{id}/reopen': input('reopen', { reason: '问题再次出现，需要重新办理' }),
  'POST /api/orders/{id}/merge': input('merge', { numbers: ['3201022026060100000001'], reason: '同一事项' }),
  'POST /api/orders/{id}/unmerge': input('unmerge', { number: '3201022026060100000001', reason: '不是同一事项' }),
  'POST /api/orders/{id}/reveal-contact': input('reveal-contact', { reason: '核实诉求细节' }),
  'POST /api/orders/{id}/flag': input('flag', { sensitive: 1 }),
  'POST /api/orders/batch': {
    access: 'orders.see',
    body: { action: 'sign', orders: [{ id: NO_SUCH, version: 1 }], input: {} },
  },
  'GET /api/approvals': { access: 'orders.see', lists: 'approval' },
  'POST /api/approvals/{id}/decide': { access: 'orders.see', takes: 'approval', body: { verdict: 'decline', opinion: '理由不充分' } },
};

let at: TestApp;
let machines: { own: { key: string; id: string }; other: { key: string; id: string } };

beforeAll(async () => {
  at = await openTestApp();
  machines = { own: await at.machine('housing'), other: await at.machine('water') };
}, 60_000);
afterAll(() => at?.close());

function callOn(caller: Caller, name: string, id: string, given?: unknown): Promise<Answer> {
  const body = given ?? ENDPOINTS[name]!.body;
  const [method = '', path = ''] = name.split(' ');
  const url = encodeURI(
    path
      .replace('{id}', id)
      .replace('{request}', id)
      .replace('{year}', '2026')
      .replace('{key}', 'disk-nearly-full')
      .replace('{component}', 'database')
      .replace('{place}', 'desk')
      .replace('{code}', 'server-clock') + (ENDPOINTS[name]!.query ?? ''),
  );
  if (name === 'POST /api/imports') {
    return at.call(caller, method, url, fileForm('empty.csv', '来源单号\r\n'));
  }
  if (path.endsWith('/uploads')) return at.call(caller, method, url, fileForm('a.txt', '一份说明'));
  // It stays open: that it was opened is the answer.
  if (name === 'GET /api/live') return at.call(caller, method, url, { stream: true });
  return at.call(caller, method, url, body === undefined ? {} : { body });
}

test('this table and the OpenAPI document name the same endpoints, with the same needs', () => {
  const document = at.app.http.swagger() as { paths: Record<string, Record<string, { description?: string }>> };
  const needs = Object.fromEntries(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, facts]) => {
        const told = facts.description ?? '';
        const access = told.startsWith('Open to')
          ? 'public'
          : told.startsWith('Needs a log-in')
            ? 'session'
            : /^Needs the permission `([a-z.-]+)`/.exec(told)?.[1];
        return [`${method.toUpperCase()} ${path}`, access];
      }),
    ),
  );
  expect(needs).toEqual(Object.fromEntries(Object.entries(ENDPOINTS).map(([name, { access }]) => [name, access])));
  // Whatever has an id in its path takes an object, so the tests below ask it for a foreign one.
  for (const [name, { takes }] of Object.entries(ENDPOINTS)) expect(takes !== undefined, name).toBe(name.includes('{id}'));
});

describe('every role may do what its permissions say, and nothing else', () => {
  const able = (name: string, held: ReadonlySet<Permission>) => {
    const { access } = ENDPOINTS[name]!;
    return access === 'public' || access === 'session' || held.has(access);
  };

  test.for(Object.keys(roles).filter((role) => role !== 'citizen') as Role[])('%s', async (role) => {
    const held = permissionsOf([role]);
    const caller: Caller = role === 'machine' ? { key: machines.own.key } : at.person(role);
    for (const name of Object.keys(ENDPOINTS)) {
      // A name of his own, or the fifth role would find it locked.
      const answer = await callOn(
        caller,
        name,
        NO_SUCH,
        name === 'POST /api/session' ? { login: `no.${role}`, password: 'wrong' } : undefined,
      );
      expect(answer.status, `${name}: ${answer.text}`).toBeLessThan(500);
      if (answer.status >= 400) problemIn(answer);
      if (!able(name, held))
        expect({ name, status: answer.status, code: problemIn(answer).code }).toEqual({ name, status: 403, code: 'base.forbidden' });
      else if (name === 'POST /api/session') expect(answer.status).toBe(401);
      // A machine has no session to look at, and no screen to keep live.
      else if (role === 'machine' && /\/api\/(session|live|presence|drafts)/.test(name)) expect(answer.status).toBe(401);
      else expect([401, 403], `${name}: ${answer.text}`).not.toContain(answer.status);
    }
  });

  test('who is not logged in, citizens among them, gets to the public endpoints only', async () => {
    for (const [name, { access }] of Object.entries(ENDPOINTS)) {
      const answer = await callOn(null, name, NO_SUCH);
      if (access === 'public') expect(answer.status, name).toBeLessThan(500);
      else
        expect({ name, status: answer.status, code: problemIn(answer).code }).toEqual({ name, status: 401, code: 'base.unauthenticated' });
    }
  });

  test('who may not is told so before what he sent is judged', async () => {
    for (const [name, { access, body }] of Object.entries(ENDPOINTS)) {
      if (access === 'public' || access === 'session' || body === undefined) continue;
      expect((await callOn(null, name, 'not-an-id', { nonsense: true })).status, name).toBe(401);
      expect((await callOn(at.person('training-admin'), name, 'not-an-id', { nonsense: true })).status, name).toBe(403);
    }
  });
});

/** Nobody of a city or a unit holds it, so there is no stranger to ask. */
const isOfCentre = (access: string) => access.startsWith('operations.') && access !== 'operations.report';

describe('what lies outside of one’s scope does not exist', () => {
  type Objects = Readonly<Record<Exclude<Kind, OneScope>, (name: string) => Promise<string>>>;
  const STATES: readonly [OrderState, Parameters<TestApp['takeTo']>[0]][] = [
    ['filed', 'filed'],
    ['pending-dispatch', 'pending-dispatch'],
    ['dispatched', 'dispatched'],
    ['handling', 'contacted'],
    ['replied', 'replied'],
    ['pending-follow-up', 'pending-follow-up'],
    ['closed', 'closed'],
  ];
  const inState = new Map<string, string>();

  /** An order of Nanjing's first unit, in a state that allows the endpoint's action. */
  async function orderFor(name: string): Promise<string> {
    const action = name.split('/').at(-1) as OrderAction;
    const moves: Partial<Record<string, unknown>> = orderLifecycle.actions[action]?.moves ?? {};
    // What stands with its unit is seen by the unit too.
    const state =
      STATES.find(([candidate]) => candidate === 'handling' && candidate in moves) ??
      STATES.find(([candidate]) => candidate in moves) ??
      STATES[5]!;
    if (action === 'close-unrated') {
      const { id } = await at.takeTo('pending-follow-up');
      for (let i = 0; i < 3; i++) await at.act(at.person('follow-up', NANJING), id, 'attempt', { mode: '01', result: '01' });
      return id;
    }
    const known = inState.get(state[0]) ?? (await at.takeTo(state[1])).id;
    inState.set(state[0], known);
    return known;
  }

  let views = 0;
  let attached: Promise<string> | undefined;
  const objects: Objects = {
    order: orderFor,
    appeal: orderFor,
    attachment: async () => {
      attached ??= (async () => {
        const upload = await at.call(at.person('agent', NANJING), 'POST', '/api/uploads', fileForm('a.jpg', await photo()));
        const { id } = await at.takeTo('dispatched', { attachments: [(upload.body as { ticket: string }).ticket] });
        const [row] = await at.db.owner<{ id: string }>(`select id from appeals.attachment where appeal_id = $1`, [id]);
        return row!.id;
      })();
      return attached;
    },
    import: async () => {
      const answer = await callOn(at.person('city-admin', NANJING), 'POST /api/imports', '');
      return (answer.body as { id: string }).id;
    },
    norm: async () => {
      const answer = await callOn(at.person('city-admin', NANJING), 'POST /api/reference/norms', '');
      return (answer.body as { id: string }).id;
    },
    entry: async () => {
      const answer = await callOn(at.person('city-admin', NANJING), 'POST /api/reference/catalogue', '');
      return (answer.body as { id: string }).id;
    },
    view: async () => {
      const answer = await callOn(at.person('agent', NANJING), 'POST /api/views', '', { list: 'orders', ...VIEW, name: `视图 ${views++}` });
      return (answer.body as { id: string }).id;
    },
    record: async (name) => {
      const opening = name.includes('/problems/') ? 'POST /api/operations/problems' : 'POST /api/operations/faults';
      const reporter = at.people.find((one) => at.actor(one).permissions.has('operations.report') && one.region === NANJING)!;
      return ((await callOn(reporter, opening, '')).body as { id: string }).id;
    },
    approval: async () => {
      const { id } = await at.takeTo('contacted');
      return (await at.act(at.person('handler', UNITS[NANJING][0]), id, 'suspend', SUSPENSION)).approval!;
    },
  };

  const everything = () =>
    at.db
      .owner(`select (select jsonb_agg(to_jsonb(w) order by w.id) from orders.work_order w) as orders, (select count(*) from platform.event) as events,
      (select count(*) from orders.task) as tasks, (select count(*) from orders.reply) as replies, (select count(*) from appeals.rating) as ratings,
      (select jsonb_agg(to_jsonb(f) order by f.id) from appeals.attachment f) as attachments, (select count(*) from appeals.supplement) as supplements,
      (select jsonb_agg(to_jsonb(r) order by r.id) from appeals.import_run r) as imports, (select jsonb_agg(to_jsonb(n) order by n.id) from reference.norm n) as norms,
      (select jsonb_agg(to_jsonb(c) order by c.id, c.version) from reference.catalogue_entry c) as entries, (select count(*) from platform.audit_entry where action not like 'identity.log%') as audits`);

  test('an id of another city, unit or system answers 404 and changes nothing', async () => {
    let asked = 0;
    for (const [name, { access, takes, body }] of Object.entries(ENDPOINTS)) {
      if (!takes || isOfOneScope(takes) || isOfCentre(access)) continue;
      const id = await objects[takes](name);
      const version =
        takes === 'order'
          ? (await at.db.owner<{ version: number }>(`select version from orders.work_order where id = $1`, [id]))[0]!.version
          : 1;
      const strangers: Caller[] = [
        ...at.people.filter(
          (one) =>
            at.actor(one).permissions.has(access as Permission) &&
            (one.region === SUZHOU || (one.unitCode !== null && one.unitCode !== UNITS[NANJING][0])),
        ),
        ...((roles.machine.permissions as readonly string[]).includes(access) ? [{ key: machines.own.key }] : []),
      ];
      expect(strangers.length, name).toBeGreaterThan(0);
      const before = await everything();
      for (const stranger of strangers) {
        const answer = await callOn(
          stranger,
          name,
          id,
          body === undefined ? undefined : takes === 'order' ? { ...(body as object), version } : body,
        );
        expect({ name, status: answer.status, code: problemIn(answer).code }).toEqual({ name, status: 404, code: 'base.not-found' });
        // The same words as for an id that nobody has.
        const none = await callOn(stranger, name, NO_SUCH);
        expect({ ...problemIn(answer), incidentId: '' }).toEqual({ ...problemIn(none), incidentId: '' });
        asked++;
      }
      expect(await everything(), name).toEqual(before);
    }
    expect(asked).toBeGreaterThan(60);
  }, 120_000);

  test('the same ids answer to their own people', async () => {
    // Else the 404s above would prove nothing.
    for (const [name, { access, takes }] of Object.entries(ENDPOINTS)) {
      if (!takes || isOfOneScope(takes) || takes === 'approval' || isOfCentre(access) || name === 'GET /api/norm-boards/{id}') continue;
      const id = await objects[takes](name);
      const own = at.people.find(
        (one) => at.actor(one).permissions.has(access as Permission) && (one.region === NANJING || one.unitCode === UNITS[NANJING][0]),
      )!;
      const answer = await callOn(own, name, id);
      // 400: who names another order or unit is told when there is no such one.
      expect([200, 204, 400, 409], `${name}: ${answer.text}`).toContain(answer.status);
    }
  }, 120_000);

  test('no list holds a row of another scope, and each holds its own', async () => {
    await at.takeTo('dispatched', { region: '320505' }, UNITS[SUZHOU][1]);
    await at.takeTo('dispatched', {}, UNITS[NANJING][1]);
    await at.file({ region: '320505', anonymous: true });
    await objects.approval('');
    const { id: suzhous } = await at.takeTo('contacted', { region: '320505' });
    await at.act(at.person('handler', UNITS[SUZHOU][0]), suzhous, 'suspend', {
      cause: 'caller',
      days: 3,
      reason: '等待诉求人补充购房合同',
    });
    await callOn(at.person('city-admin', SUZHOU), 'POST /api/imports', '');
    await callOn(at.person('city-admin', SUZHOU), 'POST /api/reference/norms', '', { region: '3205', ...SUPPLEMENT });
    await callOn(at.person('city-admin', SUZHOU), 'POST /api/reference/catalogue', '', { ...ENTRY, region: '3205', unit: '3205.003' });
    const filed = await at.call({ key: machines.other.key }, 'POST', '/api/appeals', { body: { ...said, channel: '03' } });
    expect(filed.status).toBe(201);
    at.clock.advance(5 * 86_400_000);
    await at.app.upkeep.takeSteps();
    const region = new Map(
      (
        await at.db.owner<{ id: string; region: string; units: string[] }>(
          `select w.id, w.region, coalesce((select array_agg(t.unit_code) from orders.task t where t.order_id = w.id), '{}') as units from orders.work_order w`,
        )
      ).map((row) => [row.id, row]),
    );
    const runs = new Map(
      (await at.db.owner<{ id: string; region: string }>(`select id, region from appeals.import_run`)).map((row) => [row.id, row.region]),
    );
    const seen = { order: 0, notice: 0, import: 0, account: 0, norm: 0, entry: 0, approval: 0 };

    for (const person of at.people.filter((one) => one.scope === 'city' || one.scope === 'unit')) {
      const held = at.actor(person).permissions;
      const city = (person.region ?? person.unitCode!).slice(0, 4);
      const mine = (id: string) => {
        const row = region.get(id)!;
        return person.unitCode ? row.units.some((unit) => unit.startsWith(person.unitCode!)) : row.region.startsWith(city);
      };
      for (const [name, { access, lists }] of Object.entries(ENDPOINTS)) {
        if (!lists || lists === 'audit' || (access !== 'session' && !held.has(access as Permission))) continue;
        const { items } = (await callOn(person, name, '')).body as {
          items: { id: string; orderId?: string; region?: string; unitCode?: string; state?: string }[];
        };
        for (const item of items) {
          const own =
            lists === 'order'
              ? mine(item.id)
              : lists === 'notice' || lists === 'approval'
                ? item.orderId === null || mine(item.orderId!)
                : lists === 'import'
                  ? runs.get(item.id) === person.region
                  : lists === 'norm' || lists === 'entry'
                    ? item.state === 'approved' || (person.region !== null && item.region!.startsWith(city))
                    : (item.region ?? item.unitCode ?? '').startsWith(city);
          expect(own, `${name} as ${person.login}: ${JSON.stringify(item)}`).toBe(true);
          seen[lists as keyof typeof seen]++;
        }
        if (lists === 'order') {
          expect(items).toHaveLength([...region.keys()].filter(mine).length);
          const { count } = (await callOn(person, 'GET /api/orders/count', '')).body as { count: number };
          expect(count).toBe(items.length);
        }
      }
    }
    for (const [kind, count] of Object.entries(seen)) expect(count, kind).toBeGreaterThan(0);
    const peer = (await callOn({ key: machines.other.key }, 'GET /api/orders', '')).body as { items: { id: string }[] };
    expect(peer.items.map((item) => item.id)).toEqual([(filed.body as { id: string }).id]);
    expect(((await callOn({ key: machines.own.key }, 'GET /api/orders', '')).body as { items: unknown[] }).items).not.toContainEqual(
      expect.objectContaining({ id: (filed.body as { id: string }).id }),
    );
  }, 120_000);

  test('a citizen sees the appeal of his number and code, and with another code nothing', async () => {
    const [first, second] = [await at.takeTo('closed'), await at.takeTo('closed')];
    const lookUp = (number: string, code: string) => at.call(null, 'POST', '/api/portal/look-up', { body: { number, code } });
    const own = await lookUp(first.number, first.queryCode);
    expect(own.body).toMatchObject({ number: first.number, state: 'closed' });
    expect(own.text).not.toContain('13812345678');
    for (const [number, code] of [
      [first.number, second.queryCode],
      [second.number, first.queryCode],
      [first.number, 'AAAAAAAA'],
      [first.number, "' or 1=1 --"],
    ] as const) {
      const answer = await lookUp(number, code);
      expect({ status: answer.status, code: problemIn(answer).code }).toEqual({ status: 404, code: 'appeals.no-such-appeal' });
      const rated = await at.call(null, 'POST', '/api/portal/ratings', { body: { number, code, satisfaction: 1, solved: '3' } });
      expect(problemIn(rated).code).toBe('appeals.no-such-appeal');
    }
  });
});
