import type { AlertRule } from '#contracts/operations/alerts.api.ts';
import type { Labels } from '#server/modules/operations/series/series.rules.ts';
import { STEP_MS } from '#server/modules/operations/series/series.rules.ts';
import { randomFrom } from '../../server/test/random.ts';

/**
 * A day of series that are known in every reading: each value is a function of its series and its instant, so that what a
 * rule should find can be said without the engine that is to find it.
 */
export interface Day {
  readonly series: readonly Made[];
  readonly rules: readonly AlertRule[];
  readonly incidents: readonly Incident[];
  /** Short disturbances that nobody planted for a rule to find: what opens by one is a false alarm. */
  readonly spikes: number;
  /** NaN where the series tells nothing. */
  valueAt(series: Made, place: number): number;
  /** What the series told in the weeks before, as the mean of five minutes; for those that are judged by what is usual. */
  usuallyAt(series: Made, place: number, week: number): number;
}

type Shape = 'above' | 'below' | 'rate' | 'absence' | 'baseline';

export interface Made {
  readonly no: number;
  readonly name: string;
  readonly labels: Labels;
  readonly source: string;
  readonly kind: 'gauge' | 'counter';
  readonly shape: Shape;
}

export interface Incident {
  readonly series: Made;
  readonly rule: AlertRule;
  /** Places of the grid, from midnight: when it begins, and when it is over. */
  readonly from: number;
  readonly to: number;
  /** The place at which a rule that reads every value should open its alert. */
  readonly due: number;
}

interface Disturbance {
  readonly from: number;
  readonly to: number;
  readonly by: number;
}

const SOURCES = 20;
const METRICS = 100;
const PLACES = 86_400_000 / STEP_MS;
const RATE_SECONDS = 300;
/** A gauge swings by 10 around 50 in the course of a day, with noise of 2; a counter rises by 2 a second. */
const BOUNDS = { above: 90, below: 5, rate: 20 } as const;
const STRENGTH: Readonly<Record<Shape, number>> = { above: 60, below: -60, rate: 100, absence: 0, baseline: 40 };

/**
 * @param series how many series, a multiple of 2,000
 * @param incidents how many of them are planted, spread over the shapes and over the day
 */
export function makeDay({
  series: count,
  incidents: planted,
  places = PLACES,
}: {
  series: number;
  incidents: number;
  places?: number;
}): Day {
  const random = randomFrom(2026);
  const perMetric = count / (SOURCES * METRICS);
  const series = Array.from({ length: SOURCES }, (_, source) =>
    Array.from({ length: METRICS }, (__, metric) => Array.from({ length: perMetric }, (___, part) => ({ source, metric, part }))),
  )
    .flat(2)
    .map(({ source, metric, part }, no): Made => {
      const shape = shapeOf(metric);
      return {
        no,
        name: `replay_${String(metric).padStart(2, '0')}`,
        labels: { instance: nodeName(source), component: `${nodeName(source)}/part-${part}` },
        source: nodeName(source),
        kind: shape === 'rate' ? 'counter' : 'gauge',
        shape,
      };
    });
  const rules = Array.from({ length: METRICS }, (_, metric) =>
    Array.from({ length: SOURCES / 2 }, (__, pair) => ruleOf(metric, pair)),
  ).flat();
  const ruleFor = new Map(series.map((one) => [one, rules.find((rule) => watches(rule, one))!]));

  const disturbed = new Map<number, Disturbance[]>();
  const disturb = (one: Made, disturbance: Disturbance) => disturbed.set(one.no, [...(disturbed.get(one.no) ?? []), disturbance]);
  const gauges = series.filter(({ shape }) => shape === 'above');
  const spikes = Math.round(count / 33);
  for (let spike = 0; spike < spikes; spike++) {
    const from = random.below(places);
    let to = from + 1;
    // Every second one is over at the next reading; few last as long as a rule asks for.
    while (random.chance(0.5)) to++;
    disturb(random.pick(gauges), { from, to, by: 60 });
  }

  const shapes = (['above', 'below', 'rate', 'absence', 'baseline'] as const).map((shape) => series.filter((one) => one.shape === shape));
  const incidents: Incident[] = [];
  while (incidents.length < planted) {
    const one = random.pick(shapes[incidents.length % shapes.length]!);
    if (disturbed.has(one.no)) continue;
    const lasts = 60 + random.below(60);
    const from = 80 + random.below(places - lasts - 160);
    const rule = ruleFor.get(one)!;
    disturb(one, { from, to: from + lasts, by: STRENGTH[one.shape] });
    incidents.push({ series: one, rule, from, to: from + lasts, due: 0 });
  }

  const valueAt = (one: Made, place: number): number => {
    const now = (disturbed.get(one.no) ?? []).filter(({ from }) => place >= from);
    if (one.kind === 'counter') {
      const extra = now.reduce((sum, { from, to, by }) => sum + by * (Math.min(place, to) - from), 0);
      return (2 * (place + noise(one.no, place)) + extra) * (STEP_MS / 1000);
    }
    const active = now.filter(({ to }) => place < to);
    if (one.shape === 'absence' && active.length > 0) return NaN;
    return swing(one, place) + 2 * bell(one.no, place) + active.reduce((sum, { by }) => sum + by, 0);
  };
  return {
    series,
    rules,
    spikes,
    valueAt,
    usuallyAt: (one, place, week) => swing(one, place) + 0.45 * bell(one.no + 1_000_000 * week, place),
    incidents: incidents.map((incident) => ({ ...incident, due: dueOf(incident, valueAt) })),
  };
}

