import type { LoadClass, Route } from './route.ts';

/** The classes in the order in which they are given up, last first. */
export const LOAD_CLASSES = ['submit', 'handling', 'query', 'heavy'] as const satisfies readonly LoadClass[];

export const loadNames = {
  submit: { zh: '提交', en: 'Filing' },
  handling: { zh: '办理', en: 'Handling' },
  query: { zh: '查询', en: 'Queries' },
  heavy: { zh: '导入导出与统计', en: 'Imports, exports and reports' },
} as const;

/** What 95 of 100 answers should stay within, in milliseconds. */
export const RESPONSE_TARGETS: Readonly<Record<LoadClass, number>> = { submit: 300, handling: 500, query: 500, heavy: 15_000 };

/** The class of a route: what it says itself, or what its method and path tell. */
export function loadOf(route: Pick<Route, 'method' | 'path' | 'load' | 'upload'>): LoadClass {
  if (route.load) return route.load;
  const { method, path } = route;
  if (method === 'POST' && (/^\/api\/(portal|appeals|emergency)\b/.test(path) || path === '/api/session')) {
    return /\/(look-up|contact)$/.test(path) ? 'handling' : 'submit';
  }
  if (route.upload || /\/(export|report|verify|trial)s?$/.test(path)) return 'heavy';
  if (method !== 'GET' || path.startsWith('/api/session') || /^\/api\/orders\/:id\b/.test(path)) return 'handling';
  return 'query';
}
