import { describe, expect, it } from 'vitest';
import { arrowsOf, targetsOf, type Lifecycle } from './base/lifecycle.ts';
import { permissions, roles, type RoleFacts } from './permissions.ts';
import { recordKinds } from './operations/records/records.lifecycles.ts';
import { OFFICE_ACTIONS, orderActionsApi } from './orders/orders.api.ts';
import { orderLifecycle } from './orders/orders.lifecycle.ts';
import { taskLifecycle } from './orders/task.lifecycle.ts';
import { entryLifecycle, normLifecycle } from './reference/norm.lifecycle.ts';

const held = new Set(Object.values(roles as Record<string, RoleFacts>).flatMap((role) => role.permissions));

describe.each([
  ['order', orderLifecycle as Lifecycle],
  ['task', taskLifecycle as Lifecycle],
  ['norm', normLifecycle as Lifecycle],
  [entryLifecycle.kind, entryLifecycle as Lifecycle],
  ...Object.entries(recordKinds).map(([kind, { lifecycle }]): [string, Lifecycle] => [kind, lifecycle]),
])('the lifecycle of an %s', (kind, lifecycle) => {
  const states = Object.keys(lifecycle.states);
  const actions = Object.entries(lifecycle.actions);

  it('begins in a state it knows', () => {
    expect(lifecycle.kind).toBe(kind);
    expect(states).toContain(lifecycle.initial);
  });

  it('moves only between states it knows', () => {
    for (const [, facts] of actions) {
      expect(Object.keys(facts.moves)).not.toEqual([]);
      for (const from of Object.keys(facts.moves)) expect(states).toEqual(expect.arrayContaining([from, ...targetsOf(facts, from)]));
      for (const state of [...(facts.second?.in ?? []), ...(facts.second?.holds ? [facts.second.holds] : [])])
        expect(states).toContain(state);
    }
  });

  const arrows = arrowsOf(lifecycle);

  it('reaches every state from the first', () => {
    const reached = new Set([lifecycle.initial]);
    for (let before = 0; before < reached.size;) {
      before = reached.size;
      for (const [from, , to] of arrows) if (reached.has(from)) reached.add(to);
    }
    expect([...reached].toSorted()).toEqual(states.toSorted());
  });

  it('has a way out of every state that is not final, and none out of a final one', () => {
    for (const state of states) {
      const leaving = arrows.filter(([from, , to]) => from === state && to !== state);
      // What is done with a case that has ended leaves it where it is.
      if (lifecycle.states[state]!.final) expect([state, leaving]).toEqual([state, []]);
      else expect([state, leaving.length > 0]).toEqual([state, true]);
    }
  });

  it('leads from every state to a final one', () => {
    const ends = new Set(states.filter((state) => lifecycle.states[state]!.final));
    for (let before = -1; before < ends.size;) {
      before = ends.size;
      for (const [from, , to] of arrows) if (ends.has(to)) ends.add(from);
    }
    expect([...ends].toSorted()).toEqual(states.toSorted());
  });

  it('lets a held case be decided: whoever may decide exists, and is not asked where the case does not wait', () => {
    for (const [action, facts] of actions) {
      if (!facts.second) continue;
      expect([action, held.has(facts.second.permission)]).toEqual([action, true]);
      // A held case waits for the decision; it must not need the same action to get out.
      if (facts.second.holds) expect([action, targetsOf(facts, facts.second.holds)]).toEqual([action, []]);
    }
  });

  it('asks for permissions that exist and that some role holds', () => {
    for (const [action, facts] of actions) {
      expect([action, facts.permission in permissions]).toEqual([action, true]);
      expect([action, held.has(facts.permission)]).toEqual([action, true]);
    }
  });

  it('has codes of its own for its states, and words in both languages for everything', () => {
    const codes = states.map((state) => lifecycle.states[state]!.code);
    expect(new Set(codes).size).toBe(codes.length);
    const words = [
      lifecycle.name,
      ...Object.values(lifecycle.states).flatMap((facts) => [facts.name, ...(facts.citizen ? [facts.citizen] : [])]),
      ...Object.values(lifecycle.actions).flatMap((facts) => [
        facts.name,
        facts.told,
        ...(facts.second ? [facts.second.asked, facts.second.declined] : []),
      ]),
      ...Object.values(lifecycle.clocks).flatMap((facts) => [facts.name, ...facts.steps.map((step) => step.told)]),
    ];
    for (const { zh, en } of words) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[A-Z][\x20-\x7e]+$/);
    }
  });

  it('has clocks that are turned by triggers its table knows, in states it knows, and every one of them can end', () => {
    const triggers = new Set<string>(['open', ...arrows.map(([, trigger]) => trigger)]);
    for (const [name, facts] of Object.entries(lifecycle.clocks)) {
      const named = [
        ...facts.startsOn,
        ...facts.stopsOn,
        ...(facts.metBy ?? []),
        ...(facts.pausesOn ?? []),
        ...(facts.resumesOn ?? []),
        ...(facts.reopensOn ?? []),
        ...facts.steps.flatMap((step) => step.takes ?? []),
      ];
      for (const trigger of named) expect([name, trigger, triggers.has(trigger)]).toEqual([name, trigger, true]);
      for (const state of facts.within ?? []) expect(states).toContain(state);
      // It ends by fulfilment or by the case's leaving.
      expect([name, facts.stopsOn.length > 0 || facts.within !== undefined]).toEqual([name, true]);
      for (const trigger of facts.startsOn) expect(facts.stopsOn).not.toContain(trigger);
      // What makes it stand is followed by something that lets it go on.
      if (facts.pausesOn) expect([name, (facts.resumesOn ?? []).length > 0]).toEqual([name, true]);
    }
  });

  it('takes the steps of a clock in order, each under a name of its own', () => {
    for (const [name, { steps }] of Object.entries(lifecycle.clocks)) {
      const parts = steps.map(({ at }) => (at === 'yellow' ? 0.8 : typeof at === 'object' ? 1 + at.workdaysAfterDue : at));
      expect([name, parts]).toEqual([name, parts.toSorted((a, b) => a - b)]);
      expect(new Set(steps.map((step) => step.name)).size).toBe(steps.length);
      if (steps.length > 0) expect([name, steps.some((step) => step.at === 1)]).toEqual([name, true]);
    }
  });
});

describe('the order and its task', () => {
  it('agree: what moves a task asks for a permission that an action of the order asks for', () => {
    const asked = new Set(Object.values((orderLifecycle as Lifecycle).actions).map((facts) => facts.permission));
    for (const facts of Object.values(taskLifecycle.actions)) expect(asked).toContain(facts.permission);
  });

  it('the citizen reads something of every state an order can be in', () => {
    for (const facts of Object.values((orderLifecycle as Lifecycle).states)) expect(facts.citizen).toBeDefined();
  });

  it('every office action has its endpoint, guarded by the permission of its table', () => {
    for (const action of OFFICE_ACTIONS) {
      expect(orderActionsApi[action as keyof typeof orderActionsApi]).toMatchObject({
        method: 'POST',
        path: `/api/orders/:id/${action}`,
        access: orderLifecycle.actions[action].permission,
      });
    }
    for (const own of ['rate', 'withdraw', 'join', 'leave', 'share']) expect(OFFICE_ACTIONS).not.toContain(own);
  });
});
