import { tellOnce } from '#server/platform/notices/notices.ts';
import type { Category, CodeItem, Region, Unit } from '#contracts/reference/reference.api.ts';
import type { Holidays } from '#server/kernel/calendar.ts';
import { decide, refuseField, Refusal, type FieldFault } from '#server/kernel/decision.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { newId } from '#server/kernel/ids.ts';
import type { Actor } from '#server/platform/actor.ts';
import { record } from '#server/platform/audit/audit.ts';
import type { ClockRule } from '#server/platform/casework/index.ts';
import { SYSTEM, type Db, type Tx } from '#server/platform/db/db.ts';
import { entriesInForce, ownersOf, unitOf, type CatalogueEntry } from './catalogue/catalogue.rules.ts';
import { addObjection } from './catalogue/catalogue.store.ts';
import { approvedEntries } from './catalogue/catalogue.views.ts';
import {
  inForce,
  isOutOfUse,
  limitOf,
  missingFields,
  replyDemands,
  replyFaults,
  urgencyOf,
  type FilingFacts,
  type Matter,
  type Norm,
  type ReplyFacts,
} from './norms/norms.rules.ts';
import { approvedNorms } from './norms/norms.views.ts';
import { isInProvince, parseCalendar } from './reference.rules.ts';
import { addCalendar } from './reference.store.ts';
import * as views from './reference.views.ts';

/** What a unit says against a dispatch, for the catalogue's next revision. */
export interface ObjectionInput {
  readonly orderId: string;
  readonly category: string | null;
  readonly region: string;
  readonly unitCode: string;
  readonly suggestedUnit: string | null;
  readonly reason: string;
  readonly legalBasis: string | null;
  readonly at: Date;
}

export interface SuggestedUnit {
  readonly unit: Unit;
  readonly role: 'main' | 'assist';
  readonly why: string;
  readonly entry: string;
  readonly version: number;
  readonly legalSource: string;
}

/** Reference data held in memory: the fixed part from the start on; calendar, norms and catalogue for a few seconds. */
export interface Reference {
  /** The name of a region, or undefined where there is none. */
  regionName(code: string): string | undefined;
  unit(code: string): Unit | undefined;
  unitName(code: string | null): string | null;
  /** What units of a kind are called at a level, without the name of a place: 城管局. */
  kindName(kind: string, level: string): string;
  category(code: string): Category | undefined;
  code(list: string, code: string): CodeItem | undefined;
  /** @throws Refusal `base.invalid-input` naming `path` */
  checkRegion(region: string, path: string): void;
  checkCategory(category: string, path: string): void;
  checkUnit(unit: string, path: string): Unit;
  /** The units that own a category in a region by the dispatch catalogue: the main one first, with the entry that says so. */
  suggestUnits(category: string, region: string): Promise<SuggestedUnit[]>;
  /** The catalogue's entries in force at an instant. */
  entries(atMs: number): Promise<CatalogueEntry[]>;
  /** Keeps what a unit objects to a dispatch, against the entry the dispatch rested on; in the caller's transaction. */
  recordObjection(tx: Tx, objection: ObjectionInput): Promise<void>;
  searchUnits(filter: { under?: string; region?: string; level?: string; q?: string; after?: string; limit: number }): Unit[];
  holidays(): Promise<Holidays>;
  /** The limit in force for a clock that starts at an instant. @throws Refusal `reference.no-limit` */
  limitFor(matter: Matter & { urgency: number }, clock: string, atMs: number): Promise<ClockRule>;
  /** What an appeal lacks by the norm in force when it was filed: required fields, a category in use. */
  faultsAtFiling(facts: FilingFacts, filedMs: number): Promise<FieldFault[]>;
  /** The urgency the norm gives an appeal about which nobody said anything. */
  urgencyFor(matter: Matter, atMs: number): Promise<number>;
  /** Whether the unit must have spoken with the citizen before it replies. */
  needsContact(matter: Matter, atMs: number): Promise<boolean>;
  /** @throws Refusal naming the fields of the reply that fall short of the norm, or `reference.answer-reviewed` */
  judgeReply(facts: ReplyFacts, atMs: number): Promise<void>;
  /** Every approved version of every norm, in the order they take effect. */
  norms(): Promise<readonly Norm[]>;
  /** After a change: the next one who asks is answered anew. */
  forget(): void;
  dictionary(): { regions: Region[]; categories: Category[]; codes: Record<string, CodeItem[]> };
  streets(county: string): Promise<Region[]>;
  importCalendar(actor: Actor, input: { year: number; csv: string; source: string }): Promise<number>;
  /** Raises a notice where due dates may soon reach into a year without a calendar. */
  watchHorizon(): Promise<void>;
}

const FRESH_MS = 5000;
/** Urgency 普通, where nobody says otherwise. */
const ORDINARY = 3;

