import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMNS, LEVEL_NAMES, parseQuery, queryText, type Clause, type QueryFault } from './logs.query.ts';

const not = fc.boolean();
const value = fc
  .string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'ab9 "\\:-><=.超时/\t') })
  .filter((text) => text.trim() !== '');
const key = fc
  .stringMatching(/^[A-Za-z_][\w.-]{0,8}$/)
  .filter((name) => name !== 'level' && !(COLUMNS as readonly string[]).includes(name));
const clause: fc.Arbitrary<Clause> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: value, not }),
  fc.record({
    kind: fc.constant('level' as const),
    op: fc.constantFrom(':', '>=', '<=', '>', '<'),
    level: fc.constantFrom(...LEVEL_NAMES),
    not,
  }),
  fc.record({ kind: fc.constant('column' as const), column: fc.constantFrom('source', 'module', 'req', 'trace', 'account'), value, not }),
  fc.record({ kind: fc.constant('column' as const), column: fc.constant('template'), value: fc.stringMatching(/^[0-9a-f]{12}$/), not }),
  fc.record({ kind: fc.constant('field' as const), key, op: fc.constant(':'), value, not }),
  fc.record({ kind: fc.constant('field' as const), key, op: fc.constantFrom('>=', '<=', '>', '<'), value: fc.integer(), not }),
) as fc.Arbitrary<Clause>;

describe('a query of the log', () => {
  it('is read as what it was written from', () => {
    fc.assert(
      fc.property(fc.array(clause, { maxLength: 8 }), (clauses) => {
        expect(parseQuery(queryText(clauses))).toEqual(clauses);
      }),
      { numRuns: 2000 },
    );
  });

  it('of any text is read, or its fault lies at a place within it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'level:>=<"\\- ab5超req') }), (text) => {
        const read = parseQuery(text);
        if (!('what' in read)) return;
        expect(read.place).toBeGreaterThanOrEqual(0);
        expect(read.place).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('stands for what a person means by it', () => {
    expect(parseQuery('level>=warn module:orders "timed out" -heartbeat req:019b status:500')).toEqual([
      { kind: 'level', op: '>=', level: 'warn', not: false },
      { kind: 'column', column: 'module', value: 'orders', not: false },
      { kind: 'text', text: 'timed out', not: false },
      { kind: 'text', text: 'heartbeat', not: true },
      { kind: 'column', column: 'req', value: '019b', not: false },
      { kind: 'field', key: 'status', op: ':', value: '500', not: false },
    ]);
    expect(parseQuery('  ')).toEqual([]);
    expect(parseQuery('-')).toEqual([{ kind: 'text', text: '-', not: false }]);
  });

  it.each<[string, QueryFault]>([
    ['ok "timed out', { place: 3, what: 'unclosed-quote' }],
    ['level:loud', { place: 0, what: 'unknown-level' }],
    ['a module: b', { place: 2, what: 'empty-value' }],
    ['status>=many', { place: 0, what: 'not-a-number' }],
    ['ok source>=a', { place: 3, what: 'not-comparable' }],
    ['template:12', { place: 0, what: 'bad-template' }],
    ['a -""', { place: 2, what: 'empty-value' }],
    [Array.from({ length: 21 }, () => 'a').join(' '), { place: 40, what: 'too-many' }],
  ])('%s: the fault is named with its place', (text, fault) => {
    expect(parseQuery(text)).toEqual(fault);
  });
});
