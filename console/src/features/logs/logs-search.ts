import { PATTERN_LISTS } from '#contracts/operations/logs.api.ts';
import { QUERY_AT_MOST } from '#contracts/operations/logs.query.ts';

/** How far back a search reaches when no instants are given. */
export const SPANS = {
  '15m': 900_000,
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
  '200d': 200 * 86_400_000,
} as const;
export type SpanName = keyof typeof SPANS;

/** What is looked for, as it stands in the address. */
export interface LogsSearch {
  readonly q?: string;
  readonly span?: SpanName;
  readonly from?: string;
  readonly to?: string;
}

const instant = (value: unknown) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;

export function logsFrom(search: Record<string, unknown>): LogsSearch {
  const { q, span } = search;
  const [from, to] = [instant(search['from']), instant(search['to'])];
  return {
    ...(typeof q === 'string' && q !== '' ? { q: q.slice(0, QUERY_AT_MOST) } : {}),
    ...(typeof span === 'string' && span in SPANS ? { span: span as SpanName } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
}

export interface PatternsSearch {
  readonly list?: (typeof PATTERN_LISTS)[number];
}

export function patternsFrom(search: Record<string, unknown>): PatternsSearch {
  const list = PATTERN_LISTS.find((one) => one === search['list']);
  return list ? { list } : {};
}

export interface AroundSearch {
  readonly source: string;
  readonly at: string;
  readonly seq: string;
}

export function aroundFrom(search: Record<string, unknown>): AroundSearch {
  const { source, seq } = search;
  return {
    source: typeof source === 'string' ? source.slice(0, 100) : '',
    at: instant(search['at']) ?? new Date(0).toISOString(),
    seq: typeof seq === 'string' && /^\d{1,16}$/.test(seq) ? seq : '0',
  };
}
