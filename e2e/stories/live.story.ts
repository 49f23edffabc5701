import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '#server/platform/maintenance.ts';
import { openAction } from '../support/office.ts';
import { openStage, PHONE, type Stage } from '../support/stage.ts';

/** What people see of each other's work without reloading anything. */
describe('Two at the same desk', () => {
  let stage: Stage;
  const pictures = join(ROOT, 'screens');

  beforeAll(async () => {
    stage = await openStage();
    mkdirSync(pictures, { recursive: true });
  });
  afterAll(() => stage.close());

  const firstOrder = async (page: Page, state: string) => {
    const answer = await page.request.get(`${stage.address}/api/orders?limit=1&state=${state}`);
    const { items } = (await answer.json()) as { items: { id: string; version: number }[] };
    return items[0]!;
  };

  it('see each other at an order, and what one does stands before the other at once', async () => {
    const dispatcher = await stage.person('dispatcher.nanjing');
    const reviewer = await stage.person('reviewer.nanjing');
    const { id, version } = await firstOrder(dispatcher, 'pending-dispatch');
    await reviewer.goto(`${stage.address}/console/orders/${id}`);
    await reviewer.getByTestId('order-state').getByText('待派单').waitFor();
    await dispatcher.goto(`${stage.address}/console/orders/${id}`);
    await reviewer.getByTestId('beside').getByText('正在查看').waitFor();
    expect(await dispatcher.getByTestId('beside').innerText()).toMatch(/正在查看/);
    await openAction(dispatcher, '派单', 'dispatch');
    await reviewer.getByTestId('beside').getByText('正在办理：派单').waitFor();
    await reviewer.screenshot({ path: join(pictures, 'console-order-beside-1440.png') });
    await reviewer.setViewportSize(PHONE);
    await reviewer.screenshot({ path: join(pictures, 'console-order-beside-390.png') });

    const done = await dispatcher.request.post(`${stage.address}/api/orders/${id}/cancel`, {
      data: { version, input: { reason: '诉求人来电撤回' } },
    });
    expect(done.status()).toBe(200);
    // Nobody touches the reviewer's page.
    await reviewer.getByTestId('order-state').getByText('已撤销').waitFor();
    await reviewer.getByText('诉求人来电撤回').first().waitFor();

    await dispatcher.close();
    await reviewer.getByTestId('beside').waitFor({ state: 'detached' });
    await reviewer.context().close();
  });

  it('a new appeal comes up in the list by itself, and the second page of a browser hears it too', async () => {
    const page = await stage.person('agent.suzhou');
    const second = await page.context().newPage();
    for (const each of [page, second]) {
      await each.goto(`${stage.address}/console/orders`);
      await each.getByTestId('order-count').waitFor();
    }
    const before = await second.getByTestId('order-count').innerText();
    const filed = await page.request.post(`${stage.address}/api/portal/appeals`, {
      data: { type: '02', region: '320505', content: '小区门口的路灯坏了三天，晚上老人出门很不方便。', anonymous: true },
    });
    expect(filed.status()).toBe(201);
    await second.bringToFront();
    await second.waitForFunction((text) => document.querySelector('[data-testid=order-count]')?.textContent !== text, before);
    // The page that held the connection is closed; the other takes it over and goes on hearing.
    await page.close();
    const middle = await second.getByTestId('order-count').innerText();
    await second.request.post(`${stage.address}/api/portal/appeals`, {
      data: { type: '02', region: '320505', content: '建议在社区活动室增设图书角，方便放学的孩子看书。', anonymous: true },
    });
    await second.waitForFunction((text) => document.querySelector('[data-testid=order-count]')?.textContent !== text, middle, {
      timeout: 60_000,
    });
    await second.context().close();
  });

  it('are told when the line is cut, and when it is back', async () => {
    const page = await stage.person('agent.nanjing');
    await page.route('**/api/live*', (route) => route.abort());
    await page.goto(`${stage.address}/console/`);
    await page.getByText('实时更新已中断，正在重连').waitFor();
    await page.screenshot({ path: join(pictures, 'console-live-down-1440.png') });
    await page.unroute('**/api/live*');
    await page.getByText('实时更新已恢复').waitFor({ timeout: 60_000 });
    await page.getByText('实时更新已恢复').waitFor({ state: 'detached' });
    await page.context().close();
  });
});
