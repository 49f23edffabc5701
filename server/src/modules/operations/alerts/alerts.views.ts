import { sql } from 'kysely';
import type {
  AlertLevel,
  AlertLine,
  AlertRoute,
  AlertRule,
  Matcher,
  Message,
  NoiseLine,
  RuleView,
  Silence,
} from '#contracts/operations/alerts.api.ts';
import { startOfDay } from '#server/kernel/calendar.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { STEP_MS } from '../series/series.rules.ts';
import { FLAPS, GRACE_MS, maskTarget, noiseAdvice, REST_MS, type NoiseCounts } from './alerts.rules.ts';

const iso = (date: Date | null) => date?.toISOString() ?? null;
const limited = <T>(rows: readonly T[], limit: number) => ({
  shown: rows.slice(0, limit),
  last: rows.length > limit ? rows[limit - 1] : undefined,
});

/** A page of alerts, the newest first. */
export async function alertsPage(
  tx: Tx,
  filter: { open?: 'true' | 'false'; level?: string; rule?: string; component?: string; limit?: number; cursor?: string },
): Promise<{ items: AlertLine[]; nextCursor?: string }> {
  const limit = filter.limit ?? 50;
  const rows = await tx
    .selectFrom('operations.alert as a')
    .leftJoin('operations.record as r', 'r.id', 'a.record_id')
    .leftJoin('operations.alert_rule as u', 'u.key', 'a.rule')
    .leftJoin('operations.silence as s', 's.id', 'a.hushed_by')
    .selectAll('a')
    .select(['r.number as record_number', 'u.advice', 's.reason as hushed_why'])
    .$if(filter.open === 'true', (query) => query.where('a.ended_at', 'is', null))
    .$if(filter.open === 'false', (query) => query.where('a.ended_at', 'is not', null))
    .$if(filter.level !== undefined, (query) => query.where('a.level', '=', filter.level!))
    .$if(filter.rule !== undefined, (query) => query.where('a.rule', '=', filter.rule!))
    .$if(filter.component !== undefined, (query) => query.where(sql<boolean>`strpos(a.component, ${filter.component}) > 0`))
    .$if(filter.cursor !== undefined, (query) => query.where('a.id', '<', filter.cursor!))
    .orderBy('a.id', 'desc')
    .limit(limit + 1)
    .execute();
  const { shown, last } = limited(rows, limit);
  const told = await toldOf(
    tx,
    shown.map(({ id }) => id),
  );
  return {
    items: shown.map((row) => ({
      id: row.id,
      source: row.source as 'minsheng',
      rule: row.rule,
      level: row.level as AlertLevel,
      zh: row.zh,
      en: row.en,
      labels: row.labels as Record<string, string>,
      value: row.value,
      component: row.component,
      series: row.series,
      openedAt: row.opened_at.toISOString(),
      endedAt: iso(row.ended_at),
      hushed: row.hushed as 'silence' | null,
      hushedWhy: row.hushed_why,
      ackDueAt: iso(row.ack_due_at),
      acknowledgedAt: iso(row.acknowledged_at),
      acknowledgedBy: row.acknowledged_by,
      escalatedAt: iso(row.escalated_at),
      record: row.record_id && row.record_number ? { id: row.record_id, number: row.record_number } : null,
      verdict: row.verdict as 'useful' | null,
      verdictNote: row.verdict_note,
      told: told.get(row.id) ?? [],
      advice: row.advice,
    })),
    ...(last ? { nextCursor: last.id } : {}),
  };
}

/** On which routes each of these alerts was told of; at most twenty a route, by opening and end. */
async function toldOf(tx: Tx, ids: readonly string[]): Promise<Map<string, AlertLine['told']>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('operations.alert_told as t')
    .leftJoin('operations.alert_route as r', 'r.id', 't.route_id')
    .select(['t.alert_id', 't.what', 't.at', 'r.name'])
    .where('t.alert_id', 'in', [...ids])
    .orderBy('t.at')
    .execute();
  const lines = Map.groupBy(rows, (row) => row.alert_id);
  return new Map(
    [...lines].map(([id, told]) => [
      id,
      told.slice(0, 40).map(({ what, at, name }) => ({ route: name ?? '—', what: what as 'opened', at: at.toISOString() })),
    ]),
  );
}

