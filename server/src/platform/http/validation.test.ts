import { Type } from 'typebox';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '#server/kernel/text.testing.ts';
import { PortalAppealInput } from '#contracts/appeals/appeals.api.ts';
import { Instant, PlainText } from '#contracts/base/text.ts';
import { identityApi } from '#contracts/identity/identity.api.ts';
import { compileValidator, fieldFaults, isPlainText } from './validation.ts';

const faultsOf = (schema: unknown, input: unknown) => {
  const judge = compileValidator({ schema, httpPart: 'body' });
  return judge(input) ? [] : fieldFaults(judge.errors ?? []);
};
const told = (schema: unknown, input: unknown) => faultsOf(schema, input).map((fault) => `${fault.path} ${fault.code}`);

describe('plain text', () => {
  it.each([
    ['tab and line breaks', '第一行\t表\n第二行\r\n'],
    ['emoji, also those of several characters', '😀👨‍👩‍👧🇨🇳✌🏽'],
    ['rare Han characters', '𠮷𪚥'],
    ['left-to-right and right-to-left marks', 'a\u200Eb\u200Fc'],
    ['zero-width joiners, no-break and ideographic spaces', 'a\u200Db\u00A0c\u3000d\uFEFF'],
    ['other scripts', 'ئۇيغۇر བོད་ Ελ é e\u0301'],
    ['nothing', ''],
  ])('keeps %s', (_, text) => {
    expect(isPlainText(text)).toBe(true);
  });

  it.each([
    ['a right-to-left override', '\u202E'],
    ['a left-to-right embedding', '\u202A'],
    ['a pop of direction', '\u202C'],
    ['a left-to-right isolate', '\u2066'],
    ['a pop of isolate', '\u2069'],
    ['NUL', '\u0000'],
    ['backspace', '\u0008'],
    ['vertical tab', '\u000B'],
    ['form feed', '\u000C'],
    ['escape', '\u001B'],
    ['delete', '\u007F'],
    ['a control of the upper half', '\u0085'],
    ['the first half of a pair', '\uD842'],
    ['the second half of a pair', '\uDFB7'],
  ])('refuses %s, wherever it stands', (_, bad) => {
    for (const text of [bad, `${bad}后`, `前${bad}`, `前${bad}后`]) expect(isPlainText(text)).toBe(false);
  });

  it('keeps every text that has none of these', () => {
    const refused = (code: number) =>
      (code < 32 && ![9, 10, 13].includes(code)) ||
      (code >= 0x7f && code <= 0x9f) ||
      (code >= 0x202a && code <= 0x202e) ||
      (code >= 0x2066 && code <= 0x2069);
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(isPlainText(text)).toBe(![...text].some((char) => refused(char.codePointAt(0)!)));
      }),
    );
  });

  it('is measured in characters', () => {
    const schema = Type.Object({ name: PlainText({ min: 2, max: 3 }) });
    expect(told(schema, { name: '𠮷' })).toEqual(['name field.too-short']);
    expect(told(schema, { name: '𠮷𠮷𠮷' })).toEqual([]);
    expect(told(schema, { name: '𠮷𠮷𠮷𠮷' })).toEqual(['name field.too-long']);
  });
});

