import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTCOMES, type Outcome } from '#contracts/operations/inspections.api.ts';
import { judge, outcomeOf, outcomeOfVerdict, riseOf, sampleFor, scoreOf, type Sample } from './inspections.rules.ts';
import { shippedStandard } from './inspections.seed.ts';
import { isKnown } from './look.ts';
import { databaseChecks } from './database/read.ts';
import { measures } from './measures.ts';

const above = { yellow: 70, red: 80, below: false };
const item = fc.record({ outcome: fc.constantFrom<Outcome>(...OUTCOMES.filter((one) => one !== 'open')), weight: fc.constantFrom(1, 2) });
const WORSE: Readonly<Partial<Record<Outcome, Outcome>>> = { ok: 'yellow', yellow: 'red' };

describe('the score of an inspection', () => {
  it('lies between nought and a hundred, and is a hundred only where nothing is bad', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60 }), (items) => {
        const score = scoreOf(items);
        const judged = items.filter(({ outcome }) => outcome !== 'unreadable' && outcome !== 'not-applicable');
        if (judged.length === 0) expect(score).toBeNull();
        else {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score === 100).toBe(judged.every(({ outcome }) => outcome === 'ok'));
        }
      }),
    );
  });

  it('never rises where an item gets worse, and does not ask for the order of items', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 40 }), fc.nat(), (items, at) => {
        const place = at % items.length;
        const worse = WORSE[items[place]!.outcome];
        if (worse) expect(scoreOf(items.with(place, { ...items[place]!, outcome: worse }))!).toBeLessThanOrEqual(scoreOf(items)!);
        expect(scoreOf(items.toReversed())).toBe(scoreOf(items));
      }),
    );
  });

  it('is not given while an item is open; what cannot be read takes nothing', () => {
    expect(
      scoreOf([
        { outcome: 'ok', weight: 1 },
        { outcome: 'open', weight: 1 },
      ]),
    ).toBeNull();
    expect(
      scoreOf([
        { outcome: 'red', weight: 2 },
        { outcome: 'yellow', weight: 1 },
        { outcome: 'unreadable', weight: 2 },
      ]),
    ).toBe(77);
  });
});

describe('a readout', () => {
  it('is judged by its worst row, and its evidence holds every bad row up to twenty', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 60 }), fc.boolean(), (measures, below) => {
        const thresholds = below ? { yellow: 30, red: 20, below } : above;
        const { outcome, value, evidence } = judge(
          { rows: measures.map((measure, at) => ({ what: `${at}`, measure })), notes: [] },
          thresholds,
        );
        const outcomes = measures.map((measure) => outcomeOf(measure, thresholds));
        expect(outcome).toBe((['red', 'yellow'] as const).find((one) => outcomes.includes(one)) ?? 'ok');
        expect(value).toBe(measures.length === 0 ? null : below ? Math.min(...measures) : Math.max(...measures));
        const bad = outcomes.filter((one) => one !== 'ok').length;
        expect(evidence.rows.filter((row) => outcomeOf(row.measure, thresholds) !== 'ok').length).toBe(Math.min(bad, 20));
        expect(evidence.rows.length + evidence.more).toBe(measures.length);
      }),
    );
  });

  it('that could not be read is neither good nor bad, and rows that are not judged yet are good', () => {
    expect(judge({ rows: [], notes: [], unreadable: true }, above).outcome).toBe('unreadable');
    expect(judge({ rows: [{ what: 'a', measure: null }], notes: [] }, above)).toMatchObject({ outcome: 'ok', value: null });
  });
});

describe('what changed', () => {
  const at = (hours: number, total: number): Sample => ({ atMs: hours * 3_600_000, rows: [{ what: 'a', measure: null, total }] });
  const since = (before: Sample | null, nowHours: number) => ({ before, nowMs: nowHours * 3_600_000, overMs: 3_600_000 });

  it('is compared with the latest reading that is old enough, else with the oldest', () => {
    const samples = [at(0, 1), at(1, 2), at(2, 3)];
    expect(sampleFor(samples, 3 * 3_600_000, 3_600_000)).toBe(samples[2]);
    expect(sampleFor(samples, 2.5 * 3_600_000, 3_600_000)).toBe(samples[1]);
    expect(sampleFor(samples, 2.5 * 3_600_000, 9 * 3_600_000)).toBe(samples[0]);
    expect(sampleFor([], 0, 1)).toBeNull();
  });

  it('counts for the length of time asked for, and a counter that fell began again', () => {
    const row = { what: 'a', measure: null, total: 40 };
    expect(riseOf(row, 'total', since(at(0, 10), 1))).toBe(30);
    expect(riseOf(row, 'total', since(at(0, 10), 3))).toBe(10);
    // Less than the whole time is not blown up to it.
    expect(riseOf(row, 'total', since(at(0, 10), 0.5))).toBe(30);
    expect(riseOf(row, 'total', since(at(0, 90), 1))).toBe(40);
    expect(riseOf(row, 'total', since(null, 1))).toBeNull();
  });
});

describe('the shipped standard', () => {
  const { checks, templates } = shippedStandard();

  it('describes every check the platform makes, and no automatic one that it does not make', () => {
    const automatic = checks.filter(({ kind }) => kind === 'automatic').map(({ code }) => code);
    expect(automatic.filter((code) => !isKnown(code))).toEqual([]);
    expect([...Object.keys(databaseChecks), ...Object.keys(measures)].filter((code) => !automatic.includes(code))).toEqual([]);
    expect(new Set(checks.map(({ code }) => code)).size).toBe(checks.length);
  });

  it('has words in both languages, a reason where a person has to look, and red that is worse than yellow', () => {
    for (const { code, name, advice, how, kind, yellow, red, below } of checks) {
      for (const words of [name, advice, ...(how ? [how] : [])]) {
        expect(words.zh, code).not.toBe('');
        expect(words.en, code).toMatch(/^[\x20-\x7e…]+$/);
      }
      if (kind === 'manual') expect(how, code).toBeDefined();
      else expect(yellow ?? red, code).toBeDefined();
      if (kind === 'automatic' && yellow !== undefined && red !== undefined) expect(below ? red < yellow : red > yellow, code).toBe(true);
    }
    expect(templates.map(({ code }) => code)).toEqual(['auto', 'daily', 'weekly', 'monthly', 'quarterly', 'holiday', 'database']);
  });

  it('lets a person find an item as bad as it says', () => {
    expect(outcomeOfVerdict('abnormal', { red: 1 })).toBe('red');
    expect(outcomeOfVerdict('abnormal', {})).toBe('yellow');
    expect(outcomeOfVerdict('not-applicable', {})).toBe('not-applicable');
  });
});
