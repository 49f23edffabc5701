import { tellOnce } from '#server/platform/notices/notices.ts';
import type { Verdict } from '#contracts/operations/inspections.api.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import { Refusal } from '#server/kernel/decision.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import type { Loop } from '#server/platform/events/events.ts';
import type { Records } from '../records/records.service.ts';
import { createFindings, sayWhat } from './findings.service.ts';
import { DEPTHS, isBad, outcomeOfVerdict, scoreOf, type Check, type Judged } from './inspections.rules.ts';
import * as store from './inspections.store.ts';
import { look } from './look.ts';
import { duesBetween } from './schedule.rules.ts';

export interface Answer {
  readonly verdict: Verdict;
  readonly said?: string;
  readonly note?: string;
  /** The revision that was seen. */
  readonly revision: number;
}

export interface Inspections {
  /**
   * Inspects now.
   *
   * @throws Refusal `inspections.no-such-template`, `inspections.asked-just-now`
   */
  start(actor: Actor, template: string): Promise<{ id: string; number: string }>;
  /**
   * Keeps a person's answer to an item, until the inspection is signed.
   *
   * @throws Refusal `base.not-found`, `inspections.done`, `inspections.not-manual`, `inspections.overtaken`, `inspections.say-what`
   */
  answer(actor: Actor, inspectionId: string, code: string, answer: Answer): Promise<void>;
  /**
   * Signs an inspection: its score stands, and what people found becomes findings.
   *
   * @throws Refusal `base.not-found`, `inspections.done`, `inspections.items-open`
   */
  sign(actor: Actor, inspectionId: string, note: string | null): Promise<void>;
  /**
   * Checks a finding again; one that is good now is closed with the evidence of both.
   *
   * @throws Refusal `base.not-found`, `inspections.finding-closed`, `inspections.verdict-needed`, `inspections.say-what`
   */
  recheck(actor: Actor, findingId: string, said: Partial<Omit<Answer, 'revision'>>): Promise<void>;
  /** Begins what the schedule asks for, and tells of what nobody signed; gives how much it did. */
  turn(): Promise<number>;
  readonly loop: Loop;
}

export interface InspectionsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly records: Records;
  readonly reference: { holidays(): Promise<Holidays> };
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** How long what is inspected every few minutes is kept. */
const SHALLOW_KEPT_MS = 7 * DAY;
/** A template that a person asks for again so soon is not inspected twice. */
const AGAIN_AFTER_MS = MINUTE;

