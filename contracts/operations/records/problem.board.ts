import type { Words } from '../../base/text.ts';
import { problemLifecycle, type PROBLEM_LEVELS } from './problem.lifecycle.ts';

type State = keyof typeof problemLifecycle.states;
type Action = keyof typeof problemLifecycle.actions;

/** The stages of the closed loop (DOMAIN §5.2), each with the states that stand in it. */
export const BOARD_COLUMNS = {
  review: { name: { zh: '待评审', en: 'To be reviewed' }, states: ['registered', 'returned'] },
  accepted: { name: { zh: '待排期', en: 'To be scheduled' }, states: ['accepted'] },
  planned: { name: { zh: '已排期', en: 'Scheduled' }, states: ['planned'] },
  working: { name: { zh: '实施中', en: 'In work' }, states: ['working'] },
  testing: { name: { zh: '测试中', en: 'In test' }, states: ['testing'] },
  released: { name: { zh: '待确认', en: 'To be confirmed' }, states: ['released'] },
  confirmed: { name: { zh: '待回访', en: 'To be followed up' }, states: ['confirmed'] },
  archived: { name: { zh: '已归档', en: 'Archived' }, states: ['archived'] },
} as const satisfies Record<string, { name: Words; states: readonly State[] }>;
export type BoardColumn = keyof typeof BOARD_COLUMNS;
export const BOARD_ORDER = Object.keys(BOARD_COLUMNS) as BoardColumn[];

/** So long an archived problem stays on the board, in days. */
export const ARCHIVED_DAYS = 7;

/** The column a state stands in; none for what was merged, turned or rejected. */
export function columnOf(state: string): BoardColumn | undefined {
  return BOARD_ORDER.find((column) => (BOARD_COLUMNS[column].states as readonly string[]).includes(state));
}

/** The states an action leads to from a state. */
function statesAfter(action: Action, state: string): readonly string[] {
  const to = (problemLifecycle.actions[action].moves as Readonly<Record<string, string | readonly string[]>>)[state];
  return to === undefined ? [] : typeof to === 'string' ? [to] : to;
}

/**
 * The action that brings a problem from its state into another column, of those this person may take now.
 * Undefined where none does: a card never moves but by an action of the lifecycle.
 */
export function actionInto(state: string, column: BoardColumn, allowed: readonly string[]): Action | undefined {
  if (columnOf(state) === column) return undefined;
  const states: readonly string[] = BOARD_COLUMNS[column].states;
  return (allowed as readonly Action[]).find((action) => statesAfter(action, state).some((to) => states.includes(to)));
}

/** Whether an action asks for something before it is taken. */
export function needsInput(action: string): boolean {
  const { required } = problemLifecycle.actions[action as Action].input as { required?: readonly string[] };
  return (required?.length ?? 0) > 0;
}

/** Who reviews a problem of a level, and when (DOMAIN §5.2). */
export const REVIEW_BOARDS: Readonly<Record<number, Words>> = {
  1: { zh: '值班长立即评审', en: 'Duty chief, at once' },
  2: { zh: '4 小时内评审', en: 'Within 4 hours' },
  3: { zh: '周评审会', en: 'Weekly board' },
  4: { zh: '月评审会', en: 'Monthly board' },
};

interface Reviewed {
  readonly level: number;
  readonly score: number | null;
  readonly openedAt: string;
}

/** The order of the review: the score of a former review where there is one, else the level; of equals the oldest first. */
export function byReview(a: Reviewed, b: Reviewed): number {
  const worth = ({ score, level }: Reviewed) => score ?? LEAST_SCORE[level] ?? 0;
  return worth(b) - worth(a) || a.openedAt.localeCompare(b.openedAt);
}
/** The least score of each level, as `levelOf` of the server draws the lines. */
const LEAST_SCORE: Readonly<Record<number, number>> = { 1: 20, 2: 12, 3: 6, 4: 0 } satisfies Record<keyof typeof PROBLEM_LEVELS, number>;

/** So many hours a person works on a working day: 40 a week of five. */
export const HOURS_A_DAY = 8;

export interface Planned {
  readonly ownerId: string | null;
  readonly owner: string | null;
  readonly plannedOn: string | null;
  readonly hours: number | null;
}
export interface PersonLoad {
  readonly id: string;
  readonly name: string;
  /** Hours planned in each of the weeks, in their order. */
  readonly hours: readonly number[];
}

/**
 * The hours planned for each person in each week; a problem counts in the week of its day.
 *
 * @param weeks the days of each week, YYYY-MM-DD
 */
export function loadOf(planned: readonly Planned[], weeks: readonly (readonly string[])[]): PersonLoad[] {
  const people = new Map<string, { id: string; name: string; hours: number[] }>();
  for (const { ownerId, owner, plannedOn, hours } of planned) {
    const week = weeks.findIndex((days) => plannedOn !== null && days.includes(plannedOn));
    if (week < 0 || ownerId === null) continue;
    const person = people.get(ownerId) ?? { id: ownerId, name: owner ?? ownerId, hours: weeks.map(() => 0) };
    person.hours[week]! += hours ?? 0;
    people.set(ownerId, person);
  }
  return [...people.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'zh'));
}
