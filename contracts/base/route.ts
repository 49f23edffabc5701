import type { Static, TSchema } from 'typebox';
import type { ErrorCode } from '../codes.ts';
import type { Permission } from '../permissions.ts';
import type { Words } from './text.ts';

/**
 * How much a request matters when not all can be served: `submit` is served to the last, then `handling`, then `query`;
 * `heavy` work waits first of all.
 */
export type LoadClass = 'submit' | 'handling' | 'query' | 'heavy';

/**
 * One endpoint, described once: the server registers it and judges its input by it, the OpenAPI document prints it,
 * the apps call it with its types.
 *
 * `access` is `public` (no log-in), `session` (any log-in) or the permission it needs.
 */
export interface Route<P extends TSchema = TSchema, Q extends TSchema = TSchema, B extends TSchema = TSchema, R extends TSchema = TSchema> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: `/api/${string}`;
  readonly tag: string;
  readonly summary: Words;
  readonly access: 'public' | 'session' | Permission;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly reply: R;
  readonly status?: 200 | 201 | 202 | 204;
  /** The refusals of its own that a caller should expect, besides those every route shares. */
  readonly errors?: readonly ErrorCode[];
  /** The body is a file upload (multipart), read by the handler itself. */
  readonly upload?: true;
  /** Accepts `Idempotency-Key`: the same key gives the first answer again. */
  readonly idempotent?: true;
  /** The reply is a stream of events that the handler writes itself and that stays open. */
  readonly stream?: true;
  /** Where the class that method and path give (`loadOf`) would be wrong. */
  readonly load?: LoadClass;
}

/** Keeps the exact schema types of a route while checking its form. */
export function route<P extends TSchema, Q extends TSchema, B extends TSchema, R extends TSchema>(
  description: Route<P, Q, B, R>,
): Route<P, Q, B, R> {
  return description;
}

/** What a caller hands to a route. */
export interface CallOf<T extends Route> {
  params: Static<NonNullable<T['params']>>;
  query: Static<NonNullable<T['query']>>;
  body: Static<NonNullable<T['body']>>;
}

export type ReplyOf<T extends Route> = Static<T['reply']>;
