import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PLATFORM } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { writeKeyring } from '#server/platform/config/config.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { migrate } from '#server/platform/db/migrate.ts';
import { findRunner } from '#server/platform/db/programs.ts';
import { installJobs } from '#server/platform/jobs/jobs.ts';
import { ensurePartitions } from '#server/platform/maintenance.ts';
import { BACKUP_QUEUES } from './backups.jobs.ts';
import { backingUp } from './backups.testing.ts';
import { drillOf } from './backups.views.ts';
import { readManifest } from './manifest.ts';
import { restore } from './restore.ts';
import { outsideSource } from './source.ts';

const PROGRAMS = '/usr/lib/postgresql/15/bin';
const isInstalled = existsSync(join(PROGRAMS, 'postgres')) && existsSync(join(PROGRAMS, 'pg_amcheck'));
if (!isInstalled) console.log(`There is no ${PROGRAMS}: a PostgreSQL of one's own is not backed up in this run (on Debian: postgresql-15)`);

/** A PostgreSQL 15 as one runs it oneself: it archives by its own library, and is backed up by its own program. */
describe.skipIf(!isInstalled)('a PostgreSQL that is not the embedded one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'minsheng-outside-'));
  const runner = findRunner();
  const cluster = join(folder, 'pg');
  const spool = join(folder, 'spool');
  const port = 55_300 + (process.pid % 300);
  const urlOf = (who: string, database: string) => `postgresql://${who}@/${database}?host=${encodeURIComponent(folder)}&port=${port}`;
  const asServer = (program: string, ...words: string[]) =>
    execFileSync(join(PROGRAMS, program), words, { ...runner, cwd: folder, stdio: 'pipe' });
  let lab: ReturnType<typeof backingUp>;

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    mkdirSync(spool, { mode: 0o700 });
    if (runner.uid !== undefined) for (const path of [folder, spool]) chownSync(path, runner.uid, runner.gid ?? runner.uid);
    asServer('initdb', '-D', cluster, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
    const settings = [
      `port = ${port}`,
      `listen_addresses = ''`,
      `unix_socket_directories = '${folder}'`,
      'max_locks_per_transaction = 1024',
      'archive_mode = on',
      `archive_library = 'basic_archive'`,
      `basic_archive.archive_directory = '${spool}'`,
      'archive_timeout = 60',
    ];
    writeFileSync(join(cluster, 'postgresql.conf'), settings.join('\n'));
    asServer('pg_ctl', 'start', '-w', '-D', cluster, '-l', join(folder, 'log'));
    const maker = new pg.Client({ connectionString: urlOf('postgres', 'postgres') });
    await maker.connect();
    await maker.query('create role minsheng_owner login createrole');
    await maker.query('create role minsheng_backup login replication');
    await maker.query('grant execute on function pg_switch_wal() to minsheng_backup');
    await maker.query('create database minsheng owner minsheng_owner');
    await maker.end();
    const ownerUrl = urlOf('minsheng_owner', 'minsheng');
    await migrate(ownerUrl);
    await installJobs(ownerUrl, BACKUP_QUEUES);
    const data = join(folder, 'data');
    mkdirSync(data);
    writeKeyring(join(data, 'keyring.json'));
    const source = outsideSource({ url: urlOf('minsheng_backup', 'postgres'), spool, programs: PROGRAMS });
    lab = backingUp({ settings: { MINSHENG_DATA: data }, url: ownerUrl, source, packBytes: 4 * 1024 * 1024 });
    await ensurePartitions(lab.db, Date.now(), Date.now());
  }, 120_000);

  afterAll(async () => {
    await lab?.db.close();
    if (existsSync(join(cluster, 'postmaster.pid'))) asServer('pg_ctl', 'stop', '-m', 'fast', '-D', cluster);
    rmSync(folder, { recursive: true, force: true });
  });

  test('is backed up by pg_basebackup, proven by a drill, and found sound by pg_amcheck once restored', async () => {
    const mark = () => lab.db.transact(SYSTEM, (tx) => record(tx, PLATFORM, { at: new Date(), action: 'test.mark' }));
    await mark();
    await lab.seal();
    const id = await lab.backUp();
    expect(await lab.backups.verify(id)).toBe(0);
    await mark();
    await lab.seal();
    const target = new Date();
    const drill = await lab.drill(target);
    const found = await lab.db.transact(SYSTEM, (tx) => drillOf(tx, drill));
    expect(found, JSON.stringify(found)).toMatchObject({ state: 'proven', backupId: id });

    const { manifest } = await readManifest(lab.backups.sites.first, lab.crypto, id);
    expect(manifest).toMatchObject({ source: 'outside', superuser: 'postgres', database: 'minsheng' });
    expect(manifest.files.map(({ path }) => path)).toContain('backup_manifest');
    const restored = await restore({
      manifest,
      files: lab.backups.sites.first,
      crypto: lab.crypto,
      target,
      into: join(folder, 'data', 'checked'),
      durable: false,
      programs: await lab.source.programs(manifest.version),
    });
    try {
      const host = decodeURIComponent(/host=([^&]+)/.exec(restored.urlOf('minsheng'))![1]!);
      const told = asServer(
        'pg_amcheck',
        '-h',
        host,
        '-p',
        '5432',
        '-U',
        'postgres',
        '-d',
        'minsheng',
        '--install-missing',
        '--heapallindexed',
      );
      expect(told.toString()).toBe('');
    } finally {
      await restored.stop();
    }
  }, 120_000);
});
