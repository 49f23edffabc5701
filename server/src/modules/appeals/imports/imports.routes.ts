import { extname } from 'node:path';
import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { idCursor } from '#server/kernel/page.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { withUpload } from '#server/platform/http/upload.ts';
import type { Imports } from './imports.service.ts';

export function importRoutes({ imports }: { imports: Imports }): Binding[] {
  return [
    bind(appealsApi.importMappings, async () => ({ items: imports.mappings().map(({ name, title }) => ({ name, title })) })),
    bind(appealsApi.imports, async ({ actor, query }) => imports.page(actor.scope, idCursor(query.cursor), query.limit ?? 20)),
    bind(appealsApi.importRun, async ({ actor, params }) => imports.byId(actor.scope, params.id)),
    bind(appealsApi.importRejects, async ({ actor, params, reply }) => {
      await imports.byId(actor.scope, params.id);
      const csv = await imports.rejects(actor.scope, params.id);
      void reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="rejects-${params.id}.csv"`)
        .serializer(String);
      return csv;
    }),
    bind(appealsApi.startImport, async ({ actor, query, request }) => {
      const judgeName = (name: string) => {
        const extension = extname(name).toLowerCase();
        if (!['.csv', '.tsv', '.txt', '.jsonl', '.ndjson', '.xlsx'].includes(extension))
          throw new Refusal({ code: 'appeals.import-file', params: { reason: `${extension || '?'} (csv, jsonl, xlsx)` } });
      };
      return withUpload(request, { judgeName }, (file) => imports.start(actor, file, query.mapping, query.dryRun ?? false));
    }),
  ];
}
