import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Problem } from '#contracts/base/problem.ts';
import { loadOf, RESPONSE_TARGETS } from '#contracts/base/load.ts';
import type { Route } from '#contracts/base/route.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '../actor.ts';
import type { Admission } from '../admission/admission.ts';
import type { Config } from '../config/config.ts';
import { urgent } from '../db/db.ts';
import { logContext, type Log, type LogContext } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { ResponseFigures } from '../metrics/response.ts';
import { cityOf } from '../metrics/response.rules.ts';
import { SESSION_COOKIE, type Binding, type Call } from './bind.ts';
import { guardLoad } from './load.ts';
import { createErrorHandler, languageOf, problemOf } from './problems.ts';
import { compileValidator } from './validation.ts';

const MAX_BODY = 256 * 1024;
const MAX_UPLOAD = 200 * 1024 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The reply stays open: it is neither timed nor counted among the requests at work. */
    stream?: boolean;
  }
}

export interface HttpOptions {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  /** What the operations centre measures besides, in the text format of Prometheus. */
  readonly centreMetrics: () => Promise<string>;
  readonly admission: Admission;
  /** Told how long each answer took, and for whose city. */
  readonly answered: ResponseFigures['add'];
  readonly bindings: readonly Binding[];
  /** Who a request is made by; null when it carries no valid session or key. */
  readonly authenticate: (request: FastifyRequest) => Promise<Actor | null>;
  /** Folders of the built apps by the path they are served under. */
  readonly apps: readonly { path: string; folder: string }[];
  readonly healthy: () => Promise<boolean>;
  /** Whether the promises of clocks are no longer compared with what was done. */
  readonly auditorSilent: () => Promise<boolean>;
}

/** The web server: every binding registered with its schema, guarded by its access. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { config, log, metrics } = options;
  const sayError = createErrorHandler(log, metrics);
  const app = Fastify({
    // An address that cannot be decoded meets no route, and is refused in the same form all the same.
    frameworkErrors: sayError,
    logger: false,
    bodyLimit: MAX_BODY,
    trustProxy: config.trustProxy,
    requestIdHeader: false,
    // One of its own among all nodes: it ties the lines of the log together.
    genReqId: () => newId(),
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  });
  app.setErrorHandler(sayError);
  app.setNotFoundHandler((request, reply) => serveAppOr404(options, request, reply));
  app.setValidatorCompiler(compileValidator as never);
  tellRequests(app, log);
  guardLoad(app, options.admission, (kind, request, reply) => {
    const actor = actors.get(request);
    const failed = reply.statusCode >= 500;
    const late = reply.elapsedTime > RESPONSE_TARGETS[kind];
    metrics.answers.inc({ class: kind, result: failed ? (late ? 'failed-late' : 'failed') : late ? 'late' : 'good' });
    options.answered({
      kind,
      route: `${request.method} ${request.routeOptions.url ?? ''}`,
      region: cityOf(actor?.unitCode ?? actor?.region) || (reply.statusCode < 400 ? cityOf(regionIn(request.body)) : ''),
      ms: reply.elapsedTime,
      failed,
    });
  });
  app.addHook('onResponse', (request, reply, done) => {
    // A stream ends when its console is closed; how long that was says nothing about an answer.
    if (request.routeOptions.config.stream) return done();
    metrics.requestSeconds.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status: `${Math.floor(reply.statusCode / 100)}xx` },
      reply.elapsedTime / 1000,
    );
    done();
  });
  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        // Pictures that a citizen opens with number and code come by a request that no address can make.
        imgSrc: ["'self'", 'data:', 'blob:'],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        upgradeInsecureRequests: null,
      },
    },
    hsts: config.origin.startsWith('https'),
  });
  await app.register(rateLimit, {
    global: true,
    max: config.rateLimit,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, context) =>
      new Refusal({ code: 'base.rate-limited', extra: { retryAfterS: Math.ceil(context.ttl / 1000) } }),
  });
  app.addContentTypeParser('application/x-ndjson', { parseAs: 'string' }, (_request, text, done) => done(null, { lines: text }));
  await app.register(multipart, { limits: { fileSize: MAX_UPLOAD, files: 1, fields: 4 } });
  await app.register(swagger, {
    openapi: openApiHead(config),
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => (typeof json['$id'] === 'string' ? json['$id'] : `def-${index}`),
    },
  });
  app.addSchema(Problem);
  for (const binding of options.bindings) register(app, binding, options);
  await app.register(swaggerUi, { routePrefix: '/api/docs', uiConfig: { docExpansion: 'none', deepLinking: true } });
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/metrics', { schema: { hide: true }, config: { rateLimit: false } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  // What is read for the whole platform; every node tells the same, so that a Prometheus asks one.
  app.get('/metrics/centre', { schema: { hide: true }, config: { rateLimit: false } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await options.centreMetrics()),
  );
  app.get('/healthz', { schema: { hide: true }, config: { rateLimit: false } }, async (_request, reply) => {
    const healthy = await options.healthy().catch(() => false);
    return reply.code(healthy ? 200 : 503).send({ status: healthy ? 'ok' : 'database unreachable' });
  });
  // For whoever watches from outside: silence of the auditor is itself a fault.
  app.get('/healthz/promises', { schema: { hide: true }, config: { rateLimit: false } }, async (_request, reply) => {
    const silent = await options.auditorSilent().catch(() => true);
    return reply.code(silent ? 503 : 200).send({ status: silent ? 'silent' : 'ok' });
  });
  for (const { path, folder } of options.apps) {
    if (existsSync(folder))
      await app.register(fastifyStatic, {
        root: folder,
        prefix: path,
        decorateReply: false,
        wildcard: false,
        cacheControl: true,
        maxAge: '1h',
      });
  }
  return app;
}

/** What takes longer is told of, whatever it was. */
const SLOW_MS = 1000;

