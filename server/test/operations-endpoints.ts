import { recordKinds, type RecordAction, type RecordKind } from '#contracts/operations/records/records.lifecycles.ts';
import type { Permission } from '#contracts/permissions.ts';

/** An endpoint of the operations centre, for the table of all. */
interface Endpoint {
  readonly access: Permission;
  readonly takes?: 'record' | 'centre' | 'inspection' | 'finding';
  readonly query?: string;
  readonly body?: unknown;
}

const NOTE = { note: '已核实，正在处理' };
const REASON = { reason: '经核实与事实不符' };
const PLAN = {
  class: 'normal',
  scope: 'application',
  startsAt: '2026-07-07T14:00:00Z',
  endsAt: '2026-07-07T15:00:00Z',
  steps: '停服务，换版本，启动',
  rollback: '换回旧版本',
  rollbackMinutes: 10,
  test: '预发环境已测试',
} as const;
export const FAULT = { title: '工单列表打开缓慢', body: '上午九点起打开工单列表要十秒以上', level: 3, source: 'phone' } as const;

const RULE = {
  zh: '磁盘将满',
  en: 'A disk is nearly full',
  metric: 'minsheng_disk_used_ratio',
  matchers: [],
  judgement: { kind: 'static', op: 'above', bound: 0.7 },
  forSeconds: 60,
  level: 'P3',
  advice: '清理',
  enabled: true,
  version: 0,
} as const;

/** What each action is given: valid in form. */
const INPUTS: { readonly [K in RecordKind]: Readonly<Partial<Record<RecordAction<K>, unknown>>> } = {
  fault: {
    respond: {},
    arrive: {},
    inform: NOTE,
    'hand-to': { account: '00000000-0000-7000-8000-000000000000', ...NOTE },
    regrade: { level: 2, ...REASON },
    suspend: { cause: 'user', ...NOTE },
    resume: {},
    'work-around': NOTE,
    fix: { cause: '连接池过小', remedy: '调大连接池并重启' },
    verify: { evidence: '列表打开正常' },
    'fail-verify': REASON,
    review: {
      summary: '上午九点起列表打开缓慢，九点半恢复',
      impact: '全省派单员',
      rootCause: '连接池过小',
      measures: [{ title: '监控连接池的占用' }],
    },
    dismiss: REASON,
  },
  problem: {
    review: { outcome: 'accepted', impact: 3, urgency: 3, risk: 0, opinion: '同意列入计划' },
    supplement: NOTE,
    schedule: { owner: '00000000-0000-7000-8000-000000000000', plannedOn: '2026-07-10', hours: 8 },
    begin: {},
    finish: { cause: 'code', effect: 'dispatch', remedy: '改写了查询' },
    'fail-test': REASON,
    release: { evidence: '回归测试通过，随 1.2 上线' },
    confirm: { rating: 5 },
    refute: REASON,
    'follow-up': NOTE,
  },
  change: {
    revise: PLAN,
    submit: {},
    approve: { opinion: '同意实施' },
    reject: REASON,
    implement: {},
    finish: NOTE,
    'roll-back': REASON,
    verify: { evidence: '业务正常' },
    cancel: REASON,
  },
  vulnerability: {
    plan: { change: 'BG202607070001' },
    trial: { asset: 'host:app-1', evidence: '预发测试通过，先在一台升级' },
    'fail-trial': REASON,
    patch: { evidence: '已升级' },
    verify: { evidence: '版本已核对' },
    'fail-verify': REASON,
    exempt: { evidence: '未启用该组件' },
    accept: REASON,
  },
};

const actions = (Object.entries(INPUTS) as [RecordKind, Readonly<Record<string, unknown>>][]).flatMap(([kind, inputs]) => {
  const { lifecycle, plural } = recordKinds[kind];
  const facts = lifecycle.actions as Readonly<Record<string, { permission: Permission }>>;
  return Object.entries(inputs).map(([action, input]): [string, Endpoint] => [
    `POST /api/operations/${plural}/{id}/${action}`,
    { access: facts[action]!.permission, takes: 'record', body: { version: 1, input } },
  ]);
});

