import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import pg from 'pg';
import { extract } from 'tar-stream';
import type { Programs } from '#server/platform/db/programs.ts';
import { embeddedPrograms, findRunner } from '#server/platform/db/programs.ts';
import type { Content } from './packs.ts';
import type { Segment } from './wal.rules.ts';

export interface ClusterFacts {
  readonly system: string;
  readonly version: number;
  readonly segmentBytes: number;
  readonly superuser: string;
  /** Whether finished segments are handed to the spool by the server itself. */
  readonly archives: boolean;
}

/** A base backup under way: its files, and, once all of them were taken, which stretch of the log makes them whole. */
export interface BaseBackup {
  readonly contents: AsyncIterable<Content>;
  ended(): { readonly walFrom: Segment; readonly walTo: Segment; readonly folders: string[] };
}

/** The cluster that is backed up, and where its finished segments appear. */
export interface Source {
  readonly kind: 'embedded' | 'outside';
  readonly spool: string;
  facts(): Promise<ClusterFacts>;
  take(): BaseBackup;
  /** Finishes the segment at hand, so that what was committed up to now can be archived. Gives its name. */
  turn(): Promise<Segment>;
  /** Keeps others from what is named until it is let go, or until this process dies; null where somebody else keeps it. */
  hold(what: string): Promise<(() => Promise<void>) | null>;
  /** Programs that can run a cluster of this one's version. */
  programs(version: number): Promise<Programs>;
}

/** How an embedded cluster is reached: its files, and a log-in that may begin and end a backup. */
export interface EmbeddedCluster {
  readonly url: string;
  readonly cluster: string;
  readonly spool: string;
}

export function embeddedSource({ url, cluster, spool }: EmbeddedCluster): Source {
  return {
    kind: 'embedded',
    spool,
    ...common(url),
    programs: () => embeddedPrograms(findRunner()),
    take: () => copyOf(url, cluster),
  };
}

export interface OutsideCluster {
  readonly url: string;
  readonly spool: string;
  /** Folder of the programs; empty: where Debian puts them. */
  readonly programs: string;
}

export function outsideSource({ url, spool, programs }: OutsideCluster): Source {
  const folderOf = (version: number) => programs || `/usr/lib/postgresql/${Math.floor(version / 10_000)}/bin`;
  return {
    kind: 'outside',
    spool,
    ...common(url),
    programs: async (version) => ({ pg_ctl: join(folderOf(version), 'pg_ctl'), postgres: join(folderOf(version), 'postgres') }),
    take: () => streamOf(url, programs),
  };
}

function common(url: string): Pick<Source, 'facts' | 'turn' | 'hold'> {
  return {
    facts: () =>
      withClient(url, async (client) => {
        const { rows } = await client.query<ClusterFacts>(
          `select system_identifier::text as system, current_setting('server_version_num')::int as version,
             (select setting::int from pg_settings where name = 'wal_segment_size') as "segmentBytes",
             (select rolname from pg_roles where oid = 10) as superuser, current_setting('archive_mode') <> 'off' as archives
           from pg_control_system()`,
        );
        return rows[0]!;
      }),
    turn: () => withClient(url, turn),
    async hold(what) {
      const client = await connect(url);
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock(hashtext($1)) as mine', [what]);
      if (rows[0]!.mine) return () => client.end();
      await client.end();
      return null;
    },
  };
}

async function turn(client: pg.Client): Promise<Segment> {
  const { rows } = await client.query<{ segment: Segment }>('select pg_walfile_name(pg_switch_wal()) as segment');
  return rows[0]!.segment;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'minsheng-backup', connectionTimeoutMillis: 10_000 });
  // A server that goes away ends the backup by the next question; the error itself must not end the process.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Asks over a connection of its own, outside of any transaction of the application. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Folders whose content a server makes anew when it starts; the log is archived apart. */
const EMPTIED = new Set(['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans']);
/** What belongs to the running server alone, or would be taken for the label of this backup. */
const LEFT_OUT = /^(postmaster\.(pid|opts)|current_logfiles(\.tmp)?|backup_label(\.old)?|tablespace_map(\.old)?|backup_manifest)$/;
const TEMPORARY = /^(pgsql_tmp.*|pg_internal\.init.*|.*\.tmp)$/;

/**
 * The cluster's files, copied while it runs (PostgreSQL, Making a Base Backup Using the Low Level API): what is torn in a copy is mended by
 * the log from where the backup began. The session stays open from beginning to end; if it breaks, PostgreSQL itself gives the
 * backup up.
 */
