import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { orderLifecycle, type OrderState } from '#contracts/orders/orders.lifecycle.ts';
import { taskLifecycle } from '#contracts/orders/task.lifecycle.ts';
import { shippedHolidays } from '#server/kernel/calendar.testing.ts';
import { brokenPromises, fromRow } from '#server/platform/casework/index.ts';
import { clockTable } from './orders.clocks.ts';
import type { OrderClock } from '#contracts/orders/orders.lifecycle.ts';

interface Owner {
  owner<R extends object>(text: string, values?: unknown[]): Promise<R[]>;
}

const states = Object.keys(orderLifecycle.states) as OrderState[];
const ended = states.filter((state) => ['done', 'stopped'].includes(orderLifecycle.states[state].tone));
const open = states.filter((state) => !ended.includes(state));
const aside = (Object.keys(clockTable) as OrderClock[]).filter((name) => clockTable[name].aside);
/** The states in which a case waits for a second person. */
const held = ['reviewing', 'return-pending', 'redo'];
/** The states in which an order is a unit's. */
const owned = ['dispatched', 'return-pending', 'handling', 'replied', 'pending-follow-up', 'following-up'];

/** Something that should hold of every order, and examples of rows of which it does not. */
export interface Broken {
  readonly what: string;
  readonly rows: readonly object[];
}

