import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedReference } from '#server/modules/reference/index.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import { seal } from '#server/platform/audit/audit.ts';
import { readConfig, readKeyring, writeKeyring, type Config } from '#server/platform/config/config.ts';
import { createCrypto, type Crypto } from '#server/platform/crypto/crypto.ts';
import { openDb, type Db } from '#server/platform/db/db.ts';
import { startEmbedded, type Embedded } from '#server/platform/db/embedded.ts';
import { migrate } from '#server/platform/db/migrate.ts';
import { installJobs } from '#server/platform/jobs/jobs.ts';
import { ensurePartitions, ROOT } from '#server/platform/maintenance.ts';
import { BACKUP_QUEUES } from './backups.jobs.ts';
import { createBackups, type Backups } from './backups.service.ts';
import { createDrills, type Drills } from './drills.service.ts';
import { embeddedSource, type Source } from './source.ts';

/** A cluster of its own that archives its log, with two sites and everything that backs it up; nothing runs by itself. */
export interface BackupLab {
  readonly folder: string;
  readonly config: Config;
  readonly database: Embedded;
  readonly source: Source;
  readonly db: Db;
  readonly crypto: Crypto;
  readonly backups: Backups;
  readonly drills: Drills;
  readonly keyring: string;
  /** Asks for a backup and takes it. */
  backUp(): Promise<string>;
  /** Asks for a drill and does it; gives its id. */
  drill(target: Date): Promise<string>;
  /** Seals what is to be chained, as the running platform does within a second. */
  seal(): Promise<void>;
  /** Begins a backup in a process of its own. */
  backUpElsewhere(): Promise<ChildProcess>;
  close(): Promise<void>;
}

export interface LabFacts {
  readonly settings: Readonly<Record<string, string>>;
  readonly url: string;
  readonly backupUrl: string;
  readonly cluster: string;
  readonly spool: string;
  readonly packBytes: number;
}

/** What backs up a cluster; what would go to the queues goes nowhere. */
export function backingUp({
  settings,
  url,
  source,
  packBytes,
}: {
  settings: LabFacts['settings'];
  url: string;
  source: Source;
  packBytes: number;
}) {
  const config = readConfig(settings, ROOT);
  const db = openDb({ url, poolSize: 4, asApp: true });
  const crypto = createCrypto(config.suite, readKeyring(config.keyringPath));
  const deps = { db, clock: systemClock, crypto, config, source, send: async () => {}, packBytes };
  const backups = createBackups(deps);
  const drills = createDrills(deps, backups);
  return {
    config,
    db,
    crypto,
    source,
    backups,
    drills,
    async backUp() {
      const id = await backups.askBackup(PLATFORM);
      await backups.run(id);
      return id;
    },
    async drill(target: Date) {
      const id = await drills.askDrill(PLATFORM, target);
      await drills.run(id);
      return id;
    },
    async seal() {
      while ((await seal(db)) > 0);
    },
  };
}

export async function openBackupLab(options: { packBytes?: number; settings?: Readonly<Record<string, string>> } = {}): Promise<BackupLab> {
  const folder = mkdtempSync(join(tmpdir(), 'minsheng-backups-'));
  chmodSync(folder, 0o711);
  const data = join(folder, 'data');
  mkdirSync(data);
  const database = await startEmbedded({ folder: data, wishedPort: 55_600 + (process.pid % 300), archiveSeconds: 60 });
  try {
    await migrate(database.ownerUrl);
    await installJobs(database.ownerUrl, BACKUP_QUEUES);
    const settings = {
      MINSHENG_DATA: data,
      MINSHENG_BACKUP_SECOND: join(folder, 'elsewhere'),
      MINSHENG_LOG: 'silent',
      ...options.settings,
    };
    const keyring = join(data, 'keyring.json');
    writeKeyring(keyring);
    const facts: LabFacts = {
      settings,
      url: database.appUrl,
      backupUrl: database.backupUrl,
      cluster: database.cluster,
      spool: database.spool,
      packBytes: options.packBytes ?? 4 * 1024 * 1024,
    };
    const parts = backingUp({ ...facts, source: embeddedSource({ ...database, url: database.backupUrl }) });
    const { db, backups } = parts;
    await ensurePartitions(db, Date.now(), Date.now());
    await seedReference(db, new Date());
    return {
      folder,
      database,
      keyring,
      ...parts,
      async backUpElsewhere() {
        const id = await backups.askBackup(PLATFORM);
        const child = spawn(process.execPath, [join(ROOT, 'server/test/back-up.ts'), id], {
          env: { ...process.env, BACKUP_LAB: JSON.stringify(facts) },
          stdio: ['ignore', 'inherit', 'inherit'],
        });
        await once(child, 'spawn');
        return child;
      },
      async close() {
        await db.close();
        await database.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
