import type { changeLifecycle } from '#contracts/operations/records/change.lifecycle.ts';
import { accept, Refusal, refuse } from '#server/kernel/decision.ts';
import { freezeOn, planFault, type PlannedTime } from './change.rules.ts';
import { byAnother, noted, type EffectsOf, type KindRules } from './records.kind.ts';

/** How many people approve an emergency; anything else takes one. */
const EMERGENCY_APPROVERS = 2;

interface ChangeFacts extends PlannedTime {
  readonly author: string | null;
  readonly approvedBy?: readonly string[];
  readonly implementedBy?: string | null;
}
const planOf = (facts: unknown) => facts as ChangeFacts;

const effects: EffectsOf<(typeof changeLifecycle)['actions']> = {
  revise: ({ actor }, plan) => ({ data: {}, facts: { ...plan, author: actor.accountId, approvedBy: [] } }),
  submit: ({ row, guarded }) => {
    const plan = planOf(row.facts);
    if (plan.startsAt === undefined) throw new Refusal({ code: 'operations.no-plan' });
    const fault = planFault(plan, guarded.nowMs, guarded.holidays, guarded.freezes);
    if (fault) throw new Refusal({ code: fault.code, ...(fault.params ? { params: fault.params } : {}) });
    // A standard change was approved once for all.
    return { data: {}, facts: { approvedBy: [] }, to: plan.class === 'standard' ? 'approved' : 'submitted' };
  },
  approve: ({ row, actor }, { opinion }) => {
    const plan = planOf(row.facts);
    const approvedBy = [...(plan.approvedBy ?? []), actor.accountId ?? ''];
    const enough = approvedBy.length >= (plan.class === 'emergency' ? EMERGENCY_APPROVERS : 1);
    return { ...noted(opinion), facts: { approvedBy }, to: enough ? 'approved' : 'submitted' };
  },
  reject: (_, { reason }) => noted(reason),
  implement: ({ actor, at }, { note }) => ({
    ...noted(note),
    patch: { owner_id: actor.accountId, owner: actor.name },
    facts: { implementedBy: actor.accountId, implementer: actor.name, beganAt: at.toISOString() },
  }),
  finish: ({ at }, { note }) => ({ ...noted(note), facts: { finishedAt: at.toISOString() } }),
  'roll-back': ({ at }, { reason }) => ({ ...noted(reason), facts: { rolledBackAt: at.toISOString() } }),
  verify: ({ actor }, { evidence }) => ({ ...noted(evidence), facts: { evidence, verifier: actor.name } }),
  cancel: (_, { reason }) => noted(reason),
};

export const changeRules: KindRules = {
  guard(action, row, at) {
    const plan = planOf(row.facts);
    if (action === 'approve') {
      if (plan.approvedBy?.includes(at.accountId ?? '')) return refuse('operations.approved-already');
      return byAnother(plan.author ?? null, at);
    }
    if (action === 'verify') return byAnother(plan.implementedBy ?? null, at);
    if (action !== 'implement') return accept(null);
    const [fromMs, toMs] = [Date.parse(plan.startsAt), Date.parse(plan.endsAt)];
    if (at.nowMs < fromMs || at.nowMs >= toMs) return refuse('operations.outside-planned-time');
    // A freeze declared after the approval stops what was approved before it.
    const frozen = plan.class === 'emergency' ? null : freezeOn(at.nowMs, at.nowMs + 1, at.holidays, at.freezes);
    return frozen ? refuse('operations.frozen', { params: { name: frozen } }) : accept(null);
  },
  effects,
};
