import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAction, send } from '../support/office.ts';
import { openStage, type Stage } from '../support/stage.ts';

/** What the hotline's own people do all day besides the straight way. */
describe('At the hotline', () => {
  let stage: Stage;
  const folder = mkdtempSync(join(tmpdir(), 'minsheng-story-'));

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Files an appeal at the agent desk without touching the mouse; gives its number. */
  async function fileByKeyboard(
    page: Page,
    facts: { phone: string; name: string; content: string; region: string; type?: string },
  ): Promise<string> {
    await page.goto(`${stage.address}/console/desk`);
    const phone = page.getByLabel('联系电话');
    await phone.waitFor();
    // The cursor stands where the agent begins to type.
    await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
    await page.keyboard.type(facts.phone);
    await page.keyboard.press('Tab');
    await page.keyboard.type(facts.name);
    await page.getByLabel('诉求内容').focus();
    await page.keyboard.type(facts.content);
    await page.getByLabel('事发区域').focus();
    await page.keyboard.type(facts.region);
    await page.getByTitle(new RegExp(facts.region)).first().waitFor();
    await page.keyboard.press('Enter');
    if (facts.type) await page.getByRole('radio', { name: facts.type, exact: true }).check();
    await page.keyboard.press('Control+Enter');
    await page.getByTestId('query-code').waitFor();
    return (await page.getByTestId('appeal-number').first().innerText()).replaceAll(' ', '');
  }

  async function openByNumber(page: Page, number: string): Promise<void> {
    await page.goto(`${stage.address}/console/`);
    await page.getByLabel('按编号查工单').fill(number);
    await page.keyboard.press('Enter');
    await page.getByTestId('order-state').waitFor();
  }

  it('an agent files a question by keyboard and answers it on the spot', async () => {
    const page = await stage.person('agent.nanjing');
    const number = await fileByKeyboard(page, {
      phone: '13900007711',
      name: '孙建国',
      content: '想问一下灵活就业人员怎样办理医保转移接续，需要带哪些材料，去哪个窗口办。',
      region: '鼓楼区',
      type: '咨询',
    });
    await openByNumber(page, number);
    const form = await openAction(page, '直接答复', 'answer');
    await form.getByLabel('答复内容').fill('可携带身份证、参保缴费凭证到任一街道便民服务中心办理，也可在“江苏医保云”上自助办理转移接续。');
    await send(page, form, '直接答复');
    await page.getByTestId('order-state').getByText('直接答复办结').waitFor();
    await page.context().close();
  });

  it('a team lead does not accept what belongs before a court, and tells the legal route', async () => {
    const agent = await stage.person('agent.nanjing');
    const number = await fileByKeyboard(agent, {
      phone: '13900007722',
      name: '周丽华',
      content: '我和邻居的房屋产权纠纷法院已经判了，我不服判决，请热线帮我重新处理。',
      region: '秦淮区',
    });
    await agent.context().close();
    const page = await stage.person('lead.nanjing');
    await openByNumber(page, number);
    const form = await openAction(page, '不予受理', 'refuse');
    await form.getByRole('combobox').first().click();
    await page.getByTitle(/诉讼/).first().click();
    // The script of the reason stands there already, with the legal route in it.
    expect(await form.getByLabel('告知诉求人的说明与途径').inputValue()).toMatch(/诉讼|复议|仲裁/);
    await form.getByRole('button', { name: '提交：不予受理' }).click();
    await page.getByRole('button', { name: '确定', exact: true }).click();
    await page.getByTestId('order-state').getByText('不予受理').waitFor();
    await page.context().close();
  });

  it('two people on one order: the later one is told what changed and loses nothing he typed', async () => {
    const agent = await stage.person('agent.nanjing');
    const number = await fileByKeyboard(agent, {
      phone: '13900007733',
      name: '吴敏',
      content: '小区门口路灯坏了半个月，晚上很黑，老人出门不安全，请尽快修好。',
      region: '玄武区',
    });
    const first = await stage.person('dispatcher.nanjing');
    await openByNumber(first, number);
    const late = await openAction(first, '撤销', 'cancel');
    await late.getByLabel('事由').fill('诉求人来电表示路灯已经修好，申请撤销。');
    // Meanwhile the agent answers nothing, but accepts a correction of the category by dispatching from elsewhere.
    const answer = await first.request.get(`${stage.address}/api/orders?number=${number}`);
    const [order] = ((await answer.json()) as { items: { id: string; version: number }[] }).items;
    const second = await stage.person('province.dispatcher');
    const done = await second.request.post(`${stage.address}/api/orders/${order!.id}/dispatch`, {
      data: { version: order!.version, input: { unit: '320102' } },
    });
    expect(done.status()).toBe(200);
    await late.getByRole('button', { name: '提交：撤销' }).click();
    await first.getByRole('button', { name: '确定', exact: true }).click();
    await first.getByText('工单刚被他人更新').waitFor();
    expect(await late.getByLabel('事由').inputValue()).toContain('路灯已经修好');
    await first.context().close();
    await second.context().close();
    await agent.context().close();
  });

  it('an administrator imports a file: tried dry first, then for real, with the rejected row told', async () => {
    const file = join(folder, '热线台账.csv');
    const head = '来源单号,受理时间,渠道,诉求类型,区划代码,事发地址,标题,诉求内容,诉求目的,分类代码,是否匿名,诉求人,联系电话';
    const good = (no: number) =>
      `TZ-${no},2026-11-0${no} 09:30,电话,求助,320102,北京东路,反映第${no}处窨井盖松动,北京东路第${no}处窨井盖松动，车辆经过响声很大，存在隐患。,尽快修复,0105,否,刘师傅,1390000660${no}`;
    writeFileSync(
      file,
      `${[head, good(1), good(2), 'TZ-3,2026-11-03,电话,求助,110101,,外省,这一行的区划不在本省，应当被退回并说明原因。,,,是,,', good(4)].join('\r\n')}\r\n`,
    );
    const page = await stage.person('province.admin');
    await page.goto(`${stage.address}/console/imports`);
    const bring = async (dry: boolean) => {
      await page.getByLabel('文件（csv、jsonl、xlsx）').setInputFiles(file);
      await page.getByLabel('列映射').click();
      await page
        .getByTitle(/标准诉求表/)
        .first()
        .click();
      const switchDry = page.getByRole('checkbox', { name: /试运行/ });
      if ((await switchDry.isChecked()) !== dry) await switchDry.click();
      await page.getByRole('button', { name: dry ? '上传并检查' : '上传并导入' }).click();
    };
    const finished = async (dryRun: boolean) => {
      for (let i = 0; i < 60; i++) {
        const { items } = (await (await page.request.get(`${stage.address}/api/imports`)).json()) as {
          items: { dryRun: boolean; state: string; accepted: number; rejected: number; id: string }[];
        };
        const run = items.find((candidate) => candidate.dryRun === dryRun);
        if (run?.state === 'done') return run;
        await page.waitForTimeout(500);
      }
      throw new Error('The import did not end');
    };
    await bring(true);
    expect(await finished(true)).toMatchObject({ accepted: 3, rejected: 1 });
    await page.reload();
    await bring(false);
    const run = await finished(false);
    expect(run).toMatchObject({ accepted: 3, rejected: 1 });
    const rejects = await (await page.request.get(`${stage.address}/api/imports/${run.id}/rejects`)).text();
    expect(rejects).toContain('4,区划代码,reference.region-outside');
    await page.goto(`${stage.address}/console/orders?q=${encodeURIComponent('窨井盖松动')}`);
    await page.getByText('反映第4处窨井盖松动').waitFor();
    await page.context().close();
  });

  it('the console speaks English where one asks for it', async () => {
    const page = await stage.person('province.leader');
    await page.goto(`${stage.address}/console/orders`);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
    await page.context().close();
  });

  it('is delivered as built for use, not for development', async () => {
    const page = await stage.person('province.leader');
    const scripts: string[] = [];
    page.on('response', (answer) => {
      if (answer.url().endsWith('.js')) scripts.push(answer.url());
    });
    await page.goto(`${stage.address}/console/orders`);
    await page.getByRole('heading', { name: '工单查询' }).waitFor();
    await page.goto(stage.address, { waitUntil: 'networkidle' });
    expect(scripts.length).toBeGreaterThan(1);
    for (const script of scripts) expect(await (await page.request.get(script)).text(), script).not.toContain('jsxDEV');
    await page.context().close();
  });
});
