import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { BackupFault } from '#contracts/operations/backups.api.ts';
import type { Crypto } from '#server/platform/crypto/crypto.ts';
import type { Files } from '#server/platform/files/files.ts';
import { digestOf, FIELD, packKey, type Manifest } from './manifest.ts';

/** A file of the cluster on its way into a backup: exactly `bytes` bytes of it, whatever happens to it meanwhile. */
export interface Content {
  readonly path: string;
  readonly bytes: number;
  readonly content: AsyncIterable<Buffer> | null;
}

/** How much of the cluster goes into one pack. What is at hand at once is a pack, and it is sealed. */
const PACK_BYTES = 256 * 1024 * 1024;

export interface Packed {
  readonly files: Manifest['files'];
  readonly packs: Manifest['packs'];
}

export interface PackOptions {
  readonly id: string;
  readonly files: Files;
  readonly crypto: Crypto;
  /** Where a pack lies until it is put. */
  readonly scratch: string;
  readonly packBytes?: number;
  readonly signal?: AbortSignal;
  readonly onPack?: (pack: Manifest['packs'][number]) => Promise<void>;
}

/**
 * Puts the contents one behind the other, cuts them into packs, and compresses, seals and puts each. A cluster of many months
 * has thousands of files, most of them of one page: one object each would be slow to put and slower to list.
 */
export async function pack(contents: AsyncIterable<Content>, options: PackOptions): Promise<Packed> {
  const packed: Packed & { files: Manifest['files']; packs: Manifest['packs'] } = { files: [], packs: [] };
  const source = { bytes: concatenated(contents, packed.files)[Symbol.asyncIterator](), rest: null as Buffer | null, ended: false };
  while (!source.ended) {
    const name = String(packed.packs.length + 1).padStart(6, '0');
    const path = join(options.scratch, `pack-${randomUUID()}`);
    try {
      let rawBytes = 0;
      const counted = async function* () {
        for await (const chunk of portion(source, options.packBytes ?? PACK_BYTES)) {
          rawBytes += chunk.length;
          yield chunk;
        }
      };
      await pipeline(
        counted,
        zstd(),
        options.crypto.files.sealing(FIELD, packKey(options.id, name)),
        createWriteStream(path, { mode: 0o600 }),
        options.signal ? { signal: options.signal } : {},
      );
      if (rawBytes === 0) break;
      const made = { name, rawBytes, bytes: (await stat(path)).size, sm3: await digestOf(path) };
      await options.files.put(packKey(options.id, name), path);
      packed.packs.push(made);
      await options.onPack?.(made);
    } finally {
      await rm(path, { force: true });
    }
  }
  return packed;
}

/** Level 3 is where zstd is as fast as the cipher behind it. */
export const zstd = () => createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } });

const ZEROS = Buffer.alloc(64 * 1024);

async function* concatenated(contents: AsyncIterable<Content>, files: Manifest['files']): AsyncGenerator<Buffer> {
  for await (const { path, bytes, content } of contents) {
    const hash = createHash('sm3');
    let left = bytes;
    const part = (chunk: Buffer) => {
      const taken = chunk.subarray(0, left);
      left -= taken.length;
      hash.update(taken);
      return taken;
    };
    if (content) for await (const chunk of content) if (left > 0) yield part(chunk);
    // A file that was cut short while it was read: what is missing is made again from the log.
    while (left > 0) yield part(ZEROS);
    files.push({ path, bytes, sm3: hash.digest('hex') });
  }
}

/** The next `limit` bytes of a stream that goes on behind them. */
async function* portion(
  source: { bytes: AsyncIterator<Buffer>; rest: Buffer | null; ended: boolean },
  limit: number,
): AsyncGenerator<Buffer> {
  for (let left = limit; left > 0;) {
    const next = source.rest ?? (await source.bytes.next()).value;
    source.rest = null;
    if (next === undefined) {
      source.ended = true;
      return;
    }
    const chunk = next as Buffer;
    if (chunk.length > left) source.rest = chunk.subarray(left);
    const taken = chunk.subarray(0, left);
    left -= taken.length;
    yield taken;
  }
}

/** Where the files of a backup go to when it is opened. */
export type Take = (path: string, content: AsyncIterable<Buffer>) => Promise<void>;

/** What is wrong with a backup, by the object it was found in. */
export class Damage extends Error {
  override readonly name = 'Damage';
  readonly kind: DamageKind;
  readonly object: string;
  constructor(kind: DamageKind, object: string, cause?: unknown) {
    super(`${object}: ${kind}${cause instanceof Error ? ` (${cause.message})` : ''}`, { cause });
    this.kind = kind;
    this.object = object;
  }
}

export type DamageKind = BackupFault['kind'];

/**
 * Opens the packs of a backup one after the other and hands out its files. Sizes, digests and seals are checked on the way, those
 * of a pack before anything of it is handed out.
 *
 * @throws Damage at the first thing that is not as the manifest says
 */
export async function unpack(
  manifest: Manifest,
  files: Files,
  crypto: Crypto,
  take: Take,
  onPack?: (name: string) => Promise<void>,
): Promise<void> {
  const source = { bytes: opened(manifest, files, crypto, onPack)[Symbol.asyncIterator](), rest: null as Buffer | null, ended: false };
  for (const file of manifest.files) {
    const hash = createHash('sm3');
    let bytes = 0;
    const content = async function* () {
      for await (const chunk of portion(source, file.bytes)) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    };
    await take(file.path, content());
    if (bytes !== file.bytes || hash.digest('hex') !== file.sm3) throw new Damage('file-changed', file.path);
  }
  // The seal of the last pack is only judged when all of it was read.
  for await (const chunk of portion(source, Infinity)) if (chunk.length > 0) throw new Damage('file-changed', 'beyond the last file');
}

async function* opened(manifest: Manifest, files: Files, crypto: Crypto, onPack?: (name: string) => Promise<void>): AsyncGenerator<Buffer> {
  for (const { name, bytes, sm3 } of manifest.packs) {
    const key = packKey(manifest.id, name);
    const file = await files.open(key).catch((error: unknown) => {
      throw new Damage('pack-missing', key, error);
    });
    try {
      if ((await stat(file.path)).size !== bytes) throw new Damage('pack-size', key);
      if ((await digestOf(file.path)) !== sm3) throw new Damage('pack-changed', key);
      yield* unsealed(crypto, key, file.path, 'pack-unreadable');
      await onPack?.(name);
    } finally {
      await file.release();
    }
  }
}

/** The plain bytes of a sealed and compressed object. */
export async function* unsealed(crypto: Crypto, key: string, path: string, otherwise: DamageKind): AsyncGenerator<Buffer> {
  const out = new PassThrough({ highWaterMark: 1 << 20 });
  let fault: unknown = null;
  const done = crypto.files
    .open(FIELD, key, path)
    .then((plain: Readable) => pipeline(plain, createZstdDecompress(), out))
    .catch((error: unknown) => {
      fault = error;
      out.destroy();
    });
  try {
    for await (const chunk of out) yield chunk as Buffer;
  } catch (error) {
    fault ??= error;
  } finally {
    out.destroy();
  }
  await done;
  if (fault) throw new Damage(otherwise, key, fault);
}
