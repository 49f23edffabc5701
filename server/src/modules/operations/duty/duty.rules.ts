import { DUTY_LINES, type Line } from '#contracts/operations/duty.values.ts';
import { kindFacts } from '#contracts/operations/records/records.lifecycles.ts';
import { ESCALATED_LINES, PAGED_TO_LEVEL } from '../notify/notify.pages.ts';
import { escalatedTo } from '../records/records.rules.ts';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A shift lasts no longer than this: a week. */
const LONGEST_MS = 7 * 86_400_000;
const DAY_MS = 86_400_000;

/** The shifts of consecutive days at the same hours; null where one would end before it begins, or last longer than a week. */
export function spansOf(first: Span, days: number): Span[] | null {
  const length = first.toMs - first.fromMs;
  if (length <= 0 || length > LONGEST_MS) return null;
  const spans = Array.from({ length: days }, (_, day) => ({ fromMs: first.fromMs + day * DAY_MS, toMs: first.toMs + day * DAY_MS }));
  // What lasts longer than a day would stand twice.
  return days > 1 && length > DAY_MS ? null : spans;
}

/** Whether any of these covers an instant of any of those. */
export function overlaps(these: readonly Span[], those: readonly Span[]): boolean {
  return these.some((a) => those.some((b) => a.fromMs < b.toMs && b.fromMs < a.toMs));
}

/** Who may take what was handed over: whoever's shift on the line begins no later than this after that one ends. */
export const NEXT_WITHIN_MS = 12 * 3_600_000;

/** Whether a shift follows on another: it goes on beyond its end, and begins by then or soon after. */
export function follows(next: Span, ended: Span): boolean {
  return next.toMs > ended.toMs && next.fromMs <= ended.toMs + NEXT_WITHIN_MS;
}

/** A limit of the table `limit_rule`. */
export interface LimitOfLevel {
  readonly clock: string;
  readonly mode: string;
  readonly amount: number;
}

export interface Call {
  readonly clock: string | null;
  readonly limit: string | null;
  readonly line: Line;
  readonly paged: boolean;
}

const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, workday: 1440 };

/** Whom a fault of a level reaches: the first line at once, others as the lifecycle's clocks run out, the soonest first. */
export function faultCalls(level: number, limits: readonly LimitOfLevel[]): Call[] {
  const paged = level <= PAGED_TO_LEVEL;
  const { clocks } = kindFacts('fault').lifecycle;
  const later = limits
    .flatMap(({ clock, mode, amount }) =>
      (clocks[clock]?.steps ?? [])
        .filter((step) => step.takes === 'escalate')
        .map((step) => ({
          clock,
          limit: `${amount} ${mode}`,
          minutes: amount * (MINUTES[mode] ?? 0),
          line: ESCALATED_LINES[escalatedTo(clock, step)]!,
        })),
    )
    .toSorted((a, b) => a.minutes - b.minutes || a.line - b.line);
  const first = Math.min(...Object.keys(DUTY_LINES).map(Number)) as Line;
  return [{ clock: null, limit: null, line: first, paged }, ...later.map(({ clock, limit, line }) => ({ clock, limit, line, paged }))];
}
