import { open, stat } from 'node:fs/promises';
import type { Clock } from '#server/kernel/clock.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import type { Loop } from '#server/platform/events/events.ts';
import type { Logs } from './logs.service.ts';
import { readPlace, setPlace } from './logs.store.ts';
import { linesOfPostgres } from './postgres-log.rules.ts';

const PIECE = 256 * 1024;
const SOURCE = 'postgresql';
/** Entries that were written while nobody followed are passed over when they are older. */
const OLDEST_MS = 20 * 3_600_000;
const HEARTBEAT_MS = 60_000;

/**
 * Follows the log file of the embedded database from where it was left; the place moves in the transaction that files the lines, so
 * none is filed twice and none is left out. A file that became shorter is a new one.
 */
export function followPostgres({ db, clock, logs, file }: { db: Db; clock: Clock; logs: Pick<Logs, 'file'>; file: string }): Loop {
  let heardMs = 0;
  return {
    name: 'operations.follow-postgresql',
    restMs: 2000,
    async turn() {
      const known = await db.transact(SYSTEM, (tx) => readPlace(tx, SOURCE));
      // A path is one file as long as its node is: one that was moved away and begun anew has another.
      const { size, ino } = await stat(file);
      const name = `${file}#${ino}`;
      const from = known?.file === name && known.place <= size ? known.place : known ? 0 : Math.max(0, size - PIECE);
      const text = await pieceOf(file, from, Math.min(PIECE, size - from));
      const { lines, used } = linesOfPostgres(text, from + Buffer.byteLength(text) >= size);
      // A row longer than a piece is passed over; it would hold up everything behind it.
      const bytes = used === 0 && Buffer.byteLength(text) >= PIECE - 3 ? PIECE : Buffer.byteLength(text.slice(0, used));
      const nowMs = clock.nowMs();
      if (bytes === 0 && nowMs - heardMs < HEARTBEAT_MS) return 0;
      await logs.file(
        SOURCE,
        'postgresql',
        lines.filter((line) => line.atMs > nowMs - OLDEST_MS && line.atMs <= nowMs + HEARTBEAT_MS),
        (tx) => setPlace(tx, SOURCE, name, from + bytes),
      );
      heardMs = nowMs;
      return bytes === PIECE ? 1 : 0;
    },
  };
}

/** Whole characters only: what is cut at the end is read with the next piece. */
async function pieceOf(file: string, from: number, length: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
    return new TextDecoder().decode(buffer.subarray(0, bytesRead), { stream: true });
  } finally {
    await handle.close();
  }
}
