import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { createCrypto, type Suite } from './crypto.ts';

const folder = mkdtempSync(join(tmpdir(), 'minsheng-sealed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const suites: Suite[] = ['sm', 'intl'];

describe.each(suites)('files in the suite %s', (suite) => {
  const crypto = createCrypto(suite, { current: 2, keys: new Map([1, 2].map((version) => [version, Buffer.alloc(32, version)])) });
  const plain = join(folder, `plain-${suite}`);
  const sealed = join(folder, `sealed-${suite}`);
  const seal = async (bytes: Buffer, name = 'a') => {
    writeFileSync(plain, bytes);
    await crypto.files.seal('file', name, plain, sealed);
    return readFileSync(sealed);
  };
  const opened = async (name = 'a') => buffer(await crypto.files.open('file', name, sealed));

  it.each([0, 1, 65_535, 65_536, 65_537, 1_000_003])('of %i bytes come back as they were', async (size) => {
    const bytes = Buffer.from(Array.from({ length: size }, (_, at) => (at * 7919 + size) % 256));
    const envelope = await seal(bytes);
    expect((await opened()).equals(bytes)).toBe(true);
    if (size > 100) expect(envelope.includes(bytes.subarray(0, 64))).toBe(false);
  });

  it('lie in the same envelope as text', async () => {
    const envelope = await seal(Buffer.from('江苏 12345'), '');
    expect(crypto.open('file', envelope)).toBe('江苏 12345');
  });

  it('with any byte changed, cut off or added to are refused before a byte is handed out', async () => {
    const envelope = await seal(Buffer.from('身份证照片'));
    for (let place = 0; place < envelope.length; place++) {
      const changed = Buffer.from(envelope);
      changed[place]! ^= 1;
      writeFileSync(sealed, changed);
      await expect(crypto.files.open('file', 'a', sealed), `byte ${place}`).rejects.toThrow();
    }
    for (const length of [0, 3, 19, 20, 40, envelope.length - 1]) {
      writeFileSync(sealed, envelope.subarray(0, length));
      await expect(crypto.files.open('file', 'a', sealed), `${length} bytes`).rejects.toThrow();
    }
    writeFileSync(sealed, Buffer.concat([envelope, Buffer.alloc(1)]));
    await expect(opened()).rejects.toThrow();
  });

  it('cannot be put in the place of one another', async () => {
    await seal(Buffer.from('one'), 'one');
    await expect(opened('two')).rejects.toThrow();
    await expect(crypto.files.open('other', 'one', sealed)).rejects.toThrow();
    expect((await opened('one')).toString()).toBe('one');
  });
});
