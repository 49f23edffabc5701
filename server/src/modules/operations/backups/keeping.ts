import type { Clock } from '#server/kernel/clock.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import type { Files } from '#server/platform/files/files.ts';
import type { Sites } from './archive.ts';
import { changeBackup, forgetSegments, goneBackups, goodBackups } from './backups.store.ts';
import { manifestKey, prefixOf, walKey } from './manifest.ts';
import { classesOf } from './retention.rules.ts';
import { segmentsAt } from './verify.ts';
import { needless } from './wal.rules.ts';

/** Keeps what retention says, and frees the sites of the rest. */
export function createKeeper({ db, clock, sites }: { db: Db; clock: Clock; sites: Sites }) {
  const everySite = [sites.first, ...(sites.second ? [sites.second] : [])];
  const now = () => new Date(clock.nowMs());

  async function removeAt(files: Files, id: string): Promise<void> {
    const keys = (await files.list(prefixOf(id))).map(({ key }) => key);
    // The manifest first: what is half removed must not pass for a whole backup.
    for (const key of keys.toSorted((a, b) => Number(b === manifestKey(id)) - Number(a === manifestKey(id)))) await files.remove(key);
  }

  /** Removes what lies at a site of backups that failed or are needed no longer: also what an earlier removal did not get to. */
  async function sweep(): Promise<void> {
    for (const files of everySite) {
      const there = [...new Set((await files.list('base/')).map(({ key }) => key.split('/')[1]!))];
      for (const id of await db.transact(SYSTEM, (tx) => goneBackups(tx, there))) await removeAt(files, id);
    }
  }

  async function tidy(): Promise<{ removed: number; segments: number }> {
    const good = await db.transact(SYSTEM, goodBackups);
    const classes = classesOf(
      // A damaged one is kept for those who look into it, but it counts for nothing.
      good
        .filter((one) => (one.faults as unknown[]).length === 0)
        .map((one) => ({ id: one.id, endedMs: one.ended_at!.getTime(), proven: one.proven_at !== null })),
      clock.nowMs(),
    );
    const damaged = good.filter((one) => (one.faults as unknown[]).length > 0);
    const needless = good.filter((one) => !classes.has(one.id) && !damaged.includes(one));
    for (const one of needless) {
      await db.transact(SYSTEM, async (tx) => {
        await changeBackup(tx, one.id, { state: 'removed' });
        await record(tx, PLATFORM, { at: now(), action: 'operations.remove-backup', objectKind: 'backup', objectId: one.id });
      });
    }
    await sweep();
    for (const one of good) {
      const keep = classes.get(one.id);
      if (keep && keep !== one.keep_as) await db.transact(SYSTEM, (tx) => changeBackup(tx, one.id, { keep_as: keep }));
    }
    return {
      removed: needless.length,
      segments: await tidyLog(
        good.filter((one) => classes.has(one.id) || damaged.includes(one)),
        classes,
      ),
    };
  }

  async function tidyLog(kept: Awaited<ReturnType<typeof goodBackups>>, classes: ReadonlyMap<string, string>): Promise<number> {
    let forgotten = 0;
    for (const [system, backups] of Map.groupBy(kept, (one) => one.system!)) {
      // From a nightly one every later instant can be reached; a monthly or yearly one stands for itself.
      const needed = backups.map((one) => ({ from: one.wal_from!, to: (classes.get(one.id) ?? 'daily') === 'daily' ? null : one.wal_to! }));
      for (const files of everySite) {
        const names = needless(await segmentsAt(files, system), needed, backups[0]!.segment_bytes!);
        for (const name of names) await files.remove(walKey(system, name));
        if (names.length > 0) await db.transact(SYSTEM, (tx) => forgetSegments(tx, system, names));
        forgotten += names.length;
      }
    }
    return forgotten;
  }

  return { tidy, sweep };
}
