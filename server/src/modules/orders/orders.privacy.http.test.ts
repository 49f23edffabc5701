import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RevealView } from '#contracts/appeals/appeals.api.ts';
import type { OrderView } from '#contracts/orders/orders.api.ts';
import { NANJING, openTestApp, problemIn, UNITS, type Person, type TestApp } from '../../../test/test-app.ts';

let at: TestApp;
let agent: Person;
let lead: Person;
/** A confidential order in the hands of Nanjing's first unit. */
let id: string;

beforeAll(async () => {
  at = await openTestApp();
  agent = at.person('agent', NANJING);
  lead = at.person('team-lead', NANJING);
});
afterAll(() => at?.close());
beforeEach(async () => {
  ({ id } = await at.takeTo('handling', { contact: { name: '顾晓梅', phone: '13900007315' } }));
  await at.act(agent, id, 'flag', { confidential: true });
});

const REASON = '顾女士来电要求更正门牌号';
const reveal = (person: Person) => at.call(person, 'POST', `/api/appeals/${id}/contact/reveal`, { body: { reason: '核实诉求细节' } });
const ask = async (person: Person) => (await at.act(person, id, 'reveal-contact', { reason: REASON })).approval!;
const decide = (person: Person, approval: string, verdict: 'approve' | 'decline') =>
  at.call(person, 'POST', `/api/approvals/${approval}/decide`, { body: { verdict, opinion: '同意顾女士的更正' } });
const standing = async (person: Person) =>
  ((await at.call(person, 'GET', `/api/appeals/${id}/contact`)).body as { reveal: RevealView }).reveal;

describe('the contact of a confidential citizen', () => {
  test('is opened to nobody by a reason alone', async () => {
    expect(problemIn(await reveal(agent)).code).toBe('appeals.reveal-needs-second');
    expect(problemIn(await reveal(lead)).code).toBe('appeals.reveal-needs-second');
    expect(await standing(agent)).toEqual({ needsSecond: true, asked: false, until: null, reason: null });
  });

  test('is open for half an hour to who asked, once another one approved, and each look is on record', async () => {
    const approval = await ask(agent);
    expect(await standing(agent)).toMatchObject({ asked: true, until: null });
    expect(problemIn(await reveal(agent)).code).toBe('appeals.reveal-needs-second');
    expect((await decide(lead, approval, 'approve')).status).toBe(200);
    expect(await standing(agent)).toMatchObject({ reason: REASON, until: new Date(at.clock.nowMs() + 30 * 60_000).toISOString() });
    for (let looks = 0; looks < 2; looks++) expect((await reveal(agent)).body).toMatchObject({ name: '顾晓梅', phone: '13900007315' });
    // The one who approved has not become one who may look.
    expect(problemIn(await reveal(lead)).code).toBe('appeals.reveal-needs-second');
    const looks = await at.db.owner<{ account_id: string; detail: unknown }>(
      `select account_id, detail from platform.audit_entry where object_id = $1 and action = 'appeals.reveal-contact'`,
      [id],
    );
    expect(looks).toEqual([1, 2].map(() => ({ account_id: agent.id, detail: { reason: '核实诉求细节', approval } })));
    at.clock.advance(30 * 60_000);
    expect(problemIn(await reveal(agent)).code).toBe('appeals.reveal-needs-second');
    expect(await standing(agent)).toMatchObject({ asked: false, until: null });
  });

  test('is not approved by who asked, nor by who may not, and a refusal opens nothing', async () => {
    const approval = await ask(lead);
    expect(problemIn(await decide(lead, approval, 'approve')).code).toBe('casework.asker-decides');
    expect(problemIn(await decide(at.person('reviewer', NANJING), approval, 'approve')).code).toBe('base.forbidden');
    expect(problemIn(await reveal(lead)).code).toBe('appeals.reveal-needs-second');
    expect((await decide(at.person('supervisor', NANJING), approval, 'decline')).status).toBe(200);
    expect(problemIn(await reveal(lead)).code).toBe('appeals.reveal-needs-second');
  });

  test('is not opened by lifting the mark', async () => {
    await expect(at.act(agent, id, 'flag', { confidential: false })).rejects.toMatchObject({
      facts: { fields: [{ path: 'input.confidential', code: 'orders.stays-confidential' }] },
    });
    expect(problemIn(await reveal(agent)).code).toBe('appeals.reveal-needs-second');
  });

  test('is asked for without a word of it reaching the unit', async () => {
    await decide(lead, await ask(agent), 'approve');
    await ask(at.person('follow-up', NANJING));
    const handler = at.person('handler', UNITS[NANJING][0]);
    const page = (await at.call(handler, 'GET', `/api/orders/${id}`)).body as OrderView;
    const timeline = await at.call(handler, 'GET', `/api/orders/${id}/timeline`);
    expect(page.approvals).toEqual([]);
    expect(timeline.text).not.toContain('reveal-contact');
    expect(JSON.stringify(page) + timeline.text).not.toContain('顾');
    // The hotline sees that it was asked for and approved, and why only where it is decided.
    const seen = await at.call(lead, 'GET', `/api/orders/${id}/timeline`);
    expect(seen.text).toContain('orders.reveal-contact');
    expect(seen.text).not.toContain('更正门牌号');
  });

  test('that is not confidential is opened as before, by a reason', async () => {
    ({ id } = await at.takeTo('handling', { contact: { name: '韩立新', phone: '13900008846' } }));
    expect((await reveal(agent)).body).toMatchObject({ name: '韩立新' });
    await expect(at.act(agent, id, 'reveal-contact', { reason: REASON })).rejects.toMatchObject({
      facts: { code: 'orders.not-confidential' },
    });
  });
});
