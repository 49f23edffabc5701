import { describe, expect, it } from 'vitest';
import { initialsOf, isFound, nearer } from './initials.ts';

describe('the initials of a name', () => {
  it.each([
    ['玄武区', 'xwq'],
    ['鼓楼区', 'glq'],
    ['邳州市', 'pzs'],
    ['如东县', 'rdx'],
    ['句容市', 'jrs'],
    ['睢宁县', 'snx'],
    ['盱眙县', 'xyx'],
    ['沭阳县', 'syx'],
    ['海门区', 'hmq'],
    ['润州区', 'rzq'],
    ['噪声污染', 'zswr'],
    ['12345 热线', '12345 rx'],
  ])('of %s are %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});

describe('an entry of a list', () => {
  it('is found by its name, its initials, its code, or several of them', () => {
    for (const typed of ['玄武', 'xwq', 'njs', 'XW', '320102', '3201 xw', '南京 xw'])
      expect(isFound(typed, '南京市 玄武区', '320102')).toBe(true);
    for (const typed of ['鼓楼', 'glq', '0102', 'xw 苏州']) expect(isFound(typed, '南京市 玄武区', '320102')).toBe(false);
  });

  it('stands first when its own name begins with what was typed', () => {
    const labels = ['0103 城乡建设 / 路灯照明', '0104 城乡建设 / 排水积水', '010404 城乡建设 / 排水积水 / 小区排水'];
    expect(labels.toSorted((a, b) => nearer('ps', a, b))[0]).toBe('0104 城乡建设 / 排水积水');
    expect(labels.toSorted((a, b) => nearer('xq', a, b))[0]).toBe('010404 城乡建设 / 排水积水 / 小区排水');
  });
});
