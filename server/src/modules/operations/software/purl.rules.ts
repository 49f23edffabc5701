/** The parts of a package URL (purl-spec, ECMA-427). */
export interface Purl {
  readonly type: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly version: string | null;
  readonly qualifiers: Readonly<Record<string, string>>;
}

/** Signs that stand as they are; a colon is never encoded. */
const encoded = (text: string) =>
  encodeURIComponent(text)
    .replaceAll('%3A', ':')
    .replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** A package URL in its one canonical form: qualifiers sorted, empty ones left out. */
export function purlText({ type, namespace, name, version, qualifiers }: Purl): string {
  const path = [...(namespace ? namespace.split('/') : []), name].map(encoded).join('/');
  const asked = Object.entries(qualifiers)
    .filter(([, value]) => value !== '')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${encoded(value)}`)
    .join('&');
  return `pkg:${type}/${path}${version ? `@${encoded(version)}` : ''}${asked ? `?${asked}` : ''}`;
}

/** Reads a package URL; null where the text is none. */
export function readPurl(text: string): Purl | null {
  const found = /^pkg:\/{0,2}([a-z][a-z0-9.+-]*)\/([^?#]+)(?:\?([^#]*))?(?:#.*)?$/i.exec(text);
  if (!found) return null;
  try {
    // The scope of npm may stand with a bare @, so the version begins at the last one behind the last slash.
    const path = found[2]!;
    const at = path.lastIndexOf('@');
    const hasVersion = at > path.lastIndexOf('/') + 1;
    const parts = (hasVersion ? path.slice(0, at) : path).split('/').filter(Boolean).map(decodeURIComponent);
    const name = parts.pop();
    if (!name) return null;
    return {
      type: found[1]!.toLowerCase(),
      namespace: parts.join('/') || null,
      name,
      version: hasVersion ? decodeURIComponent(path.slice(at + 1)) : null,
      qualifiers: Object.fromEntries(
        (found[3] ?? '').split('&').flatMap((pair): [string, string][] => {
          const cut = pair.indexOf('=');
          return cut > 0 && cut < pair.length - 1 ? [[pair.slice(0, cut).toLowerCase(), decodeURIComponent(pair.slice(cut + 1))]] : [];
        }),
      ),
    };
  } catch {
    // A percent sign that encodes nothing.
    return null;
  }
}

/** Under which name the advisories of OSV know a package. */
export interface Identity {
  /** As OSV calls it: npm, Debian, PyPI; `generic` for products that belong to no ecosystem. */
  readonly ecosystem: string;
  /** Of a distribution: `12` in Debian:12. */
  readonly release: string | null;
  readonly package: string;
  /** What is compared: of a Debian package that of its source. */
  readonly version: string;
}

const ECOSYSTEMS: Readonly<Record<string, string>> = {
  npm: 'npm',
  pypi: 'PyPI',
  maven: 'Maven',
  golang: 'Go',
  cargo: 'crates.io',
  nuget: 'NuGet',
  gem: 'RubyGems',
  composer: 'Packagist',
};

/** Who a package is to advisories; null where it has no version, or its type is unknown to them. */
export function identityOf({ type, namespace, name, version, qualifiers }: Purl): Identity | null {
  if (version === null) return null;
  if (type === 'deb') {
    const ecosystem = namespace === 'ubuntu' ? 'Ubuntu' : 'Debian';
    // Distributions fix sources: the binary packages of one are affected together.
    const [source, sourceVersion] = (qualifiers['upstream'] ?? '').split('@');
    const release = /^(?:debian|ubuntu)-(.+)$/.exec(qualifiers['distro'] ?? '')?.[1] ?? null;
    return { ecosystem, release, package: source || name, version: sourceVersion || version };
  }
  const ecosystem = ECOSYSTEMS[type] ?? 'generic';
  const separator = type === 'maven' ? ':' : '/';
  return { ecosystem, release: null, package: namespace && ecosystem !== 'generic' ? `${namespace}${separator}${name}` : name, version };
}
