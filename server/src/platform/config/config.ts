import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Type, type Static } from 'typebox';
import { Check, Errors } from 'typebox/value';

/** Every setting of the platform. Read once at the start; a fault in any of them stops it with all faults listed. */
const Settings = Type.Object({
  MINSHENG_HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on' }),
  MINSHENG_PORT: Type.Integer({ default: 8080, minimum: 0, maximum: 65535, description: 'Port of console, portal and API; 0 takes any' }),
  MINSHENG_DATA: Type.String({ default: 'data', minLength: 1, description: 'Folder of the embedded database, files and secrets' }),
  MINSHENG_ORIGIN: Type.String({
    default: '',
    pattern: '^(https?://[^/]+)?$',
    description: 'Public origin, e.g. https://12345.example.gov.cn; https sets the Secure flag of cookies',
  }),
  DATABASE_URL: Type.String({
    default: '',
    pattern: '^(postgres(ql)?://.+)?$',
    description: 'PostgreSQL >= 15 to use instead of the embedded one; its role owns the schema',
  }),
  DATABASE_APP_URL: Type.String({
    default: '',
    pattern: '^(postgres(ql)?://.+)?$',
    description: 'Log-in of the application when it differs: a member of minsheng_app that owns nothing',
  }),
  MINSHENG_DB_POOL: Type.Integer({ default: 16, minimum: 2, maximum: 200, description: 'Database connections of a node' }),
  MINSHENG_DB_PORT: Type.Integer({ default: 54329, minimum: 1024, maximum: 65535, description: 'Wished port of the embedded database' }),
  MINSHENG_KEYRING: Type.String({
    default: '',
    description: 'Path of the keyring (JSON); required with DATABASE_URL, made by `npm run admin -- keyring FILE`',
  }),
  MINSHENG_SUITE: Type.Union([Type.Literal('sm'), Type.Literal('intl')], {
    default: 'sm',
    description: 'sm: SM4, SM3; intl: AES-256-GCM, SHA-256. Chosen once: query codes and look-ups by telephone hang on it',
  }),
  MINSHENG_S3_ENDPOINT: Type.String({
    default: '',
    pattern: '^(https?://[^/]+/.+)?$',
    description:
      'Bucket of an S3-compatible store for uploaded files, e.g. https://s3.example.gov.cn/minsheng; without it they lie in the data folder',
  }),
  MINSHENG_S3_ACCESS_KEY: Type.String({ default: '', description: 'Access key of that store' }),
  MINSHENG_S3_SECRET_KEY: Type.String({ default: '', description: 'Secret key of that store' }),
  MINSHENG_S3_REGION: Type.String({ default: 'us-east-1', minLength: 1, description: 'Region the requests are signed for' }),
  MINSHENG_CLAMD: Type.String({
    default: '',
    pattern: '^(/.+|[A-Za-z0-9.-]+:\\d{1,5})?$',
    description:
      'Virus scanner for uploads that speaks the protocol of clamd: host:port or the path of a socket; without it files are not scanned',
  }),
  MINSHENG_BACKUP: Type.String({
    default: '',
    description:
      'First site of the backups: a folder, or a bucket like https://s3.example.gov.cn/backups; without it `backups` in the data folder',
  }),
  MINSHENG_BACKUP_SECOND: Type.String({
    default: '',
    description: 'Second site of the backups, in another place: a folder or a bucket; without it there is one copy only',
  }),
  MINSHENG_BACKUP_ACCESS_KEY: Type.String({ default: '', description: 'Access key of the sites that are buckets' }),
  MINSHENG_BACKUP_SECRET_KEY: Type.String({ default: '', description: 'Secret key of the sites that are buckets' }),
  MINSHENG_BACKUP_REGION: Type.String({ default: 'us-east-1', minLength: 1, description: 'Region the requests to them are signed for' }),
  MINSHENG_BACKUP_URL: Type.String({
    default: '',
    pattern: '^(postgres(ql)?://.+)?$',
    description: 'Log-in that may replicate, by which a database of DATABASE_URL is backed up; without it that one is not backed up',
  }),
  MINSHENG_WAL_SPOOL: Type.String({
    default: '',
    description: 'Folder in which finished segments of its write-ahead log appear; required with MINSHENG_BACKUP_URL',
  }),
  MINSHENG_PG_PROGRAMS: Type.String({
    default: '',
    description: 'Folder of pg_basebackup, pg_ctl and postgres of its major version; without it Debian’s /usr/lib/postgresql/<major>/bin',
  }),
  MINSHENG_LOG: Type.Union(
    ['trace', 'debug', 'info', 'warn', 'error', 'silent'].map((level) => Type.Literal(level)),
    { default: 'info', description: 'Lowest level that is written' },
  ),
  MINSHENG_OTLP_ENDPOINT: Type.String({
    default: '',
    pattern: '^(https?://.+)?$',
    description: 'Where lines of the log are sent besides, as OTLP/HTTP in JSON, e.g. http://collector:4318/v1/logs',
  }),
  MINSHENG_ROLE: Type.Union([Type.Literal('all'), Type.Literal('web'), Type.Literal('worker')], {
    default: 'all',
    description:
      'What this process does: all; web answers requests; worker does the background work and answers /metrics and /healthz only',
  }),
  MINSHENG_TRUST_PROXY: Type.Boolean({ default: false, description: 'Take the caller address from X-Forwarded-For' }),
  MINSHENG_RATE_LIMIT: Type.Integer({
    default: 600,
    minimum: 1,
    maximum: 10_000_000,
    description: 'Requests a minute from one address before 429',
  }),
  MINSHENG_INTAKE_LIMIT: Type.Integer({
    default: 30,
    minimum: 1,
    maximum: 10_000_000,
    description: 'Portal submissions and look-ups a minute from one address',
  }),
  MINSHENG_CEILING: Type.Integer({
    default: 1000,
    minimum: 8,
    maximum: 100_000,
    description: 'Requests a node may have at work at once; it keeps below this when it notices that they wait',
  }),
  MINSHENG_ADAPT: Type.Boolean({
    default: true,
    description: 'Whether a node lowers its ceiling by itself when it notices that requests wait',
  }),
  MINSHENG_DIVERSION_PERCENT: Type.Integer({
    default: 80,
    minimum: 10,
    maximum: 100,
    description: 'From this share of it on heavy work waits in line, new visitors see a waiting page and queries are limited',
  }),
  MINSHENG_PRIORITY_PERCENT: Type.Integer({
    default: 95,
    minimum: 10,
    maximum: 100,
    description: 'From this share of it on only filing and handling are served',
  }),
  MINSHENG_PROMETHEUS: Type.String({
    default: '',
    pattern: '^(https?://\\S+)?$',
    description: 'A Prometheus that scrapes the platform: charts are read from it, and rules are judged by it instead of here',
  }),
  MINSHENG_CHROMIUM: Type.String({
    default: '',
    description: 'The browser that probes walk the platform with; without it Debian’s /usr/bin/chromium, where there is one',
  }),
  MINSHENG_PROBE_LOGIN: Type.String({ default: '', maxLength: 60, description: 'Account by which they sign in on the console' }),
  MINSHENG_PROBE_PASSWORD: Type.String({ default: '', maxLength: 200, description: 'Its password' }),
  MINSHENG_SMS_GATEWAY: Type.String({
    default: '',
    pattern: '^(https?://\\S+)?$',
    description: 'Where short messages are sent: an address that takes `to` and `text`, as Kannel sendsms does',
  }),
  MINSHENG_SMTP_URL: Type.String({ default: '', pattern: '^(smtps?://\\S+)?$', description: 'Mail server for alerts and reports' }),
  MINSHENG_MAIL_FROM: Type.String({ default: '', maxLength: 200, description: 'Sender of those mails' }),
  MINSHENG_LIVE_STREAMS: Type.Integer({
    default: 3000,
    minimum: 0,
    maximum: 100_000,
    description: 'Consoles that a node keeps live at once; the others refresh by hand',
  }),
});
type Settings = Static<typeof Settings>;

