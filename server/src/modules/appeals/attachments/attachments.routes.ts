import { attachmentsApi } from '#contracts/appeals/attachments.api.ts';
import { MAX_FILE_BYTES } from '#contracts/base/files.values.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { citizen, type Actor } from '#server/platform/actor.ts';
import type { Db } from '#server/platform/db/db.ts';
import { deliver } from '#server/platform/http/deliver.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { withUpload } from '#server/platform/http/upload.ts';
import { appealByNumber } from '../appeals.views.ts';
import type { Attachments } from './attachments.service.ts';
import { appealPlace, attachmentsOf, supplementsOf } from './attachments.views.ts';

interface Deps {
  readonly attachments: Attachments;
  readonly db: Db;
  /** The scope of a citizen who gives this number and code. @throws Refusal `appeals.bad-number` */
  readonly citizenBy: (
    key: { number: string; code: string },
    ip: string | null,
  ) => { actor: Actor; number: string; span: { from: string; to: string } };
}

const UPLOAD = { maxBytes: MAX_FILE_BYTES };

export function attachmentsRoutes({ attachments, db, citizenBy }: Deps): Binding[] {
  /** The citizen with the appeal of his number and code. @throws Refusal `appeals.no-such-appeal` */
  const appealOf = async (key: { number: string; code: string }, ip: string) => {
    const { actor, number, span } = citizenBy(key, ip);
    const appeal = await db.transact(actor.scope, (tx) => appealByNumber(tx, number, span));
    if (!appeal) throw new Refusal({ code: 'appeals.no-such-appeal' });
    return { actor, id: appeal.id };
  };
  return [
    bind(attachmentsApi.uploadOnPortal, async ({ request }) =>
      withUpload(request, UPLOAD, (file) => attachments.receive(citizen(request.ip), file)),
    ),
    bind(attachmentsApi.upload, async ({ actor, request }) => withUpload(request, UPLOAD, (file) => attachments.receive(actor, file))),
    bind(attachmentsApi.record, async ({ body, request }) => {
      const { actor, id } = await appealOf(body, request.ip);
      return attachments.citizenRecord(actor, id);
    }),
    bind(attachmentsApi.citizenFile, async ({ body, request, reply }) => {
      const { actor } = await appealOf(body, request.ip);
      return deliver(reply, await attachments.open(actor, body.attachment, true), 'attachment');
    }),
    bind(attachmentsApi.supplementOnPortal, async ({ body: { number, code, ...input }, request }) => {
      const { actor, id } = await appealOf({ number, code }, request.ip);
      await attachments.supplement(actor, id, input);
      return attachments.citizenRecord(actor, id);
    }),
    bind(attachmentsApi.supplement, async ({ actor, params, body }) => attachments.supplement(actor, params.id, body)),
    bind(attachmentsApi.ofAppeal, async ({ actor, params }) =>
      db.transact(actor.scope, async (tx) => {
        if (!(await appealPlace(tx, params.id))) throw new Refusal({ code: 'base.not-found' });
        return { attachments: await attachmentsOf(tx, actor, params.id), supplements: await supplementsOf(tx, params.id) };
      }),
    ),
    bind(attachmentsApi.thumbnail, async ({ actor, params, reply }) =>
      deliver(reply, await attachments.thumbnail(actor, params.id), 'inline'),
    ),
    bind(attachmentsApi.content, async ({ actor, params, query, reply }) => {
      const download = query.download ?? false;
      const found = await attachments.open(actor, params.id, download);
      // Pictures, sound and film are shown; a document is never opened by the browser in our name.
      return deliver(reply, found, download || !/^(image|audio|video)\//.test(found.type) ? 'attachment' : 'inline');
    }),
    bind(attachmentsApi.mark, async ({ actor, params, body }) => {
      await attachments.mark(actor, params.id, body.identifying);
      return { identifying: body.identifying };
    }),
  ];
}
