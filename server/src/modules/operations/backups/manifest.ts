import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { Type, type Static } from 'typebox';
import { Check } from 'typebox/value';
import { sm3, type Crypto } from '#server/platform/crypto/crypto.ts';
import type { Files } from '#server/platform/files/files.ts';

const Count = Type.Integer({ minimum: 0 });
const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** What a backup consists of. It lies sealed beside its packs, so that a site and the keyring are all that a restore needs. */
export const Manifest = Type.Object({
  format: Type.Literal(1),
  id: Type.String({ format: 'uuid' }),
  source: Type.Union([Type.Literal('embedded'), Type.Literal('outside')]),
  /** Which cluster this is; PostgreSQL draws it when a cluster is made, and no other has it. */
  system: Type.String({ pattern: '^\\d+$' }),
  /** As `server_version_num`. */
  version: Count,
  segmentBytes: Count,
  database: Type.String(),
  /** Who owns the cluster; by it a restored one is opened. */
  superuser: Type.String(),
  startedAt: Type.String({ format: 'date-time' }),
  endedAt: Type.String({ format: 'date-time' }),
  walFrom: Type.String({ pattern: '^[0-9A-F]{24}$' }),
  walTo: Type.String({ pattern: '^[0-9A-F]{24}$' }),
  migration: Type.String(),
  /** How many rows each table had just before the backup ended. */
  counts: Type.Record(Type.String(), Count),
  folders: Type.Array(Type.String()),
  /** In the order in which they follow one another in the packs. */
  files: Type.Array(Type.Object({ path: Type.String(), bytes: Count, sm3: Digest })),
  packs: Type.Array(Type.Object({ name: Type.String({ pattern: '^\\d{6}$' }), bytes: Count, rawBytes: Count, sm3: Digest })),
});
export type Manifest = Static<typeof Manifest>;

/** The field its envelopes are sealed under. */
export const FIELD = 'operations.backup';

export const prefixOf = (id: string) => `base/${id}/`;
export const manifestKey = (id: string) => `${prefixOf(id)}manifest`;
export const packKey = (id: string, name: string) => `${prefixOf(id)}${name}`;
export const walPrefix = (system: string) => `wal/${system}/`;
export const walKey = (system: string, name: string) => `${walPrefix(system)}${name}`;

const [compress, decompress] = [promisify(zstdCompress), promisify(zstdDecompress)];

/** Puts the manifest beside its packs; it comes last, so that a backup with a manifest is whole. Gives its digest. */
export async function writeManifest(files: Files, crypto: Crypto, manifest: Manifest, scratch: string): Promise<string> {
  const text = JSON.stringify(manifest);
  const paths = ['plain', 'sealed'].map((what) => join(scratch, `manifest-${randomUUID()}.${what}`)) as [string, string];
  try {
    await writeFile(paths[0], await compress(text), { mode: 0o600 });
    await crypto.files.seal(FIELD, manifestKey(manifest.id), ...paths);
    await files.put(manifestKey(manifest.id), paths[1]);
  } finally {
    for (const path of paths) await rm(path, { force: true });
  }
  return sm3(text).toString('hex');
}

/** @throws Error where there is none, or it was changed, or its key is not in the ring */
export async function readManifest(files: Files, crypto: Crypto, id: string): Promise<{ manifest: Manifest; digest: string }> {
  const file = await files.open(manifestKey(id));
  try {
    const text = (await decompress(await buffer(await crypto.files.open(FIELD, manifestKey(id), file.path)))).toString('utf8');
    const manifest: unknown = JSON.parse(text);
    if (!Check(Manifest, manifest) || manifest.id !== id) throw new Error('The manifest is none of this build');
    return { manifest, digest: sm3(text).toString('hex') };
  } finally {
    await file.release();
  }
}

/** The backups of a site that are whole, the newest last; their ids begin with their instant. */
export async function backupsAt(files: Files): Promise<string[]> {
  return (await files.list('base/')).filter(({ key }) => key.endsWith('/manifest')).map(({ key }) => key.split('/')[1]!);
}

/** The SM3 of a file's bytes. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sm3');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
