import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addWorkdays,
  beijingDate,
  dueAfter,
  endOfDay,
  isDay,
  isWorkday,
  nextDay,
  nextOpening,
  startOfDay,
  workdaysBetween,
  yellowAt,
  type Limit,
} from './calendar.ts';
import { beijing, shippedHolidays } from './calendar.testing.ts';

const holidays = shippedHolidays();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const workdays = (amount: number): Limit => ({ mode: 'workday', amount });

/** A due instant as people read it, with a mark where it rests on an unpublished year. */
function due(text: string, limit: Limit): string {
  const { dueMs, provisional } = dueAfter(beijing(text), limit, holidays);
  return new Date(dueMs + 8 * HOUR).toISOString().slice(0, 19).replace('T', ' ') + (provisional ? ' provisional' : '');
}

describe('a limit in working days', () => {
  it.each([
    // The day before the make-up Saturday before the Spring Festival (DOMAIN 1.4).
    ['Friday 2026-02-13 at 17:00, a make-up Saturday next', '2026-02-13 17:00', 1, '2026-02-14 23:59:59'],
    ['the same Friday, two days', '2026-02-13 17:00', 2, '2026-02-24 23:59:59'],
    ['the last instant before closing time', '2026-02-13 17:29:59.999', 1, '2026-02-14 23:59:59'],
    ['closing time itself, which counts for the next working day', '2026-02-13 17:30', 1, '2026-02-24 23:59:59'],
    ['the evening, two days', '2026-02-13 23:59:59', 2, '2026-02-25 23:59:59'],
    ['a make-up Saturday, 2026-02-28', '2026-02-28 10:00', 1, '2026-03-02 23:59:59'],
    ['the evening of that make-up Saturday', '2026-02-28 18:00', 1, '2026-03-03 23:59:59'],
    ['the Friday before the make-up Saturday 2026-05-09', '2026-05-08 10:00', 1, '2026-05-09 23:59:59'],
    ['the make-up Saturday 2026-05-09 itself', '2026-05-09 10:00', 1, '2026-05-11 23:59:59'],
    ['a common Sunday', '2026-03-08 10:00', 1, '2026-03-10 23:59:59'],
    ['the middle of the Spring Festival', '2026-02-18 10:00', 1, '2026-02-25 23:59:59'],
    ['the first second of a working day', '2026-03-03 00:00:00', 1, '2026-03-04 23:59:59'],
    ['the eve of the National Day holidays', '2026-09-30 10:00', 1, '2026-10-08 23:59:59'],
    ['the same eve, three days, the third a make-up Saturday', '2026-09-30 10:00', 3, '2026-10-10 23:59:59'],
    ['the evening of that eve', '2026-09-30 20:00', 1, '2026-10-09 23:59:59'],
    ['the National Day holidays themselves', '2026-10-04 10:00', 5, '2026-10-14 23:59:59'],
    ['the turn of two published years', '2025-12-31 10:00', 1, '2026-01-04 23:59:59'],
    ['the last days of the last published year', '2026-12-30 10:00', 1, '2026-12-31 23:59:59'],
    ['the end of the last published year, over into the next', '2026-12-31 10:00', 1, '2027-01-01 23:59:59 provisional'],
    ['the last evening of the last published year', '2026-12-31 18:00', 1, '2027-01-04 23:59:59 provisional'],
    ['a day of an unpublished year, by the weekend rule', '2027-10-01 10:00', 1, '2027-10-04 23:59:59 provisional'],
  ])('dispatched on %s', (_, t0, amount, expected) => {
    expect(due(t0, workdays(amount))).toBe(expected);
  });

  it('is provisional when any day on its way lies in an unpublished year, however far it reaches', () => {
    expect(dueAfter(beijing('2026-12-25 10:00'), workdays(10), holidays).provisional).toBe(true);
    expect(dueAfter(beijing('2026-12-25 10:00'), workdays(4), holidays).provisional).toBe(false);
  });

  it('is no longer provisional once the year is published', () => {
    const published = shippedHolidays([2023, 2024, 2025, 2026, 2027]);
    expect(dueAfter(beijing('2026-12-31 10:00'), workdays(1), published)).toEqual({
      dueMs: beijing('2027-01-01 23:59:59'),
      provisional: false,
    });
  });
});

