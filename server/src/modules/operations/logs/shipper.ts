import type { Counter } from 'prom-client';
import type { Clock } from '#server/kernel/clock.ts';
import type { Loop } from '#server/platform/events/events.ts';
import type { Log, Outlet } from '#server/platform/log/log.ts';
import { lineOfJson, type Line } from './lines.rules.ts';
import type { Logs } from './logs.service.ts';
import { otlpOf } from './otlp.rules.ts';

/** Lines that wait to be sent: so many and no more; what finds no room is counted and forgotten. */
interface Backlog {
  push(text: string): void;
  /** The oldest lines, which stay until they are taken. */
  peek(most: number): readonly string[];
  take(count: number): void;
  waiting(): number;
  /** How many were forgotten since this was last asked. */
  lost(): number;
}

const CHARS_AT_MOST = 32 * 1024 * 1024;

function createBacklog(most: number, onLost: () => void): Backlog {
  let lines: string[] = [];
  let chars = 0;
  let lost = 0;
  return {
    push(text) {
      if (lines.length >= most || chars + text.length > CHARS_AT_MOST) {
        lost++;
        onLost();
        return;
      }
      lines.push(text);
      chars += text.length;
    },
    peek: (count) => lines.slice(0, count),
    take(count) {
      for (const text of lines.slice(0, count)) chars -= text.length;
      lines = lines.slice(count);
    },
    waiting: () => lines.length,
    lost() {
      const since = lost;
      lost = 0;
      return since;
    },
  };
}

/** The way of a node's lines into the platform's log, opened before anything else so that no line is missed. */
export interface LogOutlet extends Outlet {
  /** From now on lines also wait for this reader. */
  readers: ((line: string) => void)[];
}

/** An outlet that keeps the lines of the start until somebody reads them. */
export function createOutlet(): LogOutlet {
  const early: string[] = [];
  const readers: LogOutlet['readers'] = [];
  return {
    readers,
    write(line) {
      if (readers.length === 0) {
        if (early.length < 1000) early.push(line);
        return;
      }
      for (const text of early.splice(0)) for (const read of readers) read(text);
      for (const read of readers) read(line);
    },
  };
}

export interface Shipping {
  readonly loop: Loop;
  /** Sends what waits, for as long as `withinMs`; what then still waits is lost. */
  flush(withinMs: number): Promise<void>;
}

export interface ShipperDeps {
  readonly logs: Pick<Logs, 'file'>;
  readonly outlet: LogOutlet;
  readonly log: Log;
  readonly clock: Clock;
  readonly source: string;
  readonly counted: Counter<'fate'>;
  readonly waitingAtMost?: number;
}

const WAITING_AT_MOST = 20_000;
/** How many are filed in one transaction. */
const FILED_AT_ONCE = 1000;
const HEARTBEAT_MS = 60_000;

/**
 * Sends a node's own lines to the platform's log. It says nothing of itself while it cannot: what it would say would wait in its
 * own backlog. When the database is back it says once how many lines found no room meanwhile.
 */
export function createShipper({ logs, outlet, log, clock, source, counted, waitingAtMost = WAITING_AT_MOST }: ShipperDeps): Shipping {
  const backlog = createBacklog(waitingAtMost, () => counted.inc({ fate: 'lost' }));
  outlet.readers.push((line) => backlog.push(line));
  let heardMs = 0;

  async function send(): Promise<number> {
    const texts = backlog.peek(FILED_AT_ONCE);
    const nowMs = clock.nowMs();
    if (texts.length === 0 && nowMs - heardMs < HEARTBEAT_MS) return 0;
    const lines = texts.map((text) => lineOfJson(text, nowMs)).filter((line) => line !== null);
    await logs.file(source, 'node', lines);
    heardMs = nowMs;
    backlog.take(texts.length);
    counted.inc({ fate: 'filed' }, lines.length);
    const lost = backlog.lost();
    if (lost > 0) log.warn({ module: 'logs', lost }, 'lines of the log were lost while the database did not take them');
    // A whole batch, and perhaps more: go on at once.
    return texts.length === FILED_AT_ONCE ? texts.length : 0;
  }

  return {
    loop: {
      name: 'operations.ship-logs',
      restMs: 2000,
      // Quietly: what went wrong is seen by everything else that needs the database.
      turn: () => send().catch(() => 0),
    },
    async flush(withinMs) {
      const endMs = performance.now() + withinMs;
      while (backlog.waiting() > 0 && performance.now() < endMs)
        if (
          await send().then(
            () => false,
            () => true,
          )
        )
          return;
    },
  };
}

export interface ExporterDeps {
  readonly endpoint: string;
  readonly outlet: LogOutlet;
  readonly clock: Clock;
  readonly source: string;
  readonly counted: Counter<'fate'>;
  readonly waitingAtMost?: number;
  readonly timeoutMs?: number;
}

const SENT_AT_ONCE = 500;
const RETRY_AT_MOST_MS = 60_000;

/** Sends a node's lines to a collector as well, as OTLP/HTTP in JSON. What it does not take is tried again, later and later. */
export function createExporter({
  endpoint,
  outlet,
  clock,
  source,
  counted,
  waitingAtMost = WAITING_AT_MOST,
  timeoutMs = 10_000,
}: ExporterDeps): Shipping {
  const backlog = createBacklog(waitingAtMost, () => counted.inc({ fate: 'export-lost' }));
  outlet.readers.push((line) => backlog.push(line));
  let restMs = 0;
  let notBeforeMs = 0;

  async function send(): Promise<number> {
    const texts = backlog.peek(SENT_AT_ONCE);
    if (texts.length === 0 || performance.now() < notBeforeMs) return 0;
    const lines = texts.map((text) => lineOfJson(text, clock.nowMs())).filter((line): line is Line => line !== null);
    const verdict = await post(endpoint, JSON.stringify(otlpOf(source, lines)), timeoutMs);
    if (verdict === 'again') {
      restMs = Math.min(RETRY_AT_MOST_MS, Math.max(1000, restMs * 2));
      notBeforeMs = performance.now() + restMs;
      return 0;
    }
    restMs = 0;
    backlog.take(texts.length);
    counted.inc({ fate: verdict === 'taken' ? 'exported' : 'export-refused' }, lines.length);
    return backlog.waiting() > 0 ? texts.length : 0;
  }

  return {
    loop: { name: 'operations.export-logs', restMs: 1000, turn: () => send().catch(() => 0) },
    async flush(withinMs) {
      const endMs = performance.now() + withinMs;
      notBeforeMs = 0;
      while (backlog.waiting() > 0 && restMs === 0 && performance.now() < endMs) await send().catch(() => (restMs = 1));
    },
  };
}

/** Only what the specification calls retryable is tried again; what is refused otherwise would be refused for ever. */
async function post(endpoint: string, body: string, timeoutMs: number): Promise<'taken' | 'refused' | 'again'> {
  try {
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body?.cancel();
    if (answer.ok) return 'taken';
    return [429, 502, 503, 504].includes(answer.status) ? 'again' : 'refused';
  } catch {
    return 'again';
  }
}
