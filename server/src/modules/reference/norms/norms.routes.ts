import { textOf } from '#contracts/codes.ts';
import { normLifecycle, type NormAction, type NormState } from '#contracts/reference/norm.lifecycle.ts';
import { normsApi } from '#contracts/reference/norms.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { idCursor } from '#server/kernel/page.ts';
import type { Actor } from '#server/platform/actor.ts';
import { allowedActions } from '#server/platform/casework/index.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import type { Reference } from '../reference.service.ts';
import { inForce, PROVINCE, type Norm } from './norms.rules.ts';
import { answersFor, normGuard, type Norms } from './norms.service.ts';
import type { NormDbRow } from './norms.store.ts';
import { contentOf, lastTrial, normById, normRowView, normsPage, triedOrders, trialView } from './norms.views.ts';

interface Deps {
  readonly norms: Norms;
  readonly reference: Reference;
  readonly db: Db;
  readonly clock: Clock;
}

export function normsRoutes({ norms, reference, db, clock }: Deps): Binding[] {
  return [
    bind(normsApi.list, async ({ actor, query }) => {
      const limit = query.limit ?? 20;
      const rows = await db.transact(actor.scope, (tx) => normsPage(tx, query.region, idCursor(query.cursor), limit + 1));
      const approved = await reference.norms();
      const items = rows.slice(0, limit).map((row) => normRowView(row, approved, clock.nowMs()));
      return { items, ...(rows.length > limit ? { nextCursor: items.at(-1)!.id } : {}) };
    }),
    bind(normsApi.byId, async ({ actor, params, language }) => {
      const found = await db.transact(actor.scope, async (tx) => {
        const row = await normById(tx, params.id);
        // Trials are told to those who answer for norms; units and machines read what is in force.
        const sees = actor.scopeKind === 'province' || actor.scopeKind === 'city';
        return row ? { row, trial: sees ? await lastTrial(tx, row.id) : undefined } : undefined;
      });
      if (!found) throw new Refusal({ code: 'base.not-found' });
      const { row, trial } = found;
      const approved = await reference.norms();
      const nowMs = clock.nowMs();
      const before = comparedTo(row, approved, nowMs);
      const province = row.region === PROVINCE ? undefined : inForce(approved, PROVINCE, row.effective_from?.getTime() ?? nowMs)[0];
      return {
        ...normRowView(row, approved, nowMs),
        content: contentOf(row),
        ...(before ? { before: otherView(before) } : {}),
        ...(province ? { province: otherView(province) } : {}),
        trial: trial ? trialView(trial) : null,
        actions: actionsOf(row, actor, nowMs).map(({ action, refusal }) => ({
          action,
          refusal: refusal ? { code: refusal, text: textOf(refusal, language) } : null,
        })),
      };
    }),
    bind(normsApi.draft, async ({ actor, body: { region, ...input } }) => norms.draft(actor, region, input)),
    bind(normsApi.revise, async ({ actor, params, body }) => norms.revise(actor, params.id, body.revision, body.input)),
    bind(normsApi.try, async ({ actor, params, body }) => norms.try(actor, params.id, body.revision)),
    bind(normsApi.approve, async ({ actor, params, body }) => norms.approve(actor, params.id, body.revision, body.input)),
    bind(normsApi.sendBack, async ({ actor, params, body }) => norms.sendBack(actor, params.id, body.revision, body.input.opinion)),
    bind(normsApi.withdraw, async ({ actor, params, body }) => norms.withdraw(actor, params.id, body.revision, body.input.opinion)),
    bind(normsApi.trialOrders, async ({ actor, params, query }) => {
      const limit = query.limit ?? 20;
      const { region, what } = query;
      const items = await db.transact(actor.scope, async (tx) => {
        const isOffice = actor.scopeKind === 'province' || actor.scopeKind === 'city';
        if (!isOffice || !(await normById(tx, params.id))) throw new Refusal({ code: 'base.not-found' });
        const trial = await lastTrial(tx, params.id);
        const filter = { ...(region ? { region } : {}), ...(what ? { what } : {}) };
        return trial ? triedOrders(tx, trial.id, filter, idCursor(query.cursor), limit + 1) : [];
      });
      const shown = items.slice(0, limit);
      return { items: shown, ...(items.length > limit ? { nextCursor: shown.at(-1)!.orderId } : {}) };
    }),
  ];
}

/** What a version is compared with: an approved one with the one before it, a draft with the one in force. */
function comparedTo(row: NormDbRow, approved: readonly Norm[], nowMs: number): Norm | undefined {
  const own = approved.filter((norm) => norm.region === row.region);
  return row.state === 'approved'
    ? own.findLast((norm) => norm.effectiveMs < row.effective_from!.getTime())
    : own.findLast((norm) => norm.effectiveMs <= nowMs);
}

function otherView({ id, version, content }: Norm) {
  return { id, version, content };
}

function actionsOf(row: NormDbRow, actor: Actor, nowMs: number) {
  if (!answersFor(actor, row.region)) return [];
  const effectiveMs = row.effective_from?.getTime() ?? null;
  return allowedActions<NormState, NormAction>(normLifecycle, row.state as NormState, actor.permissions).map((action) => {
    const verdict = normGuard(action, { ...row, effectiveMs }, { accountId: actor.accountId, nowMs });
    return { action, refusal: verdict.ok ? null : verdict.refusal.code };
  });
}
