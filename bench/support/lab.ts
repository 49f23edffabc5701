import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IMPORT_QUEUE } from '#server/modules/appeals/index.ts';
import { OPERATIONS_QUEUES, seedInspections } from '#server/modules/operations/index.ts';
import { seedReference } from '#server/modules/reference/index.ts';
import { readConfig, writeKeyring, type Config } from '#server/platform/config/config.ts';
import { openDb } from '#server/platform/db/db.ts';
import { startEmbedded, type Embedded } from '#server/platform/db/embedded.ts';
import { migrate } from '#server/platform/db/migrate.ts';
import { installJobs } from '#server/platform/jobs/jobs.ts';
import { ensurePartitions, MAINTENANCE_QUEUES, ROOT } from '#server/platform/maintenance.ts';

/** A durable database of its own in a temporary folder, with reference data and nobody in it. */
export interface Lab {
  readonly folder: string;
  readonly database: Embedded;
  readonly config: Config;
  /** Starts the server as a process of its own; resolves when it answers. */
  startServer(role?: 'all' | 'web'): Promise<{ process: ChildProcess; port: number }>;
  close(): Promise<void>;
}

export async function openLab(name: string): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), `minsheng-${name}-`));
  chmodSync(folder, 0o711);
  mkdirSync(join(folder, 'data'), { recursive: true });
  const database = await startEmbedded({ folder: join(folder, 'data'), wishedPort: 54700 });
  const env = {
    MINSHENG_DATA: join(folder, 'data'),
    MINSHENG_LOG: 'warn',
    MINSHENG_RATE_LIMIT: '10000000',
    MINSHENG_INTAKE_LIMIT: '10000000',
    MINSHENG_DB_POOL: '32',
    MINSHENG_PORT: '0',
  };
  const config = readConfig(env, ROOT);
  writeKeyring(config.keyringPath);
  await migrate(database.ownerUrl);
  await installJobs(database.ownerUrl, [...MAINTENANCE_QUEUES, IMPORT_QUEUE, ...OPERATIONS_QUEUES]);
  const db = openDb({ url: database.appUrl, poolSize: 2, asApp: true });
  await ensurePartitions(db, Date.now(), Date.now());
  await seedReference(db, new Date());
  await seedInspections(db);
  await db.close();
  return {
    folder,
    database,
    config,
    startServer: (role = 'all') =>
      new Promise((resolve, reject) => {
        const server = spawn(process.execPath, [join(ROOT, 'bench/support/node.ts')], {
          env: { ...process.env, ...env, MINSHENG_ROLE: role, LAB_URL: database.appUrl },
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        let text = '';
        server.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          const port = /listening (\d+)/.exec(text)?.[1];
          if (port) resolve({ process: server, port: Number(port) });
        });
        server.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${text}`)));
      }),
    async close() {
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ends a node by the signal; resolves when it is gone, so that its database may stop after it. */
export async function ended(server: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  server.removeAllListeners('exit');
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill(signal);
  await gone;
}
