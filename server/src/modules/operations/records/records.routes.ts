import { recordActionRoutes, recordsApi, type OpenedByHand } from '#contracts/operations/records/records.api.ts';
import { ANALYSED_DAYS, problemsApi } from '#contracts/operations/records/problems.api.ts';
import type { RecordAction, RecordKind } from '#contracts/operations/records/records.lifecycles.ts';
import type { RecordSource } from '#contracts/operations/records/records.values.ts';
import { startOfDay } from '#server/kernel/calendar.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal, refuseField } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import { SYSTEM, type Db, type DbScope } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { peopleHolding } from '../../identity/index.ts';
import { problemAnalysis } from './problems.analysis.ts';
import { problemBoard } from './problems.views.ts';
import { kindRules, type Records } from './records.service.ts';
import { recordPage, recordsPage, reporterOf } from './records.views.ts';

const DAY_MS = 86_400_000;

export interface RecordsRoutesDeps {
  readonly records: Records;
  readonly db: Db;
  readonly clock: Clock;
}

/** Whoever reports has no right on these tables unless the centre is his place: the platform reads and writes on his word. */
const scopeOf = (actor: Actor): DbScope => (actor.scopeKind === 'operations' ? actor.scope : SYSTEM);

export function recordsRoutes({ records, db, clock }: RecordsRoutesDeps): Binding[] {
  /** @throws Refusal `base.not-found` where somebody else reported it and he does not see the centre */
  async function checkSeen(actor: Actor, id: string): Promise<void> {
    if (actor.scopeKind === 'operations' && actor.permissions.has('operations.see')) return;
    const reporter = await db.transact(SYSTEM, (tx) => reporterOf(tx, id));
    if (reporter === null || reporter !== actor.accountId) throw new Refusal({ code: 'base.not-found' });
  }
  const opening = async (actor: Actor, kind: OpenedByHand, body: Opening) => {
    const { title, body: text, level, component, source, ...plan } = body;
    const facts = kind === 'change' ? { ...plan, author: actor.accountId, approvedBy: [] } : {};
    const { id, number } = await db.transact(scopeOf(actor), (tx) =>
      records.open(tx, actor, { kind, level, title, body: text, component: component ?? null, source: source ?? 'meeting', facts }),
    );
    return { id, number };
  };
  return [
    bind(recordsApi.list, ({ actor, query }) => db.transact(actor.scope, (tx) => recordsPage(tx, query, actor.accountId, clock.nowMs()))),
    bind(recordsApi.mine, ({ actor, query }) =>
      db.transact(SYSTEM, (tx) => recordsPage(tx, { ...query, reporter: actor.accountId! }, actor.accountId, clock.nowMs())),
    ),
    bind(recordsApi.byId, async ({ actor, params, language }) => {
      await checkSeen(actor, params.id);
      const owners = await db.transact(SYSTEM, (tx) => peopleHolding(tx, 'operations.handle'));
      const page = await db.transact(scopeOf(actor), async (tx) =>
        recordPage(tx, actor, params.id, clock.nowMs(), language, await records.guardedAt(tx, actor), kindRules, owners),
      );
      if (!page) throw new Refusal({ code: 'base.not-found' });
      return page;
    }),
    bind(recordsApi.people, () => db.transact(SYSTEM, async (tx) => ({ items: await peopleHolding(tx, 'operations.handle') }))),
    bind(problemsApi.analysis, ({ actor, query: { from, to } }) => {
      if (from > to || startOfDay(to) - startOfDay(from) >= ANALYSED_DAYS * DAY_MS)
        throw refuseField('to', 'operations.analysis-span', { days: ANALYSED_DAYS });
      return db.transact(actor.scope, (tx) => problemAnalysis(tx, from, to, clock.nowMs()));
    }),
    bind(problemsApi.board, ({ actor, query }) =>
      db.transact(actor.scope, async (tx) => problemBoard(tx, query, actor, await records.guardedAt(tx, actor))),
    ),
    bind(recordsApi.openFault, ({ actor, body }) => opening(actor, 'fault', body)),
    bind(recordsApi.openProblem, ({ actor, body }) => opening(actor, 'problem', body)),
    bind(recordsApi.openChange, ({ actor, body }) => opening(actor, 'change', body)),
    ...recordActionRoutes.map(({ kind, action, route }): Binding => ({
      route,
      handler: async ({ actor, params, body }) => {
        const { id } = params as { id: string };
        const { version, input } = body as { version: number; input: never };
        await checkSeen(actor, id);
        return records.act(actor, kind as RecordKind, id, action as RecordAction<RecordKind>, version, input);
      },
    })),
  ];
}

interface Opening {
  readonly title: string;
  readonly body: string;
  readonly level: number;
  readonly component?: string;
  readonly source?: RecordSource;
}
