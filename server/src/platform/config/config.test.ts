import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigFault, readConfig, readKeyring, settingsTable, writeKeyring } from './config.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'minsheng-config-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env, root);
    return [];
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
}

describe('the settings', () => {
  it('are those of the demo when nothing is set: an embedded database, nothing open to the network', () => {
    const config = readConfig({ PATH: '/bin', HOME: '/root' }, root);
    expect(config).toMatchObject({
      demo: true,
      host: '127.0.0.1',
      port: 8080,
      suite: 'sm',
      role: 'all',
      trustProxy: false,
      databaseUrl: '',
      origin: '',
      logLevel: 'info',
    });
    expect(config.dataFolder).toBe(join(root, 'data'));
    expect(config.keyringPath).toBe(join(root, 'data', 'keyring.json'));
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('name the sites of the backups: folders or buckets, two different ones, and a log for a database of one’s own', () => {
    expect(readConfig({}, root).backup).toMatchObject({ first: { folder: join(root, 'data', 'backups') }, second: null, url: '' });
    const keys = { MINSHENG_BACKUP_ACCESS_KEY: 'a', MINSHENG_BACKUP_SECRET_KEY: 's' };
    const bucket = 'https://s3.example.gov.cn/backups';
    expect(readConfig({ MINSHENG_BACKUP_SECOND: bucket, ...keys }, root).backup.second).toMatchObject({
      s3: { endpoint: bucket, accessKey: 'a' },
    });
    const named = (env: Record<string, string>) => faultsOf(env).map((fault) => fault.split(' ')[0]);
    expect(named({ MINSHENG_BACKUP_SECOND: bucket })).toEqual(['MINSHENG_BACKUP_SECOND']);
    expect(named({ MINSHENG_BACKUP: 'https://s3.example.gov.cn', ...keys })).toEqual(['MINSHENG_BACKUP']);
    expect(named({ MINSHENG_BACKUP: '/srv/b', MINSHENG_BACKUP_SECOND: '/srv/b' })).toEqual(['MINSHENG_BACKUP_SECOND']);
    expect(named({ MINSHENG_BACKUP_URL: 'postgresql://x@y/z' })).toEqual(['MINSHENG_BACKUP_URL', 'MINSHENG_WAL_SPOOL']);
  });

  it('take an empty value as not set', () => {
    expect(readConfig({ MINSHENG_PORT: '', MINSHENG_SUITE: '' }, root)).toMatchObject({ port: 8080, suite: 'sm' });
  });

  it('read numbers and switches from text', () => {
    expect(readConfig({ MINSHENG_PORT: '0', MINSHENG_TRUST_PROXY: 'true', MINSHENG_DB_POOL: '32' }, root)).toMatchObject({
      port: 0,
      trustProxy: true,
      dbPool: 32,
    });
    expect(readConfig({ MINSHENG_TRUST_PROXY: '1' }, root).trustProxy).toBe(true);
    expect(readConfig({ MINSHENG_TRUST_PROXY: '0' }, root).trustProxy).toBe(false);
  });

  it('tell all their faults at once, each with its name and value', () => {
    const faults = faultsOf({
      MINSHENG_PORT: '70000',
      MINSHENG_DB_POOL: 'many',
      MINSHENG_SUITE: 'des',
      MINSHENG_LOG: 'loud',
      MINSHENG_TRUST_PROXY: 'yes',
      MINSHENG_ORIGIN: 'example.gov.cn',
      MINSHENG_PROT: '8080',
      DATABASE_URL: 'postgres://db/minsheng',
      DATABASE_APP_URL: 'mysql://db/minsheng',
    });
    for (const name of [
      'MINSHENG_PORT',
      'MINSHENG_DB_POOL',
      'MINSHENG_SUITE',
      'MINSHENG_LOG',
      'MINSHENG_TRUST_PROXY',
      'MINSHENG_ORIGIN',
      'MINSHENG_PROT',
      'MINSHENG_KEYRING',
      'DATABASE_APP_URL',
    ]) {
      expect(
        faults.filter((fault) => fault.startsWith(`${name} `)),
        name,
      ).toHaveLength(1);
    }
    expect(faults).toHaveLength(9);
    expect(faults.find((fault) => fault.startsWith('MINSHENG_DB_POOL'))).toContain('"many"');
    expect(new ConfigFault(faults).message).toContain('9 fault(s)');
  });

  it('refuse a name that looks like ours and is none, since a misspelt setting would go unheard', () => {
    expect(faultsOf({ MINSHENG_PROT: '8080' })).toEqual(['MINSHENG_PROT is not a setting']);
    expect(faultsOf({ MINSHENG_: '' })).toEqual(['MINSHENG_ is not a setting']);
    expect(faultsOf({ minsheng_port: 'x', OTHER: 'y' })).toEqual([]);
  });

  it.each(['8080.5', ' 8080', '8e3', '0x50', '-1', '65536', 'NaN'])('refuse the port "%s"', (port) => {
    expect(faultsOf({ MINSHENG_PORT: port })).toHaveLength(1);
  });

  it('have no keyring of their own outside the demo: a secret that ships is no secret', () => {
    expect(faultsOf({ DATABASE_URL: 'postgres://db/minsheng' })).toEqual([expect.stringMatching(/^MINSHENG_KEYRING is required/)]);
    const path = join(root, 'own-keyring.json');
    writeKeyring(path);
    expect(readConfig({ DATABASE_URL: 'postgres://db/minsheng', MINSHENG_KEYRING: path }, root)).toMatchObject({
      demo: false,
      keyringPath: path,
    });
    for (const { name, default: value } of settingsTable()) if (/KEY|SECRET|PASSWORD|URL/.test(name)) expect(value).toBe('');
  });

  it('refuse a keyring that is not there, and an application log-in without a database', () => {
    expect(faultsOf({ MINSHENG_KEYRING: join(root, 'nowhere.json') })).toEqual([
      expect.stringMatching(/^MINSHENG_KEYRING: there is no file/),
    ]);
    expect(faultsOf({ DATABASE_APP_URL: 'postgres://db/minsheng' })).toEqual(['DATABASE_APP_URL goes with DATABASE_URL']);
  });

  it('look for a keyring given by a relative path where they then read it: beside the platform, not where it was started', () => {
    mkdirSync(join(root, 'secrets'), { recursive: true });
    writeKeyring(join(root, 'secrets', 'keyring.json'));
    expect(readConfig({ MINSHENG_KEYRING: 'secrets/keyring.json' }, root).keyringPath).toBe(join(root, 'secrets', 'keyring.json'));
  });

  it('never tell the password of a database address in a fault', () => {
    const text = faultsOf({ DATABASE_URL: 'mysql://minsheng:s3cret-word@db/minsheng', DATABASE_APP_URL: 'app:s3cret-word@db' }).join('\n');
    expect(text).toContain('DATABASE_URL');
    expect(text).not.toContain('s3cret-word');
  });

  it('are all told in the table that .env.example is made from', () => {
    expect(settingsTable().every(({ name, meaning }) => /^(MINSHENG|DATABASE)_[A-Z0-9_]+$/.test(name) && meaning.length > 5)).toBe(true);
    const example = readFileSync(join(import.meta.dirname, '../../../../.env.example'), 'utf8');
    for (const { name, default: value, meaning } of settingsTable()) expect(example).toContain(`# ${meaning}\n# ${name}=${value}\n`);
  });
});

describe('a keyring', () => {
  const write = (name: string, text: string) => {
    const path = join(root, name);
    writeFileSync(path, text);
    return path;
  };

  it('is made with a random key of 256 bits that only its owner reads', () => {
    const path = join(root, 'deep', 'down', 'keyring.json');
    writeKeyring(path);
    const ring = readKeyring(path);
    expect(ring.current).toBe(1);
    expect(ring.keys.get(1)).toHaveLength(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeKeyring(join(root, 'other.json'));
    expect(readKeyring(join(root, 'other.json')).keys.get(1)).not.toEqual(ring.keys.get(1));
  });

  it('is never written over: what it sealed would be lost', () => {
    const path = join(root, 'kept.json');
    writeKeyring(path);
    const before = readFileSync(path, 'utf8');
    expect(() => writeKeyring(path)).toThrow('EEXIST');
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('keeps its old keys beside the current one', () => {
    const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
    const ring = readKeyring(write('renewed.json', JSON.stringify({ current: 2, keys: { 1: key(1), 2: key(2) } })));
    expect([ring.current, [...ring.keys.keys()]]).toEqual([2, [1, 2]]);
  });

  it.each([
    [
      'with a key of the wrong length',
      JSON.stringify({ current: 1, keys: { 1: Buffer.alloc(16).toString('base64') } }),
      'key 1 has 16 bytes, 32 are needed',
    ],
    [
      'without its current key',
      JSON.stringify({ current: 2, keys: { 1: Buffer.alloc(32).toString('base64') } }),
      'the current key 2 is missing',
    ],
  ])('%s is refused', (_, text, reason) => {
    expect(() => readKeyring(write('faulty.json', text))).toThrow(reason);
  });

  it.each([
    ['no JSON', '32 bytes of s3cret-word'],
    ['no keyring', '[]'],
    ['no keys', '{"current":1}'],
    ['nothing', 'null'],
  ])('that is %s is refused without telling what stands in it', (_, text) => {
    const read = () => readKeyring(write('foreign.json', text));
    expect(read).toThrow(ConfigFault);
    expect(read).toThrow('MINSHENG_KEYRING');
    expect(read).not.toThrow('s3cret');
  });
});
