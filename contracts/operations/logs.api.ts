import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { Bytes, IdText, Instant, OneOf, OrNull, PageOf, PlainText } from '../base/text.ts';
import { LEVEL_NAMES, QUERY_AT_MOST, type LevelName } from './logs.query.ts';

const tag = 'logs';
const closed = { additionalProperties: false } as const;

/** How long lines are kept and how much of them is handed out. */
export const LOG_KEPT_DAYS = 200;
export const EXPORT_AT_MOST = 1_000_000;
/** How much another program may send. */
export const LINES_AT_ONCE = 1000;
export const LINES_A_MINUTE = 60_000;
/** How many searches one person keeps, and how many are watched. */
export const OWN_SEARCHES = 50;
export const WATCHED_SEARCHES = 50;

const Level = OneOf(LEVEL_NAMES as [LevelName, ...LevelName[]]);
const TemplateId = Type.String({ pattern: '^[0-9a-f]{12}$' });

export const LogLine = Type.Object({
  at: Instant,
  seq: Type.Integer({ description: 'Tells lines of one instant apart' }),
  level: Level,
  source: Type.String(),
  module: Type.String(),
  template: TemplateId,
  message: Type.String(),
  requestId: OrNull(Type.String()),
  traceId: OrNull(Type.String()),
  accountId: OrNull(Type.String()),
  fields: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
});
export type LogLine = Static<typeof LogLine>;

const Query = PlainText({
  max: QUERY_AT_MOST,
  description: 'Conditions that must all hold: level>=warn module:http "timed out" -heartbeat status>=500',
});
const Asked = { q: Type.Optional(Query), from: Type.Optional(Instant), to: Type.Optional(Instant) };
const badQuery = ['operations.bad-log-query'] as const;

export const LogPattern = Type.Object({
  id: TemplateId,
  module: Type.String(),
  text: Type.String(),
  level: Level,
  firstAt: Instant,
  lastAt: Instant,
  day: Type.Integer({ description: 'Lines within 24 hours' }),
  hour: Type.Integer({ description: 'Lines within the last hour' }),
  usual: Type.Number({ description: 'Lines in a usual hour of the day before' }),
  hours: Type.Array(Type.Integer(), { description: 'Lines of each of the last 24 hours, the newest last' }),
  isNew: Type.Boolean(),
});
export type LogPattern = Static<typeof LogPattern>;

export const PATTERN_LISTS = ['frequent', 'new', 'rising'] as const;

export const LogSource = Type.Object({
  name: Type.String(),
  kind: OneOf(['node', 'postgresql', 'program']),
  heardAt: Instant,
  silentSeconds: Type.Integer(),
  silent: Type.Boolean(),
});
export type LogSource = Static<typeof LogSource>;

const search = { name: PlainText({ min: 1, max: 40 }), query: Query, shared: Type.Boolean() };
export const LogSearch = Type.Object({
  id: IdText,
  ...search,
  watched: Type.Boolean({ description: 'Counted every 15 s as minsheng_log_lines{watch="<name>"}' }),
  own: Type.Boolean(),
  by: Type.String(),
  changedAt: Instant,
});
export type LogSearch = Static<typeof LogSearch>;

/** What another program sends: logs in the JSON of OTLP/HTTP, or (as `application/x-ndjson`) one JSON object a line. */
const Shipment = Type.Object(
  {
    resourceLogs: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()), { maxItems: 100 })),
    lines: Type.Optional(Type.String({ description: 'The body of a request of NDJSON' })),
  },
  closed,
);
export type Shipment = Static<typeof Shipment>;

