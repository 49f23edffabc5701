import type { ClockStep } from '#contracts/base/lifecycle.ts';
import type { OrderClock } from '#contracts/orders/orders.lifecycle.ts';
import type { Permission } from '#contracts/permissions.ts';
import { newId } from '#server/kernel/ids.ts';
import type { StoredClock } from '#server/platform/casework/index.ts';

/** Whom the step of a clock concerns: who could still stop it. */
const CONCERNS: Readonly<Record<OrderClock, { permission: Permission; atUnit: boolean }>> = {
  dispatch: { permission: 'orders.dispatch', atUnit: false },
  sign: { permission: 'orders.sign', atUnit: true },
  contact: { permission: 'orders.contact', atUnit: true },
  handle: { permission: 'orders.reply', atUnit: true },
  check: { permission: 'orders.check', atUnit: false },
  'follow-up': { permission: 'orders.follow-up', atUnit: false },
};

/** The notice of a clock's step, told once. */
export function noticeOfStep(stored: StoredClock, step: ClockStep, number: string, nowMs: number) {
  const concerns = CONCERNS[stored.name as OrderClock];
  return {
    id: newId(nowMs),
    at: new Date(nowMs),
    level: step.name === 'overdue' ? 'urgent' : 'warning',
    zh: `工单 ${number}：${step.told.zh}`,
    en: `Order ${number}: ${step.told.en}`,
    order_id: stored.caseId,
    permission: concerns.permission,
    region: stored.region,
    unit_code: concerns.atUnit ? stored.unitCode : null,
    once_key: `clock/${stored.caseId}/${stored.name}/${stored.no}/${step.name}/${stored.dueMs}`,
  };
}
