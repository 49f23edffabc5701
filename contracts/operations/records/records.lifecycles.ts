import type { Lifecycle } from '../../base/lifecycle.ts';
import type { Words } from '../../base/text.ts';
import { CHANGE_LEVELS, changeLifecycle } from './change.lifecycle.ts';
import { FAULT_LEVELS, faultLifecycle } from './fault.lifecycle.ts';
import { PROBLEM_LEVELS, problemLifecycle } from './problem.lifecycle.ts';
import { SEVERITIES, vulnerabilityLifecycle } from './vulnerability.lifecycle.ts';

export interface RecordKindFacts {
  readonly lifecycle: Lifecycle;
  /** What its numbers begin with. */
  readonly prefix: string;
  /** Of its endpoints, pages and events: `faults.respond`. */
  readonly plural: string;
  readonly levels: Readonly<Record<number, Words>>;
}

/** The kinds of record the operations centre keeps. */
export const recordKinds = {
  fault: { lifecycle: faultLifecycle, prefix: 'GZ', plural: 'faults', levels: FAULT_LEVELS },
  problem: { lifecycle: problemLifecycle, prefix: 'WT', plural: 'problems', levels: PROBLEM_LEVELS },
  change: { lifecycle: changeLifecycle, prefix: 'BG', plural: 'changes', levels: CHANGE_LEVELS },
  vulnerability: { lifecycle: vulnerabilityLifecycle, prefix: 'LD', plural: 'vulnerabilities', levels: SEVERITIES },
} as const satisfies Record<string, RecordKindFacts>;

export type RecordKind = keyof typeof recordKinds;
export const RECORD_KINDS = Object.keys(recordKinds) as RecordKind[];
export type RecordAction<K extends RecordKind> = keyof (typeof recordKinds)[K]['lifecycle']['actions'] & string;

/** The facts of a kind without its own names: for what is the same in all. */
export function kindFacts(kind: RecordKind): RecordKindFacts {
  return recordKinds[kind];
}
