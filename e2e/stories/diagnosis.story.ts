import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const FAULT = { title: '派单长时间没有反应', body: '上午十点起派单一直转圈', level: 3, source: 'phone', component: 'database' } as const;
const HOLDING = `begin; select id from orders.work_order where number = (select min(number) from orders.work_order) for update`;

describe('an operator who looks for the cause of a fault', () => {
  it('sees who holds a row, ends it with a reason, keeps what he found; sees a plan, and what a node does', async () => {
    const page = await stage.person('operator');
    const opened = await page.request.post(`${stage.address}/api/operations/faults`, { data: FAULT });
    const { id, number } = (await opened.json()) as { id: string; number: string };

    const holding = await stage.session('report-tool');
    await holding.query(HOLDING);
    const first = (await stage.session('batch-a')).query(HOLDING);
    const second = (await stage.session('batch-b')).query(HOLDING).catch((error: Error) => error);

    await page.goto(`${stage.address}/console/records/${id}`);
    await page.getByTestId('tools').getByRole('link', { name: '锁等待' }).click();
    await page.getByRole('link', { name: number }).waitFor();
    await page.getByText('2 个会话在等待').waitFor();
    const holder = page.getByRole('row', { name: /report-tool/ });
    await holder.getByText('idle in transaction').waitFor();
    // The one at the head stands first, and nothing that was typed shows.
    const names = await page.locator('.diagnosis__branch').allInnerTexts();
    expect(names[0]).toContain('report-tool');
    expect(names.slice(1).every((name) => name.includes('batch-'))).toBe(true);

    await page.getByRole('button', { name: '记入故障' }).click();
    const note = page.getByLabel(`记入故障 ${number} 的经过`);
    expect(await note.inputValue()).toContain('锁等待：2 个会话');
    await page.getByRole('button', { name: '记入故障' }).click();
    await page.getByText('已记入故障').first().waitFor();

    await holder.getByRole('button', { name: '处置' }).click();
    await page.getByText('断开会话', { exact: true }).click();
    await page.getByLabel('理由').fill('报表工具忘记提交');
    await page.getByRole('button', { name: '执行', exact: true }).click();
    await page
      .getByText(/会话 \d+ 已处置/)
      .first()
      .waitFor();
    // Who waited first goes on by itself.
    await first;
    await page.getByText('1 个会话在等待').waitFor();
    await stage.inDatabase(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'batch-a'`);
    await second;

    await page.getByText('慢 SQL', { exact: true }).click();
    await page.getByLabel('语句包含').fill('orders.work_order');
    await page.getByRole('button', { name: '查找' }).click();
    const plans = page.getByRole('row', { name: /minsheng_(system|operations|province)/ }).getByRole('link');
    await plans.first().click();
    await page.getByText('代价最高').waitFor();

    // The platform that filed the demo is listed until it has been silent for a while.
    const board = async () =>
      (await (await page.request.get(`${stage.address}/api/operations/diagnosis/profiles`)).json()) as { nodes: string[] };
    await expect.poll(async () => (await board()).nodes.length, { timeout: 60_000, interval: 1000 }).toBe(1);
    await page.getByText('节点采样', { exact: true }).click();
    await page.getByLabel('秒数').fill('2');
    await page.getByRole('button', { name: '开始采样' }).click();
    await page.getByRole('heading', { name: /^采样结果：/ }).waitFor();
    await page.locator('.flame').waitFor({ timeout: 30_000 });
    expect(await page.getByRole('table', { name: '耗用最多的函数' }).locator('tbody tr').count()).toBeGreaterThan(0);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: /下载 \.cpuprofile/ }).click();
    const profile = JSON.parse(await readFile(await (await download).path(), 'utf8')) as { samples: number[] };
    expect(profile.samples.length).toBeGreaterThan(0);
    await page.getByRole('button', { name: '记入故障' }).click();
    await page.getByRole('button', { name: '记入故障' }).click();
    await page.getByText('已记入故障').first().waitFor();

    await page.goto(`${stage.address}/console/records/${id}`);
    const timeline = page.getByTestId('timeline');
    await timeline.getByText(/锁等待：2 个会话/).waitFor();
    await timeline.getByText(/^断开会话：数据库会话 \d+。报表工具忘记提交$/).waitFor();
    await timeline.getByText(/CPU采样/).waitFor();
    await page.context().close();
  });
});
