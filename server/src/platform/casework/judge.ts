import { actionsFrom, targetsOf, type ActionFacts, type Lifecycle } from '#contracts/base/lifecycle.ts';
import type { Permission } from '#contracts/permissions.ts';
import { accept, refuse, type Decision } from '#server/kernel/decision.ts';

/** A case as the judge sees it. */
export interface CaseFacts<S extends string = string> {
  readonly state: S;
  readonly version: number;
}

/**
 * Whether this person may take this action on this case now, by the lifecycle table alone; gives the states it may lead to,
 * the usual one first.
 *
 * Refusals: `base.forbidden`, `base.stale` (with the newer state), `casework.not-allowed-now` (with what is allowed).
 */
export function judge<S extends string, A extends string>(
  lifecycle: Lifecycle<S, A>,
  facts: CaseFacts<S>,
  action: A,
  held: ReadonlySet<Permission>,
  seenVersion: number | null,
): Decision<readonly [S, ...S[]]> {
  const described: ActionFacts<S> = lifecycle.actions[action];
  if (!held.has(described.permission)) return refuse('base.forbidden');
  const current = { state: facts.state, version: facts.version };
  if (seenVersion !== null && seenVersion !== facts.version) return refuse('base.stale', { extra: { current } });
  const [usual, ...others] = targetsOf(described, facts.state);
  if (usual === undefined) {
    return refuse('casework.not-allowed-now', {
      params: { state: lifecycle.states[facts.state].name, action: described.name },
      extra: { current, allowed: allowedActions(lifecycle, facts.state, held) },
    });
  }
  return accept([usual, ...others]);
}

/** The actions this person may take in this state: what the console draws as buttons. */
export function allowedActions<S extends string, A extends string>(
  lifecycle: Lifecycle<S, A>,
  state: S,
  held: ReadonlySet<Permission>,
): A[] {
  return actionsFrom(lifecycle, state).filter((action) => {
    const facts = lifecycle.actions[action];
    return !facts.system && held.has(facts.permission);
  });
}
