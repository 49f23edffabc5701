import type { AlertLevel } from '#contracts/operations/alerts.api.ts';
import { below, type Relation } from '#contracts/operations/topology.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { unlessRefused } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { lockCursor, type Loop } from '#server/platform/events/events.ts';
import { assetOf } from '../assets/assets.rules.ts';
import { relationsOf } from '../assets/assets.store.ts';
import type { Records } from '../records/records.service.ts';
import { gridAt, labelText, STEP_MS, type Labels } from '../series/series.rules.ts';
import { createEngine, matching, type Change, type Engine, type Usual } from './alerts.engine.ts';
import { ACK_MINUTES, FAULT_LEVELS, GRACE_MS, inhibitedBy, REST_MS, type Standing } from './alerts.rules.ts';
import * as store from './alerts.store.ts';
import { usualOf } from './alerts.usual.ts';
import { rulesOf } from './alerts.views.ts';

const NAME = 'operations.judge';
/** After a standstill longer than this, what was told meanwhile is not judged any more. */
const STALE_MS = 600_000;
/** What is only noteworthy, a certificate that ends in a month, explains no failure above it. */
const INHIBITS_FROM: AlertLevel = 'P2';
const HOUR_MS = 3_600_000;

export interface JudgeDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly records: Records;
  /** Whether rules are judged here; where a Prometheus judges them, only what silences cover is looked at. */
  readonly judges?: boolean;
}

export interface Judge {
  readonly loop: Loop;
  /** Judges what was told since; gives how many alerts opened or ended. */
  turn(): Promise<number>;
  /** An alert of another system opened or ended, in the caller's transaction. */
  opened(tx: Tx, alert: Opening): Promise<boolean>;
  ended(tx: Tx, fingerprint: string, at: Date): Promise<boolean>;
}

interface Opening {
  readonly fingerprint: string;
  readonly source: 'minsheng' | 'alertmanager';
  readonly rule: string;
  readonly series: number | null;
  readonly labels: Labels;
  readonly level: AlertLevel;
  readonly zh: string;
  readonly en: string;
  readonly advice: string;
  readonly value: number | null;
  readonly at: Date;
}

