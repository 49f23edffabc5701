import { Type, type Static, type TSchema } from 'typebox';
import { route, type Route } from '../../base/route.ts';
import { DayText, IdText, Instant, Named, OneOf, OrNull, PageOf, PageQuery, PlainText } from '../../base/text.ts';
import { ActionView, TimelineLine } from '../../orders/orders.api.ts';
import { CHANGE_CLASSES, ChangePlan, type ChangeClass } from './change.lifecycle.ts';
import { CAUSES, EFFECTS } from './problem.lifecycle.ts';
import { kindFacts, RECORD_KINDS, recordKinds, type RecordKind } from './records.lifecycles.ts';
import { closed, Component, Level, note, RECORD_SOURCES, Source, type RecordSource } from './records.values.ts';

const tag = 'operations';

const recordRow = {
  id: IdText,
  number: Type.String(),
  kind: OneOf(RECORD_KINDS),
  state: Type.String(),
  version: Type.Integer(),
  level: Type.Integer(),
  title: Type.String(),
  component: OrNull(Type.String()),
  source: OneOf(Object.keys(RECORD_SOURCES) as RecordSource[]),
  reporter: Type.String(),
  owner: OrNull(Type.String()),
  openedAt: Instant,
  endedAt: OrNull(Instant),
  paused: OrNull(Type.String()),
  dueClock: OrNull(Type.String()),
  dueAt: OrNull(Instant),
  light: OneOf(['none', 'green', 'yellow', 'red']),
};
export const RecordLine = Type.Object(recordRow);
export type RecordLine = Static<typeof RecordLine>;

const linked = Type.Object({
  relation: Type.String(),
  outward: Type.Boolean({ description: 'From this record to the other' }),
  id: IdText,
  number: Type.String(),
  kind: OneOf(RECORD_KINDS),
  title: Type.String(),
  state: Type.String(),
});

export const RecordView = Type.Object({
  ...recordRow,
  body: Type.String(),
  ownerId: OrNull(IdText),
  proposedOwner: OrNull(
    Type.Object(
      { id: IdText, name: Type.String(), part: OneOf(['responsible', 'accountable']) },
      { description: 'By the responsibility matrix, where nobody owns it yet' },
    ),
  ),
  facts: Type.Record(Type.String(), Type.Unknown()),
  clocks: Type.Array(
    Type.Object({
      name: Type.String(),
      startedAt: Instant,
      dueAt: Instant,
      stoppedAt: OrNull(Instant),
      light: OneOf(['none', 'green', 'yellow', 'red']),
      result: OrNull(OneOf(['in-time', 'late', 'void'])),
      limit: Type.String(),
    }),
  ),
  links: Type.Array(linked),
  alike: Type.Array(linked, { description: 'Earlier records about the same component, or in like words; of problems also open ones' }),
  timeline: Type.Array(TimelineLine),
  actions: Type.Array(ActionView),
});
export type RecordView = Static<typeof RecordView>;

const described = <T extends TSchema>(schema: T, description: string): T => ({ ...schema, description });
/** How clocks that were due in a span came out; one that still runs past its end is late. */
export const CLOCK_RESULTS = ['in-time', 'late'] as const;

export const RecordFilter = Type.Object({
  kind: Type.Optional(OneOf(RECORD_KINDS)),
  state: Type.Optional(PlainText({ max: 200, description: 'States, separated by commas' })),
  open: Type.Optional(OneOf(['true', 'false'])),
  level: Type.Optional(Type.Integer({ minimum: 1, maximum: 4 })),
  light: Type.Optional(OneOf(['yellow', 'red'])),
  component: Type.Optional(Component),
  source: Type.Optional(OneOf(Object.keys(RECORD_SOURCES) as RecordSource[])),
  owner: Type.Optional(Type.String({ pattern: '^(me|[0-9a-f-]{36})$', description: 'An account, or `me`' })),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  endedFrom: Type.Optional(Instant),
  endedTo: Type.Optional(Instant),
  openAt: Type.Optional(described(Instant, 'Open at this instant')),
  clock: Type.Optional(PlainText({ max: 40, description: 'Has a clock of this name due from `clockFrom` to before `clockTo`' })),
  clockFrom: Type.Optional(Instant),
  clockTo: Type.Optional(Instant),
  clockResult: Type.Optional(OneOf(CLOCK_RESULTS, 'None of these clocks late, or one of them')),
  again: Type.Optional(OneOf(['true'], 'The component had a fault that ended within thirty days before')),
  reviewed: Type.Optional(OneOf(['true', 'false'], 'With a post-mortem, or without')),
  class: Type.Optional(OneOf(Object.keys(CHANGE_CLASSES) as ChangeClass[])),
  startsFrom: Type.Optional(described(Instant, 'A change whose window begins from this instant')),
  startsTo: Type.Optional(Instant),
  cause: Type.Optional(OneOf([...Object.keys(CAUSES), 'unknown'], 'Of a problem; `unknown` before it was found')),
  effect: Type.Optional(OneOf([...Object.keys(EFFECTS), 'unknown'], 'The step of the flow a problem touches')),
  ratingFrom: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, description: 'Rated by its reporter so or better' })),
  ratingTo: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
  plannedFrom: Type.Optional(described(DayText, 'A problem planned to be done from this day')),
  plannedTo: Type.Optional(described(DayText, 'Up to and with this day')),
  q: Type.Optional(PlainText({ max: 50, description: 'Number, or words of the title' })),
  sort: Type.Optional(OneOf(['newest', 'due'])),
  ...PageQuery,
});
export type RecordFilter = Static<typeof RecordFilter>;

