import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { ErrorCode } from '#contracts/codes.ts';
import { isDay } from '#server/kernel/calendar.ts';
import type { FieldFault } from '#server/kernel/decision.ts';

// Control characters except tab and line breaks, bidirectional embeddings, overrides and isolates, and lone surrogates.
// eslint-disable-next-line no-control-regex -- naming control characters is this expression's purpose
const UNWANTED = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]|\p{Surrogate}/u;

/** Whether a text holds nothing that would hide or reorder what stands in it. */
export function isPlainText(text: string): boolean {
  return !UNWANTED.test(text);
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Whether a text is an instant that `Date` reads. The format of the library lets leap seconds and zones without minutes
 * pass, which become an invalid date and then a fault in the database.
 */
function isInstant(text: string): boolean {
  const day = INSTANT.exec(text)?.[1];
  return day !== undefined && isDay(day);
}

function makeAjv(coerce: boolean): Ajv {
  const ajv = new Ajv({ allErrors: true, coerceTypes: coerce, useDefaults: true, removeAdditional: false, strict: false });
  addFormats.default(ajv, ['date', 'uuid']);
  ajv.addFormat('date-time', isInstant);
  ajv.addFormat('plain-text', isPlainText);
  return ajv;
}

const forBody = makeAjv(false);
// Everything in an address is text, so numbers and switches are read from it.
const forAddress = makeAjv(true);

/** Judges bodies strictly and addresses leniently. */
export function compileValidator({ schema, httpPart }: { schema: unknown; httpPart?: string | undefined }): ValidateFunction {
  return (httpPart === 'body' ? forBody : forAddress).compile(schema as object);
}

/** What was wrong with which field, in our codes. At most twenty are told. */
export function fieldFaults(errors: readonly ErrorObject[]): FieldFault[] {
  const faults: FieldFault[] = [];
  for (const error of errors) {
    const base = error.instancePath.slice(1).replaceAll('/', '.');
    const inner =
      error.keyword === 'required'
        ? String(error.params['missingProperty'])
        : error.keyword === 'additionalProperties'
          ? String(error.params['additionalProperty']).slice(0, 60)
          : '';
    const path = [base, inner].filter(Boolean).join('.');
    const fault = faultOf(error);
    if (fault && !faults.some((known) => known.path === path)) faults.push({ path, ...fault });
    if (faults.length === 20) break;
  }
  return faults;
}

function faultOf(error: ErrorObject): { code: ErrorCode; params?: Record<string, string | number> } | null {
  switch (error.keyword) {
    case 'required':
      return { code: 'field.required' };
    case 'additionalProperties':
      return { code: 'field.unknown' };
    case 'type':
      return { code: 'field.type', params: { expected: String(error.params['type']) } };
    case 'maxLength':
      return { code: 'field.too-long', params: { limit: Number(error.params['limit']) } };
    case 'minLength':
      return { code: 'field.too-short', params: { limit: Number(error.params['limit']) } };
    case 'maximum':
    case 'minimum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return { code: 'field.out-of-range', params: { limit: `${String(error.params['comparison'])} ${String(error.params['limit'])}` } };
    case 'maxItems':
      return { code: 'field.too-many', params: { limit: Number(error.params['limit']) } };
    case 'minItems':
      return { code: 'field.too-few', params: { limit: Number(error.params['limit']) } };
    case 'uniqueItems':
      return { code: 'field.repeated' };
    case 'enum':
    case 'const':
      return { code: 'field.unknown-code' };
    case 'format':
      return { code: error.params['format'] === 'plain-text' ? 'field.control-character' : 'field.format' };
    case 'anyOf':
    case 'oneOf':
      return null;
    default:
      return { code: 'field.format' };
  }
}
