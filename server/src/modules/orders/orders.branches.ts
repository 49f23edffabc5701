import type { branchActions } from '#contracts/orders/orders.branches.ts';
import type { privacyActions } from '#contracts/orders/orders.privacy.ts';
import type { OrderClock } from '#contracts/orders/orders.lifecycle.ts';
import { addWorkdays, beijingDate, dueAfter, endOfDay, workdaysBetween } from '#server/kernel/calendar.ts';
import { Refusal, refuseField } from '#server/kernel/decision.ts';
import { isOpen, type ClockRule } from '#server/platform/casework/index.ts';
import { halved, ruleOf } from './orders.clocks.ts';
import { addOversight, addReturn, answerOversight, decideReturn, endOversight, returnsOf } from './orders.branches.store.ts';
import { checkDispatch, handledBy, handTo, type Effect, type EffectContext, type EffectOf } from './orders.effects.ts';
import { joinEffect, leaveEffect, mergeEffect, shareEffect, unmergeEffect } from './orders.merging.ts';
import { askPurge, purgeEffect } from './orders.purge.ts';
import { ownTask, urgeDay } from './orders.rules.ts';
import * as store from './orders.store.ts';
import { addPart, assistClocks, mainTask, moveMain, takeBackParts } from './orders.tasks.ts';

type BranchAction = keyof typeof branchActions | keyof typeof privacyActions;

const HOUR = 3_600_000;
const nothing: Effect = { patch: {}, data: {} };

