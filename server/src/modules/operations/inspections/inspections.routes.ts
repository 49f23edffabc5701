import { inspectionsApi } from '#contracts/operations/inspections.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { idCursor } from '#server/kernel/page.ts';
import { record } from '#server/platform/audit/audit.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { DOCX } from '#server/platform/documents/paper.ts';
import { deliver } from '#server/platform/http/deliver.ts';
import { documentOf } from './inspections.document.ts';
import type { Inspections } from './inspections.service.ts';
import * as views from './inspections.views.ts';

export interface InspectionsRoutesDeps {
  readonly inspections: Inspections;
  readonly reference: { holidays(): Promise<Holidays> };
  readonly db: Db;
  readonly clock: Clock;
}

function there<T>(found: T | null): T {
  if (found === null) throw new Refusal({ code: 'base.not-found' });
  return found;
}

export function inspectionsRoutes({ inspections, reference, db, clock }: InspectionsRoutesDeps): Binding[] {
  return [
    bind(inspectionsApi.board, async ({ actor }) => {
      const holidays = await reference.holidays();
      return db.transact(actor.scope, (tx) => views.inspectionBoard(tx, clock.nowMs(), holidays));
    }),
    bind(inspectionsApi.list, async ({ actor, query: { cursor, limit = 20, ...filter } }) =>
      db.transact(actor.scope, (tx) => views.inspectionsPage(tx, { ...filter, after: idCursor(cursor), limit })),
    ),
    bind(inspectionsApi.database, async ({ actor }) => db.transact(actor.scope, views.databaseBoard)),
    bind(inspectionsApi.start, async ({ actor, body }) => inspections.start(actor, body.template)),
    bind(inspectionsApi.byId, async ({ actor, params }) =>
      there(await db.transact(actor.scope, (tx) => views.inspectionReport(tx, params.id))),
    ),
    bind(inspectionsApi.document, async ({ actor, params, reply }) => {
      const at = new Date(clock.nowMs());
      const report = await db.transact(actor.scope, async (tx) => {
        const found = there(await views.inspectionReport(tx, params.id));
        await record(tx, actor, { at, action: 'operations.export-inspection', objectKind: 'inspection', objectId: params.id });
        return found;
      });
      return deliver(
        reply,
        { body: await documentOf(report, actor.name, at), type: DOCX, name: `巡检报告${report.line.number}.docx` },
        'attachment',
      );
    }),
    bind(inspectionsApi.answer, async ({ actor, params: { id, code }, body }) => {
      await inspections.answer(actor, id, code, body);
      return there(await db.transact(actor.scope, (tx) => views.itemByCode(tx, id, code)));
    }),
    bind(inspectionsApi.sign, async ({ actor, params: { id }, body }) => {
      await inspections.sign(actor, id, body.note?.trim() || null);
      return there(await db.transact(actor.scope, (tx) => views.inspectionReport(tx, id))).line;
    }),
    bind(inspectionsApi.recheck, async ({ actor, params: { id }, body }) => {
      await inspections.recheck(actor, id, body);
      return there(await db.transact(actor.scope, (tx) => views.findingById(tx, id)));
    }),
  ];
}
