import { createHash } from 'node:crypto';
import type { Role } from '#contracts/permissions.ts';
import { idFor } from '../kernel/ids.ts';

/** The one password of the demo; outside of the demo no account has a password that anybody else knows. */
export const DEMO_PASSWORD = 'Minsheng#2026';

export interface DemoPerson {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly what: string;
  readonly roles: readonly Role[];
  readonly scope: 'province' | 'city' | 'unit' | 'operations';
  readonly region: string | null;
  readonly unitCode: string | null;
  readonly mustChangePassword: false;
  /** Named in the list of log-ins that the start prints. */
  readonly shown: boolean;
}

const CITIES: readonly [string, string, string][] = [
  ['320100', 'nanjing', '南京'],
  ['320200', 'wuxi', '无锡'],
  ['320300', 'xuzhou', '徐州'],
  ['320400', 'changzhou', '常州'],
  ['320500', 'suzhou', '苏州'],
  ['320600', 'nantong', '南通'],
  ['320700', 'lianyungang', '连云港'],
  ['320800', 'huaian', '淮安'],
  ['320900', 'yancheng', '盐城'],
  ['321000', 'yangzhou', '扬州'],
  ['321100', 'zhenjiang', '镇江'],
  ['321200', 'taizhou', '泰州'],
  ['321300', 'suqian', '宿迁'],
];

const HOTLINE: readonly [string, readonly Role[], string][] = [
  ['agent', ['agent'], '话务员'],
  ['lead', ['team-lead'], '班长'],
  ['dispatcher', ['dispatcher'], '派单员'],
  ['reviewer', ['reviewer'], '审核员'],
  ['followup', ['follow-up'], '回访员'],
  ['supervisor', ['supervisor'], '督办员'],
  ['admin', ['city-admin'], '市管理员'],
];

const PROVINCE: readonly [string, readonly Role[], DemoPerson['scope'], string][] = [
  ['province.admin', ['province-admin'], 'province', '省管理员'],
  ['province.leader', ['leader'], 'province', '省领导'],
  ['province.agent', ['agent'], 'province', '省平台话务员'],
  ['province.dispatcher', ['dispatcher'], 'province', '省平台派单员'],
  ['province.inspector', ['inspector'], 'province', '督查专员'],
  ['province.knowledge', ['knowledge-editor'], 'province', '知识库管理员'],
  ['system.admin', ['system-admin'], 'operations', '系统管理员'],
  ['security.admin', ['security-admin'], 'operations', '安全管理员'],
  ['audit.admin', ['audit-admin'], 'operations', '审计管理员'],
  ['operator', ['operator'], 'operations', '运维工程师'],
  ['operations.manager', ['operations-manager'], 'operations', '运维经理'],
  ['training.admin', ['training-admin'], 'operations', '培训管理员'],
];

/** Everybody of the demo: the province's people, each city's hotline, and a handler and a reviewer at each unit that has orders. */
export function peopleOfDemo(
  names: { staff: readonly string[] },
  units: readonly string[],
  busyUnits: readonly string[],
  unitName: (code: string) => string,
): DemoPerson[] {
  let drawn = 0;
  const nextName = () => names.staff[drawn++ % names.staff.length]!;
  const person = (
    login: string,
    what: string,
    roles: readonly Role[],
    scope: DemoPerson['scope'],
    place: { region?: string; unitCode?: string },
    shown: boolean,
  ): DemoPerson => ({
    id: idFor(Date.parse('2026-01-01T00:00:00Z'), createHash('sha256').update(`demo/${login}`).digest()),
    login,
    name: nextName(),
    what,
    roles,
    scope,
    region: place.region ?? null,
    unitCode: place.unitCode ?? null,
    mustChangePassword: false,
    shown,
  });
  return [
    ...CITIES.flatMap(([region, key, city]) =>
      HOTLINE.map(([role, roles, what]) => person(`${role}.${key}`, `${city}市 ${what}`, roles, 'city', { region }, key === 'nanjing')),
    ),
    ...units.flatMap((code) => [
      person(
        `handler.${code}`,
        `${unitName(code)} 联络员、经办人`,
        ['unit-liaison', 'handler'],
        'unit',
        { unitCode: code },
        busyUnits.includes(code),
      ),
      person(`unitlead.${code}`, `${unitName(code)} 单位审核人`, ['unit-reviewer'], 'unit', { unitCode: code }, false),
    ]),
    ...PROVINCE.map(([login, roles, scope, what]) => person(login, what, roles, scope, {}, true)),
  ];
}
