import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { CategoryCode, IdText, Instant, NumberText, OneOf, OrNull, PageOf, PageQuery, PlainText, RegionCode } from '../base/text.ts';
import { APPEAL_TYPES } from '../reference/reference.values.ts';
import { Verdict } from './appeals.values.ts';
import { Tickets } from './attachments.api.ts';

const tag = 'appeals';

/** Who speaks. Telephone and identity number are checked in form and check digit, then stored encrypted. */
export const ContactInput = Type.Object(
  {
    name: PlainText({ min: 1, max: 50 }),
    phone: Type.String({ minLength: 5, maxLength: 20 }),
    gender: Type.Optional(OneOf(['0', '1', '2', '9'])),
    kind: Type.Optional(OneOf(['1', '2', '3', '4'], '1 个人 2 企业 3 社团 4 其他')),
    idNumber: Type.Optional(Type.String({ minLength: 18, maxLength: 18 })),
    creditCode: Type.Optional(Type.String({ minLength: 18, maxLength: 18 })),
    address: Type.Optional(PlainText({ max: 200 })),
  },
  { additionalProperties: false },
);
export type ContactInput = Static<typeof ContactInput>;

const said = {
  type: OneOf(APPEAL_TYPES),
  region: RegionCode,
  address: Type.Optional(PlainText({ max: 200 })),
  title: Type.Optional(PlainText({ max: 100, description: 'Made from the content when absent' })),
  content: PlainText({ min: 10, max: 5000 }),
  expectation: Type.Optional(PlainText({ max: 500 })),
  eventAt: Type.Optional(Instant),
  category: Type.Optional(CategoryCode),
  anonymous: Type.Optional(Type.Boolean()),
  confidential: Type.Optional(Type.Boolean()),
  contact: Type.Optional(ContactInput),
  attachments: Type.Optional(Tickets),
};

export const PortalAppealInput = Type.Object(said, { additionalProperties: false });
export type PortalAppealInput = Static<typeof PortalAppealInput>;
export const AppealInput = Type.Object(
  {
    ...said,
    channel: Type.String({ pattern: '^\\d{2}$' }),
    urgency: Type.Optional(Type.Integer({ minimum: 1, maximum: 4 })),
    sourceNumber: Type.Optional(PlainText({ min: 1, max: 64 })),
    accept: Type.Optional(Type.Boolean({ description: 'Accept at once, as an agent on the line does' })),
  },
  { additionalProperties: false },
);
export type AppealInput = Static<typeof AppealInput>;

export const Filed = Type.Object({
  id: IdText,
  number: NumberText,
  queryCode: Type.String({ description: 'Shown once; together with the number it opens the progress page' }),
  state: Type.String(),
});
export type Filed = Static<typeof Filed>;

/** The name and telephone with their middles covered. */
export const MaskedContact = Type.Object({
  anonymous: Type.Boolean(),
  confidential: Type.Boolean(),
  name: OrNull(Type.String()),
  phone: OrNull(Type.String()),
  idNumber: OrNull(Type.String()),
  address: OrNull(Type.String()),
  gender: OrNull(Type.String()),
  kind: OrNull(Type.String()),
});
export type MaskedContact = Static<typeof MaskedContact>;

/** Whether it takes a second person to see the whole contact, and how that stands for who asks. */
export const RevealView = Type.Object({
  needsSecond: Type.Boolean(),
  asked: Type.Boolean({ description: 'Somebody asked; it waits for a decision' }),
  until: OrNull(Instant),
  reason: OrNull(Type.String({ description: 'What was approved for' })),
});
export type RevealView = Static<typeof RevealView>;

export const Rating = Type.Object({
  satisfaction: Type.Integer(),
  solved: Type.String(),
  comment: OrNull(Type.String()),
  by: OneOf(['citizen', 'follow-up']),
  at: Instant,
});
export type Rating = Static<typeof Rating>;

export const CitizenView = Type.Object({
  number: NumberText,
  state: Type.String(),
  title: Type.String(),
  content: Type.String(),
  type: Type.String(),
  region: Type.String(),
  address: OrNull(Type.String()),
  filedAt: Instant,
  dueAt: OrNull(Instant),
  unitName: OrNull(Type.String()),
  answer: OrNull(Type.Object({ text: Type.String(), basis: OrNull(Type.String()), by: Type.String(), at: Instant })),
  refusal: OrNull(Type.Object({ reason: Type.String(), explanation: Type.String() })),
  ratable: Type.Boolean(),
  urgeable: Type.Boolean({ description: 'It may be urged now: open, and not urged on this working day' }),
  withdrawable: Type.Boolean(),
  withdrawalAsked: Type.Boolean({ description: 'Taking it back was asked for and waits for a decision' }),
  rating: OrNull(Rating),
  timeline: Type.Array(Type.Object({ at: Instant, zh: Type.String(), en: Type.String() })),
});
export type CitizenView = Static<typeof CitizenView>;

const Key = {
  number: Type.String({ minLength: 1, maxLength: 40, description: 'Spaces and dashes are ignored' }),
  code: Type.String({ minLength: 1, maxLength: 20 }),
};

export const ImportRun = Type.Object({
  id: IdText,
  fileName: Type.String(),
  mappingName: Type.String(),
  dryRun: Type.Boolean(),
  state: OneOf(['waiting', 'running', 'done', 'failed']),
  startedAt: Instant,
  endedAt: OrNull(Instant),
  rows: Type.Integer(),
  accepted: Type.Integer(),
  known: Type.Integer({ description: 'Imported by an earlier run' }),
  rejected: Type.Integer(),
  blank: Type.Integer(),
  totalRows: OrNull(Type.Integer()),
  error: OrNull(Type.String()),
});
export type ImportRun = Static<typeof ImportRun>;

