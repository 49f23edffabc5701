import { createReadStream, createWriteStream, openAsBlob } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { AwsClient } from 'aws4fetch';
import type { Config } from '../config/config.ts';

/** A file at hand on this node until it is released. */
export interface LocalFile {
  readonly path: string;
  release(): Promise<void>;
}

/** Where uploaded files lie: a folder of one node, or an S3-compatible store that every node reaches. Keys look like `imports/<id>.csv`. */
export interface Files {
  /** Takes the file at `path` in; what lay under the key is replaced. */
  put(key: string, path: string): Promise<void>;
  /** The file on this node, to be read by path. @throws Error when there is none */
  open(key: string): Promise<LocalFile>;
  remove(key: string): Promise<void>;
}

/** The store that the settings name. */
export function createFiles(config: Pick<Config, 'dataFolder' | 's3'>): Files {
  return config.s3 ? s3Files(config.s3) : folderFiles(join(config.dataFolder, 'files'));
}

function folderFiles(folder: string): Files {
  const pathOf = (key: string) => {
    const path = resolve(folder, key);
    if (!path.startsWith(folder + sep)) throw new Error(`${key} is not a key of a file`);
    return path;
  };
  return {
    async put(key, path) {
      const target = pathOf(key);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(path, target);
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
  };
}

function s3Files(store: NonNullable<Config['s3']>): Files {
  const client = new AwsClient({ accessKeyId: store.accessKey, secretAccessKey: store.secretKey, service: 's3', region: store.region });
  const urlOf = (key: string) => `${store.endpoint.replace(/\/$/, '')}/${key.split('/').map(encodeURIComponent).join('/')}`;
  const ask = async (key: string, init: RequestInit): Promise<Response> => {
    const answer = await client.fetch(urlOf(key), init);
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
  };
}
