import { ALERT_LEVELS, type AlertLevel } from '#contracts/operations/alerts.api.ts';
import type { AlertCall, DutyBoard, FaultCall, OpenMatter, Shift } from '#contracts/operations/duty.api.ts';
import type { Line } from '#contracts/operations/duty.values.ts';
import { kindFacts } from '#contracts/operations/records/records.lifecycles.ts';
import type { Actor } from '#server/platform/actor.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { ACK_MINUTES, FAULT_LEVELS, maskTarget } from '../alerts/alerts.rules.ts';
import { routesOf } from '../alerts/alerts.views.ts';
import { faultCalls, follows } from './duty.rules.ts';

interface ShiftRow {
  id: string;
  line: number;
  account_id: string;
  name: string;
  from_at: Date;
  to_at: Date;
  hand_over: string | null;
  handed_at: Date | null;
  left_open: unknown;
  taken_at: Date | null;
  taken_by: string | null;
}

const shiftOf = (row: ShiftRow): Shift => ({
  id: row.id,
  line: row.line,
  accountId: row.account_id,
  name: row.name,
  from: row.from_at.toISOString(),
  to: row.to_at.toISOString(),
  handOver: row.hand_over,
  handedAt: row.handed_at?.toISOString() ?? null,
  leftOpen: (row.left_open as OpenMatter[] | null) ?? [],
  takenAt: row.taken_at?.toISOString() ?? null,
  takenBy: row.taken_by,
});

/** The shifts that cover an instant of [from, to), by line and beginning. */
export async function shiftsBetween(tx: Tx, from: Date, to: Date): Promise<Shift[]> {
  const rows = await tx
    .selectFrom('operations.shift')
    .selectAll()
    .where('to_at', '>', from)
    .where('from_at', '<', to)
    .orderBy('line')
    .orderBy('from_at')
    .orderBy('id')
    .execute();
  return rows.map(shiftOf);
}

/** What was handed over, the newest first. */
export async function handOversPage(
  tx: Tx,
  { limit = 20, cursor }: { limit?: number; cursor?: string },
): Promise<{ items: Shift[]; nextCursor?: string }> {
  const rows = await tx
    .selectFrom('operations.shift')
    .selectAll()
    .where('handed_at', 'is not', null)
    .$if(cursor !== undefined, (query) => query.where('id', '<', cursor!))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items: rows.slice(0, limit).map(shiftOf), ...(last ? { nextCursor: last.id } : {}) };
}

const OPEN_AT_MOST = 200;

/** What nobody has settled: alerts that became no fault, and faults. */
export async function openMatters(tx: Tx): Promise<OpenMatter[]> {
  const alerts = await tx
    .selectFrom('operations.alert')
    .select(['id', 'zh', 'component', 'level', 'opened_at'])
    .where('ended_at', 'is', null)
    .where('record_id', 'is', null)
    .orderBy('id')
    .limit(OPEN_AT_MOST)
    .execute();
  const { levels } = kindFacts('fault');
  const faults = await tx
    .selectFrom('operations.record')
    .select(['id', 'number', 'title', 'level', 'opened_at'])
    .where('kind', '=', 'fault')
    .where('ended_at', 'is', null)
    .orderBy('level')
    .orderBy('id')
    .limit(OPEN_AT_MOST)
    .execute();
  return [
    ...faults.map((row) => ({
      kind: 'fault' as const,
      id: row.id,
      number: row.number,
      title: row.title,
      level: levels[row.level]?.zh ?? String(row.level),
      since: row.opened_at.toISOString(),
    })),
    ...alerts.map((row) => ({
      kind: 'alert' as const,
      id: row.id,
      number: null,
      title: row.component ? `${row.zh}：${row.component}` : row.zh,
      level: row.level,
      since: row.opened_at.toISOString(),
    })),
  ];
}

type Person = AlertCall['routes'][number]['people'][number];

/** Who is on duty, what is open, what one hands over or takes, and whom each level reaches. */
export async function dutyBoard(tx: Tx, actor: Actor, at: Date): Promise<DutyBoard> {
  const shifts = await shiftsBetween(tx, new Date(at.getTime() - 2 * 86_400_000), new Date(at.getTime() + 86_400_000));
  const on = shifts.filter((shift) => Date.parse(shift.from) <= at.getTime() && Date.parse(shift.to) > at.getTime());
  const reach = await reachOf(
    tx,
    actor,
    on.map(({ accountId }) => accountId),
  );
  const personOf = (shift: Shift): Person => ({ name: shift.name, ...(reach.get(shift.accountId) ?? { phone: null, mail: null }) });
  const people = (line: number) => on.filter((shift) => shift.line === line).map(personOf);
  const own = shifts.filter(({ accountId }) => accountId === actor.accountId);
  return {
    now: on.map((shift) => ({ line: shift.line, until: shift.to, ...personOf(shift) })),
    open: await openMatters(tx),
    mine: own.filter((shift) => Date.parse(shift.from) <= at.getTime() && shift.takenAt === null && shift.handedAt === null),
    toTake: shifts.filter(
      (shift) =>
        shift.handedAt !== null &&
        shift.accountId !== actor.accountId &&
        shift.takenAt === null &&
        own.some((mine) => mine.id !== shift.id && mine.line === shift.line && follows(spanOf(mine), spanOf(shift))),
    ),
    alerts: await alertCalls(tx, people),
    faults: await callsOfFaults(tx, people),
  };
}

export const spanOf = (shift: Pick<Shift, 'from' | 'to'>) => ({ fromMs: Date.parse(shift.from), toMs: Date.parse(shift.to) });

/** How these people are reached, masked; nothing where the reader does not work in the centre. */
async function reachOf(tx: Tx, actor: Actor, ids: readonly string[]): Promise<Map<string, Omit<Person, 'name'>>> {
  if (ids.length === 0 || actor.scopeKind !== 'operations') return new Map();
  const rows = await tx
    .selectFrom('operations.reach')
    .select(['account_id', 'phone', 'mail'])
    .where('account_id', 'in', [...ids])
    .execute();
  return new Map(
    rows.map(({ account_id, phone, mail }) => [
      account_id,
      { phone: phone && maskTarget('sms', phone), mail: mail && maskTarget('mail', mail) },
    ]),
  );
}

async function alertCalls(tx: Tx, people: (line: number) => Person[]): Promise<AlertCall[]> {
  const routes = (await routesOf(tx)).filter(({ enabled }) => enabled);
  return ALERT_LEVELS.map((level: AlertLevel) => ({
    level,
    ackMinutes: ACK_MINUTES[level],
    faultLevel: FAULT_LEVELS[level] ?? null,
    routes: routes
      .filter(({ levels }) => levels.includes(level))
      .map(({ name, channel, target }) => {
        const line = /^line:([1-4])$/.exec(target)?.[1];
        return {
          name,
          channel,
          target: channel === 'console' ? target : maskTarget(channel, target),
          people: line ? people(Number(line)) : [],
        };
      }),
  }));
}

async function callsOfFaults(tx: Tx, people: (line: Line) => Person[]): Promise<FaultCall[]> {
  const rules = await tx
    .selectFrom('operations.limit_rule')
    .select(['clock', 'level', 'mode', 'amount'])
    .where('kind', '=', 'fault')
    .execute();
  const levels = Object.keys(kindFacts('fault').levels).map(Number);
  return levels.map((level) => ({
    level,
    steps: faultCalls(
      level,
      rules.filter((rule) => rule.level === level),
    ).map((call) => ({ ...call, people: people(call.line) })),
  }));
}
