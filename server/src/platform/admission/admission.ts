import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge } from 'prom-client';
import type { LoadClass } from '#contracts/base/route.ts';
import { LOAD_CLASSES } from '#contracts/base/load.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { bandOf, judge, LIMIT, nextLimit, type Band, type Bounds } from './admission.rules.ts';

/** How a node stands: what it does, how much it may, and whom it turned away. */
export interface LoadState {
  readonly band: Band;
  readonly share: number;
  readonly limit: number;
  readonly waitMs: number;
  readonly waiting: number;
  readonly atWork: Record<LoadClass, number>;
  /** Since the start of the node. */
  readonly served: Record<LoadClass, number>;
  readonly shed: Record<LoadClass, number>;
  readonly waitingPages: number;
  /** Since when it has been above normal, without a break; null while it is not. */
  readonly highSinceMs: number | null;
  /** The last ten minutes, one for each ten seconds, the oldest first. */
  readonly recent: readonly { readonly atMs: number; readonly share: number; readonly shed: number }[];
}

export interface Admission {
  /** Null when the request is turned away; otherwise how to say that it is done. Heavy work may wait here for its turn. */
  enter(kind: LoadClass): (() => void) | null | Promise<(() => void) | null>;
  /** Whether somebody new is asked to wait outside. Counts those who are. */
  keepsOut(): boolean;
  state(): LoadState;
  /** In how many seconds one who was turned away should come again. Spread, or all come back at once. */
  retryAfterS(kind: LoadClass): number;
  close(): void;
}

export interface AdmissionDeps {
  readonly metrics: Metrics;
  /** How long the oldest request has waited, or the last ones had to wait, for a connection of the database. */
  readonly dbWaitMs: () => number;
  readonly bounds: Bounds;
  readonly ceiling: number;
  /** Whether the ceiling comes down when requests wait; without it, it stands as it is set. */
  readonly adapt: boolean;
}

const TICK_MS = 100;
const HEAVY_WAITS_MS = 30_000;
const RECENT_MS = 10_000;
const RECENT_COUNT = 60;

const none = (): Record<LoadClass, number> => ({ submit: 0, handling: 0, query: 0, heavy: 0 });

/** Decides which requests a node takes on, so that one that is asked too much still does what matters. */
export function createAdmission({ metrics, dbWaitMs, bounds, ceiling, adapt }: AdmissionDeps): Admission {
  const atWork = none();
  const served = none();
  const shed = none();
  const queue: { start: () => void; drop: () => void }[] = [];
  const recent: { atMs: number; share: number; shed: number }[] = [];
  const loop = monitorEventLoopDelay({ resolution: 10 });
  loop.enable();
  let limit = adapt ? Math.min(ceiling, LIMIT.calm) : ceiling;
  let peak = 0;
  let share = 0;
  let highest = 0;
  let waitMs = 0;
  let waitingPages = 0;
  let highSinceMs: number | null = null;
  let shedBefore = 0;

  const total = () => atWork.submit + atWork.handling + atWork.query + atWork.heavy;
  const now = () => ({ byClass: atWork, limit, waiting: queue.length });

  function start(kind: LoadClass): () => void {
    atWork[kind]++;
    served[kind]++;
    let done = false;
    return () => {
      if (done) return;
      done = true;
      atWork[kind]--;
      nextInLine();
    };
  }

  function nextInLine(): void {
    while (queue.length > 0 && judge('heavy', { ...now(), waiting: 0 }, bounds) === 'serve') queue.shift()!.start();
  }

  function turnAway(kind: LoadClass): null {
    shed[kind]++;
    metrics.shed.inc({ class: kind });
    return null;
  }

  function inLine(kind: LoadClass): Promise<(() => void) | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => place.drop(), HEAVY_WAITS_MS);
      const place = {
        start: () => {
          clearTimeout(timer);
          resolve(start(kind));
        },
        drop: () => {
          clearTimeout(timer);
          const index = queue.indexOf(place);
          if (index >= 0) queue.splice(index, 1);
          resolve(turnAway(kind));
        },
      };
      queue.push(place);
    });
  }

  const ticking = setInterval(() => {
    // The histogram counts the pauses of the timer; what is above its own resolution was spent on other work.
    const loopMs = Math.max(0, loop.mean / 1e6 - 10);
    loop.reset();
    waitMs = Math.max(Number.isNaN(loopMs) ? 0 : loopMs, dbWaitMs());
    if (adapt) limit = nextLimit(limit, { peak, waitMs }, ceiling);
    // Smoothed over about a second, so that one crowded moment makes no band.
    share += (Math.min(2, peak / limit) - share) * (TICK_MS / 1000);
    highest = Math.max(highest, share);
    peak = total();
    if (bandOf(share, bounds) === 'normal') highSinceMs = null;
    else highSinceMs ??= Date.now();
    nextInLine();
  }, TICK_MS);
  const remembering = setInterval(() => {
    const shedNow = LOAD_CLASSES.reduce((sum, kind) => sum + shed[kind], 0);
    recent.push({ atMs: Date.now(), share: Math.round(highest * 1000) / 1000, shed: shedNow - shedBefore });
    if (recent.length > RECENT_COUNT) recent.shift();
    shedBefore = shedNow;
    highest = share;
  }, RECENT_MS);
  ticking.unref();
  remembering.unref();

  const gauge = new Gauge({
    name: 'minsheng_load',
    help: 'Share of the limit that is at work (0.8 and more: diversion), the limit, what waits and what is at work',
    labelNames: ['what'],
    registers: [metrics.registry],
    collect() {
      this.set({ what: 'share' }, share);
      this.set({ what: 'limit' }, limit);
      this.set({ what: 'wait_ms' }, waitMs);
      this.set({ what: 'waiting' }, queue.length);
      for (const kind of LOAD_CLASSES) this.set({ what: kind }, atWork[kind]);
    },
  });
  void gauge;

  return {
    enter(kind) {
      // Counted with the one that asks: a house that turns people away is full, even if all inside fit.
      peak = Math.max(peak, total() + 1);
      const verdict = judge(kind, now(), bounds);
      if (verdict === 'serve') return start(kind);
      return verdict === 'wait' ? inLine(kind) : turnAway(kind);
    },
    keepsOut() {
      // Both: the moment may be crowded in a quiet minute, and calm in a crowded one.
      const out = bandOf(share, bounds) !== 'normal' || bandOf(total() / limit, bounds) === 'priority';
      if (out) waitingPages++;
      return out;
    },
    state: () => ({
      band: bandOf(share, bounds),
      share,
      limit: Math.round(limit),
      waitMs,
      waiting: queue.length,
      atWork: { ...atWork },
      served: { ...served },
      shed: { ...shed },
      waitingPages,
      highSinceMs,
      recent: [...recent],
    }),
    retryAfterS: (kind) => (kind === 'heavy' ? 30 : 3) + Math.floor(Math.random() * (kind === 'heavy' ? 30 : 6)),
    close() {
      clearInterval(ticking);
      clearInterval(remembering);
      loop.disable();
      while (queue.length > 0) queue[0]!.drop();
      metrics.registry.removeSingleMetric('minsheng_load');
    },
  };
}
