import { Type, type Static } from 'typebox';
import type { Permission } from '../permissions.ts';
import { route } from '../base/route.ts';
import { Bytes, DayText, IdText, Instant, OneOf, OrNull, PlainText } from '../base/text.ts';

const tag = 'monthly-reports';
const WordsOf = Type.Object({ zh: Type.String(), en: Type.String() });

/** The fifteen parts of a monthly report, in their order (DOMAIN §5.9). */
export const MONTHLY_PARTS = {
  summary: { zh: '概要与评分', en: 'Summary and score' },
  availability: { zh: '可用性与分级时限', en: 'Availability, and limits by level' },
  incidents: { zh: '故障与原因分析', en: 'Incidents and their causes' },
  problems: { zh: '问题与需求', en: 'Problems' },
  inspections: { zh: '巡检与异常闭环', en: 'Inspections, and what became of what they found' },
  capacity: { zh: '容量与性能趋势', en: 'Capacity and performance' },
  interfaces: { zh: '接口运行', en: 'Interfaces' },
  returns: { zh: '数据回流', en: 'Data return' },
  security: { zh: '安全', en: 'Security' },
  backups: { zh: '备份与恢复', en: 'Backup and restore' },
  changes: { zh: '变更', en: 'Changes' },
  business: { zh: '业务统计', en: 'Business' },
  drills: { zh: '培训与演练', en: 'Training and drills' },
  risks: { zh: '风险与下月计划', en: 'Risks, and what is planned' },
  attachments: { zh: '附件', en: 'Attachments' },
} as const;
export type MonthlyPartName = keyof typeof MONTHLY_PARTS;
const PART_NAMES = Object.keys(MONTHLY_PARTS) as MonthlyPartName[];

/** The lists figures lead to: their endpoint, and who may open it. */
export const FIGURE_LISTS = {
  records: { path: '/api/operations/records', needs: 'operations.see' },
  inspections: { path: '/api/operations/inspections', needs: 'operations.see' },
  backups: { path: '/api/operations/past-backups', needs: 'operations.see' },
  drills: { path: '/api/operations/restore-drills', needs: 'operations.see' },
  readings: { path: '/api/operations/series/readings', needs: 'operations.see' },
  responses: { path: '/api/load/responses', needs: 'operations.see-load' },
  audit: { path: '/api/audit', needs: 'audit.read' },
  orders: { path: '/api/orders', needs: 'orders.see' },
} as const satisfies Record<string, { path: string; needs: Permission }>;
export type FigureListName = keyof typeof FIGURE_LISTS;

export const FIGURE_UNITS = ['count', 'percent', 'seconds', 'days', 'bytes'] as const;

/**
 * A figure, and where its rows are: the list narrowed by `query` shows `rows` of them. A count is its rows; a share or a measured
 * value is drawn from them, and null where there are none. Of readings a row is an hour that told something.
 */
export const MonthlyFigure = Type.Object({
  value: OrNull(Type.Number()),
  unit: OneOf(FIGURE_UNITS),
  rows: Type.Integer({ minimum: 0 }),
  list: Type.Object({ of: OneOf(Object.keys(FIGURE_LISTS) as FigureListName[]), query: Type.Record(Type.String(), Type.String()) }),
});
export type MonthlyFigure = Static<typeof MonthlyFigure>;

const MonthlyTable = Type.Object({
  name: WordsOf,
  columns: Type.Array(WordsOf),
  rows: Type.Array(
    Type.Object({
      name: WordsOf,
      cells: Type.Array(MonthlyFigure),
      /** Whether an objective is met; absent where there is none, or nothing was measured. */
      met: Type.Optional(Type.Boolean()),
    }),
  ),
});
export type MonthlyTable = Static<typeof MonthlyTable>;

const MonthlyPart = Type.Object({
  part: OneOf(PART_NAMES),
  tables: Type.Array(MonthlyTable),
  /** What the figures leave out, in words. */
  notes: Type.Array(WordsOf),
  /** Pages and papers that belong to it. */
  links: Type.Array(Type.Object({ name: WordsOf, path: Type.String() })),
});
export type MonthlyPart = Static<typeof MonthlyPart>;

const head = {
  id: IdText,
  month: Type.String({ pattern: '^\\d{4}-\\d{2}$' }),
  fromDay: DayText,
  toDay: Type.String({ format: 'date', description: 'The first day after it' }),
  madeAt: Instant,
  dueOn: Type.String({ format: 'date', description: 'The fifth working day after it' }),
  /** 100 times the objectives that are met, of those that are measured; null where none is. */
  score: OrNull(Type.Integer()),
};

export const MonthlyRemark = Type.Object({ id: IdText, at: Instant, by: Type.String(), text: Type.String() });
export type MonthlyRemark = Static<typeof MonthlyRemark>;

/** The part on business is there for who sees the orders of the province. */
export const MonthlyReport = Type.Object({ ...head, parts: Type.Array(MonthlyPart), remarks: Type.Array(MonthlyRemark) });
export type MonthlyReport = Static<typeof MonthlyReport>;
export type MonthlyHead = Pick<MonthlyReport, keyof typeof head>;

const params = Type.Object({ id: IdText });

export const monthlyApi = {
  list: route({
    method: 'GET',
    path: '/api/operations/monthly-reports',
    tag,
    access: 'operations.read-monthly',
    summary: { zh: '运维月报', en: 'Monthly reports' },
    reply: Type.Object({ items: Type.Array(Type.Object(head)) }),
  }),
  one: route({
    method: 'GET',
    path: '/api/operations/monthly-reports/:id',
    tag,
    access: 'operations.read-monthly',
    summary: { zh: '一份运维月报', en: 'A monthly report' },
    params,
    reply: MonthlyReport,
  }),
  document: route({
    method: 'GET',
    path: '/api/operations/monthly-reports/:id/document',
    tag,
    access: 'operations.read-monthly',
    summary: { zh: '导出运维月报 Word 文档（留痕）', en: 'A monthly report as a Word document (on record)' },
    params,
    reply: Bytes,
  }),
  remark: route({
    method: 'POST',
    path: '/api/operations/monthly-reports/:id/remarks',
    tag,
    access: 'operations.decide',
    summary: { zh: '在风险与计划中补充一段', en: 'Add a paragraph to risks and plans' },
    params,
    body: Type.Object({ text: PlainText({ min: 4, max: 2000 }) }, { additionalProperties: false }),
    reply: MonthlyRemark,
    status: 201,
  }),
};
