import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApp, type Person, type TestApp } from '../../../../test/test-app.ts';

let at: TestApp;
let [operator, manager]: Person[] = [];
beforeAll(async () => {
  at = await openTestApp();
  [operator, manager] = [at.person('operator'), at.person('operations-manager')];
}, 60_000);
afterAll(() => at?.close());

const URL = '/api/operations/responsibilities/peer:sms';
const raci = (version: number, more: object = {}) => ({
  responsible: ['role:operator', `person:${operator!.id}`],
  accountable: `person:${manager!.id}`,
  consulted: [],
  informed: ['role:operations-manager'],
  version,
  ...more,
});

it('is set by who decides, as it was seen, and each change stands in the audit log with what it was before', async () => {
  expect((await at.call(operator!, 'PUT', URL, { body: raci(0) })).status).toBe(403);
  const set = await at.call(manager!, 'PUT', URL, { body: raci(0) });
  expect(set.status, set.text).toBe(200);
  expect(set.body).toMatchObject({
    component: 'peer:sms',
    version: 1,
    responsible: [{ name: 'operator' }, { name: operator!.name }],
    accountable: { name: manager!.name },
  });
  const overtaken = await at.call(manager!, 'PUT', URL, { body: raci(0) });
  expect([overtaken.status, (overtaken.body as { code: string }).code]).toEqual([409, 'base.stale']);
  expect((await at.call(manager!, 'PUT', URL, { body: raci(1, { consulted: [`person:${operator!.id}`] }) })).status).toBe(200);
  const entries = await at.db.owner<{ action: string; detail: { before: object | null; after: { consulted: string[] } } }>(
    `select action, detail from platform.audit_entry where object_kind = 'component' and object_id = 'peer:sms' order by id`,
  );
  expect(entries.map(({ detail }) => [detail.before === null, detail.after.consulted.length])).toEqual([
    [true, 0],
    [false, 1],
  ]);
});

it('is set once where two set it at once', async () => {
  const answers = await Promise.all(
    [1, 2].map(() => at.call(manager!, 'PUT', '/api/operations/responsibilities/app:portal', { body: raci(0) })),
  );
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
});

it('names nobody who may not own a matter, and no stranger', async () => {
  for (const person of ['00000000-0000-7000-8000-000000000000', at.person('agent').id]) {
    const answer = await at.call(manager!, 'PUT', '/api/operations/responsibilities/database', {
      body: raci(0, { accountable: `person:${person}` }),
    });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('operations.no-such-person');
    expect(answer.text).toContain('accountable');
  }
});

it('proposes the owner of a fault and of a problem that is about the component, until it has one', async () => {
  const proposedOf = async (kind: 'faults' | 'problems') => {
    const opened = await at.call(operator!, 'POST', `/api/operations/${kind}`, {
      body: { title: '短信发送缓慢', body: '排队超过十分钟', level: 3, source: 'phone', component: 'peer:sms' },
    });
    const { id } = opened.body as { id: string };
    return (await at.call(operator!, 'GET', `/api/operations/records/${id}`)).body as { id: string; proposedOwner: unknown };
  };
  const proposal = { id: operator!.id, name: operator!.name, part: 'responsible' };
  expect((await proposedOf('faults')).proposedOwner).toEqual(proposal);
  const problem = await proposedOf('problems');
  expect(problem.proposedOwner).toEqual(proposal);
  const act = (version: number, action: string, input: object) =>
    at.call(manager!, 'POST', `/api/operations/problems/${problem.id}/${action}`, { body: { version, input } });
  await act(1, 'review', { outcome: 'accepted', impact: 2, urgency: 3, risk: 0, opinion: '同意列入' });
  expect((await act(2, 'schedule', { owner: manager!.id, plannedOn: '2026-07-01', hours: 4 })).status).toBe(200);
  expect((await at.call(operator!, 'GET', `/api/operations/records/${problem.id}`)).body).toMatchObject({ proposedOwner: null });

  expect((await at.call(manager!, 'DELETE', URL)).status).toBe(200);
  expect((await proposedOf('faults')).proposedOwner).toBeNull();
  expect((await at.call(manager!, 'DELETE', URL)).status).toBe(404);
});
