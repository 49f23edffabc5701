import { sql } from 'kysely';
import { beijingDate } from '#server/kernel/calendar.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { Line } from './lines.rules.ts';
import { addTerms } from './terms.rules.ts';
import { templateName, type Template } from './templates.rules.ts';

/** A line with the template it was folded to. */
export interface FoldedLine extends Line {
  readonly template: Template;
}

/** A line's number is that of its batch times this, and its place. */
export const PLACES = 4096;
/** Larger batches know hardly more terms, but more of their lines must be read to find one. */
export const BATCH_AT_MOST = 500;

export type SourceKind = 'node' | 'postgresql' | 'program';

/** Files lines of one source: in batches of one day of Beijing, each in the order of time; counts and templates with them. */
export async function fileLines(tx: Tx, source: string, lines: readonly FoldedLine[]): Promise<void> {
  if (lines.length === 0) return;
  const ordered = lines.toSorted((a, b) => a.atMs - b.atMs);
  for (const day of Map.groupBy(ordered, (line) => beijingDate(line.atMs)).values())
    for (let from = 0; from < day.length; from += BATCH_AT_MOST) await fileBatch(tx, source, day.slice(from, from + BATCH_AT_MOST));
  await countLines(tx, source, ordered);
  await noteTemplates(tx, ordered);
}

async function fileBatch(tx: Tx, source: string, lines: readonly FoldedLine[]): Promise<void> {
  const terms = new Set<number>();
  for (const line of lines) addTerms(terms, line, templateName(line.template.id));
  const column = <T>(of: (line: FoldedLine) => T) => lines.map(of);
  await sql`/*hot:log-batch*/ with batch as (
      insert into operations.log_batch (no, first_at, last_at, source, lines, terms)
      values (nextval('operations.log_batch_no'), ${new Date(lines[0]!.atMs)}, ${new Date(lines.at(-1)!.atMs)}, ${source}, ${lines.length}, ${[...terms]}::integer[])
      returning no)
    insert into operations.log_line (at, seq, level, source, module, template, message, request_id, trace_id, account_id, fields)
    select to_timestamp(l.at / 1000), batch.no * ${PLACES} + l.place - 1, l.level, ${source}, l.module, l.template, l.message, l.request_id, l.trace_id, l.account_id, l.fields::jsonb
    from batch, unnest(${column((line) => line.atMs)}::double precision[], ${column((line) => line.level)}::smallint[], ${column((line) => line.module)}::text[],
      ${column((line) => line.template.id)}::bigint[], ${column((line) => line.message)}::text[], ${column((line) => line.requestId)}::text[],
      ${column((line) => line.traceId)}::text[], ${column((line) => line.accountId)}::text[], ${column((line) => fieldsText(line.fields))}::text[])
      with ordinality as l(at, level, module, template, message, request_id, trace_id, account_id, fields, place)`.execute(tx);
}

function fieldsText(fields: Line['fields']): string | null {
  const text = JSON.stringify(fields);
  return text === '{}' ? null : text;
}

interface Counted {
  readonly minuteMs: number;
  readonly line: FoldedLine;
  lines: number;
}

async function countLines(tx: Tx, source: string, lines: readonly FoldedLine[]): Promise<void> {
  const counts = new Map<string, Counted>();
  for (const line of lines) {
    const minuteMs = Math.floor(line.atMs / 60_000) * 60_000;
    const key = `${minuteMs}/${line.template.id}/${line.level}`;
    const known = counts.get(key);
    if (known) known.lines++;
    else counts.set(key, { minuteMs, line, lines: 1 });
  }
  const rows = [...counts.values()];
  await sql`/*hot:log-count*/ insert into operations.log_count as c (at, source, module, level, template, lines)
    select to_timestamp(at / 1000), ${source}, module, level, template, lines
    from unnest(${rows.map((row) => row.minuteMs)}::double precision[], ${rows.map((row) => row.line.module)}::text[], ${rows.map((row) => row.line.level)}::smallint[],
      ${rows.map((row) => row.line.template.id)}::bigint[], ${rows.map((row) => row.lines)}::integer[]) as t(at, module, level, template, lines)
    on conflict (at, source, module, level, template) do update set lines = c.lines + excluded.lines`.execute(tx);
}

async function noteTemplates(tx: Tx, lines: readonly FoldedLine[]): Promise<void> {
  const seen = new Map<number, { first: FoldedLine; last: FoldedLine }>();
  for (const line of lines) {
    const known = seen.get(line.template.id);
    if (known) known.last = line;
    else seen.set(line.template.id, { first: line, last: line });
  }
  // In one order, so that two nodes that note the same do not wait for each other in a circle.
  const rows = [...seen.values()].toSorted((a, b) => a.first.template.id - b.first.template.id);
  await sql`/*hot:log-templates*/ insert into operations.log_template as t (id, module, text, counted, level, first_at, last_at)
    select id, module, text, counted, level, to_timestamp(first / 1000), to_timestamp(last / 1000)
    from unnest(${rows.map(({ first }) => first.template.id)}::bigint[], ${rows.map(({ first }) => first.template.module)}::text[], ${rows.map(({ first }) => first.template.text)}::text[],
      ${rows.map(({ first }) => first.template.counted)}::boolean[], ${rows.map(({ first }) => first.level)}::smallint[], ${rows.map(({ first }) => first.atMs)}::double precision[],
      ${rows.map(({ last }) => last.atMs)}::double precision[]) as n(id, module, text, counted, level, first, last)
    on conflict (id) do update set last_at = greatest(t.last_at, excluded.last_at), first_at = least(t.first_at, excluded.first_at),
      level = greatest(t.level, excluded.level)
      -- Once in ten seconds is enough: nodes would wait for each other at every common template.
      where t.last_at < excluded.last_at - interval '10 seconds' or t.first_at > excluded.first_at or t.level < excluded.level`.execute(tx);
}

/** Notes that a source was heard. */
export async function hearSource(tx: Tx, name: string, kind: SourceKind, at: Date): Promise<void> {
  await tx
    .insertInto('operations.log_source')
    .values({ name, kind, heard_at: at })
    .onConflict((oc) => oc.column('name').doUpdateSet({ kind, heard_at: at }))
    .execute();
}

/** The templates that counting made, the latest first: what a node that starts goes on from. */
export async function countedTemplates(tx: Tx, most = 4000): Promise<{ module: string; text: string }[]> {
  return tx
    .selectFrom('operations.log_template')
    .select(['module', 'text'])
    .where('counted', '=', true)
    .orderBy('last_at', 'desc')
    .limit(most)
    .execute();
}

/** How far a log file was read. */
export async function readPlace(tx: Tx, source: string): Promise<{ file: string; place: number } | null> {
  return (
    (await tx.selectFrom('operations.log_place').select(['file', 'place']).where('source', '=', source).forUpdate().executeTakeFirst()) ??
    null
  );
}

export async function setPlace(tx: Tx, source: string, file: string, place: number): Promise<void> {
  await tx
    .insertInto('operations.log_place')
    .values({ source, file, place })
    .onConflict((oc) => oc.column('source').doUpdateSet({ file, place }))
    .execute();
}
