import { sql, type SelectQueryBuilder } from 'kysely';
import type {
  DatabaseBoard,
  Evidence,
  Finding,
  InspectionBoard,
  InspectionFilter,
  InspectionItem,
  InspectionLine,
  InspectionObject,
  InspectionReport,
  Outcome,
} from '#contracts/operations/inspections.api.ts';
import { OBJECTS } from '#contracts/operations/inspections.api.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { DB } from '#server/platform/db/schema.gen.ts';
import type { Check } from './inspections.rules.ts';
import { loadChecks, loadTemplates, type Template } from './inspections.store.ts';
import { nextDue } from './schedule.rules.ts';

const DAY = 86_400_000;
/** How many scores a trend shows. */
const SCORES = 60;
const FINDINGS = 100;
const iso = (at: Date | null) => at?.toISOString() ?? null;
const named = (code: string) => ({ zh: code, en: code });

type Inspections = DB & { n: DB['operations.inspection'] };
type Names = ReadonlyMap<string, Template['name']>;

const count = (outcomes: string) => sql<number>`count(*) filter (where i.outcome in (${sql.raw(outcomes)}))`;
const lines = (tx: Tx) =>
  tx
    .selectFrom('operations.inspection as n')
    .innerJoin('operations.inspection_item as i', 'i.inspection_id', 'n.id')
    .selectAll('n')
    .select([
      sql<number>`count(*)`.as('items'),
      count(`'open'`).as('open'),
      count(`'yellow'`).as('yellow'),
      count(`'red'`).as('red'),
      count(`'unreadable'`).as('unreadable'),
    ])
    .groupBy('n.id');
type LineRow = Awaited<ReturnType<ReturnType<typeof lines>['executeTakeFirstOrThrow']>>;

const lineOf = (row: LineRow, names: Names): InspectionLine => ({
  id: row.id,
  number: row.number,
  template: row.template,
  name: names.get(row.template) ?? named(row.template),
  askedBy: row.asked_name,
  dueAt: row.due_at.toISOString(),
  signBy: iso(row.sign_by),
  state: row.state as InspectionLine['state'],
  startedAt: row.started_at.toISOString(),
  endedAt: iso(row.ended_at),
  score: row.score,
  items: row.items,
  open: row.open,
  yellow: row.yellow,
  red: row.red,
  unreadable: row.unreadable,
  signedBy: row.signed_name,
});

const namesOf = (templates: readonly Template[]): Names => new Map(templates.map((template) => [template.code, template.name]));

/** The filters of the list, also of what the monthly report counts. */
function narrowed<O>(query: SelectQueryBuilder<Inspections, 'n', O>, { template, state, from, to }: InspectionFilter) {
  return query
    .$if(template === undefined, (some) => some.where('n.depth', '>', 0))
    .$if(template !== undefined, (some) => some.where('n.template', '=', template!))
    .$if(state !== undefined, (some) => some.where('n.state', '=', state!))
    .$if(from !== undefined, (some) => some.where('n.started_at', '>=', new Date(from!)))
    .$if(to !== undefined, (some) => some.where('n.started_at', '<', new Date(to!)));
}

export async function countInspections(tx: Tx, filter: InspectionFilter): Promise<number> {
  const all = tx.selectFrom('operations.inspection as n').select(sql<number>`count(*)::integer`.as('count'));
  return (await narrowed(all, filter).executeTakeFirstOrThrow()).count;
}

/** Past inspections, the newest first; those of every few minutes only where they are asked for by name. */
export async function inspectionsPage(
  tx: Tx,
  { after, limit, ...filter }: InspectionFilter & { after: string | null; limit: number },
): Promise<{ items: InspectionLine[]; nextCursor?: string }> {
  const names = namesOf(await loadTemplates(tx));
  const rows = await narrowed(lines(tx), filter)
    .$if(after !== null, (query) => query.where('n.id', '<', after!))
    .orderBy('n.id', 'desc')
    .limit(limit + 1)
    .execute();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items: rows.slice(0, limit).map((row) => lineOf(row, names)), ...(last ? { nextCursor: last.id } : {}) };
}

