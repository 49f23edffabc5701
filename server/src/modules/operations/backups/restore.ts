import { execFile } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Crypto } from '#server/platform/crypto/crypto.ts';
import { findRunner, give, type Programs, type Runner } from '#server/platform/db/programs.ts';
import type { Files } from '#server/platform/files/files.ts';
import { FETCH, feeding } from './feed.ts';
import type { Manifest } from './manifest.ts';
import { Damage, unpack } from './packs.ts';
import { withClient } from './source.ts';
import { HISTORY } from './wal.rules.ts';

const run = promisify(execFile);

export interface RestoreOptions {
  readonly manifest: Manifest;
  readonly files: Files;
  readonly crypto: Crypto;
  /** The instant to be reached; null: as far as the log goes. */
  readonly target: Date | null;
  /** An empty or absent folder; the cluster comes to lie in it. */
  readonly into: string;
  readonly programs: Programs;
  /** Whether it is to last; what is thrown away again need not be flushed. */
  readonly durable: boolean;
  /** How far it has come. */
  readonly onRecover?: () => Promise<void>;
  readonly onFetched?: ((bytes: number) => Promise<void>) | undefined;
}

/** A restored cluster, running on a socket that only its own user and we reach. */
export interface Restored {
  readonly cluster: string;
  /** Opens a database of it as the owner of the cluster. */
  urlOf(database: string): string;
  readonly lastCommitAt: Date | null;
  readonly fetchSeconds: number;
  readonly recoverSeconds: number;
  readonly segments: number;
  /** Stops it; what is left is a cluster at rest, as a server that was shut down leaves it. */
  stop(): Promise<void>;
}

/**
 * Writes a backup into a folder and lets PostgreSQL carry it forward to the target by the archived log.
 *
 * Every pack, file and segment is checked before PostgreSQL sees it. Segments are fetched one ahead of what is asked for, so the
 * server needs neither the keyring nor the site, and the folder never holds more than a few of them.
 *
 * @throws Damage where the backup or the log is not as it was written; Error with the end of the server's log where it does not come up
 */
export async function restore({
  manifest,
  files,
  crypto,
  target,
  into,
  programs,
  durable,
  onFetched,
  onRecover,
}: RestoreOptions): Promise<Restored> {
  const runner = findRunner();
  const cluster = join(into, 'cluster');
  if (existsSync(cluster)) throw new Error(`${cluster} is there already: restore into an empty folder`);
  await mkdir(into, { recursive: true });
  const free = await statfs(into);
  const rawBytes = manifest.packs.reduce((sum, one) => sum + one.rawBytes, 0);
  if (free.bavail * free.bsize < rawBytes * 1.1 + 8 * manifest.segmentBytes)
    throw new Error(`${into} has too little room for ${rawBytes} bytes`);
  const startedMs = performance.now();
  await fetchInto(cluster, { manifest, files, crypto, onFetched });
  const fetchSeconds = seconds(startedMs);
  await onRecover?.();
  const scratch = join(into, 'recovery');
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  const sockets = socketsOf(cluster);
  await mkdir(sockets, { recursive: true, mode: 0o700 });
  const kept = await configure({ cluster, scratch, sockets, target, durable });
  await writeFile(join(cluster, 'recovery.signal'), '');
  for (const folder of [cluster, scratch, sockets]) await give(folder, runner);
  if (runner.uid !== undefined) await chmod(into, 0o711);

  const urlOf = (database: string) => `postgresql://${manifest.superuser}@/${database}?host=${encodeURIComponent(sockets)}&port=5432`;
  const feed = feeding({ manifest, files, crypto, scratch, runner });
  const log = join(scratch, 'postgres.log');
  const recoveredMs = performance.now();
  const words = ['start', '-w', '-t', '86400', '-D', cluster, '-l', log, '-o', `-c config_file="${join(scratch, 'postgresql.conf')}"`];
  try {
    await Promise.race([run(programs.pg_ctl, words, { ...runner, cwd: sockets }).then(() => arrived(urlOf('postgres'))), feed.broken]);
  } catch (error) {
    await stop('immediate').catch(() => {});
    await feed.end();
    if (error instanceof Damage) throw error;
    const tail = existsSync(log) ? (await readFile(log, 'utf8')).split('\n').slice(-12).join('\n') : '';
    throw new Error(`The restored cluster did not come up:\n${tail}`, { cause: error });
  }
  await feed.end();
  return {
    cluster,
    urlOf,
    lastCommitAt: await lastCommit(urlOf('postgres')),
    fetchSeconds,
    recoverSeconds: seconds(recoveredMs),
    segments: feed.count(),
    async stop() {
      await stop('fast');
      if (kept) await rename(join(scratch, 'kept.conf'), kept);
      if (durable) await archiveHistories(cluster, runner);
      await rm(scratch, { recursive: true, force: true });
      await rm(sockets, { recursive: true, force: true });
    },
  };

  async function stop(mode: 'fast' | 'immediate'): Promise<void> {
    await run(programs.pg_ctl, ['stop', '-w', '-t', '120', '-m', mode, '-D', cluster], { ...runner, cwd: sockets });
  }
}

