import type { AlertmanagerPost, AlertRule, Matcher } from '#contracts/operations/alerts.api.ts';
import { ALERT_LEVELS, type AlertLevel } from '#contracts/operations/alerts.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal, refuseField, unlessRefused } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import type { Records } from '../records/records.service.ts';
import type { Judge } from './alerts.judge.ts';
import { checkPatterns } from './alerts.pattern.ts';
import * as store from './alerts.store.ts';
import { ruleViews } from './alerts.views.ts';

const LONGEST_SILENCE_MS = 30 * 86_400_000;

export interface NewSilence {
  readonly kind: 'silence' | 'maintenance';
  readonly matchers: readonly Matcher[];
  readonly from?: string;
  readonly to: string;
  readonly reason: string;
}

export interface NewRoute {
  readonly name: string;
  readonly levels: readonly AlertLevel[];
  readonly matchers: readonly Matcher[];
  readonly channel: 'console' | 'sms' | 'mail' | 'webhook' | 'alertmanager';
  readonly target: string;
  readonly groupSeconds: number;
}

/** What a target of each channel looks like; people on duty are `line:1` to `line:4`. */
const TARGETS: Readonly<Record<NewRoute['channel'], RegExp>> = {
  console: /^operations\.(handle|decide)$/,
  sms: /^(line:[1-4]|\+?\d{5,20})$/,
  mail: /^(line:[1-4]|[^\s@]+@[^\s@]+)$/,
  webhook: /^https?:\/\/\S+$/,
  alertmanager: /^https?:\/\/\S+$/,
};

export type Alerts = ReturnType<typeof createAlerts>;

