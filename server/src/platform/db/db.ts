import { AsyncLocalStorage } from 'node:async_hooks';
import { CompiledQuery, Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { Scope } from '#contracts/permissions.ts';
import type { DB } from './schema.gen.ts';

/** A transaction in one scope. Everything that writes takes one, so nothing is written outside of it. */
export type Tx = Transaction<DB> & { readonly __scoped: true };

/** The database role a transaction takes, with the settings its row-level policies read. */
export interface DbScope {
  readonly role: Scope | 'gate';
  readonly regionLo?: string;
  readonly regionHi?: string;
  readonly unitLo?: string;
  readonly unitHi?: string;
  readonly number?: string;
  readonly queryHash?: string;
  readonly sourceSystem?: string;
  readonly idempotencyKey?: string;
  readonly account?: string;
}

export interface Db {
  /** Runs `work` in one transaction of this scope; its value is durable when the promise resolves. */
  transact<T>(scope: DbScope, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * The same on a connection kept for it: what others wait for within their transactions, such as the calendar, must not
   * wait for theirs to end.
   */
  aside<T>(scope: DbScope, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Connections in use and waiting callers, for metrics. */
  usage(): { total: number; idle: number; waiting: number };
  /** How long a connection has been waited for: the longest wait that ended since this was last asked, or that still goes on. */
  waitMs(): number;
  close(): Promise<void>;
}

export const SYSTEM: DbScope = { role: 'system' };
export const GATE: DbScope = { role: 'gate' };

const SETTING: Readonly<Record<Exclude<keyof DbScope, 'role'>, string>> = {
  regionLo: 'minsheng.region_lo',
  regionHi: 'minsheng.region_hi',
  unitLo: 'minsheng.unit_lo',
  unitHi: 'minsheng.unit_hi',
  number: 'minsheng.number',
  queryHash: 'minsheng.query_hash',
  sourceSystem: 'minsheng.source_system',
  idempotencyKey: 'minsheng.idempotency_key',
  account: 'minsheng.account',
};

pg.types.setTypeParser(20, Number); // int8: counts and sizes here, far below 2^53
pg.types.setTypeParser(1700, Number); // numeric: limits
pg.types.setTypeParser(1082, (text) => text); // date stays YYYY-MM-DD

/** A statement that begins with this comment is prepared once per connection under the name it gives. */
const HOT = /^\s*\/\*hot:([a-z-]+)\*\//;

const prepared = new Map<string, string>();

/** The name a hot statement is prepared under: its own, and a number where its text comes in several shapes. */
function preparedName(text: string): string | undefined {
  const known = prepared.get(text);
  if (known) return known;
  const base = HOT.exec(text)?.[1];
  if (base === undefined || prepared.size >= 200) return undefined;
  const name = `${base}-${prepared.size}`;
  prepared.set(text, name);
  return name;
}

/** The driver's client, with the one addition that statements marked hot are prepared by name. */
class Client extends pg.Client {
  // The driver's overloads cannot be restated without `any`; only the (text, values) form is touched.
  override query = ((...args: unknown[]) => {
    const [text, values, ...rest] = args;
    const name = typeof text === 'string' ? preparedName(text) : undefined;
    const original = pg.Client.prototype.query as (...inner: unknown[]) => unknown;
    return name ? original.call(this, { name, text, values }, ...rest) : original.apply(this, args);
  }) as unknown as pg.Client['query'];
}

/** Work that may use the reserved connections when all others are taken: filing and logging in. */
export const urgent = new AsyncLocalStorage<true>();

/**
 * Opens the application's pool; `reserved` of its connections are kept for urgent work, and one more for {@link Db.aside}.
 *
 * `asApp` makes each connection start as `minsheng_app` when its log-in is not already that role, so that even a
 * forgotten scope owns nothing.
 */
export function openDb(options: { url: string; poolSize: number; asApp: boolean; name?: string; reserved?: number }): Db {
  const startOptions = [
    options.asApp ? '-c role=minsheng_app' : '',
    '-c statement_timeout=30000',
    '-c lock_timeout=10000',
    '-c idle_in_transaction_session_timeout=60000',
    '-c timezone=UTC',
  ];
  const openPool = (max: number) => {
    const pool = new pg.Pool({
      connectionString: options.url,
      max,
      application_name: options.name ?? 'minsheng',
      options: startOptions.filter(Boolean).join(' '),
      connectionTimeoutMillis: 10_000,
      Client,
    });
    // A broken idle connection is replaced by the pool; the error must not end the process.
    pool.on('error', () => {});
    // One that breaks in use tells who uses it by his statement; it listens to nobody else, and must not end the process either.
    pool.on('connect', (client) => client.on('error', () => {}));
    return { pool, max, kysely: new Kysely<DB>({ dialect: new PostgresDialect({ pool }) }) };
  };
  const reserved = options.reserved ? openPool(options.reserved) : null;
  const main = openPool(options.poolSize - (options.reserved ?? 0));
  const aside = openPool(1);
  const isTaken = () => main.pool.idleCount === 0 && main.pool.totalCount >= main.max;
  const waiting = new Set<{ readonly sinceMs: number }>();
  let longestMs = 0;
  return {
    transact: (scope, work) => {
      const { kysely } = reserved && isTaken() && urgent.getStore() ? reserved : main;
      const wait = { sinceMs: performance.now() };
      waiting.add(wait);
      const run = runIn(kysely, scope, work, () => {
        waiting.delete(wait);
        longestMs = Math.max(longestMs, performance.now() - wait.sinceMs);
      });
      // Where no connection was to be had, the wait is over all the same.
      return run.finally(() => waiting.delete(wait));
    },
    aside: (scope, work) => runIn(aside.kysely, scope, work),
    usage() {
      const pools = [main.pool, aside.pool, ...(reserved ? [reserved.pool] : [])];
      const sum = (count: 'totalCount' | 'idleCount' | 'waitingCount') => pools.reduce((all, pool) => all + pool[count], 0);
      return { total: sum('totalCount'), idle: sum('idleCount'), waiting: sum('waitingCount') };
    },
    waitMs() {
      const [oldest] = waiting;
      const ended = longestMs;
      longestMs = 0;
      return Math.max(ended, oldest ? performance.now() - oldest.sinceMs : 0);
    },
    async close() {
      await Promise.all([main.kysely.destroy(), aside.kysely.destroy(), reserved?.kysely.destroy()]);
    },
  };
}

async function runIn<T>(kysely: Kysely<DB>, scope: DbScope, work: (tx: Tx) => Promise<T>, began = (): void => {}): Promise<T> {
  return kysely.connection().execute(async (connection) => {
    began();
    await connection.executeQuery(CompiledQuery.raw(entrance(scope)));
    try {
      const value = await work(connection as unknown as Tx);
      await connection.executeQuery(CompiledQuery.raw('commit'));
      return value;
    } catch (error) {
      await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => {});
      throw error;
    }
  });
}

/**
 * Begins the transaction, takes the role of the scope until it ends, and says whose rows it means: one round trip,
 * because the simple protocol carries several statements. Settings are quoted as literals.
 */
function entrance(scope: DbScope): string {
  let text = `begin; set local role minsheng_${scope.role}`;
  for (const [key, setting] of Object.entries(SETTING)) {
    const value = scope[key as keyof typeof SETTING];
    if (value !== undefined) text += `; set local ${setting} = ${pg.escapeLiteral(value)}`;
  }
  return text;
}

/** The range of region codes that begin with `code`: [lo, hi). */
export function codeRange(code: string): { lo: string; hi: string } {
  return { lo: code, hi: `${code}~` };
}

/** One row to be written, as part of a larger statement. */
export interface Insert {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

export function insertOf(table: string, row: Readonly<Record<string, unknown>>): Insert {
  return { table, row };
}

const texts = new Map<string, string>();

/**
 * Several rows of several tables as one statement, and so one round trip: `with w0 as (insert …), w1 as (…) select 1`.
 *
 * Its text depends on the tables and columns alone, so it is made once per shape and prepared by the driver.
 */
export async function writeTogether(tx: Tx, name: string, writes: readonly Insert[]): Promise<void> {
  const shape = `${name}:${writes.map(({ table, row }) => `${table}(${Object.keys(row).join()})`).join(';')}`;
  let text = texts.get(shape);
  if (text === undefined) {
    let parameter = 0;
    const parts = writes.map(({ table, row }, index) => {
      const columns = Object.keys(row);
      return `w${index} as (insert into ${table} (${columns.map((column) => `"${column}"`).join(', ')}) values (${columns.map(() => `$${++parameter}`).join(', ')}))`;
    });
    text = `/*hot:${name}*/ with ${parts.join(', ')} select 1`;
    if (texts.size < 200) texts.set(shape, text);
  }
  await tx.executeQuery(
    CompiledQuery.raw(
      text,
      writes.flatMap(({ row }) => Object.values(row)),
    ),
  );
}

/** Whether an error says that a row of this constraint exists already. */
export function violates(error: unknown, constraint: string | RegExp): boolean {
  const facts = error as { code?: string; constraint?: string };
  if (facts.code !== '23505' || facts.constraint === undefined) return false;
  return typeof constraint === 'string' ? facts.constraint === constraint : constraint.test(facts.constraint);
}
