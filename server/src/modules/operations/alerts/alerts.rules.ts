import {
  NOISE_GOAL,
  type AlertLevel,
  type AlertRule,
  type Judgement,
  type NoiseAdvice,
  type NoiseLine,
} from '#contracts/operations/alerts.api.ts';

/** A source has this long to keep what it read at an instant before that is judged; the judge rests between two looks. */
export const GRACE_MS = 3000;
export const REST_MS = 1000;

/** By when an alert is to be acknowledged, in minutes (DOMAIN §5.5). */
export const ACK_MINUTES: Readonly<Record<AlertLevel, number | null>> = { P1: 5, P2: 15, P3: 60, P4: null };
/** Alerts of these levels open a fault by themselves. */
export const FAULT_LEVELS: Readonly<Partial<Record<AlertLevel, number>>> = { P1: 1, P2: 2 };

/** Where a message went, without the number or the name in front of the mail server: `139****1234`, `y***@minsheng.test`. */
export function maskTarget(channel: string, target: string): string {
  if (target.startsWith('line:')) return target;
  if (channel === 'sms') return target.length < 8 ? '****' : `${target.slice(0, -8)}****${target.slice(-4)}`;
  if (channel === 'mail') return target.replace(/^(.)[^@]*/, '$1***');
  // The path of a hook is often its password.
  return URL.canParse(target) ? `${new URL(target).origin}/…` : '…';
}

/** How one rule stands with one series. */
export interface AlertState {
  /** `pending`: bad, but not yet for as long as the rule asks. */
  readonly phase: 'ok' | 'pending' | 'firing';
  /** When this phase began. */
  readonly sinceMs: number;
  /** Since when every reading has been good while it fires, and how many there were. */
  readonly goodSinceMs: number;
  readonly good: number;
  /** When anything was last read. */
  readonly readMs: number;
  /** When it last opened, the newest last; no more than {@link FLAPS}. */
  readonly opened: readonly number[];
}

/** What one reading changed. */
export type Turn = 'opened' | 'ended' | null;

/** An alert ends after so many good readings in a row (DOMAIN §5.5). */
export const GOOD_READINGS = 3;
/** An alert that opens so often within the hour flaps: it stays open until it was good for a quarter of an hour. */
export const FLAPS = 5;
const FLAP_MS = 3_600_000;
const QUIET_MS = 900_000;
/** A series that tells nothing for so long can neither be bad nor good; what it last said no longer counts. */
export const SILENT_MS = 300_000;

export function initialState(nowMs: number): AlertState {
  return { phase: 'ok', sinceMs: nowMs, goodSinceMs: nowMs, good: 0, readMs: nowMs, opened: [] };
}

/** Whether the rule's alert on this series flaps: it opened {@link FLAPS} times within an hour. */
export function isFlapping(state: AlertState, nowMs: number): boolean {
  return state.opened.length >= FLAPS && nowMs - state.opened[0]! <= FLAP_MS + QUIET_MS;
}

type Verdict = 'bad' | 'good' | 'between' | 'silent';

/**
 * How a reading stands to a rule. Between the bound and the one it must come back to it is neither bad nor good, so that a
 * value on the edge does not open and end an alert with every reading.
 */
export function judge(judgement: Judgement, reading: number): Verdict {
  if (judgement.kind === 'absence') return Number.isNaN(reading) ? 'bad' : 'good';
  if (Number.isNaN(reading)) return 'silent';
  const isOver = (bound: number) => (judgement.op === 'above' ? reading > bound : reading < bound);
  if (isOver(judgement.bound)) return 'bad';
  return judgement.back !== undefined && isOver(judgement.back) ? 'between' : 'good';
}

/**
 * What one more reading makes of a rule's state on a series.
 *
 * @param reading what the rule compares (a value, a rate, a distance from the usual in standard deviations); NaN where nothing was told.
 */
export function turn(
  rule: Pick<AlertRule, 'judgement' | 'forSeconds'>,
  state: AlertState,
  reading: number,
  nowMs: number,
): { state: AlertState; turn: Turn } {
  const verdict = judge(rule.judgement, reading);
  if (verdict === 'silent') {
    if (state.phase === 'ok' || nowMs - state.readMs < SILENT_MS) return { state, turn: null };
    return { state: { ...state, phase: 'ok', sinceMs: nowMs, good: 0 }, turn: state.phase === 'firing' ? 'ended' : null };
  }
  const read = { ...state, readMs: nowMs };
  if (verdict === 'bad') {
    if (read.phase === 'firing') return { state: { ...read, good: 0 }, turn: null };
    const sinceMs = read.phase === 'pending' ? read.sinceMs : nowMs;
    if (nowMs - sinceMs < rule.forSeconds * 1000) return { state: { ...read, phase: 'pending', sinceMs }, turn: null };
    const opened = [...read.opened, nowMs].slice(-FLAPS);
    return { state: { ...read, phase: 'firing', sinceMs: nowMs, good: 0, opened }, turn: 'opened' };
  }
  if (read.phase !== 'firing') return { state: read.phase === 'ok' ? read : { ...read, phase: 'ok', sinceMs: nowMs }, turn: null };
  if (verdict === 'between') return { state: { ...read, good: 0 }, turn: null };
  const good = read.good + 1;
  const goodSinceMs = read.good === 0 ? nowMs : read.goodSinceMs;
  const isOver = isFlapping(read, nowMs) ? nowMs - goodSinceMs >= QUIET_MS : good >= GOOD_READINGS;
  if (!isOver) return { state: { ...read, good, goodSinceMs }, turn: null };
  return { state: { ...read, phase: 'ok', sinceMs: nowMs, good: 0 }, turn: 'ended' };
}

/** What is told of an alert besides that it is there. */
export interface Standing {
  readonly rule: string;
  readonly level: AlertLevel;
  readonly labels: Readonly<Record<string, string>>;
  /** The thing of the register it speaks of, if its series names one. */
  readonly asset: string | null;
}

/**
 * Whether an alert follows from another: the thing it speaks of stands, directly or not, on one that has an alert at least as
 * grave. `under` gives all that a thing stands on.
 */
export function inhibitedBy(alert: Standing, firing: readonly Standing[], under: (asset: string) => ReadonlySet<string>): Standing | null {
  if (alert.asset === null) return null;
  const below = under(alert.asset);
  return firing.find((other) => other.asset !== null && below.has(other.asset) && other.level <= alert.level) ?? null;
}

/** The figures of a rule's month. */
export type NoiseCounts = Omit<NoiseLine, 'advice'>;

/** Of fewer alerts than this a share says nothing. */
const FEW = 4;

/** What the figures of a month say should be done about the rule, the gravest first. */
export function noiseAdvice(counts: NoiseCounts): NoiseAdvice[] {
  const { opened, brief, flapping, repeated, useful, noise } = counts;
  const judged = useful + noise;
  const many = (part: number) => opened >= FEW && part * 2 > opened;
  const advice: NoiseAdvice[] = [];
  if (judged > 0 && noise * 2 > judged) advice.push('disable');
  else if (noise > judged * NOISE_GOAL) advice.push('threshold');
  if (many(brief)) advice.push('longer');
  if (flapping > 0) advice.push('back');
  if (many(repeated)) advice.push('cause');
  if (judged === 0) advice.push('judge');
  return advice;
}
