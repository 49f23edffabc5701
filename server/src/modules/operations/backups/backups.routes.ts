import { backupsApi, type Drill } from '#contracts/operations/backups.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import type { Config } from '#server/platform/config/config.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { DOCX } from '#server/platform/documents/paper.ts';
import { deliver } from '#server/platform/http/deliver.ts';
import type { Backups } from './backups.service.ts';
import { boardOf, drillOf } from './backups.views.ts';
import { drillReport } from './drill.document.ts';
import { backupsPage, drillsPage } from './past.views.ts';
import type { Drills } from './drills.service.ts';

interface Deps {
  readonly db: Db;
  readonly clock: Clock;
  readonly config: Pick<Config, 'backup'>;
  readonly backups: Backups;
  readonly drills: Drills;
}

export function backupsRoutes({ db, clock, config, backups, drills }: Deps): Binding[] {
  const drillBy = async (actor: Actor, id: string): Promise<Drill> => {
    const drill = await db.transact(actor.scope, (tx) => drillOf(tx, id));
    if (!drill) throw new Refusal({ code: 'base.not-found' });
    return drill;
  };
  return [
    bind(backupsApi.board, async ({ actor }) =>
      db.transact(actor.scope, (tx) => boardOf(tx, clock.nowMs(), backups.source, config.backup)),
    ),
    bind(backupsApi.past, ({ actor, query }) => db.transact(actor.scope, (tx) => backupsPage(tx, query))),
    bind(backupsApi.drills, ({ actor, query }) => db.transact(actor.scope, (tx) => drillsPage(tx, query))),
    bind(backupsApi.backUp, async ({ actor }) => ({ id: await backups.askBackup(actor) })),
    bind(backupsApi.verify, async ({ actor, params }) => {
      await backups.askVerification(actor, params.id);
      return { id: params.id };
    }),
    bind(backupsApi.drill, async ({ actor, body }) => ({ id: await drills.askDrill(actor, new Date(body.target)) })),
    bind(backupsApi.drillOf, async ({ actor, params }) => drillBy(actor, params.id)),
    bind(backupsApi.report, async ({ actor, params, reply }) => {
      const drill = await drillBy(actor, params.id);
      if (!drill.endedAt) throw new Refusal({ code: 'operations.drill-not-ended' });
      const at = new Date(clock.nowMs());
      await db.transact(actor.scope, (tx) =>
        record(tx, actor, { at, action: 'operations.drill-report', objectKind: 'drill', objectId: drill.id }),
      );
      const name = `恢复演练报告${drill.endedAt.slice(0, 10)}.docx`;
      return deliver(reply, { body: await drillReport(drill), type: DOCX, name }, 'attachment');
    }),
  ];
}
