import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

/** A trained agent never takes his hands off the keys, and nothing that was typed is lost. */
describe('By keyboard alone', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage.close();
  });

  async function openDesk(login: string): Promise<Page> {
    const page = await stage.person(login);
    await page.goto(`${stage.address}/console/desk`);
    return page;
  }
  const focusIsAt = (page: Page, id: string) => page.waitForFunction((field) => document.activeElement?.id === field, id);
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '');
  /** The order that was filed last, as the server has it. */
  async function lastFiled(page: Page, number: string) {
    const found = (await (await page.request.get(`${stage.address}/api/orders?number=${number}`)).json()) as { items: { id: string }[] };
    const id = found.items[0]!.id;
    const order = (await (await page.request.get(`${stage.address}/api/orders/${id}`)).json()) as Record<string, unknown>;
    const contact = (await (await page.request.get(`${stage.address}/api/appeals/${id}/contact`)).json()) as Record<string, unknown>;
    return { order, contact };
  }
  async function numberOf(page: Page): Promise<string> {
    await page.getByTestId('query-code').waitFor();
    return (await page.getByTestId('appeal-number').first().innerText()).replaceAll(' ', '');
  }
  /** What was typed last is kept too; the line with the hour stands from the first saving on. */
  const allSaved = (page: Page) => page.locator('[data-testid="draft"][data-phase="saved"]').waitFor();
  /** Types into a list that is searched, and takes what stands first. */
  async function choose(page: Page, key: string, typed: string, expected: RegExp): Promise<void> {
    await page.keyboard.press(key);
    await page.keyboard.type(typed);
    await page.locator('.ant-select-item-option-active').filter({ hasText: expected }).waitFor();
    await page.keyboard.press('Enter');
  }

  it('an order is filed from an empty desk to the next empty desk', async () => {
    const page = await openDesk('agent.nanjing');
    await focusIsAt(page, 'contact_phone');
    await page.keyboard.type('13900002618');
    await page.keyboard.press('Tab');
    await page.keyboard.type('蒋玉兰');
    await page.keyboard.press('Alt+2');
    await page.keyboard.type('珠江路地铁站三号口旁的路灯连续一周不亮，晚上走路看不见台阶，希望尽快修好。');
    await page.keyboard.press('Tab');
    await page.keyboard.type('本周内修复');
    await choose(page, 'Alt+3', 'xwq', /玄武区/);
    await page.keyboard.press('Alt+4');
    await page.keyboard.type('珠江路 88 号');
    await page.keyboard.press('Alt+5');
    await page.keyboard.press('ArrowRight');
    await choose(page, 'Alt+6', 'ldbl', /路灯不亮/);
    await page.keyboard.press('Alt+7');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Control+Enter');
    const number = await numberOf(page);
    const { order, contact } = await lastFiled(page, number);
    expect(order).toMatchObject({
      state: 'pending-dispatch',
      content: '珠江路地铁站三号口旁的路灯连续一周不亮，晚上走路看不见台阶，希望尽快修好。',
      expectation: '本周内修复',
      address: '珠江路 88 号',
      region: '320102',
      category: '010301',
      type: '03',
      urgency: 2,
      channel: '01',
    });
    expect(contact).toMatchObject({ name: '蒋**', phone: '139****2618' });
    await page.keyboard.press('Enter');
    await focusIsAt(page, 'contact_phone');
    expect(await page.getByLabel('诉求内容').inputValue()).toBe('');
    expect(await page.getByTestId('draft').count()).toBe(0);
    await page.context().close();
  });

  it('Tab leads through every field and out again, and always shows where it is', async () => {
    const page = await openDesk('agent.nanjing');
    await focusIsAt(page, 'contact_phone');
    const passed = new Set<string>();
    for (let pressed = 0; pressed < 60; pressed++) {
      const at = await page.evaluate(() => {
        const here = document.activeElement;
        const named = here?.closest('[id]');
        // The parts of a date are marked by the browser, within the field.
        const seen = here?.matches(':focus-visible, [type=datetime-local]') ?? false;
        return { id: named?.id ?? '', text: here?.textContent ?? '', seen };
      });
      expect(at, `after ${String(pressed)} times Tab`).toMatchObject({ seen: true });
      passed.add(at.id).add(at.text);
      if (at.text === '清空') break;
      await page.keyboard.press('Tab');
    }
    for (const field of ['contact_phone', 'contact_name', 'contact_gender', 'contact_kind', 'contact_address', 'anonymous', 'confidential'])
      expect(passed).toContain(field);
    for (const field of [
      'content',
      'expectation',
      'region',
      'address',
      'eventAt',
      'title',
      'files',
      'type',
      'category',
      'urgency',
      'channel',
    ])
      expect(passed).toContain(field);
    expect(passed).toContain('清空');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('form'))).toBeNull();
    await page.context().close();
  });

  it('the list of keys opens from within a field and closes again', async () => {
    const page = await openDesk('agent.nanjing');
    await focusIsAt(page, 'contact_phone');
    await page.keyboard.press('Alt+/');
    await page.getByRole('dialog', { name: '快捷键' }).getByText('事发区域').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: '快捷键' }).waitFor({ state: 'hidden' });
    await page.context().close();
  });

  it('what was typed is found again on another computer, and filed from there', async () => {
    const first = await openDesk('agent.suzhou');
    await focusIsAt(first, 'contact_phone');
    await first.keyboard.type('13900005527');
    await first.keyboard.press('Tab');
    await first.keyboard.type('沈月琴');
    await first.keyboard.press('Alt+2');
    await first.keyboard.type('平江路河边的护栏松动，老人和孩子经过');
    await choose(first, 'Alt+3', 'gsq', /姑苏区/);
    await allSaved(first);
    await first.context().close();

    const second = await openDesk('agent.suzhou');
    await second.getByText('有一份没有提交的草稿').waitFor();
    expect(await focused(second)).toBe('使用草稿');
    await second.keyboard.press('Enter');
    await focusIsAt(second, 'contact_phone');
    expect(await second.getByLabel('联系电话').inputValue()).toBe('13900005527');
    await second.keyboard.press('Alt+2');
    await second.keyboard.press('Control+End');
    await second.keyboard.type('时很危险，请派人加固。');
    await second.keyboard.press('Control+Enter');
    const { order, contact } = await lastFiled(second, await numberOf(second));
    expect(order).toMatchObject({ content: '平江路河边的护栏松动，老人和孩子经过时很危险，请派人加固。', region: '320508' });
    expect(contact).toMatchObject({ name: '沈**', phone: '139****5527' });
    await second.context().close();

    const third = await openDesk('agent.suzhou');
    await focusIsAt(third, 'contact_phone');
    await third.waitForLoadState('networkidle');
    expect(await third.getByTestId('draft').count()).toBe(0);
    await third.context().close();
  });

  it('a network that is gone costs nothing, and the page says what is not saved', async () => {
    const page = await openDesk('lead.nanjing');
    await focusIsAt(page, 'contact_phone');
    await page.waitForLoadState('networkidle');
    await page.context().setOffline(true);
    await page.keyboard.type('13900003391');
    await page.getByText('草稿还没有保存到服务器').waitFor();
    await page.context().setOffline(false);
    await allSaved(page);
    await page.context().close();
    const again = await openDesk('lead.nanjing');
    await again.getByText('有一份没有提交的草稿').waitFor();
    // Discarded: the desk is empty, and stays so.
    await again.keyboard.press('Tab');
    await again.keyboard.press('Enter');
    await focusIsAt(again, 'contact_phone');
    await again.getByTestId('draft').waitFor({ state: 'detached' });
    expect(await again.getByLabel('联系电话').inputValue()).toBe('');
    await again.context().close();
  });

  it('two windows of one person do not overwrite each other', async () => {
    const one = await openDesk('agent.wuxi');
    await focusIsAt(one, 'contact_phone');
    await one.waitForLoadState('networkidle');
    const two = await one.context().newPage();
    await two.goto(`${stage.address}/console/desk`);
    await focusIsAt(two, 'contact_phone');
    await two.waitForLoadState('networkidle');
    await one.keyboard.type('13900001111');
    await allSaved(one);
    await two.keyboard.type('13900002222');
    await two.getByText('这份草稿在别的窗口改过').waitFor();
    await two.keyboard.press('Shift+Tab');
    expect(await focused(two)).toBe('以这里的为准');
    await two.keyboard.press('Enter');
    await allSaved(two);
    await one.keyboard.type('3');
    await one.getByText('这份草稿在别的窗口改过').waitFor();
    await one.getByRole('button', { name: '改用那一份' }).press('Enter');
    expect(await one.getByLabel('联系电话').inputValue()).toBe('13900002222');
    await one.context().close();
  });

  it('what a unit was writing waits at the order, on any computer', async () => {
    const dispatcher = await stage.person('province.dispatcher');
    const answer = await dispatcher.request.get(`${stage.address}/api/orders?state=handling&limit=1`);
    const { items } = (await answer.json()) as { items: { id: string; unit: { code: string } }[] };
    await dispatcher.context().close();
    const login = `handler.${items[0]!.unit.code}`;
    const path = `${stage.address}/console/orders/${items[0]!.id}`;
    const first = await stage.person(login);
    /** The digit that opens an action, by its name. */
    const digitOf = async (page: Page, name: string) => {
      await page.goto(path);
      const button = page.getByRole('group', { name: '办理' }).getByRole('button', { name: new RegExp(`^${name}`) });
      return (await button.getAttribute('aria-keyshortcuts')) ?? '';
    };
    const said = '诉求人称路面塌陷处已用锥桶围挡，约定下午到现场一同查看';
    await first.keyboard.press(await digitOf(first, '先行联系'));
    await first.getByTestId('action-contact').getByLabel('联系情况').focus();
    await first.keyboard.type(said);
    await allSaved(first);
    await first.context().close();

    const second = await stage.person(login);
    const digit = await digitOf(second, '先行联系');
    await second.getByRole('button', { name: /先行联系.*草稿/ }).waitFor();
    await second.keyboard.press(digit);
    await second.getByText('有一份没有提交的草稿').waitFor();
    await second.keyboard.press('Enter');
    expect(await second.getByTestId('action-contact').getByLabel('联系情况').inputValue()).toBe(said);
    await second.context().close();
  });
});