/** Inspections: begun by the schedule or a person, answered item by item, signed; what is found becomes a fault until it is good again. */
export function createInspections({ db, clock, records, reference }: InspectionsDeps): Inspections {
  const now = () => new Date(clock.nowMs());
  const findings = createFindings({ db, clock, records });

  async function checksOf(template: store.Template): Promise<Check[]> {
    const deepest = DEPTHS.indexOf(template.depth);
    const checks = await db.transact(SYSTEM, store.loadChecks);
    return checks.filter(
      (check) =>
        DEPTHS.indexOf(check.depth) <= deepest &&
        (template.objects?.includes(check.object) ?? true) &&
        // Where nobody signs, nobody is asked.
        (template.signWithinMinutes !== undefined || check.kind === 'automatic'),
    );
  }

  /** Looks at everything first and writes it then: nothing waits for a slow check. Null where another node has begun it. */
  async function inspect(template: store.Template, dueMs: number, actor: Actor | null): Promise<{ id: string; number: string } | null> {
    const checks = await checksOf(template);
    const judged = await look(db, checks, clock.nowMs());
    const at = now();
    const signs = template.signWithinMinutes !== undefined;
    return db.transact(SYSTEM, async (tx) => {
      const id = newId(at.getTime());
      const number = await store.insertInspection(tx, {
        id,
        template,
        asked: actor && { id: actor.accountId, name: actor.name },
        dueAt: new Date(dueMs),
        at,
      });
      if (number === null) return null;
      const items = checks.map((check, place) => {
        const told = judged.get(check.code) ?? null;
        // What nothing here tells is asked of a person, or told as unreadable where nobody is asked.
        const kind = told === null && signs ? 'manual' : check.kind;
        return { check, place, kind, judged: told ?? (signs ? null : NO_SOURCE) } as const;
      });
      await store.insertItems(tx, id, items, at);
      for (const { check, judged: told } of items)
        if (told) await findings.take(tx, { check, inspectionId: id, number, found: { at, ...told } });
      if (!items.some((item) => item.judged === null) && !signs) {
        const score = scoreOf(items.map((item) => ({ outcome: item.judged!.outcome, weight: item.check.weight ?? 1 })));
        await store.endInspection(tx, id, { at, score });
      }
      if (actor)
        await record(tx, actor, {
          at,
          action: 'operations.start-inspection',
          objectKind: 'inspection',
          objectId: id,
          detail: { template: template.code },
        });
      return { id, number };
    });
  }

  async function locked(tx: Tx, id: string) {
    const inspection = await store.lockInspection(tx, id);
    if (!inspection) throw new Refusal({ code: 'base.not-found' });
    if (inspection.state === 'done') throw new Refusal({ code: 'inspections.done' });
    return inspection;
  }

  async function beginScheduled(): Promise<number> {
    const [templates, holidays] = [await db.transact(SYSTEM, store.loadTemplates), await reference.holidays()];
    let begun = 0;
    for (const template of templates) {
      const nowMs = clock.nowMs();
      const dueMs = duesBetween(template.when, nowMs - template.graceMinutes * MINUTE, nowMs, holidays).at(-1);
      if (dueMs === undefined || (await db.transact(SYSTEM, (tx) => store.isScheduled(tx, template.code, new Date(dueMs))))) continue;
      if (await inspect(template, dueMs, null)) begun++;
    }
    return begun;
  }

  async function tellOverdue(): Promise<number> {
    return db.transact(SYSTEM, async (tx) => {
      const overdue = await store.takeOverdue(tx, now());
      const names = new Map((await store.loadTemplates(tx)).map((template) => [template.code, template.name]));
      for (const { id, number, template } of overdue) {
        const name = names.get(template);
        await tellOnce(tx, {
          at: now(),
          level: 'warning',
          zh: `巡检 ${number}（${name?.zh ?? template}）到时未签认`,
          en: `Inspection ${number} (${name?.en ?? template}) was not signed in time`,
          permission: 'operations.handle',
          path: `/inspections/${id}`,
          onceKey: `operations.inspection-overdue/${id}`,
        });
      }
      return overdue.length;
    });
  }

  async function turn(): Promise<number> {
    const did = (await beginScheduled()) + (await tellOverdue());
    await db.transact(SYSTEM, (tx) => store.forgetShallow(tx, new Date(clock.nowMs() - SHALLOW_KEPT_MS)));
    return did;
  }

  return {
    async start(actor, code) {
      const template = (await db.transact(SYSTEM, store.loadTemplates)).find((one) => one.code === code);
      if (!template)
        throw new Refusal({ code: 'inspections.no-such-template', fields: [{ path: 'template', code: 'inspections.no-such-template' }] });
      const recent = await db.transact(SYSTEM, (tx) => store.askedSince(tx, code, new Date(clock.nowMs() - AGAIN_AFTER_MS)));
      if (recent) throw new Refusal({ code: 'inspections.asked-just-now' });
      // Nobody else begins what one person asks for.
      return (await inspect(template, clock.nowMs(), actor))!;
    },
    async answer(actor, inspectionId, code, { verdict, said, note, revision }) {
      await db.transact(SYSTEM, async (tx) => {
        await locked(tx, inspectionId);
        const item = (await store.itemsToJudge(tx, inspectionId)).find((one) => one.code === code);
        if (!item) throw new Refusal({ code: 'base.not-found' });
        if (item.kind !== 'manual') throw new Refusal({ code: 'inspections.not-manual' });
        if (item.revision !== revision) throw new Refusal({ code: 'inspections.overtaken', params: { name: item.by_name ?? '' } });
        if (verdict === 'abnormal' && !note?.trim()) throw sayWhat();
        await store.answerItem(tx, inspectionId, code, {
          outcome: outcomeOfVerdict(verdict, item.red === null ? {} : { red: item.red }),
          said: said?.trim() || null,
          note: note?.trim() || null,
          by: actor.accountId,
          name: actor.name,
          at: now(),
        });
        await record(tx, actor, {
          at: now(),
          action: 'operations.answer-inspection',
          objectKind: 'inspection',
          objectId: inspectionId,
          detail: { code, verdict },
        });
      });
    },
    async sign(actor, inspectionId, note) {
      await db.transact(SYSTEM, async (tx) => {
        const inspection = await locked(tx, inspectionId);
        const items = await store.itemsToJudge(tx, inspectionId);
        const open = items.filter((item) => item.outcome === 'open').length;
        if (open > 0) throw new Refusal({ code: 'inspections.items-open', params: { count: open } });
        const checks = new Map((await store.loadChecks(tx)).map((check) => [check.code, check]));
        const at = now();
        for (const item of items) {
          const check = checks.get(item.code);
          // What the platform itself checked was taken when it was read.
          if (item.kind !== 'manual' || !check) continue;
          const found = {
            at: item.at ?? at,
            outcome: item.outcome,
            value: item.value,
            evidence: item.evidence,
            name: item.by_name,
            note: item.note,
          };
          await findings.take(tx, { check, inspectionId, number: inspection.number, found });
        }
        const score = scoreOf(items.map(({ code, outcome }) => ({ outcome, weight: checks.get(code)?.weight ?? 1 })));
        await store.endInspection(tx, inspectionId, { at, score, signed: { by: actor.accountId, name: actor.name, note } });
        await record(tx, actor, {
          at,
          action: 'operations.sign-inspection',
          objectKind: 'inspection',
          objectId: inspectionId,
          detail: { score, bad: items.filter((item) => isBad(item.outcome)).length },
        });
      });
    },
    recheck: findings.recheck,
    turn,
    loop: { name: 'operations.inspections', restMs: 15_000, turn },
  };
}

const NO_SOURCE: Judged = {
  outcome: 'unreadable',
  value: null,
  evidence: {
    rows: [],
    more: 0,
    notes: [{ zh: '本机没有这项读数，每日巡检时由人检查', en: 'Nothing here tells this; a person looks at it in the daily inspection' }],
  },
};