const CHROMIUM = '/usr/bin/chromium';

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly origin: string;
  readonly databaseUrl: string;
  readonly databaseAppUrl: string;
  readonly dbPool: number;
  readonly dbPort: number;
  /** The store of uploaded files; null is the data folder. */
  readonly s3: Bucket | null;
  readonly backup: {
    readonly first: Place;
    readonly second: Place | null;
    /** By which a database that is not embedded is backed up; empty: it is not. */
    readonly url: string;
    readonly spool: string;
    readonly programs: string;
  };
  /** Whose readings and judgement count instead of the platform's own; empty: none. */
  readonly prometheus: string;
  /** The program, and the account that signs in; empty: none. */
  readonly browser: { readonly chromium: string; readonly login: string; readonly password: string };
  readonly smsGateway: string;
  readonly smtpUrl: string;
  readonly mailFrom: string;
  /** Where the virus scanner listens; empty: none. */
  readonly clamd: string;
  readonly suite: 'sm' | 'intl';
  readonly keyringPath: string;
  readonly logLevel: string;
  /** Where lines of the log are sent besides; empty: nowhere. */
  readonly otlpEndpoint: string;
  readonly role: 'all' | 'web' | 'worker';
  readonly trustProxy: boolean;
  readonly rateLimit: number;
  readonly intakeLimit: number;
  readonly liveStreams: number;
  readonly ceiling: number;
  readonly adapt: boolean;
  readonly bounds: { readonly diversionFrom: number; readonly priorityFrom: number };
  /** The demo: embedded database, seeded people and appeals. */
  readonly demo: boolean;
}