export const RecordReply = Type.Object({ id: IdText, state: Type.String(), version: Type.Integer() });
export type RecordReply = Static<typeof RecordReply>;
const Opened = Type.Object({ id: IdText, number: Type.String() });

const common = (kind: RecordKind) => ({
  title: Named({ zh: '标题', en: 'Title' }, PlainText({ min: 4, max: 120 })),
  body: Named({ zh: '情况', en: 'What is the matter' }, note(4, 4000)),
  level: Level(kindFacts(kind).levels),
  component: Type.Optional(Named({ zh: '涉及对象', en: 'Component' }, Component)),
});

/** What a person opens; vulnerabilities come from the inventory. */
export const OPENED_BY_HAND = {
  fault: Type.Object({ ...common('fault'), source: Source }, closed),
  problem: Type.Object({ ...common('problem'), source: Source }, closed),
  change: Type.Object({ ...common('change'), ...ChangePlan }, closed),
} as const;
export type OpenedByHand = keyof typeof OPENED_BY_HAND;

/** The actions people take, by kind: `POST /api/operations/faults/:id/respond`. */
export const recordActionRoutes: readonly { kind: RecordKind; action: string; route: Route }[] = RECORD_KINDS.flatMap((kind) => {
  const { lifecycle, plural } = kindFacts(kind);
  return Object.entries(lifecycle.actions)
    .filter(([, facts]) => !facts.system)
    .map(([action, facts]) => ({
      kind,
      action,
      route: route({
        method: 'POST',
        path: `/api/operations/${plural}/:id/${action}`,
        tag,
        access: facts.permission,
        summary: facts.name,
        params: Type.Object({ id: IdText }),
        body: Type.Object({ version: Type.Integer({ minimum: 1 }), input: facts.input }, closed),
        reply: RecordReply,
        errors: ['base.stale', 'casework.not-allowed-now'],
      }) as unknown as Route,
    }));
});

export function recordActionRoute(kind: RecordKind, action: string): Route<TSchema, TSchema, TSchema, typeof RecordReply> {
  const found = recordActionRoutes.find((one) => one.kind === kind && one.action === action);
  if (!found) throw new Error(`People take no action ${action} on a ${kind}`);
  return found.route as Route<TSchema, TSchema, TSchema, typeof RecordReply>;
}

function opening<K extends OpenedByHand>(kind: K) {
  return route({
    method: 'POST',
    path: `/api/operations/${recordKinds[kind].plural}`,
    tag,
    // A change is planned by those who carry it out; what is wrong is told by whoever sees it.
    access: kind === 'change' ? 'operations.handle' : 'operations.report',
    summary: { zh: `登记${recordKinds[kind].lifecycle.name.zh}`, en: `Open a ${kind}` },
    body: OPENED_BY_HAND[kind],
    reply: Opened,
    status: 201,
  });
}

export const recordsApi = {
  list: route({
    method: 'GET',
    path: '/api/operations/records',
    tag,
    access: 'operations.see',
    summary: { zh: '运维事项', en: 'Records of the operations centre' },
    query: RecordFilter,
    reply: PageOf(RecordLine),
  }),
  mine: route({
    method: 'GET',
    path: '/api/operations/my-records',
    tag,
    access: 'operations.report',
    summary: { zh: '我上报的故障与问题', en: 'What I reported' },
    query: Type.Object(PageQuery),
    reply: PageOf(RecordLine),
  }),
  byId: route({
    method: 'GET',
    path: '/api/operations/records/:id',
    tag,
    access: 'operations.report',
    summary: { zh: '运维事项详情', en: 'One record' },
    params: Type.Object({ id: IdText }),
    reply: RecordView,
  }),
  people: route({
    method: 'GET',
    path: '/api/operations/people',
    tag,
    access: 'operations.see',
    summary: { zh: '运维人员', en: 'Who handles matters of operations' },
    reply: Type.Object({ items: Type.Array(Type.Object({ id: IdText, name: Type.String(), roles: Type.Array(Type.String()) })) }),
  }),
  openFault: opening('fault'),
  openProblem: opening('problem'),
  openChange: opening('change'),
};
