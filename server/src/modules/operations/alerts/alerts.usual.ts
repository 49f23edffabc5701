import type { Tx } from '#server/platform/db/db.ts';
import { gridAt, HOUR_MS, SPAN_MS } from '../series/series.rules.ts';
import { readSeries } from '../series/series.views.ts';
import type { Usual } from './alerts.engine.ts';

const WEEK_MS = 7 * 24 * HOUR_MS;
const WEEKS = [1, 2, 3, 4];
/** With fewer spans of five minutes than this nothing is usual yet: two weeks' hours. */
const SPANS_AT_LEAST = 24;

/** What was usual of series an hour around this instant in each of the last four weeks: the mean and the deviation of its five minutes. */
export async function usualOf(tx: Tx, ids: readonly number[], atMs: number): Promise<Map<number, Usual>> {
  if (ids.length === 0) return new Map();
  const means = new Map<number, number[]>();
  for (const week of WEEKS) {
    const middleMs = atMs - week * WEEK_MS;
    const fromMs = gridAt(middleMs - HOUR_MS / 2, SPAN_MS);
    for (const span of await readSeries(tx, ids, fromMs, fromMs + HOUR_MS, SPAN_MS)) {
      const known = means.get(span.series);
      const mean = span.sum / span.count;
      if (known) known.push(mean);
      else means.set(span.series, [mean]);
    }
  }
  return new Map(
    [...means]
      .filter(([, values]) => values.length >= SPANS_AT_LEAST)
      .map(([id, values]) => {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
        return [id, { mean, deviation: Math.sqrt(variance) }];
      }),
  );
}