/** What people do with alerts, rules, silences and routes. */
export function createAlerts({ db, clock, records, judge }: { db: Db; clock: Clock; records: Records; judge: Judge }) {
  const now = () => new Date(clock.nowMs());
  const audited = (tx: Tx, actor: Actor, action: string, objectId: string, detail: Readonly<Record<string, unknown>> = {}) =>
    record(tx, actor, { at: now(), action: `operations.${action}`, objectKind: 'alert', objectId, detail });

  /** @throws Refusal `base.not-found`, `operations.alert-over` */
  async function acknowledge(actor: Actor, id: string): Promise<{ id: string }> {
    return db.transact(actor.scope, async (tx) => {
      const alert = await tx
        .selectFrom('operations.alert')
        .select(['ended_at', 'acknowledged_at', 'record_id'])
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (!alert) throw new Refusal({ code: 'base.not-found' });
      if (alert.ended_at) throw new Refusal({ code: 'operations.alert-over' });
      if (alert.acknowledged_at) return { id };
      await store.patchAlert(tx, id, { acknowledged_at: now(), acknowledged_by: actor.name });
      await audited(tx, actor, 'acknowledge-alert', id);
      // Who acknowledges the alert acknowledges its fault, where nobody did yet.
      if (alert.record_id) await unlessRefused(records.actIn(tx, actor, 'fault', alert.record_id, 'respond', {}));
      return { id };
    });
  }

  return {
    acknowledge,
    /** @throws Refusal `base.not-found`, `operations.alert-open` */
    judge: (actor: Actor, id: string, verdict: 'useful' | 'noise', reason: string) =>
      db.transact(actor.scope, async (tx) => {
        const known = await tx.selectFrom('operations.alert').select('ended_at').where('id', '=', id).forUpdate().executeTakeFirst();
        if (!known) throw new Refusal({ code: 'base.not-found' });
        if (!known.ended_at) throw new Refusal({ code: 'operations.alert-open' });
        await store.patchAlert(tx, id, { verdict, verdict_by: actor.name, verdict_note: reason, verdict_at: now() });
        await audited(tx, actor, 'judge-alert', id, { verdict, reason });
        return { id };
      }),
    /** @throws Refusal `base.stale` where somebody changed it meanwhile, `operations.bad-pattern` */
    putRule: (actor: Actor, rule: AlertRule, enabled: boolean, seenVersion: number) =>
      db.transact(actor.scope, async (tx) => {
        checkPatterns(rule.matchers, 'matchers');
        const known = await tx
          .selectFrom('operations.alert_rule')
          .select('version')
          .where('key', '=', rule.key)
          .forUpdate()
          .executeTakeFirst();
        if ((known?.version ?? 0) !== seenVersion) throw new Refusal({ code: 'base.stale' });
        await store.putRule(tx, rule, enabled, seenVersion + 1, actor.name, now());
        await audited(tx, actor, 'change-alert-rule', rule.key, { version: seenVersion + 1 });
        return (await ruleViews(tx)).find((one) => one.key === rule.key)!;
      }),
    /** @throws Refusal `operations.bad-pattern`, `operations.bad-span` */
    silence: (actor: Actor, silence: NewSilence) =>
      db.transact(actor.scope, async (tx) => {
        checkPatterns(silence.matchers, 'matchers');
        const from = silence.from ? new Date(silence.from) : now();
        const to = new Date(silence.to);
        if (to <= from || to.getTime() - from.getTime() > LONGEST_SILENCE_MS) throw refuseField('to', 'operations.bad-span');
        const id = newId(clock.nowMs());
        await tx
          .insertInto('operations.silence')
          .values({
            id,
            kind: silence.kind,
            matchers: JSON.stringify(silence.matchers),
            from_at: from,
            to_at: to,
            reason: silence.reason,
            made_by: actor.name,
            made_at: now(),
          })
          .execute();
        await audited(tx, actor, 'silence-alerts', id, { reason: silence.reason });
        return { id };
      }),
    /** @throws Refusal `base.not-found` */
    endSilence: (actor: Actor, id: string) =>
      db.transact(actor.scope, async (tx) => {
        const at = now();
        const row = await tx
          .selectFrom('operations.silence')
          .select(['from_at', 'to_at'])
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        if (!row || row.to_at <= at) throw new Refusal({ code: 'base.not-found' });
        // One that has not begun yet ends with the instant it would have begun in.
        const to = row.from_at < at ? at : new Date(row.from_at.getTime() + 1);
        await tx.updateTable('operations.silence').set({ to_at: to }).where('id', '=', id).execute();
        await audited(tx, actor, 'end-silence', id);
        return { id };
      }),
    /** @throws Refusal `operations.bad-pattern`, `operations.bad-target` */
    addRoute: (actor: Actor, route: NewRoute) =>
      db.transact(actor.scope, async (tx) => {
        checkRoute(route);
        const id = newId(clock.nowMs());
        await tx
          .insertInto('operations.alert_route')
          .values({ id, ...columnsOf(route), made_by: actor.name, made_at: now() })
          .execute();
        await audited(tx, actor, 'add-alert-route', id, { channel: route.channel });
        return { id };
      }),
    /**
     * A route that is widened tells also of what stands open by then.
     *
     * @throws Refusal `base.not-found`, `operations.bad-pattern`, `operations.bad-target`
     */
    changeRoute: (actor: Actor, id: string, { enabled, ...route }: NewRoute & { readonly enabled: boolean }) =>
      db.transact(actor.scope, async (tx) => {
        checkRoute(route);
        const { numUpdatedRows } = await tx
          .updateTable('operations.alert_route')
          .set({ ...columnsOf(route), enabled, made_by: actor.name })
          .where('id', '=', id)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw new Refusal({ code: 'base.not-found' });
        await audited(tx, actor, 'change-alert-route', id, { channel: route.channel, enabled });
        return { id };
      }),
    /** @throws Refusal `base.not-found` */
    dropRoute: (actor: Actor, id: string) =>
      db.transact(actor.scope, async (tx) => {
        const { numDeletedRows } = await tx.deleteFrom('operations.alert_route').where('id', '=', id).executeTakeFirst();
        if (numDeletedRows === 0n) throw new Refusal({ code: 'base.not-found' });
        await audited(tx, actor, 'drop-alert-route', id);
        return { id };
      }),
    /** What an Alertmanager posts: its alerts stand beside our own, known by its fingerprints. */
    receive: (post: AlertmanagerPost, from: string) =>
      db.transact(SYSTEM, async (tx) => {
        const counts = { opened: 0, ended: 0 };
        for (const { status, fingerprint, labels, annotations = {} } of post.alerts) {
          const known = `alertmanager/${from}/${fingerprint}`;
          if (status === 'resolved') {
            if (await judge.ended(tx, known, now())) counts.ended++;
            continue;
          }
          const name = labels['alertname'] ?? fingerprint;
          const told = annotations['summary'] ?? annotations['description'] ?? name;
          const opened = await judge.opened(tx, {
            fingerprint: known,
            source: 'alertmanager',
            rule: name,
            series: null,
            labels,
            level: levelOf(labels),
            zh: (annotations['zh'] ?? told).slice(0, 200),
            en: told.slice(0, 200),
            advice: annotations['runbook_url'] ?? '',
            value: null,
            at: now(),
          });
          if (opened) counts.opened++;
        }
        return counts;
      }),
  };
}

/** @throws Refusal at the field that is wrong */
function checkRoute(route: NewRoute): void {
  checkPatterns(route.matchers, 'matchers');
  if (!TARGETS[route.channel].test(route.target)) throw refuseField('target', 'operations.bad-target');
}

const columnsOf = (route: NewRoute) => ({
  name: route.name,
  levels: [...route.levels],
  matchers: JSON.stringify(route.matchers),
  channel: route.channel,
  target: route.target,
  group_seconds: route.groupSeconds,
});

const BY_SEVERITY: Readonly<Record<string, AlertLevel>> = {
  critical: 'P1',
  page: 'P1',
  error: 'P2',
  major: 'P2',
  warning: 'P3',
  minor: 'P3',
  info: 'P4',
};

/** The level of another system's alert, by its label `level` or by the usual words of its severity. */
function levelOf(labels: Readonly<Record<string, string>>): AlertLevel {
  const own = ALERT_LEVELS.find((level) => level === labels['level']);
  return own ?? BY_SEVERITY[labels['severity'] ?? ''] ?? 'P3';
}
