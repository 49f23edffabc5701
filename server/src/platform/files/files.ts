import { createReadStream, createWriteStream, openAsBlob } from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { AwsClient } from 'aws4fetch';
import type { Config, Place } from '../config/config.ts';

/** A file at hand on this node until it is released. */
export interface LocalFile {
  readonly path: string;
  release(): Promise<void>;
}

/** Files by key, which looks like `imports/<id>.csv`. */
export interface Files {
  /** Takes the file at `path` in, whole or not at all; what lay under the key is replaced. */
  put(key: string, path: string): Promise<void>;
  /** The file on this node, to be read by path. @throws Error when there is none */
  open(key: string): Promise<LocalFile>;
  remove(key: string): Promise<void>;
  /** What lies under keys that begin so, in the order of the keys. */
  list(prefix: string): Promise<{ key: string; bytes: number }[]>;
}

/** The store of uploaded files that the settings name. */
export function createFiles(config: Pick<Config, 'dataFolder' | 's3'>): Files {
  return openFiles(config.s3 ? { s3: config.s3 } : { folder: join(config.dataFolder, 'files') });
}

export function openFiles(place: Place): Files {
  return 's3' in place ? s3Files(place.s3) : folderFiles(place.folder);
}

/** What a file that is not whole yet is called. */
const PART = /\.part-[0-9a-f-]{36}$/;

function folderFiles(folder: string): Files {
  const pathOf = (key: string) => {
    const path = resolve(folder, key);
    if (path !== folder && !path.startsWith(folder + sep)) throw new Error(`${key} is not a key of a file`);
    return path;
  };
  return {
    async put(key, path) {
      const target = pathOf(key);
      const part = `${target}.part-${randomUUID()}`;
      await mkdir(dirname(target), { recursive: true });
      try {
        await copyFile(path, part);
        const file = await open(part, 'r+');
        try {
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(part, target);
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    },
    open: async (key) => {
      // Opened once, so that a missing file is told here and not in the middle of the work.
      await new Promise<void>((done, fail) => {
        const probe = createReadStream(pathOf(key), { start: 0, end: 0 });
        probe.once('error', fail);
        probe.once('close', done);
        probe.resume();
      });
      return { path: pathOf(key), release: () => Promise.resolve() };
    },
    remove: (key) => rm(pathOf(key), { force: true }),
    async list(prefix) {
      const under = pathOf(prefix.slice(0, prefix.lastIndexOf('/') + 1) || '.');
      const entries = await readdir(under, { recursive: true, withFileTypes: true }).catch((error: { code?: string }) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      const keys = entries
        .filter((entry) => entry.isFile() && !PART.test(entry.name))
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
        .filter((key) => key.startsWith(prefix))
        .toSorted();
      return Promise.all(keys.map(async (key) => ({ key, bytes: (await stat(pathOf(key))).size })));
    },
  };
}

function s3Files(store: NonNullable<Config['s3']>): Files {
  const client = new AwsClient({ accessKeyId: store.accessKey, secretAccessKey: store.secretKey, service: 's3', region: store.region });
  const urlOf = (key: string) => `${store.endpoint.replace(/\/$/, '')}/${key.split('/').map(encodeURIComponent).join('/')}`;
  const ask = async (key: string, init: RequestInit, query = ''): Promise<Response> => {
    const answer = await client.fetch(urlOf(key) + query, init);
    if (!answer.ok) throw new Error(`The file store answered ${answer.status} for ${key}: ${(await answer.text()).slice(0, 300)}`);
    return answer;
  };
  return {
    async put(key, path) {
      await ask(key, { method: 'PUT', body: await openAsBlob(path) });
    },
    async open(key) {
      const answer = await ask(key, { method: 'GET' });
      const folder = await mkdtemp(join(tmpdir(), 'minsheng-file-'));
      const path = join(folder, basename(key));
      await pipeline(Readable.fromWeb(answer.body as ReadableStream), createWriteStream(path));
      return { path, release: () => rm(folder, { recursive: true, force: true }) };
    },
    async remove(key) {
      await ask(key, { method: 'DELETE' });
    },
    async list(prefix) {
      const found: { key: string; bytes: number }[] = [];
      for (let after: string | null = ''; after !== null;) {
        const query = new URLSearchParams({ 'list-type': '2', prefix, ...(after ? { 'continuation-token': after } : {}) });
        const page = await (await ask('', { method: 'GET' }, `?${query.toString()}`)).text();
        for (const [, entry = ''] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs))
          found.push({ key: elementOf(entry, 'Key') ?? '', bytes: Number(elementOf(entry, 'Size')) });
        after = elementOf(page, 'NextContinuationToken');
      }
      return found.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    },
  };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text of the first element of this name in a piece of the store's answer. */
function elementOf(xml: string, name: string): string | null {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replaceAll(/&(\w+);/g, (whole, entity: string) => ENTITIES[entity] ?? whole) ?? null;
}
