import { sql } from 'kysely';
import { PROBLEM_LEVELS } from '#contracts/operations/records/problem.lifecycle.ts';
import { LOW_RATING, type ProblemAnalysis } from '#contracts/operations/records/problems.api.ts';
import type { RecordFilter } from '#contracts/operations/records/records.api.ts';
import type { RecordSource } from '#contracts/operations/records/records.values.ts';
import { beijingDate, nextDay, startOfDay, type Day } from '#server/kernel/calendar.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { countRecords, narrowed } from './records.filters.ts';

const COMPONENTS_AT_MOST = 20;
const LOW_AT_MOST = 50;

/**
 * What the problems that were registered from one day to another, both with, come to (chapter 3 of the terms: causes, effects, sources).
 * Each figure is counted by the filter of the list it leads to.
 */
export async function problemAnalysis(tx: Tx, from: Day, to: Day, nowMs: number): Promise<ProblemAnalysis> {
  const span = { from: instantOf(from), to: instantOf(nextDay(to)) };
  const opened: RecordFilter = { kind: 'problem', ...span };
  const rows = narrowed(tx.selectFrom('operations.record'), opened, null, nowMs);
  const count = sql<number>`count(*)::int`;
  const fact = (name: string) => sql<string>`coalesce(facts ->> ${sql.lit(name)}, 'unknown')`;
  const rating = sql<number>`(facts ->> 'rating')::int`;
  const rated = narrowed(tx.selectFrom('operations.record'), { ...opened, ratingFrom: 1 }, null, nowMs);
  const low = await narrowed(tx.selectFrom('operations.record'), { ...opened, ratingTo: LOW_RATING }, null, nowMs)
    .select(['id', 'number', 'title', 'owner', rating.as('rating')])
    .orderBy('id', 'desc')
    .limit(LOW_AT_MOST)
    .execute();
  // What is due later may still come in time.
  const dueTo = new Date(Math.min(Date.parse(span.to), nowMs)).toISOString();
  const levels = [];
  for (const level of Object.keys(PROBLEM_LEVELS).map(Number)) {
    const due: RecordFilter = { kind: 'problem', level, clock: 'resolve', clockFrom: span.from, clockTo: dueTo };
    levels.push({
      level,
      inTime: await countRecords(tx, { ...due, clockResult: 'in-time' }, nowMs),
      late: await countRecords(tx, { ...due, clockResult: 'late' }, nowMs),
    });
  }
  const months = [];
  for (const part of monthsOf(from, to)) {
    const [first, last] = [instantOf(part.from), instantOf(nextDay(part.to))];
    months.push({
      month: part.from.slice(0, 7),
      from: first,
      to: last,
      opened: await countRecords(tx, { kind: 'problem', from: first, to: last }, nowMs),
      ended: await countRecords(tx, { kind: 'problem', endedFrom: first, endedTo: last }, nowMs),
    });
  }
  const { count: ratings, average } = await rated
    .select([count.as('count'), sql<number | null>`round(avg((facts ->> 'rating')::int), 2)::float8`.as('average')])
    .executeTakeFirstOrThrow();
  return {
    ...span,
    total: await countRecords(tx, opened, nowMs),
    matrix: await rows
      .select([fact('cause').as('cause'), fact('effect').as('effect'), count.as('count')])
      .groupBy(['cause', 'effect'])
      .execute(),
    sources: (
      await rows
        .select(['source', count.as('count')])
        .groupBy('source')
        .orderBy('count', 'desc')
        .orderBy('source')
        .execute()
    ).map((row) => ({ ...row, source: row.source as RecordSource })),
    components: (
      await rows
        .select(['component', count.as('count')])
        .where('component', 'is not', null)
        .groupBy('component')
        .orderBy('count', 'desc')
        .orderBy('component')
        .limit(COMPONENTS_AT_MOST)
        .execute()
    ).map((row) => ({ ...row, component: row.component! })),
    ratings: { count: ratings, average, low },
    levels,
    dueTo,
    months,
  };
}

const instantOf = (day: Day) => new Date(startOfDay(day)).toISOString();

/** The months a span touches, each cut to it. */
export function monthsOf(from: Day, to: Day): { from: Day; to: Day }[] {
  const months = [];
  for (let first = from; first <= to;) {
    const next = beijingDate(startOfDay(`${first.slice(0, 7)}-28`) + 4 * 86_400_000).slice(0, 7);
    const last = beijingDate(startOfDay(`${next}-01`) - 86_400_000);
    months.push({ from: first, to: last < to ? last : to });
    first = `${next}-01`;
  }
  return months;
}