/**
 * Ties what is logged while a request is at work to it, and tells how it was answered: what changed something, failed or was
 * slow for everybody to see, the rest for who looks closer.
 */
function tellRequests(app: FastifyInstance, log: Log): void {
  const contexts = new WeakMap<FastifyRequest, LogContext>();
  app.addHook('onRequest', (request, _reply, done) => {
    const traceId = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(String(request.headers['traceparent'] ?? ''))?.[1];
    const context: LogContext = { requestId: request.id, ...(traceId ? { traceId } : {}) };
    contexts.set(request, context);
    logContext.run(context, done);
  });
  // A body arrives by events of its connection, which know nothing of the request.
  app.addHook('preValidation', (request, _reply, done) => logContext.run(contexts.get(request)!, done));
  app.addHook('onResponse', (request, reply, done) => {
    const { url: route = '' } = request.routeOptions;
    if (!route.startsWith('/api/') || request.routeOptions.config.stream) return done();
    const ms = Math.round(reply.elapsedTime);
    const { statusCode: status } = reply;
    const told = request.method !== 'GET' || status >= 400 || ms >= SLOW_MS;
    logContext.run(contexts.get(request)!, () =>
      log[told ? 'info' : 'debug']({ module: 'http', method: request.method, route, status, ms }, 'a request was answered'),
    );
    done();
  });
}

/** The region an appeal is filed for; looked at only where it was accepted. */
function regionIn(body: unknown): string | null {
  const { region } = (body ?? {}) as { region?: unknown };
  return typeof region === 'string' ? region : null;
}

/** Who makes a request, from the moment he was let in. */
const actors = new WeakMap<FastifyRequest, Actor | null>();

/** @throws Refusal `base.unauthenticated`, `base.forbidden` */
async function admit(route: Route, request: FastifyRequest, authenticate: HttpOptions['authenticate']): Promise<Actor | null> {
  // Anybody may call a `public` route, and nobody is asked who he is: an old cookie or a wrong key closes no door here.
  if (route.access === 'public') return null;
  const actor = await authenticate(request);
  if (!actor) throw new Refusal({ code: 'base.unauthenticated' });
  const context = logContext.getStore();
  if (context && actor.accountId !== null) context.accountId = actor.accountId;
  if (route.access !== 'session' && !actor.permissions.has(route.access)) throw new Refusal({ code: 'base.forbidden' });
  refuseForeignOrigin(request);
  return actor;
}

