import { assetsApi } from '#contracts/operations/assets.api.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import type { Assets } from './assets.service.ts';
import { assetOf, assetsOf, impactOf, topologyOf } from './assets.views.ts';

export function assetsRoutes({ assets, db }: { assets: Assets; db: Db }): Binding[] {
  return [
    bind(assetsApi.list, ({ actor, query }) => db.transact(actor.scope, async (tx) => ({ items: await assetsOf(tx, query) }))),
    bind(assetsApi.topology, ({ actor }) => db.transact(actor.scope, topologyOf)),
    bind(assetsApi.impact, ({ actor, query }) => db.transact(actor.scope, (tx) => impactOf(tx, query.key))),
    bind(assetsApi.byKey, async ({ actor, params }) => {
      const found = await db.transact(actor.scope, (tx) => assetOf(tx, params.key));
      if (!found) throw new Refusal({ code: 'base.not-found' });
      return found;
    }),
    bind(assetsApi.put, ({ actor, params, body }) => assets.put(actor, params.key, body.version, body.retired ?? false, body.input)),
    bind(assetsApi.relate, ({ actor, params, body }) => assets.relate(actor, params.key, body.standsOn)),
  ];
}