/** What each rule made of a month of Beijing, the noisiest first. */
export async function noiseOf(tx: Tx, month: string): Promise<NoiseLine[]> {
  const [year, number] = month.split('-').map(Number) as [number, number];
  const from = new Date(startOfDay(`${month}-01`));
  // The month after December is January of the next year.
  const to = new Date(startOfDay(`${number === 12 ? year + 1 : year}-${String((number % 12) + 1).padStart(2, '0')}-01`));
  const { rows } = await sql<NoiseCounts>`
    select a.rule, max(a.zh) as zh, max(a.en) as en, count(*)::integer as opened,
      (count(*) filter (where a.hushed is not null))::integer as hushed,
      (count(*) filter (where a.acknowledged_at is not null))::integer as acknowledged,
      (count(*) filter (where a.record_id is not null))::integer as recorded,
      (count(*) filter (where a.acknowledged_at is null and a.ended_at < a.opened_at + interval '5 minutes'))::integer as brief,
      (count(*) filter (where a.flaps))::integer as flapping,
      (count(*) filter (where a.repeats))::integer as repeated,
      (count(*) filter (where a.verdict = 'useful'))::integer as useful,
      (count(*) filter (where a.verdict = 'noise'))::integer as noise,
      coalesce(avg(extract(epoch from a.ended_at - a.opened_at)) / 60, 0)::double precision as minutes
    from (
      select b.*, lag(b.opened_at, ${FLAPS - 1}) over same >= b.opened_at - interval '1 hour' as flaps,
        lag(b.ended_at) over same >= b.opened_at - interval '1 day' as repeats
      from operations.alert b where b.opened_at >= ${from}::timestamptz - interval '1 day' and b.opened_at < ${to}
      window same as (partition by b.fingerprint order by b.opened_at)
    ) a
    where a.opened_at >= ${from}
    group by a.rule order by noise desc, opened desc, a.rule`.execute(tx);
  return rows.map((row) => ({ ...row, advice: noiseAdvice(row) }));
}

/** The silences that are or will be. */
export async function silencesFrom(tx: Tx, at: Date): Promise<Silence[]> {
  const rows = await tx.selectFrom('operations.silence').selectAll().where('to_at', '>', at).orderBy('from_at').execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind as 'silence',
    matchers: row.matchers as Matcher[],
    from: row.from_at.toISOString(),
    to: row.to_at.toISOString(),
    inForce: row.from_at <= at,
    reason: row.reason,
    madeBy: row.made_by,
  }));
}

export async function routesOf(tx: Tx): Promise<AlertRoute[]> {
  const rows = await tx.selectFrom('operations.alert_route').selectAll().orderBy('made_at').execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    levels: row.levels as AlertLevel[],
    matchers: row.matchers as Matcher[],
    channel: row.channel as AlertRoute['channel'],
    target: row.target,
    groupSeconds: row.group_seconds,
    enabled: row.enabled,
    madeBy: row.made_by,
  }));
}

/** What was sent outside, the newest first; whom it went to, not under which number. */
export async function messagesPage(
  tx: Tx,
  { limit = 50, cursor }: { limit?: number; cursor?: string },
): Promise<{ items: Message[]; nextCursor?: string }> {
  const rows = await tx
    .selectFrom('operations.message')
    .select(['id', 'at', 'channel', 'target', 'receiver', 'subject', 'tries', 'sent_at', 'failure', 'next_try_at'])
    .$if(cursor !== undefined, (query) => query.where('id', '<', cursor!))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const { shown, last } = limited(rows, limit);
  return {
    items: shown.map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      channel: row.channel as Message['channel'],
      receiver: row.receiver,
      target: maskTarget(row.channel, row.target),
      subject: row.subject,
      tries: row.tries,
      sentAt: iso(row.sent_at),
      failure: row.failure,
      waiting: row.next_try_at !== null,
    })),
    ...(last ? { nextCursor: last.id } : {}),
  };
}

/** A rule as it stands, with who changed it last. */
export type StoredRule = Omit<RuleView, 'open' | 'lastOpenedAt' | 'toldWithinSeconds'>;

/** The rules with what they find now and how soon they tell of it. */
export async function ruleViews(tx: Tx): Promise<RuleView[]> {
  const { rows } = await sql<{ key: string; open: number; last: Date | null }>`
    select u.key, (select count(*)::integer from operations.alert a where a.rule = u.key and a.ended_at is null) as open,
      (select a.opened_at from operations.alert a where a.rule = u.key order by a.id desc limit 1) as last
    from operations.alert_rule u`.execute(tx);
  const found = new Map(rows.map((row) => [row.key, row]));
  return (await rulesOf(tx)).map((rule) => ({
    ...rule,
    open: found.get(rule.key)?.open ?? 0,
    lastOpenedAt: iso(found.get(rule.key)?.last ?? null),
    toldWithinSeconds: rule.forSeconds + (STEP_MS + GRACE_MS + REST_MS) / 1000,
  }));
}

/** The rules as they stand, in the order of their keys. */
export async function rulesOf(tx: Tx): Promise<StoredRule[]> {
  const rows = await tx.selectFrom('operations.alert_rule').selectAll().orderBy('key').execute();
  return rows.map((row) => ({
    key: row.key,
    zh: row.zh,
    en: row.en,
    metric: row.metric,
    matchers: row.matchers as Matcher[],
    judgement: row.judgement as AlertRule['judgement'],
    forSeconds: row.for_seconds,
    level: row.level as AlertLevel,
    advice: row.advice,
    enabled: row.enabled,
    version: row.version,
    changedBy: row.changed_by,
    changedAt: row.changed_at.toISOString(),
  }));
}
