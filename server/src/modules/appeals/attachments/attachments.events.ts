import { newId } from '#server/kernel/ids.ts';
import type { Subscriber } from '#server/platform/events/events.ts';

/** Tells whoever handles an order that the citizen added something: the unit, or the dispatchers while there is none. */
export const supplementNotices: Subscriber = {
  name: 'appeals.supplement-notices',
  async handle(tx, events) {
    for (const event of events) {
      if (event.name !== 'appeals.supplement') continue;
      const { number } = event.data as { number: string };
      await tx
        .insertInto('platform.notice')
        .values({
          id: newId(event.at.getTime()),
          at: event.at,
          level: 'info',
          zh: `工单 ${number}：诉求人补充了材料`,
          en: `Order ${number}: the citizen added something`,
          order_id: event.caseId,
          permission: event.unitCode ? 'orders.reply' : 'orders.dispatch',
          region: event.region,
          unit_code: event.unitCode,
          once_key: `supplement/${event.id}`,
        })
        .onConflict((oc) => oc.column('once_key').doNothing())
        .execute();
    }
  },
};
