import { describe, expect, it, test } from 'vitest';
import { randomFrom } from '../../../../test/random.ts';
import { adviceOf, forecastOf, trendOf, useOf, type Point } from './trend.rules.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-06-15T00:00:00Z');
/** Hourly readings up to now. */
const series = (days: number, valueAt: (day: number, hour: number) => number): Point[] =>
  Array.from({ length: days * 24 }, (_, hour) => ({ atMs: NOW - days * DAY + (hour + 1) * HOUR, value: valueAt((hour + 1) / 24, hour) }));
const daysLeft = (forecast: ReturnType<typeof forecastOf>) => (forecast.state === 'foreseen' ? (forecast.outMs - NOW) / DAY : null);

describe('a trend', () => {
  it('of a straight line is the line', () => {
    const trend = trendOf(series(10, (day) => 0.2 + 0.03 * day))!;
    expect(trend.perDay).toBeCloseTo(0.03, 9);
    expect([trend.leastPerDay, trend.mostPerDay].map((slope) => slope.toFixed(9))).toEqual(['0.030000000', '0.030000000']);
    expect(trend.valueAt(NOW)).toBeCloseTo(0.5, 9);
  });

  it('is not moved by a quarter of wild readings', () => {
    const random = randomFrom(7);
    const trend = trendOf(
      series(10, (day) => (random.below(10_000) / 10_000 < 0.25 ? 5 * (random.below(10_000) / 10_000) : 0.2 + 0.03 * day)),
    )!;
    expect(trend.perDay).toBeGreaterThan(0.02);
    expect(trend.perDay).toBeLessThan(0.045);
  });

  it('holds the true slope in its interval, most of the time', () => {
    let held = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = randomFrom(seed);
      const trend = trendOf(series(7, (day) => 0.1 + 0.02 * day + 0.05 * (random.below(10_000) / 10_000 - 0.5)))!;
      if (trend.leastPerDay <= 0.02 && trend.mostPerDay >= 0.02) held++;
    }
    // 90 % are promised; of 40 series less than 30 would come once in ten thousand times.
    expect(held).toBeGreaterThanOrEqual(30);
  });
});

describe('a forecast', () => {
  it('names the day on which a line reaches its limit', () => {
    expect(
      daysLeft(
        forecastOf(
          series(10, (day) => 0.2 + 0.03 * day),
          1,
          NOW,
        ),
      ),
    ).toBeCloseTo(0.5 / 0.03, 6);
  });

  it('of a daily swing names the day all the same, within its range', () => {
    const forecast = forecastOf(
      series(14, (day) => 0.2 + 0.03 * day + 0.05 * Math.sin(2 * Math.PI * day)),
      1,
      NOW,
    );
    const left = daysLeft(forecast)!;
    expect(Math.abs(left - 0.38 / 0.03)).toBeLessThan(1.5);
    if (forecast.state !== 'foreseen') throw new Error('not foreseen');
    expect(forecast.earliestMs).toBeLessThanOrEqual(forecast.outMs);
    expect(forecast.latestMs!).toBeGreaterThanOrEqual(forecast.outMs);
  });

  test.each([
    ['few', series(2, (day) => 0.1 * day)],
    ['few', series(10, (day) => 0.05 * day).slice(-20)],
    ['few', []],
    ['flat', series(10, () => 0.5)],
    ['flat', series(10, (day) => 0.9 - 0.01 * day)],
    ['flat', series(10, (_, hour) => 0.5 + (hour % 2 === 0 ? 0.1 : -0.1))],
    ['far', series(10, (day) => 0.1 + 0.001 * day)],
    ['out', series(10, (day) => 0.1 * day)],
  ] as const)('is %s where no day can be named', (state, points) => {
    expect(forecastOf(points, 1, NOW).state).toBe(state);
  });

  it('begins at what was used suddenly', () => {
    // A step up in the last hour: the line does not show it, the disk does.
    const points = [...series(10, (day) => 0.2 + 0.03 * day), { atMs: NOW, value: 0.9 }];
    expect(daysLeft(forecastOf(points, 1, NOW))).toBeCloseTo(0.1 / 0.03, 1);
  });
});

describe('advice', () => {
  const advice = (points: readonly Point[]) => adviceOf(forecastOf(points, 1, NOW), useOf(points, 1), NOW);
  it('names what is short within a month, and what is idle for a week', () => {
    expect(advice(series(10, (day) => 0.2 + 0.03 * day))).toBe('short');
    expect(advice(series(10, () => 0.9))).toBe('short');
    expect(advice(series(10, () => 0.12))).toBe('idle');
    expect(advice(series(10, (_, hour) => (hour === 100 ? 0.4 : 0.12)))).toBeNull();
    expect(advice(series(5, () => 0.12))).toBeNull();
    expect(advice(series(10, () => 0.6))).toBeNull();
  });
});
