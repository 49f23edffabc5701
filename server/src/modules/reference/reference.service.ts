import type { Category, CodeItem, Region, Unit } from '#contracts/reference/reference.api.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import { decide, refuseField, Refusal } from '#server/kernel/decision.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import type { ClockRule } from '#server/platform/casework/index.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { isInProvince, parseCalendar } from './reference.rules.ts';
import { addCalendar, addLimit, type RuleRow } from './reference.store.ts';
import * as views from './reference.views.ts';

/** Reference data held in memory: the fixed part from the start on, calendar and limits for a few seconds. */
export interface Reference {
  /** The name of a region, or undefined where there is none. */
  regionName(code: string): string | undefined;
  unit(code: string): Unit | undefined;
  unitName(code: string | null): string | null;
  category(code: string): Category | undefined;
  code(list: string, code: string): CodeItem | undefined;
  /** @throws Refusal `base.invalid-input` naming `path` */
  checkRegion(region: string, path: string): void;
  checkCategory(category: string, path: string): void;
  checkUnit(unit: string, path: string): Unit;
  /** The units that usually own a category in a region: the main one first. */
  suggestUnits(category: string, region: string): { unit: Unit; role: 'main' | 'assist'; why: string }[];
  searchUnits(filter: { under?: string; region?: string; level?: string; q?: string; after?: string; limit: number }): Unit[];
  holidays(): Promise<Holidays>;
  /** The rule in force at an instant. @throws Refusal `reference.no-limit` */
  limitFor(urgency: number, appealType: string, clock: string, atMs: number): Promise<ClockRule>;
  limits(atMs: number | null): Promise<(RuleRow & { effectiveUntil: Date | null })[]>;
  dictionary(): { regions: Region[]; categories: Category[]; codes: Record<string, CodeItem[]> };
  streets(county: string): Promise<Region[]>;
  importCalendar(actor: Actor, input: { year: number; csv: string; source: string }): Promise<number>;
  changeLimit(actor: Actor, input: Omit<RuleRow, 'id' | 'version'>): Promise<RuleRow>;
  /** Raises a notice where due dates may soon reach into a year without a calendar. */
  watchHorizon(): Promise<void>;
}

const FRESH_MS = 5000;

