import type { Loop } from '#server/platform/events/events.ts';
import type { Norms } from './norms.service.ts';

/** Trials that wait are taken on, a page of orders at a time. */
export function normLoops(norms: Norms): Loop[] {
  return [{ name: 'reference.norm-trials', restMs: 1000, turn: () => norms.takeTrial() }];
}
