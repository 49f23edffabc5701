import { Agent, get } from 'node:http';
import Fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { listen } from './listen.ts';

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function house(port = 0): Promise<{ http: ReturnType<typeof Fastify>; address: string }> {
  const http = Fastify();
  opened.push(http);
  http.get('/', () => 'here');
  return { http, address: await listen(http, { host: '127.0.0.1', port }) };
}

function ask(address: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(address, { agent }, (answer) => {
      let text = '';
      answer.on('data', (part: Buffer) => (text += part.toString()));
      answer.on('end', () => resolve(text));
    }).on('error', reject);
  });
}

test('a node answers at every one of its sockets', async () => {
  const { address } = await house();
  const agent = new Agent({ keepAlive: false });
  const answers = await Promise.all(Array.from({ length: 200 }, () => ask(address, agent)));
  expect(answers.every((answer) => answer === 'here')).toBe(true);
});

test('a node that stops does not wait for visitors who keep their connection open', async () => {
  const { http, address } = await house();
  const agent = new Agent({ keepAlive: true });
  await Promise.all(Array.from({ length: 40 }, () => ask(address, agent)));
  const stopped = http.close().then(() => 'stopped');
  expect(await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 10_000, 'waits'))])).toBe('stopped');
  agent.destroy();
});

test('an address that is taken is refused, though sockets are shared', async () => {
  const { address } = await house();
  await expect(house(Number(new URL(address).port))).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
