import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { DayText, IdText, Instant, NumberText, OneOf, OrNull, PageOf, PageQuery, UnitCode } from '../base/text.ts';
import { OrderRow } from './orders.api.ts';
import type { OrderState } from './orders.states.ts';

const tag = 'desks';

/** The states in which an order is with its main unit. */
export const HELD_STATES = ['dispatched', 'return-pending', 'handling'] as const satisfies readonly OrderState[];

/** What a unit, or somebody of it, holds; each count is what the list shows under the filter of the same name. */
const held = {
  total: Type.Integer(),
  toSign: Type.Integer(),
  inHand: Type.Integer(),
  returned: Type.Integer({ description: 'A return was asked for and is not decided' }),
  yellow: Type.Integer(),
  red: Type.Integer(),
  redo: Type.Integer(),
  oversight: Type.Integer(),
};
export const HeldRow = Type.Object({
  kind: OneOf(['all', 'unit', 'handler'] as const),
  code: Type.String({ description: 'The unit, whose own units count with it, or the account of the handler' }),
  name: Type.String(),
  ...held,
});
export type HeldRow = Static<typeof HeldRow>;

/** A part that a unit has in the order of another one. */
export const PartRow = Type.Object({
  id: Type.String({ description: 'The order and the number of the task' }),
  orderId: IdText,
  number: NumberText,
  title: Type.String(),
  role: OneOf(['assist', 'lower'] as const),
  state: Type.String(),
  unit: Type.Object({ code: Type.String(), name: Type.String() }),
  mainUnit: OrNull(Type.String()),
  handler: OrNull(Type.String()),
  dispatchedAt: Instant,
  dueAt: OrNull(Instant),
  dueProvisional: Type.Boolean(),
  light: OrderRow.properties.light,
});
export type PartRow = Static<typeof PartRow>;

/** Why an order cannot wait until morning. */
export const DUTY_KINDS = ['urgent', 'handed-over', 'sensitive', 'oversight', 'due'] as const;
export type DutyKind = (typeof DUTY_KINDS)[number];

const dutyCounts = {
  total: Type.Integer(),
  urgent: Type.Integer({ description: 'Of urgency 1 or 2' }),
  'handed-over': Type.Integer({ description: 'Handed over to 110, 119 ... and still open' }),
  sensitive: Type.Integer({ description: 'Sensitive, or of many people' }),
  oversight: Type.Integer(),
  due: Type.Integer({ description: 'Due before the next working day begins' }),
};
const DutyPlace = Type.Object({ region: Type.String({ description: 'City (4 digits), or county of a city (6)' }), ...dutyCounts });

export const Duty = Type.Object({
  at: Instant,
  until: Type.String({ format: 'date-time', description: 'When the next working day begins' }),
  provisional: Type.Boolean({ description: 'That day lies in a year whose calendar is not published' }),
  places: Type.Array(DutyPlace),
  items: Type.Array(Type.Object({ ...OrderRow.properties, handedTo: OrNull(Type.String()) })),
  matching: Type.Integer({ description: 'How many there are under the filter; the items are the most pressing of them' }),
  capped: Type.Boolean({ description: 'There are more than were counted' }),
});
export type Duty = Static<typeof Duty>;

const DueDay = Type.Object({
  day: DayText,
  green: Type.Integer(),
  yellow: Type.Integer(),
  red: Type.Integer(),
  capped: Type.Boolean({ description: 'More fall due on this day than were counted' }),
});
export type DueDay = Static<typeof DueDay>;

export const desksApi = {
  unit: route({
    method: 'GET',
    path: '/api/unit-desk',
    tag,
    access: 'orders.see-unit-desk',
    summary: { zh: '单位负责人台：本单位及下级在办情况', en: 'What a unit and its lower units hold' },
    reply: Type.Object({ rows: Type.Array(HeldRow), parts: Type.Integer({ description: 'Assisting and lower parts that wait' }) }),
  }),
  parts: route({
    method: 'GET',
    path: '/api/unit-desk/parts',
    tag,
    access: 'orders.see-unit-desk',
    summary: { zh: '待办的协办与下级任务', en: 'Assisting and lower parts that wait, the oldest first' },
    query: Type.Object(PageQuery),
    reply: PageOf(PartRow),
  }),
  duty: route({
    method: 'GET',
    path: '/api/duty',
    tag,
    access: 'orders.see-duty',
    summary: { zh: '值班：不能等到上班的事项', en: 'What cannot wait until the next working day' },
    query: Type.Object({
      kind: Type.Optional(OneOf(DUTY_KINDS)),
      region: Type.Optional(Type.String({ pattern: '^32\\d{2}(\\d{2})?$' })),
    }),
    reply: Duty,
  }),
  dueDays: route({
    method: 'GET',
    path: '/api/due-days',
    tag,
    access: 'orders.see',
    summary: { zh: '到期日历：每日到期件数', en: 'How many orders fall due on each day' },
    query: Type.Object({
      from: DayText,
      days: Type.Integer({ minimum: 1, maximum: 42 }),
      region: Type.Optional(Type.String({ pattern: '^32\\d{2,7}$' })),
      unit: Type.Optional(UnitCode),
    }),
    reply: Type.Object({ today: DayText, days: Type.Array(DueDay) }),
  }),
} as const;
