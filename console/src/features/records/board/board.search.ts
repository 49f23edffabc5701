import type { BoardFilter } from '#contracts/operations/records/problems.api.ts';
import { PROBLEM_LEVELS } from '#contracts/operations/records/problem.lifecycle.ts';
import { RECORD_SOURCES } from '#contracts/operations/records/records.values.ts';

export const BOARD_TABS = ['board', 'review', 'plan', 'analysis'] as const;
export type BoardTab = (typeof BOARD_TABS)[number];

/** What the board shows, as it stands in the address. */
export interface BoardSearch {
  readonly tab?: BoardTab;
  readonly owner?: string;
  readonly level?: string;
  readonly component?: string;
  readonly source?: string;
  /** The calendar shows the two weeks, or the month, of this day. */
  readonly day?: string;
  readonly by?: 'weeks';
  /** The first and the last day of the analysis. */
  readonly from?: string;
  readonly to?: string;
}

const dayOf = (value: unknown) =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;

export function boardFrom(search: Record<string, unknown>): BoardSearch {
  const { tab, owner, component, source } = search;
  const [day, from, to] = [dayOf(search['day']), dayOf(search['from']), dayOf(search['to'])];
  const level = String(search['level']);
  return {
    ...(tab === 'review' || tab === 'plan' || tab === 'analysis' ? { tab } : {}),
    ...(typeof owner === 'string' && /^(me|[0-9a-f-]{36})$/.test(owner) ? { owner } : {}),
    ...(level in PROBLEM_LEVELS ? { level } : {}),
    ...(typeof component === 'string' && component !== '' ? { component: component.slice(0, 120) } : {}),
    ...(typeof source === 'string' && source in RECORD_SOURCES ? { source } : {}),
    ...(day ? { day } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(search['by'] === 'weeks' ? { by: 'weeks' as const } : {}),
  };
}

/** The part of an address the server is asked for. */
export function filterOf({ owner, level, component, source }: BoardSearch): BoardFilter {
  return {
    ...(owner ? { owner } : {}),
    ...(level ? { level: Number(level) } : {}),
    ...(component ? { component } : {}),
    ...(source ? { source: source as NonNullable<BoardFilter['source']> } : {}),
  };
}
