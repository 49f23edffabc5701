import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';
import { FORMAT, HEAD, headOf, SUITE_BYTE, type Suite } from './envelope.ts';
import { createFileCrypto, type FileCrypto } from './file-crypto.ts';

export type { Suite };

/** What the platform encrypts and hashes with. Field names are part of the key derivation: a cipher cannot be moved. */
export interface Crypto {
  /** Encrypts text for a named field. Envelope: format 1, suite 1, key version 2, then iv, ciphertext, tag. */
  seal(field: string, text: string): Buffer;
  /** The text of an envelope. @throws Error when the envelope was changed or its key is not in the ring */
  open(field: string, envelope: Uint8Array): string;
  /** A keyed hash of a value, so that equal values can be found without being read (blind index). */
  blindIndex(field: string, value: string): Buffer;
  /** A keyed hash for codes that are derived rather than stored. */
  mac(purpose: string, value: string): Buffer;
  /** The same for files, which are too large to be held. */
  readonly files: FileCrypto;
}

/**
 * Two suites behind one envelope: `sm` is SM4-CTR then HMAC-SM3 (encrypt, then MAC), `intl` is AES-256-GCM.
 * New values take `suite` and the ring's current key; old ones are opened by what their envelope names.
 */
export function createCrypto(suite: Suite, ring: { current: number; keys: ReadonlyMap<number, Buffer> }): Crypto {
  // Held as key objects: preparing one from bytes costs more than using it.
  const derived = new Map<string, KeyObject>();
  const derive = (version: number, purpose: string, length: number): KeyObject => {
    const name = `${version}/${purpose}`;
    let key = derived.get(name);
    if (!key) {
      const master = ring.keys.get(version);
      if (!master) throw new Error(`Key version ${version} is not in the keyring`);
      key = createSecretKey(Buffer.from(hkdfSync('sha256', master, 'minsheng', purpose, length)));
      derived.set(name, key);
    }
    return key;
  };
  const hash = suite === 'sm' ? 'sm3' : 'sha256';
  // The index must stay the same when the data key is renewed, so it hangs on the first key of the ring.
  const indexVersion = Math.min(...ring.keys.keys());

  return {
    seal(field, text) {
      const plain = Buffer.from(text, 'utf8');
      const head = headOf(suite, ring.current);
      if (suite === 'intl') {
        const iv = randomBytes(12);
        const cipher = createCipheriv('aes-256-gcm', derive(ring.current, `intl/enc/${field}`, 32), iv);
        cipher.setAAD(head);
        return Buffer.concat([head, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
      }
      const iv = randomBytes(16);
      const cipher = createCipheriv('sm4-ctr', derive(ring.current, `sm/enc/${field}`, 16), iv);
      const body = Buffer.concat([head, iv, cipher.update(plain), cipher.final()]);
      return Buffer.concat([
        body,
        createHmac('sm3', derive(ring.current, `sm/mac/${field}`, 32))
          .update(body)
          .digest(),
      ]);
    },
    open(field, envelope) {
      const bytes = Buffer.from(envelope);
      if (bytes.length < HEAD + 16 || bytes[0] !== FORMAT) throw new Error('Not an envelope of this platform');
      const version = bytes.readUInt16BE(2);
      if (bytes[1] === SUITE_BYTE.intl) {
        const decipher = createDecipheriv('aes-256-gcm', derive(version, `intl/enc/${field}`, 32), bytes.subarray(HEAD, HEAD + 12));
        decipher.setAAD(bytes.subarray(0, HEAD));
        decipher.setAuthTag(bytes.subarray(-16));
        return Buffer.concat([decipher.update(bytes.subarray(HEAD + 12, -16)), decipher.final()]).toString('utf8');
      }
      const body = bytes.subarray(0, -32);
      const expected = createHmac('sm3', derive(version, `sm/mac/${field}`, 32))
        .update(body)
        .digest();
      if (!timingSafeEqual(expected, bytes.subarray(-32))) throw new Error('The envelope was changed');
      const decipher = createDecipheriv('sm4-ctr', derive(version, `sm/enc/${field}`, 16), body.subarray(HEAD, HEAD + 16));
      return Buffer.concat([decipher.update(body.subarray(HEAD + 16)), decipher.final()]).toString('utf8');
    },
    files: createFileCrypto({ suite, current: ring.current, derive }),
    blindIndex: (field, value) =>
      createHmac(hash, derive(indexVersion, `${suite}/index/${field}`, 32))
        .update(value, 'utf8')
        .digest(),
    mac: (purpose, value) =>
      createHmac(hash, derive(indexVersion, `${suite}/mac/${purpose}`, 32))
        .update(value, 'utf8')
        .digest(),
  };
}

/** SM3 (GB/T 32905) of some bytes or text. */
export function sm3(...parts: (string | Uint8Array)[]): Buffer {
  const hash = createHash('sm3');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** A random secret of `bytes` bytes as text that survives being typed. */
export function newSecret(bytes = 24): string {
  return randomBytes(bytes).toString('base64url');
}
