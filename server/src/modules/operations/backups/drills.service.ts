import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupFailure, DrillStep, DrillStepName } from '#contracts/operations/backups.api.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import { PLATFORM, type Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM, violates } from '#server/platform/db/db.ts';
import { Failure, type Backups, type BackupsDeps } from './backups.service.ts';
import { addDrill, beginDrill, changeBackup, changeDrill, goodBackups, orphanedDrills } from './backups.store.ts';
import { readManifest, type Manifest } from './manifest.ts';
import { Damage } from './packs.ts';
import { prove, type Finding } from './proof.ts';
import { clearAway, restore } from './restore.ts';
import type { Source } from './source.ts';
import { verifyLog } from './verify.ts';

export interface Drills {
  /**
   * Puts a drill in line: a restore beside the running platform, to an instant.
   *
   * @throws Refusal `operations.no-backup-source`, `operations.drill-at-work`, `operations.target-ahead`, `operations.target-too-early`
   */
  askDrill(actor: Actor, target: Date): Promise<string>;
  /** Does what was put in line. Its outcome is written down; only what nobody foresaw is thrown. */
  run(id: string): Promise<void>;
  /** Ends what its process left behind, with the server it may have left running. */
  reclaim(): Promise<number>;
}

export const DRILL_QUEUE = 'operations.drill-restore';

