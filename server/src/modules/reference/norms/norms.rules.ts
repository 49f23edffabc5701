import { ANY_TYPE, type NormCategory, type NormContent, type NormLimit, type NormReply } from '#contracts/reference/norm.content.ts';
import { dueAfter, type Holidays } from '#server/kernel/calendar.ts';
import type { FieldFault, RefusalFacts } from '#server/kernel/decision.ts';

export const PROVINCE = '32';

/** A version of a norm that was approved, with its limits laid out for looking up. */
export interface Norm {
  readonly id: string;
  readonly region: string;
  readonly version: number;
  readonly effectiveMs: number;
  readonly content: NormContent;
  /** By urgency, type and clock; the most specific category first. */
  readonly limits: ReadonlyMap<string, readonly NormLimit[]>;
}

/** What is asked about: an order, or an appeal that is about to become one. */
export interface Matter {
  readonly type: string;
  readonly category: string | null;
  readonly region: string;
}

/** The norms that hold together: the province's, then what the city adds. */
export type NormPair = readonly Norm[];

export function normOf(head: Pick<Norm, 'id' | 'region' | 'version' | 'effectiveMs'>, content: NormContent): Norm {
  const specific = content.limits.toSorted((a, b) => b.category.length - a.category.length);
  return {
    ...head,
    content,
    limits: Map.groupBy(specific, (line) => limitPlace(line.urgency, line.appealType, line.clock)),
  };
}

function limitPlace(urgency: number, type: string, clock: string): string {
  return `${urgency}/${type}/${clock}`;
}

/** The norms in force at an instant in a region. `norms` in the order they take effect. */
export function inForce(norms: readonly Norm[], region: string, atMs: number): NormPair {
  const last = (whose: string) => norms.findLast((norm) => norm.region === whose && norm.effectiveMs <= atMs);
  return [last(PROVINCE), last(region.slice(0, 4))].filter((norm) => norm !== undefined);
}

/** What one norm says: its line for the most specific category. */
export function limitIn(norm: Norm, matter: Matter & { urgency: number }, clock: string): NormLimit | undefined {
  return norm.limits.get(limitPlace(matter.urgency, matter.type, clock))?.find((line) => (matter.category ?? '').startsWith(line.category));
}

/**
 * The limit that holds: of what province and city say, the one that ends first when it starts at `atMs`. So a supplement
 * never gives more time than the province, also where the province became stricter after it.
 */
export function limitOf(
  norms: NormPair,
  matter: Matter & { urgency: number },
  clock: string,
  atMs: number,
  holidays: Holidays,
): NormLimit | undefined {
  const lines = norms.map((norm) => limitIn(norm, matter, clock)).filter((line) => line !== undefined);
  if (lines.length < 2) return lines[0];
  return lines.toSorted((a, b) => dueAfter(atMs, a, holidays).dueMs - dueAfter(atMs, b, holidays).dueMs)[0];
}

/** What the fields of an appeal must be filled with, for judging them by the norm. */
export interface FilingFacts extends Matter {
  readonly address?: string | null | undefined;
  readonly eventAt?: string | null | undefined;
  readonly expectation?: string | null | undefined;
  readonly anonymous: boolean;
}

/** The required fields that an appeal lacks; each names the norm's source. */
export function missingFields(norms: NormPair, facts: FilingFacts): FieldFault[] {
  const filled = {
    address: Boolean(facts.address?.trim()),
    eventAt: Boolean(facts.eventAt),
    expectation: Boolean(facts.expectation?.trim()),
    contact: !facts.anonymous,
    category: facts.category !== null,
  };
  const faults = new Map<string, FieldFault>();
  for (const { content } of norms) {
    for (const line of content.fields) {
      const fits = isFor(line.appealType, facts.type) && (facts.category ?? '').startsWith(line.category);
      if (!fits || filled[line.field] || faults.has(line.field)) continue;
      const path = line.field === 'contact' ? 'contact.phone' : line.field;
      faults.set(line.field, { path, code: 'reference.field-by-norm', params: { source: line.source } });
    }
  }
  return [...faults.values()];
}