const findings = (tx: Tx) =>
  tx
    .selectFrom('operations.inspection_finding as f')
    .leftJoin('operations.record as r', 'r.id', 'f.record_id')
    .leftJoin('casework.clock as c', (join) =>
      join.onRef('c.case_id', '=', 'f.record_id').on('c.name', '=', 'fix').on('c.result', 'is', null),
    )
    .selectAll('f')
    .select(['r.owner', 'c.due_at']);
type FindingRow = Awaited<ReturnType<ReturnType<typeof findings>['executeTakeFirstOrThrow']>>;

function findingOf(row: FindingRow, checks: ReadonlyMap<string, Check>): Finding {
  const check = checks.get(row.code);
  return {
    id: row.id,
    code: row.code,
    object: row.object as InspectionObject,
    name: check?.name ?? named(row.code),
    advice: check?.advice ?? named(row.code),
    unit: check?.unit ?? null,
    kind: check?.kind ?? 'automatic',
    level: row.level as Finding['level'],
    openedAt: row.opened_at.toISOString(),
    dueAt: iso(row.due_at),
    openedValue: row.opened_value,
    openedEvidence: row.opened_evidence as unknown as Evidence,
    lastOutcome: row.last_outcome as Outcome,
    lastAt: row.last_at.toISOString(),
    lastValue: row.last_value,
    lastEvidence: row.last_evidence as unknown as Evidence,
    lastBy: row.last_name,
    lastNote: row.last_note,
    times: row.times,
    record: { id: row.record_id, number: row.record_number },
    owner: row.owner,
    closedAt: iso(row.closed_at),
    closedBy: row.closed_name,
  };
}

const byCode = (checks: readonly Check[]): ReadonlyMap<string, Check> => new Map(checks.map((check) => [check.code, check]));

export async function findingById(tx: Tx, id: string): Promise<Finding | null> {
  const row = await findings(tx).where('f.id', '=', id).executeTakeFirst();
  return row ? findingOf(row, byCode(await loadChecks(tx))) : null;
}

const items = (tx: Tx) => tx.selectFrom('operations.inspection_item as i').selectAll('i');
type ItemRow = Awaited<ReturnType<ReturnType<typeof items>['executeTakeFirstOrThrow']>>;

function itemOf(row: ItemRow, checks: ReadonlyMap<string, Check>): InspectionItem {
  const check = checks.get(row.code);
  return {
    code: row.code,
    object: row.object as InspectionObject,
    name: check?.name ?? named(row.code),
    advice: check?.advice ?? named(row.code),
    unit: check?.unit ?? null,
    below: check?.below === true,
    yellow: row.yellow,
    red: row.red,
    kind: row.kind as InspectionItem['kind'],
    how:
      row.kind !== 'manual'
        ? null
        : (check?.how ?? {
            zh: '平台在本机读不到这一项，请现场查看',
            en: 'The platform cannot read this here: please look on the spot',
          }),
    outcome: row.outcome as Outcome,
    value: row.value,
    evidence: row.evidence as unknown as Evidence,
    at: iso(row.at),
    by: row.by_name,
    said: row.said,
    note: row.note,
    revision: row.revision,
  };
}

const WORST: Readonly<Record<Outcome, number>> = { red: 0, yellow: 1, open: 2, unreadable: 3, ok: 4, 'not-applicable': 5 };

export async function itemByCode(tx: Tx, inspectionId: string, code: string): Promise<InspectionItem | null> {
  const row = await items(tx).where('i.inspection_id', '=', inspectionId).where('i.code', '=', code).executeTakeFirst();
  return row ? itemOf(row, byCode(await loadChecks(tx))) : null;
}

/** Everything an inspection found, item by item, with what became of what is bad; null where there is none. */
export async function inspectionReport(tx: Tx, id: string): Promise<InspectionReport | null> {
  const line = await lines(tx).where('n.id', '=', id).executeTakeFirst();
  if (!line) return null;
  const checks = byCode(await loadChecks(tx));
  const told = await items(tx).where('i.inspection_id', '=', id).orderBy('i.place').execute();
  const bad = told.filter((row) => row.outcome === 'yellow' || row.outcome === 'red').map((row) => row.code);
  const rows =
    bad.length === 0
      ? []
      : await findings(tx)
          .where('f.code', 'in', bad)
          .where('f.opened_at', '<=', line.ended_at ?? new Date(8.64e15))
          .where((eb) => eb.or([eb('f.closed_at', 'is', null), eb('f.closed_at', '>=', line.started_at)]))
          .orderBy('f.id')
          .execute();
  return {
    line: lineOf(line, namesOf(await loadTemplates(tx))),
    signNote: line.sign_note,
    items: told.map((row) => itemOf(row, checks)),
    findings: rows.map((row) => findingOf(row, checks)),
  };
}

