import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform, Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FORMAT, HEAD, headOf, SUITE_BYTE, type Suite } from './envelope.ts';

/** What the platform encrypts files with: the same envelope as for text, made and opened piece by piece. */
export interface FileCrypto {
  /** Writes the file at `from` as an envelope to `to`. It opens under the name it was sealed under, and no other. */
  seal(field: string, name: string, from: string, to: string): Promise<void>;
  /** The same for what is not a file yet: bytes in, the envelope out. */
  sealing(field: string, name: string): Transform;
  /**
   * The content of the envelope at `path`. It is read twice: nothing of it is handed out before all of it was seen to
   * be unchanged.
   *
   * @throws Error when the envelope was changed or its key is not in the ring
   */
  open(field: string, name: string, path: string): Promise<Readable>;
}

interface Keys {
  readonly suite: Suite;
  readonly current: number;
  readonly derive: (version: number, purpose: string, length: number) => KeyObject;
}

const SHAPE = { sm: { iv: 16, tag: 32 }, intl: { iv: 12, tag: 16 } } as const;

export function createFileCrypto({ suite, current, derive }: Keys): FileCrypto {
  const cipherOf = (of: Suite, version: number, field: string) => derive(version, `${of}/enc/${field}`, of === 'sm' ? 16 : 32);
  const macOf = (version: number, field: string) => createHmac('sm3', derive(version, `sm/mac/${field}`, 32));

  function sealing(field: string, name: string): Transform {
    const head = headOf(suite, current);
    const bound = Buffer.concat([head, Buffer.from(name)]);
    const iv = randomBytes(SHAPE[suite].iv);
    const key = cipherOf(suite, current, field);
    const gcm = suite === 'intl' ? createCipheriv('aes-256-gcm', key, iv).setAAD(bound) : null;
    const cipher = gcm ?? createCipheriv('sm4-ctr', key, iv);
    const mac = gcm ? null : macOf(current, field).update(bound).update(iv);
    let begun = false;
    const put = (stream: Transform, bytes: Buffer) => {
      if (!begun) stream.push(Buffer.concat([head, iv]));
      begun = true;
      mac?.update(bytes);
      stream.push(bytes);
    };
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        put(this, cipher.update(chunk));
        done();
      },
      flush(done) {
        put(this, cipher.final());
        this.push(gcm ? gcm.getAuthTag() : mac!.digest());
        done();
      },
    });
  }

  return {
    seal: (field, name, from, to) => pipeline(createReadStream(from), sealing(field, name), createWriteStream(to)),
    sealing,

    async open(field, name, path) {
      const file = await open(path);
      const first = Buffer.alloc(HEAD + SHAPE.sm.iv);
      const { size } = await file.stat();
      await file.read(first, 0, first.length, 0);
      const by: Suite = first[1] === SUITE_BYTE.intl ? 'intl' : 'sm';
      const shape = SHAPE[by];
      const tag = Buffer.alloc(shape.tag);
      const from = HEAD + shape.iv;
      const until = size - shape.tag;
      if (until >= from) await file.read(tag, 0, tag.length, until);
      await file.close();
      if (first[0] !== FORMAT || until < from) throw new Error('Not an envelope of this platform');
      const bound = Buffer.concat([first.subarray(0, HEAD), Buffer.from(name)]);
      const iv = first.subarray(HEAD, from);
      const version = first.readUInt16BE(2);
      // A range that would end before it begins cannot be asked for.
      const sealed = () => (until === from ? null : createReadStream(path, { start: from, end: until - 1 }));
      const decipher = () => {
        const key = cipherOf(by, version, field);
        return by === 'intl'
          ? createDecipheriv('aes-256-gcm', key, iv).setAAD(bound).setAuthTag(tag)
          : createDecipheriv('sm4-ctr', key, iv);
      };

      const mac = by === 'sm' ? macOf(version, field).update(bound).update(iv) : null;
      const seen = new Writable({
        write(chunk: Buffer, _encoding, done) {
          mac?.update(chunk);
          done();
        },
      });
      const body = sealed();
      // With GCM the tag is judged at the end of deciphering; what comes out of it on the way is dropped.
      if (body && mac) await pipeline(body, seen);
      else if (body) await pipeline(body, decipher(), seen);
      else if (!mac) decipher().final();
      if (mac && !timingSafeEqual(mac.digest(), tag)) throw new Error('The envelope was changed');
      const plain = decipher();
      const again = sealed();
      if (!again) {
        plain.end();
        return plain;
      }
      again.once('error', (error) => plain.destroy(error));
      plain.once('close', () => again.destroy());
      return again.pipe(plain);
    },
  };
}
