/**
 * Appeals (诉求): what citizens said, who they are, and what they thought of the answer.
 *
 * What was said may be added to (supplements) and documented (attachments), never changed.
 * Intake from every channel is one statement: the appeal, its contact, its order, the event and the audit entry. The
 * appeal is written once and never changed. Owns the schema `appeals`; uses reference; orders are opened through the
 * `openOrder` that the composition root hands in.
 */
export { createAppealsService, type Appeals, type Filing, type OpenOrder } from './appeals.service.ts';
export { appealsRoutes } from './appeals.routes.ts';
export { compact } from './appeals.rules.ts';
export { addRating } from './appeals.store.ts';
export { appealByNumber, maskedContact, ratingOf } from './appeals.views.ts';
export { createImports, IMPORT_QUEUE, type Imports } from './imports/imports.service.ts';
export { importRoutes } from './imports/imports.routes.ts';
export { attachmentsRoutes } from './attachments/attachments.routes.ts';
export { createAttachments, type Attachments, type OrderSide } from './attachments/attachments.service.ts';
export { attachmentsOf } from './attachments/attachments.views.ts';
export { supplementNotices } from './attachments/attachments.events.ts';
export { importCommand } from './imports/imports.cli.ts';
