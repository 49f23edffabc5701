import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { LoadClass } from '#contracts/base/route.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Admission } from '../admission/admission.ts';
import { SESSION_COOKIE } from './bind.ts';
import { languageOf, problemOf } from './problems.ts';
import { waitingPage } from './waiting-page.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The class of an endpoint; what has none is never turned away. */
    load?: LoadClass;
  }
}

/** Told of each request that was let in, when it has been answered. */
export type Answered = (kind: LoadClass, request: FastifyRequest, reply: FastifyReply) => void;

/** How to say that a request is done, for those that are at work. */
const atWork = new WeakMap<FastifyRequest, () => void>();

/** Lets in what the node can do, before who asks is known and before a byte of the body is read. Register it first. */
export function guardLoad(app: FastifyInstance, admission: Admission, answered: Answered): void {
  app.addHook('onRequest', async (request, reply) => {
    const { load, stream } = request.routeOptions.config;
    if (load === undefined) return isNewVisitor(request) && admission.keepsOut() ? askToWait(reply, admission) : undefined;
    const entered = admission.enter(load);
    const done = entered instanceof Promise ? await entered : entered;
    if (!done) return turnAway(request, reply, admission.retryAfterS(load));
    // A stream rests once it is open, and has a limit of its own.
    if (stream) done();
    else atWork.set(request, done);
    return undefined;
  });
  app.addHook('onResponse', (request, reply, next) => {
    const done = atWork.get(request);
    const { load } = request.routeOptions.config;
    if (done && load) {
      done();
      answered(load, request, reply);
    }
    next();
  });
}

function turnAway(request: FastifyRequest, reply: FastifyReply, retryAfterS: number): FastifyReply {
  const problem = problemOf(
    { code: 'base.overloaded', params: { seconds: retryAfterS }, extra: { retryAfterS } },
    languageOf(request),
    newId(),
  );
  return reply
    .code(problem.status)
    .header('retry-after', String(retryAfterS))
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}

/** Somebody who opens a page of the portal or the console and is not logged in. */
function isNewVisitor({ method, url, headers }: FastifyRequest): boolean {
  if (method !== 'GET' || /^\/(api|metrics|healthz)\b/.test(url) || !(headers.accept ?? '').includes('text/html')) return false;
  return !(headers.cookie ?? '').split(/;\s*/).some((one) => one.startsWith(`${SESSION_COOKIE}=`));
}

function askToWait(reply: FastifyReply, admission: Admission): FastifyReply {
  const seconds = 10 + admission.retryAfterS('query');
  return reply
    .code(503)
    .header('retry-after', String(seconds))
    .header('cache-control', 'no-store')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
    .type('text/html; charset=utf-8')
    .send(waitingPage(seconds));
}
