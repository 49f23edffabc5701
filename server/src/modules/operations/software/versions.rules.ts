/** Orders two versions: below nought where the first is older, above where it is newer. */
export type VersionOrder = (a: string, b: string) => number;

const SEMVER = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Numbers of any length, by their digits: `9007199254740993` is more than the number 2^53 can tell apart. */
function compareDigits(a: string, b: string): number {
  const [one, two] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return one.length - two.length || (one < two ? -1 : one > two ? 1 : 0);
}

/** Whether a version is one of Semantic Versioning 2.0; missing minor and patch count as 0. */
export function isSemver(version: string): boolean {
  return SEMVER.test(version);
}

/** The order of Semantic Versioning 2.0, §11. Build metadata does not count. What is no such version is older than all that are. */
export function compareSemver(a: string, b: string): number {
  const [one, two] = [SEMVER.exec(a), SEMVER.exec(b)];
  if (!one || !two) return one ? 1 : two ? -1 : a < b ? -1 : a > b ? 1 : 0;
  for (const place of [1, 2, 3]) {
    const order = compareDigits(one[place] ?? '0', two[place] ?? '0');
    if (order !== 0) return order;
  }
  const [pre, other] = [one[4], two[4]];
  if (pre === undefined || other === undefined) return pre === other ? 0 : pre === undefined ? 1 : -1;
  return comparePrerelease(pre.split('.'), other.split('.'));
}

function comparePrerelease(a: readonly string[], b: readonly string[]): number {
  for (let place = 0; place < Math.max(a.length, b.length); place++) {
    const [one, two] = [a[place], b[place]];
    if (one === undefined || two === undefined) return one === undefined ? -1 : 1;
    const [isNumber, otherIs] = [/^\d+$/.test(one), /^\d+$/.test(two)];
    const order =
      isNumber && otherIs ? compareDigits(one, two) : isNumber !== otherIs ? (isNumber ? -1 : 1) : one < two ? -1 : one > two ? 1 : 0;
    if (order !== 0) return order;
  }
  return 0;
}

/** The order of Debian's versions (deb-version(7)): epoch, upstream version, revision; `~` sorts before the end. */
export function compareDebian(a: string, b: string): number {
  const [one, two] = [debianParts(a), debianParts(b)];
  return compareDigits(one.epoch, two.epoch) || comparePart(one.upstream, two.upstream) || comparePart(one.revision, two.revision);
}

function debianParts(version: string): { epoch: string; upstream: string; revision: string } {
  const colon = version.indexOf(':');
  const [epoch, rest] = colon < 0 ? ['0', version] : [version.slice(0, colon), version.slice(colon + 1)];
  const dash = rest.lastIndexOf('-');
  return dash < 0 ? { epoch, upstream: rest, revision: '' } : { epoch, upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** Letters before other signs, `~` before everything and the end itself. */
function weight(sign: string | undefined): number {
  if (sign === undefined || /\d/.test(sign)) return 0;
  if (sign === '~') return -1;
  const code = sign.charCodeAt(0);
  return /[A-Za-z]/.test(sign) ? code : code + 256;
}

function comparePart(a: string, b: string): number {
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    while ((i < a.length && !/\d/.test(a[i]!)) || (j < b.length && !/\d/.test(b[j]!))) {
      const order = weight(a[i]) - weight(b[j]);
      if (order !== 0) return order;
      i++;
      j++;
    }
    const [one, two] = [/^\d*/.exec(a.slice(i))![0], /^\d*/.exec(b.slice(j))![0]];
    const order = compareDigits(one, two);
    if (order !== 0) return order;
    i += one.length;
    j += two.length;
  }
  return 0;
}

/** How the versions of an ecosystem are ordered; null where the platform does not know, and only versions listed by name are matched. */
export function orderOf(ecosystem: string): VersionOrder | null {
  if (ecosystem === 'npm' || ecosystem === 'crates.io' || ecosystem === 'Go') return compareSemver;
  // Products of the NVD are numbered by their upstream alone, which Debian's order reads as people do.
  return ecosystem === 'Debian' || ecosystem === 'Ubuntu' || ecosystem === 'generic' ? compareDebian : null;
}
