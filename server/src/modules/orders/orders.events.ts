import { tellOnce } from '#server/platform/notices/notices.ts';
import { sql } from 'kysely';
import { beijingDate } from '#server/kernel/calendar.ts';
import { lowestIdAt } from '#server/kernel/ids.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import { unlessRefused } from '#server/kernel/decision.ts';
import type { StoredEvent, Subscriber } from '#server/platform/events/events.ts';
import type { Reference } from '../reference/index.ts';
import { limitsOf } from './orders.facts.ts';
import { concernOf, noticeOfEvent } from './orders.notices.ts';
import type { Orders } from './orders.service.ts';
import { likeMatters, numbersOf } from './orders.views.ts';
import { wordsOf } from './orders.words.ts';

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

/** Tells people what waits for them: requests to decide on, orders that came, were urged or put under oversight. */
export const orderNotices: Subscriber = {
  name: 'orders.notices',
  async handle(tx, events) {
    const telling = events.filter((event) => event.caseKind === 'order' && concernOf(event.name) !== null);
    if (telling.length === 0) return;
    const numbers = await numbersOf(tx, [...new Set(telling.map((event) => event.caseId))]);
    const notices = telling.flatMap((event) => {
      const number = numbers.get(event.caseId);
      return number === undefined ? [] : [noticeOfEvent(event, number, wordsOf(event.name))!];
    });
    await tellOnce(tx, ...notices);
  },
};

const THIRTY_DAYS_MS = 30 * 86_400_000;

/** Puts a matter under oversight when its like came three times in thirty days, or when it is redone a second time. */
export function repeatedMatters(orders: Orders, reference: Reference): Subscriber {
  return {
    name: 'orders.repeated-matters',
    async handle(tx, events) {
      const limits = limitsOf(reference);
      for (const event of events) {
        const cause =
          event.name === 'orders.dispatch' || event.name === 'orders.merge' ? 'repeated' : event.name === 'orders.redo' ? 'redo' : null;
        if (cause === null) continue;
        const like = await likeMatters(tx, event.caseId, lowestIdAt(event.at.getTime() - THIRTY_DAYS_MS));
        const due =
          cause === 'redo' ? like.redoNo >= limits['redos-before-oversight'] : like.count >= limits['like-matters-before-oversight'];
        if (!due) continue;
        const requirement = cause === 'redo' ? '多次重办，请查明原因并限期解决' : `三十日内同类诉求 ${like.count} 件，请查明原因并限期解决`;
        // Under oversight already, or closed meanwhile, where it is refused.
        await unlessRefused(orders.actIn(tx, PLATFORM, event.caseId, 'oversee', null, { level: 1, cause, requirement }));
      }
    },
  };
}