/** Every endpoint of the operations centre, what it needs, and what it takes. */
export const operationsEndpoints: Readonly<Record<string, Endpoint>> = {
  'GET /api/operations/series': { access: 'operations.see' },
  'GET /api/operations/series/names': { access: 'operations.see' },
  'GET /api/operations/series/marks': { access: 'operations.see', query: '?from=2026-06-15T00:00:00Z&to=2026-06-15T01:00:00Z' },
  'GET /api/operations/series/readings': {
    access: 'operations.see',
    query: '?ids=1,2&from=2026-06-15T00:00:00Z&to=2026-06-15T01:00:00Z',
  },
  'GET /api/operations/alerts': { access: 'operations.see' },
  'POST /api/operations/alerts/{id}/acknowledge': { access: 'operations.handle', takes: 'centre' },
  'POST /api/operations/alerts/{id}/verdict': {
    access: 'operations.handle',
    takes: 'centre',
    body: { verdict: 'noise', reason: '阈值过低' },
  },
  'GET /api/operations/alert-rules': { access: 'operations.see' },
  'GET /api/operations/alert-rules/prometheus': { access: 'operations.see' },
  'PUT /api/operations/alert-rules/{key}': { access: 'operations.decide', body: RULE },
  'GET /api/operations/alert-noise': { access: 'operations.see' },
  'GET /api/operations/silences': { access: 'operations.see' },
  'POST /api/operations/silences': {
    access: 'operations.handle',
    body: {
      kind: 'silence',
      matchers: [{ label: 'rule', op: '=', value: 'probe-failed' }],
      to: '2026-06-16T00:00:00Z',
      reason: '割接期间',
    },
  },
  'POST /api/operations/silences/{id}/end': { access: 'operations.handle', takes: 'centre' },
  'GET /api/operations/alert-routes': { access: 'operations.see' },
  'POST /api/operations/alert-routes': {
    access: 'operations.decide',
    body: { name: '值班短信', levels: ['P1'], matchers: [], channel: 'sms', target: 'line:1', groupSeconds: 0 },
  },
  'PUT /api/operations/alert-routes/{id}': {
    access: 'operations.decide',
    takes: 'centre',
    body: { name: '值班短信', levels: ['P1'], matchers: [], channel: 'sms', target: 'line:1', groupSeconds: 0, enabled: false },
  },
  'DELETE /api/operations/alert-routes/{id}': { access: 'operations.decide', takes: 'centre' },
  'GET /api/operations/messages': { access: 'operations.see' },
  'POST /api/operations/alertmanager': { access: 'operations.send-alerts', body: { alerts: [] } },
  'GET /api/operations/duty-board': { access: 'operations.see' },
  'GET /api/operations/shifts': { access: 'operations.see', query: '?from=2026-06-15' },
  'POST /api/operations/shifts': {
    access: 'operations.decide',
    body: { line: 1, account: '00000000-0000-7000-8000-000000000000', from: '2026-06-15T00:00:00Z', to: '2026-06-15T08:00:00Z' },
  },
  'POST /api/operations/shifts/{id}/swap': {
    access: 'operations.decide',
    takes: 'centre',
    body: { with: '00000000-0000-7000-8000-000000000000' },
  },
  'DELETE /api/operations/shifts/{id}': { access: 'operations.decide', takes: 'centre' },
  'POST /api/operations/shifts/{id}/hand-over': { access: 'operations.handle', takes: 'centre', body: { note: '一切正常' } },
  'POST /api/operations/shifts/{id}/take': { access: 'operations.handle', takes: 'centre' },
  'GET /api/operations/hand-overs': { access: 'operations.see' },
  'GET /api/operations/reach': { access: 'operations.handle' },
  'PUT /api/operations/reach': { access: 'operations.handle', body: { mail: 'yunwei@minsheng.test' } },
  'GET /api/operations/probes': { access: 'operations.see' },
  'POST /api/operations/probes': {
    access: 'operations.decide',
    body: { key: 'portal', name: '门户', kind: 'dns', target: 'localhost', everySeconds: 60, timeoutMs: 1000 },
  },
  'GET /api/operations/probes/{id}': { access: 'operations.see', takes: 'centre' },
  'PUT /api/operations/probes/{id}': {
    access: 'operations.decide',
    takes: 'centre',
    body: { name: '门户', kind: 'dns', target: 'localhost', everySeconds: 60, timeoutMs: 1000 },
  },
  'POST /api/operations/probes/{id}/enable': { access: 'operations.decide', takes: 'centre', body: { enabled: false } },
  'POST /api/operations/probes/{id}/try': { access: 'operations.handle', takes: 'centre' },
  'GET /api/operations/records': { access: 'operations.see' },
  'GET /api/operations/responsibilities': { access: 'operations.see' },
  'PUT /api/operations/responsibilities/{component}': {
    access: 'operations.decide',
    body: { responsible: ['role:operator'], accountable: 'role:operations-manager', consulted: [], informed: [], version: 0 },
  },
  'DELETE /api/operations/responsibilities/{component}': { access: 'operations.decide' },
  'GET /api/operations/problem-analysis': { access: 'operations.see', query: '?from=2026-06-01&to=2026-06-30' },
  'GET /api/operations/problem-board': { access: 'operations.see' },
  'GET /api/operations/my-records': { access: 'operations.report' },
  'GET /api/operations/people': { access: 'operations.see' },
  'GET /api/operations/records/{id}': { access: 'operations.report', takes: 'record' },
  'POST /api/operations/faults': { access: 'operations.report', body: FAULT },
  'POST /api/operations/problems': { access: 'operations.report', body: { ...FAULT, title: '希望列表能按街道筛选' } },
  'POST /api/operations/changes': {
    access: 'operations.handle',
    body: { title: '升级数据库小版本', body: '升级至新的小版本', level: 3, ...PLAN },
  },
  'GET /api/operations/inspections/board': { access: 'operations.see' },
  'GET /api/operations/inspections': { access: 'operations.see', query: '?template=database' },
  'POST /api/operations/inspections': { access: 'operations.handle', body: { template: 'database' } },
  'GET /api/operations/inspections/database': { access: 'operations.see' },
  'GET /api/operations/inspections/{id}': { access: 'operations.see', takes: 'inspection' },
  'GET /api/operations/inspections/{id}/document': { access: 'operations.see', takes: 'inspection' },
  'PUT /api/operations/inspections/{id}/items/{code}': {
    access: 'operations.handle',
    takes: 'inspection',
    body: { verdict: 'ok', revision: 0 },
  },
  'POST /api/operations/inspections/{id}/sign': { access: 'operations.handle', takes: 'inspection', body: {} },
  'POST /api/operations/inspections/findings/{id}/recheck': { access: 'operations.handle', takes: 'finding', body: {} },
  'GET /api/operations/software': { access: 'operations.see' },
  'GET /api/operations/software/inventories': { access: 'operations.see' },
  'POST /api/operations/software/inventories': { access: 'operations.handle', query: '?asset=host:app-1' },
  'GET /api/operations/software/sbom': { access: 'operations.see' },
  'POST /api/operations/advisories': { access: 'operations.handle' },
  'GET /api/operations/advisories/imports': { access: 'operations.see' },
  'GET /api/operations/vulnerabilities/{id}/exposures': { access: 'operations.see', takes: 'centre' },
  'GET /api/operations/capacity': { access: 'operations.see' },
  'GET /api/operations/assets': { access: 'operations.see' },
  'GET /api/operations/topology': { access: 'operations.see' },
  'GET /api/operations/impact': { access: 'operations.see', query: '?key=database' },
  'GET /api/operations/assets/{key}': { access: 'operations.see' },
  'PUT /api/operations/assets/{key}': { access: 'operations.handle', body: { version: 0, input: { kind: 'host', name: '数据库主机' } } },
  'PUT /api/operations/assets/{key}/stands-on': { access: 'operations.handle', body: { standsOn: [] } },
  'GET /api/operations/diagnosis/statements': { access: 'operations.see', query: '?sort=mean' },
  'POST /api/operations/diagnosis/statements/reset': { access: 'operations.handle', body: { reason: '观察新版本的语句' } },
  'GET /api/operations/diagnosis/statements/{query}/plan': { access: 'operations.see', query: '?role=minsheng_system' },
  'GET /api/operations/diagnosis/locks': { access: 'operations.see' },
  'POST /api/operations/diagnosis/sessions/{pid}/end': {
    access: 'operations.handle',
    body: { what: 'statement', reason: '阻塞了派单', startedAt: '2026-06-15T00:00:00Z' },
  },
  'GET /api/operations/diagnosis/profiles': { access: 'operations.see' },
  'POST /api/operations/diagnosis/profiles': { access: 'operations.handle', body: { node: 'app-1:4711', kind: 'cpu', seconds: 1 } },
  'GET /api/operations/diagnosis/profiles/{id}': { access: 'operations.see', takes: 'centre' },
  'GET /api/operations/diagnosis/profiles/{id}/file': { access: 'operations.see', takes: 'centre' },
  'GET /api/operations/diagnosis/messages': { access: 'operations.see' },
  'POST /api/operations/diagnosis/messages/{id}/repeat': { access: 'operations.handle', takes: 'centre', body: { reason: '网关已恢复' } },
  'GET /api/operations/slos': { access: 'operations.see', query: '?month=2026-06' },
  'GET /api/operations/monthly-reports': { access: 'operations.read-monthly' },
  'GET /api/operations/monthly-reports/{id}': { access: 'operations.read-monthly', takes: 'centre' },
  'GET /api/operations/monthly-reports/{id}/document': { access: 'operations.read-monthly', takes: 'centre' },
  'POST /api/operations/monthly-reports/{id}/remarks': {
    access: 'operations.decide',
    takes: 'centre',
    body: { text: '下月数据库扩容，需协调机房' },
  },
  ...Object.fromEntries(actions),
};
