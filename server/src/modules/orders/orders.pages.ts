import { orderLifecycle, type OrderAction, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import type { CitizenView } from '#contracts/appeals/appeals.api.ts';
import { textOf } from '#contracts/codes.ts';
import { REVEALED_FOR_MINUTES } from '#contracts/orders/orders.privacy.ts';
import type { OrderView, TimelineLine } from '#contracts/orders/orders.api.ts';
import type { ActionFacts } from '#contracts/base/lifecycle.ts';
import type { Permission } from '#contracts/permissions.ts';
import type { Actor } from '#server/platform/actor.ts';
import { allowedActions, approvalsOf, clocksOf, isRunning, lightOf, openApprovals } from '#server/platform/casework/index.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { ratingOf, type OrderSide } from '../appeals/index.ts';
import type { Reference } from '../reference/index.ts';
import { approvalView } from './orders.approvals.ts';
import { isWithdrawalAsked, mergedInto, oversightsOf, returnsOf } from './orders.branches.store.ts';
import { factsFor } from './orders.facts.ts';
import { receiptOf } from './orders.purge.ts';
import { guard, needsSecond, urgeDay } from './orders.rules.ts';
import type { Orders } from './orders.service.ts';
import { factsOf, tasksOf } from './orders.store.ts';
import { eventsOf, followUpsOf, orderRow, orderTitles, refusalOf, repliesOf, rowView } from './orders.views.ts';
import { wordsOf } from './orders.words.ts';

const FOLLOW_UP_SEERS: readonly Permission[] = ['orders.follow-up', 'orders.check', 'orders.dispatch', 'orders.archive'];

/** Everything the order page shows this person, or null where he sees no such order. */
export async function orderPage(
  tx: Tx,
  actor: Actor,
  id: string,
  nowMs: number,
  language: 'zh' | 'en',
  { reference, orders }: { reference: Reference; orders: Orders },
): Promise<OrderView | null> {
  const row = await orderRow(tx, id);
  if (!row) return null;
  const iso = (date: Date | null) => date?.toISOString() ?? null;
  const unit = (code: string) => ({ code, name: reference.unitName(code) ?? code });
  const atUnit = actor.scopeKind === 'unit' || actor.scopeKind === 'peer';
  const order = factsOf(row);
  const clocks = await clocksOf(tx, id);
  const asked = (await openApprovals(tx, id)).map((approval) => approval.action);
  const facts = await factsFor(tx, order, clocks, asked, nowMs, reference);
  const guarded = await orders.guardedAt(actor);
  const partDue = (no: number) => clocks.find((clock) => clock.name === 'task-handle' && clock.no === no && isRunning(clock))?.dueMs;
  return {
    ...rowView(row, nowMs, reference.unitName),
    content: row.content,
    expectation: row.expectation,
    address: row.address,
    eventAt: iso(row.event_at),
    sourceNumber: row.source_number,
    anonymous: row.anonymous,
    acceptedAt: iso(row.accepted_at),
    dispatchedAt: iso(row.dispatched_at),
    repliedAt: iso(row.replied_at),
    closedAt: iso(row.closed_at),
    archivedAt: iso(row.archived_at),
    tasks: (await tasksOf(tx, id)).map((task) => ({
      no: task.no,
      unit: unit(task.unit_code),
      role: task.role as 'main',
      opinion: task.opinion,
      dueAt: iso(partDue(task.no) === undefined ? null : new Date(partDue(task.no)!)),
      state: task.state,
      dispatchedAt: task.dispatched_at.toISOString(),
      signedAt: iso(task.signed_at),
      contactedAt: iso(task.contacted_at),
      repliedAt: iso(task.replied_at),
    })),
    replies: (await repliesOf(tx, id)).map((reply) => ({
      no: reply.no,
      resultType: reply.result_type,
      text: reply.text,
      basis: reply.basis,
      unitName: reference.unitName(reply.unit_code) ?? '12345',
      by: reply.by_name,
      at: reply.at.toISOString(),
      checked: reply.checked as 'passed' | null,
      checkOpinion: reply.check_opinion,
    })),
    // Units have no right to read the notes of follow-up calls, so they are not asked for.
    followUps:
      atUnit || !FOLLOW_UP_SEERS.some((permission) => actor.permissions.has(permission))
        ? []
        : (await followUpsOf(tx, id)).map((visit) => ({
            no: visit.no,
            mode: visit.mode,
            result: visit.result,
            note: visit.note,
            by: visit.by_name,
            at: visit.at.toISOString(),
          })),
    returns: (actor.scopeKind === 'peer' ? [] : await returnsOf(tx, id)).map((request) => ({
      no: request.no,
      unitName: unit(request.unit_code).name,
      reason: request.reason,
      legalBasis: request.legal_basis,
      suggestedUnit: request.suggested_unit ? unit(request.suggested_unit) : null,
      opinion: request.opinion,
      by: request.by_name,
      at: request.at.toISOString(),
      verdict: request.verdict as 'agreed' | null,
      decidedBy: request.decided_by,
    })),
    oversights: (actor.scopeKind === 'peer' ? [] : await oversightsOf(tx, id)).map((oversight) => ({
      no: oversight.no,
      level: oversight.level,
      cause: oversight.cause,
      requirement: oversight.requirement,
      by: oversight.by_name,
      at: oversight.at.toISOString(),
      answer: oversight.answer,
      answeredBy: oversight.answered_by,
      answeredAt: iso(oversight.answered_at),
      ended: oversight.ended as 'closed' | null,
      endedOpinion: oversight.ended_opinion,
    })),
    approvals: (actor.scopeKind === 'peer' ? [] : await approvalsOf(tx, id)).map((approval) =>
      approvalView(approval, row.number, actor, reference),
    ),
    // Whose matters are handled together is the hotline's business: units see the order that stands for all.
    master: atUnit || !row.master_id ? null : ((await orderTitles(tx, [row.master_id]))[0] ?? null),
    merged:
      atUnit || row.merged_count === 0
        ? []
        : await orderTitles(
            tx,
            (await mergedInto(tx, id)).map((one) => one.id),
          ),
    excluded: row.excluded,
    preserved: row.preserved,
    purgedAt: iso(row.purged_at),
    purge: row.purged_at === null || atUnit ? null : await receiptOf(tx, id),
    forced: row.forced,
    refusal: atUnit && actor.scopeKind === 'unit' ? null : ((await refusalOf(tx, id)) ?? null),
    rating: await ratingOf(tx, id),
    clocks: clocks.map((clock) => ({
      name: clock.name,
      startedAt: new Date(clock.t0Ms).toISOString(),
      dueAt: new Date(clock.dueMs).toISOString(),
      provisional: clock.provisional,
      stoppedAt: clock.stoppedMs === null ? null : new Date(clock.stoppedMs).toISOString(),
      light: clock.stoppedMs === null ? lightOf(clock.dueMs, clock.yellowMs, nowMs) : 'none',
      result: clock.result,
      unitName: clock.name.startsWith('task-') && clock.unitCode ? unit(clock.unitCode).name : null,
      limit: `${clock.rule.amount} ${clock.rule.mode}`,
      rule: `${clock.rule.id}/${clock.rule.version}`,
    })),
    actions: dangerLast(
      row.purged_at ? [] : allowedActions<OrderState, OrderAction>(orderLifecycle, row.state as OrderState, actor.permissions),
    ).map((action) => {
      const verdict = guard(action, facts, guarded);
      const described: ActionFacts = orderLifecycle.actions[action];
      return {
        action,
        name: described.name,
        danger: described.danger ?? false,
        second: needsSecond(action, order, {}),
        refusal: verdict.ok ? null : { code: verdict.refusal.code, text: textOf(verdict.refusal.code, language, verdict.refusal.params) },
      };
    }),
  };
}

/** What leads on stands first under the hand; what cannot be taken back stands last. */
function dangerLast(actions: readonly OrderAction[]): OrderAction[] {
  const isDanger = (action: OrderAction) => 'danger' in orderLifecycle.actions[action];
  return [...actions.filter((action) => !isDanger(action)), ...actions.filter(isDanger)];
}

export async function timelineOf(tx: Tx, id: string, reference: Reference): Promise<TimelineLine[]> {
  return (await eventsOf(tx, id)).map((event) => {
    const words = wordsOf(event.name);
    const note = (event.data as { note?: unknown }).note;
    return {
      id: event.id,
      at: event.at.toISOString(),
      kind: event.name,
      zh: words.zh,
      en: words.en,
      actor: event.actor,
      unitName: reference.unitName(event.unit_code),
      from: event.from_state,
      to: event.to_state,
      note: typeof note === 'string' ? note : null,
    };
  });
}

const SHOWN: readonly OrderState[] = ['pending-follow-up', 'following-up', 'redo', 'closed', 'answered', 'archived'];

/** The reply that the citizen is shown: the last one, once it passed the check. */
async function shownReply(tx: Tx, id: string, state: OrderState) {
  return SHOWN.includes(state) ? (await repliesOf(tx, id)).at(-1) : undefined;
}

/** What attachments and supplements ask of the order beside their appeal. */
export const orderSide: OrderSide = {
  async standing(tx, id) {
    const row = await orderRow(tx, id);
    const tone = row ? orderLifecycle.states[row.state as OrderState].tone : 'stopped';
    return { open: tone === 'waiting' || tone === 'working', unitCode: row?.main_unit ?? null };
  },
  async shownReplyNo(tx, id) {
    const row = await orderRow(tx, id);
    return row ? ((await shownReply(tx, id, row.state as OrderState))?.no ?? null) : null;
  },
  async reveal(tx, id, accountId, nowMs) {
    const row = await orderRow(tx, id);
    const nobody = { needsSecond: row?.confidential ?? false, asked: false, until: null, reason: null, approval: null };
    if (!row?.confidential) return nobody;
    const requests = (await approvalsOf(tx, id)).filter((request) => request.action === 'reveal-contact');
    const asked = requests.some((request) => request.state === 'open' && (request.lapses_at?.getTime() ?? Infinity) > nowMs);
    const own = requests.findLast((request) => request.state === 'approved' && request.asked_by === accountId && accountId !== null);
    const untilMs = (own?.decided_at?.getTime() ?? 0) + REVEALED_FOR_MINUTES * 60_000;
    if (!own || untilMs <= nowMs) return { ...nobody, asked };
    const { reason } = own.input as { reason: string };
    return { needsSecond: true, asked, until: new Date(untilMs).toISOString(), reason, approval: own.id };
  },
};

/** What a citizen sees of his own appeal: plain words, no names of officials, no internal steps. */
export async function citizenPage(tx: Tx, id: string, nowMs: number, reference: Reference): Promise<CitizenView> {
  const row = await orderRow(tx, id);
  if (!row) throw new Error(`Appeal ${id} has no order`);
  const state = row.state as OrderState;
  const rating = await ratingOf(tx, id);
  const round = await ratingOf(tx, id, row.redo_no);
  const withdrawalAsked = await isWithdrawalAsked(tx, id);
  const reply = await shownReply(tx, id, state);
  const handle = (await clocksOf(tx, id)).findLast((clock) => clock.name === 'handle' && clock.stoppedMs === null);
  return {
    number: row.number,
    state,
    title: row.title,
    content: row.content,
    type: row.type,
    region: row.region,
    address: row.address,
    filedAt: row.filed_at.toISOString(),
    dueAt: handle ? new Date(handle.dueMs).toISOString() : null,
    unitName: reference.unitName(row.main_unit),
    answer: reply
      ? { text: reply.text, basis: reply.basis, by: reference.unitName(reply.unit_code) ?? '12345 热线', at: reply.at.toISOString() }
      : null,
    refusal: (await refusalOf(tx, id)) ?? null,
    ratable: round === null && state in orderLifecycle.actions.rate.moves,
    urgeable:
      state in orderLifecycle.actions.urge.moves && !SHOWN.includes(state) && row.urged_on !== urgeDay(nowMs, await reference.holidays()),
    withdrawable: state in orderLifecycle.actions.withdraw.moves && !withdrawalAsked,
    withdrawalAsked,
    rating,
    timeline: (await eventsOf(tx, id)).map((event) => {
      const words = wordsOf(event.name);
      return { at: event.at.toISOString(), zh: words.zh, en: words.en };
    }),
  };
}