/** What should hold of every order of a database, whatever was done to it and whenever its processes died, and does not. */
export async function brokenHolds(db: Owner): Promise<Broken[]> {
  const broken: Broken[] = [];
  const none = async (what: string, text: string, values: unknown[] = []) => {
    const rows = await db.owner(text, values);
    if (rows.length > 0) broken.push({ what, rows: rows.slice(0, 5) });
  };
  await none(
    'every appeal has exactly one order',
    `select a.id from appeals.appeal a left join orders.work_order w on w.id = a.id where w.id is null
     union all select w.id from orders.work_order w left join appeals.appeal a on a.id = w.id where a.id is null`,
  );
  await none('an order is in a state of its table', `select id, state from orders.work_order where not state = any($1)`, [states]);
  await none(
    'a clock that is open belongs to an open order, in a state it may run in',
    `select c.case_id, c.name, w.state from casework.clock c left join orders.work_order w on w.id = c.case_id
     where c.case_kind = 'order' and c.result is null and (w.id is null or not w.state = any($1))`,
    [open],
  );
  for (const [name, facts] of Object.entries(clockTable)) {
    if (!facts.within) continue;
    await none(
      `the clock ${name} is open only within its states`,
      `select c.case_id, w.state from casework.clock c join orders.work_order w on w.id = c.case_id where c.name = $1 and c.result is null and not w.state = any($2)`,
      [name, [...facts.within]],
    );
  }
  await none(
    'a clock has one end',
    `select * from casework.clock where (result is not null and stopped_at is null) or (stopped_at is not null and next_step is not null)`,
  );
  await none(
    'one clock of a name is open at a time, but for those of parts',
    `select case_id, name from casework.clock where case_kind = 'order' and result is null and not name = any($1) group by 1, 2 having count(*) > 1`,
    [['task-sign', 'task-handle']],
  );
  await none(
    'clocks are numbered without gaps',
    `select case_id, name from casework.clock where case_kind = 'order' and not name = any($1) group by 1, 2 having max(no) <> count(*) or min(no) <> 1`,
    [['task-sign', 'task-handle']],
  );
  await none(
    'a clock that runs and still has steps knows the next one',
    `select case_id, name from casework.clock c where case_kind = 'order' and stopped_at is null and next_step is null and name = 'handle'
       and not exists (select from casework.clock_step s where s.case_id = c.case_id and s.clock = c.name and s.no = c.no and s.step = 'overdue-3')`,
  );
  await none(
    'an order is due when its soonest running clock is',
    `select w.id, w.state, w.due_at, c.due from orders.work_order w left join lateral
       (select min(due_at) as due from casework.clock where case_id = w.id and stopped_at is null and not name = any($1)) c on true
     where w.due_at is distinct from c.due`,
    [aside],
  );
  await none(
    'what is accepted and open has a clock that presses',
    `select w.id, w.state from orders.work_order w where w.state = any($1) and w.due_at is null`,
    [open.filter((state) => state !== 'filed' && state !== 'merged')],
  );
  await none(
    'a standing handling clock belongs to a suspended order, and the other way round',
    `select w.id, w.suspended, c.name from orders.work_order w full join
       (select * from casework.clock where case_kind = 'order' and name = 'handle' and result is null and stopped_at is not null) c on c.case_id = w.id
     where coalesce(w.suspended, false) <> (c.case_id is not null)`,
  );
  await none(
    'no order is without an owner',
    `select w.id, w.state from orders.work_order w where w.state = any($1) and w.main_unit is null`,
    [owned],
  );
  await none(
    'what a unit has to sign or to handle is its task',
    `select w.id, w.state, w.main_unit from orders.work_order w where w.state in ('dispatched', 'handling', 'return-pending') and
       (select count(*) from orders.task t where t.order_id = w.id and t.role = 'main' and t.unit_code = w.main_unit
          and t.state = any(case w.state when 'dispatched' then '{pending-sign}' when 'handling' then '{handling}' else '{pending-sign,handling}' end::text[])) <> 1`,
  );
  await none(
    'an order knows the units that take part in it, and those above them',
    `select w.id, w.units from orders.work_order w where (select array_agg(part order by part) from unnest(w.units) part) is distinct from
       (select array_agg(distinct part order by part) from orders.task t, unnest(orders.beginnings(t.unit_code)) part where t.order_id = w.id)`,
  );
  await none(
    'one task of a unit is open in an order at a time',
    `select order_id, unit_code from orders.task where state in ('pending-sign', 'handling') group by 1, 2 having count(*) > 1`,
  );
  await none(
    'an order that has ended, or goes with another, leaves no task open',
    `select t.order_id, t.state, w.state from orders.task t join orders.work_order w on w.id = t.order_id
     where t.state in ('pending-sign', 'handling') and not w.state = any($1)`,
    [['dispatched', 'handling', 'return-pending']],
  );
  await none('tasks know no other states', `select * from orders.task where not state = any($1)`, [Object.keys(taskLifecycle.states)]);
  await none(
    'parts have clocks of their own, that end with them',
    `select t.order_id, t.no, t.state, c.name from orders.task t join casework.clock c on c.case_id = t.order_id and c.no = t.no and c.name in ('task-sign', 'task-handle')
     where (c.result is null) <> (t.state = 'pending-sign' or (t.state = 'handling' and c.name = 'task-handle'))`,
  );
  await none(
    'what is merged follows an order that is open, and that counts it',
    `select w.id, m.state from orders.work_order w left join orders.work_order m on m.id = w.master_id where w.state = 'merged' and (m.id is null or not m.state = any($1))
     union all select m.id, m.state from orders.work_order m where m.state = any($1) and m.state <> 'merged' and m.closed_at is null
       and m.merged_count < (select count(*) from orders.work_order w where w.master_id = m.id and w.state = 'merged')`,
    [open],
  );
  await none(
    'a held order waits for exactly one decision',
    `select w.id, w.state from orders.work_order w where w.state = any($1) and
       (select count(*) from casework.approval a where a.case_id = w.id and a.state = 'open' and a.action = any(case w.state
          when 'reviewing' then '{dispatch}' when 'return-pending' then '{return}' else '{redo,reopen}' end::text[])) <> 1`,
    [held],
  );
  await none('nobody approved himself', `select * from casework.approval where state = 'approved' and asked_by = decided_by`);
  await none(
    'no request is open twice',
    `select case_id, action from casework.approval where state = 'open' group by 1, 2 having count(*) > 1`,
  );
  await none(
    'a level of oversight that shows is open, once',
    `select w.id, w.oversight_level from orders.work_order w where
       (select coalesce(max(level), 0) from orders.oversight o where o.order_id = w.id and o.ended is null) <> w.oversight_level
       or (select count(*) from orders.oversight o where o.order_id = w.id and o.ended is null) > 1`,
  );
  await none(
    'the event trail is unbroken: each begins where the last one ended',
    `select * from (select case_id, name, from_state, lag(to_state) over (partition by case_id order by xid, id) as earlier
       from platform.event where case_kind = 'order' and name not like 'clocks.%') e where from_state is distinct from earlier`,
  );
  await none(
    'the trail ends where the order stands',
    `select w.id from orders.work_order w where w.state <>
       (select e.to_state from platform.event e where e.case_id = w.id and e.name not like 'clocks.%' order by e.xid desc, e.id desc limit 1)`,
  );
  await none(
    'the version counts what was done',
    `select w.id, w.version from orders.work_order w where w.version <> 1 + (select count(*) from platform.event e where e.case_id = w.id and e.name like 'orders.%')`,
  );
  await none(
    'who rated has an answer that was checked, or given on the spot',
    `select r.appeal_id, w.state from appeals.rating r join orders.work_order w on w.id = r.appeal_id where w.replied_at is null and r.round = w.redo_no`,
  );
  return [...broken, ...(await wrongDueDates(db)), ...(await brokenSteps(db))];
}

