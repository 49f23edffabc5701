import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import type { ActionFacts } from '#contracts/base/lifecycle.ts';
import type { Words } from '#contracts/base/text.ts';
import {
  appealTypes,
  checkFaults,
  contactModes,
  dissatisfactions,
  refusalReasons,
  resultTypes,
  satisfactions,
  solvedAnswers,
  urgencies,
  visitMisses,
  visitModes,
} from '#ui/codes.ts';

/** How a field of an action's input is asked for. */
export type FieldKind =
  | 'unit'
  | 'category'
  | 'choice'
  | 'choices'
  | 'instant'
  | 'day'
  | 'switch'
  | 'number'
  | 'line'
  | 'text';

export interface FieldSpec {
  readonly name: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** The choices, in order, with their names. */
  readonly values: readonly { readonly value: string | number; readonly words: Words }[];
}

/** The parts of a JSON Schema that an input makes use of. */
interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly (string | number)[];
  readonly anyOf?: readonly { readonly const?: string | number }[];
  readonly items?: Schema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const actions: Readonly<Record<string, ActionFacts>> = orderLifecycle.actions;

const LISTS: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  type: appealTypes,
  urgency: urgencies,
  resultType: resultTypes,
  fault: checkFaults,
  result: visitMisses,
  satisfaction: satisfactions,
  solved: solvedAnswers,
  reasons: dissatisfactions,
  'refuse.reason': refusalReasons,
  'contact.mode': contactModes,
  mode: visitModes,
};

/** The fields of an action as the lifecycle table describes its input. */
export function fieldsOf(action: string): readonly FieldSpec[] {
  const input = actions[action]?.input as Schema | undefined;
  const required = new Set(input?.required ?? []);
  return Object.entries(input?.properties ?? {}).map(([name, schema]) => ({
    name,
    required: required.has(name),
    min: schema.minLength,
    max: schema.maxLength,
    values: valuesOf(action, name, schema),
    kind: kindOf(action, name, schema),
  }));
}

function kindOf(action: string, name: string, schema: Schema): FieldKind {
  if (name === 'unit' || name === 'unitCode') return 'unit';
  if (name === 'category') return 'category';
  if (schema.type === 'array') return 'choices';
  if (valuesOf(action, name, schema).length > 0) return 'choice';
  if (schema.format === 'date-time') return 'instant';
  if (schema.format === 'date') return 'day';
  if (schema.type === 'boolean') return 'switch';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  return (schema.maxLength ?? 0) > 200 ? 'text' : 'line';
}

function valuesOf(action: string, name: string, schema: Schema): FieldSpec['values'] {
  const names = LISTS[`${action}.${name}`] ?? LISTS[name];
  const codes = codesOf(schema.type === 'array' ? (schema.items ?? {}) : schema, names);
  return codes.map((value) => ({
    value,
    words: names?.[String(value)] ?? { zh: String(value), en: String(value) },
  }));
}

function codesOf(
  schema: Schema,
  names: Readonly<Record<string, Words>> | undefined,
): readonly (string | number)[] {
  if (schema.enum) return schema.enum;
  if (schema.anyOf?.every((each) => each.const !== undefined)) {
    return schema.anyOf.flatMap((each) => each.const ?? []);
  }
  const { minimum, maximum } = schema;
  // A small range of whole numbers whose every value has a name is a choice, too.
  if (schema.type !== 'integer' || !names || minimum === undefined || maximum === undefined) {
    return [];
  }
  const range = Array.from({ length: maximum - minimum + 1 }, (_, i) => minimum + i);
  return names === satisfactions ? range.toReversed() : range;
}
