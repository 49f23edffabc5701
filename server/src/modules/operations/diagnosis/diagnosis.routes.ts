import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { diagnosisApi } from '#contracts/operations/diagnosis.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { idCursor } from '#server/kernel/page.ts';
import { SYSTEM, type Db } from '#server/platform/db/db.ts';
import { bind, type Binding } from '#server/platform/http/bind.ts';
import { deliver } from '#server/platform/http/deliver.ts';
import type { Diagnosis } from './diagnosis.service.ts';
import { lockBoard } from './locks.views.ts';
import { outgoingPage } from './messages.service.ts';
import { planOf } from './plan.service.ts';
import type { Profiles } from './profile.service.ts';
import { nodesHeard, profileById, profileFile, profileLines } from './profile.views.ts';
import { statementBoard } from './statements.views.ts';

export interface DiagnosisRoutesDeps {
  readonly diagnosis: Diagnosis;
  readonly profiles: Profiles;
  readonly db: Db;
  readonly clock: Clock;
}

/** What PostgreSQL tells of statements and sessions is read in the scope `system`, as the inspections of the database are. */
export function diagnosisRoutes({ diagnosis, profiles, db, clock }: DiagnosisRoutesDeps): Binding[] {
  const now = () => new Date(clock.nowMs());
  return [
    bind(diagnosisApi.statements, ({ query }) => db.transact(SYSTEM, (tx) => statementBoard(tx, query, now()))),
    bind(diagnosisApi.resetStatements, async ({ actor, body }) => ({
      at: (await diagnosis.resetStatements(actor, body.reason)).toISOString(),
    })),
    bind(diagnosisApi.plan, ({ params, query }) => planOf(db, params.query, query.role)),
    bind(diagnosisApi.locks, () => db.transact(SYSTEM, (tx) => lockBoard(tx, now()))),
    bind(diagnosisApi.endSession, async ({ actor, params, body }) => {
      await diagnosis.endSession(actor, params.pid, body);
      return { pid: params.pid };
    }),
    bind(diagnosisApi.profiles, () =>
      db.transact(SYSTEM, async (tx) => ({ nodes: await nodesHeard(tx, now()), items: await profileLines(tx) })),
    ),
    bind(diagnosisApi.askProfile, async ({ actor, body }) => ({ id: await profiles.ask(actor, body) })),
    bind(diagnosisApi.profile, async ({ actor, params }) => {
      const found = await db.transact(actor.scope, (tx) => profileById(tx, params.id));
      if (!found) throw new Refusal({ code: 'base.not-found' });
      return found;
    }),
    bind(diagnosisApi.profileFile, async ({ actor, params, reply }) => {
      const found = await db.transact(actor.scope, async (tx) =>
        (await profileById(tx, params.id)) ? { taken: await profileFile(tx, params.id) } : null,
      );
      if (!found) throw new Refusal({ code: 'base.not-found' });
      if (!found.taken) throw new Refusal({ code: 'diagnosis.profile-not-done' });
      const { kind, askedAt, file } = found.taken;
      const name = `minsheng-${askedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}.${kind}profile`;
      return deliver(reply, { body: await promisify(gunzip)(file), type: 'application/json', name }, 'attachment');
    }),
    bind(diagnosisApi.messages, ({ actor, query: { cursor, ...query } }) =>
      db.transact(actor.scope, (tx) => outgoingPage(tx, { ...query, after: idCursor(cursor) })),
    ),
    bind(diagnosisApi.repeatMessage, async ({ actor, params, body }) => ({
      id: await diagnosis.repeatMessage(actor, params.id, body.reason),
    })),
  ];
}
