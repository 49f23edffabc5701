import { appealsApi } from '#contracts/appeals/appeals.api.ts';
import { citizen } from '#server/platform/actor.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import type { Appeals } from './appeals.service.ts';

export function appealsRoutes({ appeals }: { appeals: Appeals }): Binding[] {
  return [
    // Whoever is logged in files here as a citizen all the same: the portal knows no accounts.
    bind(appealsApi.fileOnPortal, async ({ body, request, idempotencyKey }) =>
      appeals.fileOnPortal(citizen(request.ip), body, idempotencyKey),
    ),
    bind(appealsApi.file, async ({ actor, body, idempotencyKey }) => appeals.file(actor, body, idempotencyKey)),
    bind(appealsApi.contact, async ({ actor, params }) => appeals.contact(actor, params.id)),
    bind(appealsApi.revealContact, async ({ actor, params, body }) => appeals.revealContact(actor, params.id, body.reason)),
  ];
}
