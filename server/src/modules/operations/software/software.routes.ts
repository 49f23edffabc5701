import { softwareApi } from '#contracts/operations/software.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { deliver } from '#server/platform/http/deliver.ts';
import { withUpload } from '#server/platform/http/upload.ts';
import { UPLOAD_AT_MOST } from './advisories.files.ts';
import { ownSbom } from './own-build.ts';
import type { Software } from './software.service.ts';
import { exposuresOfRecord, importsOf, inventoriesOf, softwarePage } from './software.views.ts';

/** An inventory of a whole machine has some megabytes. */
const SBOM_AT_MOST = 32 * 1024 * 1024;

export function softwareRoutes({ software, db, clock }: { software: Software; db: Db; clock: Clock }): Binding[] {
  return [
    bind(softwareApi.list, ({ actor, query }) => db.transact(actor.scope, (tx) => softwarePage(tx, query))),
    bind(softwareApi.inventories, ({ actor }) => db.transact(actor.scope, async (tx) => ({ items: await inventoriesOf(tx) }))),
    bind(softwareApi.takeInventory, ({ actor, query, request }) =>
      withUpload(request, { maxBytes: SBOM_AT_MOST }, ({ path }) =>
        software.takeInventory(actor, path, query.asset, query.dryRun ?? false),
      ),
    ),
    bind(softwareApi.sbom, async ({ reply }) => {
      const body = Buffer.from(JSON.stringify(await ownSbom(new Date(clock.nowMs())), null, 2));
      return deliver(reply, { body, type: 'application/vnd.cyclonedx+json', name: 'minsheng.cdx.json' }, 'attachment');
    }),
    bind(softwareApi.importAdvisories, ({ actor, query, request }) =>
      withUpload(request, { maxBytes: UPLOAD_AT_MOST }, ({ path, name }) =>
        software.importAdvisories(actor, path, name, query.dryRun ?? false),
      ),
    ),
    bind(softwareApi.imports, ({ actor }) => db.transact(actor.scope, importsOf)),
    bind(softwareApi.exposures, async ({ actor, params }) => {
      const items = await db.transact(actor.scope, (tx) => exposuresOfRecord(tx, params.id));
      if (!items) throw new Refusal({ code: 'base.not-found' });
      return { items };
    }),
  ];
}
