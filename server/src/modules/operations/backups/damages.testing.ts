import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCrypto, type Crypto } from '#server/platform/crypto/crypto.ts';
import { openFiles, type Files } from '#server/platform/files/files.ts';
import { manifestKey, packKey, readManifest, walKey, writeManifest, type Manifest } from './manifest.ts';
import type { Fault } from './verify.ts';
import { nextSegment } from './wal.rules.ts';

/** A way in which a site can be spoilt, and what verification must say of it. */
export interface DamageCase {
  readonly name: string;
  readonly says: Fault['kind'];
  /** Spoils the copy of a site that lies in `folder`; gives the keyring that is used from then on, where it is another one. */
  spoil(site: SpoiltSite): Promise<Crypto | void>;
}

interface SpoiltSite {
  readonly folder: string;
  readonly files: Files;
  readonly crypto: Crypto;
  readonly manifest: Manifest;
  readonly scratch: string;
}

const resealed = async ({ files, crypto, manifest, scratch }: SpoiltSite, change: Partial<Manifest>) =>
  void (await writeManifest(files, crypto, { ...manifest, ...change }, scratch));

/** Every damage a backup must be known by before anybody needs it. */
export const DAMAGES: readonly DamageCase[] = [
  {
    name: 'a pack was cut short',
    says: 'pack-size',
    spoil: async ({ folder, manifest: { id, packs } }) =>
      truncateSync(own(join(folder, packKey(id, packs[0]!.name))), packs[0]!.bytes - 100),
  },
  {
    name: 'one byte of a pack was flipped',
    says: 'pack-changed',
    spoil: async ({ folder, manifest: { id, packs } }) => flip(join(folder, packKey(id, packs[0]!.name))),
  },
  {
    name: 'a pack is gone',
    says: 'pack-missing',
    spoil: async ({ folder, manifest: { id, packs } }) => rmSync(join(folder, packKey(id, packs.at(-1)!.name))),
  },
  {
    name: 'two packs were swapped, sizes and digests with them',
    says: 'pack-unreadable',
    spoil: async (site) => {
      const { id, packs } = site.manifest;
      const [first, second, ...others] = packs as [Manifest['packs'][number], Manifest['packs'][number]];
      const [a, b] = [first, second].map(({ name }) => join(site.folder, packKey(id, name))) as [string, string];
      renameSync(a, `${a}.aside`);
      renameSync(b, a);
      renameSync(`${a}.aside`, b);
      await resealed(site, { packs: [{ ...second, name: first.name }, { ...first, name: second.name }, ...others] });
    },
  },
  {
    name: 'the manifest was altered',
    says: 'manifest-unreadable',
    spoil: async ({ folder, manifest: { id } }) => flip(join(folder, manifestKey(id))),
  },
  {
    name: 'the manifest is gone: a backup that did not end',
    says: 'manifest-missing',
    spoil: async ({ folder, manifest: { id } }) => rmSync(join(folder, manifestKey(id))),
  },
  {
    name: 'the manifest tells another digest of a file',
    says: 'file-changed',
    spoil: async (site) => {
      const [file, ...others] = site.manifest.files.toReversed();
      await resealed(site, { files: [...others.toReversed(), { ...file!, sm3: 'f'.repeat(64) }] });
    },
  },
  {
    name: 'the backup is of another cluster',
    says: 'foreign',
    spoil: async (site) => resealed(site, { system: '7000000000000000001' }),
  },
  {
    name: 'the label of the backup is lost',
    says: 'label-missing',
    spoil: async (site) => resealed(site, { files: site.manifest.files.filter(({ path }) => path !== 'backup_label') }),
  },
  {
    name: 'the keyring is another one',
    says: 'manifest-unreadable',
    spoil: async () => createCrypto('sm', { current: 1, keys: new Map([[1, Buffer.alloc(32, 7)]]) }),
  },
  {
    name: 'a segment of the log is gone',
    says: 'segment-missing',
    spoil: async ({ folder, manifest: { system, walTo } }) => rmSync(join(folder, walKey(system, walTo))),
  },
  {
    name: 'a later segment of the log is gone',
    says: 'segment-missing',
    spoil: async ({ folder, manifest: { system, walTo, segmentBytes } }) =>
      rmSync(join(folder, walKey(system, nextSegment(walTo, segmentBytes)))),
  },
  {
    name: 'a segment of the log was changed',
    says: 'segment-unreadable',
    spoil: async ({ folder, manifest: { system, walTo } }) => flip(join(folder, walKey(system, walTo))),
  },
  {
    name: 'a segment of the log stands under the name of another one',
    says: 'segment-unreadable',
    spoil: async ({ folder, manifest: { system, walTo, segmentBytes } }) =>
      put(join(folder, walKey(system, walTo)), readFileSync(join(folder, walKey(system, nextSegment(walTo, segmentBytes))))),
  },
  {
    name: 'the copy to this site stopped half way',
    says: 'pack-missing',
    spoil: async ({ folder, manifest: { id, packs } }) => {
      for (const { name } of packs.slice(Math.ceil(packs.length / 2))) rmSync(join(folder, packKey(id, name)));
    },
  },
];

function flip(path: string): void {
  const bytes = readFileSync(path);
  const at = bytes.length >> 1;
  bytes[at] = bytes[at]! ^ 1;
  put(path, bytes);
}

/** The copy that is spoilt shares its files with the site; what is written to must be its own first. */
function own(path: string): string {
  copyFileSync(path, `${path}.own`);
  renameSync(`${path}.own`, path);
  return path;
}

function put(path: string, bytes: Buffer): void {
  rmSync(path);
  writeFileSync(path, bytes);
}

/** Spoils a copy of a site and has it looked at; the copy is gone afterwards. */
export async function spoilt(
  site: { folder: string; crypto: Crypto; id: string; aside: string },
  damage: DamageCase,
  look: (files: Files, crypto: Crypto) => Promise<Fault[]>,
): Promise<Fault[]> {
  const { folder, crypto, id, aside } = site;
  execFileSync('cp', ['-al', folder, aside]);
  try {
    const files = openFiles({ folder: aside });
    const { manifest } = await readManifest(files, crypto, id);
    const other = await damage.spoil({ folder: aside, files, crypto, manifest, scratch: aside });
    return await look(files, other ?? crypto);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