/** Judges readings by the rules, on one node at a time, and opens and ends alerts and their faults. */
export function createJudge({ db, clock, records, judges = true }: JudgeDeps): Judge {
  let engine: Engine | null = null;
  let judgedMs = 0;
  let watched = { rules: '', newest: -1, hour: -1 };
  let usual: ReadonlyMap<number, Usual> = new Map();

  /** Rules and series as they stand; what goes on being watched keeps its state. */
  async function refresh(tx: Tx, atMs: number): Promise<Engine> {
    const rules = (await rulesOf(tx)).filter((rule) => rule.enabled);
    const now = {
      rules: rules.map((rule) => `${rule.key}/${rule.version}`).join(),
      newest: await store.newestSeries(tx),
      hour: Math.floor(atMs / HOUR_MS),
    };
    const isFresh = engine === null;
    if (!isFresh && now.rules === watched.rules && now.newest === watched.newest && now.hour === watched.hour) return engine!;
    engine ??= createEngine();
    const series = await store.watchedSeries(tx, new Date(atMs));
    engine.watch(rules, series, atMs);
    const baselines = new Set(rules.filter((rule) => rule.judgement.kind === 'baseline').map((rule) => rule.metric));
    usual = await usualOf(
      tx,
      series.filter((one) => baselines.has(one.name)).map((one) => one.id),
      atMs,
    );
    if (isFresh)
      for (const alert of await store.openAlerts(tx))
        if (alert.source === 'minsheng') engine.restore(alert.rule, alert.series, alert.openedMs);
    watched = now;
    return engine;
  }

  async function turn(): Promise<number> {
    try {
      return await db.transact(SYSTEM, async (tx) => {
        if (!(await lockCursor(tx, NAME))) return 0;
        if (!judges) return await reconsider(tx, new Date(clock.nowMs()));
        const toMs = gridAt(clock.nowMs() - GRACE_MS);
        const upto = await store.judgedUpto(tx);
        const fromMs = upto !== null && toMs - upto <= STALE_MS ? upto : toMs - STEP_MS;
        if (fromMs >= toMs) return 0;
        // Another node judged meanwhile: what stands in memory here is older than what stands in the tables.
        if (upto !== judgedMs) engine = null;
        const judging = await refresh(tx, toMs);
        const told = await store.readingsBetween(tx, fromMs, toMs);
        let changed = 0;
        for (let atMs = fromMs + STEP_MS; atMs <= toMs; atMs += STEP_MS) {
          const readings = told.get(atMs);
          const changes = judging.judge({ atMs, readingOf: (id) => readings?.get(id) ?? NaN, usualOf: (id) => usual.get(id) ?? null });
          const relations = changes.length > 0 ? await relationsOf(tx) : [];
          for (const change of lowestFirst(changes, relations)) changed += (await apply(tx, change, relations)) ? 1 : 0;
        }
        await reconsider(tx, new Date(toMs));
        await store.setJudgedUpto(tx, toMs);
        judgedMs = toMs;
        return changed;
      });
    } catch (error) {
      // What was judged was not kept: the state in memory must not be ahead of the tables.
      engine = null;
      throw error;
    }
  }

  function apply(tx: Tx, { rule, series, turn: what, value, atMs }: Change, relations: readonly Relation[]): Promise<boolean> {
    const labels = series?.labels ?? {};
    const fingerprint = `${rule.key}/${labelText(labels)}`;
    const at = new Date(atMs);
    if (what === 'ended') return ended(tx, fingerprint, at);
    const { key, zh, en, level, advice } = rule;
    const opening = { fingerprint, source: 'minsheng', rule: key, series: series?.id ?? null, labels, level, zh, en, advice, at } as const;
    return openedOn(tx, { ...opening, value: Number.isFinite(value) ? value : null }, relations);
  }

  const opened = async (tx: Tx, alert: Opening): Promise<boolean> => openedOn(tx, alert, await relationsOf(tx));

  async function openedOn(tx: Tx, alert: Opening, relations: readonly Relation[]): Promise<boolean> {
    const component = assetOf(alert.labels);
    const hush =
      hushOf(alert, await store.silencesAt(tx, alert.at)) ?? inhibition({ ...alert, component }, await store.openAlerts(tx), relations);
    const minutes = ACK_MINUTES[alert.level];
    const id = newId(alert.at.getTime());
    const isNew = await store.addAlert(tx, {
      ...alert,
      id,
      component,
      openedAt: alert.at,
      hush,
      ackDueAt: minutes === null ? null : new Date(alert.at.getTime() + minutes * 60_000),
    });
    if (isNew && hush === null) await openFault(tx, { ...alert, id, component });
    return isNew;
  }

  async function openFault(
    tx: Tx,
    alert: Pick<Opening, 'fingerprint' | 'level' | 'zh' | 'labels' | 'rule'> & { id: string; component: string | null; advice?: string },
  ) {
    const level = FAULT_LEVELS[alert.level];
    if (level === undefined) return;
    const shown = labelText(alert.labels);
    const opened = await records.open(tx, PLATFORM, {
      kind: 'fault',
      level,
      title: `${alert.zh}${alert.component ? `：${alert.component}` : ''}`.slice(0, 120),
      body: [`告警规则 ${alert.rule}`, shown && `对象 ${shown}`, alert.advice && `建议 ${alert.advice}`].filter(Boolean).join('\n'),
      component: alert.component,
      source: 'alert',
      onceKey: `alert/${alert.fingerprint}`,
    });
    await store.patchAlert(tx, alert.id, { record_id: opened.id });
  }

  async function ended(tx: Tx, fingerprint: string, at: Date): Promise<boolean> {
    const alert = await store.endAlert(tx, fingerprint, at);
    // People say when a fault is over; that its alert ended is one of the things they hear.
    if (alert?.recordId)
      await unlessRefused(records.actIn(tx, PLATFORM, 'fault', alert.recordId, 'inform', { note: '告警已自行恢复，请核实后修复关闭' }));
    return alert !== null;
  }

  /** What is hushed and is covered no longer: the silence ended or was ended, or what it stands on is well again. */
  async function reconsider(tx: Tx, at: Date): Promise<number> {
    const open = await store.openAlerts(tx);
    const hushedAlerts = open.filter(({ hushed }) => hushed !== null);
    if (hushedAlerts.length === 0) return 0;
    const silences = await store.silencesAt(tx, at);
    const relations = await relationsOf(tx);
    let changed = 0;
    for (const alert of hushedAlerts) {
      const hush = hushOf(alert, silences) ?? inhibition(alert, open, relations);
      if ((hush?.kind ?? null) === alert.hushed && (hush?.by ?? null) === alert.hushedBy) continue;
      changed++;
      await store.patchAlert(tx, alert.id, { hushed: hush?.kind ?? null, hushed_by: hush?.by ?? null });
      if (hush === null && alert.recordId === null) await openFault(tx, alert);
    }
    return changed;
  }

  return { loop: { name: NAME, restMs: REST_MS, turn: async () => ((await turn()) > 0 ? 1 : 0) }, turn, opened, ended };
}

/** Whether an alert follows from an open one of what its thing stands on. */
function inhibition(
  alert: Pick<Opening, 'rule' | 'level' | 'labels'> & { component: string | null },
  open: readonly store.OpenAlert[],
  relations: readonly Relation[],
): store.Hush | null {
  const standing = ({ rule, level, labels, component }: typeof alert): Standing => ({ rule, level, labels, asset: component });
  const firing = open.filter(({ level }) => level <= INHIBITS_FROM).map(standing);
  return inhibitedBy(standing(alert), firing, (asset) => below(relations, asset)) ? { kind: 'inhibited', by: null } : null;
}

/** What changed at an instant, from the bottom of the topology: what stands on a thing finds its alert open already. */
function lowestFirst(changes: readonly Change[], relations: readonly Relation[]): Change[] {
  const depth = (change: Change) => {
    const asset = assetOf(change.series?.labels ?? {});
    return asset === null ? 0 : below(relations, asset).size;
  };
  return changes
    .map((change) => ({ change, depth: depth(change) }))
    .toSorted((a, b) => a.depth - b.depth)
    .map(({ change }) => change);
}

/** The silence that covers an alert; null where none does. */
function hushOf(alert: Pick<Opening, 'labels' | 'rule' | 'level'>, silences: readonly store.StoredSilence[]): store.Hush | null {
  const labels = { ...alert.labels, rule: alert.rule, level: alert.level };
  const silence = silences.find((one) => matching(one.matchers)(labels));
  return silence ? { kind: silence.kind, by: silence.id } : null;
}
