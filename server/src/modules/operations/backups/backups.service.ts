import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { BackupFailure, BackupFault, SiteName } from '#contracts/operations/backups.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import { PLATFORM, type Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import type { Config } from '#server/platform/config/config.ts';
import type { Crypto } from '#server/platform/crypto/crypto.ts';
import { SYSTEM, violates, type Db } from '#server/platform/db/db.ts';
import { migrations } from '#server/platform/db/migrate.ts';
import { openFiles, type Files } from '#server/platform/files/files.ts';
import { copy, mirrorSegments, ship, type Sites } from './archive.ts';
import {
  addBackup,
  archivedSegments,
  backupsNotAtSecond,
  beginBackup,
  changeBackup,
  goodBackups,
  orphanedBackups,
} from './backups.store.ts';
import { createKeeper } from './keeping.ts';
import { manifestKey, prefixOf, writeManifest } from './manifest.ts';
import { pack } from './packs.ts';
import { countRows } from './proof.ts';
import type { Source } from './source.ts';
import { segmentsAt, verifyBackup } from './verify.ts';
import { missingOf } from './wal.rules.ts';

export interface BackupsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly config: Pick<Config, 'backup' | 'dataFolder'>;
  /** What is backed up; null where nothing is. */
  readonly source: Source | null;
  readonly send: (queue: string, data: Record<string, unknown>) => Promise<void>;
  /** How much of the cluster goes into one pack, where it is not what it always is. */
  readonly packBytes?: number;
}

/** A backup or drill that ends without its purpose, for a reason people have a word for. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly failure: BackupFailure;
  constructor(failure: BackupFailure, detail = '') {
    super(detail);
    this.failure = failure;
  }
}

export interface Backups {
  /** Puts a backup in line. @throws Refusal `operations.no-backup-source`, `operations.backup-at-work` */
  askBackup(actor: Actor): Promise<string>;
  /** Does what was put in line. A backup that failed is told as such; nothing of it is left. */
  run(id: string, signal?: AbortSignal): Promise<void>;
  /** Has a backup read again. @throws Refusal `operations.no-backup-source`, `base.not-found` */
  askVerification(actor: Actor, id: string): Promise<void>;
  /** Reads backups again at every site: one, or all that are kept. Gives how many are damaged. */
  verify(id: string | null): Promise<number>;
  /** Archives what waits in the spool. */
  ship(): Promise<number>;
  /** Copies to the second site what it lacks. */
  mirror(): Promise<number>;
  /** Decides what is kept as what, and removes what is needed no longer, with the log that only it needed. */
  tidy(): Promise<{ removed: number; segments: number }>;
  /** Ends what its process left behind. */
  reclaim(): Promise<number>;
  /** Waits until a stretch of the log is archived. @throws Failure `archive-late` */
  archived(stretch: { from: string; to: string }, system: string, segmentBytes: number): Promise<void>;
  readonly sites: Sites;
  readonly scratch: string;
  readonly source: Source | null;
}

/** How long the archive may take to receive a segment that is finished. */
const ARCHIVE_WAIT_MS = 180_000;

export const BACKUP_QUEUE = 'operations.back-up';
export const VERIFY_QUEUE = 'operations.verify-backups';