function copyOf(url: string, cluster: string): BaseBackup {
  const folders: string[] = [];
  let stretch: { walFrom: Segment; walTo: Segment } | null = null;
  const contents = async function* (): AsyncGenerator<Content> {
    const client = await connect(url);
    try {
      const begun = await client.query<{ segment: Segment }>(`select pg_walfile_name(pg_backup_start('minsheng', true)) as segment`);
      for await (const path of filesOf(cluster, '', folders)) {
        const file = await open(join(cluster, path)).catch((error: { code?: string }) => {
          // Dropped since it was listed: the log tells so too.
          if (error.code === 'ENOENT') return null;
          throw error;
        });
        if (!file) continue;
        const { size } = await file.stat();
        // Read to the end it has now; what is added later comes from the log.
        const content =
          size > 0 ? (createReadStream('', { fd: file, start: 0, end: size - 1, highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) : null;
        yield { path, bytes: size, content };
        if (!content) await file.close();
      }
      const ended = await client.query<{ segment: Segment; labelfile: string; spcmapfile: string }>(
        'select pg_walfile_name(lsn) as segment, labelfile, spcmapfile from pg_backup_stop(false)',
      );
      const { segment, labelfile, spcmapfile } = ended.rows[0]!;
      if (spcmapfile.trim()) throw new Error('The cluster has tablespaces, which are not backed up this way');
      yield { path: 'backup_label', ...text(labelfile) };
      stretch = { walFrom: begun.rows[0]!.segment, walTo: segment };
    } finally {
      await client.end();
    }
  };
  return {
    contents: contents(),
    ended: () => {
      if (!stretch) throw new Error('The backup has not ended');
      return { ...stretch, folders };
    },
  };
}

function text(content: string): Pick<Content, 'bytes' | 'content'> {
  const bytes = Buffer.from(content);
  return { bytes: bytes.length, content: Readable.from([bytes]) as AsyncIterable<Buffer> };
}

async function* filesOf(cluster: string, under: string, folders: string[]): AsyncGenerator<string> {
  // `global` holds the control file, which has to be the last that is copied.
  const entries = (await readdir(join(cluster, under), { withFileTypes: true }).catch(() => [])).toSorted(
    (a, b) => Number(a.name === 'pg_control') - Number(b.name === 'pg_control') || (a.name < b.name ? -1 : 1),
  );
  for (const entry of under === '' ? entries.toSorted((a, b) => Number(a.name === 'global') - Number(b.name === 'global')) : entries) {
    const path = relative('.', join(under, entry.name)).replaceAll(sep, '/');
    if (TEMPORARY.test(entry.name) || (under === '' && LEFT_OUT.test(entry.name))) continue;
    if (entry.isDirectory()) {
      folders.push(path);
      if (under === '' && EMPTIED.has(entry.name)) {
        if (entry.name === 'pg_wal') folders.push('pg_wal/archive_status');
      } else yield* filesOf(cluster, path, folders);
    } else if (entry.isFile()) yield path;
  }
}

/** The same of a server that is not ours, by its own program: one archive of all files on its standard output. */
function streamOf(url: string, programs: string): BaseBackup {
  const folders: string[] = [];
  let label = '';
  let walTo: Segment | null = null;
  const contents = async function* (): AsyncGenerator<Content> {
    // What stands on a command line is read by everybody on the machine.
    const [, before, password, after] = /^(\w+:\/\/[^:@/]+):([^@]*)(@.*)$/.exec(url) ?? [];
    const words = [
      '--dbname',
      before ? `${before}${after}` : url,
      '--pgdata=-',
      '--format=tar',
      '--wal-method=none',
      '--checkpoint=fast',
      '--manifest-checksums=SHA256',
    ];
    const child = spawn(programs ? join(programs, 'pg_basebackup') : 'pg_basebackup', words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: password ? { ...process.env, PGPASSWORD: decodeURIComponent(password) } : process.env,
    });
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => (told = (told + chunk.toString()).slice(-2000)));
    const gone = new Promise<number | Error>((resolve) => child.once('error', resolve).once('close', (code) => resolve(code ?? -1)));
    try {
      for await (const entry of child.stdout.pipe(extract())) {
        const path = entry.header.name.replace(/^\.\//, '').replace(/\/$/, '');
        if (entry.header.type === 'directory') {
          folders.push(path);
          entry.resume();
        } else if (path === 'backup_label') {
          label = await textOf(entry);
          yield { path, ...text(label) };
        } else yield { path, bytes: entry.header.size ?? 0, content: entry as AsyncIterable<Buffer> };
      }
      const code = await gone;
      if (code !== 0) throw new Error(`pg_basebackup ended with ${code instanceof Error ? code.message : code}: ${told.trim()}`);
      walTo = await withClient(url, turn);
    } finally {
      child.kill();
    }
  };
  return {
    contents: contents(),
    ended: () => {
      const walFrom = /\(file ([0-9A-F]{24})\)/.exec(label)?.[1];
      if (!walFrom || !walTo) throw new Error('The backup has not ended');
      return { walFrom, walTo, folders };
    },
  };
}
