import type { ChangeClass, ChangeScope } from '#contracts/operations/records/change.lifecycle.ts';
import type { ErrorCode } from '#contracts/codes.ts';
import { addWorkdays, beijingDate, endOfDay, startOfDay, type Holidays } from '#server/kernel/calendar.ts';

const HOUR = 3_600_000;

/** A time in which nothing is changed. */
export interface Freeze {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PlannedTime {
  readonly class: ChangeClass;
  readonly scope: ChangeScope;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** How long one change may take at most. */
const LONGEST_MS = 12 * HOUR;
const NOTICE_WORKDAYS = 3;
const EMERGENCY_NOTICE_MS = 2 * HOUR;

/** The window an instant lies in, [from, to): Tue and Thu 22:00-02:00, for infrastructure Sat 00:00-06:00 (DOMAIN §5.8); null where none. */
export function windowAt(ms: number, scope: ChangeScope): { fromMs: number; toMs: number } | null {
  // A window that began the evening before is still open after midnight.
  for (const day of [beijingDate(ms), beijingDate(ms - 24 * HOUR)]) {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    const [fromHour, hours] =
      scope === 'infrastructure' && weekday === 6 ? [0, 6] : scope === 'application' && (weekday === 2 || weekday === 4) ? [22, 4] : [0, 0];
    const fromMs = startOfDay(day) + fromHour * HOUR;
    const toMs = fromMs + hours * HOUR;
    if (ms >= fromMs && ms < toMs) return { fromMs, toMs };
  }
  return null;
}

/** The freeze that a span meets, by its name; null where it meets none. Days off are frozen. */
export function freezeOn(fromMs: number, toMs: number, holidays: Holidays, freezes: readonly Freeze[]): string | null {
  const met = freezes.find((freeze) => freeze.fromMs < toMs && freeze.toMs > fromMs);
  if (met) return met.name;
  for (let ms = fromMs; ms < toMs; ms += 24 * HOUR) if (holidays.off.has(beijingDate(ms))) return beijingDate(ms);
  return holidays.off.has(beijingDate(toMs - 1)) ? beijingDate(toMs - 1) : null;
}

/** Why a change may not be planned so, and at which field; null where it may. Emergencies know no windows and no freeze. */
export function planFault(
  plan: PlannedTime,
  nowMs: number,
  holidays: Holidays,
  freezes: readonly Freeze[],
): { path: 'startsAt' | 'endsAt'; code: ErrorCode; params?: Record<string, string | number> } | null {
  const [fromMs, toMs] = [Date.parse(plan.startsAt), Date.parse(plan.endsAt)];
  if (toMs <= fromMs || toMs - fromMs > LONGEST_MS)
    return { path: 'endsAt', code: 'operations.change-span', params: { hours: LONGEST_MS / HOUR } };
  if (plan.class === 'emergency') {
    return fromMs < nowMs + EMERGENCY_NOTICE_MS
      ? { path: 'startsAt', code: 'operations.notice-too-short', params: { notice: '2 h' } }
      : null;
  }
  const window = windowAt(fromMs, plan.scope);
  if (!window || toMs > window.toMs) return { path: 'startsAt', code: 'operations.outside-window' };
  const frozen = freezeOn(fromMs, toMs, holidays, freezes);
  if (frozen) return { path: 'startsAt', code: 'operations.frozen', params: { name: frozen } };
  const earliest = endOfDay(addWorkdays(beijingDate(nowMs), NOTICE_WORKDAYS, holidays).day) - 24 * HOUR + 1000;
  return fromMs < earliest
    ? { path: 'startsAt', code: 'operations.notice-too-short', params: { notice: `${NOTICE_WORKDAYS} 个工作日` } }
    : null;
}