/** Waits until the recovery is over. @throws Error where the server is gone */
async function arrived(url: string): Promise<void> {
  for (;;) {
    try {
      const { rows } = await withClient(url, (client) => client.query<{ on: boolean }>('select pg_is_in_recovery() as on'));
      if (!rows[0]!.on) return;
    } catch (error) {
      // It says that it recovers; whoever says nothing is gone.
      if ((error as { code?: string }).code !== '57P03') throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Has the next server archive what tells where the timelines parted; the recovery itself archived nothing. */
async function archiveHistories(cluster: string, runner: Runner): Promise<void> {
  const log = join(cluster, 'pg_wal');
  for (const name of (await readdir(log)).filter((one) => HISTORY.test(one))) {
    const note = join(log, 'archive_status', `${name}.ready`);
    await writeFile(note, '', { mode: 0o600 });
    await give(note, runner);
  }
}

/** Socket paths are limited to about 100 characters, so sockets do not lie in a folder that may be deep. */
function socketsOf(cluster: string): string {
  return join(tmpdir(), `minsheng-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}`);
}

/** Stops what a restore that died left running in a folder, and removes the folder. */
export async function clearAway(into: string, programs: Programs): Promise<void> {
  const cluster = join(into, 'cluster');
  if (existsSync(join(cluster, 'postmaster.pid')))
    await run(programs.pg_ctl, ['stop', '-w', '-m', 'immediate', '-D', cluster], { ...findRunner(), cwd: '/' }).catch(() => {});
  await rm(socketsOf(cluster), { recursive: true, force: true });
  await rm(into, { recursive: true, force: true });
}

const seconds = (sinceMs: number) => Math.round(performance.now() - sinceMs) / 1000;

async function fetchInto(
  cluster: string,
  { manifest, files, crypto, onFetched }: Pick<RestoreOptions, 'manifest' | 'files' | 'crypto' | 'onFetched'>,
): Promise<void> {
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  for (const folder of manifest.folders) await mkdir(join(cluster, folder), { recursive: true, mode: 0o700 });
  let fetched = 0;
  const bytesOf = new Map(manifest.packs.map((one) => [one.name, one.rawBytes]));
  await unpack(
    manifest,
    files,
    crypto,
    async (path, content) => {
      const to = join(cluster, path);
      if (!to.startsWith(`${cluster}/`)) throw new Damage('file-changed', path);
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      await pipeline(content, createWriteStream(to, { mode: 0o600 }));
    },
    async (name) => onFetched?.((fetched += bytesOf.get(name) ?? 0)),
  );
}

/**
 * The settings of the recovery, which are not those the cluster ran with: it is reached by its socket alone, archives nothing, and
 * loads nothing. Gives where settings that were made by `alter system` have to be put back.
 */
async function configure(at: {
  cluster: string;
  scratch: string;
  sockets: string;
  target: Date | null;
  durable: boolean;
}): Promise<string | null> {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: at.sockets,
    port: 5432,
    hba_file: join(at.scratch, 'hba.conf'),
    ident_file: join(at.scratch, 'ident.conf'),
    restore_command: `sh "${join(at.scratch, 'fetch.sh')}" "%f" "%p"`,
    ...(at.target
      ? { recovery_target_time: at.target.toISOString().replace('T', ' ').replace('Z', '+00'), recovery_target_action: 'promote' }
      : {}),
    archive_mode: 'off',
    // Nobody reads what has not arrived yet.
    hot_standby: 'off',
    max_connections: 20,
    max_locks_per_transaction: 1024,
    shared_buffers: '128MB',
    max_wal_size: '2GB',
    log_timezone: 'UTC',
    timezone: 'UTC',
    jit: 'off',
    ...(at.durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  const quoted = Object.entries(settings).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'`);
  await writeFile(join(at.scratch, 'postgresql.conf'), `${quoted.join('\n')}\n`);
  // The folder of the socket is closed to all others.
  await writeFile(join(at.scratch, 'hba.conf'), 'local all all trust\n');
  await writeFile(join(at.scratch, 'ident.conf'), '');
  await writeFile(join(at.scratch, 'fetch.sh'), FETCH);
  const automatic = join(at.cluster, 'postgresql.auto.conf');
  if (!existsSync(automatic)) return null;
  await rename(automatic, join(at.scratch, 'kept.conf'));
  return automatic;
}

async function lastCommit(url: string): Promise<Date | null> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ at: Date | null }>('select pg_last_xact_replay_timestamp() as at');
    return rows[0]?.at ?? null;
  });
}