export function createBackups({ db, clock, crypto, config, source, send, packBytes }: BackupsDeps): Backups {
  const sites: Sites = {
    first: openFiles(config.backup.first),
    second: config.backup.second ? openFiles(config.backup.second) : null,
  };
  const scratch = join(config.dataFolder, 'backup-work');
  const now = () => new Date(clock.nowMs());
  const everySite = (): [SiteName, Files][] =>
    [['first', sites.first], ...(sites.second ? ([['second', sites.second]] as const) : [])] as [SiteName, Files][];
  const { tidy, sweep } = createKeeper({ db, clock, sites });
  let known: { system: string; segmentBytes: number } | null = null;
  const cluster = async () => (known ??= await asked().facts());

  function asked(): Source {
    if (!source) throw new Refusal({ code: 'operations.no-backup-source' });
    return source;
  }

  async function askBackup(actor: Actor): Promise<string> {
    asked();
    const at = now();
    const id = newId(at.getTime());
    try {
      await db.transact(SYSTEM, async (tx) => {
        await addBackup(tx, { id, state: 'waiting', asked_by: actor.name, asked_at: at });
        await record(tx, actor, { at, action: 'operations.back-up', objectKind: 'backup', objectId: id });
      });
    } catch (error) {
      if (violates(error, 'backup_at_work_key')) throw new Refusal({ code: 'operations.backup-at-work' });
      throw error;
    }
    await send(BACKUP_QUEUE, { id });
    return id;
  }

  async function run(id: string, signal?: AbortSignal): Promise<void> {
    const from = asked();
    const release = await from.hold(BACKUP_QUEUE);
    if (!release) return;
    try {
      if (!(await db.transact(SYSTEM, (tx) => beginBackup(tx, id, now())))) return;
      try {
        await take(from, id, signal);
      } catch (error) {
        await failed(
          id,
          signal?.aborted ? 'interrupted' : error instanceof Failure ? error.failure : 'broken',
          error instanceof Error ? error.message : String(error),
        );
        throw error;
      }
    } finally {
      await release();
    }
    await tidy();
  }

  async function take(from: Source, id: string, signal?: AbortSignal): Promise<void> {
    await mkdir(scratch, { recursive: true, mode: 0o700 });
    await chmod(scratch, 0o700);
    const startedAt = now();
    const facts = await from.facts();
    if (from.kind === 'embedded' && !facts.archives) throw new Failure('no-archive');
    const counts = await db.transact(SYSTEM, countRows);
    const base = from.take();
    let [rawBytes, storedBytes, packs] = [0, 0, 0];
    const packed = await pack(base.contents, {
      id,
      files: sites.first,
      crypto,
      scratch,
      ...(packBytes ? { packBytes } : {}),
      ...(signal ? { signal } : {}),
      onPack: async (made) => {
        rawBytes += made.rawBytes;
        storedBytes += made.bytes;
        packs++;
        await db.transact(SYSTEM, (tx) => changeBackup(tx, id, { raw_bytes: rawBytes, stored_bytes: storedBytes, packs }));
      },
    });
    const { walFrom, walTo, folders } = base.ended();
    await archived({ from: walFrom, to: walTo }, facts.system, facts.segmentBytes);
    const endedAt = now();
    const digest = await writeManifest(
      sites.first,
      crypto,
      {
        format: 1,
        id,
        source: from.kind,
        system: facts.system,
        version: facts.version,
        segmentBytes: facts.segmentBytes,
        database: await databaseName(),
        superuser: facts.superuser,
        startedAt: startedAt.toISOString(),
        endedAt: endedAt.toISOString(),
        walFrom,
        walTo,
        migration: migrations().at(-1)!.name,
        counts,
        folders,
        ...packed,
      },
      scratch,
    );
    await db.transact(SYSTEM, async (tx) => {
      await changeBackup(tx, id, {
        state: 'good',
        source: from.kind,
        ended_at: endedAt,
        system: facts.system,
        segment_bytes: facts.segmentBytes,
        wal_from: walFrom,
        wal_to: walTo,
        files: packed.files.length,
        manifest_sm3: digest,
        keep_as: 'daily',
      });
      await record(tx, PLATFORM, {
        at: endedAt,
        action: 'operations.backed-up',
        objectKind: 'backup',
        objectId: id,
        detail: { rawBytes, storedBytes, walFrom, walTo, manifest: digest },
      });
    });
  }

  async function databaseName(): Promise<string> {
    return db.transact(SYSTEM, async (tx) => (await sql<{ name: string }>`select current_database() as name`.execute(tx)).rows[0]!.name);
  }

  async function archived(stretch: { from: string; to: string }, system: string, segmentBytes: number): Promise<void> {
    for (const untilMs = performance.now() + ARCHIVE_WAIT_MS; ;) {
      await shipNow(system);
      const missing = missingOf(stretch, new Set(await segmentsAt(sites.first, system)), segmentBytes);
      if (missing.length === 0) return;
      if (performance.now() > untilMs) throw new Failure('archive-late', missing.slice(0, 5).join(' '));
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  // The loop and whoever waits for a segment must not put the same one at the same time.
  let shipping: Promise<number> | null = null;
  const shipNow = (system: string): Promise<number> =>
    (shipping ??= (async () => {
      await mkdir(scratch, { recursive: true, mode: 0o700 });
      return ship({ db, clock, crypto, sites, spool: asked().spool, scratch }, system);
    })().finally(() => (shipping = null)));

  async function failed(id: string, failure: BackupFailure, detail: string): Promise<void> {
    const at = now();
    await db.transact(SYSTEM, async (tx) => {
      await changeBackup(tx, id, { state: 'failed', ended_at: at, failure, detail: detail.slice(0, 1000) });
      await record(tx, PLATFORM, { at, action: 'operations.back-up-failed', objectKind: 'backup', objectId: id, detail: { failure } });
    });
    // A site that cannot be reached now is swept with the next backup.
    await sweep().catch(() => {});
  }

  async function mirror(): Promise<number> {
    const { second } = sites;
    if (!second) return 0;
    const segments = await mirrorSegments({ db, clock, sites });
    const [next] = await db.transact(SYSTEM, backupsNotAtSecond);
    if (!next) return segments;
    try {
      const there = new Map((await second.list(prefixOf(next.id))).map(({ key, bytes }) => [key, bytes]));
      const here = await sites.first.list(prefixOf(next.id));
      // The manifest last: until then the second site has no backup of this id.
      for (const { key, bytes } of here.toSorted((a, b) => Number(a.key === manifestKey(next.id)) - Number(b.key === manifestKey(next.id))))
        if (there.get(key) !== bytes) await copy(sites.first, second, key);
      await db.transact(SYSTEM, (tx) => changeBackup(tx, next.id, { second_at: now(), second_fault: null }));
      return segments + 1;
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      await db.transact(SYSTEM, (tx) => changeBackup(tx, next.id, { second_fault: fault.slice(0, 500) }));
      throw error;
    }
  }

  async function askVerification(actor: Actor, id: string): Promise<void> {
    asked();
    const at = now();
    await db.transact(SYSTEM, async (tx) => {
      if (!(await goodBackups(tx)).some((one) => one.id === id)) throw new Refusal({ code: 'base.not-found' });
      await record(tx, actor, { at, action: 'operations.verify-backup', objectKind: 'backup', objectId: id });
    });
    await send(VERIFY_QUEUE, { id });
  }

  async function verify(id: string | null): Promise<number> {
    const { system } = await cluster();
    const good = await db.transact(SYSTEM, goodBackups);
    // From nightly ones any later instant must be reachable: their log is read to its end, once.
    const oldest = good.findLast((one) => one.keep_as === 'daily')?.id;
    let damaged = 0;
    for (const one of good) {
      if (id !== null && one.id !== id) continue;
      const faults: BackupFault[] = [];
      for (const [site, files] of everySite()) {
        // What is still on its way to the second site is not damaged.
        if (site === 'second' && one.second_at === null) continue;
        const log = one.keep_as === 'daily' && (id !== null || one.id === oldest) ? 'all' : 'own';
        const remembered = await db.transact(SYSTEM, (tx) => archivedSegments(tx, system, site === 'second'));
        for (const fault of await verifyBackup({ files, crypto, id: one.id, system, log, remembered })) faults.push({ site, ...fault });
      }
      if (faults.length > 0) damaged++;
      await db.transact(SYSTEM, (tx) => changeBackup(tx, one.id, { verified_at: now(), faults: JSON.stringify(faults.slice(0, 50)) }));
    }
    return damaged;
  }

  async function reclaim(): Promise<number> {
    if (!source) return 0;
    const orphans = await db.transact(SYSTEM, orphanedBackups);
    if (orphans.length === 0) return 0;
    const release = await source.hold(BACKUP_QUEUE);
    if (!release) return 0;
    try {
      // Only now is it certain that nobody works on them: asked again under the lock.
      const left = await db.transact(SYSTEM, orphanedBackups);
      for (const { id } of left) await failed(id, 'interrupted', '');
      return left.length;
    } finally {
      await release();
    }
  }

  return {
    askBackup,
    run,
    askVerification,
    verify,
    ship: async () => (source ? shipNow((await cluster()).system) : 0),
    mirror,
    tidy,
    reclaim,
    archived,
    sites,
    scratch,
    source,
  };
}
