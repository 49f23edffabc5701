import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { compareDebian, compareSemver } from './versions.rules.ts';

const sign = (order: number) => Math.sign(order);

/** Versions near one another, so that every place of the order is met. */
const part = fc.string({ unit: fc.constantFrom('0', '1', '2', '9', '10', 'a', 'b', 'Z', '.', '+', '~'), minLength: 0, maxLength: 6 });
const debian = fc
  .record({
    epoch: fc.option(fc.constantFrom('0', '1', '10'), { nil: undefined }),
    upstream: part,
    revision: fc.option(
      part.filter((text) => text !== ''),
      { nil: undefined },
    ),
  })
  .map(
    ({ epoch, upstream, revision }) =>
      `${epoch === undefined ? '' : `${epoch}:`}1${upstream}${revision === undefined ? '' : `-${revision}`}`,
  );

const identifier = fc.oneof(fc.nat(12).map(String), fc.constantFrom('alpha', 'beta', 'rc', 'x-1'));
const semver = fc
  .record({
    core: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
    pre: fc.array(identifier, { maxLength: 3 }),
    build: fc.option(fc.constantFrom('b1', '20260101'), { nil: undefined }),
  })
  .map(({ core, pre, build }) => `${core.join('.')}${pre.length > 0 ? `-${pre.join('.')}` : ''}${build ? `+${build}` : ''}`);

describe('the order of versions', () => {
  test.skipIf(!existsSync('/usr/bin/dpkg'))('of Debian is the one of dpkg', { timeout: 60_000 }, () => {
    // One process asks for all: dpkg takes a pair at a time, and a shell loops over them.
    const pairs = fc.sample(fc.tuple(debian, debian), { numRuns: 400, seed: 12345 });
    const script =
      'while read -r a b; do if dpkg --compare-versions "$a" lt "$b"; then echo -1; elif dpkg --compare-versions "$a" gt "$b"; then echo 1; else echo 0; fi; done';
    const answers = execFileSync('/bin/sh', ['-c', script], {
      input: pairs.map((pair) => `${pair.join(' ')}\n`).join(''),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const told = answers.toString().trim().split('\n').map(Number);
    const different = pairs.flatMap(([a, b], place) =>
      sign(compareDebian(a, b)) === told[place] ? [] : [`${a} ${b}: dpkg says ${told[place]}`],
    );
    expect(told).toHaveLength(pairs.length);
    expect(different).toEqual([]);
  });

  it('of Debian is known where there is no dpkg', () => {
    const ascending = ['1.0~rc1', '1.0', '1.0-1', '1.0-1+deb12u1', '1.0-10', '1.0+b', '1.1', '1.10', '1:0.5'];
    for (const [place, version] of ascending.entries())
      for (const [other, against] of ascending.entries())
        expect(sign(compareDebian(version, against)), `${version} ${against}`).toBe(sign(place - other));
  });

  it('of semantic versions is the chain of the specification', () => {
    const ascending = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '2.0.0',
      '2.1.0',
      '2.1.1',
      '2.1.9007199254740993',
    ];
    for (const [place, version] of ascending.entries())
      for (const [other, against] of ascending.entries())
        expect(sign(compareSemver(version, against)), `${version} ${against}`).toBe(sign(place - other));
    expect(compareSemver('1.0.0+a', '1.0.0+b')).toBe(0);
    expect(compareSemver('v1.2', '1.2.0')).toBe(0);
  });

  test.each([
    ['semantic', semver, compareSemver],
    ['Debian', debian, compareDebian],
  ] as const)('of %s versions is total: it turns with its sides and passes on', (_, version, compare) => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(sign(compare(a, b))).toBe(-sign(compare(b, a)) + 0);
        expect(compare(a, a)).toBe(0);
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
