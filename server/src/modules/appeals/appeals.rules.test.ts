import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '#server/kernel/text.testing.ts';
import { compact, judgeFiling, normalPhone, queryCodeFrom, titleFrom, type FilingFacts } from './appeals.rules.ts';

const NOW = Date.parse('2026-11-23T02:00:00Z');
const aFiling = (facts: Partial<FilingFacts> = {}): FilingFacts => ({
  content: '小区门口的路灯坏了三天，晚上很暗。',
  contact: { name: '张三', phone: '138 1234 5678' },
  ...facts,
});
const faultsOf = (facts: Partial<FilingFacts> & { contact?: FilingFacts['contact'] | undefined }) => {
  const decision = judgeFiling({ ...aFiling(), ...facts } as FilingFacts, NOW);
  return decision.ok ? [] : (decision.refusal.fields ?? []).map((fault) => `${fault.path} ${fault.code}`);
};
const anonymous = (): FilingFacts => ({ content: '小区门口的路灯坏了三天，晚上很暗。', anonymous: true });

describe('filing an appeal', () => {
  it('is accepted with content and a telephone number, which is kept in its plain form', () => {
    expect(judgeFiling(aFiling(), NOW)).toEqual({
      ok: true,
      value: {
        title: '小区门口的路灯坏了三天，晚上很暗',
        eventAt: null,
        anonymous: false,
        contact: { name: '张三', phone: '13812345678' },
      },
    });
  });

  it('keeps a title of the citizen, and makes one where there is none or only blanks', () => {
    const titleOf = (title: string) => {
      const decision = judgeFiling(aFiling({ title }), NOW);
      return decision.ok ? decision.value.title : null;
    };
    expect(titleOf('  路灯坏了 ')).toBe('路灯坏了');
    expect(titleOf('   ')).toBe('小区门口的路灯坏了三天，晚上很暗');
  });

  it('needs a contact unless the citizen stays anonymous, and then has none', () => {
    const { contact: _, ...withoutContact } = aFiling();
    expect(judgeFiling(withoutContact, NOW)).toMatchObject({
      refusal: { fields: [{ path: 'contact.phone', code: 'appeals.contact-required' }] },
    });
    expect(judgeFiling(anonymous(), NOW)).toMatchObject({ ok: true, value: { anonymous: true, contact: null } });
    expect(faultsOf({ anonymous: true })).toEqual(['contact appeals.anonymous-contact']);
  });

  it('is refused with every fault at once', () => {
    expect(
      faultsOf({
        content: '  路灯坏了。 ',
        eventAt: '2026-11-24T00:00:00Z',
        contact: { name: ' ', phone: '12345', idNumber: '110105194912310021', creditCode: '91440300708461136X' },
      }),
    ).toEqual([
      'contact.phone appeals.bad-phone',
      'contact.name field.blank',
      'contact.idNumber appeals.bad-identity-number',
      'contact.creditCode appeals.bad-credit-code',
      'content field.too-short',
      'eventAt appeals.event-in-future',
    ]);
  });

  it('counts characters of the content, not UTF-16 units or the blanks around it', () => {
    expect(faultsOf({ content: '𠮷'.repeat(9) })).toEqual(['content field.too-short']);
    expect(faultsOf({ content: `   ${'𠮷'.repeat(10)}   ` })).toEqual([]);
  });

  it('takes identity numbers and credit codes in small letters and keeps them in capitals', () => {
    const decision = judgeFiling(
      aFiling({ contact: { name: '张三', phone: '13812345678', idNumber: '11010519491231002x', creditCode: '91440300708461136t' } }),
      NOW,
    );
    expect(decision).toMatchObject({ ok: true, value: { contact: { idNumber: '11010519491231002X', creditCode: '91440300708461136T' } } });
  });

  it('takes what happened up to now, with a minute of grace for clocks that go wrong', () => {
    expect(faultsOf({ eventAt: '2026-11-23T02:01:00Z' })).toEqual([]);
    expect(faultsOf({ eventAt: '2026-11-23T02:01:01Z' })).toEqual(['eventAt appeals.event-in-future']);
    expect(judgeFiling(aFiling({ eventAt: '2026-11-23T09:00:00+08:00' }), NOW)).toMatchObject({
      value: { eventAt: new Date('2026-11-23T01:00:00Z') },
    });
  });
});

