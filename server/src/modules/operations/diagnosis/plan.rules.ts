import type { PlanNode } from '#contracts/operations/diagnosis.api.ts';

/** A node of `EXPLAIN (FORMAT JSON, VERBOSE)`. */
export interface ExplainNode {
  readonly 'Node Type': string;
  readonly Plans?: readonly ExplainNode[];
  readonly 'Startup Cost': number;
  readonly 'Total Cost': number;
  readonly 'Plan Rows': number;
  readonly [fact: string]: unknown;
}

/** From this many rows on a table is too large to be read from end to end (DOMAIN 5.4). */
export const BIG_ROWS = 10_000;

const CONDITIONS = ['Index Cond', 'Recheck Cond', 'Hash Cond', 'Merge Cond', 'Join Filter', 'Filter', 'One-Time Filter'] as const;
const CONDITION_AT_MOST = 1000;

/**
 * The nodes of a plan from the top down, each with its depth and what it costs without those below; the costliest is marked.
 *
 * A node below a limit is planned to its end and yet costs the limit less: no own cost is below nought.
 */
export function planNodes(root: ExplainNode): PlanNode[] {
  const nodes: PlanNode[] = [];
  const walk = (node: ExplainNode, depth: number): void => {
    const below = node.Plans ?? [];
    nodes.push({
      depth,
      node: nameOf(node),
      on: placeOf(node),
      condition: conditionOf(node),
      startCost: node['Startup Cost'],
      cost: node['Total Cost'],
      ownCost: Math.max(0, node['Total Cost'] - below.reduce((sum, one) => sum + one['Total Cost'], 0)),
      rows: node['Plan Rows'],
      costliest: false,
    });
    for (const one of below) walk(one, depth + 1);
  };
  walk(root, 0);
  const most = Math.max(...nodes.map(({ ownCost }) => ownCost));
  const at = nodes.findIndex(({ ownCost }) => ownCost === most);
  return nodes.map((node, place) => (place === at ? { ...node, costliest: true } : node));
}

/** Schema and name of every table that a plan reads from end to end, each once. */
export function scannedTables(root: ExplainNode): { schema: string; name: string }[] {
  const found = new Map<string, { schema: string; name: string }>();
  const walk = (node: ExplainNode): void => {
    const [schema, name] = [node['Schema'], node['Relation Name']];
    if (node['Node Type'].endsWith('Seq Scan') && typeof name === 'string' && typeof schema === 'string')
      found.set(`${schema}.${name}`, { schema, name });
    for (const one of node.Plans ?? []) walk(one);
  };
  walk(root);
  return [...found.values()];
}

function nameOf(node: ExplainNode): string {
  const { 'Node Type': kind, 'Join Type': join, Strategy: strategy, Operation: operation, 'Subplan Name': subplan } = node;
  const words = [
    typeof subplan === 'string' ? subplan : '',
    kind === 'ModifyTable' && typeof operation === 'string' ? operation : kind,
    typeof join === 'string' && join !== 'Inner' ? join : '',
    typeof strategy === 'string' && strategy !== 'Plain' ? strategy : '',
    node['Scan Direction'] === 'Backward' ? 'Backward' : '',
  ];
  return words.filter(Boolean).join(' ');
}

function placeOf(node: ExplainNode): string | null {
  const { Schema: schema, 'Relation Name': relation, Alias: alias, 'Index Name': index, 'Function Name': called, 'CTE Name': cte } = node;
  const table = typeof relation === 'string' ? [schema, relation].filter(Boolean).join('.') : '';
  const words = [
    typeof index === 'string' ? index : '',
    table || (typeof called === 'string' ? called : '') || (typeof cte === 'string' ? cte : ''),
    typeof alias === 'string' && alias !== relation && table ? alias : '',
  ].filter(Boolean);
  return words.length > 0 ? words.join(' ') : null;
}

function conditionOf(node: ExplainNode): string | null {
  const said = CONDITIONS.flatMap((name) => (typeof node[name] === 'string' ? [`${name}: ${node[name]}`] : []));
  return said.length > 0 ? said.join('; ').slice(0, CONDITION_AT_MOST) : null;
}