/** The scores of the last inspections that went deeper than those of every few minutes, the oldest first. */
async function scoresOf(
  tx: Tx,
  names: Names,
  only: (query: SelectQueryBuilder<DB, 'operations.inspection', object>) => SelectQueryBuilder<DB, 'operations.inspection', object>,
): Promise<InspectionBoard['scores']> {
  const rows = await only(tx.selectFrom('operations.inspection'))
    .select(['id', 'started_at', 'score', 'template'])
    .where('score', 'is not', null)
    .orderBy('id', 'desc')
    .limit(SCORES)
    .execute();
  return rows.toReversed().map((row) => ({
    id: row.id,
    at: row.started_at.toISOString(),
    score: row.score!,
    template: row.template,
    name: names.get(row.template) ?? named(row.template),
  }));
}

/** What waits for a person, what comes next, what is found and not yet mended, how it went. */
export async function inspectionBoard(tx: Tx, nowMs: number, holidays: Holidays): Promise<InspectionBoard> {
  const templates = await loadTemplates(tx);
  const names = namesOf(templates);
  const checks = byCode(await loadChecks(tx));
  const waiting = await lines(tx).where('n.state', '=', 'waiting').orderBy('n.sign_by').limit(50).execute();
  const open = await findings(tx).where('f.closed_at', 'is', null).orderBy('f.level').orderBy('f.id').limit(FINDINGS).execute();
  const { rows: objects } = await sql<{ object: InspectionObject; open: number; found: number; closed: number }>`
    select object, count(*) filter (where closed_at is null) as open, count(*) filter (where opened_at >= ${new Date(nowMs - 30 * DAY)}) as found,
      count(*) filter (where closed_at >= ${new Date(nowMs - 30 * DAY)}) as closed
    from operations.inspection_finding where closed_at is null or closed_at >= ${new Date(nowMs - 60 * DAY)} group by object`.execute(tx);
  return {
    waiting: waiting.map((row) => lineOf(row, names)),
    next: templates.map((template) => {
      const { atMs, provisional } = nextDue(template.when, nowMs, holidays);
      return { template: template.code, name: template.name, at: atMs === null ? null : new Date(atMs).toISOString(), provisional };
    }),
    scores: await scoresOf(tx, names, (query) => query.where('depth', '>', 0).where('template', '<>', DATABASE)),
    findings: open.map((row) => findingOf(row, checks)),
    objects: OBJECTS.map((object) => objects.find((row) => row.object === object) ?? { object, open: 0, found: 0, closed: 0 }),
  };
}

/** The template that looks at every line of the database and at nothing else. */
export const DATABASE = 'database';

/** The last whole inspection of the database, its worst lines first. */
export async function databaseBoard(tx: Tx): Promise<DatabaseBoard> {
  const names = namesOf(await loadTemplates(tx));
  const checks = byCode(await loadChecks(tx));
  const last = await lines(tx)
    .where('n.template', '=', DATABASE)
    .where('n.state', '=', 'done')
    .orderBy('n.id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const told = last ? await items(tx).where('i.inspection_id', '=', last.id).orderBy('i.place').execute() : [];
  const open = await findings(tx)
    .where('f.object', '=', 'database')
    .where('f.closed_at', 'is', null)
    .orderBy('f.id')
    .limit(FINDINGS)
    .execute();
  return {
    last: last ? lineOf(last, names) : null,
    items: told.map((row) => itemOf(row, checks)).toSorted((a, b) => WORST[a.outcome] - WORST[b.outcome]),
    findings: open.map((row) => findingOf(row, checks)),
    scores: await scoresOf(tx, names, (query) => query.where('template', '=', DATABASE)),
  };
}
