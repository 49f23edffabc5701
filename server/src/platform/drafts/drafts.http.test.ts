import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NANJING, openTestApp, problemIn, REPLY, SPEECH, UNITS, type Answer, type Person, type TestApp } from '../../../test/test-app.ts';

let at: TestApp;
let agent: Person;
let other: Person;
const words = { contact: { name: '周海燕', phone: '13900004417' }, content: '秦淮区夫子庙附近的路灯坏了三天' };

beforeAll(async () => {
  at = await openTestApp();
  agent = at.person('agent', NANJING);
  other = at.person('team-lead', NANJING);
});
afterAll(() => at?.close());

const save = (person: Person, place: string, given: { seen?: string | null; revision?: string; words?: object; account?: string }) =>
  at.call(person, 'PUT', `/api/drafts/${place}`, { body: { account: person.id, seen: null, revision: randomUUID(), words, ...given } });
const found = async (person: Person, place: string) =>
  ((await at.call(person, 'GET', `/api/drafts/${place}`)).body as { draft: { revision: string; words: unknown } | null }).draft;
const codeOf = (answer: Answer) => problemIn(answer).code;

async function begun(person: Person, place: string): Promise<string> {
  const revision = randomUUID();
  expect((await save(person, place, { revision })).status).toBe(200);
  return revision;
}

describe('a draft', () => {
  test('is found again on any computer, by its writer only, and lies sealed', async () => {
    const revision = await begun(agent, 'desk');
    expect(await found(agent, 'desk')).toMatchObject({ revision, words });
    expect(await found(other, 'desk')).toBeNull();
    expect((await at.call(agent, 'GET', '/api/drafts')).body).toMatchObject({ items: [{ place: 'desk' }] });
    const [row] = await at.db.owner<{ sealed: Buffer }>('select sealed from platform.draft where account_id = $1', [agent.id]);
    expect(row!.sealed.includes('13900004417')).toBe(false);
    expect(row!.sealed.includes('夫子庙')).toBe(false);
  });

  test('is not shown to another person by the database either, and its words not even to the platform', async () => {
    const rows = await at.app.db.transact({ ...at.actor(other).scope, account: other.id }, (tx) =>
      tx.selectFrom('platform.draft').select('place').execute(),
    );
    expect(rows).toEqual([]);
    expect(await at.app.db.transact(at.actor(agent).scope, (tx) => tx.selectFrom('platform.draft').select('place').execute())).toEqual([]);
    await expect(
      at.app.db.transact({ role: 'system' }, (tx) => tx.selectFrom('platform.draft').select('sealed').execute()),
    ).rejects.toMatchObject({ code: '42501' });
    const foreign = { account_id: agent.id, place: 'desk', revision: randomUUID(), sealed: Buffer.from(''), saved_at: new Date() };
    await expect(
      at.app.db.transact({ ...at.actor(other).scope, account: other.id }, (tx) =>
        tx.insertInto('platform.draft').values(foreign).execute(),
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });

  test('of one window is never overwritten by another that has not seen it', async () => {
    const place = `${randomUUID()}.reply`;
    const first = await begun(agent, place);
    const second = randomUUID();
    expect((await save(agent, place, { seen: first, revision: second, words: { text: '第二次' } })).status).toBe(200);
    expect(codeOf(await save(agent, place, { seen: first, words: { text: '旧窗口' } }))).toBe('drafts.overtaken');
    expect(codeOf(await save(agent, place, { words: { text: '新窗口' } }))).toBe('drafts.overtaken');
    expect((await found(agent, place))?.words).toEqual({ text: '第二次' });
    // Gone and begun anew it is another draft, although the window has seen one of this place.
    expect((await at.call(agent, 'DELETE', `/api/drafts/${place}?revision=${second}`)).status).toBe(204);
    expect(codeOf(await save(agent, place, { seen: second, words: { text: '旧窗口' } }))).toBe('drafts.overtaken');
    expect(await found(agent, place)).toBeNull();
  });

  test('whose saving was not answered is saved again without a fuss', async () => {
    const place = `${randomUUID()}.return`;
    const revision = randomUUID();
    expect((await save(agent, place, { revision })).status).toBe(200);
    expect((await save(agent, place, { revision })).status).toBe(200);
    const next = randomUUID();
    expect((await save(agent, place, { seen: revision, revision: next })).status).toBe(200);
    expect((await save(agent, place, { seen: revision, revision: next })).status).toBe(200);
  });

  test('is not saved under the name of somebody who logged in since', async () => {
    expect(codeOf(await save(other, 'desk', { account: agent.id }))).toBe('drafts.not-yours');
    expect(await found(other, 'desk')).toBeNull();
  });

  test('has its bounds', async () => {
    expect(codeOf(await save(agent, `${randomUUID()}.reply`, { words: { text: '路'.repeat(22_000) } }))).toBe('drafts.too-large');
    expect((await save(agent, 'elsewhere', {})).status).toBe(400);
    const many = at.person('agent', '320500');
    await at.db.owner(`insert into platform.draft select $1, 'x' || n, gen_random_uuid(), '', now() from generate_series(1, 200) n`, [
      many.id,
    ]);
    expect(codeOf(await save(many, 'desk', {}))).toBe('drafts.too-many');
  });

  test('goes with the filing it was meant for', async () => {
    const lead = at.person('team-lead', NANJING);
    await begun(lead, 'desk');
    const body = { type: '02', region: '320102', channel: '01', content: SPEECH, contact: { name: '周海燕', phone: '13900004417' } };
    expect((await at.call(lead, 'POST', '/api/appeals', { body: { ...body, content: '短' } })).status).toBe(400);
    expect(await found(lead, 'desk')).not.toBeNull();
    expect((await at.call(lead, 'POST', '/api/appeals', { body })).status).toBe(201);
    expect(await found(lead, 'desk')).toBeNull();
  });

  test('goes with the action it was meant for, and with no other', async () => {
    const { id } = await at.takeTo('contacted');
    const handler = at.person('handler', UNITS[NANJING][0]);
    await begun(handler, `${id}.reply`);
    await begun(handler, `${id}.return`);
    const order = (await at.call(handler, 'GET', `/api/orders/${id}`)).body as { version: number };
    expect((await at.call(handler, 'POST', `/api/orders/${id}/reply`, { body: { version: order.version, input: REPLY } })).status).toBe(
      200,
    );
    expect(await found(handler, `${id}.reply`)).toBeNull();
    expect(await found(handler, `${id}.return`)).not.toBeNull();
  });

  test('is forgotten two weeks after it was saved last', async () => {
    const place = `${randomUUID()}.extend`;
    const revision = await begun(agent, place);
    at.clock.advance(13 * 86_400_000);
    const next = randomUUID();
    expect((await save(agent, place, { seen: revision, revision: next })).status).toBe(200);
    at.clock.advance(13 * 86_400_000);
    await at.app.drafts.forgetOld();
    expect(await found(agent, place)).not.toBeNull();
    at.clock.advance(2 * 86_400_000);
    await at.app.drafts.forgetOld();
    expect(await found(agent, place)).toBeNull();
  });
});
