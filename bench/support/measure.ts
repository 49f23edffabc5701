import { sql } from 'kysely';
import { createReferenceService } from '#server/modules/reference/index.ts';
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

/** Asks every line `rounds` times in both ways, turn by turn, so that what else the machine does meets both. */
export async function measure(database: Lab['database'], lines: readonly Line[], nowMs: number, rounds: number): Promise<Measured[]> {
  const app = openDb({ url: database.appUrl, poolSize: 1, asApp: true });
  const owner = openDb({ url: database.ownerUrl, poolSize: 1, asApp: false });
  const reference = await createReferenceService({ db: app, clock: systemClock });
  const measured: Measured[] = [];
  console.log(`${'first page, 20th: p50 p99 ms'.padEnd(64)}  rows    p50     p99     p50     p99 | by the owner`);
  try {
    for (const line of lines) {
      const ask = askOf(line, nowMs, reference);
      const said = saidAloud(line);
      const askAsOwner = said && askOf(said, nowMs, reference);
      const rows = (await timed(app, line, ask)).rows;
      const cursors = line.asks === 'list' || line.asks === 'approvals' ? [undefined, await cursorOf20th(app, line, ask)] : [undefined];
      const pages = [];
      for (const cursor of cursors)
        pages.push(await measurePage(app, owner, line, (tx) => ask(tx, cursor), askAsOwner && ((tx) => askAsOwner(tx, cursor)), rounds));
      const [first, twentieth = { ...first!, p50Ms: 0, scopedMs: 0, ownerMs: 0 }] = pages;
      const sums = { scopedMs: round(first!.scopedMs + twentieth.scopedMs), ownerMs: round(first!.ownerMs + twentieth.ownerMs) };
      const one: Measured = { name: line.name, rows, first: first!, twentieth, p99Ms: Math.max(first!.p99Ms, twentieth.p99Ms), ...sums };
      measured.push(one);
      const cell = (value: number) => String(value).padStart(8);
      console.log(
        `${line.name.padEnd(64)}${String(rows).padStart(6)}${[first!.p50Ms, first!.p99Ms, twentieth.p50Ms, twentieth.p99Ms].map(cell).join('')} |${cell(sums.scopedMs)} to${cell(sums.ownerMs)}`,
      );
    }
  } finally {
    await Promise.all([app.close(), owner.close()]);
  }
  return measured;
}

async function measurePage(app: Db, owner: Db, line: Line, ask: Ask, askAsOwner: Ask | null, rounds: number) {
  const whole: number[] = [];
  const scoped: number[] = [];
  const byOwner: number[] = [];
  for (let turn = 0; turn < rounds; turn++) {
    const ways = [
      async () => {
        const one = await timed(app, line, ask);
        whole.push(one.wholeMs);
        scoped.push(one.innerMs);
      },
      async () => {
        if (askAsOwner) byOwner.push((await timed(owner, line, askAsOwner, true)).innerMs);
      },
    ];
    for (const way of turn % 2 ? ways : ways.toReversed()) await way();
  }
  const { p50Ms, p99Ms } = figuresOf(whole, 1);
  // Without anything to compare with, a line counts on neither side.
  return { p50Ms, p99Ms, scopedMs: askAsOwner ? figuresOf(scoped, 1).p50Ms : 0, ownerMs: figuresOf(byOwner, 1).p50Ms };
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
function askOf({ asks, actor, filter }: Line, nowMs: number, reference: Awaited<ReturnType<typeof createReferenceService>>): Ask {
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
