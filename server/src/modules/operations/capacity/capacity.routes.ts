import { capacityApi } from '#contracts/operations/capacity.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { capacityOf } from './capacity.views.ts';

export function capacityRoutes({ db, clock, isBesideUs }: { db: Db; clock: Clock; isBesideUs: boolean }): Binding[] {
  return [
    bind(capacityApi.board, ({ actor }) =>
      db.transact(actor.scope, async (tx) => ({
        at: new Date(clock.nowMs()).toISOString(),
        items: await capacityOf(tx, clock.nowMs(), isBesideUs),
      })),
    ),
  ];
}
