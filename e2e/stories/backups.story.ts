import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

/** Whoever looks after the platform makes sure that it could be brought back. */
describe('An operator and the backups', () => {
  let stage: Stage;
  const folder = mkdtempSync(join(tmpdir(), 'minsheng-report-'));

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('backs up, lets citizens file, restores to a named second beside the running platform, and takes the report', async () => {
    const page = await stage.person('operator');
    await page.goto(`${stage.address}/console/backups`);
    // The platform makes its first backup by itself a while after its start, and one each night: either may have come before.
    const none = page.getByText('还没有备份');
    await none.or(page.getByTestId('backup-state')).first().waitFor();
    if (await none.isVisible()) await page.getByRole('button', { name: '立即备份' }).click();
    await page.getByTestId('backup-state').getByText('完好').first().waitFor({ timeout: 60_000 });
    await page.getByText('已复制').first().waitFor({ timeout: 60_000 });
    await page.getByText('还没有通过的恢复演练').waitFor();

    const filed = await page.request.post(`${stage.address}/api/portal/appeals`, {
      data: { type: '02', region: '320105', content: '小区东门的路面塌了一块，晚上看不清，老人骑车很危险。', anonymous: true },
    });
    expect(filed.status()).toBe(201);
    await page.waitForTimeout(2500);

    await page.getByRole('button', { name: '恢复演练' }).click();
    const target = await page.getByLabel('目标时刻').inputValue();
    expect(target).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    await page.getByRole('button', { name: '开始演练' }).click();
    await page.getByTestId('drill-state').getByText('通过').waitFor({ timeout: 90_000 });
    const shown = await page.locator('main').innerText();
    for (const step of ['取回备份', '前滚到目标时刻', '核对行数', '核对摘要', '校验审计链', '业务查询', '检查表与索引结构'])
      expect(shown).toContain(step);
    expect(shown).toContain(target.replace('T', ' '));
    const measured = (name: string) => page.locator('dl div', { hasText: name }).locator('dd').innerText();
    expect(parseFloat(await measured('RTO'))).toBeGreaterThan(0);
    expect(parseFloat(await measured('RPO'))).toBeGreaterThanOrEqual(0);
    expect(parseFloat(await measured('RPO'))).toBeLessThan(300);
    expect(await page.locator('.ms-table').getByText('不符').count()).toBe(0);

    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载报告' }).click()]);
    expect(download.suggestedFilename()).toMatch(/^恢复演练报告\d{4}-\d\d-\d\d\.docx$/);
    const path = join(folder, 'report.docx');
    await download.saveAs(path);
    expect(readFileSync(path).subarray(0, 2).toString()).toBe('PK');
    expect(statSync(path).size).toBeGreaterThan(5000);

    await page.getByRole('link', { name: '备份与恢复' }).first().click();
    await page.getByText('还没有通过的恢复演练').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('is the only one who may: others neither see the page nor may ask for anything', async () => {
    const agent = await stage.person('agent.nanjing');
    expect((await agent.request.get(`${stage.address}/api/operations/backups`)).status()).toBe(403);
    expect((await agent.request.post(`${stage.address}/api/operations/backups`)).status()).toBe(403);
    await agent.goto(`${stage.address}/console/backups`);
    await agent.getByText('您的岗位不能打开这个页面').waitFor();
    await agent.context().close();
  });
});
