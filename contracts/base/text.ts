import { Type, type TSchema } from 'typebox';

/** Words shown to people, in the two languages of the product. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/**
 * Text a person typed. Lengths count characters, not UTF-16 units, so 𠮷 is one.
 * The format `plain-text` refuses control characters (line breaks and tabs stand), lone surrogates and
 * bidirectional overrides; emoji, rare Han characters and left-to-right marks stay as they came.
 */
export function PlainText(options: { min?: number; max: number; description?: string }) {
  return Type.String({
    format: 'plain-text',
    minLength: options.min ?? 0,
    maxLength: options.max,
    ...(options.description ? { description: options.description } : {}),
  });
}

/** A UUID as text. */
export const IdText = Type.String({ format: 'uuid', description: 'UUIDv7' });
/** An instant, ISO 8601 in UTC. */
export const Instant = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' });
/** A day, YYYY-MM-DD. */
export const DayText = Type.String({ format: 'date' });
/** A GB/T 2260 code (6 digits) or an NBS street code (9 digits). Whether it lies in the province is a rule, told in words. */
export const RegionCode = Type.String({ pattern: '^\\d{6}(\\d{3})?$', description: 'GB/T 2260 (6) or NBS street (9)' });
/** A category code: 2, 4 or 6 digits. */
export const CategoryCode = Type.String({ pattern: '^\\d{2}(\\d{2}){0,2}$' });
/** A unit code: a path, whose subtree is a range of codes. */
export const UnitCode = Type.String({ pattern: '^32[\\d.]{0,14}$' });
/** The 22-digit number of an appeal and its order. */
export const NumberText = Type.String({ minLength: 22, maxLength: 22, pattern: '^\\d+$' });

/** The bytes of a file, sent as they are. */
export const Bytes = Type.Unsafe<unknown>({ type: 'string', format: 'binary' });

/** A closed list of codes as a JSON Schema enum. */
export function OneOf<const T extends readonly string[]>(values: T, description?: string) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...(description ? { description } : {}) });
}

/** A value that may be absent from the answer. */
export function OrNull<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** A page of a list that is walked by cursor: `nextCursor` is absent on the last page. */
export function PageOf<T extends TSchema>(item: T) {
  return Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Optional(Type.String()),
  });
}

/** The query every list takes. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  cursor: Type.Optional(PlainText({ max: 200 })),
};

/**
 * A field that says its own name, and the names of its choices: forms are drawn from the schema alone. Validators pass over it.
 */
export function Named<T extends TSchema>(name: Words, schema: T, choices?: Readonly<Record<string | number, Words>>): T {
  return { ...schema, 'x-name': name, ...(choices ? { 'x-choices': choices } : {}) };
}
