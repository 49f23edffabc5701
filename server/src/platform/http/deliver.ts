import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** A file on its way to somebody. */
export interface Delivery {
  readonly body: Readable | Buffer;
  readonly type: string;
  readonly name: string;
}

/** Bytes as they are: of the type that was read from them and no other, running nothing, kept by nobody. */
export function deliver(reply: FastifyReply, { body, type, name }: Delivery, disposition: 'inline' | 'attachment'): unknown {
  void reply
    .type(type.startsWith('text/') ? `${type}; charset=utf-8` : type)
    .header(
      'content-disposition',
      `${disposition}; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)}`,
    )
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'private, no-store');
  return body;
}
