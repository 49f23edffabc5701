import { sql } from 'kysely';
import type { AlertLevel, Matcher } from '#contracts/operations/alerts.api.ts';
import type { Line } from '#contracts/operations/duty.values.ts';
import type { Permission } from '#contracts/permissions.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { lockCursor, type Loop } from '#server/platform/events/events.ts';
import { tellOnce } from '#server/platform/notices/notices.ts';
import { matching } from '../alerts/alerts.engine.ts';
import type { Labels } from '../series/series.rules.ts';
import { addForLine, addMessage } from './notify.store.ts';

const NAME = 'operations.notify';
/** So many alerts are named in one message; of the rest it says how many. */
const NAMED = 10;

interface Route {
  readonly id: string;
  readonly name: string;
  readonly levels: readonly string[];
  readonly matchers: readonly Matcher[];
  readonly channel: 'console' | 'sms' | 'mail' | 'webhook';
  readonly target: string;
  readonly groupMs: number;
  readonly madeMs: number;
}

/** An alert that a route has not told of yet. */
export interface Untold {
  readonly id: string;
  readonly what: 'opened' | 'ended';
  readonly rule: string;
  readonly level: AlertLevel;
  readonly zh: string;
  readonly en: string;
  readonly labels: Labels;
  readonly component: string | null;
  readonly atMs: number;
  readonly openedMs: number;
  readonly fingerprint: string;
}

/** The groups of alerts that are due to be told: of one rule, once the first has waited as long as the route gathers. */
export function dueGroups(untold: readonly Untold[], groupMs: number, nowMs: number): Untold[][] {
  const groups = Map.groupBy(untold, ({ rule, what }) => `${what}/${rule}`);
  return [...groups.values()].filter((group) => Math.min(...group.map(({ atMs }) => atMs)) + groupMs <= nowMs);
}

/** Tells of alerts on every route they belong to, each opening and each end once; escalates those nobody acknowledges. */
export function createNotifier({ db, clock, origin }: { db: Db; clock: Clock; origin: string }): Loop & { turn(): Promise<number> } {
  async function turn(): Promise<number> {
    return db.transact(SYSTEM, async (tx) => {
      if (!(await lockCursor(tx, NAME))) return 0;
      const at = new Date(clock.nowMs());
      let told = 0;
      for (const route of await routes(tx))
        for (const group of dueGroups(await untoldOn(tx, route, at.getTime()), route.groupMs, at.getTime())) {
          await tell(tx, route, group, at);
          told += group.length;
        }
      return told + (await escalate(tx, at));
    });
  }

  async function tell(tx: Tx, route: Route, group: readonly Untold[], at: Date): Promise<void> {
    const [first] = group as [Untold, ...Untold[]];
    const isOver = first.what === 'ended';
    const names = group.slice(0, NAMED).map(({ component, labels }) => component ?? labels['instance'] ?? '');
    const rest = group.length > NAMED ? ` 等 ${group.length} 项` : '';
    const subject = `【民声告警】${first.level} ${first.zh}${isOver ? '（已恢复）' : ''}`;
    const body = `${subject}：${[...new Set(names)].filter(Boolean).join('、')}${rest}`;
    const ids =
      route.channel === 'console' ? await show(tx, route, first, body, names, at) : await send(tx, route, group, { subject, body }, at);
    await tx
      .insertInto('operations.alert_told')
      .values(group.map(({ id, what }) => ({ alert_id: id, route_id: route.id, what, message_id: ids[0] ?? null, at })))
      .execute();
  }

  /** On the console only what opened is told: that it ended is seen there. */
  async function show(tx: Tx, route: Route, first: Untold, zh: string, names: readonly string[], at: Date): Promise<string[]> {
    if (first.what === 'ended') return [];
    await tellOnce(tx, {
      at,
      level: first.level <= 'P2' ? 'urgent' : 'warning',
      zh,
      en: `${first.level} ${first.en}: ${names.join(', ')}`,
      permission: route.target as Permission,
      onceKey: `alert/${route.id}/${first.id}`,
    });
    return [];
  }

  async function send(
    tx: Tx,
    route: Route,
    group: readonly Untold[],
    words: { subject: string; body: string },
    at: Date,
  ): Promise<string[]> {
    const { channel, target } = route;
    const line = /^line:([1-4])$/.exec(target)?.[1];
    if (line && (channel === 'sms' || channel === 'mail')) return addForLine(tx, Number(line) as Line, [channel], words, at);
    const payload = channel === 'webhook' ? { payload: payloadOf(route, group, origin) } : {};
    return [await addMessage(tx, { ...words, ...payload, channel: channel as 'sms', target, receiver: null }, at)];
  }

  /** Alerts without a fault that nobody acknowledged in time; the others are escalated by their fault's clocks. */
  async function escalate(tx: Tx, at: Date): Promise<number> {
    const rows = await tx
      .updateTable('operations.alert')
      .set({ escalated_at: at })
      .where('ended_at', 'is', null)
      .where('hushed', 'is', null)
      .where('record_id', 'is', null)
      .where('acknowledged_at', 'is', null)
      .where('escalated_at', 'is', null)
      .where('ack_due_at', '<', at)
      .returning(['id', 'zh', 'en', 'component'])
      .execute();
    for (const { id, zh, en, component } of rows) {
      const what = component ? `：${component}` : '';
      await tellOnce(tx, {
        at,
        level: 'urgent',
        zh: `告警无人确认 ${zh}${what}`,
        en: `Nobody acknowledged the alert ${en}`,
        permission: 'operations.decide',
        onceKey: `escalate/${id}`,
      });
    }
    return rows.length;
  }

  return { name: NAME, restMs: 2000, turn };
}

