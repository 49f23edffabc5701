import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { Bytes, DayText, IdText, Instant, OneOf, OrNull } from '../base/text.ts';

const tag = 'audit-reports';

const Counted = Type.Object({ key: Type.String(), done: Type.Integer(), refused: Type.Integer() });

/** What an audit report says; each figure counts entries of the audit log between the two days. */
export const AuditFacts = Type.Object({
  total: Type.Integer(),
  refused: Type.Integer(),
  reveals: Type.Integer({ description: 'Contacts revealed' }),
  exports: Type.Integer({ description: 'Exports of data' }),
  newAdministrators: Type.Integer({ description: 'Accounts opened with a role of administration' }),
  atNight: Type.Integer({ description: 'Acts of persons between ten in the evening and six in the morning' }),
  totalBefore: Type.Integer({ description: 'All acts of the period before' }),
  byAction: Type.Array(Counted),
  byRole: Type.Array(Counted),
  byPerson: Type.Array(
    Type.Object({ accountId: Type.String(), name: Type.String(), acts: Type.Integer(), atNight: Type.Integer(), refused: Type.Integer() }),
  ),
  chain: Type.Object({ ok: Type.Boolean(), checked: Type.Integer(), unsealed: Type.Integer(), faultSeq: OrNull(Type.Integer()) }),
});
export type AuditFacts = Static<typeof AuditFacts>;

const head = {
  id: IdText,
  period: OneOf(['week', 'month']),
  fromDay: DayText,
  toDay: Type.String({ format: 'date', description: 'The first day after it' }),
  madeAt: Instant,
};
export const AuditReport = Type.Object({ ...head, facts: AuditFacts });
export type AuditReport = Static<typeof AuditReport>;

export const auditReportsApi = {
  list: route({
    method: 'GET',
    path: '/api/operations/audit-reports',
    tag,
    access: 'audit.read',
    summary: { zh: '审计报告', en: 'Audit reports' },
    reply: Type.Object({
      items: Type.Array(Type.Object({ ...head, total: Type.Integer(), refused: Type.Integer(), chainOk: Type.Boolean() })),
    }),
  }),
  one: route({
    method: 'GET',
    path: '/api/operations/audit-reports/:id',
    tag,
    access: 'audit.read',
    summary: { zh: '一份审计报告', en: 'An audit report' },
    params: Type.Object({ id: IdText }),
    reply: AuditReport,
  }),
  document: route({
    method: 'GET',
    path: '/api/operations/audit-reports/:id/document',
    tag,
    access: 'audit.read',
    summary: { zh: '审计报告（Word 文档）', en: 'An audit report as a Word document' },
    params: Type.Object({ id: IdText }),
    reply: Bytes,
  }),
} as const;