/** The writes of each branch, when it is done: where two people are needed, by the second one's word. */
export const branchEffects: { readonly [A in BranchAction]: EffectOf<A> } = {
  async 'transfer-call'(_context, input) {
    return { patch: {}, data: { transferredTo: input.to, mode: input.mode, note: input.note ? `${input.to}：${input.note}` : input.to } };
  },
  async assist(context, input) {
    checkDispatch(context, input.unit, 'input.unit');
    const no = await addPart(context, input.unit, 'assist', 'input.unit');
    return { patch: {}, data: { note: input.opinion ?? null }, unitCode: input.unit, turns: assistClocks(no, input.unit) };
  },
  async 'pass-on'(context, input) {
    const main = await mainTask(context);
    context.reference.checkUnit(input.unit, 'input.unit');
    if (!input.unit.startsWith(main.unit_code) || input.unit === main.unit_code) throw refuseField('input.unit', 'orders.unit-not-lower');
    const rule = await lowerLimit(context, input.amount);
    const no = await addPart(context, input.unit, 'lower', 'input.unit', main.no);
    return {
      patch: {},
      data: { note: input.opinion ?? null },
      unitCode: input.unit,
      turns: [
        { kind: 'start', name: 'task-sign', no, unitCode: input.unit },
        { kind: 'start', name: 'task-handle', no, unitCode: input.unit, rule },
      ],
    };
  },
  async 'task-sign'(context, input) {
    const task = partOf(context, 'pending-sign');
    await store.patchTask(context.tx, context.order.id, task.no, { state: 'handling', signed_at: context.at, ...handledBy(context.actor) });
    return {
      patch: {},
      data: { note: input.opinion ?? null },
      unitCode: task.unitCode,
      turns: [{ kind: 'stop', name: 'task-sign', no: task.no }],
    };
  },
  async 'task-reply'(context, input) {
    const task = partOf(context, 'handling');
    const opinion = input.basis ? `${input.text}\n${input.basis}` : input.text;
    await store.patchTask(context.tx, context.order.id, task.no, { state: 'replied', replied_at: context.at, opinion });
    return { patch: {}, data: {}, unitCode: task.unitCode, turns: [{ kind: 'stop', name: 'task-handle', no: task.no }] };
  },
  async 'task-withdraw'(context, input) {
    const { units } = unitsOf(context);
    const task = context.facts.tasks.find((one) => one.no === input.task && one.role !== 'main');
    const reachable = task && (units === null || (task.unitCode >= units.lo && task.unitCode < units.hi && task.role === 'lower'));
    if (!task || !reachable || (task.state !== 'pending-sign' && task.state !== 'handling'))
      throw refuseField('input.task', 'orders.no-such-task');
    await store.patchTask(context.tx, context.order.id, task.no, { state: 'withdrawn' });
    return {
      patch: {},
      data: { note: input.reason },
      unitCode: task.unitCode,
      turns: [
        { kind: 'end', name: 'task-sign', no: task.no },
        { kind: 'end', name: 'task-handle', no: task.no },
      ],
    };
  },
  async return(context) {
    const { tx, order, actor, at } = context;
    const request = (await returnsOf(tx, order.id)).findLast((one) => one.verdict === null);
    await decideReturn(tx, order.id, 'agreed', actor.name, at);
    const task = await moveMain(context, 'return');
    // What was rightly given back feeds the revision of the catalogue that sent it there.
    if (request) {
      await context.reference.recordObjection(tx, {
        orderId: order.id,
        category: order.category,
        region: order.region,
        unitCode: task.unit_code,
        suggestedUnit: request.suggested_unit,
        reason: request.opinion,
        legalBasis: request.legal_basis,
        at,
      });
    }
    const turns = await takeBackParts(context, { keepMain: true });
    return { patch: { main_unit: null, return_count: order.returnCount + 1 }, data: {}, unitCode: task.unit_code, turns };
  },
  async coordinate(context, input) {
    const { tx, order, actor, at, reference } = context;
    input.units.forEach((unit, index) => reference.checkUnit(unit, `input.units.${index}`));
    if (order.state === 'return-pending') {
      await decideReturn(tx, order.id, 'coordinated', actor.name, at);
      await moveMain(context, 'return');
    }
    const turns = await takeBackParts(context, { keepMain: true });
    return { patch: { main_unit: null }, data: { units: input.units, note: input.question }, turns };
  },
  async force(context, input) {
    checkDispatch(context, input.unit, 'input.unit');
    return handTo(context, input, { forced: true }, { note: input.decision, basis: input.basis });
  },
  async extend(context, input) {
    const handle = openHandle(context);
    checkExtension(handle.rule, input.amount);
    return {
      patch: { extension_count: context.order.extensionCount + 1 },
      data: { amount: input.amount, mode: handle.rule.mode, note: input.reason, informed: input.informed },
      unitCode: context.order.mainUnit,
      turns: [{ kind: 'extend', amount: input.amount }],
    };
  },
  async suspend(context, input) {
    return {
      patch: { suspended: true },
      data: { cause: input.cause, days: input.days, note: input.reason },
      unitCode: context.order.mainUnit,
      rules: new Map<OrderClock, ClockRule>([['suspension', ruleOf('hour', input.days * 24)]]),
    };
  },
  async resume({ order }, input) {
    return { patch: { suspended: false }, data: { note: input.opinion ?? null }, unitCode: order.mainUnit };
  },
  async urge({ order, at, reference }, input) {
    const day = urgeDay(at.getTime(), await reference.holidays());
    return { patch: { urge_count: order.urgeCount + 1, urged_on: day }, data: { note: input.note }, unitCode: order.mainUnit };
  },
  oversee: (context, input) => putUnderOversight(context, input.level, input.cause, input.requirement),
  instruct: (context, input) => putUnderOversight(context, Math.max(2, context.order.oversightLevel), 'leader', input.requirement),
  async 'oversight-reply'({ tx, order, actor, at }, input) {
    await answerOversight(tx, order.id, input.text, actor.name, at);
    return { patch: {}, data: { note: input.text }, unitCode: order.mainUnit };
  },
  async 'oversight-close'({ tx, order, at }, input) {
    await endOversight(tx, order.id, 'closed', input.opinion, at);
    return { patch: { oversight_level: 0 }, data: { note: input.opinion } };
  },
  async redo(context, input) {
    const { order } = context;
    const first = context.clocks.find((clock) => clock.name === 'handle');
    const again = await handTo(
      context,
      { unit: await lastMainUnit(context) },
      { redo_no: order.redoNo + 1, attempts: 0, replied_at: null },
      { note: input.reason },
    );
    return { ...again, ...(first ? { rules: new Map<OrderClock, ClockRule>([['handle', halved(first.rule)]]) } : {}) };
  },
  async 'close-unreasonable'({ at }, input) {
    return { patch: { closed_at: at, excluded: 'reasonable' }, data: { note: input.reason, basis: input.basis } };
  },
  async exclude(_context, input) {
    return { patch: { excluded: input.cause }, data: { cause: input.cause, note: input.reason } };
  },
  async reopen(context, input) {
    const patch = { closed_at: null, archived_at: null, replied_at: null, attempts: 0, redo_no: context.order.redoNo + 1 };
    const unit = await lastMainUnit(context).catch(() => null);
    if (unit === null) return { to: 'pending-dispatch', patch, data: { note: input.reason } };
    return { ...(await handTo(context, { unit }, patch, { note: input.reason })), to: 'dispatched' };
  },
  merge: mergeEffect,
  unmerge: unmergeEffect,
  join: joinEffect,
  leave: leaveEffect,
  share: shareEffect,
  async withdraw(context, input) {
    await takeBackParts(context, { keepMain: false });
    return { patch: { closed_at: context.at, suspended: false }, data: { note: input.reason } };
  },
  async flag({ order }, input) {
    // Else whoever may mark could lift the mark, look, and set it again.
    if (input.confidential === false && order.confidential) throw refuseField('input.confidential', 'orders.stays-confidential');
    return {
      patch: {
        ...(input.sensitive === undefined ? {} : { sensitive: input.sensitive }),
        ...(input.group === undefined ? {} : { is_group: input.group }),
        ...(input.confidential === undefined ? {} : { confidential: input.confidential }),
      },
      data: { sensitive: input.sensitive, group: input.group, confidential: input.confidential, note: input.note ?? null },
    };
  },
  // What was approved is read from the request itself, by whoever asked for it.
  'reveal-contact': async () => nothing,
  purge: purgeEffect,
  preserve: async (_context, input) => ({ patch: { preserved: true }, data: { note: input.reason, basis: input.basis } }),
  'end-preservation': async (_context, input) => ({ patch: { preserved: false }, data: { note: input.reason } }),
};

