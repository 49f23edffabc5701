import { ARCHIVED_DAYS } from '#contracts/operations/records/problem.board.ts';
import { problemLifecycle } from '#contracts/operations/records/problem.lifecycle.ts';
import { CARDS_AT_MOST, type BoardFilter, type ProblemCard } from '#contracts/operations/records/problems.api.ts';
import type { Actor } from '#server/platform/actor.ts';
import { allowedActions } from '#server/platform/casework/index.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { problemRules } from './problem.kind.ts';
import { narrowed } from './records.filters.ts';
import type { RecordGuardedAt } from './records.kind.ts';
import { rowOf } from './records.store.ts';
import { lineOf } from './records.views.ts';

const DAY_MS = 86_400_000;

/** What stands on the board of problems: the gravest first, of these what is due first. */
export async function problemBoard(
  tx: Tx,
  filter: BoardFilter,
  actor: Actor,
  guarded: RecordGuardedAt,
): Promise<{ items: ProblemCard[]; hasMore: boolean; components: string[] }> {
  const { nowMs } = guarded;
  const rows = await narrowed(tx.selectFrom('operations.record').selectAll(), { ...filter, kind: 'problem' }, actor.accountId, nowMs)
    .where((eb) =>
      eb.or([
        eb('ended_at', 'is', null),
        eb.and([eb('state', '=', 'archived'), eb('ended_at', '>', new Date(nowMs - ARCHIVED_DAYS * DAY_MS))]),
      ]),
    )
    // What ended is the first to be left out.
    .orderBy('ended_at', (order) => order.desc().nullsFirst())
    .orderBy('level')
    .orderBy('due_at', (order) => order.asc().nullsLast())
    .orderBy('id')
    .limit(CARDS_AT_MOST + 1)
    .execute();
  const about = await tx
    .selectFrom('operations.record')
    .select('component')
    .distinct()
    .where('kind', '=', 'problem')
    .where('ended_at', 'is', null)
    .where('component', 'is not', null)
    .orderBy('component')
    .limit(CARDS_AT_MOST)
    .execute();
  return {
    items: rows.slice(0, CARDS_AT_MOST).map((row) => {
      const seen = rowOf(row);
      const { score, plannedOn, hours } = seen.facts as { score?: number; plannedOn?: string; hours?: number };
      return {
        ...lineOf(row, nowMs),
        ownerId: row.owner_id,
        score: score ?? null,
        plannedOn: plannedOn ?? null,
        hours: hours ?? null,
        actions: allowedActions(problemLifecycle, seen.state as keyof typeof problemLifecycle.states, actor.permissions).filter(
          (action) => problemRules.guard(action, seen, guarded).ok,
        ),
      };
    }),
    hasMore: rows.length > CARDS_AT_MOST,
    components: about.map(({ component }) => component!),
  };
}
