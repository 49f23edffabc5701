import { createHash } from 'node:crypto';
import { purlText, readPurl } from './purl.rules.ts';

/** A part of a piece of software, as an inventory lists it. */
export interface Component {
  readonly purl: string;
  readonly name: string;
  readonly version: string;
  /** SPDX expressions or names. */
  readonly licences: readonly string[];
  /** `SHA-512:` and hexadecimal digits. */
  readonly hash: string | null;
  /** Needed to build and test, not to run. */
  readonly development: boolean;
}

interface LockedPackage {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
/** `package-lock.json`, version 2 or 3. */
export interface PackageLock {
  readonly name: string;
  readonly version: string;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

const MODULES = 'node_modules/';
const nameAt = (path: string) => path.slice(path.lastIndexOf(MODULES) + MODULES.length);

function npmPurl(name: string, version: string): string {
  const [scope, rest] = name.startsWith('@') ? name.split('/') : [null, name];
  return purlText({ type: 'npm', namespace: scope ?? null, name: rest!, version, qualifiers: {} });
}

function hexOf(integrity: string | undefined): string | null {
  const digest = /^sha512-([A-Za-z0-9+/=]+)$/.exec(integrity ?? '')?.[1];
  return digest ? `SHA-512:${Buffer.from(digest, 'base64').toString('hex')}` : null;
}

/** What a lock file pins, each version of a package once; needed to run where any of its places is. */
export function componentsOfLock(lock: PackageLock): Component[] {
  const found = new Map<string, Component>();
  for (const [path, locked] of Object.entries(lock.packages)) {
    if (path === '' || locked.link || !locked.version) continue;
    const name = locked.name ?? nameAt(path);
    const purl = npmPurl(name, locked.version);
    const development = locked.dev === true && (found.get(purl)?.development ?? true);
    const licences = locked.license ? [locked.license] : [];
    found.set(purl, { purl, name, version: locked.version, licences, hash: hexOf(locked.integrity), development });
  }
  return [...found.values()].toSorted((a, b) => (a.purl < b.purl ? -1 : 1));
}

/** What stands on what, by purl: resolved as Node does, from a package's own folder upwards. */
function dependenciesOf(lock: PackageLock, root: string): Map<string, Set<string>> {
  const purlAt = (path: string) => {
    const { name, version } = lock.packages[path]!;
    return path === '' ? root : npmPurl(name ?? nameAt(path), version ?? '');
  };
  const graph = new Map<string, Set<string>>();
  for (const [path, locked] of Object.entries(lock.packages)) {
    if (locked.link || (path !== '' && !locked.version)) continue;
    const below = graph.get(purlAt(path)) ?? new Set<string>();
    for (const wanted of Object.keys({
      ...locked.dependencies,
      ...locked.optionalDependencies,
      ...(path === '' ? locked.devDependencies : {}),
    })) {
      let from = path;
      while (from !== '' && !(`${from}/${MODULES}${wanted}` in lock.packages))
        from = from.slice(0, Math.max(0, from.lastIndexOf(`/${MODULES}`)));
      const at = from === '' ? `${MODULES}${wanted}` : `${from}/${MODULES}${wanted}`;
      // An optional package of another operating system is not in the lock file.
      if (lock.packages[at]?.version) below.add(purlAt(at));
    }
    graph.set(purlAt(path), below);
  }
  return graph;
}

const SPDX = /^\(?[A-Za-z0-9.+-]+( (OR|AND|WITH) \(?[A-Za-z0-9.+-]+\)?)*\)?$/;

/** A CycloneDX 1.6 document of what a lock file pins. The serial number follows from the content: the same build has the same one. */
export function sbomOf(lock: PackageLock, at: Date) {
  const root = npmPurl(lock.name, lock.version);
  const digest = createHash('sha256').update(JSON.stringify(lock)).digest('hex');
  const serial = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `5${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${serial}`,
    version: 1,
    metadata: {
      timestamp: at.toISOString(),
      lifecycles: [{ phase: 'build' }],
      component: { type: 'application', 'bom-ref': root, name: lock.name, version: lock.version, purl: root },
    },
    components: componentsOfLock(lock).map((one) => ({
      type: 'library',
      'bom-ref': one.purl,
      name: one.name,
      version: one.version,
      purl: one.purl,
      scope: one.development ? 'excluded' : 'required',
      ...(one.hash ? { hashes: [{ alg: 'SHA-512', content: one.hash.slice('SHA-512:'.length) }] } : {}),
      ...(one.licences.length > 0
        ? { licenses: one.licences.map((text) => (SPDX.test(text) ? { expression: text } : { license: { name: text } })) }
        : {}),
      ...(one.development ? { properties: [{ name: 'cdx:npm:package:development', value: 'true' }] } : {}),
    })),
    dependencies: [...dependenciesOf(lock, root)].map(([ref, on]) => ({ ref, dependsOn: [...on].toSorted() })),
  };
}

/** More components than this are no inventory of one machine. */
export const COMPONENTS_AT_MOST = 20_000;

/** Why a document is no CycloneDX the platform reads. */
export type SbomFault = 'form' | 'version' | 'too-many' | 'no-purl';

interface CycloneDxComponent {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly purl?: unknown;
  readonly scope?: unknown;
  readonly hashes?: readonly { alg?: unknown; content?: unknown }[];
  readonly licenses?: readonly { expression?: unknown; license?: { id?: unknown; name?: unknown } }[];
  readonly properties?: readonly { name?: unknown; value?: unknown }[];
  readonly components?: readonly CycloneDxComponent[];
}

/**
 * What a CycloneDX document (1.4 to 1.6, JSON) lists, nested components too. Components without a package URL or a version cannot be
 * matched with anything and are counted as passed over.
 */
export function componentsOfSbom(document: unknown): { components: Component[]; passedOver: number } | { fault: SbomFault } {
  const bom = document as { bomFormat?: unknown; specVersion?: unknown; components?: unknown } | null;
  if (bom === null || typeof bom !== 'object' || bom.bomFormat !== 'CycloneDX') return { fault: 'form' };
  if (!['1.4', '1.5', '1.6'].includes(String(bom.specVersion))) return { fault: 'version' };
  const waiting = Array.isArray(bom.components) ? [...(bom.components as CycloneDxComponent[])] : [];
  const found = new Map<string, Component>();
  let passedOver = 0;
  for (let place = 0; place < waiting.length; place++) {
    if (waiting.length > COMPONENTS_AT_MOST) return { fault: 'too-many' };
    const one = waiting[place];
    if (one === null || typeof one !== 'object') return { fault: 'form' };
    if (Array.isArray(one.components)) waiting.push(...one.components);
    const purl = typeof one.purl === 'string' && one.purl.length <= 500 ? readPurl(one.purl) : null;
    const version = purl?.version ?? (typeof one.version === 'string' ? one.version : null);
    if (!purl || !version || version.length > 200) passedOver++;
    else {
      const text = purlText({ ...purl, version });
      found.set(text, { purl: text, name: shownName(purl), version, ...factsOf(one) });
    }
  }
  return found.size === 0 ? { fault: 'no-purl' } : { components: [...found.values()], passedOver };
}

const shownName = ({ type, namespace, name }: { type: string; namespace: string | null; name: string }) =>
  namespace && type !== 'deb' ? `${namespace}${type === 'maven' ? ':' : '/'}${name}` : name;

function factsOf(one: CycloneDxComponent): Pick<Component, 'licences' | 'hash' | 'development'> {
  const licences = (Array.isArray(one.licenses) ? one.licenses : []).flatMap((entry) => {
    const text = entry?.expression ?? entry?.license?.id ?? entry?.license?.name;
    return typeof text === 'string' ? [text.slice(0, 200)] : [];
  });
  const hash = (Array.isArray(one.hashes) ? one.hashes : []).find(
    ({ alg, content }) => typeof alg === 'string' && typeof content === 'string' && /^[0-9a-f]{32,128}$/i.test(content),
  );
  const development =
    Array.isArray(one.properties) && one.properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
  return {
    licences: licences.slice(0, 10),
    hash: hash ? `${String(hash.alg)}:${String(hash.content).toLowerCase()}` : null,
    development: development || one.scope === 'excluded',
  };
}
