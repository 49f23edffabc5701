import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertRule } from '#contracts/operations/alerts.api.ts';
import { newId } from '#server/kernel/ids.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import { putRule } from './alerts/alerts.store.ts';
import { rulesOf } from './alerts/alerts.views.ts';

const FILE = join(import.meta.dirname, '../../../db/reference/alert-rules.json');
const SHIPPED_BY = '系统';

/** The rules and the routes that ship with the platform; what people changed stays as they left it. */
export async function seedOperations(db: Db, at: Date): Promise<void> {
  const shipped = JSON.parse(readFileSync(FILE, 'utf8')) as AlertRule[];
  await db.transact(SYSTEM, async (tx) => {
    const known = new Map((await rulesOf(tx)).map((rule) => [rule.key, rule]));
    for (const rule of shipped) {
      const before = known.get(rule.key);
      if (!before) await putRule(tx, rule, true, 1, SHIPPED_BY, at);
      else if (before.changedBy === SHIPPED_BY && !isSame(rule, before))
        await putRule(tx, rule, before.enabled, before.version + 1, SHIPPED_BY, at);
    }
    const route = await tx.selectFrom('operations.alert_route').select('id').limit(1).executeTakeFirst();
    if (route || known.size > 0) return;
    await tx
      .insertInto('operations.alert_route')
      .values({
        id: newId(at.getTime()),
        name: '控制台',
        levels: ['P1', 'P2', 'P3'],
        matchers: '[]',
        channel: 'console',
        target: 'operations.handle',
        group_seconds: 15,
        made_by: SHIPPED_BY,
        made_at: at,
      })
      .execute();
  });
}

function isSame(a: AlertRule, b: AlertRule): boolean {
  const parts = ({ key, zh, en, metric, matchers, judgement, forSeconds, level, advice }: AlertRule) =>
    JSON.stringify([key, zh, en, metric, matchers, sorted(judgement), forSeconds, level, advice]);
  return parts(a) === parts(b);
}

/** A jsonb column keeps no order of its keys. */
const sorted = (object: object) => Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1));
