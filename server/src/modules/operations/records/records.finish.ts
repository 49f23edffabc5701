import { kindFacts } from '#contracts/operations/records/records.lifecycles.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import type { Actor } from '#server/platform/actor.ts';
import {
  clocksToStart,
  dueOf,
  recordStep,
  saveClocks,
  tell,
  turnClocks,
  type ClockRule,
  type Finished,
  type RunningClock,
  type StoredClock,
} from '#server/platform/casework/index.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { RecordContext, RecordEffect, RecordRow } from './records.kind.ts';
import { sinceFirst } from './records.rules.ts';
import * as store from './records.store.ts';

/** State, clocks, event and audit entry of what became of a record. */
export async function finishRecord(
  context: RecordContext,
  { trigger, telling, to, effect }: Finished<string, string, RecordEffect>,
): Promise<void> {
  const { tx, row, actor, at, guarded } = context;
  const { lifecycle } = kindFacts(row.kind);
  const level = effect.patch?.level ?? row.level;
  const due = await turn(tx, row, context.clocks, trigger, to, level, at, guarded.holidays);
  const { tone } = lifecycle.states[to]!;
  const final = lifecycle.states[to]!.final === true;
  await store.saveRecord(
    tx,
    row.id,
    { state: to, version: row.version + 1, endedAt: final ? at : null, facts: effect.facts ?? {} },
    { ...effect.patch, ...due, ...(tone === 'done' || tone === 'stopped' ? { paused: null } : {}) },
  );
  await tell(tx, { caseKind: row.kind, row, telling, to, unitCode: null, actor, at, data: effect.data });
}

/** The first clocks of a record that was opened, and the event of it. */
export async function startClocks(
  tx: Tx,
  actor: Actor,
  record: store.NewRecord,
  opened: store.Opened,
  at: Date,
  holidays: Holidays,
): Promise<void> {
  const { lifecycle, plural } = kindFacts(record.kind);
  const row = { id: opened.id, kind: record.kind, state: lifecycle.initial, version: 0, region: '' };
  const due = await turn(tx, row, [], 'open', lifecycle.initial, record.level, at, holidays);
  await store.saveRecord(tx, opened.id, { state: lifecycle.initial, version: 1, endedAt: null, facts: {} }, due);
  const data = { number: opened.number, level: record.level, title: record.title, source: record.source };
  const telling = { name: `${plural}.open`, isPublic: false };
  await tell(tx, { caseKind: record.kind, row, telling, to: lifecycle.initial, unitCode: null, actor, at, data });
}

async function turn(
  tx: Tx,
  row: Pick<RecordRow, 'id' | 'kind' | 'state'>,
  clocks: readonly StoredClock[],
  trigger: string,
  to: string,
  level: number,
  at: Date,
  holidays: Holidays,
) {
  const table = kindFacts(row.kind).lifecycle.clocks;
  const starting = clocksToStart(table, trigger, to);
  const limits = starting.length > 0 ? await store.limitsOf(tx, row.kind, level) : new Map<string, ClockRule>();
  const rules = new Map(starting.map((name) => [name, limits.get(table[name]!.limit!) ?? null]));
  const turned = turnClocks(table, clocks, trigger, to, at.getTime(), rules, holidays);
  const on = { caseKind: row.kind, caseId: row.id, region: '', unitCode: null };
  // A new level changes how long it may take, not since when.
  const again = turned.fresh.map((clock) => {
    const former = trigger === 'regrade' ? clocks.findLast((one) => one.name === clock.name) : undefined;
    return former ? sinceFirst(clock, former, table[clock.name]!, at.getTime(), holidays) : { clock, passed: [] };
  });
  const fresh: RunningClock[] = again.map(({ clock }) => clock);
  await saveClocks(tx, on, fresh, turned.changed);
  for (const { clock, passed } of again) {
    for (const step of passed) await recordStep(tx, { ...on, ...clock, nextStepMs: at.getTime() }, step, at.getTime(), 0);
  }
  return dueOf(table, [...turned.all.filter((clock) => !turned.fresh.includes(clock)), ...fresh]);
}