describe('an instant', () => {
  const schema = Type.Object({ at: Instant });

  it.each(['2026-11-23T02:00:00Z', '2026-11-23T10:00:00+08:00', '2026-11-23T02:00:00.123Z', '2024-02-29T00:00:00Z'])(
    '%s is taken',
    (at) => {
      expect(told(schema, { at })).toEqual([]);
    },
  );

  // What passes here is handed to Date, and a date that is none must never reach the database.
  it.each([
    '2026-12-31T23:59:60Z',
    '2027-01-01T07:59:60+08:00',
    '2026-11-23T02:00:00+08',
    '2026-02-30T00:00:00Z',
    '2026-11-23',
    '2026-11-23T02:00:00',
    '2026-13-01T00:00:00Z',
    'now',
    '',
  ])('"%s" is refused', (at) => {
    expect(told(schema, { at })).toEqual(['at field.format']);
  });

  it('that is taken is one that Date reads', () => {
    const part = (min: number, max: number) => fc.integer({ min, max }).map((value) => String(value).padStart(2, '0'));
    const judge = compileValidator({ schema: Instant, httpPart: 'body' });
    fc.assert(
      fc.property(
        part(0, 14),
        part(0, 33),
        part(0, 26),
        part(0, 62),
        part(0, 62),
        fc.constantFrom('Z', 'z', '+08:00', '-1200', '+24:00', '+08'),
        fc.constantFrom('T', 't', ' '),
        (month, day, hour, minute, second, zone, between) => {
          const text = `2026-${month}-${day}${between}${hour}:${minute}:${second}${zone}`;
          if (judge(text)) expect(Number.isNaN(Date.parse(text))).toBe(false);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('what was wrong with which field', () => {
  it('is told by dotted path and our codes, all at once', () => {
    const input = {
      type: '77',
      region: '32',
      content: '太短',
      contact: { name: '张\u202E三', phone: '1', x: 1 },
      eventAt: 'yesterday',
      confidential: 'yes',
      extra: true,
    };
    expect(told(PortalAppealInput, input).toSorted()).toEqual([
      'confidential field.type',
      'contact.name field.control-character',
      'contact.phone field.too-short',
      'contact.x field.unknown',
      'content field.too-short',
      'eventAt field.format',
      'extra field.unknown',
      'region field.format',
      'type field.unknown-code',
    ]);
  });

  it('names the field that is missing, not the object it is missing from', () => {
    expect(told(PortalAppealInput, { contact: { name: '张三' } })).toEqual([
      'type field.required',
      'region field.required',
      'content field.required',
      'contact.phone field.required',
    ]);
    expect(told(PortalAppealInput, [])).toEqual([' field.type']);
  });

  it('carries the numbers that the texts speak of', () => {
    const schema = Type.Object({
      long: Type.String({ maxLength: 3 }),
      short: Type.String({ minLength: 3 }),
      low: Type.Integer({ minimum: 1 }),
      high: Type.Integer({ exclusiveMaximum: 5 }),
      kind: Type.Integer(),
    });
    expect(faultsOf(schema, { long: 'abcd', short: 'a', low: 0, high: 5, kind: '1' })).toEqual([
      { path: 'long', code: 'field.too-long', params: { limit: 3 } },
      { path: 'short', code: 'field.too-short', params: { limit: 3 } },
      { path: 'low', code: 'field.out-of-range', params: { limit: '>= 1' } },
      { path: 'high', code: 'field.out-of-range', params: { limit: '< 5' } },
      { path: 'kind', code: 'field.type', params: { expected: 'integer' } },
    ]);
  });

  it('tells too few items, too many and repeated ones apart', () => {
    const body = identityApi.createAccount.body!;
    const account = { login: 'zhang.san', name: '张三', scope: 'city' };
    expect(faultsOf(body, { ...account, roles: [] })).toEqual([{ path: 'roles', code: 'field.too-few', params: { limit: 1 } }]);
    expect(faultsOf(body, { ...account, roles: ['agent', 'agent'] })).toEqual([{ path: 'roles', code: 'field.repeated' }]);
    const many = ['agent', 'team-lead', 'dispatcher', 'reviewer', 'follow-up', 'supervisor', 'leader'];
    expect(faultsOf(body, { ...account, roles: many })).toEqual([{ path: 'roles', code: 'field.too-many', params: { limit: 6 } }]);
    expect(told(body, { ...account, roles: ['agent', 'emperor'] })).toEqual(['roles.1 field.unknown-code']);
  });

  it('is told once a field and for twenty fields at most', () => {
    const schema = Type.Object({}, { additionalProperties: false });
    const input = Object.fromEntries(Array.from({ length: 50 }, (_, place) => [`f${place}`, 1]));
    expect(told(schema, input)).toHaveLength(20);
    expect(told(Type.Object({ a: Type.String({ minLength: 5, pattern: '^x' }) }), { a: 'b' })).toEqual(['a field.too-short']);
  });

  it('shows no more than sixty characters of a name that somebody made up', () => {
    expect(faultsOf(Type.Object({}, { additionalProperties: false }), { ['x'.repeat(1000)]: 1 })[0]!.path).toHaveLength(60);
  });
});

describe('values in an address', () => {
  it('are read as what the schema asks for, and those of a body are not', () => {
    const schema = Type.Object({ limit: Type.Integer(), dryRun: Type.Boolean() });
    expect(compileValidator({ schema, httpPart: 'querystring' })({ limit: '20', dryRun: 'true' })).toBe(true);
    expect(compileValidator({ schema, httpPart: 'body' })({ limit: '20', dryRun: 'true' })).toBe(false);
  });
});
