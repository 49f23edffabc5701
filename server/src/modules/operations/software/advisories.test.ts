import { describe, expect, it, test } from 'vitest';
import { hitOf, levelOfAdvisories, readNvd, readOsv } from './advisories.rules.ts';
import { baseScore } from './cvss.rules.ts';

const npm = (name: string, version: string) => ({ ecosystem: 'npm', release: null, package: name, version });
const osv = (affected: object[], more: object = {}) =>
  readOsv({ id: 'GHSA-aaaa-bbbb-cccc', modified: '2026-05-01T00:00:00Z', affected, ...more })!;
const ranged = (events: object[], more: object = {}) =>
  osv([{ package: { ecosystem: 'npm', name: 'left' }, ranges: [{ type: 'SEMVER', events }], ...more }]).affected;

describe('an advisory of OSV', () => {
  test.each([
    ['0.9.0', null],
    ['1.0.0-rc.1', null],
    ['1.0.0', '1.4.2'],
    ['1.4.2-beta', '1.4.2'],
    ['1.4.2', null],
    ['1.9.9', null],
    ['2.0.0', '2.1.0'],
    ['2.0.7', '2.1.0'],
    ['2.1.0', null],
    ['10.0.0', null],
  ])('of two ranges speaks of %s as mended in %s', (version, fixedIn) => {
    // Events of a range come in any order.
    const affected = ranged([{ fixed: '2.1.0' }, { introduced: '1.0.0' }, { introduced: '2.0.0' }, { fixed: '1.4.2' }]);
    expect(hitOf(affected, npm('left', version))).toEqual(fixedIn === null ? null : { fixedIn });
  });

  it('of all versions, up to one that is still affected, or of versions by name', () => {
    expect(hitOf(ranged([{ introduced: '0' }]), npm('left', '99.0.0'))).toEqual({ fixedIn: null });
    expect(hitOf(ranged([{ introduced: '0' }, { last_affected: '2.0.0' }]), npm('left', '2.0.0'))).toEqual({ fixedIn: null });
    expect(hitOf(ranged([{ introduced: '0' }, { last_affected: '2.0.0' }]), npm('left', '2.0.1'))).toBeNull();
    expect(hitOf(ranged([], { versions: ['3.1.4'] }), npm('left', '3.1.4'))).toEqual({ fixedIn: null });
    expect(hitOf(ranged([], { versions: ['3.1.4'] }), npm('left', '3.1.5'))).toBeNull();
    expect(hitOf(ranged([{ introduced: '0' }]), npm('left-pad', '1.0.0'))).toBeNull();
  });

  it('passes over commits, and orders nothing of an ecosystem whose order it does not know', () => {
    const told = osv([
      {
        package: { ecosystem: 'PyPI', name: 'left' },
        ranges: [
          { type: 'GIT', repo: 'x', events: [{ introduced: '0' }] },
          { type: 'ECOSYSTEM', events: [{ introduced: '0' }] },
        ],
        versions: ['1.0'],
      },
    ]);
    expect(told.ignoredRanges).toBe(1);
    const python = (version: string) => ({ ecosystem: 'PyPI', release: null, package: 'left', version });
    expect([hitOf(told.affected, python('1.0')), hitOf(told.affected, python('1.1'))]).toEqual([{ fixedIn: null }, null]);
  });

  it('of a release of Debian speaks of that release, by the version of the source', () => {
    const { affected, key } = osv(
      [
        {
          package: { ecosystem: 'Debian:12', name: 'glibc' },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.36-9+deb12u9' }] }],
        },
      ],
      { id: 'DEBIAN-CVE-2025-0395' },
    );
    const deb = (release: string, version: string) => ({ ecosystem: 'Debian', release, package: 'glibc', version });
    expect(key).toBe('CVE-2025-0395');
    expect(hitOf(affected, deb('12', '2.36-9+deb12u4'))).toEqual({ fixedIn: '2.36-9+deb12u9' });
    expect(hitOf(affected, deb('12', '2.36-9+deb12u10'))).toBeNull();
    expect(hitOf(affected, deb('11', '2.31-13'))).toBeNull();
  });

  it('takes its severity from its vector, else from the word of its publisher, else from nobody', () => {
    const vector = [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }];
    expect(osv([], { severity: vector, database_specific: { severity: 'LOW' } }).severity).toBe(1);
    expect(osv([], { database_specific: { severity: 'MODERATE' } }).severity).toBe(3);
    expect(osv([], {}).severity).toBeNull();
    expect(osv([], { aliases: ['CVE-2026-1000'] }).key).toBe('CVE-2026-1000');
    expect([readOsv({ id: 'x' }), readOsv(null), readOsv([])]).toEqual([null, null, null]);
  });
});

describe('an entry of the NVD', () => {
  const entry = (criteria: string, bounds: object = {}, more: object = {}) =>
    readNvd({
      cve: {
        id: 'CVE-2026-2000',
        descriptions: [{ lang: 'en', value: 'It breaks.' }],
        configurations: [{ nodes: [{ cpeMatch: [{ vulnerable: true, criteria, ...bounds }] }] }],
        ...more,
      },
    })!;

  it('speaks of a product between its bounds', () => {
    const { affected } = entry('cpe:2.3:a:postgresql:postgresql:*:*:*:*:*:*:*:*', {
      versionStartExcluding: '15.0',
      versionEndExcluding: '15.10',
    });
    const product = (version: string) => ({ ecosystem: 'generic', release: null, package: 'postgresql', version });
    expect(['15.0', '15.9', '15.10'].map((version) => hitOf(affected, product(version)))).toEqual([null, { fixedIn: '15.10' }, null]);
    // Of a package that Debian mends under its old number it says nothing.
    expect(hitOf(affected, { ecosystem: 'Debian', release: '12', package: 'postgresql', version: '15.9' })).toBeNull();
  });

  it('speaks of a package of npm where node.js is its platform; of operating systems and withdrawn matters not at all', () => {
    expect(hitOf(entry('cpe:2.3:a:someone:left:1.0.0:*:*:*:*:node.js:*:*').affected, npm('left', '1.0.0'))).toEqual({ fixedIn: null });
    expect(entry('cpe:2.3:o:debian:debian_linux:12.0:*:*:*:*:*:*:*').affected).toEqual([]);
    expect(entry('cpe:2.3:a:x:y:1:*:*:*:*:*:*:*', {}, { vulnStatus: 'Rejected' }).withdrawn).toBe(true);
  });

  it('is urgent where it is known to be exploited', () => {
    const high = { cvssMetricV31: [{ cvssData: { baseScore: 8.1 } }] };
    expect(levelOfAdvisories([entry('cpe:2.3:a:x:y:*:*:*:*:*:*:*:*', {}, { metrics: high })])).toBe(2);
    expect(levelOfAdvisories([entry('cpe:2.3:a:x:y:*:*:*:*:*:*:*:*', {}, { metrics: high, cisaExploitAdd: '2026-05-01' })])).toBe(1);
    expect(levelOfAdvisories([{ severity: null, exploited: true }])).toBe(3);
  });
});

describe('the base score of CVSS 3.1', () => {
  // Published vectors with the scores the NVD gives them.
  test.each([
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5],
    ['CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 7.8],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
    ['CVSS:3.0/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', 3.1],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', null],
    ['CVSS:3.1/AV:N', null],
  ])('of %s is %s', (vector, score) => {
    expect(baseScore(vector)).toBe(score);
  });
});
