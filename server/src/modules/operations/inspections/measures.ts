import { hostname } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { sql } from 'kysely';
import { lowestIdAt } from '#server/kernel/ids.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { gridAt, increase, labelsOf, STEP_MS, type Labels } from '../series/series.rules.ts';
import { listSeries, readSeries } from '../series/series.views.ts';
import { boundOf, type CheckRow, type Readout } from './inspections.rules.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Line {
  readonly labels: Labels;
  /** Its readings over the time that was asked for, in their order. */
  readonly readings: readonly number[];
}

export interface MeasureContext {
  readonly tx: Tx;
  readonly nowMs: number;
  readonly bounds: Readonly<Record<string, number>>;
}
type Measure = (context: MeasureContext) => Promise<readonly CheckRow[]>;

/** What a metric told over the last `overMs`, a line for each of its series that told anything. */
async function linesOf({ tx, nowMs }: MeasureContext, name: string, overMs = 5 * MINUTE): Promise<Line[]> {
  const series = (await listSeries(tx, { name, limit: 500 })).filter((one) => one.name === name);
  if (series.length === 0) return [];
  const from = gridAt(nowMs - overMs);
  const spans = await readSeries(
    tx,
    series.map(({ id }) => id),
    from,
    nowMs + 1,
    STEP_MS,
  );
  const bySeries = Map.groupBy(spans, (span) => span.series);
  return series.flatMap(({ id, labels }) => {
    const readings = (bySeries.get(id) ?? []).map((span) => span.last);
    return readings.length > 0 ? [{ labels: labelsOf(labels), readings }] : [];
  });
}

const instanceOf = (line: Line) => line.labels['instance'] ?? '-';
const lastOf = (line: Line | undefined) => line?.readings.at(-1) ?? NaN;
const tenth = (value: number) => Math.round(value * 10) / 10;
const rise = (line: Line) => {
  const value = increase(line.readings);
  return Number.isNaN(value) ? 0 : value;
};
const sumOf = (lines: readonly Line[], of: (line: Line) => number) => lines.reduce((sum, line) => sum + of(line), 0);
const byInstance = (lines: readonly Line[]) => Map.groupBy(lines, instanceOf);

/** The share of processor time that went into some modes. */
const cpuShare =
  (isCounted: (mode: string) => boolean): Measure =>
  async (context) =>
    [...byInstance(await linesOf(context, 'node_cpu_seconds_total'))].flatMap(([what, lines]) => {
      const all = sumOf(lines, rise);
      if (all <= 0) return [];
      return [{ what, measure: tenth((100 * sumOf(lines, (line) => (isCounted(line.labels['mode'] ?? '') ? rise(line) : 0))) / all) }];
    });

/** How much of what there is, is no longer free. */
const used =
  (free: string, whole: string): Measure =>
  async (context) => {
    const [rest, all] = [await linesOf(context, free), await linesOf(context, whole)];
    return all.map((line) => {
      const left = lastOf(rest.find((one) => instanceOf(one) === instanceOf(line)));
      const total = lastOf(line);
      return { what: instanceOf(line), measure: total > 0 ? tenth(100 * (1 - left / total)) : 0, free: left, total };
    });
  };

const gauge =
  (name: string, scale = 1): Measure =>
  async (context) =>
    (await linesOf(context, name)).map((line) => ({
      what: Object.entries(line.labels)
        .map(([label, text]) => (label === 'instance' ? text : `${label}=${text}`))
        .join(' '),
      measure: tenth(scale * lastOf(line)),
    }));

const requests = (context: MeasureContext) => linesOf(context, 'minsheng_http_request_seconds_count');

/** The upper end of the bucket that holds the 95th of a hundred answers, put between its ends. */
function p95Of(buckets: readonly { readonly upTo: number; readonly count: number }[]): number {
  const sorted = buckets.toSorted((a, b) => a.upTo - b.upTo);
  const wanted = 0.95 * (sorted.at(-1)?.count ?? 0);
  const at = sorted.findIndex(({ count }) => count >= wanted);
  const [before, found] = [sorted[at - 1] ?? { upTo: 0, count: 0 }, sorted[at]!];
  if (!Number.isFinite(found.upTo)) return before.upTo;
  return before.upTo + ((found.upTo - before.upTo) * (wanted - before.count)) / Math.max(1, found.count - before.count);
}

