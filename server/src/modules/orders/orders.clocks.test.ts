import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrowsOf, type Lifecycle } from '#contracts/base/lifecycle.ts';
import { orderLifecycle, type OrderAction, type OrderClock, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { LIMIT_CLOCKS } from '#contracts/reference/norm.content.ts';
import { beijing, shippedHolidays } from '#server/kernel/calendar.testing.ts';
import {
  clocksToStart,
  dueOf,
  startClock,
  stopClock,
  turnClocks,
  type ClockRule,
  type RunningClock,
} from '#server/platform/casework/index.ts';
import { clockTable, type OrderTrigger } from './orders.clocks.ts';

const HOUR = 3_600_000;
const holidays = shippedHolidays();
const names = Object.keys(clockTable) as OrderClock[];
const arrows = arrowsOf<OrderState, OrderAction>(orderLifecycle as Lifecycle<OrderState, OrderAction>);

const rule = fc.record({
  id: fc.integer({ min: 1, max: 200 }),
  version: fc.constant(1),
  mode: fc.constantFrom<ClockRule['mode']>('minute', 'hour', 'workday'),
  amount: fc.integer({ min: 1, max: 15 }),
});
const rulesFor = fc.tuple(...names.map(() => rule)).map((all) => new Map(names.map((name, place) => [name, all[place]!])));
const walk = fc.record({
  t0Ms: fc.integer({ min: beijing('2025-01-01 00:00'), max: beijing('2026-06-01 00:00') }),
  rules: rulesFor,
  steps: fc.array(fc.record({ pick: fc.nat(1000), waits: fc.nat(100 * HOUR) }), { minLength: 1, maxLength: 40 }),
});

interface Visit {
  readonly trigger: OrderTrigger;
  readonly state: OrderState;
  readonly atMs: number;
  readonly before: readonly RunningClock[];
  readonly turned: ReturnType<typeof turnClocks>;
}

/** Walks an order through its lifecycle by chance, along every arrow of its table, and tells what the clocks did at every step. */
function* wander({
  t0Ms,
  rules,
  steps,
}: {
  t0Ms: number;
  rules: ReadonlyMap<OrderClock, ClockRule>;
  steps: readonly { pick: number; waits: number }[];
}): Generator<Visit> {
  let state: OrderState = 'filed';
  let clocks: readonly RunningClock[] = [];
  let atMs = t0Ms;
  for (const { pick, waits } of steps) {
    atMs += waits;
    const open = arrows.filter(([from]) => from === state);
    if (open.length === 0) return;
    const [, trigger, to] = open[pick % open.length]!;
    const turned = turnClocks(clockTable, clocks, trigger, to, atMs, rules, holidays);
    yield { trigger, state: to, atMs, before: clocks, turned };
    clocks = turned.all;
    state = to;
  }
}

describe('the clocks of an order on any way through its lifecycle', () => {
  const onEveryStep = (judge: (visit: Visit) => void) => {
    fc.assert(
      fc.property(walk, (plan) => {
        for (const visit of wander(plan)) judge(visit);
      }),
      { numRuns: 200 },
    );
  };

  it('are open at most once at a time under each name, numbered without gaps', () => {
    onEveryStep(({ turned: { all } }) => {
      for (const name of names) {
        const same = all.filter((clock) => clock.name === name);
        expect(same.filter((clock) => clock.result === null).length).toBeLessThanOrEqual(1);
        expect(same.map((clock) => clock.no)).toEqual(same.map((_, place) => place + 1));
      }
    });
  });

  it('have one end: a result once they have ended, none while they run or stand, and no step that could still come', () => {
    onEveryStep(({ turned: { all } }) => {
      for (const clock of all) {
        if (clock.stoppedMs === null) expect(clock.result).toBeNull();
        else expect(clock.nextStep).toBeNull();
        if (clock.result === null || clock.name === 'return') continue;
        expect(clock.stoppedMs! >= clock.dueMs + 1000).toBe(clock.result === 'late');
      }
    });
  });

  it('run only in the states of their table, and start with the arrows it names', () => {
    onEveryStep(({ trigger, state, atMs, before, turned }) => {
      for (const clock of turned.all) {
        const { within } = clockTable[clock.name as OrderClock];
        if (clock.result === null && within) expect([clock.name, within.includes(state)]).toEqual([clock.name, true]);
      }
      for (const clock of turned.fresh) {
        expect(clocksToStart(clockTable, trigger, state)).toContain(clock.name);
        expect(clock).toMatchObject({ t0Ms: atMs, stoppedMs: null, pausedMs: 0, extendedMs: 0 });
      }
      // What the table starts runs afterwards, whether it is new or ran before.
      for (const name of clocksToStart(clockTable, trigger, state))
        expect(turned.all.some((clock) => clock.name === name && clock.result === null)).toBe(true);
      expect(turned.all).toHaveLength(before.length + turned.fresh.length);
      for (const [place, old] of before.entries()) {
        const now = turned.all[place]!;
        expect(turned.changed.includes(now)).toBe(now !== old);
        expect(now).toMatchObject({ name: old.name, no: old.no, rule: old.rule, t0Ms: old.t0Ms });
      }
    });
  });

  it('have all ended once the order is closed, answered, refused or cancelled', () => {
    onEveryStep(({ state, turned: { all } }) => {
      if (['closed', 'answered', 'refused', 'cancelled', 'archived', 'merged'].includes(state))
        expect(all.filter((clock) => clock.result === null)).toEqual([]);
    });
  });

  it('of a part that was answered have ended for good, though the order is suspended and goes on', () => {
    const t0Ms = beijing('2026-06-15 10:00');
    const limit: ClockRule = { id: 1, version: 1, mode: 'workday', amount: 5 };
    const [answered, waiting] = [1, 2].map((no) => startClock('task-handle', no, clockTable['task-handle'], limit, t0Ms, holidays));
    const ended = { ...waiting!, ...stopClock(waiting!, t0Ms + HOUR) };
    for (const clocks of [
      [answered!, ended],
      [ended, { ...answered!, no: 3 }],
    ]) {
      const suspended = turnClocks(
        clockTable,
        clocks,
        'suspend',
        'handling',
        t0Ms + 2 * HOUR,
        new Map([['suspension', limit]]),
        holidays,
      ).all;
      const resumed = turnClocks(clockTable, suspended, 'resume', 'handling', t0Ms + 30 * HOUR, new Map(), holidays).all;
      expect(resumed.slice(0, 2).map((clock) => clock.result)).toEqual(clocks.map((clock) => clock.result));
    }
  });

  it('leave no accepted and open order without one that presses', () => {
    onEveryStep(({ state, turned: { all } }) => {
      if (['filed', 'merged'].includes(state) || ['done', 'stopped'].includes(orderLifecycle.states[state].tone)) return;
      expect([state, dueOf(clockTable, all).due_at !== null]).toEqual([state, true]);
    });
  });

  it('leave the order with the soonest due instant of those that run', () => {
    onEveryStep(({ turned: { all } }) => {
      const open = all.filter((clock) => clock.stoppedMs === null && !clockTable[clock.name as OrderClock].aside);
      const row = dueOf(clockTable, all);
      if (open.length === 0) {
        expect(row).toEqual({ due_clock: null, due_at: null, yellow_at: null, due_provisional: false });
        return;
      }
      const soonest = open.find((clock) => clock.name === row.due_clock)!;
      expect(soonest.dueMs).toBe(Math.min(...open.map((clock) => clock.dueMs)));
      expect(row).toEqual({
        due_clock: soonest.name,
        due_at: new Date(soonest.dueMs),
        yellow_at: new Date(soonest.yellowMs),
        due_provisional: soonest.provisional,
      });
    });
  });
});

describe('the clocks of an order', () => {
  const rules = new Map<OrderClock, ClockRule>(
    names.map((name, place) => [name, { id: place + 1, version: 1, mode: 'workday', amount: name === 'handle' ? 5 : 1 }]),
  );
  const turn = (clocks: readonly RunningClock[], trigger: OrderTrigger, at: string, state?: OrderState) => {
    const to = state ?? arrows.find(([, name]) => name === trigger)![2];
    return turnClocks(clockTable, clocks, trigger, to, beijing(at), rules, holidays).all;
  };

  it('handling stands while the reply is checked and runs on when it is sent back', () => {
    let clocks = turn([], 'accept', '2026-03-02 09:00');
    clocks = turn(clocks, 'dispatch', '2026-03-02 10:00');
    clocks = turn(clocks, 'sign', '2026-03-02 11:00');
    clocks = turn(clocks, 'contact', '2026-03-03 09:00');
    clocks = turn(clocks, 'reply', '2026-03-04 09:00');
    const handle = () => clocks.find((clock) => clock.name === 'handle')!;
    expect(handle()).toMatchObject({ dueMs: beijing('2026-03-09 23:59:59'), result: 'in-time' });
    expect(dueOf(clockTable, clocks)).toMatchObject({ due_clock: 'check', due_at: new Date(beijing('2026-03-05 23:59:59')) });
    clocks = turn(clocks, 'fail', '2026-03-05 09:00');
    expect(handle()).toMatchObject({ dueMs: beijing('2026-03-10 23:59:59'), stoppedMs: null, result: null });
    clocks = turn(clocks, 'reply', '2026-03-06 09:00');
    clocks = turn(clocks, 'pass', '2026-03-06 10:00');
    expect(clocks.map((clock) => [clock.name, clock.no, clock.result])).toEqual([
      ['dispatch', 1, 'in-time'],
      ['sign', 1, 'in-time'],
      ['contact', 1, 'in-time'],
      ['return', 1, 'void'],
      ['handle', 1, 'in-time'],
      ['check', 1, 'in-time'],
      ['check', 2, 'in-time'],
      ['follow-up', 1, null],
    ]);
  });

  it('of an earlier dispatch stay as they ended when a later one is sent back', () => {
    const first = turn([], 'dispatch', '2026-03-02 10:00');
    const again = turn(turn(first, 'reply', '2026-03-03 09:00'), 'dispatch', '2026-03-04 10:00');
    const sentBack = turn(turn(again, 'reply', '2026-03-05 09:00'), 'fail', '2026-03-06 09:00');
    expect(sentBack.filter((clock) => clock.name === 'handle').map((clock) => [clock.no, clock.stoppedMs])).toEqual([
      [1, beijing('2026-03-03 09:00')],
      [2, null],
    ]);
  });

  it('handling stands while the order is suspended and goes on for what was left', () => {
    const handled = turn([], 'dispatch', '2026-03-02 10:00', 'handling');
    const suspended = turn(handled, 'suspend', '2026-03-03 09:00');
    const handle = (clocks: readonly RunningClock[]) => clocks.find((clock) => clock.name === 'handle')!;
    expect(handle(suspended)).toMatchObject({ stoppedMs: beijing('2026-03-03 09:00'), result: null });
    expect(dueOf(clockTable, suspended).due_clock).not.toBe('handle');
    const resumed = turn(suspended, 'resume', '2026-03-05 09:00');
    expect(handle(resumed)).toMatchObject({ dueMs: beijing('2026-03-11 23:59:59'), stoppedMs: null, result: null });
    expect(handle(turn(suspended, 'cancel', '2026-03-20 09:00'))).toMatchObject({ result: 'void', stoppedMs: beijing('2026-03-03 09:00') });
  });

  it('of a unit that gave the order back end as void, and those of the next begin anew', () => {
    const first = turn([], 'dispatch', '2026-03-02 10:00');
    const asked = turn(first, 'ask:return', '2026-03-02 15:00');
    // A unit that does not sign stops nothing: signing and handling run on while the return is judged.
    expect(asked.filter((clock) => clock.stoppedMs === null).map((clock) => clock.name)).toEqual([
      'sign',
      'contact',
      'handle',
      'return-review',
    ]);
    const agreed = turn(asked, 'return', '2026-03-03 09:00');
    expect(agreed.filter((clock) => clock.result === 'void').map((clock) => clock.name)).toEqual(['sign', 'contact', 'handle']);
    expect(agreed.filter((clock) => clock.result === null).map((clock) => [clock.name, clock.no])).toEqual([['dispatch', 1]]);
    const again = turn(agreed, 'dispatch', '2026-03-03 10:00');
    expect(again.filter((clock) => clock.name === 'handle').map((clock) => [clock.no, clock.result])).toEqual([
      [1, 'void'],
      [2, null],
    ]);
  });

  it('that run out together are told in the order of their names', () => {
    const sign = startClock('sign', 1, clockTable.sign, rules.get('sign')!, beijing('2026-03-02 10:00'), holidays);
    const contact = startClock('contact', 1, clockTable.contact, rules.get('contact')!, beijing('2026-03-02 10:00'), holidays);
    expect(dueOf(clockTable, [sign, contact]).due_clock).toBe('contact');
    expect(dueOf(clockTable, [contact, sign]).due_clock).toBe('contact');
  });

  it('do not start without a rule', () => {
    expect(() => turnClocks(clockTable, [], 'accept', 'pending-dispatch', beijing('2026-03-02 09:00'), new Map(), holidays)).toThrow(
      'dispatch',
    );
  });

  it('each take their length from a clock that the limits matrix has', () => {
    for (const name of names) if (clockTable[name].limit !== null) expect(LIMIT_CLOCKS).toContain(clockTable[name].limit);
  });
});
