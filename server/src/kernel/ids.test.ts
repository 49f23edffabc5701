import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idFor, idTime, lowestIdAt, newId } from './ids.ts';

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const instant = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) });
const digest = fc.uint8Array({ minLength: 10, maxLength: 32 });

describe('a new id', () => {
  it('is a UUID of version 7 that tells its instant', () => {
    fc.assert(
      fc.property(instant, (atMs) => {
        const id = newId(atMs);
        expect(id).toMatch(V7);
        expect(idTime(id)).toBe(atMs);
      }),
    );
  });

  it('is of now when no instant is given', () => {
    const before = Date.now();
    const at = idTime(newId());
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(Date.now());
  });

  it('rises within one millisecond', () => {
    fc.assert(
      fc.property(instant, (atMs) => {
        let last = newId(atMs);
        for (let n = 0; n < 10_000; n++) {
          const next = newId(atMs);
          if (next <= last) throw new Error(`${next} follows ${last}`);
          last = next;
        }
      }),
      { numRuns: 10 },
    );
  });

  it('rises from one millisecond to the next', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 1e9 }), (atMs, later) => {
        expect(newId(atMs + later) > newId(atMs)).toBe(true);
      }),
    );
  });

  it('is never given twice', () => {
    const ids = Array.from({ length: 100_000 }, () => newId(1_764_000_000_000));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the id of an imported row', () => {
  it('is the same for the same source and instant, and another for another', () => {
    fc.assert(
      fc.property(instant, digest, digest, (atMs, one, other) => {
        const id = idFor(atMs, one);
        expect(id).toMatch(V7);
        expect(idTime(id)).toBe(atMs);
        expect(idFor(atMs, Buffer.from(one))).toBe(id);
        expect(idFor(atMs + 1, one)).not.toBe(id);
        const bits = (bytes: Uint8Array) => [((bytes[0]! << 8) | bytes[1]!) & 0xfff, bytes[2]! & 0x3f, ...bytes.slice(3, 10)].join();
        expect(idFor(atMs, other) === id).toBe(bits(one) === bits(other));
      }),
    );
  });

  it('stays what it was when it was first written', () => {
    // Changing how it is made would file every imported row a second time.
    expect(idFor(1_764_000_000_000, createHash('sha256').update('import/standard-sheet/A-1').digest())).toBe(
      '019ab697-e800-79c6-bd2f-5cf1709a97dc',
    );
  });
});

describe('the lowest id of an instant', () => {
  it('lies at or below every id of that instant and above every id before it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Date.UTC(9999, 11, 31) }), digest, (atMs, bytes) => {
        const bound = lowestIdAt(atMs);
        expect(bound <= newId(atMs)).toBe(true);
        expect(bound <= idFor(atMs, bytes)).toBe(true);
        expect(bound > newId(atMs - 1)).toBe(true);
        expect(bound > idFor(atMs - 1, new Uint8Array(10).fill(255))).toBe(true);
      }),
    );
  });

  it('is what the database function platform.uuid_at makes of the same instant', () => {
    // lpad(to_hex(milliseconds), 12, '0') || repeat('0', 20)
    fc.assert(
      fc.property(instant, (atMs) => {
        expect(lowestIdAt(atMs).replaceAll('-', '')).toBe(atMs.toString(16).padStart(12, '0') + '0'.repeat(20));
      }),
    );
  });

  it('is the lowest of all for an instant before 1970', () => {
    expect(lowestIdAt(-1)).toBe('00000000-0000-0000-0000-000000000000');
  });
});
