import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Entry, Objection } from '#contracts/reference/catalogue.api.ts';
import { faultsIn, NANJING, openTestApp, problemIn, SUZHOU, UNITS, type Person, type TestApp } from '../../../../test/test-app.ts';

const DAY = 86_400_000;

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp();
});
afterAll(() => at?.close());

interface Suggestion {
  unit: { code: string };
  role: string;
  why: string;
  entry: string;
  version: number;
  legalSource: string;
}
const later = (ms = DAY) => new Date(at.clock.nowMs() + ms).toISOString();
const suggested = async (region: string, category = '0101') =>
  (
    (await at.call(at.person('dispatcher', SUZHOU), 'GET', `/api/reference/units/suggest?category=${category}&region=${region}`)).body as {
      items: Suggestion[];
    }
  ).items;
const propose = (by: Person, more: object = {}) =>
  at.call(by, 'POST', '/api/reference/catalogue', {
    body: {
      region: '3205',
      category: '0101',
      unit: UNITS[SUZHOU][0],
      role: 'main',
      legalSource: '苏州市城管局三定规定',
      reason: '机构改革后职责调整',
      ...more,
    },
  });
const act = (by: Person, entry: Pick<Entry, 'id' | 'version'>, action: string, input: object) =>
  at.call(by, 'POST', `/api/reference/catalogue/${entry.id}/${action}`, { body: { version: entry.version, input } });
const page = async (by: Person, query: string) =>
  (await at.call(by, 'GET', `/api/reference/catalogue?${query}`)).body as { items: Entry[]; nextCursor?: string };
const admin = (city: string) => at.person('city-admin', city);
const supervisor = (city: string) => at.person('supervisor', city);

it('proposes the units as it was shipped, and says by which entry, version and law', async () => {
  const [main, ...assists] = await suggested('320505');
  expect(main).toMatchObject({ role: 'main', version: 1, legalSource: '民声默认值' });
  expect(main!.unit.code).toMatch(/^320505/);
  expect(main!.why).toMatch(/违法建设.*主办.*派单目录第 1 版.*民声默认值/);
  expect(assists.length).toBeGreaterThan(0);
  expect(assists.every(({ role }) => role === 'assist')).toBe(true);
});

it('a city’s own entry, approved by a second person, goes before the province’s from its instant on', async () => {
  const proposed = (await propose(admin(SUZHOU))).body as Entry;
  expect(proposed).toMatchObject({ state: 'proposed', version: 1, region: '3205', proposedBy: admin(SUZHOU).name, inForce: false });
  expect((await suggested('320505'))[0]!.legalSource).toBe('民声默认值');
  // Of another city it is not there; by the one who proposed it, it is not approved.
  expect((await act(supervisor(NANJING), proposed, 'approve', { effectiveFrom: later(), opinion: '同意' })).status).toBe(400);
  expect((await act(supervisor(NANJING), proposed, 'approve', { effectiveFrom: later(), opinion: '同意执行' })).status).toBe(404);
  expect(problemIn(await act(admin(SUZHOU), proposed, 'approve', { effectiveFrom: later(), opinion: '同意执行' })).code).toBe(
    'base.forbidden',
  );
  expect(faultsIn(await act(supervisor(SUZHOU), proposed, 'approve', { effectiveFrom: later(0), opinion: '同意执行' }))).toEqual([
    'input.effectiveFrom: reference.norm-in-past',
  ]);
  expect((await act(supervisor(SUZHOU), proposed, 'approve', { effectiveFrom: later(), opinion: '同意执行' })).body).toMatchObject({
    state: 'approved',
  });
  expect((await suggested('320505'))[0]!.legalSource).toBe('民声默认值');
  at.clock.advance(DAY);
  expect((await suggested('320505'))[0]).toMatchObject({ unit: { code: UNITS[SUZHOU][0] }, legalSource: '苏州市城管局三定规定' });
  expect((await suggested('320102'))[0]!.legalSource).toBe('民声默认值');
});

it('is searched by category, region and unit, and walked by cursor', async () => {
  const all = await page(admin(SUZHOU), 'limit=100&category=0101');
  expect(all.items.every((entry) => entry.category.startsWith('0101') || '0101'.startsWith(entry.category))).toBe(true);
  expect(all.items.filter((entry) => entry.region === '3205')).toHaveLength(1);
  const first = await page(admin(SUZHOU), 'limit=2');
  const second = await page(admin(SUZHOU), `limit=2&cursor=${encodeURIComponent(first.nextCursor!)}`);
  expect(new Set([...first.items, ...second.items].map((entry) => entry.id)).size).toBe(4);
  const byUnit = await page(admin(SUZHOU), `limit=100&unit=${UNITS[SUZHOU][0]}`);
  expect(byUnit.items.map((entry) => entry.unit?.code)).toContain(UNITS[SUZHOU][0]);
  expect(problemIn(await at.call(admin(SUZHOU), 'GET', '/api/reference/catalogue?cursor=x')).code).toBe('base.bad-cursor');
});

