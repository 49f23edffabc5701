import { describe, expect, it, test } from 'vitest';
import { actionInto, BOARD_ORDER, byReview, columnOf, loadOf, needsInput } from './problem.board.ts';
import { problemLifecycle } from './problem.lifecycle.ts';

const ALL = Object.keys(problemLifecycle.actions);

describe('a card on the board', () => {
  it('stands in one column, unless it was merged, turned or rejected', () => {
    const without = Object.keys(problemLifecycle.states).filter((state) => columnOf(state) === undefined);
    expect(without).toEqual(['merged', 'turned', 'rejected']);
  });

  it('goes where an action of the lifecycle leads, and nowhere else', () => {
    const ways = Object.fromEntries(
      Object.keys(problemLifecycle.states).map((state) => [
        state,
        BOARD_ORDER.flatMap((column) => {
          const action = actionInto(state, column, ALL);
          return action ? [`${action} > ${column}`] : [];
        }),
      ]),
    );
    expect(ways).toEqual({
      registered: ['review > accepted', 'close > archived'],
      returned: [],
      accepted: ['schedule > planned', 'close > archived'],
      planned: ['begin > working', 'close > archived'],
      working: ['finish > testing', 'close > archived'],
      testing: ['fail-test > working', 'release > released', 'close > archived'],
      released: ['refute > working', 'confirm > confirmed'],
      confirmed: ['follow-up > archived'],
      archived: [],
      merged: [],
      turned: [],
      rejected: [],
    });
    expect(actionInto('planned', 'working', ['schedule'])).toBeUndefined();
  });

  it('is moved without a form only where nothing is asked', () => {
    expect(ALL.filter((action) => !needsInput(action))).toEqual(['begin']);
  });
});

test('the review begins with the highest score, then the gravest level, then the oldest', () => {
  const row = (name: string, level: number, score: number | null, openedAt: string) => ({ name, level, score, openedAt });
  const rows = [
    row('level 3, young', 3, null, '2026-06-02T00:00:00Z'),
    row('level 3, old', 3, null, '2026-06-01T00:00:00Z'),
    row('level 1', 1, null, '2026-06-03T00:00:00Z'),
    row('score 21', 3, 21, '2026-06-04T00:00:00Z'),
    row('level 4', 4, null, '2026-01-01T00:00:00Z'),
  ];
  expect(rows.toSorted(byReview).map(({ name }) => name)).toEqual(['score 21', 'level 1', 'level 3, old', 'level 3, young', 'level 4']);
});

test('a load counts the hours of the week a problem is planned in, for its owner', () => {
  const weeks = [
    ['2026-06-22', '2026-06-28'],
    ['2026-06-29', '2026-07-05'],
  ];
  const planned = (owner: string | null, plannedOn: string | null, hours: number | null) => ({ ownerId: owner, owner, plannedOn, hours });
  expect(
    loadOf(
      [
        planned('王工', '2026-06-22', 8),
        planned('王工', '2026-06-28', 34),
        planned('王工', '2026-07-05', 4),
        planned('李工', '2026-06-29', 16),
        planned('李工', '2026-07-06', 16),
        planned('李工', null, 16),
        planned(null, '2026-06-22', 3),
      ],
      weeks,
    ),
  ).toEqual([
    { id: '李工', name: '李工', hours: [0, 16] },
    { id: '王工', name: '王工', hours: [42, 4] },
  ]);
});
