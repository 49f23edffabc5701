import { Type, type Static, type TSchema } from 'typebox';
import { route, type Route } from '../base/route.ts';
import { IdText, Instant, NumberText, OneOf, OrNull, PageOf, PageQuery, PlainText, CategoryCode, UnitCode } from '../base/text.ts';
import { Rating } from '../appeals/appeals.api.ts';
import { ApprovalView, OversightView, PurgeReceipt, ReturnView } from './orders.branch-views.ts';
import { APPEAL_TYPES } from '../reference/reference.values.ts';
import { orderLifecycle, type OrderAction } from './orders.lifecycle.ts';

const tag = 'orders';
const STATES = Object.keys(orderLifecycle.states) as [keyof typeof orderLifecycle.states];
const Light = OneOf(['none', 'green', 'yellow', 'red']);

/** One line of a list. */
const orderRow = {
  id: IdText,
  number: NumberText,
  state: OneOf(STATES),
  version: Type.Integer(),
  title: Type.String(),
  type: Type.String(),
  category: OrNull(Type.String()),
  urgency: Type.Integer(),
  region: Type.String(),
  channel: Type.String(),
  confidential: Type.Boolean(),
  unit: OrNull(Type.Object({ code: Type.String(), name: Type.String() })),
  filedAt: Instant,
  dueAt: OrNull(Instant),
  dueProvisional: Type.Boolean(),
  dueClock: OrNull(Type.String({ description: 'Which clock runs out next' })),
  light: Light,
  oversightLevel: Type.Integer({ description: '0 none, 1 to 3' }),
  suspended: Type.Boolean(),
  sensitive: Type.Integer(),
  group: Type.Boolean(),
  mergedCount: Type.Integer({ description: 'How many others are handled with it' }),
  redoNo: Type.Integer(),
  urgeCount: Type.Integer(),
};
export const OrderRow = Type.Object(orderRow);
export type OrderRow = Static<typeof OrderRow>;

export const ClockView = Type.Object({
  name: Type.String(),
  startedAt: Instant,
  dueAt: Instant,
  provisional: Type.Boolean(),
  stoppedAt: OrNull(Instant),
  light: Light,
  result: OrNull(OneOf(['in-time', 'late', 'void'])),
  unitName: OrNull(Type.String()),
  limit: Type.String({ description: 'e.g. 5 workday' }),
  rule: Type.String(),
});
export type ClockView = Static<typeof ClockView>;

export const ActionView = Type.Object({
  action: Type.String(),
  name: Type.Object({ zh: Type.String(), en: Type.String() }),
  danger: Type.Boolean(),
  second: Type.Boolean({ description: 'It is asked for; a second person decides' }),
  refusal: OrNull(Type.Object({ code: Type.String(), text: Type.String() })),
});
export type ActionView = Static<typeof ActionView>;

/** The order page. */
export const OrderView = Type.Object({
  ...orderRow,
  content: Type.String(),
  expectation: OrNull(Type.String()),
  address: OrNull(Type.String()),
  eventAt: OrNull(Instant),
  sourceNumber: OrNull(Type.String()),
  anonymous: Type.Boolean(),
  acceptedAt: OrNull(Instant),
  dispatchedAt: OrNull(Instant),
  repliedAt: OrNull(Instant),
  closedAt: OrNull(Instant),
  archivedAt: OrNull(Instant),
  tasks: Type.Array(
    Type.Object({
      no: Type.Integer(),
      unit: Type.Object({ code: Type.String(), name: Type.String() }),
      role: OneOf(['main', 'assist', 'lower']),
      opinion: OrNull(Type.String()),
      dueAt: OrNull(Instant),
      state: Type.String(),
      dispatchedAt: Instant,
      signedAt: OrNull(Instant),
      contactedAt: OrNull(Instant),
      repliedAt: OrNull(Instant),
    }),
  ),
  replies: Type.Array(
    Type.Object({
      no: Type.Integer(),
      resultType: Type.String(),
      text: Type.String(),
      basis: OrNull(Type.String()),
      unitName: Type.String(),
      by: Type.String(),
      at: Instant,
      checked: OrNull(OneOf(['passed', 'failed'])),
      checkOpinion: OrNull(Type.String()),
    }),
  ),
  followUps: Type.Array(
    Type.Object({
      no: Type.Integer(),
      mode: Type.String(),
      result: Type.String(),
      note: OrNull(Type.String()),
      by: Type.String(),
      at: Instant,
    }),
  ),
  returns: Type.Array(ReturnView),
  oversights: Type.Array(OversightView),
  approvals: Type.Array(ApprovalView),
  /** The order it is handled with; the orders that are handled with it. */
  master: OrNull(Type.Object({ id: IdText, number: NumberText })),
  merged: Type.Array(Type.Object({ id: IdText, number: NumberText, title: Type.String(), state: Type.String() })),
  excluded: OrNull(Type.String()),
  preserved: Type.Boolean({ description: 'Kept as evidence; it cannot be purged' }),
  purgedAt: OrNull(Instant),
  /** What was purged and by whose word; the hotline's to see. */
  purge: OrNull(PurgeReceipt),
  forced: Type.Boolean(),
  refusal: OrNull(Type.Object({ reason: Type.String(), explanation: Type.String() })),
  rating: OrNull(Rating),
  clocks: Type.Array(ClockView),
  actions: Type.Array(ActionView, {
    description: 'What this person may do now; a refusal says why an action the state allows is not open yet',
  }),
});
export type OrderView = Static<typeof OrderView>;

export const TimelineLine = Type.Object({
  id: IdText,
  at: Instant,
  kind: Type.String(),
  zh: Type.String(),
  en: Type.String(),
  actor: Type.String(),
  unitName: OrNull(Type.String()),
  from: OrNull(Type.String()),
  to: OrNull(Type.String()),
  note: OrNull(Type.String()),
});
export type TimelineLine = Static<typeof TimelineLine>;

