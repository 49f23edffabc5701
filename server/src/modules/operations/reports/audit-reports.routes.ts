import { auditReportsApi } from '#contracts/operations/audit-reports.api.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import { DOCX } from '#server/platform/documents/paper.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { deliver } from '#server/platform/http/deliver.ts';
import { documentOfReport, reportTitle } from './audit-reports.document.ts';
import type { AuditReports } from './audit-reports.service.ts';

export function auditReportsRoutes({ reports }: { reports: AuditReports }): Binding[] {
  const found = async (actor: Actor, id: string) => {
    const report = await reports.one(actor, id);
    if (!report) throw new Refusal({ code: 'base.not-found' });
    return report;
  };
  return [
    bind(auditReportsApi.list, async ({ actor }) => ({
      items: (await reports.list(actor)).map(({ facts, ...head }) => ({
        ...head,
        total: facts.total,
        refused: facts.refused,
        chainOk: facts.chain.ok,
      })),
    })),
    bind(auditReportsApi.one, ({ actor, params }) => found(actor, params.id)),
    bind(auditReportsApi.document, async ({ actor, params, reply }) => {
      const report = await found(actor, params.id);
      return deliver(reply, { body: await documentOfReport(report), type: DOCX, name: `${reportTitle(report)}.docx` }, 'attachment');
    }),
  ];
}
