import { asksSecond, type ActionFacts } from '#contracts/base/lifecycle.ts';
import { orderLifecycle, type OrderAction, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { OPEN_TASKS, type TaskState } from '#contracts/orders/task.lifecycle.ts';
import { beijingDate, isWorkday, startOfDay, type Day, type Holidays } from '#server/kernel/calendar.ts';
import { accept, refuse, type Decision } from '#server/kernel/decision.ts';

export interface TaskFacts {
  readonly no: number;
  readonly unitCode: string;
  readonly role: 'main' | 'assist' | 'lower';
  readonly state: TaskState;
  readonly parentNo: number | null;
  readonly contacted: boolean;
}

/** What the guards know of an order. */
export interface OrderFacts {
  readonly state: OrderState;
  readonly type: string;
  readonly urgency: number;
  readonly region: string;
  readonly mainUnit: string | null;
  readonly confidential: boolean;
  readonly sensitive: number;
  readonly attempts: number;
  readonly closedMs: number | null;
  readonly redoNo: number;
  readonly extensionCount: number;
  readonly urgedOn: string | null;
  readonly oversightLevel: number;
  readonly suspended: boolean;
  readonly forced: boolean;
  /** How many others are handled with it. */
  readonly mergedCount: number;
  readonly excluded: boolean;
  /** Kept as evidence. */
  readonly preserved: boolean;
  /** What told of the citizen is gone. */
  readonly purged: boolean;
  /** Whether the norm in force asks for a first contact before the reply. */
  readonly needsContact: boolean;
  readonly tasks: readonly TaskFacts[];
  readonly returns: readonly { readonly unitCode: string; readonly suggestedUnit: string | null; readonly open: boolean }[];
  /** The rating of this round, if there is one. */
  readonly rating: { readonly satisfaction: number; readonly solved: string } | null;
  readonly lastReplyBy: string | null;
  /** Actions that were asked for and wait for a second person. */
  readonly asked: readonly string[];
  /** Until when it may be returned, and until when it must be handled; null where no such clock runs. */
  readonly returnDueMs: number | null;
  readonly handleDueMs: number | null;
}

/** Numbers that the business sets, from the code list `order_limit`. */
export type OrderLimits = Readonly<
  Record<
    | 'returns-per-order'
    | 'returns-per-unit'
    | 'returns-before-coordination'
    | 'extensions'
    | 'redos'
    | 'redos-before-oversight'
    | 'like-matters-before-oversight'
    | 'attempts-before-unrated'
    | 'months-before-purge',
    number
  >
>;

export interface GuardedAt {
  readonly nowMs: number;
  readonly accountId: string | null;
  readonly isPlatform: boolean;
  /** The range of unit codes of who acts; null for the hotline's own people. */
  readonly units: { readonly lo: string; readonly hi: string } | null;
  readonly limits: OrderLimits;
  readonly holidays: Holidays;
  /** A second person approves what was asked for earlier: what counted then is not asked again. */
  readonly approving?: true;
}

export const ARCHIVE_AFTER_MS = 7 * 86_400_000;

/** When the retention of an order that was closed then is over, so many months of the calendar later; a short month ends in the next. */
export function retentionEndMs(closedMs: number, months: number): number {
  const end = new Date(closedMs);
  return end.setUTCMonth(end.getUTCMonth() + months);
}

/** Consultations and thanks may be answered on the spot; other matters need a unit. */
const ANSWERABLE = ['01', '06'];

type Guard = (facts: OrderFacts, at: GuardedAt) => Decision<true>;
const yes = accept(true as const);
const all =
  (...guards: readonly Guard[]): Guard =>
  (facts, at) => {
    for (const guarded of guards) {
      const verdict = guarded(facts, at);
      if (!verdict.ok) return verdict;
    }
    return yes;
  };

/** Whether a unit lies in the range of who acts. */
function isWithin(code: string | null, units: { lo: string; hi: string }): boolean {
  return code !== null && code >= units.lo && code < units.hi;
}

const mainUnitOnly: Guard = (facts, { units }) =>
  units === null || isWithin(facts.mainUnit, units) ? yes : refuse('orders.main-unit-only');
const notSuspended: Guard = (facts) => (facts.suspended ? refuse('orders.suspended') : yes);
const inTime: Guard = (facts, at) =>
  at.approving || (facts.handleDueMs !== null && at.nowMs < facts.handleDueMs + 1000) ? yes : refuse('orders.overdue-now');
const notOwnReply: Guard = (facts, { accountId }) =>
  accountId !== null && facts.lastReplyBy === accountId ? refuse('orders.checker-is-replier') : yes;
const unhappy: Guard = (facts) => (facts.rating !== null && isUnhappy(facts.rating) ? yes : refuse('orders.not-unhappy'));
const underOversight: Guard = (facts) => (facts.oversightLevel > 0 ? yes : refuse('orders.no-oversight'));

const mayReturn: Guard = (facts, at) => {
  if (facts.forced) return refuse('orders.forced');
  if (facts.returns.length >= at.limits['returns-per-order'])
    return refuse('orders.return-limit', { params: { limit: at.limits['returns-per-order'] } });
  const own = facts.returns.filter((request) => at.units === null || isWithin(request.unitCode, at.units)).length;
  if (own >= at.limits['returns-per-unit']) return refuse('orders.return-used');
  return facts.returnDueMs !== null && at.nowMs < facts.returnDueMs + 1000 ? yes : refuse('orders.return-too-late');
};

const mayCoordinate: Guard = (facts, { limits }) => {
  const needed = limits['returns-before-coordination'];
  const elsewhere = facts.returns.some(({ suggestedUnit }) => suggestedUnit !== null && !sameCity(suggestedUnit, facts.region));
  return facts.returns.length >= needed || elsewhere ? yes : refuse('orders.coordination-not-yet', { params: { limit: needed } });
};

/** Unit codes begin with their city's four digits, or with the province's two and a dot. */
function sameCity(unitCode: string, region: string): boolean {
  return unitCode.startsWith(region.slice(0, 4));
}

/** The assisting or lower task of who acts that stands so. */
export function ownTask(facts: Pick<OrderFacts, 'tasks'>, units: { lo: string; hi: string }, state: TaskState): TaskFacts | undefined {
  return facts.tasks.find((task) => task.role !== 'main' && task.state === state && isWithin(task.unitCode, units));
}

/**
 * What an action needs beyond the lifecycle table. Pure: the console asks them too, to say why a button is not open yet.
 */
const guards: Readonly<Partial<Record<OrderAction, Guard>>> = {
  answer: (facts) => (ANSWERABLE.includes(facts.type) ? yes : refuse('orders.answer-needs-consultation')),
  sign: mainUnitOnly,
  contact: mainUnitOnly,
  reply: all(mainUnitOnly, notSuspended, (facts) =>
    !facts.needsContact || facts.tasks.some((task) => task.role === 'main' && task.state === 'handling' && task.contacted)
      ? yes
      : refuse('orders.contact-first'),
  ),
  'pass-on': all(mainUnitOnly, notSuspended),
  'task-sign': (facts, { units }) => (units !== null && ownTask(facts, units, 'pending-sign') ? yes : refuse('orders.no-task-of-yours')),
  'task-reply': (facts, { units }) => (units !== null && ownTask(facts, units, 'handling') ? yes : refuse('orders.no-task-of-yours')),
  'task-withdraw': (facts, { units }) =>
    facts.tasks.some(
      (task) => task.role !== 'main' && OPEN_TASKS.includes(task.state) && (units === null || isWithin(task.unitCode, units)),
    )
      ? yes
      : refuse('orders.no-such-task'),
  return: all(mainUnitOnly, notSuspended, mayReturn),
  coordinate: mayCoordinate,
  extend: all(mainUnitOnly, notSuspended, inTime, (facts, { limits }) =>
    facts.extensionCount < limits['extensions'] ? yes : refuse('orders.extension-limit', { params: { limit: limits['extensions'] } }),
  ),
  suspend: all(mainUnitOnly, notSuspended, inTime),
  resume: all(mainUnitOnly, (facts) => (facts.suspended ? yes : refuse('orders.not-suspended'))),
  pass: notOwnReply,
  fail: notOwnReply,
  conclude: (facts) => (facts.rating === null ? yes : refuse('orders.rated-decide')),
  'close-unrated': (facts, { limits }) => {
    if (facts.rating !== null) return refuse('orders.rated-decide');
    const limit = limits['attempts-before-unrated'];
    return facts.attempts >= limit ? yes : refuse('orders.attempts-left', { params: { attempts: facts.attempts, limit } });
  },
  'close-rated': unhappy,
  'close-unreasonable': unhappy,
  redo: all(unhappy, (facts, { limits }) =>
    facts.redoNo < limits['redos'] ? yes : refuse('orders.redo-limit', { params: { limit: limits['redos'] } }),
  ),
  rate: (facts) => (facts.rating !== null ? refuse('appeals.already-rated') : yes),
  urge: (facts, at) => (facts.urgedOn === urgeDay(at.nowMs, at.holidays) ? refuse('orders.urged-today') : yes),
  'oversight-reply': all(mainUnitOnly, underOversight),
  'oversight-close': underOversight,
  unmerge: (facts) => (facts.mergedCount > 0 ? yes : refuse('orders.nothing-merged')),
  exclude: (facts) => (facts.excluded ? refuse('orders.already-excluded') : yes),
  'reveal-contact': (facts) => (facts.confidential ? yes : refuse('orders.not-confidential')),
  purge: (facts) => {
    if (facts.preserved) return refuse('orders.preserved');
    if (facts.asked.length > 0) return refuse('orders.asked-open');
    return facts.suspended || facts.oversightLevel > 0 ? refuse('orders.not-at-rest') : yes;
  },
  preserve: (facts) => (facts.preserved ? refuse('orders.preserved') : yes),
  'end-preservation': (facts) => (facts.preserved ? yes : refuse('orders.not-preserved')),
  archive: (facts, at) => {
    if (facts.asked.length > 0) return refuse('orders.asked-open');
    return facts.closedMs !== null && at.nowMs - facts.closedMs >= ARCHIVE_AFTER_MS ? yes : refuse('orders.archive-too-early');
  },
};

/** Whether an action that the table allows is open on this order now. */
export function guard(action: OrderAction, facts: OrderFacts, at: GuardedAt): Decision<true> {
  if (facts.purged) return refuse('orders.purged');
  if (!at.approving && facts.asked.includes(action)) return refuse('orders.already-asked');
  return guards[action]?.(facts, at) ?? yes;
}

/**
 * Whether this action takes a second person here. Dispatching does for what is extremely urgent, difficult, confidential
 * or sensitive (DOMAIN §1.2, W12), be it one order or many; everything else as its table says, and always where `mass` says
 * that it is done to many at once.
 */
export function needsSecond(
  action: OrderAction,
  facts: { state: OrderState; urgency: number; confidential: boolean; sensitive: number },
  input: { urgency?: number },
  mass = false,
): boolean {
  const described: ActionFacts<OrderState> = orderLifecycle.actions[action];
  if (action !== 'dispatch') return mass ? described.second !== undefined : asksSecond(described, facts.state);
  const urgency = input.urgency ?? facts.urgency;
  return urgency === 1 || urgency === 4 || facts.confidential || facts.sensitive >= 2;
}

/** Dissatisfied or unsolved: something must be decided about it. */
export function isUnhappy(rating: { satisfaction: number; solved: string }): boolean {
  return rating.satisfaction <= 2 || rating.solved === '3';
}

/** The working day an urging counts for: weekends and holidays belong to the working day before. */
export function urgeDay(nowMs: number, holidays: Holidays): Day {
  let day = beijingDate(nowMs);
  while (!isWorkday(day, holidays)) day = beijingDate(startOfDay(day) - 1);
  return day;
}
