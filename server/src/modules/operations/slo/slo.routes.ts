import { sloApi } from '#contracts/operations/slo.api.ts';
import { beijingDate } from '#server/kernel/calendar.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { sloStates } from './slo.views.ts';

export function sloRoutes({ db, clock }: { db: Db; clock: Clock }): Binding[] {
  return [
    bind(sloApi.list, async ({ actor, query }) => {
      const month = query.month ?? beijingDate(clock.nowMs()).slice(0, 7);
      return { month, items: await db.transact(actor.scope, (tx) => sloStates(tx, month, clock.nowMs())) };
    }),
  ];
}
