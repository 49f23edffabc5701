import { pino, type Logger } from 'pino';

export type Log = Logger;

/**
 * One JSON line each, on standard output. Level by who must act: error = somebody now, warn = somebody soon,
 * info = nobody. Bodies of requests are never written; what might hold personal data is cut out by path.
 */
export function createLog(level: string): Log {
  return pino({
    level,
    base: { app: 'minsheng' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // What an error says and where; never the connection or the statement's values that drivers hang on it.
    serializers: { err: errorFacts },
    redact: { paths: ['*.password', '*.secret', '*.token', '*.phone', '*.idNumber', 'headers', 'body'], remove: true },
  });
}

function errorFacts(error: Error & { code?: string; constraint?: string }): Record<string, unknown> {
  return { type: error.name, message: error.message, code: error.code, constraint: error.constraint, stack: error.stack };
}