type Asking = { readonly [A in BranchAction]?: (context: EffectContext, input: Parameters<EffectOf<A>>[1]) => Promise<Effect> };

/** What is written when a second person is asked; what he needs in order to decide. */
export const askEffects: Asking = {
  // The reason stays in the request: a timeline is read by many.
  'reveal-contact': async () => nothing,
  purge: askPurge,
  async return({ tx, order, actor, at, reference }, input) {
    if (input.suggestedUnit) reference.checkUnit(input.suggestedUnit, 'input.suggestedUnit');
    await addReturn(tx, {
      orderId: order.id,
      region: order.region,
      unitCode: order.mainUnit ?? '',
      reason: input.reason,
      legalBasis: input.legalBasis,
      suggestedUnit: input.suggestedUnit ?? null,
      opinion: input.opinion,
      byName: actor.name,
      at,
    });
    return { patch: {}, data: { reason: input.reason, suggestedUnit: input.suggestedUnit ?? null, note: input.opinion } };
  },
  async extend(context, input) {
    checkExtension(openHandle(context).rule, input.amount);
    return { patch: {}, data: { amount: input.amount, note: input.reason } };
  },
};

/** What is written when he declines. */
export const declineEffects: { readonly [A in BranchAction]?: (context: EffectContext) => Promise<Effect> } = {
  async return({ tx, order, actor, at }) {
    await decideReturn(tx, order.id, 'declined', actor.name, at);
    return nothing;
  },
};

async function putUnderOversight(context: EffectContext, level: number, cause: string, requirement: string): Promise<Effect> {
  const { tx, order, actor, at } = context;
  if (cause !== 'leader' && level <= order.oversightLevel) throw new Refusal({ code: 'orders.oversight-level' });
  await endOversight(tx, order.id, 'raised', null, at);
  await addOversight(tx, { orderId: order.id, region: order.region, level, cause, requirement, byName: actor.name, at });
  return { patch: { oversight_level: level }, data: { level, cause, note: requirement }, unitCode: order.mainUnit };
}

function openHandle({ clocks, order }: EffectContext) {
  const handle = clocks.findLast((clock) => clock.name === 'handle' && isOpen(clock));
  if (!handle) throw new Error(`Order ${order.id} is handled and has no open clock for it`);
  return handle;
}

/** An extension is no longer than the limit itself (DOMAIN §1.3). */
function checkExtension(rule: ClockRule, amount: number): void {
  if (amount > rule.amount) throw refuseField('input.amount', 'orders.extension-too-long', { limit: `${rule.amount} ${rule.mode}` });
}

/**
 * The limit of a lower unit: it ends a working day before the main unit's, or an hour where that one counts hours.
 *
 * @throws Refusal when that leaves no time, or the wish goes beyond it
 */
async function lowerLimit(context: EffectContext, wish: number | undefined): Promise<ClockRule> {
  const handle = openHandle(context);
  const holidays = await context.reference.holidays();
  const nowMs = context.at.getTime();
  const byDays = handle.rule.mode === 'workday';
  // The working days that lie whole between now and the last but one of the main unit's.
  let most = byDays
    ? workdaysBetween(beijingDate(nowMs), beijingDate(handle.dueMs), holidays) - 1
    : Math.floor((handle.dueMs - nowMs) / HOUR) - 1;
  if (byDays) {
    // A start in the evening or on a day off counts from the next working day, which costs one more.
    const last = endOfDay(addWorkdays(beijingDate(nowMs), Math.max(0, most), holidays).day);
    while (most > 0 && dueAfter(nowMs, { mode: 'workday', amount: most }, holidays).dueMs > last) most--;
  }
  const amount = wish ?? most;
  const unit = byDays ? '个工作日' : '小时';
  if (most < 1 || amount > most)
    throw refuseField('input.amount', 'orders.lower-limit', {
      limit: { zh: `${Math.max(0, most)} ${unit}`, en: `${Math.max(0, most)} ${byDays ? 'working days' : 'hours'}` },
    });
  return ruleOf(byDays ? 'workday' : 'hour', amount);
}

function unitsOf({ actor }: EffectContext) {
  const { unitLo, unitHi } = actor.scope;
  return { units: unitLo !== undefined && unitHi !== undefined ? { lo: unitLo, hi: unitHi } : null };
}

function partOf(context: EffectContext, state: 'pending-sign' | 'handling') {
  const { units } = unitsOf(context);
  const task = units ? ownTask(context.facts, units, state) : undefined;
  if (!task) throw new Refusal({ code: 'orders.no-task-of-yours' });
  return task;
}

/** The unit that had the order last: a redo goes back to it. */
async function lastMainUnit({ tx, order }: EffectContext): Promise<string> {
  const task = (await store.tasksOf(tx, order.id)).findLast((one) => one.role === 'main' && one.state === 'done');
  const unit = task?.unit_code ?? order.mainUnit;
  if (!unit) throw new Refusal({ code: 'base.not-found' });
  return unit;
}
