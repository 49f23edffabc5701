import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

/** The lists people work in all day. */
describe('At the desks', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage.close();
  });

  async function open(login: string, path: string): Promise<Page> {
    const page = await stage.person(login);
    await page.goto(`${stage.address}/console${path}`);
    return page;
  }

  /** Urges all that is marked, without the mouse; gives what is said of it. */
  async function urgeMarked(page: Page): Promise<string> {
    const key = await page.getByTestId('batch').getByRole('button', { name: '催办' }).getAttribute('aria-keyshortcuts');
    await page.keyboard.press(key!);
    await page.getByTestId('batch-urge').waitFor();
    await page.keyboard.type('请尽快派单');
    await page.keyboard.press('Control+Enter');
    await page.getByTestId('batch-result').waitFor();
    return page.getByTestId('batch-result').getByRole('status').innerText();
  }

  it('a dispatcher marks orders with the keys, urges them at once, and what is refused stays marked', async () => {
    const page = await open('dispatcher.nanjing', '/dispatch');
    await page.locator('tbody .order-link').nth(1).waitFor();
    for (const key of ['j', 'x', 'j', 'Shift+X']) await page.keyboard.press(key);
    await page.getByText('已选 2 件').waitFor();
    expect(await urgeMarked(page)).toBe('完成 2 件，待审批 0 件，未办理 0 件');
    await page.getByText('已选 2 件').waitFor({ state: 'hidden' });

    await page.keyboard.press('Escape');
    await page.getByTestId('batch').waitFor({ state: 'hidden' });
    await page.getByLabel('选择本页全部').focus();
    await page.keyboard.press('Space');
    await page.getByText('已选 2 件').waitFor();
    expect(await urgeMarked(page)).toBe('完成 0 件，待审批 0 件，未办理 2 件');
    await page.getByTestId('batch-result').getByText('今天已经催办过').first().waitFor();
    await page.getByText('已选 2 件').waitFor();
  });

  it('a view is kept by keyboard, opened by a colleague, and its address shows the same to somebody else', async () => {
    const page = await open('dispatcher.nanjing', '/orders?state=handling&sort=due');
    await page.getByRole('button', { name: '列', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: '登记时间' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('checkbox', { name: '区域' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: '区域：上移' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '应用' }).focus();
    await page.keyboard.press('Enter');
    const heads = (of: Page) => of.locator('main thead th').allInnerTexts();
    const chosen = ['工单编号', '状态', '时限', '标题', '类型 / 渠道', '紧急', '区域', '承办单位'];
    await page.locator('main thead th', { hasText: '区域' }).waitFor();
    expect((await heads(page)).filter(Boolean)).toEqual(chosen);

    await page.getByTestId('views').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: '保存为新视图' }).waitFor();
    for (let i = 0; i < 8; i++) {
      if (await page.getByRole('menuitem', { name: '保存为新视图' }).evaluate((item) => item === document.activeElement)) break;
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement instanceof HTMLInputElement && document.activeElement.type === 'text');
    await page.keyboard.type('全市办理中');
    await page.getByRole('radio', { name: '本单位同事' }).focus();
    await page.keyboard.press('Space');
    await page.getByLabel('名称').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('views').getByText('全市办理中').waitFor();

    const colleague = await open('reviewer.nanjing', '/orders');
    await colleague.getByTestId('views').click();
    await colleague.getByRole('menuitem', { name: '全市办理中' }).click();
    await colleague.locator('main thead th', { hasText: '区域' }).waitFor();
    expect((await heads(colleague)).filter(Boolean)).toEqual(chosen);
    expect(new URL(colleague.url()).searchParams.get('state')).toBe('handling');

    const leader = await open('province.leader', new URL(page.url()).pathname.replace('/console', '') + new URL(page.url()).search);
    await leader.locator('main thead th', { hasText: '区域' }).waitFor();
    expect(await heads(leader)).toEqual(chosen);
    // The name of the view is the office's own.
    expect(await leader.getByTestId('views').innerText()).toBe('视图');
  });

  it('a figure of the unit desk leads to the list that it counts', async () => {
    const page = await open('unitlead.320106.016', '/unit-desk');
    const figure = page.getByRole('link', { name: /在办 \d+ 件$/ }).first();
    await figure.waitFor();
    const links = await page.locator('a.count').all();
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      const count = (await link.innerText()).trim();
      await link.focus();
      await page.keyboard.press('Enter');
      await page.locator('a.count[aria-current]').waitFor();
      await page.getByTestId('order-count').getByText(`共 ${count} 件`).waitFor();
    }
  });

  it('a day of the calendar leads to its list, and the night duty to an order', async () => {
    const page = await open('province.leader', '/due');
    const day = page.locator('.due__sum').first();
    await day.waitFor();
    const count = (await day.innerText()).trim();
    await day.focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('order-count').getByText(`共 ${count} 件`).waitFor();

    const duty = await open('supervisor.nanjing', '/duty');
    // What is due before the morning, where anything is at this hour; else the last kind of which there is something.
    const due = duty.locator('[class*="duty__kind--"]').last();
    await due.focus();
    const [, kind] = /duty__kind--([\w-]+)/.exec((await due.getAttribute('class')) ?? '')!;
    await duty.keyboard.press('Enter');
    await duty.waitForURL(new RegExp(`kind=${kind}`));
    // The list before stands until the new one is there.
    const rows = duty.locator('tbody .order-link[href*="/orders/"]');
    await rows.nth(Number(await due.locator('strong').innerText())).waitFor({ state: 'detached' });
    await rows.first().focus();
    await duty.keyboard.press('Enter');
    await duty.getByTestId('order-state').waitFor();
  });
});
