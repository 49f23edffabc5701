import type { Words } from './base/text.ts';

/** The database scope a person or machine works in (ARCHITECTURE, idea 4). */
export type Scope = 'province' | 'city' | 'unit' | 'self' | 'peer' | 'operations' | 'system';

export const permissions = {
  'reference.read': { zh: '查看基础数据', en: 'Read reference data' },
  'reference.draft-norms': { zh: '起草业务规范', en: 'Draft norms' },
  'reference.approve-norms': { zh: '批准业务规范', en: 'Approve norms' },
  'reference.draft-catalogue': { zh: '维护派单目录', en: 'Propose catalogue entries' },
  'reference.approve-catalogue': { zh: '批准派单目录', en: 'Approve catalogue entries' },
  'reference.import-calendar': { zh: '导入工作日历', en: 'Import the working calendar' },
  'identity.see-accounts': { zh: '查看账号', en: 'See accounts' },
  'identity.change-accounts': { zh: '维护账号', en: 'Change accounts' },
  'identity.change-keys': { zh: '维护接口密钥', en: 'Change API keys' },
  'audit.read': { zh: '查看审计日志', en: 'Read the audit log' },
  'audit.verify': { zh: '校验审计链', en: 'Verify the audit chain' },
  'appeals.file': { zh: '登记诉求', en: 'File appeals' },
  'appeals.import': { zh: '批量导入诉求', en: 'Import appeals' },
  'appeals.see-contact': { zh: '查看脱敏联系方式', en: 'See masked contacts' },
  'appeals.reveal-contact': { zh: '查看完整联系方式', en: 'Reveal contacts' },
  'appeals.approve-reveal': { zh: '批准查看保密诉求人', en: 'Approve revealing confidential citizens' },
  'appeals.attach': { zh: '上传附件', en: 'Upload attachments' },
  'appeals.supplement': { zh: '补充诉求材料', en: 'Add to appeals' },
  'appeals.mark-identifying': { zh: '标记身份材料', en: 'Mark identifying attachments' },
  'orders.see': { zh: '查看工单', en: 'See orders' },
  'orders.accept': { zh: '受理', en: 'Accept' },
  'orders.answer': { zh: '直接答复', en: 'Answer on the spot' },
  'orders.refuse': { zh: '不予受理', en: 'Refuse' },
  'orders.dispatch': { zh: '派单', en: 'Dispatch' },
  'orders.sign': { zh: '签收', en: 'Sign' },
  'orders.contact': { zh: '先行联系', en: 'Contact first' },
  'orders.reply': { zh: '答复', en: 'Reply' },
  'orders.check': { zh: '审核答复', en: 'Check replies' },
  'orders.follow-up': { zh: '回访', en: 'Follow up' },
  'orders.cancel': { zh: '撤销工单', en: 'Cancel' },
  'orders.archive': { zh: '归档', en: 'Archive' },
  'orders.rate': { zh: '评价', en: 'Rate' },
  'orders.withdraw': { zh: '撤回诉求', en: 'Withdraw' },
  'orders.urge': { zh: '催办', en: 'Urge' },
  'orders.flag': { zh: '标记敏感、群体、保密', en: 'Mark orders' },
  'orders.return': { zh: '申请退回', en: 'Return' },
  'orders.extend': { zh: '申请延期、挂起', en: 'Ask for extension or suspension' },
  'orders.pass-on': { zh: '转办下级、收回任务', en: 'Pass on to lower units' },
  'orders.coordinate': { zh: '会商指定承办', en: 'Settle the owner' },
  'orders.merge': { zh: '并案与拆分', en: 'Merge and unmerge' },
  'orders.approve': { zh: '审批延期、挂起、合理办结、剔除', en: 'Approve extensions, suspensions, closings, exclusions' },
  'orders.oversee': { zh: '督办', en: 'Oversee' },
  'orders.instruct': { zh: '批示', en: 'Instruct' },
  'orders.exclude': { zh: '申请剔除', en: 'Ask for exclusion' },
  'orders.reopen': { zh: '申请重启', en: 'Ask for reopening' },
  'orders.keep-views': { zh: '保存列表视图', en: 'Keep views of lists' },
  'orders.see-unit-desk': { zh: '查看单位负责人台', en: 'See what a unit holds' },
  'orders.see-duty': { zh: '查看值班台', en: 'See the night duty' },
  'orders.see-norm-boards': { zh: '查看规范看板', en: 'See the boards of norms' },
  'operations.see': { zh: '查看运行状态', en: 'See the running state' },
  'operations.see-load': { zh: '查看负载与响应统计', en: 'See load and response figures' },
} as const satisfies Record<string, Words>;

