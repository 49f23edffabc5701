import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetsOf, type Lifecycle } from '#contracts/base/lifecycle.ts';
import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import { taskLifecycle } from '#contracts/orders/task.lifecycle.ts';
import { permissions, type Permission } from '#contracts/permissions.ts';
import { allowedActions, judge } from './judge.ts';

const every = Object.keys(permissions) as Permission[];
const held = fc.subarray(every).map((some) => new Set(some));

describe.each([
  ['order', orderLifecycle as Lifecycle],
  ['task', taskLifecycle as Lifecycle],
])('the judge of an %s', (_, lifecycle) => {
  const states = Object.keys(lifecycle.states);
  const actions = Object.keys(lifecycle.actions);
  // Every state with every action, so that no cell of the table is left to luck.
  const cells = states.flatMap((state) => actions.map((action) => ({ state, action, to: targetsOf(lifecycle.actions[action]!, state) })));

  it('allows an action exactly where the table has a move and the person holds its permission', () => {
    fc.assert(
      fc.property(held, fc.integer({ min: 1, max: 99 }), fc.boolean(), (holds, version, tells) => {
        for (const { state, action, to } of cells) {
          const decision = judge(lifecycle, { state, version }, action, holds, tells ? version : null);
          const may = holds.has(lifecycle.actions[action]!.permission);
          if (may && to.length > 0) expect(decision).toEqual({ ok: true, value: to });
          else expect(decision.ok).toBe(false);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('refuses for want of permission first, then for a newer version, then for the state', () => {
    fc.assert(
      fc.property(
        held,
        fc.integer({ min: 1, max: 99 }),
        fc.constantFrom<(version: number) => number | null>(
          (version) => version,
          (version) => version - 1,
          () => null,
        ),
        (holds, version, seen) => {
          for (const { state, action, to } of cells) {
            const decision = judge(lifecycle, { state, version }, action, holds, seen(version));
            const stale = seen(version) !== null && seen(version) !== version;
            const expected = !holds.has(lifecycle.actions[action]!.permission)
              ? 'base.forbidden'
              : stale
                ? 'base.stale'
                : to.length === 0
                  ? 'casework.not-allowed-now'
                  : null;
            expect(decision.ok ? null : decision.refusal.code).toBe(expected);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('tells the newer state to who comes late, and what is allowed to who asks for the wrong thing', () => {
    const everything = new Set(every);
    for (const { state, action, to } of cells) {
      const stale = judge(lifecycle, { state, version: 7 }, action, everything, 6);
      expect(stale).toMatchObject({ ok: false, refusal: { extra: { current: { state, version: 7 } } } });
      if (to.length > 0) continue;
      const wrong = judge(lifecycle, { state, version: 7 }, action, everything, 7);
      expect(wrong).toMatchObject({
        ok: false,
        refusal: {
          params: { state: lifecycle.states[state]!.name, action: lifecycle.actions[action]!.name },
          extra: { current: { state, version: 7 }, allowed: allowedActions(lifecycle, state, everything) },
        },
      });
    }
  });

  it('tells nothing of the case to who may not act on it', () => {
    for (const { state, action } of cells) {
      expect(judge(lifecycle, { state, version: 7 }, action, new Set(), 6)).toEqual({ ok: false, refusal: { code: 'base.forbidden' } });
    }
  });

  it('offers as buttons just what it would allow, without what the platform does by itself', () => {
    fc.assert(
      fc.property(held, (holds) => {
        for (const state of states) {
          const expected = actions.filter(
            (action) => judge(lifecycle, { state, version: 1 }, action, holds, 1).ok && !lifecycle.actions[action]!.system,
          );
          expect(allowedActions(lifecycle, state, holds)).toEqual(expected);
        }
      }),
      { numRuns: 30 },
    );
  });
});