function register(app: FastifyInstance, { route, handler }: Binding, { config, authenticate }: HttpOptions): void {
  const limited = route.path.startsWith('/api/portal/') || (route.path === '/api/session' && route.method === 'POST');
  const load = loadOf(route);
  app.route({
    method: route.method,
    url: route.path,
    config: {
      ...(limited ? { rateLimit: { max: config.intakeLimit, timeWindow: 60_000, groupId: 'intake' } } : {}),
      ...(route.stream ? { stream: true } : {}),
      load,
    },
    schema: schemaOf(route),
    // Who may not call is told so before a byte of what he sent is read or judged.
    preParsing: async (request, _reply, payload) => {
      actors.set(request, await admit(route, request, authenticate));
      return payload;
    },
    handler: async (request, reply) => {
      const actor = actors.get(request) ?? null;
      const key = request.headers['idempotency-key'];
      if (key !== undefined && (typeof key !== 'string' || !/^[\x21-\x7e]{8,128}$/.test(key))) {
        throw new Refusal({ code: 'base.invalid-input', fields: [{ path: 'Idempotency-Key', code: 'field.format' }] });
      }
      const call = {
        actor: actor ?? undefined,
        params: request.params,
        query: request.query,
        body: request.body,
        language: languageOf(request),
        idempotencyKey: key ?? null,
        request,
        reply,
      } as unknown as Call<Route>;
      const answer = await (load === 'submit' ? urgent.run(true, () => handler(call)) : handler(call));
      if (reply.sent) return reply;
      return reply.code(route.status ?? 200).send(answer ?? undefined);
    },
  });
}

/** The cookie is SameSite=Strict; a browser that names a foreign origin is refused besides. */
function refuseForeignOrigin(request: FastifyRequest): void {
  const origin = request.headers.origin;
  if (request.method === 'GET' || origin === undefined || origin === 'null') return;
  if (!URL.canParse(origin) || new URL(origin).host !== request.headers.host) throw new Refusal({ code: 'base.forbidden' });
}

function schemaOf(route: Route): Record<string, unknown> {
  const problem = { description: 'Problem document (RFC 9457)', content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } } };
  const status = route.status ?? 200;
  const errors =
    route.errors && route.errors.length > 0 ? `\n\nRefusals of its own: ${route.errors.map((code) => `\`${code}\``).join(', ')}.` : '';
  const access =
    route.access === 'public'
      ? 'Open to everybody.'
      : route.access === 'session'
        ? 'Needs a log-in.'
        : `Needs the permission \`${route.access}\`.`;
  return {
    tags: [route.tag],
    summary: `${route.summary.zh} ${route.summary.en}`,
    description: `${access}${errors}${route.idempotent ? '\n\nTakes `Idempotency-Key`: the same key gives the first answer again.' : ''}`,
    operationId: `${route.method.toLowerCase()}${route.path.replace(/^\/api/, '').replace(/[/:-]+(\w)/g, (_, char: string) => char.toUpperCase())}`,
    ...(route.access === 'public' ? { security: [] } : {}),
    ...(route.params ? { params: route.params } : {}),
    ...(route.query ? { querystring: route.query } : {}),
    ...(route.body ? { body: route.body } : {}),
    ...(route.upload ? { consumes: ['multipart/form-data'] } : {}),
    response: { [status]: replyOf(route, status), '4xx': problem, '5xx': problem },
  };
}

function replyOf(route: Route, status: number): unknown {
  if (status === 204) return { type: 'null', description: 'Done' };
  if (route.stream) return { description: 'A stream of events', content: { 'text/event-stream': { schema: route.reply } } };
  return route.reply;
}

function openApiHead(config: Config) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Minsheng 民声',
      version: '0.1.0',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'The 12345 hotline platform. Errors are problem documents (RFC 9457) with a stable `code` and an `incidentId`; texts follow Accept-Language (zh, en). Lists are walked by `cursor`.',
    },
    servers: [{ url: config.origin || '/' }],
    components: {
      securitySchemes: {
        session: { type: 'apiKey' as const, in: 'cookie' as const, name: SESSION_COOKIE, description: 'Set by POST /api/session' },
        key: { type: 'http' as const, scheme: 'bearer', description: 'API key of a machine' },
      },
    },
    security: [{ session: [] }, { key: [] }],
  };
}

/** A page of an app is its index.html, whatever its path; everything else that is unknown is a problem document. */
function serveAppOr404({ apps }: HttpOptions, request: FastifyRequest, reply: FastifyReply) {
  const path = request.url.split('?')[0] ?? '/';
  const looksLikePage = request.method === 'GET' && !path.startsWith('/api/') && !/\.\w+$/.test(path);
  const app = looksLikePage
    ? apps
        .toSorted((a, b) => b.path.length - a.path.length)
        .find((candidate) => path.startsWith(candidate.path) || `${path}/` === candidate.path)
    : undefined;
  const index = app ? join(app.folder, 'index.html') : '';
  if (app && existsSync(index))
    return reply.code(200).type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(readFileSync(index));
  const problem = problemOf({ code: 'base.not-found' }, languageOf(request), newId());
  return reply.code(404).type('application/problem+json').send(JSON.stringify(problem));
}
