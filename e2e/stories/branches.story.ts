import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Filed } from '#contracts/appeals/appeals.api.ts';
import { approve, archive, ask, chooseUnit, contact, handle, openAction, reply, send } from '../support/office.ts';
import { openStage, PHONE, type Stage } from '../support/stage.ts';

const SOCIAL = { login: 'handler.3201.015', name: '南京市社会保险基金管理中心' };
const HOUSING = { login: 'handler.3201.020', name: '南京市住房公积金管理中心' };

/** What leaves the straight way: whose it is, how long it takes, how it ends. In a real browser, each by the person whose it is. */
describe('An order that leaves the straight way', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage?.close();
  });

  /** Files an appeal in Nanjing by the interface, accepted and classified. */
  async function filed(content: string): Promise<Filed & { id: string }> {
    const agent = await stage.person('agent.nanjing');
    const answer = await agent.request.post(`${stage.address}/api/appeals`, {
      data: { type: '02', region: '320102', content, channel: '01', category: '1203', urgency: 3, anonymous: true, accept: true },
    });
    expect(answer.status(), await answer.text()).toBe(201);
    const filing = (await answer.json()) as Filed & { id: string };
    await agent.context().close();
    return filing;
  }

  /** Each of the people in a browser of his own. */
  const pages = new Map<string, Page>();

  /** Whoever it is, on the page of the order. */
  async function as(login: string, id: string, does: (page: Page) => Promise<void>): Promise<void> {
    const page = pages.get(login) ?? (await stage.person(login));
    pages.set(login, page);
    await page.goto(`${stage.address}/console/orders/${id}`);
    await page.getByTestId('order-state').waitFor();
    await does(page);
    // Elsewhere meanwhile: a page that stays open follows the order live.
    await page.goto('about:blank');
  }

  const stateIs = (page: Page, name: string) => page.getByTestId('order-state').getByText(name).waitFor();

  async function dispatchTo(page: Page, unit: string): Promise<void> {
    const form = await openAction(page, '派单', 'dispatch');
    await chooseUnit(page, form, '承办单位', unit);
    await send(page, form, '派单');
  }

  async function askToReturn(page: Page, opinion: string): Promise<void> {
    const form = await openAction(page, '申请退回', 'return');
    await form.getByRole('combobox', { name: '退回原因' }).click();
    await page.getByTitle('不属于本单位职责', { exact: true }).click();
    await form.getByLabel('法律依据').fill('《江苏省政务热线管理办法》关于职责分工的规定');
    await form.getByLabel('退回说明').fill(opinion);
    await ask(page, form, '申请退回');
  }

  async function progress(of: Filed): Promise<Page> {
    const page = await stage.visitor(PHONE);
    await page.goto(`${stage.address}/progress`);
    await page.getByLabel('编号').fill(of.number);
    await page.getByLabel('查询码').fill(of.queryCode);
    await page.getByRole('button', { name: '查询' }).click();
    return page;
  }

  async function rate(of: Filed, satisfaction: string, solved: RegExp, comment: string): Promise<void> {
    const page = await progress(of);
    await page.getByRole('radio', { name: satisfaction, exact: true }).check();
    await page.getByRole('radio', { name: solved }).check();
    await page.getByLabel(/还想说的话/).fill(comment);
    await page.getByRole('button', { name: '提交评价' }).click();
    await page.getByRole('heading', { name: '您的评价' }).waitFor();
    await page.context().close();
  }

  describe('whose owner is disputed and whose citizen is not satisfied', () => {
    let appeal: Filed & { id: string };

    it('is returned by the first unit and by the second', async () => {
      appeal = await filed('我从无锡转到南京工作，社保和公积金要一起转，两个窗口互相推，说都要对方先开证明，已经跑了四趟。');
      await as('dispatcher.nanjing', appeal.id, (page) => dispatchTo(page, SOCIAL.name));
      await as(SOCIAL.login, appeal.id, (page) => askToReturn(page, '证明由公积金中心出具，社保关系已于上周转入，请转公积金中心。'));
      await as('dispatcher.nanjing', appeal.id, async (page) => {
        await approve(page, 'return', '理由成立，改派公积金中心。');
        await stateIs(page, '待派单');
        await dispatchTo(page, HOUSING.name);
      });
      await as(HOUSING.login, appeal.id, (page) => askToReturn(page, '公积金转移以社保参保地证明为前提，应由社保中心先行办理。'));
    });

    it('is put up for coordination, and one of them is named the owner for good', async () => {
      await as('dispatcher.nanjing', appeal.id, async (page) => {
        const form = await openAction(page, '提请会商', 'coordinate');
        for (const unit of [SOCIAL.name, HOUSING.name]) await chooseUnit(page, form, '会商单位', unit);
        await page.keyboard.press('Escape');
        await form.getByLabel('争议事项').fill('两单位均认为证明应由对方先行出具，诉求人往返四次。');
        await send(page, form, '提请会商');
      });
      await as('supervisor.nanjing', appeal.id, async (page) => {
        await stateIs(page, '会商');
        const form = await openAction(page, '指定承办', 'force');
        await chooseUnit(page, form, '承办单位', HOUSING.name);
        await form.getByLabel('会商结论').fill('由公积金中心牵头，通过数据共享核验参保信息，不再要求纸质证明。');
        await form.getByLabel('办理依据').fill('市政务办会商纪要（演示）');
        await send(page, form, '指定承办');
        await stateIs(page, '待签收');
      });
      await as(HOUSING.login, appeal.id, async (page) => {
        // What was settled cannot be returned any more, and the page says so.
        await page.getByRole('group', { name: '办理' }).waitFor();
        await page.getByText('由会商指定，不能退回', { exact: false }).first().waitFor();
        expect(await page.getByRole('button', { name: /^申请退回/ }).count()).toBe(0);
      });
    });

    it('is extended once by two people, and answered', async () => {
      await as(HOUSING.login, appeal.id, async (page) => {
        await send(page, await openAction(page, '签收', 'sign'), '签收');
        await contact(page);
        const form = await openAction(page, '申请延期', 'extend');
        await form.getByLabel(/时长/).fill('2');
        await form.getByLabel('事由').fill('需与无锡市公积金中心核对历史缴存明细，对方答复需两个工作日。');
        await form.getByLabel('已告知诉求人').click();
        await ask(page, form, '申请延期');
        expect(await page.getByTestId('approval-extend').getByRole('button', { name: '同意' }).count()).toBe(0);
      });
      await as('supervisor.nanjing', appeal.id, (page) => approve(page, 'extend', '情况属实，同意延期两个工作日。'));
      await as(HOUSING.login, appeal.id, async (page) => {
        await page.getByText('办理时限已延长').first().waitFor();
        await reply(page, '经核实，诉求人参保信息已通过数据共享核验，公积金账户转移已受理，预计五个工作日内到账，已电话告知。');
      });
      await as('reviewer.nanjing', appeal.id, async (page) => send(page, await openAction(page, '审核通过', 'pass'), '审核通过'));
    });

    it('is rated 不满意, handled once more after two people agree, and rated 满意', async () => {
      await rate(appeal, '不满意', /未解决/, '钱没有到账，电话里又说要纸质证明。');
      await as('followup.nanjing', appeal.id, async (page) => {
        const form = await openAction(page, '申请重办', 'redo');
        await form.getByLabel('事由').fill('诉求人反映仍被要求提供纸质证明，且款项未到账，请重新办理。');
        await ask(page, form, '申请重办');
      });
      await as('reviewer.nanjing', appeal.id, async (page) => {
        await approve(page, 'redo', '情况属实，同意重办。');
        await stateIs(page, '待签收');
      });
      await as(HOUSING.login, appeal.id, (page) =>
        handle(page, '已撤回纸质证明要求，公积金转移款项今日到账，中心负责人已当面向诉求人说明并致歉，窗口人员已重新培训。'),
      );
      await as('reviewer.nanjing', appeal.id, async (page) => send(page, await openAction(page, '审核通过', 'pass'), '审核通过'));
      await rate(appeal, '满意', /已解决/, '这次到账了，谢谢。');
    });

    it('is archived a week later, with every step of its way told', async () => {
      await stage.letDaysPass(appeal.number, 8);
      await as('supervisor.nanjing', appeal.id, async (page) => {
        await archive(page);
        for (const line of [
          '退回申请通过，重新派单',
          '职责争议提请会商',
          '会商已确定承办单位',
          '办理时限已延长',
          '诉求人不满意，已重新交办',
        ])
          expect([line, await page.getByText(line, { exact: true }).count()]).not.toEqual([line, 0]);
      });
    });
  });

  describe('that speaks of the same matter as two others', () => {
    let appeals: (Filed & { id: string })[];
    const answer = '经查，该路段因燃气管道施工停水，施工已于昨晚完成，供水已恢复，并对水质进行了检测，结果合格。';

    it('takes them in, and hands one back later', async () => {
      appeals = [];
      for (const content of [
        '玄武门附近小区从昨天早上开始停水，物业说没有接到通知，家里有老人和孩子，请尽快恢复供水。',
        '我们小区停水一整天了，打供水公司电话一直占线，什么时候能来水？',
        '楼上水管漏水把我家天花板泡坏了，物业不管，请帮忙协调赔偿。',
      ])
        appeals.push(await filed(content));
      const [first, second, third] = appeals as [Filed & { id: string }, Filed & { id: string }, Filed & { id: string }];
      await as('dispatcher.nanjing', first.id, async (page) => {
        const form = await openAction(page, '并入其他工单', 'merge');
        await form.getByLabel('并入的工单编号').fill(`${second.number} ${third.number} `);
        await form.getByLabel('事由').fill('同一小区同一时间的停水诉求，合并办理。');
        await send(page, form, '并入其他工单');
        for (const other of [second, third])
          await page
            .getByRole('link', { name: spaced(other.number) })
            .first()
            .waitFor();
        // Three of the like: the platform puts the matter under oversight, by which a form opened before is overtaken.
        await page.getByTestId('oversight-1').waitFor();
        await dispatchTo(page, SOCIAL.name);
      });
      await as('dispatcher.nanjing', first.id, async (page) => {
        const form = await openAction(page, '拆分并案', 'unmerge');
        await form.getByLabel('拆出的工单编号').fill(third.number);
        await form.getByLabel('事由').fill('核对后为楼上漏水纠纷，与停水无关，单独办理。');
        await send(page, form, '拆分并案');
      });
      await as('dispatcher.nanjing', third.id, (page) => stateIs(page, '待派单'));
    });

    it('answers each of the citizens it still stands for, and each of them rates it', async () => {
      const [first, second, third] = appeals as [Filed & { id: string }, Filed & { id: string }, Filed & { id: string }];
      await as(SOCIAL.login, first.id, (page) => handle(page, answer));
      await as('reviewer.nanjing', first.id, async (page) => send(page, await openAction(page, '审核通过', 'pass'), '审核通过'));
      for (const one of [first, second]) {
        const page = await progress(one);
        await page.getByText(answer.slice(0, 20)).waitFor();
        await page.context().close();
      }
      await rate(first, '满意', /已解决/, '来水了。');
      await rate(second, '基本满意', /部分解决/, '早点通知就好了。');
      // The one that was taken out has its own way, and no answer yet.
      const page = await progress(third);
      await page.getByRole('heading', { name: '办理经过' }).waitFor();
      expect(await page.getByText(answer.slice(0, 20)).count()).toBe(0);
      await page.context().close();
    });
  });

  describe('that nobody finishes in time', () => {
    it('comes under oversight of the first, second and third level by the clock alone, before the eyes of who watches', async () => {
      const appeal = await filed('小区北门外的人行道塌陷一个多月没有修，上个星期有老人摔倒，请尽快处理。');
      await as('dispatcher.nanjing', appeal.id, (page) => dispatchTo(page, SOCIAL.name));
      await as(SOCIAL.login, appeal.id, async (page) => send(page, await openAction(page, '签收', 'sign'), '签收'));
      // The page stays open; nobody touches the order from here on.
      await as('supervisor.nanjing', appeal.id, async (page) => {
        for (const [step, level] of [
          ['overdue', 1],
          ['overdue-2', 2],
          ['overdue-3', 3],
        ] as const) {
          await stage.letClockRunTo(appeal.number, 'handle', step);
          await page.getByTestId(`oversight-${level}`).waitFor({ timeout: 30_000 });
          expect(await page.getByTestId(`oversight-${level + 1}`).count()).toBe(0);
        }
        await page.getByText('办理超期（红灯）').first().waitFor();
      });
    });
  });
});

/** A number as pages write it: in groups, or in one. */
function spaced(number: string): RegExp {
  return new RegExp([...number.replaceAll(' ', '')].join('\\s?'));
}
