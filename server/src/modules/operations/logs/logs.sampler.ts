import { LEVEL_NAMES, parseQuery, type Clause } from '#contracts/operations/logs.query.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { gridAt, STEP_MS } from '../series/series.rules.ts';
import type { Reading } from '../series/series.service.ts';
import { logSources } from './patterns.views.ts';
import { countFound, countLevels } from './search.views.ts';

/** Lines come to the database some seconds after they were written; what is counted ends before those still on their way. */
const WAY_MS = STEP_MS;
const MINUTE_MS = 60_000;

/**
 * What the log tells the alerts: lines of each level in fifteen seconds, lines a minute of each watched search, and how long each
 * source has been silent.
 */
export async function readLogs(tx: Tx, nowMs: number): Promise<Reading[]> {
  const toMs = gridAt(nowMs) - WAY_MS;
  const gauge = (name: string, labels: Record<string, string>, value: number): Reading => ({ name, labels, kind: 'gauge', value });
  const levels = await countLevels(tx, toMs - STEP_MS, toMs);
  const readings = LEVEL_NAMES.map((level) => gauge('minsheng_log_lines', { level }, levels.get(level) ?? 0));
  for (const { name, query } of await tx
    .selectFrom('operations.log_search')
    .select(['name', 'query'])
    .where('watched', '=', true)
    .execute()) {
    const clauses = parseQuery(query);
    // It was read when it was saved.
    if ('what' in clauses) continue;
    const lines = await countFound(tx, { clauses: clauses as readonly Clause[], fromMs: toMs - MINUTE_MS, toMs });
    readings.push(gauge('minsheng_log_lines', { watch: name }, lines));
  }
  for (const { name, silentSeconds } of await logSources(tx, nowMs))
    readings.push(gauge('minsheng_log_silence_seconds', { source: name }, silentSeconds));
  return readings;
}
