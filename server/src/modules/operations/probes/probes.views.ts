import type { ProbeKind, ProbePage, ProbeView } from '#contracts/operations/probes.api.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { DAY_MS, gathered, gridAt, labelsOf, SPAN_MS } from '../series/series.rules.ts';
import { readSeries } from '../series/series.views.ts';

const HALF_HOUR_MS = 1_800_000;
const TURNS_AT_MOST = 100;

/** A target as it is shown: a connection may carry a password. */
export const shownTarget = (target: string) => target.replace(/:\/\/([^:@/]+):[^@/]+@/, '://$1:…@');

/** The probes by their keys, each with its last try and its last day. */
export async function probesOf(tx: Tx, nowMs: number, id?: string): Promise<ProbeView[]> {
  const rows = await tx
    .selectFrom('operations.probe as p')
    .leftJoin('operations.probe_result as r', 'r.probe_id', 'p.id')
    .selectAll('p')
    .select(['r.at', 'r.good', 'r.took_ms', 'r.note'])
    .$if(id !== undefined, (query) => query.where('p.id', '=', id!))
    .orderBy('p.key')
    .execute();
  const days = await lastDays(tx, nowMs);
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    name: row.name,
    kind: row.kind as ProbeKind,
    target: shownTarget(row.target),
    expects: row.expects,
    everySeconds: row.every_seconds,
    timeoutMs: row.timeout_ms,
    component: row.component,
    enabled: row.enabled,
    changedBy: row.changed_by,
    last: row.at ? { at: row.at.toISOString(), good: row.good!, tookMs: row.took_ms!, note: row.note! } : null,
    share: days.get(row.key)?.share ?? null,
    tookMs: days.get(row.key)?.tookMs ?? [],
  }));
}

/** A probe with its turns from good to bad and back, the newest first, and the series it tells; null where there is none. */
export async function probePage(tx: Tx, nowMs: number, id: string): Promise<ProbePage | null> {
  const [probe] = await probesOf(tx, nowMs, id);
  if (!probe) return null;
  const turns = await tx
    .selectFrom('operations.probe_turn')
    .select(['at', 'good', 'took_ms', 'note'])
    .where('probe_id', '=', id)
    .orderBy('at', 'desc')
    .limit(TURNS_AT_MOST)
    .execute();
  const series = (await probeSeries(tx)).filter((one) => one.probe === probe.key);
  return {
    ...probe,
    turns: turns.map((turn) => ({ at: turn.at.toISOString(), good: turn.good, tookMs: turn.took_ms, note: turn.note })),
    series: series.map(({ id: one, name }) => ({ id: one, name })),
  };
}

/** The series that probes tell, also of a former component. */
async function probeSeries(tx: Tx): Promise<{ id: number; name: string; probe: string }[]> {
  const rows = await tx
    .selectFrom('operations.series')
    .select(['id', 'name', 'labels'])
    .where('name', 'in', ['probe_success', 'probe_duration_seconds'])
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ id: row.id, name: row.name, probe: labelsOf(row.labels)['probe'] ?? '' }));
}

interface Day {
  /** Of the tries of the last day: how many were good. */
  readonly share: number;
  /** How long it took, by half-hours, the oldest first; null where nothing was told. */
  readonly tookMs: (number | null)[];
}

async function lastDays(tx: Tx, nowMs: number): Promise<Map<string, Day>> {
  const series = await probeSeries(tx);
  const fromMs = gridAt(nowMs - DAY_MS, HALF_HOUR_MS) + HALF_HOUR_MS;
  if (series.length === 0) return new Map();
  const spans = Map.groupBy(
    gathered(
      await readSeries(
        tx,
        series.map(({ id }) => id),
        fromMs,
        nowMs,
        SPAN_MS,
      ),
      HALF_HOUR_MS,
    ),
    (span) => span.series,
  );
  const byProbe = Map.groupBy(series, ({ probe }) => probe);
  return new Map(
    [...byProbe].flatMap(([probe, all]): [string, Day][] => {
      const of = (name: string) => all.filter((one) => one.name === name).flatMap(({ id }) => spans.get(id) ?? []);
      const tries = of('probe_success');
      const count = tries.reduce((sum, span) => sum + span.count, 0);
      if (count === 0) return [];
      const took = new Map(of('probe_duration_seconds').map((span) => [span.fromMs, Math.round((span.sum / span.count) * 1000)]));
      const places = Math.ceil((nowMs - fromMs) / HALF_HOUR_MS);
      return [
        [
          probe,
          {
            share: tries.reduce((sum, span) => sum + span.sum, 0) / count,
            tookMs: Array.from({ length: places }, (_, place) => took.get(fromMs + place * HALF_HOUR_MS) ?? null),
          },
        ],
      ];
    }),
  );
}
