import { Type, type Static } from 'typebox';
import { Errors } from 'typebox/value';
import type { AppealInput } from '#contracts/appeals/appeals.api.ts';
import { isDay } from '#server/kernel/calendar.ts';
import { OneOf, OrNull, PlainText, UnitCode } from '#contracts/base/text.ts';
import { RESULT_TYPES } from '#contracts/orders/orders.values.ts';
import type { FieldFault } from '#server/kernel/decision.ts';
import type { Cell, SourceRow } from './imports.reader.ts';

const Constant = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
const FieldRule = Type.Union([
  Type.Object({ constant: Constant }, { additionalProperties: false }),
  Type.Object(
    {
      column: Type.String({ minLength: 1 }),
      /** Values of the file and what they mean here. */
      values: Type.Optional(Type.Record(Type.String(), Constant)),
      /** For empty cells, and for values that `values` does not name. */
      otherwise: Type.Optional(Constant),
      /** Cut off after so many characters; the rest is not kept. */
      cutAt: Type.Optional(Type.Integer({ minimum: 1 })),
    },
    { additionalProperties: false },
  ),
]);

/** How the columns of a file become an appeal. */
export const Mapping = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9-]{1,60}$' }),
    title: Type.String({ maxLength: 100 }),
    source: Type.String({ pattern: '^[a-z0-9-]{2,32}$' }),
    fields: Type.Record(Type.String(), FieldRule),
  },
  { additionalProperties: false },
);
export type Mapping = Static<typeof Mapping>;

const FIELDS = [
  'sourceNumber',
  'filedAt',
  'channel',
  'type',
  'region',
  'address',
  'title',
  'content',
  'expectation',
  'eventAt',
  'category',
  'urgency',
  'anonymous',
  'confidential',
  'contact.name',
  'contact.phone',
  'contact.gender',
  'contact.kind',
  'contact.idNumber',
  'contact.creditCode',
  'contact.address',
  'reply.text',
  'reply.at',
  'reply.by',
  'reply.resultType',
  'reply.unit',
] as const;
const NEEDED = ['sourceNumber', 'filedAt', 'channel', 'type', 'region', 'content'] as const;
const TIMES = ['filedAt', 'eventAt', 'reply.at'];
const SWITCHES = ['anonymous', 'confidential'];
const SWITCH_WORDS = new Map([
  ...['是', 'true', '1', 'y', 'yes'].map((word) => [word, true] as const),
  ...['否', 'false', '0', 'n', 'no'].map((word) => [word, false] as const),
]);

/** What is wrong with a mapping, in words; empty when nothing is. */
export function mappingFaults(mapping: unknown): string[] {
  const faults = [...Errors(Mapping, mapping)].map((error) => `${error.instancePath || '/'} ${error.message}`);
  if (faults.length > 0) return [...new Set(faults)].slice(0, 10);
  const { fields } = mapping as Mapping;
  return [
    ...Object.keys(fields)
      .filter((field) => !(FIELDS as readonly string[]).includes(field))
      .map((field) => `fields.${field} is not a field`),
    ...NEEDED.filter((field) => !(field in fields)).map((field) => `fields.${field} is missing`),
  ];
}

/** The columns a mapping reads. */
export function columnsOf(mapping: Mapping): string[] {
  return [...new Set(Object.values(mapping.fields).flatMap((rule) => ('column' in rule ? [rule.column] : [])))];
}

export interface MappedRow {
  readonly input: AppealInput;
  readonly sourceNumber: string;
  readonly filedAt: Date;
  readonly reply: { text: string; at: Date; by: string; resultType: string; unitCode: string | null } | null;
}

/** A row as an appeal, or what is wrong with it. The input's own form is judged elsewhere, by the schema of the API. */
export function mapRow(mapping: Mapping, row: SourceRow): { ok: true; value: MappedRow } | { ok: false; faults: FieldFault[] } {
  const faults: FieldFault[] = [];
  const values: Record<string, unknown> = {};
  for (const [field, rule] of Object.entries(mapping.fields)) {
    if ('constant' in rule) {
      values[field] = rule.constant;
      continue;
    }
    const cell = row.cells.get(rule.column) ?? null;
    const empty = cell === null || (typeof cell === 'string' && cell.trim() === '');
    if (TIMES.includes(field)) {
      const time = empty ? null : readTime(cell);
      if (!empty && time === null) faults.push({ path: rule.column, code: 'field.format' });
      values[field] = time;
      continue;
    }
    if (cell instanceof Date && Number.isNaN(cell.getTime())) {
      // A number that is no day, in a cell that is styled as one.
      faults.push({ path: rule.column, code: 'field.format' });
      continue;
    }
    const text = empty ? '' : cell instanceof Date ? cell.toISOString() : String(cell).trim();
    const meant = rule.values && Object.hasOwn(rule.values, text) ? rule.values[text] : empty || rule.values ? rule.otherwise : text;
    if (meant === undefined && !empty) faults.push({ path: rule.column, code: 'field.unknown-code' });
    values[field] = typeof meant === 'string' && rule.cutAt !== undefined ? [...meant].slice(0, rule.cutAt).join('') : meant;
  }
  for (const field of NEEDED)
    if (values[field] === undefined || values[field] === null || values[field] === '')
      faults.push({ path: columnOf(mapping, field), code: 'field.required' });
  for (const field of SWITCHES) {
    if (values[field] === undefined) continue;
    const on = SWITCH_WORDS.get(String(values[field] as string | number | boolean).toLowerCase());
    // What cannot be read is told: an appeal meant to be confidential must not become an open one in silence.
    if (on === undefined) faults.push({ path: columnOf(mapping, field), code: 'field.unknown-code' });
    values[field] = on;
  }
  // Ids begin with the milliseconds since 1970, and 12345 is younger than that.
  if (values['filedAt'] instanceof Date && values['filedAt'].getTime() < 0)
    faults.push({ path: columnOf(mapping, 'filedAt'), code: 'field.out-of-range', params: { limit: '>= 1970-01-01' } });
  const distinct = faults.filter((fault, index) => faults.findIndex((other) => other.path === fault.path) === index);
  if (distinct.length > 0) return { ok: false, faults: distinct };

  const { sourceNumber, filedAt, eventAt, urgency, ...rest } = values;
  const contact = grouped(rest, 'contact.');
  const reply = grouped(rest, 'reply.');
  const plain = Object.fromEntries(
    Object.entries(rest).filter(([field, value]) => !field.includes('.') && value !== undefined && value !== ''),
  );
  return {
    ok: true,
    value: {
      input: {
        ...plain,
        ...(urgency ? { urgency: Number(urgency) } : {}),
        ...(eventAt ? { eventAt: (eventAt as Date).toISOString() } : {}),
        ...(Object.keys(contact).length > 0 ? { contact } : {}),
      } as unknown as AppealInput,
      sourceNumber: String(sourceNumber),
      filedAt: filedAt as Date,
      reply:
        reply['text'] && reply['at']
          ? {
              text: words(reply['text']),
              at: reply['at'] as Date,
              by: words(reply['by']) || '承办单位',
              resultType: words(reply['resultType']) || '99',
              unitCode: (reply['unit'] as string | undefined) ?? null,
            }
          : null,
    },
  };
}

