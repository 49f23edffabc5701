import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAction, send } from '../support/office.ts';
import { openStage, type Stage } from '../support/stage.ts';

const MINUTE = 60_000;
/** A minute in Beijing as a field takes it. */
const typed = (ms: number) => new Date(ms + 480 * MINUTE).toISOString().slice(0, 16);

/** A change of the rules everybody works by: who makes it, who agrees to it, and for whom it counts. */
describe('A norm', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  /** Files an appeal in Nanjing by the interface, accepted at once, and dispatches it on the order page; gives its handling limit and due date. */
  async function dispatched(agent: Page, dispatcher: Page): Promise<{ limit: string; dueAt: string; id: string }> {
    const filed = await agent.request.post(`${stage.address}/api/appeals`, {
      data: {
        type: '02',
        region: '320106',
        content: '小区门口的路灯坏了半个月，晚上很黑，请尽快修好。',
        channel: '01',
        category: '0103',
        urgency: 3,
        anonymous: true,
        accept: true,
      },
    });
    const { id } = (await filed.json()) as { id: string };
    await dispatcher.goto(`${stage.address}/console/orders/${id}`);
    const form = await openAction(dispatcher, '派单', 'dispatch');
    // The catalogue proposes the unit and says by which entry.
    await form
      .getByText(/派单目录第 \d+ 版/)
      .first()
      .waitFor();
    await form.getByRole('list', { name: '推荐' }).getByRole('button').first().click();
    await send(dispatcher, form, '派单');
    return { id, ...(await handling(agent, id)) };
  }

  async function handling(page: Page, id: string): Promise<{ limit: string; dueAt: string }> {
    const order = (await (await page.request.get(`${stage.address}/api/orders/${id}`)).json()) as {
      clocks: { name: string; limit: string; dueAt: string }[];
    };
    const { limit, dueAt } = order.clocks.find((clock) => clock.name === 'handle')!;
    return { limit, dueAt };
  }

  it('is drafted, tried on last month’s orders, approved by another, and counts from its instant on', async () => {
    const admin = await stage.person('province.admin');
    await admin.goto(`${stage.address}/console/norms/draft/32`);
    await admin.getByLabel('名称').fill('缩短求助类办理时限');
    await admin.getByLabel('依据', { exact: true }).fill('省政府办公厅会议纪要（演示）');
    const limits = admin.getByRole('form', { name: '办理时限' });
    await limits.getByLabel('数量').fill('2');
    await limits.getByRole('button', { name: '加入草案' }).click();
    await admin.getByText('本草案改动 1 处').waitFor();
    await admin.getByRole('button', { name: '保存草案' }).click();

    const state = admin.getByTestId('norm-state');
    await state.getByText('草案').waitFor();
    await admin.getByText('求助 · 普通 · 办理 · 全部分类').first().waitFor();
    await admin.getByRole('button', { name: '试算', exact: true }).click();
    await state.getByText('待批准').waitFor({ timeout: 60_000 });
    await admin.getByText(/件工单，[1-9]\d* 件会有变化/).waitFor();
    // Whoever drafted it is not offered to approve it.
    expect(await admin.getByRole('button', { name: '批准', exact: true }).count()).toBe(0);
    const address = admin.url();

    const agent = await stage.person('agent.nanjing');
    const dispatcher = await stage.person('dispatcher.nanjing');
    const leader = await stage.person('province.leader');
    await leader.goto(address);
    await leader.getByRole('button', { name: '批准', exact: true }).click();
    // The next full minute, or the one after where that is too close.
    const now = Date.now();
    const effectiveMs = Math.ceil((now + 20_000) / MINUTE) * MINUTE;
    const dialog = leader.getByRole('dialog');
    await dialog.getByLabel('生效时间').fill(typed(effectiveMs));
    await dialog.getByLabel('意见').fill('同意，按期执行。');
    await dialog.getByRole('button', { name: '批准' }).click();
    await leader.getByTestId('norm-state').getByText('已批准').waitFor();

    const before = await dispatched(agent, dispatcher);
    expect(before.limit).toBe('5 workday');
    await agent.waitForTimeout(Math.max(0, effectiveMs - Date.now()) + 6000);
    const after = await dispatched(agent, dispatcher);
    expect(after.limit).toBe('2 workday');
    expect(Date.parse(after.dueAt)).toBeLessThan(Date.parse(before.dueAt));
    expect(await handling(agent, before.id)).toEqual({ limit: before.limit, dueAt: before.dueAt });
    await leader.reload();
    await leader.getByTestId('norm-state').getByText('现行').waitFor();
    // A minute of it is waiting for the instant.
  }, 300_000);

  it('of a city cannot loosen the province’s; the line and the province’s value are named', async () => {
    const admin = await stage.person('admin.nanjing');
    await admin.goto(`${stage.address}/console/norms`);
    await admin.getByRole('button', { name: '起草补充规定' }).click();
    await admin.getByLabel('名称').fill('南京市补充规定');
    await admin.getByLabel('依据', { exact: true }).fill('南京市会议纪要（演示）');
    const limits = admin.getByRole('form', { name: '办理时限' });
    await limits.getByLabel('数量').fill('9');
    await limits.getByRole('button', { name: '加入草案' }).click();
    await admin.getByRole('button', { name: '保存草案' }).click();
    await admin.getByText(/放宽了省规范.*9 个工作日.*2 个工作日/).waitFor();
  });

  it('of dispatch: a city takes up what its units object to, and a second person approves it', async () => {
    const admin = await stage.person('admin.suzhou');
    await admin.goto(`${stage.address}/console/catalogue`);
    await admin.getByLabel('显示').click();
    await admin.getByTitle('有待处理异议的').click();
    await admin.getByRole('row').filter({ hasText: '全省' }).first().getByRole('link').click();
    await admin.getByText('待处理').first().waitFor();
    await admin.getByRole('button', { name: '为本市另立条目' }).click();
    await admin.getByRole('combobox', { name: '承办单位' }).fill('姑苏区住房');
    await admin.getByTitle(/姑苏/).first().click();
    await admin.getByLabel('依据').fill('苏州市责任清单（演示）');
    await admin.getByLabel('变更理由').fill('采纳承办单位异议');
    await admin.getByRole('button', { name: '提交待批' }).click();
    await admin
      .getByText(/已采纳/)
      .first()
      .waitFor();

    const supervisor = await stage.person('supervisor.suzhou');
    await supervisor.goto(`${stage.address}/console/catalogue`);
    await supervisor.getByLabel('显示').click();
    await supervisor.getByTitle('有待批准版本的').click();
    await supervisor.getByRole('row').filter({ hasText: '苏州市' }).first().getByRole('link').click();
    await supervisor.getByRole('button', { name: '批准', exact: true }).click();
    const dialog = supervisor.getByRole('dialog');
    await dialog.getByLabel('生效时间').fill(typed(Date.now() + 24 * 60 * MINUTE));
    await dialog.getByLabel('意见').fill('情况属实，同意。');
    await dialog.getByRole('button', { name: '批准' }).click();
    await supervisor.getByTestId('entry-state').getByText('已批准').waitFor();
  });
});
