import { probesApi, type ProbeKind } from '#contracts/operations/probes.api.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import type { Probes } from './probes.service.ts';

export function probesRoutes({ probes, db }: { probes: Probes; db: Db }): Binding[] {
  return [
    bind(probesApi.list, ({ actor }) =>
      db.transact(actor.scope, async (tx) => {
        const rows = await tx
          .selectFrom('operations.probe as p')
          .leftJoin('operations.probe_result as r', 'r.probe_id', 'p.id')
          .selectAll('p')
          .select(['r.at', 'r.good', 'r.took_ms', 'r.note'])
          .orderBy('p.key')
          .execute();
        return {
          items: rows.map((row) => ({
            id: row.id,
            key: row.key,
            name: row.name,
            kind: row.kind as ProbeKind,
            // A connection may carry a password.
            target: row.target.replace(/:\/\/([^:@/]+):[^@/]+@/, '://$1:…@'),
            expects: row.expects,
            everySeconds: row.every_seconds,
            timeoutMs: row.timeout_ms,
            component: row.component,
            enabled: row.enabled,
            changedBy: row.changed_by,
            last: row.at ? { at: row.at.toISOString(), good: row.good!, tookMs: row.took_ms!, note: row.note! } : null,
          })),
        };
      }),
    ),
    bind(probesApi.add, ({ actor, body }) => probes.add(actor, body)),
    bind(probesApi.enable, ({ actor, params, body }) => probes.enable(actor, params.id, body.enabled)),
    bind(probesApi.try, async ({ actor, params }) => {
      const { good, tookMs, note } = await probes.try(actor, params.id);
      return { good, tookMs, note };
    }),
  ];
}