export async function createReferenceService({ db, clock }: { db: Db; clock: Clock }): Promise<Reference> {
  const fixed = await db.transact(SYSTEM, async (tx) => ({
    regions: await views.allRegions(tx),
    units: await views.allUnits(tx),
    counties: await views.regionsDownToCounties(tx),
    categories: await views.allCategories(tx),
    codes: await views.allCodes(tx),
  }));
  const unitList = [...fixed.units.values()];
  const categories = new Map(fixed.categories.map((category) => [category.code, category]));
  const moving = keptFor(FRESH_MS, () =>
    db.aside(SYSTEM, async (tx) => ({
      holidays: await views.holidays(tx),
      norms: await approvedNorms(tx),
      entries: await approvedEntries(tx),
    })),
  );
  const unitsByPlace = new Map(unitList.toReversed().map((unit) => [`${unit.kind}/${unit.level}/${unit.region}`, unit]));
  const units = {
    byCode: (code: string) => fixed.units.get(code),
    byKind: (kind: string, level: string, region: string) => unitsByPlace.get(`${kind}/${level}/${region}`),
  };
  const owners = async (category: string, region: string, atMs: number) =>
    ownersOf(entriesInForce((await moving.get()).entries, atMs), category, region, (entry, place) => unitOf(entry, place, units));
  const normsFor = async (region: string, atMs: number) => inForce((await moving.get()).norms, region, atMs);

  const service: Reference = {
    regionName: (code) => fixed.regions.get(code),
    unit: (code) => fixed.units.get(code),
    unitName: (code) => (code === null ? null : (fixed.units.get(code)?.name ?? code)),
    kindName(kind, level) {
      const unit = unitList.find((candidate) => candidate.kind === kind && candidate.level === level);
      if (!unit) return kind;
      const place = fixed.regions.get(unit.region)?.slice(0, -1) ?? '';
      return unit.shortName.startsWith(place) ? unit.shortName.slice(place.length) : unit.shortName;
    },
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
    async suggestUnits(category, region) {
      const name = categories.get(category)?.name ?? category;
      return (await owners(category, region, clock.nowMs())).map(({ unit, role, entry }) => ({
        unit,
        role,
        why: `“${categories.get(entry.category)?.name ?? name}”由${unit.shortName}${role === 'main' ? '主办' : '协办'}；派单目录第 ${entry.version} 版，依据：${entry.legalSource}`,
        entry: entry.id,
        version: entry.version,
        legalSource: entry.legalSource,
      }));
    },
    entries: async (atMs) => entriesInForce((await moving.get()).entries, atMs),
    async recordObjection(tx, objection) {
      const { category, region, at } = objection;
      const found = category ? await owners(category, region, at.getTime()) : [];
      // The entry that names the objecting unit; a unit the catalogue never proposed objects to what it proposes instead.
      const entry = (found.find((owner) => owner.unit.code === objection.unitCode) ?? found[0])?.entry ?? null;
      await addObjection(tx, { ...objection, id: newId(at.getTime()), entry });
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
    async limitFor(matter, clockName, atMs) {
      const { norms, holidays } = await moving.get();
      const line = limitOf(inForce(norms, matter.region, atMs), matter, clockName, atMs, holidays);
      if (!line?.rule) throw new Refusal({ code: 'reference.no-limit' });
      const [id, version] = line.rule.split('/').map(Number);
      return { id: id!, version: version!, mode: line.mode, amount: line.amount };
    },
    async faultsAtFiling(facts, filedMs) {
      const norms = await normsFor(facts.region, filedMs);
      const faults = missingFields(norms, facts);
      return facts.category !== null && isOutOfUse(norms, facts.category)
        ? [...faults, { path: 'category', code: 'reference.category-out-of-use' }]
        : faults;
    },
    urgencyFor: async (matter, atMs) => urgencyOf(await normsFor(matter.region, atMs), matter.category) ?? ORDINARY,
    async needsContact(matter, atMs) {
      const contents = (await normsFor(matter.region, atMs)).map((norm) => norm.content);
      return replyDemands(contents, matter.type).contact !== null;
    },
    async judgeReply(facts, atMs) {
      const refusal = replyFaults(await normsFor(facts.region, atMs), facts);
      if (refusal) throw new Refusal(refusal);
    },
    norms: async () => (await moving.get()).norms,
    forget: () => moving.forget(),
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
  await tellOnce(tx, {
    at: new Date(nowMs),
    level: 'warning',
    zh: `${year} 年工作日历尚未导入：到期日落入该年的时钟按“周末规则”暂定，导入后自动重算`,
    en: `The working calendar of ${year} is not imported: due dates that reach into it are provisional and will be computed anew`,
    permission: 'reference.read',
    onceKey: `calendar/${year}`,
  });
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
