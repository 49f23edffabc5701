import { FAULT_LEVELS, type faultLifecycle } from '#contracts/operations/records/fault.lifecycle.ts';
import { PAUSES } from '#contracts/operations/records/records.values.ts';
import { accept, refuse } from '#server/kernel/decision.ts';
import { byAnother, noted, type EffectsOf, type KindRules } from './records.kind.ts';

/** From these levels on a fault is closed with a post-mortem (DOMAIN §5.1). */
const REVIEWED_TO_LEVEL = 2;

const goesOn = { paused: null } as const;
const effects: EffectsOf<(typeof faultLifecycle)['actions']> = {
  respond: ({ actor, at }, { note }) => ({
    ...noted(note),
    patch: { owner_id: actor.accountId, owner: actor.name },
    facts: { respondedAt: at.toISOString() },
  }),
  arrive: (_, { note }) => noted(note),
  inform: (_, { note }) => noted(note),
  'hand-to': async ({ nameOf }, { account, note }) => {
    const name = await nameOf(account);
    return { ...noted(`${name}：${note}`), patch: { owner_id: account, owner: name } };
  },
  regrade: ({ row }, { level, reason }) => ({
    ...noted(`${FAULT_LEVELS[row.level]?.zh} → ${FAULT_LEVELS[level]?.zh}：${reason}`, { from: row.level, level }),
    patch: { level },
  }),
  suspend: (_, { cause, note }) => ({
    ...noted(`${PAUSES[cause as keyof typeof PAUSES].zh}：${note}`, { cause }),
    patch: { paused: cause },
  }),
  resume: (_, { note }) => ({ ...noted(note), patch: goesOn }),
  'work-around': ({ at }, { note }) => ({ ...noted(note), patch: goesOn, facts: { workedAroundAt: at.toISOString() } }),
  fix: ({ actor, at }, { cause, remedy }) => ({
    ...noted(remedy),
    patch: goesOn,
    facts: { cause, remedy, fixedAt: at.toISOString(), fixedBy: actor.accountId, fixer: actor.name },
  }),
  verify: ({ row, actor }, { evidence }) => ({
    ...noted(evidence),
    facts: { evidence, verifier: actor.name },
    to: row.level <= REVIEWED_TO_LEVEL ? 'verified' : 'closed',
  }),
  'fail-verify': (_, { reason }) => ({ ...noted(reason), facts: { fixedBy: null, fixedAt: null } }),
  review: async ({ row, open, link, nameOf }, { summary, impact, rootCause, measures }) => {
    for (const { title, owner, due } of measures) {
      const opened = await open({
        kind: 'problem',
        level: 3,
        title,
        body: `故障 ${row.number} 复盘改进措施`,
        component: row.component,
        source: 'post-mortem',
        ...(owner ? { owner: { id: owner, name: await nameOf(owner) } } : {}),
        facts: due ? { wantedBy: due } : {},
      });
      await link('action-of', opened.id);
    }
    return { ...noted(summary), facts: { summary, impact, rootCause } };
  },
  dismiss: (_, { reason }) => ({ ...noted(reason), patch: goesOn }),
  escalate: ({ row }, { to, cause }) => ({
    ...noted(cause, { to }),
    facts: { escalatedTo: row.facts['escalatedTo'] === 'owner' ? 'owner' : to },
  }),
};

export const faultRules: KindRules = {
  guard(action, row, at) {
    if (action === 'verify' || action === 'fail-verify') return byAnother(row.facts['fixedBy'] ?? null, at);
    if (action === 'resume') return row.paused === null ? refuse('operations.not-paused') : accept(null);
    // The limits of the new level would not stand while the old ones do.
    if (action === 'suspend' || action === 'regrade') return row.paused === null ? accept(null) : refuse('operations.paused');
    return accept(null);
  },
  effects,
};
