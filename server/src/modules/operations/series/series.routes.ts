import { seriesApi, type SeriesLine } from '#contracts/operations/series.api.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import type { Prometheus } from './prometheus.ts';
import { DAY_MS, gridAt, labelsOf } from './series.rules.ts';
import { learnSeries } from './series.service.ts';
import { listSeries, marksBetween, readSeries, seriesNames, seriesOf, stepFor } from './series.views.ts';

/** As long as hours are kept. */
const DAYS_AT_MOST = 366 * 3;

export function seriesRoutes({ db, clock, prometheus }: { db: Db; clock: Clock; prometheus: Prometheus | null }): Binding[] {
  const learn = (name: string) => learnSeries({ db, clock, prometheus }, name);
  return [
    bind(seriesApi.names, async ({ actor }) => {
      await learn('');
      return db.transact(actor.scope, async (tx) => ({ items: await seriesNames(tx, clock.nowMs()) }));
    }),
    bind(seriesApi.marks, ({ actor, query }) =>
      db.transact(actor.scope, async (tx) => ({ items: await marksBetween(tx, new Date(query.from), new Date(query.to)) })),
    ),
    bind(seriesApi.list, async ({ actor, query }) => {
      // Who asks by number has been given it before.
      if (query.ids === undefined) await learn(query.name ?? '');
      return db.transact(actor.scope, async (tx) => ({
        items: (await listSeries(tx, query)).map((row) => ({ ...row, labels: { ...labelsOf(row.labels) } })),
      }));
    }),
    bind(seriesApi.read, async ({ actor, query }) => {
      const [from, toMs] = [Date.parse(query.from), Date.parse(query.to)];
      if (toMs <= from || toMs - from > DAYS_AT_MOST * DAY_MS) {
        const params = { days: DAYS_AT_MOST };
        throw new Refusal({ code: 'base.span-too-long', params, fields: [{ path: 'to', code: 'base.span-too-long', params }] });
      }
      const stepMs = stepFor(from, toMs, clock.nowMs());
      const ids = [...new Set(query.ids.split(',').map(Number))];
      if (prometheus && query.own === undefined) {
        const known = await db.transact(actor.scope, (tx) => seriesOf(tx, ids));
        const read = ({ id, name, labels }: (typeof known)[number]) =>
          prometheus.read(id, { name, labels: labelsOf(labels) }, gridAt(from, stepMs), toMs, stepMs);
        return { stepSeconds: stepMs / 1000, lines: await Promise.all(known.map(read)) };
      }
      const spans = await db.transact(actor.scope, (tx) => readSeries(tx, ids, gridAt(from, stepMs), toMs, stepMs));
      const bySeries = Map.groupBy(spans, (span) => span.series);
      return {
        stepSeconds: stepMs / 1000,
        lines: ids.map((id): SeriesLine => {
          const line = bySeries.get(id) ?? [];
          return {
            id,
            at: line.map((span) => new Date(span.fromMs).toISOString()),
            least: line.map((span) => span.least),
            greatest: line.map((span) => span.greatest),
            mean: line.map((span) => span.sum / span.count),
            last: line.map((span) => span.last),
          };
        }),
      };
    }),
  ];
}
