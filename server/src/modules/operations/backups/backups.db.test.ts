import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DRILL_STEPS } from '#contracts/operations/backups.api.ts';
import { newId } from '#server/kernel/ids.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { startEmbedded } from '#server/platform/db/embedded.ts';
import { writeSetting } from '#server/platform/db/settings.ts';
import { openBackupLab, type BackupLab } from './backups.testing.ts';
import { addBackup, changeDrill } from './backups.store.ts';
import { boardOf, drillOf } from './backups.views.ts';
import { DAMAGES, spoilt } from './damages.testing.ts';
import { readManifest, walKey } from './manifest.ts';
import { backupReadings, overdue } from './readings.ts';
import { restore } from './restore.ts';
import { restoreCommand } from './restore.command.ts';
import { segmentsAt, verifyBackup } from './verify.ts';

let lab: BackupLab;
let first: string;
/** Markers with the instants between which each was committed. */
const markers: { name: string; beforeMs: number; afterMs: number }[] = [];

beforeAll(async () => {
  lab = await openBackupLab();
  await mark(3, 50);
  await lab.seal();
  first = await lab.backUp();
  while ((await lab.backups.mirror()) > 0);
}, 120_000);
afterAll(() => lab?.close());

const board = () => lab.db.transact(SYSTEM, (tx) => boardOf(tx, Date.now(), lab.source, lab.config.backup));
const siteFolder = () => (lab.config.backup.first as { folder: string }).folder;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Leaves marks behind, each in a transaction of its own. */
async function mark(count: number, everyMs: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const name = `marker-${markers.length}`;
    const beforeMs = Date.now();
    await lab.db.transact(SYSTEM, async (tx) => {
      await writeSetting(tx, name, '1');
      await record(tx, PLATFORM, { at: new Date(), action: 'test.mark', objectKind: 'marker', objectId: name });
    });
    markers.push({ name, beforeMs, afterMs: Date.now() });
    await wait(everyMs);
  }
}

async function system(): Promise<string> {
  return (await lab.source.facts()).system;
}

const look = (id: string) => async (files: Parameters<typeof verifyBackup>[0]['files'], crypto: BackupLab['crypto']) =>
  verifyBackup({ files, crypto, id, system: await system(), log: 'all' });

test('a backup that ended is whole at both sites, and nothing in it can be read', async () => {
  const { backups, sites, archive } = await board();
  expect(backups).toMatchObject([{ id: first, state: 'good', keepAs: 'daily', faults: [], failure: null }]);
  expect(backups[0]!.secondAt).not.toBeNull();
  expect(sites.map(({ name }) => name)).toEqual(['first', 'second']);
  expect(archive).toMatchObject({ gaps: [], notAtSecond: 0 });
  expect(await lab.backups.verify(null)).toBe(0);
  expect((await board()).backups[0]!.verifiedAt).not.toBeNull();
  for (const folder of [siteFolder(), join(lab.folder, 'elsewhere')])
    for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) => statSync(join(folder, one)).isFile())) {
      const bytes = readFileSync(join(folder, path));
      for (const known of ['marker-', 'PG_VERSION', 'backup_label', 'START WAL']) expect(bytes.includes(known), path).toBe(false);
    }
});

test('a restore to a named second holds exactly what was committed up to it', async () => {
  await mark(6, 400);
  await lab.seal();
  // Half way between two commits, so that no clock's grain decides.
  const [last, next] = [markers.at(-3)!, markers.at(-2)!];
  const target = new Date(Math.floor((last.afterMs + next.beforeMs) / 2));
  await lab.backups.archived(await upToNow(), await system(), 16 * 1024 * 1024);
  const { manifest } = await readManifest(lab.backups.sites.first, lab.crypto, first);
  const into = join(lab.folder, 'data', 'named-second');
  const restored = await restore({
    manifest,
    files: lab.backups.sites.first,
    crypto: lab.crypto,
    target,
    into,
    durable: false,
    programs: await lab.source.programs(manifest.version),
  });
  try {
    const client = new pg.Client({ connectionString: restored.urlOf(manifest.database) });
    await client.connect();
    const { rows } = await client.query<{ key: string }>(
      `select key from platform.setting where key like 'marker-%' order by length(key), key`,
    );
    await client.end();
    expect(rows.map((row) => row.key)).toEqual(markers.slice(0, -2).map(({ name }) => name));
    expect(restored.lastCommitAt!.getTime()).toBeLessThanOrEqual(target.getTime());
    expect(restored.lastCommitAt!.getTime()).toBeGreaterThanOrEqual(last.beforeMs - 1);
  } finally {
    await restored.stop();
  }
}, 120_000);

async function upToNow(): Promise<{ from: string; to: string }> {
  const to = await lab.source.turn();
  return { from: to, to };
}

