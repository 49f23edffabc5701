import { afterAll, beforeAll, expect, test } from 'vitest';
import { OWN_VIEWS, type SavedView } from '#contracts/orders/saved-views.api.ts';
import { faultsIn, NANJING, openTestApp, problemIn, SUZHOU, UNITS, type Caller, type TestApp } from '../../../test/test-app.ts';

let at: TestApp;
beforeAll(async () => {
  at = await openTestApp();
});
afterAll(() => at?.close());

const VIEW = {
  name: '本周将到期',
  shared: false,
  search: { light: 'yellow', state: 'handling', sort: 'due' },
  columns: ['number', 'due', 'title'],
};
const save = (caller: Caller, given: object = {}) => at.call(caller, 'POST', '/api/views', { body: { list: 'orders', ...VIEW, ...given } });
const saved = async (caller: Caller, given: object = {}) => {
  const answer = await save(caller, given);
  expect(answer.status, answer.text).toBe(201);
  return answer.body as SavedView;
};
const seenBy = async (caller: Caller, list = 'orders') => {
  const answer = await at.call(caller, 'GET', `/api/views?list=${list}`);
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as { items: SavedView[] }).items;
};

test('a view of one’s own comes back as it was saved, on its list only, and nobody else sees it', async () => {
  const agent = at.person('agent', NANJING);
  const view = await saved(agent);
  expect(await seenBy(agent)).toEqual([{ ...VIEW, id: view.id, list: 'orders', own: true, by: agent.name, changedAt: view.changedAt }]);
  expect(await seenBy(agent, 'dispatch')).toEqual([]);
  for (const stranger of [at.person('dispatcher', NANJING), at.person('agent', SUZHOU), at.person('province-admin')])
    expect(await seenBy(stranger)).toEqual([]);
});

test('a shared view is seen by the same office: not by another city, another unit, a lower or a higher one', async () => {
  const { id } = await saved(at.person('dispatcher', NANJING), { name: '全市督办', shared: true });
  const { id: ofUnit } = await saved(at.person('unit-liaison', UNITS[NANJING][0]), { name: '本单位重办', shared: true });
  const idsOf = async (caller: Caller) => (await seenBy(caller)).map((view) => view.id);
  expect(await idsOf(at.person('reviewer', NANJING))).toEqual([id]);
  expect(await idsOf(at.person('handler', UNITS[NANJING][0]))).toEqual([ofUnit]);
  for (const stranger of [at.person('reviewer', SUZHOU), at.person('handler', UNITS[NANJING][1]), at.person('province-admin')])
    expect(await idsOf(stranger)).toEqual([]);
  expect((await seenBy(at.person('reviewer', NANJING)))[0]).toMatchObject({ own: false, by: at.person('dispatcher', NANJING).name });
});

test('only the owner changes and deletes a view, and each is on record', async () => {
  const owner = at.person('supervisor', NANJING);
  const { id } = await saved(owner, { name: '媒体关注', shared: true });
  const colleague = at.person('reviewer', NANJING);
  for (const method of ['PUT', 'DELETE']) {
    const answer = await at.call(colleague, method, `/api/views/${id}`, method === 'PUT' ? { body: VIEW } : {});
    expect({ status: answer.status, code: problemIn(answer).code }).toEqual({ status: 404, code: 'base.not-found' });
  }
  at.clock.advance(1000);
  const changed = await at.call(owner, 'PUT', `/api/views/${id}`, {
    body: { ...VIEW, name: '媒体关注（市）', columns: ['title', 'number'] },
  });
  expect(changed.body, changed.text).toMatchObject({ id, name: '媒体关注（市）', shared: false, columns: ['title', 'number'] });
  expect((await seenBy(colleague)).map((view) => view.id)).not.toContain(id);
  at.clock.advance(1000);
  expect((await at.call(owner, 'DELETE', `/api/views/${id}`)).status).toBe(204);
  expect((await seenBy(owner)).map((view) => view.id)).not.toContain(id);
  const entries = await at.db.owner<{ action: string }>(`select action from platform.audit_entry where object_id = $1 order by at, id`, [
    id,
  ]);
  expect(entries.map(({ action }) => action)).toEqual(['orders.save-view', 'orders.change-view', 'orders.delete-view']);
});

test('a view has a name of its own, known columns and filters, and a person keeps no more than he can survey', async () => {
  const person = at.person('follow-up', NANJING);
  await saved(person);
  expect(faultsIn(await save(person))).toEqual(['name: orders.view-name-taken']);
  await saved(person, { list: 'follow-up' });
  await saved(at.person('reviewer', NANJING));
  for (const wrong of [
    { name: '' },
    { name: '长'.repeat(41) },
    { columns: [] },
    { columns: ['number', 'number'] },
    { columns: ['contact'] },
    { search: { phone: '13800000000' } },
    { search: { q: '字'.repeat(51) } },
    { list: 'secrets' },
  ])
    expect(problemIn(await save(person, { name: '另一个', ...wrong })).code, JSON.stringify(wrong)).toBe('base.invalid-input');
  for (let i = 2; i < OWN_VIEWS; i++) await saved(person, { name: `视图 ${i}` });
  expect(problemIn(await save(person, { name: '再来一个' })).code).toBe('orders.too-many-views');
  // What is there already may still be changed.
  const [first] = await seenBy(person);
  expect((await at.call(person, 'PUT', `/api/views/${first!.id}`, { body: { ...VIEW, name: '改名' } })).status).toBe(200);
});
