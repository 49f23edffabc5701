import { createServer, type AddressInfo, type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Sockets that take connections. Node takes one connection off a socket each time around its loop, so a crowd of new
 * visitors waits for seconds before a node that is busy sees the first byte of theirs, and cannot even turn them away.
 */
const DOORS = 8;
const BACKLOG = 1024;

/**
 * Listens with several sockets at one address, where the system can share it (Linux); gives the address.
 *
 * @throws the system's error EADDRINUSE where somebody else is there: shared are sockets of this process only
 */
export async function listen(http: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  if (process.platform !== 'linux') return http.listen({ host, port, backlog: BACKLOG });
  const own = await freePort(host, port);
  const options = { host, port: own, backlog: BACKLOG, reusePort: true };
  const doors: Server[] = [];
  http.addHook('onClose', async () => {
    await Promise.all(doors.map((door) => new Promise((resolve) => door.close(resolve))));
  });
  for (let count = 1; count < DOORS; count++) {
    const door = createServer((socket) => http.server.emit('connection', socket));
    doors.push(door);
    await new Promise<void>((resolve, reject) => door.once('error', reject).listen(options, resolve));
  }
  return http.listen(options);
}

/** A shared socket would sit beside another process's without a word; one that is not shared tells. */
function freePort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ host, port }, () => {
      const taken = (probe.address() as AddressInfo).port;
      probe.close(() => resolve(taken));
    });
  });
}
