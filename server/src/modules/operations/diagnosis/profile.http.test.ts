import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProfileBoard, ProfileView } from '#contracts/operations/diagnosis.api.ts';
import { NODE } from '#server/platform/admission/node-report.ts';
import { openTestApp, problemIn, type Answer, type TestApp } from '../../../../test/test-app.ts';
import { burnInSight } from './diagnosis.testing.ts';

let at: TestApp;
beforeAll(async () => void (at = await openTestApp()), 60_000);
afterAll(() => at?.close());

const operator = () => at.person('operator');
const ask = (path: string): Promise<Answer> => at.call(operator(), 'GET', `/api/operations/diagnosis/${path}`);
const get = async <T>(path: string): Promise<T> => {
  const answer = await ask(path);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as T;
};
const post = (body: object): Promise<Answer> => at.call(operator(), 'POST', '/api/operations/diagnosis/profiles', { body });

describe('a profile of a node', () => {
  const turn = () => at.app.operations.nodeLoops.find(({ name }) => name === 'operations.take-profile')!.turn();
  const heard = (node: string) =>
    at.db.owner(`insert into platform.node_load values ($1, $2, '{}') on conflict (node) do update set at = excluded.at`, [
      node,
      new Date(at.clock.nowMs()),
    ]);

  it('is asked for through the database, taken by the node that is meant, shown and downloaded', async () => {
    await heard(NODE);
    await heard('app-2:4711');
    const { nodes } = await get<ProfileBoard>('profiles');
    expect(nodes).toEqual([NODE, 'app-2:4711'].toSorted());
    const asked = await post({ node: NODE, kind: 'cpu', seconds: 1 });
    expect(asked.status, asked.text).toBe(202);
    const { id } = asked.body as { id: string };
    expect(problemIn(await post({ node: NODE, kind: 'heap', seconds: 1 })).code).toBe('diagnosis.profile-at-work');
    // Another node's is not this one's to take.
    expect((await post({ node: 'app-2:4711', kind: 'cpu', seconds: 1 })).status).toBe(202);
    expect(problemIn(await ask(`profiles/${id}/file`)).code).toBe('diagnosis.profile-not-done');

    expect(await turn()).toBe(1);
    const burning = setInterval(() => burnInSight(120), 130);
    let view: ProfileView;
    for (let tries = 0; ; tries++) {
      view = await get<ProfileView>(`profiles/${id}`);
      if (view.line.state === 'done') break;
      expect(view.line.failure).toBeNull();
      expect(tries).toBeLessThan(400);
      await wait(50);
    }
    clearInterval(burning);
    expect(view.summary!.top[0]).toMatchObject({ name: 'burnInSight' });
    const file = await ask(`profiles/${id}/file`);
    expect(file.headers['content-disposition']).toContain('.cpuprofile');
    const profile = file.body as { nodes: { callFrame: { functionName: string; url: string } }[]; samples: number[] };
    expect(profile.samples.length).toBeGreaterThan(10);
    // No path of the machine leaves it.
    expect(profile.nodes.filter(({ callFrame: { url } }) => url.startsWith('/') || url.startsWith('file:'))).toEqual([]);
    const { items } = await get<ProfileBoard>('profiles');
    expect(Object.fromEntries(items.map(({ node, state }) => [node, state]))).toEqual({ [NODE]: 'done', 'app-2:4711': 'waiting' });
  });

  it('of a node that does not answer fails after its time, and the node may be asked again', async () => {
    at.clock.set(at.clock.nowMs() + 60_000);
    await heard('app-2:4711');
    expect(await turn()).toBe(0);
    const { items } = await get<ProfileBoard>('profiles');
    expect(items.find(({ node }) => node === 'app-2:4711')).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('没有应答') as string,
    });
    expect((await post({ node: 'app-2:4711', kind: 'cpu', seconds: 30 })).status).toBe(202);
    expect(problemIn(await post({ node: 'app-9:1', kind: 'cpu', seconds: 1 })).code).toBe('diagnosis.no-such-node');
    expect((await post({ node: NODE, kind: 'cpu', seconds: 31 })).status).toBe(400);
  });

  it('is forgotten after thirty days', async () => {
    at.clock.set(at.clock.nowMs() + 31 * 86_400_000);
    await turn();
    expect((await get<ProfileBoard>('profiles')).items).toEqual([]);
  });
});