export const logsApi = {
  search: route({
    method: 'GET',
    path: '/api/operations/logs',
    tag,
    access: 'operations.see',
    summary: { zh: '检索日志，最新的在前', en: 'Search the log, newest first' },
    query: Type.Object({
      ...Asked,
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 100 })),
      cursor: Type.Optional(PlainText({ max: 60 })),
    }),
    reply: Type.Object({
      ...PageOf(LogLine).properties,
      searchedTo: OrNull(Type.String({ description: 'Where a long search paused; nextCursor goes on from there' })),
    }),
    errors: badQuery,
  }),
  histogram: route({
    method: 'GET',
    path: '/api/operations/logs/histogram',
    tag,
    access: 'operations.see',
    summary: { zh: '日志数量分布', en: 'How many lines there were, over time' },
    query: Type.Object({ q: Type.Optional(Query), from: Instant, to: Instant }),
    reply: Type.Object({
      stepSeconds: Type.Integer(),
      bars: Type.Array(Type.Object({ at: Instant, lines: Type.Integer(), warnings: Type.Integer(), errors: Type.Integer() })),
      countedFrom: OrNull(Type.String({ description: 'Where counting paused; nothing older is counted' })),
    }),
    errors: ['operations.bad-log-query', 'base.span-too-long'],
  }),
  around: route({
    method: 'GET',
    path: '/api/operations/logs/around',
    tag,
    access: 'operations.see',
    summary: { zh: '同一来源的前后日志', en: 'The lines before and after one, of its source' },
    query: Type.Object({ source: PlainText({ min: 1, max: 100 }), at: Instant, seq: Type.Integer({ minimum: 0 }) }),
    reply: Type.Object({ items: Type.Array(LogLine) }),
  }),
  request: route({
    method: 'GET',
    path: '/api/operations/logs/requests/:request',
    tag,
    access: 'operations.see',
    summary: { zh: '一个请求的全部日志', en: 'All lines of a request, in their order' },
    params: Type.Object({ request: PlainText({ min: 1, max: 100 }) }),
    reply: Type.Object({ items: Type.Array(LogLine) }),
  }),
  export: route({
    method: 'GET',
    path: '/api/operations/logs/export',
    tag,
    access: 'operations.see',
    summary: { zh: '导出日志', en: 'Export what a search finds' },
    query: Type.Object({ ...Asked, format: OneOf(['csv', 'ndjson']) }),
    reply: Bytes,
    errors: badQuery,
  }),
  ship: route({
    method: 'POST',
    path: '/api/operations/logs',
    tag,
    access: 'operations.ship-logs',
    summary: { zh: '其他程序送入日志', en: 'Lines of another program: NDJSON, or logs of OTLP/HTTP as JSON' },
    body: Shipment,
    reply: Type.Object({
      accepted: Type.Integer(),
      partialSuccess: Type.Object({ rejectedLogRecords: Type.Integer() }, { description: 'As OTLP/HTTP answers' }),
    }),
    errors: ['operations.bad-log-lines', 'operations.too-many-log-lines', 'operations.too-many-lines-a-minute'],
  }),
  patterns: route({
    method: 'GET',
    path: '/api/operations/log-patterns',
    tag,
    access: 'operations.see',
    summary: { zh: '日志模式', en: 'Patterns of the log' },
    query: Type.Object({ list: OneOf(PATTERN_LISTS) }),
    reply: Type.Object({ items: Type.Array(LogPattern) }),
  }),
  sources: route({
    method: 'GET',
    path: '/api/operations/log-sources',
    tag,
    access: 'operations.see',
    summary: { zh: '日志来源', en: 'Who sends lines' },
    reply: Type.Object({ items: Type.Array(LogSource) }),
  }),
  searches: route({
    method: 'GET',
    path: '/api/operations/log-searches',
    tag,
    access: 'operations.see',
    summary: { zh: '保存的检索：本人的和共享的', en: 'Saved searches: own ones and shared ones' },
    reply: Type.Object({ items: Type.Array(LogSearch) }),
  }),
  save: route({
    method: 'POST',
    path: '/api/operations/log-searches',
    tag,
    access: 'operations.see',
    status: 201,
    summary: { zh: '保存检索', en: 'Save a search' },
    body: Type.Object(search, closed),
    reply: LogSearch,
    errors: ['operations.bad-log-query', 'operations.search-name-taken', 'operations.too-many-searches'],
  }),
  remove: route({
    method: 'DELETE',
    path: '/api/operations/log-searches/:id',
    tag,
    access: 'operations.see',
    summary: { zh: '删除本人的检索', en: 'Delete an own search' },
    params: Type.Object({ id: IdText }),
    status: 204,
    reply: Type.Null(),
  }),
  watch: route({
    method: 'POST',
    path: '/api/operations/log-searches/:id/watch',
    tag,
    access: 'operations.handle',
    summary: { zh: '关注或不再关注一个检索', en: 'Watch a search, or no longer' },
    params: Type.Object({ id: IdText }),
    body: Type.Object({ watched: Type.Boolean() }, closed),
    reply: LogSearch,
    errors: ['operations.search-name-taken', 'operations.too-many-searches'],
  }),
} as const;
