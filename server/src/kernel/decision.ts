import type { CodeParams, ErrorCode } from '#contracts/codes.ts';

/** One field of the input and why it was refused; `path` is a dotted path into the body, query or params. */
export interface FieldFault {
  readonly path: string;
  readonly code: ErrorCode;
  readonly params?: CodeParams;
}

/** What a rule says of a request: go on with this value, or refuse for this reason. */
export type Decision<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: RefusalFacts };

export interface RefusalFacts {
  readonly code: ErrorCode;
  readonly params?: CodeParams;
  readonly fields?: readonly FieldFault[];
  /** Further members of the problem document, such as what is allowed instead. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** A refusal that people caused and can mend; its code carries the status and the texts (contracts, codes). */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly facts: RefusalFacts;
  constructor(facts: RefusalFacts) {
    super(facts.code);
    this.facts = facts;
  }
}

export function accept<T>(value: T): Decision<T> {
  return { ok: true, value };
}

export function refuse(code: ErrorCode, more: Omit<RefusalFacts, 'code'> = {}): { ok: false; refusal: RefusalFacts } {
  return { ok: false, refusal: { code, ...more } };
}

/** Refuses one field of the input. */
export function refuseField(path: string, code: ErrorCode, params?: CodeParams): Refusal {
  return new Refusal({ code: 'base.invalid-input', fields: [{ path, code, ...(params ? { params } : {}) }] });
}

/** The value of a decision, or its refusal thrown: rules return, services throw. */
export function decide<T>(decision: Decision<T>): T {
  if (!decision.ok) throw new Refusal(decision.refusal);
  return decision.value;
}

/** Whether it was done; what somebody did meanwhile may have made it needless. Faults go on. */
export async function unlessRefused(done: Promise<unknown>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
