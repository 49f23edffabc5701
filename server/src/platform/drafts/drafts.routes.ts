import { draftsApi } from '#contracts/drafts/drafts.api.ts';
import { bind, type Binding } from '../http/bind.ts';
import type { Drafts } from './drafts.ts';

export function draftsRoutes({ drafts }: { drafts: Drafts }): Binding[] {
  return [
    bind(draftsApi.list, async ({ actor }) => ({ items: await drafts.list(actor) })),
    bind(draftsApi.find, async ({ actor, params }) => ({ draft: await drafts.find(actor, params.place) })),
    bind(draftsApi.save, async ({ actor, params, body }) => drafts.save(actor, params.place, body)),
    bind(draftsApi.discard, async ({ actor, params, query }) => {
      await drafts.discard(actor, params.place, query.revision);
      return null;
    }),
  ];
}