test('kill -9 in the middle leaves the former backup as it was, and nothing of the new one', async () => {
  const before = (await lab.backups.sites.first.list('base/')).length;
  const child = await lab.backUpElsewhere();
  for (;;) {
    const running = (await board()).backups.find(({ state }) => state === 'running');
    if (running && running.storedBytes > 0) break;
    await wait(20);
  }
  // While it runs, nobody takes it for dead, and a second one is refused.
  expect(await lab.backups.reclaim()).toBe(0);
  await expect(lab.backups.askBackup(PLATFORM)).rejects.toMatchObject({ facts: { code: 'operations.backup-at-work' } });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  let reclaimed = 0;
  for (let tries = 0; reclaimed === 0 && tries < 100; tries++, await wait(50)) reclaimed = await lab.backups.reclaim();
  expect(reclaimed).toBe(1);
  expect((await board()).backups.map(({ state, failure }) => [state, failure])).toEqual([
    ['failed', 'interrupted'],
    ['good', null],
  ]);
  expect((await lab.backups.sites.first.list('base/')).length).toBe(before);
  expect(await lab.backups.verify(first)).toBe(0);
}, 120_000);

test('a drill proves the former backup by every step, and measures what a restore takes and loses', async () => {
  await mark(2, 20);
  await lab.seal();
  const id = await lab.drill(new Date());
  const drill = (await lab.db.transact(SYSTEM, (tx) => drillOf(tx, id)))!;
  expect(drill).toMatchObject({ state: 'proven', backupId: first, failure: null });
  expect(drill.steps.map(({ name }) => name)).toEqual(DRILL_STEPS);
  expect(drill.steps.flatMap(({ faults }) => faults)).toEqual([]);
  expect(drill.rtoSeconds).toBeGreaterThan(0);
  expect(drill.rpoSeconds).toBeGreaterThanOrEqual(0);
  expect(drill.rpoSeconds).toBeLessThan(30);
  expect(drill.steps.find(({ name }) => name === 'chain')!.figures['entries']).toBeGreaterThan(markers.length);
  expect((await board()).backups.find((one) => one.id === first)!.provenAt).not.toBeNull();
  expect(readdirSync(join(lab.folder, 'data', 'drills'))).toEqual([]);
}, 120_000);

test('what differs from the running platform fails the drill, by the step that sees it', async () => {
  await mark(1, 0);
  await lab.seal();
  const target = new Date();
  const owner = new pg.Client({ connectionString: lab.database.ownerUrl });
  await owner.connect();
  await wait(5);
  // Somebody rewrites history behind the platform's back, after the instant that is restored.
  await owner.query(`update platform.audit_entry set action = 'test.forged' where object_id = 'marker-0'`);
  const id = await lab.drill(target);
  await owner.query(`update platform.audit_entry set action = 'test.mark' where object_id = 'marker-0'`);
  await owner.end();
  const drill = (await lab.db.transact(SYSTEM, (tx) => drillOf(tx, id)))!;
  expect(drill).toMatchObject({ state: 'failed', failure: 'not-proven' });
  expect(drill.steps.filter(({ faults }) => faults.length > 0).map(({ name }) => name)).toEqual(['digests']);
}, 120_000);

/** One of each kind; `damages.test.ts` has all of them, on a site made for it. */
const SOME = DAMAGES.filter(({ says }) => ['pack-changed', 'label-missing', 'segment-unreadable'].includes(says)).slice(0, 3);

describe('damage of a real backup is recognised before a restore needs it', () => {
  test.each(SOME.map((damage) => [damage.name, damage] as const))('%s', async (_, damage) => {
    const faults = await spoilt(
      { folder: siteFolder(), crypto: lab.crypto, id: first, aside: join(lab.folder, 'spoilt') },
      damage,
      look(first),
    );
    expect(faults.map(({ kind }) => kind)).toContain(damage.says);
  });
});

test('a drill whose process died is ended, and its files are gone', async () => {
  const id = newId();
  await lab.db.transact(SYSTEM, (tx) =>
    tx
      .insertInto('operations.restore_drill')
      .values({ id, state: 'running', asked_by: '系统', asked_at: new Date(), started_at: new Date(), target: new Date() })
      .execute(),
  );
  expect(await lab.drills.reclaim()).toBe(1);
  expect(await lab.db.transact(SYSTEM, (tx) => drillOf(tx, id))).toMatchObject({ state: 'failed', failure: 'interrupted' });
});

test('the spool is never taken for what it is not: a foreign segment and a second one of a known name stop the archive', async () => {
  const names = await segmentsAt(lab.backups.sites.first, await system());
  const foreign = Buffer.alloc(16 * 1024 * 1024);
  foreign.writeUInt32LE(foreign.length, 32);
  const path = join(lab.database.spool, names[0]!);
  writeFileSync(path, foreign);
  await expect(lab.backups.ship()).rejects.toThrow('no segment of this cluster');
  foreign.writeBigUInt64LE(BigInt(await system()), 24);
  writeFileSync(path, foreign);
  const key = walKey(await system(), names[0]!);
  const before = readFileSync(join(siteFolder(), key));
  await expect(lab.backups.ship()).rejects.toThrow('is archived already');
  expect(readFileSync(join(siteFolder(), key)).equals(before)).toBe(true);
  rmSync(path);
});

