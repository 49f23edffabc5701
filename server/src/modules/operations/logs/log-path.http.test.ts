import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync, appendFileSync, writeFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '#server/app.ts';
import { createOutlet } from '#server/modules/operations/index.ts';
import { readConfig, writeKeyring } from '#server/platform/config/config.ts';
import { createLog } from '#server/platform/log/log.ts';
import { listen } from '#server/platform/http/listen.ts';
import { ensurePartitions } from '#server/platform/maintenance.ts';
import { openTestDb, type TestDb } from '../../../../test/test-db.ts';
import { createLogs } from './logs.service.ts';
import { followPostgres } from './postgres-log.ts';

let database: TestDb;
let folder: string;
beforeAll(async () => {
  database = await openTestDb();
  folder = mkdtempSync(join(tmpdir(), 'minsheng-logs-'));
});
afterAll(async () => {
  await database?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A collector of its own process: refuses the first request for now, then says what came. */
const COLLECTOR = `
  import { createServer } from 'node:http';
  let turn = 0;
  createServer((request, reply) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      const first = turn++ === 0;
      process.stdout.write(JSON.stringify({ first, path: request.url, type: request.headers['content-type'], body: JSON.parse(text) }) + '\\n');
      reply.writeHead(first ? 503 : 200).end('{}');
    });
  }).listen(0, '127.0.0.1', function () { process.stdout.write(JSON.stringify({ port: this.address().port }) + '\\n'); });
`;

interface Told {
  readonly port?: number;
  readonly first?: boolean;
  readonly path?: string;
  readonly type?: string;
  readonly body?: {
    resourceLogs: {
      scopeLogs: {
        scope: { name: string };
        logRecords: { body: { stringValue: string }; severityNumber: number; attributes: { key: string }[] }[];
      }[];
    }[];
  };
}

async function collector(): Promise<{ process: ChildProcess; told: Told[]; port: number }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', COLLECTOR], { stdio: ['ignore', 'pipe', 'inherit'] });
  const told: Told[] = [];
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    for (const line of text.split('\n').slice(0, -1)) told.push(JSON.parse(line) as Told);
    text = text.slice(text.lastIndexOf('\n') + 1);
  });
  await until(() => told.length > 0);
  return { process: child, told, port: told[0]!.port! };
}

async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await met()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('It did not come about within 20 s');
}

describe('a node that serves', () => {
  let app: App;
  let address: string;
  let receiver: Awaited<ReturnType<typeof collector>>;

  beforeAll(async () => {
    receiver = await collector();
    const config = readConfig(
      {
        MINSHENG_DATA: folder,
        MINSHENG_LOG: 'info',
        MINSHENG_PORT: '0',
        MINSHENG_OTLP_ENDPOINT: `http://127.0.0.1:${receiver.port}/v1/logs`,
      },
      folder,
    );
    writeKeyring(config.keyringPath);
    const outlet = createOutlet();
    app = await createApp({ config, log: createLog('info', outlet), outlet, url: database.appUrl, asApp: true });
    await ensurePartitions(app.db, Date.now(), Date.now());
    address = await listen(app.http, { host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await app?.close();
    receiver?.process.kill();
  });

  test('ties the lines of a request together, with what broke in it, and a collector gets them too', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    await database.owner('alter table identity.account rename to account_away');
    const broken = await fetch(`${address}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${trace}-b7ad6b7169203331-01` },
      body: JSON.stringify({ login: 'nobody.here', password: 'Secret-word-26' }),
    });
    await database.owner('alter table identity.account_away rename to account');
    expect(broken.status).toBe(500);
    const { incidentId } = (await broken.json()) as { incidentId: string };
    const lines = () =>
      database.owner<{ message: string; level: number; request_id: string; trace_id: string; fields: Record<string, unknown> }>(
        `select * from operations.log_line where request_id = (select request_id from operations.log_line where fields ->> 'incidentId' = $1) order by at, seq`,
        [incidentId],
      );
    await until(async () => (await lines()).length === 2);
    const [failed, answered] = await lines();
    expect(failed).toMatchObject({ level: 50, trace_id: trace, fields: { route: '/api/session', status: 500 } });
    expect(failed!.message).toMatch(/^a request failed: relation .* does not exist$/);
    expect(answered).toMatchObject({
      message: 'a request was answered',
      level: 30,
      trace_id: trace,
      fields: { status: 500, method: 'POST' },
    });
    // What was sent stands nowhere.
    expect(JSON.stringify(await lines())).not.toContain('Secret-word');

    await until(() => receiver.told.some(({ first }) => first === false));
    const [refused, taken] = [receiver.told[1]!, receiver.told.find(({ first }) => first === false)!];
    expect(refused.first).toBe(true);
    expect(taken).toMatchObject({ path: '/v1/logs', type: 'application/json' });
    // What was refused for now came again.
    const records = (one: Told) =>
      one.body!.resourceLogs[0]!.scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ body }) => body.stringValue));
    await until(() =>
      receiver.told
        .filter(({ first }) => first === false)
        .flatMap(records)
        .some((text) => text.startsWith('a request failed')),
    );
    const sent = receiver.told.filter(({ first }) => first === false).flatMap(records);
    for (const text of records(refused)) expect(sent).toContain(text);
    const error = receiver.told
      .filter(({ first }) => first === false)
      .flatMap((one) => one.body!.resourceLogs[0]!.scopeLogs)
      .flatMap(({ logRecords }) => logRecords)
      .find(({ body }) => body.stringValue.startsWith('a request failed'))!;
    expect(error.severityNumber).toBe(17);
    expect(error.attributes.map(({ key }) => key)).toEqual(expect.arrayContaining(['incidentId', 'requestId', 'err.type']));
  });
});

test('the log of the database is followed from where it was left, each entry once, also in a new file', async () => {
  const config = { file: join(folder, 'postgres.log'), clock: { nowMs: () => Date.now() } };
  const db = database.open(2);
  await ensurePartitions(db, Date.now(), Date.now());
  const follower = () => followPostgres({ db, clock: config.clock, logs: createLogs({ db, clock: config.clock }), file: config.file });
  const entry = (text: string) => `${new Date().toISOString().replace('T', ' ').replace('Z', '')} UTC [7] ${text}\n`;
  const told = async () =>
    (await database.owner<{ message: string }>(`select message from operations.log_line where source = 'postgresql' order by at, seq`)).map(
      ({ message }) => message,
    );
  const run = async (loop = follower()) => {
    while ((await loop.turn()) > 0);
  };
  writeFileSync(config.file, entry('LOG:  one') + entry('LOG:  two').slice(0, 20));
  await run();
  appendFileSync(config.file, entry('LOG:  two').slice(20) + entry('ERROR:  three'));
  const loop = follower();
  await run(loop);
  await run(loop);
  await run();
  expect(await told()).toEqual(['one', 'two', 'three']);
  renameSync(config.file, `${config.file}.1`);
  writeFileSync(config.file, entry('LOG:  four'));
  await run();
  expect(await told()).toEqual(['one', 'two', 'three', 'four']);
  expect((await database.owner<{ kind: string }>(`select kind from operations.log_source where name = 'postgresql'`))[0]!.kind).toBe(
    'postgresql',
  );
});
