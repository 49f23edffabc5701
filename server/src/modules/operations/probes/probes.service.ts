import type { ChangedProbe, NewProbe, ProbeKind } from '#contracts/operations/probes.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { Refusal, refuseField } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { gridAt, HOURS_KEPT_MS } from '../series/series.rules.ts';
import type { Reading } from '../series/series.service.ts';
import type { BrowserMeans } from './probes.browser.ts';
import { shownTarget } from './probes.views.ts';
import { hostAndPort, tryProbe, type Probe, type ProbeResult } from './probes.run.ts';

/** A browser takes a processor for some seconds, and leaves a cancelled appeal behind. */
const BROWSER_EVERY_S = 300;

interface Due extends Probe {
  readonly everyMs: number;
}

export type Probes = ReturnType<typeof createProbes>;

/** Tries probes when their time comes, and tells what the last try of each found under the names of the blackbox exporter. */
export function createProbes({ db, clock, browser }: { db: Db; clock: Clock; browser: BrowserMeans }) {
  const last = new Map<string, { atMs: number; result: ProbeResult }>();
  const running = new Set<string>();

  /** Browsers walk one after the other: a log-in of their account ends the one before. */
  let walked: Promise<unknown> = Promise.resolve();
  function tryOne(probe: Probe): Promise<ProbeResult> {
    if (probe.kind !== 'browser') return tryProbe(probe, browser);
    const walk = walked.then(() => tryProbe(probe, browser));
    walked = walk;
    return walk;
  }

  /** Tries one and keeps what came of it; it is due again an interval after the instant of the grid it was due at. */
  async function attempt(probe: Probe, atMs: number): Promise<void> {
    running.add(probe.id);
    try {
      const result = await tryOne(probe);
      last.set(probe.id, { atMs, result });
      await db.transact(SYSTEM, (tx) => keep(tx, probe.id, new Date(atMs), result));
    } finally {
      running.delete(probe.id);
    }
  }

  /** Begins what is due and gives the readings of all; for a sampler. What answers late is told at the next instant. */
  async function gather(): Promise<Reading[]> {
    const probes = await db.transact(SYSTEM, enabledProbes);
    const atMs = gridAt(clock.nowMs());
    const due = probes.filter(({ id, everyMs }) => !running.has(id) && atMs - (last.get(id)?.atMs ?? -Infinity) >= everyMs);
    await soon(Promise.all(due.map((probe) => attempt(probe, atMs))));
    for (const id of last.keys()) if (!probes.some((probe) => probe.id === id)) last.delete(id);
    return probes.flatMap((probe) => {
      const told = last.get(probe.id);
      return told ? readingsOf(probe, told.result) : [];
    });
  }

  return {
    gather,
    /** @throws Refusal `operations.probe-target`, `operations.probe-too-often`, `operations.probe-key-taken` */
    add: (actor: Actor, probe: NewProbe) =>
      db.transact(actor.scope, async (tx) => {
        checkProbe(probe);
        const at = new Date(clock.nowMs());
        const id = newId(at.getTime());
        const { numInsertedOrUpdatedRows } = await tx
          .insertInto('operations.probe')
          .values({ id, key: probe.key, ...columnsOf(probe), changed_by: actor.name, changed_at: at })
          .onConflict((oc) => oc.column('key').doNothing())
          .executeTakeFirstOrThrow();
        if (numInsertedOrUpdatedRows === 0n)
          throw new Refusal({ code: 'operations.probe-key-taken', fields: [{ path: 'key', code: 'operations.probe-key-taken' }] });
        await record(tx, actor, {
          at,
          action: 'operations.add-probe',
          objectKind: 'probe',
          objectId: id,
          detail: { key: probe.key, kind: probe.kind },
        });
        return { id };
      }),
    /**
     * A target that is given as it is shown, without its password, stays as it is.
     *
     * @throws Refusal `base.not-found`, `operations.probe-target`, `operations.probe-too-often`
     */
    change: (actor: Actor, id: string, probe: ChangedProbe) =>
      db.transact(actor.scope, async (tx) => {
        const before = await tx
          .selectFrom('operations.probe')
          .select(['key', 'target'])
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        if (!before) throw new Refusal({ code: 'base.not-found' });
        const target = probe.target === shownTarget(before.target) ? before.target : probe.target;
        checkProbe({ ...probe, target });
        const at = new Date(clock.nowMs());
        await tx
          .updateTable('operations.probe')
          .set({ ...columnsOf({ ...probe, target }), changed_by: actor.name, changed_at: at })
          .where('id', '=', id)
          .execute();
        await record(tx, actor, {
          at,
          action: 'operations.change-probe',
          objectKind: 'probe',
          objectId: id,
          detail: { key: before.key, kind: probe.kind },
        });
        return { id };
      }),
    /** @throws Refusal `base.not-found` */
    enable: (actor: Actor, id: string, enabled: boolean) =>
      db.transact(actor.scope, async (tx) => {
        const at = new Date(clock.nowMs());
        const { numUpdatedRows } = await tx
          .updateTable('operations.probe')
          .set({ enabled, changed_by: actor.name, changed_at: at })
          .where('id', '=', id)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw new Refusal({ code: 'base.not-found' });
        await record(tx, actor, { at, action: 'operations.enable-probe', objectKind: 'probe', objectId: id, detail: { enabled } });
        return { id };
      }),
    /** Tries one now, whatever its interval. */
    async try(actor: Actor, id: string): Promise<ProbeResult> {
      const probe = await db.transact(actor.scope, async (tx) => {
        const row = await tx.selectFrom('operations.probe').selectAll().where('id', '=', id).executeTakeFirst();
        return row ? probeOf(row) : null;
      });
      if (!probe) throw new Refusal({ code: 'base.not-found' });
      const result = await tryOne(probe);
      const at = new Date(clock.nowMs());
      await db.transact(SYSTEM, async (tx) => {
        await keep(tx, id, at, result);
        await record(tx, actor, { at, action: 'operations.try-probe', objectKind: 'probe', objectId: id, detail: { good: result.good } });
      });
      return result;
    },
  };
}

