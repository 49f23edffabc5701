import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { CategoryCode, DayText, Instant, OneOf, OrNull, PageOf, PageQuery, PlainText, RegionCode, UnitCode } from '../base/text.ts';

const tag = 'reference';

export const Region = Type.Object({
  code: Type.String(),
  name: Type.String(),
  level: OneOf(['province', 'city', 'county', 'street']),
  parent: OrNull(Type.String()),
  statistical: Type.Boolean(),
});
export type Region = Static<typeof Region>;
export const Category = Type.Object({
  code: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  level: Type.Integer(),
  parent: OrNull(Type.String()),
});
export type Category = Static<typeof Category>;
export const CodeItem = Type.Object({
  code: Type.String(),
  zh: Type.String(),
  en: Type.String(),
  extra: Type.Optional(Type.Record(Type.String(), Type.String())),
});
export type CodeItem = Static<typeof CodeItem>;
export const Unit = Type.Object({
  code: Type.String(),
  name: Type.String(),
  shortName: Type.String(),
  kind: Type.String(),
  level: OneOf(['province', 'city', 'county', 'street']),
  region: Type.String(),
  parent: OrNull(Type.String()),
  path: Type.String({ description: 'Names from the root, joined by /' }),
});
export type Unit = Static<typeof Unit>;
export const CalendarDay = Type.Object({ date: DayText, name: Type.String(), type: OneOf(['off', 'work']) });
export type CalendarDay = Static<typeof CalendarDay>;

export const referenceApi = {
  /** What the apps load once: everything small enough to keep in the browser. */
  dictionary: route({
    method: 'GET',
    path: '/api/reference/dictionary',
    tag,
    access: 'public',
    // Nobody can file without it.
    load: 'handling',
    summary: { zh: '字典：市县、分类、代码表', en: 'Dictionary: cities and counties, categories, code lists' },
    reply: Type.Object({
      regions: Type.Array(Region),
      categories: Type.Array(Category),
      codes: Type.Record(Type.String(), Type.Array(CodeItem)),
    }),
  }),
  streets: route({
    method: 'GET',
    path: '/api/reference/streets',
    tag,
    access: 'public',
    // Nobody can file without it.
    load: 'handling',
    summary: { zh: '县区的街道乡镇', en: 'Streets and townships of a county' },
    query: Type.Object({ county: RegionCode }),
    reply: Type.Object({ items: Type.Array(Region) }),
  }),
  units: route({
    method: 'GET',
    path: '/api/reference/units',
    tag,
    access: 'reference.read',
    summary: { zh: '承办单位检索', en: 'Search handling units' },
    query: Type.Object({
      under: Type.Optional(UnitCode),
      region: Type.Optional(RegionCode),
      level: Type.Optional(OneOf(['province', 'city', 'county', 'street'])),
      q: Type.Optional(PlainText({ max: 50 })),
      ...PageQuery,
    }),
    reply: PageOf(Unit),
  }),
  suggestUnits: route({
    method: 'GET',
    path: '/api/reference/units/suggest',
    tag,
    access: 'reference.read',
    summary: { zh: '按派单目录推荐承办单位', en: 'Units that own a category in a region by the dispatch catalogue' },
    query: Type.Object({ category: CategoryCode, region: RegionCode }),
    reply: Type.Object({
      items: Type.Array(
        Type.Object({
          unit: Unit,
          role: OneOf(['main', 'assist']),
          why: Type.String(),
          entry: Type.String({ description: 'The catalogue entry' }),
          version: Type.Integer(),
          legalSource: Type.String(),
        }),
      ),
    }),
  }),
  calendar: route({
    method: 'GET',
    path: '/api/reference/calendar/:year',
    tag,
    access: 'reference.read',
    summary: { zh: '某年工作日历', en: 'The working calendar of a year' },
    params: Type.Object({ year: Type.Integer({ minimum: 2000, maximum: 2100 }) }),
    reply: Type.Object({
      year: Type.Integer(),
      published: Type.Boolean(),
      source: OrNull(Type.String()),
      days: Type.Array(CalendarDay),
      provisionalClocks: Type.Integer({ description: 'Open clocks that await this calendar' }),
    }),
  }),
  importCalendar: route({
    method: 'POST',
    path: '/api/reference/calendar',
    tag,
    access: 'reference.import-calendar',
    status: 201,
    summary: { zh: '导入一年的节假日与调休', en: 'Import the holidays and make-up days of a year' },
    body: Type.Object(
      {
        year: Type.Integer({ minimum: 2000, maximum: 2100 }),
        csv: Type.String({ minLength: 10, maxLength: 20000, description: 'date,name,off|work per line' }),
        source: PlainText({ min: 2, max: 200 }),
      },
      { additionalProperties: false },
    ),
    reply: Type.Object({
      year: Type.Integer(),
      days: Type.Integer(),
      recomputed: Type.Integer({ description: 'Clocks whose due date was computed anew' }),
    }),
    errors: ['reference.bad-calendar', 'reference.calendar-known'],
  }),
  notices: route({
    method: 'GET',
    path: '/api/notices',
    tag,
    access: 'session',
    summary: { zh: '提醒', en: 'Notices for me' },
    query: Type.Object({ ...PageQuery }),
    reply: PageOf(
      Type.Object({
        id: Type.String(),
        at: Instant,
        level: OneOf(['info', 'warning', 'urgent']),
        zh: Type.String(),
        en: Type.String(),
        orderId: OrNull(Type.String()),
        path: OrNull(Type.String({ description: 'Of something else than an order: its page in the console' })),
      }),
    ),
  }),
} as const;
