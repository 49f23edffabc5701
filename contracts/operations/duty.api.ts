import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { DayText, IdText, Instant, Named, OneOf, OrNull, PageOf, PageQuery, PlainText } from '../base/text.ts';
import { ALERT_LEVELS, CHANNELS } from './alerts.api.ts';
import { DUTY_LINES } from './duty.values.ts';

const tag = 'operations';
const closed = { additionalProperties: false } as const;
const Line = Type.Integer({ minimum: 1, maximum: 4 });

/** Something that stands open: an alert, or a fault. */
export const OpenMatter = Type.Object({
  kind: OneOf(['alert', 'fault']),
  id: IdText,
  number: OrNull(Type.String()),
  title: Type.String(),
  level: Type.String(),
  since: Instant,
});
export type OpenMatter = Static<typeof OpenMatter>;

export const Shift = Type.Object({
  id: IdText,
  line: Line,
  accountId: IdText,
  name: Type.String(),
  from: Instant,
  to: Instant,
  handOver: OrNull(Type.String()),
  handedAt: OrNull(Instant),
  leftOpen: Type.Array(OpenMatter),
  takenAt: OrNull(Instant),
  takenBy: OrNull(Type.String()),
});
export type Shift = Static<typeof Shift>;

/** Somebody on duty, with where he is reached, masked. */
const OnDuty = Type.Object({ name: Type.String(), phone: OrNull(Type.String()), mail: OrNull(Type.String()) });

/** Whom a fault of a level reaches when: at once, and when a limit runs out. */
export const FaultCall = Type.Object({
  level: Type.Integer(),
  steps: Type.Array(
    Type.Object({
      clock: OrNull(Type.String({ description: 'The clock that runs out; null for at once' })),
      limit: OrNull(Type.String({ description: 'Amount and mode, as `30 minute`' })),
      line: Line,
      paged: Type.Boolean({ description: 'By SMS and mail; on the console in any case' }),
      people: Type.Array(OnDuty),
    }),
  ),
});
export type FaultCall = Static<typeof FaultCall>;

/** Whom an alert of a level reaches on which route. */
export const AlertCall = Type.Object({
  level: OneOf(ALERT_LEVELS),
  ackMinutes: OrNull(Type.Integer()),
  faultLevel: OrNull(Type.Integer({ description: 'The level of the fault it opens' })),
  routes: Type.Array(Type.Object({ name: Type.String(), channel: OneOf(CHANNELS), target: Type.String(), people: Type.Array(OnDuty) })),
});
export type AlertCall = Static<typeof AlertCall>;

export const DutyBoard = Type.Object({
  now: Type.Array(Type.Object({ line: Line, until: Instant, ...OnDuty.properties })),
  open: Type.Array(OpenMatter),
  /** One's own shifts that can be handed over. */
  mine: Type.Array(Shift),
  /** What was handed over to one and is not taken yet. */
  toTake: Type.Array(Shift),
  alerts: Type.Array(AlertCall),
  faults: Type.Array(FaultCall),
});
export type DutyBoard = Static<typeof DutyBoard>;

export const NewShift = Type.Object(
  {
    line: Named({ zh: '值班线', en: 'Line' }, Line, DUTY_LINES),
    account: Named({ zh: '值班人', en: 'Who' }, IdText),
    from: Named({ zh: '开始', en: 'From' }, Instant),
    to: Named({ zh: '结束', en: 'To' }, Instant),
    days: Type.Optional(Named({ zh: '连续天数', en: 'On so many days' }, Type.Integer({ minimum: 1, maximum: 31 }))),
  },
  closed,
);

export const Reach = Type.Object(
  {
    phone: Type.Optional(Named({ zh: '手机', en: 'Telephone' }, Type.String({ pattern: '^\\+?\\d{5,20}$', maxLength: 21 }))),
    mail: Type.Optional(Named({ zh: '邮箱', en: 'Mail' }, Type.String({ pattern: '^[^\\s@]+@[^\\s@]+$', maxLength: 120 }))),
  },
  closed,
);
export type Reach = Static<typeof Reach>;

export const HandOver = Type.Object(
  { note: Named({ zh: '交班说明', en: 'What the next should know' }, PlainText({ min: 2, max: 2000 })) },
  closed,
);

const byId = Type.Object({ id: IdText });

export const dutyApi = {
  board: route({
    method: 'GET',
    path: '/api/operations/duty-board',
    tag,
    access: 'operations.see',
    summary: { zh: '运维值班', en: 'Who is on duty, and whom what reaches' },
    reply: DutyBoard,
  }),
  shifts: route({
    method: 'GET',
    path: '/api/operations/shifts',
    tag,
    access: 'operations.see',
    summary: { zh: '值班表', en: 'The roster of a week' },
    query: Type.Object({ from: Type.Optional(DayText) }),
    reply: Type.Object({ from: DayText, items: Type.Array(Shift) }),
  }),
  addShifts: route({
    method: 'POST',
    path: '/api/operations/shifts',
    tag,
    access: 'operations.decide',
    summary: { zh: '排班', en: 'Add shifts' },
    body: NewShift,
    reply: Type.Object({ ids: Type.Array(IdText) }),
    status: 201,
    errors: ['operations.shift-span', 'operations.shift-overlap', 'operations.no-such-person'],
  }),
  swap: route({
    method: 'POST',
    path: '/api/operations/shifts/:id/swap',
    tag,
    access: 'operations.decide',
    summary: { zh: '对调两个班次', en: 'Swap the people of two shifts' },
    params: byId,
    body: Type.Object({ with: IdText }, closed),
    reply: byId,
    errors: ['operations.shift-begun', 'operations.shift-overlap'],
  }),
  remove: route({
    method: 'DELETE',
    path: '/api/operations/shifts/:id',
    tag,
    access: 'operations.decide',
    summary: { zh: '撤销班次', en: 'Remove a shift' },
    params: byId,
    reply: byId,
    errors: ['operations.shift-begun'],
  }),
  handOver: route({
    method: 'POST',
    path: '/api/operations/shifts/:id/hand-over',
    tag,
    access: 'operations.handle',
    summary: { zh: '交班', en: 'Hand a shift over' },
    params: byId,
    body: HandOver,
    reply: byId,
    errors: ['operations.not-your-shift', 'operations.shift-not-begun', 'operations.shift-taken'],
  }),
  take: route({
    method: 'POST',
    path: '/api/operations/shifts/:id/take',
    tag,
    access: 'operations.handle',
    summary: { zh: '接班', en: 'Take over what was handed over' },
    params: byId,
    reply: byId,
    errors: ['operations.not-handed-over', 'operations.not-next-shift', 'operations.shift-taken'],
  }),
  handOvers: route({
    method: 'GET',
    path: '/api/operations/hand-overs',
    tag,
    access: 'operations.see',
    summary: { zh: '交接班记录', en: 'Hand-overs' },
    query: Type.Object(PageQuery),
    reply: PageOf(Shift),
  }),
  reach: route({
    method: 'GET',
    path: '/api/operations/reach',
    tag,
    access: 'operations.handle',
    summary: { zh: '本人的值班联系方式', en: 'How one is reached oneself' },
    reply: Reach,
  }),
  setReach: route({
    method: 'PUT',
    path: '/api/operations/reach',
    tag,
    access: 'operations.handle',
    summary: { zh: '登记本人的值班联系方式', en: 'Say how one is reached' },
    body: Reach,
    reply: Reach,
  }),
};
