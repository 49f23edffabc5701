import { RESPONSE_BOUNDS } from '#contracts/load/load.api.ts';

/** The span a time falls into: the first whose bound it does not exceed, or the last, which has none. */
export function spanOf(ms: number): number {
  const found = RESPONSE_BOUNDS.findIndex((bound) => ms <= bound);
  return found < 0 ? RESPONSE_BOUNDS.length : found;
}

/**
 * The time that a share of the answers stayed within, between the bounds of its span as if they lay evenly there; never
 * more than the longest that was measured.
 */
export function quantile(counts: readonly number[], share: number, maxMs: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  let before = 0;
  for (const [span, count] of counts.entries()) {
    if (count > 0 && before + count >= total * share) {
      const from = span === 0 ? 0 : RESPONSE_BOUNDS[span - 1]!;
      const to = Math.min(maxMs, RESPONSE_BOUNDS[span] ?? maxMs);
      return Math.max(0, from + (to - from) * ((total * share - before) / count));
    }
    before += count;
  }
  return maxMs;
}

/** The city of a region or unit code: both begin with its four digits. */
export function cityOf(code: string | null | undefined): string {
  return code && /^32\d\d/.test(code) ? `${code.slice(0, 4)}00` : '';
}
