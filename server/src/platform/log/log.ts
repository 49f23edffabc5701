import { AsyncLocalStorage } from 'node:async_hooks';
import { multistream, pino, type Logger } from 'pino';

export type Log = Logger;

/** What every line that is written while a request is at work carries. */
export interface LogContext {
  readonly requestId: string;
  readonly traceId?: string;
  /** Known once who asks is known. */
  accountId?: string;
}

/** The request that is at work. */
export const logContext = new AsyncLocalStorage<LogContext>();

/** Where lines also go, besides standard output; nothing it does may write a line or throw. */
export interface Outlet {
  write(line: string): void;
}

/**
 * One JSON line each, on standard output and, where there is one, to an outlet. Level by who must act: error = somebody now,
 * warn = somebody soon, info = nobody. Bodies of requests are never written; what might hold personal data is cut out by path.
 */
export function createLog(level: string, outlet?: Outlet): Log {
  return pino(
    {
      level,
      base: { app: 'minsheng' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => ({ ...logContext.getStore() }),
      // What an error says and where; never the connection or the statement's values that drivers hang on it.
      serializers: { err: errorFacts },
      redact: { paths: ['*.password', '*.secret', '*.token', '*.phone', '*.idNumber', 'headers', 'body'], remove: true },
    },
    outlet
      ? multistream([
          { level: 'trace', stream: process.stdout },
          { level: 'trace', stream: outlet },
        ])
      : pino.destination(1),
  );
}

function errorFacts(error: Error & { code?: string; constraint?: string }): Record<string, unknown> {
  return { type: error.name, message: error.message, code: error.code, constraint: error.constraint, stack: error.stack };
}
