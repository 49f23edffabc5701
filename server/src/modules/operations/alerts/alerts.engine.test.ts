import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertRule } from '#contracts/operations/alerts.api.ts';
import { createEngine, matching, type Instant, type Usual, type Watched } from './alerts.engine.ts';

const STEP = 15_000;
const rule = (key: string, more: Partial<AlertRule>): AlertRule => ({
  key,
  zh: key,
  en: key,
  metric: 'n',
  matchers: [],
  judgement: { kind: 'static', op: 'above', bound: 80 },
  advice: '',
  forSeconds: 0,
  level: 'P2',
  ...more,
});
const series: Watched[] = [
  { id: 1, name: 'n', labels: { city: '320100', node: 'a' } },
  { id: 2, name: 'n', labels: { city: '320500', node: 'a' } },
];
const at = (place: number, readings: Record<number, number>, usual: Record<number, Usual> = {}): Instant => ({
  atMs: place * STEP,
  readingOf: (id) => readings[id] ?? NaN,
  usualOf: (id) => usual[id] ?? null,
});
const told = (changes: ReturnType<ReturnType<typeof createEngine>['judge']>) =>
  changes.map((one) => `${one.rule.key}/${one.series?.id ?? '-'} ${one.turn}`);

describe('the engine', () => {
  test('judges each series that fits a rule by itself', () => {
    const engine = createEngine();
    engine.watch([rule('all', {}), rule('suzhou', { matchers: [{ label: 'city', op: '=', value: '320500' }] })], series, 0);
    expect(told(engine.judge(at(0, { 1: 90, 2: 10 })))).toEqual(['all/1 opened']);
    expect(told(engine.judge(at(1, { 1: 90, 2: 90 })))).toEqual(['all/2 opened', 'suzhou/2 opened']);
    expect(told(engine.judge(at(2, { 1: 90, 2: 90 })))).toEqual([]);
  });

  test('compares the rise of a counter in a second, and waits until it has seen its whole window', () => {
    const engine = createEngine();
    engine.watch([rule('errors', { judgement: { kind: 'rate', op: 'above', bound: 1, overSeconds: 60 } })], series.slice(0, 1), 0);
    const readings = [0, 30, 60, 90, 120];
    expect(readings.flatMap((value, place) => told(engine.judge(at(place, { 1: value }))))).toEqual(['errors/1 opened']);
  });

  test('compares how far a value lies from the usual, in deviations, and nothing where nothing is usual yet', () => {
    const engine = createEngine();
    engine.watch([rule('odd', { judgement: { kind: 'baseline', op: 'above', bound: 3 } })], series, 0);
    const usual = { 1: { mean: 100, deviation: 10 } };
    expect(told(engine.judge(at(0, { 1: 129, 2: 1e6 }, usual)))).toEqual([]);
    expect(told(engine.judge(at(1, { 1: 131, 2: 1e6 }, usual)))).toEqual(['odd/1 opened']);
  });

  test('tells that a series fell silent, and that there never was one', () => {
    const engine = createEngine();
    const absent = rule('gone', { judgement: { kind: 'absence' }, forSeconds: 30 });
    engine.watch([absent, rule('never', { metric: 'm', judgement: { kind: 'absence' } })], series, 0);
    expect(told(engine.judge(at(0, { 1: 5 })))).toEqual(['never/- opened']);
    expect([1, 2].flatMap((place) => told(engine.judge(at(place, { 1: 5 }))))).toEqual(['gone/2 opened']);
  });

  test('keeps what is open when rules and series change, and drops what is no longer watched', () => {
    const engine = createEngine();
    engine.watch([rule('all', {})], series, 0);
    engine.judge(at(0, { 1: 90, 2: 90 }));
    engine.watch([rule('all', {})], [...series, { id: 3, name: 'n', labels: {} }], STEP);
    expect(told(engine.judge(at(1, { 1: 90, 2: 90, 3: 90 })))).toEqual(['all/3 opened']);
  });

  test('goes on with the alerts that a node before it opened', () => {
    const engine = createEngine();
    engine.watch([rule('all', {})], series, 0);
    engine.restore('all', 1, 0);
    engine.restore('unknown', 9, 0);
    expect([1, 2, 3].flatMap((place) => told(engine.judge(at(place, { 1: 10, 2: 10 }))))).toEqual(['all/1 ended']);
  });
});

test('matchers read labels as Prometheus does', () => {
  const fits = (label: string, op: '=' | '!=' | '=~' | '!~', value: string) => matching([{ label, op, value }])({ city: '320500' });
  expect(fits('city', '=~', '3205')).toBe(false);
  expect(fits('city', '=~', '3205..|3201..')).toBe(true);
  expect(fits('node', '=', '')).toBe(true);
  expect(fits('node', '!=', 'a')).toBe(true);
  fc.assert(
    fc.property(fc.constantFrom('city', 'node'), fc.constantFrom('320500', '', 'x'), (label, value) => {
      expect(fits(label, '=', value)).toBe(!fits(label, '!=', value));
      expect(fits(label, '=~', value)).toBe(!fits(label, '!~', value));
    }),
  );
});
