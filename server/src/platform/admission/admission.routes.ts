import { loadApi, RESPONSE_DAYS_AT_MOST } from '#contracts/load/load.api.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Db } from '../db/db.ts';
import { bind, type Binding } from '../http/bind.ts';
import { responseFigures } from '../metrics/response.ts';
import { nodesNow, type NodeReport } from './node-report.ts';

export function loadRoutes({ db, report }: { db: Db; report: NodeReport }): Binding[] {
  return [
    bind(loadApi.nodes, async ({ actor }) => db.transact(actor.scope, async (tx) => ({ items: await nodesNow(tx, report.own()) }))),
    bind(loadApi.responses, async ({ actor, query }) => {
      const [from, to] = [new Date(query.from), new Date(query.to)];
      if (to <= from || to.getTime() - from.getTime() > RESPONSE_DAYS_AT_MOST * 86_400_000)
        throw new Refusal({
          code: 'base.span-too-long',
          params: { days: RESPONSE_DAYS_AT_MOST },
          fields: [{ path: 'to', code: 'base.span-too-long', params: { days: RESPONSE_DAYS_AT_MOST } }],
        });
      return db.transact(actor.scope, async (tx) => ({ items: await responseFigures(tx, { ...query, from, to }) }));
    }),
  ];
}
