import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallOf, ReplyOf, Route } from '#contracts/base/route.ts';
import type { Actor } from '../actor.ts';

/** Carries the session of a person. */
export const SESSION_COOKIE = 'ms_session';

/** A call as a handler sees it: judged by the schema, with the actor it is made by. */
export type Call<T extends Route> = CallOf<T> & {
  readonly actor: Actor;
  readonly language: 'zh' | 'en';
  /** `Idempotency-Key`, when the caller sent one. */
  readonly idempotencyKey: string | null;
  /** For uploads, downloads and cookies only. */
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

/** A route with what answers it. */
export interface Binding {
  readonly route: Route;
  readonly handler: (call: Call<Route>) => Promise<unknown>;
}

/** Ties a handler to a route, checked against the route's types. */
export function bind<T extends Route>(route: T, handler: (call: Call<T>) => Promise<ReplyOf<T>>): Binding {
  return { route, handler: handler as Binding['handler'] };
}