test('what is needed no longer goes, at both sites, with the log that only it needed', async () => {
  const second = await lab.backUp();
  await lab.db.transact(SYSTEM, async (tx) => {
    // The first one ages by a day more than is kept, and lies in the month and year of the newer one no more than it has to.
    const at = new Date(Date.now() - 36 * 86_400_000);
    await tx.updateTable('operations.backup').set({ ended_at: at, proven_at: null }).where('id', '=', first).execute();
    const more = { asked_by: '系统', asked_at: at, state: 'good', segment_bytes: 16 * 1024 * 1024, system: await system() };
    await addBackup(tx, {
      ...more,
      id: newId(),
      ended_at: new Date(at.getTime() + 1000),
      wal_from: '0000000100000000000000F0',
      wal_to: '0000000100000000000000F0',
    });
  });
  while ((await lab.backups.mirror().catch(() => 0)) > 0);
  const { removed, segments } = await lab.backups.tidy();
  expect(removed).toBe(1);
  expect(segments).toBeGreaterThan(0);
  const states = new Map((await board()).backups.map(({ id, state }) => [id, state]));
  expect([states.get(first) ?? 'removed', states.get(second)]).toEqual(['removed', 'good']);
  const kept = (await lab.backups.sites.first.list('base/')).map(({ key }) => key.split('/')[1]);
  expect([...new Set(kept)]).toEqual([second]);
  expect(await lab.backups.verify(second)).toBe(0);
}, 60_000);

test('a drill is refused to an instant that is to come, to one before every backup, and while another one waits', async () => {
  const ask = (target: Date) => lab.drills.askDrill(PLATFORM, target);
  await expect(ask(new Date(Date.now() + 60_000))).rejects.toMatchObject({
    facts: { code: 'operations.target-ahead', fields: [{ path: 'target' }] },
  });
  await expect(ask(new Date('2026-01-01T00:00:00Z'))).rejects.toMatchObject({ facts: { code: 'operations.target-too-early' } });
  const waiting = await ask(new Date());
  await expect(ask(new Date())).rejects.toMatchObject({ facts: { code: 'operations.drill-at-work' } });
  await lab.db.transact(SYSTEM, (tx) => changeDrill(tx, waiting, { state: 'failed', ended_at: new Date(), failure: 'interrupted' }));
});

test('how old things are is told to whoever judges them', async () => {
  const names = (await lab.db.transact(SYSTEM, (tx) => backupReadings(tx, new Date()))).map(({ name }) => name);
  expect(names).toEqual([
    'minsheng_backup_age_seconds',
    'minsheng_archived_segment_age_seconds',
    'minsheng_proven_restore_age_seconds',
    'minsheng_backups_damaged',
    'minsheng_log_gaps',
  ]);
  const at = new Date('2026-06-01T00:00:00Z');
  const ages = { firstAskedAt: at, goodAt: at, archivedAt: at, provenAt: at, damaged: 0, gaps: 0 };
  expect(overdue(ages, at.getTime())).toEqual([]);
  expect(overdue({ ...ages, damaged: 1 }, at.getTime() + 36 * 86_400_000).map(({ what }) => what)).toEqual([
    'backup-late',
    'drill-late',
    'archive-late',
    'backup-damaged',
  ]);
});

test('people restore with the site and the keyring alone, into a folder that opens by itself', async () => {
  const said: string[] = [];
  const into = join(lab.folder, 'data', 'again');
  await mark(1, 0);
  await lab.backups.archived(await upToNow(), await system(), 16 * 1024 * 1024);
  expect(await restoreCommand(lab.config, ['--into', into], (line) => said.push(line)), said.join('\n')).toBe(0);
  const again = await startEmbedded({ folder: into, wishedPort: 55_950, archiveSeconds: 60 });
  try {
    const client = new pg.Client({ connectionString: again.ownerUrl });
    await client.connect();
    const { rows } = await client.query<{ n: string }>(`select count(*) as n from platform.setting where key like 'marker-%'`);
    await client.end();
    expect(Number(rows[0]!.n)).toBe(markers.length);
    // It goes on archiving, and tells where its timeline left the old one.
    for (let tries = 0; tries < 100 && !readdirSync(again.spool).includes('00000002.history'); tries++) await wait(100);
    expect(readdirSync(again.spool)).toContain('00000002.history');
  } finally {
    await again.stop();
  }
  expect(await restoreCommand(lab.config, ['--into', into], (line) => said.push(line))).toBe(1);
  expect(await restoreCommand(lab.config, ['--into', join(lab.folder, 'x'), '--backup', newId()], (line) => said.push(line))).toBe(1);
}, 120_000);
