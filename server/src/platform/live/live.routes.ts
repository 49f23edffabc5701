import type { FastifyReply, FastifyRequest } from 'fastify';
import { liveApi } from '#contracts/live/live.api.ts';
import type { Actor } from '../actor.ts';
import { bind, type Binding } from '../http/bind.ts';
import type { Live, Sink } from './live.ts';
import { placeOf } from './live.rules.ts';

/** What a console may leave unread before it is cut: a few hundred messages. */
const UNREAD_BYTES = 128 * 1024;

export interface LiveRoutesDeps {
  readonly live: Live;
  /** The session a request comes with. @throws Refusal `base.unauthenticated` for machines, which have none */
  readonly sessionOf: (actor: Actor, request: FastifyRequest) => string;
}

export function liveRoutes({ live, sessionOf }: LiveRoutesDeps): Binding[] {
  return [
    bind(liveApi.stream, async ({ actor, query, request, reply }) => {
      const session = sessionOf(actor, request);
      live.refuseIfFull(actor);
      // A browser that comes back by itself says where it was in a header, one that was made anew in the address.
      const header = request.headers['last-event-id'];
      const after = placeOf(typeof header === 'string' ? header : query.after);
      const sink = openSink(reply);
      const stream = live.open(actor, session, after, sink);
      reply.raw.on('close', stream.left);
      await stream.caughtUp;
      return '';
    }),
    bind(liveApi.presence, async ({ actor, body, request }) => {
      sessionOf(actor, request);
      return live.stand(actor, { ...body, action: body.action ?? null });
    }),
  ];
}

/** Takes the reply over: from here on it is an event stream. */
function openSink(reply: FastifyReply): Sink {
  const { raw } = reply;
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.setHeader('content-type', 'text/event-stream; charset=utf-8');
  raw.setHeader('cache-control', 'no-store');
  // A proxy that gathers answers before it passes them on would hold everything back.
  raw.setHeader('x-accel-buffering', 'no');
  // Nothing comes after a stream: a node that stops need not wait until an idle connection is given up.
  raw.setHeader('connection', 'close');
  raw.writeHead(200);
  raw.flushHeaders();
  return {
    write(text) {
      if (raw.destroyed || raw.writableLength > UNREAD_BYTES) return false;
      raw.write(text);
      return true;
    },
    end() {
      // What nobody takes would keep the connection open: then it is broken off.
      if (raw.writableLength > UNREAD_BYTES) raw.destroy();
      else raw.end();
    },
  };
}
