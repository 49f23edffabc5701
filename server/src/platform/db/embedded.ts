import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { newSecret } from '../crypto/crypto.ts';
import { embeddedPrograms, findRunner, freePort, isFree } from './programs.ts';

const run = promisify(execFile);

export interface Embedded {
  /** Log-in of the role that owns the schema: migrations only. */
  readonly ownerUrl: string;
  /** Log-in of the application, which owns nothing. */
  readonly appUrl: string;
  /** Log-in of who backs the cluster up: may begin and end a backup and turn to the next segment, and reads no table. */
  readonly backupUrl: string;
  /** Folder of the cluster's own files. */
  readonly cluster: string;
  /** Where finished segments of the write-ahead log wait to be archived. */
  readonly spool: string;
  readonly port: number;
  /** It was running already: a former start was killed, or another process of ours is using it right now. */
  readonly takenOver: boolean;
  stop(): Promise<void>;
  /** Another database of the same server, by name. */
  urlOf(database: string, who?: keyof Secrets): string;
}

/** The passwords of the embedded server's log-ins. */
export interface Secrets {
  readonly owner: string;
  readonly app: string;
  readonly backup: string;
}

/** The log-ins they open. */
export const LOGINS: Readonly<Record<keyof Secrets, string>> = { owner: 'minsheng', app: 'minsheng_login', backup: 'minsheng_backup' };

export const newSecrets = (): Secrets => ({ owner: newSecret(), app: newSecret(), backup: newSecret() });

/** The file in the data folder without which the embedded database cannot be opened. */
export const SECRETS_FILE = 'database-secrets.json';

/** Written beside and then renamed: half a file would close the database for good. */
export function writeSecrets(path: string, secrets: Secrets): void {
  writeFileSync(`${path}.part`, JSON.stringify(secrets), { mode: 0o600 });
  renameSync(`${path}.part`, path);
}

interface Options {
  /** Folder that holds the cluster; made when absent. */
  readonly folder: string;
  readonly wishedPort: number;
  /** Tests give up durability for speed; nothing else does. */
  readonly durable?: boolean;
  /** Further settings of the server, such as a test of its inspection needs. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Hands every finished segment of the write-ahead log to the spool; a segment is finished after this many seconds at the latest. */
  readonly archiveSeconds?: number;
  readonly say?: (line: string) => void;
}

/**
 * Starts the PostgreSQL that comes with the packages, on loopback.
 *
 * A server left over by a process that was killed is taken over; a taken port is said and another one used.
 *
 * @throws Error that names the log file when the server does not come up
 */
export async function startEmbedded({
  folder,
  wishedPort,
  durable = true,
  archiveSeconds,
  settings: further = {},
  say = () => {},
}: Options): Promise<Embedded> {
  const runner = findRunner();
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const binaries = await embeddedPrograms(runner);
  const cluster = join(folder, 'cluster');
  const secretsFile = join(folder, SECRETS_FILE);
  const logFile = embeddedLog(folder);
  // Socket paths are limited to about 100 characters, so the sockets do not live in a folder that may be deep.
  const sockets = join(tmpdir(), `minsheng-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}`);
  mkdirSync(sockets, { recursive: true, mode: 0o755 });
  if (runner.uid !== undefined) {
    chownSync(sockets, runner.uid, runner.gid ?? runner.uid);
    chownSync(folder, runner.uid, runner.gid ?? runner.uid);
  }

  const spool = join(folder, 'wal-spool');
  mkdirSync(spool, { recursive: true, mode: 0o700 });
  if (runner.uid !== undefined) chownSync(spool, runner.uid, runner.gid ?? runner.uid);

  const fresh = !existsSync(join(cluster, 'PG_VERSION'));
  if (!existsSync(secretsFile)) {
    if (!fresh) throw new Error(`${secretsFile} is missing; without it the database in ${cluster} cannot be opened`);
    writeSecrets(secretsFile, newSecrets());
  }
  const kept = JSON.parse(readFileSync(secretsFile, 'utf8')) as Partial<Secrets>;
  const secrets = { ...newSecrets(), ...kept };
  // A folder of an older build knows fewer log-ins.
  if (Object.keys(kept).length < Object.keys(secrets).length) writeSecrets(secretsFile, secrets);
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
  let takenOver = existsSync(pidFile) && (await isRunning());
  if (takenOver && worksElsewhere(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), cluster)) {
    // A copy of a folder holds the file of the original's server.
    rmSync(pidFile);
    takenOver = false;
  }
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
      // What statements cost, for the page on diagnosis. Of commands that are no statements it would keep the literals.
      shared_preload_libraries: 'pg_stat_statements',
      'pg_stat_statements.track_utility': 'off',
      log_min_duration_statement: 1000,
      // What a statement was given may be a citizen's: it does not belong in a log.
      log_parameter_max_length: 0,
      log_timezone: 'UTC',
      timezone: 'UTC',
      ...(archiveSeconds
        ? {
            archive_mode: 'on',
            // Shipped with PostgreSQL: writes under another name, flushes, renames, and never replaces a file by a different one.
            archive_library: 'basic_archive',
            'basic_archive.archive_directory': `"${spool}"`,
            archive_timeout: archiveSeconds,
          }
        : {}),
      ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
      ...further,
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

  const urlOf = (database: string, who: keyof Secrets = 'owner') =>
    `postgresql://${LOGINS[who]}:${secrets[who]}@/${database}?host=${encodeURIComponent(sockets)}&port=${port}`;
  await ensureDatabase(urlOf('postgres'), secrets);
  return {
    ownerUrl: urlOf('minsheng'),
    appUrl: urlOf('minsheng', 'app'),
    backupUrl: urlOf('postgres', 'backup'),
    cluster,
    spool,
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

/** Whether a server is one of another cluster: it works in its own folder, also after that was renamed. Where nothing tells, it is not. */
function worksElsewhere(pid: number, cluster: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) !== realpathSync(cluster);
  } catch {
    return false;
  }
}

/** The log of the server in a folder. */
export function embeddedLog(folder: string): string {
  return join(folder, 'postgres.log');
}

/** The log-ins and the application's database, where a former start did not get as far. */
async function ensureDatabase(url: string, secrets: Secrets): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const has = async (sql: string) => (await client.query(sql)).rows.length > 0;
    if (!(await has(`select from pg_roles where rolname = 'minsheng_app'`))) await client.query(`create role minsheng_app nologin`);
    if (!(await has(`select from pg_roles where rolname = 'minsheng_login'`))) {
      await client.query(`create role minsheng_login login in role minsheng_app password ${client.escapeLiteral(secrets.app)}`);
    }
    if (!(await has(`select from pg_roles where rolname = 'minsheng_backup'`))) {
      await client.query(`create role minsheng_backup login password ${client.escapeLiteral(secrets.backup)};
        grant execute on function pg_backup_start(text, boolean), pg_backup_stop(boolean), pg_switch_wal() to minsheng_backup`);
    }
    if (!(await has(`select from pg_database where datname = 'minsheng'`))) await client.query(`create database minsheng`);
  } finally {
    await client.end();
  }
}
