import { describe, expect, it } from 'vitest';
import type { Unit } from '#contracts/reference/reference.api.ts';
import { entriesInForce, judgeOwner, ownersOf, unitOf, type CatalogueEntry } from './catalogue.rules.ts';

const entry = (id: string, more: Partial<CatalogueEntry> = {}): CatalogueEntry => ({
  id,
  version: 1,
  region: '32',
  category: '0101',
  unitCode: null,
  kind: 'urban-management',
  level: 'county',
  role: 'main',
  legalSource: '测试',
  ended: false,
  effectiveMs: 0,
  ...more,
});
const unit = (code: string, kind: string, level: Unit['level'], region: string): Unit => ({
  code,
  name: code,
  shortName: code,
  kind,
  level,
  region,
  parent: null,
  path: code,
});
const UNITS = [
  unit('320506.1', 'urban-management', 'county', '320506'),
  unit('320506.2', 'housing', 'county', '320506'),
  unit('3205.9', 'urban-management', 'city', '320500'),
];
const units = {
  byCode: (code: string) => UNITS.find((one) => one.code === code),
  byKind: (kind: string, level: string, region: string) =>
    UNITS.find((one) => one.kind === kind && one.level === level && one.region === region),
};
const owners = (entries: readonly CatalogueEntry[], category = '010101', region = '320506001') =>
  ownersOf(entries, category, region, (one, place) => unitOf(one, place, units)).map(
    (owner) => `${owner.role} ${owner.unit.code} by ${owner.entry.id}`,
  );

describe('the owner of a matter', () => {
  it('is the unit of the kind and level that the region has, assisting ones after it', () => {
    expect(owners([entry('a', { kind: 'housing', role: 'assist' }), entry('m')])).toEqual(['main 320506.1 by m', 'assist 320506.2 by a']);
    expect(owners([entry('m')], '02')).toEqual([]);
    // A county without such a unit has no owner by this entry.
    expect(owners([entry('m')], '0101', '320505')).toEqual([]);
  });

  it('is told by the most specific entry: the city before the province, the narrow category before the wide one', () => {
    const province = entry('province');
    const city = entry('city', { region: '3205', unitCode: '3205.9', kind: null, level: null });
    const narrow = entry('narrow', { category: '010101', kind: 'housing' });
    expect(owners([province, city])).toEqual(['main 3205.9 by city']);
    expect(owners([province, narrow])).toEqual(['main 320506.2 by narrow']);
    expect(owners([city, narrow])).toEqual(['main 3205.9 by city']);
    // Assisting units are told apart from the main one; a city that names its own main unit keeps the province's assistants.
    expect(owners([city, entry('assist', { kind: 'housing', role: 'assist' })])).toEqual([
      'main 3205.9 by city',
      'assist 320506.2 by assist',
    ]);
  });

  it('is never the same unit twice', () => {
    expect(owners([entry('m'), entry('a', { role: 'assist' })])).toEqual(['main 320506.1 by m']);
  });
});

describe('of the versions of an entry', () => {
  const versions = [
    entry('e'),
    entry('e', { version: 2, effectiveMs: 10, kind: 'housing' }),
    entry('e', { version: 3, effectiveMs: 20, ended: true }),
  ];
  const at = (ms: number) => entriesInForce(versions, ms).map((one) => one.version);

  it('the last one that took effect holds; one that ended takes the entry away', () => {
    expect([at(-1), at(0), at(9), at(10), at(20)]).toEqual([[], [1], [1], [2], []]);
  });
});

describe('an entry', () => {
  it('names a unit, or a kind with its level, and not both or half of one', () => {
    expect(judgeOwner({ unit: '3205.9' }).ok).toBe(true);
    expect(judgeOwner({ kind: 'housing', level: 'county' }).ok).toBe(true);
    for (const owner of [
      {},
      { kind: 'housing' },
      { level: 'county' },
      { unit: '3205.9', kind: 'housing', level: 'county' },
      { unit: '3205.9', level: 'county' },
    ])
      expect(judgeOwner(owner).ok, JSON.stringify(owner)).toBe(false);
  });
});
