import { LINES_AT_MOST } from '#contracts/operations/series.api.ts';

/** How far back the charts reach when no instants are given. */
export const CHART_SPANS = { '1h': 3_600_000, '6h': 21_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 } as const;
export type ChartSpan = keyof typeof CHART_SPANS;

/** What is drawn, as it stands in the address. */
export interface ChartsSearch {
  readonly ids?: string;
  readonly span?: ChartSpan;
  readonly from?: string;
  readonly to?: string;
  /** Beside the same hours of the week before. */
  readonly week?: 'on';
  /** Whose bound is drawn. */
  readonly rule?: string;
}

const IDS = new RegExp(`^\\d{1,9}(,\\d{1,9}){0,${LINES_AT_MOST - 1}}$`);
const instant = (value: unknown) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;

export function chartsFrom(search: Record<string, unknown>): ChartsSearch {
  const { span, rule } = search;
  // One number alone comes as a number.
  const ids = typeof search['ids'] === 'number' ? String(search['ids']) : search['ids'];
  const [from, to] = [instant(search['from']), instant(search['to'])];
  return {
    ...(typeof ids === 'string' && IDS.test(ids) ? { ids } : {}),
    ...(typeof span === 'string' && span in CHART_SPANS ? { span: span as ChartSpan } : {}),
    ...(from && to && from < to ? { from, to } : {}),
    ...(search['week'] === 'on' ? { week: 'on' as const } : {}),
    ...(typeof rule === 'string' && /^[a-z0-9-]{1,60}$/.test(rule) ? { rule } : {}),
  };
}
