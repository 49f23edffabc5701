import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { idCursor } from '#server/kernel/page.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
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
      const file = await request.file().catch(() => undefined);
      if (!file) throw new Refusal({ code: 'base.invalid-input', fields: [{ path: 'file', code: 'field.required' }] });
      const extension = extname(file.filename).toLowerCase();
      if (!['.csv', '.tsv', '.txt', '.jsonl', '.ndjson', '.xlsx'].includes(extension)) {
        file.file.resume();
        throw new Refusal({ code: 'appeals.import-file', params: { reason: `${extension || '?'} (csv, jsonl, xlsx)` } });
      }
      const folder = await mkdtemp(join(tmpdir(), 'minsheng-upload-'));
      const path = join(folder, `upload${extension}`);
      try {
        await pipeline(file.file, createWriteStream(path)).catch((error: unknown) => {
          // What the disk says is our fault and carries a system call; the rest is an upload that broke off.
          throw (error as NodeJS.ErrnoException).syscall === undefined ? new Refusal({ code: 'base.malformed' }) : error;
        });
        if (file.file.truncated) throw new Refusal({ code: 'base.too-large' });
        return await imports.start(actor, { path, name: file.filename }, query.mapping, query.dryRun ?? false);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }),
  ];
}
