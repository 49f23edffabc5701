import { promisesApi } from '#contracts/promises/promises.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Db } from '../db/db.ts';
import { bind, type Binding } from '../http/bind.ts';
import { auditsSince, faultsSince, isAuditorSilent, lastRound, lateSince } from './promises.views.ts';

const HOUR_MS = 3_600_000;

export function promisesRoutes({ db, clock }: { db: Db; clock: Clock }): Binding[] {
  return [
    bind(promisesApi.board, async ({ actor }) => {
      const nowMs = clock.nowMs();
      const weekAgo = new Date(nowMs - 7 * 24 * HOUR_MS);
      return db.transact(actor.scope, async (tx) => ({
        silent: await isAuditorSilent(tx, nowMs),
        ...(await lastRound(tx)),
        audits: await auditsSince(tx, new Date(nowMs - HOUR_MS)),
        faults: await faultsSince(tx, weekAgo),
        late: await lateSince(tx, weekAgo),
      }));
    }),
  ];
}