export const OrderFilter = Type.Object({
  number: Type.Optional(Type.String({ maxLength: 40, description: 'Whole number; spaces and dashes are ignored' })),
  state: Type.Optional(PlainText({ max: 200, description: 'States, separated by commas' })),
  light: Type.Optional(OneOf(['green', 'yellow', 'red'])),
  type: Type.Optional(OneOf(APPEAL_TYPES)),
  category: Type.Optional(CategoryCode),
  urgency: Type.Optional(Type.Integer({ minimum: 1, maximum: 4 })),
  region: Type.Optional(Type.String({ pattern: '^32\\d{2,7}$', description: 'City (4), county (6) or street (9)' })),
  channel: Type.Optional(Type.String({ pattern: '^\\d{2}$' })),
  unit: Type.Optional(UnitCode),
  main: Type.Optional(Type.String({ pattern: '^32[\\d.]{0,14}$', description: 'The main unit, or one above it' })),
  handler: Type.Optional(Type.String({ format: 'uuid', description: 'Who of the main unit has it in hand' })),
  oversight: Type.Optional(Type.Integer({ minimum: 1, maximum: 3, description: 'Under oversight, of this level or a higher one' })),
  mark: Type.Optional(OneOf(['confidential', 'sensitive', 'group', 'suspended', 'merged', 'redo', 'urged'] as const)),
  q: Type.Optional(PlainText({ max: 50, description: 'Words in the title' })),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  dueFrom: Type.Optional(Instant),
  dueTo: Type.Optional(Instant),
  sort: Type.Optional(OneOf(['newest', 'due'], 'newest filed first (default), or soonest due first')),
  ...PageQuery,
});
export type OrderFilter = Static<typeof OrderFilter>;

export const ActionReply = Type.Object({
  id: IdText,
  state: OneOf(STATES),
  version: Type.Integer(),
  approval: OrNull(IdText),
});
export type ActionReply = Static<typeof ActionReply>;

/** `POST /api/orders/:id/<action>` with the version the caller saw and the action's own input. */
function actionRoute<A extends OrderAction>(action: A) {
  const facts = orderLifecycle.actions[action];
  return route({
    method: 'POST',
    path: `/api/orders/:id/${action}`,
    tag,
    access: facts.permission,
    summary: facts.name,
    params: Type.Object({ id: IdText }),
    body: Type.Object(
      { version: Type.Integer({ minimum: 1 }), input: facts.input as (typeof orderLifecycle.actions)[A]['input'] },
      { additionalProperties: false },
    ),
    reply: ActionReply,
    errors: ['base.stale', 'casework.not-allowed-now'],
  });
}

/** What the citizen does himself; it lives on the portal. */
type CitizenAction = 'rate' | 'withdraw';
/** Every action that people take in the back office; the platform's own have no endpoint. */
export const OFFICE_ACTIONS = (Object.keys(orderLifecycle.actions) as OrderAction[]).filter(
  (action) => action !== 'rate' && action !== 'withdraw' && !('system' in orderLifecycle.actions[action]),
);

export const orderActionsApi = Object.fromEntries(OFFICE_ACTIONS.map((action) => [action, actionRoute(action)])) as unknown as {
  [A in Exclude<OrderAction, CitizenAction | 'join' | 'leave' | 'share'>]: Route<
    TSchema,
    TSchema,
    ReturnType<typeof actionRoute<A>>['body'] & TSchema,
    typeof ActionReply
  >;
};

/** What may be done to many orders at once. */
export const BATCH_ACTIONS = [
  'accept',
  'dispatch',
  'sign',
  'pass',
  'urge',
  'flag',
  'oversee',
  'cancel',
  'close-unrated',
  'archive',
  'purge',
] as const satisfies readonly OrderAction[];
export type BatchAction = (typeof BATCH_ACTIONS)[number];
/** How many at once: each is judged and written on its own. */
export const BATCH_LIMIT = 200;

export const ordersApi = {
  list: route({
    method: 'GET',
    path: '/api/orders',
    tag,
    access: 'orders.see',
    summary: { zh: '工单列表', en: 'Orders' },
    query: OrderFilter,
    reply: PageOf(OrderRow),
  }),
  count: route({
    method: 'GET',
    path: '/api/orders/count',
    tag,
    access: 'orders.see',
    summary: { zh: '工单计数（封顶 10000）', en: 'How many orders match, capped at 10,000' },
    query: OrderFilter,
    reply: Type.Object({ count: Type.Integer(), capped: Type.Boolean() }),
  }),
  byId: route({
    method: 'GET',
    path: '/api/orders/:id',
    tag,
    access: 'orders.see',
    summary: { zh: '工单详情', en: 'An order' },
    params: Type.Object({ id: IdText }),
    reply: OrderView,
  }),
  timeline: route({
    method: 'GET',
    path: '/api/orders/:id/timeline',
    tag,
    access: 'orders.see',
    summary: { zh: '工单时间线', en: 'The timeline of an order' },
    params: Type.Object({ id: IdText }),
    reply: Type.Object({ items: Type.Array(TimelineLine) }),
  }),
  home: route({
    method: 'GET',
    path: '/api/home',
    tag,
    access: 'session',
    summary: { zh: '首页：我的待办', en: 'Home: what waits for me' },
    reply: Type.Object({
      queues: Type.Array(
        Type.Object({ key: Type.String(), state: Type.String(), count: Type.Integer(), yellow: Type.Integer(), red: Type.Integer() }),
      ),
      today: Type.Object({ filed: Type.Integer(), closed: Type.Integer() }),
    }),
  }),
} as const;
