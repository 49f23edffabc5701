import { sql } from 'kysely';
import { orderClocks } from '#contracts/orders/orders.clocks.ts';
import { lowestIdAt } from '#server/kernel/ids.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { Reading } from './series.service.ts';

const WINDOW_MS = 300_000;
/** Open clocks are many: they are counted once a minute. */
const COUNTED_MS = 60_000;
/** What is counted of the flow, by the event that tells of it. */
const FLOW: Readonly<Record<string, string>> = {
  'appeals.file': 'filed',
  'orders.accept': 'accepted',
  'orders.dispatch': 'dispatched',
  'orders.reply': 'replied',
  'orders.conclude': 'followed-up',
};

/**
 * What the flow of the hotline's work tells, as numbers without a person or an order in them (DOMAIN §5.3, business): how many
 * were filed, accepted, dispatched, replied and followed up in the last five minutes, by city, and how many open clocks are overdue.
 */
export function createBusinessReader(): (tx: Tx, nowMs: number) => Promise<Reading[]> {
  let overdue: { atMs: number; readings: Reading[] } = { atMs: -Infinity, readings: [] };
  return async (tx, nowMs) => {
    if (nowMs - overdue.atMs >= COUNTED_MS) overdue = { atMs: nowMs, readings: await readOverdue(tx, nowMs) };
    return [...(await readFlow(tx, nowMs)), ...overdue.readings];
  };
}

async function readFlow(tx: Tx, nowMs: number): Promise<Reading[]> {
  const { rows: cities } = await sql<{ code: string }>`select code from reference.region where level = 'city' order by code`.execute(tx);
  const { rows } = await sql<{ name: string; city: string; count: number }>`
    select name, rpad(substr(region, 1, 4), 6, '0') as city, count(*) as count from platform.event
    where id >= ${lowestIdAt(nowMs - WINDOW_MS)} and id < ${lowestIdAt(nowMs)} and name = any(${Object.keys(FLOW)}::text[]) group by 1, 2`.execute(
    tx,
  );
  const counts = new Map(rows.map(({ name, city, count }) => [`${name}/${city}`, count]));
  // A city in which nothing happened tells so: silence and nothing are not the same.
  return Object.entries(FLOW).flatMap(([event, what]) =>
    cities.map(({ code }) => gauge('minsheng_orders_recent', { what, city: code }, counts.get(`${event}/${code}`) ?? 0)),
  );
}

async function readOverdue(tx: Tx, nowMs: number): Promise<Reading[]> {
  const { rows } = await sql<{ name: string; count: number; oldest: number }>`
    select name, count(*) as count, max(extract(epoch from ${new Date(nowMs)}::timestamptz - due_at))::double precision as oldest
    from casework.clock where case_kind = 'order' and result is null and stopped_at is null and due_at < ${new Date(nowMs)} group by 1`.execute(
    tx,
  );
  return Object.keys(orderClocks).flatMap((clock) => {
    const row = rows.find(({ name }) => name === clock);
    return [
      gauge('minsheng_orders_overdue', { clock }, row?.count ?? 0),
      gauge('minsheng_orders_overdue_seconds', { clock }, row?.oldest ?? 0),
    ];
  });
}

function gauge(name: string, labels: Record<string, string>, value: number): Reading {
  return { name, labels, kind: 'gauge', value };
}
