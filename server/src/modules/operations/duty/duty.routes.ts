import { dutyApi } from '#contracts/operations/duty.api.ts';
import { beijingDate, startOfDay } from '#server/kernel/calendar.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import type { Duty } from './duty.service.ts';
import { dutyBoard, handOversPage, shiftsBetween } from './duty.views.ts';

const DAY_MS = 86_400_000;

export function dutyRoutes({ duty, db, clock }: { duty: Duty; db: Db; clock: Clock }): Binding[] {
  return [
    bind(dutyApi.board, ({ actor }) => db.transact(actor.scope, (tx) => dutyBoard(tx, actor, new Date(clock.nowMs())))),
    bind(dutyApi.shifts, async ({ actor, query }) => {
      const from = query.from ?? mondayOf(clock.nowMs());
      const fromMs = startOfDay(from);
      return { from, items: await db.transact(actor.scope, (tx) => shiftsBetween(tx, new Date(fromMs), new Date(fromMs + 7 * DAY_MS))) };
    }),
    bind(dutyApi.addShifts, ({ actor, body }) => duty.add(actor, body)),
    bind(dutyApi.swap, ({ actor, params, body }) => duty.swap(actor, params.id, body.with)),
    bind(dutyApi.remove, ({ actor, params }) => duty.remove(actor, params.id)),
    bind(dutyApi.handOver, ({ actor, params, body }) => duty.handOver(actor, params.id, body.note)),
    bind(dutyApi.take, ({ actor, params }) => duty.take(actor, params.id)),
    bind(dutyApi.handOvers, ({ actor, query }) => db.transact(actor.scope, (tx) => handOversPage(tx, query))),
    bind(dutyApi.reach, ({ actor }) => duty.reach(actor)),
    bind(dutyApi.setReach, ({ actor, body }) => duty.setReach(actor, body)),
  ];
}

/** The Monday of the week of Beijing an instant lies in. */
function mondayOf(ms: number): string {
  const day = new Date(`${beijingDate(ms)}T00:00:00Z`);
  const sinceMonday = (day.getUTCDay() + 6) % 7;
  return new Date(day.getTime() - sinceMonday * DAY_MS).toISOString().slice(0, 10);
}