const overdueClocks =
  (clock: string): Measure =>
  async ({ tx, nowMs }) => {
    const { rows } = await sql<{ count: number; oldest: number }>`
      select count(*) as count, coalesce(max(extract(epoch from ${new Date(nowMs)}::timestamptz - due_at)), 0)::double precision as oldest
      from casework.clock where name = ${clock} and result is null and stopped_at is null and due_at < ${new Date(nowMs)}`.execute(tx);
    return rows.map(({ count, oldest }) => ({ what: clock, measure: count, oldestSeconds: Math.round(oldest) }));
  };

/** How everything but the database is measured, by the code of the check. */
export const measures: Readonly<Record<string, Measure>> = {
  'server-cpu': cpuShare((mode) => mode !== 'idle' && mode !== 'iowait'),
  'server-iowait': cpuShare((mode) => mode === 'iowait'),
  'server-load': async (context) => {
    const cpus = await linesOf(context, 'node_cpus');
    return (await linesOf(context, 'node_load1')).map((line) => {
      const processors = lastOf(cpus.find((one) => instanceOf(one) === instanceOf(line)));
      return { what: instanceOf(line), measure: Math.round((100 * lastOf(line)) / processors) / 100, processors };
    });
  },
  'server-memory': used('node_memory_available_bytes', 'node_memory_total_bytes'),
  'server-swap': used('node_swap_free_bytes', 'node_swap_total_bytes'),
  'server-disk': used('node_filesystem_avail_bytes', 'node_filesystem_size_bytes'),
  'server-inodes': used('node_filesystem_files_free', 'node_filesystem_files'),
  'server-files': async (context) => {
    const most = await linesOf(context, 'node_filefd_maximum');
    return (await linesOf(context, 'node_filefd_allocated')).map((line) => {
      const total = lastOf(most.find((one) => instanceOf(one) === instanceOf(line)));
      return { what: instanceOf(line), measure: tenth((100 * lastOf(line)) / total), total };
    });
  },
  'node-lag': gauge('minsheng_nodejs_eventloop_lag_p99_seconds', 1000),
  // Of this node: its limit is not among the metrics.
  'node-heap': async () => {
    const { used_heap_size: bytes, heap_size_limit: limit } = getHeapStatistics();
    return [{ what: hostname(), measure: tenth((100 * bytes) / limit), bytes, total: limit }];
  },
  'node-gc': async (context) =>
    [...byInstance(await linesOf(context, 'minsheng_nodejs_gc_duration_seconds_sum'))].map(([what, lines]) => {
      const seconds = ((lines[0]!.readings.length - 1) * STEP_MS) / 1000;
      return { what, measure: seconds > 0 ? tenth((100 * sumOf(lines, rise)) / seconds) : 0 };
    }),
  'node-restarts': async (context) =>
    (await linesOf(context, 'minsheng_process_start_time_seconds', DAY)).map((line) => ({
      what: instanceOf(line),
      measure: new Set(line.readings).size - 1,
    })),
  'node-errors': async (context) =>
    [...byInstance(await requests(context))].map(([what, lines]) => {
      const all = sumOf(lines, rise);
      const failed = sumOf(lines, (line) => (line.labels['status']?.startsWith('5') ? rise(line) : 0));
      return {
        what,
        measure: all >= boundOf(context.bounds, 'requests') ? Math.round((10_000 * failed) / all) / 100 : 0,
        requests: all,
        failed,
      };
    }),
  'node-slow': async (context) =>
    [...byInstance(await linesOf(context, 'minsheng_http_request_seconds_bucket'))].map(([what, lines]) => {
      const buckets = [...Map.groupBy(lines, (line) => line.labels['le'] ?? '+Inf')].map(([le, same]) => ({
        upTo: le === '+Inf' ? Infinity : Number(le),
        count: sumOf(same, rise),
      }));
      const all = Math.max(0, ...buckets.map(({ count }) => count));
      return { what, measure: all >= boundOf(context.bounds, 'requests') ? Math.round(1000 * p95Of(buckets)) / 1000 : 0, requests: all };
    }),
  'node-shed': async (context) =>
    (await linesOf(context, 'minsheng_shed_total')).map((line) => ({
      what: `${instanceOf(line)} ${line.labels['class'] ?? ''}`,
      measure: rise(line),
    })),
  'node-queue': async ({ tx }) => {
    const { rows } = await sql<CheckRow>`select name as what, count(*) as measure from pgboss.job where state in ('created', 'retry')
      and start_after <= now() group by 1 order by 2 desc limit 20`.execute(tx);
    return rows.length > 0 ? rows : [{ what: '-', measure: 0 }];
  },
  // The least over five minutes: who catches up is not behind, which one reading cannot tell. The auditor's place is none in the log of events.
  'node-behind': async (context) =>
    (await linesOf(context, 'minsheng_subscriber_behind_seconds'))
      .filter((line) => line.labels['subscriber'] !== 'casework.promises' && line.readings.length > 1)
      .map((line) => ({ what: line.labels['subscriber'] ?? instanceOf(line), measure: tenth(Math.min(...line.readings)) })),
  // What several rounds found one after the other: the first after a start finds what is taken at once.
  'business-promises': async ({ tx, nowMs }) => {
    const { rows } = await sql<
      CheckRow & { rounds: number }
    >`select 'casework.promise_audit' as what, min(faults + overdue) as measure, count(*) as rounds
      from casework.promise_audit where at > ${new Date(nowMs - 5 * MINUTE)}`.execute(tx);
    return rows.filter((row) => row.rounds > 1);
  },
  'business-auditor': async ({ tx, nowMs }) => {
    const { rows } = await sql<CheckRow>`select 'casework.promises' as what,
      extract(epoch from ${new Date(nowMs)}::timestamptz - max(at))::double precision as measure from casework.promise_audit`.execute(tx);
    return rows.filter((row) => row.measure !== null);
  },
  'business-undispatched': overdueClocks('dispatch'),
  'business-unsigned': overdueClocks('sign'),
  'business-accepted': async ({ tx, nowMs, bounds }) => {
    const hours = [0, 1, 2, 3, 4, 5, 6, 7].map((days) => nowMs - days * DAY);
    const counts: number[] = [];
    for (const end of hours) {
      const { rows } = await sql<{ count: number }>`select count(*) as count from platform.event
        where id >= ${lowestIdAt(end - HOUR)} and id < ${lowestIdAt(end)} and name = 'orders.accept'`.execute(tx);
      counts.push(rows[0]!.count);
    }
    const [now = 0, ...before] = counts;
    const usual = before.reduce((sum, count) => sum + count, 0) / before.length;
    const measure = usual >= boundOf(bounds, 'orders') ? Math.round((100 * Math.abs(now - usual)) / usual) : 0;
    return [{ what: 'orders.accept', measure, count: now, usual: tenth(usual) }];
  },
  'security-logins': async ({ tx, nowMs }) => {
    const { rows } =
      await sql<CheckRow>`select 'identity.login' as what, count(*) as measure, count(distinct ip) as addresses from platform.audit_entry
      where id >= ${lowestIdAt(nowMs - HOUR)} and action = 'identity.login' and outcome = 'refused'`.execute(tx);
    return rows;
  },
  'security-administrators': async ({ tx, nowMs }) => {
    const { rows } = await sql<CheckRow>`select coalesce(object_id, id::text) as what, 1 as measure, actor as by from platform.audit_entry
      where id >= ${lowestIdAt(nowMs - DAY)} and action = 'identity.create-account' and outcome = 'done'
        and detail::text ~ '"(system|security|audit)-admin"' order by id desc limit 20`.execute(tx);
    return rows.length > 0 ? rows : [{ what: 'identity.create-account', measure: 0 }];
  },
};

/** Measures one thing; null where nothing on this installation tells it, so that a person has to look. */
export async function readMeasure(context: MeasureContext, code: string): Promise<Readout | null> {
  const rows = await measures[code]!(context);
  return rows.length === 0 ? null : { rows, notes: [] };
}
