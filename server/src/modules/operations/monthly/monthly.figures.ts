import type { LoadClass } from '#contracts/base/route.ts';
import type { FigureListName, MonthlyFigure } from '#contracts/operations/monthly.api.ts';
import type { AuditKind } from '#contracts/identity/identity.api.ts';
import type { BackupFilter, DrillFilter } from '#contracts/operations/backups.api.ts';
import type { InspectionFilter } from '#contracts/operations/inspections.api.ts';
import type { RecordFilter } from '#contracts/operations/records/records.api.ts';
import { countAudit } from '#server/platform/audit/audit.views.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { responseFigures } from '#server/platform/metrics/response.ts';
import { countBackups, countDrills, worstDrill } from '../backups/past.views.ts';
import { countInspections } from '../inspections/inspections.views.ts';
import { countRecords } from '../records/records.filters.ts';
import { HOUR_MS } from '../series/series.rules.ts';
import { readSeries } from '../series/series.views.ts';
import { percent } from './monthly.rules.ts';

type Query = Readonly<Record<string, string | number>>;
type Filter<F> = Omit<F, 'limit' | 'cursor'>;

export interface AuditSearch {
  readonly action?: string;
  readonly kind?: AuditKind;
  readonly role?: string;
}

/** What is behind a list: as many rows as `query` shows of it, and what they come to. */
export function figure(
  of: FigureListName,
  query: object,
  rows: number,
  value: number | null = rows,
  unit: MonthlyFigure['unit'] = 'count',
): MonthlyFigure {
  const told = Object.entries(query as Query).map(([name, each]) => [name, String(each)]);
  return { value, unit, rows, list: { of, query: Object.fromEntries(told) as Record<string, string> } };
}

/**
 * Figures of a month. Each is counted by the very filters of the list it leads to, so what it says and what the list shows cannot
 * differ in what they mean.
 */
export function createFigures(tx: Tx, { from, to, nowMs }: { from: string; to: string; nowMs: number }) {
  const records = async (filter: Filter<RecordFilter>) => figure('records', filter, await countRecords(tx, filter, nowMs));
  return {
    records,
    /** How many of `all` are also `some`. The list is that of all. */
    async shareOfRecords(all: Filter<RecordFilter>, some: Filter<RecordFilter>) {
      const [hits, rows] = [await countRecords(tx, { ...all, ...some }, nowMs), await countRecords(tx, all, nowMs)];
      return figure('records', all, rows, percent(hits, rows), 'percent');
    },
    inspections: async (filter: Filter<InspectionFilter>) => figure('inspections', filter, await countInspections(tx, filter)),
    backups: async (filter: Filter<BackupFilter>) => figure('backups', filter, await countBackups(tx, filter)),
    drills: async (filter: Filter<DrillFilter>) => figure('drills', filter, await countDrills(tx, filter)),
    /** The longest restore, and the longest loss, of drills that were proven, in seconds. */
    async worstOfDrills(what: 'rto' | 'rpo', filter: Filter<DrillFilter>) {
      const [rows, worst] = [await countDrills(tx, filter), await worstDrill(tx, filter)];
      return figure('drills', filter, rows, worst[what], 'seconds');
    },
    audit: async (search: AuditSearch) => figure('audit', { ...search, from, to }, await countAudit(tx, { ...search, from, to })),
    /** The answers of a class of requests: how many of a hundred did not fail, and the 95th of a hundred in the worst hour. */
    async answers(kind: LoadClass) {
      const query = { by: 'hour', from, to, kind } as const;
      const hours = await responseFigures(tx, { ...query, from: new Date(from), to: new Date(to) });
      const sum = (of: (hour: (typeof hours)[number]) => number) => hours.reduce((all, hour) => all + of(hour), 0);
      const count = sum((hour) => hour.count);
      const slowest = hours.length === 0 ? null : Math.max(...hours.map((hour) => hour.p95Ms)) / 1000;
      return {
        good: figure('responses', query, hours.length, percent(count - sum((hour) => hour.failed), count), 'percent'),
        slowest: figure('responses', query, hours.length, slowest, 'seconds'),
      };
    },
    /** The hours of a series that told something, and what they come to. */
    async series(id: number) {
      const query = { ids: id, from, to, own: 'true' };
      const spans = await readSeries(tx, [id], Date.parse(from), Date.parse(to), HOUR_MS);
      const points = spans.map((span) => ({ atMs: span.fromMs, value: span.sum / span.count }));
      const [sum, count] = spans.reduce(([s, c], span) => [s + span.sum, c + span.count], [0, 0]);
      const made = (value: number | null, unit: MonthlyFigure['unit']) => figure('readings', query, spans.length, value, unit);
      return {
        points,
        mean: spans.length === 0 ? null : sum / count,
        greatest: spans.length === 0 ? null : Math.max(...spans.map((span) => span.greatest)),
        figure: made,
      };
    },
  };
}
export type Figures = ReturnType<typeof createFigures>;
