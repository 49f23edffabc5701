import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { openStage, type Stage } from '../support/stage.ts';

/** The platform walks itself with a browser of its own, as citizens and its people do. */
describe('A browser that probes the platform', () => {
  let stage: Stage;
  let manager: Page;
  let id = '';
  const tried = async () => {
    const answer = await manager.request.post(`${stage.address}/api/operations/probes/${id}/try`, { timeout: 120_000 });
    return (await answer.json()) as { good: boolean; note: string };
  };

  beforeAll(async () => {
    stage = await openStage();
    manager = await stage.person('operations.manager');
  });
  afterAll(async () => {
    await stage.close();
  });

  it('files, looks up, signs in and finds it again, on both screens, and leaves nothing open behind', async () => {
    const probe = { key: 'walk', name: '门户与控制台走查', kind: 'browser', target: stage.address, timeoutMs: 60_000 };
    const add = (everySeconds: number) =>
      manager.request.post(`${stage.address}/api/operations/probes`, { data: { ...probe, everySeconds } });
    expect(await (await add(60)).json()).toMatchObject({ fields: [{ path: 'everySeconds', code: 'operations.probe-too-often' }] });
    const added = await add(300);
    expect(added.status()).toBe(201);
    ({ id } = (await added.json()) as { id: string });
    const result = await tried();
    expect(result, result.note).toMatchObject({ good: true });
    for (const screen of ['电脑', '手机'])
      expect(result.note).toMatch(
        new RegExp(String.raw`${screen}：提交 [\d.]+ 秒、查询 [\d.]+ 秒、登录 [\d.]+ 秒、控制台查询 [\d.]+ 秒、撤回 [\d.]+ 秒`),
      );
    // Its own turn may have come meanwhile: that walk ends as well.
    const filed = async () =>
      (
        await stage.inDatabase<{ state: string }>(
          `select w.state from orders.work_order w join appeals.appeal a on a.id = w.id where a.content like '平台自动拨测%'`,
        )
      ).map(({ state }) => state);
    expect((await filed()).length).toBeGreaterThanOrEqual(2);
    await expect.poll(async () => [...new Set(await filed())], { timeout: 60_000 }).toEqual(['cancelled']);
    const sessions = () =>
      stage.inDatabase(
        `select from identity.session where account_id in (select id from identity.account where login = 'province.leader')`,
      );
    await expect.poll(sessions, { timeout: 60_000 }).toEqual([]);
  });

  it('says on which screen and at which step it came to grief', async () => {
    let result = { good: true, note: '' };
    await stage.withoutTable('appeals.appeal', async () => {
      result = await tried();
    });
    expect(result.good).toBe(false);
    expect(result.note).toMatch(/^电脑·提交：/);
  });
});
