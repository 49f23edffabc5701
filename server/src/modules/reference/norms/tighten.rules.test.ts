import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMIT_MODES, type NormContent } from '#contracts/reference/norm.content.ts';
import { dueAfter, type Limit } from '#server/kernel/calendar.ts';
import { beijing, shippedHolidays } from '#server/kernel/calendar.testing.ts';
import type { Decision } from '#server/kernel/decision.ts';
import { inForce, limitIn, limitOf, missingFields, replyFaults } from './norms.rules.ts';
import { aLimit, aNorm, NOTHING, province, provinceContent } from './norms.testing.ts';
import { isNoLonger, judgeContent, judgeSupplement } from './tighten.rules.ts';

const holidays = shippedHolidays();
const anInstant = fc.integer({ min: beijing('2023-01-01 00:00'), max: beijing('2026-08-01 00:00') });
const amountOf = {
  minute: fc.integer({ min: 1, max: 12_000 }),
  hour: fc.integer({ min: 1, max: 400 }),
  workday: fc.integer({ min: 1, max: 30 }),
};
const anyLimit: fc.Arbitrary<Limit> = fc.constantFrom(...LIMIT_MODES).chain((mode) => amountOf[mode].map((amount) => ({ mode, amount })));
const faultsOf = (decision: Decision<true>) => (decision.ok ? [] : decision.refusal.fields!.map(({ path, code }) => `${path}: ${code}`));
const isCategory = (code: string) => /^(0[1-9]|1[0-6])/.test(code);

describe('a limit that is taken to be no longer than another', () => {
  it('ends no later, whenever both start, over holidays, make-up days and weekends', () => {
    let held = 0;
    fc.assert(
      fc.property(anyLimit, anyLimit, anInstant, (limit, than, atMs) => {
        if (!isNoLonger(limit, than)) return;
        held++;
        expect(dueAfter(atMs, limit, holidays).dueMs).toBeLessThanOrEqual(dueAfter(atMs, than, holidays).dueMs);
      }),
      { numRuns: 5000 },
    );
    // A rule that never says yes would hold too.
    expect(held).toBeGreaterThan(1000);
  });

  it('is judged to the minute where hours stand against working days, and never the other way round', () => {
    const hours = (amount: number): Limit => ({ mode: 'hour', amount });
    const days = (amount: number): Limit => ({ mode: 'workday', amount });
    // Dispatched at 17:29 the last working day ends 30 hours and 30 minutes later.
    expect(isNoLonger(hours(30), days(1))).toBe(true);
    expect(isNoLonger(hours(31), days(1))).toBe(false);
    expect(isNoLonger({ mode: 'minute', amount: 24 * 60 + 389 }, days(1))).toBe(true);
    expect(isNoLonger({ mode: 'minute', amount: 24 * 60 + 390 }, days(1))).toBe(false);
    expect(isNoLonger(days(1), hours(1000))).toBe(false);
    expect(isNoLonger(hours(2), { mode: 'minute', amount: 120 })).toBe(true);
  });
});

