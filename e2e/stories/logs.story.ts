import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

describe('an operator', () => {
  it('finds an error that happened, follows its request, saves and watches the search, sees the pattern as new, and exports', async () => {
    const page = await stage.person('operator');
    let incident = '';
    await stage.withoutTable('operations.series', async () => {
      const broken = await page.request.get(`${stage.address}/api/operations/series`);
      expect(broken.status()).toBe(500);
      ({ incidentId: incident } = (await broken.json()) as { incidentId: string });
    });

    await page.goto(`${stage.address}/console/logs`);
    const words = page.getByLabel('查询', { exact: true });
    await words.fill('level>=error "a request');
    await page.getByText('引号没有结束').waitFor();
    await words.fill(`level>=error "a request failed" incidentId:${incident}`);
    const line = page.locator('.logs__line');
    await words.press('Enter');
    // It is on its way for some seconds.
    for (let tries = 0; tries < 20 && (await line.count()) === 0; tries++) {
      await page.waitForTimeout(500);
      await page.getByRole('button', { name: '检索', exact: true }).click();
    }
    expect(await line.count()).toBe(1);
    await page.locator('.logs__chart svg').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toContain(incident);

    // By the keyboard alone.
    await page.locator('h1').click();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByText('relation "operations.series" does not exist').first().waitFor();
    await page.getByRole('link', { name: '该请求的全部日志' }).click();
    await page.getByRole('heading', { name: '请求的日志' }).waitFor();
    await line.filter({ hasText: 'a request failed' }).waitFor();
    await line.filter({ hasText: 'a request was answered' }).waitFor();
    await page.getByText(/\d+ 条，历时 \d+ 毫秒/).waitFor();

    await page.goto(`${stage.address}/console/logs?q=${encodeURIComponent('level>=error "a request failed"')}`);
    await line.first().waitFor();
    await page.getByRole('button', { name: '保存检索' }).click();
    await page.getByLabel('名称', { exact: true }).fill('请求失败');
    await page.getByRole('button', { name: '保存', exact: true }).click();
    const saved = page.getByRole('row', { name: /请求失败/ });
    await saved.getByRole('button', { name: '关注' }).click();
    await saved.getByText('已关注').waitFor();

    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: '导出 CSV' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    expect(text).toContain('a request failed');
    expect(text).toContain(incident);

    await page.goto(`${stage.address}/console/log-patterns?list=new`);
    const pattern = page.getByRole('row', { name: /a request failed: relation <\*> does not exist/ });
    await pattern.getByText('新', { exact: true }).waitFor();
    await pattern.getByRole('link').click();
    await line.filter({ hasText: 'a request failed' }).first().waitFor();

    // The watched search is counted for the alerts.
    for (let tries = 0; ; tries++) {
      const { items } = (await (await page.request.get(`${stage.address}/api/operations/series?name=minsheng_log_lines`)).json()) as {
        items: { labels: Record<string, string> }[];
      };
      if (items.some(({ labels }) => labels['watch'] === '请求失败')) break;
      expect(tries).toBeLessThan(40);
      await page.waitForTimeout(1000);
    }
    await page.context().close();
  });
});
