import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '#server/platform/maintenance.ts';
import { openStage, PHONE, type Stage } from '../support/stage.ts';

/** A defect of the real database, from the inspection that finds it to the check that finds it mended; and a walk on a telephone. */
describe('An inspection', () => {
  let stage: Stage;
  let page: Page;
  const pictures = join(ROOT, 'screens');

  beforeAll(async () => {
    stage = await openStage();
    mkdirSync(pictures, { recursive: true });
    page = await stage.person('operator');
  });
  afterAll(() => stage.close());

  /** The schedule comes round again: what it began is moved into the day before. */
  const letTheNightCome = () =>
    stage.inDatabase(
      `update operations.inspection set due_at = due_at - interval '1 day' where template = 'database' and asked_name is null`,
    );

  /** Looks at the page again until it shows this. */
  const shows = async (text: string) => {
    for (let tries = 0; ; tries++) {
      await page.goto(`${stage.address}/console/database`);
      await page.getByText('检查结果').waitFor();
      if ((await page.getByText(text).count()) > 0) return;
      if (tries > 30) throw new Error(`The page does not come to show ${text}`);
      await page.waitForTimeout(1000);
    }
  };

  it('of a platform with its demo finds nothing wrong with the database', async () => {
    await shows('100');
    const answer = await page.request.get(`${stage.address}/api/operations/inspections/database`);
    const { last, findings } = (await answer.json()) as { last: object; findings: object[] };
    expect(last).toMatchObject({ score: 100, red: 0, yellow: 0, unreadable: 0 });
    expect(findings).toEqual([]);
  });

  it('by the schedule finds what was planted, and makes a fault of it', async () => {
    await stage.inDatabase('create table public.broken (id integer primary key, n integer)');
    await stage.inDatabase('insert into public.broken values (1, 1), (2, 1)');
    await expect(stage.inDatabase('create unique index concurrently broken_n_idx on public.broken (n)')).rejects.toThrow(
      'could not create',
    );
    await letTheNightCome();
    await shows('public.broken_n_idx');
    expect(await page.getByText(/^GZ\d{12}$/).count()).toBe(1);
    await page.screenshot({ path: join(pictures, 'console-database-found-1440.png'), fullPage: true });
  });

  it('is mended, checked again and closed, and its fault with it', async () => {
    await page
      .getByRole('button', { name: '复 查' })
      .or(page.getByRole('button', { name: '复查' }))
      .click();
    await page.getByText('仍有异常，证据已更新').waitFor();
    await stage.inDatabase('drop index public.broken_n_idx');
    const number = await page.getByText(/^GZ\d{12}$/).innerText();
    await page
      .getByRole('button', { name: '复 查' })
      .or(page.getByRole('button', { name: '复查' }))
      .click();
    await page.getByText('复查合格，异常已关闭').waitFor();
    await page.getByText(number).waitFor({ state: 'detached' });
    const records = await page.request.get(`${stage.address}/api/operations/records?q=${number}`);
    expect((await records.json()) as object).toMatchObject({ items: [{ number, kind: 'fault', state: 'closed', source: 'inspection' }] });
  });

  it('hands out its report as a Word document', async () => {
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name: '导出 Word' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toMatch(/^巡检报告XJ\d{12}\.docx$/);
    expect(
      readFileSync(await download.path())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
  });

  it('is walked on a telephone and signed', async () => {
    const started = await page.request.post(`${stage.address}/api/operations/inspections`, { data: { template: 'daily' } });
    const { id } = (await started.json()) as { id: string };
    await page.setViewportSize(PHONE);
    await page.goto(`${stage.address}/console/inspections/${id}/walk`);
    const progress = page.getByTestId('progress');
    // Abnormal without a word is asked for one.
    await page
      .getByRole('button', { name: '异 常' })
      .or(page.getByRole('button', { name: '异常' }))
      .click();
    await page.getByText('判为异常时请写明情况').waitFor();
    await page.getByLabel('说明').fill('偏差 180 毫秒');
    await page
      .getByRole('button', { name: '异 常' })
      .or(page.getByRole('button', { name: '异常' }))
      .click();
    for (;;) {
      const text = await progress.innerText();
      if (text.endsWith('剩 0 项')) break;
      await page.keyboard.press('1');
      await page.waitForFunction((before) => document.querySelector('[data-testid=progress]')?.textContent !== before, text);
    }
    await page.screenshot({ path: join(pictures, 'console-inspection-walked-390.png'), fullPage: true });
    await page.getByLabel('签认意见').fill('时钟已报网络组处理');
    await page.getByRole('button', { name: /签 ?认/ }).click();
    await page.waitForURL(`**/inspections/${id}`);
    await page.getByText('偏差 180 毫秒').first().waitFor();
    await page.screenshot({ path: join(pictures, 'console-inspection-signed-390.png'), fullPage: true });
  });

  it('stands among those of the past, with its score', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${stage.address}/console/inspections`);
    await page.getByText('时钟偏差').waitFor();
    await page.getByRole('link', { name: /每日巡检 XJ\d{12}/ }).waitFor();
    await page.screenshot({ path: join(pictures, 'console-inspections-filled-1440.png'), fullPage: true });
  });

  it('says so where its pages get no answer', async () => {
    await page.route('**/api/operations/inspections/**', (route) => route.abort());
    await page.goto(`${stage.address}/console/database`);
    await page.getByText('网络不通').first().waitFor();
    await page.screenshot({ path: join(pictures, 'console-database-failed-1440.png') });
    await page.goto(`${stage.address}/console/inspections`);
    await page.getByText('网络不通').first().waitFor();
    await page.screenshot({ path: join(pictures, 'console-inspections-failed-1440.png') });
  });
});
