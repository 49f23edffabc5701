import { sql } from 'kysely';
import type { AlertLevel, AlertRule, Matcher } from '#contracts/operations/alerts.api.ts';
import type { Tx } from '#server/platform/db/db.ts';
import { labelsOf, type Labels } from '../series/series.rules.ts';
import type { Watched } from './alerts.engine.ts';

/** Writes a rule: a new one, or the next version of one. */
export async function putRule(tx: Tx, rule: AlertRule, enabled: boolean, version: number, by: string, at: Date): Promise<void> {
  const columns = {
    zh: rule.zh,
    en: rule.en,
    metric: rule.metric,
    matchers: JSON.stringify(rule.matchers),
    judgement: JSON.stringify(rule.judgement),
    for_seconds: rule.forSeconds,
    level: rule.level,
    advice: rule.advice,
    enabled,
    version,
    changed_by: by,
    changed_at: at,
  };
  await tx
    .insertInto('operations.alert_rule')
    .values({ key: rule.key, ...columns })
    .onConflict((oc) => oc.column('key').doUpdateSet(columns))
    .execute();
}

/** Series that told something within the last day. */
export async function watchedSeries(tx: Tx, at: Date): Promise<Watched[]> {
  const rows = await tx
    .selectFrom('operations.series')
    .select(['id', 'name', 'labels'])
    .where('seen_at', '>', new Date(at.getTime() - 86_400_000))
    .execute();
  return rows.map((row) => ({ id: row.id, name: row.name, labels: labelsOf(row.labels) }));
}

/** The greatest number of a series: a new one is known by it. */
export async function newestSeries(tx: Tx): Promise<number> {
  const { rows } = await sql<{ id: number | null }>`select max(id) as id from operations.series`.execute(tx);
  return rows[0]?.id ?? 0;
}

/** What every source told at the instants in (after, upto], instant by instant. */
export async function readingsBetween(tx: Tx, afterMs: number, uptoMs: number): Promise<Map<number, Map<number, number>>> {
  const rows = await tx
    .selectFrom('operations.reading')
    .select(['at', 'series', 'readings'])
    .where('at', '>', new Date(afterMs))
    .where('at', '<=', new Date(uptoMs))
    .execute();
  const instants = new Map<number, Map<number, number>>();
  for (const { at, series, readings } of rows) {
    let told = instants.get(at.getTime());
    if (!told) instants.set(at.getTime(), (told = new Map()));
    for (const [place, id] of series.entries()) told.set(id, readings[place]!);
  }
  return instants;
}

export async function judgedUpto(tx: Tx): Promise<number | null> {
  const row = await tx.selectFrom('operations.judged').select('upto').executeTakeFirst();
  return row?.upto.getTime() ?? null;
}

export async function setJudgedUpto(tx: Tx, uptoMs: number): Promise<void> {
  const upto = new Date(uptoMs);
  await tx
    .insertInto('operations.judged')
    .values({ upto })
    .onConflict((oc) => oc.column('sole').doUpdateSet({ upto }))
    .execute();
}

/** Why an alert is told to nobody, and which silence says so. */
export interface Hush {
  readonly kind: StoredSilence['kind'] | 'inhibited';
  readonly by: string | null;
}

export interface NewAlert {
  readonly id: string;
  readonly fingerprint: string;
  readonly source: 'minsheng' | 'alertmanager';
  readonly rule: string;
  readonly series: number | null;
  readonly labels: Labels;
  readonly level: AlertLevel;
  readonly zh: string;
  readonly en: string;
  readonly value: number | null;
  readonly component: string | null;
  readonly openedAt: Date;
  readonly hush: Hush | null;
  readonly ackDueAt: Date | null;
}

/** Writes an alert that opened; false where it is open already. */
export async function addAlert(tx: Tx, alert: NewAlert): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('operations.alert')
    .values({
      id: alert.id,
      fingerprint: alert.fingerprint,
      source: alert.source,
      rule: alert.rule,
      series: alert.series,
      labels: JSON.stringify(alert.labels),
      level: alert.level,
      zh: alert.zh,
      en: alert.en,
      value: alert.value,
      component: alert.component,
      opened_at: alert.openedAt,
      hushed: alert.hush?.kind ?? null,
      hushed_by: alert.hush?.by ?? null,
      ack_due_at: alert.ackDueAt,
    })
    .onConflict((oc) => oc.column('fingerprint').where('ended_at', 'is', null).doNothing())
    .executeTakeFirstOrThrow();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** An alert that stands open. */
export interface OpenAlert {
  readonly id: string;
  readonly fingerprint: string;
  readonly source: string;
  readonly rule: string;
  readonly series: number | null;
  readonly labels: Labels;
  readonly level: AlertLevel;
  readonly zh: string;
  readonly component: string | null;
  readonly openedMs: number;
  readonly hushed: string | null;
  readonly hushedBy: string | null;
  readonly recordId: string | null;
}

export async function openAlerts(tx: Tx): Promise<OpenAlert[]> {
  const rows = await tx.selectFrom('operations.alert').selectAll().where('ended_at', 'is', null).execute();
  return rows.map((row) => ({
    id: row.id,
    fingerprint: row.fingerprint,
    source: row.source,
    rule: row.rule,
    series: row.series,
    labels: row.labels as Labels,
    level: row.level as AlertLevel,
    zh: row.zh,
    component: row.component,
    openedMs: row.opened_at.getTime(),
    hushed: row.hushed,
    hushedBy: row.hushed_by,
    recordId: row.record_id,
  }));
}

/** Ends the open alert of a fingerprint; gives it, or null where there is none. */
export async function endAlert(tx: Tx, fingerprint: string, at: Date): Promise<{ id: string; recordId: string | null } | null> {
  const row = await tx
    .updateTable('operations.alert')
    .set({ ended_at: at })
    .where('fingerprint', '=', fingerprint)
    .where('ended_at', 'is', null)
    .returning(['id', 'record_id'])
    .executeTakeFirst();
  return row ? { id: row.id, recordId: row.record_id } : null;
}

export async function patchAlert(
  tx: Tx,
  id: string,
  patch: Partial<{
    hushed: string | null;
    hushed_by: string | null;
    record_id: string | null;
    acknowledged_at: Date;
    acknowledged_by: string;
    escalated_at: Date;
    verdict: string;
    verdict_by: string;
    verdict_note: string;
    verdict_at: Date;
  }>,
): Promise<void> {
  await tx.updateTable('operations.alert').set(patch).where('id', '=', id).execute();
}

export interface StoredSilence {
  readonly id: string;
  readonly kind: 'silence' | 'maintenance';
  readonly matchers: readonly Matcher[];
}

/** The silences that cover an instant. */
export async function silencesAt(tx: Tx, at: Date): Promise<StoredSilence[]> {
  const rows = await tx.selectFrom('operations.silence').selectAll().where('from_at', '<=', at).where('to_at', '>', at).execute();
  return rows.map((row) => ({ id: row.id, kind: row.kind as 'silence', matchers: row.matchers as Matcher[] }));
}
