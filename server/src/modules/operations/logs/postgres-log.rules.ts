import { LEVELS } from '#contracts/operations/logs.query.ts';
import { tidy, MESSAGE_AT_MOST, type Line } from './lines.rules.ts';

/** As the embedded server begins its lines: `2026-11-24 10:00:00.123 UTC [77] LOG:  …`. */
const ENTRY = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)? UTC \[(\d+)\] ([A-Z0-9]+):\s+(.*)$/;

const LEVEL: Readonly<Record<string, number>> = {
  DEBUG1: LEVELS.debug,
  DEBUG2: LEVELS.debug,
  DEBUG3: LEVELS.debug,
  DEBUG4: LEVELS.debug,
  DEBUG5: LEVELS.debug,
  LOG: LEVELS.info,
  INFO: LEVELS.info,
  NOTICE: LEVELS.info,
  WARNING: LEVELS.warn,
  ERROR: LEVELS.error,
  FATAL: LEVELS.fatal,
  PANIC: LEVELS.fatal,
};

/** What a statement compares with, and what a message quotes, may be somebody's data. */
function withoutValues(text: string): string {
  return text.replaceAll(/'(?:[^']|'')*'/g, '?').replaceAll(/^(invalid input .*?: )".*"$/gs, '$1?');
}

/**
 * The entries of a piece of PostgreSQL's log. DETAIL, HINT, CONTEXT and STATEMENT are left out: they hold rows and parameters.
 * `used` is how many characters were read; an entry whose end has not been written yet waits.
 */
export function linesOfPostgres(text: string, last: boolean): { lines: Line[]; used: number } {
  const entries: { head: RegExpExecArray; more: string[] }[] = [];
  let used = 0;
  let entryAt = 0;
  for (let at = 0; ;) {
    const end = text.indexOf('\n', at);
    if (end < 0) break;
    const row = text.slice(at, end);
    const head = ENTRY.exec(row);
    if (head) {
      entries.push({ head, more: [] });
      entryAt = at;
    } else if (row.startsWith('\t')) entries.at(-1)?.more.push(row.slice(1));
    at = end + 1;
    used = at;
  }
  // The rows that belong to the last entry may still come.
  if (!last && entries.length > 1) {
    entries.pop();
    used = entryAt;
  }
  const lines = entries.flatMap(({ head: [, day, time, fraction = '', pid, severity = '', said = ''], more }) => {
    const level = LEVEL[severity];
    if (level === undefined) return [];
    return [
      {
        atMs: Date.parse(`${day}T${time}${fraction.slice(0, 4)}Z`),
        level,
        module: 'postgresql',
        message: tidy(withoutValues([said, ...more].join('\n')), MESSAGE_AT_MOST),
        requestId: null,
        traceId: null,
        accountId: null,
        fields: { pid: Number(pid), severity },
      },
    ];
  });
  return { lines, used };
}
