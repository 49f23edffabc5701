import { monthlyApi } from '#contracts/operations/monthly.api.ts';
import { DOCX } from '#server/platform/documents/paper.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { deliver } from '#server/platform/http/deliver.ts';
import { documentOfMonth } from './monthly.document.ts';
import type { MonthlyReports } from './monthly.service.ts';

export function monthlyRoutes({ reports }: { reports: MonthlyReports }): Binding[] {
  return [
    bind(monthlyApi.list, async ({ actor }) => ({ items: await reports.list(actor) })),
    bind(monthlyApi.one, ({ actor, params }) => reports.one(actor, params.id)),
    bind(monthlyApi.document, async ({ actor, params, reply }) => {
      const report = await reports.taken(actor, params.id);
      return deliver(reply, { body: await documentOfMonth(report), type: DOCX, name: `运维月报${report.month}.docx` }, 'attachment');
    }),
    bind(monthlyApi.remark, ({ actor, params, body }) => reports.remark(actor, params.id, body.text)),
  ];
}
