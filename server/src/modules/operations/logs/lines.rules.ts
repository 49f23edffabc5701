import { LEVELS } from '#contracts/operations/logs.query.ts';

export type FieldValue = string | number | boolean;

/** A line as it is kept, before it has its place in a batch. */
export interface Line {
  readonly atMs: number;
  readonly level: number;
  readonly module: string;
  readonly message: string;
  readonly requestId: string | null;
  readonly traceId: string | null;
  readonly accountId: string | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

export const MESSAGE_AT_MOST = 4000;
const FIELDS_AT_MOST = 40;
const VALUE_AT_MOST = 8000;
const NAME_AT_MOST = 100;
const DEPTH_AT_MOST = 4;
/** Lines older than this were written before they could be sent in time; they are filed under their arrival. */
const LATE_MS = 20 * 3_600_000;
const EARLY_MS = 5 * 60_000;

/** Text that the database takes: without NUL and lone surrogates, cut where it is too long. */
export function tidy(text: string, most: number): string {
  const short = text.length > most ? text.slice(0, most) : text;
  return short.replaceAll('\0', '').toWellFormed();
}

/** A level by its number or its name in any logger's words. */
export function levelOf(level: unknown): number {
  if (typeof level === 'number' && Number.isFinite(level)) return Math.max(1, Math.min(100, Math.round(level)));
  if (typeof level !== 'string') return LEVELS.info;
  const name = level.toLowerCase();
  return WORDS.find(([word]) => name.startsWith(word))?.[1] ?? LEVELS.info;
}

const WORDS: readonly (readonly [string, number])[] = [
  ['trac', LEVELS.trace],
  ['debug', LEVELS.debug],
  ['info', LEVELS.info],
  ['notice', LEVELS.info],
  ['warn', LEVELS.warn],
  ['err', LEVELS.error],
  ['crit', LEVELS.fatal],
  ['alert', LEVELS.fatal],
  ['emerg', LEVELS.fatal],
  ['fatal', LEVELS.fatal],
  ['panic', LEVELS.fatal],
];

/** The name a rank is shown by: the highest level it reaches. */
export function levelName(level: number): keyof typeof LEVELS {
  const names = Object.keys(LEVELS) as (keyof typeof LEVELS)[];
  return names.findLast((name) => LEVELS[name] <= level) ?? 'trace';
}

/**
 * A line of JSON as pino and its like write it; null where it is none. `receivedMs` stands for an instant that is absent or far
 * off.
 */
export function lineOfJson(text: string, receivedMs: number): Line | null {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return null;
  }
  return typeof told === 'object' && told !== null && !Array.isArray(told)
    ? lineOfObject(told as Record<string, unknown>, receivedMs)
    : null;
}

/** As {@link lineOfJson}, of what was read already. What an error says is part of the message, so that it is searched and folded too. */
export function lineOfObject(told: Record<string, unknown>, receivedMs: number): Line | null {
  const {
    time,
    timestamp,
    level,
    severity,
    msg,
    message,
    module,
    logger,
    loop,
    job,
    requestId,
    traceId,
    trace_id,
    accountId,
    app: _,
    ...rest
  } = told;
  const said = [msg, message].find((one) => typeof one === 'string') as string | undefined;
  if (said === undefined) return null;
  const fields = flatten({
    ...rest,
    ...(typeof loop === 'string' ? { loop } : {}),
    ...(typeof job === 'string' ? { job } : {}),
    ...(typeof msg === 'string' && message !== undefined ? { message } : {}),
  });
  const cause = fields['err.message'];
  return {
    atMs: instantOf(time ?? timestamp, receivedMs),
    level: levelOf(level ?? severity),
    module: tidy(([module, logger, job, loop].find((one) => typeof one === 'string' && one !== '') as string) ?? '', NAME_AT_MOST),
    message: tidy(typeof cause === 'string' && cause !== said ? `${said}: ${cause}` : said, MESSAGE_AT_MOST),
    requestId: idText(requestId),
    traceId: idText(traceId ?? trace_id),
    accountId: idText(accountId),
    fields,
  };
}

/** When a line was written, unless that is too far from when it came to be filed there. */
export function instantOf(told: unknown, receivedMs: number): number {
  const ms = typeof told === 'number' ? told : typeof told === 'string' ? Date.parse(told) : NaN;
  return ms >= receivedMs - LATE_MS && ms <= receivedMs + EARLY_MS ? Math.floor(ms) : receivedMs;
}

function idText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? tidy(value, NAME_AT_MOST) : null;
}

/** Nested fields under dotted names, scalars only, as many and as long as are kept. */
export function flatten(told: Readonly<Record<string, unknown>>): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = {};
  let room = FIELDS_AT_MOST;
  const put = (name: string, value: unknown, depth: number): void => {
    if (room === 0 || value === null || value === undefined) return;
    if (typeof value === 'object' && !Array.isArray(value) && depth < DEPTH_AT_MOST) {
      for (const [key, inner] of Object.entries(value)) put(name ? `${name}.${key}` : key, inner, depth + 1);
      return;
    }
    const key = tidy(name, NAME_AT_MOST);
    if (key === '' || key in fields) return;
    // What is no exact number here is none to the database either.
    if (typeof value === 'number')
      fields[key] = Number.isInteger(value)
        ? Number.isSafeInteger(value)
          ? value
          : String(value)
        : Number.isFinite(value)
          ? value
          : String(value);
    else if (typeof value === 'boolean') fields[key] = value;
    else fields[key] = tidy(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), VALUE_AT_MOST);
    room--;
  };
  put('', told, 0);
  return fields;
}
