import { orderLifecycle, type OrderClock } from '#contracts/orders/orders.lifecycle.ts';
import { clockRow, dueOf, turnClocks, type ClockRule } from '#server/platform/casework/index.ts';
import { insertOf, type Insert } from '#server/platform/db/db.ts';
import { eventInsert, type NewEvent } from '#server/platform/events/events.ts';
import type { Filing, OpenOrder } from '../appeals/index.ts';
import type { Reference } from '../reference/index.ts';
import { clockTable } from './orders.clocks.ts';

/** Opens the order beside its appeal: the writes of one statement. */
export function createOpenOrder(reference: Reference): OpenOrder {
  return async (filing) => {
    const { appeal, actor } = filing;
    const filed = eventOf(filing, 'appeals.file', null, 'filed', { channel: appeal.channel });
    const row = {
      id: appeal.id,
      number: appeal.number,
      version: 1,
      region: appeal.region,
      channel: appeal.channel,
      type: appeal.type,
      category: filing.category,
      urgency: filing.urgency,
      confidential: appeal.confidential,
      filed_at: appeal.filedAt,
    };
    if (filing.past?.reply) return closedInThePast(filing, row, filed);
    if (!filing.accept) return { state: 'filed', writes: [insertOf('orders.work_order', { ...row, state: 'filed' }), eventInsert(filed)] };
    const rules = new Map<OrderClock, ClockRule>([
      [
        'dispatch',
        await reference.limitFor(
          { urgency: filing.urgency, type: appeal.type, category: filing.category, region: appeal.region },
          'dispatch',
          appeal.filedAt.getTime(),
        ),
      ],
    ]);
    const state = orderLifecycle.actions.accept.moves.filed;
    const clocks = turnClocks(clockTable, [], 'accept', state, appeal.filedAt.getTime(), rules, await reference.holidays());
    return {
      state,
      writes: [
        insertOf('orders.work_order', { ...row, state, version: 2, accepted_at: appeal.filedAt, ...dueOf(clockTable, clocks.all) }),
        ...clocks.fresh.map((clock) =>
          insertOf('casework.clock', clockRow({ caseKind: 'order', caseId: appeal.id, region: appeal.region, unitCode: null }, clock)),
        ),
        eventInsert(filed),
        eventInsert(eventOf({ ...filing, actor }, 'orders.accept', 'filed', state, {})),
      ],
    };
  };
}

/** An imported order that had been answered long ago: its events carry their own instants, and no clock runs. */
function closedInThePast(filing: Filing, row: Record<string, unknown>, filed: NewEvent): { state: string; writes: Insert[] } {
  const { appeal, past } = filing;
  const reply = past!.reply!;
  const dates = { accepted_at: appeal.filedAt, replied_at: reply.at, closed_at: reply.at };
  const told = (name: string, from: string, to: string, data: Record<string, unknown>): NewEvent => ({
    ...eventOf(filing, name, from, to, data),
    at: reply.at,
    actor: reply.by,
    unitCode: past!.unitCode,
  });
  return {
    state: 'closed',
    writes: [
      insertOf('orders.work_order', { ...row, state: 'closed', main_unit: past!.unitCode, ...dates }),
      insertOf('orders.reply', {
        order_id: appeal.id,
        no: 1,
        task_no: null,
        unit_code: past!.unitCode,
        region: appeal.region,
        result_type: reply.resultType,
        text: reply.text,
        basis: null,
        by_account: null,
        by_name: reply.by,
        at: reply.at,
        checked: null,
        check_opinion: null,
      }),
      eventInsert(filed),
      eventInsert(told('orders.reply', 'handling', 'closed', { imported: true, resultType: reply.resultType })),
    ],
  };
}

function eventOf({ appeal, actor }: Filing, name: string, from: string | null, to: string, data: Record<string, unknown>): NewEvent {
  return {
    at: appeal.filedAt,
    name,
    caseKind: 'order',
    caseId: appeal.id,
    actorId: actor.accountId,
    actor: actor.name,
    region: appeal.region,
    unitCode: null,
    from,
    to,
    public: true,
    data,
  };
}
