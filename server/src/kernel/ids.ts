import { randomFillSync } from 'node:crypto';

/** A UUIDv7 as text: 48 bits of Unix milliseconds, then 74 free bits (RFC 9562 §5.7). */
export type Id = string;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const pool = Buffer.alloc(16 * 256);
let used = pool.length;
/** The counters of the last instants: who lives at another time comes between, and must not begin one's own anew. */
const counters = new Map<number, number>();
const INSTANTS_KEPT = 64;

/**
 * A new id for the instant `atMs` (milliseconds since 1970).
 *
 * Ids made by one process one after the other within the same millisecond rise: the first 26 free bits are a counter that
 * starts anywhere in its lower half (RFC 9562 §6.2), so the order of a timeline never depends on luck. Thirty million ids
 * fit into an instant, as many as are needed where a clock stands still: in imports, drills and the demo.
 */
export function newId(atMs: number = Date.now()): Id {
  if (used >= pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, used + 10);
  used += 10 + 6;
  const last = counters.get(atMs);
  const counter = last === undefined ? bytes.readUInt32BE(0) & 0x1ffffff : last + 1;
  // Set anew, so that the instant used longest ago is the first to be forgotten.
  counters.delete(atMs);
  counters.set(atMs, counter);
  if (counters.size > INSTANTS_KEPT) counters.delete(counters.keys().next().value!);
  const eight = bytes.subarray(2, 10);
  eight.writeUInt16BE(counter & 0x3fff, 0);
  return format(atMs, (counter >>> 14) & 0xfff, eight);
}

/**
 * The id that the instant `atMs` and `digest` (at least 10 bytes) always give.
 *
 * Importing the same source row twice gives the same id, so the primary key itself refuses the second one.
 */
export function idFor(atMs: number, digest: Uint8Array): Id {
  return format(atMs, ((digest[0]! << 8) | digest[1]!) & 0xfff, digest.subarray(2, 10));
}

/** The instant an id was made, in milliseconds since 1970. */
export function idTime(id: Id): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The smallest id of an instant: a bound for `id >= …`, so that a query touches only the months it needs. */
export function lowestIdAt(atMs: number): Id {
  const ms = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8, 12)}-0000-0000-000000000000`;
}

function format(atMs: number, twelveBits: number, eight: Uint8Array): Id {
  const ms = Math.floor(atMs).toString(16).padStart(12, '0');
  const rest = (from: number, to: number) => {
    let text = '';
    for (let i = from; i < to; i++) text += HEX[eight[i]!];
    return text;
  };
  const variant = HEX[(eight[0]! & 0x3f) | 0x80]!;
  const version = `7${twelveBits.toString(16).padStart(3, '0')}`;
  return `${ms.slice(0, 8)}-${ms.slice(8)}-${version}-${variant}${rest(1, 2)}-${rest(2, 8)}`;
}
