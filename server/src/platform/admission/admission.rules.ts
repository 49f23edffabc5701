import type { LoadClass } from '#contracts/base/route.ts';

/** Below the first bound all are served; above it work is diverted; above the second only what matters most is done. */
export type Band = 'normal' | 'diversion' | 'priority';

export interface Bounds {
  readonly diversionFrom: number;
  readonly priorityFrom: number;
}

export function bandOf(share: number, bounds: Bounds): Band {
  if (share >= bounds.priorityFrom) return 'priority';
  return share >= bounds.diversionFrom ? 'diversion' : 'normal';
}

/** What a node is doing now. */
export interface AtWork {
  readonly byClass: Readonly<Record<LoadClass, number>>;
  /** How many requests it may have at work at once, as the last seconds have shown. */
  readonly limit: number;
  /** Heavy requests that wait for their turn. */
  readonly waiting: number;
}

/** Filing is let in beyond the limit: it is what the hotline is there for, and short. So is handling, less far. */
const SUBMIT_BEYOND = 2;
const HANDLING_BEYOND = 1.75;
/** While work is diverted, lists and counts may take no more than this of the limit. */
const QUERY_SHARE = 0.25;
/** Heavy requests at work at once: each keeps a core and a connection busy for as long as it lasts. */
const HEAVY_AT_ONCE = 2;
const WAITING_AT_MOST = 20;

/** Whether a request of a class is served now, waits for its turn, or is turned away before anything is read of it. */
export function judge(kind: LoadClass, { byClass, limit, waiting }: AtWork, bounds: Bounds): 'serve' | 'wait' | 'shed' {
  const total = byClass.submit + byClass.handling + byClass.query + byClass.heavy;
  const band = bandOf((total + 1) / limit, bounds);
  switch (kind) {
    case 'submit':
      return total < limit * SUBMIT_BEYOND ? 'serve' : 'shed';
    case 'handling':
      return total < limit * HANDLING_BEYOND ? 'serve' : 'shed';
    case 'query':
      if (band === 'normal') return 'serve';
      return band === 'diversion' && byClass.query < limit * QUERY_SHARE ? 'serve' : 'shed';
    case 'heavy':
      if (band === 'normal' && waiting === 0 && byClass.heavy < HEAVY_AT_ONCE) return 'serve';
      return band !== 'priority' && waiting < WAITING_AT_MOST ? 'wait' : 'shed';
  }
}

/** What a tick of the clock has shown. */
export interface Sample {
  /** The most that was at work. */
  readonly peak: number;
  /** How long a request waits before anything is done for it: for the event loop, and for a connection of the database. */
  readonly waitMs: number;
}

/** A request may wait this long within the node; beyond it, more at once only means slower. */
export const WAIT_TARGET_MS = 80;

/** Where the limit begins, and where it returns to in calm; and how far it may fall. */
export const LIMIT = { calm: 64, least: 8 } as const;

/**
 * The limit after a tick: less when requests had to wait, the more the longer they did; a little more when it was used up
 * without waiting, and back to where it began when nothing waits. Additive increase and multiplicative decrease, as in
 * TCP: it needs no guess of what the machine can do, and a bad minute is not held against the next one.
 */
export function nextLimit(limit: number, { peak, waitMs }: Sample, ceiling: number): number {
  if (waitMs > WAIT_TARGET_MS) return Math.max(LIMIT.least, limit * Math.max(0.5, Math.sqrt(WAIT_TARGET_MS / waitMs)));
  const isWanted = peak >= limit * 0.7 || (limit < LIMIT.calm && waitMs < WAIT_TARGET_MS / 2);
  return isWanted ? Math.min(ceiling, limit + Math.max(1, limit * 0.03)) : limit;
}

/** How long a band may stay high before more machines are asked for. */
const HIGH_FOR_MS = 10 * 60_000;

/** Whether a node that has been above normal since an instant needs more capacity rather than patience. */
export function needsCapacity(highSinceMs: number | null, nowMs: number): boolean {
  return highSinceMs !== null && nowMs - highSinceMs >= HIGH_FOR_MS;
}
