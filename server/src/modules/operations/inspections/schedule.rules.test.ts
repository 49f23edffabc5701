import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beijingDate, endOfDay, isWorkday, nextDay, startOfDay, type Day } from '#server/kernel/calendar.ts';
import { beijing, shippedHolidays } from '#server/kernel/calendar.testing.ts';
import { shippedStandard } from './inspections.seed.ts';
import { duesBetween, isDueOn, nextDue, type When } from './schedule.rules.ts';

const holidays = shippedHolidays();
const DAY = 86_400_000;
const year: Day[] = [];
for (let day = '2026-01-01'; day <= '2026-12-31'; day = nextDay(day)) year.push(day);
const daysOf = (when: Exclude<When, { every: 'minutes' }>) => year.filter((day) => isDueOn(when, day, holidays));
const mondayOf = (day: Day) => beijingDate(startOfDay(day) - ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) * DAY);

const weekly = { every: 'week', at: ['09:30'] } as const;
const monthly = { every: 'month', at: ['10:00'] } as const;
const quarterly = { every: 'quarter', at: ['14:00'] } as const;
const holiday = { every: 'holiday', at: ['14:00'], days: 3 } as const;
const whens = shippedStandard().templates.map(({ when }) => when);

describe('the days of 2026 on which inspections are due', () => {
  it('are the first working day of each week, and each week that has one has one', () => {
    const due = daysOf(weekly);
    const weeks = Map.groupBy(year, mondayOf);
    for (const days of weeks.values()) {
      // The week that began in 2025 may have had its day there.
      if (days[0] === '2026-01-01') continue;
      expect(due.filter((day) => days.includes(day))).toEqual(days.filter((day) => isWorkday(day, holidays)).slice(0, 1));
    }
  });

  it('are the first working day of each month, and of each quarter', () => {
    expect(daysOf(monthly)).toEqual(
      [...Map.groupBy(year, (day) => day.slice(0, 7)).values()].map((days) => days.find((day) => isWorkday(day, holidays))),
    );
    expect(daysOf(quarterly)).toEqual(daysOf(monthly).filter((day) => ['01', '04', '07', '10'].includes(day.slice(5, 7))));
  });

  it('before a holiday are the last working days before what the State Council gave off for three days or more', () => {
    const due = daysOf(holiday);
    for (const day of due) {
      expect(isWorkday(day, holidays)).toBe(true);
      const after = [1, 2, 3].map((ahead) => beijingDate(startOfDay(day) + ahead * DAY));
      expect(after.some((one) => isWorkday(one, holidays))).toBe(false);
    }
    // Every day off of the notice lies within nine days behind one of them.
    for (const off of holidays.off) {
      if (!off.startsWith('2026') || off < '2026-01-04') continue;
      expect(
        due.some((day) => startOfDay(off) > startOfDay(day) && startOfDay(off) - startOfDay(day) <= 10 * DAY),
        off,
      ).toBe(true);
    }
    // The Saturday before the Spring Festival is a make-up day, so the Friday is not the last one.
    expect(due).toContain('2026-02-14');
    expect(due).not.toContain('2026-02-13');
  });

  it('a make-up Sunday begins the week that its Monday would have begun only where that week has no earlier working day', () => {
    for (const day of holidays.work)
      if (day.startsWith('2026') && isDueOn(weekly, day, holidays))
        for (let before = mondayOf(day); before < day; before = nextDay(before)) expect(isWorkday(before, holidays)).toBe(false);
  });
});

describe('a schedule', () => {
  const instant = fc.integer({ min: beijing('2026-01-05 00:00'), max: beijing('2026-12-20 00:00') });
  const anyWhen = fc.constantFrom(...whens);

  it('gives the same instants however the time is cut', () => {
    fc.assert(
      fc.property(anyWhen, instant, fc.integer({ min: 0, max: 3 * DAY }), fc.integer({ min: 0, max: 3 * DAY }), (when, from, one, two) => {
        const whole = duesBetween(when, from, from + one + two, holidays);
        expect([...duesBetween(when, from, from + one, holidays), ...duesBetween(when, from + one, from + one + two, holidays)]).toEqual(
          whole,
        );
      }),
    );
  });

  it('is due at its own times of the day and at no other, in their order', () => {
    fc.assert(
      fc.property(anyWhen, instant, (when, from) => {
        const dues = duesBetween(when, from, from + 10 * DAY, holidays);
        expect(dues).toEqual([...new Set(dues)].toSorted((a, b) => a - b));
        for (const due of dues) {
          if (when.every === 'minutes') expect(due % (when.minutes * 60_000)).toBe(0);
          else expect(when.at).toContain(new Date(due + 8 * 3_600_000).toISOString().slice(11, 16));
        }
      }),
    );
  });

  it('tells the next instant: the first after now', () => {
    fc.assert(
      fc.property(anyWhen, instant, (when, nowMs) => {
        const { atMs } = nextDue(when, nowMs, holidays);
        if (atMs === null) return;
        expect(duesBetween(when, nowMs, atMs, holidays)).toEqual([atMs]);
      }),
      { numRuns: 60 },
    );
  });

  it('says that a day of a year without a calendar is provisional', () => {
    expect(nextDue(monthly, endOfDay('2026-12-31') - 1000, holidays).provisional).toBe(true);
    expect(nextDue(monthly, beijing('2026-06-15 12:00'), holidays)).toEqual({ atMs: beijing('2026-07-01 10:00'), provisional: false });
  });

  it('is daily at 08:30 and 16:30, every day', () => {
    expect(
      duesBetween({ every: 'day', at: ['08:30', '16:30'] }, beijing('2026-02-17 00:00'), beijing('2026-02-18 00:00'), holidays),
    ).toEqual([beijing('2026-02-17 08:30'), beijing('2026-02-17 16:30')]);
  });
});
