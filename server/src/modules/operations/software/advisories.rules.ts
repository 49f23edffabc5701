import { baseScore, severityOfScore, severityOfWord, type Severity } from './cvss.rules.ts';
import type { Identity } from './purl.rules.ts';
import { compareSemver, isSemver, orderOf } from './versions.rules.ts';

/** From where to where versions are affected: an event of OSV, or NVD's start that is not included. */
export interface RangeEvent {
  readonly introduced?: string;
  readonly after?: string;
  readonly fixed?: string;
  readonly lastAffected?: string;
}

export interface AffectedRange {
  /** By semantic versioning whatever the ecosystem, or as the ecosystem orders its versions. */
  readonly order: 'semver' | 'ecosystem';
  readonly events: readonly RangeEvent[];
}

/** A package an advisory speaks of. */
export interface Affected {
  readonly ecosystem: string;
  readonly release: string | null;
  readonly package: string;
  readonly versions: readonly string[];
  readonly ranges: readonly AffectedRange[];
}

/** A known vulnerability as its publisher describes it. */
export interface Advisory {
  readonly id: string;
  /** One for all advisories of the same matter: its CVE, where it has one. */
  readonly key: string;
  readonly source: 'osv' | 'nvd';
  readonly summary: string;
  /** Null where the publisher does not say. */
  readonly severity: Severity | null;
  /** Known to be used by attackers. */
  readonly exploited: boolean;
  readonly withdrawn: boolean;
  readonly modifiedAt: string | null;
  readonly affected: readonly Affected[];
  /** Ranges over commits, which say nothing of a version. */
  readonly ignoredRanges: number;
}

type Json = Readonly<Record<string, unknown>>;
const listOf = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? (value as unknown[]).filter((one): one is Json => typeof one === 'object' && one !== null) : [];
const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? (value as unknown[]).filter((one): one is string => typeof one === 'string' && one.length <= 200) : [];
const textOf = (value: unknown, max = 200): string | null => (typeof value === 'string' && value !== '' ? value.slice(0, max) : null);
const inside = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {});

const CVE = /CVE-\d{4}-\d{4,}/;

/** Identifiers like `DEBIAN-CVE-2024-1` hold their CVE; what a distribution gathers of several stands for itself. */
const keyOf = (id: string, aliases: readonly string[]) => CVE.exec(id)?.[0] ?? aliases.filter((one) => CVE.test(one)).toSorted()[0] ?? id;

/** Reads an advisory in the format of OSV (schema 1.x); null where it is none. */
export function readOsv(document: unknown): Advisory | null {
  const osv = inside(document);
  const id = textOf(osv['id'], 100);
  if (!id || !Array.isArray(osv['affected'])) return null;
  let ignoredRanges = 0;
  const affected = listOf(osv['affected']).flatMap((one): Affected[] => {
    const named = inside(one['package']);
    const [ecosystem = '', release] = (textOf(named['ecosystem']) ?? '').split(':');
    const name = textOf(named['name']);
    const ranges = listOf(one['ranges']).flatMap((range): AffectedRange[] => {
      if (range['type'] !== 'SEMVER' && range['type'] !== 'ECOSYSTEM') {
        ignoredRanges++;
        return [];
      }
      const events = listOf(range['events']).flatMap((event): RangeEvent[] => {
        const [introduced, fixed, last] = [textOf(event['introduced']), textOf(event['fixed']), textOf(event['last_affected'])];
        return introduced ? [{ introduced }] : fixed ? [{ fixed }] : last ? [{ lastAffected: last }] : [];
      });
      return [{ order: range['type'] === 'SEMVER' ? 'semver' : 'ecosystem', events }];
    });
    return ecosystem && name ? [{ ecosystem, release: release ?? null, package: name, versions: textsOf(one['versions']), ranges }] : [];
  });
  return {
    id,
    key: keyOf(id, textsOf(osv['aliases'])),
    source: 'osv',
    summary: textOf(osv['summary'], 500) ?? textOf(osv['details'], 500)?.split('\n')[0] ?? id,
    severity: osvSeverity(osv),
    exploited: false,
    withdrawn: typeof osv['withdrawn'] === 'string',
    modifiedAt: instantOf(osv['modified']),
    affected,
    ignoredRanges,
  };
}

function osvSeverity(osv: Json): Severity | null {
  const vectors = [osv, ...listOf(osv['affected'])].flatMap((one) => listOf(one['severity']).map((entry) => textOf(entry['score']) ?? ''));
  const scores = vectors.flatMap((vector) => baseScore(vector) ?? []);
  if (scores.length > 0) return severityOfScore(Math.max(...scores));
  const words = [osv, ...listOf(osv['affected'])].flatMap((one) => [
    severityOfWord(inside(one['database_specific'])['severity']),
    severityOfWord(inside(one['ecosystem_specific'])['urgency']),
    severityOfWord(inside(one['ecosystem_specific'])['severity']),
  ]);
  const said = words.filter((word) => word !== null);
  return said.length > 0 ? (Math.min(...said) as Severity) : null;
}

const instantOf = (value: unknown): string | null =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : null;

