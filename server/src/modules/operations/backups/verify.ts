import type { Crypto } from '#server/platform/crypto/crypto.ts';
import type { Files } from '#server/platform/files/files.ts';
import { manifestKey, packKey, prefixOf, readManifest, walKey, walPrefix, type Manifest } from './manifest.ts';
import { Damage, unpack, unsealed, type DamageKind } from './packs.ts';
import { gapsIn, missingOf, nextSegment, SEGMENT } from './wal.rules.ts';

export interface Fault {
  readonly kind: DamageKind;
  readonly object: string;
}

export interface VerifyOptions {
  readonly files: Files;
  readonly crypto: Crypto;
  readonly id: string;
  /** The cluster the backup must be of. */
  readonly system: string;
  /** How far the log behind the backup is read: what the backup itself needs, or all that is archived from there on. */
  readonly log: 'own' | 'all';
  /** Segments that were archived as the platform remembers it: that the newest one is gone, a site by itself cannot tell. */
  readonly remembered?: readonly string[];
}

/**
 * Reads a backup again as a restore would, without writing it anywhere: the manifest, every pack, every file in it, and the
 * log from there on. Nothing found means that it can be restored with this keyring.
 */
export async function verifyBackup({ files, crypto, id, system, log, remembered = [] }: VerifyOptions): Promise<Fault[]> {
  const stored = new Map((await files.list(prefixOf(id))).map(({ key, bytes }) => [key, bytes]));
  if (!stored.has(manifestKey(id))) return [{ kind: 'manifest-missing', object: manifestKey(id) }];
  let manifest: Manifest;
  try {
    ({ manifest } = await readManifest(files, crypto, id));
  } catch {
    return [{ kind: 'manifest-unreadable', object: manifestKey(id) }];
  }
  const faults: Fault[] = [];
  if (manifest.system !== system) faults.push({ kind: 'foreign', object: manifestKey(id) });
  if (!manifest.files.some(({ path }) => path === 'backup_label')) faults.push({ kind: 'label-missing', object: 'backup_label' });
  // What a list can tell is told of all packs; the first that is damaged inside ends the reading.
  for (const { name, bytes } of manifest.packs) {
    const found = stored.get(packKey(id, name));
    if (found !== bytes) faults.push({ kind: found === undefined ? 'pack-missing' : 'pack-size', object: packKey(id, name) });
  }
  if (!faults.some(({ kind }) => kind === 'pack-missing' || kind === 'pack-size'))
    faults.push(...(await caught(() => unpack(manifest, files, crypto, drained))));
  return [...faults, ...(await verifyLog(manifest, files, crypto, log, remembered))];
}

async function drained(_path: string, content: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of content) void chunk;
}

/** What is wrong with the log that a backup needs. */
export async function verifyLog(
  manifest: Manifest,
  files: Files,
  crypto: Crypto,
  upTo: VerifyOptions['log'],
  remembered: readonly string[] = [],
): Promise<Fault[]> {
  const { walFrom, walTo, segmentBytes, system } = manifest;
  const archived = await segmentsAt(files, system);
  const there = new Set(archived);
  const missing = new Set(missingOf({ from: walFrom, to: walTo }, there, segmentBytes));
  if (upTo === 'all') {
    const after = archived.filter((name) => name >= walTo);
    for (const gap of gapsIn(after, segmentBytes)) missing.add(nextSegment(gap.after, segmentBytes));
    for (const name of remembered) if (name >= walFrom && !there.has(name)) missing.add(name);
  }
  const faults: Fault[] = [...missing].map((name) => ({ kind: 'segment-missing', object: walKey(system, name) }));
  const read = archived.filter((name) => name >= walFrom && (upTo === 'all' || name <= walTo));
  for (const name of read) faults.push(...(await caught(() => readSegment(files, crypto, system, name, segmentBytes, drained))));
  return faults;
}

/** The archived segments of a cluster, in the order of their names. */
export async function segmentsAt(files: Files, system: string): Promise<string[]> {
  return (await files.list(walPrefix(system))).map(({ key }) => key.slice(walPrefix(system).length)).filter((name) => SEGMENT.test(name));
}

/**
 * Opens an archived segment and hands it out. @throws Damage where its seal does not hold, or it is of another cluster
 */
export async function readSegment(
  files: Files,
  crypto: Crypto,
  system: string,
  name: string,
  segmentBytes: number,
  take: (path: string, content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const key = walKey(system, name);
  const file = await files.open(key).catch((error: unknown) => {
    throw new Damage('segment-missing', key, error);
  });
  try {
    let bytes = 0;
    let head = Buffer.alloc(0);
    const content = async function* () {
      for await (const chunk of unsealed(crypto, key, file.path, 'segment-unreadable')) {
        bytes += chunk.length;
        if (head.length < 32) head = Buffer.concat([head, chunk.subarray(0, 32)]);
        yield chunk;
      }
    };
    await take(name, content());
    if (!SEGMENT.test(name)) return;
    if (bytes !== segmentBytes) throw new Damage('segment-unreadable', key);
    if (head.readBigUInt64LE(24).toString() !== system) throw new Damage('segment-foreign', key);
  } finally {
    await file.release();
  }
}

async function caught(work: () => Promise<void>): Promise<Fault[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (error instanceof Damage) return [{ kind: error.kind, object: error.object }];
    throw error;
  }
}