describe('a limit in hours or minutes', () => {
  it.each([
    ['a night', '2026-02-13 23:30', { mode: 'hour', amount: 2 }, '2026-02-14 01:30:00'],
    ['a holiday', '2026-02-16 22:00', { mode: 'hour', amount: 24 }, '2026-02-17 22:00:00'],
    [
      'the turn into an unpublished year, and is not provisional',
      '2026-12-31 23:50',
      { mode: 'minute', amount: 15 },
      '2027-01-01 00:05:00',
    ],
  ] as const)('runs through %s', (_, t0, limit, expected) => {
    expect(due(t0, limit)).toBe(expected);
  });
});

describe('the shipped calendar', () => {
  it.each([[2025], [2026]])('gives %i its 248 working days', (year) => {
    expect(workdaysBetween(`${year - 1}-12-31`, `${year}-12-31`, holidays)).toBe(248);
  });

  it('names no day twice and no make-up day that is a weekday anyway', () => {
    for (const day of holidays.work) {
      expect(holidays.off.has(day)).toBe(false);
      expect([0, 6]).toContain(new Date(`${day}T00:00:00Z`).getUTCDay());
    }
  });
});

// ---- An independent calculation: its own reading of the file, its own weekday, its own clock on the wall, an hour at a time. ----

const table = new Map(
  readFileSync(join(import.meta.dirname, '../../db/reference/holidays.csv'), 'utf8')
    .split('\n')
    .map((line) => line.split(','))
    .map(([date = '', , type = '']) => [date, type.trim()] as const),
);
const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' });
const dateOf = (ms: number) => wall.format(ms).slice(0, 10);
const timeOf = (ms: number) => wall.format(ms).slice(11);

/** Zeller's congruence: 0 is Saturday, 1 Sunday. */
function zeller(day: string): number {
  let [year, month, date] = day.split('-').map(Number) as [number, number, number];
  if (month < 3) {
    month += 12;
    year -= 1;
  }
  return (date + Math.floor((13 * (month + 1)) / 5) + year + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400)) % 7;
}

function slowIsWorkday(day: string): boolean {
  const listed = table.get(day);
  return listed === 'work' || (listed !== 'off' && zeller(day) > 1);
}

/** Walks hour by hour until the date is the next working day; both sides of an hour are the same Beijing date. */
function toNextWorkday(hourMs: number): number {
  const from = dateOf(hourMs);
  let ms = hourMs;
  do ms += HOUR;
  while (dateOf(ms) === from || !slowIsWorkday(dateOf(ms)));
  return ms;
}

function slowDue(t0Ms: number, amount: number): number {
  let ms = Math.floor(t0Ms / HOUR) * HOUR;
  if (!slowIsWorkday(dateOf(t0Ms)) || timeOf(t0Ms) >= '17:30:00') ms = toNextWorkday(ms);
  for (let n = 0; n < amount; n++) ms = toNextWorkday(ms);
  const last = dateOf(ms);
  while (dateOf(ms) === last) ms += HOUR;
  return ms - 1000;
}

const instants = (from: string, to: string) => fc.integer({ min: beijing(from), max: beijing(to) });
const inPublished = instants('2023-01-01 00:00', '2026-10-31 00:00');
// Instants around closing time and midnight, where off-by-one faults live.
const atEdges = fc
  .record({
    day: fc.integer({ min: 0, max: 1400 }),
    at: fc.constantFrom(0, 17.5 * HOUR, 24 * HOUR),
    by: fc.integer({ min: -1001, max: 1001 }),
  })
  .map(({ day, at, by }) => beijing('2023-01-01 00:00') + day * DAY + at + by);

