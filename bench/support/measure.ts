import { sql } from 'kysely';
import { createReferenceService, type Reference } from '#server/modules/reference/index.ts';
import { approvalsPage } from '#server/modules/orders/orders.approvals.ts';
import { countOrders, queueCounts } from '#server/modules/orders/orders.counts.ts';
import { ordersPage } from '#server/modules/orders/orders.views.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { openDb, type Db, type Tx } from '#server/platform/db/db.ts';
import type { Lab } from './lab.ts';
import { SHOWN, type Line } from './desks.ts';
import { figuresOf, round } from './figures.ts';

interface Page {
  readonly rows: number;
  readonly nextCursor?: string | undefined;
}
type Ask = (tx: Tx, cursor?: string) => Promise<Page>;

export interface Measured {
  readonly name: string;
  readonly rows: number;
  readonly first: { readonly p50Ms: number; readonly p99Ms: number };
  readonly twentieth: { readonly p50Ms: number; readonly p99Ms: number };
  readonly p99Ms: number;
  /** The statements alone, both pages, in the scope and by the owner of the tables: p50. */
  readonly scopedMs: number;
  readonly ownerMs: number;
}

/** A filled database, and the time at which it was. */
export interface Stock {
  readonly database: Lab['database'];
  readonly nowMs: number;
}

/** What a stock is asked with: as the application in the line's scope, and as the owner of its tables. */
interface Asker {
  readonly app: Db;
  readonly owner: Db;
  readonly nowMs: number;
  readonly reference: Reference;
}

/**
 * Asks every stock every line `rounds` times in both ways, turn by turn, so that what else the machine does meets them all.
 * What was measured of each stock, in the order of the lines.
 */
export async function measure(stocks: readonly Stock[], lines: readonly Line[], rounds: number): Promise<Measured[][]> {
  const askers = await Promise.all(stocks.map(askerOf));
  const measured: Measured[][] = stocks.map(() => []);
  const heads = stocks.map(() => '  rows    p50     p99     p50     p99 | owner, scoped');
  console.log(`${'first page, 20th: p50 p99 ms'.padEnd(64)}${heads.join('   ')}`);
  try {
    for (const line of lines) {
      const all = await measureLine(askers, line, rounds);
      for (const [place, one] of all.entries()) measured[place]!.push(one);
      console.log(`${line.name.padEnd(64)}${all.map(cellsOf).join('   ')}`);
    }
  } finally {
    await Promise.all(askers.flatMap(({ app, owner }) => [app.close(), owner.close()]));
  }
  return measured;
}

async function askerOf({ database, nowMs }: Stock): Promise<Asker> {
  const app = openDb({ url: database.appUrl, poolSize: 1, asApp: true });
  const owner = openDb({ url: database.ownerUrl, poolSize: 1, asApp: false });
  return { app, owner, nowMs, reference: await createReferenceService({ db: app, clock: systemClock }) };
}

async function measureLine(askers: readonly Asker[], line: Line, rounds: number): Promise<Measured[]> {
  const said = saidAloud(line);
  const pages = line.asks === 'list' || line.asks === 'approvals' ? [1, 20] : [1];
  const byPage: PageTimes[][] = [];
  for (const page of pages) {
    const tries: Try[] = [];
    for (const { app, owner, nowMs, reference } of askers) {
      const ask = askOf(line, nowMs, reference);
      const askAsOwner = said && askOf(said, nowMs, reference);
      const cursor = page === 1 ? undefined : await cursorOf20th(app, line, ask);
      tries.push({ app, owner, line, ask: (tx) => ask(tx, cursor), askAsOwner: askAsOwner && ((tx) => askAsOwner(tx, cursor)) });
    }
    byPage.push(await measurePage(tries, rounds));
  }
  return askers.map((_, place): Measured => {
    const [first, twentieth = { ...first!, p50Ms: 0, scopedMs: 0, ownerMs: 0 }] = byPage.map((page) => page[place]!);
    const sums = { scopedMs: round(first!.scopedMs + twentieth.scopedMs), ownerMs: round(first!.ownerMs + twentieth.ownerMs) };
    return { name: line.name, rows: first!.rows, first: first!, twentieth, p99Ms: Math.max(first!.p99Ms, twentieth.p99Ms), ...sums };
  });
}

