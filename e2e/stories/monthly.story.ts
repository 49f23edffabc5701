import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

describe('the monthly report', () => {
  it('is opened by a manager, who follows a figure to its rows, adds a paragraph and takes the paper', async () => {
    const page = await stage.person('operations.manager');
    await page.goto(`${stage.address}/console/monthly-reports`);
    await page.getByRole('row').nth(1).getByRole('link').click();
    await page.getByRole('heading', { name: /^运维月报 \d{4}-\d{2}$/ }).waitFor();
    // People of the operations centre see no business figures.
    await page.locator('#part-business').getByText('本部分不在您的权限内').waitFor();

    await page.getByRole('button', { name: '补充一段' }).click();
    await page.getByLabel('补充一段').fill('下月上旬数据库扩容，需协调机房停电窗口。');
    await page.getByRole('button', { name: '提交', exact: true }).click();
    await page.locator('.monthly__remark').getByText('需协调机房停电窗口').waitFor();

    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: '导出 Word' }).click();
    expect((await download).suggestedFilename()).toMatch(/^运维月报\d{4}-\d{2}\.docx$/);

    const figure = page.locator('#part-incidents').getByRole('row', { name: /一级/ }).getByRole('link').first();
    const count = Number(await figure.textContent());
    await figure.click();
    await page.getByRole('heading', { name: '故障', exact: true }).waitFor();
    await page.getByText('级别：一级 特别严重').waitFor();
    if (count === 0) await page.getByText('没有符合条件的记录').waitFor();
    else expect(await page.getByRole('row').count()).toBe(count + 1);
  });

  it('shows the province its business, and leads to the orders of a city', async () => {
    const page = await stage.person('province.admin');
    await page.goto(`${stage.address}/console/monthly-reports`);
    await page.getByRole('row').nth(1).getByRole('link').click();
    const figure = page.locator('#part-business').getByRole('row', { name: /^全省/ }).getByRole('link').first();
    await figure.waitFor();
    const count = (await figure.textContent())!.replaceAll(',', '');
    await figure.click();
    await page.waitForURL(/\/orders\?/);
    const { searchParams } = new URL(page.url());
    expect([searchParams.get('from'), searchParams.get('to')].every((day) => /^\d{4}-\d{2}-\d{2}$/.test(day ?? ''))).toBe(true);
    const filter = new URLSearchParams({
      from: `${searchParams.get('from')}T00:00:00+08:00`,
      to: new Date(Date.parse(`${searchParams.get('to')}T00:00:00+08:00`) + 86_400_000).toISOString(),
    });
    const counted = (await (await page.request.get(`${stage.address}/api/orders/count?${filter.toString()}`)).json()) as { count: number };
    expect(String(counted.count)).toBe(count);
  });
});

describe('service objectives', () => {
  it('tell how fast a budget burns, month by month', async () => {
    const page = await stage.person('operator');
    await page.goto(`${stage.address}/console/slos`);
    const row = page.getByRole('row', { name: /^故障按时响应/ });
    await row.getByRole('img', { name: /故障按时响应：剩余/ }).waitFor();
    await page.getByLabel('月份').fill('2020-01');
    await page.getByRole('row', { name: /^故障按时响应 98% — 0 \/ 0/ }).waitFor();
  });
});
