import type { BoardFilter } from '#contracts/operations/records/problems.api.ts';
import { PROBLEM_LEVELS } from '#contracts/operations/records/problem.lifecycle.ts';
import { RECORD_SOURCES } from '#contracts/operations/records/records.values.ts';

export const BOARD_TABS = ['board', 'review', 'plan'] as const;
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
}

export function boardFrom(search: Record<string, unknown>): BoardSearch {
  const { tab, owner, component, source, day } = search;
  const level = String(search['level']);
  return {
    ...(tab === 'review' || tab === 'plan' ? { tab } : {}),
    ...(typeof owner === 'string' && /^(me|[0-9a-f-]{36})$/.test(owner) ? { owner } : {}),
    ...(level in PROBLEM_LEVELS ? { level } : {}),
    ...(typeof component === 'string' && component !== '' ? { component: component.slice(0, 120) } : {}),
    ...(typeof source === 'string' && source in RECORD_SOURCES ? { source } : {}),
    ...(typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) ? { day } : {}),
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