export function createDrills({ db, clock, crypto, config, send }: BackupsDeps, backups: Backups): Drills {
  const now = () => new Date(clock.nowMs());
  const folderOf = (id: string) => join(config.dataFolder, 'drills', id);

  async function askDrill(actor: Actor, target: Date): Promise<string> {
    if (!backups.source) throw new Refusal({ code: 'operations.no-backup-source' });
    const at = now();
    if (target.getTime() > at.getTime()) throw targetRefused('operations.target-ahead', {});
    const id = newId(at.getTime());
    try {
      await db.transact(SYSTEM, async (tx) => {
        const first = (await goodBackups(tx)).findLast((one) => one.keep_as === 'daily')?.ended_at;
        if (!first || first > target) throw targetRefused('operations.target-too-early', { from: first ? beijing(first) : '—' });
        await addDrill(tx, { id, state: 'waiting', asked_by: actor.name, asked_at: at, target });
        await record(tx, actor, {
          at,
          action: 'operations.drill-restore',
          objectKind: 'drill',
          objectId: id,
          detail: { target: target.toISOString() },
        });
      });
    } catch (error) {
      if (violates(error, 'restore_drill_at_work_key')) throw new Refusal({ code: 'operations.drill-at-work' });
      throw error;
    }
    await send(DRILL_QUEUE, { id });
    return id;
  }

  async function run(id: string): Promise<void> {
    const { source } = backups;
    const release = await source?.hold(DRILL_QUEUE);
    if (!source || !release) return;
    try {
      const target = await db.transact(SYSTEM, (tx) => beginDrill(tx, id, now()));
      if (!target) return;
      try {
        await drill(source, id, target);
      } catch (error) {
        const failure = error instanceof Failure ? error.failure : error instanceof Damage ? 'damaged' : 'broken';
        await ended(id, { failure, detail: error instanceof Error ? error.message : String(error) });
        if (failure === 'broken') throw error;
      }
    } finally {
      await release();
    }
  }

  async function drill(source: Source, id: string, target: Date): Promise<void> {
    const startedMs = performance.now();
    const steps = stepsOf(id);
    let chosen: { backupId: string; manifest: Manifest } | null = null;
    await steps.take('choose', async () => {
      const row = (await db.transact(SYSTEM, goodBackups)).find(
        (one) => one.keep_as === 'daily' && (one.faults as unknown[]).length === 0 && one.ended_at! <= target,
      );
      if (!row) throw new Failure('no-backup');
      await db.transact(SYSTEM, (tx) => changeDrill(tx, id, { backup_id: row.id }));
      const { manifest, digest } = await readManifest(backups.sites.first, crypto, row.id).catch((error: unknown) => {
        throw new Failure('damaged', error instanceof Error ? error.message : String(error));
      });
      if (digest !== row.manifest_sm3) throw new Failure('damaged', 'manifest');
      chosen = { backupId: row.id, manifest };
      return { faults: [], figures: { files: manifest.files.length, bytes: row.raw_bytes, packs: manifest.packs.length } };
    });
    const { backupId, manifest } = chosen!;
    await steps.take('archive', async () => {
      // The log must go on behind the target, or PostgreSQL would not know that it has arrived: this drill's own row is in it.
      const upTo = await source.turn();
      // On a timeline that began since, only its newest segment is known to have to be there.
      const from = upTo.slice(0, 8) === manifest.walFrom.slice(0, 8) ? manifest.walFrom : upTo;
      await backups.archived({ from, to: upTo }, manifest.system, manifest.segmentBytes);
      return { faults: [], figures: { from: manifest.walFrom, to: upTo } };
    });
    await steps.take('verify', async () => {
      const faults = await verifyLog(manifest, backups.sites.first, crypto, 'own');
      if (faults.length > 0) throw new Failure('damaged', faults.map((fault) => `${fault.object}: ${fault.kind}`).join('\n'));
      return { faults: [], figures: { from: manifest.walFrom, to: manifest.walTo } };
    });
    const into = folderOf(id);
    await mkdir(join(config.dataFolder, 'drills'), { recursive: true });
    const programs = await source.programs(manifest.version);
    try {
      await steps.begin('fetch');
      const restored = await restore({
        manifest,
        files: backups.sites.first,
        crypto,
        target,
        into,
        programs,
        durable: false,
        onFetched: (bytes) => steps.tell('fetch', { bytes }),
        onRecover: async () => {
          await steps.end('fetch', { faults: [], figures: { files: manifest.files.length, bytes: sumOf(manifest) } });
          await steps.begin('recover');
        },
      });
      const rtoSeconds = Math.round(performance.now() - startedMs) / 1000;
      const rpoSeconds = restored.lastCommitAt ? (target.getTime() - restored.lastCommitAt.getTime()) / 1000 : null;
      await steps.end('recover', {
        faults: [],
        figures: { segments: restored.segments, ...(restored.lastCommitAt ? { lastCommitAt: restored.lastCommitAt.toISOString() } : {}) },
      });
      await db.transact(SYSTEM, (tx) =>
        changeDrill(tx, id, { rto_seconds: rtoSeconds, rpo_seconds: rpoSeconds, last_commit_at: restored.lastCommitAt }),
      );
      try {
        await prove({ ...manifest, urlOf: restored.urlOf, origin: db, step: (name, work) => steps.take(name, work) });
      } finally {
        await restored.stop();
      }
    } finally {
      await steps.begin('remove');
      await clearAway(into, programs);
      await steps.end('remove', { faults: [], figures: {} });
    }
    const faults = steps.faults();
    if (faults.length > 0) throw new Failure('not-proven', faults.join('\n'));
    await ended(id, null, backupId);
  }

  /** The steps of a drill, written down as they go, so that who looks on sees how far it is. */
  function stepsOf(id: string) {
    const steps: DrillStep[] = [];
    const save = () => db.transact(SYSTEM, (tx) => changeDrill(tx, id, { steps: JSON.stringify(steps) }));
    const begin = async (name: DrillStepName) => {
      steps.push({ name, startedAt: now().toISOString(), endedAt: null, figures: {}, faults: [] });
      await save();
    };
    const change = async (name: DrillStepName, to: Partial<DrillStep>) => {
      const place = steps.findIndex((step) => step.name === name);
      steps[place] = { ...steps[place]!, ...to };
      await save();
    };
    const end = (name: DrillStepName, { faults, figures }: Finding) =>
      change(name, { endedAt: now().toISOString(), faults: faults.slice(0, 20), figures });
    return {
      begin,
      end,
      tell: (name: DrillStepName, figures: DrillStep['figures']) => change(name, { figures }),
      async take(name: DrillStepName, work: () => Promise<Finding>): Promise<void> {
        await begin(name);
        await end(name, await work());
      },
      faults: () => steps.flatMap((step) => step.faults.map((fault) => `${step.name}: ${fault}`)),
    };
  }

  async function ended(id: string, why: { failure: BackupFailure; detail: string } | null, backupId?: string): Promise<void> {
    const at = now();
    await db.transact(SYSTEM, async (tx) => {
      await changeDrill(tx, id, {
        state: why ? 'failed' : 'proven',
        ended_at: at,
        ...(why ? { failure: why.failure, detail: why.detail.slice(0, 2000) } : {}),
      });
      if (backupId) await changeBackup(tx, backupId, { proven_at: at });
      const action = why ? 'operations.drill-failed' : 'operations.drill-proven';
      await record(tx, PLATFORM, { at, action, objectKind: 'drill', objectId: id, detail: { backup: backupId, failure: why?.failure } });
    });
  }

  async function reclaim(): Promise<number> {
    const { source } = backups;
    if (!source || (await db.transact(SYSTEM, orphanedDrills)).length === 0) return 0;
    const release = await source.hold(DRILL_QUEUE);
    if (!release) return 0;
    try {
      const left = await db.transact(SYSTEM, orphanedDrills);
      const { version } = await source.facts();
      for (const { id } of left) {
        await clearAway(folderOf(id), await source.programs(version));
        await ended(id, { failure: 'interrupted', detail: '' });
      }
      return left.length;
    } finally {
      await release();
    }
  }

  return { askDrill, run, reclaim };
}

function targetRefused(code: 'operations.target-ahead' | 'operations.target-too-early', params: Record<string, string>): Refusal {
  return new Refusal({ code, params, fields: [{ path: 'target', code, params }] });
}

const sumOf = (manifest: Manifest) => manifest.packs.reduce((sum, one) => sum + one.rawBytes, 0);

const beijing = (at: Date) => at.toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' });
