import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { beijing, shippedHolidays } from '#server/kernel/calendar.testing.ts';
import { freezeOn, planFault, windowAt } from './change.rules.ts';
import { levelOf } from './records.rules.ts';

const holidays = shippedHolidays();
const iso = (text: string) => new Date(beijing(text)).toISOString();

test.each([
  [5, 5, 0, 1],
  [4, 5, 0, 1],
  [4, 4, 3, 2],
  [3, 4, 0, 2],
  [3, 3, 0, 3],
  [2, 3, 0, 3],
  [1, 5, 1, 3],
  [1, 5, 0, 4],
  [1, 1, 0, 4],
])('impact %i by urgency %i with a risk of %i is P%i', (impact, urgency, risk, level) => {
  expect(levelOf(impact, urgency, risk)).toBe(level);
});

describe('the windows of changes', () => {
  it('are Tuesday and Thursday from ten at night, over midnight, and Saturday morning for infrastructure', () => {
    // 2026-07-07 is a Tuesday.
    expect(windowAt(beijing('2026-07-07 21:59'), 'application')).toBeNull();
    expect(windowAt(beijing('2026-07-07 22:00'), 'application')).toEqual({
      fromMs: beijing('2026-07-07 22:00'),
      toMs: beijing('2026-07-08 02:00'),
    });
    expect(windowAt(beijing('2026-07-08 01:59'), 'application')).toMatchObject({ fromMs: beijing('2026-07-07 22:00') });
    expect(windowAt(beijing('2026-07-08 02:00'), 'application')).toBeNull();
    expect(windowAt(beijing('2026-07-11 03:00'), 'infrastructure')).toMatchObject({ toMs: beijing('2026-07-11 06:00') });
    expect(windowAt(beijing('2026-07-11 03:00'), 'application')).toBeNull();
  });

  it('add up to eight hours in every week for applications and six for infrastructure', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 51 }), (week) => {
        const fromMs = beijing('2026-01-05 00:00') + week * 7 * 86_400_000;
        const hours = (scope: 'application' | 'infrastructure') =>
          Array.from({ length: 7 * 24 }, (_, hour) => windowAt(fromMs + hour * 3_600_000, scope)).filter(Boolean).length;
        expect([hours('application'), hours('infrastructure')]).toEqual([8, 6]);
      }),
    );
  });

  it('are shut on days off and in freezes', () => {
    const congress = [{ name: '全国两会', fromMs: beijing('2026-03-03 00:00'), toMs: beijing('2026-03-13 00:00') }];
    expect(freezeOn(beijing('2026-03-05 22:00'), beijing('2026-03-05 23:00'), holidays, congress)).toBe('全国两会');
    expect(freezeOn(beijing('2026-10-01 22:00'), beijing('2026-10-01 23:00'), holidays, [])).toBe('2026-10-01');
    expect(freezeOn(beijing('2026-07-07 22:00'), beijing('2026-07-07 23:00'), holidays, congress)).toBeNull();
  });
});

describe('the plan of a change', () => {
  const now = beijing('2026-07-01 10:00');
  const plan = { class: 'normal', scope: 'application', startsAt: iso('2026-07-07 22:30'), endsAt: iso('2026-07-08 00:30') } as const;
  const faultOf = (more: object, atMs = now) => planFault({ ...plan, ...more }, atMs, holidays, [])?.code ?? null;

  it('stands three working days ahead, inside one window', () => {
    expect(faultOf({})).toBeNull();
    expect(faultOf({}, beijing('2026-07-02 23:00'))).toBeNull();
    expect(faultOf({}, beijing('2026-07-03 08:00'))).toBe('operations.notice-too-short');
    expect(faultOf({ endsAt: iso('2026-07-08 02:30') })).toBe('operations.outside-window');
    expect(faultOf({ startsAt: iso('2026-07-08 10:00'), endsAt: iso('2026-07-08 11:00') })).toBe('operations.outside-window');
    expect(faultOf({ endsAt: plan.startsAt })).toBe('operations.change-span');
    expect(faultOf({ endsAt: iso('2026-07-08 20:00') })).toBe('operations.change-span');
  });

  it('of an emergency stands two hours ahead, at any time', () => {
    const emergency = { class: 'emergency', startsAt: iso('2026-10-01 14:00'), endsAt: iso('2026-10-01 15:00') };
    expect(faultOf(emergency, beijing('2026-10-01 12:00'))).toBeNull();
    expect(faultOf(emergency, beijing('2026-10-01 12:01'))).toBe('operations.notice-too-short');
  });
});