/** Where a store lies: in a folder of one node, or in a bucket of an S3-compatible store that every node reaches. */
export type Place = { readonly folder: string } | { readonly s3: Bucket };

export interface Bucket {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
}

/** All faults of the settings at once, each naming its variable. */
export class ConfigFault extends Error {
  override readonly name = 'ConfigFault';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`The settings have ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/**
 * The settings from the environment (and `.env` beside package.json, which `main` loads first).
 *
 * @throws ConfigFault with every fault found
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, root: string): Config {
  const faults: string[] = [];
  const raw: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(Settings.properties)) {
    const text = env[name];
    const facts = schema as { type?: string; default?: unknown };
    if (text === undefined || text === '') raw[name] = facts.default;
    else if (facts.type === 'integer') raw[name] = /^-?\d+$/.test(text) ? Number(text) : text;
    else if (facts.type === 'boolean') raw[name] = text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
    else raw[name] = text;
  }
  for (const name of Object.keys(env)) {
    if (name.startsWith('MINSHENG_') && !(name in Settings.properties)) faults.push(`${name} is not a setting`);
  }
  // Each by itself: asked of all at once, the library stops at eight errors.
  for (const [name, schema] of Object.entries(Settings.properties)) {
    const [error] = Errors(schema, raw[name]);
    if (!error) continue;
    const choices = (schema as { anyOf?: { const: string }[] }).anyOf?.map((choice) => choice.const).join(', ');
    // An address of a database may hold a password, and faults are written to logs.
    faults.push(
      `${name} ${choices ? `must be one of ${choices}` : error.message}${/_URL$|_SECRET_KEY$|_PASSWORD$/.test(name) ? '' : `, but is "${String(raw[name])}"`}`,
    );
  }
  const settings = raw as Settings;
  const dataFolder = resolve(root, settings.MINSHENG_DATA);
  const demo = !settings.DATABASE_URL;
  if (!demo && !settings.MINSHENG_KEYRING) {
    faults.push('MINSHENG_KEYRING is required with DATABASE_URL: make one with `npm run admin -- keyring FILE` and keep it safe');
  }
  const keyringPath = settings.MINSHENG_KEYRING ? resolve(root, settings.MINSHENG_KEYRING) : join(dataFolder, 'keyring.json');
  if (settings.MINSHENG_KEYRING && !existsSync(keyringPath)) {
    faults.push(`MINSHENG_KEYRING: there is no file ${keyringPath}`);
  }
  if (settings.MINSHENG_S3_ENDPOINT && !(settings.MINSHENG_S3_ACCESS_KEY && settings.MINSHENG_S3_SECRET_KEY)) {
    faults.push('MINSHENG_S3_ENDPOINT goes with MINSHENG_S3_ACCESS_KEY and MINSHENG_S3_SECRET_KEY');
  }
  if (settings.MINSHENG_PRIORITY_PERCENT < settings.MINSHENG_DIVERSION_PERCENT)
    faults.push('MINSHENG_PRIORITY_PERCENT must not be below MINSHENG_DIVERSION_PERCENT');
  const siteOf = (name: 'MINSHENG_BACKUP' | 'MINSHENG_BACKUP_SECOND'): Place | null => {
    const told = settings[name];
    if (!told) return null;
    if (!/^https?:/.test(told)) return { folder: resolve(root, told) };
    if (!/^https?:\/\/[^/]+\/.+$/.test(told)) faults.push(`${name} names no bucket: https://host/bucket is expected, but it is "${told}"`);
    const [accessKey, secretKey] = [settings.MINSHENG_BACKUP_ACCESS_KEY, settings.MINSHENG_BACKUP_SECRET_KEY];
    if (!accessKey || !secretKey)
      faults.push(`${name} is a bucket: it goes with MINSHENG_BACKUP_ACCESS_KEY and MINSHENG_BACKUP_SECRET_KEY`);
    return { s3: { endpoint: told, accessKey, secretKey, region: settings.MINSHENG_BACKUP_REGION } };
  };
  const sites = { first: siteOf('MINSHENG_BACKUP') ?? { folder: join(dataFolder, 'backups') }, second: siteOf('MINSHENG_BACKUP_SECOND') };
  if (JSON.stringify(sites.first) === JSON.stringify(sites.second)) faults.push('MINSHENG_BACKUP_SECOND must not be the first site');
  if (settings.MINSHENG_BACKUP_URL && !settings.DATABASE_URL) faults.push('MINSHENG_BACKUP_URL goes with DATABASE_URL');
  if (settings.MINSHENG_BACKUP_URL && !settings.MINSHENG_WAL_SPOOL)
    faults.push('MINSHENG_WAL_SPOOL is required with MINSHENG_BACKUP_URL: without the log a backup cannot be restored');
  if (settings.DATABASE_APP_URL && !settings.DATABASE_URL) faults.push('DATABASE_APP_URL goes with DATABASE_URL');
  if (faults.length > 0) throw new ConfigFault(faults);
  return Object.freeze({
    host: settings.MINSHENG_HOST,
    port: settings.MINSHENG_PORT,
    dataFolder,
    origin: settings.MINSHENG_ORIGIN,
    databaseUrl: settings.DATABASE_URL,
    databaseAppUrl: settings.DATABASE_APP_URL,
    dbPool: settings.MINSHENG_DB_POOL,
    dbPort: settings.MINSHENG_DB_PORT,
    s3: settings.MINSHENG_S3_ENDPOINT
      ? {
          endpoint: settings.MINSHENG_S3_ENDPOINT,
          accessKey: settings.MINSHENG_S3_ACCESS_KEY,
          secretKey: settings.MINSHENG_S3_SECRET_KEY,
          region: settings.MINSHENG_S3_REGION,
        }
      : null,
    smsGateway: settings.MINSHENG_SMS_GATEWAY,
    prometheus: settings.MINSHENG_PROMETHEUS,
    browser: {
      chromium: settings.MINSHENG_CHROMIUM || (existsSync(CHROMIUM) ? CHROMIUM : ''),
      login: settings.MINSHENG_PROBE_LOGIN,
      password: settings.MINSHENG_PROBE_PASSWORD,
    },
    smtpUrl: settings.MINSHENG_SMTP_URL,
    mailFrom: settings.MINSHENG_MAIL_FROM,
    backup: {
      ...sites,
      url: settings.MINSHENG_BACKUP_URL,
      spool: settings.MINSHENG_WAL_SPOOL && resolve(root, settings.MINSHENG_WAL_SPOOL),
      programs: settings.MINSHENG_PG_PROGRAMS,
    },
    clamd: settings.MINSHENG_CLAMD,
    suite: settings.MINSHENG_SUITE,
    keyringPath,
    logLevel: settings.MINSHENG_LOG as string,
    otlpEndpoint: settings.MINSHENG_OTLP_ENDPOINT,
    role: settings.MINSHENG_ROLE,
    trustProxy: settings.MINSHENG_TRUST_PROXY,
    rateLimit: settings.MINSHENG_RATE_LIMIT,
    intakeLimit: settings.MINSHENG_INTAKE_LIMIT,
    liveStreams: settings.MINSHENG_LIVE_STREAMS,
    ceiling: settings.MINSHENG_CEILING,
    adapt: settings.MINSHENG_ADAPT,
    bounds: { diversionFrom: settings.MINSHENG_DIVERSION_PERCENT / 100, priorityFrom: settings.MINSHENG_PRIORITY_PERCENT / 100 },
    demo,
  });
}