describe('a supplement', () => {
  it('with a longer limit is refused with the line and what the province says', () => {
    const content: NormContent = { ...NOTHING, limits: [aLimit({ amount: 4 }), aLimit({ appealType: '03', amount: 6 })] };
    const decision = judgeSupplement(content, province());
    expect(faultsOf(decision)).toEqual(['content.limits.1.amount: reference.norm-loosens']);
    expect(!decision.ok && decision.refusal.fields![0]!.params).toEqual({
      line: '03/3/handle/',
      value: '6 个工作日',
      province: '5 个工作日',
    });
  });

  it('is measured by what the province says for the same category, its most specific line', () => {
    const strict = province({ limits: [aLimit({ category: '0503', mode: 'hour', amount: 2 })] });
    const judged = (category: string, amount: number) =>
      faultsOf(judgeSupplement({ ...NOTHING, limits: [aLimit({ category, mode: 'hour', amount })] }, strict));
    expect(judged('0503', 2)).toEqual([]);
    expect(judged('050301', 3)).toEqual(['content.limits.0.amount: reference.norm-loosens']);
    expect(judged('05', 3)).toEqual([]);
  });

  it('may neither ask for shorter replies, nor make a matter less urgent, nor take a category into use', () => {
    const own = province({
      replies: [{ appealType: '*', minLength: 20, source: '省规范' }],
      categories: [
        { category: '05', inUse: true, urgency: 2, source: '省规范' },
        { category: '16', inUse: false, source: '省规范' },
      ],
    });
    const content: NormContent = {
      ...NOTHING,
      replies: [
        { appealType: '03', minLength: 19, source: '测试' },
        { appealType: '02', minLength: 20, source: '测试' },
      ],
      categories: [
        { category: '0503', inUse: true, urgency: 3, source: '测试' },
        { category: '1606', inUse: true, source: '测试' },
        { category: '05', inUse: false, source: '测试' },
      ],
    };
    expect(faultsOf(judgeSupplement(content, own))).toEqual([
      'content.replies.0.minLength: reference.norm-loosens',
      'content.categories.0.urgency: reference.norm-loosens',
      'content.categories.1.inUse: reference.norm-loosens',
    ]);
  });

  it('that was accepted never gives more time, asks for less, or lets a reply pass that the province refuses, also when the province changes', () => {
    const lines = fc.array(
      fc.record({ urgency: fc.integer({ min: 1, max: 4 }), category: fc.constantFrom('', '01', '0101', '05'), limit: anyLimit }),
      { maxLength: 4 },
    );
    const limitsOf = (made: readonly { urgency: number; category: string; limit: Limit }[]) =>
      made.map(({ limit, ...rest }) => aLimit({ ...rest, ...limit }));
    let accepted = 0;
    fc.assert(
      fc.property(
        lines,
        lines,
        fc.constantFrom('010101', '0501', '16'),
        fc.integer({ min: 1, max: 4 }),
        anInstant,
        (ours, theirs, category, urgency, atMs) => {
          const own = province({
            limits: limitsOf(ours).filter((line) => line.category !== ''),
            fields: [{ appealType: '02', category: '01', field: 'address', source: '省规范' }],
            phrases: [{ phrase: '请耐心等待', source: '省规范' }],
          });
          const content: NormContent = { ...NOTHING, limits: limitsOf(theirs) };
          const isAccepted = judgeSupplement(content, own).ok;
          const matter = { type: '02', category, region: '320505', urgency };
          const city = aNorm('3205', content);
          const together = [own, city];
          const due = (norms: typeof together) => dueAfter(atMs, limitOf(norms, matter, 'handle', atMs, holidays)!, holidays).dueMs;
          expect(due(together)).toBeLessThanOrEqual(due([own]));
          if (isAccepted) {
            accepted++;
            // Not only because the stricter one wins: no line of it gives more time than the province's for the same category.
            for (const line of content.limits) {
              const provinces = limitIn(own, { ...matter, urgency: line.urgency, category: line.category }, line.clock)!;
              expect(dueAfter(atMs, line, holidays).dueMs).toBeLessThanOrEqual(dueAfter(atMs, provinces, holidays).dueMs);
            }
          }
          const facts = { ...matter, anonymous: false };
          expect(missingFields(together, facts).length).toBeGreaterThanOrEqual(missingFields([own], facts).length);
          const reply = { ...matter, text: '正在办理，请耐心等待。', attachments: 0, direct: false };
          expect(replyFaults(together, reply)).not.toBeNull();
        },
      ),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(200);
  });
});

describe('a norm by itself', () => {
  it('of the province has a limit for every type, urgency and clock, or orders would be stuck', () => {
    const whole = provinceContent();
    expect(judgeContent('province', whole, isCategory).ok).toBe(true);
    const decision = judgeContent('province', { ...whole, limits: whole.limits.slice(1) }, isCategory);
    expect(!decision.ok && decision.refusal.fields).toEqual([
      { path: 'content.limits', code: 'reference.norm-gap', params: { line: '01/1/dispatch' } },
    ]);
  });

  it('says nothing twice, counts whole working days and knows its categories', () => {
    const content: NormContent = {
      ...NOTHING,
      limits: [aLimit({ amount: 1.5 }), aLimit({ category: '99' })],
      phrases: [
        { phrase: '请耐心等待', source: '测试' },
        { phrase: '请耐心等待', source: '其他' },
      ],
    };
    expect(faultsOf(judgeContent('city', content, isCategory))).toEqual([
      'content.limits.0.amount: reference.whole-workdays',
      'content.limits.1.category: reference.unknown-category',
      'content.phrases.1: reference.norm-twice',
    ]);
    expect(faultsOf(judgeContent('city', NOTHING, isCategory))).toEqual(['content: reference.norm-empty']);
  });
});

describe('of several versions', () => {
  const old = province({}, beijing('2026-01-01 00:00'), 1);
  const next = province({}, beijing('2026-07-01 00:00'), 2);
  const city = aNorm('3205', { ...NOTHING, limits: [aLimit({ amount: 4 })] }, beijing('2026-03-01 00:00'));
  const at = (region: string, when: string) =>
    inForce([old, city, next], region, beijing(when)).map((norm) => `${norm.region}/${norm.version}`);

  it('the last one that took effect holds, to the instant, with the supplement of the order’s own city', () => {
    expect(at('320505', '2025-12-31 23:59')).toEqual([]);
    expect(at('320505', '2026-01-01 00:00')).toEqual(['32/1']);
    expect(at('320505003', '2026-06-30 23:59')).toEqual(['32/1', '3205/1']);
    expect(at('320505', '2026-07-01 00:00')).toEqual(['32/2', '3205/1']);
    expect(at('320102', '2026-07-01 00:00')).toEqual(['32/2']);
  });
});
