import { flatten, levelName, levelOf, instantOf, lineOfObject, type Line } from './lines.rules.ts';

// The JSON of OTLP/HTTP (opentelemetry-proto, logs/v1): 64-bit numbers are text, values stand in one field named by their type.
interface AnyValue {
  readonly stringValue?: unknown;
  readonly boolValue?: unknown;
  readonly intValue?: unknown;
  readonly doubleValue?: unknown;
  readonly arrayValue?: { readonly values?: unknown };
  readonly kvlistValue?: { readonly values?: unknown };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

const DEPTH_AT_MOST = 4;

function valueOf(told: unknown, depth = 0): unknown {
  const value = objectOf(told) as AnyValue;
  if (typeof value.stringValue === 'string') return value.stringValue;
  if (value.boolValue !== undefined) return value.boolValue === true;
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.doubleValue !== undefined) return Number(value.doubleValue);
  if (depth >= DEPTH_AT_MOST) return undefined;
  if (value.arrayValue) return listOf(value.arrayValue.values).map((one) => valueOf(one, depth + 1));
  if (value.kvlistValue) return attributesOf(value.kvlistValue.values, depth + 1);
  return undefined;
}

function attributesOf(told: unknown, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    listOf(told)
      .map(objectOf)
      .map((one) => [typeof one['key'] === 'string' ? one['key'] : '', valueOf(one['value'], depth)]),
  );
}

/** The lines of an OTLP request, and how many records said nothing. */
export function linesOfOtlp(resourceLogs: readonly unknown[], receivedMs: number): { lines: Line[]; rejected: number } {
  const lines: Line[] = [];
  let rejected = 0;
  for (const resource of resourceLogs.map(objectOf)) {
    const about = attributesOf(objectOf(resource['resource'])['attributes']);
    for (const scope of listOf(resource['scopeLogs']).map(objectOf)) {
      const logger = objectOf(scope['scope'])['name'];
      for (const record of listOf(scope['logRecords']).map(objectOf)) {
        const line = lineOfRecord(record, about, typeof logger === 'string' ? logger : '', receivedMs);
        if (line) lines.push(line);
        else rejected++;
      }
    }
  }
  return { lines, rejected };
}

function lineOfRecord(record: Record<string, unknown>, about: Record<string, unknown>, logger: string, receivedMs: number): Line | null {
  const body = valueOf(record['body']);
  const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
  if (text === undefined) return null;
  const attributes = attributesOf(record['attributes']);
  const line = lineOfObject({ ...attributes, msg: text, module: logger || about['service.name'] }, receivedMs);
  return (
    line && {
      ...line,
      atMs: instantOf(millisOf(record['timeUnixNano'] ?? record['observedTimeUnixNano']), receivedMs),
      level: levelOfSeverity(record['severityNumber'], record['severityText']),
      traceId: typeof record['traceId'] === 'string' && record['traceId'] ? record['traceId'].slice(0, 100) : line.traceId,
      fields: { ...flatten(about), ...line.fields },
    }
  );
}

/** Nanoseconds are more than a number holds exactly. */
function millisOf(nanos: unknown): number {
  const text = String(nanos);
  return /^\d{7,19}$/.test(text) ? Number(text.slice(0, -6)) : NaN;
}

/** OTLP ranks from 1 to 24, four for each level; here ten for each. */
function levelOfSeverity(rank: unknown, text: unknown): number {
  if (typeof rank === 'number' && rank >= 1 && rank <= 24) return (Math.floor((rank - 1) / 4) + 1) * 10;
  return levelOf(text);
}

const SEVERITY = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 } as const;

/** Lines as an OTLP request of a source. */
export function otlpOf(source: string, lines: readonly Line[]): unknown {
  const attribute = (key: string, value: string | number | boolean) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value }
        : typeof value === 'boolean'
          ? { boolValue: value }
          : Number.isInteger(value)
            ? { intValue: String(value) }
            : { doubleValue: value },
  });
  const byModule = Map.groupBy(lines, (line) => line.module);
  return {
    resourceLogs: [
      {
        resource: { attributes: [attribute('service.name', 'minsheng'), attribute('service.instance.id', source)] },
        scopeLogs: [...byModule].map(([module, some]) => ({
          scope: { name: module },
          logRecords: some.map((line) => ({
            timeUnixNano: `${line.atMs}000000`,
            severityNumber: SEVERITY[levelName(line.level)],
            severityText: levelName(line.level).toUpperCase(),
            body: { stringValue: line.message },
            attributes: [
              ...Object.entries(line.fields).map(([key, value]) => attribute(key, value)),
              ...(line.requestId === null ? [] : [attribute('requestId', line.requestId)]),
              ...(line.accountId === null ? [] : [attribute('accountId', line.accountId)]),
            ],
            ...(line.traceId !== null && /^[0-9a-f]{32}$/.test(line.traceId) ? { traceId: line.traceId } : {}),
          })),
        })),
      },
    ],
  };
}
