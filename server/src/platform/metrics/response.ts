import { RESPONSE_TARGETS } from '#contracts/base/load.ts';
import { sql } from 'kysely';
import { RESPONSE_BOUNDS, type ResponseFigure } from '#contracts/load/load.api.ts';
import type { LoadClass } from '#contracts/base/route.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { SYSTEM, type Db, type Tx } from '../db/db.ts';
import { quantile, spanOf } from './response.rules.ts';

/** An answer, as it is counted. */
export interface Answered {
  readonly kind: LoadClass;
  readonly route: string;
  readonly region: string;
  readonly ms: number;
  readonly failed: boolean;
}

interface Sum {
  readonly hour: Date;
  readonly region: string;
  readonly kind: LoadClass;
  readonly route: string;
  readonly counts: number[];
  failed: number;
  sumMs: number;
  maxMs: number;
}

export interface ResponseFigures {
  add(answered: Answered): void;
  /** Writes what was counted since the last time, added to what the other nodes have. */
  flush(): Promise<void>;
}

const HOUR_MS = 3_600_000;

/** The response figures of a node: added up in memory, so that measuring costs no answer anything. */
export function createResponseFigures({ db, clock }: { db: Db; clock: Clock }): ResponseFigures {
  let sums = new Map<string, Sum>();
  const sumFor = (hourMs: number, facts: Pick<Sum, 'region' | 'kind' | 'route'>): Sum => {
    const key = `${hourMs}/${facts.region}/${facts.kind}/${facts.route}`;
    let sum = sums.get(key);
    if (!sum) {
      sum = {
        ...facts,
        hour: new Date(hourMs),
        counts: Array.from({ length: RESPONSE_BOUNDS.length + 1 }, () => 0),
        failed: 0,
        sumMs: 0,
        maxMs: 0,
      };
      sums.set(key, sum);
    }
    return sum;
  };
  return {
    add({ kind, route, region, ms, failed }) {
      const sum = sumFor(Math.floor(clock.nowMs() / HOUR_MS) * HOUR_MS, { region, kind, route });
      sum.counts[spanOf(ms)]!++;
      sum.sumMs += ms;
      sum.maxMs = Math.max(sum.maxMs, ms);
      if (failed) sum.failed++;
    },
    async flush() {
      if (sums.size === 0) return;
      const taken = sums;
      sums = new Map();
      try {
        // One after the other in one order: two nodes that add to the same rows must not wait for each other crosswise.
        const rows = [...taken.keys()].toSorted().map((key) => taken.get(key)!);
        await db.transact(SYSTEM, (tx) => addUp(tx, rows));
      } catch (error) {
        for (const lost of taken.values()) {
          const sum = sumFor(lost.hour.getTime(), lost);
          for (const [span, count] of lost.counts.entries()) sum.counts[span]! += count;
          sum.failed += lost.failed;
          sum.sumMs += lost.sumMs;
          sum.maxMs = Math.max(sum.maxMs, lost.maxMs);
        }
        throw error;
      }
    },
  };
}

async function addUp(tx: Tx, rows: readonly Sum[]): Promise<void> {
  await tx
    .insertInto('platform.response_figure')
    .values(
      rows.map(({ hour, region, kind, route, counts, failed, sumMs, maxMs }) => ({
        hour,
        region,
        kind,
        route,
        counts,
        failed,
        sum_ms: sumMs,
        max_ms: maxMs,
      })),
    )
    .onConflict((oc) =>
      oc.columns(['hour', 'region', 'kind', 'route']).doUpdateSet({
        counts: sql`array(select coalesce(a, 0) + coalesce(b, 0) from unnest(response_figure.counts, excluded.counts) with ordinality as u(a, b, i) order by i)`,
        failed: sql`response_figure.failed + excluded.failed`,
        sum_ms: sql`response_figure.sum_ms + excluded.sum_ms`,
        max_ms: sql`greatest(response_figure.max_ms, excluded.max_ms)`,
      }),
    )
    .execute();
}

export interface ResponseFilter {
  readonly by: 'hour' | 'city' | 'route';
  readonly from: Date;
  readonly to: Date;
  readonly region?: string | undefined;
  readonly kind?: LoadClass | undefined;
}

const KEY = {
  hour: sql<string>`to_char(f.hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
  city: sql<string>`f.region`,
  route: sql<string>`f.route`,
} as const;

/** How long answers took, by hour, city or endpoint, as far as the scope sees cities. Walks the primary key. */
export async function responseFigures(tx: Tx, { by, from, to, region, kind }: ResponseFilter): Promise<ResponseFigure[]> {
  const { rows } = await sql<{ key: string; kind: LoadClass; counts: number[]; failed: number; sumMs: number; maxMs: number }>`
    with chosen as (
      select ${KEY[by]} as key, f.kind, f.counts, f.failed, f.sum_ms, f.max_ms from platform.response_figure f
      where f.hour >= ${from} and f.hour < ${to}
        ${region === undefined ? sql`` : sql`and f.region = ${region}`}
        ${kind === undefined ? sql`` : sql`and f.kind = ${kind}`}
    ), spans as (
      select key, kind, i, sum(n) as n from chosen, unnest(counts) with ordinality u(n, i) group by key, kind, i
    )
    select c.key, c.kind, sum(c.failed) as failed, sum(c.sum_ms) as "sumMs", max(c.max_ms) as "maxMs",
      (select array_agg(s.n::integer order by s.i) from spans s where s.key = c.key and s.kind = c.kind) as counts
    from chosen c group by c.key, c.kind order by c.key, c.kind`.execute(tx);
  return rows.map((row) => {
    const count = row.counts.reduce((sum, each) => sum + each, 0);
    const at = (share: number) => round(quantile(row.counts, share, row.maxMs));
    return {
      key: row.key,
      kind: row.kind,
      count,
      failed: row.failed,
      meanMs: round(row.sumMs / count),
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      p99Ms: at(0.99),
      maxMs: round(row.maxMs),
    };
  });
}

/** Answers of a class on a day of Beijing: how many, how many failed, how many came after the target of their class. */
export interface DayAnswers {
  readonly day: string;
  readonly kind: LoadClass;
  readonly count: number;
  readonly failed: number;
  /** Exact where the target is a bound of the spans; else of the spans that lie after it altogether. */
  readonly late: number;
}

/** What was answered in [from, to), day by day. */
export async function answersByDay(tx: Tx, from: Date, to: Date): Promise<DayAnswers[]> {
  // Spans are counted from one in PostgreSQL; the first that lies after the target is the one behind its bound.
  const after = JSON.stringify(
    Object.fromEntries(Object.entries(RESPONSE_TARGETS).map(([kind, ms]) => [kind, RESPONSE_BOUNDS.findIndex((bound) => bound >= ms) + 1])),
  );
  const { rows } = await sql<DayAnswers>`
    select to_char(f.hour at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, f.kind, sum(u.count)::integer as count,
      sum(f.failed)::integer as failed, sum(u.late)::integer as late
    from platform.response_figure f,
      lateral (select sum(n) as count, coalesce(sum(n) filter (where i > (${after}::jsonb ->> f.kind)::integer), 0) as late
        from unnest(f.counts) with ordinality c(n, i)) u
    where f.hour >= ${from} and f.hour < ${to} group by 1, 2 order by 1, 2`.execute(tx);
  return rows;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