/** So long an instant waits for its probes: the judge waits three seconds for what was read at it. */
const SOON_MS = 2000;

/** Waits for work, but not for long; one that is over in time and failed, throws. */
async function soon(work: Promise<unknown>): Promise<void> {
  let isOver = false;
  const late = new Promise<void>((resolve) => {
    setTimeout(() => {
      isOver = true;
      resolve();
    }, SOON_MS).unref();
  });
  // What fails later is tried again when it is due: its last result stands until then.
  await Promise.race([
    late,
    work.catch((error: unknown) => {
      if (!isOver) throw error;
    }),
  ]);
}

/** @throws Refusal at the field where a target is none of its kind, or a browser would walk too often */
function checkProbe({ kind, target, everySeconds }: ChangedProbe): void {
  if (kind === 'browser' && everySeconds < BROWSER_EVERY_S)
    throw refuseField('everySeconds', 'operations.probe-too-often', { seconds: BROWSER_EVERY_S });
  const fits = {
    http: () => /^https?:$/.test(new URL(target).protocol),
    browser: () => /^https?:$/.test(new URL(target).protocol),
    sql: () => /^postgres(ql)?:$/.test(new URL(target).protocol),
    tcp: () => hostAndPort(target).port > 0,
    certificate: () => hostAndPort(target, 443).port > 0,
    dns: () => /^[\w.-]+$/.test(target),
  }[kind];
  try {
    if (fits()) return;
  } catch {
    // No address at all: refused below.
  }
  throw refuseField('target', 'operations.probe-target');
}

function readingsOf(probe: Probe, result: ProbeResult): Reading[] {
  const labels = { probe: probe.key, ...(probe.component ? { component: probe.component } : {}) };
  const gauge = (name: string, value: number): Reading => ({ name, labels, kind: 'gauge', value });
  return [
    gauge('probe_success', result.good ? 1 : 0),
    gauge('probe_duration_seconds', result.tookMs / 1000),
    ...(result.daysLeft === undefined ? [] : [gauge('probe_ssl_days_left', result.daysLeft)]),
  ];
}

async function enabledProbes(tx: Tx): Promise<Due[]> {
  const rows = await tx.selectFrom('operations.probe').selectAll().where('enabled', '=', true).execute();
  return rows.map((row) => ({ ...probeOf(row), everyMs: row.every_seconds * 1000 }));
}

function probeOf(row: {
  id: string;
  key: string;
  kind: string;
  target: string;
  expects: string | null;
  timeout_ms: number;
  component: string | null;
}): Probe {
  return {
    id: row.id,
    key: row.key,
    kind: row.kind as ProbeKind,
    target: row.target,
    expects: row.expects,
    timeoutMs: row.timeout_ms,
    component: row.component,
  };
}

const columnsOf = (probe: ChangedProbe) => ({
  name: probe.name,
  kind: probe.kind,
  target: probe.target,
  expects: probe.expects ?? null,
  every_seconds: probe.everySeconds,
  timeout_ms: probe.timeoutMs,
  component: probe.component ?? null,
});

/** Keeps what came of a try, and that it turned: good to bad, bad to good, or the first one. */
async function keep(tx: Tx, id: string, at: Date, { good, tookMs, note }: ProbeResult): Promise<void> {
  const result = { at, good, took_ms: tookMs, note };
  const before = await tx.selectFrom('operations.probe_result').select('good').where('probe_id', '=', id).forUpdate().executeTakeFirst();
  if (before?.good !== good) {
    await tx
      .insertInto('operations.probe_turn')
      .values({ probe_id: id, ...result })
      .onConflict((oc) => oc.columns(['probe_id', 'at']).doUpdateSet(result))
      .execute();
    const forgotten = new Date(at.getTime() - HOURS_KEPT_MS);
    await tx.deleteFrom('operations.probe_turn').where('probe_id', '=', id).where('at', '<', forgotten).execute();
  }
  await tx
    .insertInto('operations.probe_result')
    .values({ probe_id: id, ...result })
    .onConflict((oc) => oc.column('probe_id').doUpdateSet(result))
    .execute();
}
