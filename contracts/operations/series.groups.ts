import type { Words } from '../base/text.ts';

/** What is measured, in groups by what it is about. */
export const SERIES_GROUPS = {
  host: { zh: '主机', en: 'Host' },
  process: { zh: '进程', en: 'Process' },
  postgresql: { zh: 'PostgreSQL', en: 'PostgreSQL' },
  queues: { zh: '队列', en: 'Queues' },
  interfaces: { zh: '接口与依赖', en: 'Interfaces' },
  pages: { zh: '页面与请求', en: 'Pages' },
  business: { zh: '业务', en: 'Business' },
  other: { zh: '其他', en: 'Other' },
} as const satisfies Record<string, Words>;
export type SeriesGroup = keyof typeof SERIES_GROUPS;

const BY_NAME: readonly (readonly [RegExp, SeriesGroup])[] = [
  [/^(minsheng_(cpu|memory|disk|inodes|load|swap|host|clock)|node_)/, 'host'],
  [/^(minsheng_)?(nodejs|process|event_loop)_/, 'process'],
  [/^(pg_|minsheng_(db|backup|backups|archive|restore)_)/, 'postgresql'],
  [/^minsheng_(queue|subscriber|loop|jobs)_/, 'queues'],
  [/^(probe_|minsheng_(peer|sms|mail|refusals)_)/, 'interfaces'],
  [/^minsheng_(http|live|shed|response|requests|page)_/, 'pages'],
  [/^minsheng_(open_orders|orders|appeals|intake|filed|closed)/, 'business'],
];

/** The group of a metric, by its name; `other` where none is known. */
export function groupOf(name: string): SeriesGroup {
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
}
