import { sql } from 'kysely';
import { BURN_WINDOWS, SLOS, type BurnWindow, type Indicator, type Slo, type SloState } from '#contracts/operations/slo.api.ts';
import { beijingDate, startOfDay } from '#server/kernel/calendar.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { answersByDay, type DayAnswers } from '#server/platform/metrics/response.ts';
import { DAY_MS, gridAt, HOUR_MS, labelsOf, SPAN_MS, STEP_MS } from '../series/series.rules.ts';
import type { Reading } from '../series/series.service.ts';
import { listSeries, readSeries, type Step } from '../series/series.views.ts';
import { budgetLeft, burnOf, curveOf, NOTHING, plus, risesOf, WINDOWS, type Tally } from './slo.rules.ts';

/** How answers of a class came out, and what was turned away. */
type Outcome = 'good' | 'late' | 'failed' | 'failed-late' | 'shed';
interface Rise {
  readonly kind: string;
  readonly outcome: Outcome;
  readonly fromMs: number;
  readonly rise: number;
}

/** By how much the counters of all nodes rose in each span of [from, to). */
async function risesIn(tx: Tx, fromMs: number, toMs: number, stepMs: Step): Promise<Rise[]> {
  const counters = new Map<number, { kind: string; outcome: Outcome }>();
  for (const { id, name, labels } of await listSeries(tx, { name: 'minsheng_answers_total', limit: COUNTERS_AT_MOST })) {
    const { class: kind = '', result } = labelsOf(labels);
    if (name === 'minsheng_answers_total') counters.set(id, { kind, outcome: result as Outcome });
  }
  for (const { id, name, labels } of await listSeries(tx, { name: 'minsheng_shed_total', limit: COUNTERS_AT_MOST }))
    if (name === 'minsheng_shed_total') counters.set(id, { kind: labelsOf(labels)['class'] ?? '', outcome: 'shed' });
  const firstMs = gridAt(fromMs, stepMs);
  // The span before it is where the first rise begins.
  const spans = await readSeries(tx, [...counters.keys()], firstMs - stepMs, toMs, stepMs);
  return [...Map.groupBy(spans, (span) => span.series)].flatMap(([series, own]) =>
    risesOf(own)
      .filter((rise) => rise.fromMs >= firstMs)
      .map((rise) => ({ ...counters.get(series)!, ...rise })),
  );
}

/** Nodes come and go under names of their own; so many counters are read at most. */
const COUNTERS_AT_MOST = 5000;

type OfAnswers = Exclude<Indicator, { of: 'clock' }>;

function tallyOf(rises: readonly Rise[], { of, kind }: OfAnswers): Tally {
  const sum = (...outcomes: Outcome[]) =>
    rises.reduce((all, one) => (one.kind === kind && outcomes.includes(one.outcome) ? all + one.rise : all), 0);
  const answered = sum('good', 'late', 'failed', 'failed-late');
  const shed = sum('shed');
  return of === 'available'
    ? { all: answered + shed, bad: sum('failed', 'failed-late') + shed }
    : { all: answered, bad: sum('late', 'failed-late') };
}

const isOfAnswers = (slo: Slo): slo is Slo & { indicator: OfAnswers } => slo.indicator.of !== 'clock';
const stepFor = (windowMs: number): Step => (windowMs <= HOUR_MS ? STEP_MS : windowMs <= 6 * HOUR_MS ? SPAN_MS : HOUR_MS);

/** How fast each objective on answers burns its budget now, by window; where too little happened it is absent. */
export async function burnRates(tx: Tx, nowMs: number): Promise<Map<string, Partial<Record<BurnWindow, number>>>> {
  const rates = new Map<string, Partial<Record<BurnWindow, number>>>();
  for (const window of BURN_WINDOWS) {
    const { longMs, shortMs } = WINDOWS[window];
    const long = await risesIn(tx, nowMs - longMs, nowMs, stepFor(longMs));
    const short = await risesIn(tx, nowMs - shortMs, nowMs, stepFor(shortMs));
    for (const { key, target, indicator } of SLOS.filter(isOfAnswers)) {
      const rate = burnOf(tallyOf(long, indicator), tallyOf(short, indicator), target);
      if (rate !== null) rates.set(key, { ...rates.get(key), [window]: rate });
    }
  }
  return rates;
}