async function routes(tx: Tx): Promise<Route[]> {
  const rows = await tx
    .selectFrom('operations.alert_route')
    .selectAll()
    .where('enabled', '=', true)
    .where('channel', '<>', 'alertmanager')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    levels: row.levels,
    matchers: row.matchers as Matcher[],
    channel: row.channel as Route['channel'],
    target: row.target,
    groupMs: row.group_seconds * 1000,
    madeMs: row.made_at.getTime(),
  }));
}

const RECENT_MS = 86_400_000;

/** What the route has not told: alerts that opened since there is such a route, and the ends of those it told of. */
async function untoldOn(tx: Tx, route: Route, nowMs: number): Promise<Untold[]> {
  const { rows } = await sql<{
    id: string;
    what: 'opened' | 'ended';
    rule: string;
    level: AlertLevel;
    zh: string;
    en: string;
    labels: Labels;
    component: string | null;
    at: Date;
    opened: Date;
    fingerprint: string;
  }>`
    select a.id, 'opened' as what, a.rule, a.level, a.zh, a.en, a.labels, a.component, a.opened_at as at, a.opened_at as opened, a.fingerprint
    from operations.alert a
    where a.ended_at is null and a.hushed is null and a.level = any(${[...route.levels]}::text[]) and a.opened_at >= ${new Date(route.madeMs)}
      and not exists (select from operations.alert_told t where t.alert_id = a.id and t.route_id = ${route.id} and t.what = 'opened')
    union all
    select a.id, 'ended', a.rule, a.level, a.zh, a.en, a.labels, a.component, a.ended_at, a.opened_at, a.fingerprint
    from operations.alert a join operations.alert_told t on t.alert_id = a.id and t.route_id = ${route.id} and t.what = 'opened'
    where a.ended_at is not null and a.ended_at > ${new Date(nowMs - RECENT_MS)}
      and not exists (select from operations.alert_told u where u.alert_id = a.id and u.route_id = ${route.id} and u.what = 'ended')`.execute(
    tx,
  );
  const fits = matching(route.matchers);
  return rows
    .filter((row) => fits({ ...row.labels, rule: row.rule, level: row.level }))
    .map(({ at, opened, ...row }) => ({ ...row, atMs: at.getTime(), openedMs: opened.getTime() }));
}

/** What a webhook is sent: the form of Alertmanager's, which receivers know. */
function payloadOf(route: Route, group: readonly Untold[], origin: string) {
  const [first] = group as [Untold, ...Untold[]];
  const status = first.what === 'ended' ? 'resolved' : 'firing';
  return {
    version: '4',
    groupKey: `${route.name}/${first.rule}`,
    status,
    receiver: route.name,
    groupLabels: { alertname: first.rule },
    commonLabels: { alertname: first.rule, level: first.level },
    commonAnnotations: { summary: first.en, zh: first.zh },
    externalURL: `${origin}/console/`,
    truncatedAlerts: 0,
    alerts: group.map((alert) => ({
      status,
      labels: { ...alert.labels, alertname: alert.rule, level: alert.level },
      annotations: { summary: alert.en, zh: alert.zh },
      startsAt: new Date(alert.openedMs).toISOString(),
      endsAt: alert.what === 'ended' ? new Date(alert.atMs).toISOString() : '0001-01-01T00:00:00Z',
      generatorURL: `${origin}/console/`,
      fingerprint: alert.id.replaceAll('-', ''),
    })),
  };
}