export type Permission = keyof typeof permissions;

export interface RoleFacts {
  readonly code: string;
  readonly name: Words;
  /** The scopes this role may be held in. */
  readonly scopes: readonly Scope[];
  readonly permissions: readonly Permission[];
}

const seeing = ['reference.read', 'orders.see', 'orders.keep-views'] as const;

/** The roles of DOMAIN §7. Deny by default: what is not listed is not allowed. */
export const roles = {
  agent: {
    code: 'R01',
    name: { zh: '话务员', en: 'Agent' },
    scopes: ['city', 'province'],
    permissions: [
      ...seeing,
      'appeals.file',
      'appeals.see-contact',
      'appeals.reveal-contact',
      'orders.accept',
      'orders.answer',
      'orders.urge',
      'orders.flag',
      'appeals.attach',
      'appeals.supplement',
      'appeals.mark-identifying',
    ],
  },
  'team-lead': {
    code: 'R02',
    name: { zh: '班长/质检', en: 'Team lead' },
    scopes: ['city', 'province'],
    permissions: [
      ...seeing,
      'orders.see-duty',
      'appeals.file',
      'appeals.attach',
      'appeals.supplement',
      'appeals.mark-identifying',
      'appeals.see-contact',
      'appeals.approve-reveal',
      'appeals.reveal-contact',
      'orders.accept',
      'orders.answer',
      'orders.refuse',
      'orders.urge',
      'orders.flag',
    ],
  },
  dispatcher: {
    code: 'R03',
    name: { zh: '派单员', en: 'Dispatcher' },
    scopes: ['city', 'province'],
    permissions: [
      ...seeing,
      'orders.see-duty',
      'appeals.see-contact',
      'orders.accept',
      'orders.refuse',
      'orders.dispatch',
      'orders.cancel',
      'orders.merge',
      'orders.pass-on',
      'orders.urge',
      'orders.flag',
      'appeals.mark-identifying',
    ],
  },
  reviewer: {
    code: 'R04',
    name: { zh: '审核员', en: 'Reviewer' },
    scopes: ['city', 'province'],
    permissions: [
      ...seeing,
      'appeals.see-contact',
      'orders.check',
      'orders.approve',
      'orders.exclude',
      'orders.flag',
      'appeals.mark-identifying',
    ],
  },
  'unit-liaison': {
    code: 'R05',
    name: { zh: '承办联络员', en: 'Unit liaison' },
    scopes: ['unit'],
    permissions: [...seeing, 'orders.see-unit-desk', 'orders.sign', 'orders.return', 'orders.extend', 'orders.pass-on'],
  },
  handler: {
    code: 'R06',
    name: { zh: '经办人', en: 'Handler' },
    scopes: ['unit'],
    permissions: [...seeing, 'orders.sign', 'orders.contact', 'orders.reply', 'orders.return', 'orders.extend', 'appeals.attach'],
  },
  'unit-reviewer': {
    code: 'R07',
    name: { zh: '单位审核人', en: 'Unit reviewer' },
    scopes: ['unit'],
    permissions: [...seeing, 'orders.see-unit-desk', 'orders.reply', 'orders.return', 'orders.extend', 'orders.pass-on', 'appeals.attach'],
  },
  'follow-up': {
    code: 'R08',
    name: { zh: '回访员', en: 'Follow-up agent' },
    scopes: ['city', 'province'],
    permissions: [...seeing, 'appeals.attach', 'appeals.supplement', 'appeals.see-contact', 'appeals.reveal-contact', 'orders.follow-up'],
  },
  supervisor: {
    code: 'R09',
    name: { zh: '督办员', en: 'Supervisor' },
    scopes: ['city', 'province'],
    permissions: [
      ...seeing,
      'orders.see-duty',
      'appeals.see-contact',
      'appeals.approve-reveal',
      'orders.archive',
      'orders.oversee',
      'orders.coordinate',
      'orders.approve',
      'orders.exclude',
      'orders.reopen',
      'orders.urge',
      'orders.flag',
      'operations.see-load',
      'orders.see-norm-boards',
      'reference.approve-catalogue',
    ],
  },
  'knowledge-editor': {
    code: 'R10',
    name: { zh: '知识库管理员', en: 'Knowledge editor' },
    scopes: ['city', 'province'],
    permissions: [...seeing],
  },
  'city-admin': {
    code: 'R11',
    name: { zh: '市管理员', en: 'City administrator' },
    scopes: ['city'],
    permissions: [
      ...seeing,
      'orders.see-duty',
      'appeals.import',
      'appeals.see-contact',
      'appeals.approve-reveal',
      'orders.archive',
      'identity.see-accounts',
      'orders.coordinate',
      'orders.approve',
      'operations.see-load',
      'orders.see-norm-boards',
      'reference.draft-norms',
      'reference.draft-catalogue',
    ],
  },
  'province-admin': {
    code: 'R12',
    name: { zh: '省管理员', en: 'Province administrator' },
    scopes: ['province'],
    permissions: [
      ...seeing,
      'orders.see-duty',
      'appeals.import',
      'appeals.see-contact',
      'appeals.approve-reveal',
      'orders.archive',
      'orders.see-norm-boards',
      'reference.draft-norms',
      'reference.draft-catalogue',
      'reference.import-calendar',
      'identity.see-accounts',
      'orders.coordinate',
      'orders.approve',
      'operations.see-load',
    ],
  },
  'system-admin': {
    code: 'R13',
    name: { zh: '系统管理员', en: 'System administrator' },
    scopes: ['operations'],
    permissions: [
      'reference.read',
      'identity.see-accounts',
      'identity.change-accounts',
      'identity.change-keys',
      'operations.see',
      'operations.see-load',
    ],
  },
  'security-admin': {
    code: 'R14',
    name: { zh: '安全管理员', en: 'Security administrator' },
    scopes: ['operations'],
    permissions: ['reference.read', 'identity.see-accounts', 'operations.see', 'operations.see-load'],
  },
  'audit-admin': {
    code: 'R15',
    name: { zh: '审计管理员', en: 'Audit administrator' },
    scopes: ['operations'],
    permissions: ['reference.read', 'audit.read', 'audit.verify'],
  },
  machine: {
    code: 'R16',
    name: { zh: '接口账号', en: 'Machine' },
    scopes: ['peer'],
    permissions: ['reference.read', 'appeals.file', 'appeals.attach', 'orders.see'],
  },
  operator: {
    code: 'R17',
    name: { zh: '运维工程师', en: 'Operator' },
    scopes: ['operations'],
    permissions: ['reference.read', 'operations.see', 'operations.see-load'],
  },
  'operations-manager': {
    code: 'R18',
    name: { zh: '运维经理', en: 'Operations manager' },
    scopes: ['operations'],
    permissions: ['reference.read', 'operations.see', 'operations.see-load'],
  },
  leader: {
    code: 'R19',
    name: { zh: '领导', en: 'Leader' },
    scopes: ['province', 'city'],
    permissions: [
      ...seeing,
      'orders.see-duty',
      'orders.see-norm-boards',
      'reference.approve-norms',
      'reference.approve-catalogue',
      'orders.instruct',
    ],
  },
  inspector: {
    code: 'R20',
    name: { zh: '督查专员', en: 'Inspector' },
    scopes: ['province', 'city'],
    permissions: [...seeing, 'orders.see-duty', 'orders.see-norm-boards'],
  },
  'training-admin': {
    code: 'R21',
    name: { zh: '培训管理员', en: 'Training administrator' },
    scopes: ['operations'],
    permissions: ['reference.read'],
  },
  citizen: {
    code: 'R22',
    name: { zh: '诉求人', en: 'Citizen' },
    scopes: ['self'],
    permissions: ['appeals.file', 'orders.rate', 'orders.urge', 'orders.withdraw'],
  },
} as const satisfies Record<string, RoleFacts>;

export type Role = keyof typeof roles;

/** Pairs that one person must not hold together (三员分立, DOMAIN §4 A6 and §7). */
export const forbiddenPairs: readonly (readonly [Role, Role])[] = [
  ['system-admin', 'security-admin'],
  ['system-admin', 'audit-admin'],
  ['security-admin', 'audit-admin'],
  ['dispatcher', 'unit-reviewer'],
];

/** Everything that the holder of these roles may do. */
export function permissionsOf(held: readonly Role[]): Set<Permission> {
  return new Set(held.flatMap((role) => roles[role].permissions as readonly Permission[]));
}