/** The burn rates as a source of series, which the alert rules `slo-burn-*` judge. */
export async function burnReadings(tx: Tx, nowMs: number): Promise<Reading[]> {
  return [...(await burnRates(tx, nowMs))].flatMap(([slo, rates]) =>
    Object.entries(rates).map(([window, value]): Reading => ({
      name: 'minsheng_slo_burn_rate',
      labels: { slo, window },
      kind: 'gauge',
      value,
    })),
  );
}

type DayTally = Tally & { readonly day: string };

/** Clocks of faults by the day they were due on; one that runs on past its end is bad, one that stands does not count. */
async function clockDays(tx: Tx, clock: string, from: Date, to: Date): Promise<DayTally[]> {
  const { rows } = await sql<DayTally>`
    select to_char(c.due_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, count(*)::integer as "all",
      (count(*) filter (where c.result is distinct from 'in-time'))::integer as bad
    from casework.clock c where c.case_kind = 'fault' and c.name = ${clock} and c.due_at >= ${from} and c.due_at < ${to}
      and (c.result <> 'void' or (c.result is null and c.stopped_at is null))
    group by 1 order by 1`.execute(tx);
  return rows;
}

/** Answers by day, as the response figures count them, with what was turned away. */
function answerDays(answers: readonly DayAnswers[], rises: readonly Rise[], { of, kind }: OfAnswers): DayTally[] {
  const shed = new Map<string, number>();
  for (const one of rises) {
    const day = beijingDate(one.fromMs);
    if (one.kind === kind && one.outcome === 'shed') shed.set(day, (shed.get(day) ?? 0) + one.rise);
  }
  const answered = new Map(answers.filter((one) => one.kind === kind).map((one) => [one.day, one]));
  return [...new Set([...answered.keys(), ...(of === 'available' ? shed.keys() : [])])].toSorted().map((day) => {
    const { count = 0, failed = 0, late = 0 } = answered.get(day) ?? {};
    const away = shed.get(day) ?? 0;
    return of === 'available' ? { day, all: count + away, bad: failed + away } : { day, all: count, bad: late };
  });
}

/** How every objective stands in a month of Beijing so far, and how fast its budget burns now. */
export async function sloStates(tx: Tx, month: string, nowMs: number): Promise<SloState[]> {
  const fromMs = startOfDay(`${month}-01`);
  const nextMs = startOfDay(`${beijingDate(fromMs + 31 * DAY_MS).slice(0, 7)}-01`);
  const toMs = Math.min(nextMs, nowMs);
  const isAhead = toMs <= fromMs;
  const answers = isAhead ? [] : await answersByDay(tx, new Date(fromMs), new Date(toMs));
  const rises = isAhead ? [] : await risesIn(tx, fromMs, toMs, HOUR_MS);
  const rates = await burnRates(tx, nowMs);
  const states: SloState[] = [];
  for (const slo of SLOS) {
    const { key, name, target } = slo;
    const days = isOfAnswers(slo)
      ? answerDays(answers, rises, slo.indicator)
      : await clockDays(tx, (slo.indicator as { clock: string }).clock, new Date(fromMs), new Date(toMs));
    const { all, bad } = days.reduce<Tally>(plus, NOTHING);
    const told = rates.get(key) ?? {};
    states.push({
      key,
      name,
      target,
      all,
      bad,
      value: all === 0 ? null : 1 - bad / all,
      left: budgetLeft({ all, bad }, target),
      burn: { '1h': told['1h'] ?? null, '6h': told['6h'] ?? null, '3d': told['3d'] ?? null },
      curve: curveOf(days, target),
    });
  }
  return states;
}
