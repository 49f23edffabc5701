import type { Clause } from '#contracts/operations/logs.query.ts';
import { LEVELS, type LevelName } from '#contracts/operations/logs.query.ts';
import { levelName, type Line } from './lines.rules.ts';

/** A to Z mean the same as a to z; nothing else is folded, so that the database folds the same. */
export function folded(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const WORD = /[a-z0-9_]+/g;
const OTHER = /[^\0-\x7f]+/gu;

/**
 * The terms of a text: its words of letters, digits and low lines; of everything beyond ASCII (Chinese has no spaces) each
 * character and each pair that stands together. A line that holds a phrase holds all terms of the phrase.
 */
export function* termsOf(text: string): Generator<string> {
  const low = folded(text);
  for (const [word] of low.matchAll(WORD)) yield word;
  for (const [run] of low.matchAll(OTHER)) {
    let before = '';
    for (const char of run) {
      yield char;
      if (before) yield before + char;
      before = char;
    }
  }
}

/** FNV-1a over the UTF-16 units, as the signed number that the database's integer is. */
export function hash32(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  // The last bits of a short text are poor; mixed once more.
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

const KINDS = { word: 1, level: 2, module: 3, template: 4, req: 5, trace: 6, account: 7, field: 8 } as const;
const term = (kind: keyof typeof KINDS, value: string) => hash32(value, 0x811c9dc5 ^ Math.imul(KINDS[kind], 0x9e3779b1));

/** A value longer than this is kept but not looked up by. */
const VALUE_AT_MOST = 200;

/** Everything a line can be looked up by, added to `into`; `template` as a query names it. */
export function addTerms(into: Set<number>, line: Line, template: string): void {
  into.add(term('level', levelName(line.level)));
  into.add(term('module', line.module));
  into.add(term('template', template));
  if (line.requestId !== null) into.add(term('req', line.requestId));
  if (line.traceId !== null) into.add(term('trace', line.traceId));
  if (line.accountId !== null) into.add(term('account', line.accountId));
  for (const one of termsOf(line.message)) into.add(term('word', one));
  for (const [key, value] of Object.entries(line.fields)) {
    // Fractions are measured, not looked up.
    if (typeof value === 'number' && !Number.isInteger(value)) continue;
    const text = String(value);
    if (text.length <= VALUE_AT_MOST) into.add(term('field', `${key}=${text}`));
  }
}

/** What a batch must hold so that a line of it can meet the clauses: all of `all`, and one of each of `any`. */
export interface Wanted {
  readonly all: readonly number[];
  readonly any: readonly (readonly number[])[];
}

export function wantedOf(clauses: readonly Clause[]): Wanted {
  const all = new Set<number>();
  const any: number[][] = [];
  for (const clause of clauses) {
    if (clause.kind === 'level') {
      const ranks = levelsOf(clause).map((name) => term('level', name));
      if (ranks.length < Object.keys(LEVELS).length) any.push(ranks);
    }
    if (clause.not) continue;
    if (clause.kind === 'text') for (const one of termsOf(clause.text)) all.add(term('word', one));
    if (clause.kind === 'column' && clause.column !== 'source') all.add(term(clause.column, clause.value));
    if (clause.kind === 'field' && clause.op === ':' && clause.value.length <= VALUE_AT_MOST && !/^-?\d+\.\d+$/.test(clause.value))
      all.add(term('field', `${clause.key}=${clause.value}`));
  }
  return { all: [...all], any };
}

/** The levels that meet a clause about levels. */
export function levelsOf(clause: Clause & { kind: 'level' }): LevelName[] {
  const bound = LEVELS[clause.level];
  return (Object.keys(LEVELS) as LevelName[]).filter((name) => {
    const rank = LEVELS[name];
    const meets =
      clause.op === ':'
        ? rank === bound
        : clause.op === '>='
          ? rank >= bound
          : clause.op === '<='
            ? rank <= bound
            : clause.op === '>'
              ? rank > bound
              : rank < bound;
    return meets !== clause.not;
  });
}

/** A regular expression of PostgreSQL that finds the words of a text whole, in a message that was folded. */
export function wordsPattern(text: string): string {
  const low = folded(text);
  const escaped = low.replaceAll(/[^\p{L}\p{N}_\s]/gu, (char) => (char < '\x80' ? `\\${char}` : char));
  const before = /^[a-z0-9_]/.test(low) ? '(^|[^a-z0-9_])' : '';
  const after = /[a-z0-9_]$/.test(low) ? '($|[^a-z0-9_])' : '';
  return before + escaped + after;
}