/** Name, default and meaning of every setting: what `.env.example` and the documents are checked against. */
export function settingsTable(): { name: string; default: string; meaning: string }[] {
  return Object.entries(Settings.properties).map(([name, schema]) => {
    const facts = schema as { default?: string | number | boolean; description?: string };
    return { name, default: String(facts.default ?? ''), meaning: facts.description ?? '' };
  });
}

/** Writes a new keyring: version 1, 256 random bits. Refuses to write over a file. */
export function writeKeyring(path: string): void {
  mkdirSync(resolve(path, '..'), { recursive: true });
  const ring = { current: 1, keys: { 1: randomBytes(32).toString('base64') } };
  writeFileSync(path, `${JSON.stringify(ring, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
}

const Keyring = Type.Object({ current: Type.Integer(), keys: Type.Record(Type.String(), Type.String()) });

/**
 * The keyring of a file: master keys by version.
 *
 * @throws ConfigFault, which never tells what stands in the file
 */
export function readKeyring(path: string): { current: number; keys: Map<number, Buffer> } {
  let ring: unknown = null;
  try {
    ring = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!Check(Keyring, ring)) throw new ConfigFault([`MINSHENG_KEYRING: ${path} is no keyring`]);
  const keys = new Map(Object.entries(ring.keys).map(([version, text]) => [Number(version), Buffer.from(text, 'base64')]));
  for (const [version, key] of keys) {
    if (key.length !== 32) throw new ConfigFault([`MINSHENG_KEYRING: key ${version} has ${key.length} bytes, 32 are needed`]);
  }
  if (!keys.has(ring.current)) throw new ConfigFault([`MINSHENG_KEYRING: the current key ${ring.current} is missing`]);
  return { current: ring.current, keys };
}
