import type { Problem } from '#contracts/base/problem.ts';
import type { Route } from '#contracts/base/route.ts';
import type { Static, TSchema } from 'typebox';
import { language, say } from '../text.ts';
import { ProblemError } from './problem.ts';

type Scalar = string | number | boolean | undefined;

/** A part of the call: demanded when the route describes it, with its schema's type. */
type Part<Name extends string, S extends TSchema, Undescribed> = TSchema extends S
  ? { readonly [K in Name]?: Undescribed }
  : Partial<Static<S>> extends Static<S>
    ? { readonly [K in Name]?: Static<S> }
    : { readonly [K in Name]: Static<S> };

export type CallInput<T> =
  T extends Route<infer P, infer Q, infer B>
    ? Part<'params', P, Readonly<Record<string, string | number>>> & Part<'query', Q, undefined> & Part<'body', B, undefined>
    : never;

export type Reply<T> = T extends Route<TSchema, TSchema, TSchema, infer R> ? Static<R> : never;

export interface CallOptions {
  /** Made once per intention: the same key gives the first answer again. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

const offline = {
  zh: '网络不通或服务没有回音，请检查网络后再试',
  en: 'No answer from the service; please check your network and try again',
} as const;

/**
 * Calls a route by its description.
 *
 * @throws ProblemError with the server's problem document, or with `unanswered` when none came
 */
export async function call<T extends Route>(route: T, input: CallInput<T>, options: CallOptions = {}): Promise<Reply<T>> {
  const given: {
    params?: Record<string, string | number>;
    query?: Record<string, Scalar>;
    body?: unknown;
  } = input as object;
  const headers = new Headers({ Accept: 'application/json' });
  if (given.body !== undefined) headers.set('Content-Type', 'application/json');
  if (options.idempotencyKey) headers.set('Idempotency-Key', options.idempotencyKey);
  return send<Reply<T>>(addressOf(route, given.params, given.query), {
    method: route.method,
    headers,
    ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

export interface UploadOptions {
  /** Told how much has gone, from 0 to 1. `fetch` cannot tell it. */
  readonly onProgress?: (part: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Sends a file to an upload route.
 *
 * @throws ProblemError as `call`
 */
export async function upload<T extends Route>(route: T, input: CallInput<T>, file: File, options: UploadOptions = {}): Promise<Reply<T>> {
  const given: { query?: Record<string, Scalar> } = input as object;
  const form = new FormData();
  form.set('file', file);
  const request = new XMLHttpRequest();
  const response = await new Promise<Response>((resolve, reject) => {
    request.open(route.method, addressOf(route, undefined, given.query));
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Accept-Language', acceptedLanguage());
    request.upload.addEventListener('progress', ({ loaded, total }) => options.onProgress?.(total > 0 ? loaded / total : 0));
    request.addEventListener('load', () =>
      resolve(
        new Response(request.response as string, {
          status: request.status,
          headers: { 'Content-Type': request.getResponseHeader('Content-Type') ?? '' },
        }),
      ),
    );
    request.addEventListener('error', () => reject(new ProblemError(plainProblem(0, say(offline)), true)));
    request.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    options.signal?.addEventListener('abort', () => request.abort());
    request.send(form);
  });
  return answerOf<Reply<T>>(response);
}

/** Asks for a file that is not under an address of its own. @throws ProblemError as `call` */
export async function fetchFile<T extends Route>(route: T, input: CallInput<T>): Promise<Blob> {
  const given: { body?: unknown } = input as object;
  const headers = new Headers({ 'Content-Type': 'application/json', 'Accept-Language': acceptedLanguage() });
  const response = await reach(addressOf(route), { method: route.method, headers, body: JSON.stringify(given.body) });
  return response.ok ? response.blob() : answerOf(response);
}

/** The address of a route with its parameters filled in; empty query values are left out. */
export function addressOf(
  route: { readonly path: string },
  params: Readonly<Record<string, string | number>> = {},
  query: Readonly<Record<string, Scalar>> = {},
): string {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name] ?? '')));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

function acceptedLanguage(): string {
  return language() === 'zh' ? 'zh-CN' : 'en';
}

async function send<R>(address: string, request: RequestInit & { headers: Headers }): Promise<R> {
  request.headers.set('Accept-Language', acceptedLanguage());
  return answerOf<R>(await reach(address, request));
}

async function reach(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { credentials: 'same-origin', ...request });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ProblemError(plainProblem(0, say(offline)), true);
  }
}

async function answerOf<R>(response: Response): Promise<R> {
  if (response.status === 204) return null as R;
  const json = (response.headers.get('Content-Type') ?? '').includes('json');
  if (response.ok) {
    try {
      return (json ? await response.json() : await response.text()) as R;
    } catch {
      // The connection broke within the answer.
      throw new ProblemError(plainProblem(0, say(offline)), true);
    }
  }
  throw await refusalOf(response, json);
}

async function refusalOf(response: Response, json: boolean): Promise<ProblemError> {
  // A gateway that gave up tells nothing about what the server did.
  const unanswered = response.status === 502 || response.status === 504;
  if (json) {
    try {
      const body = (await response.json()) as Partial<Problem>;
      if (typeof body.code === 'string' && typeof body.title === 'string') {
        return new ProblemError(body as Problem, unanswered);
      }
    } catch {
      // Not a problem document after all.
    }
  }
  return new ProblemError(plainProblem(response.status, say(offline)), unanswered);
}

function plainProblem(status: number, title: string): Problem {
  return { type: 'about:blank', title, status, code: 'base.unavailable', incidentId: '' };
}
