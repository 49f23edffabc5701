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

const iso = (date: Date | null) => date?.toISOString() ?? null;
const limited = <T>(rows: readonly T[], limit: number) => ({
  shown: rows.slice(0, limit),
  last: rows.length > limit ? rows[limit - 1] : undefined,
});

/** A page of alerts, the newest first. */
export async function alertsPage(
  tx: Tx,
  filter: { open?: 'true' | 'false'; level?: string; rule?: string; limit?: number; cursor?: string },
): Promise<{ items: AlertLine[]; nextCursor?: string }> {
  const limit = filter.limit ?? 50;
  const rows = await tx
    .selectFrom('operations.alert as a')
    .leftJoin('operations.record as r', 'r.id', 'a.record_id')
    .leftJoin('operations.alert_rule as u', 'u.key', 'a.rule')
    .selectAll('a')
    .select(['r.number as record_number', 'u.advice'])
    .$if(filter.open === 'true', (query) => query.where('a.ended_at', 'is', null))
    .$if(filter.open === 'false', (query) => query.where('a.ended_at', 'is not', null))
    .$if(filter.level !== undefined, (query) => query.where('a.level', '=', filter.level!))
    .$if(filter.rule !== undefined, (query) => query.where('a.rule', '=', filter.rule!))
    .$if(filter.cursor !== undefined, (query) => query.where('a.id', '<', filter.cursor!))
    .orderBy('a.id', 'desc')
    .limit(limit + 1)
    .execute();
  const { shown, last } = limited(rows, limit);
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
      ackDueAt: iso(row.ack_due_at),
      acknowledgedAt: iso(row.acknowledged_at),
      acknowledgedBy: row.acknowledged_by,
      escalatedAt: iso(row.escalated_at),
      record: row.record_id && row.record_number ? { id: row.record_id, number: row.record_number } : null,
      verdict: row.verdict as 'useful' | null,
      advice: row.advice,
    })),
    ...(last ? { nextCursor: last.id } : {}),
  };
}

/** What each rule made of a month of Beijing, the noisiest first. */
export async function noiseOf(tx: Tx, month: string): Promise<NoiseLine[]> {
  const from = new Date(startOfDay(`${month}-01`));
  const { rows } = await sql<NoiseLine>`
    select a.rule, max(a.zh) as zh, max(a.en) as en, count(*)::integer as opened,
      (count(*) filter (where a.hushed is not null))::integer as hushed,
      (count(*) filter (where a.acknowledged_at is not null))::integer as acknowledged,
      (count(*) filter (where a.verdict = 'useful'))::integer as useful,
      (count(*) filter (where a.verdict = 'noise'))::integer as noise,
      coalesce(avg(extract(epoch from a.ended_at - a.opened_at)) / 60, 0)::double precision as minutes
    from operations.alert a
    where a.opened_at >= ${from} and a.opened_at < ${from}::timestamptz + interval '1 month'
    group by a.rule order by noise desc, opened desc, a.rule`.execute(tx);
  return rows;
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
    .select(['id', 'at', 'channel', 'receiver', 'subject', 'tries', 'sent_at', 'failure', 'next_try_at'])
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
      subject: row.subject,
      tries: row.tries,
      sentAt: iso(row.sent_at),
      failure: row.failure,
      waiting: row.next_try_at !== null,
    })),
    ...(last ? { nextCursor: last.id } : {}),
  };
}

/** The rules as they stand, in the order of their keys. */
export async function rulesOf(tx: Tx): Promise<RuleView[]> {
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
