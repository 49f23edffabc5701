import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beijingDate } from './calendar.ts';
import { idTime, newId } from './ids.ts';
import { checkDigit, isCreditCode, isIdentityNumber, isNumber, makeNumber, numberSpan } from './number.ts';

const region = fc.integer({ min: 320000, max: 321399 }).map(String);
const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });
const serial = fc.nat(20_000_000);
const number = fc.tuple(region, instant, serial).map(([where, atMs, count]) => makeNumber(where, atMs, count));

/** The text with one character replaced. */
const replaced = (text: string, at: number, by: string) => text.slice(0, at) + by + text.slice(at + 1);
const swapped = (text: string, at: number) => text.slice(0, at) + text[at + 1]! + text[at]! + text.slice(at + 2);

/** Every text that differs from this one in a single character of the alphabet. */
function* mistyped(text: string, alphabet: string): Generator<string> {
  for (let at = 0; at < text.length; at++) for (const char of alphabet) if (char !== text[at]) yield replaced(text, at, char);
}

describe('the number of an appeal', () => {
  it('names region, day in Beijing and serial', () => {
    // 00:30 in Beijing is still the day before in UTC.
    const text = makeNumber('320106001', Date.parse('2026-11-23T00:30:00+08:00'), 123);
    expect(text.slice(0, 21)).toBe('320106202611230000123');
    expect(text).toHaveLength(22);
    expect(isNumber(text)).toBe(true);
  });

  it('is known again, whatever the region, day and serial', () => {
    fc.assert(
      fc.property(number, (text) => {
        expect(isNumber(text)).toBe(true);
      }),
    );
  });

  it('has the check digit of the published example of MOD 11,10', () => {
    // ISO/IEC 7064: the string 0794 takes the check digit 5.
    expect(checkDigit('0794')).toBe('5');
  });

  it('is refused when any single digit is wrong', () => {
    fc.assert(
      fc.property(number, (text) => {
        for (const wrong of mistyped(text, '0123456789')) expect(isNumber(wrong)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('is refused for nearly every swap of neighbours', () => {
    let swaps = 0;
    let byCheckDigit = 0;
    let found = 0;
    for (const text of fc.sample(number, { numRuns: 2000, seed: 12345 })) {
      for (let at = 0; at < text.length - 1; at++) {
        if (text[at] === text[at + 1]) continue;
        const wrong = swapped(text, at);
        swaps++;
        if (checkDigit(wrong.slice(0, -1)) !== wrong.at(-1)) byCheckDigit++;
        if (!isNumber(wrong)) found++;
      }
    }
    const percent = (count: number) => `${((100 * count) / swaps).toFixed(2)} %`;
    console.log(`neighbour swaps found: ${percent(byCheckDigit)} by the check digit, ${percent(found)} with region and day, of ${swaps}`);
    expect(byCheckDigit / swaps).toBeGreaterThanOrEqual(0.97);
    expect(found).toBeGreaterThanOrEqual(byCheckDigit);
  });

  it('is refused with letters, spaces, another province, or a digit too few or too many', () => {
    const text = makeNumber('320100', Date.UTC(2026, 0, 1), 1);
    const elsewhere = makeNumber('110100', Date.UTC(2026, 0, 1), 1);
    for (const wrong of ['', ` ${text}`, `${text}\n`, text.slice(1), `${text}0`, text.replace('0', 'O'), elsewhere, '３２'.padEnd(22, '0')])
      expect(isNumber(wrong)).toBe(false);
  });

  it('is refused when its day does not exist, since nothing was filed on it', () => {
    for (const day of ['20261301', '20260230', '20260931', '20260000', '20250229']) {
      const body = `320100${day}0000001`;
      expect([day, isNumber(body + checkDigit(body))]).toEqual([day, false]);
    }
    const leap = '320100202402290000001';
    expect(isNumber(leap + checkDigit(leap))).toBe(true);
  });

  it('leads back to a span that holds the instant of its id, and not much more', () => {
    fc.assert(
      fc.property(region, instant, serial, (where, atMs, count) => {
        const { fromMs, toMs } = numberSpan(makeNumber(where, atMs, count));
        const idMs = idTime(newId(atMs));
        expect(fromMs).toBeLessThanOrEqual(idMs);
        expect(toMs).toBeGreaterThan(idMs);
        expect(beijingDate(fromMs + 3_600_000)).toBe(beijingDate(atMs));
        expect(toMs - fromMs).toBe(26 * 3_600_000);
      }),
    );
  });
});

// Generated here by the standards' own words, not by the code under test: ISO 7064 MOD 11-2 by its congruence.
const identityCheck = (body: string) => {
  for (const char of '0123456789X') {
    const total = [...(body + char)].reduce((sum, digit, at) => sum + (digit === 'X' ? 10 : Number(digit)) * (2 ** (17 - at) % 11), 0);
    if (total % 11 === 1) return char;
  }
  throw new Error('MOD 11-2 always has a check character');
};
const identityNumber = fc
  .tuple(region, fc.integer({ min: Date.UTC(1920, 0, 1), max: Date.UTC(2025, 0, 1) }), fc.integer({ min: 0, max: 999 }))
  .map(([where, bornMs, order]) => `${where}${beijingDate(bornMs).replaceAll('-', '')}${String(order).padStart(3, '0')}`)
  .map((body) => body + identityCheck(body));

describe('an identity number', () => {
  it('is known when it is right', () => {
    // The specimen of GB 11643, and one whose check character is X.
    for (const right of ['11010519491231002X', '440524188001010014']) expect(isIdentityNumber(right)).toBe(true);
    fc.assert(
      fc.property(identityNumber, (text) => {
        expect(isIdentityNumber(text)).toBe(true);
      }),
    );
  });

  it('is refused when any single character is wrong', () => {
    fc.assert(
      fc.property(identityNumber, (text) => {
        for (const wrong of mistyped(text, '0123456789X')) expect(isIdentityNumber(wrong)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('is refused when nobody can be born on its day', () => {
    for (const born of ['20230229', '19901301', '19900431', '19900100', '00000000']) {
      const body = `320106${born}001`;
      expect([born, isIdentityNumber(body + identityCheck(body))]).toEqual([born, false]);
    }
  });

  it('is refused in the old form of fifteen digits, in small letters and with anything around it', () => {
    for (const wrong of ['', '110105491231002', '11010519491231002x', ' 11010519491231002X', '11010519491231002X\n'])
      expect(isIdentityNumber(wrong)).toBe(false);
  });
});

const CREDIT = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const creditCode = fc.array(fc.nat(30), { minLength: 17, maxLength: 17 }).map((places) => {
  // GB 32100: weights are the powers of 3 modulo 31, here by stepping instead of by exponent.
  let weight = 1;
  let sum = 0;
  for (const place of places) {
    sum += place * weight;
    weight = (weight * 3) % 31;
  }
  return places.map((place) => CREDIT[place]!).join('') + CREDIT[(31 - (sum % 31)) % 31]!;
});

describe('a unified social credit code', () => {
  it('is known when it is right', () => {
    // Published codes of large companies.
    for (const right of ['91440300708461136T', '914403001922038216', '91110000802100433B'])
      expect([right, isCreditCode(right)]).toEqual([right, true]);
    fc.assert(
      fc.property(creditCode, (text) => {
        expect(isCreditCode(text)).toBe(true);
      }),
    );
  });

  it('is refused when any single character is wrong', () => {
    fc.assert(
      fc.property(creditCode, (text) => {
        for (const wrong of mistyped(text, `${CREDIT}IOSVZ`)) expect(isCreditCode(wrong)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});
