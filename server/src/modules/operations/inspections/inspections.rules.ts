import type { Words } from '#contracts/base/text.ts';
import type { Evidence, InspectionObject, Outcome, UnitOfValue, Verdict } from '#contracts/operations/inspections.api.ts';

/** How deep an inspection goes; each depth asks for what those before it ask for. */
export const DEPTHS = ['auto', 'daily', 'weekly', 'monthly', 'quarterly'] as const;
export type Depth = (typeof DEPTHS)[number];

/** One thing that can be looked at, as `server/db/reference/inspections.json` describes it. */
export interface Check {
  readonly code: string;
  readonly object: InspectionObject;
  readonly depth: Depth;
  readonly kind: 'automatic' | 'manual';
  readonly name: Words;
  readonly advice: Words;
  readonly unit?: UnitOfValue;
  /** A value is bad below its thresholds, not above. */
  readonly below?: true;
  readonly yellow?: number;
  readonly red?: number;
  /** What a person looks at, or why nobody but a person can. */
  readonly how?: Words;
  /** Further bounds of its own, such as the size below which a table is not judged. */
  readonly bounds?: Readonly<Record<string, number>>;
  /** What it weighs in the score; 1 where nothing is said. */
  readonly weight?: number;
}

/** A bound of a check. One that is missing would let everything pass, so it is a fault of the standard. */
export function boundOf(bounds: Check['bounds'], name: string): number {
  const bound = bounds?.[name];
  if (bound === undefined) throw new Error(`The standard of inspections names no bound ${name}`);
  return bound;
}

/** One row that a check read; `measure` is what it is judged by, null where there is nothing to judge. */
export interface CheckRow {
  readonly what: string;
  readonly measure: number | null;
  readonly [figure: string]: number | string | null;
}

/** What a check read, or why it could not. */
export interface Readout {
  readonly rows: readonly CheckRow[];
  readonly notes: readonly Words[];
  readonly unreadable?: true;
}

export interface Judged {
  readonly outcome: Exclude<Outcome, 'open' | 'not-applicable'>;
  readonly value: number | null;
  readonly evidence: Evidence;
}

export interface Thresholds {
  readonly yellow: number | null;
  readonly red: number | null;
  readonly below: boolean;
}

/** Rows that stand in the evidence: all that are bad up to the first number, filled up with the next ones to the second. */
const BAD_ROWS = 20;
const ROWS = 5;

/** What one value comes to. */
export function outcomeOf(value: number | null, { yellow, red, below }: Thresholds): 'ok' | 'yellow' | 'red' {
  const reaches = (bound: number | null) => value !== null && bound !== null && (below ? value < bound : value >= bound);
  return reaches(red) ? 'red' : reaches(yellow) ? 'yellow' : 'ok';
}

/** Judges a readout by its worst row, and keeps the rows that say why. A check that reads nothing bad is ok; one that cannot read is not. */
export function judge(readout: Readout, thresholds: Thresholds): Judged {
  if (readout.unreadable) return { outcome: 'unreadable', value: null, evidence: { rows: [], more: 0, notes: [...readout.notes] } };
  const worstFirst = readout.rows.toSorted((a, b) => {
    if (a.measure === null || b.measure === null) return (a.measure === null ? 1 : 0) - (b.measure === null ? 1 : 0);
    return thresholds.below ? a.measure - b.measure : b.measure - a.measure;
  });
  const bad = worstFirst.filter((row) => outcomeOf(row.measure, thresholds) !== 'ok').length;
  const shown = worstFirst.slice(0, Math.max(ROWS, Math.min(bad, BAD_ROWS)));
  const value = worstFirst[0]?.measure ?? null;
  return {
    outcome: outcomeOf(value, thresholds),
    value,
    evidence: {
      rows: shown.map(({ what, measure, ...figures }) => ({
        what,
        measure,
        figures: Object.fromEntries(Object.entries(figures).filter((entry): entry is [string, number | string] => entry[1] !== null)),
      })),
      more: worstFirst.length - shown.length,
      notes: [...readout.notes],
    },
  };
}

/** What was read at an earlier instant by the same check. */
export interface Sample {
  readonly atMs: number;
  readonly rows: readonly CheckRow[];
}

export interface Since {
  readonly before: Sample | null;
  readonly nowMs: number;
  readonly overMs: number;
}

/**
 * The earlier reading that a change is judged against: the latest that is at least `overMs` old, else the oldest there is.
 * `samples` stand in the order of time.
 */
export function sampleFor(samples: readonly Sample[], nowMs: number, overMs: number): Sample | null {
  return samples.findLast((sample) => sample.atMs <= nowMs - overMs) ?? samples[0] ?? null;
}

/** By how much a counter rose since, for the length of time the thresholds speak of; null where it was not read before. */
export function riseOf(row: CheckRow, figure: string, { before, nowMs, overMs }: Since): number | null {
  if (!before) return null;
  const now = Number(row[figure] ?? 0);
  const then = Number(before.rows.find((one) => one.what === row.what)?.[figure] ?? 0);
  // A counter that is less than it was began again.
  const rise = now >= then ? now - then : now;
  return rise * Math.min(1, overMs / Math.max(1, nowMs - before.atMs));
}

/** What a check's outcome takes from a hundred. */
const TAKES = { yellow: 3, red: 10 } as const;

/**
 * The score of an inspection: a hundred, less 3 for each yellow and 10 for each red item, times the item's weight, never below
 * nought. What could not be read or does not apply takes nothing and is told beside the score; null while items are open or
 * where nothing was judged.
 */
export function scoreOf(items: readonly { readonly outcome: Outcome; readonly weight: number }[]): number | null {
  if (items.some((item) => item.outcome === 'open')) return null;
  const judged = items.filter((item) => item.outcome !== 'unreadable' && item.outcome !== 'not-applicable');
  if (judged.length === 0) return null;
  const taken = judged.reduce(
    (sum, { outcome, weight }) => sum + (outcome === 'red' || outcome === 'yellow' ? TAKES[outcome] * weight : 0),
    0,
  );
  return Math.max(0, 100 - taken);
}

/** What a person's verdict comes to: abnormal is as bad as the item says it is. */
export function outcomeOfVerdict(verdict: Verdict, check: Pick<Check, 'red'>): 'ok' | 'yellow' | 'red' | 'not-applicable' {
  return verdict === 'abnormal' ? (check.red === undefined ? 'yellow' : 'red') : verdict;
}

export const isBad = (outcome: Outcome): outcome is 'yellow' | 'red' => outcome === 'yellow' || outcome === 'red';
