import { LOAD_CLASSES } from '#contracts/base/load.ts';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Db } from '../db/db.ts';
import { collectHostMetrics } from './host.ts';

export interface Metrics {
  readonly registry: Registry;
  /** Seconds of each request, by route and status class. */
  readonly requestSeconds: Histogram<'method' | 'route' | 'status'>;
  /** Answers by class and by how they came out: what objectives are told by. */
  readonly answers: Counter<'class' | 'result'>;
  /** Refusals by code. */
  readonly refusals: Counter<'code'>;
  /** How often a background loop turned and what it did. */
  readonly loopWork: Counter<'loop'>;
  /** Requests turned away because the node was full. */
  readonly shed: Counter<'class'>;
  /** Lines of the log by what became of them. */
  readonly logLines: Counter<'fate'>;
  /** Consoles that hear live from this node, what they were told, and why some were cut. */
  readonly liveStreams: Gauge;
  readonly liveMessages: Counter;
  readonly liveCuts: Counter<'why'>;
}

/** The figures a Prometheus server scrapes from `/metrics`. */
export function createMetrics(db: Db, dataFolder: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'minsheng_' });
  // Gauges under names that belong to counters; the same is told by the ones without `_total`, by type.
  for (const what of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`minsheng_nodejs_active_${what}_total`);
  collectHostMetrics(registry, dataFolder);
  const gauge = new Gauge({
    name: 'minsheng_db_connections',
    help: 'Database connections of this node by state',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const usage = db.usage();
      this.set({ state: 'idle' }, usage.idle);
      this.set({ state: 'busy' }, usage.total - usage.idle);
      this.set({ state: 'waiting' }, usage.waiting);
    },
  });
  void gauge;
  const answers = new Counter({
    name: 'minsheng_answers_total',
    help: 'Requests that were let in, by class and by how they were answered: good, late (after its target), failed, failed-late',
    labelNames: ['class', 'result'],
    registers: [registry],
  });
  // From nought on: the first failure of a class is a rise, too.
  for (const kind of LOAD_CLASSES) for (const result of ['good', 'late', 'failed', 'failed-late']) answers.inc({ class: kind, result }, 0);
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'minsheng_http_request_seconds',
      help: 'Time to answer a request',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    }),
    refusals: new Counter({
      name: 'minsheng_refusals_total',
      help: 'Requests refused, by code',
      labelNames: ['code'],
      registers: [registry],
    }),
    loopWork: new Counter({
      name: 'minsheng_loop_items_total',
      help: 'What background loops did',
      labelNames: ['loop'],
      registers: [registry],
    }),
    shed: new Counter({
      name: 'minsheng_shed_total',
      help: 'Requests turned away because the node was full, by class',
      labelNames: ['class'],
      registers: [registry],
    }),
    answers,
    logLines: new Counter({
      name: 'minsheng_log_lines_total',
      help: 'Lines of the log of this node, by what became of them',
      labelNames: ['fate'],
      registers: [registry],
    }),
    liveStreams: new Gauge({ name: 'minsheng_live_streams', help: 'Consoles connected live to this node', registers: [registry] }),
    liveMessages: new Counter({ name: 'minsheng_live_messages_total', help: 'News handed to consoles', registers: [registry] }),
    liveCuts: new Counter({
      name: 'minsheng_live_cuts_total',
      help: 'Live streams that this node ended, by reason',
      labelNames: ['why'],
      registers: [registry],
    }),
  };
}
