import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isInProvince, parseCalendar } from './reference.rules.ts';

const lineOf = (csv: string, year = 2027) => {
  const decision = parseCalendar(csv, year);
  return decision.ok ? null : decision.refusal.params?.['line'];
};

describe('a pasted calendar', () => {
  it('is read with or without its header, a mark at its start, blank lines and either kind of line end', () => {
    const days = [
      { date: '2027-01-01', name: '元旦', type: 'off' },
      { date: '2027-01-03', name: '元旦', type: 'work' },
    ];
    for (const csv of [
      '2027-01-01,元旦,off\n2027-01-03,元旦,work',
      '\uFEFFdate,name,type\r\n2027-01-01,元旦,off\r\n\r\n2027-01-03, 元旦 ,work\r\n\r\n',
      'Date,Name,Type\n2027-01-01,元旦,off\n2027-01-03,元旦,work\n',
    ]) {
      expect(parseCalendar(csv, 2027)).toEqual({ ok: true, value: days });
    }
  });

  it.each([
    ['a day that does not exist', '2027-02-29,春节,off'],
    ['a month that does not exist', '2027-13-01,春节,off'],
    ['a day of another year', '2026-12-31,元旦,off'],
    ['a day in another form', '2027/1/1,元旦,off'],
    ['no name', '2027-01-01,,off'],
    ['a kind that is neither off nor work', '2027-01-01,元旦,holiday'],
    ['too little on the line', '2027-01-01'],
    ['a day named twice', '2027-01-02,元旦,off'],
  ])('with %s is refused with the line it stands on', (_, line) => {
    expect(lineOf(`date,name,type\n2027-01-02,元旦,off\n\n${line}`)).toBe(4);
  });

  it('without a single day is refused', () => {
    for (const csv of ['', '\n\n', 'date,name,type\n']) expect(lineOf(csv)).toBe(1);
  });

  it('of every shipped year is read whole', () => {
    const shipped = readFileSync(join(import.meta.dirname, '../../../db/reference/holidays.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    for (const year of [2023, 2024, 2025, 2026]) {
      const lines = shipped.filter((line) => line.startsWith(String(year)));
      const decision = parseCalendar(lines.join('\n'), year);
      expect(decision.ok && decision.value.map((day) => `${day.date},${day.name},${day.type}`)).toEqual(lines);
    }
  });
});

describe('a region', () => {
  it('lies in the province by its first two digits', () => {
    expect(['320000', '320106', '320106001'].every(isInProvince)).toBe(true);
    expect(['310000', '', '132010'].some(isInProvince)).toBe(false);
  });
});