it('collects what units object; a revision takes the objections up, and opens them again when it is withdrawn', async () => {
  const [{ entry }] = (await suggested('320505')) as [Suggestion];
  const handler = at.actor(at.person('handler', UNITS[SUZHOU][0]));
  const objection = {
    orderId: (await at.file({ region: '320505' })).id,
    category: '0101',
    region: '320505',
    unitCode: UNITS[SUZHOU][0],
    suggestedUnit: UNITS[SUZHOU][1],
    reason: '该事项已划转至住建部门',
    legalBasis: '苏府办〔2026〕12 号',
    at: new Date(at.clock.nowMs()),
  };
  await at.app.db.transact(handler.scope, (tx) => at.app.reference.recordObjection(tx, objection));
  // A unit does not object in the name of another one.
  await expect(
    at.app.db.transact(handler.scope, (tx) => at.app.reference.recordObjection(tx, { ...objection, unitCode: UNITS[SUZHOU][1] })),
  ).rejects.toMatchObject({ code: '42501' });
  await at.app.db.transact(handler.scope, (tx) => at.app.reference.recordObjection(tx, { ...objection, category: null }));

  const objected = await page(admin(SUZHOU), 'only=objected');
  expect(objected.items.map(({ id, objections }) => ({ id, objections }))).toEqual([{ id: entry, objections: 1 }]);
  expect((await page(admin(NANJING), 'only=objected')).items).toEqual([]);
  expect((await page(at.person('handler', UNITS[SUZHOU][0]), 'only=objected')).items).toEqual([]);
  const gaps = (await at.call(admin(SUZHOU), 'GET', '/api/reference/catalogue-gaps')).body as { items: Objection[] };
  expect(gaps.items).toHaveLength(1);
  const history = async () =>
    (await at.call(admin(SUZHOU), 'GET', `/api/reference/catalogue/${entry}`)).body as { versions: Entry[]; objections: Objection[] };
  expect((await history()).objections).toMatchObject([
    { reason: '该事项已划转至住建部门', suggestedUnit: { code: UNITS[SUZHOU][1] }, answeredBy: null },
  ]);

  const next = { entry, answers: entry, unit: UNITS[SUZHOU][1], legalSource: '苏府办〔2026〕12 号', reason: '采纳异议' };
  const revision = (await propose(admin(SUZHOU), next)).body as Entry;
  expect(revision).toMatchObject({ id: entry, version: 2 });
  expect((await history()).objections[0]!.answeredBy).toBe(2);
  expect((await page(admin(SUZHOU), 'only=objected')).items).toEqual([]);
  expect(problemIn(await propose(admin(SUZHOU), next)).code).toBe('reference.entry-waits');
  expect((await act(admin(SUZHOU), revision, 'withdraw', { opinion: '还要核实' })).body).toMatchObject({ state: 'withdrawn' });
  expect((await history()).objections[0]!.answeredBy).toBeNull();

  const again = (await propose(admin(SUZHOU), next)).body as Entry;
  expect(again.version).toBe(3);
  await act(supervisor(SUZHOU), again, 'approve', { effectiveFrom: later(), opinion: '同意执行' });
  at.clock.advance(DAY);
  expect((await suggested('320505'))[0]).toMatchObject({
    unit: { code: UNITS[SUZHOU][1] },
    version: 3,
    legalSource: '苏府办〔2026〕12 号',
  });
  expect((await history()).versions.map(({ version, state, inForce }) => [version, state, inForce])).toEqual([
    [3, 'approved', true],
    [2, 'withdrawn', false],
    [1, 'approved', false],
  ]);
  expect(problemIn(await act(admin(SUZHOU), again, 'withdraw', { opinion: '太晚了吧' })).code).toBe('reference.norm-over');
});

it('is changed for one’s own region only, with one owner, and the province’s entries by the province', async () => {
  const shipped = (await page(admin(NANJING), 'limit=100&category=0101&region=32')).items.find((entry) => entry.region === '32')!;
  expect(faultsIn(await propose(admin(NANJING)))).toEqual(['region: reference.norm-region']);
  expect(faultsIn(await propose(admin(SUZHOU), { region: '32' }))).toEqual(['region: reference.norm-region']);
  expect(faultsIn(await propose(admin(SUZHOU), { region: '320599' }))).toEqual(['region: reference.norm-region']);
  expect(faultsIn(await propose(admin(SUZHOU), { kind: 'housing', level: 'county' }))).toEqual(['unit: reference.entry-owner']);
  expect(faultsIn(await propose(admin(SUZHOU), { unit: '3299' }))).toEqual(['unit: reference.unknown-unit']);
  expect((await propose(admin(SUZHOU), { entry: shipped.id })).status).toBe(404);
  const ended = await propose(at.person('province-admin'), {
    entry: shipped.id,
    region: '32',
    unit: undefined,
    kind: shipped.kind,
    level: shipped.level,
    role: shipped.role,
    ended: true,
  });
  expect(ended.body).toMatchObject({ version: 2, ended: true });
  await act(at.person('leader', 'province'), ended.body as Entry, 'approve', { effectiveFrom: later(), opinion: '同意执行' });
  at.clock.advance(DAY);
  expect((await suggested('320102')).map((one) => one.entry)).not.toContain(shipped.id);
});

it('who holds both roles does not approve what he proposed himself', async () => {
  const both = {
    ...at.actor(admin(NANJING)),
    permissions: new Set([...at.actor(admin(NANJING)).permissions, ...at.actor(supervisor(NANJING)).permissions]),
  };
  const entry = (await propose(admin(NANJING), { region: '3201', unit: UNITS[NANJING][0] })).body as Entry;
  await expect(at.app.catalogue.approve(both, entry.id, 1, { effectiveFrom: later(), opinion: '同意执行' })).rejects.toMatchObject({
    facts: { code: 'reference.own-entry' },
  });
});
