import type { Words } from '../base/text.ts';
import type { InspectionObject, Outcome, UnitOfValue, Verdict } from './inspections.api.ts';

/** What is inspected, what it comes to and what a person may say of it, as people read it: on the screen and on paper. */
export const inspectionNames = {
  objects: {
    server: { zh: '服务器', en: 'Server' },
    node: { zh: '节点与中间件', en: 'Nodes' },
    interface: { zh: '接口', en: 'Interfaces' },
    business: { zh: '业务', en: 'Business' },
    security: { zh: '安全', en: 'Security' },
    telecom: { zh: '话务', en: 'Telephony' },
    database: { zh: '数据库', en: 'Database' },
  },
  outcomes: {
    open: { zh: '待检', en: 'To be checked' },
    ok: { zh: '正常', en: 'Good' },
    yellow: { zh: '黄', en: 'Yellow' },
    red: { zh: '红', en: 'Red' },
    unreadable: { zh: '读不到', en: 'Not readable' },
    'not-applicable': { zh: '不适用', en: 'Not applicable' },
  },
  verdicts: {
    ok: { zh: '正常', en: 'Good' },
    abnormal: { zh: '异常', en: 'Abnormal' },
    'not-applicable': { zh: '不适用', en: 'Not applicable' },
  },
} as const satisfies {
  objects: Record<InspectionObject, Words>;
  outcomes: Record<Outcome, Words>;
  verdicts: Record<Verdict, Words>;
};

const UNIT_WORDS: Readonly<Record<UnitOfValue, Words>> = {
  percent: { zh: '%', en: '%' },
  seconds: { zh: ' 秒', en: ' s' },
  milliseconds: { zh: ' 毫秒', en: ' ms' },
  bytes: { zh: '', en: '' },
  gigabytes: { zh: ' GB', en: ' GB' },
  count: { zh: '', en: '' },
  million: { zh: ' 百万', en: ' million' },
  days: { zh: ' 天', en: ' d' },
  ratio: { zh: '', en: '' },
};

/** A value with its unit: 82.5%, 12 秒, 1.2 GB. */
export function valueText(value: number, unit: UnitOfValue | null, language: 'zh' | 'en'): string {
  if (unit === 'bytes') return bytesOf(value);
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 1 : 3;
  return `${Number(value.toFixed(digits))}${unit === null ? '' : UNIT_WORDS[unit][language]}`;
}

function bytesOf(bytes: number): string {
  const names = ['B', 'KB', 'MB', 'GB', 'TB'];
  let place = 0;
  let left = bytes;
  for (; Math.abs(left) >= 1024 && place < names.length - 1; place++) left /= 1024;
  return `${Number(left.toFixed(place === 0 ? 0 : 1))} ${names[place]}`;
}
