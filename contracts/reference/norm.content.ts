import { Type, type Static } from 'typebox';
import { OneOf, PlainText } from '../base/text.ts';
import { APPEAL_TYPES } from './reference.values.ts';

export const LIMIT_CLOCKS = [
  'dispatch',
  'dispatch-review',
  'sign',
  'contact',
  'return',
  'return-review',
  'coordination',
  'handle',
  'check',
  'follow-up',
  'redo-review',
  'oversight',
] as const;
export const LIMIT_MODES = ['minute', 'hour', 'workday'] as const;
/** What a norm may ask for when an appeal is filed. */
export const FILING_FIELDS = ['address', 'eventAt', 'expectation', 'contact', 'category'] as const;

/** For every appeal type. */
export const ANY_TYPE = '*';

const Source = PlainText({ min: 2, max: 200, description: 'Where the rule comes from (依据)' });
/** The beginning of category codes: empty for all of them. */
const Prefix = Type.String({ pattern: '^(\\d{2}){0,3}$', description: 'Category prefix; empty: all' });
const Types = OneOf([ANY_TYPE, ...APPEAL_TYPES]);

/** How long a step may take. The most specific category wins within one norm. */
export const NormLimit = Type.Object(
  {
    urgency: Type.Integer({ minimum: 1, maximum: 4 }),
    appealType: OneOf(APPEAL_TYPES),
    clock: OneOf(LIMIT_CLOCKS),
    category: Prefix,
    mode: OneOf(LIMIT_MODES),
    amount: Type.Number({ exclusiveMinimum: 0, maximum: 1000 }),
    source: Source,
    rule: Type.Optional(Type.String({ pattern: '^\\d{1,9}/\\d{1,9}$', description: 'Id and version, given at the approval' })),
  },
  { additionalProperties: false },
);
export type NormLimit = Static<typeof NormLimit>;

/** A field that must be filled when an appeal is filed. */
export const NormField = Type.Object(
  { appealType: Types, category: Prefix, field: OneOf(FILING_FIELDS), source: Source },
  { additionalProperties: false },
);
export type NormField = Static<typeof NormField>;

/** What holds for a category and those below it; the most specific line wins. */
export const NormCategory = Type.Object(
  {
    category: Type.String({ pattern: '^(\\d{2}){1,3}$' }),
    inUse: Type.Boolean({ description: 'Whether orders may be classified so' }),
    urgency: Type.Optional(Type.Integer({ minimum: 1, maximum: 3, description: 'Unless the agent says otherwise' })),
    reviewed: Type.Optional(Type.Literal(true, { description: 'Not answered on the spot: the reply is checked by somebody else' })),
    source: Source,
  },
  { additionalProperties: false },
);
export type NormCategory = Static<typeof NormCategory>;

/** What a reply must be like. All lines that fit an order hold together. */
export const NormReply = Type.Object(
  {
    appealType: Types,
    minLength: Type.Optional(Type.Integer({ minimum: 1, maximum: 2000 })),
    contact: Type.Optional(Type.Literal(true, { description: 'First contact before the reply' })),
    basis: Type.Optional(Type.Literal(true, { description: 'The legal basis is named' })),
    attachment: Type.Optional(Type.Literal(true, { description: 'At least one attachment' })),
    source: Source,
  },
  { additionalProperties: false },
);
export type NormReply = Static<typeof NormReply>;

/** Words that say nothing, and that no reply may hold. */
export const NormPhrase = Type.Object({ phrase: PlainText({ min: 2, max: 50 }), source: Source }, { additionalProperties: false });
export type NormPhrase = Static<typeof NormPhrase>;

/** A whole norm: of the province, or what a city adds to it. */
export const NormContent = Type.Object(
  {
    limits: Type.Array(NormLimit, { maxItems: 1000 }),
    fields: Type.Array(NormField, { maxItems: 200 }),
    categories: Type.Array(NormCategory, { maxItems: 600 }),
    replies: Type.Array(NormReply, { maxItems: 100 }),
    phrases: Type.Array(NormPhrase, { maxItems: 100 }),
  },
  { additionalProperties: false },
);
export type NormContent = Static<typeof NormContent>;
/** The same as it is told: what was judged when it came in is not judged again when it goes out. */
export const ToldContent = Type.Unsafe<NormContent>(
  JSON.parse(JSON.stringify(NormContent, (key, value: unknown) => (key === 'format' ? undefined : value))) as object,
);
export type NormPart = keyof NormContent;
export type NormLine<P extends NormPart = NormPart> = NormContent[P][number];

const keys: { readonly [P in NormPart]: (line: NormLine<P>) => string } = {
  limits: (line) => `${line.appealType}/${line.urgency}/${line.clock}/${line.category}`,
  fields: (line) => `${line.appealType}/${line.category}/${line.field}`,
  categories: (line) => line.category,
  replies: (line) => line.appealType,
  phrases: (line) => line.phrase,
};

/** What a line is about: a norm has one line for it, and another version of the norm has it under the same key. */
export function lineKey<P extends NormPart>(part: P, line: NormLine<P>): string {
  return keys[part](line);
}

export interface LineChange<P extends NormPart = NormPart> {
  readonly part: P;
  readonly key: string;
  readonly old: NormLine<P> | null;
  readonly new: NormLine<P> | null;
}

/** How a part of a norm differs from what it was: lines that came, went or say something else. */
export function changesOf<P extends NormPart>(part: P, before: NormContent | null, after: NormContent): LineChange<P>[] {
  const olds = new Map((before?.[part] ?? []).map((line) => [lineKey(part, line as NormLine<P>), line as NormLine<P>]));
  const news = new Map(after[part].map((line) => [lineKey(part, line as NormLine<P>), line as NormLine<P>]));
  return [...new Set([...olds.keys(), ...news.keys()])]
    .map((key) => ({ part, key, old: olds.get(key) ?? null, new: news.get(key) ?? null }))
    .filter((change) => sayings(change.old) !== sayings(change.new));
}

/** What a line says, without the number its rule was given. */
function sayings(line: object | null): string {
  return JSON.stringify(line && Object.entries({ ...line, rule: '' }).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
