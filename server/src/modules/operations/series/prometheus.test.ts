import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { exposition } from './exposition.ts';
import { createPrometheus } from './prometheus.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A program on the loopback that answers everything so; gives its address. */
async function answering(status: number, body: string): Promise<string> {
  server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const SILENT = { facts: { code: 'operations.prometheus-silent' } };

describe('a Prometheus that stands in for the store', () => {
  test('that answers is listed', async () => {
    const prometheus = createPrometheus(await answering(200, '{"status":"success","data":[{"__name__":"up","job":"minsheng"}]}'));
    expect(await prometheus.list('up')).toEqual([{ name: 'up', labels: 'job="minsheng"', kind: 'gauge' }]);
  });

  test('is called silent where nobody listens', async () => {
    const address = await answering(200, '');
    await new Promise((done) => server!.close(done));
    await expect(createPrometheus(address).list('up')).rejects.toMatchObject(SILENT);
  });

  test.each([
    ['a page', 502, '<h1>Bad gateway</h1>'],
    ['an error of its own', 422, '{"status":"error","errorType":"bad_data","error":"parse error"}'],
    ['another shape', 200, '{"status":"success","data":{"resultType":"matrix"}}'],
  ])('is called silent where it answers with %s', async (_what, status, body) => {
    const prometheus = createPrometheus(await answering(status, body));
    await expect(prometheus.list('up')).rejects.toMatchObject(SILENT);
    await expect(prometheus.read(1, { name: 'up', labels: {} }, 0, 60_000, 15_000)).rejects.toMatchObject(SILENT);
  });
});

test('a metric that nobody explained is told with its name as help, and each once', () => {
  const told = exposition([
    { name: 'minsheng_unexplained', labels: { of: 'a' }, kind: 'gauge', value: 1 },
    { name: 'probe_success', labels: {}, kind: 'gauge', value: 1 },
    { name: 'minsheng_unexplained', labels: { of: 'b' }, kind: 'gauge', value: 2 },
  ]);
  expect(told.split('\n')).toEqual([
    '# HELP minsheng_unexplained minsheng_unexplained',
    '# TYPE minsheng_unexplained gauge',
    'minsheng_unexplained{of="a"} 1',
    'minsheng_unexplained{of="b"} 2',
    '# HELP probe_success Whether the last try of a probe was good',
    '# TYPE probe_success gauge',
    'probe_success 1',
    '',
  ]);
});
