import { expect, it } from 'vitest';
import { planNodes, scannedTables, type ExplainNode } from './plan.rules.ts';

const node = (kind: string, cost: number, more: object = {}, ...below: ExplainNode[]): ExplainNode => ({
  'Node Type': kind,
  'Startup Cost': 0,
  'Total Cost': cost,
  'Plan Rows': 10,
  ...(below.length > 0 ? { Plans: below } : {}),
  ...more,
});
const scan = (name: string, cost: number) =>
  node('Seq Scan', cost, { Schema: 'orders', 'Relation Name': name, Alias: 'w', Filter: '(state = $1)' });

it('a plan is told from the top down, each node with what it costs by itself, the costliest marked', () => {
  const root = node(
    'Limit',
    20,
    {},
    node(
      'Hash Join',
      120,
      { 'Join Type': 'Left', 'Hash Cond': '(a.id = b.id)' },
      scan('work_order', 90),
      node('Index Scan', 8, { 'Index Name': 'task_pkey', Schema: 'orders', 'Relation Name': 'task', Alias: 'task' }),
    ),
  );
  expect(planNodes(root).map(({ depth, node: kind, on, ownCost, costliest }) => ({ depth, kind, on, ownCost, costliest }))).toEqual([
    { depth: 0, kind: 'Limit', on: null, ownCost: 0, costliest: false },
    { depth: 1, kind: 'Hash Join Left', on: null, ownCost: 22, costliest: false },
    { depth: 2, kind: 'Seq Scan', on: 'orders.work_order w', ownCost: 90, costliest: true },
    { depth: 2, kind: 'Index Scan', on: 'task_pkey orders.task', ownCost: 8, costliest: false },
  ]);
  expect(planNodes(root)[1]!.condition).toBe('Hash Cond: (a.id = b.id)');
});

it('tables that are read from end to end are named once, also in parallel', () => {
  const root = node(
    'Append',
    9,
    {},
    scan('a', 1),
    scan('a', 2),
    { ...scan('b', 3), 'Node Type': 'Parallel Seq Scan' },
    node('Index Scan', 1),
  );
  expect(scannedTables(root)).toEqual([
    { schema: 'orders', name: 'a' },
    { schema: 'orders', name: 'b' },
  ]);
});
