import type { CodeFacts } from '../base/base.codes.ts';
import type { Words } from '../base/text.ts';
import type { QueryFaultCode } from './logs.query.ts';

/** What is wrong with a query of the log. */
export const queryFaults: Readonly<Record<QueryFaultCode, Words>> = {
  'unclosed-quote': { zh: '引号没有结束', en: 'a quote is not closed' },
  'empty-value': { zh: '缺少要查的内容', en: 'there is nothing to look for' },
  'unknown-level': { zh: '级别应为 trace、debug、info、warn、error、fatal', en: 'a level is trace, debug, info, warn, error or fatal' },
  'not-a-number': { zh: '比较大小时应为数字', en: 'a comparison needs a number' },
  'not-comparable': { zh: '此项只能用冒号', en: 'this one is asked for by a colon only' },
  'bad-template': { zh: '模式编号应为 12 位十六进制', en: 'a pattern is named by 12 hexadecimal digits' },
  'too-many': { zh: '条件过多', en: 'there are too many conditions' },
};

/** Refusals of the log. */
export const logsCodes = {
  'operations.bad-log-query': {
    kind: 'invalid',
    text: { zh: '查询第 {place} 个字起无法识别：{what}', en: 'The query cannot be read from character {place} on: {what}' },
  },
  'operations.bad-log-lines': {
    kind: 'invalid',
    text: {
      zh: '日志无法识别：每行一个 JSON 对象（NDJSON），或 OTLP/HTTP 的 JSON 日志',
      en: 'The lines cannot be read: one JSON object a line (NDJSON), or logs in the JSON of OTLP/HTTP',
    },
  },
  'operations.too-many-log-lines': {
    kind: 'too-large',
    text: { zh: '一次最多 {limit} 条日志', en: 'At most {limit} lines at once' },
  },
  'operations.too-many-lines-a-minute': {
    kind: 'limited',
    text: {
      zh: '每个接口密钥每分钟最多 {limit} 条日志，请稍后再发',
      en: 'A key may send {limit} lines a minute; please send the rest later',
    },
  },
  'operations.search-name-taken': {
    kind: 'conflict',
    text: { zh: '已有同名的检索，请换一个名称', en: 'There is a search of this name already; please choose another' },
  },
  'operations.too-many-searches': {
    kind: 'conflict',
    text: { zh: '最多保存 {limit} 个检索，请先删除不用的', en: 'At most {limit} searches are kept; please delete some' },
  },
} as const satisfies Record<string, CodeFacts>;