/** The first place at which the rule's condition has held for as long as it asks, by its words and not by the engine. */
function dueOf({ series, rule, from, to }: Incident, valueAt: Day['valueAt']): number {
  const held = Math.ceil(rule.forSeconds / (STEP_MS / 1000));
  if (rule.judgement.kind !== 'rate') return from + held;
  const back = RATE_SECONDS / (STEP_MS / 1000);
  const isBad = (place: number) => (valueAt(series, place) - valueAt(series, place - back)) / RATE_SECONDS > BOUNDS.rate;
  let since = from;
  while (!isBad(since)) since++;
  if (since > to) throw new Error(`${rule.key} cannot find what was planted for it`);
  return since + held;
}

function shapeOf(metric: number): Shape {
  if (metric === 9 || metric === 59) return 'baseline';
  return (['above', 'above', 'above', 'above', 'above', 'below', 'rate', 'rate', 'absence', 'above'] as const)[metric % 10]!;
}

const nodeName = (source: number) => `node-${String(source).padStart(2, '0')}`;

/** A rule for one metric of two nodes. */
function ruleOf(metric: number, pair: number): AlertRule {
  const shape = shapeOf(metric);
  const judgement: AlertRule['judgement'] =
    shape === 'absence'
      ? { kind: 'absence' }
      : shape === 'rate'
        ? { kind: 'rate', op: 'above', bound: BOUNDS.rate, overSeconds: RATE_SECONDS }
        : shape === 'baseline'
          ? { kind: 'baseline', op: 'above', bound: 8, back: 4 }
          : { kind: 'static', op: shape, bound: BOUNDS[shape] };
  return {
    key: `replay-${metric}-${pair}`,
    zh: `回放规则 ${metric}-${pair}`,
    en: `Replayed rule ${metric}-${pair}`,
    metric: `replay_${String(metric).padStart(2, '0')}`,
    matchers: [{ label: 'instance', op: '=~', value: `${nodeName(2 * pair)}|${nodeName(2 * pair + 1)}` }],
    judgement,
    forSeconds: 60 * (1 + (metric % 5)),
    level: metric % 4 === 0 ? 'P2' : 'P3',
    advice: '',
  };
}

function watches(rule: AlertRule, { name, labels }: Made): boolean {
  return rule.metric === name && rule.matchers[0]!.value.split('|').includes(labels['instance']!);
}

const swing = ({ no }: Made, place: number) => 50 + 10 * Math.sin((2 * Math.PI * (place + no * 7)) / PLACES);

/** A number in [0, 1) that is the same whenever it is asked for. */
function noise(no: number, place: number): number {
  let mixed = Math.imul(no + 1, 0x9e3779b1) ^ Math.imul(place + 1, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
}

/** Nearly normal: the sum of four even numbers, with a deviation of one. */
function bell(no: number, place: number): number {
  const at = place * 4;
  return (noise(no, at) + noise(no, at + 1) + noise(no, at + 2) + noise(no, at + 3) - 2) * Math.sqrt(3);
}
