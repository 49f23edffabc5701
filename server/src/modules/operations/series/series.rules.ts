/** Series are sampled on a grid: the instants that are whole multiples of 15 s. */
export const STEP_MS = 15_000;
/** A span of raw readings: five minutes, twenty readings. */
export const SPAN_MS = 300_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
/** How long readings are kept one by one, and condensed to five minutes: `platform.span_partitioned` drops what is older. */
export const RAW_KEPT_MS = 7 * DAY_MS;
export const HOURS_KEPT_MS = 90 * DAY_MS;

/** The last instant of the grid that is not later. */
export function gridAt(ms: number, stepMs = STEP_MS): number {
  return Math.floor(ms / stepMs) * stepMs;
}

/** What is left of a span's readings when they are forgotten. A span without any has count 0 and NaN for the rest. */
export interface Condensed {
  readonly count: number;
  readonly least: number;
  readonly greatest: number;
  readonly sum: number;
  readonly last: number;
}

const NOTHING: Condensed = { count: 0, least: NaN, greatest: NaN, sum: NaN, last: NaN };

/** Condenses readings in their order; NaN stands where there was none. */
export function condense(readings: readonly number[]): Condensed {
  return merge(
    readings.map((value) => (Number.isNaN(value) ? NOTHING : { count: 1, least: value, greatest: value, sum: value, last: value })),
  );
}

/** Condenses spans that follow one another, as if their readings had been condensed together. */
export function merge(spans: readonly Condensed[]): Condensed {
  const told = spans.filter((span) => span.count > 0);
  if (told.length === 0) return NOTHING;
  return {
    count: told.reduce((sum, span) => sum + span.count, 0),
    least: Math.min(...told.map((span) => span.least)),
    greatest: Math.max(...told.map((span) => span.greatest)),
    sum: told.reduce((sum, span) => sum + span.sum, 0),
    last: told.at(-1)!.last,
  };
}

/** What is left of a series' readings over the span that begins at `fromMs`. */
export interface CondensedSpan extends Condensed {
  readonly series: number;
  readonly fromMs: number;
}

/** Spans that follow one another, condensed to spans of `spanMs`; they stand in the order of time within a series. */
export function gathered(spans: readonly CondensedSpan[], spanMs: number): CondensedSpan[] {
  const groups = Map.groupBy(
    spans.toSorted((a, b) => a.fromMs - b.fromMs),
    (span) => `${span.series}/${gridAt(span.fromMs, spanMs)}`,
  );
  return [...groups.values()].map((group) => ({ series: group[0]!.series, fromMs: gridAt(group[0]!.fromMs, spanMs), ...merge(group) }));
}

/**
 * By how much a counter rose over readings that follow one another; what it shows after it began again counts whole.
 * NaN where fewer than two readings are told.
 */
export function increase(readings: readonly number[]): number {
  let before = NaN;
  let sum = 0;
  let told = 0;
  for (const value of readings) {
    if (Number.isNaN(value)) continue;
    if (told++ > 0) sum += value >= before ? value - before : value;
    before = value;
  }
  return told < 2 ? NaN : sum;
}

export type Labels = Readonly<Record<string, string>>;

/** Labels as they are kept and shown, sorted and quoted as in the exposition format of Prometheus: `a="1",b="x\"y"`. */
export function labelText(labels: Labels): string {
  return Object.keys(labels)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((name) => `${name}="${labels[name]!.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`)
    .join(',');
}

/** The labels of a text that {@link labelText} gave. */
export function labelsOf(text: string): Labels {
  const labels: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/([A-Za-z_][A-Za-z0-9_]*)="((?:[^"\\]|\\.)*)"/g))
    labels[name!] = value!.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  return labels;
}
