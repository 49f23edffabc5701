import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminCommand } from './admin.ts';
import { createApp } from './app.ts';
import { seedDemo } from './demo/demo.ts';
import { importCommand, IMPORT_QUEUE } from './modules/appeals/index.ts';
import {
  ARCHIVE_SECONDS,
  createOutlet,
  embeddedSource,
  OPERATIONS_QUEUES,
  outsideSource,
  restoreCommand,
  seedInspections,
  seedOperations,
  type Source,
} from './modules/operations/index.ts';
import { seedReference } from './modules/reference/index.ts';
import { ConfigFault, readConfig, writeKeyring, type Config } from './platform/config/config.ts';
import { openDb } from './platform/db/db.ts';
import { startEmbedded, type Embedded } from './platform/db/embedded.ts';
import { migrate } from './platform/db/migrate.ts';
import { isOpenToAll } from './platform/db/programs.ts';
import { listen } from './platform/http/listen.ts';
import { installJobs } from './platform/jobs/jobs.ts';
import { createLog } from './platform/log/log.ts';
import { ensurePartitions, MAINTENANCE_QUEUES, ROOT } from './platform/maintenance.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);
const [command = 'start', ...words] = process.argv.slice(2);

try {
  const envFile = join(ROOT, '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  process.exitCode = await main(command, words);
} catch (error) {
  if (error instanceof ConfigFault) say(error.message);
  else say(error instanceof Error ? `Could not go on: ${error.message}` : String(error));
  if (process.env['MINSHENG_LOG'] === 'debug') console.error(error);
  process.exitCode = 1;
}

async function main(name: string, args: readonly string[]): Promise<number> {
  if (name === 'admin' && args[0] === 'keyring') return adminCommand(null, args, say);
  // A restore needs the site and the keyring; the platform itself may be gone.
  if (name === 'admin' && args[0] === 'restore') return restoreCommand(placeData(readConfig(process.env, ROOT)), args.slice(1), say);
  const config = placeData(readConfig(process.env, ROOT));
  const free = name === 'start' && config.demo ? holdFolder(config.dataFolder) : () => {};
  const database = await openDatabase(config, name === 'start');
  switch (name) {
    case 'start':
      try {
        return await start(config, database);
      } finally {
        free();
      }
    case 'migrate':
      await database.close();
      return 0;
    case 'admin':
    case 'import': {
      const log = createLog('warn');
      const app = await createApp({ config, log, url: database.appUrl, asApp: database.asApp, source: database.source });
      try {
        return name === 'admin' ? await adminCommand(app, args, say) : await importCommand(app.imports, args, say);
      } finally {
        await app.close();
        await database.close();
      }
    }
    default:
      say(`Unknown command ${name}: start, migrate, admin, import`);
      return 2;
  }
}

/** As root, PostgreSQL runs as another user, who must be able to reach the data. */
function placeData(config: Config): Config {
  if (!config.demo || process.getuid?.() !== 0 || isOpenToAll(join(config.dataFolder, '..'))) return config;
  const folder = '/var/lib/minsheng';
  say(`${config.dataFolder} is closed to the user who runs the database; the data lies in ${folder} instead.`);
  const { first } = config.backup;
  const moved = 'folder' in first && first.folder === join(config.dataFolder, 'backups') ? { folder: join(folder, 'backups') } : first;
  return { ...config, dataFolder: folder, keyringPath: join(folder, 'keyring.json'), backup: { ...config.backup, first: moved } };
}

interface Database {
  readonly appUrl: string;
  readonly asApp: boolean;
  /** What is backed up; null where nothing is. */
  readonly source: Source | null;
  close(): Promise<void>;
}

/** The database, at this build's schema, with its queues, partitions and reference data. */
async function openDatabase(config: Config, keeps: boolean): Promise<Database> {
  let embedded: Embedded | null = null;
  let ownerUrl = config.databaseUrl;
  if (config.demo) {
    embedded = await startEmbedded({ folder: config.dataFolder, wishedPort: config.dbPort, archiveSeconds: ARCHIVE_SECONDS, say });
    ownerUrl = embedded.ownerUrl;
    if (!existsSync(config.keyringPath)) writeKeyring(config.keyringPath);
  }
  const appUrl = embedded?.appUrl ?? (config.databaseAppUrl || ownerUrl);
  await migrate(ownerUrl, (name) => say(`  migration ${name}`));
  await installJobs(ownerUrl, [...MAINTENANCE_QUEUES, IMPORT_QUEUE, ...OPERATIONS_QUEUES]);
  const db = openDb({ url: appUrl, poolSize: 2, asApp: true });
  const nowMs = Date.now();
  await ensurePartitions(db, nowMs - 92 * 86_400_000, nowMs);
  if (await seedReference(db, new Date(nowMs))) say('  reference data loaded');
  await seedOperations(db, new Date(nowMs));
  if (await seedInspections(db)) say('  inspections loaded');
  await db.close();
  return {
    appUrl,
    asApp: !config.databaseAppUrl,
    source: embedded
      ? embeddedSource({ url: embedded.backupUrl, cluster: embedded.cluster, spool: embedded.spool })
      : config.backup.url
        ? outsideSource(config.backup)
        : null,
    // A command beside a running platform must leave its database alone; a start that took one over is its keeper now.
    close: async () => {
      if (embedded && (keeps || !embedded.takenOver)) await embedded.stop();
    },
  };
}

/** One platform per data folder: says who holds it, or holds it until it is freed. A file left by a killed run is passed over. */
function holdFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'platform.pid');
  const holder = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (holder > 0 && isAlive(holder))
    throw new Error(`${folder} is in use by a running platform (process ${holder}); stop that one, or set MINSHENG_DATA to another folder`);
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
  // The number may have been given to somebody else since.
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('main.ts');
}

/** Serves until it is told to stop. */
async function start(config: Config, database: Database): Promise<number> {
  const outlet = createOutlet();
  const log = createLog(config.logLevel, outlet);
  const { buildApps } = await import('../../tools/build.ts');
  await buildApps(say);
  const app = await createApp({ config, log, outlet, url: database.appUrl, asApp: database.asApp, source: database.source });
  const demo = config.demo ? await seedDemo(app, say) : null;
  if (config.role !== 'web') await app.startWork();
  const address = await open(app.http, config);
  // Listened for before anybody is told how to stop it: a signal that came in between would end the process and not the database.
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  say('');
  say(`  Portal   ${address}/`);
  say(`  Console  ${address}/console/`);
  say(`  API      ${address}/api/docs`);
  if (demo) {
    say('');
    say(`  Demo log-ins (password ${demo.password}):`);
    for (const person of demo.people) say(`    ${person.login.padEnd(18)} ${person.what}`);
  } else if (!(await app.identity.hasAccounts())) {
    say('');
    say('  The first administrator is made with: npm run admin -- first-administrator LOGIN NAME');
  }
  say('');
  say('  Ctrl-C stops it.');
  await stopped;
  say('Stopping ...');
  await app.close();
  await database.close();
  say('Stopped; nothing is lost.');
  return 0;
}

async function open(http: Awaited<ReturnType<typeof createApp>>['http'], config: Config): Promise<string> {
  try {
    return readable(await listen(http, config));
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE' || !config.demo) throw error;
    const address = await listen(http, { host: config.host, port: 0 });
    say(`Port ${config.port} is taken; using another one.`);
    return readable(address);
  }
}

function readable(address: string): string {
  return address.replace('127.0.0.1', 'localhost').replace('[::]', 'localhost').replace('0.0.0.0', 'localhost');
}
