import { orderLifecycle } from '#contracts/orders/orders.lifecycle.ts';
import type { ActionFacts } from '#contracts/base/lifecycle.ts';
import type { CodeListName } from '#ui/codes.ts';
import { codeLists } from '#ui/codes.ts';

/** How a field of an action's input is asked for. */
export type FieldKind =
  | 'unit'
  | 'units'
  | 'orders'
  | 'category'
  | 'choice'
  | 'choices'
  | 'instant'
  | 'day'
  | 'switch'
  | 'number'
  | 'line'
  | 'text'
  | 'files';

export interface FieldSpec {
  readonly name: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** The choices, in order. */
  readonly values: readonly (string | number)[];
  /** Where the choices have their names. */
  readonly list: CodeListName | undefined;
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

const LISTS: Readonly<Record<string, CodeListName>> = {
  type: 'appeal_type',
  urgency: 'urgency',
  resultType: 'result_type',
  fault: 'check_fault',
  result: 'visit_result',
  satisfaction: 'satisfaction',
  solved: 'solved',
  reasons: 'unsat_reason',
  'refuse.reason': 'refusal_reason',
  'contact.mode': 'contact_mode',
  'return.reason': 'return_reason',
  'suspend.cause': 'suspension_cause',
  'oversee.cause': 'oversight_cause',
  'exclude.cause': 'exclusion_cause',
  'purge.ground': 'purge_ground',
  'hand-over.to': 'hand_over',
  'transfer-call.mode': 'call_mode',
  sensitive: 'sensitive_level',
  level: 'oversight_level',
  mode: 'visit_mode',
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
    list: listOf(action, name),
    kind: kindOf(action, name, schema),
  }));
}

function kindOf(action: string, name: string, schema: Schema): FieldKind {
  if (name === 'unit' || name === 'suggestedUnit') return 'unit';
  if (name === 'assists' || name === 'units') return 'units';
  if (name === 'numbers') return 'orders';
  if (name === 'category') return 'category';
  if (name === 'attachments') return 'files';
  if (schema.type === 'array') return 'choices';
  if (valuesOf(action, name, schema).length > 0) return 'choice';
  if (schema.format === 'date-time') return 'instant';
  if (schema.format === 'date') return 'day';
  if (schema.type === 'boolean') return 'switch';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  return (schema.maxLength ?? 0) > 200 ? 'text' : 'line';
}

function listOf(action: string, name: string): CodeListName | undefined {
  return LISTS[`${action}.${name}`] ?? LISTS[name];
}

function valuesOf(action: string, name: string, field: Schema): FieldSpec['values'] {
  const schema = field.type === 'array' ? (field.items ?? {}) : field;
  if (schema.enum) return schema.enum;
  if (schema.anyOf?.every((each) => each.const !== undefined)) {
    return schema.anyOf.flatMap((each) => each.const ?? []);
  }
  const { minimum, maximum } = schema;
  const list = listOf(action, name);
  // A small range of whole numbers whose every value has a name is a choice, too.
  if (schema.type !== 'integer' || !list || minimum === undefined || maximum === undefined) {
    return [];
  }
  const range = Array.from({ length: maximum - minimum + 1 }, (_, i) => minimum + i);
  const isNamed = range.every((value) => String(value) in codeLists[list]);
  if (!isNamed) return [];
  // The best comes first, as people are asked.
  return list === 'satisfaction' ? range.toReversed() : range;
}
