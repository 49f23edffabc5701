import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#server/kernel/ids.ts';
import { createCrypto } from '#server/platform/crypto/crypto.ts';
import { openFiles } from '#server/platform/files/files.ts';
import { DAMAGES, spoilt } from './damages.testing.ts';
import { FIELD, readManifest, walKey, writeManifest } from './manifest.ts';
import { pack, unpack, zstd, type Content } from './packs.ts';
import { verifyBackup } from './verify.ts';
import { nextSegment } from './wal.rules.ts';

const MB = 1024 * 1024;
const SYSTEM_ID = '7432109876543210987';
const id = newId();
const base = mkdtempSync(join(tmpdir(), 'minsheng-damages-'));
const folder = join(base, 'site');
const site = openFiles({ folder });
const crypto = createCrypto('sm', { current: 1, keys: new Map([[1, randomBytes(32)]]) });
const segments = ['000000010000000000000003', '000000010000000000000004', '000000010000000000000005', '000000010000000000000006'];

/** Files of every kind of size: none, less than a pack, more than two, and one that was cut short while it was read. */
const FILES: readonly { path: string; bytes: Buffer; told?: number }[] = [
  { path: 'PG_VERSION', bytes: Buffer.from('18\n') },
  { path: 'base/1/1259', bytes: randomBytes(700_000) },
  { path: 'base/1/empty', bytes: Buffer.alloc(0) },
  { path: 'base/1/cut-short', bytes: randomBytes(10_000), told: 16_384 },
  { path: 'base/1/grew', bytes: randomBytes(20_000), told: 8192 },
  { path: 'global/pg_control', bytes: randomBytes(8192) },
  { path: 'backup_label', bytes: Buffer.from('START WAL LOCATION: 0/3000028 (file 000000010000000000000003)\n') },
];

async function* contents(): AsyncGenerator<Content> {
  for (const { path, bytes, told = bytes.length } of FILES)
    yield { path, bytes: told, content: bytes.length > 0 ? (Readable.from([bytes]) as AsyncIterable<Buffer>) : null };
}

/** A segment with the header PostgreSQL gives it, put to the site as the archive does. */
async function archive(name: string): Promise<void> {
  const segment = randomBytes(MB);
  segment.writeBigUInt64LE(BigInt(SYSTEM_ID), 24);
  segment.writeUInt32LE(MB, 32);
  const path = join(base, name);
  await pipeline(Readable.from([segment]), zstd(), crypto.files.sealing(FIELD, walKey(SYSTEM_ID, name)), createWriteStream(path));
  await site.put(walKey(SYSTEM_ID, name), path);
}

beforeAll(async () => {
  mkdirSync(folder);
  for (const name of segments) await archive(name);
  const packed = await pack(contents(), { id, files: site, crypto, scratch: base, packBytes: 256 * 1024 });
  expect(packed.packs.length).toBeGreaterThan(2);
  const at = new Date().toISOString();
  const facts = { format: 1, id, source: 'embedded', system: SYSTEM_ID, version: 180_000, segmentBytes: MB, database: 'minsheng' } as const;
  const span = { startedAt: at, endedAt: at, walFrom: segments[0]!, walTo: segments[1]!, migration: '', counts: {}, superuser: 'minsheng' };
  await writeManifest(site, crypto, { ...facts, ...span, folders: [], ...packed }, base);
  expect(nextSegment(segments[1]!, MB)).toBe(segments[2]);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const look: Parameters<typeof spoilt>[2] = (files, key) => verifyBackup({ files, crypto: key, id, system: SYSTEM_ID, log: 'all' });
const at = { folder, crypto, id, aside: join(base, 'spoilt') };

test.each(DAMAGES.map((damage) => [damage.name, damage] as const))('recognised before a restore needs it: %s', async (_, damage) => {
  expect((await spoilt(at, damage, look)).map(({ kind }) => kind)).toContain(damage.says);
});

test('that the newest segment is gone is told by who remembers it', async () => {
  const newest = segments.at(-1)!;
  const damage = { name: '', says: 'segment-missing', spoil: async () => rmSync(join(at.aside, walKey(SYSTEM_ID, newest))) } as const;
  expect(await spoilt(at, damage, look)).toEqual([]);
  const told = await spoilt(at, damage, (files, key) =>
    verifyBackup({ files, crypto: key, id, system: SYSTEM_ID, log: 'all', remembered: segments }),
  );
  expect(told).toEqual([{ kind: 'segment-missing', object: walKey(SYSTEM_ID, newest) }]);
});

test('a site without damage is told whole, before and after', async () => {
  const nothing = { name: '', says: 'foreign', spoil: async () => {} } as const;
  expect(await spoilt(at, nothing, look)).toEqual([]);
  expect(await look(site, crypto)).toEqual([]);
});

test('files come out of the packs as they were told: whole, cut to their length, filled up where they were cut short', async () => {
  const { manifest } = await readManifest(site, crypto, id);
  const out = new Map<string, Buffer>();
  await unpack(manifest, site, crypto, async (path, content) => {
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk);
    out.set(path, Buffer.concat(chunks));
  });
  expect([...out.keys()]).toEqual(FILES.map(({ path }) => path));
  for (const { path, bytes, told = bytes.length } of FILES)
    expect(out.get(path)!.equals(Buffer.concat([bytes, Buffer.alloc(20_000)]).subarray(0, told)), path).toBe(true);
});
