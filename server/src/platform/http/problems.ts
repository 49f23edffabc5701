import type { ErrorObject } from 'ajv';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS, type CodeFacts } from '#contracts/base/base.codes.ts';
import type { Problem } from '#contracts/base/problem.ts';
import { codes, textOf, type ErrorCode } from '#contracts/codes.ts';
import { Refusal, type RefusalFacts } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { fieldFaults } from './validation.ts';

/** The caller's language: Chinese unless English is asked for first. */
export function languageOf(request: FastifyRequest): 'zh' | 'en' {
  const wanted = request.headers['accept-language'] ?? '';
  return /^\s*en\b/i.test(wanted) ? 'en' : 'zh';
}

/** RFC 9457 document of a refusal. */
export function problemOf(facts: RefusalFacts, language: 'zh' | 'en', incidentId: string): Problem {
  const known: CodeFacts = codes[facts.code];
  return {
    type: `/api/docs#${facts.code}`,
    title: textOf(facts.code, language, facts.params),
    status: STATUS[known.kind],
    code: facts.code,
    incidentId,
    ...(facts.fields && facts.fields.length > 0
      ? {
          fields: facts.fields.map((field) => ({
            path: field.path,
            code: field.code,
            message: textOf(field.code, language, field.params),
          })),
        }
      : {}),
    ...facts.extra,
  };
}

interface RequestFault {
  validation?: readonly ErrorObject[];
  validationContext?: string;
  statusCode?: number;
  code?: string;
}

/** Says every error in one form. What people caused is refused; what we caused is logged under its incident id. */
export function createErrorHandler(log: Log, metrics: Metrics) {
  return (error: Error & RequestFault, request: FastifyRequest, reply: FastifyReply): void => {
    const facts = error instanceof Refusal ? error.facts : fromRequest(error);
    const incidentId = newId();
    const problem = problemOf(facts, languageOf(request), incidentId);
    metrics.refusals.inc({ code: facts.code });
    if (problem.status >= 500)
      log.error(
        { module: 'http', err: error, incidentId, requestId: request.id, route: request.routeOptions.url, status: problem.status },
        'a request failed',
      );
    else log.debug({ module: 'http', code: facts.code, incidentId, requestId: request.id }, 'a request was refused');
    if (facts.code === 'base.rate-limited' || facts.code === 'base.unavailable')
      void reply.header('retry-after', String(problem.retryAfterS ?? 60));
    void reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
}

/** What the web server or the database refused, in our codes. */
function fromRequest(error: Error & RequestFault): RefusalFacts {
  if (error.validation) {
    const fields = fieldFaults(error.validation);
    return { code: 'base.invalid-input', fields };
  }
  if (error.statusCode === 413) return { code: 'base.too-large' };
  if (error.statusCode === 415) return { code: 'base.unsupported-media' };
  if (error.statusCode === 429) return { code: 'base.rate-limited' };
  if (error.statusCode === 404) return { code: 'base.not-found' };
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) return { code: 'base.malformed' };
  const connection: readonly string[] = ['ECONNREFUSED', 'ECONNRESET', '57P01', '57P03', '53300', '08006', '08001'];
  const code: ErrorCode =
    (error.code !== undefined && connection.includes(error.code)) ||
    /timeout exceeded when trying to connect|Connection terminated/.test(error.message)
      ? 'base.unavailable'
      : 'base.broken';
  return { code };
}
