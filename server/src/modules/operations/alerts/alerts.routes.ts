import { alertsApi } from '#contracts/operations/alerts.api.ts';
import { beijingDate } from '#server/kernel/calendar.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { deliver } from '#server/platform/http/deliver.ts';
import { prometheusRules } from './alerts.prometheus.ts';
import type { Alerts } from './alerts.service.ts';

import { alertsPage, messagesPage, noiseOf, routesOf, rulesOf, ruleViews, silencesFrom } from './alerts.views.ts';

export function alertsRoutes({ alerts, db, clock }: { alerts: Alerts; db: Db; clock: Clock }): Binding[] {
  return [
    bind(alertsApi.list, ({ actor, query }) => db.transact(actor.scope, (tx) => alertsPage(tx, query))),
    bind(alertsApi.acknowledge, ({ actor, params }) => alerts.acknowledge(actor, params.id)),
    bind(alertsApi.judge, ({ actor, params, body }) => alerts.judge(actor, params.id, body.verdict, body.reason)),
    bind(alertsApi.rules, ({ actor }) => db.transact(actor.scope, async (tx) => ({ items: await ruleViews(tx) }))),
    bind(alertsApi.rulesFile, async ({ actor, reply }) => {
      const rules = await db.transact(actor.scope, rulesOf);
      const body = prometheusRules(rules.filter((rule) => rule.enabled));
      return deliver(reply, { body: Buffer.from(body), type: 'application/yaml', name: 'minsheng-rules.yml' }, 'attachment');
    }),
    bind(alertsApi.putRule, ({ actor, params, body }) => {
      const { enabled, version, ...rule } = body;
      return alerts.putRule(actor, { key: params.key, ...rule }, enabled, version);
    }),
    bind(alertsApi.noise, async ({ actor, query }) => {
      const month = query.month ?? beijingDate(clock.nowMs()).slice(0, 7);
      return { month, items: await db.transact(actor.scope, (tx) => noiseOf(tx, month)) };
    }),
    bind(alertsApi.silences, ({ actor }) =>
      db.transact(actor.scope, async (tx) => ({ items: await silencesFrom(tx, new Date(clock.nowMs())) })),
    ),
    bind(alertsApi.silence, ({ actor, body }) => alerts.silence(actor, body)),
    bind(alertsApi.endSilence, ({ actor, params }) => alerts.endSilence(actor, params.id)),
    bind(alertsApi.routes, ({ actor }) => db.transact(actor.scope, async (tx) => ({ items: await routesOf(tx) }))),
    bind(alertsApi.addRoute, ({ actor, body }) => alerts.addRoute(actor, body)),
    bind(alertsApi.changeRoute, ({ actor, params, body }) => alerts.changeRoute(actor, params.id, body)),
    bind(alertsApi.dropRoute, ({ actor, params }) => alerts.dropRoute(actor, params.id)),
    bind(alertsApi.messages, ({ actor, query }) => db.transact(actor.scope, (tx) => messagesPage(tx, query))),
    bind(alertsApi.receive, ({ actor, body }) => alerts.receive(body, actor.sourceSystem ?? actor.name)),
  ];
}
