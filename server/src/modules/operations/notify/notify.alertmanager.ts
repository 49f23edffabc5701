import type { Clock } from '#server/kernel/clock.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import type { Loop } from '#server/platform/events/events.ts';
import type { Matcher } from '#contracts/operations/alerts.api.ts';
import type { Log } from '#server/platform/log/log.ts';
import type { Labels } from '../series/series.rules.ts';
import { matching } from '../alerts/alerts.engine.ts';

/** Alertmanager forgets what it is not told again: each alert is told every minute, and is good for five. */
const EVERY_MS = 60_000;
const GOOD_MS = 300_000;
const TIMEOUT_MS = 10_000;

/** Keeps every Alertmanager that a route names told of the open alerts, and of those that ended lately. */
export function createAlertmanagerFeed({ db, clock, log, origin }: { db: Db; clock: Clock; log: Log; origin: string }): Loop {
  return {
    name: 'operations.alertmanager',
    restMs: EVERY_MS,
    async turn() {
      const nowMs = clock.nowMs();
      const { routes, alerts } = await db.transact(SYSTEM, async (tx) => ({
        routes: await tx
          .selectFrom('operations.alert_route')
          .selectAll()
          .where('enabled', '=', true)
          .where('channel', '=', 'alertmanager')
          .execute(),
        alerts: await tx
          .selectFrom('operations.alert')
          .selectAll()
          .where('source', '=', 'minsheng')
          .where('hushed', 'is', null)
          .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', new Date(nowMs - GOOD_MS))]))
          .execute(),
      }));
      for (const route of routes) {
        const fits = matching(route.matchers as Matcher[]);
        const told = alerts
          .filter(
            (alert) => route.levels.includes(alert.level) && fits({ ...(alert.labels as Labels), rule: alert.rule, level: alert.level }),
          )
          .map((alert) => ({
            labels: { ...(alert.labels as Labels), alertname: alert.rule, level: alert.level, source: 'minsheng' },
            annotations: { summary: alert.en, zh: alert.zh },
            startsAt: alert.opened_at.toISOString(),
            endsAt: (alert.ended_at ?? new Date(nowMs + GOOD_MS)).toISOString(),
            generatorURL: `${origin}/console/`,
          }));
        if (told.length === 0) continue;
        try {
          const answer = await fetch(new URL('api/v2/alerts', route.target.endsWith('/') ? route.target : `${route.target}/`), {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(told),
            signal: AbortSignal.timeout(TIMEOUT_MS),
          });
          if (!answer.ok) log.warn({ route: route.name, status: answer.status }, 'an Alertmanager did not take our alerts');
        } catch (error) {
          log.warn({ route: route.name, err: error }, 'an Alertmanager is not reached');
        }
      }
      return 0;
    },
  };
}
