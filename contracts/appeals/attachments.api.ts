import { Type, type Static } from 'typebox';
import { FILE_KIND_NAMES, MAX_FILES_AT_ONCE } from '../base/files.values.ts';
import { route } from '../base/route.ts';
import { Bytes, IdText, Instant, OneOf, OrNull, PlainText } from '../base/text.ts';

const tag = 'attachments';

/** What an upload is attached by: whoever holds it may attach the file, once or more often, for a day. */
const Ticket = Type.String({ pattern: '^[A-Za-z0-9_-]{32}$', description: 'Ticket of an upload' });

/** The files that go with a filing, a supplement or a reply. */
export const Tickets = Type.Array(Ticket, { maxItems: MAX_FILES_AT_ONCE, uniqueItems: true });

const Preview = OrNull(Type.String({ description: 'A small picture as a data URL' }));

/** A file that arrived and was found good; it waits to be attached. */
export const Uploaded = Type.Object({
  ticket: Ticket,
  name: Type.String(),
  kind: OneOf(FILE_KIND_NAMES),
  bytes: Type.Integer(),
  preview: Preview,
  placeRemoved: Type.Boolean({ description: 'The picture said where it was taken; what others see does not say it any more' }),
  expiresAt: Instant,
});
export type Uploaded = Static<typeof Uploaded>;

const file = {
  id: IdText,
  name: Type.String(),
  kind: OneOf(FILE_KIND_NAMES),
  type: Type.String(),
  bytes: Type.Integer(),
  at: Instant,
};

/** An attachment as the office sees it. */
export const Attachment = Type.Object({
  ...file,
  thumbnail: Type.Boolean({ description: 'There is a small picture of it' }),
  by: Type.String(),
  replyNo: OrNull(Type.Integer()),
  supplementId: OrNull(IdText),
  sm3: Type.String({ description: 'Of the file as it was handed in' }),
  scanned: Type.Boolean({ description: 'A virus scanner looked at it' }),
  identifying: Type.Boolean({ description: 'Shows who somebody is; kept from handling units' }),
  takenAt: OrNull(Type.String({ description: 'As the camera noted it; for the hotline' })),
  place: OrNull(Type.Object({ lng: Type.Number(), lat: Type.Number() }, { description: 'Where it was taken; for the hotline' })),
});
export type Attachment = Static<typeof Attachment>;

export const Supplement = Type.Object({ id: IdText, content: Type.String(), by: Type.String(), at: Instant });
export type Supplement = Static<typeof Supplement>;

const CitizenFile = Type.Object({ ...file, preview: Preview, supplementId: OrNull(IdText), ofAnswer: Type.Boolean() });
export type CitizenFile = Static<typeof CitizenFile>;

/** What a citizen handed in with his appeal and later, and the files of the answer. */
export const CitizenRecord = Type.Object({
  open: Type.Boolean({ description: 'More can be added' }),
  files: Type.Array(CitizenFile),
  supplements: Type.Array(Type.Object({ id: IdText, content: Type.String(), at: Instant })),
});
export type CitizenRecord = Static<typeof CitizenRecord>;

const Key = {
  number: Type.String({ minLength: 1, maxLength: 40, description: 'Spaces and dashes are ignored' }),
  code: Type.String({ minLength: 1, maxLength: 20 }),
};
const Added = { content: PlainText({ max: 2000 }), attachments: Type.Optional(Tickets) };
const params = Type.Object({ id: IdText });
const refusals = [
  'files.kind-not-taken',
  'files.name-disagrees',
  'files.too-large',
  'files.unreadable',
  'files.active-content',
  'appeals.too-many-uploads',
] as const;

export const attachmentsApi = {
  uploadOnPortal: route({
    method: 'POST',
    path: '/api/portal/uploads',
    tag: 'portal',
    access: 'public',
    status: 201,
    upload: true,
    summary: { zh: '群众上传文件', en: 'A citizen uploads a file' },
    reply: Uploaded,
    errors: refusals,
  }),
  record: route({
    method: 'POST',
    path: '/api/portal/record',
    tag: 'portal',
    access: 'public',
    summary: { zh: '凭编号和查询码查附件和补充', en: 'Files and supplements by number and query code' },
    body: Type.Object(Key, { additionalProperties: false }),
    reply: CitizenRecord,
    errors: ['appeals.bad-number', 'appeals.no-such-appeal'],
  }),
  citizenFile: route({
    method: 'POST',
    path: '/api/portal/files',
    tag: 'portal',
    access: 'public',
    summary: { zh: '群众查看附件', en: 'A citizen opens a file' },
    body: Type.Object({ ...Key, attachment: IdText }, { additionalProperties: false }),
    reply: Bytes,
    errors: ['appeals.bad-number', 'appeals.no-such-appeal', 'base.not-found'],
  }),
  supplementOnPortal: route({
    method: 'POST',
    path: '/api/portal/supplements',
    tag: 'portal',
    access: 'public',
    summary: { zh: '群众补充材料', en: 'A citizen adds to an appeal' },
    body: Type.Object({ ...Key, ...Added }, { additionalProperties: false }),
    reply: CitizenRecord,
    errors: [
      'appeals.no-such-appeal',
      'appeals.supplement-empty',
      'appeals.supplement-closed',
      'appeals.upload-gone',
      'appeals.too-many-attachments',
    ],
  }),
  upload: route({
    method: 'POST',
    path: '/api/uploads',
    tag,
    access: 'appeals.attach',
    status: 201,
    upload: true,
    summary: { zh: '上传文件', en: 'Upload a file' },
    reply: Uploaded,
    errors: refusals,
  }),
  supplement: route({
    method: 'POST',
    path: '/api/appeals/:id/supplements',
    tag,
    access: 'appeals.supplement',
    summary: { zh: '代诉求人补充材料', en: 'Add to an appeal for the citizen' },
    params,
    body: Type.Object(Added, { additionalProperties: false }),
    reply: Supplement,
    errors: ['appeals.supplement-empty', 'appeals.supplement-closed', 'appeals.upload-gone', 'appeals.too-many-attachments'],
  }),
  ofAppeal: route({
    method: 'GET',
    path: '/api/appeals/:id/attachments',
    tag,
    access: 'orders.see',
    summary: { zh: '附件和补充材料', en: 'Attachments and supplements' },
    params,
    reply: Type.Object({ attachments: Type.Array(Attachment), supplements: Type.Array(Supplement) }),
  }),
  thumbnail: route({
    method: 'GET',
    path: '/api/attachments/:id/thumbnail',
    tag,
    access: 'orders.see',
    summary: { zh: '附件缩略图', en: 'The small picture of an attachment' },
    params,
    reply: Bytes,
  }),
  content: route({
    method: 'GET',
    path: '/api/attachments/:id/content',
    tag,
    access: 'orders.see',
    summary: { zh: '查看附件（留痕）', en: 'Open an attachment (on record)' },
    params,
    query: Type.Object({ download: Type.Optional(Type.Boolean()) }),
    reply: Bytes,
  }),
  mark: route({
    method: 'POST',
    path: '/api/attachments/:id/identifying',
    tag,
    access: 'appeals.mark-identifying',
    summary: { zh: '标记身份材料', en: 'Mark an attachment as identifying' },
    params,
    body: Type.Object({ identifying: Type.Boolean() }, { additionalProperties: false }),
    reply: Type.Object({ identifying: Type.Boolean() }),
  }),
} as const;
