import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { sql } from 'kysely';
import type { AdvisoryOutcome, InventoryOutcome } from '#contracts/operations/software.api.ts';
import type { Words } from '#contracts/base/text.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import { PLATFORM, type Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import type { Loop } from '#server/platform/events/events.ts';
import type { Records } from '../records/records.service.ts';
import { readAdvisoryFile } from './advisories.files.ts';
import { componentsOfDpkg } from './dpkg.rules.ts';
import { ownLock } from './own-build.ts';
import { matchPackages } from './matching.service.ts';
import { COMPONENTS_AT_MOST, componentsOfLock, componentsOfSbom, type SbomFault } from './sbom.rules.ts';
import { putAdvisories, putInventory, type NewInventory } from './software.store.ts';

export interface SoftwareDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly records: Records;
  /** The node by its key in the register: its host and port. */
  readonly instance: string;
  /** Where the host keeps what is installed. */
  readonly dpkg?: string;
}

export type Software = ReturnType<typeof createSoftware>;

const FAULTS: Readonly<Record<SbomFault, Words>> = {
  form: { zh: '不是 CycloneDX JSON', en: 'it is no CycloneDX JSON' },
  version: { zh: '只支持 CycloneDX 1.4 至 1.6', en: 'only CycloneDX 1.4 to 1.6 is read' },
  'too-many': { zh: `组件超过 ${COMPONENTS_AT_MOST} 个`, en: `it lists more than ${COMPONENTS_AT_MOST} components` },
  'no-purl': { zh: '没有带 purl 和版本的组件', en: 'no component has a purl and a version' },
};

/** Ends a transaction of which only the outcome is wanted. */
class NotKept extends Error {}

/** What software stands where, and what is known to be vulnerable of it. */
export function createSoftware({ db, clock, records, instance, dpkg = '/var/lib/dpkg/status' }: SoftwareDeps) {
  /** One import or inventory at a time: each finds the records the one before has opened. */
  const inTurn = (tx: Tx) => sql`select pg_advisory_xact_lock(hashtext('operations.software'))`.execute(tx);

  /** Does the work; where it is only tried, nothing of it stays. */
  async function maybe<T>(actor: Actor, dryRun: boolean, work: (tx: Tx) => Promise<T>): Promise<T> {
    let outcome: T | undefined;
    await db
      .transact(actor.scope, async (tx) => {
        await inTurn(tx);
        outcome = await work(tx);
        if (dryRun) throw new NotKept();
      })
      .catch((error: unknown) => {
        if (!(error instanceof NotKept)) throw error;
      });
    return outcome!;
  }

  async function keep(tx: Tx, actor: Actor, inventory: Omit<NewInventory, 'by'>): Promise<Omit<InventoryOutcome, 'dryRun'>> {
    const at = new Date(clock.nowMs());
    const packages = await putInventory(tx, { ...inventory, by: actor.name }, at);
    const matched = await matchPackages(tx, records, packages, at);
    const { asset, origin, components, passedOver } = inventory;
    const detail = { origin, components: components.length, opened: matched.opened, gone: matched.gone };
    await record(tx, actor, { at, action: 'operations.take-inventory', objectKind: 'inventory', objectId: asset, detail });
    return { components: components.length, passedOver, ...matched };
  }

  return {
    /** @throws Refusal `operations.sbom-file` */
    async takeInventory(actor: Actor, path: string, asset: string, dryRun: boolean): Promise<InventoryOutcome> {
      const read = componentsOfSbom(await jsonAt(path));
      if ('fault' in read) throw new Refusal({ code: 'operations.sbom-file', params: { reason: FAULTS[read.fault] } });
      return { dryRun, ...(await maybe(actor, dryRun, (tx) => keep(tx, actor, { asset, origin: 'sbom', ...read }))) };
    },
    /** @throws Refusal `operations.advisory-file` */
    async importAdvisories(actor: Actor, path: string, fileName: string, dryRun: boolean): Promise<AdvisoryOutcome> {
      const { advisories, unreadable } = await readAdvisoryFile(path);
      return maybe(actor, dryRun, async (tx) => {
        const at = new Date(clock.nowMs());
        const matched = await matchPackages(tx, records, await putAdvisories(tx, advisories, at), at);
        const counts = {
          read: advisories.length,
          unreadable,
          withdrawn: advisories.filter((one) => one.withdrawn).length,
          ignoredRanges: advisories.reduce((sum, one) => sum + one.ignoredRanges, 0),
        };
        const outcome = { dryRun, ...counts, ...matched };
        const id = newId(at.getTime());
        await tx
          .insertInto('operations.advisory_import')
          .values({ id, at, by_name: actor.name, file_name: fileName.slice(0, 200), outcome: JSON.stringify(outcome) })
          .execute();
        const detail = { ...counts, opened: matched.opened, updated: matched.updated, gone: matched.gone };
        await record(tx, actor, { at, action: 'operations.import-advisories', objectKind: 'advisory-import', objectId: id, detail });
        return outcome;
      });
    },
    /** Takes the inventory of this node and its host when the last one is a day old, and at a start. */
    loop: inventoryLoop(),
  };

  function inventoryLoop(): Loop {
    let nextMs = 0;
    return {
      name: 'operations.take-inventory',
      restMs: 60_000,
      async turn() {
        if (clock.nowMs() < nextMs) return 0;
        const host = await hostComponents(dpkg);
        const own = { asset: instance, origin: 'build', components: componentsOfLock(await ownLock()), passedOver: 0 } as const;
        await db.transact(SYSTEM, async (tx) => {
          await inTurn(tx);
          await keep(tx, PLATFORM, own);
          if (host.length > 0) await keep(tx, PLATFORM, { asset: `host:${hostname()}`, origin: 'dpkg', components: host, passedOver: 0 });
        });
        nextMs = clock.nowMs() + 86_400_000;
        return 0;
      },
    };
  }
}

async function jsonAt(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    throw new Refusal({ code: 'operations.sbom-file', params: { reason: FAULTS.form } });
  }
}

/** What Debian's package manager has installed here; nothing where there is none. */
async function hostComponents(status: string) {
  const read = (path: string) => readFile(path, 'utf8').catch(() => '');
  return componentsOfDpkg(await read(status), await read('/etc/os-release'));
}
