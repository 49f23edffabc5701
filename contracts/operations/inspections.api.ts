import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { Bytes, IdText, Instant, OneOf, OrNull, PageOf, PageQuery, PlainText } from '../base/text.ts';

const tag = 'operations';

export const OBJECTS = ['server', 'node', 'interface', 'business', 'security', 'telecom', 'database'] as const;
export type InspectionObject = (typeof OBJECTS)[number];

/** What an item came to; `open` waits for a person. */
export const OUTCOMES = ['open', 'ok', 'yellow', 'red', 'unreadable', 'not-applicable'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What a value counts; the console writes it accordingly. */
export const UNITS_OF_VALUES = ['percent', 'seconds', 'milliseconds', 'bytes', 'gigabytes', 'count', 'million', 'days', 'ratio'] as const;
export type UnitOfValue = (typeof UNITS_OF_VALUES)[number];

export const VERDICTS = ['ok', 'abnormal', 'not-applicable'] as const;
export type Verdict = (typeof VERDICTS)[number];

const WordsSchema = Type.Object({ zh: Type.String(), en: Type.String() });

/** What was read: rows that each name something (a table, a session, a host) with its figures, and remarks. */
export const Evidence = Type.Object({
  rows: Type.Array(
    Type.Object({
      what: Type.String(),
      measure: OrNull(Type.Number()),
      figures: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
    }),
  ),
  /** How many rows more there were. */
  more: Type.Integer(),
  notes: Type.Array(WordsSchema),
});
export type Evidence = Static<typeof Evidence>;

const Standard = {
  code: Type.String(),
  object: OneOf(OBJECTS),
  name: WordsSchema,
  advice: WordsSchema,
  unit: OrNull(OneOf(UNITS_OF_VALUES)),
  /** The value is bad below its thresholds, not above. */
  below: Type.Boolean(),
  yellow: OrNull(Type.Number()),
  red: OrNull(Type.Number()),
};

export const InspectionItem = Type.Object({
  ...Standard,
  kind: OneOf(['automatic', 'manual']),
  /** What a person looks at, or why nobody but a person can. */
  how: OrNull(WordsSchema),
  outcome: OneOf(OUTCOMES),
  value: OrNull(Type.Number()),
  evidence: Evidence,
  at: OrNull(Instant),
  by: OrNull(Type.String()),
  said: OrNull(Type.String()),
  note: OrNull(Type.String()),
  revision: Type.Integer(),
});
export type InspectionItem = Static<typeof InspectionItem>;

export const Finding = Type.Object({
  id: IdText,
  code: Type.String(),
  object: OneOf(OBJECTS),
  name: WordsSchema,
  advice: WordsSchema,
  unit: OrNull(OneOf(UNITS_OF_VALUES)),
  kind: OneOf(['automatic', 'manual']),
  level: OneOf(['yellow', 'red']),
  openedAt: Instant,
  /** Until when its fault is to be fixed. */
  dueAt: OrNull(Instant),
  openedValue: OrNull(Type.Number()),
  openedEvidence: Evidence,
  lastOutcome: OneOf(OUTCOMES),
  lastAt: Instant,
  lastValue: OrNull(Type.Number()),
  lastEvidence: Evidence,
  lastBy: OrNull(Type.String()),
  lastNote: OrNull(Type.String()),
  /** How often it was found. */
  times: Type.Integer(),
  record: Type.Object({ id: IdText, number: Type.String() }),
  owner: OrNull(Type.String()),
  closedAt: OrNull(Instant),
  closedBy: OrNull(Type.String()),
});
export type Finding = Static<typeof Finding>;

export const InspectionLine = Type.Object({
  id: IdText,
  number: Type.String(),
  template: Type.String(),
  name: WordsSchema,
  askedBy: OrNull(Type.String()),
  dueAt: Instant,
  signBy: OrNull(Instant),
  state: OneOf(['waiting', 'done']),
  startedAt: Instant,
  endedAt: OrNull(Instant),
  score: OrNull(Type.Number()),
  items: Type.Integer(),
  open: Type.Integer(),
  yellow: Type.Integer(),
  red: Type.Integer(),
  unreadable: Type.Integer(),
  signedBy: OrNull(Type.String()),
});
export type InspectionLine = Static<typeof InspectionLine>;

export const InspectionReport = Type.Object({
  line: InspectionLine,
  signNote: OrNull(Type.String()),
  items: Type.Array(InspectionItem),
  findings: Type.Array(Finding),
});
export type InspectionReport = Static<typeof InspectionReport>;

const Score = Type.Object({ id: IdText, at: Instant, score: Type.Number(), template: Type.String(), name: WordsSchema });

const Board = Type.Object({
  waiting: Type.Array(InspectionLine),
  next: Type.Array(Type.Object({ template: Type.String(), name: WordsSchema, at: OrNull(Instant), provisional: Type.Boolean() })),
  scores: Type.Array(Score),
  findings: Type.Array(Finding),
  objects: Type.Array(Type.Object({ object: OneOf(OBJECTS), open: Type.Integer(), found: Type.Integer(), closed: Type.Integer() }), {
    description: 'Findings of each object: open now; opened and closed within 30 days',
  }),
});
export type InspectionBoard = Static<typeof Board>;

const DatabaseBoard = Type.Object({
  last: OrNull(InspectionLine),
  items: Type.Array(InspectionItem),
  findings: Type.Array(Finding),
  scores: Type.Array(Score),
});
export type DatabaseBoard = Static<typeof DatabaseBoard>;

/** Without a template those of every few minutes are left out. Days count by when it began. */
export const InspectionFilter = Type.Object({
  template: Type.Optional(PlainText({ max: 40 })),
  state: Type.Optional(OneOf(['waiting', 'done'])),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  ...PageQuery,
});
export type InspectionFilter = Static<typeof InspectionFilter>;

const params = Type.Object({ id: IdText });
const Note = PlainText({ max: 500 });
const Verdicts = { verdict: OneOf(VERDICTS), said: Type.Optional(PlainText({ max: 100 })), note: Type.Optional(Note) };

export const inspectionsApi = {
  board: route({
    method: 'GET',
    path: '/api/operations/inspections/board',
    tag,
    access: 'operations.see',
    summary: { zh: '巡检总览', en: 'What inspections are due, found and scored' },
    reply: Board,
  }),
  list: route({
    method: 'GET',
    path: '/api/operations/inspections',
    tag,
    access: 'operations.see',
    summary: { zh: '巡检记录', en: 'Past inspections' },
    query: InspectionFilter,
    reply: PageOf(InspectionLine),
  }),
  start: route({
    method: 'POST',
    path: '/api/operations/inspections',
    tag,
    access: 'operations.handle',
    summary: { zh: '立即巡检', en: 'Inspect now' },
    body: Type.Object({ template: PlainText({ min: 1, max: 40 }) }, { additionalProperties: false }),
    reply: Type.Object({ id: IdText, number: Type.String() }),
    status: 201,
    errors: ['inspections.no-such-template', 'inspections.asked-just-now'],
    load: 'heavy',
  }),
  database: route({
    method: 'GET',
    path: '/api/operations/inspections/database',
    tag,
    access: 'operations.see',
    summary: { zh: '数据库巡检', en: 'What the database was last found to be' },
    reply: DatabaseBoard,
  }),
  byId: route({
    method: 'GET',
    path: '/api/operations/inspections/:id',
    tag,
    access: 'operations.see',
    summary: { zh: '巡检报告', en: 'The report of an inspection' },
    params,
    reply: InspectionReport,
  }),
  document: route({
    method: 'GET',
    path: '/api/operations/inspections/:id/document',
    tag,
    access: 'operations.see',
    summary: { zh: '导出巡检报告 Word 文档（留痕）', en: 'The report of an inspection as a Word document (on record)' },
    params,
    reply: Bytes,
  }),
  answer: route({
    method: 'PUT',
    path: '/api/operations/inspections/:id/items/:code',
    tag,
    access: 'operations.handle',
    summary: { zh: '填写人工检查项', en: 'Answer an item that a person checks' },
    params: Type.Object({ id: IdText, code: PlainText({ min: 1, max: 60 }) }),
    body: Type.Object(
      { ...Verdicts, revision: Type.Integer({ minimum: 0, description: 'The one that was seen' }) },
      { additionalProperties: false },
    ),
    reply: InspectionItem,
    errors: ['inspections.done', 'inspections.not-manual', 'inspections.overtaken', 'inspections.say-what'],
  }),
  sign: route({
    method: 'POST',
    path: '/api/operations/inspections/:id/sign',
    tag,
    access: 'operations.handle',
    summary: { zh: '签认巡检', en: 'Sign an inspection' },
    params,
    body: Type.Object({ note: Type.Optional(Note) }, { additionalProperties: false }),
    reply: InspectionLine,
    errors: ['inspections.done', 'inspections.items-open'],
  }),
  recheck: route({
    method: 'POST',
    path: '/api/operations/inspections/findings/:id/recheck',
    tag,
    access: 'operations.handle',
    summary: { zh: '复查异常项', en: 'Check a finding again' },
    params,
    body: Type.Partial(Type.Object(Verdicts), { additionalProperties: false }),
    reply: Finding,
    errors: ['inspections.finding-closed', 'inspections.verdict-needed', 'inspections.say-what'],
    load: 'heavy',
  }),
};
