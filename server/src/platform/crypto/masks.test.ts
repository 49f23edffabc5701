import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '#server/kernel/text.testing.ts';
import { maskAddress, maskIdentityNumber, maskName, maskPhone } from './masks.ts';

const digits = (length: number | { min: number; max: number }) => {
  const { min, max } = typeof length === 'number' ? { min: length, max: length } : length;
  return fc.array(fc.constantFrom(...'0123456789'), { minLength: min, maxLength: max }).map((all) => all.join(''));
};
const mobile = fc.tuple(fc.constantFrom('3', '5', '7', '8', '9'), digits(9)).map(([second, rest]) => `1${second}${rest}`);
const shown = (mask: string) => [...mask].filter((char) => char !== '*' && char !== '-').length;

describe('a masked telephone number', () => {
  it.each([
    ['13812345678', '138****5678'],
    ['02583111234', '025-****1234'],
    ['051268001234', '0512-****1234'],
    ['01062001234', '010-****1234'],
    ['025-8311 1234', '025-****1234'],
    ['83111234', '****1234'],
    ['4008123456', '****3456'],
  ])('%s reads %s', (phone, mask) => {
    expect(maskPhone(phone)).toBe(mask);
  });

  it('does not depend on the middle four digits of a mobile number', () => {
    fc.assert(
      fc.property(mobile, digits(4), (phone, middle) => {
        const other = phone.slice(0, 3) + middle + phone.slice(7);
        expect(maskPhone(other)).toBe(maskPhone(phone));
        expect(maskPhone(phone)).toBe(`${phone.slice(0, 3)}****${phone.slice(7)}`);
      }),
    );
  });

  it('shows at most an area code and four digits, and covers at least two', () => {
    fc.assert(
      fc.property(digits({ min: 0, max: 20 }), (phone) => {
        const mask = maskPhone(phone);
        expect(mask.length).toBeLessThanOrEqual(13);
        expect(mask).toContain('****');
        // An area code says no more than the region does; of the subscriber's own digits two at least are covered.
        if (!/^1\d{10}$/.test(phone)) {
          const area = /^0(10|2\d|[3-9]\d{2})/.exec(phone)?.[0].length ?? 0;
          expect(shown(mask) - area).toBeLessThanOrEqual(Math.max(0, Math.min(4, phone.length - area - 2)));
        }
      }),
    );
  });

  it.each(['', '1', '12', '025', '0258', '02583', '0512', 'abc'])('of the short input "%s" gives none of its own digits away', (phone) => {
    const area = /^0(10|2\d|[3-9]\d{2})/.exec(phone)?.[0] ?? '';
    expect(maskPhone(phone)).toBe(`${area}${area ? '-' : ''}****`);
  });
});

describe('a masked name', () => {
  it.each([
    ['张三', '张*'],
    ['张三丰', '张**'],
    ['欧阳修', '欧**'],
    ['欧阳修文', '欧***'],
    ['𠮷田', '𠮷*'],
    ['Alexander Hamilton', 'A***'],
    [' 张三 ', '张*'],
    ['张', '张*'],
    ['', '*'],
  ])('"%s" reads "%s"', (name, mask) => {
    expect(maskName(name)).toBe(mask);
  });

  it('shows one character and never tells how long a long name is', () => {
    fc.assert(
      fc.property(anyText(), (name) => {
        const [first, ...stars] = [...maskName(name)];
        expect([...name.trim()][0] ?? '*').toBe(first);
        expect(stars.length).toBeLessThanOrEqual(3);
        expect(stars.every((char) => char === '*')).toBe(true);
      }),
    );
  });
});

describe('a masked identity number', () => {
  it('keeps the first three and the last four characters', () => {
    expect(maskIdentityNumber('32010619900101123X')).toBe('320***********123X');
    expect(maskIdentityNumber('320106900101123')).toBe('320***********1123');
  });

  it('covers at least the birth date whatever comes in', () => {
    fc.assert(
      fc.property(digits({ min: 0, max: 25 }), (text) => {
        const mask = maskIdentityNumber(text);
        expect(mask).toContain('***********');
        expect(shown(mask)).toBeLessThanOrEqual(Math.min(7, Math.max(0, text.length - 8)));
      }),
    );
  });
});

describe('a masked address', () => {
  it.each([
    ['江苏省南京市鼓楼区宁海路街道北京西路1号', '江苏省南京市鼓楼区宁海路街道***'],
    ['南京市鼓楼区中山北路30号', '南京市鼓楼区***'],
    ['鼓楼区万科小区3幢2单元', '鼓楼区***'],
    ['连云港市东海县牛山镇和平东路88号', '连云港市东海县牛山镇***'],
    ['昆山市花桥镇绿地大道', '昆山市花桥镇***'],
    ['苏州工业园区星湖街328号', '苏州工业园区***'],
    ['中山北路30号', '中***'],
    ['万科小区3幢', '万***'],
    ['王家村', '王***'],
    ['村', '***'],
    ['', '***'],
  ])('"%s" keeps no more than "%s"', (address, mask) => {
    expect(maskAddress(address)).toBe(mask);
  });

  it('never shows a house number', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('南京市鼓楼区', '鼓楼区宁海路街道', '东海县牛山镇', '昆山市', ''),
        fc.constantFrom('中山路', '幸福小区', '和平社区', '工业园'),
        fc.integer({ min: 10, max: 9999 }),
        (place, street, no) => {
          expect(maskAddress(`${place}${street}${no}号`)).not.toContain(String(no));
        },
      ),
    );
  });
});