/** What the norm says of a category: the line of the most specific beginning. */
function categoryIn(content: NormContent, category: string): NormCategory | undefined {
  return content.categories
    .filter((line) => category.startsWith(line.category))
    .toSorted((a, b) => b.category.length - a.category.length)[0];
}

/** Whether orders may be classified so: known to the province, and not taken out of use by it or by the city. */
export function knowsCategory(norms: NormPair, category: string): boolean {
  const lines = norms.map((norm) => ({ norm, line: categoryIn(norm.content, category) }));
  return lines.every(({ norm, line }) => (norm.region === PROVINCE ? line?.inUse === true : line?.inUse !== false));
}

/** Whether a category was taken out of use in words; one that no line knows is merely a blind spot. */
export function isOutOfUse(norms: NormPair, category: string): boolean {
  return norms.some((norm) => categoryIn(norm.content, category)?.inUse === false);
}

/** The urgency of an appeal about which nobody said anything: the most urgent that the norms give its category. */
export function urgencyOf(norms: NormPair, category: string | null): number | undefined {
  const given = norms
    .map((norm) => (category ? categoryIn(norm.content, category)?.urgency : undefined))
    .filter((one) => one !== undefined);
  return given.length > 0 ? Math.min(...given) : undefined;
}

/** A demand on replies, with the source of the strictest line that makes it. */
export interface ReplyDemands {
  readonly minLength: { readonly value: number; readonly source: string } | null;
  readonly contact: string | null;
  readonly basis: string | null;
  readonly attachment: string | null;
}

export function replyDemands(contents: readonly NormContent[], type: string): ReplyDemands {
  const lines = contents.flatMap((content) => content.replies).filter((line) => isFor(line.appealType, type));
  const longest = lines
    .filter((line): line is NormReply & { minLength: number } => line.minLength !== undefined)
    .toSorted((a, b) => b.minLength - a.minLength)[0];
  const source = (demand: 'contact' | 'basis' | 'attachment') => lines.find((line) => line[demand])?.source ?? null;
  return {
    minLength: longest ? { value: longest.minLength, source: longest.source } : null,
    contact: source('contact'),
    basis: source('basis'),
    attachment: source('attachment'),
  };
}

export interface ReplyFacts extends Matter {
  readonly text: string;
  readonly basis?: string | null | undefined;
  readonly attachments: number;
  /** Answered on the spot by the hotline: no unit, no check. */
  readonly direct: boolean;
}

/** What is wrong with a reply by the norm; null when nothing is. First contact is a guard of the action itself. */
export function replyFaults(norms: NormPair, facts: ReplyFacts): RefusalFacts | null {
  if (facts.direct && facts.category !== null) {
    const { category } = facts;
    const reviewed = norms.map((norm) => categoryIn(norm.content, category)).find((line) => line?.reviewed);
    if (reviewed) return { code: 'reference.answer-reviewed', params: { source: reviewed.source } };
  }
  const demands = replyDemands(
    norms.map((norm) => norm.content),
    facts.type,
  );
  const faults: FieldFault[] = [];
  if (demands.minLength && !facts.direct && [...facts.text.trim()].length < demands.minLength.value)
    faults.push({
      path: 'input.text',
      code: 'reference.reply-short',
      params: { limit: demands.minLength.value, source: demands.minLength.source },
    });
  const phrase = norms.flatMap((norm) => norm.content.phrases).find((line) => facts.text.includes(line.phrase));
  if (phrase && faults.length === 0) faults.push({ path: 'input.text', code: 'reference.reply-phrase', params: { phrase: phrase.phrase } });
  if (demands.basis && !facts.basis?.trim())
    faults.push({ path: 'input.basis', code: 'reference.field-by-norm', params: { source: demands.basis } });
  if (demands.attachment && !facts.direct && facts.attachments === 0)
    faults.push({ path: 'input.attachments', code: 'reference.field-by-norm', params: { source: demands.attachment } });
  return faults.length > 0 ? { code: 'base.invalid-input', fields: faults } : null;
}

function isFor(types: string, type: string): boolean {
  return types === ANY_TYPE || types === type;
}
