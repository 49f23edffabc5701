import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { componentsOfDpkg } from './dpkg.rules.ts';
import { identityOf, purlText, readPurl } from './purl.rules.ts';
import { COMPONENTS_AT_MOST, componentsOfLock, componentsOfSbom, sbomOf, type PackageLock } from './sbom.rules.ts';

const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../../package-lock.json'), 'utf8')) as PackageLock;
const AT = new Date('2026-06-15T00:00:00Z');

describe('a package URL', () => {
  test.each([
    ['pkg:npm/%40fastify/cookie@11.1.5', { ecosystem: 'npm', release: null, package: '@fastify/cookie', version: '11.1.5' }],
    ['pkg:npm/@fastify/cookie@11.1.5', { ecosystem: 'npm', release: null, package: '@fastify/cookie', version: '11.1.5' }],
    [
      'pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12&upstream=glibc',
      { ecosystem: 'Debian', release: '12', package: 'glibc', version: '2.36-9+deb12u4' },
    ],
    [
      'pkg:deb/debian/bash@5.2.15-2%2Bb2?distro=debian-12&upstream=bash%405.2.15-2',
      { ecosystem: 'Debian', release: '12', package: 'bash', version: '5.2.15-2' },
    ],
    [
      'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1',
      { ecosystem: 'Maven', release: null, package: 'org.apache.logging.log4j:log4j-core', version: '2.14.1' },
    ],
    ['pkg:generic/postgresql@15.4', { ecosystem: 'generic', release: null, package: 'postgresql', version: '15.4' }],
  ])('%s tells whom advisories speak of', (text, identity) => {
    expect(identityOf(readPurl(text)!)).toEqual(identity);
  });

  test.each(['', 'npm/lodash@1', 'pkg:npm', 'pkg:npm/', 'pkg:npm/lodash@1%zz', 'pkg:/lodash@1'])('is not %j', (text) => {
    expect(readPurl(text)).toBeNull();
  });

  it('is written in its canonical form', () => {
    expect(
      purlText({
        type: 'deb',
        namespace: 'debian',
        name: 'a+b',
        version: '1:2~3+4',
        qualifiers: { upstream: 'x@1', arch: 'amd64', distro: '' },
      }),
    ).toBe('pkg:deb/debian/a%2Bb@1:2~3%2B4?arch=amd64&upstream=x%401');
  });
});

describe('the bill of materials of this build', () => {
  const bom = sbomOf(lock, AT);

  it('holds what CycloneDX 1.6 asks for: form, version, serial number, one reference each', () => {
    expect([bom.bomFormat, bom.specVersion, bom.version]).toEqual(['CycloneDX', '1.6', 1]);
    expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const refs = [bom.metadata.component['bom-ref'], ...bom.components.map((one) => one['bom-ref'])];
    expect(new Set(refs).size).toBe(refs.length);
    for (const one of bom.components) {
      expect(one.type).toBe('library');
      expect(one.name && one.version).toBeTruthy();
      expect(purlText(readPurl(one.purl)!), one.purl).toBe(one.purl);
      for (const { alg, content } of one.hashes ?? []) {
        expect(alg).toBe('SHA-512');
        expect(content).toMatch(/^[0-9a-f]{128}$/);
      }
    }
  });

  it('names every package of the lock file, and what it stands on by references that exist', () => {
    const locked = new Set(
      Object.entries(lock.packages).flatMap(([path, { version }]) =>
        path === '' ? [] : [`${path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`],
      ),
    );
    expect(new Set(bom.components.map((one) => `${one.name}@${one.version}`))).toEqual(locked);
    const refs = new Set([bom.metadata.component.purl, ...bom.components.map((one) => one.purl)]);
    expect(bom.dependencies).toHaveLength(refs.size);
    for (const { ref, dependsOn } of bom.dependencies) for (const one of [ref, ...dependsOn]) expect(refs.has(one), one).toBe(true);
    const fastify = bom.dependencies.find(({ ref }) => ref.startsWith('pkg:npm/fastify@'))!;
    expect(fastify.dependsOn.some((one) => one.startsWith('pkg:npm/pino@'))).toBe(true);
  });

  it('tells what runs from what only builds, and every licence', () => {
    const scopeOf = (name: string) => bom.components.find((one) => one.name === name)?.scope;
    expect([scopeOf('fastify'), scopeOf('typescript'), scopeOf('axe-core')]).toEqual(['required', 'excluded', 'excluded']);
    expect(bom.components.filter((one) => one.scope === 'required' && !('licenses' in one)).map((one) => one.name)).toEqual([]);
  });

  it('is read again as it was written', () => {
    const read = componentsOfSbom(JSON.parse(JSON.stringify(bom)));
    expect(read).toEqual({ components: componentsOfLock(lock), passedOver: 0 });
  });
});

describe('a foreign CycloneDX document', () => {
  const bom = (components: unknown[], more: object = {}) => ({ bomFormat: 'CycloneDX', specVersion: '1.5', components, ...more });

  it('is read with its nested components; what has no package URL is counted', () => {
    const read = componentsOfSbom(
      bom([
        {
          type: 'library',
          name: 'outer',
          purl: 'pkg:npm/outer@1.0.0',
          components: [{ type: 'library', name: 'inner', version: '2.0.0', purl: 'pkg:npm/inner' }],
        },
        { type: 'file', name: 'x' },
      ]),
    );
    expect(read).toMatchObject({
      passedOver: 1,
      components: [{ purl: 'pkg:npm/outer@1.0.0' }, { purl: 'pkg:npm/inner@2.0.0', version: '2.0.0' }],
    });
  });

  test.each([
    ['form', { spdxVersion: 'SPDX-2.3' }],
    ['form', null],
    ['form', bom([null])],
    ['version', bom([], { specVersion: '1.0' })],
    ['no-purl', bom([{ name: 'x', version: '1' }])],
    ['too-many', bom(Array.from({ length: COMPONENTS_AT_MOST + 1 }, () => ({})))],
  ])('is refused for its %s', (fault, document) => {
    expect(componentsOfSbom(document)).toEqual({ fault });
  });
});

describe('the packages of a Debian host', () => {
  it('are those that are installed, under the source they were built from', () => {
    const status = `Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nSource: glibc\nVersion: 2.36-9+deb12u4\nDescription: x\n .\n\nPackage: gone\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1\n\nPackage: bash\nStatus: install ok installed\nArchitecture: amd64\nSource: bash (5.2.15-2)\nVersion: 5.2.15-2+b2\n`;
    expect(componentsOfDpkg(status, 'ID=debian\nVERSION_ID="12"\n').map((one) => one.purl)).toEqual([
      'pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12&upstream=glibc',
      'pkg:deb/debian/bash@5.2.15-2%2Bb2?arch=amd64&distro=debian-12&upstream=bash%405.2.15-2',
    ]);
  });
});
