import type { AdvisoryOutcome } from '#contracts/operations/software.api.ts';
import { PLATFORM } from '#server/platform/actor.ts';
import type { Tx } from '#server/platform/db/db.ts';
import type { Records } from '../records/records.service.ts';
import { hitOf, levelOfAdvisories } from './advisories.rules.ts';
import * as store from './software.store.ts';

/** What came of a match: counts, and what was opened. */
export type MatchOutcome = Pick<AdvisoryOutcome, 'opened' | 'updated' | 'gone'> & { readonly shown: AdvisoryOutcome['shown'] };

/** A matter in a package, with the places that show an affected version of it. */
interface Matter extends store.PackageName {
  readonly key: string;
  readonly summary: string;
  readonly places: (store.Standing & { readonly fixedIn: string | null })[];
}

const SHOWN_AT_MOST = 100;
const keyOf = (one: store.PackageName & { readonly key: string }) => `${one.key}\n${one.ecosystem}\n${one.package}`;
const distinct = (texts: readonly (string | null)[]) => [...new Set(texts.filter((text) => text !== null))].toSorted();

/**
 * Brings the records of vulnerabilities in line with what stands where and what is known of it, for some packages. One matter of one package
 * has one record while it stands anywhere; a new version that is affected as well is the same matter. What people judged not to affect us,
 * or accepted, is not opened again; what was closed and stands there again is.
 */
export async function matchPackages(tx: Tx, records: Records, packages: readonly store.PackageName[], at: Date): Promise<MatchOutcome> {
  const outcome = { opened: 0, updated: 0, gone: 0, shown: [] as AdvisoryOutcome['shown'] };
  if (packages.length === 0) return outcome;
  const matters = await mattersOf(tx, packages);
  const stored = Map.groupBy(await store.exposuresOf(tx, packages), keyOf);
  const ratings = Map.groupBy(
    await store.ratingsOf(
      tx,
      [...matters.values()].map(({ key }) => key),
    ),
    ({ key }) => key,
  );
  for (const key of new Set([...matters.keys(), ...stored.keys()])) {
    const matter = matters.get(key) ?? null;
    const before = stored.get(key) ?? [];
    const last = before.at(-1) ?? null;
    const level = matter ? levelOfAdvisories(ratings.get(matter.key) ?? []) : 0;
    const recordId = matter ? await recordOf(matter, level, last) : last!.recordId;
    await placeAll(matter, before, recordId);
  }
  return outcome;

  /** The record of a matter that stands somewhere: the open one, brought up to date, or a new one. */
  async function recordOf(matter: Matter, level: number, last: store.StoredExposure | null): Promise<string> {
    const facts = factsOf(matter);
    if (last && !last.ended) {
      if (last.level !== level)
        await records.actIn(tx, PLATFORM, 'vulnerability', last.recordId, 'regrade', { level, reason: '漏洞库更新了严重程度' });
      const changed = Object.entries(facts).filter(([name, value]) => JSON.stringify(last.facts[name] ?? null) !== JSON.stringify(value));
      if (changed.length > 0)
        await records.actIn(tx, PLATFORM, 'vulnerability', last.recordId, 'observe', {
          note: `受影响 ${facts.places.join('、')}；版本 ${facts.version}`,
          facts,
        });
      if (changed.length > 0 || last.level !== level) outcome.updated++;
      return last.recordId;
    }
    if (last && last.state !== 'closed') return last.recordId;
    const opened = await records.open(tx, PLATFORM, {
      kind: 'vulnerability',
      level,
      title: `${matter.package} ${matter.key}：${matter.summary}`.slice(0, 120),
      body: [
        matter.summary,
        `组件 ${matter.package}（${matter.ecosystem}），版本 ${facts.version}`,
        facts.fixedIn ? `修复版本 ${facts.fixedIn}` : '尚无修复版本',
        `所在 ${facts.places.join('、')}`,
      ]
        .join('\n')
        .slice(0, 4000),
      component: `${matter.ecosystem}:${matter.package}`.slice(0, 120),
      source: 'import',
      facts,
      onceKey: `vulnerability/${matter.key}/${matter.ecosystem}/${matter.package}`,
    });
    outcome.opened++;
    if (outcome.shown.length < SHOWN_AT_MOST)
      outcome.shown.push({
        key: matter.key,
        package: matter.package,
        level,
        fixedIn: facts.fixedIn,
        places: facts.places,
        summary: matter.summary,
      });
    return opened.id;
  }

  async function placeAll(matter: Matter | null, before: readonly store.StoredExposure[], recordId: string): Promise<void> {
    const stands = new Set(matter?.places.map(({ asset, purl }) => `${asset}\n${purl}`));
    for (const place of matter?.places ?? []) await store.putExposure(tx, matter!, place, recordId, at);
    const left = before.filter((one) => one.goneAt === null && !stands.has(`${one.asset}\n${one.purl}`));
    for (const one of left) await store.endExposure(tx, one, at);
    const last = before.at(-1);
    if (matter || !last || last.ended || left.length === 0) return;
    const note = '清单中已没有受影响版本，或漏洞条目已撤回；请核实后验证关闭';
    await records.actIn(tx, PLATFORM, 'vulnerability', recordId, 'observe', { note, facts: { places: [], goneAt: at.toISOString() } });
    outcome.gone++;
  }
}

async function mattersOf(tx: Tx, packages: readonly store.PackageName[]): Promise<Map<string, Matter>> {
  const matters = new Map<string, Matter>();
  const standing = Map.groupBy(await store.standing(tx, packages), (one) => `${one.ecosystem}\n${one.package}`);
  for (const advisory of await store.advisoriesOf(tx, packages)) {
    for (const one of standing.get(`${advisory.ecosystem}\n${advisory.package}`) ?? []) {
      const hit = hitOf(advisory.affected, one);
      if (!hit) continue;
      const matter = matters.get(keyOf(advisory)) ?? { ...advisory, places: [] };
      matters.set(keyOf(advisory), matter);
      if (!matter.places.some(({ asset, purl }) => asset === one.asset && purl === one.purl))
        matter.places.push({ ...one, fixedIn: hit.fixedIn });
    }
  }
  return matters;
}

/** What the record of a matter knows of it. */
function factsOf({ key, package: name, ecosystem, places }: Matter) {
  return {
    advisory: key,
    package: name,
    ecosystem,
    version: distinct(places.map((one) => one.version))
      .slice(0, 20)
      .join('、'),
    fixedIn: distinct(places.map((one) => one.fixedIn)).join('、') || null,
    places: distinct(places.map((one) => one.asset)),
    goneAt: null,
  };
}
