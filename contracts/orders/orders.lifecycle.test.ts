import { describe, expect, it } from 'vitest';
import { actionsFrom, type Lifecycle } from '../base/lifecycle.ts';
import { permissions, roles, type RoleFacts } from '../permissions.ts';
import { OFFICE_ACTIONS, orderActionsApi } from './orders.api.ts';
import { orderLifecycle, taskLifecycle, type TaskAction } from './orders.lifecycle.ts';

const held = new Set(Object.values(roles as Record<string, RoleFacts>).flatMap((role) => role.permissions));

describe.each([
  ['order', orderLifecycle as Lifecycle],
  ['task', taskLifecycle as Lifecycle],
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
      for (const [from, to] of Object.entries(facts.moves)) expect(states).toEqual(expect.arrayContaining([from, to]));
    }
  });

  it('reaches every state from the first', () => {
    const reached = new Set([lifecycle.initial]);
    for (let before = 0; before < reached.size;) {
      before = reached.size;
      for (const [, facts] of actions) for (const state of reached) if (facts.moves[state] !== undefined) reached.add(facts.moves[state]);
    }
    expect([...reached].toSorted()).toEqual(states.toSorted());
  });

  it('has a way out of every state that is not final, and none out of a final one', () => {
    for (const state of states) {
      const leaving = actionsFrom(lifecycle, state).filter((action) => lifecycle.actions[action]!.moves[state] !== state);
      if (lifecycle.states[state]!.final) expect([state, actionsFrom(lifecycle, state)]).toEqual([state, []]);
      else expect([state, leaving.length > 0]).toEqual([state, true]);
    }
  });

  it('leads from every state to a final one', () => {
    const ends = new Set(states.filter((state) => lifecycle.states[state]!.final));
    for (let before = -1; before < ends.size;) {
      before = ends.size;
      for (const [, facts] of actions)
        for (const [from, to] of Object.entries(facts.moves)) if (to !== undefined && ends.has(to)) ends.add(from);
    }
    expect([...ends].toSorted()).toEqual(states.toSorted());
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
      ...Object.values(lifecycle.actions).flatMap((facts) => [facts.name, facts.told]),
      ...Object.values(lifecycle.clocks).flatMap((facts) => [facts.name, ...facts.steps.map((step) => step.told)]),
    ];
    for (const { zh, en } of words) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[A-Z][\x20-\x7e]+$/);
    }
  });

  it('has clocks that are started, stopped and resumed by actions it knows, and every one of them can stop', () => {
    for (const facts of Object.values(lifecycle.clocks)) {
      const named = [...facts.startsOn, ...facts.stopsOn, ...(facts.resumesOn ?? [])];
      for (const action of named) expect(Object.keys(lifecycle.actions)).toContain(action);
      expect(facts.startsOn.length).toBeGreaterThan(0);
      expect(facts.stopsOn.length).toBeGreaterThan(0);
      for (const action of facts.startsOn) expect(facts.stopsOn).not.toContain(action);
    }
  });

  it('takes the steps of a clock in order, each under a name of its own, the last when it is overdue', () => {
    for (const { steps } of Object.values(lifecycle.clocks)) {
      const parts = steps.map((step) => (step.at === 'yellow' ? 0.8 : step.at));
      expect(parts).toEqual(parts.toSorted((a, b) => a - b));
      expect(new Set(steps.map((step) => step.name)).size).toBe(steps.length);
      expect(steps.at(-1)).toMatchObject({ name: 'overdue', at: 1 });
    }
  });
});

describe('the order and its task', () => {
  it('agree: what moves the task is an action of the order as well, asking for the same permission', () => {
    for (const [action, facts] of Object.entries(taskLifecycle.actions))
      expect(orderLifecycle.actions[action as TaskAction].permission).toBe(facts.permission);
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
    expect(OFFICE_ACTIONS).not.toContain('rate');
  });
});