function cellsOf({ rows, first, twentieth, scopedMs, ownerMs }: Measured): string {
  const times = [first.p50Ms, first.p99Ms, twentieth.p50Ms, twentieth.p99Ms].map((ms) => String(ms).padStart(8)).join('');
  return `${String(rows).padStart(6)}${times} |${[ownerMs, scopedMs].map((ms) => String(ms).padStart(7)).join('')}`;
}

/** One page of one line of one stock. */
interface Try {
  readonly app: Db;
  readonly owner: Db;
  readonly line: Line;
  readonly ask: Ask;
  readonly askAsOwner: Ask | null;
}

interface PageTimes {
  readonly rows: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly scopedMs: number;
  readonly ownerMs: number;
}

async function measurePage(tries: readonly Try[], rounds: number): Promise<PageTimes[]> {
  const times = tries.map(() => ({ rows: 0, whole: [] as number[], scoped: [] as number[], byOwner: [] as number[] }));
  const ways = tries.flatMap(({ app, owner, line, ask, askAsOwner }, place) => {
    const to = times[place]!;
    return [
      async () => {
        const one = await timed(app, line, ask);
        to.rows = one.rows;
        to.whole.push(one.wholeMs);
        to.scoped.push(one.innerMs);
      },
      async () => {
        if (askAsOwner) to.byOwner.push((await timed(owner, line, askAsOwner, true)).innerMs);
      },
    ];
  });
  for (let turn = 0; turn < rounds; turn++) for (const way of turn % 2 ? ways : ways.toReversed()) await way();
  return times.map(({ rows, whole, scoped, byOwner }) => {
    const { p50Ms, p99Ms } = figuresOf(whole, 1);
    // Without anything to compare with, a line counts on neither side.
    const isCompared = byOwner.length > 0;
    return { rows, p50Ms, p99Ms, scopedMs: isCompared ? figuresOf(scoped, 1).p50Ms : 0, ownerMs: figuresOf(byOwner, 1).p50Ms };
  });
}

async function timed(db: Db, line: Line, ask: Ask, asOwner = false): Promise<Page & { wholeMs: number; innerMs: number }> {
  const startMs = performance.now();
  let innerMs = 0;
  const page = await db.transact(line.actor.scope, async (tx) => {
    // Back to whom the connection logged in as: the owner of the tables, whom no policy binds.
    if (asOwner) await sql`reset role`.execute(tx);
    const fromMs = performance.now();
    const answer = await ask(tx);
    innerMs = performance.now() - fromMs;
    return answer;
  });
  return { ...page, wholeMs: performance.now() - startMs, innerMs };
}

/** Where the twentieth page begins, or the last one of a shorter list. */
async function cursorOf20th(app: Db, line: Line, ask: Ask): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let page = 1; page < 20; page++) {
    const { nextCursor } = await app.transact(line.actor.scope, (tx) => ask(tx, cursor));
    if (nextCursor === undefined) break;
    cursor = nextCursor;
  }
  return cursor;
}

/** The line with its policy's predicate in the query; null where no filter says it, as for a unit's home page. */
function saidAloud(line: Line): Line | null {
  const { scopeKind, unitCode, region } = line.actor;
  if (scopeKind === 'province' || line.asks === 'approvals') return line;
  if (line.asks === 'queues') return null;
  const own = scopeKind === 'unit' ? { unit: unitCode! } : { region: region!.slice(0, 4) };
  return { ...line, actor: { ...line.actor, scope: { role: 'province' } }, filter: { ...own, ...line.filter } };
}

/** A line as the route asks it. */
function askOf({ asks, actor, filter }: Line, nowMs: number, reference: Reference): Ask {
  const page = ({ items, nextCursor }: { items: readonly unknown[]; nextCursor?: string }): Page => ({ rows: items.length, nextCursor });
  switch (asks) {
    case 'list':
      return async (tx, cursor) =>
        page(await ordersPage(tx, actor, { ...filter, ...(cursor ? { cursor } : {}) }, nowMs, reference.unitName));
    case 'approvals':
      return async (tx, cursor) => page(await approvalsPage(tx, actor, { limit: filter.limit!, ...(cursor ? { cursor } : {}) }, reference));
    case 'count':
      return async (tx) => ({ rows: (await countOrders(tx, actor, filter, nowMs)).count });
    case 'queues':
      return async (tx) => ({ rows: (await queueCounts(tx, actor, SHOWN, nowMs)).reduce((sum, { count }) => sum + count, 0) });
  }
}