/** Every step that a clock promised up to its end, or up to the last thing that was done, was taken. */
async function brokenSteps(db: Owner): Promise<Broken[]> {
  const [last] = await db.owner<{ at: Date }>(`select max(at) as at from platform.event`);
  const rows = await db.owner<Parameters<typeof fromRow>[0] & { taken: string[] }>(
    `select c.*, array(select s.step from casework.clock_step s where s.case_id = c.case_id and s.clock = c.name and s.no = c.no) as taken
     from casework.clock c where c.case_kind = 'order'`,
  );
  const broken = rows.flatMap((row) => {
    const clock = fromRow(row);
    return brokenPromises(clock, clockTable[clock.name as OrderClock], new Set(row.taken), last!.at.getTime(), shippedHolidays())
      .filter((fault) => fault.kind !== 'overdue')
      .map((fault) => ({ ...fault, case: row.case_id, clock: clock.name, no: clock.no }));
  });
  return broken.length === 0 ? [] : [{ what: `${broken.length} promises of ${rows.length} clocks are kept`, rows: broken.slice(0, 5) }];
}

interface ClockFigures {
  case_id: string;
  name: string;
  no: number;
  mode: 'minute' | 'hour' | 'workday';
  amount: number;
  t0: Date;
  due_at: Date;
  stopped_at: Date | null;
}

/**
 * Due dates against a calculation that shares nothing with the clocks: the published days as the file has them, a walk day
 * by day, and what stood or was added taken from the events.
 */
async function wrongDueDates(db: Owner): Promise<Broken[]> {
  const clocks = await db.owner<ClockFigures>(
    `select case_id, name, no, mode, amount::float8 as amount, t0, due_at, stopped_at from casework.clock where case_kind = 'order' and name not in ('task-handle')`,
  );
  const events = await db.owner<{ case_id: string; name: string; at: Date; amount: number | null }>(
    `select case_id, name, at, (data->>'amount')::int as amount from platform.event
     where name in ('orders.suspend', 'orders.resume', 'orders.reply', 'orders.fail', 'orders.extend') order by xid, id`,
  );
  const byCase = Map.groupBy(events, (event) => event.case_id);
  const wrong = clocks.flatMap((clock) => {
    const own = clock.name === 'handle' ? (byCase.get(clock.case_id) ?? []).filter((event) => event.at >= clock.t0) : [];
    const due = slowDue(clock, own, clocks);
    return due === clock.due_at.getTime() ? [] : [{ ...clock, expected: new Date(due).toISOString() }];
  });
  if (clocks.length === 0) return [{ what: 'there are clocks', rows: [] }];
  return wrong.length === 0
    ? []
    : [{ what: `${wrong.length} of ${clocks.length} due dates are what was promised`, rows: wrong.slice(0, 5) }];
}

const DAY = 86_400_000;
const BEIJING = 8 * 3_600_000;
const published = new Map(
  readFileSync(join(import.meta.dirname, '../../../db/reference/holidays.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line): [string, string] => [line.split(',')[0]!, line.split(',')[2]!.trim()]),
);

function dayOf(ms: number): number {
  return Math.floor((ms + BEIJING) / DAY);
}

function works(day: number): boolean {
  const date = new Date(day * DAY);
  const said = published.get(date.toISOString().slice(0, 10));
  return said === undefined ? date.getUTCDay() % 6 !== 0 : said === 'work';
}

function after(day: number, count: number): number {
  let reached = day;
  for (let left = count; left > 0;) if (works(++reached)) left--;
  return reached;
}

function slowDue(
  clock: ClockFigures,
  own: readonly { name: string; at: Date; amount: number | null }[],
  all: readonly ClockFigures[],
): number {
  const next = all.find((other) => other.case_id === clock.case_id && other.name === clock.name && other.no === clock.no + 1);
  let stoodSince: number | null = null;
  let stoodMs = 0;
  let stoodDays = 0;
  let added = 0;
  for (const event of own) {
    if (next && event.at >= next.t0) break;
    if (event.name === 'orders.suspend' || event.name === 'orders.reply') stoodSince ??= event.at.getTime();
    if (event.name === 'orders.extend') added += event.amount!;
    if ((event.name === 'orders.resume' || event.name === 'orders.fail') && stoodSince !== null) {
      stoodMs += event.at.getTime() - stoodSince;
      for (let day = dayOf(stoodSince) + 1; day <= dayOf(event.at.getTime()); day++) if (works(day)) stoodDays++;
      stoodSince = null;
    }
  }
  const t0 = clock.t0.getTime();
  if (clock.mode !== 'workday') {
    const measure = clock.mode === 'hour' ? 3_600_000 : 60_000;
    return t0 + (clock.amount + added) * measure + stoodMs;
  }
  const evening = (t0 + BEIJING) % DAY >= (17 * 60 + 30) * 60_000;
  const from = evening || !works(dayOf(t0)) ? after(dayOf(t0), 1) : dayOf(t0);
  return (after(from, clock.amount + stoodDays + added) + 1) * DAY - BEIJING - 1000;
}
