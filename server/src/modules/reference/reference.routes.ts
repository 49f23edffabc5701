import { referenceApi } from '#contracts/reference/reference.api.ts';
import { idCursor } from '#server/kernel/page.ts';
import { countProvisional } from '#server/platform/casework/index.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import type { Reference } from './reference.service.ts';
import { calendarOf, noticesFor } from './reference.views.ts';

export function referenceRoutes({
  reference,
  db,
  recompute,
}: {
  reference: Reference;
  db: Db;
  recompute: () => Promise<number>;
}): Binding[] {
  return [
    bind(referenceApi.dictionary, async ({ reply }) => {
      void reply.header('cache-control', 'public, max-age=300');
      return reference.dictionary();
    }),
    bind(referenceApi.streets, async ({ query }) => ({ items: await reference.streets(query.county) })),
    bind(referenceApi.units, async ({ query }) => {
      const limit = query.limit ?? 20;
      const found = reference.searchUnits({
        limit: limit + 1,
        ...(query.under ? { under: query.under } : {}),
        ...(query.region ? { region: query.region } : {}),
        ...(query.level ? { level: query.level } : {}),
        ...(query.q ? { q: query.q } : {}),
        ...(query.cursor ? { after: query.cursor } : {}),
      });
      const items = found.slice(0, limit);
      return { items, ...(found.length > limit ? { nextCursor: items.at(-1)!.code } : {}) };
    }),
    bind(referenceApi.suggestUnits, async ({ query }) => {
      reference.checkRegion(query.region, 'region');
      return { items: await reference.suggestUnits(query.category, query.region) };
    }),
    bind(referenceApi.calendar, async ({ actor, params }) =>
      db.transact(actor.scope, async (tx) => {
        const { head, days } = await calendarOf(tx, params.year);
        const counts = actor.scopeKind !== 'operations' && actor.scopeKind !== 'peer';
        return {
          year: params.year,
          published: head !== undefined,
          source: head?.source ?? null,
          days,
          provisionalClocks: counts ? await countProvisional(tx) : 0,
        };
      }),
    ),
    bind(referenceApi.importCalendar, async ({ actor, body }) => {
      const days = await reference.importCalendar(actor, body);
      return { year: body.year, days, recomputed: await recompute() };
    }),
    bind(referenceApi.notices, async ({ actor, query }) =>
      db.transact(actor.scope, async (tx) => {
        if (actor.scopeKind === 'peer') return { items: [] };
        const limit = query.limit ?? 20;
        const rows = await noticesFor(tx, [...actor.permissions], idCursor(query.cursor), limit + 1);
        const items = rows.slice(0, limit).map((row) => ({
          id: row.id,
          at: row.at.toISOString(),
          level: row.level as 'info',
          zh: row.zh,
          en: row.en,
          orderId: row.order_id,
          path: row.path,
        }));
        return { items, ...(rows.length > limit ? { nextCursor: items.at(-1)!.id } : {}) };
      }),
    ),
  ];
}
