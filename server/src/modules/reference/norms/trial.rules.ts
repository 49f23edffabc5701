import type { TrialChange, TrialCity } from '#contracts/reference/norms.api.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import { lightOf, recomputeClock, type RunningClock } from '#server/platform/casework/index.ts';
import { limitOf, missingFields, replyDemands, replyFaults, type FilingFacts, type NormPair, type ReplyFacts } from './norms.rules.ts';

/** An order of last month as a trial sees it. */
export interface NormSample extends FilingFacts {
  readonly id: string;
  readonly number: string;
  readonly urgency: number;
  readonly filedMs: number;
  readonly contacted: boolean;
  readonly clocks: readonly { readonly limit: string; readonly clock: RunningClock }[];
  readonly reply: (Pick<ReplyFacts, 'text' | 'basis' | 'attachments' | 'direct'> & { readonly atMs: number }) | null;
}

/** Which norms hold at an instant: as it is, and as it would be with the draft. */
export type NormsAt = (atMs: number) => NormPair;

/** A trial takes no steps: only due instants are computed anew. */
const NO_STEPS = { name: { zh: '', en: '' }, startsOn: [], stopsOn: [], limit: '', steps: [] };

/**
 * What would have been different with an order under the draft: due instants and lamps of its clocks, required fields it
 * lacked, demands its reply did not meet. A clock is compared only where the two norms say different limits; what people
 * did to it (pauses, extensions) is kept.
 */
export function compareOrder(sample: NormSample, old: NormsAt, draft: NormsAt, holidays: Holidays, nowMs: number): TrialChange[] {
  const changes: TrialChange[] = [];
  for (const { limit, clock } of sample.clocks) {
    const was = limitOf(old(clock.t0Ms), sample, limit, clock.t0Ms, holidays);
    const would = limitOf(draft(clock.t0Ms), sample, limit, clock.t0Ms, holidays);
    if (!was || !would || (was.mode === would.mode && was.amount === would.amount)) continue;
    // It runs by a limit of its own, as a redo does.
    if (clock.rule.mode !== was.mode || clock.rule.amount !== was.amount) continue;
    const rule = { ...clock.rule, mode: would.mode, amount: would.amount };
    const again = recomputeClock({ ...clock, rule }, NO_STEPS, holidays);
    if (again.dueMs === clock.dueMs) continue;
    changes.push({ what: 'due', of: limit, old: instant(clock.dueMs), new: instant(again.dueMs) });
    const lamps = [lampOf(clock, nowMs), lampOf(again, nowMs)] as const;
    if (lamps[0] !== lamps[1]) changes.push({ what: 'lamp', of: limit, old: lamps[0], new: lamps[1] });
  }
  changes.push(...sides('fields', fieldsLacking(old(sample.filedMs), sample), fieldsLacking(draft(sample.filedMs), sample)));
  if (sample.reply) {
    const { atMs } = sample.reply;
    changes.push(...sides('reply', replyLacking(old(atMs), sample), replyLacking(draft(atMs), sample)));
  }
  return changes;
}

/** The colour a clock showed at its end, or shows now: what is late is red. */
function lampOf(clock: RunningClock, nowMs: number): string {
  if (clock.result === null || clock.stoppedMs === null) return lightOf(clock.dueMs, clock.yellowMs, nowMs);
  return clock.stoppedMs < clock.dueMs + 1000 ? 'green' : 'red';
}

function fieldsLacking(norms: NormPair, sample: NormSample): string[] {
  return missingFields(norms, sample).map((fault) => fault.path);
}

function replyLacking(norms: NormPair, sample: NormSample): string[] {
  const refusal = replyFaults(norms, { ...sample, ...sample.reply! });
  const demands = replyDemands(
    norms.map((norm) => norm.content),
    sample.type,
  );
  const uncontacted = demands.contact && !sample.contacted && !sample.reply!.direct ? ['contact'] : [];
  if (!refusal) return uncontacted;
  return [...uncontacted, ...(refusal.fields?.map((field) => `${field.path.replace('input.', '')}: ${field.code}`) ?? [refusal.code])];
}

/** What is lacking on one side only. */
function sides(what: 'fields' | 'reply', was: readonly string[], would: readonly string[]): TrialChange[] {
  return [
    ...was.filter((one) => !would.includes(one)).map((of): TrialChange => ({ what, of, old: 'lacking', new: null })),
    ...would.filter((one) => !was.includes(one)).map((of): TrialChange => ({ what, of, old: null, new: 'lacking' })),
  ];
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

/** The counts of a trial with one more order in them: by city, each kind of change once per order. */
export function counted(totals: readonly TrialCity[], region: string, changes: readonly TrialChange[]): TrialCity[] {
  const city = region.slice(0, 4);
  const known = totals.find((one) => one.region === city) ?? { region: city, orders: 0, changed: 0, due: 0, lamp: 0, fields: 0, reply: 0 };
  const has = (what: TrialChange['what']) => (changes.some((change) => change.what === what) ? 1 : 0);
  const next = {
    region: city,
    orders: known.orders + 1,
    changed: known.changed + (changes.length > 0 ? 1 : 0),
    due: known.due + has('due'),
    lamp: known.lamp + has('lamp'),
    fields: known.fields + has('fields'),
    reply: known.reply + has('reply'),
  };
  return [...totals.filter((one) => one.region !== city), next].toSorted((a, b) => a.region.localeCompare(b.region));
}

/** The month before the one an instant lies in, in Beijing: [from, to). */
export function monthBefore(atMs: number): { from: Date; to: Date } {
  const beijing = new Date(atMs + 8 * 3_600_000);
  const first = (months: number) => new Date(Date.UTC(beijing.getUTCFullYear(), beijing.getUTCMonth() + months, 1) - 8 * 3_600_000);
  return { from: first(-1), to: first(0) };
}