function words(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** An answer that was given before this platform knew of it. */
export const PastReply = Type.Object({
  text: PlainText({ min: 1, max: 20_000 }),
  by: PlainText({ min: 1, max: 100 }),
  resultType: OneOf(RESULT_TYPES),
  unitCode: OrNull(UnitCode),
});

// Older rows have no partition to lie in (platform.ensure_partitions).
const EARLIEST = Date.UTC(1990, 0, 2);

/** What cannot be of the times of a row: before there was a hotline, in the future, or answered before it was asked. */
export function timeFaults({ filedAt, reply }: MappedRow, nowMs: number): FieldFault[] {
  const faults: FieldFault[] = [];
  if (filedAt.getTime() < EARLIEST) faults.push({ path: 'filedAt', code: 'field.out-of-range', params: { limit: '>= 1990-01-02' } });
  if (filedAt.getTime() > nowMs) faults.push({ path: 'filedAt', code: 'appeals.event-in-future' });
  if (reply && reply.at.getTime() > nowMs) faults.push({ path: 'reply.at', code: 'appeals.event-in-future' });
  if (reply && reply.at < filedAt)
    faults.push({ path: 'reply.at', code: 'field.out-of-range', params: { limit: `>= ${filedAt.toISOString()}` } });
  return faults;
}

function columnOf(mapping: Mapping, field: string): string {
  const rule = mapping.fields[field];
  return rule && 'column' in rule ? rule.column : field;
}

function grouped(values: Record<string, unknown>, prefix: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([field, value]) => field.startsWith(prefix) && value !== undefined && value !== '' && value !== null)
      .map(([field, value]) => [field.slice(prefix.length), value]),
  );
}

const EXCEL_EPOCH = Date.UTC(1899, 11, 30);
const BEIJING = 8 * 3_600_000;
const ISO = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
const WRITTEN =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?:日|(?:日\s*|[T\s]+)(\d{1,2})(?:[时点]|[:时点](\d{1,2})(?:分|[:分](\d{1,2})(?:\.\d+)?秒?)?))?$/;

/**
 * The instant a cell means: an Excel serial day, ISO 8601, or the ways Chinese offices write a date
 * (2026-02-13 09:05, 2026/2/13 9:05:00, 2026.2.13, 2026年2月13日 9时5分). Times without a zone are Beijing time.
 * What is no date of the calendar is null, never the nearest one that is.
 */
export function readTime(cell: Cell): Date | null {
  if (cell instanceof Date) {
    // Spreadsheet dates carry no zone; the reader gives them as if they were UTC, and they are meant in Beijing.
    return inReach(wholeSecond(cell.getTime()) - BEIJING);
  }
  if (typeof cell === 'number' || (typeof cell === 'string' && /^\d{5}(\.\d+)?$/.test(cell.trim()))) {
    const serial = Number(cell);
    return serial >= 20_000 && serial < 80_000 ? new Date(wholeSecond(EXCEL_EPOCH + serial * 86_400_000) - BEIJING) : null;
  }
  if (typeof cell !== 'string') return null;
  const text = cell.trim();
  const isoDay = ISO.exec(text)?.[1];
  if (isoDay !== undefined) return isDay(isoDay) ? inReach(Date.parse(text)) : null;
  const found = WRITTEN.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map((part) => (part ?? '0').padStart(2, '0')) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const local = `${year}-${month}-${day}`;
  return isDay(local) && hour < '24' && minute < '60' && second < '60'
    ? inReach(Date.parse(`${local}T${hour}:${minute}:${second}+08:00`))
    : null;
}

/** Serial days are parts of a day: a whole second comes out a millisecond short now and then. */
function wholeSecond(ms: number): number {
  return Math.round(ms / 1000) * 1000;
}

/** Nobody tells the hotline of other centuries; such a year is a slip of the hand. */
function inReach(ms: number): Date | null {
  return ms >= Date.UTC(1900, 0, 1) && ms < Date.UTC(2200, 0, 1) ? new Date(ms) : null;
}