/** Reads one entry of a file of the NVD (JSON 2.0); null where it is none. */
export function readNvd(entry: unknown): Advisory | null {
  const cve = inside(inside(entry)['cve']);
  const id = textOf(cve['id'], 100);
  if (!id) return null;
  const summary = listOf(cve['descriptions']).find(({ lang }) => lang === 'en')?.['value'];
  const nodes = listOf(cve['configurations']).flatMap((configuration) => listOf(configuration['nodes']));
  const affected = nodes
    .flatMap((node) => listOf(node['cpeMatch']))
    .flatMap((match) => (match['vulnerable'] === true ? affectedOfCpe(match) : []));
  return {
    id,
    key: id,
    source: 'nvd',
    summary: textOf(summary, 500) ?? id,
    severity: nvdSeverity(inside(cve['metrics'])),
    // Listed as known to be exploited by CISA.
    exploited: typeof cve['cisaExploitAdd'] === 'string',
    withdrawn: cve['vulnStatus'] === 'Rejected',
    modifiedAt: instantOf(typeof cve['lastModified'] === 'string' ? `${cve['lastModified'].replace(/Z$/, '')}Z` : null),
    affected,
    ignoredRanges: 0,
  };
}

/**
 * What a CPE 2.3 name speaks of: a package of npm where it says node.js is its platform, else a product of no ecosystem. Packages of
 * distributions are never meant: they carry fixes under older numbers, of which the NVD knows nothing.
 */
function affectedOfCpe(match: Json): Affected[] {
  // A colon within a part is escaped.
  const parts = (textOf(match['criteria'], 500) ?? '').split(/(?<!\\):/).map((part) => part.replaceAll(/\\(.)/g, '$1'));
  const [, , part, , product, version, , , , , platform] = parts;
  if (part !== 'a' || !product || product === '*') return [];
  const [startIn, startEx] = [textOf(match['versionStartIncluding']), textOf(match['versionStartExcluding'])];
  const [endIn, endEx] = [textOf(match['versionEndIncluding']), textOf(match['versionEndExcluding'])];
  const known = { ecosystem: platform === 'node.js' ? 'npm' : 'generic', release: null, package: product };
  if (version && version !== '*' && version !== '-') return [{ ...known, versions: [version], ranges: [] }];
  const begin: RangeEvent = startEx ? { after: startEx } : { introduced: startIn ?? '0' };
  const end: RangeEvent[] = endEx ? [{ fixed: endEx }] : endIn ? [{ lastAffected: endIn }] : [];
  // A name without any bound says that all versions are affected, of all time: it is kept, as the NVD says so.
  return [{ ...known, versions: [], ranges: [{ order: 'ecosystem', events: [begin, ...end] }] }];
}

function nvdSeverity(metrics: Json): Severity | null {
  for (const name of ['cvssMetricV40', 'cvssMetricV31', 'cvssMetricV30', 'cvssMetricV2']) {
    const scores = listOf(metrics[name]).flatMap((one) => {
      const score = inside(one['cvssData'])['baseScore'];
      return typeof score === 'number' ? [score] : [];
    });
    if (scores.length > 0) return severityOfScore(Math.max(...scores));
  }
  return null;
}

/** Why a version counts as affected: the version that mends it, null where none is known. */
export interface Hit {
  readonly fixedIn: string | null;
}

/**
 * Whether an advisory speaks of this version of a package: the algorithm of OSV ("Evaluation", schema 1.x). Null where it does not.
 * Where versions cannot be ordered only those listed by name count.
 */
export function hitOf(affected: readonly Affected[], what: Identity): Hit | null {
  for (const one of affected) {
    if (one.ecosystem !== what.ecosystem || one.package !== what.package) continue;
    // An advisory of one release says nothing of another.
    if (one.release !== null && one.release !== what.release) continue;
    const isListed = one.versions.includes(what.version);
    for (const range of one.ranges) {
      const order = range.order === 'semver' ? compareSemver : orderOf(one.ecosystem);
      if (order === null || (order === compareSemver && !isSemver(what.version))) continue;
      const hit = withinRange(range.events, what.version, order);
      if (hit) return hit;
    }
    if (isListed) return { fixedIn: null };
  }
  return null;
}

const versionOf = (event: RangeEvent) => event.introduced ?? event.after ?? event.fixed ?? event.lastAffected ?? '';

function withinRange(events: readonly RangeEvent[], version: string, order: (a: string, b: string) => number): Hit | null {
  // Nothing is before "0", whatever an ecosystem's versions look like.
  const compare = (a: string, b: string) => (a === b ? 0 : a === '0' ? -1 : b === '0' ? 1 : order(a, b));
  const sorted = events.toSorted((a, b) => compare(versionOf(a), versionOf(b)));
  let isAffected = false;
  for (const event of sorted) {
    const place = compare(version, versionOf(event));
    if (event.introduced !== undefined && place >= 0) isAffected = true;
    else if (event.after !== undefined && place > 0) isAffected = true;
    else if (event.fixed !== undefined && place >= 0) isAffected = false;
    else if (event.lastAffected !== undefined && place > 0) isAffected = false;
  }
  if (!isAffected) return null;
  return { fixedIn: sorted.find((event) => event.fixed !== undefined && compare(event.fixed, version) > 0)?.fixed ?? null };
}

/** The level of a vulnerability's record from what its advisories say: exploited ones of high severity are as urgent as critical ones; what nobody rated is medium. */
export function levelOfAdvisories(advisories: readonly Pick<Advisory, 'severity' | 'exploited'>[]): Severity {
  const severity = Math.min(...advisories.map((one) => one.severity ?? 5));
  const level = severity === 5 ? 3 : (severity as Severity);
  return level === 2 && advisories.some((one) => one.exploited) ? 1 : level;
}
