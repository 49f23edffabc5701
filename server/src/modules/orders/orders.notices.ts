import type { ActionFacts, ClockStep } from '#contracts/base/lifecycle.ts';
import { orderLifecycle, type OrderAction, type OrderClock } from '#contracts/orders/orders.lifecycle.ts';
import type { Permission } from '#contracts/permissions.ts';
import type { StoredClock } from '#server/platform/casework/index.ts';
import type { StoredEvent } from '#server/platform/events/events.ts';
import type { Notice } from '#server/platform/notices/notices.ts';

/** Whom the step of a clock concerns: who could still stop it. */
const CONCERNS: Readonly<Record<OrderClock, { permission: Permission; atUnit: boolean }>> = {
  dispatch: { permission: 'orders.dispatch', atUnit: false },
  sign: { permission: 'orders.sign', atUnit: true },
  contact: { permission: 'orders.contact', atUnit: true },
  handle: { permission: 'orders.reply', atUnit: true },
  'dispatch-review': { permission: 'orders.check', atUnit: false },
  return: { permission: 'orders.return', atUnit: true },
  'return-review': { permission: 'orders.dispatch', atUnit: false },
  coordination: { permission: 'orders.coordinate', atUnit: false },
  'task-sign': { permission: 'orders.sign', atUnit: true },
  'task-handle': { permission: 'orders.reply', atUnit: true },
  suspension: { permission: 'orders.reply', atUnit: true },
  check: { permission: 'orders.check', atUnit: false },
  'follow-up': { permission: 'orders.follow-up', atUnit: false },
  'redo-review': { permission: 'orders.check', atUnit: false },
  oversight: { permission: 'orders.oversee', atUnit: false },
};

/** The notice of a clock's step, told once. */
export function noticeOfStep(stored: StoredClock, step: ClockStep, number: string, nowMs: number): Notice {
  const concerns = CONCERNS[stored.name as OrderClock];
  return {
    at: new Date(nowMs),
    level: step.name.startsWith('overdue') ? 'urgent' : 'warning',
    zh: `工单 ${number}：${step.told.zh}`,
    en: `Order ${number}: ${step.told.en}`,
    orderId: stored.caseId,
    permission: concerns.permission,
    region: stored.region,
    unitCode: concerns.atUnit ? stored.unitCode : null,
    onceKey: `clock/${stored.caseId}/${stored.name}/${stored.no}/${step.name}/${stored.dueMs}`,
  };
}

type Concern = { permission: Permission; level: 'info' | 'warning' | 'urgent'; atUnit: boolean };

/** Whom an event concerns who did not do it himself; null where nobody waits for it. */
export function concernOf(name: string): Concern | null {
  const [, rest = ''] = name.split('.');
  const asked = /^ask-(.+)$/.exec(rest)?.[1];
  if (asked !== undefined) {
    const { second } = orderLifecycle.actions[asked as OrderAction] as ActionFacts;
    return second ? { permission: second.permission, level: 'warning', atUnit: false } : null;
  }
  // What was asked for by a unit and came to nothing.
  if (/^(decline|lapse)-(return|extend|suspend)$/.test(rest)) return { permission: 'orders.reply', level: 'warning', atUnit: true };
  return EVENT_CONCERNS[rest as OrderAction] ?? null;
}

const atUnit = (permission: Permission, level: Concern['level'] = 'info'): Concern => ({ permission, level, atUnit: true });
const EVENT_CONCERNS: Readonly<Partial<Record<OrderAction, Concern>>> = {
  dispatch: atUnit('orders.sign'),
  force: atUnit('orders.sign', 'warning'),
  redo: atUnit('orders.sign', 'warning'),
  reopen: atUnit('orders.sign', 'warning'),
  assist: atUnit('orders.sign'),
  'pass-on': atUnit('orders.sign'),
  'task-reply': { permission: 'orders.dispatch', level: 'info', atUnit: false },
  fail: atUnit('orders.reply', 'warning'),
  urge: atUnit('orders.reply', 'warning'),
  extend: atUnit('orders.reply'),
  suspend: atUnit('orders.reply'),
  resume: atUnit('orders.reply'),
  oversee: atUnit('orders.reply', 'urgent'),
  instruct: atUnit('orders.reply', 'urgent'),
  'oversight-reply': { permission: 'orders.oversee', level: 'info', atUnit: false },
  coordinate: { permission: 'orders.coordinate', level: 'warning', atUnit: false },
};

/** The notice of an event, or null where it concerns nobody. What concerns a unit goes to the desk while no unit has it. */
export function noticeOfEvent(event: StoredEvent, number: string, words: { zh: string; en: string }): Notice | null {
  const concern = concernOf(event.name);
  if (concern === null) return null;
  const unit = concern.atUnit ? event.unitCode : null;
  return {
    at: event.at,
    level: concern.level,
    zh: `工单 ${number}：${words.zh}`,
    en: `Order ${number}: ${words.en}`,
    orderId: event.caseId,
    permission: concern.atUnit && unit === null ? 'orders.dispatch' : concern.permission,
    region: event.region,
    unitCode: unit,
    onceKey: `event/${event.id}`,
  };
}
