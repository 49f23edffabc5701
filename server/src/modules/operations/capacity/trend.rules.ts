const DAY_MS = 86_400_000;

/** A value at an instant. */
export interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** How a value moves: by so much a day, at the least and at the most with 90 % confidence, and where the line stands at an instant. */
export interface Trend {
  readonly perDay: number;
  readonly leastPerDay: number;
  readonly mostPerDay: number;
  valueAt(ms: number): number;
}

/** More points than this are thinned out: the slopes of all pairs grow with their square. */
const POINTS_AT_MOST = 200;
/** The two-sided normal quantile of 90 %. */
const Z = 1.645;

function quantile(sorted: readonly number[], place: number): number {
  const at = Math.min(Math.max(place, 0), sorted.length - 1);
  const [low, high] = [Math.floor(at), Math.ceil(at)];
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low);
}
const median = (values: readonly number[]) =>
  quantile(
    values.toSorted((a, b) => a - b),
    (values.length - 1) / 2,
  );

/**
 * The line of Theil and Sen: the median of the slopes of all pairs, which a third of wild readings does not move; its interval by Sen (1968).
 * Null for less than three points, or all at one instant.
 */
export function trendOf(points: readonly Point[]): Trend | null {
  const every = Math.ceil(points.length / POINTS_AT_MOST);
  // The newest point stays: the line is read on from there.
  const kept = points.filter((_, place) => (points.length - 1 - place) % every === 0);
  const slopes: number[] = [];
  for (const [place, a] of kept.entries())
    for (const b of kept.slice(place + 1)) if (b.atMs !== a.atMs) slopes.push(((b.value - a.value) / (b.atMs - a.atMs)) * DAY_MS);
  if (kept.length < 3 || slopes.length === 0) return null;
  slopes.sort((a, b) => a - b);
  const n = kept.length;
  const spread = (Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)) / 2;
  const middle = (slopes.length - 1) / 2;
  const perDay = quantile(slopes, middle);
  const intercept = median(kept.map(({ atMs, value }) => value - (perDay * atMs) / DAY_MS));
  return {
    perDay,
    leastPerDay: quantile(slopes, middle - spread),
    mostPerDay: quantile(slopes, middle + spread),
    valueAt: (ms) => intercept + (perDay * ms) / DAY_MS,
  };
}

/** When a resource runs out, or why that cannot be said. */
export type Forecast =
  | { readonly state: 'few' | 'flat' | 'far'; readonly perDay: number | null }
  | { readonly state: 'out'; readonly perDay: number | null }
  /** `latestMs` is null where the slowest growth of the interval never gets there. */
  | {
      readonly state: 'foreseen';
      readonly perDay: number;
      readonly outMs: number;
      readonly earliestMs: number;
      readonly latestMs: number | null;
    };

/** Less than this says nothing of days. */
const LEAST_SPAN_MS = 3 * DAY_MS;
const LEAST_POINTS = 24;
/** A line is not read on further than so many times what was seen of it. */
const REACH = 10;

/** The forecast of a value that must stay below its limit, from hourly points in the order of time. */
export function forecastOf(points: readonly Point[], limit: number, nowMs: number): Forecast {
  const [first, last] = [points[0], points.at(-1)];
  if (last && last.value >= limit) return { state: 'out', perDay: trendOf(points)?.perDay ?? null };
  if (!first || !last || points.length < LEAST_POINTS || last.atMs - first.atMs < LEAST_SPAN_MS) return { state: 'few', perDay: null };
  const trend = trendOf(points);
  if (trend === null) return { state: 'few', perDay: null };
  // Where it may as well not grow at all, a day would be made up.
  if (trend.leastPerDay <= 0 || trend.perDay <= limit * 1e-6) return { state: 'flat', perDay: trend.perDay };
  // From where the line stands, or the last reading where that is higher: what was used suddenly is gone.
  const left = limit - Math.min(Math.max(trend.valueAt(nowMs), last.value), limit);
  const at = (perDay: number) => nowMs + (left / perDay) * DAY_MS;
  const outMs = at(trend.perDay);
  if (outMs - nowMs > REACH * (last.atMs - first.atMs)) return { state: 'far', perDay: trend.perDay };
  return { state: 'foreseen', perDay: trend.perDay, outMs, earliestMs: at(trend.mostPerDay), latestMs: at(trend.leastPerDay) };
}

/** What was used of a resource over the days that were seen, as parts of its limit. */
export interface Use {
  readonly greatest: number;
  readonly usual: number;
  readonly days: number;
}

export function useOf(points: readonly Point[], limit: number): Use | null {
  if (points.length < LEAST_POINTS) return null;
  const values = points.map(({ value }) => value / limit).toSorted((a, b) => a - b);
  return {
    greatest: values.at(-1)!,
    usual: quantile(values, (values.length - 1) / 2),
    days: (points.at(-1)!.atMs - points[0]!.atMs) / DAY_MS,
  };
}

/** A resource whose highest hour stays below this part of its limit, for a week, is more than is needed. */
const IDLE_BELOW = 0.3;
const SHORT_DAYS = 30;
/** What is usually used to this part, over a day at least, is short although it does not grow. */
const BUSY_FROM = 0.85;

/** Whether a resource is short or idle; null where neither can be said. */
export function adviceOf(forecast: Forecast, use: Use | null, nowMs: number): 'short' | 'idle' | null {
  if (forecast.state === 'out' || (forecast.state === 'foreseen' && forecast.outMs - nowMs < SHORT_DAYS * DAY_MS)) return 'short';
  if (use !== null && use.days >= 0.9 && use.usual >= BUSY_FROM) return 'short';
  return use !== null && use.days >= 7 && use.greatest < IDLE_BELOW && (forecast.state === 'flat' || forecast.state === 'far')
    ? 'idle'
    : null;
}