export const appealsApi = {
  fileOnPortal: route({
    method: 'POST',
    path: '/api/portal/appeals',
    tag: 'portal',
    access: 'public',
    status: 201,
    idempotent: true,
    summary: { zh: '群众提交诉求', en: 'A citizen files an appeal' },
    body: PortalAppealInput,
    reply: Filed,
    errors: ['appeals.contact-required', 'appeals.bad-phone', 'reference.region-outside', 'base.idempotency-mismatch'],
  }),
  lookUp: route({
    method: 'POST',
    path: '/api/portal/look-up',
    tag: 'portal',
    access: 'public',
    summary: { zh: '凭编号和查询码查进度', en: 'Progress by number and query code' },
    body: Type.Object(Key, { additionalProperties: false }),
    reply: CitizenView,
    errors: ['appeals.bad-number', 'appeals.no-such-appeal', 'base.rate-limited'],
  }),
  rate: route({
    method: 'POST',
    path: '/api/portal/ratings',
    tag: 'portal',
    access: 'public',
    summary: { zh: '群众评价', en: 'A citizen rates the answer' },
    body: Type.Object({ ...Key, ...Verdict }, { additionalProperties: false }),
    reply: CitizenView,
    errors: ['appeals.bad-number', 'appeals.no-such-appeal', 'appeals.already-rated', 'appeals.not-yet-ratable'],
  }),
  urge: route({
    method: 'POST',
    path: '/api/portal/urge',
    tag: 'portal',
    access: 'public',
    summary: { zh: '群众催办', en: 'A citizen urges' },
    body: Type.Object({ ...Key, note: PlainText({ min: 2, max: 500 }) }, { additionalProperties: false }),
    reply: CitizenView,
    errors: ['appeals.bad-number', 'appeals.no-such-appeal', 'appeals.not-open-now'],
  }),
  withdraw: route({
    method: 'POST',
    path: '/api/portal/withdraw',
    tag: 'portal',
    access: 'public',
    summary: { zh: '群众撤回诉求', en: 'A citizen takes his appeal back' },
    body: Type.Object({ ...Key, reason: PlainText({ min: 2, max: 500 }) }, { additionalProperties: false }),
    reply: CitizenView,
    errors: ['appeals.bad-number', 'appeals.no-such-appeal', 'appeals.not-open-now'],
  }),
  file: route({
    method: 'POST',
    path: '/api/appeals',
    tag,
    access: 'appeals.file',
    status: 201,
    idempotent: true,
    summary: { zh: '登记诉求（话务员、接口）', en: 'File an appeal (agent, machine)' },
    body: AppealInput,
    reply: Filed,
    errors: [
      'appeals.contact-required',
      'appeals.bad-phone',
      'appeals.source-duplicate',
      'appeals.channel-not-yours',
      'reference.region-outside',
    ],
  }),
  contact: route({
    method: 'GET',
    path: '/api/appeals/:id/contact',
    tag,
    access: 'appeals.see-contact',
    summary: { zh: '脱敏联系方式', en: 'The masked contact' },
    params: Type.Object({ id: IdText }),
    reply: Type.Object({ ...MaskedContact.properties, reveal: RevealView }),
  }),
  revealContact: route({
    method: 'POST',
    path: '/api/appeals/:id/contact/reveal',
    tag,
    access: 'appeals.reveal-contact',
    summary: { zh: '查看完整联系方式（留痕）', en: 'Reveal the contact (on record)' },
    params: Type.Object({ id: IdText }),
    body: Type.Object({ reason: PlainText({ min: 4, max: 200 }) }, { additionalProperties: false }),
    reply: Type.Object({
      name: OrNull(Type.String()),
      phone: OrNull(Type.String()),
      idNumber: OrNull(Type.String()),
      address: OrNull(Type.String()),
    }),
    errors: ['appeals.reveal-needs-second'],
  }),
  imports: route({
    method: 'GET',
    path: '/api/imports',
    tag: 'imports',
    access: 'appeals.import',
    summary: { zh: '导入记录', en: 'Import runs' },
    query: Type.Object(PageQuery),
    reply: PageOf(ImportRun),
  }),
  importRun: route({
    method: 'GET',
    path: '/api/imports/:id',
    tag: 'imports',
    access: 'appeals.import',
    summary: { zh: '导入进度', en: 'Progress of an import' },
    params: Type.Object({ id: IdText }),
    reply: ImportRun,
  }),
  importRejects: route({
    method: 'GET',
    path: '/api/imports/:id/rejects',
    tag: 'imports',
    access: 'appeals.import',
    summary: { zh: '未通过行（csv）', en: 'Rejected rows as csv' },
    params: Type.Object({ id: IdText }),
    reply: Type.String(),
  }),
  importMappings: route({
    method: 'GET',
    path: '/api/imports/mappings',
    tag: 'imports',
    access: 'appeals.import',
    summary: { zh: '可用映射', en: 'Mappings at hand' },
    reply: Type.Object({ items: Type.Array(Type.Object({ name: Type.String(), title: Type.String() })) }),
  }),
  startImport: route({
    method: 'POST',
    path: '/api/imports',
    tag: 'imports',
    access: 'appeals.import',
    status: 202,
    upload: true,
    summary: { zh: '上传并导入（csv、jsonl、xlsx）', en: 'Upload and import (csv, jsonl, xlsx)' },
    query: Type.Object({ mapping: Type.String({ pattern: '^[a-z0-9-]{1,60}$' }), dryRun: Type.Optional(Type.Boolean()) }),
    reply: ImportRun,
    errors: ['appeals.import-file', 'appeals.import-mapping'],
  }),
} as const;
