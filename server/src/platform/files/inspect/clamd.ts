import { createReadStream } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { Refusal } from '#server/kernel/decision.ts';

/** Looks for viruses in a file. */
export interface Scanner {
  /** @throws Refusal `files.infected`; `base.unavailable` when the scanner does not answer, because what was not looked at is not taken */
  scan(path: string): Promise<void>;
}

const PATIENCE_MS = 60_000;

/** A scanner that speaks clamd's INSTREAM: pieces with their length before them, an empty one at the end, one line back. */
export function clamdScanner(where: string): Scanner {
  return {
    async scan(path) {
      const verdict = await ask(where, path).catch(() => null);
      if (verdict === null || !/^stream: .*(OK|FOUND)$/.test(verdict)) throw new Refusal({ code: 'base.unavailable' });
      if (verdict.endsWith('FOUND')) throw new Refusal({ code: 'files.infected' });
    },
  };
}

async function ask(where: string, path: string): Promise<string> {
  const socket = where.startsWith('/') ? connect(where) : connect(Number(where.split(':').at(-1)), where.replace(/:\d+$/, ''));
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('The scanner is silent')));
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
  const ended = new Promise<string>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => resolve(answer.replaceAll('\u0000', '').trim()));
  });
  // Waited for below; until then a failure must not count as nobody's.
  ended.catch(() => {});
  await send(socket, Buffer.from('zINSTREAM\u0000', 'latin1'));
  for await (const chunk of createReadStream(path)) {
    const bytes = chunk as Buffer;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    await send(socket, length);
    await send(socket, bytes);
  }
  await send(socket, Buffer.alloc(4));
  return ended;
}

function send(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve())));
}