export async function createReferenceService({ db, clock }: { db: Db; clock: Clock }): Promise<Reference> {
  const fixed = await db.transact(SYSTEM, async (tx) => ({
    regions: await views.allRegions(tx),
    units: await views.allUnits(tx),
    counties: await views.regionsDownToCounties(tx),
    categories: await views.allCategories(tx),
    codes: await views.allCodes(tx),
    owners: await views.unitCategories(tx),
  }));
  const unitList = [...fixed.units.values()];
  const categories = new Map(fixed.categories.map((category) => [category.code, category]));
  const moving = keptFor(FRESH_MS, () =>
    db.transact(SYSTEM, async (tx) => ({ holidays: await views.holidays(tx), rules: await views.limitRules(tx) })),
  );

  const inForce = (rules: readonly RuleRow[], atMs: number) => rules.filter((rule) => rule.effectiveFrom.getTime() <= atMs);

  const service: Reference = {
    regionName: (code) => fixed.regions.get(code),
    unit: (code) => fixed.units.get(code),
    unitName: (code) => (code === null ? null : (fixed.units.get(code)?.name ?? code)),
    category: (code) => categories.get(code),
    code: (list, code) => fixed.codes[list]?.find((item) => item.code === code),
    checkRegion(region, path) {
      if (!isInProvince(region)) throw refuseField(path, 'reference.region-outside');
      if (!fixed.regions.has(region)) throw refuseField(path, 'reference.unknown-region');
    },
    checkCategory(category, path) {
      if (!categories.has(category)) throw refuseField(path, 'reference.unknown-category');
    },
    checkUnit(code, path) {
      const unit = fixed.units.get(code);
      if (!unit) throw refuseField(path, 'reference.unknown-unit');
      return unit;
    },
    suggestUnits(category, region) {
      const level2 = category.slice(0, 4);
      const name = categories.get(level2)?.name ?? level2;
      return fixed.owners
        .filter((owner) => owner.category === level2)
        .toSorted((a, b) => (a.role === b.role ? 0 : a.role === 'main' ? -1 : 1))
        .flatMap((owner) => {
          const place = owner.level === 'city' ? `${region.slice(0, 4)}00` : region.slice(0, 6);
          const unit = unitList.find(
            (candidate) => candidate.kind === owner.kind && candidate.region === place && candidate.level === owner.level,
          );
          return unit
            ? [
                {
                  unit,
                  role: owner.role as 'main' | 'assist',
                  why: `“${name}”由${unit.shortName}${owner.role === 'main' ? '主办' : '协办'}`,
                },
              ]
            : [];
        });
    },
    searchUnits({ under, region, level, q, after, limit }) {
      const words = q?.trim().split(/\s+/).filter(Boolean) ?? [];
      return unitList
        .filter(
          (unit) =>
            (!after || unit.code > after) &&
            (!under || unit.code.startsWith(under)) &&
            (!region || unit.region.startsWith(region)) &&
            (!level || unit.level === level) &&
            words.every((word) => unit.name.includes(word) || unit.path.includes(word) || unit.code.startsWith(word)),
        )
        .slice(0, limit);
    },
    holidays: async () => (await moving.get()).holidays,
    async limitFor(urgency, appealType, clockName, atMs) {
      const { rules } = await moving.get();
      const rule = inForce(rules, atMs).findLast(
        (candidate) => candidate.urgency === urgency && candidate.appealType === appealType && candidate.clock === clockName,
      );
      if (!rule) throw new Refusal({ code: 'reference.no-limit' });
      return { id: rule.id, version: rule.version, mode: rule.mode, amount: rule.amount };
    },
    async limits(atMs) {
      const { rules } = await moving.get();
      const withEnd = rules.map((rule) => ({
        ...rule,
        effectiveUntil: rules.find((next) => next.id === rule.id && next.version === rule.version + 1)?.effectiveFrom ?? null,
      }));
      if (atMs === null) return withEnd;
      return withEnd.filter(
        (rule) => rule.effectiveFrom.getTime() <= atMs && (rule.effectiveUntil === null || rule.effectiveUntil.getTime() > atMs),
      );
    },
    dictionary: () => ({ regions: fixed.counties, categories: fixed.categories, codes: fixed.codes }),
    streets: (county) => db.transact(SYSTEM, (tx) => views.streetsOf(tx, county)),
    async importCalendar(actor, { year, csv, source }) {
      const days = decide(parseCalendar(csv, year));
      const at = new Date(clock.nowMs());
      await db.transact(actor.scope, async (tx) => {
        if (!(await addCalendar(tx, year, source, at, actor.accountId, days)))
          throw new Refusal({ code: 'reference.calendar-known', params: { year } });
        await record(tx, actor, {
          at,
          action: 'reference.import-calendar',
          objectKind: 'calendar',
          objectId: String(year),
          detail: { days: days.length, source },
        });
      });
      moving.forget();
      return days.length;
    },
    async changeLimit(actor, input) {
      const at = new Date(clock.nowMs());
      if (input.effectiveFrom <= at) throw refuseField('effectiveFrom', 'reference.limit-in-past');
      const rule = await db.transact(actor.scope, async (tx) => {
        const added = await addLimit(tx, input, actor.accountId);
        await record(tx, actor, {
          at,
          action: 'reference.change-limit',
          objectKind: 'limit',
          objectId: `${added.id}/${added.version}`,
          detail: { ...input, effectiveFrom: input.effectiveFrom.toISOString() },
        });
        return added;
      });
      moving.forget();
      return rule;
    },
    async watchHorizon() {
      const nowMs = clock.nowMs();
      // The longest limit is fifteen working days, with an extension as long again: ten weeks with holidays.
      const horizon = new Date(nowMs + 70 * 86_400_000).getUTCFullYear();
      const { holidays } = await moving.get();
      for (let year = new Date(nowMs).getUTCFullYear(); year <= horizon; year++) {
        if (!holidays.publishedYears.has(year)) await db.transact(SYSTEM, (tx) => raiseHorizonNotice(tx, year, nowMs));
      }
    },
  };
  return service;
}

async function raiseHorizonNotice(tx: Tx, year: number, nowMs: number): Promise<void> {
  await tx
    .insertInto('platform.notice')
    .values({
      id: newId(nowMs),
      at: new Date(nowMs),
      level: 'warning',
      zh: `${year} 年工作日历尚未导入：到期日落入该年的时钟按“周末规则”暂定，导入后自动重算`,
      en: `The working calendar of ${year} is not imported: due dates that reach into it are provisional and will be computed anew`,
      order_id: null,
      permission: 'reference.read',
      region: '',
      unit_code: null,
      once_key: `calendar/${year}`,
    })
    .onConflict((oc) => oc.column('once_key').doNothing())
    .execute();
}

/** A value that is loaded when it is asked for and older than `ms`. */
function keptFor<T>(ms: number, load: () => Promise<T>): { get(): Promise<T>; forget(): void } {
  let kept: { value: Promise<T>; until: number } | null = null;
  return {
    get() {
      if (!kept || kept.until < performance.now()) {
        const value = load();
        value.catch(() => {
          kept = null;
        });
        kept = { value, until: performance.now() + ms };
      }
      return kept.value;
    },
    forget() {
      kept = null;
    },
  };
}
