import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pdfOf, photo } from '#server/platform/files/inspect/inspect.testing.ts';
import { ROOT } from '#server/platform/maintenance.ts';
import { openAction, send } from '../support/office.ts';
import { openStage, PHONE, type Stage } from '../support/stage.ts';

const folder = join(ROOT, 'screens');

/** A photograph with its place in it, from a citizen's telephone to the unit's screen and back with the answer. */
describe('An appeal with a photograph', () => {
  let stage: Stage;
  let number = '';
  let code = '';
  let path = '';
  const content = '小区门口的烧烤店每天晚上在人行道上摆摊，油烟直接吹进二楼住户家里，照片是昨晚拍的，希望尽快处理。';

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
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
  const choose = (place: Page | Locator, input: string, name: string, mimeType: string, buffer: Buffer) =>
    place.locator(input).setInputFiles({ name, mimeType, buffer });
  const isNotWide = async (page: Page) =>
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(1);
  const progressOf = async (): Promise<Page> => {
    const page = await stage.visitor(PHONE);
    await page.goto(`${stage.address}/progress`);
    await page.getByLabel('编号').fill(number);
    await page.getByLabel('查询码').fill(code);
    await page.getByRole('button', { name: '查询' }).click();
    await page.getByRole('heading', { name: '办理经过' }).waitFor();
    return page;
  };

  it('is filed in large type on a telephone; what is not a picture is refused in plain words', async () => {
    const page = await stage.visitor(PHONE);
    await page.goto(`${stage.address}/file`);
    await page.getByRole('button', { name: '适老大字' }).click();
    await page.getByRole('radio', { name: /求助/ }).check();
    await page.getByLabel('发生了什么？').fill(content);
    await page.getByLabel('设区市').selectOption({ label: '南京市' });
    await page.getByLabel('县（市、区）').selectOption({ label: '玄武区' });
    await choose(page, '#files-input', '偷拍.jpg', 'image/jpeg', Buffer.from('MZ\u0090\u0000 no picture at all'));
    await page.getByText('内容却不是这种文件').waitFor();
    await choose(page, '#files-input', 'IMG_20261123_211500.jpg', 'image/jpeg', await photo({ width: 2400, height: 1800 }));
    await page.getByText('已去除照片中的拍摄位置').waitFor();
    await isNotWide(page);
    // The draft outlasts a reload, its files with it, and the type stays large.
    await page.reload();
    await page.getByText('已为您恢复上次没有写完的内容').waitFor();
    await page.getByText('IMG_20261123_211500.jpg').waitFor();
    expect(await page.evaluate(() => document.documentElement.classList.contains('large'))).toBe(true);
    await page.getByLabel('姓名', { exact: true }).fill('周桂兰');
    await page.getByLabel('电话号码', { exact: true }).fill('139 0000 7719');
    await page.screenshot({ path: join(folder, 'story-file-large-390.png'), fullPage: true });
    await page.getByRole('button', { name: '提交诉求' }).click();
    await page.getByTestId('appeal-number').waitFor();
    await isNotWide(page);
    number = await page.getByTestId('appeal-number').innerText();
    code = (await page.getByTestId('query-code').innerText()).replaceAll(' ', '');
  });

  it('shows the agent the picture and where it was taken', async () => {
    const page = await stage.person('agent.nanjing');
    await page.goto(`${stage.address}/console/desk`);
    await page
      .getByRole('link', { name: new RegExp(number.replaceAll(' ', '\\s?')) })
      .first()
      .click();
    await page.waitForURL(/\/console\/orders\//);
    path = new URL(page.url()).pathname;
    const thumb = page.getByTestId('attachments').getByRole('button', { name: /IMG_20261123/ });
    await thumb.locator('img').waitFor();
    await thumb.click();
    await page.getByText('118.79, 32.06').waitFor();
    const picture = page.locator('.viewer__paper img');
    await picture.waitFor();
    const before = (await picture.boundingBox())!;
    await page.keyboard.press('+');
    await page.keyboard.press('r');
    const after = (await picture.boundingBox())!;
    expect(after.height).toBeGreaterThan(before.height * 1.1);
    await page.keyboard.press('0');
    await page.screenshot({ path: join(folder, 'story-viewer-agent-1440.png') });
    await page.keyboard.press('Escape');
    const form = await openAction(page, '受理', 'accept');
    await form.getByLabel('诉求分类').fill('社保卡');
    await page
      .getByTitle(/社保卡/)
      .first()
      .click();
    await send(page, form, '受理');
    await page.screenshot({ path: join(folder, 'story-order-agent-1440.png') });
    await page.context().close();
    const dispatcher = await at('dispatcher.nanjing');
    const dispatch = await openAction(dispatcher, '派单', 'dispatch');
    await dispatch.getByRole('list', { name: '推荐' }).getByRole('button').first().click();
    await send(dispatcher, dispatch, '派单');
    await dispatcher.context().close();
  });

  it('shows the unit the picture with its own name in it, and no place', async () => {
    const page = await at('handler.3201.015');
    const shown = page.waitForResponse((response) => response.url().includes('/content'));
    await page
      .getByTestId('attachments')
      .getByRole('button', { name: /IMG_20261123/ })
      .click();
    const bytes = await (await shown).body();
    await page.locator('.viewer__paper img').waitFor();
    expect((await sharp(bytes).metadata()).exif).toBeUndefined();
    // The sky of the photograph was one colour; letters are on it now.
    expect((await sharp(bytes).stats()).entropy).toBeGreaterThan(0.5);
    expect(await page.getByText('118.79').count()).toBe(0);
    await page.screenshot({ path: join(folder, 'story-viewer-unit-1440.png') });
    await page.context().close();
  });

  it('is added to by the citizen, which the unit sees', async () => {
    const citizen = await progressOf();
    await citizen.getByText('IMG_20261123_211500.jpg').waitFor();
    await citizen.getByRole('button', { name: '催一下' }).click();
    await citizen.getByRole('button', { name: '提交催办' }).click();
    await citizen.getByText('请至少写 2 个字').waitFor();
    await citizen.getByLabel('想对办理人员说的话').fill('今晚还在摆，请早点来看。');
    await citizen.getByRole('button', { name: '提交催办' }).click();
    await citizen.getByText('已催办，办理人员已收到').waitFor();
    // Once a working day.
    expect(await citizen.getByRole('button', { name: '催一下' }).count()).toBe(0);
    await citizen.getByRole('button', { name: '提交补充' }).click();
    await citizen.getByText('请写下要补充的内容，或添加文件').first().waitFor();
    await citizen.getByLabel('要补充的内容').fill('今晚又来了，换了一个位置，在公交站后面。');
    await choose(
      citizen,
      '#supplement-files',
      '公交站.png',
      'image/png',
      await sharp(await photo({ shade: '#8a6d3b' }))
        .png()
        .toBuffer(),
    );
    await citizen.getByText('公交站.png').waitFor();
    await citizen.getByRole('button', { name: '提交补充' }).click();
    await citizen.getByText('已补充，办理人员会看到').waitFor();
    await citizen.getByText('诉求人补充了材料').waitFor();
    await citizen.getByRole('button', { name: /公交站\.png/ }).click();
    await citizen.getByRole('dialog').getByRole('img').waitFor();
    await citizen.getByRole('button', { name: '关闭' }).click();
    await isNotWide(citizen);
    await citizen.screenshot({ path: join(folder, 'story-progress-390.png'), fullPage: true });
    await citizen.context().close();
    const page = await at('handler.3201.015');
    await page.getByText('今晚又来了，换了一个位置，在公交站后面。').first().waitFor();
    await page
      .getByTestId('attachments')
      .getByRole('button', { name: /公交站/ })
      .waitFor();
    await page.context().close();
  });

  it('is answered with a file, which the citizen gets once the answer has passed the check', async () => {
    const page = await at('handler.3201.015');
    await send(page, await openAction(page, '签收', 'sign'), '签收');
    const contact = await openAction(page, '先行联系', 'contact');
    await contact.getByRole('radio').first().check();
    await contact.getByLabel('联系情况').fill('已电话联系诉求人，约定今晚到现场核查。');
    await send(page, contact, '先行联系');
    const reply = await openAction(page, '提交答复', 'reply');
    await reply.getByRole('combobox').first().click();
    await page.getByTitle('已解决', { exact: true }).click();
    await reply
      .getByLabel('答复内容')
      .fill('经现场核查，占道摊点已当场清理，责令经营者在店内安装油烟净化设备，整改通知书见附件，后续每日巡查。');
    await choose(reply, 'input[type=file]', '整改通知书.pdf', 'application/pdf', pdfOf());
    await reply.getByText('整改通知书.pdf').waitFor();
    await page.screenshot({ path: join(folder, 'story-reply-1440.png') });
    await send(page, reply, '提交答复');
    await page.getByRole('button', { name: /整改通知书/ }).waitFor();
    await page.context().close();
    const early = await progressOf();
    expect(await early.getByText('整改通知书').count()).toBe(0);
    await early.context().close();
    const reviewer = await at('reviewer.nanjing');
    await send(reviewer, await openAction(reviewer, '审核通过', 'pass'), '审核通过');
    await reviewer.context().close();
    const citizen = await progressOf();
    const download = citizen.waitForEvent('download');
    await citizen.getByRole('button', { name: /整改通知书\.pdf/ }).click();
    expect((await download).suggestedFilename()).toBe('整改通知书.pdf');
    await citizen.context().close();
  });

  it('may be taken back by the citizen while nobody has it in hand', async () => {
    const page = await stage.visitor(PHONE);
    const said = { type: '02', region: '320102', content: '楼道灯坏了三天没有人修，晚上老人上下楼不安全。', anonymous: true };
    const answer = await page.request.post(`${stage.address}/api/portal/appeals`, { data: said });
    const filed = (await answer.json()) as { number: string; queryCode: string };
    [number, code] = [filed.number, filed.queryCode];
    await page.context().close();
    const citizen = await progressOf();
    await citizen.getByRole('button', { name: '撤回诉求' }).click();
    await citizen.getByLabel('为什么撤回').fill('物业刚刚修好了');
    await citizen.screenshot({ path: join(folder, 'story-withdraw-390.png'), fullPage: true });
    await citizen.getByRole('button', { name: '确认撤回' }).click();
    await citizen.getByRole('heading', { name: '已撤销' }).waitFor();
    await citizen.getByText('已撤回。').waitFor();
    // Nothing can be added to it any more.
    await citizen.getByRole('heading', { name: '补充材料' }).waitFor({ state: 'detached' });
    await citizen.context().close();
  });
});
