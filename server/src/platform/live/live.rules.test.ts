import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { permissionsOf } from '#contracts/permissions.ts';
import { PLATFORM, type Actor } from '../actor.ts';
import { codeRange } from '../db/db.ts';
import { comparePlaces, mayHear, othersAt, placeOf, placeText, shownTo, type AtCase } from './live.rules.ts';

const regions = fc.constantFrom('320100', '320102', '320102007', '320104', '320500', '320505', '320505001', '321000', '320000');
const units = fc.constantFrom('3201.003', '3201.003.01', '3201.0031', '3201.007', '320102.004', '3205.003', '3200.001');
const person = (scope: Actor['scope'], more: Partial<Actor> = {}): Actor => ({
  ...PLATFORM,
  accountId: 'somebody',
  permissions: permissionsOf(['leader']),
  scope,
  ...more,
});
const city = (code: string) => {
  const { lo, hi } = codeRange(code.replace(/00$/, ''));
  return person({ role: 'city', regionLo: lo, regionHi: hi });
};
const unit = (code: string) => {
  const { lo, hi } = codeRange(code);
  return person({ role: 'unit', unitLo: lo, unitHi: hi });
};

describe('of an event hears', () => {
  test('a city (or a county) what lies in its region, and nothing else', () => {
    fc.assert(
      fc.property(regions, regions, fc.array(units), (own, region, units) => {
        expect(mayHear(city(own), { region, units })).toBe(region.startsWith(own.replace(/00$/, '')));
      }),
    );
  });

  test('a unit what it or its subtree has a task of, wherever it lies', () => {
    fc.assert(
      fc.property(units, regions, fc.array(units), (own, region, units) => {
        expect(mayHear(unit(own), { region, units })).toBe(units.some((each) => each.startsWith(own)));
      }),
    );
  });

  test('the province everything; operations, machines, citizens and the gate nothing', () => {
    fc.assert(
      fc.property(regions, fc.array(units), (region, units) => {
        expect(mayHear(person({ role: 'province' }), { region, units })).toBe(true);
        for (const role of ['operations', 'peer', 'self', 'gate', 'system'] as const)
          expect(mayHear(person({ role }), { region, units })).toBe(false);
      }),
    );
  });

  test('nobody who may not see orders, and no scope without its bounds', () => {
    fc.assert(
      fc.property(regions, fc.array(units), (region, units) => {
        for (const role of ['province', 'city', 'unit'] as const)
          expect(mayHear(person({ role }, { permissions: new Set() }), { region, units })).toBe(false);
        expect(mayHear(person({ role: 'city' }), { region, units })).toBe(false);
        expect(mayHear(person({ role: 'unit' }), { region, units })).toBe(false);
      }),
    );
  });
});

describe('a place in the log', () => {
  const places = fc.record({ xid: fc.nat(), id: fc.uuid() });

  test('comes back as it was written, and nothing else is one', () => {
    fc.assert(
      fc.property(places, (place) => {
        expect(placeOf(placeText(place))).toEqual(place);
      }),
    );
    for (const wrong of [undefined, '', '1', `-1.${crypto.randomUUID()}`, `1.${crypto.randomUUID()}'`, '1e3.x', `9`.repeat(19)])
      expect(placeOf(wrong)).toBeNull();
  });

  test('has an order that is total', () => {
    fc.assert(
      fc.property(places, places, (a, b) => {
        expect(Math.sign(comparePlaces(a, b))).toBe(-Math.sign(comparePlaces(b, a)) + 0);
        expect(comparePlaces(a, b) === 0).toBe(a.xid === b.xid && a.id === b.id);
      }),
    );
    expect(comparePlaces({ xid: 999, id: 'f' }, { xid: 1000, id: '0' })).toBeLessThan(0);
  });
});

describe('who stands at an order', () => {
  const at = (accountId: string, more: Partial<AtCase> = {}): AtCase => ({
    caseId: 'c',
    accountId,
    name: `name of ${accountId}`,
    unitCode: null,
    doing: 'viewing',
    action: null,
    ...more,
  });
  const unitName = (code: string | null) => (code ? `unit ${code}` : null);

  test('is shown by name within one side, and by the office across', () => {
    const hotline = { unitCode: null };
    const handler = { unitCode: '3201.003' };
    expect(shownTo(hotline, at('a'), unitName)).toMatchObject({ name: 'name of a', office: null });
    expect(shownTo(handler, at('a'), unitName)).toMatchObject({ name: null, office: null });
    expect(shownTo(hotline, at('h', { unitCode: '3201.003' }), unitName)).toMatchObject({ name: null, office: 'unit 3201.003' });
    expect(shownTo(handler, at('h', { unitCode: '3201.003' }), unitName)).toMatchObject({ name: 'name of h', office: 'unit 3201.003' });
    expect(shownTo({ unitCode: '3201.007' }, at('h', { unitCode: '3201.003' }), unitName)).toMatchObject({ name: null });
  });

  test('stands there once, with what he does rather than what he looks at, and never oneself', () => {
    const all = [at('a'), at('a', { doing: 'acting', action: 'reply' }), at('me'), at('b'), at('a')];
    expect(othersAt(all, 'me').map((one) => [one.accountId, one.doing])).toEqual([
      ['a', 'acting'],
      ['b', 'viewing'],
    ]);
  });
});
