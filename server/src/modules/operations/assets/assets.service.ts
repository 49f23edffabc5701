import { hostname } from 'node:os';
import type { AssetInput } from '#contracts/operations/assets.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal, refuseField } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import type { Config } from '#server/platform/config/config.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import type { Loop } from '#server/platform/events/events.ts';
import { circleIn, foundAssets, type Surroundings } from './assets.rules.ts';
import * as store from './assets.store.ts';

export interface AssetsDeps {
  readonly db: Db;
  readonly clock: Clock;
  /** This node: `host:port`. It need not have told anything yet. */
  readonly instance: string;
  readonly config: Pick<Config, 'databaseUrl' | 'smsGateway' | 'smtpUrl' | 'backup'>;
}

export type Assets = ReturnType<typeof createAssets>;

/** The register of assets: found where the platform can, kept by people where it cannot. */
export function createAssets({ db, clock, instance, config }: AssetsDeps) {
  const settled: Pick<Surroundings, 'databaseHost' | 'gateways' | 'sites'> = {
    databaseHost: databaseHost(config.databaseUrl),
    gateways: [...(config.smsGateway ? (['sms'] as const) : []), ...(config.smtpUrl ? (['mail'] as const) : [])],
    sites: ['first', ...(config.backup.second ? (['second'] as const) : [])],
  };

  async function find(): Promise<number> {
    return db.transact(SYSTEM, async (tx) => {
      const at = new Date(clock.nowMs());
      const known = await store.surroundingsIn(tx, at);
      const nodes = [...new Set([instance, ...known.nodes])].toSorted();
      const { assets, relations } = foundAssets({ ...settled, ...known, nodes });
      await store.putFound(tx, assets, relations, at);
      return assets.length;
    });
  }

  return {
    find,
    loop: {
      name: 'operations.find-assets',
      restMs: 60_000,
      async turn() {
        await find();
        return 0;
      },
    } satisfies Loop,
    /** @throws Refusal `base.stale` where somebody changed it meanwhile, or made one of this key */
    put: (actor: Actor, key: string, seen: number, retired: boolean, input: AssetInput) =>
      db.transact(actor.scope, async (tx) => {
        const at = new Date(clock.nowMs());
        const current = (await store.lockAsset(tx, key)) ?? 0;
        if (current !== seen) throw new Refusal({ code: 'base.stale', extra: { current: { version: current } } });
        await store.putAsset(tx, key, input, current + 1, retired, actor.name, at);
        await record(tx, actor, {
          at,
          action: 'operations.put-asset',
          objectKind: 'asset',
          objectId: key,
          detail: { kind: input.kind, retired },
        });
        return { key, version: current + 1 };
      }),
    /** @throws Refusal `base.not-found`, `operations.no-such-asset`, `operations.asset-circle` */
    relate: (actor: Actor, key: string, standsOn: readonly string[]) =>
      db.transact(actor.scope, async (tx) => {
        const at = new Date(clock.nowMs());
        const version = await store.lockAsset(tx, key);
        if (version === null) throw new Refusal({ code: 'base.not-found' });
        const known = await store.knownKeys(tx, standsOn);
        const unknown = standsOn.findIndex((one) => !known.has(one));
        if (unknown >= 0) throw refuseField(`standsOn.${unknown}`, 'operations.no-such-asset', { key: standsOn[unknown]! });
        const circle = circleIn(await store.relationsOf(tx), key, standsOn);
        if (circle !== null) throw new Refusal({ code: 'operations.asset-circle', params: { key: circle } });
        await store.putRelations(tx, key, standsOn);
        await record(tx, actor, { at, action: 'operations.relate-asset', objectKind: 'asset', objectId: key, detail: { standsOn } });
        return { key, version };
      }),
  };
}

/** Where the database runs: beside the platform where it is embedded or local, else where its address says. */
function databaseHost(url: string | null | undefined): string | null {
  if (!url) return hostname();
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return host === '' ? null : ['localhost', '127.0.0.1', '[::1]'].includes(host) ? hostname() : host;
}
