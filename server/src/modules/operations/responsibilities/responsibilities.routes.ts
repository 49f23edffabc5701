import { responsibilitiesApi } from '#contracts/operations/responsibilities.api.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import type { Responsibilities } from './responsibilities.service.ts';
import { responsibilities } from './responsibilities.views.ts';

export function responsibilitiesRoutes({ service, db }: { service: Responsibilities; db: Db }): Binding[] {
  return [
    bind(responsibilitiesApi.list, ({ actor }) => db.transact(actor.scope, async (tx) => ({ items: await responsibilities(tx) }))),
    bind(responsibilitiesApi.put, ({ actor, params, body }) => service.put(actor, params.component, body)),
    bind(responsibilitiesApi.remove, ({ actor, params }) => service.remove(actor, params.component)),
  ];
}
