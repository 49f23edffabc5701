import { sql } from 'kysely';
import { beijingDate } from '#server/kernel/calendar.ts';
import type { StoredEvent, Subscriber } from '#server/platform/events/events.ts';

const CLOSING = ['closed', 'answered'];

/** What an event adds to the day's counters, if anything. */
function countedAs(event: StoredEvent): 'filed' | 'closed' | null {
  if (event.name === 'appeals.file') return 'filed';
  const closes = event.to !== null && CLOSING.includes(event.to) && event.from !== event.to;
  return closes ? 'closed' : null;
}

/** Keeps the counters of each day and county. They move with the cursor in one transaction, so nothing counts twice. */
export const dailyCounts: Subscriber = {
  name: 'orders.daily-counts',
  async handle(tx, events) {
    const sums = new Map<string, { day: string; region: string; what: 'filed' | 'closed'; count: number }>();
    for (const event of events) {
      const what = countedAs(event);
      if (what === null) continue;
      const entry = { day: beijingDate(event.at.getTime()), region: event.region.slice(0, 6), what, count: 1 };
      const key = `${entry.day}/${entry.region}/${what}`;
      const known = sums.get(key);
      if (known) known.count++;
      else sums.set(key, entry);
    }
    if (sums.size === 0) return;
    await tx
      .insertInto('orders.daily_count')
      .values([...sums.values()])
      .onConflict((oc) => oc.columns(['day', 'region', 'what']).doUpdateSet({ count: sql`orders.daily_count.count + excluded.count` }))
      .execute();
  },
};
