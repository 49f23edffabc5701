import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFiles } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'minsheng-files-'));
const store = new S3rver({
  port: 0,
  address: '127.0.0.1',
  silent: true,
  directory: join(folder, 's3'),
  configureBuckets: [{ name: 'minsheng', configs: [] }],
});
let endpoint = '';

beforeAll(async () => {
  const { port } = await store.run();
  endpoint = `http://127.0.0.1:${port}/minsheng`;
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(['folder', 's3'] as const)('uploaded files in a %s', (kind) => {
  const files = () =>
    createFiles({
      dataFolder: folder,
      s3: kind === 's3' ? { endpoint, accessKey: 'S3RVER', secretKey: 'S3RVER', region: 'us-east-1' } : null,
    });
  const source = join(folder, `source-${kind}`);

  it('come back byte for byte, under keys with Chinese words in them', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 256));
    writeFileSync(source, bytes);
    await files().put('imports/诉求 2026.csv', source);
    const file = await files().open('imports/诉求 2026.csv');
    expect(readFileSync(file.path).equals(bytes)).toBe(true);
    await file.release();
  });

  it('are listed by the beginning of their keys, and nothing that is not whole', async () => {
    writeFileSync(source, '12345');
    for (const key of ['base/2/b & c', 'base/1/a', 'base2/x']) await files().put(key, source);
    if (kind === 'folder') writeFileSync(join(folder, 'files/base/1/z.part-019b0000-0000-7000-8000-000000000000'), 'half');
    expect(await files().list('base/')).toEqual([
      { key: 'base/1/a', bytes: 5 },
      { key: 'base/2/b & c', bytes: 5 },
    ]);
    expect(await files().list('base/2')).toEqual([{ key: 'base/2/b & c', bytes: 5 }]);
    expect(await files().list('nothing/here/')).toEqual([]);
  });

  it('are told missing when they were removed', async () => {
    writeFileSync(source, 'x');
    await files().put('imports/gone.csv', source);
    await files().remove('imports/gone.csv');
    await expect(files().open('imports/gone.csv')).rejects.toThrow(/gone\.csv/);
  });
});

it('keys cannot leave the folder', async () => {
  await expect(createFiles({ dataFolder: folder, s3: null }).open('../secret')).rejects.toThrow('is not a key');
});