describe('working days, against a calculation that walks hour by hour', () => {
  it('agree on every day of 2023 to 2027', () => {
    for (let day = '2023-01-01'; day < '2028-01-01'; day = nextDay(day))
      expect([day, isWorkday(day, holidays)]).toEqual([day, slowIsWorkday(day)]);
  });

  it('agree on when limits end', () => {
    fc.assert(
      fc.property(
        fc.oneof(inPublished, atEdges, instants('2026-11-01 00:00', '2027-12-31 00:00')),
        fc.integer({ min: 1, max: 15 }),
        (t0Ms, amount) => {
          expect(dueAfter(t0Ms, workdays(amount), holidays).dueMs).toBe(slowDue(t0Ms, amount));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are counted as they are added', () => {
    fc.assert(
      fc.property(inPublished, fc.integer({ min: 0, max: 40 }), (ms, count) => {
        const from = beijingDate(ms);
        const { day } = addWorkdays(from, count, holidays);
        expect(workdaysBetween(from, day, holidays)).toBe(count);
        if (count > 0) expect(isWorkday(day, holidays)).toBe(true);
      }),
    );
  });
});

describe('due instants', () => {
  it('never come earlier for a later dispatch, nor for a longer limit', () => {
    fc.assert(
      fc.property(fc.oneof(inPublished, atEdges), fc.nat(10 * DAY), fc.integer({ min: 1, max: 15 }), (t0Ms, later, amount) => {
        const first = dueAfter(t0Ms, workdays(amount), holidays).dueMs;
        expect(dueAfter(t0Ms + later, workdays(amount), holidays).dueMs).toBeGreaterThanOrEqual(first);
        expect(dueAfter(t0Ms, workdays(amount + 1), holidays).dueMs).toBeGreaterThan(first);
      }),
    );
  });

  it('are never provisional while every year they touch is published', () => {
    fc.assert(
      fc.property(inPublished, fc.integer({ min: 1, max: 15 }), (t0Ms, amount) => {
        expect(dueAfter(t0Ms, workdays(amount), holidays).provisional).toBe(false);
      }),
    );
  });

  it('are provisional exactly when an unpublished year is touched', () => {
    fc.assert(
      fc.property(instants('2026-11-01 00:00', '2027-02-28 00:00'), fc.integer({ min: 1, max: 15 }), (t0Ms, amount) => {
        const result = dueAfter(t0Ms, workdays(amount), holidays);
        expect(result.provisional).toBe(result.dueMs >= beijing('2027-01-01 00:00'));
      }),
    );
  });

  it('end at the last second of a working day and leave at least a whole one', () => {
    fc.assert(
      fc.property(fc.oneof(inPublished, atEdges), fc.integer({ min: 1, max: 15 }), (t0Ms, amount) => {
        const { dueMs } = dueAfter(t0Ms, workdays(amount), holidays);
        expect(timeOf(dueMs)).toBe('23:59:59');
        expect(isWorkday(beijingDate(dueMs), holidays)).toBe(true);
        expect(dueMs - t0Ms).toBeGreaterThanOrEqual(DAY - 1000);
      }),
    );
  });

  it('are what they are in whatever time zone the process runs', () => {
    const program = `
      const { dueAfter, yellowAt, beijingDate } = await import('#server/kernel/calendar.ts');
      const { shippedHolidays } = await import('#server/kernel/calendar.testing.ts');
      const holidays = shippedHolidays();
      const out = [];
      for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 10); ms += 7 * 3600000 + 1234567) {
        const due = dueAfter(ms, { mode: 'workday', amount: 5 }, holidays);
        out.push([beijingDate(ms), due.dueMs, yellowAt(ms, due, { mode: 'workday', amount: 5 }, holidays)]);
      }
      console.log(new Date(2026, 0, 1).getTimezoneOffset(), JSON.stringify(out));`;
    const root = join(import.meta.dirname, '../../..');
    const said = ['UTC', 'Asia/Shanghai', 'America/St_Johns', 'Pacific/Kiritimati'].map((TZ) =>
      execFileSync(process.execPath, ['--input-type=module', '-e', program], {
        cwd: root,
        env: { ...process.env, TZ, NODE_OPTIONS: '' },
        encoding: 'utf8',
      }),
    );
    // The offsets differ, or the process did not take the zone and the comparison would prove nothing.
    expect(new Set(said.map((text) => text.split(' ')[0])).size).toBe(4);
    expect(new Set(said.map((text) => text.slice(text.indexOf(' ')))).size).toBe(1);
  });
});

describe('the yellow lamp', () => {
  const yellow = (t0: string, limit: Limit) => {
    const t0Ms = beijing(t0);
    return yellowAt(t0Ms, dueAfter(t0Ms, limit, holidays), limit, holidays);
  };

  it('comes when one working day is left, where that is more than a fifth', () => {
    expect(yellow('2026-03-02 10:00', workdays(5))).toBe(beijing('2026-03-06 23:59:59'));
    expect(yellow('2026-03-02 10:00', workdays(2))).toBe(beijing('2026-03-03 23:59:59'));
  });

  it('does not count days off as the day that is left', () => {
    // Due on Tuesday 2026-02-24; the working day before it is the make-up Saturday before the festival.
    expect(yellow('2026-02-13 17:00', workdays(2))).toBe(beijing('2026-02-14 23:59:59'));
  });

  it('comes when a fifth is left, where that is more than one working day', () => {
    const t0Ms = beijing('2026-03-02 10:00');
    const { dueMs } = dueAfter(t0Ms, workdays(15), holidays);
    expect(yellow('2026-03-02 10:00', workdays(15))).toBe(Math.round(dueMs - (dueMs - t0Ms) / 5));
  });

  it('comes at the last fifth of a limit in hours or minutes, and of a single working day', () => {
    expect(yellow('2026-03-02 10:00', { mode: 'hour', amount: 10 })).toBe(beijing('2026-03-02 18:00'));
    expect(yellow('2026-03-02 10:00', { mode: 'minute', amount: 15 })).toBe(beijing('2026-03-02 10:12'));
    expect(yellow('2026-03-02 00:00', workdays(1))).toBe(beijing('2026-03-03 14:23:59') + 200);
  });

  it('lies between start and end, and leaves the due day whole for limits of several days', () => {
    fc.assert(
      fc.property(fc.oneof(inPublished, atEdges), fc.integer({ min: 1, max: 15 }), (t0Ms, amount) => {
        const end = dueAfter(t0Ms, workdays(amount), holidays);
        const at = yellowAt(t0Ms, end, workdays(amount), holidays);
        expect(at).toBeGreaterThanOrEqual(t0Ms);
        expect(at).toBeLessThan(end.dueMs);
        if (amount > 1) expect(workdaysBetween(beijingDate(at), beijingDate(end.dueMs), holidays)).toBeGreaterThanOrEqual(1);
        if (amount > 1) expect(at).toBeLessThan(startOfDay(beijingDate(end.dueMs)));
      }),
    );
  });
});

describe('when people begin to work next', () => {
  const opening = (text: string) => nextOpening(beijing(text), holidays);

  it('is this morning before nine, and the next working day after', () => {
    expect(opening('2026-06-16 03:00').dueMs).toBe(beijing('2026-06-16 09:00'));
    expect(opening('2026-06-16 09:00').dueMs).toBe(beijing('2026-06-17 09:00'));
    expect(opening('2026-06-16 22:30').dueMs).toBe(beijing('2026-06-17 09:00'));
  });

  it('passes over weekends and holidays, and stops at a make-up day', () => {
    // The Friday before the Dragon Boat Festival, which is off until Sunday; and the Saturday that makes up for the National Day.
    expect(opening('2026-06-18 20:00').dueMs).toBe(beijing('2026-06-22 09:00'));
    expect(opening('2026-10-09 20:00').dueMs).toBe(beijing('2026-10-10 09:00'));
    expect(opening('2026-12-31 20:00').provisional).toBe(true);
  });
});

describe('days', () => {
  it('begin and end in Beijing', () => {
    expect(beijingDate(beijing('2026-02-13 00:00'))).toBe('2026-02-13');
    expect(beijingDate(beijing('2026-02-13 00:00') - 1)).toBe('2026-02-12');
    expect(startOfDay('2026-02-13')).toBe(Date.UTC(2026, 1, 12, 16));
    expect(endOfDay('2026-02-13')).toBe(Date.UTC(2026, 1, 13, 15, 59, 59));
    expect(nextDay('2028-02-28')).toBe('2028-02-29');
    expect(nextDay('2026-12-31')).toBe('2027-01-01');
  });

  it('are days only when the calendar has them', () => {
    expect(['2026-02-28', '2024-02-29', '2026-12-31', '0001-01-01'].map(isDay)).toEqual([true, true, true, true]);
    expect(['2026-02-29', '2026-13-01', '2026-00-10', '2026-04-31', '2026-2-1', '', 'today', '2026-02-28T00:00:00Z'].some(isDay)).toBe(
      false,
    );
  });
});
