import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '#server/kernel/clock.ts';
import type { Crypto } from '#server/platform/crypto/crypto.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import type { Files } from '#server/platform/files/files.ts';
import { keepSegment, knownSegment, segmentAtSecond, segmentsNotAtSecond } from './backups.store.ts';
import { FIELD, walKey } from './manifest.ts';
import { zstd } from './packs.ts';
import { HISTORY, SEGMENT } from './wal.rules.ts';

export interface Sites {
  readonly first: Files;
  readonly second: Files | null;
}

export interface ArchiveDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly sites: Sites;
  readonly spool: string;
  /** Where a segment lies until it is put. */
  readonly scratch: string;
}

/** What a segment says of itself on its first page (`XLogLongPageHeaderData`): the cluster it is of, and how large segments are. */
export async function segmentHeader(path: string): Promise<{ system: string; segmentBytes: number }> {
  const head = Buffer.alloc(40);
  const file = await open(path);
  try {
    await file.read(head, 0, head.length, 0);
  } finally {
    await file.close();
  }
  return { system: head.readBigUInt64LE(24).toString(), segmentBytes: head.readUInt32LE(32) };
}

/**
 * Seals what waits in the spool and puts it to the first site; what is archived leaves the spool. Gives how many were archived.
 *
 * A segment is put before it is written down, and written down before it leaves the spool: a process that dies in between does
 * the same again. A second segment of a name that is known is let go if it is the same, and stops the archive if it is not.
 *
 * @throws Error where the spool holds a segment of another cluster, or another one of a known name
 */
export async function ship({ db, clock, crypto, sites, spool, scratch }: ArchiveDeps, system: string): Promise<number> {
  const names = await readdir(spool);
  // The label that PostgreSQL archives with each backup stands in the backup itself.
  for (const name of names) if (name.endsWith('.backup')) await rm(join(spool, name), { force: true });
  let shipped = 0;
  let segmentBytes = 0;
  for (const name of names.filter((one) => SEGMENT.test(one) || HISTORY.test(one)).toSorted()) {
    const path = join(spool, name);
    if (SEGMENT.test(name)) {
      const header = await segmentHeader(path);
      if (header.system !== system || (await stat(path)).size !== header.segmentBytes)
        throw new Error(`${name} in the spool is no segment of this cluster`);
      segmentBytes = header.segmentBytes;
    }
    const hash = createHash('sm3');
    const sealed = join(scratch, `segment-${randomUUID()}`);
    try {
      await pipeline(
        createReadStream(path),
        async function* (source: AsyncIterable<Buffer>) {
          for await (const chunk of source) {
            hash.update(chunk);
            yield chunk;
          }
        },
        zstd(),
        crypto.files.sealing(FIELD, walKey(system, name)),
        createWriteStream(sealed, { mode: 0o600 }),
      );
      const sm3 = hash.digest('hex');
      const known = await db.transact(SYSTEM, (tx) => knownSegment(tx, system, name));
      if (known && known !== sm3) throw new Error(`Another segment ${name} is archived already`);
      if (!known) {
        await sites.first.put(walKey(system, name), sealed);
        const row = { system, name, sm3, segment_bytes: segmentBytes, stored_bytes: (await stat(sealed)).size };
        await db.transact(SYSTEM, (tx) => keepSegment(tx, { ...row, archived_at: new Date(clock.nowMs()) }));
      }
    } finally {
      await rm(sealed, { force: true });
    }
    await rm(path, { force: true });
    shipped++;
  }
  return shipped;
}

/** Copies what the second site lacks of the log from the first. Gives how many were copied. */
export async function mirrorSegments({ db, clock, sites }: Pick<ArchiveDeps, 'db' | 'clock' | 'sites'>): Promise<number> {
  if (!sites.second) return 0;
  const rows = await db.transact(SYSTEM, segmentsNotAtSecond);
  for (const { system, name } of rows) {
    await copy(sites.first, sites.second, walKey(system, name));
    await db.transact(SYSTEM, (tx) => segmentAtSecond(tx, system, name, new Date(clock.nowMs())));
  }
  return rows.length;
}

/** Copies what one store holds under a key to another one. */
export async function copy(from: Files, to: Files, key: string): Promise<void> {
  const file = await from.open(key);
  try {
    await to.put(key, file.path);
  } finally {
    await file.release();
  }
}
