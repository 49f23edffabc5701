import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { DayText, IdText, Instant, OneOf, PlainText } from '../base/text.ts';
import { OrderFilter } from './orders.api.ts';

const tag = 'views';
const closed = { additionalProperties: false } as const;

/** The lists of orders that have views. */
export const ORDER_LISTS = ['orders', 'dispatch', 'handling', 'check', 'follow-up', 'oversight', 'unit-desk'] as const;
export type OrderListName = (typeof ORDER_LISTS)[number];

/** The columns a list of orders may show, in the order in which they are offered; the first eight are shown to who chose none. */
export const ORDER_COLUMNS = [
  'number',
  'state',
  'due',
  'title',
  'type',
  'urgency',
  'unit',
  'filed',
  'due-at',
  'clock',
  'region',
  'category',
  'channel',
  'marks',
] as const;
export type OrderColumn = (typeof ORDER_COLUMNS)[number];
export const USUAL_COLUMNS: readonly OrderColumn[] = ORDER_COLUMNS.slice(0, 8);

/** How many views one person keeps, and how many an office shares on one list. */
export const OWN_VIEWS = 50;
export const SHARED_VIEWS = 100;

const { state, light, type, category, urgency, region, channel, unit, main, handler, oversight, mark, number, q, sort } =
  OrderFilter.properties;
/** The filters and the order of a list as they stand in its address: days instead of instants. */
export const ViewSearch = Type.Object(
  {
    state,
    light,
    type,
    category,
    urgency,
    region,
    channel,
    unit,
    main,
    handler,
    oversight,
    mark,
    number,
    q,
    sort,
    from: Type.Optional(DayText),
    to: Type.Optional(DayText),
    due: Type.Optional(DayText),
  },
  closed,
);
export type ViewSearch = Static<typeof ViewSearch>;

const given = {
  name: PlainText({ min: 1, max: 40 }),
  shared: Type.Boolean({ description: 'Seen by the people of the same office: the province, a city, a unit' }),
  search: ViewSearch,
  columns: Type.Array(OneOf(ORDER_COLUMNS), { minItems: 1, maxItems: ORDER_COLUMNS.length, uniqueItems: true }),
};

export const SavedView = Type.Object({
  id: IdText,
  list: OneOf(ORDER_LISTS),
  ...given,
  own: Type.Boolean(),
  by: Type.String(),
  changedAt: Instant,
});
export type SavedView = Static<typeof SavedView>;

export const savedViewsApi = {
  list: route({
    method: 'GET',
    path: '/api/views',
    tag,
    access: 'orders.keep-views',
    summary: { zh: '列表视图：本人的和本单位共享的', en: 'The views of a list: own ones, and those the office shares' },
    query: Type.Object({ list: OneOf(ORDER_LISTS) }),
    reply: Type.Object({ items: Type.Array(SavedView) }),
  }),
  save: route({
    method: 'POST',
    path: '/api/views',
    tag,
    access: 'orders.keep-views',
    status: 201,
    summary: { zh: '保存视图', en: 'Save a view' },
    body: Type.Object({ list: OneOf(ORDER_LISTS), ...given }, closed),
    reply: SavedView,
    errors: ['orders.view-name-taken', 'orders.too-many-views'],
  }),
  change: route({
    method: 'PUT',
    path: '/api/views/:id',
    tag,
    access: 'orders.keep-views',
    summary: { zh: '修改视图', en: 'Change a view of one’s own' },
    params: Type.Object({ id: IdText }),
    body: Type.Object(given, closed),
    reply: SavedView,
    errors: ['orders.view-name-taken', 'orders.too-many-views'],
  }),
  remove: route({
    method: 'DELETE',
    path: '/api/views/:id',
    tag,
    access: 'orders.keep-views',
    summary: { zh: '删除视图', en: 'Delete a view of one’s own' },
    params: Type.Object({ id: IdText }),
    status: 204,
    reply: Type.Null(),
  }),
} as const;
