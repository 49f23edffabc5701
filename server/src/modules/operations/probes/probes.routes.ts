import { probesApi } from '#contracts/operations/probes.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import type { Probes } from './probes.service.ts';
import { probePage, probesOf } from './probes.views.ts';

export function probesRoutes({ probes, db, clock }: { probes: Probes; db: Db; clock: Clock }): Binding[] {
  return [
    bind(probesApi.list, ({ actor }) => db.transact(actor.scope, async (tx) => ({ items: await probesOf(tx, clock.nowMs()) }))),
    bind(probesApi.byId, async ({ actor, params }) => {
      const page = await db.transact(actor.scope, (tx) => probePage(tx, clock.nowMs(), params.id));
      if (!page) throw new Refusal({ code: 'base.not-found' });
      return page;
    }),
    bind(probesApi.add, ({ actor, body }) => probes.add(actor, body)),
    bind(probesApi.change, ({ actor, params, body }) => probes.change(actor, params.id, body)),
    bind(probesApi.enable, ({ actor, params, body }) => probes.enable(actor, params.id, body.enabled)),
    bind(probesApi.try, async ({ actor, params }) => {
      const { good, tookMs, note } = await probes.try(actor, params.id);
      return { good, tookMs, note };
    }),
  ];
}
