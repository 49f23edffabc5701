import { catalogueApi } from '#contracts/reference/catalogue.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import type { Reference } from '../reference.service.ts';
import type { Catalogue } from './catalogue.service.ts';
import { entriesPage, entryView, objectionsOf, objectionView, versionsOf } from './catalogue.views.ts';

interface Deps {
  readonly catalogue: Catalogue;
  readonly reference: Reference;
  readonly db: Db;
  readonly clock: Clock;
}

/** Objections are told to those who answer for the catalogue; everybody else reads the entries. */
function seesObjections(actor: Actor): boolean {
  return actor.scopeKind === 'province' || actor.scopeKind === 'city';
}

export function catalogueRoutes({ catalogue, reference, db, clock }: Deps): Binding[] {
  const inForce = async () => new Set((await reference.entries(clock.nowMs())).map((entry) => `${entry.id}/${entry.version}`));
  return [
    bind(catalogueApi.list, async ({ actor, query }) => {
      const { cursor, limit, ...filter } = query;
      const unitKind = query.unit ? reference.unit(query.unit)?.kind : undefined;
      const { rows, nextCursor } = await db.transact(actor.scope, (tx) =>
        entriesPage(tx, { ...filter, ...(unitKind ? { unitKind } : {}) }, cursor, limit ?? 20, seesObjections(actor)),
      );
      const current = await inForce();
      return {
        items: rows.map((row) => entryView(row, row.objections, current.has(`${row.id}/${row.version}`), reference)),
        ...(nextCursor ? { nextCursor } : {}),
      };
    }),
    bind(catalogueApi.byId, async ({ actor, params }) => {
      const { versions, objections } = await db.transact(actor.scope, async (tx) => ({
        versions: await versionsOf(tx, params.id),
        objections: seesObjections(actor) ? await objectionsOf(tx, params.id) : [],
      }));
      if (versions.length === 0) throw new Refusal({ code: 'base.not-found' });
      const current = await inForce();
      const open = objections.filter((objection) => objection.answer_id === null).length;
      return {
        versions: versions.map((row) => entryView(row, open, current.has(`${row.id}/${row.version}`), reference)),
        objections: objections.map((row) => objectionView(row, reference)),
      };
    }),
    bind(catalogueApi.unmatched, async ({ actor }) => {
      const rows = seesObjections(actor) ? await db.transact(actor.scope, (tx) => objectionsOf(tx, null)) : [];
      return { items: rows.map((row) => objectionView(row, reference)) };
    }),
    bind(catalogueApi.propose, async ({ actor, body }) => catalogue.propose(actor, body)),
    bind(catalogueApi.approve, async ({ actor, params, body }) => catalogue.approve(actor, params.id, body.version, body.input)),
    bind(catalogueApi.withdraw, async ({ actor, params, body }) => catalogue.withdraw(actor, params.id, body.version, body.input.opinion)),
  ];
}
