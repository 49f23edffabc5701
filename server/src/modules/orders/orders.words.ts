import type { ActionFacts, ClockStep } from '#contracts/base/lifecycle.ts';
import { orderLifecycle, type OrderAction } from '#contracts/orders/orders.lifecycle.ts';
import { clockTable } from './orders.clocks.ts';

/** The words of an event: those of the lifecycle's action, of its request and refusal, or of the clock's step. */
export function wordsOf(name: string): { zh: string; en: string; public: boolean } {
  const [family = '', rest = ''] = name.split('.');
  if (name === 'appeals.supplement') return { zh: '诉求人补充了材料', en: 'The citizen added something', public: true };
  if (name === 'appeals.file') return { zh: '诉求已提交', en: 'The appeal was filed', public: true };
  if (family === 'orders' && rest in orderLifecycle.actions) {
    const facts: ActionFacts = orderLifecycle.actions[rest as OrderAction];
    return { ...facts.told, public: facts.public ?? false };
  }
  const [, kind = '', action = ''] = /^(ask|decline|lapse)-(.+)$/.exec(rest) ?? [];
  const second = action in orderLifecycle.actions ? (orderLifecycle.actions[action as OrderAction] as ActionFacts).second : undefined;
  if (family === 'orders' && second) {
    const shown = { public: second.public ?? false };
    if (kind === 'ask') return { ...second.asked, ...shown };
    if (kind === 'decline') return { ...second.declined, ...shown };
    return { zh: `${second.asked.zh}，逾期未审批，已失效`, en: `${second.asked.en}; nobody decided in time, it lapsed`, ...shown };
  }
  for (const [clock, facts] of Object.entries(clockTable)) {
    const step: ClockStep | undefined = facts.steps.find((candidate) => rest === `${clock}-${candidate.name}`);
    if (step) return { ...step.told, public: false };
  }
  return { zh: name, en: name, public: false };
}
