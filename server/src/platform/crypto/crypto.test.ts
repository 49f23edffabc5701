import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '#server/kernel/text.testing.ts';
import { createCrypto, newSecret, sm3, type Suite } from './crypto.ts';

const key = (fill: number) => Buffer.alloc(32, fill);
const ring = (current: number, ...versions: number[]) => ({ current, keys: new Map(versions.map((version) => [version, key(version)])) });
// Every code point but lone surrogates, which are no text: rare Han, emoji, combining marks, NUL.
const text = anyText({ maxLength: 200 });
const field = fc.constantFrom('contact.name', 'contact.phone', 'contact.id-number', 'contact.address');
const suites: Suite[] = ['sm', 'intl'];

describe.each(suites)('the suite %s', (suite) => {
  const crypto = createCrypto(suite, ring(1, 1));

  it('gives back any text it sealed', () => {
    fc.assert(
      fc.property(field, text, (name, plain) => {
        expect(crypto.open(name, crypto.seal(name, plain))).toBe(plain);
      }),
    );
    for (const plain of ['', '𠮷田', '👨‍👩‍👧', '\u0000', '张三'.repeat(10_000)])
      expect(crypto.open('contact.name', crypto.seal('contact.name', plain))).toBe(plain);
  });

  it('never writes the text, nor the same envelope for the same text twice', () => {
    const plain = '13812345678';
    const envelopes = Array.from({ length: 100 }, () => crypto.seal('contact.phone', plain));
    expect(new Set(envelopes.map((envelope) => envelope.toString('hex'))).size).toBe(100);
    for (const envelope of envelopes) expect(envelope.includes(plain)).toBe(false);
  });

  it('refuses an envelope with any single byte changed', () => {
    fc.assert(
      fc.property(field, text, fc.nat(), fc.integer({ min: 1, max: 255 }), (name, plain, place, flip) => {
        const envelope = crypto.seal(name, plain);
        envelope[place % envelope.length]! ^= flip;
        expect(() => crypto.open(name, envelope)).toThrow();
      }),
    );
  });

  it('refuses an envelope with every one of its bytes changed in turn', () => {
    const envelope = crypto.seal('contact.phone', '13812345678');
    for (let place = 0; place < envelope.length; place++) {
      for (const flip of [0x01, 0x02, 0x03, 0x80, 0xff]) {
        const changed = Buffer.from(envelope);
        changed[place]! ^= flip;
        expect(() => crypto.open('contact.phone', changed), `byte ${place} ^ ${flip}`).toThrow();
      }
    }
  });

  it('refuses an envelope that was cut off or added to', () => {
    const envelope = crypto.seal('contact.phone', '13812345678');
    for (let length = 0; length < envelope.length; length++)
      expect(() => crypto.open('contact.phone', envelope.subarray(0, length)), `${length} bytes`).toThrow();
    expect(() => crypto.open('contact.phone', Buffer.concat([envelope, Buffer.alloc(1)]))).toThrow();
    expect(() => crypto.open('contact.phone', Buffer.concat([envelope, envelope]))).toThrow();
  });

  it('binds an envelope to its field: a cipher moved to another column does not open', () => {
    const envelope = crypto.seal('contact.phone', '13812345678');
    expect(() => crypto.open('contact.name', envelope)).toThrow();
    expect(crypto.blindIndex('contact.phone', 'x')).not.toEqual(crypto.blindIndex('contact.name', 'x'));
    expect(crypto.blindIndex('contact.phone', 'x')).not.toEqual(crypto.mac('contact.phone', 'x'));
  });

  it('opens old envelopes after the key was renewed, and seals new ones under the new key', () => {
    const old = crypto.seal('contact.phone', '13812345678');
    const renewed = createCrypto(suite, ring(2, 1, 2));
    expect(renewed.open('contact.phone', old)).toBe('13812345678');
    const fresh = renewed.seal('contact.phone', '13812345678');
    expect([old.readUInt16BE(2), fresh.readUInt16BE(2)]).toEqual([1, 2]);
    expect(renewed.open('contact.phone', fresh)).toBe('13812345678');
    expect(() => crypto.open('contact.phone', fresh)).toThrow('Key version 2 is not in the keyring');
  });

  it('finds by blind index after the key was renewed what was indexed before', () => {
    const renewed = createCrypto(suite, ring(3, 2, 3, 1));
    expect(renewed.blindIndex('contact.phone', '13812345678')).toEqual(crypto.blindIndex('contact.phone', '13812345678'));
    expect(renewed.mac('query-code', 'x')).toEqual(crypto.mac('query-code', 'x'));
  });

  it('indexes equal texts equally and others differently', () => {
    fc.assert(
      fc.property(field, text, text, (name, one, other) => {
        expect(crypto.blindIndex(name, one).equals(crypto.blindIndex(name, other))).toBe(one === other);
      }),
    );
  });

  it('does not open what another key sealed, though its version is the same', () => {
    const stranger = createCrypto(suite, { current: 1, keys: new Map([[1, key(99)]]) });
    expect(() => crypto.open('contact.phone', stranger.seal('contact.phone', '13812345678'))).toThrow();
    expect(crypto.blindIndex('contact.phone', 'x')).not.toEqual(stranger.blindIndex('contact.phone', 'x'));
  });
});

describe('an envelope', () => {
  it('is opened by the suite it names, whichever one is in use now', () => {
    const [sm, intl] = suites.map((suite) => createCrypto(suite, ring(1, 1)));
    for (const [one, other] of [
      [sm!, intl!],
      [intl!, sm!],
    ] as const)
      expect(other.open('contact.name', one.seal('contact.name', '欧阳修'))).toBe('欧阳修');
  });

  it('that was written by an earlier release still opens', () => {
    // Sealed with the key of 32 bytes 0x01 under the field contact.name.
    const written = {
      sm: '01010001657d49da412698845ea753dc07edb4813c7943800fd843831ac7bf44708660df7c702ba85cc51b8eb587b56af76923872ba8304d931c',
      intl: '010200010d7f8c9f66227b9c8833ef53f069862d2797b190c8ee999277959b8137ac726972db',
    };
    const crypto = createCrypto('sm', ring(1, 1));
    for (const envelope of Object.values(written)) expect(crypto.open('contact.name', Buffer.from(envelope, 'hex'))).toBe('张三');
  });

  it('of another format, or none at all, is refused with a reason', () => {
    const crypto = createCrypto('sm', ring(1, 1));
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(100), Buffer.from('plain text that was never sealed')]) {
      expect(() => crypto.open('contact.name', bytes)).toThrow('Not an envelope of this platform');
    }
  });
});

describe('SM3', () => {
  it('gives the digests of the standard (GB/T 32905, annex A)', () => {
    expect(sm3('abc').toString('hex')).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0');
    expect(sm3('abcd'.repeat(16)).toString('hex')).toBe('debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732');
  });

  it('takes its parts one after the other', () => {
    expect(sm3('a', Buffer.from('b'), 'c')).toEqual(sm3('abc'));
  });
});

describe('a secret', () => {
  it('is never the same and survives being typed', () => {
    const secrets = Array.from({ length: 1000 }, () => newSecret());
    expect(new Set(secrets).size).toBe(1000);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{32}$/);
  });
});
