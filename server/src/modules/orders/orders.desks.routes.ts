import { desksApi, type HeldRow } from '#contracts/orders/desks.api.ts';
import { beijingDate, nextOpening } from '#server/kernel/calendar.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import type { Actor } from '#server/platform/actor.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import type { Reference } from '../reference/index.ts';
import { countParts, dueDays, dutyOrders, dutyPlaces, heldBy, partsPage, type Held } from './orders.desks.views.ts';

const NOTHING = { total: 0, toSign: 0, inHand: 0, returned: 0, yellow: 0, red: 0, redo: 0, oversight: 0 };
type Counts = typeof NOTHING;

/** The unit of who asks, with all under it. */
function unitsOf({ unitCode, scope: { unitLo, unitHi } }: Actor): { unit: string; lo: string; hi: string } {
  // The permission is held in units only.
  if (unitCode === null || unitLo === undefined || unitHi === undefined) throw new Refusal({ code: 'base.forbidden' });
  return { unit: unitCode, lo: unitLo, hi: unitHi };
}

export function desksRoutes({ reference, db, clock }: { reference: Reference; db: Db; clock: Clock }): Binding[] {
  return [
    bind(desksApi.unit, async ({ actor }) => {
      const { unit, lo, hi } = unitsOf(actor);
      return db.transact(actor.scope, async (tx) => ({
        rows: heldRows(await heldBy(tx, lo, hi, clock.nowMs()), unit, reference),
        parts: await countParts(tx, lo, hi),
      }));
    }),
    bind(desksApi.parts, async ({ actor, query }) =>
      db.transact(actor.scope, (tx) => partsPage(tx, unitsOf(actor), query, clock.nowMs(), reference.unitName)),
    ),
    bind(desksApi.duty, async ({ actor, query }) => {
      const nowMs = clock.nowMs();
      const { dueMs: untilMs, provisional } = nextOpening(nowMs, await reference.holidays());
      const span = { nowMs, untilMs };
      return db.transact(actor.scope, async (tx) => {
        const places = await dutyPlaces(tx, actor, span);
        return {
          at: new Date(nowMs).toISOString(),
          until: new Date(untilMs).toISOString(),
          provisional,
          places: places.rows,
          capped: places.capped,
          ...(await dutyOrders(tx, actor, span, query, reference.unitName)),
        };
      });
    }),
    bind(desksApi.dueDays, async ({ actor, query }) => {
      const nowMs = clock.nowMs();
      return { today: beijingDate(nowMs), days: await db.transact(actor.scope, (tx) => dueDays(tx, actor, query, nowMs)) };
    }),
  ];
}

/** The whole, then the own unit's handlers, then each unit directly below with all of its own. */
function heldRows(held: readonly Held[], own: string, reference: Reference): HeldRow[] {
  const nameOf = (code: string) => reference.unitName(code) ?? code;
  const childOf = (code: string): string => {
    let unit = code;
    for (let up = reference.unit(unit)?.parent; up && up !== own; up = reference.unit(unit)?.parent) unit = up;
    return unit;
  };
  const handlers = Map.groupBy(
    held.filter(({ unit, handler }) => unit === own && handler !== null),
    ({ handler }) => handler!,
  );
  const lower = Map.groupBy(
    held.filter(({ unit }) => unit !== own),
    ({ unit }) => childOf(unit),
  );
  return [
    { kind: 'all', code: own, name: nameOf(own), ...sumOf(held) },
    ...[...handlers].map(([code, rows]) => ({ kind: 'handler' as const, code, name: rows[0]!.handlerName ?? code, ...sumOf(rows) })),
    ...[...lower].map(([code, rows]) => ({ kind: 'unit' as const, code, name: nameOf(code), ...sumOf(rows) })),
  ];
}

function sumOf(rows: readonly Held[]): Counts {
  const sum = { ...NOTHING };
  for (const row of rows) for (const key of Object.keys(NOTHING) as (keyof Counts)[]) sum[key] += row[key];
  return sum;
}
