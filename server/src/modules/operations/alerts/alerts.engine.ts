import type { AlertRule, Matcher } from '#contracts/operations/alerts.api.ts';
import { increase, STEP_MS, type Labels } from '../series/series.rules.ts';
import { initialState, turn, type AlertState, type Turn } from './alerts.rules.ts';

/** A series as rules see it. */
export interface Watched {
  readonly id: number;
  readonly name: string;
  readonly labels: Labels;
}

/** What is usual for a series in this hour of the week. */
export interface Usual {
  readonly mean: number;
  readonly deviation: number;
}

/** One instant of the grid. */
export interface Instant {
  readonly atMs: number;
  /** What a series told at it; NaN where it told nothing. */
  readingOf(series: number): number;
  usualOf(series: number): Usual | null;
}

/** An alert that opened or ended at an instant, with what the rule compared. */
export interface Change {
  readonly rule: AlertRule;
  /** None where the rule watches for a metric of which no series is known. */
  readonly series: Watched | null;
  readonly turn: Exclude<Turn, null>;
  readonly value: number;
  readonly atMs: number;
}

/** One rule on one series. */
interface Lane {
  readonly rule: AlertRule;
  readonly series: Watched | null;
  state: AlertState;
  /** The readings a rate is made of, the newest last. */
  readonly window: number[];
}

const laneKey = (rule: AlertRule, series: Watched | null) => `${rule.key}/${series?.id ?? ''}`;

export interface Engine {
  /** Takes rules and series as they are from now on; what goes on being watched keeps its state. */
  watch(rules: readonly AlertRule[], series: readonly Watched[], nowMs: number): void;
  /** Says that an alert is open, as it stands in the database: at the start of a node. */
  restore(rule: string, series: number | null, openedMs: number): void;
  /** Judges one instant; instants come in their order. */
  judge(instant: Instant): Change[];
}

/** Judges readings by rules, in memory; the same readings in the same order give the same alerts. */
export function createEngine(): Engine {
  let lanes = new Map<string, Lane>();
  return {
    watch(rules, series, nowMs) {
      const byName = Map.groupBy(series, ({ name }) => name);
      const next = new Map<string, Lane>();
      for (const rule of rules) {
        const fits = matching(rule.matchers);
        const found: (Watched | null)[] = (byName.get(rule.metric) ?? []).filter(({ labels }) => fits(labels));
        if (found.length === 0 && rule.judgement.kind === 'absence') found.push(null);
        for (const one of found) {
          const key = laneKey(rule, one);
          const before = lanes.get(key);
          next.set(key, { rule, series: one, state: before?.state ?? initialState(nowMs), window: before?.window ?? [] });
        }
      }
      lanes = next;
    },
    restore(rule, series, openedMs) {
      const lane = lanes.get(`${rule}/${series ?? ''}`);
      if (lane) lane.state = { ...lane.state, phase: 'firing', sinceMs: openedMs, opened: [openedMs] };
    },
    judge(instant) {
      const changes: Change[] = [];
      for (const lane of lanes.values()) {
        const value = compared(lane, instant);
        const after = turn(lane.rule, lane.state, value, instant.atMs);
        lane.state = after.state;
        if (after.turn) changes.push({ rule: lane.rule, series: lane.series, turn: after.turn, value, atMs: instant.atMs });
      }
      return changes;
    },
  };
}

/** What a rule compares at an instant. */
function compared({ rule: { judgement }, series, window }: Lane, { readingOf, usualOf }: Instant): number {
  if (series === null) return NaN;
  const reading = readingOf(series.id);
  if (judgement.kind === 'baseline') {
    const usual = usualOf(series.id);
    // What never varied has no deviation to be measured in; one thousandth of it stands in.
    return usual === null ? NaN : (reading - usual.mean) / Math.max(usual.deviation, Math.abs(usual.mean) / 1000, Number.EPSILON);
  }
  if (judgement.kind !== 'rate') return reading;
  window.push(reading);
  const places = judgement.overSeconds / (STEP_MS / 1000) + 1;
  if (window.length > places) window.splice(0, window.length - places);
  return window.length < places ? NaN : increase(window) / judgement.overSeconds;
}

/** Whether labels fit all matchers; a missing label counts as empty, and patterns match the whole value, as in Prometheus. */
export function matching(matchers: readonly Matcher[]): (labels: Labels) => boolean {
  const tests = matchers.map(({ label, op, value }) => {
    const pattern = op === '=~' || op === '!~' ? new RegExp(`^(?:${value})$`) : null;
    return (labels: Labels) => {
      const told = labels[label] ?? '';
      const isEqual = pattern ? pattern.test(told) : told === value;
      return op === '=' || op === '=~' ? isEqual : !isEqual;
    };
  });
  return (labels) => tests.every((test) => test(labels));
}
