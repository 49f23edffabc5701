import { tellOnce } from '#server/platform/notices/notices.ts';
import type { Subscriber } from '#server/platform/events/events.ts';

/** Tells whoever handles an order that the citizen added something: the unit, or the dispatchers while there is none. */
export const supplementNotices: Subscriber = {
  name: 'appeals.supplement-notices',
  async handle(tx, events) {
    for (const event of events) {
      if (event.name !== 'appeals.supplement') continue;
      const { number } = event.data as { number: string };
      await tellOnce(tx, {
        at: event.at,
        level: 'info',
        zh: `工单 ${number}：诉求人补充了材料`,
        en: `Order ${number}: the citizen added something`,
        orderId: event.caseId,
        permission: event.unitCode ? 'orders.reply' : 'orders.dispatch',
        region: event.region,
        unitCode: event.unitCode,
        onceKey: `supplement/${event.id}`,
      });
    }
  },
};
