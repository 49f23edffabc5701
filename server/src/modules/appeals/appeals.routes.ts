import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { citizen } from '#server/platform/actor.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import type { Appeals } from './appeals.service.ts';
import { maskedContact } from './appeals.views.ts';

export function appealsRoutes({ appeals, db }: { appeals: Appeals; db: Db }): Binding[] {
  return [
    // Whoever is logged in files here as a citizen all the same: the portal knows no accounts.
    bind(appealsApi.fileOnPortal, async ({ body, request, idempotencyKey }) =>
      appeals.fileOnPortal(citizen(request.ip), body, idempotencyKey),
    ),
    bind(appealsApi.file, async ({ actor, body, idempotencyKey }) => appeals.file(actor, body, idempotencyKey)),
    bind(appealsApi.contact, async ({ actor, params }) => {
      const contact = await db.transact(actor.scope, (tx) => maskedContact(tx, params.id));
      if (!contact) throw new Refusal({ code: 'base.not-found' });
      return contact;
    }),
    bind(appealsApi.revealContact, async ({ actor, params, body }) => appeals.revealContact(actor, params.id, body.reason)),
  ];
}
