import { PROBLEM_LEVELS, REVIEW_OUTCOMES, type problemLifecycle } from '#contracts/operations/records/problem.lifecycle.ts';
import { accept, refuse, refuseField } from '#server/kernel/decision.ts';
import { noted, type EffectsOf, type KindRules, type RecordContext } from './records.kind.ts';
import { levelOf } from './records.rules.ts';

const effects: EffectsOf<(typeof problemLifecycle)['actions']> = {
  review: async (context, input) => {
    const { outcome, impact, urgency, risk, opinion } = input;
    const level = levelOf(impact, urgency, risk);
    if (outcome === 'merged') await mergeInto(context, input.into);
    if (outcome === 'turned') {
      const { row } = context;
      const opened = await context.open({
        kind: 'change',
        level: row.level,
        title: row.title,
        body: `由问题 ${row.number} 转入`,
        component: row.component,
        source: 'meeting',
      });
      await context.link('turned-into', opened.id);
    }
    return {
      ...noted(`${REVIEW_OUTCOMES[outcome].zh}，${PROBLEM_LEVELS[level]!.zh}：${opinion}`, { outcome, level }),
      patch: { level },
      facts: { impact, urgency, risk, score: impact * urgency + risk },
      to: outcome,
    };
  },
  supplement: (_, { note }) => noted(note),
  schedule: async ({ nameOf }, { owner, plannedOn, hours }) => {
    const name = await nameOf(owner);
    return { ...noted(`${name}，${plannedOn}，${hours} 小时`), patch: { owner_id: owner, owner: name }, facts: { plannedOn, hours } };
  },
  begin: (_, { note }) => noted(note),
  finish: (_, { cause, effect, remedy }) => ({ ...noted(remedy), facts: { cause, effect, remedy } }),
  'fail-test': (_, { reason }) => noted(reason),
  release: ({ at }, { evidence }) => ({ ...noted(evidence), facts: { releasedAt: at.toISOString() } }),
  confirm: (_, { rating, note }) => ({ ...noted(note, { rating }), facts: { rating } }),
  refute: (_, { reason }) => noted(reason),
  'follow-up': (_, { note }) => noted(note),
  close: (_, { evidence }) => ({ ...noted(evidence), facts: { evidence } }),
  escalate: (_, { to, cause }) => ({ ...noted(cause, { to }), facts: { escalatedTo: to } }),
};

async function mergeInto({ byNumber, link, row }: RecordContext, number: string | undefined): Promise<void> {
  if (number === undefined) throw refuseField('input.into', 'base.invalid-input');
  const into = await byNumber(number);
  if (!into || into.kind !== 'problem' || into.id === row.id) throw refuseField('input.into', 'operations.no-such-record', { number });
  await link('merged-into', into.id);
}

export const problemRules: KindRules = {
  guard(action, row, at) {
    // What the centre found by itself has no reporter: whoever handles it answers for that.
    const asksReporter = action === 'supplement' || action === 'confirm' || action === 'refute';
    if (asksReporter && row.reporterId !== null && row.reporterId !== at.accountId && !at.isPlatform)
      return refuse('operations.reporter-only');
    return accept(null);
  },
  effects,
};
