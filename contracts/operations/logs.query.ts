/** The levels of a line, by the numbers that pino and (nearly) every other logger rank them by. */
export const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const;
export type LevelName = keyof typeof LEVELS;
export const LEVEL_NAMES = Object.keys(LEVELS) as LevelName[];

/** What a line says of itself besides its message, and how a query names it. */
export const COLUMNS = ['source', 'module', 'template', 'req', 'trace', 'account'] as const;
export type LogColumn = (typeof COLUMNS)[number];

export const COMPARISONS = [':', '>=', '<=', '>', '<'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/**
 * One condition of a query; all of them must hold. `not` turns it round.
 *
 * - `text`: the message holds these words, whole and in this order; A to Z mean the same as a to z.
 * - `level`: compared by rank.
 * - `column`: equal.
 * - `field`: any other field of the line; equal as text, or compared as a number.
 */
export type Clause = { readonly not: boolean } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'level'; readonly op: Comparison; readonly level: LevelName }
  | { readonly kind: 'column'; readonly column: LogColumn; readonly value: string }
  | { readonly kind: 'field'; readonly key: string; readonly op: ':'; readonly value: string }
  | { readonly kind: 'field'; readonly key: string; readonly op: Exclude<Comparison, ':'>; readonly value: number }
);

export const QUERY_AT_MOST = 500;
export const CLAUSES_AT_MOST = 20;

export type QueryFaultCode =
  | 'unclosed-quote'
  | 'empty-value'
  | 'unknown-level'
  | 'not-a-number'
  | 'not-comparable'
  | 'bad-template'
  | 'too-many';

/** Why a query cannot be read, and from which character on. */
export interface QueryFault {
  readonly place: number;
  readonly what: QueryFaultCode;
}

const FIELD = /-?([A-Za-z_][\w.-]*)(>=|<=|:|>|<)/y;
const isSpace = (char: string | undefined) => char !== undefined && /\s/.test(char);
/** As `template` shows it: the number in hexadecimal digits. */
export const TEMPLATE_FORM = /^[0-9a-f]{12}$/;

/** Reads a query. Words and fields stand apart by spaces; what holds spaces or colons stands in quotes, with `\"` for a quote. */
export function parseQuery(text: string): readonly Clause[] | QueryFault {
  const clauses: Clause[] = [];
  let at = 0;
  for (;;) {
    while (isSpace(text[at])) at++;
    if (at >= text.length) return clauses;
    const from = at;
    if (clauses.length === CLAUSES_AT_MOST) return { place: from, what: 'too-many' };
    FIELD.lastIndex = at;
    const field = FIELD.exec(text);
    const not = text[at] === '-' && at + 1 < text.length && !isSpace(text[at + 1]);
    at = field ? FIELD.lastIndex : not ? at + 1 : at;
    const value = readValue(text, at);
    if (value === null) return { place: at, what: 'unclosed-quote' };
    at = value.end;
    const made = field ? fieldClause(field[1]!, field[2] as Comparison, value.text, not) : { kind: 'text' as const, text: value.text, not };
    if (typeof made === 'string') return { place: from, what: made };
    if (value.text.trim() === '') return { place: from, what: 'empty-value' };
    clauses.push(made);
  }
}

/** A word up to the next space, or what stands in quotes. */
function readValue(text: string, from: number): { text: string; end: number } | null {
  if (text[from] !== '"') {
    let end = from;
    while (end < text.length && !isSpace(text[end])) end++;
    return { text: text.slice(from, end), end };
  }
  let value = '';
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '"') return { text: value, end: at + 1 };
    if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at++;
    value += text[at]!;
  }
  return null;
}

function fieldClause(name: string, op: Comparison, value: string, not: boolean): Clause | QueryFaultCode {
  if (value.trim() === '') return 'empty-value';
  if (name === 'level') {
    const level = value.toLowerCase();
    return LEVEL_NAMES.includes(level as LevelName) ? { kind: 'level', op, level: level as LevelName, not } : 'unknown-level';
  }
  const column = COLUMNS.find((one) => one === name);
  if (column) {
    if (op !== ':') return 'not-comparable';
    if (column === 'template' && !TEMPLATE_FORM.test(value)) return 'bad-template';
    return { kind: 'column', column, value, not };
  }
  if (op === ':') return { kind: 'field', key: name, op, value, not };
  return /^-?\d+(\.\d+)?$/.test(value) ? { kind: 'field', key: name, op, value: Number(value), not } : 'not-a-number';
}

/** The query that {@link parseQuery} reads as these clauses. */
export function queryText(clauses: readonly Clause[]): string {
  return clauses.map(clauseText).join(' ');
}

export function clauseText(clause: Clause): string {
  const sign = clause.not ? '-' : '';
  switch (clause.kind) {
    case 'text':
      return (
        sign +
        (isBare(clause.text) && !clause.text.startsWith('-') && !/^[A-Za-z_][\w.-]*[:<>]/.test(clause.text)
          ? clause.text
          : quoted(clause.text))
      );
    case 'level':
      return `${sign}level${clause.op}${clause.level}`;
    case 'column':
      return `${sign}${clause.column}:${valueText(clause.value)}`;
    case 'field':
      return `${sign}${clause.key}${clause.op}${typeof clause.value === 'number' ? String(clause.value) : valueText(clause.value)}`;
  }
}

const isBare = (value: string) => /^[^\s"]+$/.test(value);
const quoted = (value: string) => `"${value.replaceAll(/["\\]/g, (char) => `\\${char}`)}"`;
const valueText = (value: string) => (isBare(value) ? value : quoted(value));
