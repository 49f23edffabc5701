/**
 * A backup of a database of some size under light load, restored to a named second and proven; every damage it must be known by
 * before a restore; and a kill -9 in the middle of the next one.
 *
 * The cluster is an embedded one that archives its log, filled like a year of a province (`bench/support/year.ts`).
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Drill } from '#contracts/operations/backups.api.ts';
import { openBackupLab, type BackupLab } from '#server/modules/operations/backups/backups.testing.ts';
import { boardOf, drillOf } from '#server/modules/operations/backups/backups.views.ts';
import { DAMAGES, spoilt } from '#server/modules/operations/backups/damages.testing.ts';
import { POLICY } from '#server/modules/operations/backups/policy.ts';
import { verifyBackup } from '#server/modules/operations/backups/verify.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM } from '#server/platform/db/db.ts';
import { fillYear } from './support/fill.ts';
import { report, round } from './support/figures.ts';
import { ended } from './support/lab.ts';

const { values: given } = parseArgs({ options: { gb: { type: 'string', default: '1' } } });
/** About what a gigabyte of a year holds, with its indexes. */
const ORDERS_PER_GB = 830_000;
const LIMITS = { rpoSeconds: POLICY.rpoMinutes * 60, rtoSeconds: POLICY.rtoMinutes * 60, unrecognised: 0, failedDrills: 0 };

const PROOF = ['migrations', 'counts', 'digests', 'chain', 'order', 'structure'] as const;

const lab = await openBackupLab({ packBytes: 64 * 1024 * 1024 });
let writing = true;
try {
  const filled = await fillYear(lab, Math.round(Number(given.gb) * ORDERS_PER_GB), Date.now());
  console.log(`filled: ${filled.gigabytes} GB after ${filled.seconds} s`);
  const writer = write();

  const [id, backupSeconds] = await timed(() => lab.backUp());
  const [, mirrorSeconds] = await timed(async () => {
    while ((await lab.backups.mirror()) > 0);
  });
  const [damaged, verifySeconds] = await timed(() => lab.backups.verify(id));
  if (damaged > 0) throw new Error('The backup is damaged before anybody touched it');
  await sleep(5000);
  // A second by name, with commits before and after it.
  const target = new Date(Math.floor((Date.now() - 2000) / 1000) * 1000);
  const first = await drilled(target);

  const folder = (lab.config.backup.first as { folder: string }).folder;
  const { system } = await lab.source.facts();
  await lab.source.turn();
  await lab.backups.ship();
  const unrecognised: string[] = [];
  console.log('\ndamage                                                        told as');
  for (const damage of DAMAGES) {
    const site = { folder, crypto: lab.crypto, id, aside: join(lab.folder, 'spoilt') };
    const faults = await spoilt(site, damage, (files, crypto) => verifyBackup({ files, crypto, id, system, log: 'all' }));
    const said = [...new Set(faults.map(({ kind }) => kind))].join(', ') || 'NOTHING';
    console.log(`${damage.name.padEnd(60)}  ${said}`);
    if (!said.includes(damage.says)) unrecognised.push(damage.name);
  }

  const child = await lab.backUpElsewhere();
  while (!(await board(lab)).backups.some(({ state, storedBytes }) => state === 'running' && storedBytes > 0)) await sleep(50);
  await ended(child, 'SIGKILL');
  while ((await lab.backups.reclaim()) === 0) await sleep(100);
  const left = (await lab.backups.sites.first.list('base/')).filter(({ key }) => !key.startsWith(`base/${id}/`)).length;
  const afterKill = await drilled(new Date(Date.now() - 1000));
  console.log(`\nkill -9 during a backup: ${left} files left of it; the former one ${afterKill.state}`);
  writing = false;
  await writer;

  const { rawBytes, storedBytes, files } = (await board(lab)).backups.find((one) => one.id === id)!;
  const figures = {
    databaseGigabytes: filled.gigabytes,
    files,
    rawMegabytes: round(rawBytes / 1e6, 1),
    storedMegabytes: round(storedBytes / 1e6, 1),
    backupSeconds,
    mirrorSeconds,
    verifyBothSitesSeconds: verifySeconds,
    restoreSeconds: round(secondsOf(first, 'fetch') + secondsOf(first, 'recover')),
    proofSeconds: round(PROOF.reduce((sum, name) => sum + secondsOf(first, name), 0)),
    rtoSeconds: first.rtoSeconds!,
    rpoSeconds: first.rpoSeconds!,
    target: target.toISOString(),
    lastCommitAt: first.lastCommitAt,
    damages: DAMAGES.length,
    unrecognised: unrecognised.length,
    leftAfterKill: left,
    failedDrills: [first, afterKill].filter(({ state }) => state !== 'proven').length,
  };
  console.log('');
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(26)}${String(value)}`);
  for (const drill of [first, afterKill]) if (drill.state !== 'proven') console.log(drill.failure, drill.detail);
  report('backup', figures, LIMITS, {
    stored: round(storedBytes / rawBytes, 3),
    rpo: round(figures.rpoSeconds / LIMITS.rpoSeconds, 4),
    rto: round(figures.rtoSeconds / LIMITS.rtoSeconds, 4),
  });
  if (figures.unrecognised > 0 || figures.failedDrills > 0 || left > 0 || figures.rpoSeconds > LIMITS.rpoSeconds) process.exitCode = 1;
} finally {
  writing = false;
  await lab.close();
}

/** Some twenty small transactions a second, as from people who work on while the night's backup runs. */
async function write(): Promise<void> {
  for (let turn = 0; writing; turn++) {
    const entry = { at: new Date(), action: 'bench.mark', objectKind: 'marker', objectId: String(turn) };
    await lab.db.transact(SYSTEM, (tx) => record(tx, PLATFORM, entry));
    if (turn % 20 === 0) await lab.seal();
    await sleep(50);
  }
}

async function drilled(target: Date): Promise<Drill> {
  const id = await lab.drill(target);
  return (await lab.db.transact(SYSTEM, (tx) => drillOf(tx, id)))!;
}

async function board(of: BackupLab) {
  return of.db.transact(SYSTEM, (tx) => boardOf(tx, Date.now(), of.source, of.config.backup));
}

function secondsOf(drill: Drill, name: Drill['steps'][number]['name']): number {
  const step = drill.steps.find((one) => one.name === name);
  return step?.endedAt ? (Date.parse(step.endedAt) - Date.parse(step.startedAt)) / 1000 : 0;
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const startedMs = performance.now();
  const value = await work();
  return [value, round((performance.now() - startedMs) / 1000)];
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
