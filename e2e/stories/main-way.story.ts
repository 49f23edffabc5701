import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { archive, openAction, send } from '../support/office.ts';
import { openStage, PHONE, type Stage } from '../support/stage.ts';

/** One appeal from the citizen's telephone to the archive, each step by the person whose it is, in a real browser. */
describe('An appeal from the portal to the archive', () => {
  let stage: Stage;
  let number = '';
  let code = '';
  let path = '';
  const content = '我是玄武区居民，社保卡丢失后补办三个月了一直没有拿到，看病只能自费，窗口说系统里查不到制卡记录，请帮忙核实。';

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage.close();
  });

  const at = async (login: string): Promise<Page> => {
    const page = await stage.person(login);
    await page.goto(stage.address + path);
    return page;
  };

  it('is filed by a citizen on a telephone, without an account', async () => {
    const page = await stage.visitor(PHONE);
    await page.goto(`${stage.address}/`);
    await page
      .getByRole('link', { name: /提交诉求/ })
      .first()
      .click();
    await page.getByRole('radio', { name: /求助/ }).check();
    await page.getByLabel('发生了什么？').fill(content);
    await page.getByLabel('设区市').selectOption({ label: '南京市' });
    await page.getByLabel('县（市、区）').selectOption({ label: '玄武区' });
    await page.getByLabel('姓名', { exact: true }).fill('陈桂芳');
    await page.getByLabel('电话号码', { exact: true }).fill('139 0000 8812');
    await page.getByRole('button', { name: '提交诉求' }).click();
    await page.getByTestId('appeal-number').waitFor();
    number = await page.getByTestId('appeal-number').innerText();
    code = (await page.getByTestId('query-code').innerText()).replaceAll(' ', '');
    expect(number).toMatch(/^320102/);
    expect(code).toHaveLength(8);
  });

  it('waits at the agent desk, where it is accepted and classified', async () => {
    const page = await stage.person('agent.nanjing');
    await page.goto(`${stage.address}/console/desk`);
    await page
      .getByRole('link', { name: new RegExp(number.replaceAll(' ', '\\s?')) })
      .first()
      .click();
    await page.waitForURL(/\/console\/orders\//);
    path = new URL(page.url()).pathname;
    await page.getByText(content).waitFor();
    const form = await openAction(page, '受理', 'accept');
    await form.getByLabel('诉求分类').fill('社保卡');
    await page
      .getByTitle(/社保卡/)
      .first()
      .click();
    await send(page, form, '受理');
    await page.context().close();
  });

  it('is dispatched to the unit that the category proposes', async () => {
    const page = await at('dispatcher.nanjing');
    const form = await openAction(page, '派单', 'dispatch');
    await form.getByRole('list', { name: '推荐' }).getByRole('button').first().click();
    await send(page, form, '派单');
    await page.getByText('南京市社会保险基金管理中心').first().waitFor();
    await page.context().close();
  });

  it('is signed, the citizen contacted, and answered by the unit', async () => {
    const page = await at('handler.3201.015');
    await send(page, await openAction(page, '签收', 'sign'), '签收');
    const contact = await openAction(page, '先行联系', 'contact');
    await contact.getByRole('radio').first().check();
    await contact.getByLabel('联系情况').fill('已电话联系诉求人，核对了身份信息和补卡时间。');
    await send(page, contact, '先行联系');
    const reply = await openAction(page, '提交答复', 'reply');
    await reply.getByRole('combobox').first().click();
    await page.getByTitle('已解决', { exact: true }).click();
    await reply
      .getByLabel('答复内容')
      .fill('经核查，诉求人补卡申请因照片未通过质检而滞留，现已更正并加急制卡，本月二十日已由邮政专递送达本人，已电话告知诉求人。');
    await send(page, reply, '提交答复');
    // The telephone number is nowhere on a unit's page.
    expect(await page.locator('body').innerText()).not.toContain('8812');
    await page.context().close();
  });

  it('is checked by somebody of the hotline', async () => {
    const page = await at('reviewer.nanjing');
    await send(page, await openAction(page, '审核通过', 'pass'), '审核通过');
    await page.context().close();
  });

  it('is followed up; the first call does not get through', async () => {
    const page = await at('followup.nanjing');
    const form = await openAction(page, '记录未接通', 'attempt');
    await form.getByRole('radio').first().check();
    await form.getByRole('combobox').first().click();
    await page.getByTitle('无人接', { exact: false }).first().click();
    await send(page, form, '记录未接通');
    await page.context().close();
  });

  it('is rated by the citizen, which closes it', async () => {
    const page = await stage.visitor(PHONE);
    await page.goto(`${stage.address}/progress`);
    await page.getByLabel('编号').fill(number);
    await page.getByLabel('查询码').fill(code);
    await page.getByRole('button', { name: '查询' }).click();
    await page.getByText('现已更正并加急制卡').waitFor();
    await page.getByRole('radio', { name: '满意', exact: true }).check();
    await page.getByRole('radio', { name: /已解决/ }).check();
    await page.getByLabel(/还想说的话/).fill('卡已经收到了，谢谢。');
    await page.getByRole('button', { name: '提交评价' }).click();
    await page.getByRole('heading', { name: '您的评价' }).waitFor();
    await page.context().close();
  });

  it('shows its whole way, and goes to the archive a week later', async () => {
    const page = await at('supervisor.nanjing');
    await page.getByText('诉求人已评价').waitFor();
    for (const line of [
      '诉求已提交',
      '热线已受理',
      '已派单至承办单位',
      '承办单位已签收',
      '承办单位已联系诉求人',
      '承办单位已提交答复',
      '答复审核通过',
      '回访未接通',
    ]) {
      expect(await page.getByText(line, { exact: true }).count()).toBeGreaterThan(0);
    }
    // Before the week is over the archive is not open, and the page says why.
    await page.getByText('办结满 7 天后方可归档').waitFor();
    await stage.letDaysPass(number, 8);
    await page.reload();
    await archive(page);
    await page.context().close();
  });
});
