import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startReceivers, type Receivers } from '../../server/test/start-receivers.ts';
import { openAction, send } from '../support/office.ts';
import { openStage, type Stage } from '../support/stage.ts';

/** A dependency in a process of its own: it answers on a port until it is killed. */
async function startDependency(port = 0): Promise<{ process: ChildProcess; port: number }> {
  const program = `require('node:net').createServer((socket) => socket.end()).listen(${port}, '127.0.0.1', function () { console.log(this.address().port) })`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [told] = (await once(child.stdout, 'data')) as [Buffer];
  return { process: child, port: Number(told.toString()) };
}

const STEP_MS = 15_000;
const ENGINEER = '13900001234';
const MANAGER = '13900005678';

describe('a watched dependency that stops', () => {
  let stage: Stage;
  let receivers: Receivers;
  let dependency: { process: ChildProcess; port: number };
  let engineer: Page;
  let manager: Page;
  const url = (path: string) => `${stage.address}/console${path}`;
  /** The texts that were sent to a telephone. */
  const textsTo = (phone: string) =>
    receivers.received
      .map((told) => new URL(told.url ?? '/', 'http://gateway').searchParams)
      .filter((query) => query.get('to') === phone)
      .map((query) => query.get('text') ?? '');

  beforeAll(async () => {
    receivers = await startReceivers();
    dependency = await startDependency();
    stage = await openStage({ MINSHENG_SMS_GATEWAY: `http://127.0.0.1:${receivers.web}/sendsms` });
    // Who is on duty, and how he is reached, is said by the story itself.
    await stage.inDatabase('delete from operations.shift');
    await stage.inDatabase('delete from operations.reach');
    [engineer, manager] = [await stage.person('operator'), await stage.person('operations.manager')];
  });
  afterAll(async () => {
    await stage?.close();
    dependency?.process.kill();
    receivers?.stop();
  });

  it('is an alert, a fault, a page; escalated while nobody answers; then fixed, verified by another, reviewed and closed', async () => {
    await putOnDuty(engineer, 'operator', 1, ENGINEER);
    await putOnDuty(manager, 'operations-manager', 3, MANAGER);

    await manager.goto(url('/probes'));
    await manager.getByRole('button', { name: '新增拨测' }).first().click();
    await manager.getByLabel('标识').fill('sms-gateway');
    await manager.getByLabel('名称', { exact: true }).fill('短信网关');
    await manager.getByLabel('类型').click();
    await manager.getByTitle('端口', { exact: true }).click();
    await manager.getByLabel('目标').fill(`127.0.0.1:${dependency.port}`);
    await manager.getByLabel('间隔（秒）').fill('15');
    await manager.getByLabel(/涉及对象/).fill('peer:sms');
    await manager.getByRole('button', { name: '保存' }).click();
    const row = manager.getByRole('row', { name: /短信网关/ });
    await row.getByText('正常').waitFor({ timeout: 60_000 });

    dependency.process.kill();
    await once(dependency.process, 'exit');
    await engineer.goto(url('/alerts?rule=probe-failed'));
    const alert = engineer.getByRole('row', { name: /拨测失败/ });
    await alert.waitFor({ timeout: 60_000 });
    const [times] = await stage.inDatabase<{ failed: Date; opened: Date; due: Date }>(
      `select (select max(at) from operations.probe_turn where not good) as failed, opened_at as opened, ack_due_at as due
       from operations.alert where rule = 'probe-failed'`,
    );
    expect(times!.opened.getTime() - times!.failed.getTime()).toBeLessThanOrEqual(STEP_MS);
    expect(times!.due.getTime() - times!.opened.getTime()).toBe(15 * 60_000);

    // The one on duty is paged at once, with the number of the fault.
    const link = alert.getByRole('link', { name: /^GZ\d+/ });
    const number = (await link.textContent())!;
    await expect
      .poll(() => textsTo(ENGINEER).filter((text) => text.includes(number) && text.includes('请立即响应')).length, { timeout: 30_000 })
      .toBe(1);
    expect(textsTo(MANAGER)).toEqual([]);
    await engineer.goto(url('/alert-routes'));
    await engineer
      .getByRole('row', { name: new RegExp(number) })
      .getByText('139****1234')
      .waitFor();

    // Nobody answers: the limit to acknowledge runs out, and the manager is paged.
    await stage.letClockRunTo(number, 'respond', 'overdue');
    await expect
      .poll(() => textsTo(MANAGER).filter((text) => text.includes(number) && text.includes('已升级')).length, { timeout: 60_000 })
      .toBe(1);

    // By one key on the list of alerts the engineer acknowledges it, and so its fault.
    await engineer.goto(url('/alerts?rule=probe-failed'));
    await alert.waitFor();
    await engineer.keyboard.press('j');
    await engineer.keyboard.press('a');
    await alert.getByText(/已确认/).waitFor();
    await link.click();
    await engineer.getByTestId('record-state').getByText('处置中').waitFor();

    dependency = await startDependency(dependency.port);
    const timeline = engineer.getByTestId('timeline');
    await timeline.getByText('告警已自行恢复').waitFor({ timeout: 120_000 });
    const fix = await openAction(engineer, '修复', 'fix');
    await fix.getByLabel('原因').fill('短信网关进程异常退出');
    await fix.getByLabel('处置措施').fill('重启网关进程，加入开机自启');
    await send(engineer, fix, '修复');
    await engineer.getByTestId('record-state').getByText('待验证').waitFor();
    // Nobody verifies his own work.
    await engineer.locator('.shut').getByText('不能由本人验证').first().waitFor();

    await manager.goto(engineer.url());
    const verify = await openAction(manager, '验证通过', 'verify');
    await verify.getByLabel('验证情况').fill('拨测恢复正常，试发短信到达');
    await send(manager, verify, '验证通过');
    await manager.getByTestId('record-state').getByText('待复盘').waitFor();

    const review = await openAction(engineer, '复盘并关闭', 'review');
    await review.getByLabel('经过').fill('网关进程退出，拨测发现，重启后恢复');
    await review.getByLabel('影响').fill('短信中断，未影响受理');
    await review.getByLabel('根本原因').fill('网关进程内存泄漏');
    await send(engineer, review, '复盘并关闭');
    await engineer.getByTestId('record-state').getByText('已关闭').waitFor();

    // One trail, from the alert to the post-mortem.
    const told = await timeline.locator('.timeline__what').allTextContents();
    const trail = [
      '登记故障',
      '响应超时',
      '已升级',
      '已响应，开始处置',
      '进展通报',
      '已修复，等待他人验证',
      '验证通过',
      '复盘完成，已关闭',
    ];
    expect(
      told
        .toReversed()
        .filter((what) => trail.includes(what))
        .filter((what, place, all) => all.indexOf(what) === place),
    ).toEqual(trail);
    await engineer.goto(url('/alerts?show=past&rule=probe-failed'));
    await engineer
      .getByRole('row', { name: /拨测失败/ })
      .getByText(/后结束/)
      .waitFor();
  });

  it('is judged by rules, hushed by silences and told on routes that people change on their pages, and drawn with what happened', async () => {
    await manager.goto(url('/alert-rules'));
    const rule = manager.getByRole('row', { name: /拨测失败/ });
    await rule.getByText('低于 1').waitFor();
    await rule.getByRole('button', { name: '修改' }).click();
    const form = manager.getByRole('dialog');
    await form.getByLabel('持续（秒）').fill('30');
    await form.getByLabel('匹配标签').fill('probe=sms');
    await form.getByRole('button', { name: '保存' }).click();
    await form.getByText('写作 标签="值"').first().waitFor();
    await form.getByLabel('匹配标签').fill('probe=~"sms.*"');
    await form.getByRole('button', { name: '保存' }).click();
    await rule.getByText('低于 1，持续 30 秒').waitFor();
    await rule.getByText('probe_success{probe=~"sms.*"}').waitFor();

    await engineer.goto(url('/silences'));
    await engineer.getByRole('button', { name: '新增静默或维护窗口' }).click();
    await engineer.getByRole('radio', { name: '维护窗口' }).check();
    await engineer.getByLabel('匹配标签').fill('component="peer:sms"');
    await engineer.getByLabel('原因').fill('短信网关升级');
    await engineer.getByRole('button', { name: '保存' }).click();
    const silence = engineer.getByRole('row', { name: /短信网关升级/ });
    await silence.getByText('生效中').waitFor();
    await silence.getByRole('button', { name: '提前结束' }).click();
    await engineer.getByText('没有生效或计划中的静默').waitFor();

    await manager.goto(url('/alert-routes'));
    await manager.getByRole('button', { name: '新增路由' }).click();
    await manager.getByLabel('名称', { exact: true }).fill('三线短信');
    // All alerts of the levels: no matcher is asked for.
    await manager.getByLabel(/^对象/).fill('line:9');
    await manager.getByRole('button', { name: '保存' }).click();
    await manager.getByText('通知对象与通道不符').first().waitFor();
    await manager.getByLabel(/^对象/).fill('line:3');
    await manager.getByRole('button', { name: '保存' }).click();
    const route = manager.getByRole('row', { name: /三线短信/ });
    await route.getByText('运维经理当班人员').waitFor();
    await route.getByRole('button', { name: '删除' }).click();
    await manager
      .getByRole('dialog')
      .getByRole('button', { name: /确\s*定|OK/ })
      .click();
    await route.waitFor({ state: 'detached' });

    // An alert that is over is judged; its chart has the bound of the rule and the fault as a mark.
    await engineer.goto(url('/alerts?show=past&rule=probe-failed'));
    const past = engineer.getByRole('row', { name: /拨测失败/ });
    await past.getByRole('button', { name: '评定' }).click();
    await engineer.getByRole('dialog').getByLabel('理由').fill('网关确已中断');
    await engineer.getByRole('dialog').getByRole('button', { name: '保存' }).click();
    await past.getByText('网关确已中断').waitFor();
    await past.getByRole('link', { name: '曲线' }).click();
    await engineer.locator('.chart svg').waitFor();
    await engineer.getByText('红色虚线为规则“拨测失败”的阈值 1').waitFor();
    await engineer.getByRole('link', { name: /GZ\d+ 拨测失败：peer:sms/ }).waitFor();
    await engineer.goto(url('/alert-noise'));
    await engineer
      .getByRole('row', { name: /拨测失败/ })
      .getByText('1 / 0')
      .waitFor();
  });

  /** Puts somebody on a line for the next hours; he says himself how he is reached. */
  async function putOnDuty(page: Page, role: string, line: number, phone: string): Promise<void> {
    const { items } = (await (await page.request.get(`${stage.address}/api/operations/people`)).json()) as {
      items: { id: string; roles: string[] }[];
    };
    const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const data = { line, account: items.find(({ roles }) => roles.includes(role))!.id, from: at(-0.5), to: at(8) };
    expect((await manager.request.post(`${stage.address}/api/operations/shifts`, { data })).status()).toBe(201);
    await page.goto(url('/duty-roster'));
    await page.getByLabel('手机').fill(phone);
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存').first().waitFor();
    await page.reload();
    await page
      .getByText(`${phone.slice(0, 3)}****${phone.slice(-4)}`)
      .first()
      .waitFor();
  }
});