describe('a telephone number', () => {
  it.each([
    ['13812345678', '13812345678'],
    [' 138-1234-5678 ', '13812345678'],
    ['+86 138 1234 5678', '13812345678'],
    ['008613812345678', '13812345678'],
    ['025-83111234', '02583111234'],
    ['(025) 8311 1234', '02583111234'],
    ['（0512）68001234', '051268001234'],
    ['010-6200123', '0106200123'],
    ['83111234', '83111234'],
    ['400-812-3456', '4008123456'],
    ['800 810 1234', '8008101234'],
  ])('%s is %s', (text, expected) => {
    expect(normalPhone(text)).toBe(expected);
  });

  it.each([
    '',
    '12345',
    '110',
    '12812345678',
    '1381234567',
    '138123456789',
    '0011234567',
    '02583',
    '138１2345678',
    'call me',
    '13812345678x',
    '+852 2345 6789',
    '---',
  ])('"%s" is none', (text) => {
    expect(normalPhone(text)).toBeNull();
  });

  it('stays the same when it is made plain again', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789+- ()（）') }), (text) => {
        const plain = normalPhone(text);
        if (plain !== null) expect(normalPhone(plain)).toBe(plain);
        if (plain !== null) expect(plain).toMatch(/^\d{7,12}$/);
      }),
    );
  });
});

describe('the title made from the content', () => {
  it.each([
    ['路灯坏了。请来修一修！', '路灯坏了'],
    ['  路灯坏了！\n第二行', '路灯坏了'],
    ['第一行没有句号\n第二行', '第一行没有句号'],
    ['在？路灯坏了', '在？路灯坏了'],
    ['一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十', '一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十'],
    ['一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十多', '一二三四五六七八九十一二三四五六七八九十一二三四五六七八九…'],
    ['', ''],
  ])('of "%s" is "%s"', (content, title) => {
    expect(titleFrom(content)).toBe(title);
  });

  it('has at most thirty characters and cuts no character in half', () => {
    fc.assert(
      fc.property(
        anyText({ maxLength: 80 }),
        fc.string({ unit: fc.constantFrom('𠮷', '😀', '路', 'é', '!'), maxLength: 80 }),
        (wild, rare) => {
          for (const content of [wild, rare]) {
            const title = titleFrom(content);
            expect([...title].length).toBeLessThanOrEqual(30);
            expect(title.isWellFormed()).toBe(true);
            expect(content).toContain(title.replace(/…$/u, ''));
          }
        },
      ),
    );
  });

  it('cuts no emoji in half that is made of several characters', () => {
    const family = '👨‍👩‍👧';
    for (let before = 20; before <= 30; before++) {
      const kept = titleFrom('路'.repeat(before) + family.repeat(3) + '🇨🇳'.repeat(3)).replace(/…$/u, '');
      const parts = [...new Intl.Segmenter('zh', { granularity: 'grapheme' }).segment(kept)].map((part) => part.segment);
      for (const part of parts) expect(['路', family, '🇨🇳']).toContain(part);
    }
  });
});

describe('a query code', () => {
  const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

  it('has eight characters that are not mistaken for one another', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (mac) => {
        expect(queryCodeFrom(mac)).toMatch(/^[2-9A-HJKMNP-Z]{8}$/);
      }),
    );
    for (const char of '01ILO') expect(ALPHABET).not.toContain(char);
  });

  it('is always the same for the same hash, and survives being read aloud', () => {
    const mac = createHash('sha256').update('appeal').digest();
    expect(queryCodeFrom(mac)).toBe(queryCodeFrom(Buffer.from(mac)));
    const code = queryCodeFrom(mac);
    expect(compact(`${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `)).toBe(code);
  });

  it('takes its characters evenly and from all of the hash that it needs', () => {
    const runs = 20_000;
    const counts = new Map<string, number>();
    const codes = new Set<string>();
    for (let n = 0; n < runs; n++) {
      const code = queryCodeFrom(createHash('sha256').update(`appeal/${n}`).digest());
      codes.add(code);
      for (const char of code) counts.set(char, (counts.get(char) ?? 0) + 1);
    }
    expect(codes.size).toBe(runs);
    expect([...counts.keys()].toSorted().join('')).toBe(ALPHABET);
    // Chi-square with 30 degrees of freedom: 59.7 is passed by chance once in a thousand, and the hashes are always the same.
    const expected = (runs * 8) / 31;
    expect([...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(59.7);
  });

  it('comes out of any hash, even one whose bytes all have to be passed over', () => {
    expect(queryCodeFrom(new Uint8Array(32).fill(255))).toHaveLength(8);
    expect(queryCodeFrom(randomBytes(1))).toHaveLength(8);
  });
});
